package plan

import "github.com/yuntu-city/yuntu/internal/clock"

// Amendment is the data of a step that changes a task to another lead unit.
func Amendment(t Task, lead string) any {
	d := t.TaskData
	d.Lead = lead
	owners := []Owner{{Org: lead, Now: lead, Name: lead, Part: Lead, Role: "department"}}
	return amendment{d, append(owners, t.Of(Duty)...)}
}

// AdditiveTarget is a target of an indicator whose parts add up.
func AdditiveTarget(d TargetData) Target { return Target{TargetData: d, additive: true} }

// ReadGoal reads a target value and writes it.
func ReadGoal(s string) (string, bool) {
	g, ok := parseGoal(s)
	return g.text(), ok
}

// DueDay is the day of a deadline.
func DueDay(us int64) clock.Date { return Task{TaskData: TaskData{DueUs: us}}.dueDay() }
