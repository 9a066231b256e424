package identityhttp_test

import (
	"context"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/identity/identityhttp"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const password = "Lan-Tian 37 bai yun"

var (
	machine  = authz.Actor{Role: authz.SysAdmin, Via: authz.ViaSystem}
	security = authz.Actor{Role: authz.SecAdmin, Via: authz.ViaSystem}
)

// registry is a register of organisations in memory.
type registry struct {
	mu   sync.Mutex
	orgs []identity.Org
}

func (r *registry) FindByUSCC(_ context.Context, uscc string) (identity.Org, bool, error) {
	return r.find(func(o identity.Org) bool { return o.USCC == uscc })
}

func (r *registry) FindByID(_ context.Context, orgID string) (identity.Org, bool, error) {
	return r.find(func(o identity.Org) bool { return o.ID == orgID })
}

func (r *registry) find(want func(identity.Org) bool) (identity.Org, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range r.orgs {
		if want(o) {
			return o, true, nil
		}
	}
	return identity.Org{}, false, nil
}

func (r *registry) CreatePending(
	_ context.Context, _ authz.Actor, o identity.Org,
) (identity.Org, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o.ID = id.New()
	r.orgs = append(r.orgs, o)
	return o, nil
}

// sessions is how the house connects the door with the room.
type sessions struct{ *identity.Service }

func (s sessions) Resume(ctx context.Context, token string) (web.Session, error) {
	return view(s.Service.Resume(ctx, token))
}

func (s sessions) Bearer(ctx context.Context, token string) (web.Session, error) {
	return view(s.Service.Bearer(ctx, token))
}

func view(r identity.Resumed, err error) (web.Session, error) {
	out := web.Session{ID: r.Session.ID, Actor: r.Actor, Name: r.Name, OrgName: r.OrgName,
		Pending: map[string]string{identity.PendingCode: "/login/totp",
			identity.PendingPassword: "/account/password", identity.PendingTOTP: "/account/totp"}[r.Pending]}
	for _, o := range r.Others {
		out.Others = append(out.Others, web.RoleChoice{Value: o.Value, Title: o.Role.Title(), Org: o.For})
	}
	return out, err
}

// world is the door with its room, served as to browsers.
type world struct {
	*testing.T
	room   *identity.Service
	door   *identityhttp.Handler
	api    *api.API
	clock  *clock.Fake
	orgs   *registry
	server *httptest.Server
}

type option func(*identity.Config, *identityhttp.Deps)

func newWorld(t *testing.T, options ...option) *world {
	t.Helper()
	c := clock.NewFake(dbtest.Start)
	u := dbtest.UnitAt(t, dbtest.SQLite(t), c)
	files, err := blob.Open(u, blob.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	w := &world{T: t, clock: c, orgs: &registry{}}
	cfg := identity.Config{Unit: u, Orgs: w.orgs, Blob: files, Key: make([]byte, identity.KeyBytes),
		Cost: identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}, Site: "云图",
		Rights: func(r authz.Role) []authz.Right {
			return authz.Rights([]authz.Table{identity.ClaimPolicy, identity.ViewPolicy,
				identity.AccountPolicy, identity.RolePolicy}, r)
		}}
	deps := identityhttp.Deps{Clock: c}
	for _, o := range options {
		o(&cfg, &deps)
	}
	if w.room, err = identity.New(cfg); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	site := web.New(web.Deps{Log: log, Clock: c, Sessions: sessions{w.room}, Nav: web.Menu,
		Problem: api.WriteProblem,
		Site:    func(context.Context, i18n.Lang) ui.Site { return ui.Site{Name: "云图"} },
		Limits:  web.Limits{BodyBytes: 1 << 20, UploadBytes: 32 << 20}})
	w.door = identityhttp.New(w.room, site, deps)
	w.api = api.New(log)
	site.Add(w.door.Routes()...)
	site.Add(web.Route{Method: "GET", Path: "/{$}", Access: web.Everyone,
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			_, err := fmt.Fprintf(w, "home of %s", web.Actor(r).Login)
			return err
		}})
	w.door.Operations(w.api)
	site.Mount("/api/", w.api.Handler())
	w.server = httptest.NewServer(site.Handler())
	t.Cleanup(w.server.Close)
	return w
}

func (w *world) account(login string, roles ...identity.GrantInput) identity.Account {
	w.Helper()
	made, err := w.room.CreateAccount(w.Context(), machine, identity.NewAccount{Login: login,
		Name: "王小明", Phone: "13800001234", Password: password})
	if err != nil {
		w.Fatal(err)
	}
	for _, g := range roles {
		g.Account, g.Basis = made.ID, "测试"
		if _, err := w.room.GrantRole(w.Context(), security, g); err != nil {
			w.Fatal(err)
		}
	}
	a, err := w.room.GetAccount(w.Context(), machine, made.ID)
	if err != nil {
		w.Fatal(err)
	}
	return a
}

func (w *world) org(n int) identity.Org {
	w.Helper()
	o := identity.Org{ID: fmt.Sprintf("org-%d", n), Name: fmt.Sprintf("太原第%d机械厂", n),
		Kind: "enterprise", Region: "140105", USCC: w.uscc(n)}
	w.orgs.orgs = append(w.orgs.orgs, o)
	return o
}

func (w *world) uscc(n int) string {
	w.Helper()
	code, err := id.MakeUSCC(fmt.Sprintf("91140105MA0%06d", n))
	if err != nil {
		w.Fatal(err)
	}
	return string(code)
}

// browser is a person's browser: it keeps cookies and follows nothing by itself.
type browser struct {
	*world
	cookies map[string]string
}

func (w *world) browser() *browser {
	return &browser{world: w, cookies: map[string]string{}}
}

// page is an answer.
type page struct {
	code     int
	location string
	body     string
	header   http.Header
}

func (b *browser) do(r *http.Request) page {
	b.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	resp, err := client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range resp.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return page{resp.StatusCode, resp.Header.Get("Location"), string(body), resp.Header}
}

func (b *browser) get(path string) page {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), "GET", b.server.URL+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	return b.do(r)
}

// post sends a form; fields are name, value, name …
func (b *browser) post(path string, fields ...string) page {
	b.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r, err := http.NewRequestWithContext(b.Context(), "POST", b.server.URL+path,
		strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// call calls an operation.
func (b *browser) call(method, path, body string, headers ...string) page {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, b.server.URL+api.Prefix+path,
		strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.do(r)
}

// in logs a browser in.
func (w *world) in(login string) *browser {
	w.Helper()
	b := w.browser()
	if p := b.post("/login", "login", login, "password", password); p.code != 303 {
		w.Fatalf("log-in of %s: %d %s", login, p.code, p.text())
	}
	return b
}

var tags = regexp.MustCompile(`(?s)<script.*?</script>|<[^>]*>`)

// text is what a page says, without markup.
func (p page) text() string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(p.body, " "))), " ")
}

// hidden finds the value of a hidden field.
func (p page) hidden(name string) string {
	all := regexp.MustCompile(`name="`+name+`" value="([^"]*)"`).FindAllStringSubmatch(p.body, -1)
	if all == nil {
		return ""
	}
	return html.UnescapeString(all[len(all)-1][1]) // the frame has forms of its own before it
}

func (p page) want(t *testing.T, what string, code int, has ...string) {
	t.Helper()
	if p.code != code {
		t.Errorf("%s: %d, want %d: %.600s", what, p.code, code, p.text())
	}
	for _, text := range has {
		if !strings.Contains(p.text(), text) {
			t.Errorf("%s does not say %q: %.600s", what, text, p.text())
		}
	}
}

func (p page) leads(t *testing.T, what, location string) {
	t.Helper()
	if p.code != 303 || p.location != location {
		t.Errorf("%s: %d to %q, want %q: %.600s", what, p.code, p.location, location, p.text())
	}
}

func (p page) problem(t *testing.T) api.Problem {
	t.Helper()
	var out api.Problem
	if err := json.Unmarshal([]byte(p.body), &out); err != nil {
		t.Fatalf("no problem: %d %.300s", p.code, p.body)
	}
	return out
}

// code is what an authenticator app shows for a secret in groups of four.
func (w *world) code(secret string) string {
	w.Helper()
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(
		strings.ReplaceAll(secret, " ", ""))
	if err != nil {
		w.Fatalf("secret %q: %v", secret, err)
	}
	code, err := totp.GenerateCode(base32.StdEncoding.EncodeToString(raw), w.clock.Now())
	if err != nil {
		w.Fatal(err)
	}
	return code
}

const minute = time.Minute
