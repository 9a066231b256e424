package outbox

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
)

// Options of a Dispatcher. The zero value means the defaults.
type Options struct {
	Poll  time.Duration // how often to look without being poked; default 1 s
	Lease time.Duration // how long a consumer stays with a process that went away; default 30 s
	Log   *slog.Logger  // default discards
}

// Dispatcher runs the consumers of one process. Several processes may run the same consumers on one
// database: each consumer is handled by one of them at a time.
type Dispatcher struct {
	db      *db.DB
	clock   clock.Clock
	opt     Options
	owner   string
	workers []*worker
	feed    *Tail // wakes them
}

// NewDispatcher returns a dispatcher for consumers with different names; two of one name are a
// mistake in the program and panic.
func NewDispatcher(d *db.DB, c clock.Clock, o Options, consumers ...Consumer) *Dispatcher {
	if o.Poll <= 0 {
		o.Poll = time.Second
	}
	if o.Lease <= 0 {
		o.Lease = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	out := &Dispatcher{db: d, clock: c, opt: o, owner: id.New()}
	out.feed = NewTail(d, Place{}, TailOptions{Poll: o.Poll, Log: o.Log, Handle: out.wake})
	for _, c := range consumers {
		if out.find(c.Name) != nil || c.Name == "" || c.Handle == nil {
			panic("outbox: consumer without a name of its own or without Handle: " + c.Name)
		}
		out.workers = append(out.workers, newWorker(c))
	}
	return out
}

func (d *Dispatcher) find(name string) *worker {
	for _, w := range d.workers {
		if w.Name == name {
			return w
		}
	}
	return nil
}

// Poke says that there may be new events. It returns at once; unit calls it after a commit.
func (d *Dispatcher) Poke() { d.feed.Poke() }

// Run handles events until ctx ends and returns when the batches under way are done. Failures are
// logged and stored with the cursor; they do not end it.
func (d *Dispatcher) Run(ctx context.Context) {
	// Before the consumers look for the first time, so that no event falls between the two.
	if err := d.feed.skip(ctx); err != nil {
		d.opt.Log.Warn("find the end of the feed", "error", err) // all that ever happened wakes them, then
	}
	var all sync.WaitGroup
	all.Go(func() { d.feed.Run(ctx) })
	for _, w := range d.workers {
		all.Go(func() { d.follow(ctx, w) })
	}
	all.Wait()
	// Others need not wait for the leases to run out.
	err := d.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, qRelease, d.owner)
		return err
	})
	if err != nil {
		d.opt.Log.Warn("release consumers", "error", err)
	}
}

// wake wakes the consumers that want one of some events. Most events are for few: if each consumer moved its
// cursor past each event, a write would be followed by a dozen, and every commit makes SQLite's readers forget
// the pages they know.
func (d *Dispatcher) wake(_ context.Context, events []Stored) error {
	for _, w := range d.workers {
		if slices.ContainsFunc(events, func(e Stored) bool { return w.wants(e.Kind) }) {
			nudge(w.wake)
		}
	}
	return nil
}

// firstRest is how long a consumer rests that is up to date after it moved. While it finds new events after
// each rest, it rests twice as long, up to half a Poll: a single event is handled at once, and of a stream of
// writes it takes what came in meanwhile in one transaction instead of one for each.
const firstRest = 5 * time.Millisecond

// idlePolls is how many Polls a consumer stays where it is while events pass that it does not want. Then it
// moves past them, which also finds what the feed cannot tell: that a process which held the consumer is gone, or
// that a database server lost its last events in a crash and gave their places to others.
const idlePolls = 10

// follow handles what there is, then waits until there is more that the consumer wants.
func (d *Dispatcher) follow(ctx context.Context, w *worker) {
	look := time.NewTicker(d.opt.Poll)
	defer look.Stop()
	idle := time.NewTicker(idlePolls * d.opt.Poll)
	defer idle.Stop()
	rest := time.NewTimer(0)
	defer rest.Stop()
	for long := time.Duration(0); ctx.Err() == nil; {
		how, err := d.step(ctx, w)
		if err != nil && ctx.Err() == nil {
			d.opt.Log.Error("consumer stopped", "consumer", w.Name, "error", err)
		}
		if how == moved && w.isBehind() {
			continue
		}
		if how == moved {
			long = min(max(2*long, firstRest), d.opt.Poll/2)
			rest.Reset(long)
			select {
			case <-ctx.Done():
			case <-rest.C:
			}
		} else {
			long = 0
		}
		var soon <-chan time.Time
		if how == waits || err != nil {
			soon = look.C
		}
		select {
		case <-ctx.Done():
		case <-w.wake:
		case <-soon:
		case <-idle.C:
		}
	}
}

// CatchUp handles everything that was stored before the call, for commands and tests. It ends with
// the first failure, or when another process holds a consumer.
func (d *Dispatcher) CatchUp(ctx context.Context) error {
	for _, w := range d.workers {
		if err := d.catchUp(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dispatcher) catchUp(ctx context.Context, w *worker) error {
	end, _, err := db.Find(ctx, d.db, qEnd, scanPlace)
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		how, err := d.step(ctx, w)
		if err != nil {
			return err
		}
		if how == moved {
			continue
		}
		at, _, err := db.Find(ctx, d.db, qCursor, scanPlace, w.Name)
		if err != nil {
			return err
		}
		if at.before(end) {
			return errBusy(w.Name)
		}
		return nil
	}
}

// toText makes any bytes storable as text on both databases: valid UTF-8 without NUL.
func toText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}
