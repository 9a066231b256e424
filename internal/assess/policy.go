package assess

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Kinds of objects of this room.
const (
	kindScheme = "assess.scheme"
	kindRound  = "assess.round"
	kindEntry  = "assess.entry"
	kindAppeal = "assess.appeal"
)

// Actions.
const (
	ActSchemeRead  authz.Action = "assess.scheme.read"
	ActSchemeWrite authz.Action = "assess.scheme.write"

	ActRoundRead   authz.Action = "assess.round.read"
	ActRoundCreate authz.Action = "assess.round.create"
	ActRoundRun    authz.Action = "assess.round.run"    // 组织
	ActRoundDecide authz.Action = "assess.round.decide" // 审定发布

	ActEntryRead   authz.Action = "assess.entry.read"
	ActEntryMark   authz.Action = "assess.entry.mark"   // 填写
	ActEntryAppeal authz.Action = "assess.entry.appeal" // 申诉

	ActAppealRead     authz.Action = "assess.appeal.read"
	ActAppealAnswer   authz.Action = "assess.appeal.answer"
	ActAppealWithdraw authz.Action = "assess.appeal.withdraw"
)

// Relations of people to rounds, to the results of units, and to appeals.
const (
	Announced   authz.Relation = "announced"    // its rules are public
	Released    authz.Relation = "released"     // the results are published
	OwnResult   authz.Relation = "own-result"   // it is of the own unit and open to it
	PlaceResult authz.Relation = "place-result" // it is of the own district and open to it
	OwnPlace    authz.Relation = "own-place"    // it is of a unit of the own district
)

var (
	bureau    = []authz.Role{authz.Officer, authz.Leader}
	officer   = []authz.Role{authz.Officer}
	leader    = []authz.Role{authz.Leader}
	unitRoles = []authz.Role{authz.Department, authz.District}
	lookers   = []authz.Role{authz.Department, authz.District, authz.ChainOffice}
)

// SchemePolicy lets everybody who is scored by a scheme read it, and officers set it.
var SchemePolicy = authz.NewPolicy(kindScheme, authz.Rules[Scheme]{
	Title: "计分办法",
	Verbs: []authz.Verb{{Action: ActSchemeRead, Title: "查看"}, {Action: ActSchemeWrite, Title: "制定"}},
	Ties:  []authz.Tie[Scheme]{authz.TieAny[Scheme]()},
	Grants: append(authz.Allow(authz.Any, slices.Concat(bureau, lookers), ActSchemeRead),
		authz.Allow(authz.Any, officer, ActSchemeWrite)...),
})

// RoundPolicy says who may do what with rounds: officers hold them, leaders decide, units see them once
// the rules are public.
var RoundPolicy = authz.NewPolicy(kindRound, authz.Rules[Round]{
	Title: "考核",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActRoundRead, Title: "查看"},
		{Action: ActRoundCreate, Title: "拟定方案"},
		{Action: ActRoundRun, Title: "组织"},
		{Action: ActRoundDecide, Title: "审定发布"},
	},
	Ties: []authz.Tie[Round]{
		authz.TieAny[Round](),
		{Name: Announced, Title: "规则已公布",
			Holds: func(_ authz.Actor, x Round) bool { return x.announced() },
			Where: func(authz.Actor) db.Where { return db.Where{}.And("r.state NOT IN ('draft', 'cancelled')") }},
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, bureau, ActRoundRead),
		authz.Allow(authz.Any, officer, ActRoundCreate, ActRoundRun),
		authz.Allow(authz.Any, leader, ActRoundDecide),
		authz.Allow(Announced, lookers, ActRoundRead)),
})

// EntryPolicy says who sees the result of a unit: the bureau always, the unit its own from 公示 on, the
// others once it is published.
var EntryPolicy = authz.NewPolicy(kindEntry, authz.Rules[Entry]{
	Title: "考核明细",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActEntryRead, Title: "查看"},
		{Action: ActEntryMark, Title: "填写"},
		{Action: ActEntryAppeal, Title: "申诉"},
	},
	Ties: []authz.Tie[Entry]{
		authz.TieAny[Entry](),
		{Name: Released, Title: "已发布",
			Holds: func(_ authz.Actor, e Entry) bool { return e.State == Published },
			Where: func(authz.Actor) db.Where { return db.Where{}.And("r.state = 'published'") }},
		{Name: OwnResult, Title: "已公示的本单位",
			Holds: func(by authz.Actor, e Entry) bool { return by.Org != "" && e.OrgNow == by.Org && e.open() },
			Where: func(by authz.Actor) db.Where {
				if by.Org == "" {
					return db.Nothing()
				}
				return db.Where{}.And("e.org_now = $1", by.Org).And(shownStates)
			}},
		{Name: PlaceResult, Title: "已公示的本区县",
			Holds: func(by authz.Actor, e Entry) bool { return e.inPlace(by) && e.open() },
			Where: func(by authz.Actor) db.Where { return placed(by).And(shownStates) }},
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, bureau, ActEntryRead),
		authz.Allow(authz.Any, officer, ActEntryMark),
		authz.Allow(Released, lookers, ActEntryRead),
		authz.Allow(OwnResult, unitRoles, ActEntryRead, ActEntryAppeal),
		authz.Allow(PlaceResult, []authz.Role{authz.District}, ActEntryRead, ActEntryAppeal)),
})

const shownStates = "r.state IN ('shown', 'deciding', 'published')"

// inPlace says whether the unit is a district's in which the actor works.
func (e Entry) inPlace(by authz.Actor) bool {
	from, before, ok := authz.RegionRange(by.Region)
	return ok && e.Group == "district" && e.Region >= from && e.Region < before
}

// placed is inPlace for lists.
func placed(by authz.Actor) db.Where {
	from, before, ok := authz.RegionRange(by.Region)
	if !ok {
		return db.Nothing()
	}
	return db.Where{}.And("e.grouping = 'district' AND e.region >= $1 AND e.region < $2", from, before)
}

// AppealPolicy says who sees and answers appeals: the unit that made them, and the bureau.
var AppealPolicy = authz.NewPolicy(kindAppeal, authz.Rules[Appeal]{
	Title: "考核申诉",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActAppealRead, Title: "查看"},
		{Action: ActAppealAnswer, Title: "答复"},
		{Action: ActAppealWithdraw, Title: "撤回"},
	},
	Ties: []authz.Tie[Appeal]{
		authz.TieAny[Appeal](),
		authz.TieSame(authz.SameOrg, "本单位",
			func(by authz.Actor) string { return by.Org },
			func(a Appeal) string { return a.entry.OrgNow },
			func(key string) db.Where { return db.Where{}.And("e.org_now = $1", key) }),
		{Name: OwnPlace, Title: "本区县",
			Holds: func(by authz.Actor, a Appeal) bool { return a.entry.inPlace(by) },
			Where: placed},
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, bureau, ActAppealRead),
		authz.Allow(authz.Any, officer, ActAppealAnswer),
		authz.Allow(authz.SameOrg, unitRoles, ActAppealRead, ActAppealWithdraw),
		authz.Allow(OwnPlace, []authz.Role{authz.District}, ActAppealRead, ActAppealWithdraw)),
})
