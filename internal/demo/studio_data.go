package demo

// Words of the studio of indices. Cities and values are invented; names of indicators are those of the
// working set of 30 (domain notes, 8.2), which is no official list.
const (
	indexDataTitle  = "城市创新能力参照数据（示范）"
	indexSource     = "示范数据，城市与数值均为虚构"
	indexNote       = "五个维度、三十项指标的参照体系，不是任何评价报告的官方指标与权重。"
	indexCorrection = "示范丙市的研发经费投入按年报更正"
	indexTitle      = "城市创新能力参照指数"
	indexPurpose    = "按参照体系比较二十个示范城市，看短板在哪里、位次有多稳。"
	indexFirst      = "首版"
	indexSecond     = "数据更正后重算"
	indexTrial      = "层次分析法试算"
	indexTrialNote  = "由三名专家商定的判断"
	panelTitle      = "指标权重专家论证（示范）"
	panelNote       = "请按对城市创新能力的重要程度两两比较。本组专家与判断均为虚构的示范。"
	panelReason     = "牵头论证，计两票（示范）"
	panelWeighed    = "2026-01-01"
	panelEdition    = "按专家组论证结果重算"
	panelHead       = "专家,分组代码,左项代码,右项代码,判断值\n"
	cityPrefix      = "示范"
	citySuffix      = "市"
)

// panelExperts are the invented experts of the panel.
var panelExperts = []string{"示范专家甲", "示范专家乙", "示范专家丙"}

// cityNames tell the invented cities apart.
var cityNames = []string{"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子", "丑", "寅", "卯", "辰", "巳",
	"午", "未", "申", "酉"}

// cityBelts are the groups for filling by group.
var cityBelts = []string{"东部示范", "中部示范", "西部示范"}

// indexGroup is a dimension with its indicators.
type indexGroup struct {
	name  string
	items []indexItem
}

type indexItem struct {
	name, unit string
	down       bool
	base       float64 // of a middling city
	spread     float64 // how much it follows the strength of a city
	places     int
}

var indexGroups = []indexGroup{
	{"创新治理力", []indexItem{{"财政科技支出占公共财政支出比重", "%", false, 2.6, 0.35, 2},
		{"全社会R&D经费与GDP之比", "%", false, 2.1, 0.4, 2}, {"万人普通高校在校学生数", "人/万人", false, 320, 0.5, 0},
		{"常住人口增长率", "%", false, 0.6, 0.6, 2}, {"人均实际使用外资", "美元/人", false, 180, 0.8, 0},
		{"固定资产投资与GDP之比", "%", true, 52, 0.2, 1}}},
	{"原始创新力", []indexItem{{"基础研究经费占R&D比重", "%", false, 5.2, 0.45, 2},
		{"万名就业人员中R&D人员", "人年", false, 88, 0.5, 1}, {"高层次科技人才数", "人", false, 140, 1.1, 0},
		{"国家级创新平台数", "个", false, 14, 0.9, 0}, {"双一流学科数", "个", false, 6, 1.0, 0},
		{"国家科技奖与高水平论文", "项", false, 260, 0.9, 0}}},
	{"技术创新力", []indexItem{{"规上工业企业R&D与营收之比", "%", false, 1.5, 0.3, 2},
		{"有R&D活动的规上工业企业占比", "%", false, 38, 0.25, 1}, {"高新技术企业数", "家", false, 2100, 0.9, 0},
		{"万人发明专利拥有量", "件/万人", false, 24, 0.7, 1}, {"国家企业技术中心数", "个", false, 15, 0.6, 0},
		{"企业R&D占全社会R&D", "%", false, 74, 0.12, 1}}},
	{"成果转化力", []indexItem{{"输出技术合同成交额与GDP之比", "%", false, 2.2, 0.7, 2},
		{"吸纳技术合同成交额与GDP之比", "%", false, 2.4, 0.6, 2}, {"国家级孵化器等载体数", "个", false, 32, 0.6, 0},
		{"科创板与北交所上市企业数", "家", false, 9, 1.2, 0}, {"国家高新区营收与GDP之比", "%", false, 68, 0.5, 1},
		{"科技型中小企业入库数", "家", false, 2600, 0.8, 0}}},
	{"创新驱动力", []indexItem{{"人均GDP", "万元", false, 9.8, 0.3, 2},
		{"高新技术企业营收占规上工业营收", "%", false, 41, 0.25, 1}, {"规上新产品销售收入占比", "%", false, 27, 0.3, 1},
		{"万元GDP能耗", "吨标准煤", true, 0.48, 0.3, 3}, {"PM2.5年均浓度", "微克/立方米", true, 33, 0.15, 1},
		{"城乡居民人均可支配收入之比", "", true, 1.95, 0.08, 2}}},
}
