package demo

import "github.com/yuntu-city/yuntu/internal/clock"

const (
	dutyFrom      = clock.Date("2017-01-01")
	inventedValue = "虚构的示范数据"
)

// addableEnds end the names of indicators whose district values add up to the city's.
var addableEnds = []string{"数", "减免税额"}

// gaugeSpans are the lowest and highest value that a district of the demonstration begins with. All
// values made from them are invented.
var gaugeSpans = map[string][2]int64{
	"全社会R&D经费与GDP之比": {1, 3}, "财政科技支出占公共财政支出比重": {1, 4}, "每万名就业人员中R&D人员": {20, 90},
	"规上工业企业R&D经费与营业收入之比": {1, 2}, "规上工业企业研发机构覆盖率": {18, 45}, "高新技术企业数": {12, 320},
	"高新技术企业营业收入占规上工业营业收入比重": {12, 48}, "科技型中小企业入库数": {20, 420}, "规上工业新产品销售收入占比": {8, 28},
	"全员劳动生产率": {9, 24}, "知识密集型服务业增加值占GDP比重": {8, 24}, "每万人发明专利拥有量": {3, 26},
	"技术合同成交额与GDP之比": {1, 4}, "省级以上创新平台数": {2, 40}, "省级以上孵化器数": {1, 8},
	"实际使用外资与GDP之比": {1, 2}, "万元GDP能耗": {1, 2}, "空气质量优良天数比率": {58, 78},
	"居民人均可支配收入": {24000, 46000}, "公民具备科学素质的比例": {9, 15}, "研发费用加计扣除减免税额": {1, 6},
}

// gaugeSpansLess are those of Changzhi where its published numbers ask for less.
var gaugeSpansLess = map[string][2]int64{"省级以上孵化器数": {1, 3}, "研发费用加计扣除减免税额": {0, 1}}
