package demo

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// gauge is an indicator of the set with the district values that the demonstration invents for it.
type gauge struct {
	item      indicator.Item
	def       indicator.Definition
	low, high int64
}

// indicators installs the set of 22 indicators, says which unit reports each, and reports published
// and invented values of the home and its districts, which a second person approves.
func (g *growth) indicators(ctx context.Context) error {
	by := g.officer()
	set, err := g.takeSet(ctx, by)
	if err != nil {
		return err
	}
	if err := g.revise(ctx, by, set); err != nil {
		return err
	}
	items, err := g.Indicator.SetItems(ctx, g.DB, set)
	if err != nil {
		return err
	}
	places := []region.Code{g.home.region}
	for _, p := range g.places {
		if inCity(region.Code(p.code), g.home.code) {
			places = append(places, region.Code(p.code))
		}
	}
	for _, it := range items {
		if begun(it.Title) {
			continue
		}
		_, err := g.Indicator.AssignDuties(ctx, by, indicator.Assignment{Indicators: []string{it.Indicator},
			Regions: places, Reporter: g.office(responsibleFor(it.Title)).ID, From: dutyFrom})
		if err != nil {
			return fmt.Errorf("duty for %s: %w", it.Title, err)
		}
	}
	var cells []indicator.NewObservation
	for _, it := range items {
		def, err := g.Indicator.DefinitionAt(ctx, g.DB, it.Indicator, dutyFrom)
		if err != nil {
			return err
		}
		span, known := gaugeSpans[it.Title]
		if less, smaller := gaugeSpansLess[it.Title]; smaller && g.home.code == cities[Changzhi].code {
			span = less
		}
		if !known || def.Kind != indicator.Observed {
			continue
		}
		if begun(it.Title) {
			continue
		}
		cells = append(cells, g.invented(gauge{it, def, span[0], span[1]}, places)...)
	}
	if err := g.report(ctx, by, cells); err != nil {
		return err
	}
	return g.goals(ctx, items, cells)
}

// begun reports whether the small part of the demonstration has an indicator reported by districts
// already.
func begun(title string) bool {
	for _, x := range reportedByDistricts {
		if x.name == title {
			return true
		}
	}
	return false
}

// report hands values in and has another officer approve them.
func (g *growth) report(ctx context.Context, by authz.Actor, cells []indicator.NewObservation) error {
	for part := range slices.Chunk(cells, indicator.MaxSteps) {
		made, err := g.Indicator.Report(ctx, by, indicator.Reporting{Cells: part, Submit: true})
		if err != nil {
			return err
		}
		in := indicator.Steps{Step: indicator.StepApprove}
		for _, o := range made {
			in.Values = append(in.Values, indicator.Step{ID: o.ID, Version: o.Version})
		}
		if _, err := g.Indicator.FireObservations(ctx, g.chief(), in); err != nil {
			return err
		}
	}
	return nil
}

// spans are the periods of a frequency that invented values are for.
func (g *growth) spans(frequency string) []series.Period {
	kind := indicator.KindOf(frequency)
	years := 3
	if frequency != "year" {
		years = 2
	}
	today := g.days(-20)
	var out []series.Period
	var year int
	fmt.Sscanf(string(today), "%d", &year)
	for p := series.NewPeriod(kind, year-years, 1); ; p = p.Next() {
		y, m := p.End()
		if clock.Date(fmt.Sprintf("%04d-%02d-28", y, m)) > today {
			return out
		}
		out = append(out, p)
	}
}

// invented are values of all places over the last years. Those of the districts add up to that of the
// city where they may be added.
func (g *growth) invented(x gauge, places []region.Code) []indicator.NewObservation {
	var out []indicator.NewObservation
	level := map[region.Code]int64{} // in thousandths
	for _, p := range places {
		level[p] = 1000*x.low + int64(g.dice.below(int(1000*(x.high-x.low)+1)))
	}
	for _, period := range g.spans(x.def.Frequency) {
		sum := new(big.Rat)
		for i := len(places) - 1; i >= 0; i-- { // the city comes last
			p := places[i]
			if grown := level[p] + level[p]*int64(2+g.dice.below(12))/1000; below(grown, x.def) {
				level[p] = grown
			}
			value := plan.Decimal(big.NewRat(level[p], 1000).FloatString(int(x.def.Places)))
			if r, ok := new(big.Rat).SetString(string(value)); ok && i > 0 {
				sum.Add(sum, r)
			}
			if i == 0 && addable(x.item.Title) {
				value = plan.Decimal(sum.FloatString(int(x.def.Places)))
			}
			out = append(out, indicator.NewObservation{
				Cell:            indicator.Cell{Indicator: x.item.Indicator, Region: p, Period: period},
				ObservationData: indicator.ObservationData{Value: value, Note: inventedValue}})
		}
	}
	return out
}

// below reports whether a value in thousandths is one that the definition allows.
func below(thousandths int64, d indicator.Definition) bool {
	top := d.Ceiling.Rat()
	return top == nil || big.NewRat(thousandths, 1000).Cmp(top) <= 0
}

// addable says whether the values of districts add up to that of the city.
func addable(title string) bool {
	return slices.ContainsFunc(addableEnds, func(end string) bool { return strings.HasSuffix(title, end) })
}
