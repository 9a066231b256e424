package web

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// View is a page to show. Part, when given, is the piece that htmx asks for when only the results
// of a list or the panel of a tab change; it must also stand inside Body.
type View struct {
	Status int // 200 when 0
	Page   ui.Page
	Body   templ.Component
	Part   templ.Component
}

// Partial reports whether htmx asks for a piece of the page.
func Partial(r *http.Request) bool { return r.Header.Get("HX-Request-Type") == "partial" }

// Page starts a page in the caller's language with navigation, site and user filled in.
func (s *Server) Page(r *http.Request, title string) ui.Page {
	q := of(r.Context())
	l := q.prefs.lang
	p := ui.Page{
		Title: i18n.Text(l, title), Lang: l, Theme: q.prefs.theme, Size: q.prefs.size,
		Path: r.URL.Path, URL: r.URL.RequestURI(), RequestID: q.id,
		Site: s.deps.Site(r.Context(), l), User: user(l, q.session),
		Surface: ui.Public, SearchURL: ui.PathFind,
	}
	p.Nav, p.Side = s.deps.Nav(r.Context(), q.session.Actor)
	if len(p.Side) > 0 {
		p.Surface = ui.Staff
	}
	if p.Site.Filling != "" {
		p.Notice = &ui.Notice{Tone: ui.Run, Text: p.Site.Filling}
	}
	if !q.session.LoggedIn() {
		p.Origin = s.origin(r)
	} else if s.deps.Tour != nil {
		if p.Tour = s.deps.Tour(r.Context(), q.session.Actor); p.Tour != nil {
			p.Tour.Back = p.URL
		}
	}
	return p
}

func user(l i18n.Lang, s Session) ui.User {
	if !s.LoggedIn() {
		return ui.User{}
	}
	u := ui.User{
		Key: s.Actor.Account, Name: s.Name, Role: i18n.Text(l, s.Actor.Role.Title()), Org: s.OrgName,
		Unread: s.Unread,
	}
	for _, o := range s.Others {
		label := i18n.Text(l, o.Title)
		if o.Org != "" {
			label += " · " + o.Org
		}
		u.Others = append(u.Others, ui.RoleChoice{Value: o.Value, Label: label})
	}
	return u
}

// Render shows a view. It renders into memory first, so a failing page is never half sent.
func (s *Server) Render(w http.ResponseWriter, r *http.Request, v View) error {
	if v.Status == 0 {
		v.Status = http.StatusOK
	}
	v.Page.Toast = s.takeToast(w, r)
	content := ui.Shell(v.Page)
	ctx := templ.WithChildren(r.Context(), v.Body)
	if Partial(r) && v.Part != nil {
		content, ctx = v.Part, r.Context()
	}
	return s.send(w, v.Status, func(b *bytes.Buffer) error { return content.Render(ctx, b) })
}

// RenderPart shows a component without the shell: answers to htmx that have no page of their own.
func (s *Server) RenderPart(
	w http.ResponseWriter, r *http.Request, status int, c templ.Component,
) error {
	return s.send(w, status, func(b *bytes.Buffer) error { return c.Render(r.Context(), b) })
}

// RenderPlain shows a page that stands alone.
func (s *Server) RenderPlain(
	w http.ResponseWriter, r *http.Request, p ui.Page, body templ.Component,
) error {
	ctx := templ.WithChildren(r.Context(), body)
	return s.send(w, http.StatusOK, func(b *bytes.Buffer) error {
		return ui.PlainShell(p).Render(ctx, b)
	})
}

// AllowFrames lets pages of some sites (https://www.example.cn) show the answer in a frame. All others
// refuse: a page in a frame of a stranger could be clicked on unseen, so nothing that can be done is on
// it. Without sites it changes nothing.
func AllowFrames(w http.ResponseWriter, sites []string) {
	if len(sites) == 0 {
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'",
		"frame-ancestors "+strings.Join(sites, " "), 1))
	h.Del("X-Frame-Options") // knows only all or none
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// RenderPrint shows a document for paper.
func (s *Server) RenderPrint(
	w http.ResponseWriter, r *http.Request, p ui.Page, d ui.Document, body templ.Component,
) error {
	ctx := templ.WithChildren(r.Context(), body)
	return s.send(w, http.StatusOK, func(b *bytes.Buffer) error {
		return ui.PrintShell(p, d).Render(ctx, b)
	})
}

// send writes the header only after rendering: Content-Type must stand before the status.
func (s *Server) send(
	w http.ResponseWriter, status int, render func(*bytes.Buffer) error,
) error {
	var b bytes.Buffer
	if err := render(&b); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "HX-Request-Type")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a broken connection is the browser's matter
	return nil
}

// Redirect leads to another page after a form, with a message shown there once. The message is a
// key of package i18n; its arguments are already text.
func (s *Server) Redirect(
	w http.ResponseWriter, r *http.Request, target, toast string, args ...any,
) error {
	if toast != "" {
		text := i18n.T(r.Context(), toast, args...)
		value := base64.RawURLEncoding.EncodeToString([]byte(text))
		http.SetCookie(w, s.cookie(toastCookie, value, 60, true))
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

const maxToast = 400 // bytes

func (s *Server) takeToast(w http.ResponseWriter, r *http.Request) string {
	value := cookieValue(r, toastCookie)
	if value == "" {
		return ""
	}
	http.SetCookie(w, s.cookie(toastCookie, "", -1, true))
	text, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || len(text) > maxToast {
		return ""
	}
	return string(text)
}
