package deal

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// NewNote is the input of AddNote.
type NewNote struct {
	Deal string `json:"-"`
	Text string `json:"text"`
	Seen string `json:"seen"` // one of Views
	Key  string `json:"-"`
}

// AddNote adds a note to the timeline of an introduction, for whom its writer chooses: by default
// for the own side only. It changes nothing that others could tell it by.
func (s *Service) AddNote(ctx context.Context, by authz.Actor, in NewNote) (Entry, error) {
	in.Text = lines(in.Text)
	d, err := s.readDeal(ctx, s.unit.DB(), by, in.Deal)
	if err != nil {
		return Entry{}, err
	}
	if err := DealPolicy.May(by, ActDealNote, d); err != nil {
		return Entry{}, err
	}
	var f faults
	f.prose("text", in.Text, MaxNote, true)
	views := viewsOf(d.SideOf(by))
	if in.Seen == "" && len(views) > 0 {
		in.Seen = views[0]
	}
	if !slices.Contains(views, in.Seen) {
		f.add("seen", "没有“%s”这个选项", in.Seen)
	}
	own := in.Seen == SeenDemand || in.Seen == SeenSupply
	f.quiet("text", in.Text, d.consented() || own)
	if len(f) > 0 {
		return Entry{}, f.err()
	}
	const useCase = "deal.AddNote"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Entry, error) {
		e := newEntry(tx, d, EntryNote, "note")
		e.Text, e.Seen = in.Text, in.Seen
		tx.Audit(audit.Entry{Kind: kindDeal, Object: d.ID, What: "note",
			Detail: map[string]string{"seen": in.Seen}})
		return e, e.save(ctx, tx.Tx)
	})
	return out, err
}

// NewWork is the input of AddWork: what a broker contributed.
type NewWork struct {
	Deal  string     `json:"-"`
	Work  string     `json:"work"` // one of Works
	Day   clock.Date `json:"day"`
	Hours int64      `json:"hours,omitempty"`
	Text  string     `json:"text"`
	Key   string     `json:"-"`
}

// AddWork records what a broker contributed to an introduction, at the step where it stands. Both
// sides see it: their agreement on the commission rests on it.
func (s *Service) AddWork(ctx context.Context, by authz.Actor, in NewWork) (Entry, error) {
	in.Text = lines(in.Text)
	d, err := s.readDeal(ctx, s.unit.DB(), by, in.Deal)
	if err != nil {
		return Entry{}, err
	}
	if err := DealPolicy.May(by, ActDealWork, d); err != nil {
		return Entry{}, err
	}
	var f faults
	f.choice("work", in.Work, Works())
	f.past("day", in.Day, s.today())
	f.prose("text", in.Text, MaxNote, true)
	f.quiet("text", in.Text, d.consented())
	if in.Hours < 0 || in.Hours > maxHours {
		f.add("hours", "小时数应在 0 到 %d 之间", maxHours)
	}
	if len(f) > 0 {
		return Entry{}, f.err()
	}
	const useCase = "deal.AddWork"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Entry, error) {
		e := newEntry(tx, d, EntryWork, "work")
		e.Text = in.Text
		e.Data = EntryData{Work: in.Work, Day: in.Day, Hours: in.Hours, Name: d.State}
		tx.Audit(audit.Entry{Kind: kindDeal, Object: d.ID, What: "work", Detail: in})
		return e, e.save(ctx, tx.Tx)
	})
	return out, err
}

var errNoSuchSplit = fault.New(fault.Conflict, "佣金约定已有新版本，请刷新后重试")
