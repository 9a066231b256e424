package assesshttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"计分办法列表": "List of scoring schemes", "制定计分办法": "Set a scoring scheme", "考核列表": "List of assessments",
	"考核与结果": "Assessment and results", "导出考核结果": "Export the results", "下载考核填报表": "Download the sheet of scores",
	"拟定考核": "Prepare an assessment", "修改考核": "Change the assessment", "办理考核的步骤": "Take a step with an assessment",
	"计分": "Score the units", "列入被考核单位": "List units", "移除被考核单位": "Take a unit off",
	"导入考核填报表": "Import the sheet of scores", "单位的考核明细": "Detail of a unit", "人工填写": "Typed in",
	"提出申诉": "Appeal against a score", "申诉列表": "List of appeals", "答复或撤回申诉": "Answer or withdraw an appeal",

	"按公布的计分办法，由目标、任务和亮灯得出；每一分都能看到来源。": "By the published scheme, from targets, tasks and lights; each point " +
		"shows its source.",
	"还没有考核": "There is no assessment yet", "市局公布规则后，考核会出现在这里。": "Assessments appear here once the bureau has published " +
		"the rules.",
	"考核年度": "Year", "没有申诉": "There is no appeal",
	"申诉期内，单位可以在本单位的明细页提出申诉。": "While the time for appeals runs, a unit can appeal on the page of its detail.",
	"申诉内容": "Appeal", "申诉时间": "Filed",

	"%d 年度": "Year %d", "打印": "Print", "导出 Excel": "Export Excel", "最近计分": "Last scored", "申诉期至": "Appeals until",
	"结果已发布，各单位都能查看。": "The results are published; every unit can see them.",
	"结果公示中：各单位只能看到本单位的明细，可在 %s 前提出申诉。": "The results are shown: each unit sees its own detail only and may appeal " +
		"until %s.",
	"复算不一致：%s。请重新计分并查明原因。":       "Counting again differs for %s. Score again and find out why.",
	"复算一致：用保存的数据重新计算，结果与记录完全相同。": "Counted again from the stored figures: the results are exactly those on record.",
	"计分之后有改动，请重新计分。":             "Something changed since the scoring: score again.",
	"还没有被考核单位":                   "No units yet", "在下面填写单位名称，一行一个。": "Write the names of units below, one a line.",
	"公示后，这里显示本单位的得分和明细；发布后显示全部单位。": "Once the results are shown, your own score and detail appear here; once they " +
		"are published, those of all units.",
	"重新取数，并按计分办法计算全部单位。":   "Take the figures anew and score all units by the scheme.",
	"数据以公示时为准，只计入之后的人工更正。": "The figures stay as they were shown; only corrections typed in since count.",
	"填报表": "Filled-in sheet", "有一处问题就一行也不导入": "With one problem no row is taken", "填报人工评分": "Scores by people",
	"下载填报表": "Download the sheet", "导入填报表": "Import the sheet", "单位名单": "Names of units",
	"一行一个，须在主体库中": "One a line, as in the registry", "按主体库判断": "As the registry says", "列入": "List",
	"已计分": "Scored", "已导入，请重新计分": "Imported: score again", "公布规则后不再改变": "It does not change once the rules are public",

	"制定新版": "Set a new edition", "单项封顶": "Cap", "按名次分档": "Tiers by rank", "扣分": "Deductions", "扣分项": "Deduction",
	"每项扣分": "Points each", "免扣项数": "Free of charge", "最多扣分": "At most", "加分": "Bonus", "加分项": "Bonus item",
	"最多加分": "At most", "比例上限": "Largest share", "最低分": "From",
	"缺数的计分项：%s。": "A part without figures: %s.", "缺数的计分项": "A part without figures",
	"申诉期 %d 个工作日，申诉在 %d 个工作日内答复。": "Appeals are taken for %d working days and answered within %d.",
	"总分相同名次并列；并列单位超出等次比例上限时，都不评该等次。": "Equal totals share a rank; where a tie would go beyond the share of a " +
		"grade, none of it gets the grade.",
	"加分合计不超过 %s 分。": "All bonuses together are at most %s.", "一票否决：%s。": "Veto: %s.", "一票否决": "Veto",
	"第 %s 项": "No. %s", "添加一项": "Add one", "与已有的同名即为新版": "The name of an older one makes a new edition of it",
	"答复申诉的时限": "Time to answer an appeal", "加分合计上限": "All bonuses at most",
	"已公布规则的考核不受影响，仍按当时的版本计分。": "Assessments with public rules keep the edition they have.",
	"代号": "Code", "权重合计 100；分档写作 100 / 90 / 80，按名次等分": "Weights are 100 together; tiers are written 100 / 90 / 80, " +
		"equal parts by rank",
	"每项扣分 ×（项数－免扣项数）": "points × (count − free of charge)", "由人工认定，须写依据": "Found by people, with a reason",
	"认定后直接列最后一个等次":                 "Puts a unit into the last grade",
	"由高到低；比例上限留空即不限；最后一个等次的分数线为 0": "From the best; an empty share is no limit; the last grade starts at 0",

	"计分后，这里显示每一项的得分和来源。": "Once scored, each part appears here with its source.", "取数时间": "Figures of",
	"同组 %d 个单位": "of %d in the group", "得分": "Score", "得分明细": "How the score came about",
	"同组第 %d 名，计 %s 分": "rank %d in the group counts %s", "人工填写：%s，%s": "Typed in: %s, %s", "没有数据": "No figures",
	"另有 %d 项": "and %d more", "人工填写记录": "What was typed in", "填写人": "By",
	"计分项填完成值，扣分项填要扣的分，否决填 1；留空即取消之前的填写": "The value of a part, the points of a deduction, 1 for a veto; empty " +
		"takes an earlier one back",
	"申诉的计分项": "Part of the score", "写明事实和佐证在哪里能查到": "Say what happened and where it can be seen", "申诉期至 %s。": "Appeals " +
		"are taken until %s.",
	"提交申诉": "File the appeal", "已保存，请重新计分": "Saved: score again", "已提交申诉": "Appeal filed",
	"考核得分明细": "Detail of the score", "总分 %s，同组第 %d 名，等次：%s": "Total %s, rank %d in the group, grade: %s",
})
