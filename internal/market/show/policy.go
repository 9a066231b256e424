package show

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on events and on sign-ups.
const (
	ActRead    authz.Action = "show.event.read"
	ActCreate  authz.Action = "show.event.create"
	ActUpdate  authz.Action = "show.event.update"
	ActRun     authz.Action = "show.event.run"     // 开放、截止、开始、结束、总结
	ActPublish authz.Action = "show.event.publish" // the gate of the bureau
	ActJoin    authz.Action = "show.event.join"    // 报名

	ActSignupRead   authz.Action = "show.signup.read"
	ActSignupCancel authz.Action = "show.signup.cancel"
	ActSignupCheck  authz.Action = "show.signup.check" // 签到
	ActSignupMeet   authz.Action = "show.signup.meet"  // 约谈, 标记意向
)

// Relations of people to events.
const (
	OnView     authz.Relation = "on-view"     // it is published
	TakesNames authz.Relation = "takes-names" // sign-up is open, and the actor has an account
	Organiser  authz.Relation = "organiser"   // acts for its organiser
	Holder     authz.Relation = "holder"      // signed up and has a seat
)

var (
	members = []authz.Role{authz.Public, authz.Enterprise, authz.University, authz.Expert,
		authz.Broker, authz.Officer, authz.Leader, authz.Department, authz.District, authz.ChainOffice}
	organisers = []authz.Role{authz.Enterprise, authz.University, authz.Broker, authz.Department,
		authz.District}
	bureau = []authz.Role{authz.Officer, authz.Leader}
)

// Policy says who may do what with events: an organiser prepares and runs its own, the bureau runs
// all and is the only one to publish; what is published everybody reads.
var Policy = authz.NewPolicy(kindShow, authz.Rules[Show]{
	Title: "路演与对接会",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActRead, Title: "查看"},
		{Action: ActCreate, Title: "筹备"},
		{Action: ActUpdate, Title: "修改"},
		{Action: ActRun, Title: "组织"},
		{Action: ActPublish, Title: "审核发布"},
		{Action: ActJoin, Title: "报名"},
	},
	Ties: []authz.Tie[Show]{
		authz.TieAny[Show](),
		{Name: OnView, Title: "已发布的活动",
			Holds: func(_ authz.Actor, s Show) bool { return s.State != Draft },
			Where: func(authz.Actor) db.Where { return db.Where{}.And("s.state <> 'draft'") }},
		{Name: TakesNames, Title: "报名中的活动",
			Holds: func(by authz.Actor, s Show) bool { return by.Account != "" && s.State == Open },
			Where: func(by authz.Actor) db.Where {
				if by.Account == "" {
					return db.Nothing()
				}
				return db.Where{}.And("s.state = 'open'")
			}},
		authz.TieSame(Organiser, "主办单位",
			func(by authz.Actor) string { return by.Org },
			func(s Show) string { return s.OrgNow },
			func(key string) db.Where { return db.Where{}.And("s.org_now = $1", key) }),
	},
	Grants: showGrants(),
})

func showGrants() []authz.Grant {
	g := authz.Allow(OnView, members, ActRead)
	g = append(g, authz.Allow(authz.Any, bureau, ActRead)...)
	g = append(g, authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActCreate, ActUpdate, ActRun,
		ActPublish)...)
	g = append(g, authz.Allow(Organiser, organisers, ActRead, ActCreate, ActUpdate, ActRun)...)
	return append(g, authz.Allow(TakesNames, members, ActJoin)...)
}

// SignupPolicy says who may do what with sign-ups: people have their own, the organiser and the
// bureau those of the event.
var SignupPolicy = authz.NewPolicy(kindSignup, authz.Rules[Signup]{
	Title: "活动报名",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActSignupRead, Title: "查看"},
		{Action: ActSignupCancel, Title: "取消"},
		{Action: ActSignupCheck, Title: "签到"},
		{Action: ActSignupMeet, Title: "约谈与标记意向"},
	},
	Ties: []authz.Tie[Signup]{
		authz.TieAny[Signup](),
		authz.TieSame(authz.Owner, "本人报名",
			func(by authz.Actor) string { return by.Account },
			func(g Signup) string { return g.account },
			func(key string) db.Where { return db.Where{}.And("g.account = $1", key) }),
		authz.TieSame(Organiser, "主办单位",
			func(by authz.Actor) string { return by.Org },
			func(g Signup) string { return g.showOrg },
			func(key string) db.Where { return db.Where{}.And("s.org_now = $1", key) }),
		{Name: Holder, Title: "已有席位的本人",
			Holds: func(by authz.Actor, g Signup) bool {
				return by.Account != "" && g.account == by.Account && g.State == Confirmed
			},
			Where: func(by authz.Actor) db.Where {
				if by.Account == "" {
					return db.Nothing()
				}
				return db.Where{}.And("g.account = $1 AND g.state = 'confirmed'", by.Account)
			}},
	},
	Grants: signupGrants(),
})

func signupGrants() []authz.Grant {
	g := authz.Allow(authz.Owner, members, ActSignupRead, ActSignupCancel)
	g = append(g, authz.Allow(Holder, members, ActSignupMeet)...)
	g = append(g, authz.Allow(authz.Any, bureau, ActSignupRead)...)
	g = append(g, authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActSignupCancel,
		ActSignupCheck)...)
	return append(g, authz.Allow(Organiser, organisers, ActSignupRead, ActSignupCancel,
		ActSignupCheck)...)
}
