package atlas

// The rule that ships with the program. It is [design]: the city names the six classes and examples of
// them (太原市《聚焦“六新” 科技强市》, January 2021, on 新基建, 新技术, 新材料, 新装备), nobody published a list of
// words. A city replaces it by its own, from a day on.

const (
	shippedName   = "六新与领域归类（内置词表）"
	shippedSource = "类别及举例见太原市 2021 年 1 月“六新”部署；词表为本系统设计"
)

// shippedSix are words by class, the more telling class before. A word that most names hold, as 技术 or
// 服务, tells nothing. Industries (GB/T 4754—2017) and fields lead to a class where no word does.
var shippedSix = []SixRule{
	{Class: "infrastructure", Words: []string{"新基建", "5G", "数据中心", "算力", "工业互联网", "充电桩", "充电设施", "换电站",
		"车路协同", "物联网平台", "特高压", "城际轨道", "云平台", "通信网络"},
		Industries: []string{"I631", "I645"}},
	{Class: "business", Words: []string{"平台经济", "电商", "直播", "共享工厂", "共享制造", "供应链服务", "智慧物流", "多式联运",
		"远程医疗", "在线教育", "文旅", "金融科技"},
		Industries: []string{"I64"}},
	{Class: "material", Words: []string{"材料", "合金", "特钢", "不锈钢", "碳纤维", "石墨烯", "碳基", "生物基",
		"硅钢", "陶瓷", "薄膜", "铜箔", "镁", "铝", "涂层", "催化剂", "树脂", "橡胶", "玻璃"},
		Industries: []string{"C26", "C28", "C29", "C30", "C31", "C32"}, Fields: []string{"05"}},
	{Class: "equipment", Words: []string{"装备", "设备", "机床", "机器人", "机械", "起重机", "锅炉", "电机", "无人机",
		"通用航空", "掘进机", "采煤机", "风机", "生产线", "减速器", "泵", "阀"},
		Industries: []string{"C33", "C34", "C35", "C36", "C37", "C38", "C40"}, Fields: []string{"02", "03", "10"}},
	{Class: "technology", Words: []string{"工艺", "算法", "模型", "人工智能", "大数据", "区块链",
		"芯片", "半导体", "传感", "检测", "识别", "控制系统", "软件"},
		Industries: []string{"I65", "C39", "M73", "M74", "M75", "N77", "C25", "C42", "D44"},
		Fields:     []string{"01", "06", "07", "08"}},
	{Class: "product", Words: []string{"产品", "药", "制剂", "疫苗", "仪器", "器械", "终端", "电池", "组件", "光伏",
		"灯", "饮料", "食品", "品种"},
		Industries: []string{"C13", "C14", "C15", "C27", "A"}, Fields: []string{"04", "09"}},
}

// shippedKinds are the kinds of organisations that have a class: enterprises, and the laboratories and centres
// that are platforms.
var shippedKinds = []string{"enterprise", "institute"}

// shippedFields lead from industries (GB/T 4754—2017) and words to technical fields.
var shippedFields = []FieldRule{
	{Field: "01", Industries: []string{"C39", "I63", "I64", "I65"},
		Words: []string{"信息", "软件", "芯片", "半导体", "集成电路", "人工智能", "大数据", "通信", "网络"}},
	{Field: "02", Industries: []string{"C374"}, Words: []string{"航空", "航天", "卫星", "无人机"}},
	{Field: "03", Industries: []string{"C33", "C34", "C35", "C38", "C40"},
		Words: []string{"装备", "机械", "机床", "机器人", "智能制造", "自动化"}},
	{Field: "04", Industries: []string{"C27", "C358", "Q84"},
		Words: []string{"生物", "医药", "医疗", "制药", "中药", "疫苗"}},
	{Field: "05", Industries: []string{"C26", "C28", "C29", "C30", "C31", "C32"},
		Words: []string{"材料", "合金", "特钢", "碳纤维", "石墨烯", "冶金", "金属", "化工"}},
	{Field: "06", Industries: []string{"D44", "B06", "C25"},
		Words: []string{"能源", "光伏", "风电", "氢能", "储能", "电池", "节能", "煤"}},
	{Field: "07", Industries: []string{"N77", "D46", "C42"},
		Words: []string{"环保", "环境", "污水", "固废", "大气", "资源综合利用"}},
	{Field: "08", Industries: nil, Words: []string{"核电", "核技术", "辐照"}},
	{Field: "09", Industries: []string{"A01", "A02", "A03", "A04", "A05", "C13"},
		Words: []string{"农业", "种业", "畜牧", "食品", "果蔬"}},
	{Field: "10", Industries: []string{"C36", "C37", "G"},
		Words: []string{"交通", "轨道", "汽车", "铁路", "车辆", "物流"}},
	{Field: "11", Industries: []string{"E", "N78"}, Words: []string{"建筑", "城市", "市政", "应急", "社会"}},
}

// shippedPlatforms are words in the names of innovation platforms, after the kinds that the province
// recognises (省重点实验室、省技术创新中心) and the city counts (中试基地、概念验证中心).
var shippedPlatforms = []string{"实验室", "技术创新中心", "制造业创新中心", "产业创新中心", "工程研究中心", "工程技术研究中心",
	"工程实验室", "临床医学研究中心", "中试基地", "概念验证中心", "新型研发机构"}
