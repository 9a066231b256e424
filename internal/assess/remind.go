package assess

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/process"
)

const (
	jobRemind     = "assess.remind"
	remindTimeout = 10 * time.Minute
	remindAhead   = 26 * time.Hour // before the end of the time for appeals
)

// Teller tells notices; package notify does.
type Teller interface {
	TellAt(ctx context.Context, tx *db.Tx, atUs int64, n notify.Notice) error
}

// RegisterJobs gives the runner the work of this room: reminding units that the time for appeals ends. It
// is called while the program is put together.
func (s *Service) RegisterJobs(r *job.Runner, tell Teller) {
	r.Handle(jobRemind, remindTimeout, func(ctx context.Context, run *job.Run) error {
		n, err := s.Remind(ctx, tell)
		if err != nil {
			return err
		}
		return run.Result(map[string]int{"reminded": n})
	})
	r.Every(jobRemind, time.Hour, job.Spec{Kind: jobRemind, UniqueKey: jobRemind})
}

// Remind tells the units of a round that the time for appeals ends within the next day, once, and returns
// of how many rounds it told. A unit that has filed an appeal is told too: it may have more to say.
func (s *Service) Remind(ctx context.Context, tell Teller) (int, error) {
	now := s.unit.Clock().Now()
	w := db.Where{}.And("process = $1 AND name = 'appeal' AND due_us >= $2", RoundProcess.Name(), clock.Us(now))
	runs, err := process.Overdue(ctx, s.unit.DB(), now.Add(remindAhead), w, db.PageReq{Limit: db.MaxLimit})
	if err != nil {
		return 0, err
	}
	err = s.unit.DB().Write(ctx, func(tx *db.Tx) error {
		for _, r := range runs.Items {
			x, err := roundByID(ctx, tx, r.Object)
			if err != nil {
				return err
			}
			list, err := db.All(ctx, tx, qEntries, scanEntry, x.ID)
			if err != nil {
				return err
			}
			for _, n := range each(list, soonNotice(x, r.DueUs), true) {
				if err := tell.TellAt(ctx, tx, clock.Us(now), n); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return len(runs.Items), err
}
