package indicator

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Kinds of object, for policies and the trail.
const (
	kindDefinition  = "indicator.definition"
	kindSet         = "indicator.set"
	kindEdition     = "indicator.edition"
	kindDuty        = "indicator.duty"
	kindObservation = "indicator.observation"
	kindLock        = "indicator.lock"
	kindRanking     = "indicator.ranking"
	kindStation     = "indicator.station"
)

// Actions of this room.
const (
	ActDefinitionRead  authz.Action = "indicator.definition.read"
	ActDefinitionWrite authz.Action = "indicator.definition.write"

	ActSetRead  authz.Action = "indicator.set.read"
	ActSetWrite authz.Action = "indicator.set.write"

	ActEditionRead    authz.Action = "indicator.edition.read"
	ActEditionWrite   authz.Action = "indicator.edition.write"   // 修订
	ActEditionPublish authz.Action = "indicator.edition.publish" // 定版

	ActDutyRead  authz.Action = "indicator.duty.read"
	ActDutyWrite authz.Action = "indicator.duty.write"

	ActObservationRead    authz.Action = "indicator.observation.read"
	ActObservationReport  authz.Action = "indicator.observation.report"  // 填报
	ActObservationApprove authz.Action = "indicator.observation.approve" // 审核

	ActLockRead  authz.Action = "indicator.lock.read"
	ActLockWrite authz.Action = "indicator.lock.write"

	ActRankingRead  authz.Action = "indicator.ranking.read"
	ActRankingWrite authz.Action = "indicator.ranking.write"

	ActStationRead  authz.Action = "indicator.station.read"
	ActStationWrite authz.Action = "indicator.station.write"
)

// Relations of this room.
const (
	OnRecord  authz.Relation = "on-record"  // to a value that was approved, now or before
	OwnReport authz.Relation = "own-report" // to a value that waits and that one wrote or handed in oneself
)

var (
	officer   = []authz.Role{authz.Officer}
	bureau    = []authz.Role{authz.Officer, authz.Leader}
	reporters = []authz.Role{authz.Department, authz.District}
	district  = []authz.Role{authz.District} // acts for the offices of its district
	staff     = []authz.Role{authz.Officer, authz.Leader, authz.Department, authz.District,
		authz.ChainOffice}
)

// DefinitionPolicy lets the staff of the city read how indicators are counted and officers define it.
var DefinitionPolicy = authz.NewPolicy(kindDefinition, authz.Rules[Definition]{
	Title: "指标口径",
	Verbs: []authz.Verb{{Action: ActDefinitionRead, Title: "查看"},
		{Action: ActDefinitionWrite, Title: "定义"}},
	Ties: []authz.Tie[Definition]{authz.TieAny[Definition]()},
	Grants: slices.Concat(authz.Allow(authz.Any, staff, ActDefinitionRead),
		authz.Allow(authz.Any, officer, ActDefinitionWrite)),
})

// SetPolicy lets the staff of the city read the sets and officers keep them.
var SetPolicy = authz.NewPolicy(kindSet, authz.Rules[Set]{
	Title: "指标体系",
	Verbs: []authz.Verb{{Action: ActSetRead, Title: "查看"}, {Action: ActSetWrite, Title: "维护"}},
	Ties:  []authz.Tie[Set]{authz.TieAny[Set]()},
	Grants: slices.Concat(authz.Allow(authz.Any, staff, ActSetRead),
		authz.Allow(authz.Any, officer, ActSetWrite)),
})

// DutyPolicy lets a unit see what it must report, and officers say who must.
var DutyPolicy = authz.NewPolicy(kindDuty, authz.Rules[Duty]{
	Title: "填报责任",
	Blind: true,
	Verbs: []authz.Verb{{Action: ActDutyRead, Title: "查看"}, {Action: ActDutyWrite, Title: "分配"}},
	Ties: []authz.Tie[Duty]{
		authz.TieAny[Duty](),
		authz.TieSame(authz.SameOrg, "本单位",
			func(by authz.Actor) string { return by.Org },
			func(d Duty) string { return d.ReporterNow },
			func(key string) db.Where { return db.Where{}.And("y.org_now = $1", key) }),
		authz.TieRegion(func(d Duty) string { return d.ReporterAt },
			func(from, before string) db.Where {
				return db.Where{}.And("y.org_region >= $1 AND y.org_region < $2", from, before)
			}),
	},
	Grants: slices.Concat(authz.Allow(authz.Any, bureau, ActDutyRead),
		authz.Allow(authz.SameOrg, reporters, ActDutyRead),
		authz.Allow(authz.RegionStaff, district, ActDutyRead),
		authz.Allow(authz.Any, officer, ActDutyWrite)),
})

// ObservationPolicy says who may do what with values: a unit reports its own, and the staff of a
// district what its offices report, officers approve what others wrote and handed in (四眼原则),
// everybody of the city reads what was approved, and nobody but the unit and the bureau what was not.
var ObservationPolicy = authz.NewPolicy(kindObservation, authz.Rules[Observation]{
	Title: "指标观测值",
	Blind: true,
	Verbs: []authz.Verb{{Action: ActObservationRead, Title: "查看"},
		{Action: ActObservationReport, Title: "填报"},
		{Action: ActObservationApprove, Title: "审核"}},
	Ties: []authz.Tie[Observation]{
		authz.TieAny[Observation](),
		authz.TieSame(authz.SameOrg, "本单位",
			func(by authz.Actor) string { return by.Org },
			func(o Observation) string { return o.reporterNow },
			func(key string) db.Where { return db.Where{}.And("o.reporter_now = $1", key) }),
		authz.TieRegion(func(o Observation) string { return o.reporterAt },
			func(from, before string) db.Where {
				return db.Where{}.And("o.reporter_region >= $1 AND o.reporter_region < $2", from, before)
			}),
		{Name: OnRecord, Title: "已审核",
			Holds: func(_ authz.Actor, o Observation) bool {
				return o.State == Approved || o.State == Superseded
			},
			Where: func(authz.Actor) db.Where {
				return db.Where{}.And("o.state IN ('approved', 'superseded')")
			}},
		{Name: OwnReport, Title: "本人填报",
			Holds: func(by authz.Actor, o Observation) bool {
				return by.Account != "" && o.State == Submitted &&
					(o.writtenBy == by.Account || o.submittedBy == by.Account)
			},
			Where: func(by authz.Actor) db.Where {
				if by.Account == "" {
					return db.Nothing()
				}
				return db.Where{}.And("o.state = 'submitted' AND (o.written_by = $1 OR o.submitted_by = $1)",
					by.Account)
			}},
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, bureau, ActObservationRead),
		authz.Allow(authz.Any, officer, ActObservationReport, ActObservationApprove),
		authz.Allow(authz.SameOrg, reporters, ActObservationRead, ActObservationReport),
		authz.Allow(authz.RegionStaff, district, ActObservationRead, ActObservationReport),
		authz.Allow(OnRecord, []authz.Role{authz.Department, authz.District, authz.ChainOffice},
			ActObservationRead)),
	Removals: []authz.Removal{{Relation: OwnReport, Actions: []authz.Action{ActObservationApprove}}},
})

// LockPolicy lets the staff of the city see what is locked and officers lock.
var LockPolicy = authz.NewPolicy(kindLock, authz.Rules[Lock]{
	Title: "数据锁定",
	Verbs: []authz.Verb{{Action: ActLockRead, Title: "查看"}, {Action: ActLockWrite, Title: "锁定与解锁"}},
	Ties:  []authz.Tie[Lock]{authz.TieAny[Lock]()},
	Grants: slices.Concat(authz.Allow(authz.Any, staff, ActLockRead),
		authz.Allow(authz.Any, officer, ActLockWrite)),
})

// RankingPolicy lets the staff of the city read external rankings and officers register them.
var RankingPolicy = authz.NewPolicy(kindRanking, authz.Rules[Ranking]{
	Title: "外部排名",
	Verbs: []authz.Verb{{Action: ActRankingRead, Title: "查看"}, {Action: ActRankingWrite, Title: "登记"}},
	Ties:  []authz.Tie[Ranking]{authz.TieAny[Ranking]()},
	Grants: slices.Concat(authz.Allow(authz.Any, staff, ActRankingRead),
		authz.Allow(authz.Any, officer, ActRankingWrite)),
})

// Published is the relation to an edition that was put in force.
const Published authz.Relation = "published"

// EditionPolicy lets the bureau read drafts and the staff of the city what was put in force; officers
// revise sets and put editions in force.
var EditionPolicy = authz.NewPolicy(kindEdition, authz.Rules[Edition]{
	Title: "指标体系修订",
	Blind: true,
	Verbs: []authz.Verb{{Action: ActEditionRead, Title: "查看"}, {Action: ActEditionWrite, Title: "修订"},
		{Action: ActEditionPublish, Title: "定版"}},
	Ties: []authz.Tie[Edition]{
		authz.TieAny[Edition](),
		{Name: Published, Title: "已定版",
			Holds: func(_ authz.Actor, e Edition) bool { return e.State == EditionPublished },
			Where: func(authz.Actor) db.Where { return db.Where{}.And("e.state = 'published'") }},
	},
	Grants: slices.Concat(authz.Allow(authz.Any, bureau, ActEditionRead),
		authz.Allow(authz.Any, officer, ActEditionWrite, ActEditionPublish),
		authz.Allow(Published, []authz.Role{authz.Department, authz.District, authz.ChainOffice},
			ActEditionRead)),
})
