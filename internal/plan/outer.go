package plan

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// What the room of meetings does with tasks, in its own writes, and asks of many at once.

// DeadlineMove is the input of MoveDeadline.
type DeadlineMove struct {
	Task   string
	DueUs  int64
	Reason string
}

// MoveDeadline changes the deadline of a task in the caller's write: as a change (变更) with a reason,
// or, of a task that asks for exactly this one, as the consent to it (批准延期).
func (s *Service) MoveDeadline(ctx context.Context, tx *unit.Tx, in DeadlineMove) (Task, error) {
	t, err := s.readTask(ctx, tx, tx.By(), in.Task)
	if err != nil {
		return Task{}, err
	}
	day := clock.DateOf(clock.Time(in.DueUs))
	if in.DueUs <= 0 || !day.Valid() {
		return Task{}, fault.Fields(fault.At("dueUs", "日期应为真实的日期，如 2026-11-22"))
	}
	step, input := StepAmend, process.Input{Reason: in.Reason}
	if t.State == TaskExtending {
		if in.DueUs != t.AskedDueUs {
			return Task{}, fault.Fields(fault.At("dueUs", "任务正在申请延期至 %s，时限应与申请一致，或先驳回申请",
				i18n.DateTime(i18n.ZH, clock.Time(t.AskedDueUs))))
		}
		step = stepGrant
	} else {
		data := t.TaskData
		data.DueUs = in.DueUs
		var f faults
		data.check(&f)
		if len(f) > 0 { // a milestone after it: whoever moves the deadline sees no other field
			return Task{}, fault.Fields(fault.At("dueUs", f[0].Key, f[0].Args...))
		}
		input.Data = amendment{data, t.Owners}
	}
	old := t
	if t, err = s.tasks.Fire(ctx, tx, t.ID, t.Version, step, input); err != nil {
		return Task{}, err
	}
	tx.Audit(audit.Entry{Kind: kindTask, Object: t.ID, What: "update", Reason: in.Reason,
		Detail: map[string]any{"oldDueUs": old.DueUs, "dueUs": t.DueUs}})
	tx.Emit(outbox.Event{Kind: EventTaskMoved, Object: t.ID,
		Data: TaskEvent{Step: step, State: t.State, Lead: t.Lead}})
	return s.changed(ctx, tx, t.ID)
}

// TasksByID returns those of some tasks that the actor may read, by id, with their units.
func (s *Service) TasksByID(
	ctx context.Context, by authz.Actor, ids []string,
) (map[string]Task, error) {
	out := map[string]Task{}
	for some := range slices.Chunk(ids, db.MaxLimit) {
		list, err := tasksByID(ctx, s.unit.DB(), some)
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			if TaskPolicy.May(by, ActTaskRead, t) == nil {
				out[t.ID] = t
			}
		}
	}
	return out, nil
}

// LastReports returns the last report of each of some tasks that the actor may read.
func (s *Service) LastReports(
	ctx context.Context, by authz.Actor, ids []string,
) (map[string]Report, error) {
	tasks, err := s.TasksByID(ctx, by, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]Report{}
	for taskID := range tasks {
		r, found, err := db.Find(ctx, s.unit.DB(), qReportLast, scanReport, taskID)
		if err != nil {
			return nil, err
		}
		if found {
			out[taskID] = r
		}
	}
	return out, nil
}

// Cycle is the light with which a task went through a cycle of reporting (调度周期).
type Cycle struct {
	First  clock.Date `json:"first"` // its first day
	Colour Colour     `json:"colour"`
}

// maxCycles is how far back Cycles looks.
const maxCycles = 24

var qCyclesOf = db.Stmt(`SELECT c.first, c.colour FROM plan_light_cycle AS c WHERE c.task = $1
	ORDER BY c.first DESC LIMIT $2`)

// Cycles returns the cycles of a task that the actor may read, the latest first and without gaps:
// it ends before a cycle in which no light was measured.
func (s *Service) Cycles(ctx context.Context, by authz.Actor, taskID string) ([]Cycle, error) {
	t, err := s.readTask(ctx, s.unit.DB(), by, taskID)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, s.unit.DB(), qCyclesOf, scanCycle, taskID, int64(maxCycles))
	if err != nil {
		return nil, err
	}
	var out []Cycle
	next := cycleOf(t.Cadence, s.today())
	if len(list) == 0 || list[0].first != next { // the day's light is still to be computed
		if !t.Light.measured() {
			return nil, nil
		}
		out = append(out, Cycle{next, t.Light.base})
		next = cycleOf(t.Cadence, next.AddDays(-1))
	}
	for _, c := range list {
		if c.first > next {
			continue // of a shorter cadence that it had before
		}
		if c.first != next {
			break
		}
		out = append(out, Cycle{c.first, c.colour})
		next = cycleOf(t.Cadence, next.AddDays(-1))
	}
	return out, nil
}
