package demo

// schemeText is the plan that the ledger of the demonstration comes from. City, offices and places
// are real names; every number and obligation in it is invented, and it says so.
const schemeText = `太原市科技局（演示）关于印发
太原市科技创新生态提升行动方案（2026—2027年）（演示）的通知

并科演发〔2026〕3号

各县（市、区）科技主管部门，各有关单位：

现将《太原市科技创新生态提升行动方案（2026—2027年）（演示）》印发给你们，请认真组织实施。本文为虚构的演示文件，其中数字均为编造。

2026年1月15日

一、总体目标

2025年，全市技术合同成交额186亿元，同比增长16.2%，高新技术企业达到2680家。2026年，全市技术合同成交额达到215亿元，高新技术企业达到2950家，全社会研发经费投入增长10%以上。到2027年，全市技术合同成交额突破260亿元，高新技术企业达到3300家，国家级科技企业孵化器由9家增至14家，每万人口高价值发明专利拥有量达到16.8件。

二、重点任务

（一）建设技术转移体系。推进市级技术交易平台升级改造，2026年底前建成投用；培育技术经理人300名以上，全年组织成果路演不少于40场。

（二）推行揭榜挂帅。聚焦半导体、煤机装备、合成生物等产业链发布重大攻关榜单20项左右，单个榜单支持资金最高500万元。完善揭榜项目里程碑考核办法。

（三）壮大创新主体。实施科技型企业梯度培育计划，新增国家级专精特新“小巨人”企业12家；建立高新技术企业预申报辅导机制。

（四）布局中试平台。支持晋源区、小店区各建设1个概念验证中心，2027年6月底前建成5个中试基地，其中新材料3个、生物医药2个。

（五）优化创新服务。推广创新券跨区通兑，全年发放创新券3000万元以上；健全科研仪器共享机制，入网仪器达到1500台（套）。

三、保障措施

各责任单位每月5日前报送进展。市科技局每季度通报一次，对进展滞后的发提醒函。`

// briefText waits at the review desk. Its growth is wrong on purpose: 48 is not 30 more than 40 by
// 30 per cent.
const briefText = `小店区上半年科技工作情况（演示）

2026年7月8日

上半年，小店区登记技术合同620项，成交额48亿元，比上年同期的40亿元增长30%，完成年度任务的54.5%，总量居全市第一位。新认定高新技术企业65家，科技型中小企业入库910家，占全市的三成以上。全区已建成市级以上创新平台83个，其中省级重点实验室21个。

下半年，小店区将举办成果对接活动12场，推动龙城大街科创走廊二期10月底前开工，力争全年技术合同成交额突破90亿元。（本文为虚构的演示文件）`

// duty is how the demonstration goes on with a task of the plan.
type duty struct {
	words    string // of the title that the reading gives it, or that it gets
	lead     string // part of the name of its lead unit
	state    string // how far it has come
	progress int64  // per cent
	say      string // of the report
	problem  string
}

var undertakings = []duty{
	{"推进市级技术交易平台升级改造", "太原科技局", "active", 35, "完成需求论证和招标，正在开发撮合模块。", "历史合同数据格式不一，清洗比预计慢。"},
	{"完善揭榜项目里程碑考核办法", "太原科技局", "applied", 100, "办法已经局长办公会审定印发。", ""},
	{"实施科技型企业梯度培育计划", "太原工业和信息化局", "active", 78, "已辅导 420 家，新增“小巨人”企业 9 家。", ""},
	{"建立高新技术企业预申报辅导机制", "太原工业和信息化局", "established", 0, "", ""},
	{"推广创新券跨区通兑", "太原行政审批服务管理局", "active", 8, "已与三个区签订通兑协议。", "两个县财政结算账户尚未开通。"},
	{"健全科研仪器共享机制", "太原科技局", "done", 100, "共享办法和目录已发布，入网仪器 1,512 台（套）。", ""},
	{"组织成果路演", "太原科技局", "suspended", 40, "已举办 17 场。", ""},
}

const (
	sourceDemo         = "虚构的演示文件"
	ledgerName         = "2026 年科技重点工作台账（演示）"
	leaderName         = "分管副市长（演示）"
	officeOfDepartment = "太原工业和信息化局"
	evidenceName       = "考核办法印发稿（演示）.txt"
	evidenceText       = "本文件为虚构的演示佐证材料。\n"
	reasonApply        = "任务已完成，申请核验。"
	reasonPause        = "场地改造，待二期会场启用后继续。"
	verdictText        = "请盯住合同数据清洗进度，月底前给出时间表。"
	nodeDesign         = "方案与立项"
	nodeBuild          = "建设与试行"
	nodeFinish         = "验收与总结"
	nodeDesignOut      = "经审定的方案"
)
