package db

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxParams and maxParamsLite are how many parameters one multi-row insert carries at most.
// PostgreSQL takes 65,535. SQLite takes 32,766, but there are no round trips to save there.
// maxNamedLite is for rows whose parameters must be numbered, because they are out of order or used
// twice: SQLite's driver looks each number up in a list of all, which costs the square of their
// number.
const (
	maxParams     = 8000
	maxParamsLite = 1000
	maxNamedLite  = 128
)

// tuple finds the one row of a statement "INSERT … VALUES ($1, $2 …) …".
var tuple = regexp.MustCompile(`(?is)\bVALUES\s*(\([^()]*\))`)

// InsertMany runs an insert for many rows in few round trips: the statement's one row of values is
// repeated. Every row has the same number of values. It returns the rows changed.
func InsertMany(ctx context.Context, tx *Tx, s *Statement, rows [][]any) (int64, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	width := len(rows[0])
	at := tuple.FindStringSubmatchIndex(s.postgres)
	if at == nil || width == 0 || hasParams(s.postgres[:at[2]]) || hasParams(s.postgres[at[3]:]) {
		return 0, fmt.Errorf("%s is no insert of one row of values", s.place)
	}
	row, rest := s.postgres[at[2]:at[3]], s.postgres[at[3]:]
	limit, render := maxParams/width, func(n int) string { return repeat(row, width, n) }
	if tx.Dialect() == SQLite {
		limit = max(1, maxNamedLite/width)
		render = func(n int) string { return forSQLite(repeat(row, width, n)) }
		if inSequence(row, width) {
			limit = max(1, maxParamsLite/width)
			render = func(n int) string { return marks(row, n) }
		}
	}
	texts := map[int]string{} // by number of rows
	var total int64
	for len(rows) > 0 {
		n := chunk(len(rows), limit)
		if texts[n] == "" {
			texts[n] = s.postgres[:at[2]] + render(n) + rest
		}
		args := make([]any, 0, n*width)
		for _, row := range rows[:n] {
			if len(row) != width {
				return total, fmt.Errorf("%s: a row has %d values, not %d", s.place, len(row), width)
			}
			args = append(args, row...)
		}
		changed, err := tx.exec(texts[n], s.place, args)
		if err != nil {
			return total, err
		}
		total += changed
		rows = rows[n:]
	}
	return total, nil
}

// inSequence reports whether the parameters of a row are $1 to the last, in order and each once.
func inSequence(values string, width int) bool {
	next := 1
	for _, p := range lex(values) {
		if p.param == 0 {
			continue
		}
		if p.param != next {
			return false
		}
		next++
	}
	return next == width+1
}

// marks writes a row n times for SQLite, with parameters that count by themselves.
func marks(values string, n int) string {
	var row strings.Builder
	for _, p := range lex(values) {
		if p.param > 0 {
			row.WriteByte('?')
			continue
		}
		row.WriteString(p.text)
	}
	return strings.Repeat(row.String()+", ", n-1) + row.String()
}

// hasParams reports whether a text has parameters: outside of the row they would all mean those of
// the first one.
func hasParams(text string) bool {
	return slices.ContainsFunc(lex(text), func(p piece) bool { return p.param > 0 })
}

// chunk returns how many of n rows to send at once: a power of two, so that few different texts
// have to be compiled.
func chunk(n, limit int) int {
	size := 1
	for size*2 <= n && size*2 <= limit {
		size *= 2
	}
	return size
}

// repeat writes the tuple n times, the parameters of each shifted by the width of a row.
func repeat(tuple string, width, n int) string {
	var b strings.Builder
	pieces := lex(tuple)
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		for _, p := range pieces {
			if p.param > 0 {
				b.WriteByte('$')
				b.WriteString(strconv.Itoa(p.param + i*width))
				continue
			}
			b.WriteString(p.text)
		}
	}
	return b.String()
}
