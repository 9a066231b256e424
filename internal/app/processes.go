package app

import (
	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/appraise"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/report"
	"github.com/yuntu-city/yuntu/internal/studio"
)

// Processes returns the life cycle of every module, in the order of docs/processes. A module that
// moves anything adds its process here.
func Processes() []process.Described {
	return []process.Described{
		party.OrgProcess,
		identity.ClaimProcess,
		plan.DocumentProcess,
		plan.TaskProcess,
		dispatch.MeetingProcess,
		dispatch.LetterProcess,
		indicator.EditionProcess,
		indicator.ObservationProcess,
		market.NeedProcess,
		market.AchievementProcess,
		deal.DealProcess,
		deal.BrokerProcess,
		show.Process,
		auction.Process,
		appraise.SheetProcess,
		appraise.ReviewProcess,
		assess.RoundProcess,
		assess.AppealProcess,
		studio.SchemeProcess,
		atlas.CorrectionProcess,
		report.Process,
	}
}
