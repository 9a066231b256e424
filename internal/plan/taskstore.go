package plan

import (
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qTask     = db.Stmt(`SELECT ` + taskColumns + ` FROM ` + taskFrom + ` WHERE t.id = $1`)
	qTaskMove = db.Stmt(`UPDATE plan_task SET state = $1, version = version + 1, updated_us = $2,
			state_before = CASE WHEN $1 = 'suspended' THEN state ELSE '' END
		WHERE id = $3 AND state = $4 AND version = $5`)
	qTaskAdd = db.Stmt(`INSERT INTO plan_task (id, ledger, code, code_sort, parent, level, title,
			content, region, leader, person, contact, phone, start_day, due_us, cadence, supervisor,
			sign_days, answer_days, progress_bp, reported_us, asked_due_us, applied_by, state_before,
			done_us, state, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
			$20, $21, 0, '', '', 0, $22, $23, $24, $23, 1)`)
	qTaskSet = db.Stmt(`UPDATE plan_task SET title = $3, content = $4, region = $5, leader = $6,
			person = $7, contact = $8, phone = $9, start_day = $10, due_us = $11, cadence = $12,
			supervisor = $13, updated_us = $14, version = version + 1
		WHERE id = $1 AND version = $2`)
	qOpenParts = db.Stmt(`SELECT COUNT(*) FROM plan_task WHERE parent = $1
		AND state NOT IN ('done', 'struck', 'terminated')`)

	qOwners = db.Stmt(`SELECT o.org, o.org_now, o.name, o.part, o.role, o.region FROM plan_task_org AS o
		WHERE o.task = $1 ORDER BY o.n`)
	qOwnerDrop = db.Stmt(`DELETE FROM plan_task_org WHERE task = $1`)
	qOwnerAdd  = db.Stmt(`INSERT INTO plan_task_org (task, org, org_now, name, part, role, n, region)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)

	qMilestones = db.Stmt(`SELECT m.name, m.day, m.deliverable, m.weight_bp, m.reached_day
		FROM plan_milestone AS m WHERE m.task = $1 ORDER BY m.n`)
	qMilestoneDrop = db.Stmt(`DELETE FROM plan_milestone WHERE task = $1`)
	qMilestoneAdd  = db.Stmt(`INSERT INTO plan_milestone (task, n, name, day, deliverable, weight_bp,
			reached_day) VALUES ($1, $2, $3, $4, $5, $6, $7)`)

	qTaskTargets = db.Stmt(`SELECT target FROM plan_task_target WHERE task = $1 ORDER BY target`)
	qTargetUnset = db.Stmt(`DELETE FROM plan_task_target WHERE task = $1`)
	qTargetLink  = db.Stmt(`INSERT INTO plan_task_target (task, target) VALUES ($1, $2)`)
)

func scanOwner(r db.Row) (Owner, error) {
	var o Owner
	err := r.Scan(&o.Org, &o.Now, &o.Name, &o.Part, &o.Role, &o.region)
	return o, err
}

func scanMilestone(r db.Row) (Milestone, error) {
	var m Milestone
	err := r.Scan(&m.Name, &m.Day, &m.Deliverable, &m.WeightBp, &m.Reached)
	return m, err
}

// taskByID loads a task with all that its process and its light look at.
func taskByID(ctx context.Context, q db.Q, taskID string) (Task, error) {
	t, err := db.Get(ctx, q, qTask, scanTask, taskID)
	if err != nil {
		return t, err
	}
	owners, err := db.All(ctx, q, qOwners, scanOwner, taskID)
	if err != nil {
		return t, err
	}
	t.own(owners)
	if t.Milestones, err = db.All(ctx, q, qMilestones, scanMilestone, taskID); err != nil {
		return t, err
	}
	if t.Targets, err = db.All(ctx, q, qTaskTargets, db.One[string], taskID); err != nil {
		return t, err
	}
	t.openParts, err = db.Get(ctx, q, qOpenParts, db.One[int64], taskID)
	return t, err
}

// own takes over the units of a task.
func (t *Task) own(owners []Owner) {
	t.Owners, t.Lead, t.Duty, t.Assist = owners, "", nil, nil
	for _, o := range owners {
		switch o.Part {
		case Lead:
			t.Lead = o.Org
		case Duty:
			t.Duty = append(t.Duty, o.Org)
		default:
			t.Assist = append(t.Assist, o.Org)
		}
	}
}

// Parts of several tasks at once.
var (
	ownerList = db.Select(`o.org, o.org_now, o.name, o.part, o.role, o.region, o.task`, `plan_task_org AS o`,
		db.Order{Name: "n", Cols: []db.Col{db.TextCol("o.task"), db.IntCol("o.n")}})
	milestoneList = db.Select(`m.name, m.day, m.deliverable, m.weight_bp, m.reached_day, m.task`,
		`plan_milestone AS m`,
		db.Order{Name: "n", Cols: []db.Col{db.TextCol("m.task"), db.IntCol("m.n")}})
)

// keysOf are ids as a condition takes them.
func keysOf(ids []string) []any {
	keys := make([]any, len(ids))
	for i, taskID := range ids {
		keys[i] = taskID
	}
	return keys
}

// tasksByID loads several tasks with their units and milestones.
func tasksByID(ctx context.Context, q db.Q, ids []string) ([]Task, error) {
	var out []Task
	err := db.Stream(ctx, q, taskList, db.Where{}.In("t.id", keysOf(ids)...), taskList.Order(""), 0,
		scanTask, func(t Task) error {
			out = append(out, t)
			return nil
		})
	if err != nil {
		return nil, err
	}
	return out, fillTasks(ctx, q, out)
}

// behind scans a row whose last column, behind those that are asked for, is the task.
type behind struct {
	row  db.Row
	task *string
}

func (b behind) Scan(dest ...any) error { return b.row.Scan(append(dest, b.task)...) }

// fillTasks fills in units and milestones of a page of tasks.
func fillTasks(ctx context.Context, q db.Q, list []Task) error {
	if len(list) == 0 {
		return nil
	}
	ids, at := make([]any, len(list)), make(map[string]*Task, len(list))
	owners := make(map[string][]Owner, len(list))
	for i := range list {
		ids[i], at[list[i].ID] = list[i].ID, &list[i]
	}
	var task string
	err := db.Stream(ctx, q, ownerList, db.Where{}.In("o.task", ids...), ownerList.Order(""),
		len(ids)*(maxOwners+1), func(r db.Row) (Owner, error) { return scanOwner(behind{r, &task}) },
		func(o Owner) error {
			owners[task] = append(owners[task], o)
			return nil
		})
	if err != nil {
		return err
	}
	for taskID, list := range owners {
		at[taskID].own(list)
	}
	return db.Stream(ctx, q, milestoneList, db.Where{}.In("m.task", ids...),
		milestoneList.Order(""), len(ids)*maxMilestones,
		func(r db.Row) (Milestone, error) { return scanMilestone(behind{r, &task}) },
		func(m Milestone) error {
			at[task].Milestones = append(at[task].Milestones, m)
			return nil
		})
}

func insertTask(ctx context.Context, tx *unit.Tx, t Task) error {
	err := db.ExecOne(ctx, tx.Tx, qTaskAdd, t.ID, t.Ledger, t.Code, t.codeSort, t.Parent, t.Level,
		t.Title, t.Content, string(t.Region), t.Leader, t.Person, t.Contact, t.Phone,
		string(t.Start), t.DueUs, t.Cadence, t.Supervisor, t.SignDays, t.AnswerDays, t.ProgressBp,
		t.ReportedUs, t.State, tx.NowUs(), t.CreatedBy)
	if err != nil {
		return err
	}
	return storeTaskParts(ctx, tx, t)
}

// replaceTask stores the data of a task that has the given version.
func replaceTask(ctx context.Context, tx *unit.Tx, t Task) error {
	err := db.ExecOne(ctx, tx.Tx, qTaskSet, t.ID, t.Version, t.Title, t.Content, string(t.Region),
		t.Leader, t.Person, t.Contact, t.Phone, string(t.Start), t.DueUs, t.Cadence, t.Supervisor,
		tx.NowUs())
	if err != nil {
		return err
	}
	if err := t.index(ctx, tx); err != nil {
		return err
	}
	for _, drop := range []*db.Statement{qOwnerDrop, qMilestoneDrop, qTargetUnset} {
		if _, err := db.Exec(ctx, tx.Tx, drop, t.ID); err != nil {
			return err
		}
	}
	return storeTaskParts(ctx, tx, t)
}

func storeTaskParts(ctx context.Context, tx *unit.Tx, t Task) error {
	var owners, milestones, targets [][]any
	for i, o := range t.Owners {
		owners = append(owners, []any{t.ID, o.Org, o.Now, o.Name, o.Part, string(o.Role), int64(i),
			string(o.region)})
	}
	for i, m := range t.Milestones {
		milestones = append(milestones, []any{t.ID, int64(i), m.Name, string(m.Day), m.Deliverable,
			m.WeightBp, string(m.Reached)})
	}
	for _, target := range slices.Compact(slices.Sorted(slices.Values(t.Targets))) {
		targets = append(targets, []any{t.ID, target})
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qOwnerAdd, owners); err != nil {
		return err
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qMilestoneAdd, milestones); err != nil {
		return err
	}
	_, err := db.InsertMany(ctx, tx.Tx, qTargetLink, targets)
	return err
}

// index makes a task be found by its title.
func (t Task) index(ctx context.Context, tx *unit.Tx) error {
	return setGrams(ctx, tx, gramTask, t.ID, t.Title, phraseKey(t.Title))
}

// checkEvidence refuses files that are not evidence of the task.
func checkEvidence(ctx context.Context, tx *unit.Tx, t Task, ids []string) error {
	refs, err := blob.Refs(ctx, tx, blob.Object{Kind: kindTask, ID: t.ID})
	if err != nil {
		return err
	}
	for _, fileID := range ids {
		if !slices.ContainsFunc(refs, func(r blob.Ref) bool { return r.ID == fileID }) {
			return fault.Fields(fault.At("files", "没有这份材料"))
		}
	}
	return nil
}

// number gives a task its code in the ledger: the year and a number for a whole, the number of the
// whole and its own for a part.
func (t *Task) number(ctx context.Context, tx *unit.Tx, year int, parent Task) error {
	if t.Parent != "" {
		n, err := nextNumber(ctx, tx, "task:"+t.Parent)
		t.Code = fmt.Sprintf("%s.%d", parent.Code, n)
		t.codeSort = fmt.Sprintf("%s.%04d", parent.codeSort, n)
		return err
	}
	n, err := nextNumber(ctx, tx, fmt.Sprintf("ledger:%s:%d", t.Ledger, year))
	t.Code = fmt.Sprintf("%d-%03d", year, n)
	t.codeSort = fmt.Sprintf("%d-%06d", year, n)
	return err
}

var qCount = db.Stmt(`INSERT INTO plan_counter (scope, last) VALUES ($1, 1)
	ON CONFLICT (scope) DO UPDATE SET last = plan_counter.last + 1 RETURNING last`)

func nextNumber(ctx context.Context, tx *unit.Tx, scope string) (int64, error) {
	return db.Get(ctx, tx, qCount, db.One[int64], scope)
}
