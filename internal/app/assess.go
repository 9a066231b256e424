package app

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/assess/assesshttp"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/occasion/occasionhttp"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
)

// assessments makes the room of the yearly assessment.
func (a *App) assessments(ctx context.Context, times process.Times) error {
	var err error
	a.Assess, err = assess.New(a.Unit, times, assess.Options{Party: a.Party,
		Figures: planFigures{a.Plan, a.Party, a.Clock}})
	if err != nil {
		return err
	}
	if err := a.Assess.Load(ctx); err != nil {
		return fmt.Errorf("load the schemes of assessments: %w", err)
	}
	return nil
}

func (a *App) assessDoor() module {
	return assesshttp.New(a.Assess, a.Web, occasionhttp.Deps{Party: a.Party, Dict: a.Dict, Clock: a.Clock,
		Home: a.city})
}

// planFigures are the figures of assessments that the room of targets and tasks can prove.
type planFigures struct {
	plan  *plan.Service
	party *party.Service
	clock clock.Clock
}

// Figures returns the targets of a unit that are due in a year, and the tasks that it leads in it. A
// target has no completion here: nothing observes its value, so somebody types the score in.
func (f planFigures) Figures(
	ctx context.Context, by authz.Actor, org string, year int,
) (map[string][]assess.Fact, error) {
	from := clock.Date(fmt.Sprintf("%04d-01-01", year))
	until := clock.Date(fmt.Sprintf("%04d-12-31", year))
	out := map[string][]assess.Fact{}
	filters := []plan.TargetFilter{{Org: org, From: from, To: until}}
	o, err := f.party.GetOrganisation(ctx, by, org)
	if err != nil {
		return nil, err
	}
	if o.Kind == "government" && o.Region.Level() == region.LevelCounty {
		filters = append(filters, plan.TargetFilter{Region: o.Region, From: from, To: until})
	}
	seen := map[string]bool{}
	for _, filter := range filters {
		err := each(func(p db.PageReq) (db.Page[plan.Target], error) {
			return f.plan.ListTargets(ctx, by, filter, "", p)
		}, func(t plan.Target) {
			if !seen[t.ID] && !t.Dropped {
				seen[t.ID] = true
				out[assess.Targets] = append(out[assess.Targets], assess.Fact{Name: t.Text(), Href: "/targets/" + t.ID})
			}
		})
		if err != nil {
			return nil, err
		}
	}
	tasks := plan.TaskFilter{Org: org, Part: plan.Lead, From: from} // under way in the year, whenever they are due
	now := f.clock.Now()
	return out, each(func(p db.PageReq) (db.Page[plan.Task], error) {
		return f.plan.ListTasks(ctx, by, tasks, "", p)
	}, func(t plan.Task) {
		if t.Start <= until && clock.DateOf(clock.Time(t.CreatedUs)) <= until {
			addTask(out, t, now)
		}
	})
}

// addTask adds what a task counts for: its progress against its plan, its light, its being late.
func addTask(out map[string][]assess.Fact, t plan.Task, now time.Time) {
	done := t.State == plan.TaskDone || t.State == plan.TaskStruck
	if t.State == plan.TaskDraft || t.State == plan.TaskTerminated {
		return
	}
	x := assess.Fact{Name: t.Code + " " + t.Title, Href: "/tasks/" + t.ID,
		Note: plan.PercentText(t.ProgressBp) + "% / " + t.Light.Planned + "%"}
	add := func(figure string) { out[figure] = append(out[figure], x) }
	if planned, ok := new(big.Rat).SetString(t.Light.Planned); ok && planned.Sign() > 0 && !done {
		x.Ratio = new(big.Rat).Quo(big.NewRat(t.ProgressBp, 100), planned).RatString()
	} else if done {
		x.Ratio = "1"
	}
	add(assess.Tasks)
	x.Ratio = ""
	switch t.Light.Colour {
	case plan.Red:
		add(assess.Red)
	case plan.Yellow:
		add(assess.Yellow)
	}
	if !done && t.DueUs > 0 && t.DueUs < clock.Us(now) {
		add(assess.Overdue)
	}
}

// each goes through all pages of a list.
func each[T any](page func(db.PageReq) (db.Page[T], error), do func(T)) error {
	for at := (db.PageReq{Limit: db.MaxLimit}); ; {
		p, err := page(at)
		if err != nil {
			return err
		}
		for _, x := range p.Items {
			do(x)
		}
		if p.Next == "" {
			return nil
		}
		at.After = p.Next
	}
}
