package geo

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"无数据": "No data",
	"方格示意：每个区县一格，只表示大致方位，不是地图。": "Tile diagram: one square per district, roughly where it lies. Not a map.",
	"方格示意：每个区县一格，按代码排列，不表示方位。":  "Tile diagram: one square per district, in the order of codes. Position means nothing.",
	"审图号：%s":      "Map approval number: %s",
	"颜色按数量分位数分级。": "Tints are quantiles of the number.",
})
