package monitor_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// 年均增长 over a chosen span: 100 → 121 in two years is 10 %; it is not told across a break, and a span begins
// behind the last one by itself.
func TestMeanGrowth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		i := x.define("企业数", "家", func(f *indicator.DefinitionData) { f.Frequency, f.Cumulative = "year", false })
		for p, v := range map[series.Period]plan.Decimal{"2021": "80", "2022": "100", "2023": "105"} {
			x.report(i.ID, city, p, v)
		}
		x.version(i.ID, "家", "2024-01-01", func(f *indicator.DefinitionData) {
			f.Frequency, f.Cumulative, f.Breaks, f.BreakNote = "year", false, true, "新制度"
		})
		x.report(i.ID, city, "2024", "100")
		x.report(i.ID, city, "2025", "121")
		x.settle()
		for _, c := range []struct {
			from, to series.Period
			years    int64
			want     plan.Decimal
			why      string
		}{
			{"", "", 1, "21", ""}, // behind the break
			{"2021", "2023", 2, "14.56", ""},
			{"2022", "2023", 1, "5", ""},
			{"2022", "2025", 3, "", "口径已变，不能计算年均增长"},
		} {
			m, err := x.MeanGrowth(ctx, district, monitor.Cell{Indicator: i.ID, Region: city}, c.from, c.to)
			if err != nil || m.Percent != c.want || m.Years != c.years || m.Why.Key != c.why || len(m.Spans) != 5 {
				t.Errorf("%s–%s: %+v, %v; want %s", c.from, c.to, m, err, c.want)
			}
		}
		for _, span := range [][2]series.Period{{"2019", ""}, {"2025", "2024"}, {"", "2026Q1"}} {
			_, err := x.MeanGrowth(ctx, officer, monitor.Cell{Indicator: i.ID, Region: city}, span[0], span[1])
			wantKind(t, err, fault.Invalid)
		}
		m, err := x.MeanGrowth(ctx, officer, monitor.Cell{Indicator: i.ID, Region: "140105"}, "", "")
		if err != nil || m.From != nil {
			t.Errorf("a place without values: %+v, %v", m, err)
		}
		_, err = x.MeanGrowth(ctx, authz.Actor{Role: authz.Enterprise}, monitor.Cell{Indicator: i.ID}, "", "")
		wantKind(t, err, fault.Forbidden)
	})
}
