//go:build !lint

package db

import (
	"testing"

	sqlite3 "modernc.org/sqlite/lib"
)

func TestCodesAreThoseOfTheDriver(t *testing.T) {
	for _, c := range []struct {
		name       string
		ours, want int
	}{
		{"BUSY", liteBusy, sqlite3.SQLITE_BUSY},
		{"LOCKED", liteLocked, sqlite3.SQLITE_LOCKED},
		{"READONLY", liteReadOnly, sqlite3.SQLITE_READONLY},
		{"INTERRUPT", liteInterrupt, sqlite3.SQLITE_INTERRUPT},
		{"IOERR", liteIOErr, sqlite3.SQLITE_IOERR},
		{"FULL", liteFull, sqlite3.SQLITE_FULL},
		{"CANTOPEN", liteCantOpen, sqlite3.SQLITE_CANTOPEN},
		{"PROTOCOL", liteProtocol, sqlite3.SQLITE_PROTOCOL},
		{"CONSTRAINT_FOREIGNKEY", liteForeignKey, sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY},
		{"CONSTRAINT_PRIMARYKEY", litePrimaryKey, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY},
		{"CONSTRAINT_UNIQUE", liteUnique, sqlite3.SQLITE_CONSTRAINT_UNIQUE},
		{"CONSTRAINT_ROWID", liteRowID, sqlite3.SQLITE_CONSTRAINT_ROWID},
	} {
		if c.ours != c.want {
			t.Errorf("SQLITE_%s is %d here and %d in the driver", c.name, c.ours, c.want)
		}
	}
}
