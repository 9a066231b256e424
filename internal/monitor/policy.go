package monitor

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// kindLight is the kind of object of lights.
const kindLight = "monitor.light"

// Actions of this room.
const (
	ActPointRead authz.Action = "monitor.point.read"
	ActPointMake authz.Action = "monitor.point.make" // 重算

	ActLightRead   authz.Action = "monitor.light.read"
	ActLightDecide authz.Action = "monitor.light.decide" // 决定

	ActFindingRead authz.Action = "monitor.finding.read"

	ActRuleRead  authz.Action = "monitor.rule.read"
	ActRuleWrite authz.Action = "monitor.rule.write"
)

var (
	officer = []authz.Role{authz.Officer}
	leader  = []authz.Role{authz.Leader}
	units   = []authz.Role{authz.Department, authz.District}
	staff   = []authz.Role{authz.Officer, authz.Leader, authz.Department, authz.District,
		authz.ChainOffice}
)

// PointPolicy lets the staff of the city read what is known of its indicators, as they may read the
// approved values it comes from.
var PointPolicy = authz.NewPolicy(kindPoint, authz.Rules[Point]{
	Title: "指标数据",
	Verbs: []authz.Verb{{Action: ActPointRead, Title: "查看"}, {Action: ActPointMake, Title: "重新计算"}},
	Ties:  []authz.Tie[Point]{authz.TieAny[Point]()},
	Grants: slices.Concat(authz.Allow(authz.Any, staff, ActPointRead),
		authz.Allow(authz.Any, officer, ActPointMake)),
})

// LightPolicy says who sees how far a target is: who may read the target, and the units that answer for
// it and for its indicator. A leader decides that a task may be closed although the number is red.
var LightPolicy = authz.NewPolicy(kindLight, authz.Rules[LightRow]{
	Title: "指标亮灯",
	Blind: true,
	Verbs: []authz.Verb{{Action: ActLightRead, Title: "查看"}, {Action: ActLightDecide, Title: "决定"}},
	Ties: []authz.Tie[LightRow]{
		authz.TieAny[LightRow](),
		{Name: authz.SameOrg, Title: "本单位",
			Holds: func(by authz.Actor, l LightRow) bool {
				return by.Org != "" && (l.Lead == by.Org || l.Owner == by.Org)
			},
			Where: func(by authz.Actor) db.Where {
				if by.Org == "" {
					return db.Nothing()
				}
				return db.Where{}.And("(l.lead = $1 OR l.owner = $1)", by.Org)
			}},
		authz.TieRegion(
			func(l LightRow) string { return string(l.Region) },
			func(from, before string) db.Where {
				return db.Where{}.And("l.region >= $1 AND l.region < $2", from, before)
			}),
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, []authz.Role{authz.Officer, authz.Leader, authz.ChainOffice}, ActLightRead),
		authz.Allow(authz.RegionStaff, units, ActLightRead),
		authz.Allow(authz.SameOrg, units, ActLightRead),
		authz.Allow(authz.Any, leader, ActLightDecide)),
})

// kindFinding is the kind of object of findings.
const kindFinding = "monitor.finding"

// FindingPolicy lets the bureau see what looks wrong in reported values; who reported them is asked, not told.
var FindingPolicy = authz.NewPolicy(kindFinding, authz.Rules[FindingRow]{
	Title:  "数据疑点",
	Verbs:  []authz.Verb{{Action: ActFindingRead, Title: "查看"}},
	Ties:   []authz.Tie[FindingRow]{authz.TieAny[FindingRow]()},
	Grants: authz.Allow(authz.Any, []authz.Role{authz.Officer, authz.Leader}, ActFindingRead),
})

// RulePolicy lets everybody who is measured by a rule read it, and officers set it.
var RulePolicy = authz.NewPolicy(kindRule, authz.Rules[Rule]{
	Title: "指标亮灯规则",
	Verbs: []authz.Verb{{Action: ActRuleRead, Title: "查看"}, {Action: ActRuleWrite, Title: "制定"}},
	Ties:  []authz.Tie[Rule]{authz.TieAny[Rule]()},
	Grants: slices.Concat(authz.Allow(authz.Any, staff, ActRuleRead),
		authz.Allow(authz.Any, officer, ActRuleWrite)),
})
