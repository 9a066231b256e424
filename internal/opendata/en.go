package opendata

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"没有这个数据集":         "There is no such data set",
	"格式应为 csv 或 json": "The format should be csv or json",
})
