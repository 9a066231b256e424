package planhttp_test

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

var summaryItem = regexp.MustCompile(`<li>(?:<a href="#([^"]*)">)?([^<]*)`)

// said returns what a page says is wrong: id of the control to message.
func said(t testing.TB, page string) map[string]string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `class="error-summary"`)
	if !ok {
		t.Fatalf("the page has no summary of errors: %.600s", mainOf(page))
	}
	box, _, _ := strings.Cut(rest, "</div>")
	out := map[string]string{}
	for _, m := range summaryItem.FindAllStringSubmatch(box, -1) {
		out[m[1]] = html.UnescapeString(strings.TrimSpace(m[2]))
	}
	return out
}

// problem is what the API says is wrong, by the ids that a page would use.
func problem(t testing.TB, a webtest.Answer) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, e := range a.Problem(t).Errors {
		out[ui.FieldID(e.Field)] = e.Detail
	}
	return out
}

// same fails unless page and API refuse the same fields with the same words.
func same(t *testing.T, name string, page, call webtest.Answer) {
	t.Helper()
	if page.Code != 422 || call.Code != 422 {
		t.Errorf("%s: page %d, API %d: %.300s", name, page.Code, call.Code, call.Body)
		return
	}
	api := problem(t, call)
	if diff := cmp.Diff(api, said(t, page.Body)); diff != "" || len(api) == 0 {
		t.Errorf("%s: API and page differ:\n%s", name, diff)
	}
}

// Both doors say the same about the same wrong document.
func TestBothDoorsRefuseTheSameDocument(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	long := strings.Repeat("长", 201)
	for name, pairs := range map[string][]string{
		"nothing": {"kind", "plan", "region", "140100"},
		"choices": {"text", sample, "kind", "castle", "region", "999"},
		"lines":   {"text", sample, "title", long, "issuer", long, "source", "a\x07b", "region", "140100"},
		"day":     {"text", sample, "day", "2026-13-40", "region", "140100"},
		"number":  {"text", sample, "number", "第12号", "region", "140100"},
		"place":   {"text", sample, "region_q", "不存在的地方"},
		"long":    {"text", strings.Repeat("字", plan.MaxTextChars+1), "region", "140100"},
	} {
		v := values(pairs...)
		page := h.multi(officer, "/documents/new", v, "file")
		call := h.multi(officer, api.Prefix+"/documents", v, "file")
		same(t, name, page, call)
	}
	page := h.multi(officer, "/documents/new", values("region", "140100"), "file", "a.exe", "MZ\x00\x01")
	call := h.multi(officer, api.Prefix+"/documents", values("region", "140100"), "file", "a.exe",
		"MZ\x00\x01")
	same(t, "file", page, call)
}

// Both doors say the same about the same wrong task, target and statement.
func TestBothDoorsRefuseTheSameRecord(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	long := strings.Repeat("长", 201)
	for name, c := range map[string]struct {
		form []string
		json map[string]any
	}{
		"empty": {[]string{"title", ""}, map[string]any{"title": ""}},
		"lines": {[]string{"title", long, "leader", long, "region", "140100"},
			map[string]any{"title": long, "leader": long, "region": "140100"}},
		"choices": {[]string{"title", "一", "region", "140100", "cadence", "hour"},
			map[string]any{"title": "一", "region": "140100", "cadence": "hour"}},
		"days": {[]string{"title", "一", "region", "140100", "start", "2026-12-01", "dueUs", "2026-06-30"},
			map[string]any{"title": "一", "region": "140100", "start": "2026-12-01",
				"dueUs": plan.EndOfDay("2026-06-30")}},
		"milestones": {[]string{"title", "一", "region", "140100", "milestones.3.name", "",
			"milestones.3.day", "2026-02-30", "milestones.3.weightBp", "0"},
			map[string]any{"title": "一", "region": "140100", "milestones": []any{
				map[string]any{"name": "", "day": "2026-02-30", "weightBp": 0}}}},
		"units": {[]string{"title", "一", "region", "140100", "lead", h.bureau.ID, "duty", h.bureau.ID,
			"assist", "00000000000000000000000000"},
			map[string]any{"title": "一", "region": "140100", "lead": h.bureau.ID,
				"duty": []any{h.bureau.ID}, "assist": []any{"00000000000000000000000000"}}},
		"ledger": {[]string{"title", "一", "region", "140100", "ledger", "x"},
			map[string]any{"title": "一", "region": "140100", "ledger": "x"}},
	} {
		page := h.Post(officer, "/tasks/new", values(c.form...))
		call := h.Call(officer, "POST", "/tasks", c.json)
		same(t, name, page, call)
	}
	x := h.target("技术合同成交额", nil)
	body := map[string]any{"indicator": x.Indicator, "region": "140100", "measure": "level", "op": "!!",
		"value": "1e9", "unit": "", "from": "2026-12-31", "to": "2026-01-01"}
	form := values("version", v2s(x.Version))
	for k, v := range body {
		form.Set(k, fmt.Sprint(v))
	}
	same(t, "target", h.Post(officer, "/targets/"+x.ID+"/edit", form),
		h.Call(officer, "PUT", "/targets/"+x.ID, body, "If-Match", etag(x.Version)))
	same(t, "parts", h.Post(officer, "/targets/"+x.ID+"/split", values("version", v2s(x.Version), "do",
		"save", "parts.0.region", "140105", "parts.0.value", "x", "parts.0.op", ">=", "parts.0.unit", "亿元")),
		h.Call(officer, "PUT", "/targets/"+x.ID+"/parts", map[string]any{"parts": []any{map[string]any{
			"region": "140105", "value": "x", "op": ">=", "unit": "亿元"}}}, "If-Match", etag(x.Version)))

	s := h.find(h.file(), "228")
	wrong := fieldsOf(s)
	wrong.Set("do", "correct")
	wrong.Set("kind", "rumour")
	wrong.Set("value", "12a")
	wrong.Set("to", "2020-01-01")
	same(t, "statement", h.Post(officer, "/documents/"+s.Document+"/review", wrong),
		h.Call(officer, "PUT", "/statements/"+s.ID, map[string]any{"kind": "rumour",
			"subject": s.Subject, "indicator": s.Indicator, "measure": s.Measure, "op": s.Op,
			"value": "12a", "unit": s.Unit, "from": s.From, "to": "2020-01-01", "of": s.Of},
			"If-Match", etag(s.Version)))
	same(t, "rule", h.Post(officer, "/lights", values("name", "", "validFrom", "2020-01-01", "mark", "x",
		"redGap", "三十", "signDays", "0", "answerDays", "99")),
		h.Call(officer, "POST", "/lights", map[string]any{"name": "", "source": "", "mark": "x",
			"validFrom": "2020-01-01", "bands": []any{map[string]any{"colour": "red", "of": "gap",
				"above": "三十"}}, "signDays": 0, "answerDays": 99}))
	same(t, "ledger", h.Post(officer, "/ledger/books", values("name", "", "region", "")),
		h.Call(officer, "POST", "/ledgers", map[string]any{"name": "", "region": ""}))
}

// The filters of a list are checked by both doors alike.
func TestBothDoorsFilterTheSame(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	for page, list := range map[string][]string{
		"/documents": {"kind=castle", "state=x", "region=999999", "year=26", "q=" + strings.Repeat("x", 101)},
		"/ledger": {"state=x&light=pink", "part=boss&level=9", "from=2026-02-01&to=2026-01-01",
			"from=soon", "region=14"},
		"/targets": {"level=7", "year=abcd", "region=%00"},
	} {
		call := strings.Replace(page, "/ledger", "/tasks", 1)
		for _, q := range list {
			a, b := h.Get(officer, page+"?"+q), h.Call(officer, "GET", call+"?"+q, nil)
			if a.Code != 422 || b.Code != 422 {
				t.Errorf("%s?%s: page %d, API %d", page, q, a.Code, b.Code)
				continue
			}
			var x, y []string
			_, rest, _ := strings.Cut(a.Body, `class="error-summary"`)
			box, _, _ := strings.Cut(rest, "</div>")
			for _, m := range summaryItem.FindAllStringSubmatch(box, -1) {
				x = append(x, html.UnescapeString(strings.TrimSpace(m[2])))
			}
			for _, v := range problem(t, b) {
				y = append(y, v)
			}
			slices.Sort(x)
			slices.Sort(y)
			if diff := cmp.Diff(y, x); diff != "" {
				t.Errorf("%s?%s:\n%s", page, q, diff)
			}
		}
		for _, q := range []string{"after=x", "before=%00"} {
			if a := h.Get(officer, page+"?"+q); a.Code != 422 {
				t.Errorf("%s?%s: %d", page, q, a.Code)
			}
		}
	}
}

// Every use case that a page calls has its operation, and each operation wants somebody.
func TestEveryUseCaseHasAnOperation(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	have := map[string]bool{}
	for _, op := range h.API.Operations() {
		have[op.UseCase] = true
		path := strings.NewReplacer("{id}", "0", "{file}", "0").Replace(op.Path)
		if a := h.Call(visitor, op.Method, path, nil); strings.HasPrefix(op.UseCase, "plan.") &&
			(op.Public || a.Code < 400 || a.Code >= 500) {
			t.Errorf("%s answers %d to nobody", op.UseCase, a.Code)
		}
	}
	for _, rt := range h.Web.Routes() {
		for _, u := range rt.UseCases {
			if !have[u] && strings.HasPrefix(u, "plan.") {
				t.Errorf("%s %s calls %s, which has no operation", rt.Method, rt.Path, u)
			}
		}
	}
}

// The API keeps versions and repeats answers, on both databases.
func TestVersionsAndKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		in := map[string]any{"title": "建成科技大市场", "region": "140100", "ledger": h.ledger.ID,
			"lead": h.bureau.ID, "dueUs": plan.EndOfDay("2026-12-31")}
		first := h.Call(officer, "POST", "/tasks", in, "Idempotency-Key", "k1")
		again := h.Call(officer, "POST", "/tasks", in, "Idempotency-Key", "k1")
		if first.Code != 201 || first.Body != again.Body {
			t.Fatalf("%d %d\n%s\n%s", first.Code, again.Code, first.Body, again.Body)
		}
		page, err := h.plan.ListTasks(t.Context(), officer, plan.TaskFilter{}, "", db.PageReq{})
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("%d tasks, %v", len(page.Items), err)
		}
		path := "/tasks/" + page.Items[0].ID
		got := h.Call(officer, "GET", path, nil)
		tag := got.Header.Get("ETag")
		if got.Code != 200 || tag == "" || !strings.Contains(got.Body, `"steps":[{"step":"establish"`) {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		if a := h.Call(officer, "GET", path, nil, "If-None-Match", tag); a.Code != 304 {
			t.Errorf("unchanged: %d", a.Code)
		}
		step := map[string]any{"step": "establish"}
		if a := h.Call(officer, "POST", path+"/steps", step); a.Code != 422 {
			t.Errorf("without If-Match: %d", a.Code)
		}
		if a := h.Call(officer, "POST", path+"/steps", step, "If-Match", tag); a.Code != 200 {
			t.Errorf("establish: %d %s", a.Code, a.Body)
		}
		if a := h.Call(officer, "POST", path+"/steps", step, "If-Match", tag); a.Code != 409 {
			t.Errorf("stale: %d", a.Code)
		}
		in["state"] = "done"
		if a := h.Call(officer, "POST", "/tasks", in); a.Code != 422 {
			t.Errorf("mass assignment: %d", a.Code)
		}
	})
}
