package unit_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

type made struct {
	ID  string `json:"id"`
	Run int64  `json:"run"`
}

// once asks to add a thing; run counts executions.
func once(
	t *testing.T, u *unit.Unit, by authz.Actor, useCase, key, id string, run *atomic.Int64,
) (made, bool, error) {
	return unit.Once(t.Context(), u, by, useCase, key, map[string]string{"id": id},
		func(tx *unit.Tx) (made, error) {
			out := made{id, run.Add(1)}
			return out, addThing(t.Context(), tx, id)
		})
}

func TestOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		u := newUnit(d)
		var run atomic.Int64
		other := clerk
		other.Account = "a2"
		for _, tc := range []struct {
			name             string
			by               authz.Actor
			useCase, key, id string
			want             made
			replayed         bool
			kind             fault.Kind // of the error; Internal: none
		}{
			{"first", clerk, "lab.add", "k", "a", made{"a", 1}, false, 0},
			{"again", clerk, "lab.add", "k", "a", made{"a", 1}, true, 0},
			{"other input", clerk, "lab.add", "k", "b", made{}, false, fault.Conflict},
			{"other use case", clerk, "lab.put", "k", "a", made{}, false, fault.Conflict},
			{"other account", other, "lab.add", "k", "b", made{"b", 2}, false, 0},
			{"other key", clerk, "lab.add", "k2", "c", made{"c", 3}, false, 0},
			{"no key", clerk, "lab.add", "", "d", made{"d", 4}, false, 0},
			{"no key again", clerk, "lab.add", "", "d", made{}, false, fault.Conflict},
			{"longest key", clerk, "lab.add", strings.Repeat("x", 200), "e", made{"e", 6}, false, 0},
			{"too long", clerk, "lab.add", strings.Repeat("x", 201), "f", made{}, false, fault.Invalid},
			{"bad key", clerk, "lab.add", "a\x00", "f", made{}, false, fault.Invalid},
		} {
			got, replayed, err := once(t, u, tc.by, tc.useCase, tc.key, tc.id, &run)
			if got != tc.want || replayed != tc.replayed || fault.KindOf(err) != tc.kind ||
				(err == nil) != (tc.kind == 0) {
				t.Errorf("%s: %+v, %v, %v", tc.name, got, replayed, err)
			}
		}
		wantWhole(t, d, []string{"a", "b", "c", "d", "e"})
	})
}

// addressed is an input whose record stands in the address of the request, not in its JSON.
type addressed struct {
	inner
	Text string `json:"text"`
	Key  string `json:"-"`
}

type inner struct {
	ID string `json:"-"`
	n  int64
}

// A key is for one record: the same words about another one are another request.
func TestOnceKnowsTheRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		u := newUnit(d)
		for key, input := range map[string]func(id string) any{
			"plain":      func(id string) any { return addressed{inner{id, 1}, "same", "plain"} },
			"with files": func(id string) any { return []any{addressed{inner{id, 2}, "same", "x"}, []string{"hash"}} },
		} {
			ask := func(id string) (string, bool, error) {
				return unit.Once(t.Context(), u, clerk, "lab.add", key, input(id), func(tx *unit.Tx) (string, error) {
					return id, addThing(t.Context(), tx, key+id)
				})
			}
			for _, replayed := range []bool{false, true} {
				if got, again, err := ask("a"); got != "a" || again != replayed || err != nil {
					t.Errorf("%s: %s, %v, %v", key, got, again, err)
				}
			}
			if _, _, err := ask("b"); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: the key of another record: %v", key, err)
			}
		}
		wantWhole(t, d, []string{"plaina", "with filesa"})
	})
}

// A request that failed left nothing behind: sent again, it is done.
func TestOnceAfterFailure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		u := newUnit(d)
		for i, want := range []error{errOwn, nil, nil} {
			_, replayed, err := unit.Once(t.Context(), u, clerk, "lab.add", "k", "in",
				func(tx *unit.Tx) (string, error) {
					if err := addThing(t.Context(), tx, "a"); err != nil {
						return "", err
					}
					return "half", want
				})
			if err != want || replayed != (i == 2) {
				t.Errorf("%d: %v, replayed %v", i, err, replayed)
			}
		}
		wantWhole(t, d, []string{"a"})
	})
}

// The key itself is no change that needs an entry, but the use case's changes are.
func TestOnceNeedsEntriesToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		u := newUnit(d)
		_, _, err := unit.Once(t.Context(), u, clerk, "lab.add", "k", nil, func(tx *unit.Tx) (int, error) {
			return 1, db.ExecOne(t.Context(), tx.Tx, qTwinAdd, "a")
		})
		if !errors.Is(err, unit.ErrNoAudit) {
			t.Errorf("change without entry: %v", err)
		}
		for _, want := range []bool{false, true} {
			n, replayed, err := unit.Once(t.Context(), u, clerk, "lab.none", "k", nil,
				func(tx *unit.Tx) (int, error) { return 7, nil })
			if n != 7 || replayed != want || err != nil {
				t.Errorf("no change: %d, %v, %v", n, replayed, err)
			}
		}
		wantWhole(t, d, []string{})
	})
}

// The same request sixteen times at once, to three processes: done once, and everybody gets the
// same answer, although what it stores would collide with itself.
func TestOnceConcurrently(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		units := []*unit.Unit{newUnit(d), newUnit(second(t, d)), newUnit(second(t, d))}
		for round := range 5 {
			id := fmt.Sprint(round)
			var run, fresh atomic.Int64
			var wg sync.WaitGroup
			answers := make([]made, 16)
			for i := range answers {
				wg.Go(func() {
					got, replayed, err := once(t, units[i%len(units)], clerk, "lab.add", id, id, &run)
					if err != nil {
						t.Error(err)
					}
					if !replayed {
						fresh.Add(1)
					}
					answers[i] = got
				})
			}
			wg.Wait()
			for _, got := range answers {
				if got != answers[0] || got.ID != id {
					t.Errorf("answers %v", answers)
				}
			}
			if fresh.Load() != 1 {
				t.Errorf("%d executions counted", fresh.Load())
			}
		}
		wantWhole(t, d, []string{"0", "1", "2", "3", "4"})
	})
}

func TestForgetKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		now := clock.NewFake(dbtest.Start)
		u := unit.New(d, now, unit.Options{})
		var run atomic.Int64
		for _, id := range []string{"a", "b"} {
			if _, _, err := once(t, u, clerk, "lab.add", id, id, &run); err != nil {
				t.Fatal(err)
			}
			now.Advance(unit.KeepKeys / 2)
		}
		for _, step := range []struct {
			wait time.Duration
			want int64
		}{{0, 2}, {time.Microsecond, 1}, {unit.KeepKeys / 2, 0}} {
			now.Advance(step.wait)
			if err := u.ForgetKeys(t.Context()); err != nil {
				t.Fatal(err)
			}
			n, err := db.Get(t.Context(), d, qKeys, db.One[int64])
			if err != nil || n != step.want {
				t.Errorf("%d keys, %v, want %d", n, err, step.want)
			}
		}
	})
}
