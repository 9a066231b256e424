package plan

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const (
	jobLights     = "plan.lights"
	lightsTimeout = 20 * time.Minute
	lightsBatch   = 100
)

var (
	qLightAdd = db.Stmt(`INSERT INTO plan_light (task, colour, base, reasons, planned, gap, rule,
		at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qLightSet = db.Stmt(`UPDATE plan_light SET colour = $2, base = $3, reasons = $4, planned = $5,
		gap = $6, rule = $7, at_us = $8 WHERE task = $1`)
	qCycleSet = db.Stmt(`INSERT INTO plan_light_cycle (task, first, colour) VALUES ($1, $2, $3)
		ON CONFLICT (task, first) DO UPDATE SET colour = excluded.colour`)
	qCycles = db.Stmt(`SELECT c.first, c.colour FROM plan_light_cycle AS c
		WHERE c.task = $1 AND c.first < $2 ORDER BY c.first DESC LIMIT $3`)
	qTasksOpen = db.Stmt(`SELECT t.id FROM plan_task AS t WHERE t.id > $1
		AND t.state NOT IN ('draft', 'done', 'struck', 'terminated') ORDER BY t.id LIMIT $2`)
)

func (l Light) row(taskID string) []any {
	return []any{taskID, string(l.Colour), string(l.base), encode(l.Reasons), l.Planned, l.Gap,
		l.Rule, l.AtUs}
}

func addLight(ctx context.Context, tx *unit.Tx, taskID string, l Light) error {
	return db.ExecOne(ctx, tx.Tx, qLightAdd, l.row(taskID)...)
}

type cycle struct {
	first  clock.Date
	colour Colour
}

func scanCycle(r db.Row) (cycle, error) {
	var c cycle
	err := r.Scan(&c.first, &c.colour)
	return c, err
}

// yellowBefore counts the cycles in a row right before the one that begins on a day that were
// yellow.
func yellowBefore(ctx context.Context, q db.Q, t Task, first clock.Date) (int, error) {
	list, err := db.All(ctx, q, qCycles, scanCycle, t.ID, string(first), int64(maxYellowCycles))
	if err != nil {
		return 0, err
	}
	n := 0
	for _, c := range list {
		first = cycleOf(t.Cadence, first.AddDays(-1))
		if c.first != first || c.colour != Yellow {
			break
		}
		n++
	}
	return n, nil
}

// relight computes the light of a task as it is now and stores it if it changed.
func (s *Service) relight(ctx context.Context, tx *unit.Tx, taskID string) error {
	t, err := taskByID(ctx, tx, taskID)
	if err != nil {
		return err
	}
	now := clock.Time(tx.NowUs())
	rule, err := ruleAt(ctx, tx, clock.DateOf(now))
	if err != nil {
		return err
	}
	first := cycleOf(t.Cadence, clock.DateOf(now))
	before, err := yellowBefore(ctx, tx, t, first)
	if err != nil {
		return err
	}
	next := LightOf(rule, t, before, now)
	if next.base == Red || next.base == Yellow || next.base == Green {
		err := db.ExecOne(ctx, tx.Tx, qCycleSet, t.ID, string(first), string(next.base))
		if err != nil {
			return err
		}
	}
	if next.Colour != t.Light.Colour {
		tx.Emit(outbox.Event{Kind: EventTaskLight, Object: t.ID,
			Data: LightEvent{From: t.Light.Colour, To: next.Colour}})
	}
	return db.ExecOne(ctx, tx.Tx, qLightSet, next.row(t.ID)...)
}

// lightsJob computes the lights of all tasks under way: days pass although nobody writes.
func (s *Service) lightsJob(ctx context.Context, r *job.Run) error {
	n, err := s.Relight(ctx, reader)
	if err != nil {
		return err
	}
	return r.Result(map[string]int{"tasks": n})
}

// Relight computes the lights of all tasks under way and returns how many there are.
func (s *Service) Relight(ctx context.Context, by authz.Actor) (int, error) {
	n := 0
	for last := ""; ; {
		ids, err := db.All(ctx, s.unit.DB(), qTasksOpen, db.One[string], last, int64(lightsBatch))
		if err != nil || len(ids) == 0 {
			return n, err
		}
		err = s.unit.Write(ctx, by, "plan.lights", func(tx *unit.Tx) error {
			for _, taskID := range ids {
				if err := s.relight(ctx, tx, taskID); err != nil {
					return fmt.Errorf("light of task %s: %w", taskID, err)
				}
			}
			tx.Audit(audit.Entry{Kind: kindTask, What: "lights",
				Detail: map[string]any{"tasks": len(ids), "from": ids[0]}})
			return nil
		})
		if err != nil {
			return n, err
		}
		n += len(ids)
		last = slices.Max(ids)
	}
}
