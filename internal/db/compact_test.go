package db_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// A compact database has the same rows in fewer pages, and the writing connection is as before.
func TestCompact(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		emptyLab(t, d)
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
			for i := range 2000 {
				if err := add(ctx, tx, fmt.Sprintf("lab %04d of a city with many of them", i)); err != nil {
					return err
				}
			}
			return nil
		})
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, qDropMost)
			return err
		})
		before := 0
		if d.Dialect() == db.SQLite {
			before = db.Pages(t, d)
		}
		if err := d.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error { return add(ctx, tx, "after") })
		wantLabs(t, d, "after", "lab 0000 of a city with many of them")
		if d.Dialect() != db.SQLite {
			return
		}
		wantRoom(t, d, "-4000 1000 2")
		if after := db.Pages(t, d); after >= before {
			t.Errorf("%d pages, %d before", after, before)
		}
	})
}

var qDropMost = db.Stmt(`DELETE FROM lab WHERE id > 'lab 0000 z'`)
