package job

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// keep looks after the running jobs until ctx ends: every Poll it stores their progress and drops
// those that are no longer ours, and every third of a lease it renews the leases, frees the jobs of
// dead processes and starts periodic work.
func (r *Runner) keep(ctx context.Context) {
	look := time.NewTicker(r.opt.Poll)
	defer look.Stop()
	for {
		if err := r.tend(ctx); err != nil && ctx.Err() == nil {
			r.opt.Log.Error("tend running jobs", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// tend is one look. When the database cannot be reached until the leases end, the jobs are dropped:
// another process may be running them by then.
func (r *Runner) tend(ctx context.Context) error {
	now := r.clock.Now()
	err := r.tendRunning(ctx, now)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil || !now.After(r.validTo) {
		return err
	}
	for _, run := range r.running {
		if run.job.LeaseUntilUs < clock.Us(now) {
			run.cancel(ErrLost)
		}
	}
	return err
}

func (r *Runner) tendRunning(ctx context.Context, now time.Time) error {
	runs := r.snapshot()
	if len(runs) > 0 {
		if err := r.dropLost(ctx, runs); err != nil {
			return err
		}
		if err := r.storeProgress(ctx, runs); err != nil {
			return err
		}
	}
	if now.Before(r.beatAt) {
		return nil
	}
	if err := r.renew(ctx, runs, now); err != nil {
		return err
	}
	if err := r.free(ctx, now); err != nil {
		return err
	}
	if err := r.startPeriodic(ctx, now); err != nil {
		return err
	}
	r.beatAt = now.Add(r.opt.Lease / 3)
	return nil
}

func (r *Runner) snapshot() []*Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]*Run, 0, len(r.running))
	for _, run := range r.running {
		out = append(out, run)
	}
	return out
}

// attempt names one run of one job.
type attempt struct {
	id string
	n  int64
}

// dropLost tells handlers whose job was cancelled or taken over. A job that ended by itself since
// the snapshot is told too, which harms nobody.
func (r *Runner) dropLost(ctx context.Context, runs []*Run) error {
	held := map[attempt]bool{}
	err := db.Each(ctx, r.db, qHeld, func(row db.Row) error {
		var a attempt
		err := row.Scan(&a.id, &a.n)
		held[a] = true
		return err
	}, r.owner)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if !held[attempt{run.job.ID, run.job.Attempt}] {
			run.cancel(ErrLost)
		}
	}
	return nil
}

func (r *Runner) storeProgress(ctx context.Context, runs []*Run) error {
	for _, run := range runs {
		percent, text, dirty := run.takeProgress()
		if !dirty {
			continue
		}
		j := run.job
		err := r.db.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, qProgress, j.ID, j.Attempt, j.LeaseOwner, percent, text.Encode())
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// renew extends the leases of the jobs that are really running here. One that is only ours by name,
// because its end could not be stored, must run out.
func (r *Runner) renew(ctx context.Context, runs []*Run, now time.Time) error {
	if len(runs) == 0 {
		return nil
	}
	until := now.Add(r.opt.Lease)
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		for _, run := range runs {
			j := run.job
			_, err := db.Exec(ctx, tx, qRenew, j.ID, j.Attempt, j.LeaseOwner, clock.Us(until))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		r.mu.Lock()
		r.validTo = until
		r.mu.Unlock()
	}
	return err
}

// free takes the jobs back whose process went away.
func (r *Runner) free(ctx context.Context, now time.Time) error {
	_, some, err := db.Find(ctx, r.db, qAnyAbandoned, db.One[int64], clock.Us(now))
	if err != nil || !some {
		return err
	}
	text := Text{Key: "处理任务的进程中断了"}.Encode()
	return r.db.Write(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, qAbandoned, clock.Us(now), text,
			"the lease ended: the process crashed or could not reach the database")
		if n > 0 {
			r.opt.Log.Warn("jobs were abandoned", "count", n)
		}
		return err
	})
}

// drop stops the handler of a job that was just cancelled here.
func (r *Runner) drop(jobID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if run, ok := r.running[jobID]; ok {
		run.cancel(ErrLost)
	}
}
