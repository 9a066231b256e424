package monitorhttp

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Limits of the overview.
const (
	keyFigures  = 5
	urgentShown = 8
)

// readReq reads what an overview is asked of.
func readReq(r *http.Request, set string) monitor.OverviewReq {
	return monitor.OverviewReq{Set: set, Region: place(r), Period: series.Period(r.FormValue("period"))}
}

// getHome shows how the city stands.
func (h *Handler) getHome(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := mayRead(by); err != nil {
		return err
	}
	v, err := h.room.Overview(r.Context(), by, readReq(r, r.FormValue("set")))
	if err != nil {
		return err
	}
	urgent, err := h.urgent(r, by, v)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "指标总览")
	head := ui.Head{Title: p.Title, Lead: h.asOf(r, v), Actions: []ui.Action{
		{Text: kit.Say(r, "指标亮灯"), Href: pathLights},
		{Text: kit.Say(r, "手机版"), Href: pathBrief}}}
	if monitor.FindingPolicy.Could(by, monitor.ActFindingRead) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "数据疑点"), Href: pathFindings})
	}
	parts := []templ.Component{ui.PageHead(head), ui.FilterBar(h.filters(r, by, pathHome, v)),
		lightCounts(h.lightLinks(r, v))}
	if v.Known > 0 {
		parts = append(parts, chart.Stats(h.stats(r, v, keyFigures)))
	}
	parts = append(parts, urgent)
	switch {
	case len(v.Figures) == 0:
		parts = append(parts, ui.Empty(kit.Say(r, "还没有指标数据"),
			kit.Say(r, "先建立指标体系和口径，部门填报并审核后，数据会出现在这里。")))
	default:
		parts = append(parts, ui.With(ui.Block(h.setTitle(r, v)), ui.DataTable(h.figureTable(r, v))))
	}
	if len(v.Sets) > 0 {
		parts = append(parts, ui.DataTable(setTable(r, v)))
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(parts...)})
}

// asOf says which place and which day the numbers are of.
func (h *Handler) asOf(r *http.Request, v monitor.Overview) string {
	if v.AsOf == "" {
		return ui.Words(h.PlaceName(v.Region), kit.Say(r, "还没有数据"))
	}
	return ui.Words(h.PlaceName(v.Region), kit.Say(r, "%d 项指标，%d 项有数据", len(v.Figures), v.Known),
		kit.Say(r, "数据截至 %s", i18n.DateLong(kit.Lang(r), v.AsOf)))
}

// setTitle is the name of the set that is shown, or what is shown without one.
func (h *Handler) setTitle(r *http.Request, v monitor.Overview) string {
	if v.Set == nil {
		return kit.Say(r, "有数据的指标")
	}
	return v.Set.Name
}

// filters choose place, set and period.
func (h *Handler) filters(r *http.Request, by authz.Actor, action string, v monitor.Overview) ui.Filters {
	f := ui.Filters{Action: action, Label: kit.Say(r, "筛选指标"), Fields: []ui.Filter{
		{Name: "region", Label: kit.Say(r, "地区"), Value: string(v.Region),
			Options: h.PlaceOptions(r.Context(), by, "", string(v.Region))}}}
	if action == pathHome && len(v.Sets) > 1 {
		var sets []ui.Option
		for _, x := range v.Sets {
			sets = append(sets, ui.Option{Value: x.ID, Text: x.Name})
		}
		chosen := ""
		if v.Set != nil {
			chosen = v.Set.ID
		}
		f.Fields = append(f.Fields, ui.Filter{Name: "set", Label: kit.Say(r, "指标体系"), Value: chosen,
			Options: sets})
	}
	f.Fields = append(f.Fields, ui.Filter{Name: "period", Label: kit.Say(r, "截至期间"),
		Value: string(v.Period), Options: h.periods(r, v.Period)})
	return f
}

// periods are the quarters and years that an overview may end with.
func (h *Handler) periods(r *http.Request, chosen series.Period) []ui.Option {
	now := h.Now().In(clock.Shanghai)
	out := []ui.Option{{Text: kit.Say(r, "最新一期")}}
	add := func(p series.Period) {
		out = append(out, ui.Option{Value: string(p), Text: period(r.Context(), p, false)})
	}
	q := series.PeriodOf(series.Quarter, now.Year(), int(now.Month()))
	for range 8 {
		q = q.Prev()
		add(q)
	}
	for y := now.Year() - 1; y > now.Year()-8; y-- {
		add(series.NewPeriod(series.Year, y, 1))
	}
	if chosen.Valid() && !hasOption(out, string(chosen)) {
		add(chosen)
	}
	return out
}

func hasOption(list []ui.Option, value string) bool {
	for _, o := range list {
		if o.Value == value {
			return true
		}
	}
	return false
}

// stats are the first figures that have a value, large.
func (h *Handler) stats(r *http.Request, v monitor.Overview, most int) []chart.KeyFigure {
	var out []chart.KeyFigure
	for _, f := range v.Figures {
		if f.Point == nil || len(out) == most {
			continue
		}
		c := f.Point.Cell
		k := chart.KeyFigure{Name: f.Name, Href: indicatorPath(c), Proof: pointPath(f.Point, ""),
			Value: value(r.Context(), f.Point.Value, f.Point.Qualifier), Unit: f.Point.Unit,
			Spark: floats(f.Recent)}
		if f.Change != nil {
			k.Delta = kit.Say(r, "较上年同期 %s", change(r.Context(), f.Change))
		} else {
			k.Delta = period(r.Context(), f.Point.Period, f.Point.Cumulative)
		}
		out = append(out, k)
	}
	return out
}

// floats are the values of points for drawing, broken where the definition broke them.
func floats(points []monitor.Point) []float64 {
	var out []float64
	for _, p := range points {
		if p.Breaks {
			out = append(out, chart.Missing())
		}
		out = append(out, float(p.Value))
	}
	return out
}

// float is a value for drawing only.
func float(d plan.Decimal) float64 {
	x, err := strconv.ParseFloat(string(d), 64)
	if err != nil {
		return chart.Missing()
	}
	return x
}

// lightLinks are the lights with their counts, each a link to its list.
func (h *Handler) lightLinks(r *http.Request, v monitor.Overview) []lightCount {
	var out []lightCount
	for _, c := range plan.Colours() {
		if n := v.Lights[c.Value]; n > 0 {
			out = append(out, lightCount{mark: lightMark(r.Context(), plan.Colour(c.Value)), n: i18n.Int(n),
				href: lightsOf(v, c.Value)})
		}
	}
	return out
}

// lightCount is how many lights have a colour.
type lightCount struct {
	mark    ui.State
	n, href string
	current bool
}

// urgent lists the targets that need somebody, the reddest first.
func (h *Handler) urgent(r *http.Request, by authz.Actor, v monitor.Overview) (templ.Component, error) {
	page, err := h.room.ListLights(r.Context(), by, monitor.LightFilter{Region: v.Region, On: v.Day}, "",
		db.PageReq{Limit: urgentShown})
	if err != nil {
		return nil, err
	}
	var list []monitor.LightRow
	for _, l := range page.Items {
		if l.Light.Colour == plan.Red || l.Light.Colour == plan.Yellow {
			list = append(list, l)
		}
	}
	if len(list) == 0 {
		return templ.NopComponent, nil
	}
	return ui.With(ui.Block(kit.Say(r, "需要关注")),
		ui.DataTable(h.lightTable(r, list, kit.Say(r, "需要关注")))), nil
}

// figureTable lists the indicators of a set as they stand.
func (h *Handler) figureTable(r *http.Request, v monitor.Overview) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: h.setTitle(r, v), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "指标")},
		{Label: kit.Say(r, "现值"), Num: true}, {Label: kit.Say(r, "同比"), Num: true},
		{Label: kit.Say(r, "目标"), Num: true}, {Label: kit.Say(r, "完成率"), Num: true},
		{Label: kit.Say(r, "近六期")}, {Label: kit.Say(r, "牵头单位")}, {Label: kit.Say(r, "灯")}}}
	for _, f := range v.Figures {
		at := monitor.Cell{Indicator: f.Indicator, Region: v.Region}
		row := ui.Row{ID: f.Indicator, Cells: []ui.Cell{{Text: f.Name, Href: indicatorPath(at), Sub: f.Group},
			{Text: kit.Say(r, "未报")}, {Text: "—"}, {Text: "—"}, {Text: "—"}, {Text: "—"},
			{Text: ui.OrDash(f.LeadName)}, {Text: "—"}}}
		if f.Point != nil {
			row.Cells[1] = ui.Cell{Text: value(ctx, f.Point.Value, f.Point.Qualifier) + " " + f.Point.Unit,
				Href: pointPath(f.Point, ""), Sub: period(ctx, f.Point.Period, f.Point.Cumulative)}
			row.Cells[2] = changeCell(r, f.Change, f.Point)
			if len(f.Recent) > 1 {
				row.Cells[5] = ui.Cell{Body: chart.Spark(floats(f.Recent))}
			}
		}
		if l := f.Light; l != nil {
			mark := lightMark(ctx, l.Light.Colour)
			row.Cells[3] = ui.Cell{Text: goal(*l), Href: lightPath(l.Target)}
			row.Cells[4] = ui.Cell{Text: percent(l.Completion), Href: lightPath(l.Target)}
			row.Cells[7] = ui.Cell{Status: &mark}
			if l.Light.Colour == plan.Red {
				row.Tone = ui.Bad
			}
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// setTable lists the sets.
func setTable(r *http.Request, v monitor.Overview) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "指标体系"), Visible: true, Cols: []ui.Column{
		{Label: kit.Say(r, "指标体系")}, {Label: kit.Say(r, "年份")}, {Label: kit.Say(r, "指标数"), Num: true}}}
	for _, x := range v.Sets {
		tab.Rows = append(tab.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{
			{Text: x.Name, Href: kit.Join(pathSets, x.ID, ""), Sub: ui.Words(x.Label, x.Source)},
			{Text: i18n.Year(kit.Lang(r), int(x.Year))},
			{Text: i18n.Int(x.Items), Href: kit.Join(pathSets, x.ID, "")}}})
	}
	return tab
}

// getBrief is the overview for a telephone: what is red, what is yellow, the numbers, and nothing else.
func (h *Handler) getBrief(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := mayRead(by); err != nil {
		return err
	}
	v, err := h.room.Overview(r.Context(), by, readReq(r, r.FormValue("set")))
	if err != nil {
		return err
	}
	page, err := h.room.ListLights(r.Context(), by, monitor.LightFilter{Region: v.Region, On: v.Day}, "",
		db.PageReq{Limit: 20})
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "指标速览")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指标总览"), Href: pathHome}, {Text: p.Title}}
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title, Lead: h.asOf(r, v)}),
		lightCounts(h.lightLinks(r, v))}
	var lines []briefLine
	for _, l := range page.Items {
		if l.Light.Colour == plan.Red || l.Light.Colour == plan.Yellow {
			lines = append(lines, h.briefLine(r, l))
		}
	}
	if len(lines) == 0 {
		parts = append(parts, ui.Banner(ui.OK, kit.Say(r, "没有红灯和黄灯。")))
	} else {
		parts = append(parts, briefList(lines))
	}
	if v.Known > 0 {
		parts = append(parts, chart.Stats(h.stats(r, v, len(v.Figures))))
	} else {
		parts = append(parts, ui.Empty(kit.Say(r, "还没有指标数据"),
			kit.Say(r, "先建立指标体系和口径，部门填报并审核后，数据会出现在这里。")))
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(parts...)})
}

// briefLine is a light as a telephone shows it.
type briefLine struct {
	mark                      ui.State
	name, href, figures, text string
}

func (h *Handler) briefLine(r *http.Request, l monitor.LightRow) briefLine {
	figures := kit.Say(r, "目标 %s", goal(l))
	if l.Value != "" {
		figures = kit.Say(r, "现值 %s", amount(r.Context(), l.Value, l.Qualifier, l.Unit)) + " · " + figures
	}
	return briefLine{mark: lightMark(r.Context(), l.Light.Colour), name: l.Name, href: lightPath(l.Target),
		figures: ui.Words(h.subject(l), figures), text: reasons(kit.Lang(r), l.Light)}
}
