package outbox

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

func errBusy(name string) error {
	return fault.New(fault.Unavailable, "「%s」正由另一个进程处理或在出错后等待，请稍后再试", name)
}

// Rebuild empties the projection of a consumer and replays the whole feed into it. It returns when
// everything stored before the call is handled. Other processes step aside; readers see the
// projection grow. After a failure the consumer goes on by itself from where it came to.
func (d *Dispatcher) Rebuild(ctx context.Context, name string) error {
	w := d.find(name)
	if w == nil {
		return fault.New(fault.NotFound, "没有名为「%s」的事件消费者", name)
	}
	if w.Reset == nil {
		return fault.New(fault.Conflict, "「%s」不能重建", name)
	}
	if err := d.rewind(ctx, w); err != nil {
		return err
	}
	return d.catchUp(ctx, w)
}

// rewind waits for a batch of another process to end, because that one holds the row.
func (d *Dispatcher) rewind(ctx context.Context, w *worker) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := d.ensure(ctx, w); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *db.Tx) error {
		removed, err := floor(ctx, tx)
		if err != nil {
			return err
		}
		if removed > 0 {
			return errNoHistory(w.Name)
		}
		now := d.clock.Now()
		err = db.ExecOne(ctx, tx, qRewind, w.Name, clock.Us(now), d.owner,
			clock.Us(now.Add(d.opt.Lease)), w.Form)
		if err != nil {
			return err
		}
		return w.Reset(ctx, tx)
	})
}

// FormOf returns the form in which the projection of a consumer was made, "" for one that was never asked.
func FormOf(ctx context.Context, q db.Q, name string) (string, error) {
	form, _, err := db.Find(ctx, q, qForm, db.One[string], name)
	return form, err
}

// Hold keeps a consumer from handling events until the transaction ends, so that what is written beside it is
// neither older nor newer than what it wrote, and returns the form of the projection. It is NotFound where the
// consumer never ran.
func Hold(ctx context.Context, tx *db.Tx, name string) (string, error) {
	return db.Get(ctx, tx, qHold, db.One[string], name)
}

// Renewed says that the projection of a consumer is made in a form now.
func Renewed(ctx context.Context, tx *db.Tx, name, form string) error {
	return db.ExecOne(ctx, tx, qRenewed, name, form)
}

// pruneBatch is how many events one transaction removes.
const pruneBatch = 1000

// Prune removes events stored before the given time that every consumer has handled, and returns
// how many. Afterwards no projection can be rebuilt and no new consumer can read all of history, so
// it is for cities whose feed has become too long, not for every night.
func Prune(ctx context.Context, d *db.DB, before time.Time) (int64, error) {
	var total int64
	for {
		var n int64
		err := d.Write(ctx, func(tx *db.Tx) error {
			var err error
			n, err = pruneSome(ctx, tx, clock.Us(before))
			return err
		})
		total += n
		if err != nil || n == 0 || ctx.Err() != nil {
			return total, err
		}
	}
}

func pruneSome(ctx context.Context, tx *db.Tx, beforeUs int64) (int64, error) {
	if _, err := floor(ctx, tx); err != nil {
		return 0, err
	}
	last, some, err := db.Find(ctx, tx, qPrunable, db.One[int64], beforeUs, int64(pruneBatch))
	if err != nil || !some {
		return 0, err
	}
	if _, err := db.Exec(ctx, tx, qRaise, last); err != nil {
		return 0, err
	}
	return db.Exec(ctx, tx, qPrune, last)
}
