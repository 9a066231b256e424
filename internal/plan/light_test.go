package plan_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// rules loads the shipped rules by name as they come out of the database.
func rules(t *testing.T) map[string]plan.LightRule {
	t.Helper()
	x := newLab(t, dbtest.SQLite(t))
	list, err := x.ListLightRules(t.Context(), officer)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]plan.LightRule{}
	for _, r := range list {
		out[r.ID] = r
	}
	return out
}

// sample has nodes 30 % by 31 March, 60 % by 30 June and 100 % by 31 December.
func sample(progressBp int64) plan.Task {
	return plan.Task{State: plan.TaskActive, ProgressBp: progressBp, TaskData: plan.TaskData{
		Start: "2026-01-01", DueUs: plan.EndOfDay("2026-12-31"), Cadence: "month",
		Milestones: []plan.Milestone{
			{Name: "一", Day: "2026-03-31", WeightBp: 3000},
			{Name: "二", Day: "2026-06-30", WeightBp: 3000},
			{Name: "三", Day: "2026-12-31", WeightBp: 4000},
		}}}
}

// TestLightExample is the example of the default rule: on 31 May, 61 of 91 days into the second
// span, 50.1 % is planned; 35 % is 15.1 points behind and yellow.
func TestLightExample(t *testing.T) {
	l := plan.LightOf(rules(t)["default-2026"], sample(3500), 0, at("2026-05-31 10:00"))
	if l.Colour != plan.Yellow || l.Planned != "50.1" || l.Gap != "15.1" {
		t.Errorf("%s, planned %s, gap %s", l.Colour, l.Planned, l.Gap)
	}
	want := "应完成 50.1%，实际 35%，落后 15.1 个百分点"
	if len(l.Reasons) != 1 || l.Reasons[0].In(i18n.ZH) != want {
		t.Errorf("reasons %v, want %s", l.Reasons, want)
	}
}

// TestLights tries the bands at their ends. On 30 June 60 % is planned to the point.
func TestLights(t *testing.T) {
	all := rules(t)
	change := func(f func(*plan.Task)) plan.Task {
		x := sample(6000)
		f(&x)
		return x
	}
	reached := func(bp int64) plan.Task {
		return change(func(x *plan.Task) {
			x.ProgressBp = bp
			for i := range 2 {
				x.Milestones[i].Reached = "2026-06-30"
			}
		})
	}
	signed := change(func(x *plan.Task) { x.State, x.ProgressBp, x.Milestones = plan.TaskSigned, 0, nil })
	for _, c := range []struct {
		name, rule string
		task       plan.Task
		yellow     int
		at         string
		want       plan.Colour
	}{
		{"on plan", "default-2026", sample(6000), 0, "2026-06-30 12:00", plan.Green},
		{"ahead", "default-2026", sample(9000), 0, "2026-06-30 12:00", plan.Green},
		{"9.99 behind", "default-2026", reached(5001), 0, "2026-06-30 12:00", plan.Green},
		{"10 behind", "default-2026", reached(5000), 0, "2026-06-30 12:00", plan.Yellow},
		{"30 behind", "default-2026", reached(3000), 0, "2026-06-30 12:00", plan.Yellow},
		{"30.01 behind", "default-2026", reached(2999), 0, "2026-06-30 12:00", plan.Red},
		{"milestone day", "default-2026", sample(2999), 0, "2026-03-31 23:59", plan.Green},
		{"milestone a day late", "default-2026", sample(2999), 0, "2026-04-01 00:00", plan.Yellow},
		{"milestone 15 days late", "default-2026", sample(2999), 0, "2026-04-15 12:00", plan.Yellow},
		{"milestone 16 days late", "default-2026", sample(2999), 0, "2026-04-16 12:00", plan.Red},
		{"milestone reached by word", "default-2026",
			change(func(x *plan.Task) { x.ProgressBp, x.Milestones[0].Reached = 2900, "2026-03-30" }), 0,
			"2026-04-16 12:00", plan.Green},
		{"second yellow cycle", "default-2026", reached(5000), 1, "2026-06-30 12:00", plan.Yellow},
		{"third yellow cycle", "default-2026", reached(5000), 2, "2026-06-30 12:00", plan.Red},
		{"green after yellow cycles", "default-2026", sample(6000), 5, "2026-06-30 12:00", plan.Green},
		{"deadline", "default-2026", sample(9500), 0, "2026-12-31 23:59", plan.Green},
		{"past the deadline", "default-2026", sample(9500), 0, "2027-01-01 00:00", plan.Yellow},
		{"15 days past it", "default-2026", sample(9500), 0, "2027-01-15 12:00", plan.Yellow},
		{"16 days past it", "default-2026", sample(9500), 0, "2027-01-16 12:00", plan.Red},
		{"done late", "default-2026", change(func(x *plan.Task) { x.State = plan.TaskDone }), 0,
			"2027-06-01 12:00", plan.Blue},
		{"struck off", "default-2026", change(func(x *plan.Task) { x.State = plan.TaskStruck }), 0,
			"2027-06-01 12:00", plan.Blue},
		{"suspended", "default-2026", change(func(x *plan.Task) { x.State = plan.TaskSuspended }), 0,
			"2027-06-01 12:00", plan.Grey},
		{"verified late", "default-2026",
			change(func(x *plan.Task) { x.State, x.ProgressBp = plan.TaskVerifying, 10000 }), 0,
			"2027-06-01 12:00", plan.Green},
		{"not started, not due", "default-2026", signed, 0, "2026-01-01 12:00", plan.Grey},
		{"not started, due", "default-2026", signed, 0, "2026-01-10 12:00", plan.Green},
		{"Yinchuan: not started this month", "yinchuan-2025", signed, 0, "2026-01-10 12:00",
			plan.Yellow},
		{"Yinchuan: two months", "yinchuan-2025", signed, 0, "2026-02-20 12:00", plan.Yellow},
		{"Yinchuan: three months running", "yinchuan-2025", signed, 0, "2026-03-02 12:00", plan.Red},
		{"Yinchuan: between 0 and 10", "yinchuan-2025",
			change(func(x *plan.Task) {
				x.ProgressBp, x.ReportedUs = 5001, clock.Us(at("2026-06-29 12:00"))
			}), 0, "2026-06-30 12:00", plan.Green},
		{"Yinchuan: 30, both ends included", "yinchuan-2025",
			change(func(x *plan.Task) {
				x.ProgressBp, x.ReportedUs = 3000, clock.Us(at("2026-06-29 12:00"))
			}), 0, "2026-06-30 12:00", plan.Yellow},
		{"Yinchuan: no report for a month", "yinchuan-2025",
			change(func(x *plan.Task) { x.ReportedUs = clock.Us(at("2026-05-30 12:00")) }), 0,
			"2026-06-30 12:00", plan.Yellow},
		{"Yinchuan: no report for two months", "yinchuan-2025",
			change(func(x *plan.Task) { x.ReportedUs = clock.Us(at("2026-04-30 12:00")) }), 0,
			"2026-06-30 12:00", plan.Yellow},
		{"Yinchuan: no report for three months", "yinchuan-2025",
			change(func(x *plan.Task) { x.ReportedUs = clock.Us(at("2026-03-30 12:00")) }), 0,
			"2026-06-30 12:00", plan.Red},
	} {
		rule, ok := all[c.rule]
		if !ok {
			t.Fatalf("no rule %s", c.rule)
		}
		l := plan.LightOf(rule, c.task, c.yellow, at(c.at))
		if l.Colour != c.want {
			t.Errorf("%s: %s, want %s (planned %s, gap %s, %v)", c.name, l.Colour, c.want, l.Planned,
				l.Gap, l.Reasons)
		}
		if len(l.Reasons) == 0 {
			t.Errorf("%s: a light without a reason", c.name)
		}
	}
}

// TestPlannedRises is what planned progress must be, whatever the plan: it never falls and ends at
// 100 %.
func TestPlannedRises(t *testing.T) {
	rule := rules(t)["default-2026"]
	for _, x := range []plan.Task{sample(0), {State: plan.TaskActive, TaskData: plan.TaskData{
		Start: "2026-02-10", DueUs: plan.EndOfDay("2026-02-10")}}} {
		last := plan.Decimal("0").Rat()
		for d := clock.Date("2025-12-20"); d < "2027-01-10"; d = d.AddDays(1) {
			l := plan.LightOf(rule, x, 0, d.Start())
			planned := plan.Decimal(l.Planned).Rat()
			if planned == nil || planned.Cmp(last) < 0 {
				t.Fatalf("%s: planned %s after %s", d, l.Planned, last.FloatString(1))
			}
			last = planned
		}
		if last.FloatString(0) != "100" {
			t.Errorf("planned ends at %s", last.FloatString(1))
		}
	}
}

// TestYellowCycles follows a task through months: the third yellow one in a row is red, and one
// green month begins anew.
func TestYellowCycles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		x.clock.Set(at("2026-01-05 10:00"))
		in := x.sampleTask(t)
		in.Start, in.DueUs = "2026-01-01", day("2026-12-31")
		task := x.createTask(t, in)
		task = x.fire(t, officer, task, "establish", plan.TaskStep{})
		task = x.fire(t, officer, task, "sign", plan.TaskStep{})
		task = x.fire(t, officer, task, "start", plan.TaskStep{})
		if task.Light.Colour != plan.Green {
			t.Fatalf("the light begins %s %v", task.Light.Colour, task.Light.Reasons)
		}
		for _, c := range []struct {
			at       string
			progress int64 // reported then, 0 = nothing
			want     plan.Colour
		}{
			{"2026-02-20 10:00", 0, plan.Yellow}, // planned 13.7 %
			{"2026-03-10 10:00", 0, plan.Yellow}, // 18.7 %
			{"2026-04-10 10:00", 0, plan.Red},    // 27.2 %: the third month in a row
			{"2026-04-20 10:00", 0, plan.Red},    // still the same cycle
			{"2026-05-10 10:00", 3400, plan.Green},
			{"2026-06-20 10:00", 0, plan.Yellow}, // 46.7 % planned: the first again
		} {
			x.clock.Set(at(c.at))
			if c.progress > 0 {
				now, err := x.ReportTask(t.Context(), officer, plan.NewReport{Task: task.ID,
					ProgressBp: c.progress, Situation: "推进中", Version: task.Version})
				if err != nil {
					t.Fatal(err)
				}
				task = now
			}
			if _, err := x.Relight(t.Context(), officer); err != nil {
				t.Fatal(err)
			}
			got, err := x.GetTask(t.Context(), officer, task.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got.Light.Colour != c.want {
				t.Errorf("%s: %s, want %s: %v", c.at, got.Light.Colour, c.want, got.Light.Reasons)
			}
			page, err := x.ListTasks(t.Context(), officer, plan.TaskFilter{Light: string(c.want)}, "",
				db.PageReq{})
			if err != nil || len(page.Items) != 1 {
				t.Errorf("%s: the list by light has %d tasks (%v)", c.at, len(page.Items), err)
			}
		}
	})
}
