package dispatch

import (
	"context"
	"fmt"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/process"
)

const (
	jobRemind     = "dispatch.remind"
	remindTimeout = 10 * time.Minute
	remindBatch   = 200
	remindDays    = 1 // working days ahead
)

// Teller tells notices; package notify does.
type Teller interface {
	TellAt(ctx context.Context, tx *db.Tx, atUs int64, n notify.Notice) error
}

// RegisterJobs gives the runner the work of this room: reminding those whose reply is due. It is
// called while the program is put together.
func (s *Service) RegisterJobs(r *job.Runner, tell Teller) {
	r.Handle(jobRemind, remindTimeout, func(ctx context.Context, run *job.Run) error {
		n, err := s.Remind(ctx, tell)
		if err != nil {
			return err
		}
		return run.Result(map[string]int{"reminded": n})
	})
	r.Daily(jobRemind, "08:30", job.Spec{Kind: jobRemind})
}

// Remind tells who has to answer a letter by the end of the next working day, once for each deadline,
// and returns of how many it told.
func (s *Service) Remind(ctx context.Context, tell Teller) (int, error) {
	now := s.unit.Clock().Now()
	until := workingDay(s.times.Calendar, s.today(), remindDays).AddDays(1).Start()
	w := db.Where{}.And("process = $1 AND name = 'reply' AND due_us >= $2", LetterProcess.Name(), clock.Us(now))
	page, done := db.PageReq{Limit: remindBatch}, 0
	for {
		runs, err := process.Overdue(ctx, s.unit.DB(), until, w, page)
		if err != nil {
			return done, err
		}
		err = s.unit.DB().Write(ctx, func(tx *db.Tx) error {
			for _, r := range runs.Items {
				l, err := letterByID(ctx, tx, r.Object)
				if err != nil {
					return fmt.Errorf("remind of %s: %w", r.Object, err)
				}
				if err := tell.TellAt(ctx, tx, clock.Us(now), soonNotice(l, r)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done += len(runs.Items)
		if runs.Next == "" {
			return done, nil
		}
		page.After = runs.Next
	}
}
