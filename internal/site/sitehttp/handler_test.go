package sitehttp_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/site"
	"github.com/yuntu-city/yuntu/internal/site/sitehttp"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

var admin = authz.Actor{Account: "a", Role: authz.SysAdmin}

func house(t *testing.T) *webtest.House {
	s := site.New(dbtest.Unit(t, dbtest.SQLite(t)))
	return webtest.New(t, clock.System(), func(w *web.Server) []webtest.Door {
		return []webtest.Door{sitehttp.New(s, w)}
	})
}

func form(version string, pairs ...string) url.Values {
	v := url.Values{"version": {version}, "name": {"甲市云图"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestWhoSeesTheSettings(t *testing.T) {
	h := house(t)
	for _, role := range authz.Roles() {
		got := h.Get(authz.Actor{Account: "x", Role: role}, sitehttp.Path).Code
		want := 403
		if role == authz.SysAdmin {
			want = 200
		}
		if got != want {
			t.Errorf("%s: %d, want %d", role, got, want)
		}
	}
	if got := h.Get(authz.Actor{}, sitehttp.Path).Code; got != 303 {
		t.Errorf("a visitor gets %d, not the log-in", got)
	}
}

func TestSaveShowsWhatIsWrongAndKeepsInput(t *testing.T) {
	h := house(t)
	a := h.Post(admin, sitehttp.Path, form("0", "siteCode", "12", "organiser", "科技局"))
	if a.Code != 422 || !strings.Contains(a.Body, "网站标识码应为十位数字") || !strings.Contains(a.Body, `value="科技局"`) {
		t.Errorf("%d %.500s", a.Code, a.Body)
	}
	a = h.Post(admin, sitehttp.Path, form("0", "quiet", "at night", "mailDays", "sundays"))
	if a.Code != 422 || !strings.Contains(a.Body, "免打扰时段应写作") || !strings.Contains(a.Body, "请从列表中选择") {
		t.Errorf("quiet hours: %d %.500s", a.Code, a.Body)
	}
	a = h.Post(admin, sitehttp.Path, form("0", "siteCode", "1401000000", "quiet", "22:00-07:30", "mailDays", "working"))
	if a.Code != 303 {
		t.Fatalf("a good form: %d", a.Code)
	}
	a = h.Post(admin, sitehttp.Path, form("0", "organiser", "科技局"))
	if a.Code != 409 || !strings.Contains(a.Body, "科技局") || !strings.Contains(a.Body, `name="version" value="1"`) {
		t.Errorf("a stale form: %d %.900s", a.Code, a.Body)
	}
}

func TestPageAndAPISayTheSame(t *testing.T) {
	h := house(t)
	a := h.Call(admin, "PUT", "/site", site.Settings{SiteCode: "12"}, "If-Match", `"0"`)
	p := a.Problem(t)
	if a.Code != 422 || len(p.Errors) != 2 {
		t.Fatalf("%d %+v", a.Code, p)
	}
	page := h.Post(admin, sitehttp.Path, form("0", "siteCode", "12", "name", "")).Body
	for _, e := range p.Errors {
		if !strings.Contains(page, e.Detail) {
			t.Errorf("the page does not say %q", e.Detail)
		}
	}
	a = h.Call(admin, "PUT", "/site", site.Settings{Name: "甲"}, "If-Match", `"0"`)
	if a.Code != 200 || a.Header.Get("ETag") != `"1"` {
		t.Errorf("%d %s", a.Code, a.Header.Get("ETag"))
	}
	if a := h.Call(authz.Actor{Account: "o", Role: authz.Officer}, "PUT", "/site",
		site.Settings{Name: "乙"}, "If-Match", `"1"`); a.Code != 403 {
		t.Errorf("an officer changes the settings: %d", a.Code)
	}
}
