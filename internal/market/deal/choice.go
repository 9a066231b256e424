package deal

import "github.com/yuntu-city/yuntu/internal/market"

// Choice is one value of a closed list: what is stored and its Chinese title, a key of package i18n.
type Choice struct {
	Value string
	Title string
}

// Sides of an introduction, and who else acts in it.
const (
	Demand  = "demand" // 需求方
	Supply  = "supply" // 供给方
	Agent   = "broker" // 技术经理人
	Bureau  = "bureau" // 主管部门
	Nobody  = "system" // 系统
	regions = "region" // staff who look on in their region
	noSide  = ""       // no part in it
)

// Parties are those who may ask for an introduction.
func Parties() []Choice {
	return []Choice{{Demand, "需求方"}, {Supply, "供给方"}, {Agent, "技术经理人"}, {Bureau, "主管部门"},
		{Nobody, "系统"}}
}

// Sources say where an introduction came from.
func Sources() []Choice {
	return []Choice{{"match", "智能匹配"}, {"search", "检索"}, {"post", "供需详情"}, {"show", "路演与对接会"},
		{"demo", "演示数据"}}
}

// Classes are all classes of reasons for which an introduction ends without a contract. Those in
// force on a day are data of the rule: see Rule.
func Classes() []Choice {
	return []Choice{{"immature", "技术不成熟"}, {"price", "价格分歧"}, {"parameters", "参数不符"},
		{"other", "已另有方案"}, {"rights", "知识产权问题"}, {"funds", "资金不足"}, {"timing", "时机不合"},
		{"silent", "对方无回应"}}
}

// Grades are the grades of brokers in the outline of their training. Those in force are data of the
// rule.
func Grades() []Choice {
	return []Choice{{"junior", "初级"}, {"middle", "中级"}, {"senior", "高级"}}
}

// Views say who may see a line of a timeline.
func Views() []Choice {
	return []Choice{{SeenAll, "双方、技术经理人和主管部门可见"}, {SeenDemand, "仅需求方可见"},
		{SeenSupply, "仅供给方可见"}, {SeenDemandStaff, "需求方、技术经理人和主管部门可见"},
		{SeenSupplyStaff, "供给方、技术经理人和主管部门可见"}, {SeenStaff, "技术经理人和主管部门可见"}}
}

// Works are the kinds of what a broker contributes.
func Works() []Choice {
	return []Choice{{"find", "发现与撮合"}, {"study", "调研与尽职调查"}, {"price", "估值与议价"},
		{"talk", "组织洽谈"}, {"paper", "合同起草"}, {"after", "履约跟踪"}}
}

// Tied says why a broker has a conflict of interest.
func Tied() []Choice {
	return []Choice{{"declared", "本人申报"}, {"employer", "所在单位"}, {"member", "任职单位"}}
}

// Modes are the ways to work together (合作方式) that posts offer.
func Modes() []Choice { return asChoices(market.ModeChoices()) }

// Fields are the technical fields (技术领域) of posts.
func Fields() []Choice { return asChoices(market.Fields()) }

func asChoices(list []market.Choice) []Choice {
	out := make([]Choice, len(list))
	for i, c := range list {
		out[i] = Choice(c)
	}
	return out
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
