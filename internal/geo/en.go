package geo

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"无数据": "No data",
	"只按经纬度画点：没有边界，不是地图。": "Points by longitude and latitude alone: there are no boundaries, this is no map.",
	"视野内 %s 家有坐标的组织":     "%s organisations with a point in view", "第 %s 处，共 %s 处：%s 家": "Place %s of %s: %s organisations",
	"视野内没有点": "No point in view",
	"点位没有取到，图上是汇总的点；下面的表格列出同样的点。": "The points did not arrive: the dots are put together, and the table below lists the same.",
	"放大": "Zoom in", "缩小": "Zoom out", "全图": "Whole map", "上一处": "Previous place", "下一处": "Next place",
	"打开这一处": "Open this place",
	"拖动或方向键平移；双指、+ 和 - 缩放，0 回到全图；j、k 逐处选择，回车打开。点一处，看那里有谁。": "Drag or use the arrow keys to move; two fingers, + and - to zoom, 0 for the whole map; j and k go from place to place, Enter opens one. Click a place to see who is there.",

	"方格示意：每个区县一格，只表示大致方位，不是地图。": "Tile diagram: one square per district, roughly where it lies. Not a map.",
	"方格示意：每个区县一格，按代码排列，不表示方位。":  "Tile diagram: one square per district, in the order of codes. Position means nothing.",
	"审图号：%s":      "Map approval number: %s",
	"颜色按数量分位数分级。": "Tints are quantiles of the number.",
})
