package monitor

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"这一期没有可比的数值": "This period has no value that compares", "终点不能早于起点": "The end cannot be before the beginning",
	"口径已变，不能计算年均增长":      "The definition changed: no mean growth can be told",
	"单位不能换算，不能计算年均增长":    "The units do not convert: no mean growth can be told",
	"起点或终点不是正数，不能计算年均增长": "An end of the span is not positive: no mean growth can be told",
	"迟来的更正": "Late correction", "考核前突变": "Jump before an assessment", "差时缺报": "Missing where bad",
	"锁定后重算不同": "Differs from what was locked",
	// Names of values.
	"填报或发布": "Reported or published", "落后序时进度的百分点": "Percentage points behind schedule",
	"距目标的百分比": "Percent short of the target", "到期未达标的天数": "Days past due and not reached",
	"应报未报的月数": "Months a due value is missing", "按月均匀": "Equal months",
	"按近三年各月占比": "As the last three years ran", "数据达标": "The number itself", "说明材料": "A written explanation",
	"重新计算": "Recompute", "指标数据": "Data of indicators", "指标亮灯": "Lights of indicators",
	"指标亮灯规则": "Rules of indicator lights", "决定": "Decision",

	"指标亮红灯": "An indicator turned red", "指标亮红灯：%s": "An indicator turned red: %s",

	// Reasons of lights.
	"还没有应报的数据": "No value is due yet",
	"指标还没有口径，不知道从哪里取数：请先在指标页建立口径":   "The indicator has no definition, so no value can come: define it on its page",
	"目标期间 %s 起，尚未开始":                "The period of the target begins on %s",
	"最近一期数据是 %s，目标期间（%s 起）还没有数据":    "The latest value is of %s; there is none in the period of the target (from %s)",
	"分解给单位的目标只与该单位自己的数值比较，该单位还没有数值": "A part that was given to a unit is compared with the unit's own values only, and it has none",
	"已有口径，还没有数值：请分配填报责任或登记公布的数值":    "It is defined and has no value yet: assign who reports it, or enter what was published",
	"连续 %s 期为黄灯":              "Yellow for %s periods in a row",
	"完成目标的 %s%%":              "%s%% of the target is reached",
	"完成目标的 %s%%，还差 %s%%":      "%s%% of the target is reached, %s%% is lacking",
	"%s 登记目标时期间已过，只亮灯，不开任务":   "Its period was over when it was recorded on %s: a light, no task",
	"已达到目标":                   "The target is reached",
	"已达到目标，完成率 %s%%":          "The target is reached: %s%%",
	"应报的数据已 %s 个月未报":          "A value that is due has been missing for %s months",
	"到期未达标，已 %s 天":            "Due and not reached, for %s days",
	"没有上年同期值，不能计算增速":          "No value of a year before: growth cannot be told",
	"口径已变，不能与上年同期比较":          "The definition changed: no comparison with a year before",
	"上年同期值不是正数，不能计算增速":        "The value of a year before is not positive: growth cannot be told",
	"没有基期值，不能计算增量":            "No baseline: the increase cannot be told",
	"数据的单位（%s）与目标的单位（%s）不能换算": "The unit of the data (%s) does not convert into that of the target (%s)",

	"%s已锁定，保留锁定时的 %s；按现在的数据和口径重新计算为 %s": "%s is locked and keeps the %s it had; computed today it would be %s",
	"%s已锁定，保留锁定时的 %s；按现在的数据和口径算不出数值":    "%s is locked and keeps the %s it had; nothing could be computed today",

	// Faults.
	"指标“%s”仍为红灯，不能办结：数据转好后再办结，或由局领导写明理由作出决定": "Indicator “%s” is still red: the task is closed once " +
		"the number recovers, or when a leader decides so with a reason",
	"目标“%s”已取消，这项任务不再以办结收尾：退回后写明理由终止": "Target “%s” was dropped: send the task back and terminate it " +
		"with a reason, nobody completes it",
	"亮红灯后目标由“%s”改为“%s”，不能据此办结：恢复原目标，或由局领导写明理由作出决定": "The target was changed from “%s” to “%s” after its " +
		"light turned red: restore it, or a leader decides with a reason that the task may be closed",
	"这个目标没有因红灯而开的任务":                     "No task was opened for a red light of this target",
	"已经作出决定":                             "It was decided already",
	"这个数据没有可以列出的明细":                      "This number has no rows to list",
	"统计期应如 2026、2026H1、2026Q3 或 2026-09": "A period looks like 2026, 2026H1, 2026Q3 or 2026-09",
	"没有这个指标体系":                           "There is no such set of indicators",
	"考核日应如 12-31":                        "A day of assessment looks like 12-31",
	"时间应如 18:00":                         "A time looks like 18:00",

	// What ships with the program, and what the tasks say.
	"指标默认规则": "Usual rule of indicators", "银川市指标亮灯规则（示例）": "Yinchuan, lights of indicators (example)",
	"三亚市区级亮灯规则（示例）": "Sanya, lights of districts (example)", "三亚市 2022 年公开报道": "Sanya, published reports of 2022",
	"指标督办台账":       "Ledger of indicator alerts",
	"“%s”红灯督办（%s）": "Red light of “%s” (%s)",
	"亮灯理由：%s。":     "Why it is red: %s.",
	"办结要求：数据达标。数据转好、不再是红灯时方可办结。": "To close it: the number itself. It can be closed once the number has recovered " +
		"and is not red any more.",
	"办结要求：说明材料。附原因分析和改进措施；数据仍为红灯的，由局领导作出决定后方可办结。": "To close it: a written explanation with causes and measures. " +
		"While the number is red, a leader has to decide before it can be closed.",
})
