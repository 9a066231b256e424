package auction

import (
	"fmt"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/money"
)

// Kinds of events in the log.
const (
	EvBegin  = "begin"  // bidding begins, by rules
	EvAdmit  = "admit"  // a taker of a listing was admitted
	EvBid    = "bid"    // an open bid
	EvReveal = "reveal" // a sealed bid was opened
	EvClose  = "close"  // bidding is over; the reserve price is told
)

// Rules are what an auction goes by. Times are microseconds.
type Rules struct {
	Mode         string    `json:"mode"`
	StartFen     money.Fen `json:"startFen"`
	IncrementFen money.Fen `json:"incrementFen,omitempty"`
	ReserveFen   money.Fen `json:"reserveFen,omitempty"` // in EvClose only
	ClosesUs     int64     `json:"closesUs"`
	WithinUs     int64     `json:"withinUs,omitempty"`
	ExtendUs     int64     `json:"extendUs,omitempty"`
}

// Event is one entry of the log of an auction.
type Event struct {
	Seq   int64     `json:"seq"`
	AtUs  int64     `json:"atUs"`
	Kind  string    `json:"kind"`
	Who   string    `json:"who,omitempty"` // id of the applicant
	Fen   money.Fen `json:"fen,omitempty"`
	Rules *Rules    `json:"rules,omitempty"` // of EvBegin and EvClose
}

// State is what a log comes to.
type State struct {
	Rules
	Begun     bool
	Closed    bool
	PriceFen  money.Fen // the highest bid
	SecondFen money.Fen // the highest of the others' sealed bids
	Leader    string    // who made the highest bid, the earliest of equal ones
	Bids      int64
	Winner    string // "" for none
	PayFen    money.Fen
}

// Replay tells what a log comes to. It is a pure function: the same log gives the same state.
func Replay(events []Event) (State, error) {
	var s State
	for i, e := range events {
		if e.Seq != int64(i+1) {
			return s, fmt.Errorf("event %d of the log has the number %d", i+1, e.Seq)
		}
		var err error
		if s, err = s.Apply(e); err != nil {
			return s, fmt.Errorf("event %d: %w", e.Seq, err)
		}
	}
	return s, nil
}

// Least is the lowest bid that is good now.
func (s State) Least() money.Fen {
	if s.Mode == English && s.Bids > 0 {
		return s.PriceFen + s.IncrementFen
	}
	return s.StartFen
}

// Sealed says whether bids are hidden until they are opened.
func (r Rules) Sealed() bool { return r.Mode == First || r.Mode == Second }

// Apply returns the state after an event, or why the event cannot happen. Faults are for people.
func (s State) Apply(e Event) (State, error) {
	switch e.Kind {
	case EvBegin:
		return State{Rules: *e.Rules, Begun: true}, nil
	case EvAdmit:
		s.Bids++
		if s.Leader == "" {
			s.Leader, s.PriceFen = e.Who, s.StartFen
		}
		return s, nil
	case EvBid:
		return s.bid(e)
	case EvReveal:
		return s.reveal(e), nil
	case EvClose:
		return s.close(*e.Rules), nil
	}
	return s, fmt.Errorf("unknown kind of event %q", e.Kind)
}

func (s State) bid(e Event) (State, error) {
	switch {
	case !s.Begun || s.Mode != English:
		return s, fault.New(fault.Conflict, "现在不能出价")
	case s.Closed || e.AtUs >= s.ClosesUs:
		return s, fault.New(fault.Conflict, "竞价已于 %s 结束", second(s.ClosesUs))
	case e.Who == s.Leader:
		return s, fault.New(fault.Conflict, "您已是最高出价者，不必再加价")
	case e.Fen < s.Least():
		return s, fault.Fields(fault.At("fen", "出价不能低于 %s 元", yuan(s.Least())))
	case s.IncrementFen > 0 && (e.Fen-s.StartFen)%s.IncrementFen != 0:
		return s, fault.Fields(fault.At("fen", "出价应为起拍价加 %s 元的整数倍", yuan(s.IncrementFen)))
	}
	s.PriceFen, s.Leader = e.Fen, e.Who
	s.Bids++
	if s.ClosesUs-e.AtUs <= s.WithinUs {
		s.ClosesUs = max(s.ClosesUs, e.AtUs+s.ExtendUs)
	}
	return s, nil
}

// reveal takes sealed bids in the order in which they were handed in.
func (s State) reveal(e Event) State {
	s.Bids++
	switch {
	case e.Fen > s.PriceFen:
		s.PriceFen, s.SecondFen, s.Leader = e.Fen, s.PriceFen, e.Who
	case e.Fen > s.SecondFen:
		s.SecondFen = e.Fen
	}
	return s
}

// close decides. Two takers of a listing have to compete: nobody wins it.
func (s State) close(r Rules) State {
	s.Closed, s.ReserveFen = true, r.ReserveFen
	floor := max(s.StartFen, s.ReserveFen)
	switch {
	case s.Leader == "", s.Mode == Listing && s.Bids > 1, s.Mode != Listing && s.PriceFen < floor:
		return s
	}
	s.Winner, s.PayFen = s.Leader, s.PriceFen
	if s.Mode == Second {
		s.PayFen = max(s.SecondFen, floor)
	}
	return s
}
