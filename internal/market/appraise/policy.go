package appraise

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on valuation sheets and on evaluations.
const (
	ActSheetRead   authz.Action = "appraise.sheet.read"
	ActSheetCreate authz.Action = "appraise.sheet.create"
	ActSheetUpdate authz.Action = "appraise.sheet.update"

	ActReviewRead   authz.Action = "appraise.review.read"
	ActReviewCreate authz.Action = "appraise.review.create"
	ActReviewRun    authz.Action = "appraise.review.run"   // 组织
	ActReviewScore  authz.Action = "appraise.review.score" // 评分
)

// Relations.
const (
	Scoring   authz.Relation = "scoring"     // sits on its panel while it scores
	OwnReport authz.Relation = "own-report"  // it is reported, and of the actor's organisation
	OwnWork   authz.Relation = "own-product" // experts of the owner keep away (回避)
)

var (
	owners  = []authz.Role{authz.Enterprise, authz.University}
	bureau  = []authz.Role{authz.Officer, authz.Leader}
	officer = []authz.Role{authz.Officer}
)

// SheetPolicy says who may do what with valuation sheets: they are the business of the organisation
// that makes them and of the bureau.
var SheetPolicy = authz.NewPolicy(kindSheet, authz.Rules[Sheet]{
	Title: "估值工作表",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActSheetRead, Title: "查看"},
		{Action: ActSheetCreate, Title: "编制"},
		{Action: ActSheetUpdate, Title: "修改"},
	},
	Ties: []authz.Tie[Sheet]{
		authz.TieAny[Sheet](),
		authz.TieSame(authz.SameOrg, "本单位",
			func(by authz.Actor) string { return by.Org },
			func(s Sheet) string { return s.OrgNow },
			func(key string) db.Where { return db.Where{}.And("s.org_now = $1", key) }),
		authz.TieSame(authz.Owner, "本人编制",
			func(by authz.Actor) string { return by.Account },
			func(s Sheet) string { return s.CreatedBy },
			func(key string) db.Where { return db.Where{}.And("s.created_by = $1", key) }),
	},
	Grants: slices.Concat(
		authz.Allow(authz.SameOrg, owners, ActSheetRead, ActSheetCreate, ActSheetUpdate),
		authz.Allow(authz.Owner, []authz.Role{authz.Broker}, ActSheetRead, ActSheetCreate, ActSheetUpdate),
		authz.Allow(authz.Any, bureau, ActSheetRead),
		authz.Allow(authz.Any, officer, ActSheetCreate, ActSheetUpdate)),
})

// ReviewPolicy says who may do what with evaluations: the bureau holds them, the experts of the panel
// score, the owner of the achievement reads the report. Who acts for the owner does not score.
var ReviewPolicy = authz.NewPolicy(kindReview, authz.Rules[Review]{
	Title: "五元价值评价",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActReviewRead, Title: "查看"},
		{Action: ActReviewCreate, Title: "发起"},
		{Action: ActReviewRun, Title: "组织"},
		{Action: ActReviewScore, Title: "评分"},
	},
	Ties: []authz.Tie[Review]{
		authz.TieAny[Review](),
		{Name: authz.PanelMember, Title: "评价专家",
			Holds: func(by authz.Actor, v Review) bool {
				return by.Account != "" && slices.Contains(v.accounts, by.Account)
			},
			Where: func(by authz.Actor) db.Where { return onPanel(by) }},
		{Name: Scoring, Title: "评分中的评价专家",
			Holds: func(by authz.Actor, v Review) bool {
				return by.Account != "" && v.State == ReviewScoring && slices.Contains(v.accounts, by.Account)
			},
			Where: func(by authz.Actor) db.Where { return onPanel(by).And("v.state = 'scoring'") }},
		{Name: OwnReport, Title: "本单位成果的评价报告",
			Holds: func(by authz.Actor, v Review) bool {
				return by.Org != "" && v.OrgNow == by.Org && v.State == ReviewReported
			},
			Where: func(by authz.Actor) db.Where {
				if by.Org == "" {
					return db.Nothing()
				}
				return db.Where{}.And("v.org_now = $1 AND v.state = 'reported'", by.Org)
			}},
		authz.TieSame(OwnWork, "本单位的成果",
			func(by authz.Actor) string { return by.Org },
			func(v Review) string { return v.OrgNow },
			func(key string) db.Where { return db.Where{}.And("v.org_now = $1", key) }),
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, bureau, ActReviewRead),
		authz.Allow(authz.Any, officer, ActReviewCreate, ActReviewRun),
		authz.Allow(authz.PanelMember, []authz.Role{authz.Expert}, ActReviewRead),
		authz.Allow(Scoring, []authz.Role{authz.Expert}, ActReviewScore),
		authz.Allow(OwnReport, owners, ActReviewRead)),
	Removals: []authz.Removal{{Relation: OwnWork, Actions: []authz.Action{ActReviewScore}}},
})

func onPanel(by authz.Actor) db.Where {
	if by.Account == "" {
		return db.Nothing()
	}
	return db.Where{}.And(`EXISTS (SELECT 1 FROM appraise_expert AS e WHERE e.account = $1
		AND e.review = v.id)`, by.Account)
}
