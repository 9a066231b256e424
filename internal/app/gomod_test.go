package app_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// reviewed lists the modules this one may import directly, each the field's own tool, and why.
// Budget: about twenty. A new one is a line here, in review.
var reviewed = map[string]string{
	"github.com/BurntSushi/toml":          "configuration files, with unknown keys reported",
	"github.com/a-h/templ":                "typed HTML components; also a tool",
	"github.com/chromedp/cdproto":         "tests: protocol of the browser",
	"github.com/chromedp/chromedp":        "tests: drive the browser",
	"github.com/coreos/go-oidc/v3":        "log-in through an OpenID provider",
	"github.com/danielgtaylor/huma/v2":    "HTTP API with an OpenAPI description",
	"github.com/emmansun/gmsm":            "SM3, the national hash, for the audit chain",
	"github.com/go-ego/gse":               "tests: the segmenter's dictionary and a peer to measure with",
	"github.com/google/go-cmp":            "tests: readable differences",
	"github.com/jackc/pgx/v5":             "PostgreSQL driver",
	"github.com/klauspost/compress":       "gzip of pages and assets",
	"github.com/pquerna/otp":              "one-time passwords",
	"github.com/prometheus/client_golang": "metrics",
	"github.com/rogpeppe/go-internal":     "tests: scripts of the command line",
	"github.com/xuri/excelize/v2":         "spreadsheets",
	"github.com/yalue/onnxruntime_go":     "tag onnx only: ONNX Runtime, for vectors made on this machine",
	"go.yaml.in/yaml/v3":                  "specs of composite indicators, which other tools write as YAML",
	"golang.org/x/crypto":                 "argon2id",
	"golang.org/x/net":                    "HTML of documents, and of pages in tests",
	"golang.org/x/oauth2":                 "log-in through an OpenID provider",
	"golang.org/x/sys":                    "type a password without showing it",
	"golang.org/x/text":                   "GB18030, width folding, collation of Chinese",
	"golang.org/x/time":                   "rate limits",
	"honnef.co/go/tools":                  "tool: staticcheck",
	"modernc.org/libc":                    "the machine under SQLite without cgo, to lend it pages of a mapped file",
	"modernc.org/sqlite":                  "SQLite without cgo",
}

// maxDirect is the budget of direct modules: 25 of every program, one of which comes with SQLite anyway, and
// one that only the build with the tag onnx has.
const maxDirect = 26

// directModules returns the modules whose packages we import, tests and tools included.
func directModules(t *testing.T) []string {
	t.Helper()
	need := map[string]bool{}
	for _, p := range listPackages(t) {
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			need[imp] = true
		}
	}
	args := []string{"list", "-f", "{{with .Module}}{{.Path}}{{end}}"}
	for imp := range need {
		if strings.Contains(strings.Split(imp, "/")[0], ".") && !strings.HasPrefix(imp, module) {
			args = append(args, imp)
		}
	}
	out, err := exec.Command("go", append(args, "tool")...).Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr(err))
	}
	mods := strings.Fields(string(out))
	slices.Sort(mods)
	return slices.Compact(mods)
}

// Direct dependencies are reviewed ones, and reviewed ones are used.
func TestDirectDependencies(t *testing.T) {
	direct := directModules(t)
	for _, m := range direct {
		if reviewed[m] == "" {
			t.Errorf("module %s is not on the reviewed list", m)
		}
	}
	for m := range reviewed {
		if !slices.Contains(direct, m) {
			t.Errorf("module %s is on the reviewed list but not used", m)
		}
	}
	if len(direct) > maxDirect {
		t.Errorf("%d direct modules, the budget is %d", len(direct), maxDirect)
	}
}

// go.mod says what is used and where it comes from: no replacement, and only direct modules stand
// without the mark "indirect".
func TestGoMod(t *testing.T) {
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatalf("go mod edit: %v\n%s", err, stderr(err))
	}
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace []struct{ Old struct{ Path string } }
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	for _, r := range mod.Replace {
		t.Errorf("go.mod replaces %s", r.Old.Path)
	}
	for _, r := range mod.Require {
		if !r.Indirect && reviewed[r.Path] == "" {
			t.Errorf("go.mod requires %s directly, which is not on the reviewed list", r.Path)
		}
	}
}
