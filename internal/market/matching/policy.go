package matching

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions of this room.
const (
	ActMatchRead   authz.Action = "matching.match.read"
	ActMatchReject authz.Action = "matching.match.reject" // 标为不相关

	ActSavedRead   authz.Action = "matching.saved.read"
	ActSavedSave   authz.Action = "matching.saved.save"
	ActSavedDelete authz.Action = "matching.saved.delete"

	ActDeskRead  authz.Action = "matching.desk.read"
	ActDeskRun   authz.Action = "matching.desk.run"   // 启动匹配
	ActDeskTrain authz.Action = "matching.desk.train" // 训练与切换权重
)

// Relations of people to matches.
const (
	OwnOrg                  = authz.SameOrg
	BrokerOf authz.Relation = "broker"
)

var (
	owners  = []authz.Role{authz.Enterprise, authz.University, authz.Department, authz.District}
	brokers = []authz.Role{authz.Broker}
)

// MatchPolicy lets people read what was found for posts of their organisation, and brokers what was
// found for those they look after.
var MatchPolicy = authz.NewPolicy("matching.match", authz.Rules[Row]{
	Title: "供需匹配",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActMatchRead, Title: "查看"},
		{Action: ActMatchReject, Title: "标为不相关"},
	},
	Ties: []authz.Tie[Row]{
		authz.TieSame(OwnOrg, "本单位",
			func(by authz.Actor) string { return by.Org },
			func(m Row) string { return m.Org },
			func(key string) db.Where { return db.Where{}.And("m.org = $1", key) }),
		authz.TieSame(BrokerOf, "经办的技术经理人",
			func(by authz.Actor) string { return by.Person },
			func(m Row) string { return m.Person },
			func(key string) db.Where { return db.Where{}.And("m.person = $1", key) }),
	},
	Grants: append(authz.Allow(OwnOrg, owners, ActMatchRead, ActMatchReject),
		authz.Allow(BrokerOf, brokers, ActMatchRead, ActMatchReject)...),
})

// SavedPolicy lets people keep searches of their own.
var SavedPolicy = authz.NewPolicy("matching.saved", authz.Rules[Saved]{
	Title: "保存的检索",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActSavedRead, Title: "查看", Work: authz.OwnWork},
		{Action: ActSavedSave, Title: "保存", Work: authz.OwnWork},
		{Action: ActSavedDelete, Title: "删除", Work: authz.OwnWork},
	},
	Ties: []authz.Tie[Saved]{authz.TieSame(authz.Self, "本人",
		func(by authz.Actor) string { return by.Account },
		func(x Saved) string { return x.Account },
		func(key string) db.Where { return db.Where{}.And("s.account = $1", key) })},
	Grants: authz.Allow(authz.Self, authz.Roles(), ActSavedRead, ActSavedSave, ActSavedDelete),
})

// DeskPolicy says who looks after the matching itself: its runs and its weights.
var DeskPolicy = authz.NewPolicy("matching.desk", authz.Rules[struct{}]{
	Title: "匹配工作台",
	Verbs: []authz.Verb{
		{Action: ActDeskRead, Title: "查看"},
		{Action: ActDeskRun, Title: "启动匹配"},
		{Action: ActDeskTrain, Title: "训练与切换权重"},
	},
	Ties: []authz.Tie[struct{}]{authz.TieAny[struct{}]()},
	Grants: append(authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActDeskRead, ActDeskRun,
		ActDeskTrain), authz.Allow(authz.Any, []authz.Role{authz.Leader}, ActDeskRead)...),
})
