package db

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForSQLite(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"SELECT a FROM t WHERE b = $1 AND c = $2 OR b = $1", "SELECT a FROM t WHERE b = ?1 AND c = ?2 OR b = ?1"},
		{"VALUES ($10,$9)", "VALUES (?10,?9)"},
		{"SELECT '$1', \"$2\", $3", "SELECT '$1', \"$2\", ?3"},
		{"SELECT 'it''s $1' || $2", "SELECT 'it''s $1' || ?2"},
		{"SELECT $1 -- not $2\n, $3", "SELECT ?1 -- not $2\n, ?3"},
		{"SELECT /* $1 ' */ $2", "SELECT /* $1 ' */ ?2"},
		{"SELECT '云 $1' || $1", "SELECT '云 $1' || ?1"},
		{"SELECT 'open $1", "SELECT 'open $1"},
		{"SELECT a -- open $1", "SELECT a -- open $1"},
		{"$", "$"},
		{"$0", "$0"},
		{"", ""},
	} {
		if got := forSQLite(tc.in); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestShift(t *testing.T) {
	if got, want := shift("a = $1 AND b = '$1' AND c = $12", 3), "a = $4 AND b = '$1' AND c = $15"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSplit(t *testing.T) {
	got := split("-- first;\nCREATE TABLE a (x TEXT DEFAULT ';');\n\n; -- nothing;\n" +
		"/* ; */\nINSERT INTO a VALUES ('it''s; fine'); SELECT \"a;b\"")
	want := []string{
		"-- first;\nCREATE TABLE a (x TEXT DEFAULT ';')",
		"-- nothing;\n/* ; */\nINSERT INTO a VALUES ('it''s; fine')",
		"SELECT \"a;b\"",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnportable(t *testing.T) {
	for text, ok := range map[string]bool{
		"SELECT a FROM t WHERE b = $1":                  true,
		"SELECT '? $$ `x` E''' FROM t":                  true,
		"SELECT CASE WHEN a THEN 'x' ELSE'y' END":       true,
		"SELECT a -- what?\nFROM t":                     true,
		"SELECT a FROM t WHERE b = ?":                   false,
		"SELECT $$text$$":                               false,
		"SELECT $tag$text$tag$":                         false,
		`SELECT E'it\'s' FROM t`:                        false,
		`SELECT e'x'`:                                   false,
		"SELECT X'00'":                                  false,
		"SELECT `a` FROM t":                             false,
		"SELECT [a] FROM t":                             false,
		"SELECT a[1] FROM t":                            false,
		"SELECT a FROM t LIMIT 1 OFFSET 2":              false,
		"SELECT /* a /* b */ c */ 1":                    false,
		"SELECT a FROM t WHERE offset_us = 1 AND b = 1": true,
	} {
		if why := unportable(text); (why == "") != ok {
			t.Errorf("%q: %q", text, why)
		}
	}
}

func TestMigrationsArePortableText(t *testing.T) {
	for _, d := range []Dialect{SQLite, Postgres} {
		all, err := Migrations(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if why := unportable(m.text); why != "" {
				t.Errorf("%04d_%s: %s", m.Number, m.Name, why)
			}
		}
	}
}

func TestChanges(t *testing.T) {
	for text, want := range map[string]bool{
		"SELECT a FROM t":                               false,
		" \n(SELECT a FROM t)":                          false,
		"-- why\nSELECT a FROM t FOR UPDATE":            false,
		"/* UPDATE */ select 'DELETE' FROM t":           false,
		"WITH x AS (SELECT 1) SELECT a FROM x":          false,
		"WITH x AS (SELECT 1) INSERT INTO t SELECT 1":   true,
		"WITH x AS (SELECT 'update') SELECT 1":          false,
		"VALUES (1)":                                    false,
		"EXPLAIN SELECT 1":                              false,
		"EXPLAIN ANALYZE DELETE FROM t":                 true,
		"INSERT INTO t VALUES (1) RETURNING a":          true,
		"UPDATE t SET a = 1 RETURNING a":                true,
		"DELETE FROM t":                                 true,
		"CREATE TABLE t (a TEXT)":                       true,
		"SELECTION":                                     true,
		"":                                              true,
		"REPLACE INTO t SELECT a FROM t":                true,
		"SELECT CASE WHEN a = 'x' THEN 1 END FROM t; -": false,
	} {
		if got := changes(text); got != want {
			t.Errorf("changes(%q) = %v", text, got)
		}
	}
}

// plainText has nothing that the lexer treats specially but parameters.
var plainText = regexp.MustCompile(`^[^'"/;-]*$`)

// FuzzForSQLite: rewriting loses nothing and adds nothing. Undoing it gives the text back, pieces
// join to the text, and parameters outside of quotes are found exactly where a regular expression
// finds them in text without quotes.
func FuzzForSQLite(f *testing.F) {
	for _, s := range []string{
		"SELECT $1", "'$1'$2", "--$1\n$2", "/*$1*/$2", `"$1"`, "$", "$12345678", "''''$1", "/*/$1*/", "a$1b",
	} {
		f.Add(s)
	}
	param := regexp.MustCompile(`\$([1-9][0-9]{0,4})`)
	f.Fuzz(func(t *testing.T, sql string) {
		var joined strings.Builder
		for _, p := range lex(sql) {
			if p.text == "" {
				t.Errorf("empty piece in %q", sql)
			}
			joined.WriteString(p.text)
		}
		if joined.String() != sql {
			t.Errorf("pieces of %q join to %q", sql, joined.String())
		}
		got := forSQLite(sql)
		if len(got) != len(sql) {
			t.Errorf("%q has become %q", sql, got)
		}
		for i := range len(got) {
			if got[i] != sql[i] && (got[i] != '?' || sql[i] != '$') {
				t.Errorf("%q has become %q", sql, got)
			}
		}
		if plainText.MatchString(sql) {
			if want := param.ReplaceAllString(sql, "?$1"); got != want {
				t.Errorf("%q: got %q, want %q", sql, got, want)
			}
		}
		if back := shift(shift(sql, 7), -7); !wide(sql) && back != sql {
			t.Errorf("%q shifted forth and back is %q", sql, back)
		}
	})
}

// wide reports whether a parameter is so large that shifting changes where its digits end.
func wide(sql string) bool {
	for _, p := range lex(sql) {
		if p.param >= 10000-7 {
			return true
		}
	}
	return false
}

// FuzzSplit: the statements hold every byte of the text but separators, comments of their own and
// outer spaces; splitting a statement again changes nothing.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"a;b", "';';a", "--;\na;", "/*;*/;a", `";"`, ";;;", "a;--x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		parts := split(sql)
		rest := sql
		for _, p := range parts {
			i := strings.Index(rest, p)
			if i < 0 {
				t.Fatalf("%q is not in the rest of %q", p, sql)
			}
			rest = rest[i+len(p):]
			again := split(p)
			if len(again) != 1 || again[0] != p {
				t.Errorf("%q splits again into %q", p, again)
			}
		}
	})
}

func TestParameterOfManyDigits(t *testing.T) {
	pieces := lex("$" + strconv.Itoa(1234567))
	if pieces[0].param != 12345 {
		t.Errorf("read %+v", pieces)
	}
}
