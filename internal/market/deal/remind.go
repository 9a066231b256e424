package deal

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
	jobRemind     = "deal.remind"
	remindTimeout = 10 * time.Minute
	remindBatch   = 200
)

// Teller tells notices; package notify does.
type Teller interface {
	TellAt(ctx context.Context, tx *db.Tx, atUs int64, n notify.Notice) error
}

// RegisterJobs gives the runner the work of this room: reminding those whose limits end soon. It is
// called while the program is put together.
func (s *Service) RegisterJobs(r *job.Runner, tell Teller) {
	r.Handle(jobRemind, remindTimeout, func(ctx context.Context, run *job.Run) error {
		n, err := s.remind(ctx, tell)
		if err != nil {
			return err
		}
		return run.Result(map[string]int{"reminded": n})
	})
	r.Daily(jobRemind, "08:40", job.Spec{Kind: jobRemind})
}

// remind tells who answers for a limit that ends within the days of the rule, once for each limit.
func (s *Service) remind(ctx context.Context, tell Teller) (int, error) {
	now := s.unit.Clock().Now()
	rule, err := ruleAt(ctx, s.unit.DB(), s.today())
	if err != nil {
		return 0, err
	}
	until := endOf(workingDay(s.times.Calendar, s.today(), max(rule.RemindDays, 1)))
	w := db.Where{}.And("process = $1 AND due_us >= $2", DealProcess.Name(), clock.Us(now))
	page, done := db.PageReq{Limit: remindBatch}, 0
	for {
		runs, err := process.Overdue(ctx, s.unit.DB(), clock.Time(until+1), w, page)
		if err != nil {
			return done, err
		}
		err = s.unit.DB().Write(ctx, func(tx *db.Tx) error {
			for _, r := range runs.Items {
				d, err := dealByID(ctx, tx, r.Object)
				if err != nil {
					return fmt.Errorf("remind of %s: %w", r.Object, err)
				}
				n := notify.Notice{Kind: noticeSoon, Href: "/deals/" + d.ID,
					To:     []notify.To{ownerOf(r.Owner)},
					Title:  notify.Text{Key: "对接 %s 即将到期", Args: []any{d.Code}},
					Detail: notify.Text{Key: "%s", Args: []any{d.Title}},
					Once:   fmt.Sprintf("%s:%s:%s:%d", noticeSoon, d.ID, r.Clock, r.DueUs)}
				if err := tell.TellAt(ctx, tx, clock.Us(now), n); err != nil {
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
