package party

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// The jobs of this room.
const (
	jobCheck = "party.import.check"
	jobRun   = "party.import.run"
)

const (
	importAttempts = 3
	importTimeout  = 5 * time.Minute // of the one transaction
)

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

// imports are those that this process works on now.
type imports struct {
	mu   sync.Mutex
	now  map[string]*working
	wake func()
}

type working struct {
	done, total int
	stop        context.CancelCauseFunc
}

func newImports() *imports { return &imports{now: map[string]*working{}} }

var errCancelled = errors.New("import was cancelled")

// begin notes that this process works on an import; the returned function ends that.
func (m *imports) begin(ctx context.Context, importID string) (context.Context, func()) {
	ctx, stop := context.WithCancelCause(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now[importID] = &working{stop: stop}
	return ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.now, importID)
		stop(nil)
	}
}

func (m *imports) cancel(importID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w := m.now[importID]; w != nil {
		w.stop(errCancelled)
	}
}

func (m *imports) set(importID string, done, total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w := m.now[importID]; w != nil {
		w.done, w.total = done, total
	}
}

func (m *imports) progress(importID string) (done, total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w := m.now[importID]; w != nil {
		return w.done, w.total
	}
	return 0, 0
}

// RegisterJobs gives the runner the work of imports. It is called while the program is put
// together.
func (s *Service) RegisterJobs(r *job.Runner) {
	r.Handle(jobCheck, importTimeout, s.checkImport)
	r.Handle(jobRun, 2*importTimeout, s.runImport)
	s.imports.wake = r.Poke
}

func (s *Service) poke() {
	if s.imports.wake != nil {
		s.imports.wake()
	}
}

// reading is a file on its way in.
type reading struct {
	Import
	by    authz.Actor
	table *sheet.Table
	rows  importRows
}

// read loads the import of a job and its file. found is false when there is nothing to do any
// more: somebody cancelled, or an earlier attempt did it.
func (s *Service) read(
	ctx context.Context, r *job.Run, state string, progress func(done, total int),
) (reading, bool, error) {
	var args importArgs
	if err := r.Args(&args); err != nil {
		return reading{}, false, err
	}
	x, err := db.Get(ctx, s.unit.DB(), qImport, scanImport, args.Import)
	if err != nil || x.State != state {
		return reading{}, false, err
	}
	in := reading{Import: x, by: args.actor()}
	if in.table, err = s.openTable(ctx, x); err != nil {
		return in, true, err
	}
	parse := s.readOrgs
	if x.Kind == ImportPeople {
		parse = s.readPeople
	}
	in.rows, err = parse(ctx, in.table, x.Source, progress)
	return in, true, err
}

func (s *Service) openTable(ctx context.Context, x Import) (*sheet.Table, error) {
	if s.blobs == nil {
		return nil, fault.New(fault.Unavailable, "本系统没有配置文件存储，不能导入")
	}
	spec, err := importSpec(x.Kind)
	if err != nil {
		return nil, err
	}
	// The content is found by its hash and checked against it while it is read.
	file, err := s.blobs.OpenHash(x.FileHash)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return sheet.Read(ctx, x.FileName, file, spec)
}

// checkImport is the job that reads and compares.
func (s *Service) checkImport(ctx context.Context, r *job.Run) error {
	var args importArgs
	if err := r.Args(&args); err != nil {
		return err
	}
	ctx, end := s.imports.begin(ctx, args.Import)
	defer end()
	progress := func(done, total int) {
		s.imports.set(args.Import, done, total)
		r.Progress(done, total, "已检查 %d 行，共 %d 行", done, total)
	}
	in, found, err := s.read(ctx, r, ImportChecking, progress)
	if !found {
		return err
	}
	if e, ok := fault.As(err); ok && e.Kind == fault.Invalid {
		// The file is what is wrong: the person reads why, and no second attempt would help.
		p := newPlan(0)
		found := ImportFindings{Problems: fileProblems(e)}
		return s.storeCheck(ctx, r, in, p, found, ImportFaulty, len(found.Problems))
	}
	if err != nil {
		return stopped(ctx, err)
	}
	p, err := in.rows.match(ctx, s.unit.DB(), in.by, in.Mode)
	if err != nil {
		return stopped(ctx, err)
	}
	state := ImportReady
	switch {
	case p.problems.Total > 0:
		state = ImportFaulty
	case p.rows == 0:
		state = ImportFaulty
		p.problems.Add(sheet.Problem{Key: "文件里没有数据行"})
	}
	return s.storeCheck(ctx, r, in, p, findings(p, in.table.Facts), state, p.problems.Total)
}

// stopped makes an import that a person cancelled end quietly.
func stopped(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errCancelled) {
		return nil
	}
	return err
}

func (s *Service) storeCheck(
	ctx context.Context, r *job.Run, in reading, p *plan, f ImportFindings, state string,
	problems int,
) error {
	found, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encode findings: %w", err)
	}
	err = s.unit.Write(ctx, in.by, "party.CheckImport", func(tx *unit.Tx) error {
		err := db.ExecOne(ctx, tx.Tx, qImportChecked, in.ID, in.Version, state, int64(p.rows),
			int64(p.adds), int64(p.changes), int64(p.skips), int64(problems),
			int64(p.warnings.Total), p.outcome(), string(found), tx.NowUs())
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindImport, Object: in.ID, What: "checked", Detail: map[string]any{
			"file": in.FileHash, "rows": p.rows, "problems": problems, "state": state}})
		return r.Hold(ctx, tx.Tx)
	})
	if fault.Is(err, fault.Conflict) {
		return stopped(ctx, nil) // cancelled meanwhile
	}
	return err
}

// runImport is the job that stores. It reads the file again, compares it with the data again inside
// of the one transaction that stores all rows, and refuses when anything would come out differently
// than the check said.
func (s *Service) runImport(ctx context.Context, r *job.Run) error {
	var args importArgs
	if err := r.Args(&args); err != nil {
		return err
	}
	ctx, end := s.imports.begin(ctx, args.Import)
	defer end()
	in, found, err := s.read(ctx, r, ImportRunning, nil)
	if !found {
		return err
	}
	if err == nil {
		err = s.storeRows(ctx, r, in)
	}
	if err == nil || errors.Is(context.Cause(ctx), errCancelled) {
		return nil
	}
	e, ok := fault.As(err)
	if !ok || e.Kind == fault.Unavailable || e.Kind == fault.Internal || ctx.Err() != nil {
		if r.Job().Attempt < r.Job().MaxAttempts {
			return err // another attempt may help: nothing was stored
		}
		e = fault.New(fault.Internal, "系统内部错误，请稍后再试")
	}
	return errors.Join(s.failImport(ctx, in, e), notFault(err))
}

// notFault drops an error that the import itself has told its owner.
func notFault(err error) error {
	if e, ok := fault.As(err); ok && e.Kind != fault.Internal {
		return nil
	}
	return err
}

func (s *Service) storeRows(ctx context.Context, r *job.Run, in reading) error {
	long := db.WithTimeout(ctx, importTimeout)
	return s.unit.Write(long, in.by, "party.RunImport", func(tx *unit.Tx) error {
		p, err := in.rows.match(ctx, tx, in.by, in.Mode)
		if err != nil {
			return err
		}
		if p.outcome() != in.outcome || p.problems.Total > 0 {
			return fault.New(fault.Conflict, "检查之后数据有了变化，导入结果会不同，请重新检查")
		}
		total := p.adds + p.changes
		err = p.apply(ctx, tx, func(done int) {
			s.imports.set(in.ID, done, total)
			r.Progress(done, total, "已写入 %d 行，共 %d 行", done, total)
		})
		if err != nil {
			return err
		}
		if _, err := moveImport(ctx, tx, in.Import, ImportDone, nil, in.Job); err != nil {
			return err
		}
		tx.Emit(outbox.Event{Kind: EventImported, Object: in.ID,
			Data: map[string]any{"kind": in.Kind, "adds": p.adds, "changes": p.changes}})
		if err := ctx.Err(); err != nil {
			return err
		}
		return r.Hold(ctx, tx.Tx)
	})
}

func (s *Service) failImport(ctx context.Context, in reading, e *fault.Error) error {
	why := fileProblems(e)[0]
	err := s.unit.Write(context.WithoutCancel(ctx), in.by, "party.RunImport",
		func(tx *unit.Tx) error {
			_, err := moveImport(ctx, tx, in.Import, ImportFailed, &why, in.Job)
			return err
		})
	if fault.Is(err, fault.Conflict) {
		return nil // cancelled meanwhile
	}
	return err
}

// ImportReport writes the rows of a checked file as XLSX with a column in front that says what is
// wrong in each, for correcting and sending again.
func (s *Service) ImportReport(
	ctx context.Context, by authz.Actor, importID string, w io.Writer,
) error {
	x, err := s.GetImport(ctx, by, importID)
	if err != nil {
		return err
	}
	if x.State == ImportChecking {
		return fault.New(fault.Conflict, "检查还没有完成")
	}
	t, err := s.openTable(ctx, x)
	if err != nil {
		return err
	}
	var ps sheet.Problems
	for _, p := range x.Found.Problems {
		ps.Add(p.problem())
	}
	ps.Total = int(x.Problems)
	for _, p := range x.Found.Warnings {
		q := p.problem()
		q.Key, q.Args = "提示：%s", []any{p.Text(i18n.From(ctx))}
		ps.Kept = append(ps.Kept, q)
	}
	return t.Report(ctx, w, &ps, sheet.Meta{Title: i18n.T(ctx, "导入问题清单"), By: by.Login,
		At: s.unit.Clock().Now(), Filter: x.FileName})
}
