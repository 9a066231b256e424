package plan

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of an import.
const (
	ImportChecking  = "checking"  // a job reads the file and compares it with the ledger
	ImportReady     = "ready"     // checked, nothing is wrong: it may be run
	ImportFaulty    = "faulty"    // checked, something is wrong: see the findings
	ImportRunning   = "running"   // a job stores all of it, or nothing
	ImportDone      = "done"      // stored
	ImportFailed    = "failed"    // nothing was stored: the data changed, or the system failed
	ImportCancelled = "cancelled" // nothing was stored
)

// kindImport is the kind of object of imports.
const kindImport = "plan.import"

// Import is a table of tasks that jobs take in: first checked, then run. It is the way of large
// files; small ones go through ImportTasks at once.
type Import struct {
	ID       string               `json:"id"`
	Ledger   string               `json:"ledger"` // id
	Begun    bool                 `json:"begun"`  // the tasks are under way already
	FileName string               `json:"fileName"`
	FileHash string               `json:"fileHash"` // SHA-256
	State    string               `json:"state"`
	Rows     int64                `json:"rows"`
	Adds     int64                `json:"adds"`
	Skips    int64                `json:"skips"` // in the ledger already
	Problems int64                `json:"problems"`
	Found    ImportFound          `json:"found"`
	Message  *party.ImportProblem `json:"message,omitempty"` // why it failed
	Job      string               `json:"job"`
	// Done of Total rows are through, while a job of this process works on it.
	Done      int    `json:"done,omitempty"`
	Total     int    `json:"total,omitempty"`
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`

	outcome string
}

// ImportFound is what a check found. At most sheet.MaxProblems problems are kept.
type ImportFound struct {
	Problems   []party.ImportProblem `json:"problems,omitempty"`
	Notices    []party.ImportProblem `json:"notices,omitempty"`    // how the file was read
	Ignored    []string              `json:"ignored,omitempty"`    // columns that were not read
	Indicators []string              `json:"indicators,omitempty"` // that are defined anew
}

// Actions on imports.
const (
	ActImportRead authz.Action = "plan.import.read"
	ActImportRun  authz.Action = "plan.import.run" // and cancel
)

// ImportPolicy lets who started an import see and finish it, and nobody else: what it holds has not
// been taken over yet.
var ImportPolicy = authz.NewPolicy(kindImport, authz.Rules[Import]{
	Title: "台账导入",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActImportRead, Title: "查看"},
		{Action: ActImportRun, Title: "执行与取消"},
	},
	Ties: []authz.Tie[Import]{
		authz.TieSame(authz.Owner, "本人发起",
			func(by authz.Actor) string { return by.Account },
			func(i Import) string { return i.CreatedBy },
			func(key string) db.Where { return db.Where{}.And("m.created_by = $1", key) }),
	},
	Grants: authz.Allow(authz.Owner, []authz.Role{authz.Officer}, ActImportRead, ActImportRun),
})

// importFile is what may be handed in.
var importFile = blob.Kind{Name: kindImport, Types: []blob.Type{blob.XLSX, blob.Text},
	MaxBytes: sheet.MaxFileBytes}

const importColumns = `m.id, m.ledger, m.begun, m.file_name, m.file_hash, m.state, m.rows, m.adds,
	m.skips, m.problems, m.outcome, m.found, m.message, m.job, m.created_us, m.created_by,
	m.updated_us, m.version`

var (
	qImport    = db.Stmt(`SELECT ` + importColumns + ` FROM plan_import AS m WHERE m.id = $1`)
	qImportAdd = db.Stmt(`INSERT INTO plan_import (id, ledger, begun, file_name, file_hash, state, rows,
			adds, skips, problems, outcome, found, message, job, created_us, created_by, updated_us,
			version)
		VALUES ($1, $2, $3, $4, $5, 'checking', 0, 0, 0, 0, '', '', '', $6, $7, $8, $7, 1)`)
	qImportChecked = db.Stmt(`UPDATE plan_import SET state = $3, rows = $4, adds = $5, skips = $6,
			problems = $7, outcome = $8, found = $9, updated_us = $10, version = version + 1
		WHERE id = $1 AND version = $2 AND state = 'checking'`)
	qImportMove = db.Stmt(`UPDATE plan_import SET state = $3, message = $4, job = $5, updated_us = $6,
		version = version + 1 WHERE id = $1 AND version = $2`)
)

var importList = db.Select(importColumns, `plan_import AS m`,
	db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("m.created_us"), db.TextCol("m.id")}},
)

func scanImport(r db.Row) (Import, error) {
	var x Import
	var found, message string
	err := r.Scan(&x.ID, &x.Ledger, &x.Begun, &x.FileName, &x.FileHash, &x.State, &x.Rows, &x.Adds,
		&x.Skips, &x.Problems, &x.outcome, &found, &message, &x.Job, &x.CreatedUs, &x.CreatedBy,
		&x.UpdatedUs, &x.Version)
	if err == nil {
		err = decode(found, &x.Found)
	}
	if err == nil {
		err = decode(message, &x.Message)
	}
	return x, err
}

// StartImport keeps a table and lets a job check it, as ImportTasks does with DryRun.
func (s *Service) StartImport(ctx context.Context, by authz.Actor, in TaskImport) (Import, error) {
	if err := TaskPolicy.May(by, ActTaskImport, Task{}); err != nil {
		return Import{}, err
	}
	g, err := ledgerFor(ctx, s.unit.DB(), in.Ledger)
	if err != nil {
		return Import{}, err
	}
	switch {
	case in.File == nil:
		return Import{}, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	case s.opt.Blobs == nil:
		return Import{}, fault.New(fault.Unavailable, "本系统没有配置文件存储，不能导入")
	}
	file, err := s.opt.Blobs.Stage(ctx, blob.Upload{Kind: importFile, Field: sheet.FieldFile,
		Name: in.Name, Content: in.File})
	if err != nil {
		return Import{}, err
	}
	defer file.Discard()
	sum := []any{g.ID, in.Begun, file.Hash}
	const useCase = "plan.StartImport"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, sum,
		func(tx *unit.Tx) (Import, error) { return s.keepImport(ctx, tx, g, in.Begun, file) })
	s.poke()
	return out, err
}

func (s *Service) keepImport(
	ctx context.Context, tx *unit.Tx, g Ledger, begun bool, file *blob.Staged,
) (Import, error) {
	importID := id.New()
	jobID, err := enqueueImport(ctx, tx, jobImportCheck, importID)
	if err != nil {
		return Import{}, err
	}
	err = db.ExecOne(ctx, tx.Tx, qImportAdd, importID, g.ID, begun, file.Name, file.Hash, jobID,
		tx.NowUs(), tx.By().Account)
	if err != nil {
		return Import{}, err
	}
	_, err = s.opt.Blobs.Attach(ctx, tx, file, blob.Object{Kind: kindImport, ID: importID})
	if err != nil {
		return Import{}, err
	}
	tx.Audit(audit.Entry{Kind: kindImport, Object: importID, What: "start",
		Detail: map[string]any{"ledger": g.ID, "begun": begun, "file": file.Hash}})
	return db.Get(ctx, tx, qImport, scanImport, importID)
}

// GetImport returns an import with its findings and how far it is.
func (s *Service) GetImport(ctx context.Context, by authz.Actor, importID string) (Import, error) {
	x, err := db.Get(ctx, s.unit.DB(), qImport, scanImport, importID)
	if err != nil {
		return Import{}, err
	}
	if err := ImportPolicy.May(by, ActImportRead, x); err != nil {
		return Import{}, err
	}
	x.Done, x.Total = s.imports.progress(importID)
	return x, nil
}

// ListImports returns a page of the actor's imports, newest first.
func (s *Service) ListImports(
	ctx context.Context, by authz.Actor, p db.PageReq,
) (db.Page[Import], error) {
	return db.List(ctx, s.unit.DB(), importList, ImportPolicy.Scope(by, ActImportRead),
		importList.Order("newest"), p, scanImport)
}

// RunImport lets a job store all of a checked table, or nothing of it. Version is the import's, as
// the actor saw it.
func (s *Service) RunImport(
	ctx context.Context, by authz.Actor, importID string, version int64,
) (Import, error) {
	var out Import
	err := s.unit.Write(ctx, by, "plan.RunImport", func(tx *unit.Tx) error {
		x, err := importFor(ctx, tx, importID)
		if err != nil {
			return err
		}
		if err := TaskPolicy.May(by, ActTaskImport, Task{}); err != nil {
			return err
		}
		switch {
		case x.Version != version:
			return errStale()
		case x.State != ImportReady:
			return fault.New(fault.Conflict, "只有检查通过的导入才能执行")
		}
		jobID, err := enqueueImport(ctx, tx, jobImportRun, importID)
		if err != nil {
			return err
		}
		out, err = moveImport(ctx, tx, x, ImportRunning, nil, jobID)
		return err
	})
	s.poke()
	return out, err
}

// CancelImport ends an import that is not done. One that is being stored in this process stops at
// the next row; nothing of it stays.
func (s *Service) CancelImport(
	ctx context.Context, by authz.Actor, importID string,
) (Import, error) {
	if _, err := s.GetImport(ctx, by, importID); err != nil {
		return Import{}, err
	}
	s.imports.cancel(importID)
	var out Import
	err := s.unit.Write(ctx, by, "plan.CancelImport", func(tx *unit.Tx) error {
		x, err := importFor(ctx, tx, importID)
		if err != nil {
			return err
		}
		switch x.State {
		case ImportDone, ImportFailed, ImportCancelled:
			return fault.New(fault.Conflict, "导入已经结束，不能取消")
		}
		out, err = moveImport(ctx, tx, x, ImportCancelled, nil, x.Job)
		return err
	})
	return out, err
}

// importFor loads an import that the actor may finish.
func importFor(ctx context.Context, tx *unit.Tx, importID string) (Import, error) {
	x, err := db.Get(ctx, tx, qImport, scanImport, importID)
	if err != nil {
		return x, err
	}
	return x, ImportPolicy.May(tx.By(), ActImportRun, x)
}

func moveImport(
	ctx context.Context, tx *unit.Tx, x Import, state string, why *party.ImportProblem, jobID string,
) (Import, error) {
	err := db.ExecOne(ctx, tx.Tx, qImportMove, x.ID, x.Version, state, encode(why), jobID, tx.NowUs())
	if err != nil {
		return x, err
	}
	tx.Audit(audit.Entry{Kind: kindImport, Object: x.ID, What: state, Detail: map[string]any{
		"file": x.FileHash, "rows": x.Rows, "adds": x.Adds, "skips": x.Skips}})
	return db.Get(ctx, tx, qImport, scanImport, x.ID)
}

// enqueueImport adds a job that acts for the actor, with the role and region of this moment.
func enqueueImport(ctx context.Context, tx *unit.Tx, kind, importID string) (string, error) {
	by := tx.By()
	jobID, _, err := job.Enqueue(ctx, tx, job.Spec{Kind: kind, UniqueKey: kind + ":" + importID,
		MaxAttempts: 3, Args: importArgs{Import: importID, Account: by.Account, Login: by.Login,
			Role: by.Role, Region: by.Region, Org: by.Org, Request: by.Request}})
	return jobID, err
}
