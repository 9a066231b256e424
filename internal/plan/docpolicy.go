package plan

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on documents and the statements in them.
const (
	ActDocumentRead   authz.Action = "plan.document.read"
	ActDocumentCreate authz.Action = "plan.document.create"
	ActDocumentUpdate authz.Action = "plan.document.update"
	ActDocumentReview authz.Action = "plan.document.review" // 审读: decide about statements
)

// staff read what concerns their place; the bureau reads everything.
var staff = []authz.Role{authz.Department, authz.District}

// DocumentPolicy says who may do what with documents: officers file and review them, leaders and
// the offices of the chains read all, departments and districts those of their place.
var DocumentPolicy = authz.NewPolicy(kindDocument, authz.Rules[Document]{
	Title: "文件",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActDocumentRead, Title: "查看"},
		{Action: ActDocumentCreate, Title: "登记"},
		{Action: ActDocumentUpdate, Title: "修改"},
		{Action: ActDocumentReview, Title: "审读"},
	},
	Ties: []authz.Tie[Document]{
		authz.TieAny[Document](),
		authz.TieRegion(
			func(d Document) string { return string(d.Region) },
			func(from, before string) db.Where {
				return db.Where{}.And("d.region >= $1 AND d.region < $2", from, before)
			}),
	},
	Grants: documentGrants(),
})

func documentGrants() []authz.Grant {
	g := authz.Allow(authz.Any, []authz.Role{authz.Officer, authz.Leader, authz.ChainOffice},
		ActDocumentRead)
	g = append(g, authz.Allow(authz.RegionStaff, staff, ActDocumentRead)...)
	return append(g, authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActDocumentCreate,
		ActDocumentUpdate, ActDocumentReview)...)
}
