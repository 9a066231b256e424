package demo

// The dispatch meetings of the demonstration. Everything said in them is invented.
const (
	seriesName    = "全市科技创新重点工作调度会（演示）"
	meetingPlace  = "市政府三号楼第二会议室"
	meetingNote   = "请主要负责同志参加，汇报控制在规定时间内，材料会前一天报市科技局。"
	itemByHand    = "研究下一年度科技计划项目储备安排"
	itemByHandWhy = "各单位通报储备项目情况，提出拟重点支持的方向。"
	itemDropped   = "相关单位参加省里会议，留待下次研究。"

	firstMinutes  = "会议听取了技术交易平台、创新券通兑等重点任务的进展汇报，分析了存在的问题，就下一步工作作出安排。"
	secondMinutes = "会议逐项检查了上次会议决议的落实情况，研究了进度滞后任务的推进措施。"
	attendance    = "应到 3 家，实到 3 家。"

	newTask       = "制定历史合同数据清洗方案"
	newTaskText   = "由市工业和信息化局牵头，商市科技局制定历史合同数据清洗方案，明确数据格式和时间表。"
	areaTask      = "开通区级创新券结算账户"
	areaTaskText  = "小店区开通创新券财政结算账户，完成与市级平台的对接。"
	instruction   = "各单位每月 5 日前报送进展，未报送的在下次会议上说明原因。"
	settledNote   = "三家单位已按时报送十月进展。"
	noteText      = "会议通报了各单位任务的亮灯情况。"
	postponed     = "同意平台升级改造任务时限顺延，明年一季度前完成，不再延期。"
	decisionOther = "由牵头单位抓紧推进，下次会议报告结果。"

	letterDistrict = "你单位承担的任务进度明显落后于计划。请查明原因，制定整改措施和时间表，并对照节点逐项销号。"
	letterCity     = "该任务为黄灯或红灯，请尽快与县级财政对接，明确账户开通时间，并于期限内书面回复。"
	replyText      = "我单位已与区财政局会商，结算账户正在办理，预计两周内开通；后续按周报送进展。（演示回复）"
	replyName      = "整改时间表（演示）.txt"
	replyFile      = "第一周：提交开户申请；第二周：账户开通并联调。本文件为虚构的演示材料。\n"
)
