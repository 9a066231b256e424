package report

// The words of reports. They are what engine/reading is known to read back; each sentence is tried
// before it is used.

// partHeads are the headings of a bulletin.
var partHeads = map[string]string{
	PartIndicators: "指标进展情况", PartPlaces: "分县区进展情况", PartMarket: "供需在架情况",
	PartDeals: "对接签约情况", PartTasks: "督办推进情况", PartLights: "指标亮灯情况",
}

// titles of the forms take the name of a place.
var titles = map[string]string{Bulletin: "%s科技创新工作情况通报", Press: "%s科技创新工作新闻口径"}

const (
	numerals = "一二三四五六"

	saysDay       = "%d年%d月%d日"
	saysUntil     = "截至%s"
	saysMonthEnd  = "截至%d年%d月底"
	saysFromStart = "%d年1月1日至%d月%d日"
	saysYearEnd   = "到%d年底"
	saysMonthGoal = "到%d年%d月底"

	saysLevel    = "%s，%s%s%s"
	saysGrows    = "，同比增长%s"
	saysFalls    = "，同比下降%s"
	saysRises    = "，同比提高%s"
	saysDone     = "，完成率%s"
	saysGoal     = "%s，%s%s要达到%s以上。"
	saysGoalTop  = "%s，%s%s要控制在%s以内。"
	saysGoalIs   = "%s，%s%s要达到%s。"
	completed    = "完成率"
	period       = "。"
	comma        = "，"
	pointsUnit   = "个百分点"
	percentUnit  = "%"
	wanYuan      = "万元"
	whole        = "全"
	ofIt         = "为"
	probeName    = "企业"
	probeWritten = "1家"
)

// quantified puts a qualifier into words: before and behind the number.
var quantified = map[string]struct{ before, behind, op string }{
	"=": {"", "", "="}, ">=": {"", "以上", ">="}, ">": {"超过", "", ">="}, "<=": {"不超过", "", "<="},
	"<": {"不足", "", "<"}, "~": {"约", "", "~"}, "+": {"", "", ">="},
}

// odd stands between a round number and its unit when there is a little more.
const odd = "余"

// stocks are the units of what is there on a day, not of what happens in a period.
var stocks = map[string]bool{"家": true, "个": true, "户": true, "人": true, "件": true, "所": true,
	"项": true, "条": true, "人年": true, "件/万人": true}

// counts are the measures that parts tell, in their order. A year's ones are counted from its first day.
var counts = map[string][]counted{
	PartMarket: {{"在架需求", "market.live", map[string]string{"kind": "need"}, "", false},
		{"在架成果", "market.live", map[string]string{"kind": "achievement"}, "", false}},
	PartDeals: {{"供需对接签约合同", "deal.signed", nil, "", true},
		{"供需对接合同成交额", "deal.contracts", nil, wanYuan, true}},
	PartTasks: {{"督办事项", "plan.tasks", nil, "", false},
		{"蓝灯事项", "plan.tasks", map[string]string{"light": "blue"}, "", false},
		{"逾期事项", "plan.tasks.overdue", nil, "", false},
		{"红灯事项", "plan.tasks", map[string]string{"light": "red"}, "", false},
		{"黄灯事项", "plan.tasks", map[string]string{"light": "yellow"}, "", false}},
}

// lit are the colours of targets as the text calls them.
var lit = []struct{ colour, name string }{{"red", "红灯指标"}, {"yellow", "黄灯指标"}, {"green", "绿灯指标"},
	{"blue", "蓝灯指标"}}

// lightUnit counts targets.
const lightUnit = "个"
