package monitorhttp

import (
	"math"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getSet shows a place on the indicators of a set: numbers, panels, and the table of all.
func (h *Handler) getSet(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := mayRead(by); err != nil {
		return err
	}
	v, err := h.room.Overview(r.Context(), by, readReq(r, r.PathValue("id")))
	if err != nil {
		return err
	}
	if r.FormValue("format") != "" {
		return h.send(w, r, setSpec, v.Set.Name, rowsOf(h.setRows(r, v)))
	}
	if r.FormValue("view") == "print" {
		return h.printSet(w, r, v)
	}
	p := h.Web.Page(r, v.Set.Name)
	p.Title = v.Set.Name
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指标总览"), Href: pathHome}, {Text: v.Set.Name}}
	head := ui.Head{Title: v.Set.Name, Lead: ui.Words(v.Set.Label, h.asOf(r, v)), Actions: []ui.Action{
		{Text: kit.Say(r, "大屏"), Href: pathScreen + "?set=" + v.Set.ID},
		{Text: kit.Say(r, "打印版"), Href: addressWith(r, "view", "print")},
		{Text: kit.Say(r, "导出 Excel"), Href: addressWith(r, "format", "xlsx")}}}
	parts := []templ.Component{ui.PageHead(head), ui.FilterBar(h.filters(r, by, r.URL.Path, v)),
		lightCounts(h.lightLinks(r, v))}
	if v.Known == 0 {
		parts = append(parts, ui.Empty(kit.Say(r, "这套指标还没有数据"),
			kit.Say(r, "部门填报并审核后，数据会出现在这里。")))
	} else {
		parts = append(parts, chart.Stats(h.stats(r, v, keyFigures)))
		list, err := h.setPanels(r, v)
		if err != nil {
			return err
		}
		parts = append(parts, panels(list))
	}
	parts = append(parts, ui.With(ui.Block(kit.Say(r, "指标明细")), ui.DataTable(h.figureTable(r, v))))
	if v.Set.Note != "" || v.Set.Source != "" {
		parts = append(parts, ui.Note(ui.Words(v.Set.Source, v.Set.Note)))
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(parts...)})
}

// setPanels are the figures of a set: how one indicator went, how far the targets are, and how the
// districts stand.
func (h *Handler) setPanels(r *http.Request, v monitor.Overview) ([]templ.Component, error) {
	var out []templ.Component
	if f := longest(v.Figures); f != nil {
		out = append(out, h.trend(r, *f))
	}
	if bars := h.completionBars(r, v); len(bars) > 0 {
		frame := chart.Frame{ID: "completion", Title: kit.Say(r, "指标完成率（竖线为序时进度）"), Unit: "%",
			Source: kit.Say(r, "来源：填报审核值与系统度量 · 亮灯规则见“指标亮灯规则”")}
		out = append(out, barred(frame, kit.Say(r, "指标"), bars))
	}
	drawn := 0
	for _, f := range v.Figures {
		if f.Point == nil || drawn == districtPanels {
			continue
		}
		a, err := h.room.Across(r.Context(), web.Actor(r), f.Indicator, v.Region, v.Period)
		if err != nil {
			return nil, err
		}
		if len(a.Places) == 0 {
			continue
		}
		if drawn == 0 {
			out = append(out, h.districtBars(r, f.Name, f.Point.Unit, a))
		}
		if len(a.Periods) > 1 {
			out = append(out, h.districtHeat(r, f.Name, f.Point.Unit, a))
		}
		drawn++
	}
	return out, nil
}

// districtPanels is how many indicators are drawn by district.
const districtPanels = 2

// longest is the figure with the most recent points, the first of several; nil when none has two.
func longest(list []monitor.Figure) *monitor.Figure {
	var out *monitor.Figure
	for i, f := range list {
		if len(f.Recent) > 1 && (out == nil || len(f.Recent) > len(out.Recent)) {
			out = &list[i]
		}
	}
	return out
}

// trend draws how an indicator went.
func (h *Handler) trend(r *http.Request, f monitor.Figure) templ.Component {
	p := h.plotted(r, f.Recent, nil)
	frame := chart.Frame{ID: "trend", Title: kit.Say(r, "%s走势", f.Name), Unit: f.Point.Unit, Data: &p,
		Source: h.source(r, f.Point)}
	return lined(frame, p)
}

// source says where a point is from and of which day.
func (h *Handler) source(r *http.Request, p *monitor.Point) string {
	if p == nil {
		return ""
	}
	return kit.Say(r, "来源：%s", origin(r, *p)) + " · " +
		kit.Say(r, "数据截至 %s", i18n.DateLong(kit.Lang(r), p.AsOf))
}

// origin says how a point came about.
func origin(r *http.Request, p monitor.Point) string {
	if p.Origin == monitor.FromObservation {
		return titled(r.Context(), indicator.Sources(), p.Source)
	}
	return titled(r.Context(), monitor.Origins(), p.Origin)
}

// completionBars are the completions of the targets, with the schedule as a mark.
func (h *Handler) completionBars(r *http.Request, v monitor.Overview) []chart.Bar {
	const full = 80 // where 100 % stands, so that more can be seen
	tone := map[plan.Colour]string{plan.Red: "bad", plan.Yellow: "warn", plan.Blue: "ok", plan.Grey: "mute"}
	var out []chart.Bar
	for _, f := range v.Figures {
		l := f.Light
		if l == nil || l.Completion == "" {
			continue
		}
		bar := chart.Bar{Name: f.Name, Href: indicatorPath(l.Series()), Share: float(l.Completion) * full / 100,
			Text: percent(l.Completion), Proof: lightPath(l.Target), Tone: tone[l.Light.Colour]}
		if l.Planned != "" {
			bar.Mark = float(l.Planned) * full / 100
		}
		out = append(out, bar)
	}
	return out
}

// districtBars ranks the places in the one that is shown.
func (h *Handler) districtBars(r *http.Request, name, unit string, a monitor.Across) templ.Component {
	return barred(chart.Frame{ID: "districts", Title: kit.Say(r, "各区县%s", name), Unit: unit,
		Source: period(r.Context(), a.Periods[len(a.Periods)-1], cumulative(a))}, kit.Say(r, "区县"),
		h.placeBars(r, a))
}

// cumulative says whether the last values gather from the start of the year.
func cumulative(a monitor.Across) bool {
	for _, row := range a.Places {
		if p := row.Last(); p != nil {
			return p.Cumulative
		}
	}
	return false
}

func (h *Handler) placeBars(r *http.Request, a monitor.Across) []chart.Bar {
	top := 0.0
	for _, row := range a.Places {
		if p := row.Last(); p != nil {
			top = math.Max(top, float(p.Value))
		}
	}
	var out []chart.Bar
	for _, row := range a.Places {
		bar := chart.Bar{Name: h.PlaceName(row.Region),
			Href: indicatorPath(monitor.Cell{Indicator: a.Indicator, Region: row.Region})}
		if p := row.Last(); p != nil {
			bar.Text, bar.Proof = value(r.Context(), p.Value, p.Qualifier), pointPath(p, "")
			if top > 0 {
				bar.Share = 100 * float(p.Value) / top
			}
		}
		out = append(out, bar)
	}
	return out
}

// districtHeat shows the places over time.
func (h *Handler) districtHeat(r *http.Request, name, unit string, a monitor.Across) templ.Component {
	heat := chart.Heat{Corner: kit.Say(r, "区县")}
	for _, p := range a.Periods {
		heat.Cols = append(heat.Cols, period(r.Context(), p, cumulative(a)))
	}
	for _, row := range a.Places {
		heat.Rows = append(heat.Rows, h.PlaceName(row.Region))
		heat.RowHrefs = append(heat.RowHrefs,
			indicatorPath(monitor.Cell{Indicator: a.Indicator, Region: row.Region}))
		values, hrefs := make([]float64, len(row.Points)), make([]string, len(row.Points))
		for i, p := range row.Points {
			values[i] = chart.Missing()
			if p != nil {
				values[i], hrefs[i] = float(p.Value), pointPath(p, "")
			}
		}
		heat.Values, heat.Hrefs = append(heat.Values, values), append(heat.Hrefs, hrefs)
	}
	return tinted(chart.Frame{Title: kit.Say(r, "各区县各期%s", name), Unit: unit}, heat)
}

// plotted draws points: a line for each stretch between breaks of the series, the target as a line of
// its own, and each number in the table behind it as a link to what proves it.
func (h *Handler) plotted(r *http.Request, points []monitor.Point, target *monitor.LightRow) chart.Plotted {
	points = points[max(0, len(points)-chart.MaxPoints):]
	breaks := 0
	for _, p := range points[min(1, len(points)):] {
		if p.Breaks {
			breaks++
		}
	}
	most := chart.MaxLines
	if target != nil {
		most--
	}
	var labels []string
	list := make([]chart.Series, min(breaks+1, most))
	hrefs := make([][]string, len(list))
	unit := ""
	line := 0
	for i, p := range points {
		labels, unit = append(labels, period(r.Context(), p.Period, p.Cumulative)), p.Unit
		if i > 0 && p.Breaks && line < len(list)-1 {
			line++
		}
		for k := range list {
			v, href := chart.Missing(), ""
			if k == line {
				v, href = float(p.Value), pointPath(&p, "")
			}
			list[k].Values, hrefs[k] = append(list[k].Values, v), append(hrefs[k], href)
		}
	}
	for k := range list {
		list[k].Name = kit.Say(r, "数值")
		if len(list) > 1 {
			list[k].Name = kit.Say(r, "口径 %d", k+1)
		}
	}
	if target != nil {
		goals := chart.Series{Name: kit.Say(r, "目标")}
		var links []string
		for range points {
			goals.Values = append(goals.Values, float(target.Goal))
			links = append(links, lightPath(target.Target))
		}
		list, hrefs = append(list, goals), append(hrefs, links)
	}
	out := chart.Lines(unit, labels, list...)
	out.Hrefs = hrefs
	return out
}

// setSpec are the columns of the table of a set.
var setSpec = sheet.Spec{Name: "monitor-set", Title: "指标明细", Columns: columns("序号", "分组", "指标", "地区",
	"统计期", "现值", "修饰", "计量单位", "数据截至", "上年同期", "同比", "目标", "完成率（%）", "序时进度（%）", "缺口", "灯",
	"理由", "牵头单位", "来源")}

func (h *Handler) setRows(r *http.Request, v monitor.Overview) [][]any {
	ctx := r.Context()
	var out [][]any
	for i, f := range v.Figures {
		row := []any{i + 1, f.Group, f.Name, h.PlaceName(v.Region), "", "", "", f.Unit, "", "", "", "", "", "", "",
			"", "", f.LeadName, ""}
		if p := f.Point; p != nil {
			row[4], row[5], row[7] = period(ctx, p.Period, p.Cumulative), cell(p.Value), p.Unit
			row[6], row[8] = titled(ctx, indicator.Qualifiers(), p.Qualifier), string(p.AsOf)
			row[18] = origin(r, *p)
		}
		if f.Change != nil {
			row[9], row[10] = cell(f.Change.Before), signed(ctx, f.Change)
		}
		if l := f.Light; l != nil {
			row[11], row[12], row[13], row[14] = cell(l.Goal), cell(l.Completion), cell(l.Planned), cell(l.Gap)
			row[15], row[16] = lightMark(ctx, l.Light.Colour).Text, reasons(kit.Lang(r), l.Light)
		}
		out = append(out, row)
	}
	return out
}

// printSet shows a set for paper.
func (h *Handler) printSet(w http.ResponseWriter, r *http.Request, v monitor.Overview) error {
	ctx := r.Context()
	var rows [][]string
	for i, f := range v.Figures {
		row := []string{strconv.Itoa(i + 1), f.Name, kit.Say(r, "未报"), "—", "—", "—", "—", ui.OrDash(f.LeadName)}
		if p := f.Point; p != nil {
			row[2] = amount(ctx, p.Value, p.Qualifier, p.Unit) + "（" + period(ctx, p.Period, p.Cumulative) + "）"
			if kit.Lang(r) == i18n.EN {
				row[2] = amount(ctx, p.Value, p.Qualifier, p.Unit) + " (" + period(ctx, p.Period, p.Cumulative) + ")"
			}
			row[3] = signed(ctx, f.Change)
		}
		if l := f.Light; l != nil {
			row[4], row[5] = goal(*l), percent(l.Completion)
			row[6] = lightMark(ctx, l.Light.Colour).Text
		}
		rows = append(rows, row)
	}
	p := h.Web.Page(r, v.Set.Name)
	p.Title = v.Set.Name
	doc := ui.Document{Back: addressWith(r, "view", ""), Issuer: p.Site.Organiser,
		Date: i18n.DateLong(kit.Lang(r), clock.DateOf(h.Now()))}
	return h.Web.RenderPrint(w, r, p, doc, templ.Join(ui.Note(h.asOf(r, v)),
		kit.PaperTable(v.Set.Name, []string{kit.Say(r, "序号"), kit.Say(r, "指标"), kit.Say(r, "现值"),
			kit.Say(r, "同比"), kit.Say(r, "目标"), kit.Say(r, "完成率"), kit.Say(r, "灯"),
			kit.Say(r, "牵头单位")}, rows)))
}
