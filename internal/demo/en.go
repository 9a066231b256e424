package demo

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"已装入 %d / %d 条": "%d of %d records are in",
})
