package authztest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
)

// Declared fails for each action that the Go files under root name and no table declares: at run
// time such an action would be refused to everybody. It finds constants of type authz.Action and
// plain texts given to the methods of a policy. Test files are left out.
func Declared(t testing.TB, root string, tables []authz.Table) {
	t.Helper()
	var known []authz.Action
	for _, table := range tables {
		known = append(known, table.Actions()...)
	}
	files := token.NewFileSet()
	found := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") ||
			strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, lit := range actionsIn(file) {
			found++
			act, err := strconv.Unquote(lit.Value)
			if err != nil || !slices.Contains(known, authz.Action(act)) {
				t.Errorf("%s: no policy declares the action %s",
					files.Position(lit.Pos()), lit.Value)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Errorf("no action found under %s: the test looks in the wrong place", root)
	}
}

// actionsIn returns the text literals of a file that are actions.
func actionsIn(file *ast.File) []*ast.BasicLit {
	var out []*ast.BasicLit
	add := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			out = append(out, lit)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if isAction(n.Type) {
				for _, v := range n.Values {
					add(v)
				}
			}
		case *ast.CallExpr:
			if isAction(n.Fun) && len(n.Args) == 1 { // authz.Action("…")
				add(n.Args[0])
			}
			if asksPolicy(n) {
				add(n.Args[1])
			}
		}
		return true
	})
	return out
}

func isAction(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "Action" {
		return false
	}
	pkg, ok := s.X.(*ast.Ident)
	return ok && pkg.Name == "authz"
}

// asksPolicy says whether a call looks like one to a policy: by the name of the method, with an
// actor before the action.
func asksPolicy(c *ast.CallExpr) bool {
	s, ok := c.Fun.(*ast.SelectorExpr)
	names := []string{"May", "Scope", "Could", "MaySee", "Mask"}
	return ok && len(c.Args) >= 2 && slices.Contains(names, s.Sel.Name)
}
