package report

// Events of this room. The object is the id of the report.
const (
	EventCreated = "report.created.v1"
	EventChanged = "report.changed.v1" // data: what changed: text, figures, composed
	EventMoved   = "report.moved.v1"   // data: the step
	EventFiled   = "report.filed.v1"   // data: the id of the document
)
