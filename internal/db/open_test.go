package db_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Whatever the folder is called, the file is where it was asked for, and nobody else may read it.
func TestOpenFile(t *testing.T) {
	for _, name := range []string{
		"a.db", "with space.db", "云图.db", "100%.db", "a?b=c.db", "a#b.db", "a&b.db", "a:b.db", "'a'.db",
		"new/folder/a.db",
	} {
		path := filepath.Join(t.TempDir(), name)
		d, err := db.Open(t.Context(), db.Options{URL: "sqlite:" + path})
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		makeLab(t, d, rand.New(rand.NewPCG(1, 1)), 2)
		if d.Path() != path || len(allLabs(t, d)) != 2 {
			t.Errorf("%q is at %q", name, d.Path())
		}
		for _, file := range []string{path, path + "-wal", path + "-shm"} {
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", file, info.Mode(), err)
			}
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if files, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(files) != 1 {
			t.Errorf("%q: after closing there are %v", name, files)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{
		"", "yuntu.db", "mysql://host/db", "sqlite:", "sqlite::memory:", "sqlite:" + dir, "sqlite:" + garbage,
		"sqlite:" + garbage + "/below.db", "postgres://%zz", "postgres://nobody@127.0.0.1:1/x?connect_timeout=1",
	} {
		d, err := db.Open(t.Context(), db.Options{URL: url})
		if err == nil {
			d.Close()
			t.Errorf("opened %q", url)
		}
	}
}

var (
	qSynchronous = db.StmtFor(db.SQL{SQLite: `SELECT synchronous FROM pragma_synchronous`})
	qForeignKeys = db.StmtFor(db.SQL{SQLite: `SELECT foreign_keys FROM pragma_foreign_keys`})
	qQueryOnly   = db.StmtFor(db.SQL{SQLite: `SELECT query_only FROM pragma_query_only`})
)

// An acknowledged write is on the disk: full synchronisation, on whichever connection.
func TestPragmas(t *testing.T) {
	d := dbtest.SQLite(t)
	emptyLab(t, d)
	pragma := func(q db.Q, s *db.Statement, want int64) {
		t.Helper()
		if got, err := db.Get(t.Context(), q, s, db.One[int64]); err != nil || got != want {
			t.Errorf("%s: %d, %v, want %d", s.Place(), got, err, want)
		}
	}
	mustWrite(t, d, func(_ context.Context, tx *db.Tx) error {
		pragma(tx, qSynchronous, 2)
		pragma(tx, qForeignKeys, 1)
		pragma(tx, qQueryOnly, 0)
		return nil
	})
	pragma(d, qQueryOnly, 1)
}

// A request that ends while it reads disturbs no other: the connection it used is as good as new.
func TestCancelledReads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		rng := rand.New(rand.NewPCG(1, 1))
		makeLab(t, d, rng, 0)
		refillLab(t, d, rng, 400)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for i := range 40 {
					ctx, cancel := context.WithCancel(t.Context())
					rows := 0
					err := db.Each(ctx, d, qLabAll, func(r db.Row) error {
						if rows++; rows == i*10 {
							cancel()
						}
						return nil
					})
					cancel()
					if err != nil && !fault.Is(err, fault.Unavailable) {
						t.Errorf("cancelled: %v", err)
					}
				}
			})
			wg.Go(func() {
				for range 40 {
					if all, err := db.All(t.Context(), d, qLabAll, scanLab); err != nil || len(all) != 400 {
						t.Errorf("undisturbed: %d rows, %v", len(all), err)
					}
				}
			})
		}
		wg.Wait()
	})
}

// A connection that died with the request that had it is not kept for the next one.
func TestDeadConnectionsAreNotHandedOn(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	for _, c := range []struct {
		dies bool
		kept int
	}{{false, 1}, {true, 0}} {
		if kept, err := d.UseReader(t.Context(), c.dies); err != nil || kept != c.kept {
			t.Errorf("dies: %v; %d connections are kept, %v, want %d", c.dies, kept, err, c.kept)
		}
	}
}

// On SQLite, who has gone gets no further row, and waits no longer for a connection.
func TestGoneReads(t *testing.T) {
	t.Parallel()
	d, err := db.Open(t.Context(), db.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "a.db"), Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	makeLab(t, d, rand.New(rand.NewPCG(1, 1)), 40)
	ctx, cancel := context.WithCancel(t.Context())
	rows := 0
	err = db.Each(ctx, d, qLabAll, func(db.Row) error {
		if rows++; rows != 10 {
			return nil
		}
		// The only connection is taken: somebody else waits, and leaves.
		soon, leave := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer leave()
		if _, err := db.All(soon, d, qLabAll, scanLab); !fault.Is(err, fault.Unavailable) {
			t.Errorf("who left the line got %v", err)
		}
		cancel()
		return nil
	})
	if rows != 10 || !fault.Is(err, fault.Unavailable) {
		t.Errorf("%d rows and %v after the tenth was the last wanted", rows, err)
	}
	if all, err := db.All(t.Context(), d, qLabAll, scanLab); err != nil || len(all) != 40 {
		t.Errorf("afterwards: %d rows, %v", len(all), err)
	}
}

// More different texts than the pools keep compiled, from many goroutines at once.
func TestManyTexts(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	all := makeLab(t, d, rand.New(rand.NewPCG(1, 1)), 20)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for n := range 450 {
				var w db.Where
				for i := range n % 21 {
					w = w.And("n > $1", int64(-10-i))
				}
				for range n / 21 {
					w = w.And("flag OR NOT flag")
				}
				got, err := labs.Count(t.Context(), d, w, 0)
				if err != nil || got != int64(len(all)) {
					t.Errorf("%d conditions: %d, %v", n, got, err)
				}
			}
		})
	}
	wg.Wait()
}
