package planhttp

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
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses of the pages.
const (
	pathDocuments = "/documents"
	pathLedger    = "/ledger"
	pathTasks     = "/tasks"
	pathTargets   = "/targets"
	pathLights    = "/lights"
)

// Deps is what the door needs beside its room and the frame.
type Deps struct {
	Party *party.Service // names the units of tasks
	Dict  *dict.Service  // names places
	Clock clock.Clock
	Home  func() region.Code // the city or district of the site, "" = not set
	// Views returns the links of an actor's saved views of the list with this path; nil = none.
	Views func(ctx context.Context, by authz.Actor, path string) ([]ui.Link, error)
	// Beside returns what a room above adds to the record of a task that the caller of r may read:
	// buttons, and a block below the reports; nil = nothing.
	Beside func(r *http.Request, t plan.Task) ([]ui.Action, templ.Component, error)
	// BesideTarget returns what a room above knows of a target that the caller of r may read, such as
	// how far it is; nil = nothing.
	BesideTarget func(r *http.Request, t plan.Target) ([]ui.Fact, error)
}

// Handler serves the room of documents and the ledger.
type Handler struct {
	plan *plan.Service
	web  *web.Server
	deps Deps
}

// New returns the door of the room.
func New(s *plan.Service, w *web.Server, d Deps) *Handler { return &Handler{s, w, d} }

func (h *Handler) now() time.Time { return h.deps.Clock.Now() }

func (h *Handler) today() clock.Date { return clock.DateOf(h.now()) }

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
func choices(ctx context.Context, list []plan.Choice) []ui.Option {
	out := make([]ui.Option, 0, len(list))
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Value, Text: i18n.T(ctx, c.Title)})
	}
	return out
}

// chooseFrom puts an empty choice before others, so that nothing is chosen in passing.
func chooseFrom(ctx context.Context, empty string, list []plan.Choice) []ui.Option {
	return append([]ui.Option{{Text: i18n.T(ctx, empty)}}, choices(ctx, list)...)
}

// titled returns the title of a value in the language of ctx, the value itself when it is unknown.
func titled(ctx context.Context, list []plan.Choice, value string) string {
	if title := plan.TitleOf(list, value); title != "" {
		return i18n.T(ctx, title)
	}
	return value
}

// words joins the parts that are not empty.
func words(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}

func dash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// whole reads a whole number; what is none counts as 0.
func whole(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// versionOf reads the version that a form was based on. A wrong one is stale.
func versionOf(v url.Values) int64 { return whole(v.Get("version")) }

var errNoRole = fault.New(fault.Forbidden, "您的角色不能查看这里的内容")

func noSuch() error { return fault.New(fault.NotFound, "没有找到这条记录") }

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

// join is the address of a record; tail is "" or a tab or action.
func join(base, id, tail string) string {
	p := base + "/" + url.PathEscape(id)
	if tail != "" {
		p += "/" + tail
	}
	return p
}

func docPath(id, tail string) string    { return join(pathDocuments, id, tail) }
func taskPath(id, tail string) string   { return join(pathTasks, id, tail) }
func targetPath(id, tail string) string { return join(pathTargets, id, tail) }

// pageSize is how many rows a list shows.
const pageSize = 20

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

// machineTime is a moment as programs read it.
func machineTime(us int64) string {
	return clock.Time(us).In(clock.Shanghai).Format(time.RFC3339)
}

// ago shows a moment in a cell.
func (h *Handler) ago(ctx context.Context, us int64) ui.Cell {
	return ui.Cell{Text: i18n.Ago(i18n.From(ctx), clock.Time(us), h.now()), Time: machineTime(us)}
}

// period shows from and to as people write them; whole years as such.
func period(ctx context.Context, from, to clock.Date) string {
	l := i18n.From(ctx)
	switch {
	case from == "" && to == "":
		return ""
	case from == "":
		return i18n.T(ctx, "截至 %s", i18n.Date(l, to))
	case to == "":
		return i18n.T(ctx, "%s 起", i18n.Date(l, from))
	case from == to:
		return i18n.Date(l, from)
	case from.Valid() && to.Valid() && from[4:] == "-01-01" && to[4:] == "-12-31":
		if from[:4] == to[:4] {
			return i18n.Year(l, year(from))
		}
		return i18n.Year(l, year(from)) + "—" + i18n.Year(l, year(to))
	}
	return i18n.Date(l, from) + "—" + i18n.Date(l, to)
}

func year(d clock.Date) int {
	n, _ := strconv.Atoi(string(d[:4])) // a valid date has its digits
	return n
}
