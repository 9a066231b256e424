package trail

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"审计记录":    "Audit trail",
	"查看":      "View",
	"导出":      "Export",
	"验证":      "Verify",
	"编号不能为负数": "The number must not be negative.",
	"审计记录第 %d 条不完整或被改动：%s": "Audit entry %d is not whole or was changed: %s",
})
