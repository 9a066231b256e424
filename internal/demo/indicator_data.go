package demo

import (
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/indicator"
)

// setCode is the set of the demonstration, of those that come with the program.
const setCode = "innocity-22"

// setInForce is the first day of the set of the demonstrations.
const setInForce = clock.Date("2023-01-01")

// setNote says what was done to the set that comes with the program.
const setNote = "逐项定下责任单位，特色指标由本市自定（演示）"

// undecided begins the name of the indicator that a city has to choose itself.
const undecided = "特色指标"

// ownIndicators are what the cities of the demonstration chose: a number that was published of each.
var ownIndicators = map[string]indicator.FileItem{
	cities[Taiyuan].code:  {Name: "晋创谷入驻企业数", Unit: "家", Text: "晋创谷·太原入驻的企业数"},
	cities[Changzhi].code: {Name: "校地合作成果数", Unit: "项", Text: "与省内外高校达成的合作成果数，累计"},
}

// responsible are the units that answer for the indicators of the set and report them; the other ones are
// those of the bureau of science and technology. Which unit answers for what is invented.
var responsible = map[string]string{
	"全社会R&D经费与GDP之比": "太原统计局", "财政科技支出占公共财政支出比重": "太原财政局", "每万名就业人员中R&D人员": "太原统计局",
	"规上工业企业R&D经费与营业收入之比": "太原统计局", "规上工业企业研发机构覆盖率": "太原工业和信息化局",
	"高新技术企业营业收入占规上工业营业收入比重": "太原统计局", "规上工业新产品销售收入占比": "太原工业和信息化局", "全员劳动生产率": "太原统计局",
	"知识密集型服务业增加值占GDP比重": "太原统计局", "每万人发明专利拥有量": "太原市场监督管理局", "实际使用外资与GDP之比": "太原商务局",
	"万元GDP能耗": "太原发展和改革委员会", "空气质量优良天数比率": "太原生态环境局", "居民人均可支配收入": "太原统计局",
	"公民具备科学素质的比例": "太原科学技术协会", "研发费用加计扣除减免税额": "太原税务局",
}

// reportedByDistricts are the indicators that districts report, with their first value in a district
// and what a period adds to it, in Taiyuan and in Changzhi. What the districts of a city have together is
// less than what was published of it.
var reportedByDistricts = []struct {
	name           string
	first, step    int
	less, lessStep int
}{
	{"高新技术企业数", 96, 4, 46, 1}, {"省级以上创新平台数", 11, 1, 15, 0}, {"科技型中小企业入库数", 12, 9, 6, 2},
}

// countedAs are the indicators that count what the sources call otherwise.
var countedAs = map[string]string{
	"高新技术企业数量": "高新技术企业数", "科技型中小企业数量": "科技型中小企业入库数", "晋创谷·太原入驻企业": "晋创谷入驻企业数", "校地合作成果": "校地合作成果数",
}

// cityFacts are values that were published of the two cities, with what the texts leave open. Those of
// the platforms are the sums of the kinds that the sources tell.
var cityFacts = []struct{ name, region, period, value, qualifier, asOf, origin, jump string }{
	{"高新技术企业数", "140100", "2020Q4", "2137", "=", "2020-12-31", "太原市2021年1月公开资料：“十二五”末380家增至2137家", ""},
	{"高新技术企业数", "140100", "2024Q4", "2150", "=", "2025-01-06", originTaiyuan2025, ""},
	{"高新技术企业数", "140400", "2022Q4", "264", "=", "2022-12-31", originChangzhi2023, seedJump},
	{"科技型中小企业入库数", "140100", "2017-12", "321", "=", "2017-12-31", "太原市2021年1月公开资料", ""},
	{"科技型中小企业入库数", "140100", "2020-12", "8700", "+", "2020-12-31", "太原市2021年1月公开资料：8700余家，当时为累计口径",
		"口径不同：登记累计数"},
	{"科技型中小企业入库数", "140100", "2024-12", "2606", "=", "2025-01-06", originTaiyuan2025 + "：当年有效数", ""},
	{"省级以上创新平台数", "140100", "2024Q4", "228", ">=", "2025-01-06",
		originTaiyuan2025 + "：全国重点实验室7家、省重点实验室136家、省技术创新中心85家之和，其他类别没有公布", seedJump},
	{"省级以上创新平台数", "140400", "2023Q2", "75", "=", "2023-06-25", originChangzhi2023 + "：国家级5家、省级70家", seedJump},
	{"晋创谷入驻企业数", "140100", "2024Q4", "243", "=", "2025-01-06", originTaiyuan2025, ""},
	{"校地合作成果数", "140400", "2023Q2", "500", "+", "2023-06-25", originChangzhi2023 + "：与省内外106所高校达成500余项", ""},
	{"技术合同成交额", "140100", "2024Q4", "228", "=", "2024-12-31", originTaiyuan2025, seedJump},
	{"技术合同成交额", "140400", "2022Q4", "30.62", "=", "2022-12-31", originChangzhi2023, seedJump},
}

const (
	originTaiyuan2025  = "新闻发布会，2025-01-06"
	originChangzhi2023 = "长治市公开资料，2023-06-25"
	seedJump           = "公开数据，相邻期没有数值"
)

// rankingFacts are places of Taiyuan and Changzhi in rankings of others.
var rankingFacts = []struct {
	name, publisher string
	year            int64
	region          string
	place, of       int64
	band, score     string
	source, mark    string
}{
	{"国家创新型城市创新能力评价报告", "中国科学技术信息研究所", 2019, "140100", 27, 0, "", "59.38",
		"2019年首份报告的公开名单", "verified"},
	{"国家创新型城市创新能力评价报告", "中国科学技术信息研究所", 2022, "140400", 0, 0, "百强", "",
		"长治市公开资料，2023-06-25：进入百强，名次未公布", "verified"},
	{"城市科技创新竞争力百强", "", 2024, "140100", 32, 100, "", "", "新闻发布会，2025-01-06；发布机构和方法没有找到",
		"shaky"},
	{"数字经济百强市", "", 2024, "140100", 35, 100, "", "", "新闻发布会，2025-01-06；发布机构和方法没有找到", "shaky"},
	{"GaWC世界城市名册", "GaWC", 2020, "140100", 223, 0, "", "", "新闻发布会，2025-01-06", "shaky"},
	{"GaWC世界城市名册", "GaWC", 2024, "140100", 139, 0, "", "", "新闻发布会，2025-01-06", "shaky"},
}
