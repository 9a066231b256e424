package atlashttp

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/geo"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getNetwork shows who works with whom around an organisation or a person, and the way to another.
func (h *Handler) getNetwork(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), web.Actor(r), r.URL.Query()
	depth := 1
	if q.Get("depth") == "2" {
		depth = 2
	}
	net, err := h.atlas.Ego(ctx, by, r.PathValue("id"), depth)
	if err != nil {
		return err
	}
	center := net.Nodes[0].Node
	p := h.Web.Page(r, "创新云图")
	p.Crumbs = []ui.Link{{Text: p.Title, Href: Path}, {Text: center.Title, Href: nodePath(center.ID)},
		{Text: kit.Say(r, "合作网络")}}
	p.Title = kit.Say(r, "合作网络") + " · " + center.Title
	path := pathNetwork + "/" + url.PathEscape(center.ID)
	tabs := []ui.Tab{{ID: "one", Text: kit.Say(r, "直接合作"), Href: path, Current: depth == 1},
		{ID: "two", Text: kit.Say(r, "两步以内"), Href: path + "?depth=2", Current: depth == 2}}
	body := []templ.Component{ui.With(ui.Tabs(kit.Say(r, "合作网络"), tabs), h.network(r, net))}
	way, err := h.way(r, center, path, depth)
	if err != nil {
		return err
	}
	body = append(body, way, wrongNote(h.wrongLink(r, center.ID, "")))
	head := ui.Head{Title: kit.Say(r, "%s的合作网络", center.Title),
		Lead: kit.Say(r, "由签约和洽谈中的对接、共有权利的成果、任职关系连成；每条线都能打开依据。")}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head), ui.With(ui.Stack(), body...))})
}

func (h *Handler) network(r *http.Request, net atlas.Network) templ.Component {
	if len(net.Edges) == 0 {
		return ui.With(ui.Empty(kit.Say(r, "还没有可以看到的合作"),
			kit.Say(r, "签约、共有成果或任职登记后会出现在这里；您无权查看的不会显示。")))
	}
	f := chart.Frame{ID: "network", Title: kit.Say(r, "共 %s 个节点、%s 条联系", i18n.Int(int64(len(net.Nodes))),
		i18n.Int(int64(len(net.Edges))))}
	if net.Left > 0 {
		f.Source = kit.Say(r, "联系最多的 %d 个画在图上，另有 %s 个没有画出", atlas.MaxNetwork, i18n.Int(int64(net.Left)))
	}
	names := map[string]atlas.Node{}
	for _, n := range net.Nodes {
		names[n.ID] = n.Node
	}
	return templ.Join(ui.With(chart.Figure(f), geo.Rings(h.graph(r.Context(), net, names)),
		edgeLegend(legendOf(r, net.Edges))), ui.DataTable(h.edges(r, net.Edges, names)))
}

func legendOf(r *http.Request, list []atlas.Edge) []legendLine {
	var out []legendLine
	for _, k := range atlas.EdgeKinds() {
		for _, e := range list {
			if e.Kind == k.Value {
				out = append(out, legendLine{k.Value, kit.Say(r, k.Title)})
				break
			}
		}
	}
	return out
}

// graph lays a network out.
func (h *Handler) graph(ctx context.Context, net atlas.Network, names map[string]atlas.Node) geo.Graph {
	var spots []geo.Spot
	for _, n := range net.Nodes {
		spots = append(spots, geo.Spot{ID: n.ID, Label: n.Title, Ring: n.Ring, Tone: toneOf(n.Node),
			Href: pathNetwork + "/" + url.PathEscape(n.ID),
			Tip:  ui.Words(n.Title, atlas.Titled(ctx, atlas.Kinds(), n.Kind), i18n.T(ctx, "%d 条联系", n.Ties))})
	}
	var ties []geo.Tie
	for _, e := range net.Edges {
		ties = append(ties, geo.Tie{A: e.A, B: e.B, Kind: e.Kind, Tip: ui.Words(
			atlas.Titled(ctx, atlas.EdgeKinds(), e.Kind), names[e.A].Title, names[e.B].Title)})
	}
	return geo.Around(i18n.T(ctx, "%s的合作网络", names[net.Center].Title), spots, ties)
}

func toneOf(n atlas.Node) string {
	switch n.Kind {
	case atlas.KindPerson:
		return "person"
	case "enterprise":
		return "org"
	case "university", "institute":
		return "school"
	}
	return "other"
}

// edges says what the drawing shows.
func (h *Handler) edges(r *http.Request, list []atlas.Edge, names map[string]atlas.Node) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: kit.Say(r, "联系"), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "一方")}, {Label: kit.Say(r, "联系")}, {Label: kit.Say(r, "另一方")},
		{Label: kit.Say(r, "自何时"), Num: true}, {Label: kit.Say(r, "依据")}}}
	for _, e := range list {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: names[e.A].Title, Href: nodePath(e.A)}, {Text: atlas.Titled(ctx, atlas.EdgeKinds(), e.Kind)},
			{Text: names[e.B].Title, Href: nodePath(e.B)}, {Text: day(e.SinceUs)},
			{Text: evidence(r, e), Href: recordPath(e.Class, e.Evidence)}}})
	}
	return tab
}

func evidence(r *http.Request, e atlas.Edge) string {
	switch e.Class {
	case atlas.Deal:
		return kit.Say(r, "对接记录")
	case atlas.Post:
		return kit.Say(r, "成果记录")
	}
	return kit.Say(r, "人员档案")
}

// maxWays is how many organisations of a name are offered.
const maxWays = 10

// way asks to whom the shortest way is wanted, and shows it.
func (h *Handler) way(r *http.Request, from atlas.Node, path string, depth int) (templ.Component, error) {
	q := r.URL.Query()
	name, to := strings.TrimSpace(q.Get("name")), q.Get("to")
	form := ui.FormView{ID: "way", Action: path, Get: true, Plain: true,
		Buttons: []ui.Action{{Text: kit.Say(r, "查找")}}}
	if depth == 2 {
		form.Hidden = []ui.Hidden{{Name: "depth", Value: "2"}}
	}
	parts := []templ.Component{ui.With(ui.Form(form), ui.Field(ui.Input{Name: "name",
		Label: kit.Say(r, "与谁之间的最短联系"), Value: name, MaxLen: 40, Optional: true,
		Hint: kit.Say(r, "填写单位或人员名称中的词")}))}
	switch {
	case to != "":
		found, err := h.route(r, from, to)
		if err != nil {
			return nil, err
		}
		parts = append(parts, found)
	case name != "":
		choice, err := h.ways(r, name, path)
		if err != nil {
			return nil, err
		}
		parts = append(parts, choice)
	}
	return ui.With(ui.Block(kit.Say(r, "最短联系")), parts...), nil
}

// ways offers those of a name.
func (h *Handler) ways(r *http.Request, name, path string) (templ.Component, error) {
	q := atlas.Query{Words: []string{string([]rune(name)[:min(len([]rune(name)), 40)])}}
	for _, k := range atlas.OrgKinds() {
		q.Kinds = append(q.Kinds, k.Value)
	}
	q.Kinds = append(q.Kinds, atlas.KindPerson)
	page, err := h.atlas.ListNodes(r.Context(), web.Actor(r), q, "title", db.PageReq{Limit: maxWays})
	if err != nil {
		return nil, err
	}
	var links []ui.Link
	for _, n := range page.Items {
		links = append(links, ui.Link{Text: n.Title, Href: path + "?to=" + url.QueryEscape(n.ID),
			Note: ui.Words(atlas.Titled(r.Context(), atlas.Kinds(), n.Kind), h.placeOf(n))})
	}
	if len(links) == 0 {
		return ui.Note(kit.Say(r, "云图上没有名称含“%s”的单位或人员", name)), nil
	}
	return ui.PlainList(links), nil
}

func (h *Handler) route(r *http.Request, from atlas.Node, to string) (templ.Component, error) {
	p, err := h.atlas.Path(r.Context(), web.Actor(r), from.ID, to)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Cut:
		return ui.Note(kit.Say(r, "途经的节点太多，没有继续查找")), nil
	case !p.Found:
		return ui.Note(kit.Say(r, "在您可查看的范围内，%d 步以内没有联系", atlas.MaxHops)), nil
	case len(p.Edges) == 0:
		return ui.Note(kit.Say(r, "这是同一个节点")), nil
	}
	names := map[string]atlas.Node{}
	for _, n := range p.Nodes {
		names[n.ID] = n
	}
	var steps []string
	for _, n := range p.Nodes {
		steps = append(steps, n.Title)
	}
	return templ.Join(ui.Note(kit.Say(r, "%d 步：", len(p.Edges))+strings.Join(steps, " → ")),
		ui.DataTable(h.edges(r, p.Edges, names))), nil
}
