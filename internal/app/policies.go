package app

import (
	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/backup"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/appraise"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/report"
	"github.com/yuntu-city/yuntu/internal/site"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/trail"
)

// Policies returns who may do what, of every module, in the order of docs/permissions.md. A module
// that guards anything adds its policy here.
func Policies() []authz.Table {
	return append(roomPolicies(), dict.Policy, site.Policy, trail.Policy, job.Policy, backup.Policy)
}

// roomPolicies are those of what the city does.
func roomPolicies() []authz.Table {
	return []authz.Table{
		party.OrgPolicy,
		party.PersonPolicy,
		party.ImportPolicy,
		identity.AccountPolicy,
		identity.RolePolicy,
		identity.SessionPolicy,
		identity.TokenPolicy,
		identity.ViewPolicy,
		identity.ClaimPolicy,
		plan.DocumentPolicy,
		plan.IndicatorPolicy,
		plan.TargetPolicy,
		plan.TaskPolicy,
		plan.LedgerPolicy,
		plan.RulePolicy,
		plan.ImportPolicy,
		dispatch.SeriesPolicy,
		dispatch.MeetingPolicy,
		dispatch.LetterPolicy,
		dispatch.RulePolicy,
		indicator.DefinitionPolicy,
		indicator.SetPolicy,
		indicator.EditionPolicy,
		indicator.DutyPolicy,
		indicator.ObservationPolicy,
		indicator.LockPolicy,
		indicator.RankingPolicy, indicator.StationPolicy,
		monitor.PointPolicy, monitor.FindingPolicy,
		monitor.LightPolicy,
		monitor.RulePolicy,
		market.ImportPolicy,
		market.PostPolicy,
		market.RulePolicy,
		matching.MatchPolicy,
		matching.SavedPolicy,
		matching.DeskPolicy,
		notify.NoticePolicy,
		notify.SettingPolicy,
		deal.DealPolicy,
		deal.BrokerPolicy,
		deal.RulePolicy,
		show.Policy,
		show.SignupPolicy,
		auction.Policy,
		auction.ApplicantPolicy,
		appraise.SheetPolicy,
		appraise.ReviewPolicy,
		assess.SchemePolicy,
		assess.RoundPolicy,
		assess.EntryPolicy,
		assess.AppealPolicy,
		studio.DatasetPolicy,
		studio.SchemePolicy,
		studio.PanelPolicy,
		atlas.NodePolicy,
		atlas.MarkPolicy,
		atlas.RulePolicy,
		atlas.CorrectionPolicy,
		atlas.ViewPolicy,
		atlas.SharePolicy,
		atlas.BoundaryPolicy,
		report.Policy,
	}
}
