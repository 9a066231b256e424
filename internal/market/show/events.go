package show

import "github.com/yuntu-city/yuntu/internal/outbox"

// Events of this room.
const (
	EventCreated  = "market.show.created.v1"  // object: the event
	EventUpdated  = "market.show.updated.v1"  // object: the event
	EventMoved    = "market.show.moved.v1"    // object: the event; data: the step
	EventSignup   = "market.show.signup.v1"   // object: the sign-up; data: its state
	EventTalk     = "market.show.talk.v1"     // object: the talk; data: its state
	EventInterest = "market.show.interest.v1" // object: the interest; data: InterestEvent
)

// InterestEvent is the data of EventInterest, told once the event is over: somebody is interested in
// a post. The room of deals makes an introduction of it and tells the outcome by RecordOutcome.
type InterestEvent struct {
	Show    string `json:"show"`
	Slot    string `json:"slot"`
	Post    string `json:"post"`
	Account string `json:"account"`
	Org     string `json:"org"`
	Name    string `json:"name"`
}

func (x Interest) event() outbox.Event {
	return outbox.Event{Kind: EventInterest, Object: x.ID, Data: InterestEvent{Show: x.Show,
		Slot: x.Slot, Post: x.Post, Account: x.account, Org: x.org, Name: x.Name}}
}
