// Package unit is the only way to change anything.
//
// Write runs a use case in one transaction: domain rows, process history, audit entries and events
// are stored together or not at all. At its end it takes the head of the audit chain, so the order
// of audit numbers is the order of commits, on both databases and from many processes.
package unit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// Outcome is what Options.Observe is told after each write.
type Outcome struct {
	UseCase string
	Err     error
	Took    time.Duration
}

// Options of a Unit. The zero value uses SHA-256 and observes nothing.
type Options struct {
	Algo    audit.Algo
	Observe func(Outcome)
}

// Unit writes. It is safe for concurrent use.
type Unit struct {
	db      *db.DB
	clock   clock.Clock
	opt     Options
	settler settler
	after   []func()
}

// New returns a Unit over d.
func New(d *db.DB, c clock.Clock, o Options) *Unit {
	if o.Algo == "" {
		o.Algo = audit.SHA256
	}
	return &Unit{db: d, clock: c, opt: o, settler: settler{db: d}}
}

// DB returns the database for reading.
func (u *Unit) DB() *db.DB { return u.db }

// Clock returns the clock that stamps writes.
func (u *Unit) Clock() clock.Clock { return u.clock }

// AfterCommit adds a function that is called after every commit that stored an event. It must
// return at once; dispatchers use it to wake up. Call it before the first write.
func (u *Unit) AfterCommit(f func()) { u.after = append(u.after, f) }

// Tx is an open write. Besides running statements through the embedded transaction, the use case
// says what it did.
type Tx struct {
	*db.Tx
	by      authz.Actor
	nowUs   int64
	own     int64 // rows changed for the unit itself: they need no entry
	entries []audit.Entry
	events  []outbox.Event

	end   *audit.Mark // the last entry of this write
	early bool        // it must be settled before anybody is told of success
}

// By returns who writes.
func (t *Tx) By() authz.Actor { return t.by }

// NowUs returns the time of the write, in microseconds; it is the same for the whole write.
func (t *Tx) NowUs() int64 { return t.nowUs }

// Audit records what was done. A write that changes rows must call it at least once.
func (t *Tx) Audit(e audit.Entry) { t.entries = append(t.entries, e) }

// Emit tells the consumers, once the write is committed.
func (t *Tx) Emit(e outbox.Event) { t.events = append(t.events, e) }

// ErrNoAudit is returned, and the write undone, when rows were changed and nothing was recorded.
var ErrNoAudit = errors.New("write changed rows but recorded no audit entry")

// Write runs fn and stores what it did. useCase is the name of the use case ("party.org.create").
// fn may run more than once and must have no effects outside the transaction.
func (u *Unit) Write(
	ctx context.Context, by authz.Actor, useCase string, fn func(*Tx) error,
) error {
	start := u.clock.Now()
	var t *Tx
	err := u.db.Write(ctx, func(dtx *db.Tx) error {
		t = &Tx{Tx: dtx, by: by, nowUs: clock.Us(u.clock.Now())}
		if err := fn(t); err != nil {
			return err
		}
		return u.flush(ctx, t, useCase)
	})
	if err == nil && t.early {
		err = u.settler.wait(*t.end)
	}
	if err == nil && len(t.events) > 0 {
		for _, f := range u.after {
			f()
		}
	}
	if u.opt.Observe != nil {
		u.opt.Observe(Outcome{useCase, err, u.clock.Now().Sub(start)})
	}
	return err
}

// flush numbers and chains the audit entries and hands them and the events to the transaction.
func (u *Unit) flush(ctx context.Context, t *Tx, useCase string) error {
	if len(t.entries) == 0 {
		if t.Changed() > t.own || len(t.events) > 0 {
			return fmt.Errorf("%s: %w", useCase, ErrNoAudit)
		}
		return nil
	}
	records, err := t.records(useCase, u.opt.Algo)
	if err != nil {
		return err
	}
	events, err := outbox.Encode(t.events)
	if err != nil {
		return err
	}
	// From here on others may be waiting.
	t.end, err = audit.Chain(ctx, t.Tx, records)
	if err != nil {
		return err
	}
	if err := outbox.Append(ctx, t.Tx, t.end.Seq, t.nowUs, events); err != nil {
		return err
	}
	t.early = t.CommitEarly()
	return nil
}

func (t *Tx) records(useCase string, algo audit.Algo) ([]audit.Record, error) {
	out := make([]audit.Record, len(t.entries))
	for i, e := range t.entries {
		detail, err := audit.EncodeDetail(e.Detail)
		if err != nil {
			return nil, err
		}
		out[i] = audit.Record{
			AtUs: t.nowUs, Account: t.by.Account, Login: t.by.Login, Role: string(t.by.EffectiveRole()),
			Via: string(t.by.Via), Request: t.by.Request, UseCase: useCase,
			Kind: e.Kind, Object: e.Object, What: e.What, Reason: e.Reason,
			Detail: detail, Algo: algo,
		}
		if err := out[i].Check(); err != nil {
			return nil, fmt.Errorf("%s: %w", useCase, err)
		}
	}
	return out, nil
}
