package party

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on people.
const (
	ActPersonRead    authz.Action = "party.person.read"   // identity number, phone, mail in part
	ActPersonReveal  authz.Action = "party.person.reveal" // those in full, on record
	ActPersonCreate  authz.Action = "party.person.create"
	ActPersonUpdate  authz.Action = "party.person.update" // memberships too
	ActPersonImport  authz.Action = "party.person.import"
	ActPersonExport  authz.Action = "party.person.export" // masked
	ActPersonHistory authz.Action = "party.person.history"
)

// PublicExpert is the relation of everybody to a person who agreed to stand in the public list.
const PublicExpert authz.Relation = "public-expert"

// PersonPolicy says who may do what with people. Bureau staff see everybody; district staff those
// whose main organisation lies in their district; an organisation sees its own people; people see
// and keep their own record; the public sees experts who agreed to it.
var PersonPolicy = authz.NewPolicy("party.person", authz.Rules[Person]{
	Title: "人员",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActPersonRead, Title: "查看"},
		{Action: ActPersonReveal, Title: "查看完整信息"},
		{Action: ActPersonCreate, Title: "登记"},
		{Action: ActPersonUpdate, Title: "修改"},
		{Action: ActPersonImport, Title: "批量导入"},
		{Action: ActPersonExport, Title: "导出"},
		{Action: ActPersonHistory, Title: "查看变更历史"},
	},
	Ties: []authz.Tie[Person]{
		authz.TieAny[Person](), tiePublicExpert(), tieOwnPeople(), tieDistrictPeople(),
		authz.TieSame(authz.Self, "本人",
			func(by authz.Actor) string { return by.Person },
			func(p Person) string { return p.ID },
			func(key string) db.Where { return db.Where{}.And("person.id = $1", key) }),
	},
	Grants: personGrants(),
})

func personGrants() []authz.Grant {
	var g []authz.Grant
	add := func(rel authz.Relation, roles []authz.Role, acts ...authz.Action) {
		g = append(g, authz.Allow(rel, roles, acts...)...)
	}
	add(PublicExpert, citizens, ActPersonRead)
	add(PublicExpert, []authz.Role{authz.District}, ActPersonRead)
	own := []authz.Role{authz.Enterprise, authz.University}
	add(authz.SameOrg, own, ActPersonRead)
	add(authz.Self, []authz.Role{authz.Enterprise, authz.University, authz.Expert, authz.Broker},
		ActPersonRead, ActPersonReveal, ActPersonUpdate, ActPersonHistory)
	add(authz.Any, bureau, ActPersonRead, ActPersonExport, ActPersonHistory)
	add(authz.Any, []authz.Role{authz.Officer},
		ActPersonReveal, ActPersonCreate, ActPersonUpdate, ActPersonImport)
	add(authz.RegionStaff, []authz.Role{authz.District}, ActPersonRead, ActPersonReveal,
		ActPersonCreate, ActPersonUpdate, ActPersonImport, ActPersonExport, ActPersonHistory)
	return g
}

func tiePublicExpert() authz.Tie[Person] {
	return authz.Tie[Person]{
		Name: PublicExpert, Title: "公开的专家",
		Holds: func(_ authz.Actor, p Person) bool { return p.Public && !p.Archived },
		Where: func(authz.Actor) db.Where {
			return db.Where{}.And("person.public AND NOT person.archived")
		},
	}
}

// tieOwnPeople holds for people who work for the actor's organisation now.
func tieOwnPeople() authz.Tie[Person] {
	return authz.Tie[Person]{
		Name: authz.SameOrg, Title: "本单位",
		Holds: func(by authz.Actor, p Person) bool {
			return by.Org != "" && slices.Contains(p.orgs, by.Org)
		},
		Where: func(by authz.Actor) db.Where {
			if by.Org == "" {
				return db.Nothing()
			}
			return db.Where{}.And(`EXISTS (SELECT 1 FROM membership AS m WHERE m.person = person.id
				AND m.org_now = $1 AND m.to_day = '')`, by.Org)
		},
	}
}

// tieDistrictPeople holds for people whose main organisation lies in the actor's region.
func tieDistrictPeople() authz.Tie[Person] {
	return authz.TieRegion(
		func(p Person) string { return p.orgRegion },
		func(from, before string) db.Where {
			return db.Where{}.And(`EXISTS (SELECT 1 FROM membership AS m
				JOIN org AS o ON o.id = m.org_now WHERE m.person = person.id AND m.main
				AND o.region >= $1 AND o.region < $2)`, from, before)
		})
}
