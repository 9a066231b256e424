package db

import (
	"strconv"
	"strings"
)

// piece is a stretch of SQL text: plain text, or the parameter number param when that is > 0.
type piece struct {
	text  string
	param int
	semi  bool // a statement separator
}

// lex cuts SQL into pieces. Quoted text, quoted names and comments are passed through untouched,
// so a dollar sign or semicolon inside them is not taken for a parameter or a separator.
func lex(sql string) []piece {
	var out []piece
	start := 0
	flush := func(end int) {
		if end > start {
			out = append(out, piece{text: sql[start:end]})
		}
	}
	for i := 0; i < len(sql); {
		switch c := sql[i]; {
		case c == '\'' || c == '"':
			i = skipQuoted(sql, i, c)
		case strings.HasPrefix(sql[i:], "--"):
			i = skipTo(sql, i+2, "\n")
		case strings.HasPrefix(sql[i:], "/*"):
			i = skipTo(sql, i+2, "*/")
		case c == ';':
			flush(i)
			out = append(out, piece{text: ";", semi: true})
			i++
			start = i
		case c == '$' && i+1 < len(sql) && sql[i+1] >= '1' && sql[i+1] <= '9':
			flush(i)
			j := i + 1
			for j < len(sql) && sql[j] >= '0' && sql[j] <= '9' && j-i < 6 {
				j++
			}
			n, _ := strconv.Atoi(sql[i+1 : j])
			out = append(out, piece{text: sql[i:j], param: n})
			i, start = j, j
		default:
			i++
		}
	}
	flush(len(sql))
	return out
}

// skipQuoted returns the place after the quoted run that starts at i. A doubled quote is part of
// the run; an unterminated one reaches to the end.
func skipQuoted(sql string, i int, quote byte) int {
	for i++; i < len(sql); i++ {
		if sql[i] != quote {
			continue
		}
		if i+1 < len(sql) && sql[i+1] == quote {
			i++
			continue
		}
		return i + 1
	}
	return len(sql)
}

func skipTo(sql string, i int, end string) int {
	if i > len(sql) {
		return len(sql)
	}
	if k := strings.Index(sql[i:], end); k >= 0 {
		return i + k + len(end)
	}
	return len(sql)
}

// forSQLite rewrites $N to ?N. SQLite reads "?3" as the third argument, so an argument may be used
// twice and in any order, just as in PostgreSQL; a bare "?" would count up.
func forSQLite(sql string) string {
	var b strings.Builder
	for _, p := range lex(sql) {
		if p.param > 0 {
			b.WriteByte('?')
			b.WriteString(strconv.Itoa(p.param))
			continue
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// shift adds n to every parameter number, to join fragments that each count from $1.
func shift(sql string, n int) string {
	if n == 0 {
		return sql
	}
	var b strings.Builder
	for _, p := range lex(sql) {
		if p.param > 0 {
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(p.param + n))
			continue
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// split cuts a migration file into its statements, without empty ones.
func split(sql string) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if s := strings.TrimSpace(b.String()); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	for _, p := range lex(sql) {
		if p.semi {
			end()
			continue
		}
		b.WriteString(p.text)
	}
	end()
	return out
}
