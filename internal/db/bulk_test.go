package db_test

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// A bulk load has more room and the same promises; afterwards the connection is as before.
func TestBulk(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		emptyLab(t, d)
		end, err := d.Bulk(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error { return add(ctx, tx, "within") })
		if d.Dialect() == db.SQLite {
			wantRoom(t, d, "-32000 4000 2")
		}
		end()
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error { return add(ctx, tx, "after") })
		if d.Dialect() == db.SQLite {
			wantRoom(t, d, "-4000 1000 2")
		}
		wantLabs(t, d, "after", "within")
	})
}

// wantRoom wants the writing connection to have a cache, a log and full synchronisation.
func wantRoom(t *testing.T, d *db.DB, want string) {
	t.Helper()
	if got := db.Room(t, d); got != want {
		t.Errorf("room of the writing connection: %s, want %s", got, want)
	}
}
