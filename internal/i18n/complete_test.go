package i18n

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// TestEveryTextHasEnglish walks the source and holds these rules:
//   - a string literal with a Chinese character has an English entry, because people see it;
//     names of fixed data that is never translated belong into a file called *_data.go;
//   - an English entry is the translation of a literal that still exists, and takes the same
//     arguments;
//   - no text has two different English texts;
//   - the markup of a template has no Chinese text of its own, except where it is marked with
//     lang="zh-CN", such as the button that switches to Chinese.
func TestEveryTextHasEnglish(t *testing.T) {
	s := source{fset: token.NewFileSet(), uses: map[string]string{}, english: map[string]entry{}}
	for _, dir := range []string{"internal", "cmd"} {
		if err := s.walk(filepath.Join("..", "..", dir)); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.english) < 100 || len(s.uses) < 100 {
		t.Fatalf("found %d entries and %d texts: the walk is broken", len(s.english), len(s.uses))
	}
	for _, problem := range s.problems() {
		t.Error(problem)
	}
}

// source is what was found in the source files.
type source struct {
	fset    *token.FileSet
	uses    map[string]string // text to where it stands first
	exempt  map[string]bool   // texts of files of data, which may but need not be translated
	english map[string]entry
	wrong   []string // complaints that need no comparison
}

type entry struct{ text, place string }

// generated is the ending of the Go file that templ makes of a template.
const generated = "_templ.go"

func (s *source) walk(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case os.IsNotExist(err):
			return nil // removed while walking, or no commands yet
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasSuffix(d.Name(), "test")):
			return filepath.SkipDir // test support speaks to developers
		case strings.HasSuffix(path, ".templ"):
			return s.template(path)
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		return s.file(path)
	})
}

// template checks that the Go file of a template is there: its markup and expressions are read from
// that file, where both are plain string literals.
func (s *source) template(path string) error {
	if _, err := os.Stat(strings.TrimSuffix(path, ".templ") + generated); err != nil {
		s.wrong = append(s.wrong, path+": run go tool templ generate")
	}
	return nil
}

func (s *source) file(path string) error {
	f, err := parser.ParseFile(s.fset, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	data := strings.HasSuffix(path, "_data.go")
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if name := called(n); name == "English" && s.entries(n) {
				return false
			} else if name == "WriteString" && strings.HasSuffix(path, generated) && s.written(path, n) {
				return false
			}
		case ast.Expr:
			if text, ok := constant(n); ok {
				s.use(text, n, data)
				return false
			}
		}
		return true
	})
	return nil
}

// called returns the name of the function or method that is called.
func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	default:
		return ""
	}
}

// constant returns the value of a string literal or of a sum of them.
func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		x, ok := constant(e.X)
		y, also := constant(e.Y)
		return x + y, ok && also && e.Op == token.ADD
	case *ast.ParenExpr:
		return constant(e.X)
	default:
		return "", false
	}
}

// entries reads the map of a call of English.
func (s *source) entries(c *ast.CallExpr) bool {
	if len(c.Args) != 1 {
		return false
	}
	m, ok := c.Args[0].(*ast.CompositeLit)
	if !ok {
		return false
	}
	for _, e := range m.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		key, ok := constant(kv.Key)
		text, also := constant(kv.Value)
		if !ok || !also {
			return false
		}
		place := s.fset.Position(kv.Pos()).String()
		if old, known := s.english[key]; known && old.text != text {
			s.wrong = append(s.wrong, fmt.Sprintf("%s: %q is %q here and %q in %s", place, key, text,
				old.text, old.place))
		}
		s.english[key] = entry{text, place}
	}
	return true
}

// markedChinese is an element that says of itself that it is Chinese.
var markedChinese = regexp.MustCompile(`lang="zh-CN">[^<]*<`)

// written reads a piece of markup of a template: templruntime.WriteString(buffer, n, "markup").
func (s *source) written(path string, c *ast.CallExpr) bool {
	if len(c.Args) != 3 {
		return false
	}
	markup, ok := constant(c.Args[2])
	if ok && han(markedChinese.ReplaceAllString(markup, "")) {
		s.wrong = append(s.wrong, fmt.Sprintf("%s: text in markup, use i18n.T: %q",
			strings.TrimSuffix(path, generated)+".templ", markup))
	}
	return ok
}

func (s *source) use(text string, at ast.Node, data bool) {
	if !han(text) {
		return
	}
	if data {
		if s.exempt == nil {
			s.exempt = map[string]bool{}
		}
		s.exempt[text] = true
		return
	}
	if _, known := s.uses[text]; !known {
		s.uses[text] = s.fset.Position(at.Pos()).String()
	}
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func (s *source) problems() []string {
	out := slices.Clone(s.wrong)
	for text, place := range s.uses {
		if _, ok := s.english[text]; !ok {
			out = append(out, fmt.Sprintf("%s: no English for %q", place, text))
		}
	}
	for text, e := range s.english {
		_, used := s.uses[text]
		if !used && !s.exempt[text] {
			out = append(out, fmt.Sprintf("%s: no source text %q any more", e.place, text))
		}
		if zh, en := arguments(text), arguments(e.text); !slices.Equal(zh, en) {
			out = append(out, fmt.Sprintf("%s: %q takes %v, its English %v", e.place, text, zh, en))
		}
	}
	slices.Sort(out)
	return out
}

// verb is a fmt verb: flags, width, an explicit argument, and the letter.
var verb = regexp.MustCompile(`%[-+#0]*(\d+|\.\d+)*(?:\[(\d+)\])?([a-zA-Z%])`)

// arguments returns the verbs of a format, each as "number letter", in the order of the arguments.
func arguments(format string) []string {
	var out []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[3] == "%" {
			continue
		}
		if m[2] != "" {
			n, err := strconv.Atoi(m[2])
			if err != nil {
				return []string{err.Error()}
			}
			next = n
		}
		out = append(out, fmt.Sprintf("%02d %s", next, m[3]))
		next++
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestArguments(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"共 %s 项", "%s items", true},
		{"%s 的 %d 项", "%[2]d items of %[1]s", true},
		{"%s 的 %d 项", "%d items of %s", false},
		{"%s 项", "items", false},
		{"完成 23%", "23% done", true},
		{"%d%%", "%d %%", true},
		{"%q", "%v", false},
	} {
		if got := slices.Equal(arguments(c.a), arguments(c.b)); got != c.same {
			t.Errorf("%q %v, %q %v", c.a, arguments(c.a), c.b, arguments(c.b))
		}
	}
}

// TestWalkSeesProblems shows the walk a small source with one mistake of every kind.
func TestWalkSeesProblems(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.go": "package a\n\n// 注释不算\n" +
			"func f() { g(\"有英文\"); g(\"没有\" + \"英文\"); g(\"%s 项\"); g('字') }\n",
		"en.go": "package a\nvar _ = i18n.English(map[string]string{\"有英文\": \"yes\",\n" +
			"\"不再用\": \"gone\"," +
			"\n\"%s 项\": \"items\", \"表中\": \"table\"})\n" +
			"var _ = i18n.English(map[string]string{\"表中\": \"desk\"})\n",
		"names_data.go": "package a\nvar names = []string{\"数据\", \"表中\"}\n",
		"v.templ":       "templ V() {}\n",
		"v_templ.go": "package a\nfunc v() {\n templruntime.WriteString(b, 1, \"<p>正文</p>\")\n" +
			" templruntime.WriteString(b, 2, \"<b lang=\\\"zh-CN\\\">中文</b>\")\n g(\"在模板中\") }\n",
		"w.templ":   "templ W() {}\n",
		"a_test.go": "package a\nvar x = \"测试不算\"\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := source{fset: token.NewFileSet(), uses: map[string]string{}, english: map[string]entry{}}
	if err := s.walk(dir); err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(strings.Join(s.problems(), "\n"), dir+"/", "")
	want := strings.Join([]string{
		`a.go:4:30: no English for "没有英文"`,
		`en.go:3:1: no source text "不再用" any more`,
		`en.go:4:1: "%s 项" takes [01 s], its English []`,
		`en.go:5:40: "表中" is "desk" here and "table" in en.go:4:20`,
		`v.templ: text in markup, use i18n.T: "<p>正文</p>"`,
		`v_templ.go:5:4: no English for "在模板中"`,
		`w.templ: run go tool templ generate`,
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
