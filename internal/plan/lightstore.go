package plan

import (
	"context"
	"fmt"
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
	lightsBatch   = 250
)

var (
	qLightAdd = db.Stmt(`INSERT INTO plan_light (task, colour, base, reasons, planned, gap, rule,
		at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qLightPut = db.Stmt(`INSERT INTO plan_light (task, colour, base, reasons, planned, gap, rule,
		at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (task) DO UPDATE SET colour = excluded.colour, base = excluded.base,
			reasons = excluded.reasons, planned = excluded.planned, gap = excluded.gap,
			rule = excluded.rule, at_us = excluded.at_us`)
	qCycleSet = db.Stmt(`INSERT INTO plan_light_cycle (task, first, colour) VALUES ($1, $2, $3)
		ON CONFLICT (task, first) DO UPDATE SET colour = excluded.colour
			WHERE plan_light_cycle.colour <> excluded.colour`)
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

// cycle is how a task went through a cycle of reporting.
type cycle struct {
	first  clock.Date
	colour Colour
}

var cycleList = db.Select(`c.first, c.colour, c.task`, `plan_light_cycle AS c`,
	db.Order{Name: "first", Desc: true, Cols: []db.Col{db.TextCol("c.task"), db.TextCol("c.first")}})

func scanCycle(r db.Row) (cycle, error) {
	var c cycle
	err := r.Scan(&c.first, &c.colour)
	return c, err
}

// cyclesOf returns the cycles of tasks, the latest first, as far back as the rule looks.
func cyclesOf(
	ctx context.Context, q db.Q, ids []any, rule LightRule, today clock.Date,
) (map[string][]cycle, error) {
	out := map[string][]cycle{}
	if rule.YellowCycles == 0 {
		return out, nil
	}
	oldest := today
	for range rule.YellowCycles {
		oldest = cycleOf("quarter", oldest.AddDays(-1)) // the longest cycle there is
	}
	w := db.Where{}.In("c.task", ids...).And("c.first >= $1", string(oldest))
	var task string
	err := db.Stream(ctx, q, cycleList, w, cycleList.Order(""), 0,
		func(r db.Row) (cycle, error) { return scanCycle(behind{r, &task}) },
		func(c cycle) error {
			out[task] = append(out[task], c)
			return nil
		})
	return out, err
}

// yellowBefore counts the cycles in a row right before the one that begins on a day that were
// yellow.
func yellowBefore(list []cycle, cadence string, first clock.Date) int {
	n := 0
	for _, c := range list {
		if c.first >= first {
			continue
		}
		first = cycleOf(cadence, first.AddDays(-1))
		if c.first != first || c.colour != Yellow {
			break
		}
		n++
	}
	return n
}

// relight computes the lights of tasks as they are now, stores what changed of them, and returns
// how many changed.
func (s *Service) relight(ctx context.Context, tx *unit.Tx, ids ...string) (int, error) {
	now := clock.Time(tx.NowUs())
	rule, err := ruleAt(ctx, tx, clock.DateOf(now))
	if err != nil {
		return 0, err
	}
	tasks, err := tasksByID(ctx, tx, ids)
	if err != nil {
		return 0, err
	}
	cycles, err := cyclesOf(ctx, tx, keysOf(ids), rule, clock.DateOf(now))
	if err != nil {
		return 0, err
	}
	var lights, passed [][]any
	for _, t := range tasks {
		first := cycleOf(t.Cadence, clock.DateOf(now))
		next := LightOf(rule, t, yellowBefore(cycles[t.ID], t.Cadence, first), now)
		if next.measured() {
			passed = append(passed, []any{t.ID, string(first), string(next.base)})
		}
		if next.same(t.Light) {
			continue
		}
		if next.Colour != t.Light.Colour {
			tx.Emit(outbox.Event{Kind: EventTaskLight, Object: t.ID,
				Data: LightEvent{From: t.Light.Colour, To: next.Colour}})
		}
		lights = append(lights, next.row(t.ID))
	}
	n, err := db.InsertMany(ctx, tx.Tx, qCycleSet, passed)
	if err != nil {
		return 0, fmt.Errorf("cycles of tasks: %w", err)
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qLightPut, lights); err != nil {
		return 0, fmt.Errorf("lights of tasks: %w", err)
	}
	return max(int(n), len(lights)), nil
}

// measured says whether the light follows from progress, and not from the state alone.
func (l Light) measured() bool {
	return l.base == Red || l.base == Yellow || l.base == Green
}

// same says whether two lights tell people the same.
func (l Light) same(o Light) bool {
	return l.Colour == o.Colour && l.base == o.base && l.Planned == o.Planned && l.Gap == o.Gap &&
		l.Rule == o.Rule && encode(l.Reasons) == encode(o.Reasons)
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
			n, err := s.relight(ctx, tx, ids...)
			if err != nil {
				return err
			}
			if n > 0 {
				tx.Audit(audit.Entry{Kind: kindTask, What: "lights",
					Detail: map[string]any{"changed": n, "from": ids[0], "to": ids[len(ids)-1]}})
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		n += len(ids)
		last = ids[len(ids)-1]
	}
}
