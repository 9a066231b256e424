package matchinghttp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/market/matching/matchinghttp"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

var (
	guest   = authz.Actor{}
	officer = authz.Actor{Account: "a1", Login: "officer", Role: authz.Officer}
	other   = authz.Actor{Account: "a3", Login: "other", Role: authz.Enterprise, Org: "org-z"}
	firm    = authz.Actor{Account: "a2", Login: "firm", Role: authz.Enterprise, Org: "org-n"}
)

var qPost = db.Stmt(`INSERT INTO market_post (id, kind, code, title, text, org, org_now, org_name,
		region, field, chain, six_new, sort, price_lo_fen, price_hi_fen, trl, deadline, visibility,
		broker, detail, state, published_us, confirmed_us, fresh_us, source, created_us,
		created_by, updated_us, version)
	VALUES ($1, $2, $1, $3, $4, $5, $5, $5, '140105', '05', '', '', '', 0, 0, 6, '', 'open', '', '{}',
		'published', 1, 1, 1, 'demo', 1, 'a0', 1, 1)`)

var qMatch = db.Stmt(`INSERT INTO matching_match (id, org, person, post, other, need, offer, score, run,
	made_us, version) VALUES ('m1', 'org-z', '', 'n1', 'o1', 'n1', 'o1', 600000, 'r', 1, 1)`)

// newHouse is the door over a market of three posts.
func newHouse(t *testing.T) *webtest.House {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	d, c := dbtest.SQLite(t), clock.NewFake(dbtest.Start)
	u := dbtest.UnitAt(t, d, c)
	m, err := market.New(u, process.Times{Calendar: clock.Published(), Service: process.OfficeHours()},
		market.Options{})
	must(err)
	must(u.Write(context.Background(), officer, "test.put", func(tx *unit.Tx) error {
		for _, p := range [][]any{
			{"n1", "need", "求锂电池正极材料包覆工艺", "需要锂电池正极材料的包覆工艺，循环寿命提高。", "org-n"},
			{"o1", "achievement", "锂电池正极材料包覆技术", "锂电池正极材料表面包覆，循环寿命提高。", "org-o"},
			{"o2", "achievement", "大豆蛋白肽", "用于食品。", "org-p"},
		} {
			if err := db.ExecOne(context.Background(), tx.Tx, qPost, p...); err != nil {
				return err
			}
		}
		tx.Audit(audit.Entry{Kind: "test"})
		return db.ExecOne(context.Background(), tx.Tx, qMatch)
	}))
	s := matching.New(u, matching.Options{Market: m})
	must(s.Prepare(context.Background()))
	return webtest.New(t, c, func(w *web.Server) []webtest.Door {
		return []webtest.Door{matchinghttp.New(s, w, matchinghttp.Deps{Clock: c})}
	})
}

func shows(t *testing.T, what string, a webtest.Answer, code int, texts ...string) {
	t.Helper()
	if a.Code != code {
		t.Errorf("%s: %d %.400s", what, a.Code, a.Body)
		return
	}
	for _, x := range texts {
		if gone, not := strings.CutPrefix(x, "!"); strings.Contains(a.Body, gone) == not {
			t.Errorf("%s: %q: there %v", what, gone, not)
		}
	}
}

// The box of a search gets options from this address, programs get the same as JSON.
func TestSuggestions(t *testing.T) {
	h := newHouse(t)
	r := httptest.NewRequest(http.MethodGet, "/market/search?q="+url.QueryEscape("包覆")+"&list=q-q-list", nil)
	r.Header.Set("HX-Request", "true")
	shows(t, "options", h.Do(guest, r), 200, `role="option"`, `id="q-q-list-0"`, `data-text="锂电池正极材料包覆技术"`,
		"成果", "!大豆")
	r = httptest.NewRequest(http.MethodGet, `/market/search?q=x&list=%22%3E%3Cb`, nil)
	r.Header.Set("HX-Request", "true")
	shows(t, "a list of that name there is not", h.Do(guest, r), 200, "!<b", "!没有找到")
	shows(t, "as JSON", h.Get(guest, "/market/search?q="+url.QueryEscape("包覆")), 200, `"what":"post"`, `"id":"o1"`)
	shows(t, "operation", h.Get(guest, "/api/v1/market/suggestions?q="+url.QueryEscape("大豆")), 200, `"id":"o2"`)
}

// Why two posts match is said to everybody who may read both; what is somebody's own asks who it is.
func TestPages(t *testing.T) {
	h := newHouse(t)
	shows(t, "why", h.Get(guest, "/matches/pair?need=n1&offer=o1"), 200, "为什么匹配", "锂电池")
	shows(t, "the wrong way round", h.Get(guest, "/matches/pair?need=o1&offer=n1"), 422)
	shows(t, "not there", h.Get(guest, "/matches/pair?need=n1&offer=none"), 404)
	shows(t, "mine", h.Get(firm, "/matches"), 200, "还没有匹配到", "分数线")
	shows(t, "a match", h.Get(other, "/matches"), 200, "锂电池正极材料包覆技术", "提出合作意向",
		`href="/deals/new?post=o1&amp;source=match&amp;with=n1"`)
	shows(t, "saved", h.Get(firm, "/matches/searches?q="+url.QueryEscape("锂电池")), 200, "还没有保存检索", "锂电池")
	a := h.Post(firm, "/matches/searches", url.Values{"query": {"锂电池"}, "name": {""}, "notice": {"weekly"}})
	shows(t, "saved without a name", a, 422, "锂电池")
	a = h.Post(firm, "/matches/searches", url.Values{"query": {"锂电池"}, "name": {"正极"}, "notice": {"weekly"}})
	shows(t, "save", a, 303)
	shows(t, "saved is there", h.Get(firm, "/matches/searches"), 200, "正极", "每周一")
	// All that the list filters by is kept, without words, too, and leads back to the same list.
	const facets = "kind=achievement&mode=licence&price=50-200&trl=4-6"
	shows(t, "facets", h.Get(firm, "/matches/searches?"+facets), 200, `name="trl" value="4-6"`, "中试（4—6 级）",
		`name="price" value="50-200"`, `name="mode" value="licence"`)
	v, _ := url.ParseQuery(facets)
	v.Set("name", "中试成果")
	v.Set("notice", "daily")
	shows(t, "save facets", h.Post(firm, "/matches/searches", v), 303)
	shows(t, "facets are there", h.Get(firm, "/matches/searches"), 200,
		"/market?"+strings.ReplaceAll(facets, "&", "&amp;"),
		"中试（4—6 级）")
	v.Set("kind", "xxx")
	shows(t, "no such kind", h.Post(firm, "/matches/searches", v), 422, "没有“xxx”这个选项")
	shows(t, "line", h.Post(firm, "/matches/line", url.Values{"line": {"40"}}), 303)
	shows(t, "no line", h.Post(firm, "/matches/line", url.Values{"line": {"x"}}), 422)
}

// The desk is the bureau's: runs, weights and learned words.
func TestDesk(t *testing.T) {
	h := newHouse(t)
	shows(t, "desk", h.Get(officer, "/matches/desk"), 200, "还没有匹配过", "现用内置权重", "还没有学到领域词", "学习领域词")
	shows(t, "of a firm", h.Get(firm, "/matches/desk"), 403)
	a := h.Post(officer, "/matches/desk", url.Values{"do": {"learn"}})
	shows(t, "learn", a, 303)
	if !strings.HasPrefix(a.Header.Get("Location"), "/admin/jobs/") {
		t.Errorf("learning leads to %s", a.Header.Get("Location"))
	}
	shows(t, "learn as a firm", h.Post(firm, "/matches/desk", url.Values{"do": {"learn"}}), 403)
	shows(t, "nothing", h.Post(officer, "/matches/desk", url.Values{"do": {"nothing"}}), 422)
	shows(t, "lexicon", h.Get(officer, "/api/v1/matches/lexicon"), 200, `"number":0`)
}

// What fits a post is said not to from its record, and taken back, on the page and by the API.
func TestRejectFromARecord(t *testing.T) {
	h := newHouse(t)
	v := url.Values{"post": {"n1"}, "other": {"o1"}, "class": {"subject"}}
	shows(t, "of others", h.Post(other, "/matches/pair/reject", v), 403)
	a := h.Post(firm, "/matches/pair/reject", v)
	shows(t, "reject", a, 303)
	if to := a.Header.Get("Location"); to != "/market/posts/n1/matches?undo=o1" {
		t.Errorf("rejecting leads to %s", to)
	}
	shows(t, "gone", h.Get(firm, "/api/v1/market/posts/n1/matches"), 200, "!\"o1\"")
	shows(t, "not for others", h.Get(other, "/api/v1/market/posts/n1/matches"), 200, `"o1"`)
	shows(t, "take back", h.Post(firm, "/matches/pair/restore", v), 303)
	shows(t, "there again", h.Get(firm, "/api/v1/market/posts/n1/matches"), 200, `"o1"`)
	delete(v, "class")
	shows(t, "without a class", h.Post(firm, "/matches/pair/reject", v), 422)
}
