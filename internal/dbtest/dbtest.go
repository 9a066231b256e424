// Package dbtest gives tests migrated databases of their own: SQLite always, PostgreSQL where the
// machine has it.
//
//	func TestRename(t *testing.T) {
//		dbtest.Each(t, func(t *testing.T, d *db.DB) { … }) // subtests "sqlite" and "postgres"
//	}
//
// PostgreSQL is the server named by YUNTU_TEST_POSTGRES (a postgres:// address of an account that
// may create databases); without it, a server is started for the test process from the programs
// installed on this machine. Where there is neither, the PostgreSQL half is skipped; with CI=true
// it fails instead, so that a green run always means both databases.
//
// The package imports db and, for Unit, the packages unit is made of. Tests of those packages that
// use it must be external ones (package db_test).
package dbtest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
)

// Each runs fn twice, as the subtests "sqlite" and "postgres", each on a fresh database with the
// present schema. fn may call t.Parallel.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// URL returns the address of d, for a second connection or a program under test.
func URL(d *db.DB) string { return d.URL() }

// SQLite returns a fresh migrated database in a file. It is closed and removed at the test's end.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	file, err := sqliteFile()
	if err != nil {
		t.Fatalf("make SQLite test database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "yuntu.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite:"+path)
}

// sqliteFile holds a migrated database file; migrating once per process and copying is much faster
// than migrating for each test.
var sqliteFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "yuntu-dbtest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	// Closing the database moved the write-ahead log into the file, so the file is all there is.
	return os.ReadFile(path)
})

func open(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{URL: url})
	if err != nil {
		t.Fatalf("open test database: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close test database: %v", err)
		}
	})
	return d
}
