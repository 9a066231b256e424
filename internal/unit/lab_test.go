package unit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// The laboratory: things that always come with a twin of the same id, so that half a transaction
// shows, and a counter whose row everybody needs.
var (
	qThing   = db.Stmt(`CREATE TABLE lab_thing (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE)`)
	qTwin    = db.Stmt(`CREATE TABLE lab_twin (id TEXT PRIMARY KEY)`)
	qCounter = db.Stmt(`CREATE TABLE lab_counter (name TEXT PRIMARY KEY, n BIGINT NOT NULL)`)

	qThingAdd   = db.Stmt(`INSERT INTO lab_thing (id, name) VALUES ($1, $2)`)
	qTwinAdd    = db.Stmt(`INSERT INTO lab_twin (id) VALUES ($1)`)
	qThings     = db.Stmt(`SELECT id FROM lab_thing ORDER BY id`)
	qTwins      = db.Stmt(`SELECT id FROM lab_twin ORDER BY id`)
	qCounterAdd = db.Stmt(`INSERT INTO lab_counter (name, n) VALUES ('main', 0)`)
	qCounterUp  = db.Stmt(`UPDATE lab_counter SET n = n + 1 WHERE name = 'main' RETURNING n`)

	qObjects = db.Stmt(`SELECT object FROM audit_entry ORDER BY object`)
	qEvents  = db.Stmt(`SELECT object FROM outbox ORDER BY object`)
	qFeed    = db.Stmt(`SELECT seq, n, object FROM outbox WHERE (seq, n) > ($1, $2) ORDER BY seq, n`)
	qKeys    = db.Stmt(`SELECT COUNT(*) FROM idempotency`)
)

var clerk = authz.Actor{Account: "a1", Login: "zhang.wei", Role: authz.Officer, Via: authz.ViaSession}

var errOwn = errors.New("own error")

func makeLab(t testing.TB, d *db.DB) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, s := range []*db.Statement{qThing, qTwin, qCounter, qCounterAdd} {
			if _, err := db.Exec(t.Context(), tx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func newUnit(d *db.DB) *unit.Unit { return unit.New(d, clock.System(), unit.Options{}) }

// second opens d's database once more, as another process would.
func second(t testing.TB, d *db.DB) *db.DB {
	t.Helper()
	other, err := db.Open(t.Context(), db.Options{URL: dbtest.URL(d)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	return other
}

// addThing is the use case of the laboratory: a thing with its twin, one entry, one event.
func addThing(ctx context.Context, t *unit.Tx, id string) error {
	if err := db.ExecOne(ctx, t.Tx, qThingAdd, id, id); err != nil {
		return err
	}
	t.Audit(audit.Entry{Kind: "lab.thing", Object: id, What: "add", Detail: map[string]string{"id": id}})
	t.Emit(outbox.Event{Kind: "lab.thing.added.v1", Object: id, Data: map[string]string{"id": id}})
	return db.ExecOne(ctx, t.Tx, qTwinAdd, id)
}

func list(t testing.TB, q db.Q, s *db.Statement) []string {
	t.Helper()
	all, err := db.All(t.Context(), q, s, db.One[string])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// wantWhole checks that the chain is whole and that things, twins, entries and events tell the same
// story: ids, or whatever is there when ids is nil. It returns the ids.
func wantWhole(t testing.TB, d *db.DB, ids []string) []string {
	t.Helper()
	if _, err := audit.VerifyDB(t.Context(), d); err != nil {
		t.Error(err)
	}
	things := list(t, d, qThings)
	if ids == nil {
		ids = things
	}
	for _, s := range []*db.Statement{qThings, qTwins, qObjects, qEvents} {
		if got := list(t, d, s); fmt.Sprint(got) != fmt.Sprint(ids) {
			t.Errorf("%s: %d rows, want %d\n got %.2000v\nwant %.2000v", s.Place(), len(got), len(ids), got, ids)
		}
	}
	return things
}
