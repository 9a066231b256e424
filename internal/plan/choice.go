package plan

// Choice is one value of a closed list: what is stored and its Chinese title, a key of package
// i18n.
type Choice struct {
	Value string
	Title string
}

// TitleOf returns the title of a value, "" when it is none of the choices.
func TitleOf(choices []Choice, value string) string {
	for _, c := range choices {
		if c.Value == value {
			return c.Title
		}
	}
	return ""
}

// DocumentKinds are the sorts of documents (文件类型).
func DocumentKinds() []Choice {
	return []Choice{
		{"plan", "规划"},
		{"scheme", "实施方案"},
		{"report", "工作报告"},
		{"minutes", "会议纪要"},
		{"notice", "通知"},
		{"news", "新闻发布"},
		{"instruction", "批示"},
		{"other", "其他"},
	}
}

// Kinds of statements, as engine/reading names them.
const (
	Fact       = "fact"   // is, was or has been reached
	TargetKind = "target" // to be reached
	TaskKind   = "task"   // obliges somebody without a number
)

// StatementKinds are the sorts of statements.
func StatementKinds() []Choice {
	return []Choice{{Fact, "事实"}, {TargetKind, "目标"}, {TaskKind, "任务"}}
}

// Measures say what a number measures.
func Measures() []Choice {
	return []Choice{
		{"level", "总量"},
		{"increase", "增量"},
		{"growth", "增速"},
		{"share", "占比"},
		{"rank", "位次"},
		{"date", "节点"},
	}
}

// Operators compare a value with the one reached.
func Operators() []Choice {
	return []Choice{
		{"=", "等于"},
		{">=", "不少于"},
		{"<=", "不超过"},
		{">", "超过"},
		{"<", "低于"},
		{"~", "约"},
	}
}

// Directions say which way an indicator is better.
func Directions() []Choice { return []Choice{{"up", "越高越好"}, {"down", "越低越好"}} }

// Cadences are how often a task is reported (调度周期).
func Cadences() []Choice {
	return []Choice{{"week", "周"}, {"tenday", "旬"}, {"month", "月"}, {"quarter", "季"}}
}

// The parts of units in a task.
const (
	Lead   = "lead"   // 牵头单位, exactly one
	Duty   = "duty"   // 责任单位
	Assist = "assist" // 配合单位
)

// Parts are what units do in a task.
func Parts() []Choice {
	return []Choice{{Lead, "牵头单位"}, {Duty, "责任单位"}, {Assist, "配合单位"}}
}

// Colour is the colour of a task's light. It never stands alone: an icon and words go with it.
type Colour string

// The colours, the most urgent first.
const (
	Red    Colour = "red"
	Yellow Colour = "yellow"
	Green  Colour = "green"
	Grey   Colour = "grey" // not started and not due, or standing still
	Blue   Colour = "blue" // done
)

// Colours are the colours with their titles.
func Colours() []Choice {
	return []Choice{{string(Red), "红灯"}, {string(Yellow), "黄灯"}, {string(Green), "绿灯"},
		{string(Grey), "灰灯"}, {string(Blue), "蓝灯"}}
}
