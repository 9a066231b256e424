package markethttp_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

// needForm is a good need as a form sends it.
func needForm(pairs ...string) url.Values {
	v := values("title", "铝合金薄壁件压铸变形控制", "needKind", "research", "field", "03",
		"text", "薄壁件在 0.8 毫米处变形，成品率只有七成，希望提高到九成以上。", "priceLoFen", "50",
		"priceHiFen", "200", "modes", "joint", "region", "140105", "contact", "李工",
		"contactPhone", "13800001234", "do", "submit")
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestGuidedForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.want(visitor, "/market/needs/new", 303)
		h.want(h.owner(), "/market/needs/new", 200, "李工", "13800001234", "!输入名称或信用代码，再选择</p><p")
		at := h.sent(h.owner(), "/market/needs/new", needForm("parameters.0.name", "成品率",
			"parameters.0.op", ">=", "parameters.0.value", "90", "parameters.4.name", "",
			"keywords", "压铸、变形，铝合金"))
		p := h.now(strings.TrimPrefix(at, "/market/posts/"))
		if p.State != market.Review || p.PriceHiFen != 200_000_000 || len(p.Parameters) != 1 ||
			len(p.Keywords) != 3 || p.Org != h.firm.ID {
			t.Errorf("stored: %+v", p)
		}
		at = h.sent(h.owner(), "/market/needs/new", needForm("do", "save", "text", ""))
		if p = h.now2(at); p.State != market.Draft {
			t.Errorf("saved as %s", p.State)
		}
		a := h.Post(h.owner(), "/market/needs/new", needForm("title", "", "priceLoFen", "x", "field", "99",
			"parameters.0.name", "成品率", "parameters.0.op", ">=", "parameters.0.value", "many"))
		if a.Code != http.StatusUnprocessableEntity {
			t.Fatalf("%d", a.Code)
		}
		h.shows(a, "form", "请填写这一项", "金额应为数字，如 35.6", "没有“99”这个选项", "数值应为数字，如 35.6",
			`id="f-parameters-0-value"`, `value="many"`, `href="#f-parameters-0-value"`)
	})
}

// now2 is the post that an address leads to.
func (h *house) now2(path string) market.Post {
	h.t.Helper()
	path, _, _ = strings.Cut(strings.TrimPrefix(path, "/market/posts/"), "?")
	p, err := h.market.GetPost(h.t.Context(), h.owner(), path)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// Rows can be added and removed, and picks dropped, without scripts; nothing is saved meanwhile.
func TestRowsWithoutScripts(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	a := h.Post(h.owner(), "/market/achievements/new", values("title", "工艺包", "rights.3.title", "一种方法",
		"add", "rights"))
	h.shows(a, "add", `name="rights.0.title"`, `value="一种方法"`, `name="rights.1.title"`)
	a = h.Post(h.owner(), "/market/achievements/new", values("title", "工艺包", "rights.3.title", "一种方法",
		"rights.5.title", "另一种", "remove", "rights.3"))
	h.shows(a, "remove", `value="另一种"`, "!一种方法", "!rights.1.title")
	a = h.Post(officer, "/market/needs/new", values("region", "140105", "drop_region", "140105"))
	h.shows(a, "drop", `name="region_q"`, `!name="region" value="140105"`)
	if c, err := h.market.CountPosts(t.Context(), h.owner(), market.PostFilter{}); err != nil || c.All != 0 {
		t.Errorf("%d posts, %v", c.All, err)
	}
}

// What was typed is kept, shown again, and thrown away when it is sent or no longer wanted.
func TestDraftsOfForms(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	a := h.Post(h.owner(), "/market/needs/new/draft", values("title", "半句话", "csrf", "x"))
	if a.Code != http.StatusNoContent || a.Header.Get("X-Saved-At") == "" {
		t.Fatalf("%d %v", a.Code, a.Header)
	}
	h.want(h.owner(), "/market/needs/new", 200, "半句话", "未提交的草稿", "丢弃草稿")
	h.want(h.owner(), "/market/achievements/new", 200, "!半句话")
	h.sent(h.owner(), "/market/needs/new/discard", nil)
	h.want(h.owner(), "/market/needs/new", 200, "!半句话")
	p := h.posted(h.owner(), h.need(), market.Draft)
	path := "/market/posts/" + p.ID
	h.Post(h.owner(), path+"/draft", values("title", "改了一半", "version", strconv.FormatInt(p.Version, 10)))
	h.want(h.owner(), path+"/edit", 200, "改了一半")
	if a := h.Post(h.rival(), path+"/draft", values("title", "别人的")); a.Code != http.StatusNotFound {
		t.Errorf("a stranger keeps a draft: %d", a.Code)
	}
}

func TestEditing(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	p := h.posted(h.owner(), h.need(), market.Published)
	path := "/market/posts/" + p.ID + "/edit"
	h.want(h.owner(), path, 200, "改动公开的内容要重新审核", "13800001234", "50", "200")
	h.want(h.rival(), path, 403)
	form := needForm("version", strconv.FormatInt(p.Version, 10), "title", "铝合金件变形控制")
	h.sent(h.owner(), path, form)
	if now := h.now(p.ID); now.Title != "铝合金件变形控制" || now.State != market.Review {
		t.Errorf("stored %q in %s", now.Title, now.State)
	}
	a := h.Post(h.owner(), path, form)
	if a.Code != http.StatusConflict {
		t.Fatalf("stale: %d", a.Code)
	}
	form.Set("title", "又改一次")
	h.shows(h.Post(h.owner(), path, form), path, "又改一次", "用我的内容覆盖", "铝合金件变形控制")
	q := h.posted(h.owner(), h.need(), market.Draft)
	form = needForm("version", strconv.FormatInt(q.Version, 10))
	h.sent(h.owner(), "/market/posts/"+q.ID+"/edit", form)
	if now := h.now(q.ID); now.State != market.Review {
		t.Errorf("handed in: %s", now.State)
	}
}

var summaryItem = regexp.MustCompile(`<li>(?:<a href="#([^"]*)">)?([^<]*)`)

// told returns what a page says is wrong: id of the control to message.
func told(t testing.TB, page string) map[string]string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `class="error-summary"`)
	if !ok {
		t.Fatal("the page has no summary of errors")
	}
	box, _, _ := strings.Cut(rest, "</div>")
	out := map[string]string{}
	for _, m := range summaryItem.FindAllStringSubmatch(box, -1) {
		out[m[1]] = html.UnescapeString(strings.TrimSpace(m[2]))
	}
	return out
}

func problem(t testing.TB, a webtest.Answer) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, e := range a.Problem(t).Errors {
		out[ui.FieldID(e.Field)] = e.Detail
	}
	return out
}

// Both doors say the same about the same mistakes, field by field, in both languages.
func TestBothDoorsSayTheSame(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	for name, c := range map[string]struct {
		form []string
		json map[string]any
	}{
		"title":  {[]string{"title", ""}, map[string]any{"title": ""}},
		"long":   {[]string{"title", strings.Repeat("长", 81)}, map[string]any{"title": strings.Repeat("长", 81)}},
		"choice": {[]string{"field", "99"}, map[string]any{"field": "99"}},
		"phone":  {[]string{"contactPhone", "call me"}, map[string]any{"contactPhone": "call me"}},
		"price": {[]string{"priceLoFen", "300"},
			map[string]any{"priceLoFen": 300_000_000}},
		"missing": {[]string{"text", "短", "needKind", ""}, map[string]any{"text": "短", "needKind": ""}},
	} {
		for _, l := range []string{"zh-CN", "en"} {
			good := map[string]any{"kind": "need", "title": "铝合金薄壁件压铸变形控制", "needKind": "research",
				"text":  "薄壁件在 0.8 毫米处变形，成品率只有七成，希望提高到九成以上。",
				"field": "03", "priceLoFen": 50_000_000, "priceHiFen": 200_000_000, "region": "140105",
				"visibility": "open", "submit": true}
			for k, v := range c.json {
				good[k] = v
			}
			call := h.Call(h.owner(), "POST", "/market/posts", good, "Cookie", "yuntu_lang="+l)
			r := formRequest("/market/needs/new", needForm(c.form...))
			r.Header.Set("Cookie", "yuntu_lang="+l)
			page := h.Do(h.owner(), r)
			if page.Code != 422 || call.Code != 422 {
				t.Errorf("%s: page %d, API %d %.300s", name, page.Code, call.Code, call.Body)
				continue
			}
			if d := cmp.Diff(problem(t, call), told(t, page.Body)); d != "" {
				t.Errorf("%s, %s: API and page differ:\n%s", name, l, d)
			}
		}
	}
}

func formRequest(path string, v url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// A text fills the form; each filled field quotes its words, and nothing is stored before it is sent.
func TestPastedText(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.want(h.owner(), "/market/paste", 200, "由系统判断")
	text := "铝合金薄壁件压铸变形控制\r\n我公司希望解决薄壁件变形问题，成品率不低于90%，预算200万元，希望合作开发。联系人：李工，电话13800001234。"
	a := h.Post(h.owner(), "/market/paste", values("text", text))
	if a.Code != http.StatusOK {
		t.Fatalf("%d %.600s", a.Code, mainOf(a.Body))
	}
	h.shows(a, "paste", `action="/market/needs/new"`, "原文“", "<mark>", `name="words.title"`, `value="200"`,
		"13800001234</mark>", "铝合金薄壁件压铸变形控制")
	if a := h.Post(h.owner(), "/market/paste", values("text", "")); a.Code != 422 {
		t.Errorf("nothing pasted: %d", a.Code)
	}
	if c, err := h.market.CountPosts(t.Context(), h.owner(), market.PostFilter{}); err != nil || c.All != 0 {
		t.Errorf("%d posts, %v", c.All, err)
	}
}
