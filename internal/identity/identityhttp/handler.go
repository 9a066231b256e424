package identityhttp

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Deps is what the door needs beside its room and the frame.
type Deps struct {
	Clock    clock.Clock
	Provider *Provider                // nil: no log-in by an identity provider
	Region   func(code string) string // name of a region; nil: its code
}

// Handler answers for accounts.
type Handler struct {
	identity *identity.Service
	web      *web.Server
	deps     Deps
}

// New returns a handler.
func New(s *identity.Service, w *web.Server, d Deps) *Handler {
	if d.Region == nil {
		d.Region = func(code string) string { return code }
	}
	return &Handler{identity: s, web: w, deps: d}
}

func (h *Handler) now() time.Time { return h.deps.Clock.Now() }

// deviceCookie marks a browser from which somebody has logged in before. It opens nothing.
const (
	deviceCookie  = "yuntu_device"
	deviceSeconds = 365 * 24 * 60 * 60
)

// origin is where a request comes from.
func origin(r *http.Request) identity.Origin {
	o := identity.Origin{Address: web.Address(r), Agent: r.UserAgent()}
	if c, err := r.Cookie(deviceCookie); err == nil {
		o.Device = c.Value
	}
	return o
}

// stranger is who acts before anybody has proved to be somebody.
func stranger(r *http.Request) authz.Actor {
	return authz.Actor{Role: authz.Public, Via: authz.ViaSession, Request: web.RequestID(r.Context())}
}

// Addresses of the steps that have to be done before anything else.
var pendingPaths = map[string]string{
	identity.PendingCode:     "/login/totp",
	identity.PendingPassword: "/account/password",
	identity.PendingTOTP:     "/account/totp",
}

// started gives the browser its session and leads on: to what is pending, or back to where the
// person came from.
func (h *Handler) started(
	w http.ResponseWriter, r *http.Request, st identity.Started, back string,
) error {
	h.keep(w, st)
	target := web.Back(back)
	if path := pendingPaths[st.Next]; path != "" {
		target = path
		if st.Next == identity.PendingCode {
			target += "?back=" + url.QueryEscape(web.Back(back))
		}
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

// keep stores the tokens of a session in the browser.
func (h *Handler) keep(w http.ResponseWriter, st identity.Started) {
	if st.Token != "" {
		h.web.SetSession(w, st.Token)
	}
	if st.Device != "" {
		h.web.SetCookie(w, deviceCookie, st.Device, deviceSeconds)
	}
}

// Routes lists the pages.
func (h *Handler) Routes() []web.Route { return append(h.loginRoutes(), h.accountRoutes()...) }

// route puts a route together.
func route(
	method, path string, access web.Access, handle web.Handler, uses ...string,
) web.Route {
	for i := range uses {
		uses[i] = "identity." + uses[i]
	}
	return web.Route{Method: method, Path: path, Access: access, Handle: handle, UseCases: uses}
}

// say translates in the language of a request.
func say(r *http.Request, zh string, args ...any) string { return i18n.T(r.Context(), zh, args...) }

// lang is the language of a request.
func lang(r *http.Request) i18n.Lang { return i18n.From(r.Context()) }

// at shows a time.
func at(r *http.Request, us int64) string {
	if us == 0 {
		return "—"
	}
	return i18n.DateTime(lang(r), clock.Time(us))
}

func versionText(v int64) string { return strconv.FormatInt(v, 10) }

// refused says whether a form is to be shown again with what was wrong, or with the reason why it
// cannot be done now.
func refused(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.Unavailable:
		return err != nil
	case fault.Forbidden:
		return true
	default:
		return false
	}
}

// status is the status of a page that shows a refused form, 200 without one.
func status(err error) int {
	switch {
	case err == nil:
		return http.StatusOK
	case fault.Is(err, fault.Unavailable):
		return http.StatusTooManyRequests
	default:
		return ui.StatusOf(err)
	}
}

// form draws a form with its fields; what was wrong is marked.
func form(r *http.Request, f ui.FormView, inputs []ui.Input, err error) templ.Component {
	ui.Mark(lang(r), inputs, err)
	f.Summary = ui.SummaryOf(lang(r), err)
	for i, item := range f.Summary.Items { // a field that this form does not have is only told
		if !hasField(inputs, item.ID) {
			f.Summary.Items[i].ID = ""
		}
	}
	var fields []templ.Component
	named := slices.ContainsFunc(inputs, func(in ui.Input) bool { return in.AutoComplete == "username" })
	for _, in := range inputs {
		if in.Kind == ui.InPassword && !named {
			fields, named = append(fields, owner(web.Actor(r).Login)), true
		}
		fields = append(fields, ui.Field(in))
	}
	return ui.With(ui.Form(f), fields...)
}

func hasField(inputs []ui.Input, id string) bool {
	for _, in := range inputs {
		if ui.FieldID(in.Name) == id && in.ID == "" || in.ID == id {
			return true
		}
	}
	return false
}

// table wraps a table, or says that there is nothing.
func table(t ui.Table, nothing, hint string) templ.Component {
	if len(t.Rows) == 0 {
		return ui.Empty(nothing, hint)
	}
	return ui.DataTable(t)
}
