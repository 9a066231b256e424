// Package measure lets a room declare the numbers it can prove (度量).
//
// A measure is computed from rows, and the same condition that gives the figure gives the rows
// behind it, so a number on a page can always be opened. Definitions have a version and a day from
// which they hold: two versions never stand on one axis without a break.
package measure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Measure is one number that a room can compute. Texts are Chinese keys of package i18n.
type Measure struct {
	Name       string     // "party.orgs"
	Title      string     // 组织数
	Unit       string     // 家
	Definition string     // what is counted, in words
	Version    int        // of the definition
	Since      clock.Date // first day of this version
	Dims       []Dim

	// Scope is what the actor may count.
	Scope func(by authz.Actor) db.Where
	// Figure computes the number over the rows where w holds.
	Figure func(ctx context.Context, q db.Q, w db.Where) (int64, error)
	// Rows returns the rows behind it, in an order of the room's choice.
	Rows func(ctx context.Context, q db.Q, w db.Where, p db.PageReq) (db.Page[Row], error)
}

// Dim is a way to narrow a measure: by region, by kind.
type Dim struct {
	Name  string
	Title string
	Where func(value string) db.Where // over columns that are never NULL
	// Values are those by which a page breaks the figure down, in this order; nil where there are too
	// many, or the page knows them.
	Values []Value
}

// Value is one value of a dimension with its title, a key of package i18n.
type Value struct{ Value, Title string }

// Row is one row behind a figure.
type Row struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Href  string `json:"href"` // page of the row
	Value int64  `json:"value"`
}

// Figure is a number with what it takes to read it right.
type Figure struct {
	Measure string            `json:"measure"`
	Version int               `json:"version"`
	Dims    map[string]string `json:"dims,omitempty"`
	Value   int64             `json:"value"`
	Unit    string            `json:"unit"`
	AsOfUs  int64             `json:"asOfUs"`
}

// Registry holds the measures of the rooms.
type Registry struct {
	db    *db.DB
	clock clock.Clock
	list  []Measure
}

// NewRegistry checks and holds the measures. Two of one name, or one without figure, rows or
// definition, are mistakes of the program.
func NewRegistry(d *db.DB, c clock.Clock, list ...Measure) (*Registry, error) {
	seen := map[string]bool{}
	for _, m := range list {
		switch {
		case seen[m.Name]:
			return nil, fmt.Errorf("measure %s is declared twice", m.Name)
		case m.Name == "" || m.Title == "" || m.Unit == "" || m.Definition == "":
			return nil, fmt.Errorf("measure %q lacks a name, title, unit or definition", m.Name)
		case m.Scope == nil || m.Figure == nil || m.Rows == nil:
			return nil, fmt.Errorf("measure %s cannot prove itself", m.Name)
		case m.Version < 1 || !m.Since.Valid():
			return nil, fmt.Errorf("measure %s lacks a version and its first day", m.Name)
		}
		seen[m.Name] = true
	}
	return &Registry{db: d, clock: c, list: list}, nil
}

// List returns the measures in the order they were declared.
func (r *Registry) List() []Measure { return slices.Clone(r.list) }

func (r *Registry) find(name string) (Measure, error) {
	for _, m := range r.list {
		if m.Name == name {
			return m, nil
		}
	}
	return Measure{}, fault.New(fault.NotFound, "没有这个度量")
}

// where joins what the actor may count with the dimensions asked for.
func (m Measure) where(by authz.Actor, dims map[string]string) (db.Where, error) {
	w := m.Scope(by)
	for name, value := range dims {
		i := slices.IndexFunc(m.Dims, func(d Dim) bool { return d.Name == name })
		if i < 0 {
			return w, fault.Fields(fault.At(name, "这个度量不能按“%s”细分", name))
		}
		w = w.AndAll(m.Dims[i].narrow(value))
	}
	return w, nil
}

// Values that are lists: what is left over beside the parts of a figure has rows, too.
const (
	others    = "!" // begins the values that a row has none of: !140105,140106
	maxOthers = 100
)

// Others is the value of a dimension for what has none of some values.
func Others(values []string) string { return others + strings.Join(values, ",") }

// OthersThan are the values that a value of Others leaves out, nil for any other value.
func OthersThan(value string) []string {
	list, ok := strings.CutPrefix(value, others)
	if !ok {
		return nil
	}
	out := strings.Split(list, ",")
	return out[:min(len(out), maxOthers)]
}

// narrow is the condition for a value, or for none of several.
func (d Dim) narrow(value string) db.Where {
	left := OthersThan(value)
	if left == nil {
		return d.Where(value)
	}
	w := db.Where{}
	for _, v := range left {
		w = w.AndAll(db.Not(d.Where(v)))
	}
	return w
}

// Figure computes a measure for the actor, narrowed by dimensions.
func (r *Registry) Figure(
	ctx context.Context, by authz.Actor, name string, dims map[string]string,
) (Figure, error) {
	m, err := r.find(name)
	if err != nil {
		return Figure{}, err
	}
	w, err := m.where(by, dims)
	if err != nil {
		return Figure{}, err
	}
	v, err := m.Figure(ctx, r.db, w)
	return Figure{Measure: m.Name, Version: m.Version, Dims: dims, Value: v, Unit: m.Unit,
		AsOfUs: clock.Us(r.clock.Now())}, err
}

// Rows returns a page of the rows behind a figure.
func (r *Registry) Rows(
	ctx context.Context, by authz.Actor, name string, dims map[string]string, p db.PageReq,
) (db.Page[Row], error) {
	m, err := r.find(name)
	if err != nil {
		return db.Page[Row]{}, err
	}
	w, err := m.where(by, dims)
	if err != nil {
		return db.Page[Row]{}, err
	}
	return m.Rows(ctx, r.db, w, p)
}
