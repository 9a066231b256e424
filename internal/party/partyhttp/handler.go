package partyhttp

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Views are the saved views of an account: addresses of lists with a name. The identity room keeps
// them.
type Views interface {
	// ListViews returns the actor's views of the list with this path, in their order.
	ListViews(ctx context.Context, by authz.Actor, path string) ([]View, error)
}

// View is a saved view.
type View struct {
	Name  string
	Query string // of the address, without "?"
}

// Deps is what the door needs beside its room and the frame.
type Deps struct {
	Drafts *draft.Service
	Clock  clock.Clock
	Home   func() region.Code // the city or district of the site, "" = not set
	Views  Views              // nil = no saved views
}

// Handler serves the registry.
type Handler struct {
	party *party.Service
	web   *web.Server
	dict  *dict.Service
	deps  Deps
}

// New returns the door of the registry.
func New(p *party.Service, w *web.Server, d *dict.Service, deps Deps) *Handler {
	return &Handler{party: p, web: w, dict: d, deps: deps}
}

func (h *Handler) now() time.Time { return h.deps.Clock.Now() }

func (h *Handler) home() region.Code {
	if h.deps.Home == nil {
		return ""
	}
	return h.deps.Home()
}

// needLogin sends a visitor to the log-in and reports whether it did.
func needLogin(w http.ResponseWriter, r *http.Request) bool {
	if web.SessionOf(r).LoggedIn() {
		return false
	}
	http.Redirect(w, r, ui.PathLogin+"?back="+url.QueryEscape(r.URL.RequestURI()),
		http.StatusSeeOther)
	return true
}

// lang is the language of a request.
func lang(r *http.Request) i18n.Lang { return i18n.From(r.Context()) }

// say translates in the language of a request.
func say(r *http.Request, zh string, args ...any) string { return i18n.T(r.Context(), zh, args...) }

// choices turns a closed list into options.
func choices(ctx context.Context, list []party.Choice) []ui.Option {
	out := make([]ui.Option, 0, len(list))
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Value, Text: i18n.T(ctx, c.Title)})
	}
	return out
}

// titled returns the title of a value in the language of ctx, the value itself when it is unknown.
func titled(ctx context.Context, list []party.Choice, value string) string {
	for _, c := range list {
		if c.Value == value {
			return i18n.T(ctx, c.Title)
		}
	}
	return value
}

// states are the states of an organisation's record, as filter and as mark.
var states = []party.Choice{
	{Value: party.Pending, Title: "待核验"},
	{Value: party.Returned, Title: "已退回"},
	{Value: party.Verified, Title: "已核验"},
	{Value: party.Ceased, Title: "已注销"},
	{Value: party.Merged, Title: "已合并"},
}

// stateMark shows the state of a record.
func stateMark(ctx context.Context, state string) ui.State {
	tone := map[string]ui.Tone{
		party.Pending: ui.Run, party.Returned: ui.Warn, party.Verified: ui.OK,
	}[state]
	return ui.State{Tone: tone, Text: titled(ctx, states, state)}
}

// standingMark shows the registration state.
func standingMark(ctx context.Context, standing string) ui.State {
	tone := ui.Bad
	switch standing {
	case "active":
		tone = ui.OK
	case "suspended":
		tone = ui.Warn
	case "moved", "cancelled":
		tone = ui.Idle
	}
	return ui.State{Tone: tone, Text: titled(ctx, party.Standings(), standing)}
}

// placeName is the full name of a region, the parts the reader knows left out: 小店区 at home in
// Taiyuan, 山西省大同市平城区 elsewhere.
func (h *Handler) placeName(code region.Code) string {
	return h.dict.PlaceName(h.home(), code)
}

// industryName is the name of an industry with its code, "" for none.
func (h *Handler) industryName(code string) string {
	if code == "" {
		return ""
	}
	name, ok := h.dict.Name(dict.Industries, code, "")
	if !ok {
		return code
	}
	return name
}
