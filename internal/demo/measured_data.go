package demo

import (
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/region"
)

// figure is what is invented of each of the two cities. It goes on from what was published of them: a
// sum of districts is less than that of their city, and a year is not far from the one before.
type figure struct{ taiyuan, changzhi string }

// figure is that of the home.
func (c *city) figure(x figure) string {
	if c.home.code == cities[Changzhi].code {
		return x.changzhi
	}
	return x.taiyuan
}

// schemeFrom is the day from which the indicators of the scheme are counted as it does.
const schemeFrom = clock.Date("2020-01-01")

// contractVolume is the indicator that the published texts tell first.
const contractVolume = "技术合同成交额"

// schemeValue is what is invented of an indicator that the scheme of the demonstration sets targets of.
type schemeValue struct {
	name, what, unit string
	gathers          bool // from the start of the year
	lead             string
	place            int    // which of the city's districts, -1 for the city
	value            figure // of the last quarter, none = nobody reported it
}

// ledIndicator is what a bureau leads for the whole city, and ledTarget what it is to reach.
const ledIndicator = "中试基地"

var ledTarget = figure{"4", "2"}

// schemeValues bring every target of the scheme that is in force a light: some are reached, some are
// late, one is far behind. Parts are those that the amounts were broken down to.
var schemeValues = []schemeValue{
	{"技术合同成交额", "经登记机构认定登记的技术合同成交额", "亿元", true, "太原科技局", -1, figure{"186.4", "30.4"}},
	{"技术合同成交额", "", "", true, "", 0, figure{"71.2", "10.9"}},
	{"技术合同成交额", "", "", true, "", 1, figure{"36.5", "7.1"}},
	{"技术合同成交额", "", "", true, "", 4, figure{"24.3", "3.2"}},
	{"技术合同成交额", "", "", true, "", 5, figure{"32", "4.8"}},
	{"高新技术企业", "有效期内的高新技术企业", "家", false, "太原科技局", -1, figure{"2278", "321"}},
	{"国家级科技企业孵化器", "科技部认定的孵化器", "家", false, "太原科技局", -1, figure{"12", "3"}},
	{"每万人口高价值发明专利拥有量", "有效高价值发明专利与常住人口之比", "件", false, "太原科技局", -1,
		figure{"16.1", "4.2"}},
	{"技术经理人", "取得证书的技术经理人", "名", false, "太原科技局", -1, figure{"247", "61"}},
	{"成果路演", "市、区组织的成果路演", "场", true, "太原科技局", -1, figure{"17", "6"}},
	{"重大攻关榜单", "已发布的攻关榜单", "项", true, "太原科技局", -1, figure{"13", "5"}},
	{"概念验证中心", "已建成的概念验证中心", "个", false, "太原科技局", -1, figure{}},
	{"中试基地", "已建成的中试基地", "个", false, "太原工业和信息化局", -1, figure{"2", "1"}},
	{"新材料", "已建成的新材料中试基地", "个", false, "太原工业和信息化局", -1, figure{"1", "1"}},
	{"创新券", "已兑付的创新券", "万元", true, "太原行政审批服务管理局", -1, figure{"940", "180"}},
	{"入网仪器", "入网的大型科研仪器", "台(套)", false, "太原科技局", -1, figure{"1512", "318"}},
}

// partsOf are the parts of districts in the city's contract volume (亿元), less than the whole together.
var partsOf = []struct {
	place  int
	figure figure
}{
	{0, figure{"90", "14"}}, {1, figure{"60", "10"}}, {4, figure{"50", "8"}}, {5, figure{"40", "6"}},
}

// factCities are the cities that the facts of the seeds name.
var factCities = map[string]region.Code{"太原市": "140100", "长治市": "140400"}
