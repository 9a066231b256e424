package formula

// ReadyFormulas are the indicators of air and water whose formulas are published rules.
var ReadyFormulas = []Ready{
	{Code: "air-index-2012", Name: "环境空气质量综合指数", Unit: "", Places: 2,
		Formula: airIndex("2012"), Inputs: airMeans,
		Source: "《城市环境空气质量排名技术规定》环办监测〔2018〕19号；GB 3095—2012 二级限值",
		Mark:   "公式与限值已核对；现行排名是否改用新限值未经证实"},
	{Code: "air-index-2026", Name: "环境空气质量综合指数（2026年过渡限值）", Unit: "", Places: 2,
		Formula: airIndex("2026"), Inputs: airMeans,
		Source: "GB 3095 修订，2026年3月起的过渡阶段限值",
		Mark:   "PM10 的限值未经证实；不得与按2012年限值计算的指数比较"},
	{Code: "air-aqi", Name: "空气质量指数", Unit: "", Places: 0,
		Formula: `最大(插值(「PM2.5日均浓度」, "空气分指数·PM2.5"), 插值(「PM10日均浓度」, "空气分指数·PM10"),
	插值(「SO2日均浓度」, "空气分指数·SO2"), 插值(「NO2日均浓度」, "空气分指数·NO2"),
	插值(「CO日均浓度」, "空气分指数·CO"), 插值(「O3最大8小时浓度」, "空气分指数·O3"))`,
		Source: airLineSource, Mark: airLineMark,
		Inputs: []ReadyInput{{"PM2.5日均浓度", "μg/m³"}, {"PM10日均浓度", "μg/m³"}, {"SO2日均浓度", "μg/m³"},
			{"NO2日均浓度", "μg/m³"}, {"CO日均浓度", "mg/m³"}, {"O3最大8小时浓度", "μg/m³"}}},
	{Code: "water-class", Name: "断面水质类别", Unit: "", Places: 0,
		Formula: `最大已有(分级(「溶解氧」, "水质·溶解氧"), 分级(「高锰酸盐指数」, "水质·高锰酸盐指数"),
	分级(「化学需氧量」, "水质·化学需氧量"), 分级(「五日生化需氧量」, "水质·五日生化需氧量"),
	分级(「氨氮」, "水质·氨氮"), 分级(「总磷」, "水质·总磷"),
	如果(「pH值」 >= 6 且 「pH值」 <= 9, 1, 6))`,
		Source: waterSource, Mark: waterMark, Inputs: waterItems},
	{Code: "water-index", Name: "断面水质指数", Unit: "", Places: 2,
		Formula: `参数("水质·溶解氧·Ⅲ类限值") / 「溶解氧」 + 「高锰酸盐指数」 / 参数("水质·高锰酸盐指数·Ⅲ类限值")
	+ 「化学需氧量」 / 参数("水质·化学需氧量·Ⅲ类限值") + 「五日生化需氧量」 / 参数("水质·五日生化需氧量·Ⅲ类限值")
	+ 「氨氮」 / 参数("水质·氨氮·Ⅲ类限值") + 「总磷」 / 参数("水质·总磷·Ⅲ类限值")`,
		Source: waterSource, Mark: waterMark, Inputs: waterItems[:6]},
}

// airIndex is I = Σ Cᵢ/Sᵢ with the limits of one set: indices of different sets do not compare.
func airIndex(set string) string {
	return `「SO2平均浓度」 / 参数("空气限值` + set + `·SO2") + 「NO2平均浓度」 / 参数("空气限值` + set + `·NO2")
	+ 「PM10平均浓度」 / 参数("空气限值` + set + `·PM10") + 「PM2.5平均浓度」 / 参数("空气限值` + set + `·PM2.5")
	+ 「CO第95百分位数」 / 参数("空气限值` + set + `·CO") + 「O3第90百分位数」 / 参数("空气限值` + set + `·O3")`
}

var airMeans = []ReadyInput{{"SO2平均浓度", "μg/m³"}, {"NO2平均浓度", "μg/m³"}, {"PM10平均浓度", "μg/m³"},
	{"PM2.5平均浓度", "μg/m³"}, {"CO第95百分位数", "mg/m³"}, {"O3第90百分位数", "μg/m³"}}

// airLimits are the limits of the second grade, by set.
var airLimits = []struct{ name, value, unit, source, mark string }{
	{"空气限值2012·SO2", "60", "μg/m³", "GB 3095—2012", "已核对"},
	{"空气限值2012·NO2", "40", "μg/m³", "GB 3095—2012", "已核对"},
	{"空气限值2012·PM10", "70", "μg/m³", "GB 3095—2012", "已核对"},
	{"空气限值2012·PM2.5", "35", "μg/m³", "GB 3095—2012", "已核对"},
	{"空气限值2012·CO", "4", "mg/m³", "GB 3095—2012", "已核对"},
	{"空气限值2012·O3", "160", "μg/m³", "GB 3095—2012", "已核对"},
	{"空气限值2026·SO2", "60", "μg/m³", "GB 3095 修订过渡阶段", "未见调整"},
	{"空气限值2026·NO2", "40", "μg/m³", "GB 3095 修订过渡阶段", "未见调整"},
	{"空气限值2026·PM10", "60", "μg/m³", "GB 3095 修订过渡阶段", "未经证实"},
	{"空气限值2026·PM2.5", "30", "μg/m³", "GB 3095 修订过渡阶段", "已核对"},
	{"空气限值2026·CO", "4", "mg/m³", "GB 3095 修订过渡阶段", "未经证实"},
	{"空气限值2026·O3", "160", "μg/m³", "GB 3095 修订过渡阶段", "未经证实"},
}

// The corners of the individual indices; HJ 633—2026 changed those of particles, values not seen.
const (
	airLineSource = "HJ 633—2012"
	airLineMark   = "凭记忆录入，使用前核对；2026年3月起颗粒物分段已修订"
	airLinesFrom  = "2016-01"
	airLinesUntil = "2026-02"
)

var airIndexSteps = []string{"0", "50", "100", "150", "200", "300", "400", "500"}

var airLines = []struct {
	name, unit string
	bounds     []string
}{
	{"空气分指数·PM2.5", "μg/m³", []string{"0", "35", "75", "115", "150", "250", "350", "500"}},
	{"空气分指数·PM10", "μg/m³", []string{"0", "50", "150", "250", "350", "420", "500", "600"}},
	{"空气分指数·SO2", "μg/m³", []string{"0", "50", "150", "475", "800", "1600", "2100", "2620"}},
	{"空气分指数·NO2", "μg/m³", []string{"0", "40", "80", "180", "280", "565", "750", "940"}},
	{"空气分指数·CO", "mg/m³", []string{"0", "2", "4", "14", "24", "36", "48", "60"}},
	{"空气分指数·O3", "μg/m³", []string{"0", "100", "160", "215", "265", "800"}},
}

const (
	waterSource = "GB 3838—2002 表1"
	waterMark   = "凭记忆录入，使用前核对"
)

var waterLabels = []string{"Ⅰ类", "Ⅱ类", "Ⅲ类", "Ⅳ类", "Ⅴ类", "劣Ⅴ类"}

var waterItems = []ReadyInput{{"溶解氧", "mg/L"}, {"高锰酸盐指数", "mg/L"}, {"化学需氧量", "mg/L"},
	{"五日生化需氧量", "mg/L"}, {"氨氮", "mg/L"}, {"总磷", "mg/L"}, {"pH值", ""}}

// waterGrades are the bounds of the classes Ⅰ to Ⅴ, of rivers where rivers and lakes differ.
var waterGrades = []struct {
	name, unit string
	falls      bool
	bounds     []string
}{
	{"水质·溶解氧", "mg/L", true, []string{"7.5", "6", "5", "3", "2"}},
	{"水质·高锰酸盐指数", "mg/L", false, []string{"2", "4", "6", "10", "15"}},
	{"水质·化学需氧量", "mg/L", false, []string{"15", "15", "20", "30", "40"}},
	{"水质·五日生化需氧量", "mg/L", false, []string{"3", "3", "4", "6", "10"}},
	{"水质·氨氮", "mg/L", false, []string{"0.15", "0.5", "1.0", "1.5", "2.0"}},
	{"水质·总磷", "mg/L", false, []string{"0.02", "0.1", "0.2", "0.3", "0.4"}},
	{"水质·湖库总磷", "mg/L", false, []string{"0.01", "0.025", "0.05", "0.1", "0.2"}},
}
