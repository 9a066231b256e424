package app_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// This file holds rules that can be seen in the sources: where time, environment and chance are
// read, what SQL may say, how long things may be.

// calls says where functions of the standard library may be used.
var calls = []struct {
	names   []string
	folders []string
	because string
}{
	{
		[]string{"time.Now", "time.Since", "time.Until"},
		[]string{"internal/clock", "internal/config", "internal/id", "internal/cli", "cmd"},
		"the time comes from clock, so that tests can set it",
	}, {
		[]string{"time.After", "time.AfterFunc", "time.NewTimer", "time.NewTicker", "time.Sleep"},
		[]string{"internal/app", "internal/cli", "internal/db", "internal/job", "internal/outbox",
			"internal/web", "cmd"},
		"waiting belongs to the parts that run by themselves",
	}, {
		[]string{"time.Tick"}, nil, "it cannot be stopped",
	}, {
		[]string{"os.Getenv", "os.LookupEnv", "os.Environ", "os.ExpandEnv"},
		[]string{"internal/config", "internal/cli", "cmd"},
		"settings come from config",
	}, {
		[]string{"os.Exit"}, []string{"internal/cli", "cmd"}, "only the command ends the program",
	}, {
		[]string{"slog.Default", "slog.SetDefault", "slog.Debug", "slog.Info", "slog.Warn",
			"slog.Error"},
		[]string{"cmd"}, "there is no global logger: one is handed over",
	}, {
		[]string{"http.DefaultClient", "http.DefaultServeMux", "http.Get", "http.Post",
			"http.HandleFunc", "http.Handle", "http.ListenAndServe"},
		nil, "they have no time-outs or are global",
	},
}

// wrongCall says why a folder may not use a function, "" when it may.
func wrongCall(folder, name string) string {
	for _, rule := range calls {
		if slices.Contains(rule.names, name) &&
			!slices.ContainsFunc(rule.folders, func(f string) bool { return under(folder, f) }) {
			return rule.because
		}
	}
	return ""
}

// source is a parsed file of the product.
type source struct {
	folder, name string
	file         *ast.File
	text         string
}

// sources parses every Go file of the product that people wrote, without tests.
func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	fset := token.NewFileSet()
	var out []source
	for _, p := range listPackages(t) {
		folder, _ := local(p.ImportPath)
		if isTestOnly(folder) {
			continue
		}
		for _, name := range p.GoFiles {
			if strings.HasSuffix(name, "_templ.go") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			f, err := parser.ParseFile(fset, folder+"/"+name, text, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, source{folder, folder + "/" + name, f, string(text)})
		}
	}
	return fset, out
}

// Functions with hidden inputs or effects are used only where they are at home.
func TestCalls(t *testing.T) {
	fset, all := sources(t)
	for _, s := range all {
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok {
				if why := wrongCall(s.folder, x.Name+"."+sel.Sel.Name); why != "" {
					t.Errorf("%s: %s.%s: %s", fset.Position(sel.Pos()), x.Name, sel.Sel.Name, why)
				}
			}
			return true
		})
	}
}

func TestCallsRefuse(t *testing.T) {
	for _, tc := range []struct {
		folder, name string
		ok           bool
	}{
		{"internal/clock", "time.Now", true},
		{"internal/party", "time.Now", false},
		{"internal/job", "time.NewTicker", true},
		{"internal/party", "time.Sleep", false},
		{"internal/app", "time.Tick", false},
		{"internal/web", "os.Getenv", false},
		{"internal/web", "slog.Info", false},
		{"internal/party", "time.Date", true},
	} {
		if why := wrongCall(tc.folder, tc.name); (why == "") != tc.ok {
			t.Errorf("%s uses %s: %q", tc.folder, tc.name, why)
		}
	}
}

// Nothing happens before main but the making of values: no init functions.
func TestNoInit(t *testing.T) {
	fset, all := sources(t)
	for _, s := range all {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: init function", fset.Position(f.Pos()))
			}
		}
	}
}

// sqlRules are what a statement may not say, beside what only a database can check.
var sqlRules = []struct {
	pattern *regexp.Regexp
	because string
}{
	{regexp.MustCompile(`(?i)\bSELECT\s+(\w+\.)?\*`), "name the columns: a new one must not slip in"},
	{regexp.MustCompile(`(?i)\bOFFSET\b`), "lists are paged by key: OFFSET reads what it skips"},
	{regexp.MustCompile(`(?i)\b(I?LIKE|GLOB|REGEXP|SIMILAR)\b`), "input would carry wildcards"},
	{regexp.MustCompile(`(?i)\bnow\s*\(|\bCURRENT_(DATE|TIME|TIMESTAMP)\b`), "time comes from clock"},
	{regexp.MustCompile(`(?i)\brandom\s*\(`), "chance is not repeatable"},
	{regexp.MustCompile(`(?i)\bARRAY\s*\[|= *ANY\s*\(`), "SQLite has no arrays"},
}

// wrongSQL says what is wrong with a piece of SQL, "" when nothing is.
func wrongSQL(text string) string {
	for _, rule := range sqlRules {
		if m := rule.pattern.FindString(text); m != "" {
			return fmt.Sprintf("%q: %s", m, rule.because)
		}
	}
	return ""
}

// makesSQL are the functions and types of db that take SQL text.
var makesSQL = []string{"Stmt", "StmtFor", "SQL", "Select", "Selection", "TextCol", "IntCol", "And",
	"In", "ListAmong", "Or", "Not"}

// sqlText calls see for each string that goes into a statement or a filter: the literals inside
// calls of db's functions and inside its types. Constants that are put together with "+" are found
// where they are declared, because their names end in "SQL" or "Cols" or they are literals there.
func sqlText(f *ast.File, see func(pos token.Pos, text string)) {
	ast.Inspect(f, func(n ast.Node) bool {
		var name ast.Expr
		switch n := n.(type) {
		case *ast.CallExpr:
			name = n.Fun
		case *ast.CompositeLit:
			name = n.Type
		default:
			return true
		}
		if !slices.Contains(makesSQL, lastName(name)) {
			return true
		}
		ast.Inspect(n, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, _ := strconv.Unquote(lit.Value)
				see(lit.Pos(), text)
			}
			return true
		})
		return true
	})
}

// lastName returns And for w.And, Stmt for db.Stmt and Select for Select[T].
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return lastName(e.X)
	}
	return ""
}

// looksLikeSQL finds constants that hold whole statements.
var looksLikeSQL = regexp.MustCompile(`(?is)^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s.*\s`)

// SQL keeps to the portable subset.
func TestSQL(t *testing.T) {
	fset, all := sources(t)
	seen := 0
	for _, s := range all {
		check := func(pos token.Pos, text string) {
			seen++
			if why := wrongSQL(text); why != "" {
				t.Errorf("%s: %s", fset.Position(pos), why)
			}
		}
		sqlText(s.file, check)
		ast.Inspect(s.file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, _ := strconv.Unquote(lit.Value); looksLikeSQL.MatchString(text) {
					check(lit.Pos(), text)
				}
			}
			return true
		})
	}
	if seen == 0 {
		t.Error("no SQL was found: the scan is broken")
	}
}

func TestSQLRefuses(t *testing.T) {
	const program = `package p
		var a = db.Stmt("SELECT " + cols + " FROM t WHERE id = $1")
		var b = db.StmtFor(db.SQL{SQLite: "SELECT 1", Postgres: "SELECT now()"})
		func f(w db.Where) db.Where { return w.And("name LIKE $1", x).And("at > $1", 1) }
		var other = fmt.Sprint("I LIKE it")`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", program, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	sqlText(f, func(_ token.Pos, text string) {
		if wrongSQL(text) != "" {
			found[text] = true
		}
	})
	if len(found) != 2 || !found["SELECT now()"] || !found["name LIKE $1"] {
		t.Errorf("found %v", found)
	}
	for text, ok := range map[string]bool{
		"SELECT * FROM t":                        false,
		"SELECT t.* FROM t":                      false,
		"SELECT count(*) FROM t":                 true,
		"SELECT a FROM t LIMIT 5 OFFSET 10":      false,
		"SELECT offset_us, likely FROM t":        true,
		"WHERE a = ANY($1)":                      false,
		"SELECT current_timestamp":               false,
		"SELECT a*b, known FROM t WHERE b >= $1": true,
	} {
		if why := wrongSQL(text); (why == "") != ok {
			t.Errorf("%q: %q", text, why)
		}
	}
}

// migrationRules are what a migration may not say: a trigger, the database's clock, an array, or a
// column ("name TYPE", in capitals) of a type that is not the same on both databases.
var migrationRules = regexp.MustCompile(`(?i:\bCREATE\s+TRIGGER\b|\bnow\s*\(|\bCURRENT_|\[\])|` +
	`(?m)(?:^|[(,])\s*\w+\s+(SERIAL|BIGSERIAL|JSONB?|TIMESTAMPTZ|TIMESTAMP|DATE|TIME|REAL|FLOAT|` +
	`DOUBLE|NUMERIC|DECIMAL|VARCHAR|CHAR|BYTEA|BLOB|INTEGER|INT|SMALLINT|UUID)\b|AUTOINCREMENT`)

var comment = regexp.MustCompile(`(?m)--.*$`)

// Migrations use TEXT, BIGINT and BOOLEAN, which mean the same on both databases. Files of one
// dialect (NNNN_name.sqlite.sql) are free to differ.
func TestMigrations(t *testing.T) {
	for text, ok := range map[string]bool{
		"CREATE TABLE blob (\n\tid TEXT PRIMARY KEY,\n\tsize BIGINT NOT NULL\n);": true,
		"CREATE TABLE t (a TEXT, b INTEGER)":                                      false,
		"CREATE TABLE t (\n\tat TIMESTAMP NOT NULL)":                              false,
		"CREATE TRIGGER x AFTER INSERT ON t":                                      false,
		"INSERT INTO t (a) VALUES (now())":                                        false,
	} {
		if m := migrationRules.FindString(text); (m == "") != ok {
			t.Errorf("%q: %q", text, m)
		}
	}
	files, err := filepath.Glob("../db/migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("migrations: %v, %d files", err, len(files))
	}
	for _, file := range files {
		if strings.Count(filepath.Base(file), ".") > 1 {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		plain := comment.ReplaceAllString(string(text), "")
		if m := migrationRules.FindString(plain); m != "" {
			t.Errorf("%s says %q", filepath.Base(file), m)
		}
	}
}

// Sizes. A function longer than a screen is several; a line wider than the page cannot be read side
// by side with its change. English texts may be wide: breaking them helps nobody.
const (
	maxFunctionLines = 70
	goodColumns      = 100
	maxColumns       = 120
)

// longFunctions are allowed to be longer, each for its reason.
var longFunctions = map[string]string{}

func TestSizes(t *testing.T) {
	fset, all := sources(t)
	var wide []string
	for _, s := range all {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := fset.Position(f.End()).Line - fset.Position(f.Pos()).Line + 1
			if n > maxFunctionLines && longFunctions[s.folder+"."+f.Name.Name] == "" {
				t.Errorf("%s: %s has %d lines, at most %d", fset.Position(f.Pos()), f.Name.Name, n,
					maxFunctionLines)
			}
		}
		if strings.HasSuffix(s.name, "en.go") || strings.HasSuffix(s.name, "_data.go") {
			continue
		}
		for i, line := range strings.Split(s.text, "\n") {
			switch n := utf8.RuneCountInString(line); {
			case n > maxColumns:
				t.Errorf("%s:%d has %d columns, at most %d", s.name, i+1, n, maxColumns)
			case n > goodColumns:
				wide = append(wide, fmt.Sprintf("%s:%d", s.name, i+1))
			}
		}
	}
	if len(wide) > 0 {
		t.Logf("%d lines are wider than %d: %s", len(wide), goodColumns, strings.Join(wide, " "))
	}
}

// budgets are the lines of code the plan gives to packages, without tests, comments and blank
// lines. More than twice the budget needs a record in docs/adr.
var budgets = map[string]int{
	"internal/db": 600, "internal/unit": 200, "internal/audit": 250, "internal/outbox": 300,
	"internal/job": 350, "internal/process": 450, "internal/authz": 350, "internal/fault": 150,
	"internal/web": 700, "internal/api": 300,
}

// A package over twice its budget has a record in docs/adr that names it and says why under the
// heading "Size".
func TestBudgets(t *testing.T) {
	fset, all := sources(t)
	lines := map[string]int{}
	for _, s := range all {
		lines[s.folder] += codeLines(fset, s)
	}
	records := sizeRecords(t)
	for _, folder := range slices.Sorted(maps.Keys(budgets)) {
		n, budget := lines[folder], budgets[folder]
		t.Logf("%-18s %5d of %5d lines", folder, n, budget)
		name := strings.TrimPrefix(folder, "internal/")
		if n > 2*budget && !regexp.MustCompile(`\b`+name+`\b`).MatchString(records) {
			t.Errorf("%s has %d lines of code, more than twice its budget of %d: split it, or "+
				"say why in a record in docs/adr under \"## Size\"", folder, n, budget)
		}
	}
}

// sizeRecords returns the records that have a section "Size".
func sizeRecords(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("../../docs/adr/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\n## Size\n") {
			out.Write(text)
		}
	}
	return out.String()
}

// codeLines counts the lines that hold something other than comments.
func codeLines(fset *token.FileSet, s source) int {
	skip := map[int]bool{}
	for _, group := range s.file.Comments {
		for _, c := range group.List {
			from, to := fset.Position(c.Pos()), fset.Position(c.End())
			for l := from.Line; l <= to.Line; l++ {
				skip[l] = true
			}
			if lineStart(s.text, from.Offset) { // else there is code before it
				continue
			}
			delete(skip, from.Line)
		}
	}
	n := 0
	for i, line := range strings.Split(s.text, "\n") {
		if strings.TrimSpace(line) != "" && !skip[i+1] {
			n++
		}
	}
	return n
}

// lineStart reports whether only white space is before the offset on its line.
func lineStart(text string, offset int) bool {
	start := strings.LastIndexByte(text[:offset], '\n') + 1
	return strings.TrimSpace(text[start:offset]) == ""
}
