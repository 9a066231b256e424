package sitehttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"表单不完整，请刷新后重试":   "The form is incomplete. Reload it and try again.",
	"站点设置已保存":        "Site settings saved",
	"保存设置":           "Save settings",
	"保存前，这些设置已被他人修改": "Somebody else changed these settings before you saved",
	"查看站点设置":         "Read the site settings",
	"修改站点设置":         "Change the site settings",
	"站点名称和页脚内容，保存后各页立即生效。": "Name of the site and its footer. Changes show on every page at once.",
})
