package authz

import (
	"slices"
	"strings"
)

// Role is the hat (角色) a person wears in one session. A person may hold several and switches
// between them in the header; an actor always acts in exactly one, so menus never mix.
type Role string

// The roles of the city. The zero Role counts as Public: nobody has logged in.
const (
	Public      Role = "public"      // 公众
	Enterprise  Role = "enterprise"  // 企业
	University  Role = "university"  // 高校院所
	Expert      Role = "expert"      // 专家
	Broker      Role = "broker"      // 技术经理人
	Officer     Role = "officer"     // 局经办
	Leader      Role = "leader"      // 局领导
	Department  Role = "department"  // 市直部门
	District    Role = "district"    // 区县
	ChainOffice Role = "chainoffice" // 链长办
	SysAdmin    Role = "sysadmin"    // 系统管理员
	SecAdmin    Role = "secadmin"    // 安全管理员
	Auditor     Role = "auditor"     // 审计管理员
)

// Via says by which door an actor came in. It is recorded with each write.
type Via string

// The doors. Job and System act for nobody in particular: they have no account.
const (
	ViaSession Via = "session"
	ViaToken   Via = "token"
	ViaCLI     Via = "cli"
	ViaJob     Via = "job"
	ViaSystem  Via = "system"
)

// Action names what is done to which kind of object: "party.org.read". The part before the last
// dot is the object of the policy that declares it.
type Action string

// Relation names how an actor stands to one object: "owner", "region-staff". Each policy says
// what its relations mean.
type Relation string

// Grant lets a role do an action on the objects it stands in the relation to.
type Grant struct {
	Role     Role
	Action   Action
	Relation Relation
}

// Actor is who asks. The doors build it anew for each request from the session or token and the
// accounts as they are now, so that a revoked role or token ends with the request under way.
type Actor struct {
	Account string   // id of the account, "" for nobody
	Login   string   // login name, for people to read
	Person  string   // id of the person behind the account, "" if none
	Org     string   // id of the organisation acted for, "" if none
	Region  string   // GB/T 2260 code staff are responsible for ("140105"), "" if none
	Role    Role     // the one role acted in; "" counts as Public
	Via     Via      // the door
	Scopes  []Action // of a token: only these actions; nil for every other door
	Request string   // request id, for the log and the audit trail
}

// EffectiveRole is the role that counts: Public for an actor without one.
func (a Actor) EffectiveRole() Role {
	if a.Role == "" {
		return Public
	}
	return a.Role
}

// Rights is what of the actor decides what it may do: actors of equal rights may do the same. It is a
// key for what is kept for those who ask alike.
func (a Actor) Rights() string {
	scopes := "*" // not limited
	if a.Via == ViaToken || a.Scopes != nil {
		var list strings.Builder
		for _, s := range a.Scopes {
			list.WriteString(string(s) + ",")
		}
		scopes = list.String()
	}
	return strings.Join([]string{string(a.EffectiveRole()), a.Account, a.Person, a.Org, a.Region, scopes}, "\x00")
}

// inScope says whether the actor's token lets it do the action. A token with no scopes at all can
// do nothing; an actor that came by another door is not limited unless it carries scopes.
func (a Actor) inScope(act Action) bool {
	if a.Via != ViaToken && a.Scopes == nil {
		return true
	}
	return slices.Contains(a.Scopes, act)
}
