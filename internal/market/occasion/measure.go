package occasion

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// Counted says how a room's list becomes a measure: what somebody counts is what they may read.
type Counted[T any] struct {
	Name, Title, Unit, Definition string

	List  *db.Selection
	Scan  func(db.Row) (T, error)
	Scope func(by authz.Actor) db.Where
	Of    db.Where // what counts at all
	Dims  []measure.Dim
	Row   func(T) measure.Row
	// Value is what a row adds; nil: one.
	Value func(T) int64
}

// Measure returns the measure.
func (c Counted[T]) Measure() measure.Measure {
	value := c.Value
	if value == nil {
		value = func(T) int64 { return 1 }
	}
	return measure.Measure{Name: c.Name, Title: c.Title, Unit: c.Unit, Version: 1, Since: "2026-01-01",
		Definition: c.Definition, Dims: c.Dims,
		Scope: func(by authz.Actor) db.Where { return c.Scope(by).AndAll(c.Of) },
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
			if c.Value == nil {
				return c.List.Count(ctx, q, w, 0)
			}
			var sum int64
			err := db.Stream(ctx, q, c.List, w, c.List.Order(""), 0, c.Scan, func(x T) error {
				sum += value(x)
				return nil
			})
			return sum, err
		},
		Rows: func(ctx context.Context, q db.Q, w db.Where, p db.PageReq) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, c.List, w, c.List.Order(""), p, c.Scan)
			out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
			for _, x := range page.Items {
				row := c.Row(x)
				row.Value = value(x)
				out.Items = append(out.Items, row)
			}
			return out, err
		}}
}

// Text is a dimension that a column must be equal to.
func Text(name, title string, where func(v string) db.Where) measure.Dim {
	return measure.Dim{Name: name, Title: title, Where: where}
}

// Between turns a stretch of days into microseconds.
func Between(from, before clock.Date) (fromUs, beforeUs int64) {
	return clock.Us(from.Start()), clock.Us(before.Start())
}
