package party

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of an import.
const (
	ImportChecking  = "checking"  // a job reads the file and compares it with the data
	ImportReady     = "ready"     // checked, nothing is wrong: it may be run
	ImportFaulty    = "faulty"    // checked, something is wrong: see the findings
	ImportRunning   = "running"   // a job stores all of it, or nothing
	ImportDone      = "done"      // stored
	ImportFailed    = "failed"    // nothing was stored: the data changed, or the system failed
	ImportCancelled = "cancelled" // nothing was stored
)

// Import is one import of a file: first checked, then run.
type Import struct {
	ID       string         `json:"id"`
	Kind     string         `json:"kind"` // ImportOrgs or ImportPeople
	Mode     string         `json:"mode"` // ModeSkip or ModeUpdate
	Source   string         `json:"source,omitempty"`
	FileName string         `json:"fileName"`
	FileHash string         `json:"fileHash"` // SHA-256
	State    string         `json:"state"`
	Rows     int64          `json:"rows"`
	Adds     int64          `json:"adds"`
	Changes  int64          `json:"changes"`
	Skips    int64          `json:"skips"` // there already and left as they are
	Problems int64          `json:"problems"`
	Warnings int64          `json:"warnings"`
	Found    ImportFindings `json:"found"`
	Message  *ImportProblem `json:"message,omitempty"` // why it failed
	Job      string         `json:"job"`
	// Done of Total rows are through, while a job of this process works on it.
	Done      int    `json:"done,omitempty"`
	Total     int    `json:"total,omitempty"`
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`
	outcome   string
}

// ImportFile is the input of StartImport.
type ImportFile struct {
	Kind    string    `json:"kind"`
	Mode    string    `json:"mode"`   // "" = ModeSkip
	Source  string    `json:"source"` // where the data is from, kept for each field
	Name    string    `json:"-"`      // as the person's machine calls the file
	Content io.Reader `json:"-"`
	Key     string    `json:"-"`
}

// importFile is what may be handed in.
var importFile = blob.Kind{Name: "party.import", Types: []blob.Type{blob.XLSX, blob.Text},
	MaxBytes: sheet.MaxFileBytes}

const importColumns = `id, kind, mode, source, file_name, file_hash, state, rows, adds, changes,
	skips, problems, warnings, outcome, found, message, job, created_us, created_by, updated_us,
	version`

func scanImport(r db.Row) (Import, error) {
	var x Import
	var found, message string
	err := r.Scan(&x.ID, &x.Kind, &x.Mode, &x.Source, &x.FileName, &x.FileHash, &x.State, &x.Rows,
		&x.Adds, &x.Changes, &x.Skips, &x.Problems, &x.Warnings, &x.outcome, &found, &message, &x.Job,
		&x.CreatedUs, &x.CreatedBy, &x.UpdatedUs, &x.Version)
	if err == nil && found != "" {
		err = json.Unmarshal([]byte(found), &x.Found)
	}
	if err == nil && message != "" {
		err = json.Unmarshal([]byte(message), &x.Message)
	}
	return x, err
}

var (
	qImport    = db.Stmt(`SELECT ` + importColumns + ` FROM party_import WHERE id = $1`)
	qImportAdd = db.Stmt(`INSERT INTO party_import (` + importColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, 'checking', 0, 0, 0, 0, 0, 0, '', '', '', $7, $8, $9, $8, 1)`)
	qImportChecked = db.Stmt(`UPDATE party_import SET state = $3, rows = $4, adds = $5, changes = $6,
			skips = $7, problems = $8, warnings = $9, outcome = $10, found = $11, updated_us = $12,
			version = version + 1
		WHERE id = $1 AND version = $2 AND state = 'checking'`)
	qImportMove = db.Stmt(`UPDATE party_import SET state = $3, message = $4, job = $5,
			updated_us = $6, version = version + 1 WHERE id = $1 AND version = $2`)

	importList = db.Select(importColumns, `party_import`,
		db.Order{Name: "newest", Desc: true,
			Cols: []db.Col{db.IntCol("created_us"), db.TextCol("id")}})
)

// StartImport keeps a file and lets a job check it: every row by itself, against the other rows and
// against the data. It returns the import, whose findings come with GetImport.
func (s *Service) StartImport(
	ctx context.Context, by authz.Actor, in ImportFile,
) (Import, error) {
	if err := mayImport(by, in.Kind); err != nil {
		return Import{}, err
	}
	if in.Mode == "" {
		in.Mode = ModeSkip
	}
	var f faults
	if in.Mode != ModeSkip && in.Mode != ModeUpdate {
		f.add("mode", "没有“%s”这个选项", in.Mode)
	}
	f.text("source", in.Source, maxSource, false)
	if in.Content == nil {
		f.add(sheet.FieldFile, "请选择文件")
	}
	if err := f.err(); err != nil {
		return Import{}, err
	}
	if s.blobs == nil {
		return Import{}, fault.New(fault.Unavailable, "本系统没有配置文件存储，不能导入")
	}
	file, err := s.blobs.Stage(ctx, blob.Upload{Kind: importFile, Field: sheet.FieldFile,
		Name: in.Name, Content: in.Content})
	if err != nil {
		return Import{}, err
	}
	defer file.Discard()
	sum := []any{in.Kind, in.Mode, in.Source, file.Hash}
	out, _, err := unit.Once(ctx, s.unit, by, "party.StartImport", in.Key, sum,
		func(tx *unit.Tx) (Import, error) { return s.keepImport(ctx, tx, in, file) })
	s.poke()
	return out, err
}

func mayImport(by authz.Actor, kind string) error {
	if _, err := importSpec(kind); err != nil {
		return err
	}
	switch {
	case kind == ImportOrgs && !OrgPolicy.Could(by, ActOrgImport):
		return OrgPolicy.May(by, ActOrgImport, Org{})
	case kind == ImportPeople && !PersonPolicy.Could(by, ActPersonImport):
		return fault.New(fault.Forbidden, "不允许此操作")
	}
	return nil
}

func (s *Service) keepImport(
	ctx context.Context, tx *unit.Tx, in ImportFile, file *blob.Staged,
) (Import, error) {
	importID := id.New()
	jobID, err := enqueue(ctx, tx, jobCheck, importID)
	if err != nil {
		return Import{}, err
	}
	err = db.ExecOne(ctx, tx.Tx, qImportAdd, importID, in.Kind, in.Mode, in.Source, file.Name,
		file.Hash, jobID, tx.NowUs(), tx.By().Account)
	if err != nil {
		return Import{}, err
	}
	_, err = s.blobs.Attach(ctx, tx, file, blob.Object{Kind: kindImport, ID: importID})
	if err != nil {
		return Import{}, err
	}
	tx.Audit(audit.Entry{Kind: kindImport, Object: importID, What: "start",
		Detail: map[string]any{"kind": in.Kind, "mode": in.Mode, "file": file.Hash}})
	return db.Get(ctx, tx, qImport, scanImport, importID)
}

const kindImport = "party.import"

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
	return x, s.noteStopped(ctx, &x)
}

// qJobState asks what became of a job.
var qJobState = db.Stmt(`SELECT state FROM job WHERE id = $1`)

// noteStopped says of an import whose job was stopped by an administrator, or given up, that it failed: it
// would wait for ever. Nothing was stored, and nothing will be.
func (s *Service) noteStopped(ctx context.Context, x *Import) error {
	if x.State != ImportChecking && x.State != ImportRunning {
		return nil
	}
	state, there, err := db.Find(ctx, s.unit.DB(), qJobState, db.One[string], x.Job)
	if err != nil || there && state != string(job.Cancelled) && state != string(job.Discarded) {
		return err
	}
	x.State, x.Message = ImportFailed, &ImportProblem{Key: "后台任务已停止，没有写入任何内容；请重新上传"}
	return nil
}

// ListImports returns a page of the actor's imports, newest first.
func (s *Service) ListImports(
	ctx context.Context, by authz.Actor, p db.PageReq,
) (db.Page[Import], error) {
	if !ImportPolicy.Could(by, ActImportRead) {
		return db.Page[Import]{}, fault.New(fault.Forbidden, "不允许此操作")
	}
	page, err := db.List(ctx, s.unit.DB(), importList, ImportPolicy.Scope(by, ActImportRead),
		importList.Order("newest"), p, scanImport)
	for i := range page.Items {
		if err == nil {
			err = s.noteStopped(ctx, &page.Items[i])
		}
	}
	return page, err
}

// RunImport lets a job store all of a checked file, or nothing of it. Version is the import's, as
// the actor saw it.
func (s *Service) RunImport(
	ctx context.Context, by authz.Actor, importID string, version int64,
) (Import, error) {
	var out Import
	err := s.unit.Write(ctx, by, "party.RunImport", func(tx *unit.Tx) error {
		x, err := s.importFor(ctx, tx, importID, version)
		if err != nil {
			return err
		}
		if err := mayImport(by, x.Kind); err != nil {
			return err
		}
		if x.State != ImportReady {
			return fault.New(fault.Conflict, "只有检查通过的导入才能执行")
		}
		jobID, err := enqueue(ctx, tx, jobRun, importID)
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
// the next rows; nothing of it stays.
func (s *Service) CancelImport(
	ctx context.Context, by authz.Actor, importID string,
) (Import, error) {
	if _, err := s.GetImport(ctx, by, importID); err != nil {
		return Import{}, err
	}
	s.imports.cancel(importID)
	var out Import
	err := s.unit.Write(ctx, by, "party.CancelImport", func(tx *unit.Tx) error {
		x, err := db.Get(ctx, tx, qImport, scanImport, importID)
		if err != nil {
			return err
		}
		if err := ImportPolicy.May(by, ActImportRun, x); err != nil {
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

func (s *Service) importFor(
	ctx context.Context, tx *unit.Tx, importID string, version int64,
) (Import, error) {
	x, err := db.Get(ctx, tx, qImport, scanImport, importID)
	if err != nil {
		return x, err
	}
	if err := ImportPolicy.May(tx.By(), ActImportRun, x); err != nil {
		return x, err
	}
	if x.Version != version {
		return x, errStale()
	}
	return x, nil
}

func moveImport(
	ctx context.Context, tx *unit.Tx, x Import, state string, why *ImportProblem, jobID string,
) (Import, error) {
	message := ""
	if why != nil {
		b, err := json.Marshal(why)
		if err != nil {
			return x, fmt.Errorf("encode message: %w", err)
		}
		message = string(b)
	}
	err := db.ExecOne(ctx, tx.Tx, qImportMove, x.ID, x.Version, state, message, jobID, tx.NowUs())
	if err != nil {
		return x, err
	}
	tx.Audit(audit.Entry{Kind: kindImport, Object: x.ID, What: state, Detail: map[string]any{
		"file": x.FileHash, "rows": x.Rows, "adds": x.Adds, "changes": x.Changes, "skips": x.Skips}})
	return db.Get(ctx, tx, qImport, scanImport, x.ID)
}

// enqueue adds a job that acts for the actor, with the role and region of this moment.
func enqueue(ctx context.Context, tx *unit.Tx, kind, importID string) (string, error) {
	by := tx.By()
	jobID, _, err := job.Enqueue(ctx, tx, job.Spec{Kind: kind, UniqueKey: kind + ":" + importID,
		MaxAttempts: importAttempts,
		Args: importArgs{Import: importID, Account: by.Account, Login: by.Login, Role: by.Role,
			Region: by.Region, Org: by.Org, Request: by.Request}})
	return jobID, err
}
