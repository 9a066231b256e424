package party

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on organisations.
const (
	ActOrgRead    authz.Action = "party.org.read"    // the record, its contacts in part
	ActOrgContact authz.Action = "party.org.contact" // those in full, on record
	ActOrgCreate  authz.Action = "party.org.create"
	ActOrgUpdate  authz.Action = "party.org.update"
	ActOrgVerify  authz.Action = "party.org.verify" // 核验, 退回, 注销
	ActOrgMerge   authz.Action = "party.org.merge"  // 合并, 拆分
	ActOrgImport  authz.Action = "party.org.import"
	ActOrgExport  authz.Action = "party.org.export"
	ActOrgHistory authz.Action = "party.org.history" // who changed what, and merges
)

// OnRecord is the relation of everybody to a record that has been verified: it is public.
const OnRecord authz.Relation = "on-record"

var (
	citizens = []authz.Role{authz.Public, authz.Enterprise, authz.University, authz.Expert, authz.Broker}
	bureau   = []authz.Role{authz.Officer, authz.Leader, authz.Department, authz.ChainOffice}
)

// OrgPolicy says who may do what with organisations. Bureau staff keep the registry of the whole
// city and of its partners elsewhere; district staff work inside their district; an organisation
// looks after its own record; the public sees what has been verified.
var OrgPolicy = authz.NewPolicy("party.org", authz.Rules[Org]{
	Title: "组织",
	Verbs: []authz.Verb{
		{Action: ActOrgRead, Title: "查看"},
		{Action: ActOrgContact, Title: "查看完整联系方式"},
		{Action: ActOrgCreate, Title: "登记"},
		{Action: ActOrgUpdate, Title: "修改"},
		{Action: ActOrgVerify, Title: "核验"},
		{Action: ActOrgMerge, Title: "合并与拆分"},
		{Action: ActOrgImport, Title: "批量导入"},
		{Action: ActOrgExport, Title: "导出"},
		{Action: ActOrgHistory, Title: "查看变更历史"},
	},
	Ties: []authz.Tie[Org]{
		authz.TieAny[Org](),
		tieOnRecord(),
		authz.TieSame(authz.SameOrg, "本单位",
			func(by authz.Actor) string { return by.Org },
			func(o Org) string { return o.ID },
			func(key string) db.Where { return db.Where{}.And("org.id = $1", key) }),
		authz.TieSame(authz.Owner, "本人登记",
			func(by authz.Actor) string { return by.Account },
			func(o Org) string { return o.CreatedBy },
			func(key string) db.Where { return db.Where{}.And("org.created_by = $1", key) }),
		authz.TieRegion(
			func(o Org) string { return string(o.Region) },
			func(from, before string) db.Where {
				if len(from) == regionDigits {
					return db.Where{}.And("org.region = $1", from)
				}
				// A city's staff see most of a city's registry. SQLite has no statistics and would take
				// an index for this; for NOT (opposite) it takes none and counts along org_facet.
				return db.Where{}.And("NOT (org.region < $1 OR org.region >= $2)", from, before)
			}),
	},
	Grants: orgGrants(),
})

// regionDigits is the length of the code of a county; shorter ones are prefixes.
const regionDigits = 6

func orgGrants() []authz.Grant {
	var g []authz.Grant
	add := func(rel authz.Relation, roles []authz.Role, acts ...authz.Action) {
		g = append(g, authz.Allow(rel, roles, acts...)...)
	}
	add(OnRecord, citizens, ActOrgRead)
	add(OnRecord, []authz.Role{authz.Broker, authz.District}, ActOrgExport)
	add(OnRecord, []authz.Role{authz.District}, ActOrgRead)
	own := []authz.Role{authz.Enterprise, authz.University}
	add(authz.SameOrg, own, ActOrgRead, ActOrgContact, ActOrgUpdate, ActOrgExport,
		ActOrgHistory)
	add(authz.Owner, own, ActOrgRead, ActOrgContact)
	add(authz.Any, bureau, ActOrgRead, ActOrgContact, ActOrgExport, ActOrgHistory)
	add(authz.Any, []authz.Role{authz.Officer},
		ActOrgCreate, ActOrgUpdate, ActOrgVerify, ActOrgMerge, ActOrgImport)
	add(authz.RegionStaff, []authz.Role{authz.District}, ActOrgRead, ActOrgContact, ActOrgCreate,
		ActOrgUpdate, ActOrgVerify, ActOrgImport, ActOrgExport, ActOrgHistory)
	return g
}

func tieOnRecord() authz.Tie[Org] {
	return authz.Tie[Org]{
		Name: OnRecord, Title: "已公开的记录",
		Holds: func(_ authz.Actor, o Org) bool { return o.State == Verified || o.State == Ceased },
		Where: func(authz.Actor) db.Where {
			return db.Where{}.And("NOT (org.state NOT IN ('verified', 'ceased'))")
		},
	}
}
