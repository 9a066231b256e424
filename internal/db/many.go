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
// PostgreSQL takes 65,535. SQLite takes 32,766, but its driver looks the name of each up in a list
// of all, so large statements cost the square of their size; they save no round trip there anyway.
const (
	maxParams     = 8000
	maxParamsLite = 400
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
	limit := maxParams / width
	if tx.Dialect() == SQLite {
		limit = max(1, maxParamsLite/width)
	}
	var total int64
	for len(rows) > 0 {
		n := chunk(len(rows), limit)
		text := s.postgres[:at[2]] + repeat(s.postgres[at[2]:at[3]], width, n) + s.postgres[at[3]:]
		if tx.Dialect() == SQLite {
			text = forSQLite(text)
		}
		args := make([]any, 0, n*width)
		for _, row := range rows[:n] {
			if len(row) != width {
				return total, fmt.Errorf("%s: a row has %d values, not %d", s.place, len(row), width)
			}
			args = append(args, row...)
		}
		changed, err := tx.exec(text, s.place, args)
		if err != nil {
			return total, err
		}
		total += changed
		rows = rows[n:]
	}
	return total, nil
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
