package web

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"令牌只能用于接口":       "A token can be used for the API only.",
	"令牌无效、已过期或已撤销":   "The token is not valid, has expired or was revoked.",
	"请先登录":           "Please sign in first.",
	"这个请求来自别的网站，已拒绝": "This request came from another site and was refused.",
	"首页":    "Home",
	"主体库":   "Registry",
	"工作台":   "Workspace",
	"人才库":   "People",
	"资源库":   "Registry",
	"组织":    "Organisations",
	"人员":    "People",
	"受理":    "Intake",
	"待办":    "To do",
	"入驻核验":  "Claims",
	"批量办理":  "Batches",
	"导入组织":  "Import organisations",
	"导入人员":  "Import people",
	"总览":    "Overview",
	"机构与用户": "Organisations and users",
	"账号":    "Accounts",
	"系统":    "System",
	"字典":    "Dictionaries",
	"后台任务":  "Background jobs",
	"数据备份":  "Backups",
	"站点设置":  "Site settings",
	"角色授权":  "Roles",
	"审计":    "Audit",
	"审计记录":  "Audit trail",
})
