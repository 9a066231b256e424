package deal

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
)

// Actions on introductions.
const (
	ActDealRead     authz.Action = "deal.intro.read"
	ActDealCreate   authz.Action = "deal.intro.create"
	ActDealNDA      authz.Action = "deal.intro.nda"     // 接受保密约定
	ActDealPropose  authz.Action = "deal.intro.propose" // 提出保密约定 as a side
	ActDealConsent  authz.Action = "deal.intro.consent"
	ActDealStep     authz.Action = "deal.intro.step"    // 洽谈到登记
	ActDealEnd      authz.Action = "deal.intro.end"     // 谢绝, 终止
	ActDealManage   authz.Action = "deal.intro.manage"  // 指派技术经理人, 代提保密约定
	ActDealNote     authz.Action = "deal.intro.note"    // 备注
	ActDealWork     authz.Action = "deal.intro.work"    // 登记贡献
	ActDealContact  authz.Action = "deal.intro.contact" // 取得对方联系方式
	ActDealSplit    authz.Action = "deal.intro.split"   // 约定与确认佣金
	ActDealComplain authz.Action = "deal.intro.complain"
	ActDealExport   authz.Action = "deal.intro.export"
	ActDealObject   authz.Action = "deal.intro.object" // 对签约记录提出异议
	ActDealJudge    authz.Action = "deal.intro.judge"  // 处理异议
)

// Relations of people to introductions.
const (
	Party         authz.Relation = "party"       // acts for one of the two sides
	Unaccepted    authz.Relation = "unaccepted"  // for a side that has not accepted the agreement
	Undecided     authz.Relation = "undecided"   // for a side that has not consented
	DealBroker    authz.Relation = "deal-broker" // is its broker
	ConflictedOne authz.Relation = "conflicted"  // is its broker, with a conflict of interest
)

var (
	partyRoles = []authz.Role{authz.Enterprise, authz.University, authz.Department, authz.District}
	lookers    = []authz.Role{authz.Officer, authz.Leader}
	officers   = []authz.Role{authz.Officer}
	brokers    = []authz.Role{authz.Broker}
	staff      = []authz.Role{authz.District}
)

func isParty(role authz.Role) bool { return slices.Contains(partyRoles, role) }

// DealPolicy says who may do what with introductions. Each side acts for itself, and nobody accepts
// or consents in its place. The broker leads it on, unless there is a conflict of interest: then
// there is no introduction for that broker. The bureau sees all and may end what nobody ends, but it
// is told nobody's contact. Staff of a place see what both its posts let them see.
var DealPolicy = authz.NewPolicy(kindDeal, authz.Rules[Deal]{
	Title: "对接",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActDealRead, Title: "查看"},
		{Action: ActDealCreate, Title: "提出对接"},
		{Action: ActDealNDA, Title: "接受保密约定"},
		{Action: ActDealPropose, Title: "提出保密约定"},
		{Action: ActDealConsent, Title: "同意对接"},
		{Action: ActDealStep, Title: "推进对接"},
		{Action: ActDealEnd, Title: "谢绝与终止"},
		{Action: ActDealManage, Title: "指派与协调"},
		{Action: ActDealNote, Title: "写备注"},
		{Action: ActDealWork, Title: "登记贡献"},
		{Action: ActDealContact, Title: "取得联系方式"},
		{Action: ActDealSplit, Title: "约定佣金"},
		{Action: ActDealComplain, Title: "投诉技术经理人"},
		{Action: ActDealExport, Title: "导出"},
		{Action: ActDealObject, Title: "对签约记录提出异议"},
		{Action: ActDealJudge, Title: "处理签约异议"},
	},
	Ties: []authz.Tie[Deal]{
		authz.TieAny[Deal](),
		tieRegion(), tieParty(), tieUnaccepted(), tieUndecided(), tieBroker(), tieConflicted(),
	},
	Grants: dealGrants(),
	Removals: []authz.Removal{{Relation: ConflictedOne, Actions: []authz.Action{ActDealRead,
		ActDealCreate, ActDealStep, ActDealEnd, ActDealManage, ActDealNote, ActDealWork,
		ActDealContact, ActDealSplit, ActDealExport}}},
})

func dealGrants() []authz.Grant {
	var g []authz.Grant
	add := func(rel authz.Relation, roles []authz.Role, acts ...authz.Action) {
		g = append(g, authz.Allow(rel, roles, acts...)...)
	}
	add(authz.Any, lookers, ActDealRead, ActDealExport, ActDealNote)
	add(authz.Any, officers, ActDealCreate, ActDealStep, ActDealEnd, ActDealManage, ActDealJudge)
	add(authz.Any, []authz.Role{authz.ChainOffice}, ActDealRead)
	add(authz.RegionStaff, staff, ActDealRead)
	add(Party, partyRoles, ActDealRead, ActDealCreate, ActDealPropose, ActDealStep, ActDealEnd,
		ActDealNote, ActDealContact, ActDealSplit, ActDealComplain, ActDealExport, ActDealObject)
	add(Unaccepted, partyRoles, ActDealNDA)
	add(Undecided, partyRoles, ActDealConsent)
	add(DealBroker, brokers, ActDealRead, ActDealCreate, ActDealStep, ActDealEnd, ActDealManage,
		ActDealNote, ActDealWork, ActDealContact, ActDealSplit, ActDealExport)
	return g
}

// tieRegion is the relation of staff to the introductions of their region whose posts they may know
// of: one about a post for named eyes only is for those eyes, too.
func tieRegion() authz.Tie[Deal] {
	t := authz.TieRegion(func(d Deal) string { return string(d.Region) },
		func(from, before string) db.Where {
			return db.Where{}.And("d.region >= $1 AND d.region < $2", from, before)
		})
	inside, within := t.Holds, t.Where
	t.Holds = func(by authz.Actor, d Deal) bool {
		return inside(by, d) && d.postsAllow(by, market.ActPostRead)
	}
	t.Where = func(by authz.Actor) db.Where {
		return within(by).AndAll(postsAllowWhere(by, market.ActPostRead))
	}
	return t
}

func tieParty() authz.Tie[Deal] {
	return authz.Tie[Deal]{
		Name: Party, Title: "对接双方",
		Holds: func(by authz.Actor, d Deal) bool {
			return by.Org != "" && (by.Org == d.Demand.Now || by.Org == d.Supply.Now)
		},
		Where: func(by authz.Actor) db.Where {
			if by.Org == "" {
				return db.Nothing()
			}
			return db.Where{}.And("d.demand_now = $1 OR d.supply_now = $1", by.Org)
		},
	}
}

func tieUnaccepted() authz.Tie[Deal] {
	return authz.Tie[Deal]{
		Name: Unaccepted, Title: "尚未接受保密约定的一方",
		Holds: func(by authz.Actor, d Deal) bool {
			return by.Org != "" && (by.Org == d.Demand.Now && d.Demand.NDAUs == 0 ||
				by.Org == d.Supply.Now && d.Supply.NDAUs == 0)
		},
		Where: func(by authz.Actor) db.Where {
			if by.Org == "" {
				return db.Nothing()
			}
			return db.Where{}.And(`d.demand_now = $1 AND d.demand_nda_us = 0
				OR d.supply_now = $1 AND d.supply_nda_us = 0`, by.Org)
		},
	}
}

func tieUndecided() authz.Tie[Deal] {
	return authz.Tie[Deal]{
		Name: Undecided, Title: "尚未同意的一方",
		Holds: func(by authz.Actor, d Deal) bool {
			return by.Org != "" && (by.Org == d.Demand.Now && d.Demand.ConsentUs == 0 ||
				by.Org == d.Supply.Now && d.Supply.ConsentUs == 0)
		},
		Where: func(by authz.Actor) db.Where {
			if by.Org == "" {
				return db.Nothing()
			}
			return db.Where{}.And(`d.demand_now = $1 AND d.demand_consent_us = 0
				OR d.supply_now = $1 AND d.supply_consent_us = 0`, by.Org)
		},
	}
}

// tieBroker holds for the broker of an introduction while the record is verified.
func tieBroker() authz.Tie[Deal] {
	return authz.TieSame(DealBroker, "本项对接的技术经理人",
		func(by authz.Actor) string { return by.Account },
		func(d Deal) string { return d.brokerAccount },
		func(key string) db.Where {
			return db.Where{}.And(`EXISTS (SELECT 1 FROM deal_broker AS x WHERE x.id = d.broker
				AND x.account = $1 AND x.state = 'active')`, key)
		})
}

// tieConflicted holds for a broker who declared an interest in one of the sides, works or worked
// there, or acts for one of them.
func tieConflicted() authz.Tie[Deal] {
	return authz.Tie[Deal]{
		Name: ConflictedOne, Title: "利益冲突",
		Holds: func(by authz.Actor, d Deal) bool {
			if by.EffectiveRole() != authz.Broker {
				return false
			}
			acts := by.Org != "" && (by.Org == d.Demand.Now || by.Org == d.Supply.Now)
			return acts || d.barred
		},
		Where: func(by authz.Actor) db.Where {
			if by.EffectiveRole() != authz.Broker {
				return db.Nothing()
			}
			w := db.Where{}.And(barred)
			if by.Org == "" {
				return w
			}
			return db.Or(w, db.Where{}.And("d.demand_now = $1 OR d.supply_now = $1", by.Org))
		},
	}
}
