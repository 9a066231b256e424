package assess

import (
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// NewRound is the input of CreateRound.
type NewRound struct {
	RoundData
	Key string `json:"-"`
}

// MaxUnits bounds the units of a round.
const MaxUnits = 500

// check looks at the data of a round and returns its scheme.
func (s *Service) check(ctx context.Context, by authz.Actor, d *RoundData) (Scheme, error) {
	var f faults
	d.Title, d.Note = tidy(d.Title), lines(d.Note)
	f.line("title", d.Title, maxTitle, true)
	f.number("year", d.Year, 2000, 2100)
	f.prose("note", d.Note, false)
	if c, err := region.Parse(d.Region); err != nil || string(c) != d.Region {
		f.add("region", "请选择所在地区")
	}
	if d.Scheme == "" {
		f.add("scheme", "请选择一项")
		return Scheme{}, f.err()
	}
	x, err := s.GetScheme(ctx, by, d.Scheme)
	if fault.Is(err, fault.NotFound) {
		f.add("scheme", "没有找到这条记录")
		err = nil
	}
	if err == nil && x.ID != "" && string(x.ValidFrom) > fmt.Sprintf("%04d-12-31", d.Year) {
		f.add("scheme", "这个计分办法在考核年度还没有生效")
	}
	if err != nil {
		return x, err
	}
	return x, f.err()
}

// CreateRound prepares an assessment. It takes a copy of the scheme.
func (s *Service) CreateRound(ctx context.Context, by authz.Actor, in NewRound) (Round, error) {
	if err := RoundPolicy.May(by, ActRoundCreate, Round{}); err != nil {
		return Round{}, err
	}
	scheme, err := s.check(ctx, by, &in.RoundData)
	if err != nil {
		return Round{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "assess.CreateRound", in.Key, in,
		func(tx *unit.Tx) (Round, error) {
			n, err := next(ctx, tx, "round")
			if err != nil {
				return Round{}, err
			}
			roundID := id.New()
			err = db.ExecOne(ctx, tx.Tx, qRoundAdd, roundID, code(tx.NowUs(), n), in.Title, in.Year, in.Region,
				scheme.ID, scheme.Name, scheme.Edition, encode(scheme.Params), in.Note, tx.NowUs(), by.Account)
			if err != nil {
				return Round{}, err
			}
			if err := s.rounds.Start(ctx, tx, roundID); err != nil {
				return Round{}, err
			}
			tx.Audit(audit.Entry{Kind: kindRound, Object: roundID, What: "create", Detail: in.RoundData})
			tx.Emit(outbox.Event{Kind: EventRoundCreated, Object: roundID})
			return roundByID(ctx, tx, roundID)
		})
	return out, err
}

// RoundUpdate is the input of UpdateRound.
type RoundUpdate struct {
	ID string `json:"-"`
	RoundData
	Version int64 `json:"version"`
}

// UpdateRound changes a round before its rules are public.
func (s *Service) UpdateRound(ctx context.Context, by authz.Actor, in RoundUpdate) (Round, error) {
	if _, err := s.readRound(ctx, s.unit.DB(), by, in.ID); err != nil {
		return Round{}, err
	}
	scheme, err := s.check(ctx, by, &in.RoundData)
	if err != nil {
		return Round{}, err
	}
	var out Round
	err = s.unit.Write(ctx, by, "assess.UpdateRound", func(tx *unit.Tx) error {
		x, err := s.running(ctx, tx, in.ID, in.Version, Draft)
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindRound, Object: x.ID, What: "update",
			Detail: map[string]any{"old": x.RoundData, "new": in.RoundData}})
		err = db.ExecOne(ctx, tx.Tx, qRoundSet, x.ID, x.Version, in.Title, in.Year, in.Region, scheme.ID,
			scheme.Name, scheme.Edition, encode(scheme.Params), in.Note, tx.NowUs())
		if err != nil {
			return err
		}
		out, err = roundByID(ctx, tx, x.ID)
		return err
	})
	return out, err
}

func (s *Service) readRound(ctx context.Context, q db.Q, by authz.Actor, roundID string) (Round, error) {
	x, err := roundByID(ctx, q, roundID)
	if err != nil {
		return Round{}, err
	}
	return x, RoundPolicy.May(by, ActRoundRead, x)
}

// running loads a round that the actor holds, as it was seen, in one of some states.
func (s *Service) running(
	ctx context.Context, tx *unit.Tx, roundID string, version int64, states ...string,
) (Round, error) {
	x, err := s.readRound(ctx, tx, tx.By(), roundID)
	if err != nil {
		return x, err
	}
	if err := RoundPolicy.May(tx.By(), ActRoundRun, x); err != nil {
		return x, err
	}
	switch {
	case x.Version != version:
		return x, errStale()
	case !slices.Contains(states, x.State):
		return x, errState()
	}
	return x, nil
}

// Unit is a unit to be assessed.
type Unit struct {
	Org   string `json:"org"`
	Group string `json:"group,omitempty"` // one of Groups; "" lets the registry decide
}

// NewUnits is the input of AddUnits.
type NewUnits struct {
	Round   string `json:"-"`
	Units   []Unit `json:"units"`
	Version int64  `json:"version"`
}

// AddUnits puts units into a round until it is shown. Those in it already are left alone.
func (s *Service) AddUnits(ctx context.Context, by authz.Actor, in NewUnits) (Round, error) {
	type found struct {
		Unit
		now, name, region string
	}
	var f faults
	var list []found
	for i, u := range in.Units {
		o, err := s.opt.Party.GetOrganisation(ctx, by, u.Org)
		if fault.Is(err, fault.NotFound) || u.Org == "" {
			f.add(row("units", i, "org"), "主体库中没有这个单位")
			continue
		}
		if err != nil {
			return Round{}, err
		}
		if u.Group == "" {
			u.Group = groupOf(o.Kind, o.Region)
		}
		f.choice(row("units", i, "group"), u.Group, Groups())
		list = append(list, found{u, o.ID, o.Name, string(o.Region)})
	}
	if len(in.Units) == 0 || len(in.Units) > MaxUnits {
		f.add("units", "应有 1 至 %d 项", MaxUnits)
	}
	if err := f.err(); err != nil {
		return Round{}, err
	}
	return s.marking(ctx, by, "assess.AddUnits", in.Round, in.Version, []string{Draft, RulesPublic, Scoring},
		func(tx *unit.Tx, x Round) error {
			there, err := db.All(ctx, tx, qEntries, scanEntry, x.ID)
			if err != nil {
				return err
			}
			for _, u := range list {
				if slices.ContainsFunc(there, func(e Entry) bool { return e.OrgNow == u.now }) {
					continue
				}
				if len(there) >= MaxUnits {
					return fault.Fields(fault.At("units", "应有 1 至 %d 项", MaxUnits))
				}
				entryID := id.New()
				err := db.ExecOne(ctx, tx.Tx, qEntryAdd, entryID, x.ID, u.Org, u.now, u.name, u.region, u.Group)
				if err != nil {
					return err
				}
				there = append(there, Entry{ID: entryID, OrgNow: u.now})
				tx.Audit(audit.Entry{Kind: kindRound, Object: x.ID, What: "add_unit", Detail: u.Unit})
			}
			tx.Audit(audit.Entry{Kind: kindRound, Object: x.ID, What: "units", Detail: len(there)})
			return nil
		})
}

// groupOf is the group of an organisation: offices of a district, of the city, others.
func groupOf(kind string, at region.Code) string {
	switch {
	case kind == "government" && at.Level() == region.LevelCounty:
		return "district"
	case kind == "government":
		return "department"
	}
	return "other"
}

// RemoveUnit takes a unit out of a round before its rules are public.
func (s *Service) RemoveUnit(
	ctx context.Context, by authz.Actor, roundID, entryID string, version int64,
) (Round, error) {
	return s.marking(ctx, by, "assess.RemoveUnit", roundID, version, []string{Draft, RulesPublic},
		func(tx *unit.Tx, x Round) error {
			e, err := entryByID(ctx, tx, entryID)
			if err != nil {
				return err
			}
			if e.Round != x.ID {
				return errAbsent()
			}
			tx.Audit(audit.Entry{Kind: kindRound, Object: x.ID, What: "remove_unit",
				Detail: map[string]any{"org": e.Org, "name": e.OrgName}})
			if _, err := db.Exec(ctx, tx.Tx, qMarksDrop, e.ID); err != nil {
				return err
			}
			return db.ExecOne(ctx, tx.Tx, qEntryDrop, e.ID, x.ID)
		})
}

// marking changes what a round counts with, so that it must be counted anew.
func (s *Service) marking(
	ctx context.Context, by authz.Actor, useCase, roundID string, version int64, states []string,
	do func(*unit.Tx, Round) error,
) (Round, error) {
	var out Round
	err := s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		x, err := s.running(ctx, tx, roundID, version, states...)
		if err != nil {
			return err
		}
		if err := do(tx, x); err != nil {
			return err
		}
		// Later than the last count, even within a microsecond of it.
		at := max(tx.NowUs(), x.ComputedUs+1)
		if err := db.ExecOne(ctx, tx.Tx, qRoundMarked, x.ID, version, at); err != nil {
			return err
		}
		out, err = roundByID(ctx, tx, x.ID)
		return err
	})
	return out, err
}

// FireRound takes a step with a round. Appeals are taken until their time is over, so it cannot be
// closed before.
func (s *Service) FireRound(ctx context.Context, by authz.Actor, in Step) (Round, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "assess.FireRound", in.Key, in,
		func(tx *unit.Tx) (Round, error) {
			x, err := s.readRound(ctx, tx, by, in.ID)
			if err != nil {
				return Round{}, err
			}
			if in.Step == StepClose && RoundPolicy.May(by, ActRoundRun, x) == nil && x.State == Shown {
				due, err := s.appealsUntil(ctx, tx, x)
				if err != nil {
					return Round{}, err
				}
				if tx.NowUs() < due {
					return Round{}, tooEarly(due)
				}
			}
			out, err := s.rounds.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			tx.Emit(outbox.Event{Kind: EventRoundMoved, Object: in.ID, Data: in.Step})
			return out, err
		})
	return out, err
}

func tooEarly(due int64) *fault.Error {
	return fault.New(fault.Conflict, "申诉期到 %s 止", string(clock.DateOf(clock.Time(due-1))))
}

// appealsUntil is when the time for appeals ends, 0 when it does not run.
func (s *Service) appealsUntil(ctx context.Context, q db.Q, x Round) (int64, error) {
	runs, err := s.rounds.Running(ctx, q, x.ID)
	if err != nil {
		return 0, err
	}
	for _, r := range runs {
		if r.Clock == "appeal" {
			return r.DueUs, nil
		}
	}
	return 0, nil
}

// RoundDetail is a round as the actor may see it.
type RoundDetail struct {
	Round
	Entries      []Entry         `json:"entries"` // those the actor may read, by group and rank
	AppealsEndUs int64           `json:"appealsEndUs,omitempty"`
	Differs      []string        `json:"differs,omitempty"` // units whose score counts differently now
	Pending      []Appeal        `json:"-"`
	Offers       []process.Offer `json:"-"`
	History      []process.Entry `json:"-"`
	Holds        bool            `json:"-"` // the actor runs it
}

// GetRound returns a round with the results that the actor may read.
func (s *Service) GetRound(ctx context.Context, by authz.Actor, roundID string) (RoundDetail, error) {
	q := s.unit.DB()
	x, err := s.readRound(ctx, q, by, roundID)
	if err != nil {
		return RoundDetail{}, err
	}
	d := RoundDetail{Round: x, Holds: RoundPolicy.MaySee(by, ActRoundRun, x)}
	if d.Entries, err = s.entries(ctx, q, by, x.ID); err != nil {
		return d, err
	}
	if d.AppealsEndUs, err = s.appealsUntil(ctx, q, x); err != nil {
		return d, err
	}
	if d.Offers, err = s.rounds.Available(ctx, q, by, x); err != nil {
		return d, err
	}
	for i, o := range d.Offers {
		if o.Step == StepClose && o.Allowed && clock.Us(s.now()) < d.AppealsEndUs {
			d.Offers[i].Allowed, d.Offers[i].WhyNot = false, tooEarly(d.AppealsEndUs)
		}
	}
	if d.Holds || by.Role == authz.Leader {
		if d.Differs, err = s.differs(ctx, q, x); err != nil {
			return d, err
		}
	}
	w := AppealPolicy.Scope(by, ActAppealRead).And("e.round = $1", x.ID)
	page, err := db.List(ctx, q, appealList, w, appealList.Order(""), db.PageReq{Limit: db.MaxLimit}, scanAppeal)
	if err != nil {
		return d, err
	}
	d.Pending = page.Items
	d.History, err = process.History(ctx, q, s.rounds.Name(), x.ID, 0)
	return d, err
}

// entries are the results of a round that the actor may read, by group and rank.
func (s *Service) entries(ctx context.Context, q db.Q, by authz.Actor, roundID string) ([]Entry, error) {
	w := EntryPolicy.Scope(by, ActEntryRead).And("e.round = $1", roundID)
	var out []Entry
	err := db.Stream(ctx, q, entryList, w, entryList.Order(""), 0, scanEntry, func(e Entry) error {
		out = append(out, e)
		return nil
	})
	slices.SortStableFunc(out, func(a, b Entry) int {
		if a.Group != b.Group {
			return groupPlace(a.Group) - groupPlace(b.Group)
		}
		return unranked(a) - unranked(b)
	})
	return out, err
}

func groupPlace(group string) int {
	return slices.IndexFunc(Groups(), func(c Choice) bool { return c.Value == group })
}

// unranked puts those without a rank behind the others.
func unranked(e Entry) int {
	if e.rank == 0 {
		return MaxUnits + 1
	}
	return int(e.rank)
}

// ListRounds returns a page of the rounds that the actor may read, the latest year first.
func (s *Service) ListRounds(ctx context.Context, by authz.Actor, p db.PageReq) (db.Page[Round], error) {
	return db.List(ctx, s.unit.DB(), roundList, RoundPolicy.Scope(by, ActRoundRead), roundList.Order(""), p,
		scanRound)
}
