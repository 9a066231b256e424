package auction

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// NewBid is the input of Bid.
type NewBid struct {
	Auction string    `json:"-"`
	Fen     money.Fen `json:"fen"`
	Key     string    `json:"-"`
}

// MyBid is what the actor has bid: the sealed bid as it stands, or the highest open one.
type MyBid struct {
	Fen     money.Fen `json:"fen"`
	AtUs    int64     `json:"atUs"`
	Leading bool      `json:"leading"` // it is the highest open bid
}

// Bid bids for the actor's organisation. Bids of one auction are taken one after the other, at the
// time of the server; of two that arrive together with the same amount one is too low. A sealed bid
// replaces the one before it and shows nowhere but to the bidder.
func (s *Service) Bid(ctx context.Context, by authz.Actor, in NewBid) (MyBid, error) {
	if x, err := byID(ctx, s.unit.DB(), in.Auction); err == nil && x.rules().Sealed() {
		in.Key = "" // what is kept for a repeated request would tell the amount
	}
	out, _, err := unit.Once(ctx, s.unit, by, "auction.Bid", in.Key, in,
		func(tx *unit.Tx) (MyBid, error) {
			if err := lock(ctx, tx, in.Auction); err != nil {
				return MyBid{}, err
			}
			x, err := s.read(ctx, tx, by, in.Auction)
			if err != nil {
				return MyBid{}, err
			}
			a, found, err := db.Find(ctx, tx, qOwn, scanApplicant, x.ID, by.Org)
			if err != nil {
				return MyBid{}, err
			}
			if !found || by.Org == "" {
				return MyBid{}, fault.New(fault.Forbidden, "取得竞买资格后才能出价")
			}
			if err := ApplicantPolicy.May(by, ActApplicantBid, a); err != nil {
				return MyBid{}, err
			}
			if x.State != Bidding || x.Mode == Listing {
				return MyBid{}, fault.New(fault.Conflict, "现在不能出价")
			}
			if x.rules().Sealed() {
				return s.bidSealed(ctx, tx, x, a, in.Fen)
			}
			return s.bidOpen(ctx, tx, x, a, in.Fen)
		})
	return out, err
}

func (s *Service) bidOpen(
	ctx context.Context, tx *unit.Tx, x Item, a Applicant, fen money.Fen,
) (MyBid, error) {
	var f occasion.Faults
	f.Money("fen", fen, true)
	if err := f.Err(); err != nil {
		return MyBid{}, err
	}
	at := s.nowUs()
	_, err := record(ctx, tx, x, x.Replayed(), Event{AtUs: at, Kind: EvBid, Who: a.ID, Fen: fen})
	if err != nil {
		return MyBid{}, err
	}
	tx.Audit(audit.Entry{Kind: kindApplicant, Object: a.ID, What: "bid",
		Detail: map[string]any{"auction": x.ID, "fen": fen}})
	tx.Emit(outbox.Event{Kind: EventBid, Object: x.ID})
	return MyBid{Fen: fen, AtUs: at, Leading: true}, nil
}

// Entry is an event of the log as people see it: bidders by their numbers.
type Entry struct {
	Seq   int64     `json:"seq"`
	AtUs  int64     `json:"atUs"`
	Kind  string    `json:"kind"`
	No    int64     `json:"no,omitempty"`   // number of the bidder
	Name  string    `json:"name,omitempty"` // for the bureau, once it is over
	Fen   money.Fen `json:"fen,omitempty"`
	Rules *Rules    `json:"rules,omitempty"`
}

// Log returns the course of an auction. Sealed bids are in it once they are opened.
func (s *Service) Log(ctx context.Context, by authz.Actor, itemID string) ([]Entry, error) {
	q := s.unit.DB()
	x, err := s.read(ctx, q, by, itemID)
	if err != nil {
		return nil, err
	}
	events, err := db.All(ctx, q, qLog, scanEvent, x.ID)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, q, qNumbers, scanApplicant, x.ID)
	if err != nil {
		return nil, err
	}
	known := map[string]Applicant{}
	for _, a := range list {
		known[a.ID] = a
	}
	names := x.closed && Policy.MaySee(by, ActRun, x)
	out := make([]Entry, len(events))
	for i, e := range events {
		out[i] = Entry{Seq: e.Seq, AtUs: e.AtUs, Kind: e.Kind, No: known[e.Who].Number, Fen: e.Fen,
			Rules: e.Rules}
		if names {
			out[i].Name = known[e.Who].OrgName
		}
	}
	return out, nil
}

// Prove replays the stored log and reports whether it comes to what is stored.
func (s *Service) Prove(ctx context.Context, by authz.Actor, itemID string) (bool, error) {
	q := s.unit.DB()
	x, err := s.read(ctx, q, by, itemID)
	if err != nil {
		return false, err
	}
	events, err := db.All(ctx, q, qLog, scanEvent, x.ID)
	if err != nil {
		return false, err
	}
	got, err := Replay(events)
	return err == nil && got == x.Replayed(), nil
}

// own fills in the actor's own application and bid.
func (s *Service) own(ctx context.Context, q db.Q, by authz.Actor, x Item, d *Detail) error {
	if by.Org == "" {
		return nil
	}
	a, found, err := db.Find(ctx, q, qOwn, scanApplicant, x.ID, by.Org)
	if err != nil || !found || ApplicantPolicy.May(by, ActApplicantRead, a) != nil {
		return err
	}
	d.Mine = &a
	if x.rules().Sealed() && !x.closed {
		d.MyBid, err = s.mySealed(ctx, q, x, a)
		return err
	}
	events, err := db.All(ctx, q, qLog, scanEvent, x.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		if e.Who == a.ID && (e.Kind == EvBid || e.Kind == EvReveal) {
			d.MyBid = &MyBid{Fen: e.Fen, AtUs: e.AtUs, Leading: x.leader == a.ID}
		}
	}
	return nil
}
