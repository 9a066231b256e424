package occasion

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"应在 %d 到 %d 之间":          "Should be from %d to %d",
	"时间应写作 2026-11-20 09:30": "Write the time as 2026-11-20 09:30",
	"时间应在 2000 年到 2100 年之间":  "The time should be between 2000 and 2100",
	"结束时间须晚于开始时间":            "The end must be after the start",
	"金额不能是负数":                "An amount cannot be negative",
})
