package partyhttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/party/partyhttp"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// The people of the tests. The token of a session is the name.
var actors = map[string]authz.Actor{
	"officer": {Account: "acc-officer", Login: "wangming", Role: authz.Officer},
	"leader":  {Account: "acc-leader", Login: "li", Role: authz.Leader},
	"district": {Account: "acc-district", Login: "zhao", Role: authz.District,
		Region: "140105"},
	"far": {Account: "acc-far", Login: "qian", Role: authz.District, Region: "140106"},
	"firm": {Account: "acc-firm", Login: "firm", Role: authz.Enterprise,
		Org: firmOrg},
	"expert":   {Account: "acc-expert", Login: "sun", Role: authz.Expert},
	"broker":   {Account: "acc-broker", Login: "zhou", Role: authz.Broker},
	"sysadmin": {Account: "acc-sys", Login: "root", Role: authz.SysAdmin},
	"auditor":  {Account: "acc-audit", Login: "audit", Role: authz.Auditor},
}

const firmOrg = "00000000000000000000000000"

// folk answers for the sessions of the tests.
type folk struct{ firm string }

func (f *folk) Resume(_ context.Context, token string) (web.Session, error) {
	a, ok := actors[token]
	if !ok {
		return web.Session{}, fault.New(fault.NotFound, "没有")
	}
	if a.Org == firmOrg {
		a.Org = f.firm
	}
	a.Via = authz.ViaSession
	return web.Session{ID: token, Actor: a, Name: "王明"}, nil
}

func (f *folk) Bearer(ctx context.Context, token string) (web.Session, error) {
	s, err := f.Resume(ctx, token)
	return s, err
}

// world is a registry with both doors.
type world struct {
	t     testing.TB
	party *party.Service
	dict  *dict.Service
	web   *web.Server
	api   *api.API
	door  *partyhttp.Handler
	clock *clock.Fake
	folk  *folk
	h     http.Handler
	views *views
}

type views struct{ list []partyhttp.View }

func (v *views) ListViews(_ context.Context, _ authz.Actor, path string) ([]partyhttp.View, error) {
	if path == "/orgs" {
		return v.list, nil
	}
	return nil, nil
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{t: t, clock: clock.NewFake(dbtest.Start), folk: &folk{}, views: &views{}}
	u := dbtest.UnitAt(t, d, w.clock)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w.dict = dict.New(u)
	must(w.dict.Load(ctx))
	files, err := blob.Open(u, blob.Options{Dir: t.TempDir()})
	must(err)
	t.Cleanup(func() { _ = files.Close() })
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	w.party, err = party.New(u, party.FromDict(w.dict), times,
		party.Options{Key: bytes.Repeat([]byte{7}, party.KeyBytes), Blobs: files})
	must(err)
	runner := job.NewRunner(u, job.NewDesk(u), job.Options{})
	w.party.RegisterJobs(runner)
	work, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = runner.Run(work) }()
	t.Cleanup(func() { stop(); <-done })
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	w.web = web.New(web.Deps{Log: log, Clock: w.clock, Sessions: w.folk, Nav: web.Menu,
		Site:    func(context.Context, i18n.Lang) ui.Site { return ui.Site{Name: "太原科创服务平台"} },
		Limits:  web.Limits{BodyBytes: 1 << 20, UploadBytes: 30 << 20},
		Problem: api.WriteProblem})
	w.api = api.New(log)
	w.door = partyhttp.New(w.party, w.web, w.dict, partyhttp.Deps{Drafts: draft.New(d, w.clock),
		Clock: w.clock, Home: func() region.Code { return "140100" }, Views: w.views})
	w.web.Add(w.door.Routes()...)
	w.door.Operations(w.api)
	w.web.Mount("/api/", w.api.Handler())
	w.h = w.web.Handler()
	return w
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	text string
}

func (w *world) send(r *http.Request, who string) answer {
	w.t.Helper()
	if who != "" {
		r.AddCookie(&http.Cookie{Name: "yuntu_session", Value: who})
	}
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	return answer{rec, rec.Body.String()}
}

func (w *world) get(who, path string, edit ...func(*http.Request)) answer {
	w.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for _, e := range edit {
		e(r)
	}
	return w.send(r, who)
}

func partial(r *http.Request) { r.Header.Set("HX-Request-Type", "partial") }

func english(r *http.Request) { r.AddCookie(&http.Cookie{Name: "yuntu_lang", Value: "en"}) }

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func (w *world) post(who, path string, form url.Values, edit ...func(*http.Request)) answer {
	w.t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, e := range edit {
		e(r)
	}
	return w.send(r, who)
}

// call sends JSON to the API.
func (w *world) call(
	who, method, path string, in any, edit ...func(*http.Request),
) answer {
	w.t.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			w.t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	r := httptest.NewRequest(method, "/api/v1"+path, body)
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, e := range edit {
		e(r)
	}
	return w.send(r, who)
}

// upload sends a form with a file.
func (w *world) upload(who, path string, fields map[string]string, name, content string) answer {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		_ = m.WriteField(k, v)
	}
	if name != "" {
		part, _ := m.CreateFormFile("file", name)
		_, _ = io.WriteString(part, content)
	}
	_ = m.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return w.send(r, who)
}

func (a answer) json(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal(a.Body.Bytes(), into); err != nil {
		t.Fatalf("%d %s: %v", a.Code, a.text, err)
	}
}

func makeUSCC(t testing.TB, n int) string {
	t.Helper()
	code, err := id.MakeUSCC(fmt.Sprintf("91140100MA0%06d", n))
	if err != nil {
		t.Fatal(err)
	}
	return string(code)
}

// org stores an organisation.
func (w *world) org(who string, edit func(*party.OrgData)) party.Org {
	w.t.Helper()
	in := party.OrgData{Name: "太原云帆新材料有限公司", Kind: "enterprise", Region: "140105",
		Standing: "active"}
	if edit != nil {
		edit(&in)
	}
	s, _ := w.folk.Resume(context.Background(), who)
	o, err := w.party.CreateOrganisation(context.Background(), s.Actor, party.NewOrg{OrgData: in})
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

// person stores a person.
func (w *world) person(org string, edit func(*party.NewPerson)) party.Person {
	w.t.Helper()
	in := party.NewPerson{PersonData: party.PersonData{Name: "李小明", Title: "教授",
		Phone: "13800001234", Email: "li@example.cn", Fields: []string{"碳基新材料"}},
		Org: org, Duty: "首席科学家"}
	if edit != nil {
		edit(&in)
	}
	s, _ := w.folk.Resume(context.Background(), "officer")
	p, err := w.party.CreatePerson(context.Background(), s.Actor, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// full is an organisation with something in every field.
func full(t testing.TB) func(*party.OrgData) {
	return func(o *party.OrgData) {
		o.Name, o.NameEn = "山西晋能碳基新材料股份有限公司", "Jinneng Carbon Materials"
		o.USCC, o.Industry, o.Founded = makeUSCC(t, 1), "C3091", "2015-06-18"
		o.LegalPerson, o.CapitalFen = "赵国强", 1_200_000_000_00
		o.Website = "https://example.cn/"
		o.Summary = "主营碳化硅衬底与外延片。\n建有省级企业技术中心。"
		o.Addresses = []party.Address{{Kind: "registered", Region: "140105", Line: "学府街 1 号",
			Point: region.Point{LonE7: 1125489000, LatE7: 378706000, System: region.GCJ02}}}
		o.Contacts = []party.Contact{{Name: "王小明", Duty: "总工程师", Phone: "13800001234",
			Email: "wang@example.cn"}}
	}
}
