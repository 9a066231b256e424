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
	"crypto/rand"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest/scratch"
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

// scratchPrefix begins the names of folders with SQLite databases.
const scratchPrefix = "yuntu-sqlite-"

// SQLite returns a fresh migrated database in a file. It is closed and removed at the test's end.
// Benchmarks get theirs on a disk, because a durable commit is part of what they measure.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	path := filepath.Join(Dir(t), "yuntu.db")
	SQLiteFile(t, path)
	return open(t, "sqlite:"+path)
}

// Dir makes a folder for files of a test database, in memory where the machine has room there, and on a disk for
// a benchmark. It is removed at the test's end.
func Dir(t testing.TB) string {
	t.Helper()
	if _, ok := t.(*testing.B); ok {
		return t.TempDir()
	}
	dir, err := scratch.Dir(scratchPrefix)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove test database: %v", err)
		}
	})
	return dir
}

// SQLiteFile writes a migrated database into a file that does not exist yet, for a house that opens it itself.
func SQLiteFile(t testing.TB, path string) {
	t.Helper()
	file, err := sqliteFile()
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		t.Fatalf("make SQLite test database: %v", err)
	}
}

// sqliteFile holds a migrated database file; migrating once per process and copying is much faster
// than migrating for each test. The processes of one run of all tests share it in the folder that
// YUNTU_TEST_SHARED names: under the race detector, migrating takes a quarter of a minute.
var sqliteFile = sync.OnceValues(func() ([]byte, error) {
	shared := os.Getenv("YUNTU_TEST_SHARED")
	if shared == "" {
		return migratedFile()
	}
	sum, err := schemaSum(db.SQLite)
	if err != nil {
		return nil, err
	}
	shared = filepath.Join(shared, "sqlite-"+sum)
	if file, err := os.ReadFile(shared); err == nil {
		return file, nil
	}
	file, err := migratedFile()
	if err != nil {
		return nil, err
	}
	draft := shared + "-" + rand.Text()
	if err := os.WriteFile(draft, file, 0o600); err != nil {
		return nil, err
	}
	return file, os.Rename(draft, shared) // whole, or not there
})

func migratedFile() ([]byte, error) {
	scratch.Sweep(scratchPrefix)
	dir, err := scratch.Dir(scratchPrefix)
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
}

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
