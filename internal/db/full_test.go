package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Who writes to a full disk is told so, and not to wait; what was stored before is there, and once there is
// room again everything goes on.
func TestFullDiskIsSaid(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	emptyLab(t, d)
	mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error { return add(ctx, tx, "before") })
	db.SetFull(t, d, true)
	ctx := t.Context()
	err := d.Write(ctx, func(tx *db.Tx) error {
		return add(ctx, tx, strings.Repeat("x", 1<<16))
	})
	wantMessage(t, err, "存储空间已满")
	wantLabs(t, d, "before")
	db.SetFull(t, d, false)
	mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error { return add(ctx, tx, "later") })
	wantLabs(t, d, "before", "later")
}

// PostgreSQL names both in its codes.
func TestPostgresNotWritableIsSaid(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"53100": "存储空间已满", "25006": "只能读取", "40001": "系统繁忙", "53300": "系统繁忙",
	} {
		wantMessage(t, db.Translate(fmt.Errorf("x: %w", &pgconn.PgError{Code: code})), want)
	}
}

func wantMessage(t *testing.T, err error, want string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Unavailable || !strings.Contains(f.Key, want) {
		t.Errorf("%v, want unavailable with %q", err, want)
	}
}
