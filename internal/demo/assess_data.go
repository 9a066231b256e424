package demo

// assessedOffices is how many offices of the city are assessed, the first ones.
const assessedOffices = 3

// assessedDistricts are the districts whose offices are assessed, as they stand in city.places.
var assessedDistricts = []int{0, 1, 2, 5}

// Texts of the assessments. Every number in them is invented.
const (
	lastRoundTitle = "上年度创新发展目标责任考核（演示）"
	thisRoundTitle = "本年度创新发展目标责任考核（演示）"
	roundNote      = "虚构的演示考核，数字均为编造。"
	markQuality    = "考核组按工作质量评价表打分（演示）"
	markService    = "第三方满意度调查（演示）"
	markTargets    = "统计部门核定的目标完成情况（演示）"
	markPilot      = "获批国家级试点的批复文件（演示）"
	appealText     = "该项任务的延期已于考核期内获批，不应计为红灯，请复核。（演示）"
	appealPast     = "满意度样本量不足，请复核。（演示）"
	appealAnswer   = "样本量符合调查方案，维持原评分。（演示）"
)
