package db

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Limits of a page of a list.
const (
	DefaultLimit = 20
	MaxLimit     = 500
	maxCursor    = 8000 // bytes; order columns of text hold up to 1,000 characters
)

// Selection is the fixed part of a list: its columns, where they come from, and the orders that
// people may choose. Selections register themselves; the test that prepares every statement
// prepares every order of every selection too.
type Selection struct {
	place   string
	columns string
	from    string
	orders  []Order
}

// Select declares a list. from is the text after FROM: a table, or tables with their joins.
func Select(columns, from fragment, orders ...Order) *Selection {
	s := &Selection{place: caller(), columns: string(columns), from: string(from), orders: orders}
	registry.Lock()
	defer registry.Unlock()
	registry.selections = append(registry.selections, s)
	return s
}

// Order is one way to sort a list. All columns run in the same direction, the last one is unique,
// and none may be NULL, so that a page can start after the values of the row before.
type Order struct {
	Name string
	Desc bool
	Cols []Col
}

// Col is a column of an order.
type Col struct {
	sql  string
	text bool
}

// TextCol is an order column of type TEXT.
func TextCol(sql fragment) Col { return Col{string(sql), true} }

// IntCol is an order column of type BIGINT.
func IntCol(sql fragment) Col { return Col{string(sql), false} }

// Order returns the order called name, or the first when there is none of that name: the name
// comes from an address and may be anything.
func (s *Selection) Order(name string) Order {
	for _, o := range s.orders {
		if o.Name == name {
			return o
		}
	}
	return s.orders[0]
}

// OrderNames returns the names people may choose from.
func (s *Selection) OrderNames() []string {
	names := make([]string, len(s.orders))
	for i, o := range s.orders {
		names[i] = o.Name
	}
	return names
}

// Orders returns the orders, for another selection of the same rows.
func (s *Selection) Orders() []Order { return slices.Clone(s.orders) }

// PageReq asks for a page: after or before a cursor, the last page, or else the first.
type PageReq struct {
	After, Before string
	Last          bool
	Limit         int
}

// Size is how many rows the page has at most.
func (p PageReq) Size() int {
	if p.Limit <= 0 {
		return DefaultLimit
	}
	return min(p.Limit, MaxLimit)
}

// Page is a stretch of a list. Next and Prev are cursors, "" where the list ends.
type Page[T any] struct {
	Items      []T
	Next, Prev string
}

// cursor is what a page position says: the order it belongs to and the values of a row. A page
// starts behind that row, or with it.
type cursor struct {
	Order string   `json:"o"`
	Texts []string `json:"v"`
	With  bool     `json:"w,omitempty"`
}

// List returns a page of the rows where w holds, in order o. A page that has become empty because
// its rows are gone still has a cursor back to where it came from.
func List[T any](
	ctx context.Context, q Q, s *Selection, w Where, o Order, p PageReq,
	scan func(Row) (T, error),
) (Page[T], error) {
	return paged(o, p, w, func(w Where, backward bool, need int) ([]T, [][]string, error) {
		return fetch(ctx, q, s, w, o, backward, need, scan)
	})
}

// source returns the first rows, or the last ones backward, where w holds, up to need of them, with
// their values of the order's columns.
type source[T any] func(w Where, backward bool, need int) ([]T, [][]string, error)

// paged makes a page of what a source returns.
func paged[T any](o Order, p PageReq, w Where, rows source[T]) (Page[T], error) {
	at, backward := p.start()
	var c cursor
	if at != "" {
		var err error
		if c, err = decodeCursor(at, o); err != nil {
			return Page[T]{}, err
		}
		beyond, err := o.beyond(c, backward)
		if err != nil {
			return Page[T]{}, err
		}
		w = w.with(beyond)
	}
	items, keys, err := rows(w, backward, p.Size()+1)
	if err != nil {
		return Page[T]{}, err
	}
	more := len(items) > p.Size()
	if more {
		items, keys = items[:p.Size()], keys[:p.Size()]
	}
	if backward {
		slices.Reverse(items)
		slices.Reverse(keys)
	}
	page := Page[T]{Items: items}
	page.Prev, page.Next = neighbours(o, keys, c, at != "", backward, more)
	return page, nil
}

// start returns the cursor to start from, "" for an end of the list, and the direction.
func (p PageReq) start() (string, bool) {
	switch {
	case p.Last:
		return "", true
	case p.Before != "":
		return p.Before, true
	default:
		return p.After, false
	}
}

// neighbours returns the cursors of the pages before and after one with these keys, that came from
// cursor c if came is true, and beyond which there are more rows or not.
func neighbours(
	o Order, keys [][]string, c cursor, came, backward, more bool,
) (prev, next string) {
	if len(keys) == 0 {
		if !came {
			return "", ""
		}
		c.With = !c.With // the row of the cursor itself was, or was not, part of the page
		if backward {
			return "", c.encode()
		}
		return c.encode(), ""
	}
	first := cursor{Order: o.Name, Texts: keys[0]}.encode()
	last := cursor{Order: o.Name, Texts: keys[len(keys)-1]}.encode()
	switch {
	case backward && !more:
		first = ""
	case !backward && !came:
		first = ""
	}
	switch {
	case !backward && !more:
		last = ""
	case backward && !came:
		last = ""
	}
	return first, last
}

// Stream calls each for every row where w holds, in order o, up to limit rows. Exports use it. The rows come
// in any order when o is zero.
func Stream[T any](
	ctx context.Context, q Q, s *Selection, w Where, o Order, limit int,
	scan func(Row) (T, error), each func(T) error,
) error {
	text, args := s.render(q.Dialect(), s.columns, w, &o, false, limit)
	return q.each(ctx, text, s.place, false, func(r Row) error {
		v, err := scan(r)
		if err != nil {
			return translate(err, s.place)
		}
		return each(v)
	}, args)
}

func fetch[T any](
	ctx context.Context, q Q, s *Selection, w Where, o Order, backward bool, limit int,
	scan func(Row) (T, error),
) ([]T, [][]string, error) {
	columns := s.columns
	for _, c := range o.Cols {
		columns += ", " + c.sql
	}
	text, args := s.render(q.Dialect(), columns, w, &o, backward, limit)
	var items []T
	var keys [][]string
	err := q.each(ctx, text, s.place, false, func(r Row) error {
		key := make([]string, len(o.Cols))
		v, err := scan(keyedRow{r, key})
		if err != nil {
			return translate(err, s.place)
		}
		items, keys = append(items, v), append(keys, key)
		return nil
	}, args)
	return items, keys, err
}

// keyedRow lets scan read its own columns while the order's columns behind them go into key.
type keyedRow struct {
	row Row
	key []string
}

func (k keyedRow) Scan(dest ...any) error {
	all := make([]any, 0, len(dest)+len(k.key))
	all = append(all, dest...)
	for i := range k.key {
		all = append(all, &k.key[i])
	}
	return k.row.Scan(all...)
}

// render builds the SQL text of a list. Everything in it is constant text of the program.
func (s *Selection) render(
	d Dialect, columns string, w Where, o *Order, backward bool, limit int,
) (string, []any) {
	cond, args := w.render(0)
	var b strings.Builder
	b.WriteString("SELECT " + columns + " FROM " + s.from + " WHERE " + cond)
	if o != nil && len(o.Cols) > 0 {
		b.WriteString(" ORDER BY " + o.text(backward))
	}
	if limit > 0 {
		args = append(args, limit)
		b.WriteString(" LIMIT $" + strconv.Itoa(len(args)))
	}
	if d == SQLite {
		return forSQLite(b.String()), args
	}
	return b.String(), args
}

func (o Order) text(backward bool) string {
	parts := make([]string, len(o.Cols))
	for i, c := range o.Cols {
		parts[i] = c.sql
		if o.Desc != backward {
			parts[i] += " DESC"
		}
	}
	return strings.Join(parts, ", ")
}

// beyond is the condition for rows after, or before, the row of a cursor.
func (o Order) beyond(c cursor, backward bool) (part, error) {
	names, marks := make([]string, len(o.Cols)), make([]string, len(o.Cols))
	values := make([]any, len(o.Cols))
	for i, col := range o.Cols {
		names[i], marks[i] = col.sql, "$"+strconv.Itoa(i+1)
		if col.text {
			values[i] = c.Texts[i]
			continue
		}
		n, err := strconv.ParseInt(c.Texts[i], 10, 64)
		if err != nil {
			return part{}, badCursor(err)
		}
		values[i] = n
	}
	op := ">"
	if o.Desc != backward {
		op = "<"
	}
	if c.With {
		op += "="
	}
	sql := "(" + strings.Join(names, ", ") + ") " + op + " (" + strings.Join(marks, ", ") + ")"
	return part{sql, values}, nil
}

func (c cursor) encode() string {
	b, err := json.Marshal(c)
	if err != nil {
		return "" // strings always marshal
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func badCursor(err error) error {
	return fault.New(fault.Invalid, "分页位置无效，请回到第一页").Wrap(err)
}

// decodeCursor reads a cursor from an address: it may be anything.
func decodeCursor(s string, o Order) (cursor, error) {
	var c cursor
	if len(s) > maxCursor {
		return c, badCursor(errors.New("cursor too long"))
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return c, badCursor(err)
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, badCursor(err)
	}
	if c.Order != o.Name || len(c.Texts) != len(o.Cols) {
		return c, badCursor(fmt.Errorf("cursor is for order %q", c.Order))
	}
	for _, text := range c.Texts {
		if err := checkArgs([]any{text}); err != nil {
			return c, badCursor(err)
		}
	}
	return c, nil
}
