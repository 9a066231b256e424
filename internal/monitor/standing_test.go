package monitor

import (
	"math/big"
	"testing"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
)

func pt(period series.Period, value plan.Decimal, cumulative bool) Point {
	return Point{Period: period, Value: value, Unit: "亿元", Cumulative: cumulative,
		AsOf: clock.Date(period.LastDay())}
}

func yearTarget(value plan.Decimal) plan.Target {
	return plan.Target{ID: "t", TargetData: plan.TargetData{Measure: "level", Op: ">=", Value: value,
		Unit: "亿元", From: "2026-01-01", To: "2026-12-31"}}
}

// Each case is calculated by hand in its comment.
func TestStanding(t *testing.T) {
	with := func(value plan.Decimal, change func(*plan.Target)) plan.Target {
		x := yearTarget(value)
		if change != nil {
			change(&x)
		}
		return x
	}
	for name, tc := range map[string]struct {
		target                                     plan.Target
		points                                     []Point
		down                                       bool
		completion, progress, planned, behind, gap string
		monthly                                    string
		reached                                    bool
		colour                                     plan.Colour
	}{
		// 154.53 of 228 by September: 67.78 %; the schedule says 9/12 = 75 %; 7.22 points behind;
		// 73.47 are left for 3 months: 24.49 a month.
		"cumulative": {with("228", nil), []Point{pt("2026Q2", "90", true), pt("2026Q3", "154.53", true)}, false,
			"67.78", "67.78", "75.00", "7.22", "73.47", "24.49", false, plan.Green},
		// 100 of 228: 43.86 %, 31.14 points behind: above 30.
		"far behind": {with("228", nil), []Point{pt("2026Q3", "100", true)}, false,
			"43.86", "43.86", "75.00", "31.14", "128.00", "42.67", false, plan.Red},
		// Exactly 30 points behind: 45 % of 100. Bands include 30 in yellow.
		"thirty": {with("100", nil), []Point{pt("2026-09", "45", true)}, false,
			"45.00", "45.00", "75.00", "30.00", "55.00", "18.33", false, plan.Yellow},
		// A level without a start has no schedule: 2.41 of 2.5 is 96.4 %.
		"level": {with("2.5", nil), []Point{pt("2026Q3", "2.41", false)}, false,
			"96.40", "", "", "", "0.09", "0.03", false, plan.Green},
		// From 2.1 to 2.5, at 2.2 in June: a quarter of the way, half of the time.
		"from a start": {with("2.5", func(x *plan.Target) { x.Baseline = "2.1" }),
			[]Point{pt("2026H1", "2.2", false)}, false, "88.00", "25.00", "50.00", "25.00", "0.30", "0.05",
			false, plan.Yellow},
		// What is to fall, from 40 to 30, is at 36 in June: 4 of 10; half the time: 10 points behind.
		"falling": {with("30", func(x *plan.Target) { x.Baseline, x.Op = "40", "<=" }),
			[]Point{pt("2026H1", "36", false)}, false, "40.00", "40.00", "50.00", "10.00", "6.00", "1.00",
			false, plan.Yellow},
		// Without a start: target ÷ actual = 30/36 = 83.33 %, short of it by 16.67 %.
		"falling from nowhere": {with("30", func(x *plan.Target) { x.Op = "<=" }),
			[]Point{pt("2026H1", "36", false)}, false, "83.33", "", "", "", "6.00", "1.00", false, plan.Yellow},
		"reached": {with("228", nil), []Point{pt("2026Q3", "230", true)}, false,
			"100.88", "100.88", "75.00", "-25.88", "0.00", "", true, plan.Blue},
		// Growth: 110 after 100 is 10 % of the 12 % asked for: 83.33 % of it; no schedule.
		"growth": {with("12", func(x *plan.Target) { x.Measure, x.Unit = "growth", "%" }),
			[]Point{pt("2025Q3", "100", true), pt("2026Q3", "110", true)}, false,
			"83.33", "", "", "", "2.00", "0.67", false, plan.Yellow},
		// A rank is better when it is lower, whatever its operator: 35th, and 30 is asked: 85.71 %.
		"rank": {with("30", func(x *plan.Target) { x.Measure, x.Op, x.Unit = "rank", "=", "亿元" }),
			[]Point{pt("2026", "35", false)}, false, "85.71", "", "", "", "5.00", "", false, plan.Yellow},
		// 万元 against 亿元: 1,545,300 万元 are 154.53 亿元.
		"units": {with("228", nil), []Point{{Period: "2026Q3", Value: "1545300", Unit: "万元", Cumulative: true,
			AsOf: "2026-09-30"}}, false, "67.78", "67.78", "75.00", "7.22", "73.47", "24.49", false, plan.Green},
		// A figure of 15 November does not speak for the rest of the year: 319 of 365 days.
		"as of a day": {with("100", nil), []Point{{Period: "2026", Value: "90", Unit: "亿元", Cumulative: true,
			AsOf: "2026-11-15"}}, false, "90.00", "90.00", "87.40", "-2.60", "10.00", "10.00", false, plan.Green},
	} {
		s := StandingOf(tc.target, Known{Points: tc.points, Down: tc.down}, "2026-11-20")
		for what, x := range map[string]struct {
			got  *big.Rat
			want string
		}{"completion": {s.Completion, tc.completion}, "progress": {s.Progress, tc.progress},
			"planned": {s.Planned, tc.planned}, "behind": {s.Behind, tc.behind}, "gap": {s.Gap, tc.gap},
			"monthly": {s.Monthly, tc.monthly}} {
			if got := round(x.got, 2); got != x.want {
				t.Errorf("%s: %s is %s, want %s", name, what, got, x.want)
			}
		}
		if s.Reached != tc.reached {
			t.Errorf("%s: reached %v", name, s.Reached)
		}
		if l := LightOf(shippedRules[0], s, 0); l.Colour != tc.colour {
			t.Errorf("%s is %s %v, want %s", name, l.Colour, l.Reasons, tc.colour)
		}
	}
}

// What cannot be compared is grey and says why; it is never zero.
func TestNotCompared(t *testing.T) {
	growth := yearTarget("12")
	growth.Measure, growth.Unit = "growth", "%"
	persons := yearTarget("3")
	persons.Unit = "人"
	broken := []Point{pt("2025Q3", "100", true), pt("2026Q3", "110", true)}
	broken[1].Breaks = true
	for name, tc := range map[string]struct {
		target plan.Target
		points []Point
		key    string
	}{
		"no year before":    {growth, []Point{pt("2026Q3", "110", true)}, "没有上年同期值，不能计算增速"},
		"broken series":     {growth, broken, "口径已变，不能与上年同期比较"},
		"other unit":        {persons, []Point{pt("2026Q3", "110", true)}, "数据的单位（%s）与目标的单位（%s）不能换算"},
		"zero in the past":  {growth, []Point{pt("2025Q3", "0", true), pt("2026Q3", "1", true)}, "上年同期值不是正数，不能计算增速"},
		"nothing reported":  {persons, nil, "还没有应报的数据"},
		"before its period": {persons, []Point{pt("2025", "1", true)}, "还没有应报的数据"},
		"behind its period": {persons, []Point{pt("2027", "1", true)}, "还没有应报的数据"},
	} {
		s := StandingOf(tc.target, Known{Points: tc.points}, "2026-11-20")
		l := LightOf(shippedRules[0], s, 0)
		if l.Colour != plan.Grey || l.Reasons[0].Key != tc.key || s.Completion != nil {
			t.Errorf("%s: %s %v %v", name, l.Colour, l.Reasons, s.Completion)
		}
	}
}

// A target that is due and a value that is missing have lights of their own; three yellow periods make
// red.
func TestLate(t *testing.T) {
	target := yearTarget("100")
	whole := []Point{pt("2026", "95", true)}
	for name, tc := range map[string]struct {
		known  Known
		day    clock.Date
		before int
		want   plan.Colour
		reason string
	}{
		"on its last day": {Known{Points: whole}, "2026-12-31", 0, plan.Green, "应完成 100.0%，实际 95.0%"},
		"a day late":      {Known{Points: whole}, "2027-01-01", 0, plan.Yellow, "到期未达标，已 1 天"},
		"15 days late":    {Known{Points: whole}, "2027-01-15", 0, plan.Yellow, "到期未达标，已 15 天"},
		"16 days late":    {Known{Points: whole}, "2027-01-16", 0, plan.Red, "到期未达标，已 16 天"},
		"not yet a month": {Known{DueFrom: "2026-10-21"}, "2026-11-20", 0, plan.Grey, "还没有应报的数据"},
		"a month":         {Known{DueFrom: "2026-10-20"}, "2026-11-20", 0, plan.Yellow, "应报的数据已 1 个月未报"},
		"three months":    {Known{DueFrom: "2026-08-20"}, "2026-11-20", 0, plan.Red, "应报的数据已 3 个月未报"},
		"the third in a row": {Known{Points: []Point{pt("2026-09", "60", true)}}, "2026-10-20", 2, plan.Red,
			"应完成 75.0%，实际 60.0%，落后 15.0 个百分点；连续 3 期为黄灯"},
		"the second": {Known{Points: []Point{pt("2026-09", "60", true)}}, "2026-10-20", 1, plan.Yellow,
			"应完成 75.0%，实际 60.0%，落后 15.0 个百分点"},
	} {
		l := LightOf(shippedRules[0], StandingOf(target, tc.known, tc.day), tc.before)
		text := ""
		for i, n := range l.Reasons {
			if i > 0 {
				text += "；"
			}
			text += n.In(i18n.ZH)
		}
		if l.Colour != tc.want || text != tc.reason {
			t.Errorf("%s is %s %q, want %s %q", name, l.Colour, text, tc.want, tc.reason)
		}
	}
}

// By the last three years: half of the year's sum always came in the last quarter, so 50 % by September
// is on time.
func TestSeason(t *testing.T) {
	var points []Point
	for _, year := range []int{2023, 2024, 2025} {
		for n, v := range []plan.Decimal{"10", "30", "50", "100"} {
			points = append(points, pt(series.NewPeriod(series.Quarter, year, n+1), v, true))
		}
	}
	points = append(points, pt("2026Q3", "60", true))
	target := yearTarget("120")
	s := StandingOf(target, Known{Points: points, Shape: shapeOf(points, target)}, "2026-11-20")
	if round(s.Planned, 2) != "50.00" || round(s.Behind, 2) != "0.00" {
		t.Errorf("planned %s, behind %s", round(s.Planned, 2), round(s.Behind, 2))
	}
	if shapeOf(points[:3], target) != nil {
		t.Error("a year without its end has a shape")
	}
}

// Shipped rules are ones that people could have written.
func TestShippedRules(t *testing.T) {
	for _, r := range shippedRules {
		if err := r.check(); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
	}
}
