package show

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Outcomes are what can come of an interest (意向去向).
func Outcomes() []market.Choice {
	return []market.Choice{{Value: "introduced", Title: "已引荐"}, {Value: "talking", Title: "洽谈中"},
		{Value: "signed", Title: "已签约"}, {Value: "refused", Title: "未达成"}}
}

// Interest says that a participant wants to know more about a slot.
type Interest struct {
	ID        string `json:"id"`
	Show      string `json:"show"`
	Slot      string `json:"slot"`
	SlotTitle string `json:"slotTitle"`
	Post      string `json:"post,omitempty"`
	Signup    string `json:"signup"`
	Name      string `json:"name"`
	OrgName   string `json:"orgName,omitempty"`
	Outcome   string `json:"outcome,omitempty"` // one of Outcomes, "" while not known
	Note      string `json:"note,omitempty"`
	CreatedUs int64  `json:"createdUs"`
	Version   int64  `json:"version"`

	account, org string
}

const interestSQL = `SELECT i.id, i.show, i.slot, t.title, t.post, i.signup, g.name, g.org_name, i.outcome,
		i.note, i.created_us, i.version, g.account, g.org
	FROM show_interest AS i JOIN show_slot AS t ON t.id = i.slot JOIN show_signup AS g ON g.id = i.signup`

func scanInterest(r db.Row) (Interest, error) {
	var x Interest
	err := r.Scan(&x.ID, &x.Show, &x.Slot, &x.SlotTitle, &x.Post, &x.Signup, &x.Name, &x.OrgName,
		&x.Outcome, &x.Note, &x.CreatedUs, &x.Version, &x.account, &x.org)
	return x, err
}

var (
	qInterests = db.Stmt(interestSQL + ` WHERE i.show = $1 ORDER BY t.starts_us, i.created_us, i.id
		LIMIT 10000`)
	qInterest    = db.Stmt(interestSQL + ` WHERE i.id = $1`)
	qInterestsOf = db.Stmt(interestSQL + ` JOIN show_event AS e ON e.id = i.show
		WHERE t.post = $1 AND g.org = $2 AND e.state IN ('ended', 'reported') ORDER BY i.id LIMIT 100`)
	qInterestsMine = db.Stmt(interestSQL + ` WHERE i.show = $1 AND g.account = $2
		ORDER BY t.starts_us, i.id`)
	qMarked = db.Stmt(`SELECT i.slot FROM show_interest AS i JOIN show_signup AS g ON g.id = i.signup
		WHERE i.show = $1 AND g.account = $2`)
	qInterestAdd = db.Stmt(`INSERT INTO show_interest (id, show, slot, signup, outcome, note, created_us,
			version) VALUES ($1, $2, $3, $4, '', '', $5, 1) ON CONFLICT (slot, signup) DO NOTHING`)
	qInterestDrop   = db.Stmt(`DELETE FROM show_interest WHERE slot = $1 AND signup = $2`)
	qInterestsDrop  = db.Stmt(`DELETE FROM show_interest WHERE signup = $1`)
	qInterestResult = db.Stmt(`UPDATE show_interest SET outcome = $3, note = $4, version = version + 1
		WHERE id = $1 AND version = $2`)
)

// Mark is the input of MarkInterest.
type Mark struct {
	Show string `json:"-"`
	Slot string `json:"-"`
	On   bool   `json:"on"` // false takes it back
}

// MarkInterest says that the actor is interested in a slot, or not any more. It returns the slot with
// its count as it is then.
func (s *Service) MarkInterest(ctx context.Context, by authz.Actor, in Mark) (Slot, error) {
	var out Slot
	err := s.unit.Write(ctx, by, "show.MarkInterest", func(tx *unit.Tx) error {
		x, err := s.read(ctx, tx, by, in.Show)
		if err != nil {
			return err
		}
		if x.State != Open && x.State != Closed && x.State != Running {
			return fault.New(fault.Conflict, "现在不能标记意向")
		}
		slot, err := slotOf(ctx, tx, in.Show, in.Slot)
		if err != nil {
			return err
		}
		if in.On && !slot.Pitches() {
			return fault.New(fault.Conflict, "这个环节没有路演项目，不能标记意向")
		}
		mine, err := db.All(ctx, tx, qOwnSignups, scanSignup, in.Show, by.Account)
		if err != nil {
			return err
		}
		if len(mine) == 0 {
			return fault.New(fault.Forbidden, "报名并有席位后才能标记意向")
		}
		if err := SignupPolicy.May(by, ActSignupMeet, mine[0]); err != nil {
			return err
		}
		if in.On {
			_, err = db.Exec(ctx, tx.Tx, qInterestAdd, id.New(), in.Show, slot.ID, mine[0].ID, tx.NowUs())
		} else {
			_, err = db.Exec(ctx, tx.Tx, qInterestDrop, slot.ID, mine[0].ID)
		}
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindSignup, Object: mine[0].ID, What: "interest",
			Detail: map[string]any{"slot": slot.ID, "on": in.On}})
		out, err = slotOf(ctx, tx, in.Show, slot.ID)
		out.Marked = in.On
		return err
	})
	return out, err
}

// Interests returns the interests of an event: all for its staff, their own for participants.
func (s *Service) Interests(ctx context.Context, by authz.Actor, showID string) ([]Interest, error) {
	q := s.unit.DB()
	x, err := s.read(ctx, q, by, showID)
	if err != nil {
		return nil, err
	}
	if Policy.MaySee(by, ActRun, x) || by.Role == authz.Leader {
		return db.All(ctx, q, qInterests, scanInterest, showID)
	}
	if by.Account == "" {
		return nil, nil
	}
	return db.All(ctx, q, qInterestsMine, scanInterest, showID, by.Account)
}

// Result is the input of SetOutcome.
type Result struct {
	ID      string `json:"-"`
	Outcome string `json:"outcome"`
	Note    string `json:"note,omitempty"`
	Version int64  `json:"version"`
}

// SetOutcome records by hand what came of an interest, once the event is over.
func (s *Service) SetOutcome(ctx context.Context, by authz.Actor, in Result) (Interest, error) {
	in.Note = occasion.Tidy(in.Note)
	var out Interest
	err := s.unit.Write(ctx, by, "show.SetOutcome", func(tx *unit.Tx) error {
		i, err := db.Get(ctx, tx, qInterest, scanInterest, in.ID)
		if err != nil {
			return err
		}
		x, err := s.read(ctx, tx, by, i.Show)
		if err != nil {
			return err
		}
		if err := Policy.May(by, ActRun, x); err != nil {
			return err
		}
		if x.State != Ended && x.State != Reported {
			return fault.New(fault.Conflict, "活动结束后才有意向的去向")
		}
		var f occasion.Faults
		f.Choice("outcome", in.Outcome, Outcomes())
		f.Line("note", in.Note, maxNote, false)
		if err := f.Err(); err != nil {
			return err
		}
		out, err = record(ctx, tx, in)
		return err
	})
	return out, err
}

// RecordOutcome is for the room of deals: it tells, inside its own write, what came of what an
// organisation had to do with a post. It is written to the interests that the organisation showed in
// that post at events that are over, wherever the introduction began.
func (s *Service) RecordOutcome(ctx context.Context, tx *unit.Tx, post, org, outcome, note string) error {
	list, err := db.All(ctx, tx, qInterestsOf, scanInterest, post, org)
	if err != nil {
		return err
	}
	for _, i := range list {
		if i.Outcome == outcome && i.Note == note {
			continue
		}
		if _, err := record(ctx, tx, Result{ID: i.ID, Outcome: outcome, Note: note, Version: i.Version}); err != nil {
			return err
		}
	}
	return nil
}

func record(ctx context.Context, tx *unit.Tx, in Result) (Interest, error) {
	err := db.ExecOne(ctx, tx.Tx, qInterestResult, in.ID, in.Version, in.Outcome, in.Note)
	if err != nil {
		return Interest{}, err
	}
	out, err := db.Get(ctx, tx, qInterest, scanInterest, in.ID)
	if err == nil {
		tx.Audit(audit.Entry{Kind: kindShow, Object: out.Show, What: "outcome", Detail: map[string]any{
			"interest": out.ID, "outcome": out.Outcome, "note": out.Note}})
	}
	return out, err
}
