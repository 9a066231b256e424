// Package findhttp holds the page and the operation of the search over everything.
package findhttp

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/find"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Path of the page.
const Path = "/find"

// Handler answers for the search.
type Handler struct {
	find *find.Service
	web  *web.Server
}

// New returns a handler.
func New(s *find.Service, w *web.Server) *Handler { return &Handler{s, w} }

// Routes lists the pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{{Method: http.MethodGet, Path: Path, Access: web.Everyone, Handle: h.show,
		UseCases: []string{"find.Search"}}}
}

// view is what the page shows.
type view struct {
	query, wrong string
	asked        bool // there were words
	kinds        []ui.Tab
	groups       []group
	waiting      string
}

type group struct {
	find.Group
	title string
	all   string // address of everything of the kind
	more  string // what its link says
	hits  []hit
}

type hit struct {
	find.Hit
	title, about []part
}

// part is a piece of a line; marked ones are words of the query.
type part struct {
	text   string
	marked bool
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	ctx, l, kind := r.Context(), i18n.From(r.Context()), r.FormValue("kind")
	p := h.web.Page(r, "搜索")
	found, err := h.find.Search(ctx, web.Actor(r), r.FormValue("words"), kind)
	status := http.StatusOK
	v := view{query: found.Query, asked: found.Query != ""}
	if e, ok := fault.As(err); ok && e.Kind == fault.Invalid {
		status, v.asked = http.StatusUnprocessableEntity, false
		v.wrong = i18n.T(ctx, e.Fields[0].Key, e.Fields[0].Args...)
	} else if err != nil {
		return err
	}
	if found.Query != "" {
		p.Title = i18n.T(ctx, "搜索“%s”", found.Query)
	}
	if v.asked {
		if v.kinds, err = h.kinds(r, found, kind); err != nil {
			return err
		}
	}
	for _, g := range found.Groups {
		x := group{Group: g, title: i18n.T(ctx, g.Title)}
		switch {
		case g.More && kind == "":
			x.all, x.more = address(found.Query, g.Kind), i18n.T(ctx, "更多%s", x.title)
		case g.List != "":
			x.all, x.more = g.List, i18n.T(ctx, "在列表中查看")
		}
		for _, one := range g.Hits {
			x.hits = append(x.hits, hit{one, marked(one.Title, found.Query), marked(one.About, found.Query)})
		}
		v.groups = append(v.groups, x)
	}
	var waiting []string
	for _, title := range found.Waiting {
		waiting = append(waiting, i18n.T(ctx, title))
	}
	v.waiting = strings.Join(waiting, separator(l))
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: page(v)})
}

func address(query, kind string) string {
	v := url.Values{"words": {query}}
	if kind != "" {
		v.Set("kind", kind)
	}
	return Path + "?" + v.Encode()
}

// kinds are the kinds in which something was found, and the one that was asked for, as tabs. An officer may look
// among fifteen: those that would open an empty page are not offered.
func (h *Handler) kinds(r *http.Request, found find.Answer, kind string) ([]ui.Tab, error) {
	ctx, by, all := r.Context(), web.Actor(r), found
	if kind != "" {
		var err error
		if all, err = h.find.Search(ctx, by, found.Query, ""); err != nil {
			return nil, err
		}
	}
	out := []ui.Tab{{ID: "all", Text: i18n.T(ctx, "全部"), Href: address(found.Query, ""), Current: kind == ""}}
	for _, x := range h.find.Kinds(by) {
		if x.Kind == kind || slices.Contains(all.Waiting, x.Title) ||
			slices.ContainsFunc(all.Groups, func(g find.Group) bool { return g.Kind == x.Kind }) {
			out = append(out, ui.Tab{ID: x.Kind, Text: i18n.T(ctx, x.Title), Href: address(found.Query, x.Kind),
				Current: kind == x.Kind})
		}
	}
	return out, nil
}

// marked cuts a title at the words of the query, whatever the case of their letters.
func marked(title, query string) []part {
	lower, words := strings.ToLower(title), strings.Fields(strings.ToLower(query))
	if len(lower) != len(title) { // a letter whose small form is longer: positions would not fit
		return []part{{title, false}}
	}
	in := make([]bool, len(title))
	for _, w := range words {
		for at := 0; ; at++ {
			i := strings.Index(lower[at:], w)
			if i < 0 {
				break
			}
			at += i
			for k := at; k < at+len(w); k++ {
				in[k] = true
			}
		}
	}
	var out []part
	from := 0
	for i := 1; i <= len(title); i++ {
		if i == len(title) || in[i] != in[from] {
			out = append(out, part{title[from:i], in[from]})
			from = i
		}
	}
	return out
}

type searchIn struct {
	Query string `query:"q" maxLength:"200" doc:"words"`
	Kind  string `query:"kind" maxLength:"40" doc:"one kind only"`
}

type searchOut struct{ Body find.Answer }

// Operations adds the operation.
func (h *Handler) Operations(a *api.API) {
	api.Add(a, api.Operation{UseCase: "find.Search", Method: http.MethodGet, Path: "/find",
		Title: "搜索全部内容", Tag: "find", Public: true},
		func(ctx context.Context, in *searchIn) (*searchOut, error) {
			found, err := h.find.Search(ctx, api.By(ctx), in.Query, in.Kind)
			if err != nil {
				return nil, err
			}
			for i, g := range found.Groups {
				found.Groups[i].Title = i18n.T(ctx, g.Title)
			}
			for i, title := range found.Waiting {
				found.Waiting[i] = i18n.T(ctx, title)
			}
			return &searchOut{found}, nil
		})
}

// separator stands between the items of an enumeration.
func separator(l i18n.Lang) string {
	if l == i18n.EN {
		return ", "
	}
	return "、"
}
