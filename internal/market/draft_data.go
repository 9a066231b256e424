package market

import (
	"regexp"
	"strings"
)

// The words by which pasted texts are read, as of 2026-11. They are data: change them here.

// labels are what forms call their lines, with the field of a draft each is about. A long one goes on
// until the next label, a short one to the end of its line.
var labels = []struct {
	words []string
	field string
	long  bool
}{
	{[]string{"需求名称", "项目名称", "成果名称", "技术名称", "专利名称", "课题名称", "需求标题", "成果标题", "难题名称", "标题", "名称"},
		"title", false},
	{[]string{"需求内容", "需求描述", "需求背景", "技术需求情况", "技术难题", "希望解决的技术难题", "难题描述", "成果简介", "成果介绍",
		"项目简介", "技术简介", "内容简介", "主要内容", "详细描述", "技术特点", "创新点", "应用前景", "应用范围", "内容及预期目标",
		"简介", "内容"}, "text", true},
	{[]string{"预期目标", "主要技术指标", "技术指标", "考核指标", "指标要求", "技术参数", "性能指标", "预期要达到的技术经济指标"},
		"parameters", true},
	{[]string{"现有工作基础", "现有基础", "工作基础", "前期基础", "已有基础"}, "current", true},
	{[]string{"技术领域", "所属领域", "所属技术领域", "领域"}, "field", false},
	{[]string{"关键词", "关键字"}, "keywords", false},
	{[]string{"合作方式", "合作模式", "转化方式", "拟合作方式", "转让方式"}, "modes", false},
	{[]string{"预算", "经费预算", "投入预算", "拟投入资金", "资金预算", "研发预算", "意向价格", "价格", "转让价格", "转让费", "许可费", "报价",
		"悬赏金额", "榜单金额"}, "price", false},
	{[]string{"截止日期", "截止时间", "完成时限", "完成时间", "期限", "解决时限"}, "deadline", false},
	{[]string{"技术成熟度", "成熟度", "所处阶段", "成果阶段"}, "trl", false},
	{[]string{"专利号", "知识产权", "专利情况", "授权号", "申请号"}, "rights", false},
	{[]string{"联系人", "联系人及电话", "对接人", "负责人"}, "contact", false},
	{[]string{"联系电话", "电话", "手机", "联系方式", "联系手机", "手机号"}, "contactPhone", false},
	{[]string{"邮箱", "电子邮箱", "电子邮件", "E-mail", "Email", "email"}, "contactMail", false},
	{[]string{"单位名称", "企业名称", "需求单位", "完成单位", "所属单位", "单位"}, "org", false},
}

// fieldWords are words that speak for a technical field. Longer ones weigh more.
var fieldWords = map[string][]string{
	"01": {"集成电路", "芯片", "半导体", "碳化硅", "软件", "算法", "人工智能", "大数据", "物联网", "传感器", "通信", "雷达",
		"信息安全", "区块链", "机器学习", "图像识别", "机器视觉", "控制系统", "光电", "激光", "云计算", "神经网络", "数据平台"},
	"02": {"航空", "航天", "无人机", "卫星", "北斗", "发动机叶片", "飞行器", "遥感", "高温合金", "机身", "飞机"},
	"03": {"机器人", "数控", "机床", "智能制造", "自动化", "装备", "焊接", "铸造", "锻造", "模具", "减速器", "液压支架", "采煤机",
		"抛光机", "生产线", "装配线", "轧制", "打磨", "带钢", "传动"},
	"04": {"医药", "医疗", "药物", "中药", "疫苗", "诊断", "试剂", "康复", "细胞", "基因", "发酵", "临床", "抗体", "蛋白", "酶",
		"影像", "原料药", "菌种", "二元酸", "炮制"},
	"05": {"新材料", "合金", "碳纤维", "陶瓷", "复合材料", "涂层", "高分子", "纳米", "石墨", "镁合金", "不锈钢", "耐火材料",
		"树脂", "橡胶", "薄膜", "晶体", "金刚石", "氮化硼", "纤维", "石墨烯"},
	"06": {"新能源", "光伏", "风电", "储能", "电池", "氢能", "制氢", "燃料电池", "节能", "余热", "煤层气", "电解水", "锂电",
		"充电桩", "热泵", "供电"},
	"07": {"环保", "污水", "废水", "废气", "烟气", "脱硫", "脱硝", "固废", "煤矸石", "粉煤灰", "垃圾", "土壤修复", "除尘",
		"资源化", "回收利用", "再生利用", "零排放", "副产石膏", "氨氮", "废酸"},
	"08": {"核电", "核技术", "辐照", "同位素", "放射性", "中子", "核燃料", "辐射防护", "电子束"},
	"09": {"农业", "种植", "养殖", "育种", "谷子", "高粱", "果树", "温室", "饲料", "农药", "肥料", "畜牧", "食醋", "粮食", "杂粮",
		"果园", "农机", "作物", "麸皮", "食品"},
	"10": {"汽车", "重卡", "轨道交通", "铁路", "公路", "桥梁", "隧道", "自动驾驶", "车辆", "电驱", "换电", "交通", "智能网联", "列车",
		"路面"},
	"11": {"建筑", "城市", "管网", "消防", "应急", "文物", "供热", "装配式", "智慧社区", "混凝土", "地质灾害", "安全生产",
		"公共安全", "建筑垃圾", "救援"},
}

// wordValues are words that give a choice of a draft.
var wordValues = []struct {
	kind  Kind // "" for both
	field string
	value string
	words []string
}{
	{Need, "needKind", "testing", []string{"检验检测", "检测服务", "委托检测", "测试服务"}},
	{Need, "needKind", "finance", []string{"融资", "贷款", "风险投资", "股权投资"}},
	{Need, "needKind", "talent", []string{"人才引进", "引进人才", "招聘", "专家指导", "急需专家"}},
	{Need, "needKind", "result", []string{"成果引进", "引进技术", "购买技术", "受让", "引进成果", "寻找成熟", "成熟技术"}},
	{Need, "needKind", "research", []string{"技术攻关", "攻关", "研发", "研制", "开发", "技术难题", "解决", "突破", "研究"}},
	{Achievement, "resultKind", "soft", []string{"软科学", "政策研究", "战略研究"}},
	{Achievement, "resultKind", "basic", []string{"基础理论", "基础研究", "机理研究"}},
	{Achievement, "resultKind", "applied", []string{"应用技术", "装置", "工艺", "系统", "技术", "产品", "设备", "方法"}},
	{Achievement, "pricing", "agreement", []string{"协议定价", "协商定价", "价格面议", "面议"}},
	{Achievement, "pricing", "listing", []string{"挂牌交易", "公开挂牌", "挂牌"}},
	{Achievement, "pricing", "auction", []string{"公开拍卖", "拍卖"}},
	{Achievement, "pricing", "equity", []string{"作价入股", "作价投资", "技术入股"}},
	{Achievement, "entitlement", "ownership", []string{"赋予所有权", "已赋予科技人员所有权", "所有权赋权"}},
	{Achievement, "entitlement", "use", []string{"长期使用权", "赋予使用权"}},
	{Achievement, "entitlement", "noticed", []string{"赋权公示"}},
	{Achievement, "entitlement", "applied", []string{"申请赋权", "正在赋权"}},
	{Achievement, "payLater", "yes", []string{"先使用后付费", "先用后付", "先试用后付费", "先试后付"}},
}

// modeWords are words that speak for a way to work together.
var modeWords = []struct {
	mode  string
	words []string
}{
	{"joint", []string{"合作开发", "联合攻关", "联合研发", "联合开发", "共同开发", "合作研发", "产学研合作", "共同攻关"}},
	{"commission", []string{"委托开发", "委托研发", "委托研制", "委托"}},
	{"licence", []string{"许可使用", "专利许可", "许可实施", "实施许可", "普通许可", "独占许可", "许可"}},
	{"transfer", []string{"技术转让", "专利转让", "一次性转让", "转让"}},
	{"equity", []string{"作价入股", "技术入股", "入股", "股权合作"}},
	{"service", []string{"技术服务", "技术咨询", "技术指导", "驻场指导", "检测服务"}},
}

// levelWords are words that speak for the readiness of an achievement, the highest first.
var levelWords = []struct {
	level int
	words []string
}{
	{9, []string{"批量生产", "已量产", "实现量产", "规模化生产", "规模化应用", "大规模应用"}},
	{8, []string{"小批量生产", "小批量供货", "产业化应用", "实现产业化", "已产业化"}},
	{7, []string{"示范应用", "工程应用", "工业化应用", "现场应用", "现场运行", "投入运行", "工业试验"}},
	{6, []string{"中试", "通过第三方检测", "工程样机"}},
	{5, []string{"样机", "原型机", "初样"}},
	{4, []string{"小试", "模拟试验", "台架试验"}},
	{3, []string{"实验室验证", "实验室阶段", "原理验证"}},
}

// priceWords are words beside the amount that a need or an achievement is about, and otherWords those
// beside other amounts.
var (
	priceWords = map[Kind][]string{
		Need: {"预算", "经费", "拟投入", "预计投入", "计划投入", "投入研发", "出资", "悬赏", "榜额", "愿意支付", "资金支持", "研发费用",
			"投资额", "费用控制"},
		Achievement: {"转让", "许可", "价格", "报价", "售价", "作价", "估价", "评估价", "入门费", "费用"},
	}
	otherWords = []string{"销售", "产值", "营收", "收入", "利润", "注册资本", "已投入", "已投资", "成本", "节约", "节省", "市场规模", "造价",
		"税", "损失", "每年可", "效益", "资产", "前期投入"}
	openPrice = []string{"价格面议", "费用面议", "预算面议", "面议"}
)

// deadlineWords stand in the sentence of a date by which a need is to be met.
var deadlineWords = []string{"完成", "交付", "解决", "截止", "验收", "投产", "提交", "征集", "时限", "期限", "之前", "突破"}

// notYet are words before another that take it back: it is planned, possible or denied.
var notYet = []string{"拟", "计划", "将", "未", "待", "需要", "可以", "不", "非", "尚", "正在", "准备", "希望", "可用于", "适合", "开展"}

// idleWords are no keywords.
var idleWords = []string{"技术", "研究", "研发", "开发", "需求", "关键", "应用", "系统", "方法", "及其", "基于", "一种", "解决", "方案",
	"问题", "项目", "产业化", "关键技术", "性能", "改进", "设计", "装置", "希望", "寻求", "进行", "用于", "以及", "攻关", "合作", "新型",
	"提高", "利用", "高效", "成果", "难题", "急需", "企业", "公司", "工作", "控制", "环境", "标题", "费用", "合作开发", "连续", "安全",
	"早期", "设备", "装备", "处理", "制备", "生产", "产品", "工艺", "名称", "成套"}

// idleNames are no names of indicators.
var idleNames = []string{"公司", "企业", "目前", "我司", "我单位", "近", "已", "成立", "占地", "面积", "预计", "项目", "工期", "周期为", "第",
	"有效期", "电话", "运行", "连续", "经过", "大约", "超过", "不足", "需", "约", "其中", "共", "现有", "拥有", "使用", "工作", "历时", "示范"}

// useName begins names of indicators although its first rune is one of nameLeads: 使用寿命.
const useName = "使用"

// namedUses are indicators that hold one of idleNames, and what of them holds none.
var namedUses = strings.NewReplacer("使用寿命", "寿命", "使用温度", "温度", "使用压力", "压力", "工作寿命", "寿命",
	"工作温度", "温度", "工作压力", "压力", "工作电压", "电压", "工作电流", "电流", "工作频率", "频率")

// kindWords speak for one kind of post or the other.
var kindWords = map[Kind][]string{
	Need: {"需求", "寻求", "急需", "希望", "难题", "攻关", "预算", "征集", "解决方案", "需要", "瓶颈", "寻找", "求购"},
	Achievement: {"成果", "本发明", "本技术", "已授权", "专利号", "可转让", "已应用", "研制成功", "本项目", "获奖", "鉴定", "转让费", "自主研发",
		"填补", "先使用后付费", "中试", "可许可", "推广"},
}

// titleVerbs begin what a text without a title is about.
var titleVerbs = map[Kind][]string{
	Need:        {"需要研发", "急需", "希望开发", "希望解决", "寻求", "需要解决", "研究开发", "研发", "研制", "开发", "寻找", "需要", "征集", "实现"},
	Achievement: {"公开了", "提供了", "涉及", "研制出", "研制了", "研发了", "研发出", "开发了", "开发出", "发明了", "提出了", "形成了"},
}

// noTitle are words that no title begins with.
var noTitle = []string{"本", "我", "该", "团队", "公司", "企业", "一种本", "了", "的", "随着", "目前", "现有", "针对", "为了", "由于"}

// titleLeads only lead to a title, in the order in which they stand.
var titleLeads = []string{"实现", "对", "这种", "这类", "该"}

// nameLeads only lead to the name of an indicator.
var nameLeads = []string{"要求", "确保", "使", "且", "并", "处理后", "其中", "保证", "实现", "可将", "能将", "后", "时", "其", "下"}

// notWords before a word say that it does not hold (不转让).
var notWords = []string{"不", "非", "未"}

// feeEnds behind a way to work together make it a fee (许可费).
const feeEnds = "费价金"

// budgetWords name an amount of money as what may be spent.
var budgetWords = []string{"预算", "经费", "转让费", "许可费", "研发费"}

// A registration of software as its certificate writes it.
const (
	softwareBefore = "软著登字第"
	softwareAfter  = "号"
)

var levelText = regexp.MustCompile(`(?i:TRL)\s*[-:：]?\s*([1-9])|成熟度[^0-9。\n]{0,6}([1-9])\s*级?|([1-9])\s*级成熟度`)

// Numbers of rights in China: patents ZL201721099528.4 and CN108123456B, applications
// 202110123456.7, registrations of software 2020SR0123456 and 软著登字第1234567号.
var rightText = regexp.MustCompile(`(?:(ZL|CN)\s?)?((?:19|20)[0-9]{2}[1235892][0-9]{7})\s?\.\s?([0-9Xx])|` +
	`(ZL)\s?((?:19|20)[0-9]{2}[12389][0-9]{7})([0-9Xx])?|` +
	`(CN)\s?([12][0-9]{6,8}|[23][0-9]{8})\s?([ABCUYS])[0-9]?|` +
	`((?:19|20)[0-9]{2}SR[0-9]{6,7})|软著登字第\s?([0-9]{6,8})\s?号`)

var parameterForm = regexp.MustCompile(
	`^(.+?)\s*(>=|<=|≥|≤|>|<|=|≈|:|：)\s*(-?[0-9]+(?:\.[0-9]+)?)(?:\s*[~～—至]\s*(-?[0-9]+(?:\.[0-9]+)?))?\s*(.*)$`)

// proofStart begins a proof in a cell: its level. What follows on further lines belongs to it.
var proofStart = regexp.MustCompile(`^(?i:TRL\s*)?([0-9]{1,2})\s*级?\s*[:：]\s*`)
