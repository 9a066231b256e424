package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
)

// This file holds the dependency rules of docs/architecture.md, "Five floors". When a test here
// fails, the import is wrong until the table below says otherwise, with a reason, in review.

const module = "github.com/yuntu-city/yuntu"

// floors lists every folder that holds product code, from the ground up. A package imports only
// packages on lines before its own; one line may hold several that do not know each other. A
// folder stands for the packages below it too, unless those have a line of their own.
var floors = [][]string{
	// Floor 0: values, no I/O.
	{"internal/fault"},
	{"internal/clock", "internal/money", "internal/qr", "internal/typed"},
	{"internal/i18n"},
	{"internal/region", "internal/kept"},
	{"internal/id"},
	// Floor 1: pure computation, importable by anyone. Imports nothing of internal: see TestEngine.
	{"engine"},
	// Floor 2: the kernel.
	{"internal/db", "internal/sheet", "internal/docx", "internal/indexfile"},
	{"internal/audit", "internal/outbox"},
	{"internal/authz"},
	{"internal/unit"},
	{"internal/process", "internal/job", "internal/blob", "internal/measure"},
	{"internal/backup"},
	// Floor 3: what the city does. Who may know whom is listed in edges.
	// Notices stand below the other rooms, which all tell something and of which they know none.
	{"internal/notify"},
	{"internal/dict", "internal/site", "internal/trail", "internal/draft", "internal/find", "internal/identity", "internal/party", "internal/plan", "internal/market", "internal/market/deal", "internal/market/matching", "internal/indicator", "internal/monitor", "internal/assess", "internal/dispatch", "internal/atlas", "internal/report", "internal/opendata"},
	{"internal/studio"},
	// Floor 4: doors.
	{"internal/ui"},
	{"internal/chart"},
	{"internal/geo"}, // tints a map as a chart tints its cells
	{"internal/web"},
	{"internal/api", "internal/embed"},
	{"internal/kit"},               // what doors share: it names records of the registry, the dictionary and the market
	{"internal/market/markethttp"}, // the doors of the rooms below the market add to its record
	{
		"internal/backup/backuphttp", "internal/job/jobhttp", "internal/homehttp", "internal/find/findhttp", "internal/dict/dicthttp", "internal/site/sitehttp", "internal/trail/trailhttp", "internal/identity/identityhttp", "internal/identity/claimhttp",
		"internal/identity/adminhttp", "internal/notify/notifyhttp", "internal/market/matching/matchinghttp",
		"internal/party/partyhttp", "internal/plan/planhttp", "internal/market/deal/dealhttp",
		"internal/indicator/indicatorhttp", "internal/monitor/monitorhttp", "internal/market/show/showhttp", "internal/market/auction/auctionhttp", "internal/market/appraise/appraisehttp",
		"internal/assess/assesshttp", "internal/studio/studiohttp", "internal/dispatch/dispatchhttp", "internal/atlas/atlashttp", "internal/report/reporthttp", "internal/opendata/opendatahttp",
	},
	// Floor 5: putting it together.
	{"internal/config"},
	{"internal/app"},
	{"internal/demo"},
	{"internal/cli"},
	{"cmd/yuntu", "cmd/dev"},
}

// The first lines of the floors that rules below speak of.
const (
	kernel = "internal/db"
	rooms  = "internal/dict"
	doors  = "internal/ui"
)

// edges are the imports allowed between folders on one line.
var edges = map[[2]string]string{
	{"internal/party", "internal/dict"}:                  "kinds and industries of organisations are dictionaries",
	{"internal/identity", "internal/dict"}:               "departments are a dictionary",
	{"internal/plan", "internal/party"}:                  "tasks and targets belong to organisations of the registry",
	{"internal/plan", "internal/dict"}:                   "a document is read as one about a place with a name",
	{"internal/market/matching", "internal/market"}:      "posts are what is searched and matched",
	{"internal/market/matching", "internal/market/deal"}: "what came of introductions teaches the matcher",
	{"internal/assess", "internal/party"}:                "units that are assessed are organisations of the registry",
	{"internal/market", "internal/party"}:                "posts belong to organisations of the registry, which seals their contacts",
	{"internal/market", "internal/dict"}:                 "the place of a post is one of the dictionary",

	{"internal/indicator", "internal/plan"}:    "what is counted is an indicator of the ledger, and documents say its values",
	{"internal/indicator", "internal/party"}:   "units of the registry report and answer for indicators",
	{"internal/monitor", "internal/plan"}:      "targets are what numbers are measured by, and red ones open tasks",
	{"internal/monitor", "internal/indicator"}: "approved values become data points, counted as defined",
	{"internal/monitor", "internal/dict"}:      "deadlines count the working days of the dictionary, which knows the districts",
	{"internal/indicator", "internal/dict"}:    "values are of places of the dictionary, and deadlines count its working days",
	{"internal/dispatch", "internal/plan"}:     "meetings talk about tasks and make them",
	{"internal/dispatch", "internal/party"}:    "members and addressees are organisations of the registry",
	{"internal/atlas", "internal/party"}:       "organisations and people are on the map, under the policies of the registry",
	{"internal/atlas", "internal/market"}:      "posts are on the map, under their policy",
	{"internal/atlas", "internal/market/deal"}: "introductions say who works with whom",
	{"internal/atlas", "internal/dict"}:        "places are those of the dictionary",

	{"internal/market/deal", "internal/market"}: "an introduction is about posts and moves them",
	{"internal/market/deal", "internal/party"}:  "its two sides and its broker belong to organisations",
}

// testOnly are folders that only tests and tools import, beside those whose name ends in "test";
// nothing of them is in the product.
var testOnly = []string{"internal/buildtools", "test"}

// imports says where a package of the standard library or of others may be imported.
var imports = []struct {
	pkg     string   // the package, and those below it
	from    string   // the first floor that may: "" means none
	also    []string // folders that may although they are lower
	because string
}{
	{"net/http", doors, nil, "rooms and kernel know nothing of the web"},
	{"github.com/a-h/templ", doors, nil, "pages are made by doors"},
	{"github.com/danielgtaylor/huma/v2", doors, nil, "the API is a door"},
	{"database/sql", "", []string{"internal/db"}, "only db speaks to a driver"},
	{"github.com/jackc/pgx/v5", "", []string{"internal/db"}, "only db speaks to a driver"},
	{"modernc.org", "", []string{"internal/db"}, "only db speaks to a driver"},
	{"math/rand", "", []string{"internal/clock", "internal/config", "internal/id", "internal/cli"},
		"chance is not repeatable; identifiers come from id"},
	{"github.com/xuri/excelize/v2", "", []string{"internal/sheet"}, "spreadsheets go through sheet"},
	{"github.com/BurntSushi/toml", "", []string{"internal/config"}, "settings are read by config"},
	{"github.com/yalue/onnxruntime_go", "", []string{"internal/embed/onnx"}, "models are run by embed, when built so"},
	{"unsafe", "", []string{"internal/db/filemap"}, "there is no need"},
	{"C", "", nil, "the binary is built without cgo"},
	{"testing", "", nil, "product code does not test itself"},
	{"log", "", nil, "logging is log/slog, with a logger that was handed over"},
}

// goPackage is what the tests need of go list.
type goPackage struct {
	ImportPath, Dir                    string
	GoFiles                            []string
	Imports, TestImports, XTestImports []string
}

// packages are those of this module, with the half of internal/embed/onnx that only a build with its tag has.
var packages = sync.OnceValues(func() ([]goPackage, error) {
	cmd := exec.Command("go", "list", "-tags=onnx", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports",
		module+"/...")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr(err))
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
})

func stderr(err error) string {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(exit.Stderr)
	}
	return ""
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	all, err := packages()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// under reports whether a path is a folder or below it.
func under(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

// local cuts the module off an import path: "internal/db", and false for packages of others.
func local(importPath string) (string, bool) {
	return strings.CutPrefix(importPath, module+"/")
}

func isTestOnly(p string) bool {
	for name := range strings.SplitSeq(p, "/") {
		if strings.HasSuffix(name, "test") {
			return true
		}
	}
	return slices.ContainsFunc(testOnly, func(folder string) bool { return under(p, folder) })
}

// place finds the folder of floors a package belongs to, the longest one, and its line.
func place(p string) (string, int, bool) {
	folder, line := "", 0
	for i, names := range floors {
		for _, name := range names {
			if under(p, name) && len(name) > len(folder) {
				folder, line = name, i
			}
		}
	}
	return folder, line, folder != ""
}

// lineOf returns the line of a folder that is named in floors.
func lineOf(folder string) int {
	return slices.IndexFunc(floors, func(l []string) bool { return slices.Contains(l, folder) })
}

// wrongImport says what is wrong with an import inside the module, "" when nothing is.
func wrongImport(from, to string) string {
	if isTestOnly(from) {
		return ""
	}
	if isTestOnly(to) {
		return "is for tests only"
	}
	folder, line, ok := place(from)
	if !ok {
		return "" // TestFloors names it
	}
	other, otherLine, ok := place(to)
	switch {
	case !ok, folder == other:
		return ""
	case otherLine > line:
		return "is on a higher floor"
	case otherLine == line && edges[[2]string{folder, other}] == "":
		return "is a neighbour, and no edge to it is listed"
	case line < lineOf(kernel) && otherLine > line:
		return "is no value"
	}
	return ""
}

// Every package has a floor and imports only what is below it.
func TestFloors(t *testing.T) {
	for _, p := range listPackages(t) {
		from, ok := local(p.ImportPath)
		if !ok {
			continue
		}
		if _, _, ok := place(from); !ok && !isTestOnly(from) {
			t.Errorf("%s has no floor: give it a line in floors or testOnly", from)
		}
		for _, imp := range p.Imports {
			if to, ok := local(imp); ok {
				if why := wrongImport(from, to); why != "" {
					t.Errorf("%s imports %s, which %s", from, to, why)
				}
			}
		}
	}
}

// Each rule refuses what it is there to refuse.
func TestFloorsRefuse(t *testing.T) {
	for _, tc := range []struct {
		from, to string
		ok       bool
	}{
		{"internal/party", "internal/db", true},
		{"internal/party", "internal/dict", true},
		{"internal/party", "internal/party/inner", true},
		{"internal/party/partyhttp", "internal/party", true},
		{"internal/party/partyhttp", "internal/web", true},
		{"internal/dbtest", "internal/unit", true},
		{"internal/dict", "internal/party", false},
		{"internal/party", "internal/site", false},
		{"internal/party", "internal/party/partyhttp", false},
		{"internal/party/partyhttp", "internal/site/sitehttp", false},
		{"internal/db", "internal/unit", false},
		{"internal/fault", "internal/db", false},
		{"internal/web", "internal/app", false},
		{"internal/web", "internal/dbtest", false},
		{"cmd/yuntu", "internal/browsertest", false},
		{"internal/party", "internal/authz/authztest", false},
		{"internal/cli", "internal/buildtools/gate", false},
	} {
		if why := wrongImport(tc.from, tc.to); (why == "") != tc.ok {
			t.Errorf("%s → %s: %q", tc.from, tc.to, why)
		}
	}
}

// The engine can be lifted out of this module: it imports nothing of ours but itself.
func TestEngine(t *testing.T) {
	for _, p := range listPackages(t) {
		from, _ := local(p.ImportPath)
		if !under(from, "engine") {
			continue
		}
		for _, imp := range p.Imports {
			if to, ok := local(imp); ok && !under(to, "engine") {
				t.Errorf("%s imports %s", from, to)
			}
			if slices.Contains([]string{"net/http", "os", "time", "database/sql"}, imp) {
				t.Errorf("%s imports %s: the engine only computes", from, imp)
			}
		}
	}
}

// forbidden says why a folder may not import a package of others, "" when it may.
func forbidden(from, imp string) string {
	for _, rule := range imports {
		if !under(imp, rule.pkg) && !(rule.pkg == "math/rand" && imp == "math/rand/v2") {
			continue
		}
		_, line, _ := place(from)
		if rule.from != "" && line >= lineOf(rule.from) {
			continue
		}
		if !slices.ContainsFunc(rule.also, func(f string) bool { return under(from, f) }) {
			return rule.because
		}
	}
	return ""
}

// Packages of others are imported only where their rule allows.
func TestImports(t *testing.T) {
	for _, p := range listPackages(t) {
		from, _ := local(p.ImportPath)
		if isTestOnly(from) {
			continue
		}
		for _, imp := range p.Imports {
			imp = strings.TrimPrefix(imp, "vendor/")
			if imp == "log/slog" {
				continue
			}
			if why := forbidden(from, imp); why != "" {
				t.Errorf("%s imports %s: %s", from, imp, why)
			}
		}
	}
}

func TestImportsRefuse(t *testing.T) {
	for _, tc := range []struct {
		from, imp string
		ok        bool
	}{
		{"internal/web", "net/http", true},
		{"internal/party/partyhttp", "net/http", true},
		{"internal/party", "net/http", false},
		{"internal/party", "net/url", true},
		{"internal/unit", "database/sql", false},
		{"internal/db", "database/sql/driver", true},
		{"internal/party", "github.com/jackc/pgx/v5/pgconn", false},
		{"internal/process", "math/rand/v2", false},
		{"internal/id", "math/rand/v2", true},
		{"internal/sheet", "github.com/xuri/excelize/v2", true},
		{"internal/party", "github.com/xuri/excelize/v2", false},
		{"internal/app", "testing", false},
		{"internal/app", "log", false},
	} {
		if why := forbidden(tc.from, tc.imp); (why == "") != tc.ok {
			t.Errorf("%s → %s: %q", tc.from, tc.imp, why)
		}
	}
}

// What is for tests does not get into the program by way of others, nor does what only a build with a tag
// has. The Prometheus client brings expvar, which hangs itself into http.DefaultServeMux: nothing of ours serves that.
func TestProgramIsClean(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", module+"/cmd/yuntu").Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr(err))
	}
	for imp := range strings.Lines(string(out)) {
		imp = strings.TrimSpace(imp)
		if p, ok := local(imp); ok && isTestOnly(p) {
			t.Errorf("the program contains %s", p)
		}
		for _, bad := range []string{"testing", "github.com/chromedp", "github.com/google/go-cmp",
			"github.com/rogpeppe/go-internal", "github.com/yalue/onnxruntime_go", "net/http/pprof"} {
			if under(imp, bad) {
				t.Errorf("the program contains %s", imp)
			}
		}
	}
}

// Every folder in the tables exists or is planned; the tables carry no folder twice.
func TestTables(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range floors {
		for _, folder := range line {
			if seen[folder] || folder != path.Clean(folder) || isTestOnly(folder) {
				t.Errorf("%s is in the tables twice or misspelt", folder)
			}
			seen[folder] = true
		}
	}
	for edge, why := range edges {
		if lineOf(edge[0]) != lineOf(edge[1]) || lineOf(edge[0]) < lineOf(rooms) || why == "" {
			t.Errorf("edge %v is not between rooms on one line, or has no reason", edge)
		}
	}
}
