package monitor

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/engine/formula"
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// inputs are the series that a formula may speak of, by the name of the indicator.
type inputs struct {
	id   map[string]string // of the indicator with a name
	unit map[string]formula.Unit
	at   map[string]map[region.Code]map[series.Period]Point
}

// env is the inputs of one place.
type env struct {
	in    inputs
	place region.Code
}

func (e env) Unit(name string) (formula.Unit, bool) {
	u, ok := e.in.unit[name]
	return u, ok
}

func (e env) Value(name string, at series.Period) formula.Value {
	p, ok := e.in.at[name][e.place][at]
	if !ok {
		return formula.Absent(e.in.unit[name], formula.Because("no.value", name, at.Text()))
	}
	u, ok := formula.ParseUnit(p.Unit)
	if !ok {
		return formula.Absent(e.in.unit[name], formula.Because("no.value", name, at.Text()))
	}
	return formula.Number(p.Rat(), u)
}

func (e env) Table(name string, at series.Period) (formula.Table, bool) {
	t, _, ok := formula.ReadyTable(name, at)
	return t, ok
}

// computed makes the points of an indicator that is defined by formulas: for each place and period for
// which an input is known. What is missing makes no point.
func (s *Service) computed(ctx context.Context, q db.Q, w ways) ([]stored, error) {
	var out []stored
	for _, d := range w.list {
		if d.Kind != indicator.Computed {
			continue
		}
		expr, bad := formula.Parse(d.Formula)
		if bad != nil {
			continue // the room that defines it refuses such a text; an old one computes nothing
		}
		in, err := s.inputsOf(ctx, q, expr)
		if err != nil {
			return nil, err
		}
		for _, c := range in.cells(d.PeriodKind()) {
			if !d.Holds(clock.Date(c.period.LastDay())) {
				continue
			}
			if p, ok := w.compute(expr, in, d, c); ok {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// inputsOf reads the series that a formula speaks of.
func (s *Service) inputsOf(ctx context.Context, q db.Q, expr *formula.Expr) (inputs, error) {
	in := inputs{map[string]string{}, map[string]formula.Unit{},
		map[string]map[region.Code]map[series.Period]Point{}}
	for _, ref := range expr.Names() {
		x, found, err := s.opt.Plan.FindIndicator(ctx, q, ref.Name)
		if err != nil {
			return in, err
		}
		if !found {
			continue
		}
		in.id[ref.Name] = x.ID
		in.unit[ref.Name], _ = formula.ParseUnit(x.Unit)
		points, err := pointsWhere(ctx, q,
			db.Where{}.And("p.indicator = $1 AND p.about = ''", x.ID), 0)
		if err != nil {
			return in, err
		}
		by := map[region.Code]map[series.Period]Point{}
		for _, p := range points {
			if by[p.Region] == nil {
				by[p.Region] = map[series.Period]Point{}
			}
			by[p.Region][p.Period] = p
		}
		in.at[ref.Name] = by
	}
	return in, nil
}

// where is a place and a period.
type where struct {
	place  region.Code
	period series.Period
}

// cells are the places and periods of a kind for which some input is known, in order.
func (in inputs) cells(kind series.Kind) []where {
	seen := map[where]bool{}
	var out []where
	for _, places := range in.at {
		for place, periods := range places {
			for p := range periods {
				if c := (where{place, p}); p.Kind() == kind && !seen[c] {
					seen[c] = true
					out = append(out, c)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b where) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.period.SortKey(), b.period.SortKey()))
	})
	return out
}

// compute is the point of a formula for a place and a period.
func (w ways) compute(
	expr *formula.Expr, in inputs, d indicator.Definition, c where,
) (stored, bool) {
	v, trace := expr.Eval(env{in, c.place}, c.period)
	want, ok := formula.ParseUnit(d.Unit)
	if v.Missing || v.Bool || !ok {
		return stored{}, false
	}
	v, ok = v.In(want)
	if !ok {
		return stored{}, false
	}
	value, ok := plan.ParseDecimal(v.Rat.FloatString(int(d.Places)))
	if !ok {
		return stored{}, false
	}
	p := stored{era: w.era[d.ID], Point: Point{Cell: Cell{Indicator: d.Indicator, Region: c.place},
		Period: c.period, Value: value, Qualifier: indicator.Exactly, Unit: d.Unit, Definition: d.ID,
		AsOf: clock.Date(c.period.LastDay()), Cumulative: d.Cumulative, Origin: FromFormula,
		Evidence: Evidence{Formula: d.Formula}}}
	for _, t := range trace {
		p.Evidence.Inputs = append(p.Evidence.Inputs, in.used(t, c.place))
		if used, known := in.at[t.Name][c.place][t.Period]; known {
			p.AtUs, p.AsOf = max(p.AtUs, used.AtUs), min(p.AsOf, max(used.AsOf, p.firstDay()))
			if used.Qualifier != indicator.Exactly {
				p.Qualifier = indicator.About // what comes of a round number is one
			}
		}
	}
	return p, true
}

// firstDay is the day the period of the point begins with.
func (p Point) firstDay() clock.Date { return clock.Date(p.Period.FirstDay()) }

// used is an input of a result as its evidence keeps it.
func (in inputs) used(t formula.Input, place region.Code) Input {
	out := Input{Name: t.Name, Indicator: in.id[t.Name], Region: place, Period: t.Period}
	if p, known := in.at[t.Name][place][t.Period]; known {
		out.Value, out.Unit = p.Value, p.Unit
	}
	return out
}

// dependents are the indicators that formulas make of others, those that are needed first before those
// that need them. An indicator whose formula needs itself by way of others is left out: it can have no
// value.
func (s *Service) dependents(ctx context.Context, q db.Q, changed []string) ([]string, error) {
	all, err := s.opt.Indicator.AllDefinitions(ctx, q)
	if err != nil {
		return nil, err
	}
	needs := map[string][]string{} // indicator → those its formulas speak of
	for _, d := range all {
		expr, bad := formula.Parse(d.Formula)
		if d.Kind != indicator.Computed || bad != nil {
			continue
		}
		for _, ref := range expr.Names() {
			x, found, err := s.opt.Plan.FindIndicator(ctx, q, ref.Name)
			if err != nil {
				return nil, err
			}
			if found {
				needs[d.Indicator] = append(needs[d.Indicator], x.ID)
			}
		}
	}
	return inOrder(needs, changed), nil
}

// inOrder are the keys of needs that something changed reaches, in an order in which each comes behind
// what it needs.
func inOrder(needs map[string][]string, changed []string) []string {
	const under, done = 1, 2
	state := map[string]int{}
	touched := map[string]bool{}
	for _, x := range changed {
		touched[x] = true
	}
	var out []string
	var visit func(x string) bool // false: x needs itself
	visit = func(x string) bool {
		switch state[x] {
		case under:
			return false
		case done:
			return true
		}
		state[x] = under
		ok := true
		for _, y := range needs[x] {
			ok = visit(y) && ok
			touched[x] = touched[x] || touched[y]
		}
		state[x] = done
		if _, made := needs[x]; made && ok && touched[x] {
			out = append(out, x)
		}
		return ok
	}
	keys := make([]string, 0, len(needs))
	for x := range needs {
		keys = append(keys, x)
	}
	slices.Sort(keys)
	for _, x := range keys {
		visit(x)
	}
	return out
}
