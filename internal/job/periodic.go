package job

import (
	"context"
	"fmt"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// schedule is a periodic job. Times are cut into slots; at the first look in a new slot one process
// adds the job.
type schedule struct {
	name string
	spec Spec
	slot func(now time.Time) time.Time // start of the slot that now is in
	last time.Time                     // slot that is surely done with
}

// Every adds a job in each stretch of d, counted from 1970. After a break only one is added,
// however many were missed; while one is unfinished no other is added. A schedule that the database
// does not know begins with the next slot.
func (r *Runner) Every(name string, d time.Duration, s Spec) {
	if d < time.Second {
		panic("job: period of " + name + " is too short")
	}
	r.add(name, s, func(now time.Time) time.Time {
		us := clock.Us(now)
		return clock.Time(us - us%d.Microseconds())
	})
}

// Daily adds a job each day at a time of day in China ("03:30"), with the rules of Every.
func (r *Runner) Daily(name, at string, s Spec) {
	t, err := time.Parse("15:04", at)
	if err != nil {
		panic(fmt.Sprintf("job: time of %s: %v", name, err))
	}
	sinceMidnight := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	r.add(name, s, func(now time.Time) time.Time {
		today := clock.DateOf(now)
		if slot := today.Start().Add(sinceMidnight); !slot.After(now) {
			return slot
		}
		return today.AddDays(-1).Start().Add(sinceMidnight)
	})
}

func (r *Runner) add(name string, s Spec, slot func(time.Time) time.Time) {
	for _, old := range r.schedules {
		if old.name == name {
			panic("job: two schedules are called " + name)
		}
	}
	if _, ok := r.handlers[s.Kind]; !ok {
		panic("job: schedule " + name + " has no handler for " + s.Kind)
	}
	if s.UniqueKey == "" {
		s.UniqueKey = "schedule:" + name
	}
	r.schedules = append(r.schedules, &schedule{name: name, spec: s, slot: slot})
}

// startPeriodic adds the jobs whose slot has begun. The slot is taken by compare-and-set in the
// transaction that adds the job, so of several processes one does it, and once.
func (r *Runner) startPeriodic(ctx context.Context, now time.Time) error {
	for _, s := range r.schedules {
		slot := s.slot(now)
		if !slot.After(s.last) {
			continue
		}
		added := false
		err := r.db.Write(ctx, func(tx *db.Tx) error {
			var err error
			added, err = s.begin(ctx, tx, slot, now)
			return err
		})
		if err != nil {
			return fmt.Errorf("start periodic job %s: %w", s.name, err)
		}
		s.last = slot
		if added {
			r.Poke()
		}
	}
	return nil
}

func (s *schedule) begin(ctx context.Context, tx *db.Tx, slot, now time.Time) (bool, error) {
	n, err := db.Exec(ctx, tx, qFirstSlot, s.name, clock.Us(slot))
	if err != nil || n == 1 {
		return false, err // a new schedule waits for its next slot
	}
	n, err = db.Exec(ctx, tx, qNextSlot, s.name, clock.Us(slot))
	if err != nil || n == 0 {
		return false, err // another process was faster
	}
	_, added, err := Add(ctx, tx, clock.Us(now), s.spec)
	return added, err
}

// Housekeeping makes the runner remove old finished jobs every night.
func (r *Runner) Housekeeping(d *Desk) {
	r.Handle("job.prune", 0, func(ctx context.Context, _ *Run) error {
		_, err := d.Prune(ctx)
		return err
	})
	r.Daily("job.prune", "03:40", Spec{Kind: "job.prune"})
}
