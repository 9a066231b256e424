package dbtest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qTable = db.Stmt(`CREATE TABLE dbtest_mark (n BIGINT NOT NULL)`)
	qMark  = db.Stmt(`INSERT INTO dbtest_mark (n) VALUES (1)`)
	qSteps = db.Stmt(`SELECT count(*) FROM schema_migration`)
)

// Two databases made one after the other share the schema and nothing else: the table made in the
// first is not in the second, so making it again succeeds.
func TestIsolated(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		other := dbtest.SQLite
		if d.Dialect() == db.Postgres {
			other = dbtest.Postgres
		}
		for _, d := range []*db.DB{d, other(t)} {
			want, err := db.Migrations(d.Dialect())
			if err != nil {
				t.Fatal(err)
			}
			have, err := db.Get(t.Context(), d, qSteps, db.One[int64])
			if err != nil {
				t.Fatal(err)
			}
			if int(have) != len(want) {
				t.Errorf("%d migrations applied, want %d", have, len(want))
			}
			err = d.Write(t.Context(), func(tx *db.Tx) error {
				if _, err := db.Exec(t.Context(), tx, qTable); err != nil {
					return err
				}
				return db.ExecOne(t.Context(), tx, qMark)
			})
			if err != nil {
				t.Errorf("mark %v: %v", d.Dialect(), err)
			}
		}
	})
}

// URL opens the same database a second time.
func TestURL(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		second, err := db.Open(t.Context(), db.Options{URL: dbtest.URL(d)})
		if err != nil {
			t.Fatal(err)
		}
		defer second.Close()
		if _, err := db.Get(t.Context(), second, qSteps, db.One[int64]); err != nil {
			t.Fatal(err)
		}
	})
}

// A server that was asked for by name must answer: it is never skipped. The test runs TestURL of
// this program with an address that leads nowhere.
func TestUnreachableServerFails(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestURL$", "-test.v")
	cmd.Env = append(os.Environ(), "CI=", "YUNTU_TEST_POSTGRES="+
		"postgres://nobody@127.0.0.1:1/none?connect_timeout=2")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "PostgreSQL for tests") {
		t.Errorf("error %v, output:\n%s", err, out)
	}
}

// The copies of a test are gone when it ends.
func TestRemoved(t *testing.T) {
	var path string
	t.Run("inner", func(t *testing.T) {
		path = dbtest.SQLite(t).Path()
		if _, err := os.Stat(path); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
		t.Errorf("%s is still there (%v)", path, err)
	}
}

func BenchmarkSQLite(b *testing.B) {
	for b.Loop() {
		dbtest.SQLite(b)
	}
}

func BenchmarkPostgres(b *testing.B) {
	for b.Loop() {
		dbtest.Postgres(b)
	}
}

// Unit writes to the database it was given, at the time tests start at.
func TestUnit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		by := authz.Actor{Account: "a", Role: authz.SysAdmin, Via: "system"}
		var nowUs int64
		err := dbtest.Unit(t, d).Write(t.Context(), by, "dbtest.mark", func(tx *unit.Tx) error {
			nowUs = tx.NowUs()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := clock.Us(dbtest.Start); nowUs != want {
			t.Errorf("the clock stands at %d, want %d", nowUs, want)
		}
	})
}
