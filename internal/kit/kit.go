package kit

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Deps is what the doors need beside their rooms and the frame.
type Deps struct {
	Party     *party.Service // names organisations
	Dict      *dict.Service  // names places
	Clock     clock.Clock
	Home      func() region.Code // the city or district of the site, "" = not set
	PublicURL string             // of the site, for links on paper and telephones; "" = as asked for
}

// Kit is the shared part of a door.
type Kit struct {
	Web *web.Server
	Deps
}

// PageSize is how many rows a list shows.
const PageSize = 20

// Now is the time.
func (k Kit) Now() time.Time { return k.Clock.Now() }

// HomeCode is the place of the site.
func (k Kit) HomeCode() region.Code {
	if k.Home == nil {
		return ""
	}
	return k.Home()
}

// Origin is scheme and host for a link that leaves the page.
func (k Kit) Origin(r *http.Request) string {
	if k.PublicURL != "" {
		return strings.TrimSuffix(k.PublicURL, "/")
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// Fields draws inputs below each other.
func Fields(list []ui.Input) templ.Component {
	out := make([]templ.Component, len(list))
	for i, in := range list {
		out[i] = ui.Field(in)
	}
	return templ.Join(out...)
}

// Lang is the language of a request.
func Lang(r *http.Request) i18n.Lang { return i18n.From(r.Context()) }

// Say translates in the language of a request.
func Say(r *http.Request, zh string, args ...any) string { return i18n.T(r.Context(), zh, args...) }

// maxSearch bounds the words that a list is searched for, in characters.
const maxSearch = 100

// Search is what a list is searched for (关键词): the words of the address, no more than can be looked for.
func Search(r *http.Request) string {
	words := []rune(r.FormValue("q"))
	return strings.TrimSpace(string(words[:min(len(words), maxSearch)]))
}

// SearchField asks for these words.
func SearchField(r *http.Request, words string) ui.Filter {
	return ui.Filter{Kind: ui.FilterSearch, Name: "q", Label: Say(r, "关键词"), Value: words,
		Placeholder: Say(r, "名称中的词，或编号")}
}

// Options turns a closed list into options, with an empty one first when it has a text.
func Options(ctx context.Context, empty string, list []market.Choice) []ui.Option {
	var out []ui.Option
	if empty != "" {
		out = append(out, ui.Option{Text: i18n.T(ctx, empty)})
	}
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Value, Text: i18n.T(ctx, c.Title)})
	}
	return out
}

// States are the states of a process as a closed list.
func States(list []process.State) []market.Choice {
	out := make([]market.Choice, 0, len(list))
	for _, s := range list {
		out = append(out, market.Choice{Value: s.Name, Title: s.Title})
	}
	return out
}

// Titled returns the title of a value in the language of ctx, the value itself when it is unknown.
func Titled(ctx context.Context, list []market.Choice, value string) string {
	if title := market.TitleOf(list, value); title != "" {
		return i18n.T(ctx, title)
	}
	return value
}

// Number writes a whole number.
func Number(n int64) string { return strconv.FormatInt(n, 10) }

// Blank writes a whole number, nothing for zero.
func Blank(n int64) string {
	if n == 0 {
		return ""
	}
	return Number(n)
}

// Whole reads a whole number. What is none is -1, which is out of every range; "" is 0.
func Whole(s string) int64 {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// Wan reads an amount in 万元. What is none is -1; "" is 0.
func Wan(s string) money.Fen {
	if strings.TrimSpace(s) == "" {
		return 0
	}
	f, err := money.Parse(s, money.Wan)
	if err != nil {
		return -1
	}
	return f
}

// WanText writes an amount in 万元 as Wan reads it, nothing for zero.
func WanText(f money.Fen) string {
	if f == 0 {
		return ""
	}
	return strings.ReplaceAll(i18n.AmountIn(f, money.Wan), ",", "")
}

// StatusOf is the status of a page that shows a form with a fault.
func StatusOf(err error) int {
	if err == nil {
		return http.StatusOK
	}
	return ui.StatusOf(err)
}

// ErrAt is the message of a fault at a field, "" for none.
func ErrAt(l i18n.Lang, err error, name string) string {
	in := []ui.Input{{Name: name}}
	ui.Mark(l, in, err)
	return in[0].Err
}

// Moment shows a time in a cell.
func Moment(r *http.Request, us int64) string {
	if us == 0 {
		return "—"
	}
	return i18n.DateTime(Lang(r), clock.Time(us))
}

// Machine is a moment as programs read it.
func Machine(us int64) string { return clock.Time(us).In(clock.Shanghai).Format(time.RFC3339) }

// Span shows a period; the end without its day when it is the same.
func Span(r *http.Request, from, to int64) string {
	a, b := clock.Time(from), clock.Time(to)
	if clock.DateOf(a) == clock.DateOf(b) {
		return i18n.DateTime(Lang(r), a) + "—" + i18n.Minute(b)
	}
	return i18n.DateTime(Lang(r), a) + "—" + i18n.DateTime(Lang(r), b)
}

// BadForm is what a form that cannot be read deserves.
func BadForm(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.New(fault.Invalid, "提交的内容超过 %s，没有收到", i18n.Bytes(large.Limit)).Wrap(err)
	}
	return fault.New(fault.Invalid, "表单内容不完整，请返回上一页重新提交").Wrap(err)
}

// ErrRole refuses those to whom a list would always be empty.
func ErrRole() error { return fault.New(fault.Forbidden, "您的角色不能查看这里的内容") }
