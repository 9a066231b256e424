package monitorhttp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func noSuch() error { return fault.New(fault.NotFound, "没有找到这条记录") }

// getIndicator shows an indicator of a place: how it is counted, how it went, how far its targets are,
// how the districts stand, what may come, and what was set going.
func (h *Handler) getIndicator(w http.ResponseWriter, r *http.Request) error {
	if err := mayRead(web.Actor(r)); err != nil {
		return err
	}
	if !id.Valid(r.PathValue("id")) {
		return noSuch()
	}
	v, err := h.room.GetIndicator(r.Context(), web.Actor(r), r.PathValue("id"), place(r), r.FormValue("org"))
	if err != nil {
		return err
	}
	if r.FormValue("format") != "" {
		return h.send(w, r, seriesSpec, v.Name, rowsOf(h.seriesRows(r, v)))
	}
	a, err := h.room.Across(r.Context(), web.Actor(r), v.ID, v.Cell.Region, "")
	if err != nil {
		return err
	}
	p := h.Web.Page(r, v.Name)
	p.Title = v.Name
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指标总览"), Href: pathHome}, {Text: v.Name}}
	head := ui.Head{Title: v.Name, Lead: h.cellName(v), Actions: []ui.Action{
		{Text: kit.Say(r, "口径与文件说法"), Href: "/indicators/" + v.ID}}}
	if len(v.Series) > 0 {
		head.Actions = append(head.Actions,
			ui.Action{Text: kit.Say(r, "导出 Excel"), Href: addressWith(r, "format", "xlsx")})
	}
	if l := v.Current(); l != nil {
		mark := lightMark(r.Context(), l.Light.Colour)
		head.Status = &mark
	}
	main, err := h.indicatorMain(r, v, a)
	if err != nil {
		return err
	}
	if monitor.PointPolicy.Could(web.Actor(r), monitor.ActPointMake) {
		main = append(main, ui.PostButton(ui.Post{Action: kit.Join(pathIndicators, v.ID, "recompute"),
			Hidden: []ui.Hidden{{Name: "region", Value: string(v.Cell.Region)}},
			Button: ui.Action{Text: kit.Say(r, "重新计算"), Small: true}}))
	}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(h.placeFilter(r, v)),
		ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), h.indicatorFacts(r, v))), ui.With(ui.Stack(), main...)))
	return h.Web.Render(w, r, web.View{Page: p, Body: body})
}

// cellName is whose numbers are shown.
func (h *Handler) cellName(v monitor.IndicatorView) string {
	if v.Cell.Org != "" {
		for _, p := range v.Series {
			if p.OrgName != "" {
				return p.OrgName
			}
		}
	}
	return h.PlaceName(v.Cell.Region)
}

func (h *Handler) placeFilter(r *http.Request, v monitor.IndicatorView) ui.Filters {
	return ui.Filters{Action: r.URL.Path, Label: kit.Say(r, "选择地区"), Slim: true, Fields: []ui.Filter{
		{Name: "region", Label: kit.Say(r, "地区"), Value: string(v.Cell.Region),
			Options: h.PlaceOptions(r.Context(), web.Actor(r), "", string(v.Cell.Region))}}}
}

// indicatorMain are the parts of the page, those that have something to say.
func (h *Handler) indicatorMain(
	r *http.Request, v monitor.IndicatorView, a monitor.Across,
) ([]templ.Component, error) {
	var main []templ.Component
	for _, f := range v.Findings {
		main = append(main, ui.Banner(ui.Warn, kit.Say(r, "请核实：%s", finding(r, f))))
	}
	if len(v.Series) == 0 && len(v.Stations) == 0 {
		main = append(main, ui.Empty(kit.Say(r, "这个地区还没有这项指标的数据"),
			kit.Say(r, "换一个地区，或由责任单位填报。")))
	}
	if len(v.Series) > 0 {
		main = append(main, h.seriesFigure(r, v))
	}
	if len(v.Stations) > 0 {
		main = append(main, h.stationBlock(r, v))
	}
	if v.Forecast != nil {
		main = append(main, ui.With(ui.Block(kit.Say(r, "年末预计")), ui.Note(forecastText(r, v))))
	} else if v.NoForecast != "" {
		main = append(main, ui.With(ui.Block(kit.Say(r, "年末预计")), ui.Note(kit.Say(r, "没有预计：%s",
			series.LackText(v.NoForecast, kit.Lang(r) == i18n.EN)))))
	}
	if len(v.Lights) > 0 {
		main = append(main, ui.With(ui.Block(kit.Say(r, "目标与亮灯")),
			ui.DataTable(h.ownLights(r, v.Lights))))
	}
	if len(v.Alerts) > 0 {
		main = append(main, ui.With(ui.Block(kit.Say(r, "红灯开的任务")), ui.DataTable(h.alertTable(r, v.Alerts))))
	}
	if len(a.Places) > 0 {
		unit := v.Unit
		drawn, err := h.districtMap(r, v.Name, unit, a)
		if err != nil {
			return nil, err
		}
		list := []templ.Component{drawn}
		if len(a.Periods) > 1 {
			list = append(list, h.districtHeat(r, v.Name, unit, a))
		}
		main = append(main, panels(list))
	}
	mean, err := h.meanBlock(r, v)
	if err != nil {
		return nil, err
	}
	if mean != nil {
		main = append(main, mean)
	}
	if len(v.Series) > 0 {
		main = append(main, ui.With(ui.Block(kit.Say(r, "各期数值")), ui.DataTable(h.seriesTable(r, v))))
	}
	if len(v.Definitions) > 0 {
		main = append(main, ui.With(ui.Block(kit.Say(r, "口径沿革")), ui.DataTable(definitionTable(r, v.Definitions))))
	}
	return main, nil
}

// ownLights lists the targets of the one indicator and place that the page is about.
func (h *Handler) ownLights(r *http.Request, list []monitor.LightRow) ui.Table {
	tab := h.lightTable(r, list, kit.Say(r, "目标与亮灯"))
	tab.Cols = []ui.Column{{Label: kit.Say(r, "目标期间")}, tab.Cols[1], tab.Cols[3], tab.Cols[4], tab.Cols[5],
		tab.Cols[6], {Label: kit.Say(r, "理由")}}
	for i, l := range list {
		cells := tab.Rows[i].Cells
		tab.Rows[i].Cells = []ui.Cell{{Text: span(kit.Lang(r), l.From, l.To), Href: lightPath(l.Target)}, cells[1],
			cells[3], cells[4], cells[5], cells[6], {Text: reasons(kit.Lang(r), l.Light)}}
	}
	return tab
}

func finding(r *http.Request, f monitor.Finding) string {
	if kit.Lang(r) == i18n.EN {
		return f.English
	}
	return f.Text
}

// seriesFigure draws the series with its breaks and the target in force.
func (h *Handler) seriesFigure(r *http.Request, v monitor.IndicatorView) templ.Component {
	var points []monitor.Point
	kind := v.Series[len(v.Series)-1].Period.Kind()
	for _, p := range v.Series {
		if p.Period.Kind() == kind {
			points = append(points, p.Point)
		}
	}
	target := v.Current()
	if target != nil && (target.Measure != "level" || target.Unit != points[len(points)-1].Unit) {
		target = nil
	}
	p := h.plotted(r, points, target)
	last := points[len(points)-1]
	title := kit.Say(r, "%s走势", v.Name)
	if slices.ContainsFunc(points, func(p monitor.Point) bool { return p.Breaks }) {
		title = kit.Say(r, "%s走势（口径有变，分段绘制，不连线）", v.Name)
	}
	return lined(chart.Frame{ID: "series", Title: title, Unit: last.Unit, Data: &p,
		Source: h.source(r, &last)}, p)
}

// forecastText says what is expected, how, and from what.
func forecastText(r *http.Request, v monitor.IndicatorView) string {
	f, en := v.Forecast, kit.Lang(r) == i18n.EN
	told := f.Value.Amount(f.Unit)
	if f.Low != "" && f.High != "" {
		told = kit.Say(r, "%s（%s 至 %s）", told, f.Low.Grouped(), f.High.Amount(f.Unit))
	}
	text := kit.Say(r, "%s预计为 %s。", period(r.Context(), f.Period, false), told)
	how := series.MethodText(f.Method, en)
	if len(f.Years) > 0 {
		var years []string
		for _, y := range f.Years {
			years = append(years, kit.Number(int64(y)))
		}
		how = ui.Words(how, kit.Say(r, "所据年份 %s", strings.Join(years, ", ")))
	}
	if l := v.Current(); l != nil && l.Measure == "level" && l.Unit == f.Unit {
		how = ui.Words(how, kit.Say(r, "目标 %s", goal(*l)))
	}
	text += " " + kit.Say(r, "方法：%s", how)
	if f.Lack != "" {
		text += " " + kit.Say(r, "不给区间：%s", series.LackText(f.Lack, en))
	}
	return text
}

// indicatorFacts are how the indicator is counted now.
func (h *Handler) indicatorFacts(r *http.Request, v monitor.IndicatorView) []ui.Fact {
	ctx := r.Context()
	var facts []ui.Fact
	if n := len(v.Series); n > 0 {
		p := v.Series[n-1]
		facts = append(facts, ui.Fact{Term: period(ctx, p.Period, p.Cumulative), Big: true,
			Text: amount(ctx, p.Value, p.Qualifier, p.Unit), Href: pointPath(&p.Point, ""),
			Source: h.source(r, &p.Point)})
	}
	facts = append(facts, ui.Fact{Term: kit.Say(r, "方向"), Text: titled(ctx, plan.Directions(), v.Direction)})
	if n := len(v.Definitions); n > 0 {
		d := v.Definitions[n-1]
		facts = append(facts, ui.Fact{Term: kit.Say(r, "口径"), Text: ui.OrDash(d.Text)},
			ui.Fact{Term: kit.Say(r, "取数方式"), Text: titled(ctx, indicator.Kinds(), d.Kind)},
			ui.Fact{Term: kit.Say(r, "频度"), Text: titled(ctx, indicator.Frequencies(), d.Frequency)},
			ui.Fact{Term: kit.Say(r, "责任单位"), Text: ui.OrDash(d.OrgName)})
		if d.Formula != "" {
			facts = append(facts, ui.Fact{Term: kit.Say(r, "公式"), Text: d.Formula})
		}
		if d.DueDays > 0 {
			facts = append(facts, ui.Fact{Term: kit.Say(r, "填报时限"),
				Text: kit.Say(r, "期末后 %d 个工作日 %s", d.DueDays, d.DueTime)})
		}
		facts = append(facts, ui.Fact{Term: kit.Say(r, "来源"), Text: ui.OrDash(d.Source)})
	}
	return append(facts, ui.Fact{Term: kit.Say(r, "编号"), CopyID: v.ID})
}

// seriesTable lists the points, the latest first; a break stands where the definition broke the series.
func (h *Handler) seriesTable(r *http.Request, v monitor.IndicatorView) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: kit.Say(r, "各期数值"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "统计期")},
		{Label: kit.Say(r, "数值"), Num: true}, {Label: kit.Say(r, "同比"), Num: true},
		{Label: kit.Say(r, "环比"), Num: true}, {Label: kit.Say(r, "数据截至")}, {Label: kit.Say(r, "来源")}}}
	for _, p := range slices.Backward(v.Series) {
		first := ui.Cell{Text: period(ctx, p.Period, p.Cumulative), Href: pointPath(&p.Point, "")}
		if p.Evidence.Locked {
			first.Sub = kit.Say(r, "已锁定")
		}
		if p.Breaks {
			first.Kind = &ui.State{Tone: ui.Warn, Text: kit.Say(r, "口径变更")}
		}
		if p.Revision > 1 {
			first.Sub = kit.Say(r, "第 %d 版", p.Revision)
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{first,
			{Text: amount(ctx, p.Value, p.Qualifier, p.Unit), Href: pointPath(&p.Point, "")},
			changeCell(r, p.OnYear, &p.Point), changeCell(r, p.OnPeriod, &p.Point),
			{Text: i18n.Date(kit.Lang(r), p.AsOf)}, {Text: origin(r, p.Point)}}})
	}
	return tab
}

// changeCell shows a change, which the page of the point explains.
func changeCell(r *http.Request, c *monitor.Change, p *monitor.Point) ui.Cell {
	out := ui.Cell{Text: signed(r.Context(), c)}
	if c != nil {
		out.Href = pointPath(p, "")
	}
	return out
}

// definitionTable lists how the indicator was counted, and from when.
func definitionTable(r *http.Request, list []indicator.Definition) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "口径沿革"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "版本")},
		{Label: kit.Say(r, "口径")}, {Label: kit.Say(r, "生效")}, {Label: kit.Say(r, "与上一版")},
		{Label: kit.Say(r, "来源")}}}
	for _, d := range slices.Backward(list) {
		until := kit.Say(r, "%s 起", i18n.Date(kit.Lang(r), d.From))
		if d.To != "" {
			until = i18n.Date(kit.Lang(r), d.From) + "—" + i18n.Date(kit.Lang(r), d.To.AddDays(-1))
		}
		joins := kit.Say(r, "连续")
		if d.Breaks {
			joins = kit.Say(r, "不可比")
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: kit.Say(r, "第 %d 版", d.N)},
			{Text: ui.OrDash(d.Text), Sub: d.Formula}, {Text: until}, {Text: joins, Sub: d.BreakNote},
			{Text: ui.OrDash(d.Source)}}})
	}
	return tab
}

// seriesSpec are the columns of the file of a series.
var seriesSpec = sheet.Spec{Name: "monitor-series", Title: "各期数值", Columns: columns("指标", "地区", "统计期",
	"数值", "修饰", "计量单位", "数据截至", "同比", "环比", "口径变更", "版次", "来源")}

func (h *Handler) seriesRows(r *http.Request, v monitor.IndicatorView) [][]any {
	ctx := r.Context()
	var out [][]any
	for _, p := range v.Series {
		out = append(out, []any{v.Name, h.cellName(v), period(ctx, p.Period, p.Cumulative), cell(p.Value),
			titled(ctx, indicator.Qualifiers(), p.Qualifier), p.Unit, string(p.AsOf), signed(ctx, p.OnYear),
			signed(ctx, p.OnPeriod), p.Breaks, p.Revision, origin(r, p.Point)})
	}
	return out
}

// postRecompute makes the points and lights of an indicator anew.
func (h *Handler) postRecompute(w http.ResponseWriter, r *http.Request) error {
	if !id.Valid(r.PathValue("id")) {
		return noSuch()
	}
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	done, err := h.room.Recompute(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	back := kit.Join(pathIndicators, r.PathValue("id"), "")
	if code := place(r); code != "" {
		back += "?region=" + url.QueryEscape(string(code))
	}
	return h.Web.Redirect(w, r, back, "已重新计算 %s 个数据点", i18n.Int(int64(done.Points)))
}

// getPoint shows what proves a number.
func (h *Handler) getPoint(w http.ResponseWriter, r *http.Request) error {
	v, err := h.pointOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	p := h.pointPage(r, v)
	head := ui.Head{Title: ui.Words(v.Name, period(ctx, v.Period, v.Cumulative)),
		Lead: ui.Words(h.pointSubject(v), origin(r, v.Point))}
	if v.Breaks {
		head.Status = &ui.State{Tone: ui.Warn, Text: kit.Say(r, "口径变更")}
	}
	main := h.proof(r, v)
	if len(v.Revisions) > 0 {
		main = append(main, ui.With(ui.Block(kit.Say(r, "版次")), ui.DataTable(revisionTable(r, v))))
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), h.pointFacts(r, v))),
		ui.With(ui.Stack(), main...)))
	return h.Web.Render(w, r, web.View{Page: p, Body: body})
}

func (h *Handler) pointOf(r *http.Request) (monitor.PointView, error) {
	if err := mayRead(web.Actor(r)); err != nil {
		return monitor.PointView{}, err
	}
	c := monitor.Cell{Indicator: r.PathValue("indicator"), Org: r.FormValue("org")}
	p, ok := series.ParsePeriod(r.PathValue("period"))
	if !id.Valid(c.Indicator) || !ok {
		return monitor.PointView{}, noSuch()
	}
	c.Region = regionOf(r.PathValue("region"))
	return h.room.GetPoint(r.Context(), web.Actor(r), c, p)
}

func (h *Handler) pointPage(r *http.Request, v monitor.PointView) ui.Page {
	p := h.Web.Page(r, v.Name)
	p.Title = ui.Words(v.Name, period(r.Context(), v.Period, v.Cumulative))
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指标总览"), Href: pathHome}, {Text: v.Name, Href: indicatorPath(v.Cell)},
		{Text: period(r.Context(), v.Period, v.Cumulative)}}
	return p
}

func (h *Handler) pointSubject(v monitor.PointView) string {
	if v.OrgName != "" {
		return v.OrgName
	}
	return h.PlaceName(v.Region)
}

func (h *Handler) pointFacts(r *http.Request, v monitor.PointView) []ui.Fact {
	ctx := r.Context()
	before := ui.Fact{Term: kit.Say(r, "上年同期"), Text: kit.Say(r, "未报")}
	if b := v.YearBefore; b != nil {
		before.Text, before.Href = amount(ctx, b.Value, b.Qualifier, b.Unit), pointPath(b, "")
	}
	value := ui.Fact{Term: kit.Say(r, "数值"), Big: true, Text: amount(ctx, v.Value, v.Qualifier, v.Unit)}
	if v.Evidence.Locked {
		value.Term = kit.Say(r, "数值（已锁定）")
	}
	return []ui.Fact{value,
		before, {Term: kit.Say(r, "同比"), Text: signed(ctx, v.OnYear)},
		{Term: kit.Say(r, "修饰"), Text: titled(ctx, indicator.Qualifiers(), v.Qualifier)},
		{Term: kit.Say(r, "统计期"), Text: period(ctx, v.Period, v.Cumulative)},
		{Term: kit.Say(r, "数据截至"), Text: i18n.DateLong(kit.Lang(r), v.AsOf)},
		{Term: kit.Say(r, "地区或单位"), Text: h.pointSubject(v)},
		{Term: kit.Say(r, "口径"), Text: ui.OrDash(v.Definition.Text), Href: indicatorPath(v.Cell)},
		{Term: kit.Say(r, "版次"), Text: kit.Number(v.Revision)},
		{Term: kit.Say(r, "记录时间"), Text: i18n.DateTime(kit.Lang(r), clock.Time(v.AtUs))}}
}

// proof is what a number rests on: the value as reported, the words of a document, the rows that were
// counted, or the numbers that a formula used.
func (h *Handler) proof(r *http.Request, v monitor.PointView) []templ.Component {
	var out []templ.Component
	e := v.Evidence
	var links []ui.Link
	if e.Observation != "" {
		links = append(links, ui.Link{Text: kit.Say(r, "填报与审核记录"), Href: "/observations/" + e.Observation})
	}
	if v.Document != "" {
		links = append(links, ui.Link{Text: "《" + v.Document + "》", Href: "/documents/" + e.Document})
	}
	if len(links) > 0 {
		out = append(out, ui.With(ui.Block(kit.Say(r, "来源")), ui.PlainList(links)))
	}
	if c := e.Recount; c != nil {
		now := kit.Say(r, "算不出数值")
		if c.Value != "" {
			now = c.Value.Amount(c.Unit)
		}
		out = append(out, ui.Banner(ui.Warn, kit.Say(r, "这一期已锁定，保留锁定时的数值；按现在的数据和口径重新计算：%s", now)))
	}
	if e.Measure != "" {
		out = append(out, h.measured(r, v))
	}
	if e.Formula != "" {
		out = append(out, ui.With(ui.Block(kit.Say(r, "公式")), ui.Note(e.Formula), ui.DataTable(h.inputTable(r, v))))
	}
	return out
}

// measured says what was counted, and leads to the rows.
func (h *Handler) measured(r *http.Request, v monitor.PointView) templ.Component {
	e := v.Evidence
	title := e.Measure
	if v.Measure != "" {
		title = kit.Say(r, v.Measure)
	}
	text := kit.Say(r, "%s：%s", title, strings.TrimSpace(i18n.Int(e.Figure)+" "+v.Counted))
	if e.Factor != "" && e.Factor != "1" {
		text = kit.Say(r, "%s × %s", text, e.Factor)
	}
	parts := []templ.Component{ui.Note(text)}
	if v.CanList {
		parts = append(parts, ui.Button(ui.Action{Text: kit.Say(r, "看明细"), Href: pointPath(&v.Point, "/rows")}))
	}
	return ui.With(ui.Block(kit.Say(r, "系统度量")), parts...)
}

// counted writes what a row counts for; money is read aloud.
func counted(r *http.Request, v monitor.PointView, n int64) string {
	if v.Counted == fenUnit {
		return i18n.Yuan(kit.Lang(r), money.Fen(n))
	}
	return strings.TrimSpace(i18n.Int(n) + " " + v.Counted)
}

// fenUnit is the unit in which measures count money.
const fenUnit = "分"

// inputTable lists what a formula was computed from.
func (h *Handler) inputTable(r *http.Request, v monitor.PointView) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "公式用到的数据"), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "指标")}, {Label: kit.Say(r, "统计期")}, {Label: kit.Say(r, "数值"), Num: true}}}
	for _, x := range v.Evidence.Inputs {
		row := []ui.Cell{{Text: x.Name, Sub: x.OrgName}, {Text: period(r.Context(), x.Period, false)},
			{Text: kit.Say(r, "未报")}}
		if x.Value != "" {
			at := monitor.Point{Period: x.Period,
				Cell: monitor.Cell{Indicator: x.Indicator, Region: x.Region, Org: x.Org}}
			row[2] = ui.Cell{Text: x.Value.Amount(x.Unit), Href: pointPath(&at, "")}
			row[0].Href = indicatorPath(at.Cell)
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: row})
	}
	return tab
}

// revisionTable lists what was reported for the period, the newest first.
func revisionTable(r *http.Request, v monitor.PointView) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "版次"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "版次")},
		{Label: kit.Say(r, "数值"), Num: true}, {Label: kit.Say(r, "审核时间")}, {Label: kit.Say(r, "更正理由")}}}
	for _, x := range slices.Backward(v.Revisions) {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: kit.Say(r, "第 %d 版", x.Revision)},
			{Text: amount(r.Context(), x.Value, x.Qualifier, x.Unit), Href: "/observations/" + x.Observation},
			{Text: i18n.DateTime(kit.Lang(r), clock.Time(x.ApprovedUs))}, {Text: ui.OrDash(x.Reason)}}})
	}
	return tab
}

// getRows lists the rows that a measure counted.
func (h *Handler) getRows(w http.ResponseWriter, r *http.Request) error {
	v, err := h.pointOf(r)
	if err != nil {
		return err
	}
	page, err := h.room.PointRows(r.Context(), web.Actor(r), v.Cell, v.Period, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	p := h.pointPage(r, v)
	p.Crumbs[2].Href = pointPath(&v.Point, "")
	p.Crumbs = append(p.Crumbs, ui.Link{Text: kit.Say(r, "明细")})
	head := ui.Head{Title: ui.Words(v.Name, kit.Say(r, "明细")), Lead: kit.Say(r,
		"现有记录中您可以查看的明细；数据点为 %s，读数时间 %s。", v.Value.Amount(v.Unit),
		i18n.DateTime(kit.Lang(r), clock.Time(v.AtUs)))}
	tab := ui.Table{Caption: kit.Say(r, "明细"), Plain: true, Cols: []ui.Column{{Label: kit.Say(r, "记录")},
		{Label: kit.Say(r, "计入"), Num: true}}}
	for _, x := range page.Items {
		tab.Rows = append(tab.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{{Text: x.Title, Href: x.Href},
			{Text: counted(r, v, x.Value), Href: x.Href}}})
	}
	results := ui.With(ui.Results("", kit.Say(r, "明细")), ui.DataTable(tab),
		ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	if len(page.Items) == 0 {
		results = ui.With(ui.Results("", kit.Say(r, "明细")), ui.Empty(kit.Say(r, "没有您可以查看的明细"),
			kit.Say(r, "这些记录由其他单位管理，或已有变动。")))
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head), results), Part: results})
}
