package report

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// kindReport is the kind of object of reports, for policies and the trail.
const kindReport = "report.report"

// Actions.
const (
	ActRead    authz.Action = "report.report.read"
	ActMake    authz.Action = "report.report.make"
	ActReview  authz.Action = "report.report.review"
	ActPublish authz.Action = "report.report.publish"
)

// Relations.
const (
	Published authz.Relation = "published" // 已发布
	Opened    authz.Relation = "opened"    // 已向社会发布
	OfOthers  authz.Relation = "of-others" // 他人拟写的
)

var (
	officers = []authz.Role{authz.Officer}
	leaders  = []authz.Role{authz.Leader}
	bureau   = []authz.Role{authz.Officer, authz.Leader}
	staff    = []authz.Role{authz.Department, authz.District, authz.ChainOffice}
	everyone = []authz.Role{authz.Public, authz.Enterprise, authz.University, authz.Expert, authz.Broker}
)

// Policy says who may do what with reports: officers write them, somebody else of the bureau reviews
// them, leaders publish them; the staff of the city read what is published, and everybody what is
// published for the public.
var Policy = authz.NewPolicy(kindReport, authz.Rules[Report]{
	Title: "报告",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActRead, Title: "查看"},
		{Action: ActMake, Title: "拟写"},
		{Action: ActReview, Title: "审核"},
		{Action: ActPublish, Title: "发布与撤回"},
	},
	Ties: []authz.Tie[Report]{
		authz.TieAny[Report](),
		{Name: Published, Title: "已发布的",
			Holds: func(_ authz.Actor, r Report) bool { return r.State == StatePublished },
			Where: func(authz.Actor) db.Where { return db.Where{}.And("r.state = 'published'") }},
		{Name: Opened, Title: "已向社会发布的",
			Holds: func(_ authz.Actor, r Report) bool { return r.State == StatePublished && r.Public },
			Where: func(authz.Actor) db.Where {
				return db.Where{}.And("r.state = 'published' AND r.public = 1")
			}},
		{Name: OfOthers, Title: "他人拟写的",
			Holds: func(by authz.Actor, r Report) bool { return r.CreatedBy != by.Account },
			Where: func(by authz.Actor) db.Where { return db.Where{}.And("r.created_by <> $1", by.Account) }},
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, officers, ActRead, ActMake),
		authz.Allow(authz.Any, leaders, ActRead, ActPublish),
		authz.Allow(OfOthers, bureau, ActReview),
		authz.Allow(Published, staff, ActRead),
		authz.Allow(Opened, everyone, ActRead)),
})
