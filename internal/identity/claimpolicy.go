package identity

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on claims.
const (
	ActClaimRead    authz.Action = "identity.claim.read"
	ActClaimContact authz.Action = "identity.claim.contact" // the claimant's phone in full
	ActClaimCreate  authz.Action = "identity.claim.create"
	ActClaimAmend   authz.Action = "identity.claim.amend"  // 补正, 撤回
	ActClaimDecide  authz.Action = "identity.claim.decide" // 确认, 退回, 驳回
)

// Claimant is the relation of a person to the own claim, whichever account it was made from.
const Claimant authz.Relation = "claimant"

// ClaimPolicy says who may claim and who decides. The bureau decides, district staff for their
// region, and who acts for an organisation already decides about further members of it. Nobody
// decides the own claim.
var ClaimPolicy = authz.NewPolicy(claimKind, authz.Rules[Claim]{
	Title: "单位认领",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActClaimRead, Title: "查看"},
		{Action: ActClaimContact, Title: "查看联系方式"},
		{Action: ActClaimCreate, Title: "认领单位"},
		{Action: ActClaimAmend, Title: "补正与撤回"},
		{Action: ActClaimDecide, Title: "审核"},
	},
	Ties: []authz.Tie[Claim]{
		authz.TieAny[Claim](),
		selfTie(func(c Claim) string { return c.Account },
			func(key string) db.Where { return db.Where{}.And("claim.account = $1", key) }),
		authz.TieSame(authz.SameOrg, "本单位",
			func(by authz.Actor) string { return by.Org },
			func(c Claim) string { return c.Org },
			func(key string) db.Where { return db.Where{}.And("claim.org = $1", key) }),
		authz.TieRegion(
			func(c Claim) string { return c.Region },
			func(from, before string) db.Where {
				return db.Where{}.And("claim.region >= $1 AND claim.region < $2", from, before)
			}),
		{
			Name: Claimant, Title: "申请人本人",
			Holds: func(by authz.Actor, c Claim) bool {
				return by.Account != "" && by.Account == c.Account ||
					by.Person != "" && by.Person == c.Person
			},
			Where: func(by authz.Actor) db.Where {
				return db.Where{}.And(`claim.account = $1 AND claim.account <> ''
					OR claim.person = $2 AND claim.person <> ''`, by.Account, by.Person)
			},
		},
	},
	Grants: claimGrants(),
	Removals: []authz.Removal{
		{Relation: Claimant, Actions: []authz.Action{ActClaimDecide}},
	},
})

func claimGrants() []authz.Grant {
	var g []authz.Grant
	add := func(rel authz.Relation, roles []authz.Role, acts ...authz.Action) {
		g = append(g, authz.Allow(rel, roles, acts...)...)
	}
	members := []authz.Role{authz.Enterprise, authz.University}
	add(authz.Self, []authz.Role{authz.Public, authz.Enterprise, authz.University, authz.Expert,
		authz.Broker}, ActClaimRead, ActClaimContact, ActClaimCreate, ActClaimAmend)
	add(authz.SameOrg, members, ActClaimRead, ActClaimDecide)
	add(authz.RegionStaff, []authz.Role{authz.District},
		ActClaimRead, ActClaimContact, ActClaimDecide)
	add(authz.Any, []authz.Role{authz.Officer, authz.Leader},
		ActClaimRead, ActClaimContact, ActClaimDecide)
	return g
}
