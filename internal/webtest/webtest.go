// Package webtest serves rooms' doors in tests, to chosen actors without a log-in.
package webtest

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Door is a room's door.
type Door interface {
	Routes() []web.Route
	Operations(*api.API)
}

// House serves doors.
type House struct {
	Web     *web.Server
	API     *api.API
	handler http.Handler
	people  *people
}

// people knows every actor that a test let in.
type people struct{ actors map[string]authz.Actor }

// Resume finds the actor of a token.
func (p *people) Resume(_ context.Context, token string) (web.Session, error) {
	a, ok := p.actors[token]
	if !ok {
		return web.Session{}, fault.New(fault.NotFound, "没有找到这条记录")
	}
	return web.Session{ID: token, Actor: a, Name: "测试 " + string(a.Role)}, nil
}

// Bearer finds the actor of an API token.
func (p *people) Bearer(ctx context.Context, token string) (web.Session, error) {
	s, err := p.Resume(ctx, token)
	s.Actor.Via = authz.ViaToken
	return s, err
}

// New serves the doors that make returns; it is given the server they hang in.
func New(t testing.TB, c clock.Clock, doors func(*web.Server) []Door) *House {
	t.Helper()
	h := &House{people: &people{map[string]authz.Actor{}}}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	h.Web = web.New(web.Deps{
		Log: log, Clock: c, Sessions: h.people, Nav: web.Menu, Problem: api.WriteProblem,
		Site:   func(context.Context, i18n.Lang) ui.Site { return ui.Site{Name: "云图"} },
		Limits: web.Limits{BodyBytes: 1 << 20, UploadBytes: 32 << 20},
	})
	h.API = api.New(log)
	for _, d := range doors(h.Web) {
		h.Web.Add(d.Routes()...)
		d.Operations(h.API)
	}
	h.Web.Mount("/api/", h.API.Handler())
	h.handler = h.Web.Handler()
	return h
}

// Handler returns the whole site, for a browser.
func (h *House) Handler() http.Handler { return h.handler }

// Token lets an actor in and returns the session token, which works as API token too.
func (h *House) Token(a authz.Actor) string {
	token := "t-" + string(a.EffectiveRole()) + "-" + a.Account + "-" + a.Region + "-" + a.Org
	h.people.actors[token] = a
	return token
}

// Answer is what came back.
type Answer struct {
	Code   int
	Header http.Header
	Body   string
}

// Problem reads the body as a problem of the API.
func (a Answer) Problem(t testing.TB) api.Problem {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal([]byte(a.Body), &p); err != nil {
		t.Fatalf("no problem: %d %.300s", a.Code, a.Body)
	}
	return p
}

// Get asks for a page as an actor; the zero Actor is a visitor.
func (h *House) Get(as authz.Actor, path string) Answer {
	return h.Do(as, httptest.NewRequest(http.MethodGet, path, nil))
}

// Post sends a form as an actor.
func (h *House) Post(as authz.Actor, path string, form url.Values) Answer {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return h.Do(as, r)
}

// Call calls an operation as an actor. A body is sent as JSON; headers are name, value, name …
func (h *House) Call(
	as authz.Actor, method, path string, body any, headers ...string,
) Answer {
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			panic(err) // a mistake of the test
		}
		content = strings.NewReader(string(b))
	}
	r := httptest.NewRequest(method, api.Prefix+path, content)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.Do(as, r)
}

// Do sends any request as an actor.
func (h *House) Do(as authz.Actor, r *http.Request) Answer {
	if as.Account != "" {
		r.AddCookie(&http.Cookie{Name: "yuntu_session", Value: h.Token(as)})
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return Answer{w.Code, w.Header(), w.Body.String()}
}
