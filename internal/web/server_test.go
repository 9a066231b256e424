package web_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// people answers for one session token "good" and one API token "yt_good".
type people struct{}

func (people) Resume(_ context.Context, token string) (web.Session, error) {
	switch token {
	case "good":
		return web.Session{ID: "s1", Name: "王明", Actor: authz.Actor{Account: "a1", Role: authz.Officer}}, nil
	case "pending":
		return web.Session{ID: "s2", Name: "李", Actor: authz.Actor{Account: "a2", Role: authz.SysAdmin},
			Pending: "/account/totp"}, nil
	case "broken":
		return web.Session{}, errors.New("disk on fire at /secret/place")
	}
	return web.Session{}, fault.New(fault.NotFound, "没有")
}

func (people) Bearer(_ context.Context, token string) (web.Session, error) {
	if token == "yt_good" {
		return web.Session{Actor: authz.Actor{Account: "a1", Role: authz.Officer, Via: authz.ViaToken}}, nil
	}
	return web.Session{}, fault.New(fault.NotFound, "没有")
}

func newServer(t *testing.T, limits web.Limits, clk clock.Clock) *web.Server {
	t.Helper()
	if limits.BodyBytes == 0 {
		limits = web.Limits{PerSecond: 1000, Burst: 1000, BodyBytes: 1000, UploadBytes: 2000}
	}
	s := web.New(web.Deps{
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Clock: clk, Sessions: people{},
		Site: func(context.Context, i18n.Lang) ui.Site { return ui.Site{Name: "云图"} },
		Nav: func(context.Context, authz.Actor) ([]ui.NavItem, []ui.NavGroup) {
			return []ui.NavItem{{Text: "首页", Href: "/"}}, nil
		},
		Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		Limits:  limits,
		Problem: func(w http.ResponseWriter, _ *http.Request, status int, _ error) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(status)
		},
	})
	page := func(err error) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			if err != nil {
				return err
			}
			return s.Render(w, r, web.View{Page: s.Page(r, "首页"), Body: ui.Empty("空", web.Address(r))})
		}
	}
	s.Add(
		web.Route{Method: "GET", Path: "/{$}", Access: web.Everyone, Handle: page(nil)},
		web.Route{Method: "GET", Path: "/mine", Handle: page(nil)},
		web.Route{Method: "POST", Path: "/mine", Handle: func(w http.ResponseWriter, r *http.Request) error {
			if err := r.ParseForm(); err != nil {
				return err
			}
			return s.Redirect(w, r, "/mine", "已保存")
		}},
		web.Route{Method: "GET", Path: "/fault", Access: web.Everyone,
			Handle: page(fault.New(fault.Conflict, "状态不对"))},
		web.Route{Method: "GET", Path: "/bug", Access: web.Everyone, Handle: page(errors.New("secret detail"))},
		web.Route{Method: "GET", Path: "/panic", Access: web.Everyone,
			Handle: func(http.ResponseWriter, *http.Request) error { panic("secret detail") }},
	)
	s.Mount("GET /api/v1/x", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, web.Actor(r).Account)
	}))
	return s
}

func ask(s *web.Server, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func get(path string, edit ...func(*http.Request)) *http.Request {
	r := httptest.NewRequest("GET", path, nil)
	for _, e := range edit {
		e(r)
	}
	return r
}

func cookie(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: value}) }
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestAnswers(t *testing.T) {
	s := newServer(t, web.Limits{}, clock.System())
	for name, c := range map[string]struct {
		r      *http.Request
		status int
		has    string
		hasNot string
	}{
		"home":                 {get("/"), 200, "空", ""},
		"english":              {get("/?lang=en"), 200, `lang="en"`, ""},
		"no such page":         {get("/nowhere"), 404, "没有找到", ""},
		"no such method":       {httptest.NewRequest("DELETE", "/mine", nil), 405, "", ""},
		"visitor on mine":      {get("/mine?q=1"), 303, "", ""},
		"member on mine":       {get("/mine", cookie("yuntu_session", "good")), 200, "王明", ""},
		"stale session":        {get("/mine", cookie("yuntu_session", "old")), 303, "", ""},
		"identity is down":     {get("/", cookie("yuntu_session", "broken")), 500, "系统出错了", "secret"},
		"fault":                {get("/fault"), 409, "状态不对", ""},
		"defect":               {get("/bug"), 500, "系统出错了", "secret"},
		"panic":                {get("/panic"), 500, "系统出错了", "secret"},
		"fault as fragment":    {get("/fault", header("HX-Request-Type", "partial")), 409, "状态不对", "<html"},
		"pending step":         {get("/", cookie("yuntu_session", "pending")), 303, "", ""},
		"token on a page":      {get("/", header("Authorization", "Bearer yt_good")), 403, "", ""},
		"token on the API":     {get("/api/v1/x", header("Authorization", "Bearer yt_good")), 200, "a1", ""},
		"stale token":          {get("/api/v1/x", header("Authorization", "Bearer yt_old")), 401, "", ""},
		"scheme in small":      {get("/api/v1/x", header("Authorization", "bearer yt_good")), 200, "a1", ""},
		"scheme in capitals":   {get("/api/v1/x", header("Authorization", "BEARER yt_old")), 401, "", ""},
		"session on the API":   {get("/api/v1/x", cookie("yuntu_session", "good")), 200, "a1", ""},
		"unclean path":         {get("//evil.example/x"), 307, `href="/evil.example/x"`, ""},
		"header injection":     {get("/?lang=en%0d%0aSet-Cookie:x=1"), 200, "", ""},
		"asset of another age": {get("/assets/app.0000.css"), 404, "", ""},
	} {
		w := ask(s, c.r)
		body := w.Body.String()
		if w.Code != c.status || !strings.Contains(body, c.has) ||
			c.hasNot != "" && strings.Contains(body, c.hasNot) {
			t.Errorf("%s: %d, want %d with %q without %q\n%.300s",
				name, w.Code, c.status, c.has, c.hasNot, body)
		}
		if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s: policy %q", name, csp)
		}
	}
}

func TestForeignFormIsRefused(t *testing.T) {
	s := newServer(t, web.Limits{}, clock.System())
	for site, want := range map[string]int{"same-origin": 303, "cross-site": 403, "same-site": 403} {
		r := httptest.NewRequest("POST", "/mine", strings.NewReader("a=1"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", site)
		cookie("yuntu_session", "good")(r)
		if w := ask(s, r); w.Code != want {
			t.Errorf("%s form: %d, want %d", site, w.Code, want)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	s := newServer(t, web.Limits{}, clock.System())
	r := httptest.NewRequest("POST", "/mine", strings.NewReader("a="+strings.Repeat("x", 2000)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	cookie("yuntu_session", "good")(r)
	if w := ask(s, r); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body over the limit: %d", w.Code)
	}
}

// What a page was sent is removed when it has answered, well or not.
func TestNoUploadStays(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s := newServer(t, web.Limits{}, clock.System())
	for path, err := range map[string]error{"/taken": nil, "/refused": fault.New(fault.Conflict, "状态不对")} {
		s.Add(web.Route{Method: "POST", Path: path, Access: web.Everyone, Upload: true,
			Handle: func(w http.ResponseWriter, r *http.Request) error {
				if err := r.ParseMultipartForm(100); err != nil {
					t.Error(err)
				}
				if used, _ := os.ReadDir(dir); len(used) != 1 {
					t.Errorf("%s: %d temporary files while it is read", path, len(used))
				}
				return err
			}})
		r := httptest.NewRequest("POST", path, strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"f\"; "+
			"filename=\"f\"\r\n\r\n"+strings.Repeat("y", 1500)+"\r\n--b--\r\n"))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		ask(s, r)
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s: %v stays", path, left)
		}
	}
}

func TestRateLimit(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC))
	s := newServer(t, web.Limits{PerSecond: 1, Burst: 3, BodyBytes: 1000, UploadBytes: 1000}, clk)
	h := s.Handler()
	code := func(address string) int {
		r := get("/")
		r.RemoteAddr = address + ":1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	for i := range 3 {
		if got := code("192.0.2.1"); got != 200 {
			t.Fatalf("request %d of the burst: %d", i, got)
		}
	}
	if got := code("192.0.2.1"); got != 429 {
		t.Errorf("beyond the burst: %d", got)
	}
	if got := code("192.0.2.2"); got != 200 {
		t.Errorf("another caller pays for the first: %d", got)
	}
	clk.Advance(time.Second)
	if got := code("192.0.2.1"); got != 200 {
		t.Errorf("a second later: %d", got)
	}
}

func TestAddressBehindProxies(t *testing.T) {
	s := newServer(t, web.Limits{}, clock.System())
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.9", "", "192.0.2.9"},
		{"192.0.2.9", "198.51.100.1", "192.0.2.9"}, // not a proxy of ours: not believed
		{"10.0.0.1", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"10.0.0.1", "<script>", "10.0.0.1"},
		{"10.0.0.1", "", "10.0.0.1"},
	} {
		r := get("/", header("X-Forwarded-For", c.forwarded))
		r.RemoteAddr = c.peer + ":1234"
		if w := ask(s, r); !strings.Contains(w.Body.String(), ">"+c.want+"<") {
			t.Errorf("%s for %q is not %s", c.peer, c.forwarded, c.want)
		}
	}
}

func TestPrefsGoBackHome(t *testing.T) {
	s := newServer(t, web.Limits{}, clock.System())
	for back, want := range map[string]string{
		"/orgs?q=a&lang=en": "/orgs?q=a", "//evil.example": "/", "https://evil.example": "/",
		`/\evil.example`: "/", "/mine?lang=en": "/mine", "": "/",
	} {
		form := url.Values{"theme": {"dark"}, "lang": {"en"}, "size": {"xlarge"}, "back": {back}}
		r := httptest.NewRequest("POST", "/prefs", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := ask(s, r)
		if got := w.Header().Get("Location"); w.Code != 303 || got != want {
			t.Errorf("back %q leads to %q (%d), want %q", back, got, w.Code, want)
		}
		if got := strings.Join(w.Header().Values("Set-Cookie"), "\n"); !strings.Contains(got, "yuntu_theme=dark") ||
			!strings.Contains(got, "yuntu_lang=en") || !strings.Contains(got, "yuntu_size=xlarge") {
			t.Errorf("cookies: %s", got)
		}
	}
}

func TestLoginKeepsTheWay(t *testing.T) {
	s := newServer(t, web.Limits{}, clock.System())
	w := ask(s, get("/mine?q=1&x=2"))
	if got := w.Header().Get("Location"); got != "/login?back=%2Fmine%3Fq%3D1%26x%3D2" {
		t.Errorf("a visitor is sent to %q", got)
	}
}

func TestToastIsShownOnce(t *testing.T) {
	s := newServer(t, web.Limits{}, clock.System())
	r := httptest.NewRequest("POST", "/mine", strings.NewReader("a=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	cookie("yuntu_session", "good")(r)
	w := ask(s, r)
	next := get("/mine", cookie("yuntu_session", "good"))
	for _, c := range w.Result().Cookies() {
		next.AddCookie(c)
	}
	shown := ask(s, next)
	if !strings.Contains(shown.Body.String(), "已保存") {
		t.Error("the message is not on the next page")
	}
	if got := strings.Join(shown.Header().Values("Set-Cookie"), "\n"); !strings.Contains(got, "yuntu_toast=;") {
		t.Errorf("the message is not taken away: %s", got)
	}
}
