package dispatch

import "github.com/yuntu-city/yuntu/internal/plan"

// Origins of items of an agenda: why they were proposed.
const (
	OriginHand      = "hand"
	OriginRed       = "red"
	OriginYellow    = "yellow"
	OriginOverdue   = "overdue"
	OriginExtension = "extension"
	OriginDecision  = "decision"
	OriginLetter    = "letter"
	OriginIndicator = "indicator"
)

// Origins are the origins with their titles.
func Origins() []plan.Choice {
	return []plan.Choice{{Value: OriginHand, Title: "人工添加"}, {Value: OriginRed, Title: "红灯"},
		{Value: OriginYellow, Title: "黄灯"}, {Value: OriginOverdue, Title: "逾期"},
		{Value: OriginExtension, Title: "申请延期"}, {Value: OriginDecision, Title: "上次决议"},
		{Value: OriginLetter, Title: "督办函"}, {Value: OriginIndicator, Title: "指标"}}
}

// Kinds of decisions.
const (
	KindTask        = "task"
	KindDeadline    = "deadline"
	KindInstruction = "instruction"
	KindNote        = "note"
)

// DecisionKinds are the kinds of decisions with their titles.
func DecisionKinds() []plan.Choice {
	return []plan.Choice{{Value: KindTask, Title: "新立任务"}, {Value: KindDeadline, Title: "调整时限"},
		{Value: KindInstruction, Title: "要求"}, {Value: KindNote, Title: "通报知悉"}}
}
