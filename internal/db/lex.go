package db

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// piece is a stretch of SQL text: plain text, quoted text or a comment, or the parameter number
// param when that is > 0.
type piece struct {
	text   string
	param  int
	semi   bool // a statement separator
	quoted bool // a literal, a quoted name or a comment
}

// lex cuts SQL into pieces. Quoted text, quoted names and comments are passed through untouched,
// so a dollar sign or semicolon inside them is not taken for a parameter or a separator. What the
// two databases would read differently is not known here; see unportable.
func lex(sql string) []piece {
	var out []piece
	start := 0
	flush := func(end int, quoted bool) {
		if end > start {
			out = append(out, piece{text: sql[start:end], quoted: quoted})
		}
		start = end
	}
	for i := 0; i < len(sql); {
		if end := skip(sql, i); end > i {
			flush(i, false)
			flush(end, true)
			i = end
			continue
		}
		if sql[i] == ';' {
			flush(i, false)
			out = append(out, piece{text: ";", semi: true})
			i++
			start = i
			continue
		}
		if n, end := parameter(sql, i); n > 0 {
			flush(i, false)
			out = append(out, piece{text: sql[i:end], param: n})
			i, start = end, end
			continue
		}
		i++
	}
	flush(len(sql), false)
	return out
}

// skip returns the end of the quoted text or comment that starts at i, or i when none does.
func skip(sql string, i int) int {
	switch {
	case sql[i] == '\'' || sql[i] == '"':
		return skipQuoted(sql, i, sql[i])
	case strings.HasPrefix(sql[i:], "--"):
		return skipTo(sql, i+2, "\n")
	case strings.HasPrefix(sql[i:], "/*"):
		return skipTo(sql, i+2, "*/")
	default:
		return i
	}
}

// maxParamDigits bounds a parameter number; both databases stop long before.
const maxParamDigits = 5

// parameter reads "$7" at i and returns 7 and its end; 0 when there is none.
func parameter(sql string, i int) (int, int) {
	if sql[i] != '$' || i+1 == len(sql) || sql[i+1] < '1' || sql[i+1] > '9' {
		return 0, i
	}
	j := i + 1
	for j < len(sql) && sql[j] >= '0' && sql[j] <= '9' && j-i <= maxParamDigits {
		j++
	}
	n, _ := strconv.Atoi(sql[i+1 : j])
	return n, j
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
	if k := strings.Index(sql[i:], end); k >= 0 {
		return i + k + len(end)
	}
	return len(sql)
}

// oddities are spellings that one of the databases, or the lexer, reads in another way.
var oddities = []struct {
	where *regexp.Regexp
	why   string
}{
	{regexp.MustCompile(`\?`), "a question mark: parameters are $1, $2 …"},
	{regexp.MustCompile(`\$($|[^1-9])`), "a dollar sign that starts no parameter: " +
		"dollar-quoted text is not supported"},
	{regexp.MustCompile("[\\[\\]`]"), "a quote of another database"},
	{regexp.MustCompile(`(?i)\bOFFSET\b`), "OFFSET: lists are paged by key"},
	{regexp.MustCompile(`\*/`), "the end of a comment that did not start: comments do not nest"},
}

// unportable says what is wrong with a text that lex and the databases may not understand alike, or
// returns "". The test of all statements and migrations asks it.
func unportable(sql string) string {
	pieces := lex(sql)
	for i, p := range pieces {
		switch {
		case p.param > 0:
			continue
		case p.quoted && strings.HasPrefix(p.text, "'"):
			if i > 0 && escapes.MatchString(pieces[i-1].text) {
				return "a literal with escapes: write the character itself"
			}
			continue
		case p.quoted && strings.HasPrefix(p.text, "/*") && strings.Contains(p.text[2:], "/*"):
			return "a comment inside a comment: SQLite does not nest them"
		case p.quoted:
			continue
		}
		for _, o := range oddities {
			if at := o.where.FindString(p.text); at != "" {
				return fmt.Sprintf("%s (%q)", o.why, at)
			}
		}
	}
	return ""
}

// escapes finds the prefix of a literal of PostgreSQL that knows escapes, and of other kinds of
// literals that SQLite lacks.
var escapes = regexp.MustCompile(`(?i)(^|[^a-z0-9_])(e|b|x|n|u&)$`)

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
	full := false // there is more than comments and spaces
	end := func() {
		if full {
			out = append(out, strings.TrimSpace(b.String()))
		}
		b.Reset()
		full = false
	}
	for _, p := range lex(sql) {
		if p.semi {
			end()
			continue
		}
		comment := p.quoted && (strings.HasPrefix(p.text, "--") || strings.HasPrefix(p.text, "/*"))
		full = full || !comment && strings.TrimSpace(p.text) != ""
		b.WriteString(p.text)
	}
	end()
	return out
}
