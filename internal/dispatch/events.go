package dispatch

// Events of this room. The object is the id of the series, the meeting or the letter.
const (
	EventSeriesCreated   = "dispatch.series.created.v1"
	EventSeriesUpdated   = "dispatch.series.updated.v1"
	EventMeetingCreated  = "dispatch.meeting.created.v1"
	EventMeetingUpdated  = "dispatch.meeting.updated.v1"  // data: MeetingChange
	EventMeetingMoved    = "dispatch.meeting.moved.v1"    // data: the step
	EventMeetingAgenda   = "dispatch.meeting.agenda.v1"   // items were proposed, written or dropped
	EventMeetingDecision = "dispatch.meeting.decision.v1" // data: the id of the decision
	EventLetterCreated   = "dispatch.letter.created.v1"
	EventLetterUpdated   = "dispatch.letter.updated.v1"
	EventLetterMoved     = "dispatch.letter.moved.v1" // data: the step
)

// MeetingChange is the data of EventMeetingUpdated.
type MeetingChange struct {
	Moved bool `json:"moved"` // its time or place is another one
}
