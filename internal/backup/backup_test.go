package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/backup"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dbtest/scratch"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	anna    = authz.Actor{Account: "anna", Login: "anna", Role: authz.SysAdmin, Via: authz.ViaSession}
	licence = blob.Kind{Name: "party.licence", Types: []blob.Type{blob.Text}, MaxBytes: 4096}
)

// folder returns a folder in memory where there is room: a backup syncs a lot, and what a disk makes
// of it is not tested here.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := scratch.Dir("yuntu-backup-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// house is an installation with something in it.
type house struct {
	d     *db.DB
	u     *unit.Unit
	files string
	store *blob.Store
}

func newHouse(t testing.TB, d *db.DB) house {
	t.Helper()
	h := house{d: d, u: unit.New(d, clock.NewFake(dbtest.Start), unit.Options{}),
		files: filepath.Join(folder(t), "files")}
	var err error
	if h.store, err = blob.Open(h.u, blob.Options{Dir: h.files}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.store.Close() })
	return h
}

// fill puts rows of every type into many tables: dictionaries, files, jobs, audit entries.
func (h house) fill(t testing.TB) house {
	t.Helper()
	if err := dict.New(h.u).Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		h.attach(t, fmt.Sprintf("营业执照 %d\n\"\\ \u2028 <&> 𠮷", i/2))
	}
	return h
}

func (h house) attach(t testing.TB, content string) {
	t.Helper()
	st, err := h.store.Stage(t.Context(), blob.Upload{Kind: licence, Name: content[:12] + ".txt",
		Content: strings.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	err = h.u.Write(t.Context(), anna, "test.attach", func(tx *unit.Tx) error {
		if _, _, err := job.Enqueue(t.Context(), tx, job.Spec{Kind: "test", Args: content}); err != nil {
			return err
		}
		_, err := h.store.Attach(t.Context(), tx, st, blob.Object{Kind: "party.org", ID: "o1"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (h house) source() backup.Source {
	return backup.Source{DB: h.d, Blobs: h.store, Clock: h.u.Clock(), Program: "test"}
}

func (h house) make(t testing.TB) (string, backup.Manifest) {
	t.Helper()
	file := filepath.Join(folder(t), "a"+backup.Extension)
	m, err := backup.Make(t.Context(), h.source(), file)
	if err != nil {
		t.Fatal(err)
	}
	return file, m
}

// content is every row of every table, and every file.
func content(t testing.TB, d *db.DB, files string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	tables, err := db.Tables(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		err := db.DumpTable(t.Context(), d, table, func(row []any) error {
			out[table.Name] = append(out[table.Name], fmt.Sprintf("%#v", row))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err = filepath.WalkDir(files, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(files, path)
		out["files"] = append(out["files"], rel+" "+string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func database(t *testing.T, dialect db.Dialect) *db.DB {
	if dialect == db.SQLite {
		return dbtest.SQLite(t)
	}
	return dbtest.Postgres(t)
}

// A backup of either database restores into either, row by row and file by file.
func TestRoundTrips(t *testing.T) {
	t.Parallel()
	for _, from := range []db.Dialect{db.SQLite, db.Postgres} {
		for _, to := range []db.Dialect{db.SQLite, db.Postgres} {
			t.Run(from.String()+" to "+to.String(), func(t *testing.T) {
				t.Parallel()
				h := newHouse(t, database(t, from)).fill(t)
				file, m := h.make(t)
				if m.Blobs != 10 || m.Rows < 1000 || m.AuditSeq < 20 || len(m.Missing) > 0 {
					t.Errorf("manifest: %d files, %d rows, %d entries", m.Blobs, m.Rows, m.AuditSeq)
				}
				target := backup.Target{DB: database(t, to), BlobDir: filepath.Join(folder(t), "f")}
				if _, err := backup.Restore(t.Context(), file, target); err != nil {
					t.Fatal(err)
				}
				want, got := content(t, h.d, h.files), content(t, target.DB, target.BlobDir)
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("restored content (-want +got):\n%.3000s", d)
				}
				// The copy lives: its chain goes on.
				newHouse(t, target.DB).fill(t)
				if _, err := audit.VerifyDB(t.Context(), target.DB); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// Whatever holds a row or a file is not touched.
func TestRestoreNeverOverwrites(t *testing.T) {
	t.Parallel()
	file, _ := newHouse(t, dbtest.SQLite(t)).fill(t).make(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).fill(t)
		before := content(t, d, h.files)
		for name, target := range map[string]backup.Target{
			"rows":  {DB: d, BlobDir: filepath.Join(folder(t), "f")},
			"files": {DB: database(t, d.Dialect()), BlobDir: h.files},
		} {
			if _, err := backup.Restore(t.Context(), file, target); !errors.Is(err, backup.ErrNotEmpty) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if d := cmp.Diff(before, content(t, d, h.files)); d != "" {
			t.Errorf("the refused restore changed something:\n%.2000s", d)
		}
	})
}

// A backup under load is of one moment: the chain ends where the manifest says, and what one
// transaction wrote to two tables is there together.
func TestConcurrentWrites(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		h := newHouse(t, d).fill(t)
		ctx, stop := context.WithCancel(t.Context())
		var writers sync.WaitGroup
		var written atomic.Int64
		for w := range 3 {
			writers.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					time.Sleep(time.Millisecond) // or the trail grows faster than it is read back
					err := h.u.Write(ctx, anna, "test.pair", func(tx *unit.Tx) error {
						tx.Audit(audit.Entry{Kind: "pair", Object: fmt.Sprint(w, i), What: "add"})
						_, _, err := job.Enqueue(ctx, tx, job.Spec{Kind: "pair"})
						return err
					})
					if err == nil {
						written.Add(1)
					}
				}
			})
		}
		for range 3 {
			for before := written.Load(); written.Load() < before+5; {
				time.Sleep(time.Millisecond)
			}
			file, m := h.make(t)
			target := backup.Target{DB: dbtest.SQLite(t), BlobDir: filepath.Join(folder(t), "f")}
			if _, err := backup.Restore(t.Context(), file, target); err != nil {
				t.Fatal(err)
			}
			entries := countIn(t, target.DB, qPairEntries)
			if jobs := countIn(t, target.DB, qPairJobs); jobs != entries || jobs == 0 {
				t.Errorf("%d audit entries and %d jobs of the same writes", entries, jobs)
			}
			if head, _ := audit.Head(t.Context(), target.DB); head.Seq != m.AuditSeq {
				t.Errorf("head %d, manifest %d", head.Seq, m.AuditSeq)
			}
		}
		stop()
		writers.Wait()
	})
}

var (
	qPairEntries = db.Stmt(`SELECT COUNT(*) FROM audit_entry WHERE kind = 'pair'`)
	qPairJobs    = db.Stmt(`SELECT COUNT(*) FROM job WHERE kind = 'pair'`)
	qForge       = db.Stmt(`UPDATE audit_entry SET reason = 'forged' WHERE seq = 3`)
)

func countIn(t *testing.T, d *db.DB, s *db.Statement) int64 {
	t.Helper()
	n, err := db.Get(t.Context(), d, s, db.One[int64])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A database whose trail was changed gives no backup under a good name.
func TestForgedTrailIsNoGoodBackup(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t)).fill(t)
	if err := h.d.Write(t.Context(), func(tx *db.Tx) error {
		return db.ExecOne(t.Context(), tx, qForge)
	}); err != nil {
		t.Fatal(err)
	}
	dir := folder(t)
	name := backup.Name(dbtest.Start)
	_, err := backup.Make(t.Context(), h.source(), filepath.Join(dir, name))
	var broken *audit.Broken
	if !errors.As(err, &broken) || broken.Seq != 3 {
		t.Errorf("Make = %v, want entry 3 to be broken", err)
	}
	list, err := backup.List(dir)
	if err != nil || len(list) != 1 || list[0].Good || list[0].Name != name+".bad" {
		t.Errorf("the folder holds %+v, %v", list, err)
	}
}

// A lost file does not stop the backup of everything else, and is named.
func TestLostFileIsNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t)).fill(t)
	hashes, err := blob.Hashes(t.Context(), h.d)
	if err != nil {
		t.Fatal(err)
	}
	for i, spoil := range []func(path string) error{
		os.Remove,
		func(path string) error { return os.WriteFile(path, []byte("other"), 0o600) },
	} {
		at, _ := blob.Path(hashes[i])
		if err := spoil(filepath.Join(h.files, at)); err != nil {
			t.Fatal(err)
		}
	}
	_, m := h.make(t)
	if d := cmp.Diff(hashes[:2], m.Missing); d != "" || m.Blobs != 8 {
		t.Errorf("%d files, missing (-want +got):\n%s", m.Blobs, d)
	}
}

// An interrupted backup leaves nothing, neither a good nor a bad file.
func TestCancelLeavesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t)).fill(t)
	steps := map[string]bool{}
	_, m := h.make(t)
	for _, at := range []string{backup.StepRows, backup.StepFiles, backup.StepRead, backup.StepCheck} {
		ctx, cancel := context.WithCancel(t.Context())
		s := h.source()
		s.Step = func(step string, done, total int64) {
			steps[step] = true
			if done < 0 || done > total {
				t.Errorf("%s: %d of %d", step, done, total)
			}
			if step == at {
				cancel()
			}
		}
		dir := folder(t)
		_, err := backup.Make(ctx, s, filepath.Join(dir, "a"+backup.Extension))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("stopped at %s: %v", at, err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("stopped at %s: %s is left", at, left[0].Name())
		}
		cancel()
	}
	if len(steps) != 4 || m.Rows == 0 {
		t.Errorf("steps %v", steps)
	}
}

func TestMakeNeverOverwrites(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	file := filepath.Join(folder(t), "a"+backup.Extension)
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Make(t.Context(), h.source(), file); !errors.Is(err, os.ErrExist) {
		t.Errorf("Make = %v", err)
	}
	if b, _ := os.ReadFile(file); !bytes.Equal(b, []byte("precious")) {
		t.Error("the file was overwritten")
	}
}

func TestPruneAndSweep(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	var names []string
	for day := range 5 {
		names = append(names, backup.Name(dbtest.Start.AddDate(0, 0, day)))
	}
	put := func(name string, age time.Duration) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, dbtest.Start.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range append(names, names[0]+".bad", "notes.txt", "yuntu.db") {
		put(n, 0)
	}
	put(".part-1", 48*time.Hour)
	put(".part-2", time.Hour)
	gone, err := backup.Prune(dir, 3)
	if d := cmp.Diff([]string{names[1], names[0]}, gone); d != "" || err != nil {
		t.Errorf("pruned: %v\n%s", err, d)
	}
	if err := backup.Sweep(dir, dbtest.Start.Add(-24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	want := []string{".part-2", "notes.txt", names[0] + ".bad", names[2], names[3], names[4], "yuntu.db"}
	if d := cmp.Diff(want, left); d != "" {
		t.Errorf("left:\n%s", d)
	}
	if list, err := backup.List(filepath.Join(dir, "none")); err != nil || len(list) > 0 {
		t.Errorf("a folder that is not there: %v, %v", list, err)
	}
}
