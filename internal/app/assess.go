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
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
)

// assessments makes the room of the yearly assessment.
func (a *App) assessments(ctx context.Context, times process.Times) error {
	var err error
	a.Assess, err = assess.New(a.Unit, times, assess.Options{Party: a.Party,
		Figures: planFigures{a.Plan, a.Party, a.Monitor, a.Clock}})
	if err != nil {
		return err
	}
	a.Assess.RegisterJobs(a.Jobs, a.Notify)
	a.Notify.Follow(a.Assess.NoticeRules()...)
	if err := a.Assess.Load(ctx); err != nil {
		return fmt.Errorf("load the schemes of assessments: %w", err)
	}
	return nil
}

func (a *App) assessDoor() module {
	return assesshttp.New(a.Assess, a.Web, kit.Deps{Party: a.Party, Dict: a.Dict, Clock: a.Clock,
		Home: a.city})
}

// planFigures are the figures of assessments that the rooms of targets, tasks and numbers can prove.
type planFigures struct {
	plan   *plan.Service
	party  *party.Service
	lights *monitor.Service
	clock  clock.Clock
}

// Figures returns the targets of a unit that are due in a year, and the tasks that it leads in it. A
// target whose value nobody reported has no completion, and somebody types the score in.
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
	reached, seen := map[string]monitor.LightRow{}, map[string]bool{}
	for _, filter := range filters {
		if err := f.reached(ctx, by, filter, reached); err != nil {
			return nil, err
		}
		err := each(func(p db.PageReq) (db.Page[plan.Target], error) {
			return f.plan.ListTargets(ctx, by, filter, "", p)
		}, func(t plan.Target) {
			if !seen[t.ID] && !t.Dropped {
				seen[t.ID] = true
				out[assess.Targets] = append(out[assess.Targets], targetFact(t, reached[t.ID]))
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

// reached adds how far the targets of a filter are, by their ids.
func (f planFigures) reached(
	ctx context.Context, by authz.Actor, of plan.TargetFilter, into map[string]monitor.LightRow,
) error {
	return each(func(p db.PageReq) (db.Page[monitor.LightRow], error) {
		return f.lights.ListLights(ctx, by, monitor.LightFilter{Org: of.Org, Region: of.Region}, "", p)
	}, func(l monitor.LightRow) { into[l.Target] = l })
}

// targetFact is a target with its completion, once its value is known.
func targetFact(t plan.Target, l monitor.LightRow) assess.Fact {
	out := assess.Fact{Name: t.Text(), Href: "/targets/" + t.ID}
	done := l.Completion.Rat()
	if done == nil {
		return out
	}
	out.Href = "/monitor/lights/" + t.ID
	out.Ratio = new(big.Rat).Quo(done, big.NewRat(100, 1)).RatString()
	out.Note = l.Value.Grouped() + " / " + l.Goal.Amount(l.Unit)
	return out
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
