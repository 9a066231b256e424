package identity

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on accounts.
const (
	ActAccountRead    authz.Action = "identity.account.read"
	ActAccountContact authz.Action = "identity.account.contact" // phone and mail address in full
	ActAccountCreate  authz.Action = "identity.account.create"
	ActAccountUpdate  authz.Action = "identity.account.update" // name, phone, mail address, person
	ActAccountStatus  authz.Action = "identity.account.status" // 停用, 恢复, 注销
	ActAccountReset   authz.Action = "identity.account.reset"  // password and second factor
	ActAccountSecure  authz.Action = "identity.account.secure" // own password, second factor, links
)

// Administrator is the relation of everybody to an account that holds the role of an administrator.
const Administrator authz.Relation = "administrator"

// AccountPolicy says who may do what with accounts. The system administrator makes and locks them,
// but neither the own one nor, by a new password, takes over that of another administrator. The
// security administrator sees whom roles are granted to. Everybody keeps the own account.
var AccountPolicy = authz.NewPolicy("identity.account", authz.Rules[Account]{
	Title: "账号",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActAccountRead, Title: "查看", Work: authz.SysWork | authz.SecWork | authz.OwnWork},
		{Action: ActAccountContact, Title: "查看联系方式", Work: authz.SysWork | authz.OwnWork},
		{Action: ActAccountCreate, Title: "开设账号", Work: authz.SysWork},
		{Action: ActAccountUpdate, Title: "修改资料", Work: authz.SysWork | authz.OwnWork},
		{Action: ActAccountStatus, Title: "停用与注销", Work: authz.SysWork},
		{Action: ActAccountReset, Title: "重置密码与两步验证", Work: authz.SysWork},
		{Action: ActAccountSecure, Title: "管理本人的密码与两步验证", Work: authz.OwnWork},
	},
	Ties: []authz.Tie[Account]{
		authz.TieAny[Account](),
		selfTie(func(a Account) string { return a.ID },
			func(key string) db.Where { return db.Where{}.And("account.id = $1", key) }),
		{
			Name: Administrator, Title: "管理员账号",
			Holds: func(_ authz.Actor, a Account) bool { return a.Admin },
			Where: func(authz.Actor) db.Where {
				return db.Where{}.And(`EXISTS (SELECT 1 FROM account_role AS ar
					WHERE ar.account = account.id AND ar.revoked_us = 0
						AND ar.role IN ('sysadmin', 'secadmin', 'auditor'))`)
			},
		},
	},
	Grants: accountGrants(),
	Removals: []authz.Removal{
		{Relation: authz.Self, Actions: []authz.Action{ActAccountStatus, ActAccountReset}},
		{Relation: Administrator, Actions: []authz.Action{ActAccountReset}},
	},
})

func accountGrants() []authz.Grant {
	var g []authz.Grant
	g = append(g, authz.Allow(authz.Any, []authz.Role{authz.SysAdmin}, ActAccountRead,
		ActAccountContact, ActAccountCreate, ActAccountUpdate, ActAccountStatus, ActAccountReset)...)
	g = append(g, authz.Allow(authz.Any, []authz.Role{authz.SecAdmin}, ActAccountRead)...)
	return append(g, authz.Allow(authz.Self, authz.Roles(), ActAccountRead, ActAccountContact,
		ActAccountUpdate, ActAccountSecure)...)
}

// selfTie holds for what belongs to the actor's own account.
func selfTie[T any](its func(T) string, where func(key string) db.Where) authz.Tie[T] {
	return authz.TieSame(authz.Self, "本人",
		func(by authz.Actor) string { return by.Account }, its, where)
}

// Actions on roles of accounts.
const (
	ActRoleRead   authz.Action = "identity.role.read"
	ActRoleGrant  authz.Action = "identity.role.grant"
	ActRoleRevoke authz.Action = "identity.role.revoke"
)

// RolePolicy lets the security administrator grant and revoke roles, of every account but the own.
// The system administrator sees them and grants nothing. Everybody sees the own.
var RolePolicy = authz.NewPolicy("identity.role", authz.Rules[Held]{
	Title: "账号的角色",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActRoleRead, Title: "查看", Work: authz.SysWork | authz.SecWork | authz.OwnWork},
		{Action: ActRoleGrant, Title: "授予", Work: authz.SecWork},
		{Action: ActRoleRevoke, Title: "撤销", Work: authz.SecWork},
	},
	Ties: []authz.Tie[Held]{
		authz.TieAny[Held](),
		selfTie(func(h Held) string { return h.Account },
			func(key string) db.Where { return db.Where{}.And("account_role.account = $1", key) }),
	},
	Grants: append(append(
		authz.Allow(authz.Any, []authz.Role{authz.SecAdmin}, ActRoleRead, ActRoleGrant, ActRoleRevoke),
		authz.Allow(authz.Any, []authz.Role{authz.SysAdmin}, ActRoleRead)...),
		authz.Allow(authz.Self, authz.Roles(), ActRoleRead)...),
	Removals: []authz.Removal{
		{Relation: authz.Self, Actions: []authz.Action{ActRoleGrant, ActRoleRevoke}},
	},
})

// Actions on what people have for themselves: sessions, tokens, saved views.
const (
	ActSessionRead authz.Action = "identity.session.read"
	ActSessionEnd  authz.Action = "identity.session.end"

	ActTokenRead   authz.Action = "identity.token.read"
	ActTokenCreate authz.Action = "identity.token.create"
	ActTokenRevoke authz.Action = "identity.token.revoke"

	ActViewRead   authz.Action = "identity.view.read"
	ActViewSave   authz.Action = "identity.view.save"
	ActViewDelete authz.Action = "identity.view.delete"
)

// SessionPolicy lets people see and end their own sessions.
var SessionPolicy = ownPolicy("identity.session", "会话",
	func(s Session) string { return s.Account },
	func(key string) db.Where { return db.Where{}.And("session.account = $1", key) },
	authz.Verb{Action: ActSessionRead, Title: "查看", Work: authz.OwnWork},
	authz.Verb{Action: ActSessionEnd, Title: "结束", Work: authz.OwnWork})

// TokenPolicy lets people make and revoke their own API tokens.
var TokenPolicy = ownPolicy("identity.token", "接口令牌",
	func(t Token) string { return t.Account },
	func(key string) db.Where { return db.Where{}.And("api_token.account = $1", key) },
	authz.Verb{Action: ActTokenRead, Title: "查看", Work: authz.OwnWork},
	authz.Verb{Action: ActTokenCreate, Title: "新建", Work: authz.OwnWork},
	authz.Verb{Action: ActTokenRevoke, Title: "撤销", Work: authz.OwnWork})

// ViewPolicy lets people keep their own saved views.
var ViewPolicy = ownPolicy("identity.view", "常用视图",
	func(v View) string { return v.Account },
	func(key string) db.Where { return db.Where{}.And("saved_view.account = $1", key) },
	authz.Verb{Action: ActViewRead, Title: "查看", Work: authz.OwnWork},
	authz.Verb{Action: ActViewSave, Title: "保存", Work: authz.OwnWork},
	authz.Verb{Action: ActViewDelete, Title: "删除", Work: authz.OwnWork})

// ownPolicy grants all actions to everybody who is logged in, on what is their own.
func ownPolicy[T any](
	object, title string, its func(T) string, where func(string) db.Where, verbs ...authz.Verb,
) *authz.Policy[T] {
	actions := make([]authz.Action, len(verbs))
	for i, v := range verbs {
		actions[i] = v.Action
	}
	return authz.NewPolicy(object, authz.Rules[T]{
		Title:  title,
		Blind:  true,
		Verbs:  verbs,
		Ties:   []authz.Tie[T]{selfTie(its, where)},
		Grants: authz.Allow(authz.Self, authz.Roles(), actions...),
	})
}
