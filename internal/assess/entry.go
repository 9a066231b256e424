package assess

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// EntryDetail is a unit's result with everything its page shows.
type EntryDetail struct {
	Entry
	Of           Round             `json:"-"`
	Marks        []Mark            `json:"marks,omitempty"` // all that was typed in, the newest first
	Appeals      []Appeal          `json:"appeals,omitempty"`
	AppealsEndUs int64             `json:"appealsEndUs,omitempty"`
	MayMark      bool              `json:"-"`
	MayAppeal    bool              `json:"-"`
	AppealOffers [][]process.Offer `json:"-"` // of each appeal
}

func (s *Service) readEntry(ctx context.Context, q db.Q, by authz.Actor, entryID string) (Entry, error) {
	e, err := entryByID(ctx, q, entryID)
	if err != nil {
		return Entry{}, err
	}
	return e, EntryPolicy.May(by, ActEntryRead, e)
}

// GetEntry returns the result of a unit with how each point came about.
func (s *Service) GetEntry(ctx context.Context, by authz.Actor, entryID string) (EntryDetail, error) {
	q := s.unit.DB()
	e, err := s.readEntry(ctx, q, by, entryID)
	if err != nil {
		return EntryDetail{}, err
	}
	d := EntryDetail{Entry: e}
	if d.Of, err = roundByID(ctx, q, e.Round); err != nil {
		return d, err
	}
	if d.AppealsEndUs, err = s.appealsUntil(ctx, q, d.Of); err != nil {
		return d, err
	}
	d.MayMark = EntryPolicy.MaySee(by, ActEntryMark, e) && e.marked()
	d.MayAppeal = EntryPolicy.MaySee(by, ActEntryAppeal, e) && e.State == Shown &&
		clock.Us(s.now()) < d.AppealsEndUs
	if d.Marks, err = db.All(ctx, q, qMarks, scanMark, e.ID); err != nil {
		return d, err
	}
	slices.Reverse(d.Marks)
	all, err := db.All(ctx, q, qAppealsOf, scanAppeal, e.ID)
	if err != nil {
		return d, err
	}
	for _, a := range all {
		if !AppealPolicy.MaySee(by, ActAppealRead, a) {
			continue
		}
		if err := s.answered(ctx, q, &a); err != nil {
			return d, err
		}
		offers, err := s.appeals.Available(ctx, q, by, a)
		if err != nil {
			return d, err
		}
		d.Appeals, d.AppealOffers = append(d.Appeals, a), append(d.AppealOffers, offers)
	}
	return d, nil
}

// marked reports whether numbers are typed in at this time.
func (e Entry) marked() bool { return e.State == Scoring || e.State == Shown || e.State == Deciding }

// answered fills in what was decided about an appeal.
func (s *Service) answered(ctx context.Context, q db.Q, a *Appeal) error {
	if a.State == AppealFiled {
		return nil
	}
	history, err := process.History(ctx, q, s.appeals.Name(), a.ID, 0)
	if err != nil || len(history) == 0 {
		return err
	}
	a.Answer = history[0].Reason
	return nil
}

// NewMark is the input of SetMark.
type NewMark struct {
	Entry   string  `json:"-"`
	Key     string  `json:"key"`
	Value   Decimal `json:"value"` // "" takes an earlier one back
	Reason  string  `json:"reason"`
	Version int64   `json:"version"` // of the round
}

// check looks at what was typed in.
func (in *NewMark) check(p Params, f *faults, at string) {
	in.Reason = tidy(in.Reason)
	most, ok := p.typed(in.Key)
	if !ok {
		f.choice(at+"key", in.Key, p.Keys())
	}
	f.line(at+"reason", in.Reason, maxLine, true)
	if in.Value == "" || !ok {
		return
	}
	if v, valid := ParseDecimal(string(in.Value)); valid {
		in.Value = v
	}
	if !in.Value.Valid() || in.Value.Rat().Sign() < 0 || in.Value.Rat().Cmp(most) > 0 {
		f.add(at+"value", "应为 0 到 %s 之间的数", plain(most, 6))
	}
}

// SetMark types in a number for a unit: the score of an item, a deduction, a bonus or a veto. It counts
// in place of what was found, says why, and stays in the record.
func (s *Service) SetMark(ctx context.Context, by authz.Actor, in NewMark) (Entry, error) {
	e, err := s.readEntry(ctx, s.unit.DB(), by, in.Entry)
	if err != nil {
		return Entry{}, err
	}
	if err := EntryPolicy.May(by, ActEntryMark, e); err != nil {
		return Entry{}, err
	}
	_, err = s.marking(ctx, by, "assess.SetMark", e.Round, in.Version, []string{Scoring, Shown, Deciding},
		func(tx *unit.Tx, x Round) error {
			var f faults
			in.check(x.Params, &f, "")
			if err := f.err(); err != nil {
				return err
			}
			return putMark(ctx, tx, e, in)
		})
	if err != nil {
		return Entry{}, err
	}
	return s.readEntry(ctx, s.unit.DB(), by, in.Entry)
}

func putMark(ctx context.Context, tx *unit.Tx, e Entry, in NewMark) error {
	tx.Audit(audit.Entry{Kind: kindEntry, Object: e.ID, What: "mark", Detail: in})
	return db.ExecOne(ctx, tx.Tx, qMarkAdd, id.New(), e.ID, in.Key, string(in.Value), in.Reason, tx.NowUs(),
		tx.By().Account, tx.By().Login)
}

// NewAppeal is the input of FileAppeal.
type NewAppeal struct {
	Entry string `json:"-"`
	Key   string `json:"key"` // the part of the score it is about
	Text  string `json:"text"`
	Once  string `json:"-"` // idempotency key
}

// maxAppeals bounds the appeals of one unit in a round.
const maxAppeals = 50

// FileAppeal takes an appeal of a unit against a part of its score, while the time for it runs.
func (s *Service) FileAppeal(ctx context.Context, by authz.Actor, in NewAppeal) (Appeal, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "assess.FileAppeal", in.Once, in,
		func(tx *unit.Tx) (Appeal, error) {
			e, err := s.readEntry(ctx, tx, by, in.Entry)
			if err != nil {
				return Appeal{}, err
			}
			if err := EntryPolicy.May(by, ActEntryAppeal, e); err != nil {
				return Appeal{}, err
			}
			x, err := roundByID(ctx, tx, e.Round)
			if err != nil {
				return Appeal{}, err
			}
			due, err := s.appealsUntil(ctx, tx, x)
			if err != nil {
				return Appeal{}, err
			}
			if x.State != Shown || tx.NowUs() >= due {
				return Appeal{}, fault.New(fault.Conflict, "现在不在申诉期")
			}
			if err := in.check(x.Params); err != nil {
				return Appeal{}, err
			}
			all, err := db.All(ctx, tx, qAppealsOf, scanAppeal, e.ID)
			if err != nil {
				return Appeal{}, err
			}
			if len(all) >= maxAppeals {
				return Appeal{}, fault.New(fault.Conflict, "最多 %d 项", maxAppeals)
			}
			appealID := id.New()
			err = db.ExecOne(ctx, tx.Tx, qAppealAdd, appealID, e.ID, in.Key, in.Text, x.Params.AnswerDays,
				tx.NowUs(), by.Account, by.Login)
			if err != nil {
				return Appeal{}, err
			}
			if err := s.appeals.Start(ctx, tx, appealID); err != nil {
				return Appeal{}, err
			}
			tx.Audit(audit.Entry{Kind: kindAppeal, Object: appealID, What: "create", Detail: in})
			tx.Emit(outbox.Event{Kind: EventAppealFiled, Object: appealID})
			return appealByID(ctx, tx, appealID)
		})
	return out, err
}

func (in *NewAppeal) check(p Params) error {
	var f faults
	in.Text = lines(in.Text)
	f.choice("key", in.Key, p.Keys())
	f.prose("text", in.Text, true)
	return f.err()
}

// FireAppeal takes a step with an appeal: it is upheld or rejected with an answer, or withdrawn. Who
// upholds one then types in the right number; the score changes when the round is counted again.
func (s *Service) FireAppeal(ctx context.Context, by authz.Actor, in Step) (Appeal, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "assess.FireAppeal", in.Key, in,
		func(tx *unit.Tx) (Appeal, error) {
			a, err := appealByID(ctx, tx, in.ID)
			if err != nil {
				return Appeal{}, err
			}
			if err := AppealPolicy.May(by, ActAppealRead, a); err != nil {
				return Appeal{}, err
			}
			out, err := s.appeals.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			tx.Emit(outbox.Event{Kind: EventAppealMoved, Object: in.ID, Data: in.Step})
			return out, err
		})
	if err != nil {
		return out, err
	}
	err = s.answered(ctx, s.unit.DB(), &out)
	return out, err
}

// AppealDetail is an appeal with what can be done with it.
type AppealDetail struct {
	Appeal
	Offers  []process.Offer `json:"-"`
	History []process.Entry `json:"-"`
}

// GetAppeal returns an appeal.
func (s *Service) GetAppeal(ctx context.Context, by authz.Actor, appealID string) (AppealDetail, error) {
	q := s.unit.DB()
	a, err := appealByID(ctx, q, appealID)
	if err != nil {
		return AppealDetail{}, err
	}
	if err := AppealPolicy.May(by, ActAppealRead, a); err != nil {
		return AppealDetail{}, err
	}
	if err := s.answered(ctx, q, &a); err != nil {
		return AppealDetail{}, err
	}
	d := AppealDetail{Appeal: a}
	if d.Offers, err = s.appeals.Available(ctx, q, by, a); err != nil {
		return d, err
	}
	d.History, err = process.History(ctx, q, s.appeals.Name(), a.ID, 0)
	return d, err
}
