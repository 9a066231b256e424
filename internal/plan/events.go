package plan

// Events of this room. The object is the id of the document, statement, indicator, target or task.
const (
	EventDocumentCreated    = "plan.document.created.v1"
	EventDocumentUpdated    = "plan.document.updated.v1"
	EventDocumentMoved      = "plan.document.moved.v1"      // data: the step
	EventDocumentRead       = "plan.document.read.v1"       // data: done or failed
	EventStatementDecided   = "plan.statement.decided.v1"   // data: the state
	EventStatementsAccepted = "plan.statements.accepted.v1" // object: the document; data: how many
	EventConflictFound      = "plan.conflict.found.v1"      // or opened again
	EventConflictDecided    = "plan.conflict.decided.v1"    // data: the state
	EventIndicatorCreated   = "plan.indicator.created.v1"
	EventIndicatorUpdated   = "plan.indicator.updated.v1"
	EventImported           = "plan.imported.v1" // object: the import; data: ledger and how many
	EventTargetCreated      = "plan.target.created.v1"
	EventTargetUpdated      = "plan.target.updated.v1"
	EventTaskCreated        = "plan.task.created.v1"
	EventTaskUpdated        = "plan.task.updated.v1"
	EventTaskMoved          = "plan.task.moved.v1" // data: TaskEvent
	EventTaskReported       = "plan.task.reported.v1"
	EventTaskInstructed     = "plan.task.instructed.v1"
	EventTaskLight          = "plan.task.light.v1" // data: LightEvent
)

// TaskEvent is the data of EventTaskMoved.
type TaskEvent struct {
	Step  string `json:"step"`
	State string `json:"state"`
	Lead  string `json:"lead,omitempty"` // id of the lead unit
}

// LightEvent is the data of EventTaskLight.
type LightEvent struct {
	From Colour `json:"from"`
	To   Colour `json:"to"`
}
