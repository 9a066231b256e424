package app

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// A target counts by the value that was reported; without one it has no completion, not nought.
func TestTargetFact(t *testing.T) {
	x := plan.Target{ID: "t1", Name: "技术合同成交额", TargetData: plan.TargetData{Op: ">=", Value: "215", Unit: "亿元"}}
	got := targetFact(x, monitor.LightRow{})
	if got.Ratio != "" || got.Href != "/targets/t1" {
		t.Errorf("without a value: %+v", got)
	}
	got = targetFact(x, monitor.LightRow{Value: "193.5", Goal: "215", Unit: "亿元", Completion: "90"})
	if got.Ratio != "9/10" || got.Href != "/monitor/lights/t1" || got.Note != "193.5 / 215 亿元" {
		t.Errorf("with a value: %+v", got)
	}
}

// A task counts by its progress against its plan, by its light and by being late.
func TestAddTask(t *testing.T) {
	now := time.Date(2026, 11, 29, 9, 0, 0, 0, clock.Shanghai)
	task := func(state string, bp int64, planned string, c plan.Colour, late bool) plan.Task {
		x := plan.Task{ID: "x", Code: "2026-001", State: state, ProgressBp: bp,
			Light: plan.Light{Planned: planned, Colour: c}}
		x.Title, x.DueUs = "建成平台", clock.Us(now)+1
		if late {
			x.DueUs = clock.Us(now) - 1
		}
		return x
	}
	for _, c := range []struct {
		name string
		task plan.Task
		want map[string]string // ratio by figure
	}{
		{"behind", task(plan.TaskActive, 3000, "60.0", plan.Red, true),
			map[string]string{assess.Tasks: "1/2", assess.Red: "", assess.Overdue: ""}},
		{"yellow", task(plan.TaskActive, 4500, "60", plan.Yellow, false),
			map[string]string{assess.Tasks: "3/4", assess.Yellow: ""}},
		{"done", task(plan.TaskDone, 10000, "60", plan.Blue, true), map[string]string{assess.Tasks: "1"}},
		{"not due", task(plan.TaskActive, 0, "0.0", plan.Grey, false), map[string]string{assess.Tasks: ""}},
		{"draft", task(plan.TaskDraft, 0, "60", plan.Red, true), map[string]string{}},
	} {
		facts, got := map[string][]assess.Fact{}, map[string]string{}
		addTask(facts, c.task, now)
		for figure, list := range facts {
			got[figure] = list[0].Ratio
			if list[0].Href != "/tasks/x" {
				t.Errorf("%s: %s leads to %s", c.name, figure, list[0].Href)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
