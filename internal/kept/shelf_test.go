package kept_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yuntu-city/yuntu/internal/kept"
)

var rule = kept.Rule{Sure: 30 * time.Second, Many: 2000, Late: 10 * time.Second, Stale: time.Minute, Most: 3}

// world is rows that are counted and a clock.
type world struct {
	shelf  *kept.Shelf[string, int64, int64]
	turn   int64
	nowUs  int64
	rows   int64
	fail   error
	counts atomic.Int64
}

func newWorld() *world {
	return &world{shelf: kept.New[string, int64](rule, func(n int64) int64 { return n }),
		nowUs: 1_700_000_000_000_000, rows: 5}
}

func (w *world) get(t *testing.T, key string) int64 {
	t.Helper()
	rows, fail := w.rows, w.fail
	n, err := w.shelf.Get(t.Context(), key, w.turn, w.nowUs, func(context.Context) (int64, error) {
		w.counts.Add(1)
		return rows, fail
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// It and what follows does not run beside others: behind the readers' back one number is counted at a time.
func TestRule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		for _, step := range []struct {
			what   string
			passed time.Duration
			rows   int64 // from now on, 0: nothing was stored
			want   int64
		}{
			{"first", 0, 0, 5},
			{"few, stored", time.Millisecond, 6, 6},
			{"few, nothing stored", rule.Sure - time.Millisecond, 0, 6},
			{"few, now many", time.Millisecond, 3000, 3000},
			{"many, stored", time.Millisecond, 3001, 3000},
			{"many, still", rule.Late - 2*time.Millisecond, 0, 3000},
			{"many, the last who gets the old one", time.Millisecond, 0, 3000},
			{"many, counted behind", 0, 0, 3001},
			{"many, stored again", rule.Stale - time.Millisecond, 3002, 3001},
			{"many, counted behind again", 0, 0, 3002},
			{"many, too old for anybody", rule.Stale, 3003, 3003},
			{"now few", rule.Stale, 7, 7},
			{"few again, stored", 0, 8, 8},
		} {
			w.nowUs += step.passed.Microseconds()
			if step.rows > 0 {
				w.rows, w.turn = step.rows, w.turn+1
			}
			if got := w.get(t, "all"); got != step.want {
				t.Errorf("%s: %d, want %d", step.what, got, step.want)
			}
			synctest.Wait()
		}
	})
}

// Behind the readers' back one number is counted at a time, whoever asks.
func TestOneBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.rows = 3000
		w.get(t, "a")
		w.get(t, "b")
		w.nowUs += rule.Late.Microseconds()
		w.turn++
		slow := make(chan struct{})
		var counted atomic.Int64
		ask := func(key string) int64 {
			n, err := w.shelf.Get(t.Context(), key, w.turn, w.nowUs, func(context.Context) (int64, error) {
				counted.Add(1)
				<-slow
				return 4000, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for range 3 {
			for _, key := range []string{"a", "b"} {
				if got := ask(key); got != 3000 {
					t.Errorf("%s: %d, want the old number", key, got)
				}
			}
		}
		synctest.Wait()
		if n := counted.Load(); n != 1 {
			t.Errorf("%d numbers are counted at once, want 1", n)
		}
		close(slow)
		synctest.Wait()
		if got := ask("a"); got != 4000 {
			t.Errorf("a: %d, want the new number", got)
		}
		ask("b")
		synctest.Wait()
		if got := ask("b"); got != 4000 {
			t.Errorf("b: %d, want the new number", got)
		}
	})
}

// After a number was counted behind the readers' back, no other one is for twice as long as that took,
// whatever shelf it is on.
func TestRestsBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, other := newWorld(), newWorld()
		for _, x := range []*world{w, other} {
			x.rows = 3000
			x.get(t, "all")
			x.nowUs += rule.Late.Microseconds()
			x.turn++
		}
		if _, err := w.shelf.Get(t.Context(), "all", w.turn, w.nowUs, func(context.Context) (int64, error) {
			time.Sleep(time.Second)
			return 3001, nil
		}); err != nil {
			t.Fatal(err)
		}
		other.rows = 4000
		for _, step := range []struct {
			after time.Duration
			want  int64
		}{{2900 * time.Millisecond, 3000}, {200 * time.Millisecond, 4000}} {
			time.Sleep(step.after)
			other.get(t, "all")
			synctest.Wait()
			if got := other.get(t, "all"); got != step.want {
				t.Errorf("%v later: %d, want %d", step.after, got, step.want)
			}
		}
		if got := w.get(t, "all"); got != 3001 {
			t.Errorf("%d, want the new number", got)
		}
	})
}

// A count that fails behind the readers' back leaves the old number; one that falls over is met by the
// next reader. The request that asked may be gone.
func TestFaultBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.rows = 3000
		w.get(t, "all")
		w.nowUs += rule.Late.Microseconds()
		w.fail = errors.New("no connection")
		w.get(t, "all")
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		got, err := w.shelf.Get(ctx, "all", 1, w.nowUs, func(ctx context.Context) (int64, error) {
			time.Sleep(time.Second)
			return 3001, ctx.Err()
		})
		cancel()
		if err != nil || got != 3000 {
			t.Fatalf("%d, %v after a count that failed, want the old number", got, err)
		}
		time.Sleep(4 * time.Second) // it takes one and rests for two
		w.fail = nil
		if got := w.get(t, "all"); got != 3001 {
			t.Errorf("%d, want what was counted for a reader who has gone", got)
		}
		w.nowUs += rule.Late.Microseconds()
		if _, err := w.shelf.Get(t.Context(), "all", 2, w.nowUs, func(context.Context) (int64, error) {
			panic("a fault of the program")
		}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		w.rows = 3002
		if got := w.get(t, "all"); got != 3002 {
			t.Errorf("%d after a count that fell over, want it counted by the reader", got)
		}
	})
}

// No more numbers are kept than the rule allows.
func TestMost(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for _, key := range []string{"a", "b", "c", "d", "a"} {
		w.get(t, key)
	}
	if n := w.counts.Load(); n != 5 {
		t.Errorf("counted %d times, want 5: the fourth key drops the first", n)
	}
}
