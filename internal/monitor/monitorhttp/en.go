package monitorhttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"年均增长": "Mean yearly growth", "选择年均增长的起止": "Choose the span of the mean growth", "起点": "From", "终点": "To",
	"起点和终点是同一期，没有增长可算。": "The span begins and ends with the same period: there is no growth.", "年数": "Years",
	"%d 年": "%d years", "指标的年均增长": "Mean yearly growth of an indicator",
	"筛选疑点": "Filter doubts", "共 %s 处疑点": "%s doubts", "没有发现疑点": "No doubts were found",
	"数值审核后按规则检查；也可以放宽条件再看。": "Values are checked by the rule once they are approved; you may also look wider.",
	"数值和版次": "Value and revisions", "各类疑点的数量": "Number of doubts by kind",
	"迟来的大幅更正、考核前的突变、只在变差时缺报：请向填报单位核实，疑点本身不说明数据有错。按亮灯规则里的参数每小时重算。": "Large late corrections, " +
		"jumps before an assessment, values missing just where they are bad: please ask the unit that reported. A doubt " +
		"proves nothing. They are computed anew every hour by the parameters of the rule of lights.",
	"各点位 %s": "Stations, %s", "点位": "Station", "类型": "Kind", "水体": "Waters", "与目标相比": "Against the goal",
	"达到目标": "reached", "没有达到": "not reached",
	// Titles of operations.
	"指标的数据、目标与亮灯": "Data, targets and lights of an indicator", "指标分地区的数据": "An indicator by district",
	"重新计算指标的数据点和亮灯": "Recompute the points and lights of an indicator", "数据点及其依据": "A data point and what proves it",
	"数据点背后的明细": "Rows behind a data point", "指标亮灯列表": "List of lights", "各色灯的数量": "How many lights of each colour",
	"目标的灯、理由与任务": "Light of a target, its reasons and tasks", "决定红灯任务可以办结": "Decide that a red task may be closed",
	"某日有效的指标亮灯规则": "Rule of indicator lights on a day", "增加指标亮灯规则": "Add a rule of indicator lights",

	// Overview and sets.
	"指标总览": "Indicators", "指标速览": "Indicators in brief", "手机版": "For the phone", "还没有指标数据": "No data yet",
	"先建立指标体系和口径，部门填报并审核后，数据会出现在这里。": "Set up indicators and how they are counted; data appears here once " +
		"departments report it and it is approved.",
	"%d 项指标，%d 项有数据": "%d indicators, %d with data", "数据截至 %s": "As of %s", "数据截至": "As of",
	"有数据的指标": "Indicators with data", "截至期间": "Until", "较上年同期 %s": "%s on the year", "需要关注": "Needs attention",
	"现值": "Value", "现值 %s": "Value %s", "同比": "On the year", "环比": "On the period", "完成率": "Reached",
	"近六期": "Last six", "灯色": "Light", "目标 %s": "Target %s", "没有红灯和黄灯。": "Nothing is red or yellow.",
	"这套指标还没有数据": "No data for this set yet", "部门填报并审核后，数据会出现在这里。": "Data appears here once departments report it and it is approved.",
	"指标明细": "All indicators", "指标完成率（竖线为序时进度）": "How far the targets are reached (mark: schedule)",
	"来源：填报审核值与系统度量 · 亮灯规则见“指标亮灯规则”": "Source: approved values and measures · see the rules of indicator lights",
	"各区县%s": "%s by district", "各区县各期%s": "%s by district and period", "%s走势": "%s over time",
	"%s走势（口径有变，分段绘制，不连线）": "%s over time (the definition changed: drawn apart, not joined)", "口径 %d": "Definition %d",
	"分组": "Group", "%s余": "%s+", "%s %s 个百分点": "%s %s percentage points", "%s 个百分点": "%s percentage points",

	// Indicators.
	"口径与文件说法": "Definition and documents", "选择地区": "Choose a place", "请核实：%s": "Please check: %s",
	"这个地区还没有这项指标的数据": "No data of this indicator for this place", "换一个地区，或由责任单位填报。": "Choose another place, or have the unit report.",
	"没有预计：%s": "None: %s.", "不给区间：%s": "No interval: %s.",
	"年末预计": "Expected at the end of the year", "目标与亮灯": "Targets and lights", "红灯开的任务": "Tasks opened by red lights",
	"口径沿革": "History of the definition", "%s（%s 至 %s）": "%s (%s to %s)", "%s预计为 %s。": "%s is expected at %s.",
	"所据年份 %s": "from %s", "方法：%s": "Method: %s", "取数方式": "Where it comes from", "频度": "How often",
	"填报时限": "To be reported by", "期末后 %d 个工作日 %s": "%d working days after the period, %s", "统计期": "Period",
	"口径变更": "Definition changed", "与上一版": "To the one before", "连续": "Continues it", "不可比": "Not comparable",
	"修饰": "Qualifier", "已重新计算 %s 个数据点": "%s data points were computed anew",

	"数值（已锁定）": "Value (locked)", "算不出数值": "nothing",
	"这一期已锁定，保留锁定时的数值；按现在的数据和口径重新计算：%s": "This period is locked and keeps its value; computed today: %s",

	// What proves a number.
	"生效": "In force", "记录": "Record", "计入": "Counts", "最新一期": "Latest",
	"上年同期": "A year before", "地区或单位": "Place or unit", "记录时间": "Recorded", "填报与审核记录": "Report and approval",
	"看明细": "Show the rows", "公式用到的数据": "What the formula used", "审核时间": "Approved", "明细": "Rows",
	"现有记录中您可以查看的明细；数据点为 %s，读数时间 %s。": "The rows you may see as they are now; the data point says %s, read at %s.",
	"没有您可以查看的明细":                     "No rows that you may see", "这些记录由其他单位管理，或已有变动。": "The rows belong to others, or have changed.",

	// Lights.
	"每个目标一盏灯：按规则从数据算出，理由写在旁边；红灯自动开任务，数据转好前不能办结。": "One light for each target, computed from the data by a rule, " +
		"with its reasons; a red one opens a task that is not closed before the number recovers.",
	"筛选亮灯": "Filter lights", "指标名称的开头": "Beginning of its name", "目标期间": "Period of the target", "只看现行目标": "Targets in force only",
	"还没有亮灯": "No lights yet", "下达目标、填报数据后，灯会按规则亮起。": "Lights appear once targets are set and data is reported.",
	"序时进度": "Schedule", "完成率（%）": "Reached (%)", "序时进度（%）": "Schedule (%)", "落后（百分点）": "Behind (points)",
	"所据序列": "Series it rests on", "按%s全域数值": "by the values of %s as a whole",
	"%s是牵头单位，没有本单位的序列，按%s全域数值亮灯": "%s leads it and has no series of its own: measured by the values of %s as a whole",
	"目标下达给单位，只与该单位的数值比较":         "Set for a unit: compared with that unit's own values only",
	"目标属于地区，按全域数值亮灯":             "Set for a place: measured by the values of the place as a whole",
	"月均需完成": "Needed a month", "亮灯理由": "Why it has this colour", "依据规则“%s”（%s 起）": "By the rule “%s” (since %s)",
	"写明为什么数据未转好也可以办结；决定和理由将留痕。": "Say why it may be closed before the number recovers; decision and reason stay on record.",
	"同意在红灯时办结": "Let it be closed while red", "局领导决定": "Decision of a leader", "已作出决定": "Decided", "实际进度": "Progress",
	"开出": "Opened", "办结要求": "To close it", "数据已转好，可以办结": "The number recovered: it may be closed",
	"已决定可以办结": "A leader lets it be closed", "红灯未解除，不能办结": "Still red: not to be closed",

	// Rules.
	"规则按日期生效，写明出处；过去的日子用当时的规则，不追改。": "Rules hold from a day on and name their source; days that have passed keep the rule they had.",
	"不在有效期内": "Not in force", "连续 %d 期黄灯转红灯": "%d periods of yellow in a row turn red", "序时进度：%s": "Schedule: %s",
	"红灯自动开任务：%d 个工作日内（至 %s），要求%s": "A red light opens a task: within %d working days (until %s), asks for: %s",
	"红灯不自动开任务": "A red light opens no task", "个月": "months", "达到或超过": "This or more", "任务时限的钟点": "Time of day of the deadline",
	"连续多少期黄灯转红灯": "Yellow periods in a row that turn red", "期": "periods", "红灯任务的工作日数": "Working days of a task",
	"任务所在台账": "Ledger of the tasks", "多少天后的更正要核实": "Check corrections after so many days", "更正幅度达到": "that change by",
	"考核日（月-日，空格分开）": "Days of assessment (month-day, spaces between)", "考核前多少天的数据要核实": "Check data so many days before",
	"变动达到平常的多少倍": "with a step so many times the usual", "倍": "times",
})
