package e2e_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/browsertest"
)

var (
	update = flag.Bool("update", false, "rewrite testdata/access.golden")
	shots  = flag.String("shots", "", "write a picture of every page, in every look, into this folder")
	every  = flag.Bool("every", false, "open every page as every role that may, in every look: an hour or two")
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// pages returns every address that a person can open: the pages without parameters, and those of a
// few records under a name that does not change.
func pages(c *apptest.City) map[string]string {
	out := map[string]string{}
	for _, rt := range c.Web.Routes() {
		if rt.Method == http.MethodGet && !strings.Contains(rt.Path, "{") {
			out[rt.Path] = rt.Path
		}
	}
	out["/"] = "/"
	ids := map[string]string{
		"own": c.OwnOrg.ID, "other": c.OtherOrg.ID, "waiting": c.Waiting.ID, "nobody": "0",
	}
	for name, id := range ids {
		for _, rt := range c.Web.Routes() {
			if rt.Method == http.MethodGet && strings.HasPrefix(rt.Path, "/orgs/{id}") &&
				strings.Count(rt.Path, "{") == 1 {
				out[strings.ReplaceAll(rt.Path, "{id}", "("+name+")")] =
					strings.ReplaceAll(rt.Path, "{id}", id)
			}
		}
	}
	for path, id := range map[string]string{
		"/documents/": c.Document.ID, "/tasks/": c.Task.ID, "/targets/": c.Target.ID,
	} {
		out[path+"(one)"], out[path+"(nobody)"] = path+id, path+"0"
	}
	for _, tab := range []string{"review", "statements", "outcome", "editions", "timeline", "edit"} {
		out["/documents/(one)/"+tab] = "/documents/" + c.Document.ID + "/" + tab
	}
	for _, form := range []string{"edit", "step?do=establish"} {
		out["/tasks/(one)/"+form] = "/tasks/" + c.Task.ID + "/" + form
	}
	for _, form := range []string{"edit", "split"} {
		out["/targets/(one)/"+form] = "/targets/" + c.Target.ID + "/" + form
	}
	for path, id := range map[string]string{
		"/market/posts/": c.Achievement.ID, "/deals/": c.Introduction.ID, "/shows/": c.Roadshow.ID,
	} {
		out[path+"(one)"], out[path+"(nobody)"] = path+id, path+"0"
	}
	for _, tab := range []string{"similar", "edit"} {
		out["/market/posts/(need)/"+tab] = "/market/posts/" + c.Need.ID + "/" + tab
	}
	out["/deals/new(post)"] = "/deals/new?post=" + c.Achievement.ID
	out["/market/compare(two)"] = "/market/compare?id=" + c.Achievement.ID + "&id=" + c.Need.ID
	out["/api/docs/(market)"] = "/api/docs/market"
	out["/nowhere"] = "/nowhere"
	return out
}

// TestWhoOpensWhat compares every role on every page with a table that a reviewer can read.
func TestWhoOpensWhat(t *testing.T) {
	c := apptest.NewCity(t)
	h := c.Web.Handler()
	all := pages(c)
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	fmt.Fprintf(&b, "%-44s", "page")
	tokens := map[authz.Role]string{}
	for _, role := range authz.Roles() {
		tokens[role] = c.Login(t, role)
		fmt.Fprintf(&b, " %-11s", role)
	}
	b.WriteString("\n")
	for _, name := range names {
		fmt.Fprintf(&b, "%-44s", name)
		for _, role := range authz.Roles() {
			r := httptest.NewRequest(http.MethodGet, all[name], nil)
			if tokens[role] != "" {
				r.AddCookie(&http.Cookie{Name: "yuntu_session", Value: tokens[role]})
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			fmt.Fprintf(&b, " %-11d", w.Code)
			if w.Code >= 500 {
				t.Errorf("%s as %s: %d", name, role, w.Code)
			}
		}
		b.WriteString("\n")
	}
	golden(t, "access.golden", b.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s changed: review it, then run with -update\n%s", name, d)
	}
}

// look is one way of reading a page.
type look struct {
	width int
	theme string
	size  string
	lang  string
}

func (l look) String() string {
	return fmt.Sprintf("%d-%s-%s-%s", l.width, l.theme, l.size, l.lang)
}

var looks = []look{
	{1440, "light", "normal", "zh-CN"},
	{375, "dark", "normal", "zh-CN"},
	{1440, "dark", "large", "en"},
	{375, "light", "xlarge", "zh-CN"},
}

// looksOf returns the looks in which the n-th page is opened: one of the four in turn, so that
// neighbours, which are made of the same parts, are seen in all four. With -shots and -every each page is.
func looksOf(n int) []look {
	if *shots != "" || *every {
		return looks
	}
	at := n % len(looks)
	return looks[at : at+1]
}

// TestEveryPageInTheBrowser opens each page once as a role that may, in its looks: no finding
// of axe, an empty console, no sideways scrolling, within the budget of bytes and requests. With -every it
// is opened as each role that may. With RECORD_RESULTS what was found goes to the scoreboard.
func TestEveryPageInTheBrowser(t *testing.T) {
	c := apptest.NewCity(t)
	url := apptest.Serve(t, c.App)
	all := pages(c)
	tokens := map[authz.Role]string{}
	for _, role := range authz.Roles() {
		tokens[role] = c.Login(t, role)
	}
	var names []string
	for name := range all {
		if !strings.Contains(name, "(other)") && name != "/nowhere" && isPage(c, all[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	seen := make([]tally, runtime.NumCPU()) // of as many tabs as processors, side by side
	t.Run("tabs", func(t *testing.T) {
		for k := range seen {
			t.Run(strconv.Itoa(k+1), func(t *testing.T) {
				t.Parallel()
				p := browsertest.New(t, url)
				for n := k; n < len(names); n += len(seen) {
					seen[k].page(t, c, p, tokens, names[n], all[names[n]], looksOf(n))
				}
			})
		}
	})
	for _, x := range seen[1:] {
		seen[0].add(x)
	}
	if seen[0].pages > 0 { // without a browser nothing was looked at
		seen[0].record(t)
	}
}

// page opens a page as one or all of the roles that may.
func (s *tally) page(
	t *testing.T, c *apptest.City, p *browsertest.Page, tokens map[authz.Role]string, name, path string, looks []look,
) {
	roles := readers(c, tokens, path)
	if len(roles) == 0 {
		return // nobody of this city may open it now: a step of a log-in, another's record
	}
	if !*every {
		roles = roles[:1]
	}
	t.Run(strings.TrimPrefix(name, "/"), func(t *testing.T) {
		s.pages++
		for _, role := range roles {
			s.walk(t, p.In(t), role, tokens[role], name, path, looks)
		}
	})
}

// isPage leaves out downloads and pieces.
func isPage(c *apptest.City, path string) bool {
	for _, piece := range []string{"/export", "/template", "/similar", "/pick/"} {
		if strings.Contains(path, piece) {
			return false
		}
	}
	return true
}

// readers are the roles that get the page itself, staff last: visitors see most.
func readers(c *apptest.City, tokens map[authz.Role]string, path string) []authz.Role {
	var out []authz.Role
	h := c.Web.Handler()
	for _, role := range authz.Roles() {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		if tokens[role] != "" {
			r.AddCookie(&http.Cookie{Name: "yuntu_session", Value: tokens[role]})
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		html := strings.HasPrefix(w.Header().Get("Content-Type"), "text/html")
		if html && w.Code == http.StatusOK {
			out = append(out, role)
		}
	}
	return out
}
