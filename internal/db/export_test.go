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

// ReadMigrations reads the steps for a dialect from other files than those of the program.
func ReadMigrations(files fs.FS, d Dialect) ([]Migration, error) {
	return readMigrations(files, ".", d)
}

// MigrateWith is Migrate with other steps than those of the program.
func MigrateWith(ctx context.Context, d *DB, all []Migration) (int, error) {
	return d.migrate(ctx, all)
}
