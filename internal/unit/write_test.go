package unit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Many writers at once, in several processes, some of which fail or panic: no gap, no fork, nothing
// of a failed write, and a reader of the feed sees every event once and in order while it grows.
func TestManyWriters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		// Three processes, one of them with another hash function; the first has two units.
		b, c := second(t, d), second(t, d)
		units := []*unit.Unit{newUnit(d), newUnit(b), newUnit(d),
			unit.New(c, clock.System(), unit.Options{Algo: audit.SM3})}
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		feed := follow(t, d)
		var mu sync.Mutex
		var stored []string
		var wg sync.WaitGroup
		for w := range 8 {
			rng := rand.New(rand.NewPCG(seed, uint64(w)))
			wg.Go(func() {
				for i := range 30 {
					id := fmt.Sprintf("%02d-%02d", w, i)
					if tryThing(t, units[w%len(units)], rng, id) {
						mu.Lock()
						stored = append(stored, id)
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		seen := feed()
		slices.Sort(stored)
		slices.Sort(seen)
		wantWhole(t, d, stored)
		if !slices.Equal(seen, stored) {
			t.Errorf("the reader saw %d events, %d were stored", len(seen), len(stored))
		}
		if len(stored) < 60 || len(stored) > 200 {
			t.Errorf("%d of 240 writes were stored: the mix is off", len(stored))
		}
	})
}

// tryThing adds a thing and perhaps fails on the way. It reports whether it was stored.
func tryThing(t *testing.T, u *unit.Unit, rng *rand.Rand, id string) (stored bool) {
	way := rng.IntN(8)
	defer func() {
		if p := recover(); p != nil && p != "own panic" {
			panic(p)
		}
	}()
	err := u.Write(t.Context(), clerk, "lab.add", func(tx *unit.Tx) error {
		if way == 0 {
			return errOwn
		}
		if err := addThing(t.Context(), tx, id); err != nil {
			return err
		}
		switch way {
		case 1:
			return errOwn
		case 2:
			panic("own panic")
		case 3: // hides that the database refused something
			db.ExecOne(t.Context(), tx.Tx, qTwinAdd, id)
		}
		return nil
	})
	switch {
	case way <= 1 && err == errOwn, way == 3 && fault.Is(err, fault.Conflict):
		return false
	case way <= 3 || err != nil:
		t.Errorf("way %d: %v", way, err)
		return false
	}
	return true
}

// follow reads the feed as a consumer does, remembering only the last place, until the returned
// function is called; that returns what it saw.
func follow(t *testing.T, d *db.DB) func() []string {
	var seen []string
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		var seq, n int64
		for last := false; ; {
			err := db.Each(t.Context(), d, qFeed, func(r db.Row) error {
				var object string
				if err := r.Scan(&seq, &n, &object); err != nil {
					return err
				}
				seen = append(seen, object)
				return nil
			}, seq, n)
			if err != nil {
				t.Error(err)
			}
			if last {
				return
			}
			select {
			case <-stop:
				last = true
			default:
			}
		}
	}()
	return func() []string {
		close(stop)
		<-stopped
		return seen
	}
}

// The order of numbers is the order of commits: a counter that only one transaction at a time can
// raise grows along the chain.
func TestNumbersAreInOrderOfCommits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		units := []*unit.Unit{newUnit(d), newUnit(second(t, d))}
		var wg sync.WaitGroup
		const writers, times = 6, 20
		for w := range writers {
			wg.Go(func() {
				for range times {
					err := units[w%2].Write(t.Context(), clerk, "lab.count", func(tx *unit.Tx) error {
						n, err := db.Get(t.Context(), tx, qCounterUp, db.One[int64])
						tx.Audit(audit.Entry{Kind: "lab.counter", Detail: n})
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		want := int64(0)
		err := db.Each(t.Context(), d, qDetails, func(r db.Row) error {
			var seq int64
			var detail string
			err := r.Scan(&seq, &detail)
			if want++; seq != want || detail != fmt.Sprint(want) {
				t.Errorf("entry %d is the change number %s", seq, detail)
			}
			return err
		})
		if err != nil || want != writers*times {
			t.Errorf("%d entries, %v", want, err)
		}
	})
}

var qDetails = db.Stmt(`SELECT seq, detail FROM audit_entry ORDER BY seq`)

// A write that changes something must say so.
func TestNoChangeWithoutEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		u := newUnit(d)
		for name, tc := range map[string]struct {
			want error
			fn   func(tx *unit.Tx) error
		}{
			"insert": {unit.ErrNoAudit, func(tx *unit.Tx) error {
				return db.ExecOne(t.Context(), tx.Tx, qTwinAdd, "x")
			}},
			"returning": {unit.ErrNoAudit, func(tx *unit.Tx) error {
				_, err := db.Get(t.Context(), tx, qCounterUp, db.One[int64])
				return err
			}},
			"many": {unit.ErrNoAudit, func(tx *unit.Tx) error {
				_, err := db.InsertMany(t.Context(), tx.Tx, qTwinAdd, [][]any{{"x"}, {"y"}})
				return err
			}},
			"event": {unit.ErrNoAudit, func(tx *unit.Tx) error {
				tx.Emit(outbox.Event{Kind: "lab.x.v1"})
				return nil
			}},
			"nothing": {nil, func(tx *unit.Tx) error { return nil }},
			"query": {nil, func(tx *unit.Tx) error {
				_, err := db.All(t.Context(), tx, qTwins, db.One[string])
				return err
			}},
		} {
			if err := u.Write(t.Context(), clerk, "lab."+name, tc.fn); !errors.Is(err, tc.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		wantWhole(t, d, []string{})
		err := u.Write(t.Context(), clerk, "lab.read", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "lab", What: "export"}) // an entry without a change is fine
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if p, err := audit.VerifyDB(t.Context(), d); err != nil || p.Count != 1 {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

// An entry or event over its limit undoes the write; at its limit it is stored and can be exported.
func TestLimits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		u := newUnit(d)
		long := func(n int) string { return strings.Repeat("\u2028", n/3) } // grows sixfold in an export
		for name, tc := range map[string]struct {
			ok    bool
			entry audit.Entry
			event any
		}{
			"detail at limit": {true, audit.Entry{Detail: strings.Repeat("x", 64<<10-2)}, nil},
			"detail over":     {false, audit.Entry{Detail: strings.Repeat("x", 64<<10-1)}, nil},
			"reason at limit": {true, audit.Entry{Reason: long(8 << 10), Object: long(8 << 10), What: long(8 << 10),
				Kind: long(8 << 10), Detail: long(16 << 10)}, nil},
			"reason over":     {false, audit.Entry{Reason: strings.Repeat("x", 8<<10+1)}, nil},
			"reason with NUL": {false, audit.Entry{Reason: "a\x00"}, nil},
			"no JSON":         {false, audit.Entry{Detail: func() {}}, nil},
			"event at limit":  {true, audit.Entry{}, strings.Repeat("x", 64<<10-2)},
			"event over":      {false, audit.Entry{}, strings.Repeat("x", 64<<10-1)},
			"event no JSON":   {false, audit.Entry{}, func() {}},
		} {
			err := u.Write(t.Context(), clerk, "lab.limits", func(tx *unit.Tx) error {
				tx.Audit(tc.entry)
				tx.Emit(outbox.Event{Kind: "lab.x.v1", Data: tc.event})
				return nil
			})
			if (err == nil) != tc.ok {
				t.Errorf("%s: %v", name, err)
			}
		}
		var b strings.Builder
		if n, err := audit.Export(t.Context(), d, &b, 0); err != nil || n != 3 {
			t.Errorf("exported %d, %v", n, err)
		}
		if _, err := audit.VerifyFile(strings.NewReader(b.String())); err != nil {
			t.Error(err)
		}
	})
}

// What a write says about itself, and when others hear of it.
func TestRecordAndObservers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		now := clock.NewFake(dbtest.Start)
		var outcomes []string
		u := unit.New(d, now, unit.Options{Observe: func(o unit.Outcome) {
			outcomes = append(outcomes, fmt.Sprintf("%s %v %v", o.UseCase, o.Err, o.Took))
		}})
		woken := 0
		u.AfterCommit(func() {
			if len(list(t, d, qEvents)) != woken+1 {
				t.Error("woken before the event could be read")
			}
			woken++
		})
		by := clerk
		by.Role, by.Request = "", "r7"
		err := u.Write(t.Context(), by, "lab.add", func(tx *unit.Tx) error {
			if tx.By().Login != "zhang.wei" || tx.NowUs() != clock.Us(dbtest.Start) {
				t.Errorf("by %+v at %d", tx.By(), tx.NowUs())
			}
			now.Advance(time.Second)
			return addThing(t.Context(), tx, "a")
		})
		if err != nil {
			t.Fatal(err)
		}
		u.Write(t.Context(), by, "lab.fail", func(tx *unit.Tx) error {
			tx.Emit(outbox.Event{Kind: "lab.x.v1"})
			return errOwn
		})
		u.Write(t.Context(), by, "lab.quiet", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "lab"})
			return nil
		})
		if want := "[lab.add <nil> 1s lab.fail own error 0s lab.quiet <nil> 0s]"; fmt.Sprint(outcomes) != want {
			t.Errorf("outcomes %v", outcomes)
		}
		if woken != 1 {
			t.Errorf("woken %d times", woken)
		}
		page, err := audit.List(t.Context(), d, audit.Filter{Object: "a"}, "", db.PageReq{})
		if err != nil || len(page.Items) != 1 {
			t.Fatal(err)
		}
		got := page.Items[0]
		got.Hash = ""
		want := audit.Record{Seq: 1, AtUs: clock.Us(dbtest.Start), Account: "a1", Login: "zhang.wei",
			Role: string(authz.Public), Via: "session", Request: "r7", UseCase: "lab.add", Kind: "lab.thing",
			Object: "a", What: "add", Detail: `{"id":"a"}`, Algo: audit.SHA256}
		if got != want {
			t.Errorf("record %+v", got)
		}
	})
}

// A write that the database asks to repeat leaves one entry, not two.
func TestRepeatedWrite(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	makeLab(t, d)
	runs := 0
	err := newUnit(d).Write(t.Context(), clerk, "lab.add", func(tx *unit.Tx) error {
		if err := addThing(t.Context(), tx, "a"); err != nil {
			return err
		}
		if runs++; runs < 3 {
			_, err := db.Exec(t.Context(), tx.Tx, qAgain)
			return err
		}
		return nil
	})
	if err != nil || runs != 3 {
		t.Errorf("%d runs, %v", runs, err)
	}
	wantWhole(t, d, []string{"a"})
}

var qAgain = db.StmtFor(db.SQL{
	Postgres: `DO 'BEGIN RAISE EXCEPTION ''again'' USING ERRCODE = ''40P01''; END'`,
})

// Several entries and events of one write stay together and in order.
func TestManyEntries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		u, other := newUnit(d), newUnit(second(t, d))
		for i, entries := range []int{1, 3, 2, 500, 1} {
			err := []*unit.Unit{u, other}[i%2].Write(t.Context(), clerk, "lab.many", func(tx *unit.Tx) error {
				for k := range entries {
					tx.Audit(audit.Entry{Kind: "lab", Object: fmt.Sprint(i), Detail: k})
					tx.Emit(outbox.Event{Kind: "lab.x.v1", Object: fmt.Sprint(i), Data: k})
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if p, err := audit.VerifyDB(t.Context(), d); err != nil || p.Count != 507 {
			t.Errorf("%+v, %v", p, err)
		}
		var feed []string
		err := db.Each(context.Background(), d, qFeed, func(r db.Row) error {
			var seq, n int64
			var object string
			err := r.Scan(&seq, &n, &object)
			if n == 0 {
				feed = append(feed, fmt.Sprintf("%s at %d", object, seq))
			}
			return err
		}, int64(0), int64(0))
		if want := "[0 at 1 1 at 4 2 at 6 3 at 506 4 at 507]"; err != nil || fmt.Sprint(feed) != want {
			t.Errorf("feed %v, %v", feed, err)
		}
	})
}
