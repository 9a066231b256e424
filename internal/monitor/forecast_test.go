package monitor_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// What the end of the year is expected to be: from sums to date of the third quarter alone, from the line of
// quarters that do not add up, and in words why there is no forecast or no interval.
func TestForecast(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		quarters := func(d *indicator.DefinitionData) { d.Cumulative = false }
		years := func(d *indicator.DefinitionData) { d.Cumulative, d.Frequency = false, "year" }
		for _, c := range []struct {
			name   string
			change func(*indicator.DefinitionData)
			values map[series.Period]plan.Decimal
			want   expected
		}{
			// 60 % and 75 % at this time: 39 are 67.5 % of 57.78, 75 % of 52 and 60 % of 65.
			{"累计", nil, map[series.Period]plan.Decimal{"2024Q3": "60", "2024Q4": "100", "2025Q3": "75",
				"2025Q4": "100", "2026Q3": "39"}, expected{"2026", "57.78", "52", "65", series.ByShape, "", ""}},
			{"累计一期", nil, map[series.Period]plan.Decimal{"2026Q3": "39"},
				expected{"2026", "52", "", "", series.ByMonths, series.LackPace, ""}},
			// 14.3 by the line, ± 3.4416: see TestLevel of package series.
			{"存量", quarters, map[series.Period]plan.Decimal{"2025Q3": "10", "2025Q4": "12", "2026Q1": "11",
				"2026Q2": "13"}, expected{"2026Q4", "14.3", "10.86", "17.74", series.ByLevel, "", ""}},
			{"存量两期", quarters, map[series.Period]plan.Decimal{"2026Q1": "11", "2026Q2": "13"},
				expected{none: series.LackPoints}},
			{"历年", years, map[series.Period]plan.Decimal{"2024": "11", "2025": "13"},
				expected{none: series.LackYears}},
			{"往年累计", nil, map[series.Period]plan.Decimal{"2025Q4": "13"}, expected{none: series.LackYear}},
		} {
			i := x.define(c.name, "亿元", c.change)
			for _, p := range []series.Period{"2024", "2025", "2024Q3", "2024Q4", "2025Q3", "2025Q4", "2026Q1",
				"2026Q2", "2026Q3"} {
				if v, ok := c.values[p]; ok {
					x.report(i.ID, city, p, v)
				}
			}
			x.settle()
			v := x.everything(i.ID)[0]
			got := expected{none: v.NoForecast}
			if f := v.Forecast; f != nil {
				got = expected{f.Period, f.Value, f.Low, f.High, f.Method, f.Lack, v.NoForecast}
			}
			if got != c.want {
				t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
			}
		}
	})
}

// expected is what a page says of a forecast.
type expected struct {
	period           series.Period
	value, low, high plan.Decimal
	method           series.Method
	lack, none       series.Lack
}
