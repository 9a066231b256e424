package outbox

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
)

// TailOptions of a Tail.
type TailOptions struct {
	Kinds  []string // events that are handed over; nil means all
	Poll   time.Duration
	Log    *slog.Logger
	Handle func(ctx context.Context, events []Stored) error // may be handed the same again
}

// Tail reads the feed for what one process keeps in memory, such as an index. Unlike a Consumer it
// has no cursor in the database, so several processes follow the same feed each for itself. Where it
// starts is for its owner to say: after End for a state read from the tables after that.
type Tail struct {
	TailOptions

	db   *db.DB
	wake chan struct{}

	mu sync.Mutex // one batch at a time
	at Place
}

// tailBatch is how many events are read at once.
const tailBatch = 500

// NewTail returns a tail that starts after a place.
func NewTail(d *db.DB, at Place, o TailOptions) *Tail {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Poll = max(o.Poll, 10*time.Millisecond)
	return &Tail{TailOptions: o, db: d, at: at, wake: make(chan struct{}, 1)}
}

// End returns the place of the last event stored.
func End(ctx context.Context, q db.Q) (Place, error) {
	at, _, err := db.Find(ctx, q, qEnd, scanPlace)
	return at, err
}

// Place returns the place of the last event handled.
func (t *Tail) Place() Place {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at
}

// Poke wakes Run; it returns at once. unit calls it after a commit.
func (t *Tail) Poke() { nudge(t.wake) }

// nudge leaves a token for whoever waits at a channel of one place.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // there is one
	}
}

// skip goes to the end of what is stored, for who needs none of it.
func (t *Tail) skip(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, err := End(ctx, t.db)
	if err == nil {
		t.at = at
	}
	return err
}

// CatchUp handles every event that is stored when it is called.
func (t *Tail) CatchUp(ctx context.Context) error {
	for {
		more, err := t.step(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// step handles the next batch and says whether there may be more.
func (t *Tail) step(ctx context.Context) (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	events, err := db.All(ctx, t.db, qEvents, scanStored, t.at.Seq, t.at.N, int64(tailBatch))
	if err != nil || len(events) == 0 {
		return false, err
	}
	last := events[len(events)-1]
	mine := events
	if t.Kinds != nil {
		mine = slices.DeleteFunc(events, func(e Stored) bool { return !slices.Contains(t.Kinds, e.Kind) })
	}
	if len(mine) > 0 {
		if err := t.Handle(ctx, mine); err != nil {
			return false, err
		}
	}
	t.at = Place{last.Seq, last.N}
	return true, ctx.Err()
}

// Run handles events until ctx ends: at once after a Poke, and every Poll for those of other
// processes. Failures are logged and tried again.
func (t *Tail) Run(ctx context.Context) {
	look := time.NewTicker(t.Poll)
	defer look.Stop()
	for ctx.Err() == nil {
		if err := t.CatchUp(ctx); err != nil && ctx.Err() == nil {
			t.Log.Error("tail of the feed stopped", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-t.wake:
		case <-look.C:
		}
	}
}
