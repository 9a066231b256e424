package authz

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// roleTitles keeps the roles in the order in which menus and documents name them. The titles are
// keys of package i18n.
var roleTitles = []struct {
	role  Role
	title string
}{
	{Public, "公众"},
	{Enterprise, "企业"},
	{University, "高校院所"},
	{Expert, "专家"},
	{Broker, "技术经理人"},
	{Officer, "局经办"},
	{Leader, "局领导"},
	{Department, "市直部门"},
	{District, "区县"},
	{ChainOffice, "链长办"},
	{SysAdmin, "系统管理员"},
	{SecAdmin, "安全管理员"},
	{Auditor, "审计管理员"},
}

// Roles returns every role, Public first, in the order of menus.
func Roles() []Role {
	out := make([]Role, len(roleTitles))
	for i, r := range roleTitles {
		out[i] = r.role
	}
	return out
}

// Title returns the Chinese name, a key of package i18n. An unknown role has no title.
func (r Role) Title() string {
	for _, t := range roleTitles {
		if t.role == r {
			return t.title
		}
	}
	return ""
}

// Valid says whether r is one of the roles. The zero Role is not: it is the lack of one.
func (r Role) Valid() bool { return r.Title() != "" }

// Work says whose work an action is. It keeps the three administrators apart (三权分立, GB/T 22239
// level 3): none of them does another's work, and none sees the city's business.
type Work uint8

// The kinds of work. Reading something two administrators need (a list of accounts) may be the
// work of both; everything else is the work of one.
const (
	CityWork  Work = 0         // business of the city: no administrator by that role
	SysWork   Work = 1 << iota // settings, dictionaries, jobs, backups, accounts' existence
	SecWork                    // roles and grants of accounts, security policy
	AuditWork                  // the audit trail
	OwnWork                    // what people do with their own: sessions, password, notices
)

const adminWork = SysWork | SecWork | AuditWork

// work is the work of an administrator, CityWork for every other role.
func (r Role) work() Work {
	switch r {
	case SysAdmin:
		return SysWork
	case SecAdmin:
		return SecWork
	case Auditor:
		return AuditWork
	default:
		return CityWork
	}
}

// Together says whether one account may hold all these roles. Public and unknown roles cannot be
// held at all, at most one of the three administrators fits one account, and the auditor (审计管理员)
// does no work that the auditor would look into. It returns nil or an Invalid fault at the field "roles".
func Together(roles []Role) error {
	var fields []fault.Field
	admins := 0
	for i, r := range roles {
		if !r.Valid() || r == Public || slices.Contains(roles[:i], r) {
			fields = append(fields, fault.At("roles", "角色「%s」不存在、不能授予或重复", string(r)))
		}
		if r.work() != CityWork {
			admins++
		}
	}
	if admins > 1 {
		fields = append(fields,
			fault.At("roles", "系统管理员、安全管理员、审计管理员须由不同账号担任（三权分立）"))
	} else if len(roles) > 1 && slices.Contains(roles, Auditor) {
		fields = append(fields, fault.At("roles", "审计管理员不能同时办理业务，须由专门的账号担任"))
	}
	return fault.Fields(fields...)
}
