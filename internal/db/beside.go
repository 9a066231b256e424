package db

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Beside is what stands next to a row in a list; nil where the list ends.
type Beside[T any] struct{ Prev, Next *T }

// Neighbours returns the rows just before and just after the row that at picks, in order o: so one
// steps through a list from a record. page returns a page of that list. The row itself need not be
// in the list any more; then its neighbours are those of the place where it would stand.
func Neighbours[T any](
	ctx context.Context, q Q, s *Selection, at Where, o Order, scan func(Row) (T, error),
	page func(PageReq) (Page[T], error),
) (Beside[T], error) {
	_, keys, err := fetch(ctx, q, s, at, o, false, 1, scan)
	if err != nil {
		return Beside[T]{}, err
	}
	if len(keys) == 0 {
		return Beside[T]{}, fault.New(fault.NotFound, "没有找到这条记录")
	}
	place := cursor{Order: o.Name, Texts: keys[0]}.encode()
	before, err := page(PageReq{Before: place, Limit: 1})
	if err != nil {
		return Beside[T]{}, err
	}
	after, err := page(PageReq{After: place, Limit: 1})
	if err != nil {
		return Beside[T]{}, err
	}
	var out Beside[T]
	if len(before.Items) > 0 {
		out.Prev = &before.Items[0]
	}
	if len(after.Items) > 0 {
		out.Next = &after.Items[0]
	}
	return out, nil
}
