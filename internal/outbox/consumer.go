package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Limits of a consumer.
const (
	defaultBatch = 200
	stretch      = 2000             // events of any kind that one transaction passes
	maxError     = 2000             // bytes of an error that are kept
	firstRetry   = time.Second      // after the first failure; doubled for each further one …
	lastRetry    = 10 * time.Minute // … up to here
)

// Consumer keeps something up to date from the feed.
//
// Handle gets the events in order, each exactly once as far as its transaction goes: what it writes
// through tx and the move of the cursor are committed together. It must take time from the events,
// not from a clock, so that a rebuilt projection equals the old one, and must have no effects
// outside of tx; a mail or a request becomes a job with a unique key. It may be called again for
// events whose transaction was undone.
//
// When Handle fails the consumer stops before that event, tries again with growing pauses, and
// shows the error in its Status. No event is ever passed over.
type Consumer struct {
	Name    string
	Kinds   []string // event kinds it wants; nil means all
	Batch   int      // events it wants in one transaction; 0 means 200
	FromNow bool     // a new consumer starts with the next event, not with the first ever stored
	Handle  func(ctx context.Context, tx *db.Tx, events []Stored) error
	Reset   func(ctx context.Context, tx *db.Tx) error // empties the projection; nil: no rebuild

	// Form names how Handle makes the projection: another program, or another rule that ships with it, makes
	// another one of the same events. Outdated is called once in each process that finds the projection made
	// in another form, and asks for what makes it anew; that says so by Renewed. Until then the consumer
	// goes on. nil: nobody asks.
	Form     string
	Outdated func(ctx context.Context, tx *db.Tx) error
}

// worker is a consumer at work in this process.
type worker struct {
	Consumer
	wake  chan struct{}
	kinds string // those it wants, ",a,b,"; "" is all

	mu     sync.Mutex // one batch at a time: Run, CatchUp and Rebuild may meet
	known  bool       // its cursor exists
	size   int        // of the next batch
	behind bool       // the last batch was full
}

func newWorker(c Consumer) *worker {
	if c.Batch <= 0 {
		c.Batch = defaultBatch
	}
	w := &worker{Consumer: c, wake: make(chan struct{}, 1), size: c.Batch}
	if c.Kinds != nil {
		w.kinds = "," + strings.Join(c.Kinds, ",") + ","
	}
	return w
}

// wants says whether the consumer handles events of a kind.
func (w *worker) wants(kind string) bool { return w.Kinds == nil || slices.Contains(w.Kinds, kind) }

// isBehind says whether there was more than one batch could take.
func (w *worker) isBehind() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.behind
}

// batch is one stretch of the feed under way, with those of its events that the consumer wants.
type batch struct {
	from, to Place
	events   []Stored
	full     bool // there may be more
}

// outcome is what came of a step.
type outcome int

const (
	nothing outcome = iota // there is no event after the cursor
	waits                  // there is, but another process holds the consumer, or it pauses after a failure
	moved
)

// step handles the next batch.
func (d *Dispatcher) step(ctx context.Context, w *worker) (outcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := d.ensure(ctx, w); err != nil {
		return nothing, err
	}
	now := d.clock.Now()
	ready, some, err := db.Find(ctx, d.db, qReady, db.One[int64], w.Name, d.owner, clock.Us(now))
	switch {
	case err != nil || !some:
		return nothing, err
	case ready == 0:
		return waits, nil
	}
	b, err := d.handle(ctx, w, now)
	switch {
	case err == nil && !b.from.before(b.to):
		return waits, nil // another process was faster
	case err == nil:
		w.size = min(w.size*2, w.Batch)
		w.behind = b.full
		return moved, nil
	case len(b.events) == 0:
		return nothing, err // did not come to handling: the database is away
	case len(b.events) > 1:
		w.size, w.behind = 1, true // one by one up to the one that fails
		return moved, nil
	}
	return waits, d.fail(ctx, w, b, err)
}

// handle leases the cursor, handles the next events and moves, all in one transaction.
func (d *Dispatcher) handle(ctx context.Context, w *worker, now time.Time) (batch, error) {
	var b batch
	err := d.db.Write(ctx, func(tx *db.Tx) error {
		b = batch{}
		nowUs, until := clock.Us(now), clock.Us(now.Add(d.opt.Lease))
		from, mine, err := db.Find(ctx, tx, qLease, scanPlace, w.Name, d.owner, nowUs, until)
		if err != nil || !mine {
			return err
		}
		if b, err = w.next(ctx, tx, from); err != nil || !b.from.before(b.to) {
			return err
		}
		if err := w.call(ctx, tx, b.events); err != nil {
			return err
		}
		return db.ExecOne(ctx, tx, qMove, w.Name, b.to.Seq, b.to.N, nowUs, from.Seq, from.N)
	})
	return b, err
}

// next reads what comes after a place. Most events are for somebody else: the database passes over them, and
// a transaction passes many.
func (w *worker) next(ctx context.Context, tx *db.Tx, from Place) (batch, error) {
	var end Place
	var passed int64
	_, some, err := db.Find(ctx, tx, qStretch, func(r db.Row) (Place, error) {
		return end, r.Scan(&end.Seq, &end.N, &passed)
	}, from.Seq, from.N, int64(stretch))
	if err != nil || !some {
		return batch{}, err
	}
	events, err := db.All(ctx, tx, qWanted, scanStored, from.Seq, from.N, int64(stretch), w.kinds, int64(w.size))
	n := len(events)
	if n > 0 {
		last := Place{events[n-1].Seq, events[n-1].N}
		// More of them may stand before the end; or this one was committed after the end was read.
		if n == w.size || end.before(last) {
			end = last
		}
	}
	return batch{from, end, events, n == w.size || passed == stretch}, err
}

// call hands over the events the consumer wants. A panic counts as a failure.
func (w *worker) call(ctx context.Context, tx *db.Tx, events []Stored) (err error) {
	if len(events) == 0 {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return w.Handle(ctx, tx, events)
}

// fail notes the failure of a single event and when to try again. The pause is stored, so another
// process does not try in between.
func (d *Dispatcher) fail(ctx context.Context, w *worker, b batch, cause error) error {
	e := b.events[0]
	cause = fmt.Errorf("consumer %s, event %d.%d %s of %s: %w", w.Name, e.Seq, e.N, e.Kind, e.Object,
		cause)
	err := d.db.Write(ctx, func(tx *db.Tx) error {
		n, here, err := db.Find(ctx, tx, qFailures, db.One[int64], w.Name, b.from.Seq, b.from.N)
		if err != nil || !here {
			return err
		}
		now := d.clock.Now()
		retry := clock.Us(now.Add(pause(n)))
		_, err = db.Exec(ctx, tx, qFailed, w.Name, b.from.Seq, b.from.N, n+1, cut(cause.Error()), retry,
			clock.Us(now))
		return err
	})
	return errors.Join(cause, err)
}

// pause doubles with each failure before.
func pause(failures int64) time.Duration {
	p := firstRetry
	for ; failures > 0 && p < lastRetry; failures-- {
		p *= 2
	}
	return min(p, lastRetry)
}

func cut(s string) string {
	if len(s) > maxError {
		s = s[:maxError]
	}
	return toText(s)
}

// ensure makes the cursor of a new consumer, and looks whether that of an old one stands for a projection of
// another form. One that wants all of history cannot start when part of it was removed.
func (d *Dispatcher) ensure(ctx context.Context, w *worker) error {
	if w.known {
		return nil
	}
	form, known, err := db.Find(ctx, d.db, qForm, db.One[string], w.Name)
	switch {
	case err != nil:
	case !known:
		err = d.db.Write(ctx, func(tx *db.Tx) error { return d.addCursor(ctx, tx, w) })
	case form != w.Form && w.Outdated != nil:
		err = d.db.Write(ctx, func(tx *db.Tx) error {
			form, err := Hold(ctx, tx, w.Name) // another process may have had it made anew meanwhile
			if err != nil || form == w.Form {
				return err
			}
			return w.Outdated(ctx, tx)
		})
	}
	w.known = err == nil
	return err
}

func (d *Dispatcher) addCursor(ctx context.Context, tx *db.Tx, w *worker) error {
	removed, err := floor(ctx, tx)
	if err != nil {
		return err
	}
	var at Place
	if w.FromNow {
		at, _, err = db.Find(ctx, tx, qEnd, scanPlace)
	} else if removed > 0 {
		err = errNoHistory(w.Name)
	}
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, qAddCursor, w.Name, at.Seq, at.N, clock.Us(d.clock.Now()), w.Form)
	return err
}

func errNoHistory(name string) error {
	return fault.New(fault.Conflict, "「%s」需要全部历史事件，但较早的已被清理", name)
}
