package monitor

import (
	"math/big"
	"testing"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// A figure is told with as many digits as its definition deserves, in the unit of the target; what is needed
// each month is rounded up.
func TestDigits(t *testing.T) {
	def := func(unit string, places int64) indicator.Definition {
		return indicator.Definition{ID: "d", DefinitionData: indicator.DefinitionData{Unit: unit, Places: places}}
	}
	for _, c := range []struct {
		measure, goal, unit string
		def                 indicator.Definition
		gap                 *big.Rat
		months              int64
		wantGap, monthly    plan.Decimal
	}{
		{"level", "228", "家", def("家", 0), big.NewRat(100, 1), 3, "100", "34"},
		{"level", "228", "亿元", def("亿元", 2), big.NewRat(100, 1), 3, "100", "33.34"},
		{"level", "2.5", "亿元", def("万元", 0), big.NewRat(1, 3), 7, "0.3333", "0.0477"}, // 1/21 = 0.0476…
		{"level", "25000", "万元", def("亿元", 2), big.NewRat(100, 1), 3, "100", "34"},
		{"growth", "8", "%", def("亿元", 4), big.NewRat(10, 3), 3, "3.33", "1.12"},
		{"level", "8.125", "%", indicator.Definition{}, big.NewRat(1, 1), 3, "1", "0.334"},
	} {
		target := plan.Target{TargetData: plan.TargetData{Measure: c.measure, Value: plan.Decimal(c.goal), Unit: c.unit}}
		st := Standing{Gap: c.gap, Monthly: new(big.Rat).Quo(c.gap, big.NewRat(c.months, 1))}
		row := rowOf(target, st, Light{}, "", digitsOf(target, c.def))
		if row.Gap != c.wantGap || row.Monthly != c.monthly {
			t.Errorf("%+v: gap %s, %s a month", c, row.Gap, row.Monthly)
		}
	}
}

// Nothing is due before the first period that a definition holds for is over and its working days are gone.
func TestFirstPeriodNotDue(t *testing.T) {
	s := &Service{}
	target := plan.Target{TargetData: plan.TargetData{From: "2026-01-01", To: "2026-12-31"}}
	for _, c := range []struct {
		frequency     string
		from          clock.Date
		before, after clock.Date // the last day it is not due, and the first it is
		due           clock.Date
	}{
		{"month", "2026-03-01", "2026-04-08", "2026-04-09", "2026-04-07"},
		{"month", "2026-03-20", "2026-04-08", "2026-04-09", "2026-04-07"},
		{"quarter", "2026-03-01", "2026-04-08", "2026-04-09", "2026-04-07"},
		{"half", "2026-01-01", "2026-07-08", "2026-07-09", "2026-07-07"},
	} {
		d := indicator.Definition{DefinitionData: indicator.DefinitionData{Kind: indicator.Observed,
			Frequency: c.frequency, DueDays: 5, From: c.from}}
		for day := c.from; day <= c.due; day = day.AddDays(1) {
			if got := s.dueFrom(ways{list: []indicator.Definition{d}}, nil, target, day); got != "" {
				t.Errorf("%s from %s: due since %s on %s", c.frequency, c.from, got, day)
				break
			}
		}
		if got := s.dueFrom(ways{list: []indicator.Definition{d}}, nil, target, c.after); got != c.due {
			t.Errorf("%s from %s: due since %q on %s, want %s", c.frequency, c.from, got, c.after, c.due)
		}
	}
}
