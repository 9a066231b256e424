package demo

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// JobGrow is the kind of the job that makes the city whole.
const JobGrow = "demo.grow"

// growLimit is how long that may take on a slow machine.
const growLimit = 30 * time.Minute

// GrowLater lets a job do Grow as soon as the house runs, where the pages about jobs show how far it
// is. progress is told, too, and done is called once at the end with what went wrong.
func (x *City) GrowLater(ctx context.Context, progress Progress, done func(error) error) error {
	a := x.city.App
	a.Jobs.Handle(JobGrow, growLimit, func(ctx context.Context, r *job.Run) error {
		return done(x.Grow(ctx, func(n, total int) {
			progress(n, total)
			r.Progress(n, total, "已装入 %d / %d 条", n, total)
		}))
	})
	progress(0, x.city.whole(x.volume))
	return a.Unit.Write(ctx, x.city.officer(), "demo.Grow", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "demo", What: "grow"})
		_, _, err := job.Enqueue(ctx, tx, job.Spec{Kind: JobGrow, UniqueKey: JobGrow, MaxAttempts: 1})
		return err
	})
}
