package db_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

var errOwn = errors.New("own error")

// add inserts a row under an id.
func add(ctx context.Context, tx *db.Tx, id string) error {
	return db.ExecOne(ctx, tx, qLabAdd, id, "x", 1, true)
}

func wantLabs(t *testing.T, q db.Q, ids ...string) {
	t.Helper()
	var got []string
	for _, x := range allLabs(t, q) {
		got = append(got, x.ID)
	}
	if fmt.Sprint(got) != fmt.Sprint(ids) {
		t.Errorf("rows %v, want %v", got, ids)
	}
}

func emptyLab(t *testing.T, d *db.DB) {
	t.Helper()
	makeLab(t, d, rand.New(rand.NewPCG(1, 1)), 0)
}

// What ends a transaction otherwise than by nil leaves nothing behind, and the next one works.
func TestNothingIsLeftBehind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := add(ctx, tx, "error"); err != nil {
				return err
			}
			return errOwn
		})
		if err != errOwn {
			t.Errorf("own error came back as %v", err)
		}
		func() {
			defer func() {
				if p := recover(); p != "own panic" {
					t.Errorf("recovered %v", p)
				}
			}()
			d.Write(ctx, func(tx *db.Tx) error {
				add(ctx, tx, "panic")
				panic("own panic")
			})
		}()
		done := make(chan struct{})
		go func() { // as t.FailNow does
			defer close(done)
			d.Write(ctx, func(tx *db.Tx) error {
				add(ctx, tx, "goexit")
				runtime.Goexit()
				return nil
			})
		}()
		<-done
		wantLabs(t, d)
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error { return add(ctx, tx, "after") })
		wantLabs(t, d, "after")
	})
}

// A function that hides a refused statement stores nothing: on PostgreSQL the transaction is lost
// by then, and SQLite must behave alike.
func TestHiddenErrorSpoilsTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := add(ctx, tx, "a"); err != nil {
				return err
			}
			first := add(ctx, tx, "a")
			if !fault.Is(first, fault.Conflict) {
				t.Errorf("duplicate key: %v", first)
			}
			if second := add(ctx, tx, "b"); second != first {
				t.Errorf("statement after it: %v", second)
			}
			if _, err := db.All(ctx, tx, qLabAll, scanLab); err != first {
				t.Errorf("query after it: %v", err)
			}
			return nil
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("transaction ended with %v", err)
		}
		wantLabs(t, d)
	})
}

// An error in the middle of the rows counts too, and one of the caller does not.
func TestErrorsInLoops(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d, rand.New(rand.NewPCG(1, 1)), 3)
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error {
			err := db.Each(ctx, tx, qLabAll, func(db.Row) error { return errOwn })
			if err != errOwn {
				t.Errorf("own error in the loop: %v", err)
			}
			if err := add(ctx, tx, "new"); err != nil {
				t.Errorf("statement after it: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			db.Each(ctx, tx, qLabAll, func(db.Row) error {
				return add(ctx, tx, "inside")
			})
			return nil
		})
		if err == nil || fault.KindOf(err) != fault.Internal {
			t.Errorf("statement inside a loop: %v", err)
		}
		wantLabs(t, d, "0000", "0001", "0002", "new")
	})
}

// A transaction that is passed on does nothing after its end: on SQLite it would run inside of
// somebody else's.
func TestTransactionIsOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		var kept *db.Tx
		mustWrite(t, d, func(_ context.Context, tx *db.Tx) error { kept = tx; return nil })
		ctx := t.Context()
		if err := add(ctx, kept, "late"); err == nil {
			t.Error("statement after the end")
		}
		if _, err := db.All(ctx, kept, qLabAll, scanLab); err == nil {
			t.Error("query after the end")
		}
		wantLabs(t, d)
	})
}

// Nobody sees a change before the commit, the transaction itself does.
func TestReadersSeeCommittedRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
			if err := add(ctx, tx, "a"); err != nil {
				return err
			}
			wantLabs(t, d)
			wantLabs(t, tx, "a")
			return nil
		})
		wantLabs(t, d, "a")
	})
}

var (
	qLabTake = db.Stmt(`INSERT INTO lab (id, name, n, flag, version)
		VALUES ($1, '', 0, FALSE, 1) RETURNING id`)
	qLabBump = db.Stmt(`UPDATE lab SET n = n + 1 WHERE name = $1 RETURNING n`)
)

// Rows changed by statements that return them are counted too, and such statements need a
// transaction.
func TestChangesAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
			check := func(want int64) {
				t.Helper()
				if got := tx.Changed(); got != want {
					t.Errorf("%d rows changed, want %d", got, want)
				}
			}
			check(0)
			if err := add(ctx, tx, "a"); err != nil {
				return err
			}
			check(1)
			if _, err := db.Get(ctx, tx, qLabTake, db.One[string], "b"); err != nil {
				return err
			}
			check(2)
			if _, err := db.All(ctx, tx, qLabAll, scanLab); err != nil {
				return err
			}
			check(2)
			if _, err := db.All(ctx, tx, qLabBump, db.One[int64], "nobody"); err != nil {
				return err
			}
			check(2)
			n, err := db.InsertMany(ctx, tx, qLabAdd, [][]any{{"c", "", 1, true}, {"d", "", 1, true}})
			if n != 2 {
				t.Errorf("inserted %d", n)
			}
			check(4)
			return err
		})
		if _, err := db.Get(t.Context(), d, qLabTake, db.One[string], "e"); err == nil {
			t.Error("a change outside of a transaction")
		}
		wantLabs(t, d, "a", "b", "c", "d")
	})
}

func TestOneRowOrConflict(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error { return db.ExecOne(ctx, tx, qLabSet, "none", 5) })
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("no row: %v", err)
		}
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
			if err := add(ctx, tx, "a"); err != nil {
				return err
			}
			return add(ctx, tx, "b")
		})
		err = d.Write(ctx, func(tx *db.Tx) error { return db.ExecOne(ctx, tx, qLabClear) })
		if err == nil || fault.KindOf(err) != fault.Internal {
			t.Errorf("two rows: %v", err)
		}
		wantLabs(t, d, "a", "b")
		_, err = db.Get(ctx, d, qLabGet, scanLab, "none")
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("get: %v", err)
		}
	})
}

var (
	qPair = db.Stmt(`CREATE TABLE lab_pair (id TEXT PRIMARY KEY, a TEXT NOT NULL, b BIGINT NOT NULL
		CHECK (b < 100), kid TEXT NOT NULL, UNIQUE (a, b))`)
	qPairKey = db.Stmt(`CREATE UNIQUE INDEX lab_pair_kid ON lab_pair (kid) WHERE kid <> ''`)
	qPairAdd = db.Stmt(`INSERT INTO lab_pair (id, a, b, kid) VALUES ($1, $2, $3, $4)`)
	// PostgreSQL and SQLite both check such a key at the commit.
	qLate = db.Stmt(`CREATE TABLE lab_late (id TEXT PRIMARY KEY,
		of TEXT NOT NULL REFERENCES lab_pair (id) DEFERRABLE INITIALLY DEFERRED)`)
	qLateAdd = db.Stmt(`INSERT INTO lab_late (id, of) VALUES ($1, $2)`)
)

// A room can tell which key is taken, on both databases.
func TestViolates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makePairs(t, d)
		for _, tc := range []struct {
			args    []any
			columns []string
			kind    fault.Kind
		}{
			{[]any{"1", "x", 1, ""}, []string{"id"}, fault.Conflict},
			{[]any{"2", "(a, b)=(x", 1, ""}, []string{"a", "b"}, fault.Conflict},
			{[]any{"2", "x", 1, "kid"}, []string{"kid"}, fault.Conflict},
			{[]any{"2", "x", 100, ""}, nil, fault.Internal},
			{[]any{"2", nil, 1, ""}, nil, fault.Internal},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				return db.ExecOne(t.Context(), tx, qPairAdd, tc.args...)
			})
			if fault.KindOf(err) != tc.kind || err == nil {
				t.Errorf("%v: %v", tc.args, err)
			}
			for _, columns := range [][]string{{"id"}, {"a", "b"}, {"kid"}, {"b", "a"}, {"a"}, {"b"}, {}} {
				want := fmt.Sprint(columns) == fmt.Sprint(tc.columns) && tc.columns != nil
				if got := db.Violates(err, "lab_pair", columns...); got != want {
					t.Errorf("%v violates %v: %v (%v)", tc.args, columns, got, err)
				}
			}
			if db.Violates(err, "lab", tc.columns...) {
				t.Errorf("%v violates another table: %v", tc.args, err)
			}
		}
		if db.Violates(nil, "lab_pair", "id") || db.Violates(errOwn, "lab_pair", "id") {
			t.Error("other errors violate nothing")
		}
	})
}

func makePairs(t *testing.T, d *db.DB) {
	t.Helper()
	mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
		for _, s := range []*db.Statement{qPair, qPairKey, qLate} {
			if _, err := db.Exec(ctx, tx, s); err != nil {
				return err
			}
		}
		return db.ExecOne(ctx, tx, qPairAdd, "1", "(a, b)=(x", 1, "kid")
	})
}

// A COMMIT that fails stores nothing and leaves the connection usable.
func TestFailingCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makePairs(t, d)
		ctx := t.Context()
		for range 3 {
			err := d.Write(ctx, func(tx *db.Tx) error {
				return db.ExecOne(ctx, tx, qLateAdd, "l", "nobody")
			})
			if !fault.Is(err, fault.Conflict) || errors.Is(err, db.ErrUnsure) {
				t.Fatalf("commit: %v", err)
			}
		}
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
			return db.ExecOne(ctx, tx, qLateAdd, "l", "1")
		})
	})
}

// Statements kept for the end run in their order before the commit; what they refuse undoes all.
func TestLast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		ctx := t.Context()
		var n int64
		scan := func(r db.Row) error { return r.Scan(&n) }
		for _, first := range []string{"a", ""} { // with and without a statement before
			err := d.Write(ctx, func(tx *db.Tx) error {
				tx.Last(qLabAdd, "last"+first, "bump", 40, true)
				tx.LastRow(qLabBump, scan, "bump")
				tx.Last(qLabDel, "last"+first)
				if first == "" {
					return nil
				}
				return add(ctx, tx, first)
			})
			if err != nil || n != 41 {
				t.Fatalf("%v, n = %d", err, n)
			}
		}
		wantLabs(t, d, "a")
		for name, last := range map[string]func(tx *db.Tx){
			"duplicate": func(tx *db.Tx) { tx.Last(qLabAdd, "a", "", 1, true) },
			"no row":    func(tx *db.Tx) { tx.LastRow(qLabGet, scan, "none") },
			"bad text":  func(tx *db.Tx) { tx.Last(qLabAdd, "a\x00", "", 1, true) },
			"bad type":  func(tx *db.Tx) { tx.Last(qLabAdd, "t", struct{}{}, 1, true) },
		} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				if err := add(ctx, tx, "b"); err != nil {
					return err
				}
				last(tx)
				return nil
			})
			if err == nil {
				t.Errorf("%s was stored", name)
			}
			if d.Dialect() == db.Postgres && name == "no row" {
				// The answer came too late to stop the commit, and Write has said so.
				if !errors.Is(err, db.ErrUnsure) {
					t.Errorf("%s: %v", name, err)
				}
				mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
					return db.ExecOne(ctx, tx, qLabDel, "b")
				})
				continue
			}
			if errors.Is(err, db.ErrUnsure) {
				t.Errorf("%s is unsure: %v", name, err)
			}
			wantLabs(t, d, "a")
		}
	})
}

// Text that only one database would store, or that would not survive an export, is Invalid.
func TestTextThatCannotBeStored(t *testing.T) {
	type kind string
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		ctx := t.Context()
		for _, bad := range []any{"a\x00b", "\xff", "\xed\xa0\x80", kind("a\x00")} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, qLabAdd, "x", bad, 1, true)
				return err
			})
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("stored %q: %v", bad, err)
			}
			if _, _, err := db.Find(ctx, d, qLabGet, scanLab, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("looked for %q: %v", bad, err)
			}
		}
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
			return db.ExecOne(ctx, tx, qLabAdd, kind("太原"), "\u2028\ufffd🙂'\"\\", 1, true)
		})
		x, err := db.Get(ctx, d, qLabGet, scanLab, "太原")
		if err != nil || x.Name != "\u2028\ufffd🙂'\"\\" {
			t.Errorf("%+v, %v", x, err)
		}
	})
}

// Somebody who waits for a turn and goes away gets Unavailable, and nothing is stored; so does
// somebody who waits too long. Whoever has begun is not disturbed by the end of the request.
func TestGoingAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, shared *db.DB) {
		t.Parallel()
		one, err := db.Open(t.Context(), db.Options{URL: shared.URL(), Writers: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer one.Close()
		emptyLab(t, one)
		request, goAway := context.WithCancel(t.Context())
		err = one.Write(request, func(tx *db.Tx) error {
			waiting, cancel := context.WithCancel(t.Context())
			result := make(chan error)
			go func() {
				result <- one.Write(waiting, func(tx *db.Tx) error { return add(t.Context(), tx, "waiting") })
			}()
			go func() {
				impatient := db.WithTimeout(t.Context(), time.Millisecond)
				result <- one.Write(impatient, func(tx *db.Tx) error { return add(t.Context(), tx, "impatient") })
			}()
			if err := <-result; !fault.Is(err, fault.Unavailable) {
				t.Errorf("impatient: %v", err)
			}
			cancel()
			if err := <-result; !fault.Is(err, fault.Unavailable) {
				t.Errorf("waiting: %v", err)
			}
			goAway()
			return add(request, tx, "begun")
		})
		if err != nil {
			t.Errorf("begun: %v", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		err = one.Write(gone, func(tx *db.Tx) error { return add(t.Context(), tx, "gone") })
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("gone before: %v", err)
		}
		wantLabs(t, one, "begun")
	})
}

// A write that takes too long is refused at its next statement, even if it hides that.
func TestLateWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		emptyLab(t, d)
		ctx := db.WithTimeout(t.Context(), 300*time.Millisecond)
		for range 2 {
			err := d.Write(ctx, func(tx *db.Tx) error {
				if err := add(ctx, tx, "in time"); err != nil {
					return err
				}
				time.Sleep(400 * time.Millisecond)
				add(ctx, tx, "late")
				return nil
			})
			if !fault.Is(err, fault.Unavailable) || errors.Is(err, db.ErrUnsure) {
				t.Errorf("late: %v", err)
			}
		}
		wantLabs(t, d)
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error { return add(ctx, tx, "next") })
		wantLabs(t, d, "next")
	})
}

// Two transactions that lock two rows crosswise both end well: one of them runs twice.
func TestDeadlockIsTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d, rand.New(rand.NewPCG(1, 1)), 2)
		ctx := t.Context()
		var runs atomic.Int32
		var both, done sync.WaitGroup
		if d.Dialect() == db.Postgres { // on SQLite the second cannot begin before the first ends
			both.Add(2)
		}
		cross := func(a, b string) {
			err := d.Write(ctx, func(tx *db.Tx) error {
				first := runs.Add(1) <= 2
				if err := db.ExecOne(ctx, tx, qLabSet, a, 7); err != nil {
					return err
				}
				if d.Dialect() == db.Postgres && first {
					both.Done()
					both.Wait()
				}
				if err := db.ExecOne(ctx, tx, qLabSet, b, 7); err != nil {
					return fmt.Errorf("hides its cause: %s", err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
		done.Go(func() { cross("0000", "0001") })
		done.Go(func() { cross("0001", "0000") })
		done.Wait()
		if n := runs.Load(); d.Dialect() == db.Postgres && n < 3 {
			t.Errorf("%d runs: there was no deadlock", n)
		}
	})
}

// When the database keeps asking to try again, that ends.
func TestAttemptsEnd(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	runs := 0
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		runs++
		_, err := db.Exec(t.Context(), tx, qRaise)
		return err
	})
	if !fault.Is(err, fault.Unavailable) || runs != 5 {
		t.Errorf("%d runs, %v", runs, err)
	}
}

var qRaise = db.StmtFor(db.SQL{
	Postgres: `DO 'BEGIN RAISE EXCEPTION ''again'' USING ERRCODE = ''40001''; END'`,
})

// A SQLite file that another process holds for long is Unavailable, and works afterwards.
func TestBusyFile(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	emptyLab(t, d)
	other, err := db.Open(t.Context(), db.Options{URL: d.URL()})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	db.SetBusy(t, other, 50*time.Millisecond)
	ctx := t.Context()
	mustWrite(t, d, func(_ context.Context, tx *db.Tx) error {
		err := other.Write(ctx, func(tx *db.Tx) error { return add(ctx, tx, "busy") })
		if !fault.Is(err, fault.Unavailable) || errors.Is(err, db.ErrUnsure) {
			t.Errorf("busy: %v", err)
		}
		return nil
	})
	err = other.Write(ctx, func(tx *db.Tx) error { return add(ctx, tx, "free") })
	if err != nil {
		t.Error(err)
	}
	wantLabs(t, d, "free")
}

// Writers on two DBs of one database, as two processes have, lose nothing and never see each other
// half done.
func TestTwoProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d, rand.New(rand.NewPCG(1, 1)), 1)
		other, err := db.Open(t.Context(), db.Options{URL: d.URL()})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		ctx := t.Context()
		const writers, times = 4, 25
		var wg sync.WaitGroup
		var start int64
		for _, x := range allLabs(t, d) {
			start = x.N
		}
		for i := range writers {
			which := []*db.DB{d, other}[i%2]
			wg.Go(func() {
				for range times {
					err := which.Write(ctx, func(tx *db.Tx) error {
						_, err := db.Exec(ctx, tx, qLabUp)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if got := allLabs(t, d)[0].N; got != start+writers*times {
			t.Errorf("%d, want %d", got, start+writers*times)
		}
	})
}

var qLabUp = db.Stmt(`UPDATE lab SET n = n + 1 WHERE id = '0000'`)

// A closed database refuses politely.
func TestClosed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, shared *db.DB) {
		t.Parallel()
		d, err := db.Open(t.Context(), db.Options{URL: shared.URL()})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		err = d.Write(t.Context(), func(*db.Tx) error { return nil })
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("write: %v", err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("close again: %v", err)
		}
	})
}
