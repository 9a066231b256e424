package demo

const (
	dealReason    = "演示数据"
	brokerIssuer  = "山西省技术转移人才培养基地（演示）"
	brokerSummary = "长期在%s领域做成果转化，熟悉本地企业的工艺和投资习惯，愿意从看样机陪到投产。"
	shareOrg      = "所在机构"
	dealNDA       = "双方对本次交流中标明保密的资料保密三年，只用于评估合作，不向第三方披露。"
	complainText  = "约定的现场考察两次改期，没有提前告知。"
)

// brokerNames are the brokers of the demonstration beside the one who has an account.
var brokerNames = []string{"韩雪松", "李思源", "赵明远", "孙佳慧", "周立新", "吴海涛", "郑文博", "冯晓琳", "曹志强", "彭丽娜",
	"蒋承志", "沈一帆", "杜建国"}

// dealAsks are messages of those who ask for an introduction.
var dealAsks = []string{
	"希望了解样机在连续工况下的稳定性，最好能到现场看一次运行。",
	"我们有现成产线，想谈许可加技术服务，先做一个季度的小试。",
	"指标与我们的要求接近，想确认成本能否降到现有方案的八成。",
	"请提供第三方检测报告和专利清单，我们的技术负责人会先做评估。",
	"计划明年上半年改造两条线，时间合适的话愿意共同开发。",
	"想请团队就参数偏差做一次说明，能满足就进入商务。",
	"我们可以提供试验场地和物料，希望对方派两名工程师驻场。",
}

// dealTalks are what meetings were about.
var dealTalks = []string{
	"到实验室看了样机，现场测了三组数据，其中两组达到要求，第三组约定两周后复测。",
	"双方技术负责人对了接口和安装尺寸，需要加一套冷却模块，对方一周内给出方案。",
	"讨论了付款方式：入门费加销售提成，提成比例还有两个百分点的差距。",
	"在企业车间做了五天连续试运行，故障一次，原因是供电波动，对方已整改。",
	"法务就知识产权归属交换了意见，后续改进的成果归双方共有。",
	"确定了中试放大的里程碑：三个月出样，六个月小批量。",
}

// dealNotes are what a side keeps to itself.
var dealNotes = []string{
	"内部评估：技术可行，价格上限按年节约成本的一半谈。",
	"财务意见：今年预算已用七成，签约宜放在一季度。",
	"对方负责人偏向独家许可，我方倾向普通许可加优先权。",
	"另有一家在谈，参数稍差但价格低，作为备选。",
}

// staffNotes are what brokers tell the bureau.
var staffNotes = []string{
	"双方诚意足，主要差在提成比例，下周约三方会。",
	"企业换了分管副总，需要重新汇报一次，已约时间。",
	"建议帮助对接检测中心，缺一份第三方报告。",
}

// dealEnds are why introductions came to nothing, with the next step.
var dealEnds = []struct{ class, text, next string }{
	{"immature", "样机还在初样阶段，连续运行不到一百小时。", "六个月后完成正样再联系"},
	{"price", "报价超过预算四成，双方让步后仍有差距。", "调整为先试用后付费再报一次价"},
	{"parameters", "关键指标差两成，工艺窗口也不匹配。", "补充高温工况参数后重新匹配"},
	{"other", "企业已与原设备厂家达成改造协议。", "保持联系，下一轮技改再议"},
	{"rights", "核心专利为三方共有，许可需要另一方书面同意。", "取得共有人授权后再谈"},
	{"funds", "企业今年技改资金已排满。", "协助申请科技创新券后再谈"},
	{"timing", "新厂房推迟到明年投产，暂不引入新工艺。", "明年二季度由技术经理人回访"},
	{"silent", "三次联系没有回应。", "由科技局核实需求是否仍有效"},
}

// What brokers of the demonstration show of themselves.
const (
	caseTitle  = "%s成果许可转化"
	caseSource = "示范数据，不对应真实合同"
)

var certificateTitles = []string{"技术经理人培训合格证书", "技术经纪专业技术资格证书"}
