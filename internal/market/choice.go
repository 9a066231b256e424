package market

import (
	"strconv"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// Choice is one value of a closed list: what is stored and its Chinese title, a key of package
// i18n.
type Choice struct {
	Value string
	Title string
}

// TitleOf returns the title of a value, "" when it is none of the choices.
func TitleOf(choices []Choice, value string) string {
	for _, c := range choices {
		if c.Value == value {
			return c.Title
		}
	}
	return ""
}

// Kinds are the kinds of posts.
func Kinds() []Choice { return []Choice{{string(Need), "需求"}, {string(Achievement), "成果"}} }

// Fields are the technical fields of technology contracts (技术领域). Names from knowledge of the
// registration form; the numbering is the form's.
func Fields() []Choice {
	return []Choice{
		{"01", "电子信息"},
		{"02", "航空航天"},
		{"03", "先进制造"},
		{"04", "生物、医药和医疗器械"},
		{"05", "新材料及其应用"},
		{"06", "新能源与高效节能"},
		{"07", "环境保护与资源综合利用"},
		{"08", "核应用"},
		{"09", "农业"},
		{"10", "现代交通"},
		{"11", "城市建设与社会发展"},
	}
}

// SixNews are the six classes of new things by which Shanxi sorts its industries (六新).
func SixNews() []Choice {
	return []Choice{{"infrastructure", "新基建"}, {"technology", "新技术"}, {"material", "新材料"},
		{"equipment", "新装备"}, {"product", "新产品"}, {"business", "新业态"}}
}

// NeedKinds are the kinds of needs (需求类型).
func NeedKinds() []Choice {
	return []Choice{{"research", "技术攻关"}, {"result", "成果引进"}, {"talent", "人才引进"},
		{"testing", "检验检测"}, {"finance", "科技融资"}}
}

// ResultKinds are the kinds of achievements (国科发计字〔2000〕542号).
func ResultKinds() []Choice {
	return []Choice{{"applied", "应用技术"}, {"basic", "基础理论"}, {"soft", "软科学"}}
}

// ModeChoices are the ways to work together (合作方式).
func ModeChoices() []Choice {
	return []Choice{{"joint", "合作开发"}, {"commission", "委托开发"}, {"licence", "许可"},
		{"transfer", "转让"}, {"equity", "作价入股"}, {"service", "技术服务"}}
}

// Pricings are the ways a price is found (促进科技成果转化法, 2015).
func Pricings() []Choice {
	return []Choice{{"agreement", "协议定价"}, {"listing", "挂牌交易"}, {"auction", "拍卖"},
		{"equity", "作价入股"}}
}

// Entitlements are the steps of giving inventors a share (职务科技成果赋权, 国科发区〔2020〕128号).
func Entitlements() []Choice {
	return []Choice{{"none", "未赋权"}, {"applied", "申请中"}, {"noticed", "单位公示"},
		{"ownership", "赋予所有权"}, {"use", "赋予长期使用权"}}
}

// RightKinds are the kinds of intellectual property on the registration form of contracts.
func RightKinds() []Choice {
	return []Choice{{"invention", "发明专利"}, {"utility", "实用新型"}, {"design", "外观设计"},
		{"secret", "技术秘密"}, {"software", "计算机软件著作权"}, {"layout", "集成电路布图设计"},
		{"plant", "植物新品种"}, {"drug", "生物、医药新品种"}, {"work", "设计著作权"}}
}

// RightStates say how a right stands.
func RightStates() []Choice {
	return []Choice{{"applied", "申请中"}, {"granted", "已授权"}, {"lapsed", "已失效"}}
}

// Visibilities are the levels of a post (公开级别).
func Visibilities() []Choice {
	return []Choice{{string(Open), "公开"}, {string(Request), "依申请公开"}, {string(Named), "定向公开"}}
}

// Operators compare the value of a parameter.
func Operators() []Choice {
	return []Choice{{"=", "等于"}, {">=", "不少于"}, {"<=", "不超过"}, {">", "超过"}, {"<", "低于"},
		{"~", "约"}, {"range", "介于"}}
}

// Standards are those by which readiness is stated.
func Standards() []Choice {
	return []Choice{{generalStandard, "GB/T 22900—2022"}, {"materials", "GB/T 37264—2018"}}
}

// generalStandard is the standard of those that state none.
const generalStandard = "general"

// standardFrom is the day from which a standard is in force, as far as a text that says it was seen.
var standardFrom = map[string]clock.Date{generalStandard: "2022-10-12"}

// Level is one level of readiness with what proves it.
type Level struct {
	N     int
	Title string // key of package i18n
	Asks  string // key: the evidence to ask for
}

// Levels are the readiness levels (技术成熟度). 10 to 13 are the commercial extension.
func Levels() []Level {
	return []Level{
		{1, "报告级", "发现并报告基本原理"},
		{2, "方案级", "形成应用概念和技术方案"},
		{3, "功能级", "在实验室或分析中验证关键功能"},
		{4, "仿真级", "关键部件在模拟或实验环境中可用"},
		{5, "初样级", "样机具备主要功能"},
		{6, "正样级", "样机达到指标，完成中试设计"},
		{7, "环境级", "在真实环境中可用"},
		{8, "产品级", "小批量生产，有产品证书或检测报告"},
		{9, "系统级", "作为完整系统使用，批量生产"},
		{10, "销售级", "有销售合同与发票"},
		{11, "盈亏平衡级", "收入覆盖成本，有账目"},
		{12, "利润级", "有利润，有账目"},
		{13, "回报级", "收回投资，有账目"},
	}
}

// Routing says what readiness usually calls for: concept, pilot or industry (概念验证, 中试, 产业化).
func Routing(trl int) string {
	switch {
	case trl <= 0:
		return ""
	case trl <= 3:
		return "概念验证"
	case trl <= 6:
		return "中试"
	default:
		return "产业化"
	}
}

// LevelTitle is the title of a readiness level, its number when there is no such level.
func LevelTitle(n int) string {
	if n >= 1 && n <= len(Levels()) {
		return Levels()[n-1].Title
	}
	return strconv.Itoa(n)
}
