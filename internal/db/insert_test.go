package db_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

var (
	qLabPut = db.Stmt(`INSERT INTO lab (id, name, n, flag, version) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (id) DO UPDATE SET n = excluded.n`)
	qLabPutWrong = db.Stmt(`INSERT INTO lab (id, name, n, flag, version) VALUES ($1, $2, 1, $3, 1)
		ON CONFLICT (id) DO UPDATE SET n = $4`)
)

// Many rows at once are stored as if one by one, whatever their number.
func TestInsertMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		total := 0
		for _, n := range []int{0, 1, 2, 99, 100, 101, 2500} {
			var rows [][]any
			for i := range n {
				rows = append(rows, []any{fmt.Sprintf("%d-%04d", n, i), "it's $1", int64(i), i%2 == 0})
			}
			mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
				got, err := db.InsertMany(ctx, tx, qLabAdd, rows)
				if got != int64(n) || tx.Changed() != int64(n) {
					t.Errorf("%d rows: %d inserted, %d changed", n, got, tx.Changed())
				}
				return err
			})
			total += n
		}
		all := allLabs(t, d)
		if len(all) != total {
			t.Errorf("%d rows, want %d", len(all), total)
		}
		for _, x := range all {
			if x.ID != fmt.Sprintf("%s-%04d", x.ID[:len(x.ID)-5], x.N) || x.Name != "it's $1" ||
				x.Flag != (x.N%2 == 0) {
				t.Errorf("row %+v", x)
			}
		}
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.InsertMany(ctx, tx, qLabPut, [][]any{{"1-0000", "", 7, true}, {"new", "", 8, true}})
			return err
		})
		x, err := db.Get(t.Context(), d, qLabGet, scanLab, "1-0000")
		if err != nil || x.N != 7 {
			t.Errorf("%+v, %v", x, err)
		}
	})
}

func TestInsertManyRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		row := []any{"a", "", 1, true}
		for name, tc := range map[string]struct {
			stmt *db.Statement
			rows [][]any
			kind fault.Kind
		}{
			"no insert":                {qLabSet, [][]any{row}, fault.Internal},
			"parameter behind the row": {qLabPutWrong, [][]any{row}, fault.Internal},
			"rows of two widths":       {qLabAdd, [][]any{row, row[:3]}, fault.Internal},
			"empty rows":               {qLabAdd, [][]any{{}}, fault.Internal},
			"a key twice":              {qLabAdd, [][]any{row, row}, fault.Conflict},
			"bad text":                 {qLabAdd, [][]any{row, {"b", "\x00", 1, true}}, fault.Invalid},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := db.InsertMany(t.Context(), tx, tc.stmt, tc.rows)
				return err
			})
			if err == nil || fault.KindOf(err) != tc.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		wantLabs(t, d)
	})
}
