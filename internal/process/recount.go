package process

import (
	"context"
	"errors"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var qRunOne = db.Stmt(`SELECT ` + runColumns + ` FROM process_clock
	WHERE process = $1 AND object_id = $2 AND name = $3 AND run = $4 AND ended_us = 0
	AND paused_us = 0`)

// Moved is the audit detail of a deadline that a new calendar moved.
type Moved struct {
	Process string `json:"process"`
	Clock   string `json:"clock"`
	FromUs  int64  `json:"fromUs"`
	ToUs    int64  `json:"toUs"`
}

// Recount counts the deadlines of all running clocks again. It is called after a year of the
// calendar was imported or corrected, once the services count with it, and returns how many
// deadlines it changed. Paused clocks are counted when they go on.
func Recount(ctx context.Context, u *unit.Unit, by authz.Actor, t Times) (int, error) {
	if err := t.Check(); err != nil {
		return 0, err
	}
	changed := 0
	var failed []error
	w := db.Where{}.And("ended_us = 0 AND paused_us = 0")
	page := db.PageReq{Limit: batch}
	for {
		runs, err := db.List(ctx, u.DB(), selectRuns, w, byDue, page, scanRun)
		if err != nil {
			return changed, errors.Join(append(failed, err)...)
		}
		for _, r := range runs.Items {
			was := r
			if err := r.count(t); err != nil {
				return changed, errors.Join(append(failed, err)...)
			}
			if r == was {
				continue
			}
			if err := recount(ctx, u, by, t, was); err != nil {
				failed = append(failed, err)
				continue
			}
			changed++
		}
		if runs.Next == "" || ctx.Err() != nil {
			return changed, errors.Join(failed...)
		}
		page.After = runs.Next
	}
}

// recount changes one clock, as it stands when its turn comes.
func recount(ctx context.Context, u *unit.Unit, by authz.Actor, t Times, seen Run) error {
	err := u.Write(ctx, by, "process.recount", func(tx *unit.Tx) error {
		r, found, err := db.Find(ctx, tx, qRunOne, scanRun, seen.Process, seen.Object, seen.Clock,
			seen.Number)
		if err != nil || !found {
			return err // it stopped meanwhile
		}
		was := r.DueUs
		if err := r.count(t); err != nil {
			return err
		}
		if !r.overdue(tx.NowUs()) {
			r.EscalatedUs = 0
		}
		tx.Audit(audit.Entry{Kind: "process.clock", Object: r.Object, What: "recount",
			Detail: Moved{Process: r.Process, Clock: r.Clock, FromUs: was, ToUs: r.DueUs}})
		return r.save(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("recount %s of %s %s: %w", seen.Clock, seen.Process, seen.Object, err)
	}
	return nil
}
