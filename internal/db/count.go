package db

import (
	"context"
	"strings"
)

// Count returns how many rows there are where w holds. With limit > 0 it stops counting there.
func (s *Selection) Count(ctx context.Context, q Q, w Where, limit int) (int64, error) {
	text := ""
	var args []any
	if limit > 0 {
		inner, a := s.render(q.Dialect(), "1 AS one", w, nil, false, limit)
		text, args = "SELECT COUNT(*) FROM ("+inner+") AS counted", a
	} else {
		text, args = s.render(q.Dialect(), "COUNT(*)", w, nil, false, 0)
	}
	var n int64
	err := q.each(ctx, text, s.place, false, func(r Row) error { return r.Scan(&n) }, args)
	return n, err
}

// CountBy returns how many rows there are for each value of a text column.
func (s *Selection) CountBy(
	ctx context.Context, q Q, column fragment, w Where,
) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.CountGroups(ctx, q, w, func(values []string, n int64) { out[values[0]] = n }, column)
	return out, err
}

// CountGroups calls each with how many rows there are for each combination of values of some text columns,
// in the order of the columns; values is used again. It needs no sorting where an index has the columns.
func (s *Selection) CountGroups(
	ctx context.Context, q Q, w Where, each func(values []string, n int64), columns ...fragment,
) error {
	return s.CountParts(ctx, q, w, nil, func(values []string, n int64, _ []int64) { each(values, n) }, columns...)
}

// CountParts counts where w holds, in all and the rows of each part, in one pass: for each combination of
// values of some text columns. values and of, one number for each part, are used again.
func (s *Selection) CountParts(
	ctx context.Context, q Q, w Where, parts []Where, each func(values []string, n int64, of []int64),
	columns ...fragment,
) error {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = string(c)
	}
	group := strings.Join(names, ", ")
	_, args := w.render(0)
	counts := "COUNT(*)"
	for _, p := range parts {
		cond, more := p.render(len(args))
		counts += ", SUM(CASE WHEN " + cond + " THEN 1 ELSE 0 END)"
		args = append(args, more...)
	}
	text, _ := s.render(q.Dialect(), group+", "+counts, w, nil, false, 0)
	var n int64
	values, of := make([]string, len(columns)), make([]int64, len(parts))
	var into []any
	for i := range values {
		into = append(into, &values[i])
	}
	into = append(into, &n)
	for i := range of {
		into = append(into, &of[i])
	}
	return q.each(ctx, text+" GROUP BY "+group, s.place, false, func(r Row) error {
		if err := r.Scan(into...); err != nil {
			return err
		}
		each(values, n, of)
		return nil
	}, args)
}
