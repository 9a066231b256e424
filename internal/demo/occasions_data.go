package demo

import "github.com/yuntu-city/yuntu/internal/money"

// wares are invented achievements that are pitched, listed or auctioned.
var wares = []struct {
	title, text, field, pricing string
	price                       money.Fen
	trl                         int
}{
	{"石墨烯改性导热膜制备技术（演示）", "面向功率器件散热的石墨烯改性导热膜，已完成百平方米级连续涂布试验，面内导热系数稳定。本条为虚构的演示数据。", "05", "listing", 180 * 1_000_000, 6},
	{"矿用本安型微震监测传感器（演示）", "用于煤矿顶板与冲击地压监测的本质安全型微震传感器，已在两座矿井连续运行半年。本条为虚构的演示数据。", "03", "auction", 60 * 1_000_000, 7},
	{"玉米秸秆制备聚乳酸中试工艺（演示）", "以玉米秸秆糖化液为原料的聚乳酸中试工艺包，含发酵、提纯与聚合三段。本条为虚构的演示数据。", "04", "auction", 320 * 1_000_000, 5},
	{"铸造缺陷视觉检测算法（演示）", "适用于铸件表面气孔、裂纹的视觉检测算法与样本库，可部署在产线工控机。本条为虚构的演示数据。", "01", "auction", 25 * 1_000_000, 8},
}

// bureauName is part of the name of the organiser.
const bureauName = "太原科技局"

// The events of the demonstration.
const (
	pastShow      = "2026年秋季新材料成果路演（演示）"
	pastShowText  = "面向先进材料企业和投资机构的成果路演，安排项目路演、现场洽谈和意向登记。\n本活动为虚构的演示数据。"
	pastShowPlace = "太原市科技大厦一层路演厅"
	pastReport    = "到场企业和机构 6 家，路演项目 2 项，现场标记意向 3 项，已签约 1 项。（演示）"
	nextShow      = "装备制造供需对接会（演示）"
	nextShowText  = "上午路演，下午一对一洽谈。报名后可在“我的活动”中约谈其他参会者。\n本活动为虚构的演示数据。"
	nextShowPlace = "山西会展中心三号厅"
	draftShow     = "概念验证项目闭门交流（演示）"
	askAt         = "0351-0000000"
	slotOpening   = "开场与政策介绍"
	slotSpeaker   = "项目负责人"
	slotTalks     = "自由交流"
	outcomeNote   = "双方约定先做小试"
	signedNote    = "签订技术许可合同"
	talkTopic     = "想了解传感器在高瓦斯矿井的适用性"
	wantsToKnow   = "产线上已有相机，想了解算法部署方式"
)

// Auctions and appraisals of the demonstration.
const (
	auctionTerms   = "受让方须为依法设立的企业，具备相应产业化条件；成交后 30 日内签订技术转让合同，价款分两期支付。本项目为虚构的演示数据。"
	bidderContact  = "商务部 0351-0000000"
	sheetPurpose   = "技术许可谈判参考"
	sheetLimits    = "仅供双方谈判参考，依据编制人提供的预测数据，不构成资产评估报告，不得用于抵押、出资验资等法定用途。（演示）"
	editionNote    = "首轮测算"
	costLabour     = "研发人工"
	costTrial      = "中试试验与材料"
	costEquipment  = "专用设备折旧"
	comparableOne  = "外省同类导热膜技术许可（演示）"
	comparableTwo  = "石墨烯涂层技术转让（演示）"
	comparableLast = "柔性散热材料技术作价入股（演示）"
	reviewBasis    = "查新报告、检测报告、用户应用证明、知识产权清单（演示）。"
	reviewOpinion  = "技术路线清楚，现场验证数据较完整。（演示）"
	reviewResult   = "五项价值的加权平均分见表。技术价值得分较高，依据是两座矿井连续运行的数据；经济价值受限于尚未批量销售。（演示）"
	reviewLimits   = "本报告反映评价专家在评价当日对所附材料的意见，不作为成果水平排名、定价或验收的依据。（演示）"
	expertUnit     = "某高校（演示）"
)
