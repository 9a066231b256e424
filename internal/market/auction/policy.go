package auction

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on auctions and on applicants.
const (
	ActRead   authz.Action = "auction.item.read"
	ActCreate authz.Action = "auction.item.create"
	ActUpdate authz.Action = "auction.item.update"
	ActRun    authz.Action = "auction.item.run"    // 公告, 开标, 公示, 确认
	ActApply  authz.Action = "auction.item.apply"  // 申请参加
	ActObject authz.Action = "auction.item.object" // 提出异议

	ActApplicantRead authz.Action = "auction.applicant.read"
	ActApplicantRun  authz.Action = "auction.applicant.run" // 资格审查, 登记保证金
	ActApplicantBid  authz.Action = "auction.applicant.bid"
)

// Relations.
const (
	OnView     authz.Relation = "on-view"    // it was announced
	Seller     authz.Relation = "seller"     // acts for the owner of the achievement
	TakesPart  authz.Relation = "takes-part" // announced or open, for somebody who acts for an organisation
	Publicised authz.Relation = "publicised" // its result is being publicised
	Admitted   authz.Relation = "admitted"   // acts for an applicant that was admitted
)

var (
	readers = []authz.Role{authz.Public, authz.Enterprise, authz.University, authz.Expert, authz.Broker,
		authz.Officer, authz.Leader, authz.Department, authz.District, authz.ChainOffice}
	sellers = []authz.Role{authz.Enterprise, authz.University}
	buyers  = []authz.Role{authz.Enterprise, authz.University}
	bureau  = []authz.Role{authz.Officer, authz.Leader}
)

// Policy says who may do what with auctions: the owner of an achievement prepares one, the bureau
// announces and runs it, organisations take part, and everybody reads and may object to the result.
var Policy = authz.NewPolicy(kindItem, authz.Rules[Item]{
	Title: "挂牌与拍卖",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActRead, Title: "查看"},
		{Action: ActCreate, Title: "筹备"},
		{Action: ActUpdate, Title: "修改"},
		{Action: ActRun, Title: "公告与组织"},
		{Action: ActApply, Title: "申请参加"},
		{Action: ActObject, Title: "提出异议"},
	},
	Ties: []authz.Tie[Item]{
		authz.TieAny[Item](),
		{Name: OnView, Title: "已公告的项目",
			Holds: func(_ authz.Actor, x Item) bool { return x.State != Draft },
			Where: func(authz.Actor) db.Where { return db.Where{}.And("x.state <> 'draft'") }},
		authz.TieSame(Seller, "转让方",
			func(by authz.Actor) string { return by.Org },
			func(x Item) string { return x.OrgNow },
			func(key string) db.Where { return db.Where{}.And("x.org_now = $1", key) }),
		{Name: TakesPart, Title: "公告和竞价中的项目",
			Holds: func(by authz.Actor, x Item) bool {
				return by.Org != "" && x.OrgNow != by.Org && (x.State == Notice || x.State == Bidding)
			},
			Where: func(by authz.Actor) db.Where {
				if by.Org == "" {
					return db.Nothing()
				}
				return db.Where{}.And("x.state IN ('notice', 'bidding') AND x.org_now <> $1", by.Org)
			}},
		{Name: Publicised, Title: "公示中的项目",
			Holds: func(by authz.Actor, x Item) bool { return by.Account != "" && x.State == Publicity },
			Where: func(by authz.Actor) db.Where {
				if by.Account == "" {
					return db.Nothing()
				}
				return db.Where{}.And("x.state = 'publicity'")
			}},
	},
	Grants: itemGrants(),
})

func itemGrants() []authz.Grant {
	g := authz.Allow(OnView, readers, ActRead)
	g = append(g, authz.Allow(authz.Any, bureau, ActRead)...)
	g = append(g, authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActCreate, ActUpdate, ActRun)...)
	g = append(g, authz.Allow(Seller, sellers, ActRead, ActCreate, ActUpdate)...)
	g = append(g, authz.Allow(TakesPart, buyers, ActApply)...)
	return append(g, authz.Allow(Publicised, readers, ActObject)...)
}

// ApplicantPolicy says who may do what with applicants: an organisation has its own, the bureau looks
// at all and records deposits, and only who was admitted bids.
var ApplicantPolicy = authz.NewPolicy(kindApplicant, authz.Rules[Applicant]{
	Title: "竞买申请",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActApplicantRead, Title: "查看"},
		{Action: ActApplicantRun, Title: "资格审查与保证金"},
		{Action: ActApplicantBid, Title: "出价"},
	},
	Ties: []authz.Tie[Applicant]{
		authz.TieAny[Applicant](),
		authz.TieSame(authz.SameOrg, "本单位",
			func(by authz.Actor) string { return by.Org },
			func(a Applicant) string { return a.orgNow },
			func(key string) db.Where { return db.Where{}.And("a.org_now = $1", key) }),
		{Name: Admitted, Title: "已获资格的本单位",
			Holds: func(by authz.Actor, a Applicant) bool {
				return by.Org != "" && a.orgNow == by.Org && a.State == StateAdmitted
			},
			Where: func(by authz.Actor) db.Where {
				if by.Org == "" {
					return db.Nothing()
				}
				return db.Where{}.And("a.org_now = $1 AND a.state = 'admitted'", by.Org)
			}},
	},
	Grants: applicantGrants(),
})

func applicantGrants() []authz.Grant {
	g := authz.Allow(authz.Any, bureau, ActApplicantRead)
	g = append(g, authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActApplicantRun)...)
	g = append(g, authz.Allow(authz.SameOrg, buyers, ActApplicantRead)...)
	return append(g, authz.Allow(Admitted, buyers, ActApplicantBid)...)
}
