package ui

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"使用导览 %s / %s": "Tour, step %s of %s",
	"上一步":          "Back",
	"下一站":          "Next",
	"完成导览":         "Finish the tour",
	"不再显示":         "Do not show again",
})
