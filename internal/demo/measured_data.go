package demo

// schemeValue is what is invented of an indicator that the scheme of the demonstration sets targets of.
type schemeValue struct {
	name, what, unit string
	gathers          bool // from the start of the year
	lead             string
	place            int    // which of the city's districts, -1 for the city
	value            string // of the last quarter, "" = nobody reported it
}

// ledIndicator is what a bureau leads for the whole city.
const ledIndicator = "中试基地"

// schemeValues bring every target of the scheme that is in force a light: some are reached, some are
// late, one is far behind. Parts are those that the amounts were broken down to.
var schemeValues = []schemeValue{
	{"技术合同成交额", "经登记机构认定登记的技术合同成交额", "亿元", true, "太原科技局", -1, "158.6"},
	{"技术合同成交额", "", "", true, "", 0, "71.2"},
	{"技术合同成交额", "", "", true, "", 1, "22.4"},
	{"技术合同成交额", "", "", true, "", 4, "15.1"},
	{"技术合同成交额", "", "", true, "", 5, "24"},
	{"高新技术企业", "有效期内的高新技术企业", "家", false, "太原科技局", -1, "2812"},
	{"国家级科技企业孵化器", "科技部认定的孵化器", "家", false, "太原科技局", -1, "12"},
	{"每万人口高价值发明专利拥有量", "有效高价值发明专利与常住人口之比", "件", false, "太原科技局", -1, "16.1"},
	{"技术经理人", "取得证书的技术经理人", "名", false, "太原科技局", -1, "247"},
	{"成果路演", "市、区组织的成果路演", "场", true, "太原科技局", -1, "17"},
	{"重大攻关榜单", "已发布的攻关榜单", "项", true, "太原科技局", -1, "13"},
	{"概念验证中心", "已建成的概念验证中心", "个", false, "太原科技局", -1, ""},
	{"中试基地", "已建成的中试基地", "个", false, "太原工业和信息化局", -1, "2"},
	{"新材料", "已建成的新材料中试基地", "个", false, "太原工业和信息化局", -1, "1"},
	{"创新券", "已兑付的创新券", "万元", true, "太原行政审批服务管理局", -1, "940"},
	{"入网仪器", "入网的大型科研仪器", "台(套)", false, "太原科技局", -1, "1512"},
}
