package outbox_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// A rebuilt projection equals the one that grew event by event, also when it was spoiled, and also
// when the same process goes on consuming and people go on writing meanwhile.
func TestRebuildGivesTheSameProjection(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		c := tally()
		c.Batch = 9
		disp := b.dispatcher(c)
		for i := range 30 {
			b.mustEmit(t, fmt.Sprint("o", i%4), i, "all", 1)
		}
		mustCatchUp(t, disp)
		grown := rows(t, d)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, qTally, "o1", int64(999), "spoiled ")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := disp.Rebuild(t.Context(), "tally"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(grown, rows(t, d)); diff != "" {
			t.Errorf("rebuilt (-grown +rebuilt):\n%s", diff)
		}

		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { disp.Run(ctx) })
		running.Go(func() {
			for i := range 10 {
				if err := b.emit(t.Context(), "late", i); err != nil {
					t.Error(err)
				}
			}
		})
		// Another process takes the consumer over from the one that runs.
		if err := b.dispatcher(c).Rebuild(t.Context(), "tally"); err != nil {
			t.Error(err)
		}
		b.clock.Advance(time.Minute) // the other process went away
		waitFor(t, func() bool {
			return mustStatus(t, d).Pending == 0 && len(expected(t, d, "late")[0].Trace) == 10*5
		})
		stop()
		running.Wait()
		mustCatchUp(t, disp)
		want := expected(t, d, "all", "late", "o0", "o1", "o2", "o3")
		if diff := cmp.Diff(want, rows(t, d)); diff != "" {
			t.Errorf("rebuilt while running (-want +got):\n%s", diff)
		}
	})
}

func TestRebuildRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	fixed := tally()
	fixed.Name, fixed.Reset = "fixed", nil
	disp := b.dispatcher(tally(), fixed)
	if err := disp.Rebuild(t.Context(), "unknown"); !fault.Is(err, fault.NotFound) {
		t.Errorf("unknown: %v", err)
	}
	if err := disp.Rebuild(t.Context(), "fixed"); !fault.Is(err, fault.Conflict) {
		t.Errorf("without Reset: %v", err)
	}
}

// Pruning never takes an event that a consumer has not handled, and from then on nobody is given
// half a history as if it were the whole.
func TestPrune(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		disp := b.dispatcher(tally())
		future := dbtest.Start.Add(1000 * time.Hour)
		prune := func(before time.Time, want int64) {
			t.Helper()
			if got, err := outbox.Prune(t.Context(), d, before); err != nil || got != want {
				t.Errorf("Prune = %d, %v, want %d", got, err, want)
			}
		}
		b.mustEmit(t, "a", 1, "a", 2)
		prune(future, 0) // no consumer yet: nobody has handled anything
		mustCatchUp(t, disp)
		b.mustEmit(t, "a", 3)
		mustCatchUp(t, disp)
		b.clock.Advance(time.Hour)
		b.mustEmit(t, "a", 4)
		prune(dbtest.Start, 0)                  // all too young
		prune(future, 2)                        // what stands at the cursor stays
		mustCatchUp(t, disp)                    // goes on as if nothing happened
		prune(dbtest.Start.Add(time.Second), 1) // "3" is old and handled, "4" is young
		trace := rows(t, d)[0].Trace
		if trace != "1.0 1.1 2.0 3.0 " {
			t.Errorf("trace %q", trace)
		}
		if err := disp.Rebuild(t.Context(), "tally"); !fault.Is(err, fault.Conflict) {
			t.Errorf("Rebuild without history = %v, want Conflict", err)
		}
		if got := rows(t, d)[0].Trace; got != trace {
			t.Errorf("a refused rebuild changed the projection to %q", got)
		}
		newcomer := tally()
		newcomer.Name = "newcomer"
		if err := b.dispatcher(newcomer).CatchUp(t.Context()); !fault.Is(err, fault.Conflict) {
			t.Errorf("new consumer without history = %v, want Conflict", err)
		}
		newcomer.FromNow = true
		mustCatchUp(t, b.dispatcher(newcomer))
	})
}
