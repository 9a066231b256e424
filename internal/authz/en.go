package authz

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"公众":    "Public",
	"企业":    "Enterprise",
	"高校院所":  "University or institute",
	"专家":    "Expert",
	"技术经理人": "Technology broker",
	"局经办":   "Bureau officer",
	"局领导":   "Bureau leader",
	"市直部门":  "Municipal department",
	"区县":    "District or county",
	"链长办":   "Chain chief's office",
	"系统管理员": "System administrator",
	"安全管理员": "Security administrator",
	"审计管理员": "Audit administrator",

	"全部":  "all",
	"本辖区": "own region",

	"不允许此操作":                  "This action is not allowed.",
	"此令牌的权限范围不包含「%s」":         "The scopes of this token do not include \"%s\".",
	"此操作需要「%s」角色":             "This action needs the role \"%s\".",
	"此操作需要「%s」或「%s」角色":        "This action needs the role \"%s\" or \"%s\".",
	"此操作需要「%s」、「%s」或「%s」角色":   "This action needs the role \"%s\", \"%s\" or \"%s\".",
	"此操作需要「%s」、「%s」、「%s」等角色":  "This action needs a role such as \"%s\", \"%s\" or \"%s\".",
	"您的角色此操作仅限「%s」":           "Your role may do this only within: %s.",
	"您的角色此操作仅限「%s」或「%s」等":     "Your role may do this only within: %s, %s or similar.",
	"因「%s」须回避，不能进行此操作":        "You must stand back from this because of: %s.",
	"没有找到这条记录":                "This record was not found.",
	"角色「%s」不存在、不能授予或重复":       "The role \"%s\" does not exist, cannot be given, or is repeated.",
	"审计管理员不能同时办理业务，须由专门的账号担任": "The audit administrator cannot do the city's business as well: use an account of its own",
	"系统管理员、安全管理员、审计管理员须由不同账号担任（三权分立）": "The system, security and audit administrators " +
		"must be different accounts.",

	"本页由权限规则生成，请勿手改。未列出的一律不允许。": "This page is generated from the permission rules; do not edit " +
		"it. Whatever is not listed is denied.",
	"权限表":    "Permissions",
	"角色":     "Role",
	"操作":     "Action",
	"对象范围":   "Which objects",
	"「%s」除外": "except: %s",
})
