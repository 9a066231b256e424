package markethttp

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
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/kept"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses of the pages.
const (
	pathMarket  = "/market"
	pathPosts   = pathMarket + "/posts"
	pathPaste   = pathMarket + "/paste"
	pathImport  = pathMarket + "/import"
	pathImports = pathMarket + "/imports"
	pathReview  = pathMarket + "/review"
	pathMine    = pathMarket + "/mine"
	pathCompare = pathMarket + "/compare"
	pathFigures = pathMarket + "/figures"
	pathRules   = pathMarket + "/rules"
	pathFeed    = pathMarket + "/feed.xml"
)

// Deps is what the door needs beside its room and the frame.
type Deps struct {
	Party    *party.Service // names the owners of posts
	Dict     *dict.Service  // names places
	Drafts   *draft.Service
	Measures *measure.Registry
	Clock    clock.Clock
	Home     func() region.Code // the city or district of the site, "" = not set
	// Views returns the links of an actor's saved views of the list with this path; nil = none.
	Views func(ctx context.Context, by authz.Actor, path string) ([]ui.Link, error)
	// PersonName names the broker of a post, "" when there is no such person; nil = no names.
	PersonName func(ctx context.Context, person string) string
	// Brokers offers the brokers that a post may be given to, by person; nil = none can be chosen.
	Brokers func(ctx context.Context, by authz.Actor) ([]ui.Option, error)
	// Public is the address of the site as visitors know it, "" = as the request says.
	Public string
	// Find searches posts by words; nil = the list looks for words of titles by itself.
	Find Finder
	// Across says that Find knows a dictionary between languages, whose makers are named.
	Across bool
	// Near finds the posts of the same kind that are most like one, the nearest first; nil = none.
	Near func(ctx context.Context, by authz.Actor, postID string, most int) ([]string, error)
	// Suggest is the address that offers words while somebody types; "" = none.
	Suggest string
	// Jobs says how far an import is; nil = imports have no page.
	Jobs interface {
		Get(ctx context.Context, by authz.Actor, jobID string) (job.Job, error)
	}
	// Extras are what sibling rooms add to the record of a post, in their order.
	Extras []Extra
}

// Handler serves the market.
type Handler struct {
	market  *market.Service
	web     *web.Server
	deps    Deps
	figures *kept.Shelf[reader, struct{}, figures]
}

// New returns the door of the market.
func New(s *market.Service, w *web.Server, d Deps) *Handler {
	return &Handler{market: s, web: w, deps: d, figures: newFigures()}
}

func (h *Handler) now() time.Time { return h.deps.Clock.Now() }

func (h *Handler) home() region.Code {
	if h.deps.Home == nil {
		return ""
	}
	return h.deps.Home()
}

// lang is the language of a request.
func lang(r *http.Request) i18n.Lang { return i18n.From(r.Context()) }

// say translates in the language of a request.
func say(r *http.Request, zh string, args ...any) string { return i18n.T(r.Context(), zh, args...) }

// choices turns a closed list into options.
func choices(ctx context.Context, list []market.Choice) []ui.Option {
	out := make([]ui.Option, 0, len(list))
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Value, Text: i18n.T(ctx, c.Title)})
	}
	return out
}

// chooseFrom puts an empty choice before others, so that nothing is chosen in passing.
func chooseFrom(ctx context.Context, empty string, list []market.Choice) []ui.Option {
	return append([]ui.Option{{Text: i18n.T(ctx, empty)}}, choices(ctx, list)...)
}

// titled returns the title of a value in the language of ctx, the value itself when it is unknown.
func titled(ctx context.Context, list []market.Choice, value string) string {
	if title := market.TitleOf(list, value); title != "" {
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

// postPath is the address of a post; tail is "" or a tab or action.
func postPath(postID, tail string) string {
	p := pathPosts + "/" + url.PathEscape(postID)
	if tail != "" {
		p += "/" + tail
	}
	return p
}

// newPath is the address of the form of a new post.
func newPath(k market.Kind) string {
	if k == market.Achievement {
		return pathMarket + "/achievements/new"
	}
	return pathMarket + "/needs/new"
}

// badForm is what a form that cannot be read deserves.
func badForm(err error) error {
	return fault.New(fault.Invalid, "表单内容不完整，请返回上一页重新提交").Wrap(err)
}

// statusOf is the status of a page that shows a form with a fault.
func statusOf(err error) int {
	if err == nil {
		return http.StatusOK
	}
	return ui.StatusOf(err)
}

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

// dayKind is the kind of the input for a day. A browser takes no wrong day into a date input, and
// what was typed must not be lost, so a wrong one is shown as text.
func dayKind(value string) ui.InputKind {
	if value != "" && !clock.Date(value).Valid() {
		return ui.InText
	}
	return ui.InDate
}

func dayInput(name, label string, value clock.Date) ui.Input {
	return ui.Input{Kind: dayKind(string(value)), Name: name, Label: label, Value: string(value),
		Width: ui.W14}
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

// staff reports whether the actor works for the city: they see the states of posts.
func staff(by authz.Actor) bool {
	switch by.EffectiveRole() {
	case authz.Officer, authz.Leader, authz.Department, authz.District, authz.ChainOffice:
		return true
	}
	return false
}

// current gives aria-current only where it is true.
func current(on bool) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}
