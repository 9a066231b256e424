package outbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qMake = db.Stmt(`CREATE TABLE tally (object TEXT PRIMARY KEY, total BIGINT NOT NULL,
		trace TEXT NOT NULL)`)
	qTally = db.Stmt(`INSERT INTO tally (object, total, trace) VALUES ($1, $2, $3)
		ON CONFLICT (object) DO UPDATE SET total = tally.total + excluded.total,
			trace = tally.trace || excluded.trace`)
	qTallies = db.Stmt(`SELECT object, total, trace FROM tally ORDER BY object`)
	qClear   = db.Stmt(`DELETE FROM tally`)
	qFeed    = db.Stmt(`SELECT seq, n, data FROM outbox WHERE object = $1 ORDER BY seq, n`)
)

// tally is a projection that notices a lost, repeated or misplaced event: per object the sum of
// all numbers and the trace of their places.
func tally() outbox.Consumer {
	return outbox.Consumer{
		Name: "tally",
		Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				var n int64
				if err := json.Unmarshal(e.Data, &n); err != nil {
					return err
				}
				trace := fmt.Sprintf("%d.%d ", e.Seq, e.N)
				if _, err := db.Exec(ctx, tx, qTally, e.Object, n, trace); err != nil {
					return err
				}
			}
			return nil
		},
		Reset: func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, qClear)
			return err
		},
	}
}

type row struct {
	Object string
	Total  int64
	Trace  string
}

func rows(t testing.TB, d *db.DB) []row {
	t.Helper()
	out, err := db.All(t.Context(), d, qTallies, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.Object, &x.Total, &x.Trace)
		return x, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// expected computes the projection straight from the feed.
func expected(t testing.TB, d *db.DB, objects ...string) []row {
	t.Helper()
	var out []row
	for _, o := range objects {
		x := row{Object: o}
		err := db.Each(t.Context(), d, qFeed, func(r db.Row) error {
			var seq, n int64
			var data string
			if err := r.Scan(&seq, &n, &data); err != nil {
				return err
			}
			var v int64
			err := json.Unmarshal([]byte(data), &v)
			x.Total += v
			x.Trace += fmt.Sprintf("%d.%d ", seq, n)
			return err
		}, o)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

// bundle is a database with the projection's table and a clock that is moved by hand.
type bundle struct {
	d     *db.DB
	u     *unit.Unit
	clock *clock.Fake
}

func setup(t *testing.T, d *db.DB) bundle {
	t.Helper()
	c := clock.NewFake(dbtest.Start)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, qMake)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return bundle{d, dbtest.UnitAt(t, d, c), c}
}

func (b bundle) dispatcher(cs ...outbox.Consumer) *outbox.Dispatcher {
	return outbox.NewDispatcher(b.d, b.clock, outbox.Options{Poll: 10 * time.Millisecond}, cs...)
}

// emit stores events in one write: object, number, object, number …
func (b bundle) emit(ctx context.Context, pairs ...any) error {
	by := authz.Actor{Account: "anna", Via: authz.ViaSystem}
	return b.u.Write(ctx, by, "test.emit", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "test", What: "emit"})
		for i := 0; i < len(pairs); i += 2 {
			tx.Emit(outbox.Event{Kind: "test.counted.v1", Object: pairs[i].(string), Data: pairs[i+1]})
		}
		return nil
	})
}

func (b bundle) mustEmit(t testing.TB, pairs ...any) {
	t.Helper()
	if err := b.emit(t.Context(), pairs...); err != nil {
		t.Fatal(err)
	}
}

func mustCatchUp(t testing.TB, d *outbox.Dispatcher) {
	t.Helper()
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func mustStatus(t testing.TB, d *db.DB) outbox.Status {
	t.Helper()
	all, err := outbox.Statuses(t.Context(), d)
	if err != nil || len(all) != 1 {
		t.Fatalf("Statuses = %+v, %v, want one", all, err)
	}
	return all[0]
}

func TestEventsArriveInOrderOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		c := tally()
		c.Batch = 2 // cuts a write in two
		disp := b.dispatcher(c)
		b.mustEmit(t, "a", 1, "b", 2, "a", 4)
		b.mustEmit(t, "a", 8)
		mustCatchUp(t, disp)
		mustCatchUp(t, disp) // nothing twice
		want := []row{{"a", 13, "1.0 1.2 2.0 "}, {"b", 2, "1.1 "}}
		if diff := cmp.Diff(want, rows(t, d)); diff != "" {
			t.Errorf("projection (-want +got):\n%s", diff)
		}
		if s := mustStatus(t, d); s.At != (outbox.Place{Seq: 2, N: 0}) || s.Pending != 0 {
			t.Errorf("status %+v", s)
		}
	})
}

func TestConsumerGetsOnlyItsKinds(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	c := tally()
	c.Kinds = []string{"test.other.v1"}
	b.mustEmit(t, "a", 1)
	mustCatchUp(t, b.dispatcher(c))
	if got := rows(t, b.d); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	if s := mustStatus(t, b.d); s.Pending != 0 {
		t.Errorf("an unwanted event is waiting: %+v", s)
	}
}

// Writers and two processes with the same consumer work at once. Nothing is lost, repeated or out
// of order.
func TestConcurrentWritersLoseNoEvent(t *testing.T) {
	t.Parallel()
	const writers, writes = 6, 25
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		c := tally()
		c.Batch = 7
		ctx, stop := context.WithCancel(t.Context())
		var running, writing sync.WaitGroup
		first, second := b.dispatcher(c), b.dispatcher(c)
		b.u.AfterCommit(first.Poke)
		running.Go(func() { first.Run(ctx) })
		running.Go(func() { second.Run(ctx) })
		for w := range writers {
			writing.Go(func() {
				for i := range writes {
					if err := b.emit(t.Context(), fmt.Sprint("o", i%3), w*writes+i, "all", 1); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		writing.Wait()
		waitFor(t, func() bool { return mustStatus(t, d).Pending == 0 })
		stop()
		running.Wait()
		want := expected(t, d, "all", "o0", "o1", "o2")
		if diff := cmp.Diff(want, rows(t, d)); diff != "" {
			t.Errorf("projection (-want +got):\n%s", diff)
		}
		if want[0].Total != writers*writes {
			t.Errorf("the feed itself has %d writes, want %d", want[0].Total, writers*writes)
		}
	})
}

// waitFor polls until the condition holds; a test that never gets there fails after a long while.
func waitFor(t testing.TB, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited a minute in vain")
		}
	}
}

func TestFailureStopsIsSeenAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		c := tally()
		inner, broken := c.Handle, true
		c.Handle = func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			if err := inner(ctx, tx, events); err != nil {
				return err
			}
			for _, e := range events {
				if e.Object == "bad" && broken {
					return errors.New("cannot digest \x00\xff")
				}
			}
			return nil
		}
		disp := b.dispatcher(c)
		b.mustEmit(t, "a", 1, "b", 2, "bad", 3, "c", 4)
		if err := disp.CatchUp(t.Context()); err == nil || !strings.Contains(err.Error(), "event 1.2") {
			t.Fatalf("CatchUp = %v, want the event named", err)
		}
		// All before the failing event is there, nothing of it and after it.
		want := []row{{"a", 1, "1.0 "}, {"b", 2, "1.1 "}}
		if diff := cmp.Diff(want, rows(t, d)); diff != "" {
			t.Errorf("projection (-want +got):\n%s", diff)
		}
		s := mustStatus(t, d)
		if s.Failures != 1 || s.Pending != 2 || s.OldestUs != clock.Us(dbtest.Start) ||
			s.FailedUs != clock.Us(dbtest.Start) || !strings.Contains(s.Error, "cannot digest") {
			t.Errorf("status %+v", s)
		}
		// It pauses, and what came before it was not handled twice.
		if err := disp.CatchUp(t.Context()); !fault.Is(err, fault.Unavailable) {
			t.Errorf("during the pause: %v", err)
		}
		b.clock.Advance(time.Minute)
		if err := disp.CatchUp(t.Context()); err == nil {
			t.Error("the second try should fail too")
		}
		if s := mustStatus(t, d); s.Failures != 2 || s.FailedUs != clock.Us(dbtest.Start) {
			t.Errorf("after the second failure: %+v", s)
		}
		broken = false
		b.clock.Advance(time.Minute)
		mustCatchUp(t, disp)
		want = expected(t, d, "a", "b", "bad", "c")
		if diff := cmp.Diff(want, rows(t, d)); diff != "" {
			t.Errorf("projection (-want +got):\n%s", diff)
		}
		s = mustStatus(t, d)
		if s.Failures != 0 || s.Error != "" || s.FailedUs != 0 || s.RetryUs != 0 {
			t.Errorf("after recovery: %+v", s)
		}
	})
}

func TestPanicIsAFailure(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	c := tally()
	c.Handle = func(context.Context, *db.Tx, []outbox.Stored) error { panic("nil map") }
	b.mustEmit(t, "a", 1)
	err := b.dispatcher(c).CatchUp(t.Context())
	if err == nil || !strings.Contains(err.Error(), "nil map") {
		t.Errorf("CatchUp = %v", err)
	}
	b.mustEmit(t, "a", 2) // the writing connection survived
}

// A process that holds a consumer keeps others away until its lease ends; then they go on exactly
// where it was, although it never said goodbye.
func TestAbandonedLease(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		dead, alive := b.dispatcher(tally()), b.dispatcher(tally())
		b.mustEmit(t, "a", 1)
		mustCatchUp(t, dead)
		b.mustEmit(t, "a", 2)
		if err := alive.CatchUp(t.Context()); !fault.Is(err, fault.Unavailable) {
			t.Errorf("while the lease lasts: %v", err)
		}
		b.clock.Advance(time.Minute)
		mustCatchUp(t, alive)
		if diff := cmp.Diff(expected(t, d, "a"), rows(t, d)); diff != "" {
			t.Errorf("projection (-want +got):\n%s", diff)
		}
	})
}

// Run gives its leases back, so that a restart does not wait.
func TestRunReleasesItsLeases(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	b.mustEmit(t, "a", 1)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	disp := b.dispatcher(tally())
	running.Go(func() { disp.Run(ctx) })
	waitFor(t, func() bool { return len(rows(t, b.d)) == 1 })
	stop()
	running.Wait()
	b.mustEmit(t, "a", 2)
	mustCatchUp(t, b.dispatcher(tally()))
}

func TestFromNow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		c := tally()
		c.FromNow = true
		disp := b.dispatcher(c)
		b.mustEmit(t, "a", 1, "a", 2)
		mustCatchUp(t, disp)
		b.mustEmit(t, "a", 4)
		mustCatchUp(t, disp)
		if diff := cmp.Diff([]row{{"a", 4, "2.0 "}}, rows(t, d)); diff != "" {
			t.Errorf("projection (-want +got):\n%s", diff)
		}
	})
}
