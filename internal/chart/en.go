package chart

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"单位：%s":            "Unit: %s",
	"数据表":              "Data table",
	"复制表格":             "Copy table",
	"下载 CSV":           "Download CSV",
	"已复制":              "Copied",
	"期间":               "Period",
	"未报":               "not reported",
	"技术成熟度 %d 级，共 9 级": "Technology readiness level %d of 9",
})
