package indicator

import (
	"context"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
)

var observations = db.Select(observationColumns, observationFrom,
	db.Order{Name: "updated", Desc: true,
		Cols: []db.Col{db.IntCol("o.updated_us"), db.TextCol("o.id")}},
	db.Order{Name: "period", Desc: true, Cols: []db.Col{db.TextCol("o.last_day"), db.TextCol("o.id")}},
	db.Order{Name: "submitted", Cols: []db.Col{db.IntCol("o.submitted_us"), db.TextCol("o.id")}},
	db.Order{Name: "cell", Cols: []db.Col{db.TextCol("o.indicator"), db.TextCol("o.region"),
		db.TextCol("o.about"), db.TextCol("o.last_day"), db.TextCol("o.id")}})

// ObservationOrders returns the names of the orders people may choose.
func ObservationOrders() []string { return observations.OrderNames() }

// ObservationFilter narrows a list of values. Zero fields do not narrow.
type ObservationFilter struct {
	Indicator string        `json:"indicator,omitempty"`
	Set       string        `json:"set,omitempty"`
	Region    region.Code   `json:"region,omitempty"` // and everything inside it
	Reporter  string        `json:"reporter,omitempty"`
	Period    series.Period `json:"period,omitempty"`
	From      clock.Date    `json:"from,omitempty"` // its period ends at or after
	To        clock.Date    `json:"to,omitempty"`
	State     string        `json:"state,omitempty"`
	Source    string        `json:"source,omitempty"`
	Document  string        `json:"document,omitempty"`
}

func (f ObservationFilter) where() db.Where {
	w := db.Where{}
	if f.Indicator != "" {
		w = w.And("o.indicator = $1", f.Indicator)
	}
	if f.Set != "" {
		w = w.And(`EXISTS (SELECT 1 FROM indicator_edition_item AS i WHERE i.in_set = $1
			AND i.indicator = o.indicator)`, f.Set)
	}
	if f.Region != "" {
		w = w.AndAll(within(f.Region))
	}
	if f.Reporter != "" {
		w = w.And("o.reporter_now = $1", f.Reporter)
	}
	if f.Period != "" {
		w = w.And("o.period = $1", string(f.Period))
	}
	if f.From != "" {
		w = w.And("o.last_day >= $1", string(f.From))
	}
	if f.To != "" {
		w = w.And("o.last_day <= $1", string(f.To))
	}
	if f.State != "" {
		w = w.And("o.state = $1", f.State)
	}
	if f.Source != "" {
		w = w.And("o.source = $1", f.Source)
	}
	if f.Document != "" {
		w = w.And("o.document = $1", f.Document)
	}
	return w
}

// ListObservations returns a page of the values that the actor may read.
func (s *Service) ListObservations(
	ctx context.Context, by authz.Actor, f ObservationFilter, order string, p db.PageReq,
) (db.Page[Observation], error) {
	w := ObservationPolicy.Scope(by, ActObservationRead).AndAll(f.where())
	return db.List(ctx, s.unit.DB(), observations, w, observations.Order(order), p, scanObservation)
}

// CountObservations returns how many values in each state the actor may read.
func (s *Service) CountObservations(
	ctx context.Context, by authz.Actor, f ObservationFilter,
) (map[string]int64, error) {
	f.State = ""
	w := ObservationPolicy.Scope(by, ActObservationRead).AndAll(f.where())
	return observations.CountBy(ctx, s.unit.DB(), "o.state", w)
}

// ObservationDetail is a value with everything its page shows.
type ObservationDetail struct {
	Observation
	Def       Definition      `json:"def"`
	Revisions []Observation   `json:"revisions"` // of its cell, the latest first, that the actor may read
	Doubts    []Doubt         `json:"doubts"`
	Locked    bool            `json:"locked"`
	Station   *Station        `json:"station,omitempty"` // that it is of, nil for none
	Title     string          `json:"title,omitempty"`   // of the document, "" when the actor may not read it
	Offers    []process.Offer `json:"-"`
	History   []process.Entry `json:"-"`
}

// GetObservation returns a value with its definition, revisions, doubts and the steps the actor may
// take.
func (s *Service) GetObservation(
	ctx context.Context, by authz.Actor, observationID string,
) (ObservationDetail, error) {
	q := s.unit.DB()
	o, err := s.readObservation(ctx, q, by, observationID)
	if err != nil {
		return ObservationDetail{}, err
	}
	d := ObservationDetail{Observation: o, Locked: o.locked}
	if d.Def, err = db.Get(ctx, q, qDefinition, scanDefinition, o.Definition); err != nil {
		return d, err
	}
	if o.Org != "" {
		x, found, err := db.Find(ctx, q, qStation, scanStation, o.Org)
		if err != nil {
			return d, err
		}
		if found {
			d.Station = &x
		}
	}
	all, err := revisionsOf(ctx, q, o.Cell)
	if err != nil {
		return d, err
	}
	for _, x := range all {
		if ObservationPolicy.May(by, ActObservationRead, x) == nil {
			d.Revisions = append(d.Revisions, x)
		}
	}
	if d.Doubts, err = s.doubts(ctx, q, by, o, d.Def); err != nil {
		return d, err
	}
	if o.Document != "" {
		if doc, err := s.opt.Plan.GetDocument(ctx, by, o.Document); err == nil {
			d.Title = doc.Title
		}
	}
	if d.Offers, err = s.observations.Available(ctx, q, by, o); err != nil {
		return d, err
	}
	d.Offers = offered(d.Offers)
	d.History, err = process.History(ctx, q, s.observations.Name(), o.ID, 0)
	return d, err
}

// offered leaves out the step that nobody takes by itself.
func offered(list []process.Offer) []process.Offer {
	var out []process.Offer
	for _, o := range list {
		if o.Step != StepSupersede {
			out = append(out, o)
		}
	}
	return out
}
