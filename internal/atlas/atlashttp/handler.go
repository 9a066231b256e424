package atlashttp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses.
const (
	Path            = "/atlas"
	pathLandscape   = "/atlas/landscape"
	pathList        = "/atlas/list"
	pathPoints      = "/atlas/points"
	pathNodes       = "/atlas/nodes"
	pathNetwork     = "/atlas/network"
	pathPoster      = "/atlas/poster"
	pathViews       = "/atlas/views"
	pathShares      = "/atlas/shares"
	pathBoundaries  = "/atlas/boundaries"
	pathRules       = "/atlas/rules"
	pathCorrections = "/atlas/corrections"
	pathReceipts    = "/atlas/receipts"
	pathEmbed       = "/embed/atlas"
	pathScreen      = "/screen"
)

// Handler serves the room.
type Handler struct {
	kit.Kit
	atlas    *atlas.Service
	measures func() *measure.Registry
	beside   Beside
}

// Beside is what another room shows on the big screen: large numbers, and panels.
type Beside func(*http.Request, authz.Actor) ([]chart.KeyFigure, []templ.Component, error)

// New returns the door of the room. The big screen shows measures, and what beside says; nil for none.
func New(
	s *atlas.Service, w *web.Server, d kit.Deps, measures func() *measure.Registry, beside Beside,
) *Handler {
	return &Handler{kit.Kit{Web: w, Deps: d}, s, measures, beside}
}

// Routes returns the pages of the room.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	all := web.Everyone
	return []web.Route{
		{Method: get, Path: Path, Access: all, Handle: h.getMap,
			UseCases: []string{"atlas.Overview", "atlas.GroundOf", "atlas.ListNodes"}},
		{Method: get, Path: pathPoints, Access: all, Handle: h.getPoints, UseCases: []string{"atlas.Points"}},
		{Method: get, Path: pathLandscape, Access: all, Handle: h.getLandscape,
			UseCases: []string{"atlas.Overview"}},
		{Method: get, Path: pathList, Access: all, Handle: h.getList,
			UseCases: []string{"atlas.ListNodes", "atlas.CountNodes", "atlas.WriteNodes"}},
		{Method: get, Path: pathNodes + "/{id}", Access: all, Handle: h.getNode,
			UseCases: []string{"atlas.GetNode"}},
		{Method: post, Path: pathNodes + "/{id}", Handle: h.postNode, UseCases: []string{"atlas.SetMark"}},
		{Method: get, Path: pathNetwork + "/{id}", Access: all, Handle: h.getNetwork,
			UseCases: []string{"atlas.Ego", "atlas.Path", "atlas.ListNodes"}},
		{Method: get, Path: pathPoster, Access: all, Handle: h.getPoster, UseCases: []string{"atlas.Overview"}},
		{Method: get, Path: pathCorrections, Handle: h.getCorrections,
			UseCases: []string{"atlas.ListCorrections", "atlas.CountCorrections"}},
		{Method: get, Path: pathCorrections + "/new", Access: all, Handle: h.getReport},
		{Method: post, Path: pathCorrections + "/new", Access: all, Handle: h.postReport,
			UseCases: []string{"atlas.Report"}},
		{Method: get, Path: pathCorrections + "/{id}", Handle: h.getCorrection,
			UseCases: []string{"atlas.GetCorrection"}},
		{Method: get, Path: pathCorrections + "/{id}/step", Handle: h.getStep,
			UseCases: []string{"atlas.GetCorrection"}},
		{Method: post, Path: pathCorrections + "/{id}/step", Handle: h.postStep,
			UseCases: []string{"atlas.FireCorrection"}},
		{Method: get, Path: pathReceipts + "/{receipt}", Access: all, Handle: h.getReceipt,
			UseCases: []string{"atlas.OpenReceipt"}},
		{Method: get, Path: pathRules, Access: all, Handle: h.getRules, UseCases: []string{"atlas.ListRules"}},
		{Method: post, Path: pathRules, Handle: h.postRules, UseCases: []string{"atlas.AddRule"}},
		{Method: get, Path: pathViews, Access: all, Handle: h.getViews, UseCases: []string{"atlas.ListViews"}},
		{Method: get, Path: pathViews + "/new", Handle: h.getViewNew},
		{Method: post, Path: pathViews + "/new", Handle: h.postViewNew, UseCases: []string{"atlas.CreateView"}},
		{Method: get, Path: pathViews + "/{id}", Access: all, Handle: h.getView,
			UseCases: []string{"atlas.GetView", "atlas.Overview"}},
		{Method: get, Path: pathViews + "/{id}/edit", Handle: h.getViewEdit, UseCases: []string{"atlas.GetView"}},
		{Method: post, Path: pathViews + "/{id}/edit", Handle: h.postViewEdit,
			UseCases: []string{"atlas.UpdateView", "atlas.DropView"}},
		{Method: get, Path: pathShares, Handle: h.getShares,
			UseCases: []string{"atlas.ListShares", "atlas.ListViews"}},
		{Method: post, Path: pathShares, Handle: h.postShares,
			UseCases: []string{"atlas.AddShare", "atlas.EndShare"}},
		{Method: get, Path: pathBoundaries, Handle: h.getBoundaries, UseCases: []string{"atlas.ListBoundaries"}},
		{Method: post, Path: pathBoundaries, Upload: true, Handle: h.postBoundaries,
			UseCases: []string{"atlas.ImportBoundary"}},
		{Method: post, Path: pathBoundaries + "/{id}", Handle: h.postBoundary,
			UseCases: []string{"atlas.UseBoundary"}},
		{Method: get, Path: pathEmbed + "/{token}", Access: all, Handle: h.getEmbed,
			UseCases: []string{"atlas.OpenShare", "atlas.Overview"}},
		{Method: get, Path: pathScreen, Handle: h.getScreen, UseCases: []string{"atlas.Overview"}},
		{Method: get, Path: pathScreen + "/{token}", Access: all, Handle: h.getScreenShared,
			UseCases: []string{"atlas.OpenShare", "atlas.Overview"}},
	}
}

// dictReader reads the names of places, which are not guarded.
var dictReader = authz.Actor{Role: authz.Officer, Via: authz.ViaSystem}

// asked is what an address asks for.
type asked struct {
	q     atlas.Query
	sort  string
	typed string // what the search box holds
	err   error
}

// ask reads the query of a request. What is wrong with it is shown beside the results.
func (h *Handler) ask(r *http.Request) asked {
	v := r.URL.Query()
	q, err := atlas.FromAddress(v, h.atlas.Names())
	a := asked{q: q, sort: v.Get(web.SortParam), err: err}
	if err != nil {
		a.typed = strings.Join(v["q"], " ")
	} else {
		a.typed = q.Address(h.atlas.Names()).Get("q")
	}
	return a
}

// at is the address of a page with a query.
func (h *Handler) at(path string, q atlas.Query) string {
	if text := q.Address(h.atlas.Names()).Encode(); text != "" {
		return path + "?" + text
	}
	return path
}

// with returns a query that was changed.
func with(q atlas.Query, change func(*atlas.Query)) atlas.Query {
	change(&q)
	return q
}

func again(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

func options(r *http.Request, list []atlas.Choice) []ui.Option {
	return kit.Options(r.Context(), "全部", list)
}

func first(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return ""
}

// filters is the filter bar of a page of the map. Its state is the address.
func (h *Handler) filters(r *http.Request, path string, a asked, orders bool) ui.Filters {
	v := r.URL.Query()
	value := func(param, read string) string {
		if a.err != nil {
			return v.Get(param)
		}
		return read
	}
	place := ""
	if len(a.q.Regions) == 1 {
		place = string(a.q.Regions[0])
	}
	place = value("region", place)
	f := ui.Filters{Action: path, Label: kit.Say(r, "筛选云图"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: kit.Say(r, "检索"), Value: a.typed,
			Placeholder: kit.Say(r, "词语，或 类型:企业 六新:新材料 词:(芯片|半导体)")},
		{Name: "kind", Label: kit.Say(r, "类型"), Value: value("kind", first(a.q.Kinds)),
			Options: options(r, atlas.Kinds())},
		{Name: "region", Label: kit.Say(r, "地区"), Value: place,
			Options: h.PlaceOptions(r.Context(), dictReader, "全部", place)},
		{Name: "field", Label: kit.Say(r, "领域"), Value: value("field", first(a.q.Fields)),
			Options: options(r, atlas.Fields())},
		{Name: "six", Label: kit.Say(r, "六新"), Value: value("six", first(a.q.Six)),
			Options: options(r, atlas.SixNews())},
	}, More: []ui.Filter{
		{Kind: ui.FilterDates, Name: "from", Label: kit.Say(r, "出现日期"), Value: value("from", string(a.q.From)),
			ToName: "to", ToValue: value("to", string(a.q.To))},
		{Kind: ui.FilterDates, Name: "since", Label: kit.Say(r, "变更自"), Value: value("since", string(a.q.Since))},
		{Kind: ui.FilterDates, Name: "asof", Label: kit.Say(r, "数据确认日期"), Value: value("asof", string(a.q.AsOf)),
			ToName: "asofto", ToValue: value("asofto", string(a.q.AsOfTo))},
	}}
	if orders {
		f.Fields = append(f.Fields, ui.Filter{Name: web.SortParam, Label: kit.Say(r, "排序"), Value: a.sort,
			Options: kit.Options(r.Context(), "", atlas.NodeOrders())})
	}
	f.MoreOn = slices.ContainsFunc([]string{"from", "to", "since", "asof", "asofto"}, v.Has)
	return f
}

// chips are the conditions in force, each a link to the page without it.
func (h *Handler) chips(r *http.Request, path string, q atlas.Query) []ui.Link {
	var out []ui.Link
	for _, p := range q.Parts(r.Context(), h.atlas.Names()) {
		out = append(out, ui.Link{Text: p.Text, Href: h.at(path, p.Without)})
	}
	return out
}

// tabs lead between the pages of one query.
func (h *Handler) tabs(r *http.Request, path string, q atlas.Query) []ui.Tab {
	var out []ui.Tab
	for _, t := range []struct{ id, text, path string }{{"map", "地图", Path},
		{"landscape", "类别", pathLandscape}, {"list", "清单", pathList}} {
		out = append(out, ui.Tab{ID: t.id, Text: kit.Say(r, t.text), Href: h.at(t.path, q),
			Current: t.path == path})
	}
	return out
}

// head is the head of a page of the map.
func (h *Handler) head(r *http.Request, a asked) ui.Head {
	head := ui.Head{Title: kit.Say(r, "创新云图"),
		Lead: kit.Say(r, "组织、供需、对接与人才在各区县、各领域的分布，全部取自平台的实时记录。")}
	head.Actions = []ui.Action{{Text: kit.Say(r, "集群子系统"), Href: pathViews}}
	if a.err == nil {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "打印海报"), Href: h.at(pathPoster, a.q)})
		if atlas.ViewPolicy.Could(web.Actor(r), atlas.ActViewWrite) {
			head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "保存视图"),
				Href: pathViews + "/new?query=" + url.QueryEscape(a.q.Text(h.atlas.Names()))})
		}
	}
	return head
}

// wrongLink is where somebody says that something on a page is wrong.
func (h *Handler) wrongLink(r *http.Request, node, place string) string {
	v := url.Values{"page": {r.URL.RequestURI()}}
	if node != "" {
		v.Set("node", node)
	}
	if place != "" {
		v.Set("region", place)
	}
	return pathCorrections + "/new?" + v.Encode()
}

// day is a moment as a date.
func day(us int64) string {
	if us == 0 {
		return "—"
	}
	return kit.Machine(us)[:10]
}
