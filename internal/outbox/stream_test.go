package outbox_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// others stores so many events of a kind that the tally does not want, in one write.
func (b bundle) others(t *testing.T, n int) {
	t.Helper()
	by := authz.Actor{Account: "anna", Via: authz.ViaSystem}
	err := b.u.Write(t.Context(), by, "test.other", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "test", What: "other"})
		for i := range n {
			tx.Emit(outbox.Event{Kind: "test.other.v1", Object: strconv.Itoa(i), Data: i})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Events for others, more than one transaction passes, hide none of those that are wanted.
func TestConsumerPassesWhatOthersWant(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		c := tally()
		c.Kinds = []string{"test.counted.v1"}
		c.Batch = 2
		b.others(t, 3)
		b.mustEmit(t, "a", 1, "a", 2, "a", 4)
		b.others(t, 4100)
		b.mustEmit(t, "a", 8)
		b.others(t, 1)
		mustCatchUp(t, b.dispatcher(c))
		if diff := cmp.Diff([]row{{"a", 15, "2.0 2.1 2.2 4.0 "}}, rows(t, d)); diff != "" {
			t.Errorf("projection (-want +got):\n%s", diff)
		}
		if s := mustStatus(t, d); s.At != (outbox.Place{Seq: 5, N: 0}) || s.Pending != 0 {
			t.Errorf("status %+v", s)
		}
	})
}

// A consumer takes of a stream of writes what came in meanwhile in one transaction, and loses nothing.
func TestStreamIsTakenTogether(t *testing.T) {
	t.Parallel()
	const writes = 100
	b := setup(t, dbtest.SQLite(t))
	c := tally()
	var calls atomic.Int64
	handle := c.Handle
	c.Handle = func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
		calls.Add(1)
		return handle(ctx, tx, events)
	}
	disp := outbox.NewDispatcher(b.d, b.clock, outbox.Options{Poll: time.Second}, c)
	b.u.AfterCommit(disp.Poke)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { disp.Run(ctx) })
	for i := range writes {
		b.mustEmit(t, fmt.Sprintf("o%03d", i), 1)
	}
	waitFor(t, func() bool { return len(rows(t, b.d)) == writes })
	stop()
	running.Wait()
	if n := calls.Load(); n > writes/2 {
		t.Errorf("%d writes were taken in %d transactions", writes, n)
	}
}

// A consumer leaves its cursor where it is while only events pass that it does not want, wakes for the first
// one that it wants, and moves past the others in its own time.
func TestConsumerSleepsWhileOthersAreServed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		c := tally()
		c.Kinds = []string{"test.counted.v1"}
		disp := outbox.NewDispatcher(b.d, b.clock, outbox.Options{Poll: time.Hour}, c)
		b.u.AfterCommit(disp.Poke)
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { disp.Run(ctx) })
		b.mustEmit(t, "a", 1)
		waitFor(t, func() bool { return len(rows(t, d)) == 1 })
		moves, at := 0, mustStatus(t, d).At
		for range 20 {
			b.others(t, 1)
			time.Sleep(10 * time.Millisecond)
			if now := mustStatus(t, d).At; now != at {
				moves, at = moves+1, now
			}
		}
		if moves > 1 { // once, when it looks whether more came while it handled the first
			t.Errorf("for 20 events that it does not want it moved %d times", moves)
		}
		b.mustEmit(t, "a", 2)
		waitFor(t, func() bool { return mustStatus(t, d).Pending == 0 })
		if diff := cmp.Diff([]row{{"a", 3, "1.0 22.0 "}}, rows(t, d)); diff != "" {
			t.Errorf("projection (-want +got):\n%s", diff)
		}
		stop()
		running.Wait()

		b.others(t, 1)
		often := outbox.NewDispatcher(b.d, b.clock, outbox.Options{Poll: 10 * time.Millisecond}, c)
		ctx, stop = context.WithCancel(t.Context())
		running.Go(func() { often.Run(ctx) })
		waitFor(t, func() bool { return mustStatus(t, d).Pending == 0 })
		b.others(t, 1)
		waitFor(t, func() bool { return mustStatus(t, d).Pending == 0 })
		stop()
		running.Wait()
	})
}
