package market

// Events of this room. The object is the id of the post.
const (
	EventPostCreated = "market.post.created.v1"
	EventPostUpdated = "market.post.updated.v1"
	EventPostMoved   = "market.post.moved.v1" // data: PostEvent
	// EventPostReminder asks the owner to say that the post is still so. Data: ReminderEvent.
	EventPostReminder = "market.post.reminder.v1"
)

// PostEvent is the data of EventPostMoved.
type PostEvent struct {
	Step  string `json:"step"`
	State string `json:"state"`
}
