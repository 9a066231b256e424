package db

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Where is a condition put together from constant fragments. The zero value is true for every row.
// It is a value: And returns a new one and leaves the old as it was.
type Where struct {
	parts []part // joined by AND
}

type part struct {
	sql  string // its parameters count from $1
	args []any
}

// And adds a condition whose parameters $1 … $n are args.
func (w Where) And(f fragment, args ...any) Where {
	return w.with(part{"(" + string(f) + ")", args})
}

// AndAll adds all conditions of o.
func (w Where) AndAll(o Where) Where { return w.with(o.parts...) }

// In adds: the value of column is one of vals. No values means no rows. The list is filled up to a
// power of two with its last value, so that few different texts have to be compiled.
func (w Where) In(column fragment, vals ...any) Where {
	if len(vals) == 0 {
		return w.AndAll(Nothing())
	}
	size := 1
	for size < len(vals) {
		size *= 2
	}
	args := make([]any, 0, size)
	args = append(args, vals...)
	for len(args) < size {
		args = append(args, vals[len(vals)-1])
	}
	marks := make([]string, size)
	for i := range marks {
		marks[i] = "$" + strconv.Itoa(i+1)
	}
	return w.with(part{string(column) + " IN (" + strings.Join(marks, ", ") + ")", args})
}

// Holds adds: every word of query stands somewhere in the columns, whatever the case of its Latin letters. A text
// that no column can hold is in none. It reads every row that the other conditions leave: for lists of hundreds,
// not for the registry.
func (w Where) Holds(query string, columns ...fragment) Where {
	if !utf8.ValidString(query) || strings.ContainsRune(query, 0) {
		return w.AndAll(Nothing())
	}
	for _, word := range strings.Fields(strings.ToLower(query)) {
		var anywhere []Where
		for _, c := range columns {
			// Exactly this text: no sign of it means something else, on either database.
			anywhere = append(anywhere, Where{}.And("REPLACE(LOWER("+c+"), $1, '') <> LOWER("+c+")", word))
		}
		w = w.AndAll(Or(anywhere...))
	}
	return w
}

// Or returns a condition that holds where any of ws holds; without ws it holds nowhere.
func Or(ws ...Where) Where {
	if len(ws) == 0 {
		return Nothing()
	}
	var p part
	for i, w := range ws {
		if len(w.parts) == 0 {
			return Where{}
		}
		sql, args := w.render(len(p.args))
		if i > 0 {
			p.sql += " OR "
		}
		p.sql += "(" + sql + ")"
		p.args = append(p.args, args...)
	}
	p.sql = "(" + p.sql + ")"
	return Where{}.with(p)
}

// Not returns the opposite of w. Its columns must not be NULL.
func Not(w Where) Where {
	if len(w.parts) == 0 {
		return Nothing()
	}
	sql, args := w.render(0)
	return Where{}.with(part{"NOT (" + sql + ")", args})
}

// Exists returns a condition that holds where from, a table with its short name, has a row for which
// w holds.
func Exists(from fragment, w Where) Where {
	sql, args := w.render(0)
	return Where{}.with(part{"EXISTS (SELECT 1 FROM " + string(from) + " WHERE " + sql + ")", args})
}

// Nothing returns a condition that holds for no row.
func Nothing() Where { return Where{}.with(part{nothing, nil}) }

const nothing = "1 = 0"

// IsEverything reports whether w has no condition at all.
func (w Where) IsEverything() bool { return len(w.parts) == 0 }

// IsNothing reports whether a condition of w is Nothing, so that no row is looked for. There are other
// conditions that no row fulfils.
func (w Where) IsNothing() bool {
	for _, p := range w.parts {
		if p.sql == nothing {
			return true
		}
	}
	return false
}

func (w Where) with(more ...part) Where {
	parts := make([]part, 0, len(w.parts)+len(more))
	return Where{append(append(parts, w.parts...), more...)}
}

// render returns the condition as SQL whose parameters count from $(used+1).
func (w Where) render(used int) (string, []any) {
	if len(w.parts) == 0 {
		return "1 = 1", nil
	}
	var b strings.Builder
	var args []any
	for i, p := range w.parts {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(shift(p.sql, used+len(args)))
		args = append(args, p.args...)
	}
	return b.String(), args
}
