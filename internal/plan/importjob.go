package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// The jobs of imports.
const (
	jobImportCheck = "plan.import.check"
	jobImportRun   = "plan.import.run"
	importTimeout  = 5 * time.Minute // of the check, and of the one transaction
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
	mu  sync.Mutex
	now map[string]*working
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

// taking is an import that a job works on.
type taking struct {
	Import
	by   authz.Actor
	work *importing
}

// take loads the import of a job and plans its rows. found is false when there is nothing to do any
// more: somebody cancelled, or an earlier attempt did it.
func (s *Service) take(
	ctx context.Context, args importArgs, state string, progress func(done, total int),
) (x taking, found bool, err error) {
	x.Import, err = db.Get(ctx, s.unit.DB(), qImport, scanImport, args.Import)
	if err != nil || x.State != state {
		return x, false, err
	}
	x.by = args.actor()
	g, err := ledgerFor(ctx, s.unit.DB(), x.Ledger)
	if err != nil {
		return x, true, err
	}
	if s.opt.Blobs == nil {
		return x, true, errNoFiles
	}
	// The content is found by its hash and checked against it while it is read.
	file, err := s.opt.Blobs.OpenHash(x.FileHash)
	if err != nil {
		return x, true, err
	}
	defer file.Close()
	table, err := sheet.Read(ctx, x.FileName, file, TaskSheet())
	if err != nil {
		return x, true, err
	}
	x.work = s.importing(x.by, TaskImport{Ledger: g.ID, Begun: x.Begun, Name: x.FileName}, g, table)
	x.work.tell = progress
	return x, true, x.work.plan(ctx, table)
}

// digest stands for what a run would store.
func (x *importing) digest() string {
	h := sha256.Sum256(fmt.Appendf(nil, "%s%d %d %q", x.fingerprint(), x.out.Adds, x.out.Skips,
		x.out.Indicators))
	return hex.EncodeToString(h[:])
}

// importCheckJob reads and compares.
func (s *Service) importCheckJob(ctx context.Context, r *job.Run) error {
	var args importArgs
	if err := r.Args(&args); err != nil {
		return err
	}
	ctx, end := s.imports.begin(ctx, args.Import)
	defer end()
	x, found, err := s.take(ctx, args, ImportChecking, func(done, total int) {
		s.imports.set(args.Import, done, total)
		r.Progress(done, total, "已检查 %d 行，共 %d 行", done, total)
	})
	if !found {
		return err
	}
	if e, ok := fault.As(err); ok && e.Kind == fault.Invalid {
		// The file is what is wrong: the person reads why, and no second attempt would help.
		why := whyFile(e)
		return s.storeCheck(ctx, r, x, ImportFound{Problems: why}, ImportFaulty, len(why))
	}
	if err != nil {
		return stopped(ctx, err)
	}
	out, state := x.work.out, ImportReady
	if out.Problems.Total > 0 {
		state = ImportFaulty
	}
	return s.storeCheck(ctx, r, x, foundIn(out), state, out.Problems.Total)
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

func foundIn(out ImportOutcome) ImportFound {
	f := ImportFound{Indicators: out.Indicators, Ignored: out.Facts.Ignored}
	for _, p := range out.Problems.Kept {
		f.Problems = append(f.Problems, party.ImportProblem{Row: p.Row, Column: p.Column,
			Title: p.Title, Key: p.Key, Args: p.Args})
	}
	for _, n := range out.Facts.Notices {
		f.Notices = append(f.Notices, party.ImportProblem{Key: n.Key, Args: n.Args})
	}
	return f
}

// stopped makes an import that a person cancelled end quietly.
func stopped(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errCancelled) {
		return nil
	}
	return err
}

func (s *Service) storeCheck(
	ctx context.Context, r *job.Run, x taking, f ImportFound, state string, problems int,
) error {
	var out ImportOutcome
	digest := ""
	if x.work != nil {
		out, digest = x.work.out, x.work.digest()
	}
	err := s.unit.Write(ctx, x.by, "plan.CheckImport", func(tx *unit.Tx) error {
		err := db.ExecOne(ctx, tx.Tx, qImportChecked, x.ID, x.Version, state, int64(out.Rows),
			int64(out.Adds), int64(out.Skips), int64(problems), digest, encode(f), tx.NowUs())
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindImport, Object: x.ID, What: "checked", Detail: map[string]any{
			"file": x.FileHash, "rows": out.Rows, "problems": problems, "state": state}})
		return r.Hold(ctx, tx.Tx)
	})
	if fault.Is(err, fault.Conflict) {
		return nil // cancelled meanwhile
	}
	return stopped(ctx, err)
}

// importRunJob stores. It reads the file again and compares it with the ledger again, and refuses
// when anything would come out differently than the check said.
func (s *Service) importRunJob(ctx context.Context, r *job.Run) error {
	var args importArgs
	if err := r.Args(&args); err != nil {
		return err
	}
	ctx, end := s.imports.begin(ctx, args.Import)
	defer end()
	x, found, err := s.take(ctx, args, ImportRunning, nil)
	if !found {
		return err
	}
	if err == nil {
		err = s.storeImport(ctx, r, x)
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
	return s.failImport(ctx, x, e)
}

func (s *Service) storeImport(ctx context.Context, r *job.Run, x taking) error {
	if x.work.digest() != x.outcome || x.work.out.Problems.Total > 0 {
		return fault.New(fault.Conflict, "检查之后数据有了变化，导入结果会不同，请重新检查")
	}
	total := x.work.out.Adds
	x.work.tell = func(done, _ int) {
		s.imports.set(x.ID, done, total)
		r.Progress(done, total, "已写入 %d 行，共 %d 行", done, total)
	}
	long := db.WithTimeout(ctx, importTimeout)
	return s.unit.Write(long, x.by, "plan.RunImport", func(tx *unit.Tx) error {
		if err := x.work.store(long, tx); err != nil {
			return err
		}
		if _, err := moveImport(long, tx, x.Import, ImportDone, nil, x.Job); err != nil {
			return err
		}
		tx.Emit(outbox.Event{Kind: EventImported, Object: x.ID,
			Data: map[string]any{"ledger": x.Ledger, "adds": x.work.out.Adds}})
		if err := ctx.Err(); err != nil {
			return err
		}
		return r.Hold(ctx, tx.Tx)
	})
}

func (s *Service) failImport(ctx context.Context, x taking, e *fault.Error) error {
	why := whyFile(e)[0]
	err := s.unit.Write(context.WithoutCancel(ctx), x.by, "plan.RunImport",
		func(tx *unit.Tx) error {
			_, err := moveImport(ctx, tx, x.Import, ImportFailed, &why, x.Job)
			return err
		})
	if fault.Is(err, fault.Conflict) {
		return nil // cancelled meanwhile
	}
	return err
}

// importing starts to take in a table.
func (s *Service) importing(
	by authz.Actor, in TaskImport, g Ledger, table *sheet.Table,
) *importing {
	x := &importing{s: s, by: by, in: in, ledger: g, today: clock.DateOf(s.unit.Clock().Now()),
		units: map[string]found{}, defs: map[string]Indicator{}, serials: map[string]*importRow{},
		present: map[string]Task{}}
	x.out.Facts = table.Facts
	return x
}
