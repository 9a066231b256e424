package monitor

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/yuntu-city/yuntu/engine/formula"
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// ways are the definitions of an indicator with what a point has to know of each.
type ways struct {
	list []indicator.Definition
	era  map[string]int64 // how many definitions up to it broke the series
}

func waysOf(list []indicator.Definition) ways {
	w := ways{list: list, era: map[string]int64{}}
	var n int64
	for _, d := range list {
		if d.Breaks {
			n++
		}
		w.era[d.ID] = n
	}
	return w
}

func (w ways) find(definitionID string) indicator.Definition {
	for _, d := range w.list {
		if d.ID == definitionID {
			return d
		}
	}
	return indicator.Definition{}
}

// observed is the point of an approved value.
func (w ways) observed(v indicator.Value) stored {
	return stored{era: w.era[v.Definition], Point: Point{
		Cell:    Cell{Indicator: v.Indicator, Region: v.Region, Org: v.Org},
		OrgName: v.OrgName, Period: v.Period, Value: v.Value, Qualifier: v.Qualifier, Unit: v.Unit,
		AsOf: v.AsOf, Definition: v.Definition, Cumulative: w.find(v.Definition).Cumulative,
		Origin: FromObservation, Source: v.Source, Revision: v.Revision, AtUs: v.ApprovedUs,
		Evidence: Evidence{Observation: v.Observation, Statement: v.Statement, Document: v.Document}}}
}

// measured is the point of a reading.
func (w ways) measured(r reading) stored {
	return stored{era: w.era[r.Definition], Point: Point{Cell: r.cell(), Period: r.Period, Value: r.Value,
		Qualifier: indicator.Exactly, Unit: r.Unit, AsOf: r.AsOf, Definition: r.Definition,
		Cumulative: w.find(r.Definition).Cumulative, Origin: FromMeasure, Revision: r.Revision,
		AtUs: r.MeasuredUs, Evidence: Evidence{Measure: r.Measure, Dims: r.Dims, Figure: r.Figure,
			Factor: r.Factor}}}
}

// refresh makes the point of a cell and a period what its source says now: an approved value before a
// reading, and none where there is neither.
func (s *Service) refresh(ctx context.Context, tx *db.Tx, c Cell, p series.Period) error {
	if !p.Valid() {
		return nil
	}
	defs, err := s.opt.Indicator.Definitions(ctx, tx, c.Indicator)
	if err != nil {
		return err
	}
	w := waysOf(defs)
	values, err := s.opt.Indicator.Values(ctx, tx, indicator.ValueFilter{Indicator: c.Indicator,
		Region: c.Region, Org: &c.Org, Period: p})
	if err != nil {
		return err
	}
	if len(values) > 0 {
		_, err = db.Exec(ctx, tx, qPointPut, w.observed(values[0]).row()...)
		return err
	}
	keep, err := s.keepingOf(ctx, tx, c.Indicator)
	if err != nil {
		return err
	}
	if c.Org == "" {
		r, found, err := db.Find(ctx, tx, qReading, scanReading, c.Indicator, string(c.Region), string(p))
		if err != nil {
			return err
		}
		if found {
			made := w.measured(r)
			if x, ok := keep.at(c, p, &made, w); ok {
				_, err = db.Exec(ctx, tx, qPointPut, x.row()...)
				return err
			}
			_, err = db.Exec(ctx, tx, qPointDrop, c.Indicator, string(c.Region), c.Org, p.LastDay(), string(p))
			return err
		}
	}
	if slices.ContainsFunc(defs, func(d indicator.Definition) bool { return d.Kind == indicator.Computed }) {
		_, err = s.refreshAll(ctx, tx, c.Indicator)
		return err
	}
	if x, ok := keep.at(c, p, nil, w); ok {
		_, err = db.Exec(ctx, tx, qPointPut, x.row()...)
		return err
	}
	_, err = db.Exec(ctx, tx, qPointDrop, c.Indicator, string(c.Region), c.Org, p.LastDay(), string(p))
	return err
}

// refreshAll makes all points of an indicator anew.
func (s *Service) refreshAll(ctx context.Context, tx *db.Tx, indicatorID string) (int, error) {
	defs, err := s.opt.Indicator.Definitions(ctx, tx, indicatorID)
	if err != nil {
		return 0, err
	}
	w := waysOf(defs)
	if _, err := db.Exec(ctx, tx, qPointsDrop, indicatorID); err != nil {
		return 0, err
	}
	readings, err := db.All(ctx, tx, qReadings, scanReading, indicatorID)
	if err != nil {
		return 0, err
	}
	values, err := s.opt.Indicator.Values(ctx, tx, indicator.ValueFilter{Indicator: indicatorID})
	if err != nil {
		return 0, err
	}
	at := map[Cell]map[series.Period]int{}
	var points []stored
	put := func(p stored) {
		if at[p.Cell] == nil {
			at[p.Cell] = map[series.Period]int{}
		}
		if i, taken := at[p.Cell][p.Period]; taken {
			points[i] = p
			return
		}
		at[p.Cell][p.Period] = len(points)
		points = append(points, p)
	}
	made, err := s.computed(ctx, tx, w)
	if err != nil {
		return 0, err
	}
	for _, p := range made {
		put(p)
	}
	for _, r := range readings {
		put(w.measured(r))
	}
	for _, v := range values {
		put(w.observed(v))
	}
	keep, err := s.keepingOf(ctx, tx, indicatorID)
	if err != nil {
		return 0, err
	}
	points = keep.over(points, w)
	rows := make([][]any, len(points))
	for i, p := range points {
		rows[i] = p.row()
	}
	_, err = db.InsertMany(ctx, tx, qPointPut, rows)
	return len(points), err
}

// Follower returns the consumer that keeps the points with the values they come from, asks for the
// lights when something they look at changes, and notes the tasks that were closed.
func (s *Service) Follower() outbox.Consumer {
	return outbox.Consumer{
		Name: "monitor.points",
		Kinds: []string{indicator.EventValue, indicator.EventDefinition, plan.EventTargetCreated,
			plan.EventTargetUpdated, plan.EventIndicatorUpdated, plan.EventTaskMoved,
			indicator.EventLock, indicator.EventSet, indicator.EventStation},
		Handle: s.follow,
		Reset:  s.reset,
	}
}

func (s *Service) follow(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
	lights := int64(0)
	var changed []string
	for _, e := range events {
		var err error
		switch e.Kind {
		case indicator.EventValue:
			var v indicator.ValueEvent
			if json.Unmarshal(e.Data, &v) != nil {
				continue // an event nobody can read names no cell
			}
			changed = append(changed, v.Indicator)
			err = s.refresh(ctx, tx, Cell{v.Indicator, v.Region, v.Org}, series.Period(v.Period))
		case indicator.EventDefinition:
			changed = append(changed, e.Object)
			_, err = s.refreshAll(ctx, tx, e.Object)
		case indicator.EventLock, indicator.EventSet: // a set stands for the indicators that it has
			if err = s.refreshUsers(ctx, tx, changed); err == nil {
				var kept []string
				kept, err = s.syncLocks(ctx, tx)
				changed = append(changed, kept...)
			}
		case indicator.EventStation:
			err = s.refreshSites(ctx, tx)
		case plan.EventTaskMoved:
			err = s.taskMoved(ctx, tx, e)
		}
		if err != nil {
			return err
		}
		lights = max(lights, e.AtUs)
	}
	if lights == 0 {
		return nil
	}
	if err := s.refreshUsers(ctx, tx, changed); err != nil {
		return err
	}
	if _, _, err := job.Add(ctx, tx, lights, lightsSpec); err != nil {
		return err
	}
	later := findingsSpec
	later.RunAt = clock.Time(lights).Add(findingsAfter)
	_, _, err := job.Add(ctx, tx, lights, later)
	return err
}

// refreshUsers makes the points anew of the indicators whose formulas speak of others that changed.
func (s *Service) refreshUsers(ctx context.Context, tx *db.Tx, changed []string) error {
	if len(changed) == 0 {
		return nil
	}
	users, err := s.dependents(ctx, tx, changed)
	if err != nil {
		return err
	}
	for _, indicatorID := range users {
		if _, err := s.refreshAll(ctx, tx, indicatorID); err != nil {
			return err
		}
	}
	return nil
}

// refreshSites makes the points anew of the indicators that count stations: one was added, changed or ended.
func (s *Service) refreshSites(ctx context.Context, tx *db.Tx) error {
	all, err := s.opt.Indicator.AllDefinitions(ctx, tx)
	if err != nil {
		return err
	}
	var changed []string
	for _, d := range all {
		expr, bad := formula.Parse(d.Formula)
		if d.Kind != indicator.Computed || bad != nil || !expr.LooksAtSites() || slices.Contains(changed, d.Indicator) {
			continue
		}
		changed = append(changed, d.Indicator)
		if _, err := s.refreshAll(ctx, tx, d.Indicator); err != nil {
			return err
		}
	}
	return s.refreshUsers(ctx, tx, changed)
}

// reset makes all points from their sources. The events that are replayed afterwards change nothing.
func (s *Service) reset(ctx context.Context, tx *db.Tx) error {
	if _, err := db.Exec(ctx, tx, qPointsClear); err != nil {
		return err
	}
	all, err := s.opt.Indicator.AllDefinitions(ctx, tx)
	if err != nil {
		return err
	}
	var every []string
	for i, d := range all {
		if i > 0 && all[i-1].Indicator == d.Indicator {
			continue
		}
		every = append(every, d.Indicator)
		if _, err := s.refreshAll(ctx, tx, d.Indicator); err != nil {
			return err
		}
	}
	return s.refreshUsers(ctx, tx, every)
}

// Made is what Recompute did.
type Made struct {
	Points int `json:"points"`
	Lights int `json:"lights"`
	Tasks  int `json:"tasks"` // that were opened
}

// Recompute measures an indicator anew, makes its points from their sources and computes the lights.
func (s *Service) Recompute(ctx context.Context, by authz.Actor, indicatorID string) (Made, error) {
	if err := PointPolicy.May(by, ActPointMake, Point{Cell: Cell{Indicator: indicatorID}}); err != nil {
		return Made{}, err
	}
	if _, err := s.opt.Plan.GetIndicator(ctx, by, indicatorID); err != nil {
		return Made{}, err
	}
	if _, err := s.measureOne(ctx, indicatorID); err != nil {
		return Made{}, err
	}
	var n int
	err := s.unit.Write(ctx, by, "monitor.Recompute", func(tx *unit.Tx) error {
		var err error
		if n, err = s.refreshAll(ctx, tx.Tx, indicatorID); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindPoint, Object: indicatorID, What: "recompute",
			Detail: map[string]int{"points": n}})
		return s.refreshUsers(ctx, tx.Tx, []string{indicatorID})
	})
	if err != nil {
		return Made{}, err
	}
	lit, err := s.relightOf(ctx, indicatorID)
	return Made{Points: n, Lights: lit.Changed, Tasks: lit.Opened}, err
}
