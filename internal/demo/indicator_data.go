package demo

// indicatorSet is the set of the demonstration, of those that come with the program.
const indicatorSet = "innocity-22"

// setInForce is the first day of the set of the demonstrations.
const setInForce = "2023-01-01"

// reportedByDistricts are the indicators that districts report, with their first value in a district
// and what a period adds to it.
var reportedByDistricts = []struct {
	name        string
	first, step int
}{
	{"高新技术企业数", 96, 4}, {"省级以上创新平台数", 11, 1}, {"科技型中小企业入库数", 12, 9},
}

// districtOffice is the office of a district, by the district's name.
const districtOffice = "太原市%s科学技术局（演示）"

// cityFacts are values that were published of Taiyuan, with what the texts leave open.
var cityFacts = []struct{ name, period, value, qualifier, asOf, origin, jump string }{
	{"高新技术企业数", "2020Q4", "2137", "=", "2020-12-31", "太原市2021年1月公开资料：“十二五”末380家增至2137家", ""},
	{"高新技术企业数", "2024Q4", "2150", "=", "2025-01-06", "新闻发布会，2025-01-06", ""},
	{"科技型中小企业入库数", "2017-12", "321", "=", "2017-12-31", "太原市2021年1月公开资料", ""},
	{"科技型中小企业入库数", "2020-12", "8700", "+", "2020-12-31", "太原市2021年1月公开资料：8700余家，当时为累计口径",
		"口径不同：登记累计数"},
	{"科技型中小企业入库数", "2024-12", "2606", "=", "2025-01-06", "新闻发布会，2025-01-06：当年有效数", ""},
}

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
