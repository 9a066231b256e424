package report

import (
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
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

// Limits of what people write, in characters.
const (
	MaxTitle = 80
	MaxText  = 20_000
)

// MaxBeside is how many indicators a report tells behind those of its set.
const MaxBeside = 20

// Options of a Service.
type Options struct {
	Source Source
	Home   func() region.Code // the city or district of the site
	Issuer func() string      // who signs: the organiser of the site
	// File files a text as a document and returns its id; the same key gives the same document.
	File func(ctx context.Context, by authz.Actor, f Filing) (string, error)
}

// Service is the room of reports. It is safe for concurrent use.
type Service struct {
	unit    *unit.Unit
	opt     Options
	src     Source
	reports *process.Process[Report]
}

// New returns the room.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	p, err := Process.With(times)
	if err != nil {
		return nil, err
	}
	return &Service{unit: u, opt: o, src: o.Source, reports: p}, nil
}

func (s *Service) today() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }

func (s *Service) nowUs() int64 { return clock.Us(s.unit.Clock().Now()) }

// NewReport is the input of CreateReport.
type NewReport struct {
	Ask
	Title  string `json:"title,omitempty"` // "" names it after its place
	Public bool   `json:"public,omitempty"`
	Key    string `json:"-"`
}

func (s *Service) checkAsk(in *Ask, f *faults) {
	f.choice("form", in.Form, Forms())
	if in.Region == "" && s.opt.Home != nil {
		in.Region = s.opt.Home()
	}
	if code, err := region.Parse(string(in.Region)); err != nil || code != in.Region {
		f.add("region", "请选择所在地区")
	} else if in.PlaceName = s.src.PlaceName(in.Region); in.PlaceName == "" {
		f.add("region", "请选择所在地区")
	}
	if in.Period != "" && !series.Period(in.Period).Valid() {
		f.add("period", "统计期应如 2026、2026H1、2026Q3 或 2026-09")
	}
	if len(in.Parts) == 0 {
		f.add("parts", "请至少选择一项")
	}
	for _, p := range in.Parts {
		f.choice("parts", p, Parts())
	}
	if len(in.Beside) > MaxBeside {
		f.add("beside", "最多选 %d 项", MaxBeside)
	}
	slices.Sort(in.Parts)
	in.Parts = slices.Compact(in.Parts)
}

// CreateReport makes a draft of what the house knows now. Faults: Invalid at the fields, at "parts" when
// there is nothing to tell.
func (s *Service) CreateReport(ctx context.Context, by authz.Actor, in NewReport) (Report, error) {
	if err := Policy.May(by, ActMake, Report{}); err != nil {
		return Report{}, err
	}
	var f faults
	in.Title = tidy(in.Title)
	s.checkAsk(&in.Ask, &f)
	f.line("title", in.Title, MaxTitle, false)
	if err := f.err(); err != nil {
		return Report{}, err
	}
	if err := s.checkBeside(ctx, in.Ask); err != nil {
		return Report{}, err
	}
	r := Report{Ask: in.Ask, Title: in.Title, Day: s.today(), Public: in.Public}
	if r.Title == "" {
		r.Title = fmt.Sprintf(titles[in.Form], in.PlaceName)
	}
	c, err := s.compose(ctx, r)
	if err != nil {
		return Report{}, err
	}
	if in.Across != "" && slices.Contains(in.Parts, PartPlaces) && len(c.places) == 0 {
		return Report{}, fault.Fields(fault.At("across", "%s的县区没有这个指标的数据", in.PlaceName))
	}
	if len(c.known) == 0 {
		return Report{}, fault.Fields(fault.At("parts", "所选内容还没有数字可写"))
	}
	out, _, err := unit.Once(ctx, s.unit, by, "report.CreateReport", in.Key, in, func(tx *unit.Tx) (Report, error) {
		code, err := codeOf(ctx, tx, in.Form)
		if err != nil {
			return Report{}, err
		}
		r.ID = id.New()
		err = db.ExecOne(ctx, tx.Tx, qAdd, r.ID, code, r.Form, r.Title, string(r.Region), string(r.Day),
			encode(r.Ask), c.body, encode(c.untold), encode(c.places), flag(r.Public), tx.NowUs(), by.Account, by.Login)
		if err != nil {
			return Report{}, err
		}
		if err := setFigures(ctx, tx, r.ID, c.known); err != nil {
			return Report{}, err
		}
		if err := s.reports.Start(ctx, tx, r.ID); err != nil {
			return Report{}, err
		}
		tx.Audit(audit.Entry{Kind: kindReport, Object: r.ID, What: "create",
			Detail: map[string]any{"ask": r.Ask, "figures": len(c.known)}})
		tx.Emit(outbox.Event{Kind: EventCreated, Object: r.ID})
		return reportByID(ctx, tx, r.ID)
	})
	return out, err
}

// checkBeside wants indicators that have a value of the place.
func (s *Service) checkBeside(ctx context.Context, in Ask) error {
	if len(in.Beside) == 0 {
		return nil
	}
	known, err := s.src.Beside(ctx, in.Region, in.Set)
	if err != nil {
		return err
	}
	for _, id := range in.Beside {
		if TitleOf(known, id) == "" {
			return fault.Fields(fault.At("beside", "%s没有这项指标的数据，或它已在指标体系中", in.PlaceName))
		}
	}
	return nil
}

func flag(v bool) int64 {
	if v {
		return 1
	}
	return 0
}

// readReport reads a report that the actor may read; to all others it does not exist.
func (s *Service) readReport(ctx context.Context, q db.Q, by authz.Actor, reportID string) (Report, error) {
	r, err := reportByID(ctx, q, reportID)
	if err != nil {
		return Report{}, err
	}
	return r, Policy.May(by, ActRead, r)
}

// writing loads a draft that is being written, as it was seen, and changes it. do returns the report with
// its new words and its new figures.
func (s *Service) writing(
	ctx context.Context, by authz.Actor, useCase, reportID string, version int64, what string,
	do func(Report, []Figure) (Report, []Figure, error),
) (Report, error) {
	var out Report
	err := s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		var err error
		out, err = s.write(ctx, tx, reportID, version, what, do)
		return err
	})
	return out, err
}

// write is writing within a transaction.
func (s *Service) write(
	ctx context.Context, tx *unit.Tx, reportID string, version int64, what string,
	do func(Report, []Figure) (Report, []Figure, error),
) (Report, error) {
	old, err := s.readReport(ctx, tx, tx.By(), reportID)
	if err != nil {
		return Report{}, err
	}
	if err := Policy.May(tx.By(), ActMake, old); err != nil {
		return Report{}, err
	}
	if old.Version != version {
		return Report{}, errStale()
	}
	if old.State != StateDraft {
		return Report{}, fault.New(fault.Conflict, "只有草稿可以修改")
	}
	figures, err := figuresOf(ctx, tx, reportID)
	if err != nil {
		return Report{}, err
	}
	r, figures, err := do(old, figures)
	if err != nil {
		return Report{}, err
	}
	err = db.ExecOne(ctx, tx.Tx, qSet, r.ID, version, r.Title, string(r.Day), r.Text, encode(r.Untold),
		encode(r.Places), flag(r.Public), tx.NowUs())
	if err != nil {
		return Report{}, err
	}
	if err := setFigures(ctx, tx, r.ID, figures); err != nil {
		return Report{}, err
	}
	tx.Audit(audit.Entry{Kind: kindReport, Object: r.ID, What: what, Detail: map[string]any{
		"title": r.Title, "before": old.Text, "after": r.Text, "figures": len(figures)}})
	tx.Emit(outbox.Event{Kind: EventChanged, Object: r.ID, Data: what})
	return reportByID(ctx, tx, r.ID)
}

// Update is the input of UpdateReport.
type Update struct {
	ID      string `json:"-"`
	Title   string `json:"title"`
	Text    string `json:"text"`
	Public  bool   `json:"public,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// UpdateReport changes the words of a draft. Figures that the text speaks of no more are left out.
func (s *Service) UpdateReport(ctx context.Context, by authz.Actor, in Update) (Report, error) {
	in.Title, in.Text = tidy(in.Title), lines(in.Text)
	var f faults
	f.line("title", in.Title, MaxTitle, true)
	f.prose("text", in.Text, MaxText, true)
	if err := f.err(); err != nil {
		return Report{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "report.UpdateReport", in.Key, in,
		func(tx *unit.Tx) (Report, error) {
			return s.write(ctx, tx, in.ID, in.Version, "text", in.reworded)
		})
	return out, err
}

// reworded puts the words of a person into a report and drops figures that they do not speak of.
func (in Update) reworded(r Report, figures []Figure) (Report, []Figure, error) {
	r.Title, r.Text, r.Public = in.Title, in.Text, in.Public
	told := checkText(r, figures).told
	figures = slices.DeleteFunc(figures, func(f Figure) bool { return !told[f.N] })
	for i, p := range r.Places {
		if !told[p.N] {
			r.Places[i].N = 0
		}
	}
	beside(r.Places)
	return r, figures, nil
}

// Step is the input of FireReport.
type Step struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireReport takes a step with a report.
func (s *Service) FireReport(ctx context.Context, by authz.Actor, in Step) (Report, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "report.FireReport", in.Key, in,
		func(tx *unit.Tx) (Report, error) {
			if _, err := s.readReport(ctx, tx, by, in.ID); err != nil {
				return Report{}, err
			}
			r, err := s.reports.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			tx.Emit(outbox.Event{Kind: EventMoved, Object: in.ID, Data: in.Step})
			return r, err
		})
	return out, err
}
