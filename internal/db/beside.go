package db

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Beside is what stands next to a row in a list; nil where the list ends.
type Beside[T any] struct{ Prev, Next *T }

// Neighbours returns the rows just before and just after the row that at picks, among those where w
// holds, in order o: so one steps through a list from a record. The row itself need not be in the
// list any more; then its neighbours are those of the place where it would stand. It costs three
// looks into an index, however long the list is.
func Neighbours[T any](
	ctx context.Context, q Q, s *Selection, w, at Where, o Order, scan func(Row) (T, error),
) (Beside[T], error) {
	_, keys, err := fetch(ctx, q, s, at, o, false, 1, scan)
	if err != nil {
		return Beside[T]{}, err
	}
	if len(keys) == 0 {
		return Beside[T]{}, fault.New(fault.NotFound, "没有找到这条记录")
	}
	var out Beside[T]
	for _, side := range []struct {
		backward bool
		row      **T
	}{{true, &out.Prev}, {false, &out.Next}} {
		beyond, err := o.beyond(cursor{Order: o.Name, Texts: keys[0]}, side.backward)
		if err != nil {
			return Beside[T]{}, err
		}
		found, _, err := fetch(ctx, q, s, w.with(beyond), o, side.backward, 1, scan)
		if err != nil {
			return Beside[T]{}, err
		}
		if len(found) > 0 {
			*side.row = &found[0]
		}
	}
	return out, nil
}
