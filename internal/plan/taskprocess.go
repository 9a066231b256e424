package plan

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of a task.
const (
	TaskDraft       = "draft"       // 拟立
	TaskEstablished = "established" // 已立项
	TaskSigned      = "signed"      // 已签收
	TaskActive      = "active"      // 办理中
	TaskExtending   = "extending"   // 申请延期
	TaskApplied     = "applied"     // 申请办结
	TaskVerifying   = "verifying"   // 核验
	TaskReturned    = "returned"    // 退回
	TaskSuspended   = "suspended"   // 挂起
	TaskDone        = "done"        // 办结
	TaskStruck      = "struck"      // 销号
	TaskTerminated  = "terminated"  // 终止
)

// Steps of a task that the program itself names.
const (
	StepAmend        = "amend"
	StepReassign     = "reassign"
	StepAskExtension = "ask_extension"
	StepTerminate    = "terminate"
	stepEstablish    = "establish"
	stepGrant        = "grant_extension"
	stepStart        = "start"
	stepResume       = "resume_"
)

// The usual limits, shown on the page of the process. Each task has its own from the rule in force
// when it was made: see LightParams.
const (
	usualSignDays   = 2 // [design] 1–2 working days in common practice
	usualAnswerDays = 5 // [design] no published rule
)

// TaskProcess is the life cycle of a task.
var TaskProcess = process.MustNew(process.Def[Task]{
	Name:   "plan_task",
	Title:  "任务督办",
	Policy: TaskPolicy,
	Store: process.Store[Task]{
		Load: taskByID,
		At: func(t Task) process.Position {
			return process.Position{ID: t.ID, State: t.State, Version: t.Version}
		},
		Move:  qTaskMove,
		Files: checkEvidence,
	},
	States: []process.State{
		{Name: TaskDraft, Title: "拟立", Initial: true},
		{Name: TaskEstablished, Title: "已立项"},
		{Name: TaskSigned, Title: "已签收"},
		{Name: TaskActive, Title: "办理中"},
		{Name: TaskExtending, Title: "申请延期"},
		{Name: TaskApplied, Title: "申请办结"},
		{Name: TaskVerifying, Title: "核验"},
		{Name: TaskReturned, Title: "退回"},
		{Name: TaskSuspended, Title: "挂起"},
		{Name: TaskDone, Title: "办结"},
		{Name: TaskStruck, Title: "销号", Final: true},
		{Name: TaskTerminated, Title: "终止", Final: true},
	},
	Steps:  append(mainSteps(), sideSteps()...),
	Clocks: taskClocks(),
})

func mainSteps() []process.Step[Task] {
	return []process.Step[Task]{
		{Name: stepEstablish, Title: "立项", From: []string{TaskDraft}, To: TaskEstablished,
			May: ActTaskDecide, Rule: "有且只有一个牵头单位，有时限", Guard: complete},
		{Name: "sign", Title: "签收", From: []string{TaskEstablished}, To: TaskSigned,
			May: ActTaskSign},
		{Name: "decline", Title: "退签", From: []string{TaskEstablished}, To: TaskDraft,
			May: ActTaskSign, Needs: process.Reason},
		{Name: stepStart, Title: "开始办理", From: []string{TaskSigned}, To: TaskActive,
			May: ActTaskApply},
		{Name: "apply", Title: "申请办结", From: []string{TaskActive}, To: TaskApplied,
			May: ActTaskApply, Needs: process.Reason | process.Files, Rule: "分任务都已办结、销号或终止，附佐证材料",
			Guard: partsClosed, Do: noteApplicant},
		{Name: "accept", Title: "受理核验", From: []string{TaskApplied}, To: TaskVerifying,
			May: ActTaskVerify},
		{Name: "pass", Title: "核验通过", From: []string{TaskVerifying}, To: TaskDone,
			May: ActTaskVerify, Do: finish},
		{Name: "return", Title: "退回", From: []string{TaskApplied, TaskVerifying},
			To: TaskReturned, May: ActTaskVerify, Needs: process.Reason},
		{Name: "continue", Title: "继续办理", From: []string{TaskReturned}, To: TaskActive,
			May: ActTaskApply},
	}
}

// open are the states in which a task can be changed, held or ended.
var open = []string{TaskEstablished, TaskSigned, TaskActive, TaskReturned}

func sideSteps() []process.Step[Task] {
	return []process.Step[Task]{
		{Name: StepAmend, Title: "变更", From: open, To: process.Stay, May: ActTaskUpdate,
			Needs: process.Reason, Rule: "签收后不换牵头单位", Check: amended, Do: storeAmended},
		{Name: StepReassign, Title: "改派", From: open, To: TaskEstablished, May: ActTaskUpdate,
			Needs: process.Reason, Rule: "换牵头单位，由其重新签收", Check: reassigned, Do: storeAmended},
		{Name: StepAskExtension, Title: "申请延期", From: []string{TaskActive}, To: TaskExtending,
			May: ActTaskApply, Needs: process.Reason, Rule: "新时限晚于现时限", Check: laterDue,
			Do: storeAsked},
		{Name: stepGrant, Title: "批准延期", From: []string{TaskExtending}, To: TaskActive,
			May: ActTaskVerify, Do: grantAsked},
		{Name: "refuse_extension", Title: "驳回延期", From: []string{TaskExtending}, To: TaskActive,
			May: ActTaskVerify, Needs: process.Reason, Do: dropAsked},
		{Name: "suspend", Title: "挂起", From: []string{TaskEstablished, TaskSigned, TaskActive},
			To: TaskSuspended, May: ActTaskDecide, Needs: process.Reason},
		resumeTo(TaskEstablished), resumeTo(TaskSigned), resumeTo(TaskActive),
		{Name: StepTerminate, Title: "终止",
			From: []string{TaskDraft, TaskEstablished, TaskSigned, TaskActive, TaskReturned,
				TaskSuspended},
			To: TaskTerminated, May: ActTaskDecide, Needs: process.Reason},
		{Name: "strike", Title: "销号", From: []string{TaskDone}, To: TaskStruck,
			May: ActTaskDecide},
		{Name: "reopen", Title: "重新办理", From: []string{TaskDone}, To: TaskActive,
			May: ActTaskDecide, Needs: process.Reason, Do: undoFinish},
	}
}

func resumeTo(state string) process.Step[Task] {
	return process.Step[Task]{
		Name: stepResume + state, Title: "恢复", From: []string{TaskSuspended}, To: state,
		May: ActTaskDecide, Rule: "回到挂起前的状态",
		Guard: func(t Task) error {
			if t.stateBefore != state {
				return fault.New(fault.Conflict, "该任务挂起前不是这个状态")
			}
			return nil
		},
	}
}

func taskClocks() []process.Clock[Task] {
	bureau := func(t Task) process.Owner {
		return process.Owner{Role: authz.Officer}
	}
	lead := func(t Task) process.Owner {
		o, ok := t.lead()
		if !ok {
			return process.Owner{}
		}
		return process.Owner{Role: o.Role, Org: o.Now}
	}
	supervisor := func(t Task) process.Owner { return process.Owner{Account: t.Supervisor} }
	officer, leader := process.Owner{Role: authz.Officer}, process.Owner{Role: authz.Leader}
	return []process.Clock[Task]{{
		Name: "sign", Title: "签收", In: []string{TaskEstablished}, Paused: []string{TaskSuspended},
		Limit:  process.WorkingDays(usualSignDays),
		Varies: func(t Task) process.Limit { return process.WorkingDays(int(t.SignDays)) },
		Owner:  lead, Escalate: supervisor, LastResort: officer,
	}, {
		Name: "finish", Title: "办结",
		In:     []string{TaskEstablished, TaskSigned, TaskActive, TaskExtending, TaskReturned},
		Paused: []string{TaskApplied, TaskVerifying, TaskSuspended},
		Limit:  process.Named(),
		Varies: func(t Task) process.Limit { return process.DueAt(t.DueUs) },
		Owner:  lead, Escalate: supervisor, LastResort: officer,
	}, {
		Name: "answer", Title: "答复", In: []string{TaskApplied, TaskVerifying, TaskExtending},
		Limit:  process.WorkingDays(usualAnswerDays),
		Varies: func(t Task) process.Limit { return process.WorkingDays(int(t.AnswerDays)) },
		Owner:  bureau, Escalate: supervisor, LastResort: leader,
	}}
}

// complete says what a task lacks before it can be established.
func complete(t Task) error {
	if _, ok := t.lead(); !ok {
		return fault.New(fault.Conflict, "请先确定牵头单位")
	}
	if t.DueUs == 0 {
		return fault.New(fault.Conflict, "请先确定时限")
	}
	return nil
}

func partsClosed(t Task) error {
	if t.openParts > 0 {
		return fault.New(fault.Conflict, "还有 %d 项分任务未办结", t.openParts)
	}
	return nil
}

// Extension is the data of the step that asks for more time.
type Extension struct {
	DueUs int64 `json:"dueUs"`
}

func laterDue(t Task, in process.Input) error {
	x, ok := in.Data.(Extension)
	if !ok || x.DueUs <= t.DueUs || !clock.DateOf(clock.Time(x.DueUs)).Valid() {
		return fault.Fields(fault.At("dueUs", "新时限应晚于现时限"))
	}
	return nil
}

var (
	qTaskAsked = db.Stmt(`UPDATE plan_task SET asked_due_us = $3, applied_by = $4,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qTaskGranted = db.Stmt(`UPDATE plan_task SET due_us = asked_due_us, asked_due_us = 0,
		version = version + 1 WHERE id = $1 AND version = $2 AND asked_due_us > 0`)
	qTaskApplicant = db.Stmt(`UPDATE plan_task SET applied_by = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qTaskDone = db.Stmt(`UPDATE plan_task SET progress_bp = 10000, done_us = $3,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qTaskUndone = db.Stmt(`UPDATE plan_task SET done_us = 0, version = version + 1
		WHERE id = $1 AND version = $2`)
)

func storeAsked(ctx context.Context, tx *unit.Tx, t Task, in process.Input) error {
	x, ok := in.Data.(Extension)
	if !ok {
		return errStale()
	}
	return db.ExecOne(ctx, tx.Tx, qTaskAsked, t.ID, t.Version, x.DueUs, tx.By().Account)
}

func grantAsked(ctx context.Context, tx *unit.Tx, t Task, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qTaskGranted, t.ID, t.Version)
}

func dropAsked(ctx context.Context, tx *unit.Tx, t Task, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qTaskAsked, t.ID, t.Version, int64(0), "")
}

func noteApplicant(ctx context.Context, tx *unit.Tx, t Task, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qTaskApplicant, t.ID, t.Version, tx.By().Account)
}

func finish(ctx context.Context, tx *unit.Tx, t Task, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qTaskDone, t.ID, t.Version, tx.NowUs())
}

func undoFinish(ctx context.Context, tx *unit.Tx, t Task, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qTaskUndone, t.ID, t.Version)
}

// amendment is the data of the step that changes an established task: its completed new self.
type amendment struct {
	Data   TaskData
	Owners []Owner
}

func amended(t Task, in process.Input) error {
	x, ok := in.Data.(amendment)
	if !ok {
		return errStale()
	}
	if t.State != TaskEstablished && newLead(t, x) {
		return fault.Fields(fault.At("lead", "签收后换牵头单位请用“改派”"))
	}
	return x.check()
}

func reassigned(t Task, in process.Input) error {
	x, ok := in.Data.(amendment)
	if !ok {
		return errStale()
	}
	if !newLead(t, x) {
		return fault.Fields(fault.At("lead", "请选择新的牵头单位"))
	}
	return x.check()
}

func newLead(t Task, x amendment) bool {
	o, _ := t.lead()
	return x.Data.Lead != o.Org && x.Data.Lead != o.Now
}

func (x amendment) check() error {
	var f faults
	if x.Data.Lead == "" {
		f.add("lead", "请选择一项")
	}
	if x.Data.DueUs == 0 {
		f.add("dueUs", "请填写这一项")
	}
	return f.err()
}

func storeAmended(ctx context.Context, tx *unit.Tx, t Task, in process.Input) error {
	x, ok := in.Data.(amendment)
	if !ok {
		return errStale()
	}
	t.TaskData, t.Owners = x.Data, x.Owners
	return replaceTask(ctx, tx, t)
}
