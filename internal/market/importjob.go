package market

import (
	"context"
	"encoding/json"
	"time"

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

// States of an import. A job that was cancelled or failed leaves it working: the job says so.
const (
	ImportWorking = "working"
	ImportDone    = "done"   // all of it is stored
	ImportFaulty  = "faulty" // something is wrong, nothing is stored
)

const kindImport = "market.import"

// jobImport checks a table and stores it.
const jobImport = "market.import"

// importTimeout bounds a job, and its one transaction.
const importTimeout = 5 * time.Minute

// Import is a table of posts that a job takes in: all of it or, with a problem in any cell, nothing. It
// is the way of large tables; small ones go through ImportPosts at once.
type Import struct {
	ID        string                `json:"id"`
	Kind      Kind                  `json:"kind"`
	Submit    bool                  `json:"submit"`
	FileName  string                `json:"fileName"`
	FileHash  string                `json:"fileHash"` // SHA-256
	State     string                `json:"state"`
	Rows      int64                 `json:"rows"`
	Adds      int64                 `json:"adds"`
	Changes   int64                 `json:"changes"`
	Same      int64                 `json:"same"`  // named by their code, and nothing was to be changed
	Skips     int64                 `json:"skips"` // there already
	Problems  int64                 `json:"problems"`
	Found     []party.ImportProblem `json:"found"` // the first ones
	Job       string                `json:"job"`   // its progress, and its end, are an operation of jobs
	CreatedUs int64                 `json:"createdUs"`
	CreatedBy string                `json:"-"`
	Version   int64                 `json:"version"`
}

// ActImportRead is to see an import.
const ActImportRead authz.Action = "market.import.read"

// importers are those who may import posts.
var importers = []authz.Role{authz.Officer, authz.Enterprise, authz.University, authz.Department, authz.District}

// ImportPolicy lets who started an import see it, and nobody else.
var ImportPolicy = authz.NewPolicy(kindImport, authz.Rules[Import]{
	Title: "供需导入",
	Blind: true,
	Verbs: []authz.Verb{{Action: ActImportRead, Title: "查看"}},
	Ties: []authz.Tie[Import]{
		authz.TieSame(authz.Owner, "本人发起",
			func(by authz.Actor) string { return by.Account },
			func(i Import) string { return i.CreatedBy },
			func(key string) db.Where { return db.Where{}.And("m.created_by = $1", key) }),
	},
	Grants: authz.Allow(authz.Owner, importers, ActImportRead),
})

// importFile is what may be handed in.
var importFile = blob.Kind{Name: kindImport, Types: []blob.Type{blob.XLSX, blob.Text}, MaxBytes: sheet.MaxFileBytes}

var (
	qImport = db.Stmt(`SELECT m.id, m.kind, m.submit, m.file_name, m.file_hash, m.state, m.rows, m.adds, m.changes,
			m.same, m.skips, m.problems, m.found, m.job, m.created_us, m.created_by, m.version
		FROM market_import AS m WHERE m.id = $1`)
	qImportAdd = db.Stmt(`INSERT INTO market_import (id, kind, submit, file_name, file_hash, state, rows, adds, skips,
			problems, found, job, created_us, created_by, version)
		VALUES ($1, $2, $3, $4, $5, 'working', 0, 0, 0, 0, '[]', $6, $7, $8, 1)`)
	qImportEnd = db.Stmt(`UPDATE market_import SET state = $2, rows = $3, adds = $4, skips = $5, problems = $6,
			found = $7, changes = $8, same = $9, version = version + 1
		WHERE id = $1 AND state = 'working'`)
)

func scanImport(r db.Row) (Import, error) {
	var x Import
	var found string
	err := r.Scan(&x.ID, &x.Kind, &x.Submit, &x.FileName, &x.FileHash, &x.State, &x.Rows, &x.Adds, &x.Changes,
		&x.Same, &x.Skips, &x.Problems, &found, &x.Job, &x.CreatedUs, &x.CreatedBy, &x.Version)
	if err != nil {
		return x, err
	}
	return x, json.Unmarshal([]byte(found), &x.Found)
}

// importArgs say which import and on whose behalf.
type importArgs struct {
	Import  string     `json:"import"`
	Account string     `json:"account"`
	Login   string     `json:"login,omitempty"`
	Role    authz.Role `json:"role"`
	Region  string     `json:"region,omitempty"`
	Org     string     `json:"org,omitempty"`
	Request string     `json:"request,omitempty"`
}

func (a importArgs) actor() authz.Actor {
	return authz.Actor{Account: a.Account, Login: a.Login, Role: a.Role, Region: a.Region, Org: a.Org,
		Request: a.Request, Via: authz.ViaJob}
}

// StartImport takes a table for a job that checks and stores it. DryRun is of no use here: a table with
// a problem changes nothing.
func (s *Service) StartImport(ctx context.Context, by authz.Actor, in PostImport) (Import, error) {
	if err := mayImportAs(by, in.Kind); err != nil {
		return Import{}, err
	}
	switch {
	case in.File == nil:
		return Import{}, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	case s.opt.Blobs == nil:
		return Import{}, fault.New(fault.Unavailable, "本系统没有配置文件存储，不能导入")
	}
	file, err := s.opt.Blobs.Stage(ctx, blob.Upload{Kind: importFile, Field: sheet.FieldFile, Name: in.Name,
		Content: in.File})
	if err != nil {
		return Import{}, err
	}
	defer file.Discard()
	const useCase = "market.StartImport"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, []any{in.Kind, in.Submit, file.Hash},
		func(tx *unit.Tx) (Import, error) { return s.keepImport(ctx, tx, in, file) })
	return out, err
}

func (s *Service) keepImport(ctx context.Context, tx *unit.Tx, in PostImport, file *blob.Staged) (Import, error) {
	importID, by := id.New(), tx.By()
	jobID, _, err := job.Enqueue(ctx, tx, job.Spec{Kind: jobImport, UniqueKey: jobImport + ":" + importID,
		MaxAttempts: 3, Args: importArgs{Import: importID, Account: by.Account, Login: by.Login,
			Role: by.Role, Region: by.Region, Org: by.Org, Request: by.Request}})
	if err != nil {
		return Import{}, err
	}
	err = db.ExecOne(ctx, tx.Tx, qImportAdd, importID, string(in.Kind), in.Submit, file.Name, file.Hash, jobID,
		tx.NowUs(), by.Account)
	if err != nil {
		return Import{}, err
	}
	if _, err = s.opt.Blobs.Attach(ctx, tx, file, blob.Object{Kind: kindImport, ID: importID}); err != nil {
		return Import{}, err
	}
	tx.Audit(audit.Entry{Kind: kindImport, Object: importID, What: "start",
		Detail: map[string]any{"kind": in.Kind, "submit": in.Submit, "file": file.Hash}})
	return db.Get(ctx, tx, qImport, scanImport, importID)
}

// GetImport returns an import with what was found in it.
func (s *Service) GetImport(ctx context.Context, by authz.Actor, importID string) (Import, error) {
	x, err := db.Get(ctx, s.unit.DB(), qImport, scanImport, importID)
	if err != nil {
		return Import{}, err
	}
	return x, ImportPolicy.May(by, ActImportRead, x)
}

// importJob reads, checks and stores in one transaction, so that a job that is cancelled or dies leaves
// nothing behind. Another attempt begins anew.
func (s *Service) importJob(ctx context.Context, r *job.Run) error {
	var args importArgs
	if err := r.Args(&args); err != nil {
		return err
	}
	m, err := db.Get(ctx, s.unit.DB(), qImport, scanImport, args.Import)
	if err != nil || m.State != ImportWorking {
		return err
	}
	x, err := s.readImport(ctx, r, m, args.actor())
	if e, ok := fault.As(err); ok && e.Kind == fault.Invalid {
		// The file is what is wrong: the person reads why, and no second attempt would help.
		return s.endImport(ctx, r, x, m, whyFile(e), len(whyFile(e)))
	}
	if err != nil {
		return err
	}
	if n := x.out.Problems.Total; n > 0 {
		var found []party.ImportProblem
		for _, p := range x.out.Problems.Kept {
			found = append(found, party.ImportProblem{Row: p.Row, Column: p.Column, Title: p.Title, Key: p.Key,
				Args: p.Args})
		}
		return s.endImport(ctx, r, x, m, found, n)
	}
	return s.endImport(ctx, r, x, m, nil, 0)
}

func (s *Service) readImport(ctx context.Context, r *job.Run, m Import, by authz.Actor) (*importing, error) {
	x := s.importing(by, PostImport{Kind: m.Kind, Submit: m.Submit, Name: m.FileName})
	// The content is found by its hash and checked against it while it is read.
	file, err := s.opt.Blobs.OpenHash(m.FileHash)
	if err != nil {
		return x, err
	}
	defer file.Close()
	spec := readSheet(m.Kind)
	spec.MaxRows = sheet.MaxRows
	table, err := sheet.Read(ctx, m.FileName, file, spec)
	if err != nil {
		return x, err
	}
	x.out.Facts = table.Facts
	x.tell = func(done, total int) { r.Progress(done, 2*total, "已检查 %d 行，共 %d 行", done, total) }
	return x, x.read(ctx, table)
}

// endImport stores what an import brings and how it ended.
func (s *Service) endImport(
	ctx context.Context, r *job.Run, x *importing, m Import, found []party.ImportProblem, problems int,
) error {
	state := ImportDone
	if problems > 0 {
		state = ImportFaulty
	}
	text, err := json.Marshal(append([]party.ImportProblem{}, found...))
	if err != nil {
		return err
	}
	long := db.WithTimeout(ctx, importTimeout)
	err = s.unit.Write(long, x.by, "market.RunImport", func(tx *unit.Tx) error {
		if problems == 0 {
			total := len(x.posts)
			x.tell = func(done, _ int) { r.Progress(total+done, 2*total, "已写入 %d 行，共 %d 行", done, total) }
			if err := x.store(long, tx); err != nil {
				return err
			}
		} else {
			tx.Audit(audit.Entry{Kind: kindImport, Object: m.ID, What: "checked",
				Detail: map[string]any{"file": m.FileHash, "problems": problems}})
		}
		err := db.ExecOne(long, tx.Tx, qImportEnd, m.ID, state, int64(x.out.Rows), int64(x.out.Adds),
			int64(x.out.Skips), int64(problems), string(text), int64(x.out.Changes), int64(x.out.Same))
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return r.Hold(long, tx.Tx)
	})
	if err != nil {
		return err
	}
	return r.Result(map[string]any{"state": state, "adds": x.out.Adds, "changes": x.out.Changes,
		"same": x.out.Same, "skips": x.out.Skips, "problems": problems})
}

// whyFile says why a file cannot be read at all.
func whyFile(e *fault.Error) []party.ImportProblem {
	if len(e.Fields) == 0 {
		return []party.ImportProblem{{Key: e.Key, Args: e.Args}}
	}
	var out []party.ImportProblem
	for _, f := range e.Fields {
		out = append(out, party.ImportProblem{Key: f.Key, Args: f.Args})
	}
	return out
}
