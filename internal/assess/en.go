package assess

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"计分办法": "Scoring scheme", "考核": "Assessment", "考核明细": "Assessment detail", "考核申诉": "Assessment appeal",
	"拟定方案": "Prepare", "审定发布": "Decide and publish", "填写": "Fill in", "申诉": "Appeal",
	"规则已公布": "with public rules", "已公示的本单位": "own organisation, once shown",
	"已公示的本区县": "own district, once shown", "本区县": "own district",

	"方案拟定": "Being prepared", "计算填报": "Being scored", "公示申诉": "Shown, appeals open", "审定中": "Being decided",
	"公布规则": "Publish the rules", "开始计算填报": "Start scoring", "公示考核结果": "Show the results",
	"结束申诉期": "End the time for appeals", "退回重新计分": "Send back to be scored", "审定并发布": "Decide and publish",
	"取消考核": "Cancel the assessment", "申诉期": "Time for appeals", "答复申诉": "Answer the appeal", "未采纳": "Not accepted",
	"已列入被考核单位": "Units are listed", "已计分，且计分之后没有改动": "Scored, and nothing changed since",
	"申诉期满，申诉都已答复，且计分之后没有改动": "The time for appeals is over, all are answered, nothing changed since the scoring",
	"计分之后没有改动":              "Nothing changed since the scoring",
	"还没有列入被考核单位":            "No unit is listed yet",
	"还没有计分":                 "Not scored yet",
	"计分之后有改动，请重新计分":         "Something changed since the scoring: score again",
	"还有 %d 件申诉没有答复":         "%d appeals have no answer yet",
	"申诉期到 %s 止":             "Appeals are taken until %s",
	"现在不在申诉期":               "Appeals are not taken now",
	"考核的状态已改变，不能进行此操作":      "The assessment has moved on: this is not possible any more",

	"目标完成率": "Completion of targets", "任务进度": "Progress of tasks", "人工评分": "Scored by people",
	"黄灯任务": "Tasks with a yellow light", "人工认定": "Found by people",
	"权重摊给其他项": "its weight goes to the others", "按零分计": "counts as zero", "其他单位": "Other units",
	"这个计分办法在考核年度还没有生效":       "This scheme is not in force in that year yet",
	"应有 1 至 %d 项":            "There should be 1 to %d",
	"代号应为小写字母开头的字母、数字和下划线":   "A code is letters, digits and underscores, starting with a small letter",
	"代号“%s”重复":               "The code “%s” is there twice",
	"分档应为 2 至 %d 个分数":        "Tiers are 2 to %d scores",
	"权重合计应为 100%%，现为 %s%%":   "The weights should be 100 %% together; they are %s %%",
	"应有 2 至 %d 个等次":          "There should be 2 to %d grades",
	"应低于上一等次的分数线":            "It should be below that of the grade before",
	"最后一个等次的分数线应为 0，且没有比例限制": "The last grade starts at 0 and has no limit",
	"分数应为 0 到 1000 之间的数":     "A score is a number from 0 to 1000",
	"应为 0 到 %s 之间的数":         "It should be a number from 0 to %s",

	"考核填报表": "Sheet of scores", "考核结果": "Results of the assessment", "被考核单位": "Assessed unit", "计分项": "Scored part",
	"分数": "Score", "组别": "Group", "名次": "Rank", "总分": "Total", "等次": "Grade", "完成值": "Value",
	"来源与依据": "Source and reason", "名称与计分办法一致": "As the scheme names it", "留空不填报": "Empty: nothing is filled in",
	"填了分数就要写依据": "A score needs its reason", "没有要填报的数": "There is nothing to take in",
	"这次考核没有这个单位": "This unit is not in the assessment", "计分办法没有这一项": "The scheme has no such part",
})
