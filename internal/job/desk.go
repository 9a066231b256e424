package job

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// How long finished jobs are kept.
const (
	KeepDone   = 30 * 24 * time.Hour
	KeepFailed = 180 * 24 * time.Hour // discarded and cancelled
)

const pruneBatch = 1000

// Desk is what people do with jobs. It is safe for concurrent use.
type Desk struct {
	unit     *unit.Unit
	onCancel []func(jobID string)
}

// NewDesk returns a desk over the database of u.
func NewDesk(u *unit.Unit) *Desk { return &Desk{unit: u} }

// Filter narrows the list. Zero fields do not narrow.
type Filter struct {
	Kind, Owner string
	State       State
}

func (f Filter) where() db.Where {
	var w db.Where
	if f.Kind != "" {
		w = w.And("kind = $1", f.Kind)
	}
	if f.Owner != "" {
		w = w.And("owner_account = $1", f.Owner)
	}
	if f.State != "" {
		w = w.And("state = $1", string(f.State))
	}
	return w
}

// List returns a page of the jobs that the actor may see, in the order "newest" or "due".
func (d *Desk) List(
	ctx context.Context, by authz.Actor, f Filter, order string, p db.PageReq,
) (db.Page[Job], error) {
	w := f.where().AndAll(Policy.Scope(by, ActRead))
	page, err := db.List(ctx, d.unit.DB(), jobs, w, jobs.Order(order), p, scan)
	for i := range page.Items {
		page.Items[i] = mask(by, page.Items[i])
	}
	return page, err
}

// Count returns how many jobs in each state the actor may see.
func (d *Desk) Count(ctx context.Context, by authz.Actor, f Filter) (map[State]int64, error) {
	w := f.where().AndAll(Policy.Scope(by, ActRead))
	byName, err := jobs.CountBy(ctx, d.unit.DB(), "state", w)
	out := make(map[State]int64, len(byName))
	for name, n := range byName {
		out[State(name)] = n
	}
	return out, err
}

// Get returns one job; NotFound also for one that the actor may not see.
func (d *Desk) Get(ctx context.Context, by authz.Actor, jobID string) (Job, error) {
	j, err := db.Get(ctx, d.unit.DB(), qByID, scan, jobID)
	if err == nil {
		err = Policy.May(by, ActRead, j)
	}
	if err != nil {
		return Job{}, err
	}
	return mask(by, j), nil
}

// Cancel ends a job that is not finished. A running handler is told through its context, in this
// process at once and in others within a second; what it writes under Run.Hold is refused from now
// on. A finished job is a Conflict.
func (d *Desk) Cancel(ctx context.Context, by authz.Actor, jobID, reason string) error {
	err := d.unit.Write(ctx, by, "job.cancel", func(tx *unit.Tx) error {
		j, err := db.Get(ctx, tx.Tx, qByID, scan, jobID)
		if err == nil {
			err = Policy.May(by, ActCancel, j)
		}
		if err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx.Tx, qCancel, jobID, tx.NowUs())
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "任务已经结束，不能取消")
		}
		tx.Audit(audit.Entry{Kind: "job", Object: jobID, What: "cancel", Reason: reason,
			Detail: map[string]any{"kind": j.Kind, "state": j.State, "owner": j.Owner}})
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range d.onCancel {
		f(jobID)
	}
	return nil
}

// Prune removes jobs that finished long ago, see KeepDone and KeepFailed, and returns how many.
func (d *Desk) Prune(ctx context.Context) (int64, error) {
	now := d.unit.Clock().Now()
	done, failed := clock.Us(now.Add(-KeepDone)), clock.Us(now.Add(-KeepFailed))
	var total int64
	for {
		var n int64
		err := d.unit.DB().Write(ctx, func(tx *db.Tx) error {
			var err error
			n, err = db.Exec(ctx, tx, qPrune, done, failed, int64(pruneBatch))
			return err
		})
		total += n
		if err != nil || n < pruneBatch || ctx.Err() != nil {
			return total, err
		}
	}
}
