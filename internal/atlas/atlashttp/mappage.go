package atlashttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/geo"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// newestShown is how many records the panel of a place names.
const newestShown = 10

// getMap shows the districts of a query and the panel of the one that is chosen.
func (h *Handler) getMap(w http.ResponseWriter, r *http.Request) error {
	a := h.ask(r)
	p := h.Web.Page(r, "创新云图")
	p.Lead = kit.Say(r, "组织、供需、对接与人才在各区县、各领域的分布，全部取自平台的实时记录。")
	part, err := h.mapResults(r, a)
	if err != nil {
		return err
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(a.err), Page: p, Part: part, Body: templ.Join(
		ui.PageHead(h.head(r, a)), ui.FilterBar(h.filters(r, Path, a, false)), part)})
}

func (h *Handler) mapResults(r *http.Request, a asked) (templ.Component, error) {
	if a.err != nil {
		return h.wrongQuery(r, a.err), nil
	}
	ctx, by := r.Context(), web.Actor(r)
	panel, err := h.atlas.Overview(ctx, by, a.q)
	if err != nil {
		return nil, err
	}
	city, err := h.atlas.Overview(ctx, by, h.wide(a.q))
	if err != nil {
		return nil, err
	}
	ground, err := h.atlas.GroundOf(ctx, panel.City)
	if err != nil {
		return nil, err
	}
	points, err := h.atlas.Overview(ctx, by, everywhere(a.q))
	if err != nil {
		return nil, err
	}
	newest, err := h.atlas.ListNodes(ctx, by, a.q, "", db.PageReq{Limit: newestShown})
	if err != nil {
		return nil, err
	}
	bar := ui.ResultBar{Count: kit.Say(r, "共 %s 条记录", i18n.Int(panel.Total)), Chips: h.chips(r, Path, a.q)}
	if !a.q.Empty() {
		bar.Clear = Path
	}
	left := ui.With(ui.Stack(), h.mapFigure(r, a.q, city, points, ground), h.gaps(r, a.q, panel))
	return ui.With(ui.Results("", kit.Say(r, "创新云图")), ui.ResultHead(bar),
		ui.With(ui.Tabs(kit.Say(r, "创新云图"), h.tabs(r, Path, a.q)),
			ui.With(ui.Stack(), ui.With(ui.WithAside(h.panel(r, a.q, panel, newest.Items)), left),
				h.placeTable(r, a.q, city))),
		wrongNote(h.wrongLink(r, "", place(a.q)))), nil
}

// wide is the query for the whole city, so that choosing a district leaves the others on the map.
func (h *Handler) wide(q atlas.Query) atlas.Query {
	q = everywhere(q)
	if len(q.Regions) == 0 {
		return q
	}
	city := h.atlas.CityOf(q)
	return with(q, func(x *atlas.Query) { x.Regions = []region.Code{city} })
}

// place is the one place of a query, "" for none or several.
func place(q atlas.Query) string {
	if len(q.Regions) == 1 {
		return string(q.Regions[0])
	}
	return ""
}

// wrongQuery stands in place of the results when the address asks for what there is not.
func (h *Handler) wrongQuery(r *http.Request, err error) templ.Component {
	s := ui.SummaryOf(kit.Lang(r), err)
	for i := range s.Items {
		s.Items[i].ID = ""
	}
	return ui.With(ui.Results("", kit.Say(r, "创新云图")), ui.ErrorSummary(s),
		ui.With(ui.Empty(kit.Say(r, "没有按这些条件查询"), kit.Say(r, "请改正上面的条件，或清除后重新选择。")),
			ui.Button(ui.Action{Text: kit.Say(r, "清除条件"), Href: r.URL.Path})))
}

func asOf(r *http.Request, us int64) string {
	return kit.Say(r, "来源：平台实时记录，您可查看的部分 · 截至 %s", i18n.DateTime(kit.Lang(r), clock.Time(us)))
}

// mapFigure is the map with its frame: districts of the whole city, points of the query.
func (h *Handler) mapFigure(
	r *http.Request, q atlas.Query, o, points atlas.Overview, ground atlas.Ground,
) templ.Component {
	if o.City == "" {
		return ui.With(ui.Empty(kit.Say(r, "还没有设置本站所在的城市"),
			kit.Say(r, "请系统管理员在站点设置中填写行政区划代码，地图随后按区县绘制。")))
	}
	name := h.PlaceName(o.City)
	f := chart.Frame{ID: "map", Title: kit.Say(r, "%s各区县的记录数", name), Unit: kit.Say(r, "条"),
		Source: asOf(r, o.AtUs)}
	m := h.drawing(r, f.Title, q, o, ground, true)
	if len(ground.Shapes) == 0 {
		return templ.Join(ui.With(chart.Figure(f), geo.CityMap(m)), h.pointFigure(r, q, points))
	}
	s := h.spread(r, everywhere(q), points, ground.Frame, true)
	m.Dots = s.dots
	return ui.With(chart.Figure(f), geo.CityMap(h.layer(r, q, m, ground.Frame, s)), h.dotTable(r, q, s.cells))
}

// drawing makes a map of an overview: outlines where they were brought in, else a cartogram.
func (h *Handler) drawing(
	r *http.Request, label string, q atlas.Query, o atlas.Overview, ground atlas.Ground, links bool,
) geo.Map {
	ctx := r.Context()
	var places []geo.Place
	shapes := map[region.Code]atlas.Shape{}
	for _, s := range ground.Shapes {
		shapes[s.Code] = s
	}
	for _, d := range o.Districts {
		s, drawn := shapes[d.Code]
		if len(shapes) > 0 && !drawn || len(shapes) == 0 && !h.isDistrict(o.City, d.Code) {
			continue // it stands in the table
		}
		p := geo.Place{Code: d.Code, Name: h.PlaceName(d.Code), Value: float64(d.N), Text: i18n.Int(d.N),
			Path: s.Path, X: s.X, Y: s.Y, Selected: place(q) == string(d.Code)}
		p.Tip = i18n.T(ctx, "%s：%s 条，30 天以内新增 %s 条", p.Name, p.Text, i18n.Int(d.New))
		if d.N == 0 {
			p.Value, p.Text = chart.Missing(), i18n.T(ctx, "无")
		}
		if links {
			p.Href = h.at(Path, with(q, func(x *atlas.Query) { x.Regions = []region.Code{d.Code} }))
		}
		places = append(places, p)
	}
	if len(shapes) == 0 {
		return geo.Tiles(label, o.City, places)
	}
	dots := h.spread(r, everywhere(q), o, ground.Frame, links).dots
	return geo.Outlines(label, ground.Frame.Width, ground.Frame.Height, ground.Approval, places, dots)
}

// isDistrict says whether a place is one of those that a cartogram draws, not one for statistics.
func (h *Handler) isDistrict(city, code region.Code) bool {
	for _, d := range h.atlas.Districts(city) {
		if d == code {
			return true
		}
	}
	return false
}

// placeTable says what the map shows, and how old it is.
func (h *Handler) placeTable(r *http.Request, q atlas.Query, o atlas.Overview) templ.Component {
	since := string(o.Since)
	tab := ui.Table{Caption: kit.Say(r, "各区县"), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "区县")}, {Label: kit.Say(r, "记录数"), Num: true},
		{Label: kit.Say(r, "%s 以来新增", since), Num: true}, {Label: kit.Say(r, "%s 以来变更", since), Num: true},
		{Label: kit.Say(r, "最新数据"), Num: true}, {Label: kit.Say(r, "最早数据"), Num: true},
		{Label: kit.Say(r, "1 年以上未确认"), Num: true}}}
	row := func(name string, in func(*atlas.Query), d atlas.District) {
		n := with(q, in)
		fresh := with(n, func(x *atlas.Query) { x.From = o.Since })
		changed := with(n, func(x *atlas.Query) { x.Since = o.Since })
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: name, Href: h.at(Path, n)},
			h.count(d.N, n), h.count(d.New, fresh), h.count(d.Changed, changed), {Text: day(d.NewestUs)},
			{Text: day(d.OldestUs)}, h.count(d.Stale, o.OfAge(n, atlas.AgeOlder))}})
	}
	for _, d := range o.Districts {
		row(h.PlaceName(d.Code), func(x *atlas.Query) { x.Regions = []region.Code{d.Code} }, d)
	}
	for _, b := range o.Beside { // so that the rows sum to what the page counts
		name, in := h.beyond(r, o, b.Where)
		row(name, in, b.District)
	}
	return ui.DataTable(tab)
}

// beyond names records that are in no district of the city, and narrows a query to them.
func (h *Handler) beyond(r *http.Request, o atlas.Overview, where string) (string, func(*atlas.Query)) {
	switch where {
	case atlas.BesideCity:
		return kit.Say(r, "%s，区县未知", h.PlaceName(o.City)), func(x *atlas.Query) {
			x.Regions = []region.Code{o.City}
			lacking(atlas.GapRegion)(x)
		}
	case atlas.BesideAway:
		return kit.Say(r, "外地，或只知道省"), func(x *atlas.Query) {
			if o.City != "" {
				x.Outside = append(x.Outside[:len(x.Outside):len(x.Outside)], o.City)
			}
		}
	}
	return kit.Say(r, "没有地点"), lacking(atlas.GapPlace)
}

// count is a number that links to the list it counts.
func (h *Handler) count(n int64, q atlas.Query) ui.Cell {
	if n == 0 {
		return ui.Cell{Text: "0"}
	}
	return ui.Cell{Text: i18n.Int(n), Href: h.at(pathList, q)}
}

// gaps says what is not known: records without a district, a field, a class or a point.
func (h *Handler) gaps(r *http.Request, q atlas.Query, o atlas.Overview) templ.Component {
	var bars []chart.Bar
	share := func(n int64) float64 { return float64(n) * 100 / float64(max(o.Total, 1)) }
	for _, g := range []struct {
		gap, title string
		n          int64
	}{{atlas.GapRegion, "没有区县", o.Missing.Region}, {atlas.GapField, "没有领域", o.Missing.Field},
		{atlas.GapSix, "没有六新归类", o.Missing.Six}, {atlas.GapPoint, "没有坐标的组织", o.Missing.Point}} {
		bars = append(bars, chart.Bar{Name: kit.Say(r, g.title), Share: share(g.n), Text: i18n.Int(g.n),
			Tone: "mute", Href: h.at(pathList, with(q, lacking(g.gap)))})
	}
	note := kit.Say(r, "其中 %s 条只知道城市，%s 条在市外，%s 条没有地点；%s 条的六新归类依申请公开。",
		i18n.Int(o.CityOnly), i18n.Int(o.Elsewhere), i18n.Int(o.NoPlace), i18n.Int(undisclosed(o)))
	return ui.With(chart.Figure(chart.Frame{ID: "gaps", Title: kit.Say(r, "缺什么"), Unit: kit.Say(r, "条"),
		Source: note}), chart.BarTable(kit.Say(r, "缺项"), kit.Say(r, "条"), bars))
}

// lacking narrows a query to records that lack something.
func lacking(gap string) func(*atlas.Query) {
	return func(x *atlas.Query) { x.Gaps = append(x.Gaps[:len(x.Gaps):len(x.Gaps)], gap) }
}

func undisclosed(o atlas.Overview) int64 {
	var n int64
	for _, c := range o.SixKinds {
		if c.Row == atlas.Undisclosed {
			n += c.N
		}
	}
	return n
}

// panel is the place that is chosen: kinds, age and the newest records.
func (h *Handler) panel(
	r *http.Request, q atlas.Query, o atlas.Overview, newest []atlas.Node,
) templ.Component {
	name := ""
	if len(q.Regions) > 0 {
		for _, c := range q.Regions {
			name = ui.Words(name, h.PlaceName(c))
		}
	}
	if q.Box != (atlas.Box{}) {
		name = kit.Say(r, "图上选中的一处")
	}
	if name == "" {
		name = kit.Say(r, "全部地区")
	}
	if len(newest) == 0 {
		return ui.Facts(name, []ui.Fact{{Term: kit.Say(r, "记录"), Text: kit.Say(r, "没有符合条件的记录")}})
	}
	facts := []ui.Fact{{Term: kit.Say(r, "记录"), Text: i18n.Int(o.Total), Big: true, Href: h.at(pathList, q)},
		{Term: kit.Say(r, "%s 以来新增", string(o.Since)), Text: i18n.Int(o.New),
			Href: h.at(pathList, with(q, func(x *atlas.Query) { x.From = o.Since }))},
		{Term: kit.Say(r, "%s 以来变更", string(o.Since)), Text: i18n.Int(o.Changed),
			Href: h.at(pathList, with(q, func(x *atlas.Query) { x.Since = o.Since }))}}
	var links []ui.Link
	for _, n := range newest {
		links = append(links, ui.Link{Text: n.Title, Href: nodePath(n.ID),
			Note: ui.Words(atlas.Titled(r.Context(), atlas.Kinds(), n.Kind), day(n.SinceUs))})
	}
	return ui.With(ui.Stack(), ui.Facts(name, facts),
		ui.With(chart.Figure(chart.Frame{ID: "kinds", Level: 3, Title: kit.Say(r, "类型"), Unit: kit.Say(r, "条")}),
			chart.BarTable(kit.Say(r, "类型"), kit.Say(r, "条"), h.kindBars(r, q, o.Kinds))),
		ui.With(chart.Figure(chart.Frame{ID: "ages", Level: 3, Title: kit.Say(r, "数据多久前确认"), Unit: kit.Say(r, "条")}),
			chart.BarTable(kit.Say(r, "多久前"), kit.Say(r, "条"), h.ageBars(r, q, o))),
		ui.With(ui.Block(kit.Say(r, "最新出现")), ui.PlainList(links)))
}

func (h *Handler) kindBars(r *http.Request, q atlas.Query, list []atlas.Tally) []chart.Bar {
	var out []chart.Bar
	for _, t := range list {
		out = append(out, chart.Bar{Name: atlas.Titled(r.Context(), atlas.Kinds(), t.Value), Text: i18n.Int(t.N),
			Share: share(t.N, list), Href: h.at(pathList, with(q, func(x *atlas.Query) { x.Kinds = []string{t.Value} }))})
	}
	return out
}

func (h *Handler) ageBars(r *http.Request, q atlas.Query, o atlas.Overview) []chart.Bar {
	var out []chart.Bar
	for _, t := range o.Ages {
		out = append(out, chart.Bar{Name: atlas.Titled(r.Context(), atlas.Ages(), t.Value), Text: i18n.Int(t.N),
			Share: share(t.N, o.Ages), Tone: "mute", Href: h.at(pathList, o.OfAge(q, t.Value))})
	}
	return out
}

// share is the length of a bar: the largest is the longest.
func share(n int64, list []atlas.Tally) float64 {
	most := int64(1)
	for _, t := range list {
		most = max(most, t.N)
	}
	return float64(n) * 100 / float64(most)
}
