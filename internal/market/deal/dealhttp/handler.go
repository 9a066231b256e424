package dealhttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses of the pages.
const (
	pathDeals     = "/deals"
	pathNew       = pathDeals + "/new"
	pathFeedback  = pathDeals + "/feedback"
	pathChallenge = pathDeals + "/challenge"
	pathBrokers   = "/brokers"
	pathBoard     = pathBrokers + "/board"
	pathPosts     = "/market/posts"
)

// Deps is what the door needs beside its room and the frame.
type Deps struct {
	Market *market.Service // shows the posts that introductions are about
	Party  *party.Service  // names organisations
	Dict   *dict.Service   // names places
	Clock  clock.Clock
	Home   func() region.Code // the city or district of the site, "" = not set
	// Views returns the links of an actor's saved views of the list with this path; nil = none.
	Views func(ctx context.Context, by authz.Actor, path string) ([]ui.Link, error)
}

// Handler serves introductions and brokers.
type Handler struct {
	deal *deal.Service
	web  *web.Server
	deps Deps
}

// New returns the door of the room.
func New(s *deal.Service, w *web.Server, d Deps) *Handler { return &Handler{s, w, d} }

func (h *Handler) now() time.Time { return h.deps.Clock.Now() }

func (h *Handler) today() clock.Date { return clock.DateOf(h.now()) }

func (h *Handler) home() region.Code {
	if h.deps.Home == nil {
		return ""
	}
	return h.deps.Home()
}

func (h *Handler) placeName(code region.Code) string {
	if code == "" || h.deps.Dict == nil {
		return ""
	}
	return h.deps.Dict.PlaceName(h.home(), code)
}

// lang is the language of a request.
func lang(r *http.Request) i18n.Lang { return i18n.From(r.Context()) }

// say translates in the language of a request.
func say(r *http.Request, zh string, args ...any) string { return i18n.T(r.Context(), zh, args...) }

// choices turns a closed list into options.
func choices(ctx context.Context, list []deal.Choice) []ui.Option {
	out := make([]ui.Option, 0, len(list))
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Value, Text: i18n.T(ctx, c.Title)})
	}
	return out
}

// chooseFrom puts an empty choice before others, so that nothing is chosen in passing.
func chooseFrom(ctx context.Context, empty string, list []deal.Choice) []ui.Option {
	return append([]ui.Option{{Text: i18n.T(ctx, empty)}}, choices(ctx, list)...)
}

// titled returns the title of a value in the language of ctx, the value itself when it is unknown.
func titled(ctx context.Context, list []deal.Choice, value string) string {
	if title := deal.TitleOf(list, value); title != "" {
		return i18n.T(ctx, title)
	}
	return value
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// whole reads a whole number; what is none counts as 0.
func whole(s string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return n
}

// join is the address of a record; tail is "" or a part of it.
func join(base, id, tail string) string {
	p := base + "/" + url.PathEscape(id)
	if tail != "" {
		p += "/" + tail
	}
	return p
}

func dealPath(id, tail string) string   { return join(pathDeals, id, tail) }
func brokerPath(id, tail string) string { return join(pathBrokers, id, tail) }
func postPath(id string) string         { return join(pathPosts, id, "") }

// statusOf is the status of a page that shows a form with a fault.
func statusOf(err error) int {
	if err == nil {
		return http.StatusOK
	}
	return ui.StatusOf(err)
}

// allow refuses those to whom a page would always be empty.
func allow(could bool) error {
	if !could {
		return fault.New(fault.Forbidden, "您的角色不能查看这里的内容")
	}
	return nil
}

func noSuch() error { return fault.New(fault.NotFound, "没有找到这条记录") }

// fields draws inputs below each other.
func fields(list []ui.Input) templ.Component {
	out := make([]templ.Component, len(list))
	for i, in := range list {
		out[i] = ui.Field(in)
	}
	return templ.Join(out...)
}

// errAt is the message of a fault at a field, "" for none.
func errAt(l i18n.Lang, err error, name string) string {
	in := []ui.Input{{Name: name}}
	ui.Mark(l, in, err)
	return in[0].Err
}

// dayInput asks for a day. A browser takes no wrong day into a date input, and what was typed must
// not be lost, so a wrong one is shown as text.
func dayInput(name, label string, value clock.Date) ui.Input {
	kind := ui.InDate
	if value != "" && !value.Valid() {
		kind = ui.InText
	}
	return ui.Input{Kind: kind, Name: name, Label: label, Value: string(value), Width: ui.W14}
}

// yuan reads an amount in 万元.
func yuan(v url.Values, name string, wrong *[]fault.Field) money.Fen {
	text := strings.TrimSpace(v.Get(name))
	if text == "" {
		return 0
	}
	f, err := money.Parse(text, money.Wan)
	if e, ok := fault.As(err); ok {
		*wrong = append(*wrong, fault.At(name, e.Key, e.Args...))
	}
	return f
}

// stateMark shows the state of an introduction.
func stateMark(ctx context.Context, state string) ui.State {
	tone := ui.Run
	switch state {
	case deal.AwaitingNDA, deal.HalfNDA, deal.Requested, deal.Half:
		tone = ui.Warn
	case deal.Signed, deal.Registered, deal.Kept:
		tone = ui.OK
	case deal.Disputed:
		tone = ui.Bad
	case deal.Refused, deal.Broken:
		tone = ui.Idle
	}
	return ui.State{Tone: tone, Text: i18n.T(ctx, deal.StateTitle(state))}
}

// brokerMark shows the state of a broker.
func brokerMark(ctx context.Context, state string) ui.State {
	tone := map[string]ui.Tone{deal.BrokerPending: ui.Warn, deal.BrokerActive: ui.OK,
		deal.BrokerSuspended: ui.Bad}[state]
	if tone == "" {
		tone = ui.Idle
	}
	return ui.State{Tone: tone, Text: i18n.T(ctx, deal.BrokerStateTitle(state))}
}

// amount shows an amount, "" for none.
func amount(l i18n.Lang, f money.Fen) string {
	if f == 0 {
		return ""
	}
	return i18n.Yuan(l, f)
}
