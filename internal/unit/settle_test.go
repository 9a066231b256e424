package unit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Only a write whose own entry is there is acknowledged: after a crash of the server its number may
// belong to somebody else's, or to nobody.
func TestSettle(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	makeLab(t, d)
	for i := range 4 {
		err := newUnit(d).Write(t.Context(), clerk, "lab.add", func(tx *unit.Tx) error {
			return addThing(t.Context(), tx, fmt.Sprint(i))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	head, err := audit.Head(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	second, err := audit.HashAt(t.Context(), d, 2)
	if err != nil {
		t.Fatal(err)
	}
	marks := []audit.Mark{head, {Seq: 2, Hash: second}, {Seq: 3, Hash: second}, {Seq: 9, Hash: head.Hash}}
	for i, err := range unit.SettleGroup(d, marks) {
		if lost := i >= 2; errors.Is(err, db.ErrUnsure) != lost || (err != nil) != lost {
			t.Errorf("%+v: %v", marks[i], err)
		}
		if err != nil && !fault.Is(err, fault.Unavailable) {
			t.Errorf("%+v: %v", marks[i], err)
		}
	}
	for _, err := range unit.SettleGroup(d, []audit.Mark{{Seq: 7, Hash: "x"}}) {
		if !errors.Is(err, db.ErrUnsure) {
			t.Errorf("nothing there: %v", err)
		}
	}
	d.Close()
	for _, err := range unit.SettleGroup(d, []audit.Mark{head}) {
		if !errors.Is(err, db.ErrUnsure) {
			t.Errorf("closed: %v", err)
		}
	}
}

var qMayMark = db.StmtFor(db.SQL{Postgres: `SELECT has_function_privilege('public',
	'pg_logical_emit_message(boolean, text, text)', 'EXECUTE')`})

// The account of the program needs no special right to settle.
func TestAnybodyMaySettle(t *testing.T) {
	t.Parallel()
	may, err := db.Get(context.Background(), dbtest.Postgres(t), qMayMark, db.One[bool])
	if err != nil || !may {
		t.Errorf("may: %v, %v", may, err)
	}
}
