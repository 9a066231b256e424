package db

import (
	"context"
	"fmt"
	"io/fs"
	"testing"
	"time"
)

// SetBusy changes how long the writing connection of a SQLite database waits for a lock.
func SetBusy(t *testing.T, d *DB, wait time.Duration) {
	t.Helper()
	if err := d.lite.open(); err != nil {
		t.Fatal(err)
	}
	if err := d.lite.execOnce(fmt.Sprintf("PRAGMA busy_timeout = %d", wait.Milliseconds())); err != nil {
		t.Fatal(err)
	}
}

// SetFull makes a SQLite database as if its disk had no room, or room again.
func SetFull(t *testing.T, d *DB, full bool) {
	t.Helper()
	pages := int64(1) // which SQLite takes as: no more than there are
	if !full {
		pages = 1 << 30
	}
	if err := d.lite.open(); err != nil {
		t.Fatal(err)
	}
	if err := d.lite.execOnce(fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
		t.Fatal(err)
	}
}

// Room returns cache, log and synchronisation of the writing connection of a SQLite database.
func Room(t *testing.T, d *DB) string {
	t.Helper()
	var got [3]int
	for i, name := range []string{"cache_size", "wal_autocheckpoint", "synchronous"} {
		if err := d.lite.conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got[i]); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("%d %d %d", got[0], got[1], got[2])
}

// Pages returns how many pages a SQLite database has.
func Pages(t *testing.T, d *DB) int {
	t.Helper()
	var n int
	if err := d.lite.conn.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Translate is what the error of a statement becomes.
func Translate(err error) error { return translate(err, "test") }

// ReadMigrations reads the steps for a dialect from other files than those of the program.
func ReadMigrations(files fs.FS, d Dialect) ([]Migration, error) {
	return readMigrations(files, ".", d)
}

// MigrateWith is Migrate with other steps than those of the program.
func MigrateWith(ctx context.Context, d *DB, all []Migration) (int, error) {
	return d.migrate(ctx, all)
}

// UseReader takes a connection for reading on PostgreSQL, closes it if it dies, gives it back, and returns how many
// connections for reading are open after that.
func (d *DB) UseReader(ctx context.Context, dies bool) (open int, err error) {
	conn, err := d.read.Conn(ctx)
	if err != nil {
		return 0, err
	}
	if dies {
		if err := conn.Raw(func(c any) error { return c.(pgConn).Conn.Conn().Close(ctx) }); err != nil {
			return 0, err
		}
	}
	if err := conn.Close(); err != nil {
		return 0, err
	}
	return d.read.Stats().OpenConnections, nil
}
