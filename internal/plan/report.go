package plan

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Report is what a unit says about the progress of a task (进展填报). It is never changed; a mistake
// is corrected by another one.
type Report struct {
	ID         string `json:"id"`
	Task       string `json:"task"`
	Number     int64  `json:"number"`             // 1, 2, 3 …
	ProgressBp int64  `json:"progressBp"`         // hundredths of a percent
	Situation  string `json:"situation"`          // 情况
	Problem    string `json:"problem,omitempty"`  // 问题
	NextStep   string `json:"nextStep,omitempty"` // 下步
	Org        string `json:"org,omitempty"`
	OrgName    string `json:"orgName,omitempty"`
	AtUs       int64  `json:"atUs"`
	Account    string `json:"-"`
	Login      string `json:"login"`
}

// NewReport is the input of ReportTask.
type NewReport struct {
	Task       string      `json:"-"`
	ProgressBp int64       `json:"progressBp"`
	Situation  string      `json:"situation"`
	Problem    string      `json:"problem,omitempty"`
	NextStep   string      `json:"nextStep,omitempty"`
	Reached    []int       `json:"reached,omitempty"` // positions of milestones that were reached
	Evidence   []FileInput `json:"-"`
	Version    int64       `json:"version"` // of the task
	Key        string      `json:"-"`
}

// Instruction is what a leader wrote on a task (批示).
type Instruction struct {
	ID      string `json:"id"`
	Task    string `json:"task"`
	Text    string `json:"text"`
	AtUs    int64  `json:"atUs"`
	Account string `json:"-"`
	Login   string `json:"login"`
}

// NewInstruction is the input of Instruct.
type NewInstruction struct {
	Task string `json:"-"`
	Text string `json:"text"`
	Key  string `json:"-"`
}

const reportColumns = `r.id, r.task, r.n, r.progress_bp, r.situation, r.problem, r.next_step, r.org,
	r.org_name, r.at_us, r.account, r.login`

var (
	qReports = db.Stmt(`SELECT ` + reportColumns + ` FROM plan_report AS r WHERE r.task = $1
		ORDER BY r.n DESC LIMIT 200`)
	qReportLast = db.Stmt(`SELECT ` + reportColumns + ` FROM plan_report AS r WHERE r.task = $1
		ORDER BY r.n DESC LIMIT 1`)
	qReportAdd = db.Stmt(`INSERT INTO plan_report (id, task, n, progress_bp, situation, problem,
			next_step, org, org_name, at_us, account, login)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qTaskProgress = db.Stmt(`UPDATE plan_task SET progress_bp = $3, reported_us = $4,
		updated_us = $4, version = version + 1 WHERE id = $1 AND version = $2`)
	qMilestoneReach = db.Stmt(`UPDATE plan_milestone SET reached_day = $3
		WHERE task = $1 AND n = $2 AND reached_day = ''`)

	qInstructions = db.Stmt(`SELECT n.id, n.task, n.text, n.at_us, n.account, n.login
		FROM plan_instruction AS n WHERE n.task = $1 ORDER BY n.at_us DESC, n.id DESC LIMIT 200`)
	qInstructionAdd = db.Stmt(`INSERT INTO plan_instruction (id, task, text, at_us, account, login)
		VALUES ($1, $2, $3, $4, $5, $6)`)
)

func scanReport(r db.Row) (Report, error) {
	var x Report
	err := r.Scan(&x.ID, &x.Task, &x.Number, &x.ProgressBp, &x.Situation, &x.Problem, &x.NextStep,
		&x.Org, &x.OrgName, &x.AtUs, &x.Account, &x.Login)
	return x, err
}

func scanInstruction(r db.Row) (Instruction, error) {
	var x Instruction
	err := r.Scan(&x.ID, &x.Task, &x.Text, &x.AtUs, &x.Account, &x.Login)
	return x, err
}

func reportsOf(ctx context.Context, q db.Q, taskID string) ([]Report, error) {
	return db.All(ctx, q, qReports, scanReport, taskID)
}

// reporting are the states in which progress is reported.
var reporting = map[string]bool{TaskSigned: true, TaskActive: true, TaskExtending: true,
	TaskReturned: true}

// ReportTask reports the progress of a task. The first report of a signed task starts it, and so is
// one of its lead unit.
func (s *Service) ReportTask(ctx context.Context, by authz.Actor, in NewReport) (Task, error) {
	for _, text := range []*string{&in.Situation, &in.Problem, &in.NextStep} {
		*text = lines(*text)
	}
	t, err := s.readTask(ctx, s.unit.DB(), by, in.Task)
	if err != nil {
		return Task{}, err
	}
	if err := TaskPolicy.May(by, ActTaskReport, t); err != nil {
		return Task{}, err
	}
	if err := in.check(t); err != nil {
		return Task{}, err
	}
	staged, err := s.stage(ctx, by, t, in.Evidence)
	defer discard(staged)
	if err != nil {
		return Task{}, err
	}
	const useCase = "plan.ReportTask"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, keyed(in, staged),
		func(tx *unit.Tx) (Task, error) {
			for _, f := range staged {
				_, err := s.opt.Blobs.Attach(ctx, tx, f, blob.Object{Kind: kindTask, ID: in.Task})
				if err != nil {
					return Task{}, err
				}
			}
			return s.report(ctx, tx, in)
		})
	return out, err
}

func (in NewReport) check(t Task) error {
	var f faults
	f.within("progressBp", in.ProgressBp, 0, allBp)
	f.prose("situation", in.Situation, MaxProse, true)
	f.prose("problem", in.Problem, MaxProse, false)
	f.prose("nextStep", in.NextStep, MaxProse, false)
	for _, n := range in.Reached {
		if n < 0 || n >= len(t.Milestones) {
			f.add("reached", "没有这个节点")
		}
	}
	return f.err()
}

func (s *Service) report(ctx context.Context, tx *unit.Tx, in NewReport) (Task, error) {
	t, err := taskByID(ctx, tx, in.Task)
	if err != nil {
		return Task{}, err
	}
	if !reporting[t.State] {
		return Task{}, fault.New(fault.Conflict, "任务现在不能填报进展")
	}
	if t.Version != in.Version {
		return Task{}, errStale()
	}
	if t.State == TaskSigned {
		t, err = s.tasks.Fire(ctx, tx, t.ID, t.Version, stepStart, process.Input{})
		if err != nil {
			return Task{}, err
		}
	}
	last, _, err := db.Find(ctx, tx, qReportLast, scanReport, t.ID)
	if err != nil {
		return Task{}, err
	}
	x := Report{ID: id.New(), Task: t.ID, Number: last.Number + 1, ProgressBp: in.ProgressBp,
		Situation: in.Situation, Problem: in.Problem, NextStep: in.NextStep, Org: tx.By().Org}
	for _, o := range t.Owners {
		if o.Now == x.Org && x.Org != "" {
			x.OrgName = o.Name
		}
	}
	err = db.ExecOne(ctx, tx.Tx, qReportAdd, x.ID, x.Task, x.Number, x.ProgressBp, x.Situation,
		x.Problem, x.NextStep, x.Org, x.OrgName, tx.NowUs(), tx.By().Account, tx.By().Login)
	if err != nil {
		return Task{}, err
	}
	today := string(clock.DateOf(clock.Time(tx.NowUs())))
	for _, n := range in.Reached {
		if _, err := db.Exec(ctx, tx.Tx, qMilestoneReach, t.ID, int64(n), today); err != nil {
			return Task{}, err
		}
	}
	err = db.ExecOne(ctx, tx.Tx, qTaskProgress, t.ID, t.Version, x.ProgressBp, tx.NowUs())
	if err != nil {
		return Task{}, err
	}
	tx.Audit(audit.Entry{Kind: kindTask, Object: t.ID, What: "report", Detail: x})
	tx.Emit(outbox.Event{Kind: EventTaskReported, Object: t.ID,
		Data: map[string]int64{"progressBp": x.ProgressBp}})
	return s.changed(ctx, tx, t.ID)
}

// Instruct writes an instruction of a leader on a task (批示).
func (s *Service) Instruct(
	ctx context.Context, by authz.Actor, in NewInstruction,
) (Instruction, error) {
	in.Text = lines(in.Text)
	const useCase = "plan.Instruct"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Instruction, error) {
			t, err := s.readTask(ctx, tx, by, in.Task)
			if err != nil {
				return Instruction{}, err
			}
			if err := TaskPolicy.May(by, ActTaskInstruct, t); err != nil {
				return Instruction{}, err
			}
			var f faults
			f.prose("text", in.Text, MaxProse, true)
			if err := f.err(); err != nil {
				return Instruction{}, err
			}
			x := Instruction{ID: id.New(), Task: t.ID, Text: in.Text, AtUs: tx.NowUs(),
				Account: by.Account, Login: by.Login}
			err = db.ExecOne(ctx, tx.Tx, qInstructionAdd, x.ID, x.Task, x.Text, x.AtUs, x.Account,
				x.Login)
			if err != nil {
				return Instruction{}, err
			}
			tx.Audit(audit.Entry{Kind: kindTask, Object: t.ID, What: "instruct",
				Detail: map[string]any{"text": x.Text}})
			tx.Emit(outbox.Event{Kind: EventTaskInstructed, Object: t.ID})
			return x, nil
		})
	return out, err
}

// Evidence is the input of AddEvidence.
type Evidence struct {
	Task  string      `json:"-"`
	Files []FileInput `json:"-"`
	Key   string      `json:"-"`
}

// AddEvidence attaches evidence to a task, for its next report or application.
func (s *Service) AddEvidence(
	ctx context.Context, by authz.Actor, in Evidence,
) ([]blob.Ref, error) {
	t, err := s.readTask(ctx, s.unit.DB(), by, in.Task)
	if err != nil {
		return nil, err
	}
	if len(in.Files) == 0 {
		return nil, fault.Fields(fault.At("files", "请附上材料"))
	}
	staged, err := s.stage(ctx, by, t, in.Files)
	defer discard(staged)
	if err != nil {
		return nil, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "plan.AddEvidence", in.Key, keyed(in, staged),
		func(tx *unit.Tx) ([]blob.Ref, error) {
			var out []blob.Ref
			for _, f := range staged {
				ref, err := s.opt.Blobs.Attach(ctx, tx, f, blob.Object{Kind: kindTask, ID: t.ID})
				if err != nil {
					return nil, err
				}
				out = append(out, ref)
			}
			return out, nil
		})
	return out, err
}
