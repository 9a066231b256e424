package indicator

import (
	"context"
	"io"
	"iter"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Export says how a list leaves as a file. The file names who took it, when, and by which filter.
type Export struct {
	Format sheet.Format
	By     string // name of the actor for people
	Filter string // the filter in words, "" = everything
}

// write writes rows as a file and records that they left.
func (s *Service) write(
	ctx context.Context, by authz.Actor, useCase, kind, title string, filter any, e Export, spec sheet.Spec,
	w io.Writer, rows iter.Seq2[[]any, error],
) (int, error) {
	name := e.By
	if name == "" {
		name = by.Login
	}
	n, err := sheet.Write(ctx, w, e.Format, spec, rows, sheet.Meta{Title: i18n.T(ctx, title), By: name,
		At: s.unit.Clock().Now(), Filter: e.Filter})
	if err != nil {
		return n, err
	}
	return n, s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kind, What: "export", Detail: map[string]any{"filter": filter, "rows": n}})
		return nil
	})
}

// StateTitle is the title of a state of a value, or of a cell nobody has begun.
func StateTitle(state string) string {
	if state == Missing {
		return "未报"
	}
	return plan.TitleOf(stateChoices(ObservationProcess.Def().States), state)
}

func stateChoices(list []process.State) []plan.Choice {
	var out []plan.Choice
	for _, s := range list {
		out = append(out, plan.Choice{Value: s.Name, Title: s.Title})
	}
	return out
}

// ObservationStates are the states of values with their titles.
func ObservationStates() []plan.Choice { return stateChoices(ObservationProcess.Def().States) }

func dayOf(us int64) any {
	if us == 0 {
		return nil
	}
	return string(clock.DateOf(clock.Time(us)))
}

// number is a decimal as a number of a spreadsheet, or as text where that would lose digits.
func number(d plan.Decimal) any {
	if len(d) <= maxSheetDigits {
		if v, err := strconv.ParseFloat(string(d), 64); err == nil {
			return v
		}
	}
	return string(d)
}

// maxSheetDigits is what a number of a spreadsheet keeps exactly.
const maxSheetDigits = 15

func (s *Service) placeName(c region.Code) string {
	if s.opt.Dict == nil {
		return string(c)
	}
	return s.opt.Dict.RegionName(c, "")
}

func (s *Service) cellsOf(ctx context.Context, o Observation) []any {
	return []any{o.Name, s.placeName(o.Region), o.OrgName, string(o.Period), number(o.Value),
		plan.TitleOf(Qualifiers(), o.Qualifier), o.Unit, string(o.AsOf), o.Note, o.JumpNote, o.Origin,
		o.ReporterName, i18n.T(ctx, StateTitle(o.State)), o.Revision, dayOf(o.DueUs)}
}

// WriteObservations writes the values of a list that the actor may read in the form of
// ObservationSheet.
func (s *Service) WriteObservations(
	ctx context.Context, by authz.Actor, f ObservationFilter, e Export, w io.Writer,
) (int, error) {
	if !ObservationPolicy.Could(by, ActObservationRead) {
		return 0, ObservationPolicy.May(by, ActObservationRead, Observation{})
	}
	where := ObservationPolicy.Scope(by, ActObservationRead).AndAll(f.where())
	rows := func(yield func([]any, error) bool) {
		req := db.PageReq{Limit: db.MaxLimit}
		for {
			page, err := db.List(ctx, s.unit.DB(), observations, where, observations.Order("cell"), req,
				scanObservation)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, o := range page.Items {
				if !yield(s.cellsOf(ctx, o), nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			req.After = page.Next
		}
	}
	return s.write(ctx, by, "indicator.WriteObservations", kindObservation, "指标数据", f, e,
		ObservationSheet(), w, rows)
}

// WriteDesk writes what a unit must report as a table to fill in: every cell that is asked for, with
// the value that is under way.
func (s *Service) WriteDesk(
	ctx context.Context, by authz.Actor, f DeskFilter, e Export, w io.Writer,
) (int, error) {
	list, err := s.Desk(ctx, by, f)
	if err != nil {
		return 0, err
	}
	rows := func(yield func([]any, error) bool) {
		for _, a := range list {
			o := Observation{Cell: a.Cell}
			if a.Observation != nil {
				o = *a.Observation
			}
			o.Name, o.OrgName, o.ReporterName, o.State, o.DueUs = a.Name, a.OrgName, a.ReporterName, a.State, a.DueUs
			if o.Unit == "" {
				o.Unit = a.Definition.Unit
			}
			if !yield(s.cellsOf(ctx, o), nil) {
				return
			}
		}
	}
	return s.write(ctx, by, "indicator.WriteDesk", kindDuty, "应报清单", f, e, ObservationSheet(), w, rows)
}
