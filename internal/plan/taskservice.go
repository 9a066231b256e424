package plan

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// NewTask is the input of CreateTask.
type NewTask struct {
	TaskData
	Ledger     string   `json:"ledger,omitempty"`     // of a whole; a part is in that of its whole
	Parent     string   `json:"parent,omitempty"`     // the task it is a part of
	Statements []string `json:"statements,omitempty"` // ids: what it comes from
	Key        string   `json:"-"`
}

// TaskUpdate is the input of UpdateTask.
type TaskUpdate struct {
	ID string `json:"-"`
	TaskData
	Reason  string `json:"reason,omitempty"` // needed once the task is established
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// readTask reads a task that the actor may read; to all others it does not exist.
func (s *Service) readTask(
	ctx context.Context, q db.Q, by authz.Actor, taskID string,
) (Task, error) {
	t, err := taskByID(ctx, q, taskID)
	if err != nil {
		return Task{}, err
	}
	return t, TaskPolicy.May(by, ActTaskRead, t)
}

func (s *Service) mayReadTask(ctx context.Context, by authz.Actor, taskID string) error {
	_, err := s.readTask(ctx, s.unit.DB(), by, taskID)
	return err
}

// DraftTask returns what a statement says as the input of CreateTask, for a person to complete.
func (s *Service) DraftTask(
	ctx context.Context, by authz.Actor, statementID string,
) (NewTask, error) {
	st, err := s.GetStatement(ctx, by, statementID)
	if err != nil {
		return NewTask{}, err
	}
	d, err := documentByID(ctx, s.unit.DB(), st.Document)
	if err != nil {
		return NewTask{}, err
	}
	in := NewTask{TaskData: TaskData{Title: firstRunes(st.Verb+st.Indicator, MaxTitle),
		Content: st.Quote, Region: d.Region, Start: max(st.From, d.Day), Cadence: "month"},
		Statements: []string{st.ID}}
	if st.To.Valid() && st.To >= in.Start {
		in.DueUs = EndOfDay(st.To)
	}
	in.Lead, err = s.officeNamed(ctx, by, st.Owner, s.placeName(string(d.Region)))
	return in, err
}

// EndOfDay is the last microsecond of a day in China, the clock time of a deadline that names only
// a day.
func EndOfDay(d clock.Date) int64 { return clock.Us(d.AddDays(1).Start()) - 1 }

// completeTask checks the data of a task and looks up its units.
func (s *Service) completeTask(
	ctx context.Context, by authz.Actor, d TaskData,
) ([]Owner, error) {
	var f faults
	d.check(&f)
	owners, err := s.units(ctx, by, d, &f)
	if err != nil {
		return nil, err
	}
	for _, targetID := range d.Targets {
		if _, err := s.readTarget(ctx, s.unit.DB(), by, targetID); err != nil {
			f.add("targets", "没有这个目标")
		}
	}
	return owners, f.err()
}

// CreateTask drafts a task (拟立) in a ledger, or as a part of another one.
func (s *Service) CreateTask(ctx context.Context, by authz.Actor, in NewTask) (Task, error) {
	in.normalise()
	t := Task{ID: id.New(), TaskData: in.TaskData, Ledger: in.Ledger, Parent: in.Parent, Level: 1,
		State: TaskDraft, CreatedBy: by.Account}
	if err := TaskPolicy.May(by, ActTaskCreate, t); err != nil {
		return Task{}, err
	}
	t.Supervisor = cmp.Or(t.Supervisor, by.Account)
	var err error
	if t.Owners, err = s.completeTask(ctx, by, t.TaskData); err != nil {
		return Task{}, err
	}
	const useCase = "plan.CreateTask"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Task, error) {
		return s.addTask(ctx, tx, t, in.Statements)
	})
	return out, err
}

// addTask stores a new task. fn of a write may run twice, so it works on its own copy.
func (s *Service) addTask(
	ctx context.Context, tx *unit.Tx, t Task, statements []string,
) (Task, error) {
	now := clock.Time(tx.NowUs())
	var parent Task
	if t.Parent != "" {
		var err error
		if parent, err = s.parentOf(ctx, tx, t.Parent); err != nil {
			return Task{}, err
		}
		t.Ledger, t.Level = parent.Ledger, parent.Level+1
	}
	if _, err := ledgerFor(ctx, tx, t.Ledger); err != nil {
		return Task{}, err
	}
	rule, err := ruleAt(ctx, tx, clock.DateOf(now))
	if err != nil {
		return Task{}, err
	}
	t.SignDays, t.AnswerDays, t.CreatedUs = rule.SignDays, rule.AnswerDays, tx.NowUs()
	if err := t.number(ctx, tx, now.In(clock.Shanghai).Year(), parent); err != nil {
		return Task{}, err
	}
	if err := insertTask(ctx, tx, t); err != nil {
		return Task{}, err
	}
	if err := t.index(ctx, tx); err != nil {
		return Task{}, err
	}
	if err := addLight(ctx, tx, t.ID, LightOf(rule, t, 0, now)); err != nil {
		return Task{}, err
	}
	if _, err := s.addSources(ctx, tx, sourceTask, t.ID, statements); err != nil {
		return Task{}, err
	}
	if err := s.tasks.Start(ctx, tx, t.ID); err != nil {
		return Task{}, err
	}
	tx.Audit(audit.Entry{Kind: kindTask, Object: t.ID, What: "create", Detail: map[string]any{
		"code": t.Code, "ledger": t.Ledger, "parent": t.Parent, "data": t.forAudit()}})
	tx.Emit(outbox.Event{Kind: EventTaskCreated, Object: t.ID})
	return taskByID(ctx, tx, t.ID)
}

// forAudit is the data without the contact's phone, which does not belong in the trail.
func (t Task) forAudit() TaskData {
	d := t.TaskData
	if d.Phone != "" {
		d.Phone = id.MaskPhone(d.Phone)
	}
	return d
}

// parentOf returns the task that a new one becomes a part of.
func (s *Service) parentOf(ctx context.Context, tx *unit.Tx, parentID string) (Task, error) {
	parent, err := s.readTask(ctx, tx, tx.By(), parentID)
	if fault.Is(err, fault.NotFound) {
		return parent, fault.Fields(fault.At("parent", "没有这条记录"))
	}
	if err != nil {
		return parent, err
	}
	switch {
	case parent.Level >= maxLevels:
		return parent, fault.Fields(fault.At("parent", "任务最多分 %d 级", maxLevels))
	case slices.Contains([]string{TaskDone, TaskStruck, TaskTerminated, TaskApplied, TaskVerifying},
		parent.State):
		return parent, fault.Fields(fault.At("parent", "上级任务已申请办结或已结束，不能再分解"))
	}
	return parent, nil
}

// UpdateTask replaces the data of a task. A draft just changes; later the change is a step of its
// history with a reason (变更), and a new lead unit has to sign for it (改派). A finished task does
// not change.
func (s *Service) UpdateTask(ctx context.Context, by authz.Actor, in TaskUpdate) (Task, error) {
	in.normalise()
	in.Reason = lines(in.Reason)
	old, err := s.readTask(ctx, s.unit.DB(), by, in.ID)
	if err != nil {
		return Task{}, err
	}
	if err := TaskPolicy.May(by, ActTaskUpdate, old); err != nil {
		return Task{}, err
	}
	owners, err := s.completeTask(ctx, by, in.TaskData)
	if err != nil {
		return Task{}, err
	}
	if err := checkReason(in.Reason, false); err != nil {
		return Task{}, err
	}
	const useCase = "plan.UpdateTask"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Task, error) {
		if old.State != TaskDraft {
			return s.amend(ctx, tx, old, amendment{in.TaskData, owners}, in)
		}
		next := old
		next.TaskData, next.Owners, next.Version = in.TaskData, owners, in.Version
		if err := replaceTask(ctx, tx, next); err != nil {
			return Task{}, err
		}
		tx.Audit(audit.Entry{Kind: kindTask, Object: in.ID, What: "update", Reason: in.Reason,
			Detail: map[string]any{"old": old.forAudit(), "new": next.forAudit()}})
		return s.changed(ctx, tx, in.ID)
	})
	return out, err
}

func (s *Service) amend(
	ctx context.Context, tx *unit.Tx, old Task, x amendment, in TaskUpdate,
) (Task, error) {
	step := StepAmend
	if old.State != TaskEstablished && newLead(old, x) {
		step = StepReassign
	}
	t, err := s.tasks.Fire(ctx, tx, in.ID, in.Version, step,
		process.Input{Reason: in.Reason, Data: x})
	if err != nil {
		return Task{}, err
	}
	tx.Audit(audit.Entry{Kind: kindTask, Object: in.ID, What: "update", Reason: in.Reason,
		Detail: map[string]any{"old": old.forAudit(), "new": t.forAudit()}})
	return s.changed(ctx, tx, in.ID)
}

// changed computes the light of a task that changed, tells of the change and returns it.
func (s *Service) changed(ctx context.Context, tx *unit.Tx, taskID string) (Task, error) {
	if _, err := s.relight(ctx, tx, taskID); err != nil {
		return Task{}, err
	}
	tx.Emit(outbox.Event{Kind: EventTaskUpdated, Object: taskID})
	return taskByID(ctx, tx, taskID)
}

// TaskStep is the input of FireTask.
type TaskStep struct {
	Step
	DueUs int64       `json:"dueUs,omitempty"` // of StepAskExtension: the deadline asked for
	Files []string    `json:"files,omitempty"` // ids of evidence that is there already
	New   []FileInput `json:"-"`               // evidence that comes with the step
	Key   string      `json:"-"`
}

// FireTask takes a step with a task. Evidence that comes with it is attached in the same write.
func (s *Service) FireTask(ctx context.Context, by authz.Actor, in TaskStep) (Task, error) {
	if in.Step.Step == StepAmend || in.Step.Step == StepReassign {
		return Task{}, fault.New(fault.Conflict, "请在任务的修改页面变更")
	}
	t, err := s.readTask(ctx, s.unit.DB(), by, in.ID)
	if err != nil {
		return Task{}, err
	}
	staged, err := s.stage(ctx, by, t, in.New)
	defer discard(staged)
	if err != nil {
		return Task{}, err
	}
	const useCase = "plan.FireTask"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, keyed(in, staged),
		func(tx *unit.Tx) (Task, error) { return s.fire(ctx, tx, in, staged) })
	return out, err
}

func (s *Service) fire(
	ctx context.Context, tx *unit.Tx, in TaskStep, staged []*blob.Staged,
) (Task, error) {
	files := slices.Clone(in.Files)
	for _, f := range staged {
		ref, err := s.opt.Blobs.Attach(ctx, tx, f, blob.Object{Kind: kindTask, ID: in.ID})
		if err != nil {
			return Task{}, err
		}
		files = append(files, ref.ID)
	}
	input := process.Input{Reason: in.Reason, Files: files}
	if in.Step.Step == StepAskExtension {
		input.Data = Extension{in.DueUs}
	}
	t, err := s.tasks.Fire(ctx, tx, in.ID, in.Version, in.Step.Step, input)
	if err != nil {
		return Task{}, err
	}
	// After the step, so that only who may take it learns why it is not taken; the write is undone.
	if err := s.heldOpen(ctx, tx, in.ID, in.Step.Step); err != nil {
		return Task{}, err
	}
	tx.Emit(outbox.Event{Kind: EventTaskMoved, Object: t.ID,
		Data: TaskEvent{Step: in.Step.Step, State: t.State, Lead: t.Lead}})
	return s.changed(ctx, tx, in.ID)
}

// keyed is the input of an idempotent request with the hashes of its files.
func keyed(in any, staged []*blob.Staged) any {
	hashes := []string{}
	for _, f := range staged {
		hashes = append(hashes, f.Hash)
	}
	return []any{in, hashes}
}

// stage takes in evidence, for somebody who may report or apply.
func (s *Service) stage(
	ctx context.Context, by authz.Actor, t Task, files []FileInput,
) ([]*blob.Staged, error) {
	if len(files) == 0 {
		return nil, nil
	}
	if TaskPolicy.May(by, ActTaskReport, t) != nil {
		if err := TaskPolicy.May(by, ActTaskApply, t); err != nil {
			return nil, err
		}
	}
	switch {
	case s.opt.Blobs == nil:
		return nil, fault.Fields(fault.At("files", "暂不能上传文件"))
	case len(files) > process.MaxFiles:
		return nil, fault.Fields(fault.At("files", "最多可附 %d 个文件", process.MaxFiles))
	}
	var out []*blob.Staged
	for _, f := range files {
		content, err := io.ReadAll(io.LimitReader(f.Content, EvidenceFile.MaxBytes+1))
		if err != nil {
			return out, fmt.Errorf("read upload: %w", err)
		}
		staged, err := s.opt.Blobs.Stage(ctx, blob.Upload{Kind: EvidenceFile, Field: "files",
			Name: f.Name, Content: bytes.NewReader(content)})
		if err != nil {
			return out, err
		}
		out = append(out, staged)
	}
	return out, nil
}

func discard(staged []*blob.Staged) {
	for _, f := range staged {
		f.Discard()
	}
}

// TaskDetail is a task with everything its page shows.
type TaskDetail struct {
	Task
	LedgerName   string          `json:"ledgerName"`
	Whole        *Task           `json:"whole,omitempty"` // the task it is a part of
	Parts        []Task          `json:"parts,omitempty"`
	Sources      []Source        `json:"sources,omitempty"`
	Goals        []Target        `json:"goals,omitempty"` // the targets it serves
	Reports      []Report        `json:"reports,omitempty"`
	Instructions []Instruction   `json:"instructions,omitempty"`
	Rule         LightRule       `json:"-"` // of its light
	Offers       []process.Offer `json:"-"`
	History      []process.Entry `json:"-"`
	Running      []process.Run   `json:"-"`
	Files        []blob.Ref      `json:"-"`
}

// GetTask returns a task with its parts, sources, reports and history, and the steps the actor may
// take or why not.
func (s *Service) GetTask(ctx context.Context, by authz.Actor, taskID string) (TaskDetail, error) {
	q := s.unit.DB()
	t, err := s.readTask(ctx, q, by, taskID)
	if err != nil {
		return TaskDetail{}, err
	}
	x := TaskDetail{Task: t}
	g, err := db.Get(ctx, q, qLedger, scanLedger, t.Ledger)
	if err != nil {
		return x, err
	}
	x.LedgerName = g.Name
	if err := s.relatives(ctx, q, by, &x); err != nil {
		return x, err
	}
	if x.Sources, err = s.sources(ctx, q, s.canOpen(ctx, by), sourceTask, t.ID); err != nil {
		return x, err
	}
	if x.Reports, err = reportsOf(ctx, q, t.ID); err != nil {
		return x, err
	}
	if x.Instructions, err = db.All(ctx, q, qInstructions, scanInstruction, t.ID); err != nil {
		return x, err
	}
	if x.Rule, _, err = db.Find(ctx, q, qRule, scanRule, t.Light.Rule); err != nil {
		return x, err
	}
	if x.Offers, err = s.tasks.Available(ctx, q, by, t); err != nil {
		return x, err
	}
	x.Offers = slices.DeleteFunc(x.Offers, func(o process.Offer) bool { return t.offPage(o.Step) })
	if err := s.holdOffers(ctx, q, t.ID, x.Offers); err != nil {
		return x, err
	}
	if x.History, err = process.History(ctx, q, s.tasks.Name(), t.ID, 0); err != nil {
		return x, err
	}
	if x.Running, err = s.tasks.Running(ctx, q, t.ID); err != nil {
		return x, err
	}
	x.Files, err = blob.Refs(ctx, q, blob.Object{Kind: kindTask, ID: t.ID})
	return x, err
}

// offPage says whether a step has no button of its own: changes have a page, and of the ways back
// from a suspension only one leads where the task was.
func (t Task) offPage(step string) bool {
	return step == StepAmend || step == StepReassign ||
		t.State == TaskSuspended && step != stepResume+t.stateBefore && step != StepTerminate
}

// relatives fills in the tasks and targets around a task.
func (s *Service) relatives(ctx context.Context, q db.Q, by authz.Actor, x *TaskDetail) error {
	if x.Parent != "" {
		if whole, err := s.readTask(ctx, q, by, x.Parent); err == nil {
			x.Whole = &whole
		}
	}
	parts, err := s.ListTasks(ctx, by, TaskFilter{Parent: x.ID}, "", db.PageReq{Limit: db.MaxLimit})
	if err != nil {
		return err
	}
	x.Parts = parts.Items
	for _, targetID := range x.Targets {
		if target, err := s.readTarget(ctx, q, by, targetID); err == nil {
			x.Goals = append(x.Goals, target)
		}
	}
	return nil
}

// SimilarTask is a task that may be the one about to be made.
type SimilarTask struct {
	Task    Task `json:"task"`
	Percent int  `json:"percent"` // likeness of the titles
}

const likeTask = 0.5

// SimilarTasks returns tasks that the actor may read and whose titles are like one, the likeliest
// first.
func (s *Service) SimilarTasks(
	ctx context.Context, by authz.Actor, title string,
) ([]SimilarTask, error) {
	q := s.unit.DB()
	title = firstRunes(tidy(title), MaxTitle)
	ids, err := candidates(ctx, q, gramTask, title, likeTask)
	if err != nil {
		return nil, err
	}
	titles, err := titlesOf(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var like []SimilarTask
	mine := pairs(title)
	for taskID, other := range titles {
		if x := party.Dice(mine, pairs(other)); x >= likeTask {
			like = append(like, SimilarTask{Task{ID: taskID}, int(100 * x)})
		}
	}
	slices.SortFunc(like, func(a, b SimilarTask) int {
		return cmp.Or(cmp.Compare(b.Percent, a.Percent), cmp.Compare(a.Task.ID, b.Task.ID))
	})
	var out []SimilarTask
	for some := range slices.Chunk(like, 2*maxSimilar) {
		var ids []string
		for _, x := range some {
			ids = append(ids, x.Task.ID)
		}
		tasks, err := tasksByID(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		for _, x := range some {
			at := slices.IndexFunc(tasks, func(t Task) bool { return t.ID == x.Task.ID })
			if at < 0 || TaskPolicy.May(by, ActTaskRead, tasks[at]) != nil {
				continue
			}
			x.Task = tasks[at]
			if out = append(out, x); len(out) == maxSimilar {
				return out, nil
			}
		}
	}
	return out, nil
}

var titleList = db.Select(`t.id, t.title`, `plan_task AS t`,
	db.Order{Name: "id", Cols: []db.Col{db.TextCol("t.id")}})

// titlesOf returns the titles of tasks by id.
func titlesOf(ctx context.Context, q db.Q, ids []string) (map[string]string, error) {
	type titled struct{ id, title string }
	out := make(map[string]string, len(ids))
	err := db.Stream(ctx, q, titleList, db.Where{}.In("t.id", keysOf(ids)...), titleList.Order(""), 0,
		func(r db.Row) (titled, error) {
			var x titled
			err := r.Scan(&x.id, &x.title)
			return x, err
		},
		func(x titled) error {
			out[x.id] = x.title
			return nil
		})
	return out, err
}
