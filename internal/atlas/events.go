package atlas

// Events of this room.
const (
	EventMarked          = "atlas.marked.v1"           // object: the node; data: its class
	EventRuleAdded       = "atlas.rule.added.v1"       // object: the rule
	EventCorrectionMoved = "atlas.correction.moved.v1" // object: the correction; data: the step
)
