package assess

// Events of this room. The object is the id of the scheme, the round, the unit in it or the appeal.
const (
	EventSchemeCreated = "assess.scheme.created.v1"
	EventRoundCreated  = "assess.round.created.v1"
	EventRoundMoved    = "assess.round.moved.v1" // data: the step
	EventCounted       = "assess.round.counted.v1"
	EventAppealFiled   = "assess.appeal.filed.v1"
	EventAppealMoved   = "assess.appeal.moved.v1" // data: the step
)
