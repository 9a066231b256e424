package monitor_test

import (
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// led sets a target that the bureau leads.
func (x *lab) led(indicatorID string) plan.Target {
	x.t.Helper()
	t, err := x.plan.CreateTarget(x.t.Context(), officer, plan.NewTarget{TargetData: plan.TargetData{
		Indicator: indicatorID, Region: city, Org: x.bureau, Measure: "level", Op: ">=", Value: "228",
		Unit: "亿元", From: "2026-01-01", To: "2026-12-31"}})
	x.must(err)
	return t
}

// A whole target whose unit only leads is measured by the place; one whose unit reports its own values is
// measured by these; a part given to a unit is never measured by the place; and each says which it was.
func TestWhoseSeries(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		deals := x.define("技术合同成交额", "亿元", nil)
		x.report(deals.ID, city, quarter(2026, 3), "154.53")
		whole := x.led(deals.ID)
		parts, err := x.plan.Decompose(ctx, officer, plan.Decomposition{Target: whole.ID, Version: whole.Version,
			Parts: []plan.Part{{Region: city, Org: x.bureau, Value: "100"}, {Region: "140105", Value: "128"}}})
		x.must(err)
		x.settle()
		l := x.light(whole.ID)
		if l.Light.Colour != plan.Green || l.Value != "154.53" || !l.OfPlace() ||
			l.Series().Org != "" || l.Lead != x.bureau {
			t.Fatalf("led: %v from %+v, value %q", l.Light, l.Series(), l.Value)
		}
		v, err := x.GetIndicator(ctx, officer, deals.ID, city, "")
		x.must(err)
		if len(v.Lights) != 1 || v.Lights[0].Target != whole.ID {
			t.Fatalf("the page of the place shows %d lights", len(v.Lights))
		}
		for _, part := range parts.Parts {
			l := x.light(part.ID)
			if l.Value != "" || l.Series().Org != part.Org || l.Series().Region != part.Region {
				t.Fatalf("part of %q: %v from %+v", part.OrgName, l.Light, l.Series())
			}
			words := l.Light.Reasons[0].In(i18n.ZH)
			if own := strings.Contains(words, "该单位自己的数值"); own != (part.Org != "") {
				t.Fatalf("part of %q says %q", part.OrgName, words)
			}
		}

		// Somebody has to report the bureau's own: the place does not speak for it any more.
		_, err = x.indicators.AssignDuties(ctx, officer, indicator.Assignment{Indicators: []string{deals.ID},
			Regions: []region.Code{city}, Org: x.bureau, Reporter: x.bureau, From: "2026-10-01"})
		x.must(err)
		_, err = x.Recompute(ctx, officer, deals.ID)
		x.must(err)
		if l := x.light(whole.ID); l.Value != "" || l.OfPlace() || l.Light.Colour == plan.Green {
			t.Fatalf("own series: %v, value %q", l.Light, l.Value)
		}
	})
}

// A grey light says in words what is lacking.
func TestWhyGrey(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		ctx := t.Context()
		bare, err := x.plan.CreateIndicator(ctx, officer, plan.NewIndicator{IndicatorData: plan.IndicatorData{
			Name: "概念验证中心", Unit: "个", Direction: "up"}})
		x.must(err)
		stale := x.define("成果路演", "场", func(d *indicator.DefinitionData) { d.DueDays = 0 })
		x.report(stale.ID, city, quarter(2025, 4), "17")
		empty := x.define("中试基地", "个", func(d *indicator.DefinitionData) { d.DueDays = 0 })
		later, err := x.plan.CreateTarget(ctx, officer, plan.NewTarget{TargetData: plan.TargetData{
			Indicator: empty.ID, Region: city, Measure: "level", Op: ">=", Value: "5", Unit: "个",
			From: "2027-01-01", To: "2027-12-31"}})
		x.must(err)
		want := map[string]string{
			x.aim(bare.ID, "个", "1").ID:   "还没有口径",
			x.aim(stale.ID, "场", "40").ID: "最近一期数据是 2025Q4",
			x.aim(empty.ID, "个", "5").ID:  "还没有数值",
			later.ID:                      "尚未开始",
		}
		x.settle()
		for target, words := range want {
			l := x.light(target)
			if l.Light.Colour != plan.Grey || !strings.Contains(l.Light.Reasons[0].In(i18n.ZH), words) {
				t.Errorf("%s: %v, want %q", l.Name, l.Light, words)
			}
		}
	})
}

// The page of an indicator shows the target that runs today, not the one that ends last.
func TestCurrentTarget(t *testing.T) {
	for name, c := range map[string]struct {
		years []string // from, to, those that end last first
		want  clock.Date
	}{
		"running": {[]string{"2027-01-01 2027-12-31", "2026-01-01 2027-06-30", "2026-01-01 2026-12-31",
			"2025-01-01 2025-12-31"}, "2026-12-31"},
		"past":    {[]string{"2028-01-01 2028-12-31", "2025-01-01 2025-12-31", "2024-01-01 2024-12-31"}, "2025-12-31"},
		"to come": {[]string{"2028-01-01 2028-12-31", "2027-01-01 2027-12-31"}, "2027-12-31"},
		"none":    {},
	} {
		v := monitor.IndicatorView{Day: "2026-11-29"}
		for _, years := range c.years {
			from, to, _ := strings.Cut(years, " ")
			v.Lights = append(v.Lights, monitor.LightRow{From: clock.Date(from), To: clock.Date(to)})
		}
		var got clock.Date
		if l := v.Current(); l != nil {
			got = l.To
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
