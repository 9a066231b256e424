package monitor

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/engine/formula"
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// site is what a value is of: a place as a whole, or a station in it.
type site struct {
	place   region.Code
	station string // "" = the place as a whole
}

// inputs are the series that a formula may speak of, by the name of the indicator.
type inputs struct {
	id       map[string]string // of the indicator with a name
	unit     map[string]formula.Unit
	at       map[string]map[site]map[series.Period]Point
	stations []indicator.Station
}

// env is the inputs of one place or station.
type env struct {
	in inputs
	at site
}

// whole is the inputs of a place as a whole, which knows its stations.
type whole struct{ env }

// Sites implements formula.Places.
func (e whole) Sites(kind string, at series.Period) []formula.Site {
	from, before, ok := authz.RegionRange(string(e.at.place))
	var out []formula.Site
	for _, x := range e.in.stations {
		if r := string(x.Region); ok && from <= r && r < before && x.Is(kind) && x.Holds(clock.Date(at.LastDay())) {
			out = append(out, formula.Site{ID: x.ID, Name: x.Name, Env: env{e.in, site{x.Region, x.ID}}})
		}
	}
	return out
}

func (e env) Unit(name string) (formula.Unit, bool) {
	u, ok := e.in.unit[name]
	return u, ok
}

func (e env) Value(name string, at series.Period) formula.Value {
	p, ok := e.in.at[name][e.at][at]
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
		for _, c := range in.cells(d.PeriodKind(), expr.LooksAtSites()) {
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
	in := inputs{id: map[string]string{}, unit: map[string]formula.Unit{},
		at: map[string]map[site]map[series.Period]Point{}}
	var err error
	if in.stations, err = s.opt.Indicator.Stations(ctx, q); err != nil {
		return in, err
	}
	abouts := []any{""} // a formula is of places and of stations, not of units
	for _, x := range in.stations {
		abouts = append(abouts, x.ID)
	}
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
			db.Where{}.And("p.indicator = $1", x.ID).In("p.about", abouts...), 0)
		if err != nil {
			return in, err
		}
		by := map[site]map[series.Period]Point{}
		for _, p := range points {
			of := site{p.Region, p.Org}
			if by[of] == nil {
				by[of] = map[series.Period]Point{}
			}
			by[of][p.Period] = p
		}
		in.at[ref.Name] = by
	}
	return in, nil
}

// where is a place or station and a period.
type where struct {
	site
	period series.Period
}

// cells are the places, stations and periods of a kind for which some input is known, in order. A formula that
// looks at the stations of its place is of the district and the city in which one of them has a value.
func (in inputs) cells(kind series.Kind, sites bool) []where {
	seen := map[where]bool{}
	var out []where
	add := func(c where) {
		if !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	for _, places := range in.at {
		for at, periods := range places {
			for p := range periods {
				switch {
				case p.Kind() != kind:
				case sites && at.station != "":
					add(where{site{place: at.place}, p})
					add(where{site{place: at.place.City()}, p})
				default:
					add(where{at, p})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b where) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.station, b.station),
			cmp.Compare(a.period.SortKey(), b.period.SortKey()))
	})
	return out
}

// env is what a formula sees at a place or a station.
func (in inputs) env(at site) formula.Env {
	if at.station == "" {
		return whole{env{in, at}}
	}
	return env{in, at}
}

// station is one by its id.
func (in inputs) station(id string) indicator.Station {
	for _, x := range in.stations {
		if x.ID == id {
			return x
		}
	}
	return indicator.Station{}
}

// compute is the point of a formula for a place and a period.
func (w ways) compute(
	expr *formula.Expr, in inputs, d indicator.Definition, c where,
) (stored, bool) {
	v, trace := expr.Eval(in.env(c.site), c.period)
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
	p := stored{era: w.era[d.ID], Point: Point{
		Cell:    Cell{Indicator: d.Indicator, Region: c.place, Org: c.station},
		OrgName: in.station(c.station).Name, Period: c.period, Value: value,
		Qualifier: indicator.Exactly, Unit: d.Unit, Definition: d.ID,
		AsOf: clock.Date(c.period.LastDay()), Cumulative: d.Cumulative, Origin: FromFormula,
		Evidence: Evidence{Formula: d.Formula}}}
	for _, t := range trace {
		at := c.site
		if t.Site != "" {
			at = site{in.station(t.Site).Region, t.Site}
		}
		p.Evidence.Inputs = append(p.Evidence.Inputs, in.used(t, at))
		if used, known := in.at[t.Name][at][t.Period]; known {
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
func (in inputs) used(t formula.Input, at site) Input {
	out := Input{Name: t.Name, Indicator: in.id[t.Name], Region: at.place, Period: t.Period, Org: at.station,
		OrgName: in.station(at.station).Name}
	if p, known := in.at[t.Name][at][t.Period]; known {
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
