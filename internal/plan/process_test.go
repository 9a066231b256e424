package plan_test

import (
	"context"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qRawDocument = db.Stmt(`INSERT INTO plan_document (id, title, kind, number, issuer, region, day,
			source, file, series, edition, superseded_by, chars, reading, reading_note, job, state,
			created_us, created_by, updated_us, version)
		VALUES ($1, 'x', 'plan', '', '', '140105', '2026-01-01', '', '', $1, 1, '', 0, 'done', '', '',
			$2, 1, '', 1, 1)`)
	qRawStatement = db.Stmt(`INSERT INTO plan_statement (id, document, kind, subject, indicator,
			measure, verb, owner, op, value, unit, from_day, to_day, of_whole, verdict, found,
			start_rune, end_rune, quote, origin, as_read, definition, state, note, decided_us,
			decided_by, version)
		VALUES ($1, $1, 'task', '', 'x', '', '', '', '', '', '', '', '', '', '', '', 0, 1, 'x', 'read',
			'', '', 'pending', '', 0, '', 1)`)
	qRawTask = db.Stmt(`INSERT INTO plan_task (id, ledger, code, code_sort, parent, level, title,
			content, region, leader, person, contact, phone, start_day, due_us, cadence, supervisor,
			sign_days, answer_days, progress_bp, reported_us, asked_due_us, applied_by, state_before,
			done_us, state, created_us, created_by, updated_us, version)
		VALUES ($1, 'g', $1, $1, $2, 1, 'x', '', '140105', '', '', '', '', '', $3, 'month', '', 2, 5, 0,
			0, $4, $5, $6, 0, $7, 1, '', 1, 1)`)
	qRawLight = db.Stmt(`INSERT INTO plan_light (task, colour, base, reasons, planned, gap, rule,
		at_us) VALUES ($1, 'grey', 'grey', '', '0.0', '0.0', 'default-2026', 1)`)
	qRawOwner = db.Stmt(`INSERT INTO plan_task_org (task, org, org_now, name, part, role, n)
		VALUES ($1, $2, $2, $2, $3, 'department', $4)`)
	qRawBlob = db.Stmt(`INSERT INTO blob (hash, size, media_type, created_us, created_by, version)
		VALUES ($1, 1, 'application/pdf', 1, '', 1) ON CONFLICT DO NOTHING`)
	qRawRef = db.Stmt(`INSERT INTO blob_ref (id, hash, kind, object_kind, object_id, name, size, owner,
			created_us, created_by, version)
		VALUES ($1, $3, 'plan.evidence', 'plan.task', $2, 'x.pdf', 1, '', 1, '', 1)`)
)

var rawHash = strings.Repeat("a", 64)

// TestDocumentProcess tries every state × step × role of a document.
func TestDocumentProcess(t *testing.T) {
	create := func(pending bool) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			if pending {
				if err := db.ExecOne(ctx, tx.Tx, qRawStatement, "v"); err != nil {
					return "", err
				}
			}
			return "v", db.ExecOne(ctx, tx.Tx, qRawDocument, "v", state)
		}
	}
	processtest.Exhaust(t, plan.DocumentProcess, processtest.Setup[plan.Document]{
		Actors: []processtest.Actor{
			{Name: "officer", By: officer},
			{Name: "its district", By: authz.Actor{Account: "d", Role: authz.District, Region: "140105",
				Via: authz.ViaSession}},
		},
		Cases: []processtest.Case{
			{Name: "decided", Create: create(false)}, {Name: "with a pending statement",
				Create: create(true)},
		},
		Input: func(string, plan.Document) process.Input { return process.Input{Reason: "因故"} },
	})
}

// rawTask stores tasks that stand where a test wants them.
type rawTask struct {
	lead   string
	due    bool
	before string
	part   bool // a subtask that is not finished
}

func (r rawTask) create(ctx context.Context, tx *unit.Tx, state string) (string, error) {
	tx.Audit(audit.Entry{Kind: "test", What: "create"})
	var due, asked int64
	if r.due {
		due = clock.Us(dbtest.Start.AddDate(0, 1, 0))
	}
	before, applied := "", ""
	switch state {
	case plan.TaskSuspended:
		before = r.before
	case plan.TaskExtending:
		asked = clock.Us(dbtest.Start.AddDate(0, 2, 0))
		applied = "acc-applicant"
	case plan.TaskApplied, plan.TaskVerifying:
		applied = "acc-applicant"
	}
	for _, err := range []error{
		db.ExecOne(ctx, tx.Tx, qRawTask, "v", "", due, asked, applied, before, state),
		db.ExecOne(ctx, tx.Tx, qRawLight, "v"),
		db.ExecOne(ctx, tx.Tx, qRawOwner, "v", "org-duty", "duty", int64(1)),
	} {
		if err != nil {
			return "", err
		}
	}
	if r.lead != "" {
		if err := db.ExecOne(ctx, tx.Tx, qRawOwner, "v", r.lead, "lead", int64(0)); err != nil {
			return "", err
		}
	}
	if r.part {
		err := db.ExecOne(ctx, tx.Tx, qRawTask, "w", "v", due, asked, "", "", plan.TaskActive)
		if err != nil {
			return "", err
		}
	}
	if _, err := db.Exec(ctx, tx.Tx, qRawBlob, rawHash); err != nil {
		return "", err
	}
	return "v", db.ExecOne(ctx, tx.Tx, qRawRef, "evidence", "v", rawHash)
}

// TestTaskProcess tries every state × step × role of a task.
func TestTaskProcess(t *testing.T) {
	acts := func(account, org string) authz.Actor {
		return authz.Actor{Account: account, Org: org, Role: authz.Department, Via: authz.ViaSession}
	}
	lead := authz.Actor{Account: "acc-lead", Org: "org-lead", Role: authz.Department,
		Via: authz.ViaSession}
	cases := []processtest.Case{
		{Name: "complete", Create: rawTask{"org-lead", true, plan.TaskEstablished, false}.create},
		{Name: "was signed", Create: rawTask{"org-lead", true, plan.TaskSigned, false}.create},
		{Name: "with an open part", Create: rawTask{"org-lead", true, plan.TaskActive, true}.create},
	}
	processtest.Exhaust(t, plan.TaskProcess, processtest.Setup[plan.Task]{
		Actors: []processtest.Actor{
			{Name: "officer", By: officer}, {Name: "lead", By: lead},
			{Name: "duty", By: acts("acc-duty", "org-duty")},
			{Name: "other", By: acts("acc-other", "org-other")},
			{Name: "applicant", By: authz.Actor{Account: "acc-applicant", Role: authz.Officer,
				Via: authz.ViaSession}},
			{Name: "district", By: authz.Actor{Account: "d", Role: authz.District, Region: "140105",
				Via: authz.ViaSession}},
			{Name: "leading firm", By: authz.Actor{Account: "f", Org: "org-lead",
				Role: authz.Enterprise, Via: authz.ViaSession}},
		},
		Cases: cases,
		Input: func(step string, x plan.Task) process.Input {
			in := process.Input{Reason: "因故"}
			switch step {
			case "apply":
				in.Files = []string{"evidence"}
			case plan.StepAskExtension:
				in.Data = plan.Extension{DueUs: x.DueUs + 1}
			case plan.StepAmend:
				in.Data = plan.Amendment(x, x.Lead)
			case plan.StepReassign:
				in.Data = plan.Amendment(x, "org-next")
			}
			return in
		},
	})
}

// TestTaskWithoutLead tries that a draft without a lead unit or a deadline cannot be established.
func TestTaskWithoutLead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		in := x.sampleTask(t)
		in.DueUs = 0
		task := x.createTask(t, in)
		step := plan.TaskStep{Step: plan.Step{ID: task.ID, Step: "establish", Version: task.Version}}
		_, err := x.FireTask(t.Context(), officer, step)
		wantKind(t, err, fault.Conflict)
		in.DueUs, in.Lead, in.Title = day("2026-12-31"), "", "另一项任务"
		task = x.createTask(t, in)
		step.ID, step.Version = task.ID, task.Version
		_, err = x.FireTask(t.Context(), officer, step)
		wantKind(t, err, fault.Conflict)
	})
}
