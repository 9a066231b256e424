package app_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/web"
)

var updateAPI = flag.Bool("update-api", false, "rewrite the golden description of the API")

// pageOnly are use cases that have a page and no operation, with the reason.
var pageOnly = map[string]string{
	"identity.Login":       "a session is for browsers; programs use tokens",
	"identity.VerifyCode":  "part of the log-in of browsers",
	"identity.Logout":      "ends the session of a browser",
	"identity.SwitchRole":  "a token acts in one role",
	"identity.BeginOIDC":   "part of the log-in of browsers",
	"identity.FinishOIDC":  "part of the log-in of browsers",
	"identity.TakeOIDC":    "part of the log-in of browsers",
	"identity.Register":    "people make accounts in a browser",
	"identity.StartTOTP":   "a second factor is set up in person",
	"identity.ConfirmTOTP": "a second factor is set up in person",
	"identity.PendingTOTP": "a second factor is set up in person",
	"identity.DisableTOTP": "a second factor is given up in person",
	"identity.CreateToken": "a token must not make tokens",
}

func TestEveryPageHasItsOperation(t *testing.T) {
	a := apptest.Open(t)
	operations := map[string]bool{}
	for _, op := range a.API.Operations() {
		if operations[op.UseCase] {
			t.Errorf("operation %s is there twice", op.UseCase)
		}
		operations[op.UseCase] = true
	}
	used := map[string]bool{}
	for _, rt := range a.Web.Routes() {
		for _, u := range rt.UseCases {
			used[u] = true
			if !operations[u] && pageOnly[u] == "" {
				t.Errorf("%s %s calls %s, which the API does not have", rt.Method, rt.Path, u)
			}
			if operations[u] && pageOnly[u] != "" {
				t.Errorf("%s has an operation: take it off the list", u)
			}
		}
	}
	for u := range pageOnly {
		if !used[u] {
			t.Logf("%s is listed as page only, but no page calls it", u)
		}
	}
}

func TestMenusLeadToPages(t *testing.T) {
	a := apptest.Open(t)
	patterns := http.NewServeMux()
	for _, rt := range a.Web.Routes() {
		if rt.Method == http.MethodGet {
			patterns.HandleFunc("GET "+rt.Path, func(http.ResponseWriter, *http.Request) {})
		}
	}
	for role, addresses := range web.MenuAddresses() {
		for _, path := range addresses {
			_, pattern := patterns.Handler(httptest.NewRequest(http.MethodGet, path, nil))
			if pattern == "" {
				t.Errorf("the menu of %s leads to %s, which is no page", role, path)
			}
		}
	}
}

func TestDescriptionOfTheAPI(t *testing.T) {
	got, err := apptest.Open(t).API.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "docs", "openapi.json")
	if *updateAPI {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); d != "" {
		t.Errorf("the API is not as described; after raising api.Version run "+
			"go test ./internal/app -run Description -update-api\n%.3000s", d)
	}
}

// Whatever stands in braces in a path is a parameter of the description, and every step in the life of a
// record wants the version that was seen.
func TestParametersAreDescribed(t *testing.T) {
	text, err := apptest.Open(t).API.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	braces := regexp.MustCompile(`\{(\w+)\}`)
	seen := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			has := func(name, in string) bool {
				for _, p := range op.Parameters {
					if p.Name == name && p.In == in {
						return true
					}
				}
				return false
			}
			for _, m := range braces.FindAllStringSubmatch(path, -1) {
				if seen++; !has(m[1], "path") {
					t.Errorf("%s %s does not describe {%s}", method, path, m[1])
				}
			}
			if method == "post" && strings.HasSuffix(path, "/{id}/steps") && !has("If-Match", "header") {
				t.Errorf("%s %s does not describe If-Match", method, path)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d parameters in paths", seen)
	}
}

// Every list that takes an order refuses one it does not have and says which there are: a program that
// misspells it must not take the default for what it asked for.
func TestUnknownOrderIsRefused(t *testing.T) {
	a := apptest.Open(t)
	text, err := a.API.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name   string
				Schema struct{ Enum []string }
			}
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	h, seen := a.Web.Handler(), 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			for _, p := range op.Parameters {
				if p.Name != web.SortParam {
					continue
				}
				seen++
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest(strings.ToUpper(method),
					strings.NewReplacer("{", "", "}", "").Replace(path)+"?sort=nonsense", nil))
				var problem api.Problem
				if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
					t.Fatalf("%s: %v: %.200s", path, err, w.Body)
				}
				i := slices.IndexFunc(problem.Errors, func(f api.ProblemField) bool { return f.Field == web.SortParam })
				if w.Code != http.StatusUnprocessableEntity || i < 0 || len(p.Schema.Enum) < 2 {
					t.Errorf("%s answers %d, orders %q: %.200s", path, w.Code, p.Schema.Enum, w.Body)
					continue
				}
				for _, order := range p.Schema.Enum {
					if !strings.Contains(problem.Errors[i].Detail, order) {
						t.Errorf("%s does not name %s: %s", path, order, problem.Errors[i].Detail)
					}
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d lists with an order", seen)
	}
}

func TestEveryActionIsDeclared(t *testing.T) {
	authztest.Declared(t, filepath.Join("..", ".."), app.Policies())
}

func TestEveryOperationWantsAPermissionOrSaysPublic(t *testing.T) {
	a := apptest.Open(t)
	h := a.Web.Handler()
	for _, op := range a.API.Operations() {
		path := "/api/v1" + strings.NewReplacer("{", "", "}", "").Replace(op.Path)
		r := httptest.NewRequest(op.Method, path, nil)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if !op.Public && w.Code < 400 {
			t.Errorf("%s answers %d to nobody", op.UseCase, w.Code)
		}
		if w.Code >= 500 {
			t.Errorf("%s answers %d to an empty request: %s", op.UseCase, w.Code, w.Body)
		}
	}
}

func TestThreeAdministratorsStayApart(t *testing.T) {
	owners := map[authz.Action][]authz.Role{}
	for _, table := range app.Policies() {
		for _, role := range []authz.Role{authz.SysAdmin, authz.SecAdmin, authz.Auditor} {
			for _, right := range authz.Rights([]authz.Table{table}, role) {
				owners[right.Action] = append(owners[right.Action], role)
			}
		}
	}
	for action, roles := range owners {
		own := slices.ContainsFunc([]string{"identity.session", "identity.token", "identity.view",
			"identity.account", "job", "notify", "matching.saved"}, func(what string) bool {
			return strings.HasPrefix(string(action), what+".") // what everybody has of their own
		})
		if len(roles) > 1 && !own && !strings.HasSuffix(string(action), ".read") {
			t.Errorf("%s is the work of %v", action, roles)
		}
		if strings.HasPrefix(string(action), "party.") {
			t.Errorf("%v may do %s: administrators have no business with the city's records",
				slices.Sorted(slices.Values(roles)), action)
		}
	}
}

func TestPermissionsAreWrittenDown(t *testing.T) {
	want := authz.Markdown(app.Policies())
	got, err := os.ReadFile(filepath.Join("..", "..", "docs", "permissions.md"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(got), "\n"), strings.Split(want, "\n")); d != "" {
		t.Errorf("docs/permissions.md is stale: review the change, then go run ./cmd/dev docs\n%.3000s", d)
	}
}
