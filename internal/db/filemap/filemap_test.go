//go:build linux && (amd64 || arm64)

package filemap_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/yuntu-city/yuntu/internal/db/filemap"
)

// limit is less than what the tests store, so that pages on both sides of it are read. The mapping leaves
// memory all the time, under the eyes of those who read.
const limit = 1 << 20

func TestMain(m *testing.M) {
	filemap.Set(limit, time.Millisecond)
	os.Exit(m.Run())
}

// open opens a database as internal/db does: one connection that writes, as SQLite itself reads and writes,
// and some that read through the mapping.
func open(t *testing.T, path string, readers int) (write, read *sql.DB) {
	t.Helper()
	name := filemap.Name()
	if name == "" {
		t.Fatal("SQLite did not take the file system")
	}
	at := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)"
	write = pool(t, at, 1)
	if _, err := write.Exec("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, text TEXT)"); err != nil {
		t.Fatal(err)
	}
	read = pool(t, at+fmt.Sprintf("&_pragma=mmap_size(%d)&_pragma=cache_size(-64)&vfs=%s", filemap.Limit, name), readers)
	return write, read
}

func pool(t *testing.T, at string, size int) *sql.DB {
	t.Helper()
	p, err := sql.Open("sqlite", at)
	if err != nil {
		t.Fatal(err)
	}
	p.SetMaxOpenConns(size)
	p.SetMaxIdleConns(size)
	t.Cleanup(func() { p.Close() })
	return p
}

// all opens every connection of a pool and lets each read.
func all(t *testing.T, p *sql.DB, size int) {
	t.Helper()
	for range size {
		c, err := p.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		var n int
		if err := c.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM rows").Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
}

// mapped counts how often a file is mapped, besides the index of its log.
func mapped(t *testing.T, path string) int {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(maps)) {
		if strings.HasSuffix(strings.TrimSpace(line), path) {
			n++
		}
	}
	return n
}

const (
	qFill = `WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < ?)
		INSERT INTO rows (n, text) SELECT 1, printf('%.*c', 400, 'x') FROM k`
	qSum = "SELECT COUNT(*), COALESCE(SUM(n), 0), COALESCE(SUM(LENGTH(text)), 0) FROM rows"
)

func must(t *testing.T, p *sql.DB, text string, args ...any) {
	t.Helper()
	if _, err := p.ExecContext(t.Context(), text, args...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// All connections that read share one mapping, and the last one takes it with it.
func TestOneMapping(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	write, read := open(t, path, 4)
	must(t, write, qFill, 1000)
	must(t, write, "PRAGMA wal_checkpoint(TRUNCATE)")
	all(t, read, 4)
	if n := mapped(t, path); n != 1 {
		t.Errorf("mapped %d times, want once", n)
	}
	read.SetMaxIdleConns(1) // closes the others
	if n := mapped(t, path); n != 1 {
		t.Errorf("mapped %d times with one reader left, want once", n)
	}
	if err := read.Close(); err != nil {
		t.Fatal(err)
	}
	if n := mapped(t, path); n != 0 {
		t.Errorf("mapped %d times without a reader", n)
	}
}

// resident is how much of a file is in memory through its mapping, in kB.
func resident(t *testing.T, path string) int {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(maps), path+"\n")
	if !ok {
		t.Fatalf("%s is not mapped", path)
	}
	_, rest, _ = strings.Cut(rest, "Rss:")
	var kB int
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		t.Fatal(err)
	}
	return kB
}

// Once somebody has written, what a long walk looked at leaves memory.
func TestForgets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	write, read := open(t, path, 1)
	must(t, write, qFill, 2000)
	must(t, write, "PRAGMA wal_checkpoint(TRUNCATE)")
	sums(t, read)
	time.Sleep(5 * time.Millisecond)
	walked := resident(t, path)
	if walked < 512 {
		t.Fatalf("%d kB in memory after a walk", walked)
	}
	must(t, write, "PRAGMA user_version = 2")
	if err := read.QueryRow("SELECT 1 FROM rows WHERE id = 1").Scan(new(int)); err != nil {
		t.Fatal(err)
	}
	if now := resident(t, path); now >= walked/2 {
		t.Errorf("%d kB in memory after somebody wrote, %d after the walk", now, walked)
	}
}

// Two databases have a mapping each, and closing one leaves the other readable.
func TestTwoFiles(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db")
	for i, path := range []string{first, second} {
		write, read := open(t, path, 2)
		must(t, write, qFill, 500*(i+1))
		must(t, write, "PRAGMA wal_checkpoint(TRUNCATE)")
		all(t, read, 2)
		if i == 0 {
			defer read.Close()
			continue
		}
		if mapped(t, first) != 1 || mapped(t, second) != 1 {
			t.Errorf("mapped %d and %d times, want once each", mapped(t, first), mapped(t, second))
		}
		read.Close()
	}
	if mapped(t, first) != 1 || mapped(t, second) != 0 {
		t.Errorf("mapped %d and %d times, want the first only", mapped(t, first), mapped(t, second))
	}
}

// A reader sees what was stored at every moment: in the log, in the file, behind the mapping's end, after
// the file became shorter, and longer again.
func TestReadersSeeWhatWasStored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	write, read := open(t, path, 3)
	for i, step := range []string{
		"PRAGMA user_version = 1",
		"INSERT INTO rows (n, text) VALUES (5, 'first')",
		qFill,
		"PRAGMA wal_checkpoint(TRUNCATE)",
		"UPDATE rows SET n = n + 1",
		"PRAGMA wal_checkpoint(PASSIVE)",
		qFill,
		qFill,
		"PRAGMA wal_checkpoint(TRUNCATE)",
		"DELETE FROM rows WHERE id % 3 <> 0",
		"VACUUM",
		"PRAGMA wal_checkpoint(TRUNCATE)",
		"UPDATE rows SET text = 'short'",
		"VACUUM",
		"PRAGMA wal_checkpoint(TRUNCATE)",
		qFill,
		"PRAGMA wal_checkpoint(TRUNCATE)",
		"DELETE FROM rows",
		"VACUUM",
		"PRAGMA wal_checkpoint(TRUNCATE)",
		qFill,
	} {
		var args []any
		if step == qFill {
			args = []any{2000}
		}
		must(t, write, step, args...)
		want, got := sums(t, write), sums(t, read)
		if want != got {
			t.Fatalf("step %d, %s: readers see %v, stored is %v", i, step, got, want)
		}
	}
	if s, err := os.Stat(path); err != nil || s.Size() <= 0 {
		t.Errorf("file: %v, %v", s, err)
	}
}

func sums(t *testing.T, p *sql.DB) [3]int64 {
	t.Helper()
	var out [3]int64
	if err := p.QueryRowContext(t.Context(), qSum).Scan(&out[0], &out[1], &out[2]); err != nil {
		t.Fatal(err)
	}
	return out
}

// While somebody writes, moves the log into the file and makes the file shorter and longer, each reader's
// snapshot is whole: every transaction adds as many rows of +1 as of -1, and a reader who keeps a snapshot
// counts the same in it twice.
func TestSnapshotsAreWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	write, read := open(t, path, 4)
	const rounds = 120
	done := make(chan struct{})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for looks := 0; ; looks++ {
				select {
				case <-done:
					if looks == 0 {
						t.Error("nobody looked")
					}
					return
				default:
					look(t, read)
				}
			}
		})
	}
	for i := range rounds {
		round(t, write, i)
	}
	close(done)
	wait.Wait()
	if s, err := os.Stat(path); err != nil || s.Size() <= limit {
		t.Errorf("the file should have grown beyond the mapping: %v, %v", s, err)
	}
}

// round stores a transaction; some rounds move the log, or make the file shorter.
func round(t *testing.T, write *sql.DB, i int) {
	t.Helper()
	tx, err := write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, -1} {
		if _, err := tx.Exec(`WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 100)
			INSERT INTO rows (n, text) SELECT ?, printf('%.*c', 400, 'y') FROM k`, n); err != nil {
			t.Fatal(err)
		}
	}
	if i%40 == 39 {
		if _, err := tx.Exec("DELETE FROM rows WHERE id <= (SELECT MAX(id) - 2000 FROM rows)"); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	switch {
	case i%40 == 39 && i < 100:
		must(t, write, "VACUUM")
	case i%5 == 4:
		must(t, write, "PRAGMA wal_checkpoint(PASSIVE)")
	}
}

// look reads twice in one snapshot.
func look(t *testing.T, read *sql.DB) {
	tx, err := read.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Error(err)
		return
	}
	defer tx.Rollback()
	var first, second [3]int64
	for _, into := range []*[3]int64{&first, &second} {
		if err := tx.QueryRow(qSum).Scan(&into[0], &into[1], &into[2]); err != nil {
			t.Error(err)
			return
		}
	}
	if first != second {
		t.Errorf("one snapshot holds %v and then %v", first, second)
	}
	if first[1] != 0 || first[2] != 400*first[0] {
		t.Errorf("a snapshot is not whole: %v", first)
	}
}
