package db

import (
	"cmp"
	"context"
	"slices"
	"strconv"
)

// Bounds of the reads behind one page of ListKept.
const (
	leastRead = 64
	mostRead  = 8192
)

// ListKept is List for a condition that the program knows better than the database: it reads along
// the order and keeps the rows for which keep is true. share is about how many of all rows that is,
// between 0 and 1; it only decides how many rows are read at once. The columns of the selection and
// of the order should all stand in one index.
func ListKept[T any](
	ctx context.Context, q Q, s *Selection, w Where, o Order, p PageReq,
	scan func(Row) (T, error), keep func(T) bool, share float64,
) (Page[T], error) {
	return paged(o, p, w, func(w Where, backward bool, need int) ([]T, [][]string, error) {
		var items []T
		var keys [][]string
		read := leastRead
		if share > 0 {
			read = int(min(max(float64(need)/share*1.25, leastRead), mostRead))
		}
		from := w
		for {
			some, at, err := fetch(ctx, q, s, from, o, backward, read, scan)
			if err != nil {
				return nil, nil, err
			}
			for i, x := range some {
				if !keep(x) {
					continue
				}
				items, keys = append(items, x), append(keys, at[i])
				if len(items) == need {
					return items, keys, nil
				}
			}
			if len(some) < read {
				return items, keys, nil
			}
			beyond, err := o.beyond(cursor{Order: o.Name, Texts: at[len(at)-1]}, backward)
			if err != nil {
				return nil, nil, err
			}
			from, read = w.with(beyond), min(2*read, mostRead)
		}
	})
}

// amongAtOnce is how many values of ListAmong one query asks for: few enough for SQLite's driver,
// which looks each parameter up in a list of all.
const amongAtOnce = 256

// ListAmong is List for rows of which the values of a unique column are known. Each query returns
// no more rows than the page has.
func ListAmong[T any](
	ctx context.Context, q Q, s *Selection, o Order, p PageReq, scan func(Row) (T, error),
	column fragment, vals []any,
) (Page[T], error) {
	return paged(o, p, Where{}, func(w Where, backward bool, need int) ([]T, [][]string, error) {
		type row struct {
			item T
			key  []string
		}
		var rows []row
		for part := range slices.Chunk(vals, amongAtOnce) {
			some, at, err := fetch(ctx, q, s, w.In(column, part...), o, backward, need, scan)
			if err != nil {
				return nil, nil, err
			}
			for i := range some {
				rows = append(rows, row{some[i], at[i]})
			}
		}
		slices.SortFunc(rows, func(a, b row) int {
			if o.Desc != backward {
				a, b = b, a
			}
			return o.compare(a.key, b.key)
		})
		rows = rows[:min(need, len(rows))]
		items, keys := make([]T, len(rows)), make([][]string, len(rows))
		for i, r := range rows {
			items[i], keys[i] = r.item, r.key
		}
		return items, keys, nil
	})
}

// compare orders keys as the database does, ascending.
func (o Order) compare(a, b []string) int {
	for i, c := range o.Cols {
		x := cmp.Compare(a[i], b[i])
		if !c.text {
			n, _ := strconv.ParseInt(a[i], 10, 64) // the database wrote it
			m, _ := strconv.ParseInt(b[i], 10, 64)
			x = cmp.Compare(n, m)
		}
		if x != 0 {
			return x
		}
	}
	return 0
}
