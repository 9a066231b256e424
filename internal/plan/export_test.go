package plan

// Amendment is the data of a step that changes a task to another lead unit.
func Amendment(t Task, lead string) any {
	d := t.TaskData
	d.Lead = lead
	owners := []Owner{{Org: lead, Now: lead, Name: lead, Part: Lead, Role: "department"}}
	return amendment{d, append(owners, t.Of(Duty)...)}
}
