package partyhttp_test

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/ui"
)

var summaryItem = regexp.MustCompile(`<li>(?:<a href="#([^"]*)">)?([^<]*)`)

// said returns what a page says is wrong: id of the control to message.
func said(t testing.TB, page string) map[string]string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `class="error-summary"`)
	if !ok {
		t.Fatal("the page has no summary of errors")
	}
	box, _, _ := strings.Cut(rest, "</div>")
	out := map[string]string{}
	for _, m := range summaryItem.FindAllStringSubmatch(box, -1) {
		text := html.UnescapeString(strings.TrimSpace(m[2]))
		if m[1] == "" {
			m[1] = text
		}
		out[m[1]] = text
	}
	return out
}

// problem is what the API says is wrong, by the ids that a page would use.
func problem(t testing.TB, a answer) map[string]string {
	t.Helper()
	var p struct {
		Errors []struct{ Field, Detail string }
	}
	a.json(t, &p)
	out := map[string]string{}
	for _, e := range p.Errors {
		out[ui.FieldID(e.Field)] = e.Detail
	}
	return out
}

// Both doors say the same about the same mistakes, field by field, in both languages.
func TestBothDoorsSayTheSame(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.org("officer", full(t))
	good := map[string]string{"name": "太原云帆新材料有限公司", "kind": "enterprise",
		"region": "140105", "standing": "active"}
	long := strings.Repeat("长", 2100)
	for name, c := range map[string]struct {
		form map[string]string
		json map[string]any
	}{
		"empty": {map[string]string{"name": "", "kind": "", "region": "", "standing": ""}, nil},
		"taken": {map[string]string{"uscc": makeUSCC(t, 1)}, nil},
		"codes": {map[string]string{"uscc": "91140100MA0000001X", "region": "140199",
			"industry": "Z99"}, nil},
		"choices": {map[string]string{"kind": "castle", "standing": "asleep"}, nil},
		"texts":   {map[string]string{"name": long, "nameEn": "a\x07b", "summary": long}, nil},
		"day":     {map[string]string{"founded": "2015-13-40", "website": "javascript:alert(1)"}, nil},
		"rows": {map[string]string{"contacts.0.name": "", "contacts.0.phone": "abc",
			"contacts.3.name": "李", "contacts.3.email": "x@", "addresses.0.kind": "moon",
			"addresses.0.line": ""},
			map[string]any{"contacts": []any{map[string]any{"name": "", "phone": "abc"},
				map[string]any{"name": "李", "email": "x@"}},
				"addresses": []any{map[string]any{"kind": "moon", "line": ""}}}},
		"source": {map[string]string{"source": strings.Repeat("源", 61)}, nil},
	} {
		for _, l := range []string{"zh-CN", "en"} {
			form, body := url.Values{"confirm": {"1"}}, map[string]any{}
			for k, v := range good {
				form.Set(k, v)
				body[k] = v
			}
			for k, v := range c.form {
				form.Set(k, v)
				if c.json == nil {
					body[k] = v
				}
			}
			for k, v := range c.json {
				body[k] = v
			}
			in := header("Cookie", "yuntu_lang="+l)
			page := w.post("officer", "/orgs/new", form, in)
			call := w.call("officer", "POST", "/orgs", body, in)
			if page.Code != 422 || call.Code != 422 {
				t.Errorf("%s: page %d, API %d: %s", name, page.Code, call.Code, call.text)
				continue
			}
			api := problem(t, call)
			if diff := cmp.Diff(api, said(t, page.text)); diff != "" || len(api) == 0 {
				t.Errorf("%s, %s: API and page differ:\n%s", name, l, diff)
			}
			for field, v := range c.form {
				if v != "" && len(v) < 100 && !strings.Contains(field, ".") &&
					!strings.Contains(page.text, html.EscapeString(v)) {
					t.Errorf("%s: the page lost %s = %q", name, field, v)
				}
			}
		}
	}
}

// The filters of a list are checked by both doors alike.
func TestBothDoorsFilterTheSame(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for _, q := range []string{"kind=castle", "region=999999", "region=14", "industry=ZZ",
		"from=yesterday", "from=2026-02-01&to=2026-01-01", "standing=x&state=y",
		"q=" + strings.Repeat("x", 101), "region=%00", "kind=%27%3BDROP"} {
		page, call := w.get("officer", "/orgs?"+q), w.call("officer", "GET", "/orgs?"+q, nil)
		if page.Code != 422 || call.Code != 422 {
			t.Errorf("%s: page %d, API %d", q, page.Code, call.Code)
			continue
		}
		var a, b []string
		for _, v := range said(t, page.text) {
			a = append(a, v)
		}
		for _, v := range problem(t, call) {
			b = append(b, v)
		}
		slices.Sort(a)
		slices.Sort(b)
		if diff := cmp.Diff(b, a); diff != "" {
			t.Errorf("%s:\n%s", q, diff)
		}
	}
	for _, path := range []string{"/orgs?after=x", "/orgs?before=%00", "/orgs?after=" +
		strings.Repeat("x", 3000)} {
		page, call := w.get("officer", path), w.call("officer", "GET", path, nil)
		if page.Code != 422 || call.Code != 422 {
			t.Errorf("%.30s: page %d, API %d", path, page.Code, call.Code)
		}
	}
	for _, path := range []string{"/orgs?sort=%27%3BDROP", "/orgs?lang=en&sort=x", "/people?sort=x"} {
		if a := w.get("officer", path); a.Code != 200 {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	for _, path := range []string{"/orgs/x", "/orgs/" + strings.Repeat("a", 26),
		"/orgs/x/timeline", "/orgs/x/nothing", "/people/x", "/people/x/edit", "/orgs/import/x",
		"/people/import/x", "/orgs/x/merge?drop=y"} {
		if a := w.get("officer", path); a.Code != 404 {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
}

// Every use case that a page calls has its operation.
func TestEveryUseCaseHasAnOperation(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	have := map[string]bool{}
	for _, op := range w.api.Operations() {
		have[op.UseCase] = true
	}
	for _, rt := range w.door.Routes() {
		for _, u := range rt.UseCases {
			if !have[u] {
				t.Errorf("%s %s calls %s, which has no operation", rt.Method, rt.Path, u)
			}
		}
	}
}

// The API keeps versions and answers.
func TestVersionsAndKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := map[string]any{"name": "太原云帆新材料有限公司", "kind": "enterprise",
			"region": "140105", "standing": "active"}
		key := header("Idempotency-Key", "k1")
		first := w.call("officer", "POST", "/orgs", in, key)
		again := w.call("officer", "POST", "/orgs", in, key)
		if first.Code != 201 || again.Code != 201 || first.text != again.text {
			t.Fatalf("%d %d\n%s\n%s", first.Code, again.Code, first.text, again.text)
		}
		var o party.Org
		first.json(t, &o)
		got := w.call("officer", "GET", "/orgs/"+o.ID, nil)
		tag := got.Header().Get("ETag")
		if tag == "" || got.Code != 200 {
			t.Fatalf("%d, ETag %q", got.Code, tag)
		}
		same := w.call("officer", "GET", "/orgs/"+o.ID, nil, header("If-None-Match", tag))
		if same.Code != 304 || same.text != "" {
			t.Errorf("unchanged: %d %q", same.Code, same.text)
		}
		in["name"] = "太原云帆新材料股份有限公司"
		if a := w.call("officer", "PUT", "/orgs/"+o.ID, in); a.Code != 422 {
			t.Errorf("without If-Match: %d", a.Code)
		}
		if a := w.call("officer", "PUT", "/orgs/"+o.ID, in, header("If-Match", tag)); a.Code != 200 {
			t.Errorf("update: %d %s", a.Code, a.text)
		}
		if a := w.call("officer", "PUT", "/orgs/"+o.ID, in, header("If-Match", tag)); a.Code != 409 {
			t.Errorf("stale: %d", a.Code)
		}
		in["state"] = "verified"
		if a := w.call("officer", "POST", "/orgs", in); a.Code != 422 {
			t.Errorf("mass assignment: %d %s", a.Code, a.text)
		}
		if a := w.call("", "POST", "/orgs", map[string]any{"name": "x"}); a.Code != 401 {
			t.Errorf("visitor creates: %d", a.Code)
		}
	})
}
