package indicator

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Missing is the state of a cell that nobody has begun.
const Missing = "missing"

// What else a desk may be narrowed to, beside the states.
const (
	Unfinished = "open"   // the unit has something to do
	HandedIn   = "ontime" // handed in by the deadline
	HandedLate = "late"   // handed in later
	Unsent     = "unsent" // never handed in
)

// is says whether a cell is in a state of the filter.
func (a Asked) is(state string) bool {
	switch state {
	case "":
		return true
	case Unfinished:
		return a.Open()
	case HandedIn:
		return a.OnTime()
	case HandedLate:
		return a.FirstUs > 0 && !a.OnTime()
	case Unsent:
		return a.FirstUs == 0
	}
	return a.State == state
}

// Asked is one value that a unit must report: what, for which place and period, by when, and how far
// it is.
type Asked struct {
	Cell
	Duty         string       `json:"-"`
	Name         string       `json:"name"` // of the indicator
	OrgName      string       `json:"orgName,omitempty"`
	Reporter     string       `json:"reporter"`
	ReporterName string       `json:"reporterName"`
	Definition   Definition   `json:"definition"`
	DueUs        int64        `json:"dueUs"`
	State        string       `json:"state"`                 // Missing, or that of the revision under way
	Observation  *Observation `json:"observation,omitempty"` // the revision under way
	FirstUs      int64        `json:"firstUs,omitempty"`     // first handed in
	Approved     bool         `json:"approved"`              // a value counts
	Previous     plan.Decimal `json:"previous,omitempty"`    // the approved value of the period before
	PreviousAs   string       `json:"previousAs,omitempty"`  // its qualifier
	Locked       bool         `json:"locked,omitempty"`

	reporterAt string // the place of the unit that reports
}

// Open says whether the unit has something to do about it.
func (a Asked) Open() bool { return a.State == Missing || a.State == Draft || a.State == Returned }

// OnTime says whether it was handed in by its deadline.
func (a Asked) OnTime() bool { return a.FirstUs > 0 && a.FirstUs <= a.DueUs }

// DeskFilter narrows what is asked for. Zero fields do not narrow.
type DeskFilter struct {
	Indicator string        `json:"indicator,omitempty"`
	Set       string        `json:"set,omitempty"`
	Region    region.Code   `json:"region,omitempty"` // and everything inside it
	Reporter  string        `json:"reporter,omitempty"`
	Period    series.Period `json:"period,omitempty"`
	Frequency string        `json:"frequency,omitempty"`
	From      clock.Date    `json:"from,omitempty"`  // periods that end at or after, "" = a year ago
	To        clock.Date    `json:"to,omitempty"`    // and at or before, "" = yesterday
	State     string        `json:"state,omitempty"` // a state, Missing, Unfinished, HandedIn …
}

// lookBack is how far the desk looks back by itself, in days: the year before is still corrected.
const lookBack = 400

// maxPeriods bounds the periods of one look: five years of months.
const maxPeriods = 60

// Desk returns what the actor's unit, or every unit the actor may see, must report: cells of periods
// that are over, the earliest deadline first.
func (s *Service) Desk(ctx context.Context, by authz.Actor, f DeskFilter) ([]Asked, error) {
	if !DutyPolicy.Could(by, ActDutyRead) {
		return nil, fault.New(fault.Forbidden, "您的角色不能查看这里的内容")
	}
	today := s.today()
	if f.From == "" {
		f.From = today.AddDays(-lookBack)
	}
	if f.Period != "" {
		f.From, f.To = clock.Date(f.Period.LastDay()), clock.Date(f.Period.LastDay())
	}
	if f.To == "" || f.To >= today {
		f.To = today.AddDays(-1)
	}
	if !f.From.Valid() || !f.To.Valid() {
		return nil, fault.Fields(fault.At("from", "日期应为真实的日期，如 2026-11-22"))
	}
	list, err := s.askedOf(ctx, by, f)
	if err != nil {
		return nil, err
	}
	if err := s.fillAsked(ctx, list, f); err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(a Asked) bool { return !a.is(f.State) })
	slices.SortFunc(list, func(a, b Asked) int {
		return cmp.Or(cmp.Compare(a.DueUs, b.DueUs), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Region, b.Region), cmp.Compare(a.Org, b.Org))
	})
	return list, nil
}

// askedOf makes the cells that duties ask for.
func (s *Service) askedOf(ctx context.Context, by authz.Actor, f DeskFilter) ([]Asked, error) {
	q := s.unit.DB()
	w := DutyPolicy.Scope(by, ActDutyRead).AndAll(DutyFilter{Indicator: f.Indicator, Region: f.Region,
		Reporter: f.Reporter, Ended: true}.where(s.today()))
	if f.Set != "" {
		w = w.And(`EXISTS (SELECT 1 FROM indicator_edition_item AS i WHERE i.in_set = $1
			AND i.indicator = y.indicator)`, f.Set)
	}
	var all []Duty
	err := db.Stream(ctx, q, duties, w, duties.Order(""), maxDuties, scanDuty, func(d Duty) error {
		all = append(all, d)
		return nil
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	defs := map[string][]Definition{}
	list, err := s.AllDefinitions(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		defs[d.Indicator] = append(defs[d.Indicator], d)
	}
	var out []Asked
	for _, y := range all {
		for _, d := range defs[y.Indicator] {
			if d.Kind != Observed || f.Frequency != "" && d.Frequency != f.Frequency {
				continue
			}
			for _, p := range periodsOf(d, y, f) {
				out = append(out, Asked{Cell: Cell{y.Indicator, y.Region, y.Org, p}, Duty: y.ID, Name: y.Name,
					OrgName: y.OrgName, Reporter: y.ReporterNow, ReporterName: y.ReporterName, Definition: d,
					DueUs: s.dueOf(d, p), State: Missing, reporterAt: y.ReporterAt})
			}
		}
	}
	return out, nil
}

// periodsOf are the periods that a definition and a duty ask for within a filter, the earliest first.
func periodsOf(d Definition, y Duty, f DeskFilter) []series.Period {
	var out []series.Period
	p := periodOf(d, f.From)
	for range maxPeriods {
		end := clock.Date(p.LastDay())
		if end == "" || end > f.To {
			break
		}
		if end >= f.From && d.Holds(end) && y.Holds(end) && (f.Period == "" || p == f.Period) {
			out = append(out, p)
		}
		p = p.Next()
	}
	return out
}

// cellKey finds a cell in what was loaded.
type cellKey struct {
	indicator, region, org, period string
}

func keyOf(c Cell) cellKey {
	return cellKey{c.Indicator, string(c.Region), c.Org, string(c.Period)}
}

// fillAsked adds how far each cell is, in a few queries whatever their number.
func (s *Service) fillAsked(ctx context.Context, list []Asked, f DeskFilter) error {
	q := s.unit.DB()
	if len(list) == 0 {
		return nil
	}
	w := db.Where{}.And("o.last_day >= $1 AND o.last_day <= $2", string(f.From.AddDays(-lookBack)),
		string(f.To)).And("o.state <> 'withdrawn'")
	if f.Indicator != "" {
		w = w.And("o.indicator = $1", f.Indicator)
	}
	seen := map[cellKey][]Observation{}
	err := db.Stream(ctx, q, observations, w, observations.Order("period"), maxValues, scanObservation,
		func(o Observation) error {
			seen[keyOf(o.Cell)] = append(seen[keyOf(o.Cell)], o)
			return nil
		})
	if err != nil {
		return err
	}
	locks, err := s.openLocks(ctx, q)
	if err != nil {
		return err
	}
	for i := range list {
		a := &list[i]
		a.Locked = locks.closed(a.Cell)
		for _, o := range seen[keyOf(a.Cell)] {
			if a.Observation == nil || o.Revision > a.Observation.Revision {
				latest := o
				a.Observation, a.State = &latest, o.State
			}
			a.Approved = a.Approved || o.State == Approved
			if o.SubmittedUs > 0 && (a.FirstUs == 0 || o.SubmittedUs < a.FirstUs) {
				a.FirstUs = o.SubmittedUs
			}
		}
		prev := a.Cell
		prev.Period = prev.Period.Prev()
		for _, o := range seen[keyOf(prev)] {
			if o.State == Approved && (o.Definition == a.Definition.ID || !a.Definition.Breaks) {
				a.Previous, a.PreviousAs = o.Value, o.Qualifier
			}
		}
	}
	return nil
}
