package monitor

// What the tasks say that red lights open.
const (
	taskTitle  = "“%s”红灯督办（%s）"
	taskWhy    = "亮灯理由：%s。"
	reasonMark = "；"
)

// taskAsks are what a task asks for.
var taskAsks = map[string]string{
	EvidenceData: "办结要求：数据达标。数据转好、不再是红灯时方可办结。",
	EvidenceNote: "办结要求：说明材料。附原因分析和改进措施；数据仍为红灯的，由局领导作出决定后方可办结。",
}
