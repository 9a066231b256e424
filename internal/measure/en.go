package measure

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"没有这个度量":        "There is no such measure.",
	"这个度量不能按“%s”细分": "This measure cannot be broken down by “%s”.",
})
