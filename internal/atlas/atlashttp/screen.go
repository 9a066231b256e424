package atlashttp

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/geo"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getPoster shows a query on one sheet of paper, A0 or smaller. On the screen its numbers lead to their lists.
func (h *Handler) getPoster(w http.ResponseWriter, r *http.Request) error {
	a := h.ask(r)
	if a.err != nil {
		return a.err
	}
	ctx := r.Context()
	o, err := h.atlas.Overview(ctx, web.Actor(r), a.q)
	if err != nil {
		return err
	}
	ground, err := h.atlas.GroundOf(ctx, o.City)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "创新生态云图")
	lead := ui.Words(p.Site.Mark, o.Query)
	if o.Query == "" {
		lead = ui.Words(p.Site.Mark, kit.Say(r, "全部记录"))
	}
	f := chart.Frame{ID: "map", Title: kit.Say(r, "%s各区县的记录数", h.PlaceName(o.City)), Unit: kit.Say(r, "条"),
		Source: asOf(r, o.AtUs)}
	var left templ.Component = templ.NopComponent
	if o.City != "" {
		left = ui.With(chart.Figure(f), geo.CityMap(h.drawing(r, f.Title, a.q, o, ground, true)))
	}
	kinds := ui.With(chart.Figure(chart.Frame{ID: "kinds", Title: kit.Say(r, "类型"), Unit: kit.Say(r, "条")}),
		chart.BarTable(kit.Say(r, "类型"), kit.Say(r, "条"), h.kindBars(r, a.q, o.Kinds)))
	ages := ui.With(chart.Figure(chart.Frame{ID: "ages", Title: kit.Say(r, "数据多久前确认"), Unit: kit.Say(r, "条")}),
		chart.BarTable(kit.Say(r, "多久前"), kit.Say(r, "条"), h.ageBars(r, a.q, o)))
	doc := ui.Document{Back: h.at(Path, a.q), Issuer: p.Site.Name,
		Date: i18n.DateLong(kit.Lang(r), clock.DateOf(h.Now()))}
	body := posterPage(ui.Words(lead, kit.Say(r, "共 %s 条记录", i18n.Int(o.Total)), asOf(r, o.AtUs)),
		[2][]templ.Component{{left}, {kinds, ages, h.gaps(r, a.q, o)}},
		[]templ.Component{h.heats(r, a.q, o)}, h.Origin(r)+h.at(Path, a.q))
	return h.Web.RenderPrint(w, r, p, doc, body)
}

// getEmbed shows what an address with a token shows, for a frame of another site.
func (h *Handler) getEmbed(w http.ResponseWriter, r *http.Request) error {
	x, by, err := h.atlas.OpenShare(r.Context(), atlas.ShareEmbed, r.PathValue("token"))
	if err != nil {
		return err
	}
	o, err := h.atlas.Overview(r.Context(), by, x.Query)
	if err != nil {
		return err
	}
	ground, err := h.atlas.GroundOf(r.Context(), o.City)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "创新云图")
	p.Surface, p.Nav, p.Side, p.User = ui.Embed, nil, nil, ui.User{}
	title := x.Name
	if title == "" {
		title = p.Title
	}
	p.Title = title
	f := chart.Frame{ID: "map", Title: kit.Say(r, "%s各区县的记录数", h.PlaceName(o.City)), Unit: kit.Say(r, "条"),
		Source: kit.Say(r, "来源：%s，公开部分 · 截至 %s", p.Site.Name, i18n.DateTime(kit.Lang(r), clock.Time(o.AtUs)))}
	parts := []templ.Component{
		ui.With(chart.Figure(f), geo.CityMap(h.drawing(r, f.Title, x.Query, o, ground, false))),
		ui.With(chart.Figure(chart.Frame{ID: "kinds", Title: kit.Say(r, "类型"), Unit: kit.Say(r, "条")}),
			chart.BarTable(kit.Say(r, "类型"), kit.Say(r, "条"), plainBars(h.kindBars(r, x.Query, o.Kinds))))}
	web.AllowFrames(w, x.Hosts)
	return h.Web.RenderPlain(w, r, p, embedPage(title, x.Lead, h.Origin(r)+h.at(Path, x.Query),
		kit.Say(r, "在%s打开", p.Site.Name), parts))
}

// plainBars are bars without links: a frame of another site leads nowhere but to the whole page.
func plainBars(list []chart.Bar) []chart.Bar {
	for i := range list {
		list[i].Href = ""
	}
	return list
}

// getScreen is the big screen of somebody who is logged in: with their rights.
func (h *Handler) getScreen(w http.ResponseWriter, r *http.Request) error {
	poll := pathScreen
	if set := r.FormValue("set"); set != "" { // the indicators of one set
		poll += "?set=" + url.QueryEscape(set)
	}
	return h.showScreen(w, r, web.Actor(r), atlas.Query{}, "", poll, "/workspace")
}

// getScreenShared is the big screen in a hall: with a token and the rights of visitors.
func (h *Handler) getScreenShared(w http.ResponseWriter, r *http.Request) error {
	x, by, err := h.atlas.OpenShare(r.Context(), atlas.ShareScreen, r.PathValue("token"))
	if err != nil {
		return err
	}
	return h.showScreen(w, r, by, x.Query, x.Name, r.URL.Path, "")
}

// screenCards is how many cards fill the left column of a screen.
const screenCards = 2

// refresh is how often a screen without JavaScript loads itself anew, in seconds.
const refresh = 60

func (h *Handler) showScreen(
	w http.ResponseWriter, r *http.Request, by authz.Actor, q atlas.Query, title, poll, exit string,
) error {
	ctx := r.Context()
	if city := h.atlas.CityOf(q); city != "" && len(q.Regions) == 0 {
		q.Regions = []region.Code{city} // its title names the city, so that is what it counts
	}
	o, err := h.atlas.Overview(ctx, by, q)
	if err != nil {
		return err
	}
	ground, err := h.atlas.GroundOf(ctx, o.City)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "创新生态运行监测")
	p.Surface, p.Refresh = ui.Screen, refresh
	if p.Theme == ui.ThemeAuto {
		p.Theme = ui.ThemeDark
	}
	if title == "" {
		title = kit.Say(r, "%s创新生态运行监测", h.PlaceName(o.City))
	}
	p.Title = title
	v := screenView{title: title, poll: poll, exit: exit, mark: p.Site.Mark,
		asOf: kit.Say(r, "数据截至 %s", i18n.DateTime(kit.Lang(r), clock.Time(o.AtUs)))}
	links := exit != ""
	if v.figures, err = h.figures(r, by, q, o, links); err != nil {
		return err
	}
	var more []templ.Component
	if h.beside != nil && links { // whoever passes by in a hall sees what is public: the map
		var first []chart.KeyFigure
		if first, more, err = h.beside(r, by); err != nil {
			return err
		}
		if len(first) > 0 {
			v.figures = append(first, v.figures[0])
		}
	}
	bars := func(id, title, unit string, list []chart.Bar) templ.Component {
		if !links {
			list = plainBars(list)
		}
		return ui.With(chart.Figure(chart.Frame{ID: id, Title: kit.Say(r, title), Unit: kit.Say(r, unit)}),
			chart.BarTable(kit.Say(r, title), kit.Say(r, unit), list))
	}
	v.left = more
	for _, c := range []templ.Component{bars("six", "六新", "条", h.sixBars(r, q, o)),
		bars("fields", "领域", "条", h.fieldBars(r, q, o))} {
		if len(v.left) < screenCards { // without a trend, or without indicators
			v.left = append(v.left, c)
		}
	}
	mapTitle := kit.Say(r, "%s各区县的记录数", h.PlaceName(o.City))
	if o.City != "" {
		v.middle = []templ.Component{geo.CityMap(h.drawing(r, mapTitle, q, o, ground, links))}
	}
	v.right = []templ.Component{bars("kinds", "类型", "条", h.kindBars(r, q, o.Kinds)),
		bars("districts", "各区县", "条", h.districtBars(r, q, o))}
	return h.Web.RenderPlain(w, r, p, screenPage(v))
}

// figures are the large numbers of the screen. Those of measures are shown to whom they say anything.
// All of them are of the place that the query asks for.
func (h *Handler) figures(
	r *http.Request, by authz.Actor, q atlas.Query, o atlas.Overview, links bool,
) ([]chart.KeyFigure, error) {
	out := []chart.KeyFigure{{Name: kit.Say(r, "云图记录"), Value: i18n.Int(o.Total), Unit: kit.Say(r, "条")},
		{Name: kit.Say(r, "30 天以内新增"), Value: i18n.Int(o.New), Unit: kit.Say(r, "条")}}
	if links {
		out[0].Href = h.at(pathList, q)
		out[1].Href = h.at(pathList, with(q, func(x *atlas.Query) { x.From = o.Since }))
	}
	dims := map[string]string{}
	if p := place(q); p != "" {
		dims["region"] = p
	}
	if h.measures == nil {
		return out, nil
	}
	m := h.measures()
	for _, x := range m.List() {
		if !slices.Contains(screenMeasures, x.Name) || len(dims) > 0 && !x.Has("region") {
			continue
		}
		f, err := m.Figure(r.Context(), by, x.Name, dims)
		if err != nil {
			return nil, err
		}
		if f.Value == 0 {
			continue // nothing of it is theirs to see, or there is nothing
		}
		k := chart.KeyFigure{Name: kit.Say(r, x.Title), Value: i18n.Int(f.Value), Unit: kit.Say(r, x.Unit)}
		if x.Unit == "分" {
			k.Value, k.Unit = i18n.AmountIn(money.Fen(f.Value), money.Wan), i18n.UnitName(kit.Lang(r), money.Wan)
		}
		if links {
			k.Href = rowsOf(x.Name, dims)
		}
		out = append(out, k)
	}
	return out, nil
}

// rowsOf is where the rows behind a measure of another room are listed.
func rowsOf(name string, dims map[string]string) string {
	place := dims["region"]
	if name == "party.orgs" {
		if place == "" {
			return "/orgs"
		}
		return "/orgs?region=" + url.QueryEscape(place)
	}
	v := url.Values{"measure": {name}}
	if place != "" {
		v.Set("dim", "region:"+place)
	}
	return "/market/figures/rows?" + v.Encode()
}

// screenMeasures are the numbers of other rooms that a screen shows.
var screenMeasures = []string{"party.orgs", "market.live", "market.signed", "deal.contracts"}

func (h *Handler) sixBars(r *http.Request, q atlas.Query, o atlas.Overview) []chart.Bar {
	return barsOf(o.SixKinds, func(c atlas.Cell) string { return c.Row }, atlas.SixNews(),
		func(c atlas.Choice) (string, string) {
			return kit.Say(r, c.Title), h.at(pathList, with(q, setSix(c.Value)))
		})
}

func (h *Handler) fieldBars(r *http.Request, q atlas.Query, o atlas.Overview) []chart.Bar {
	return barsOf(o.Landscape, func(c atlas.Cell) string { return c.Row }, atlas.Fields(),
		func(c atlas.Choice) (string, string) {
			return kit.Say(r, c.Title), h.at(pathList, with(q, h.setField(c.Value)))
		})
}

func barsOf(
	list []atlas.Cell, value func(atlas.Cell) string, choices []atlas.Choice,
	name func(atlas.Choice) (title, href string),
) []chart.Bar {
	sums := map[string]int64{}
	for _, c := range list {
		sums[value(c)] += c.N
	}
	var most int64 = 1
	for _, c := range choices {
		most = max(most, sums[c.Value])
	}
	var out []chart.Bar
	for _, c := range choices {
		if n := sums[c.Value]; n > 0 {
			title, href := name(c)
			out = append(out, chart.Bar{Name: title, Href: href, Text: i18n.Int(n), Share: float64(n) * 100 / float64(most)})
		}
	}
	return out
}

func (h *Handler) districtBars(r *http.Request, q atlas.Query, o atlas.Overview) []chart.Bar {
	var most int64 = 1
	for _, d := range o.Districts {
		most = max(most, d.N)
	}
	var out []chart.Bar
	for _, d := range o.Districts {
		out = append(out, chart.Bar{Name: h.PlaceName(d.Code), Text: i18n.Int(d.N), Share: float64(d.N) * 100 / float64(most),
			Href: h.at(pathList, with(q, func(x *atlas.Query) { x.Regions = append(x.Regions[:0:0], d.Code) }))})
	}
	for _, b := range o.Beside { // so that the bars sum to the figure above them
		name, in := h.beyond(r, o, b.Where)
		out = append(out, chart.Bar{Name: name, Text: i18n.Int(b.N), Share: float64(b.N) * 100 / float64(max(most, b.N)),
			Href: h.at(pathList, with(q, in)), Tone: "mute"})
	}
	return out
}
