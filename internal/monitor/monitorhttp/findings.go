package monitorhttp

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const pathFindings = "/monitor/findings"

// findingFilter reads what a list of findings is narrowed to; a kind that is not there is none.
func findingFilter(r *http.Request) monitor.FindingFilter {
	f := monitor.FindingFilter{Code: r.FormValue("code"), Indicator: r.FormValue("indicator"), Region: place(r)}
	if plan.TitleOf(monitor.FindingCodes(), f.Code) == "" {
		f.Code = ""
	}
	return f
}

// getFindings lists what looks wrong in reported values.
func (h *Handler) getFindings(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	f := findingFilter(r)
	if r.FormValue("format") != "" {
		return h.send(w, r, findingSpec, kit.Say(r, "数据疑点"), paged(func(p db.PageReq) (db.Page[monitor.FindingRow], error) {
			return h.room.ListFindings(ctx, by, f, p)
		}, func(x monitor.FindingRow) []any {
			return []any{x.Name, h.PlaceName(x.Region), x.OrgName, titled(ctx, monitor.FindingCodes(), x.Code),
				h.periodNames(r, x.Finding), finding(r, x.Finding)}
		}))
	}
	page, err := h.room.ListFindings(ctx, by, f, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	counts, err := h.room.CountFindings(ctx, by, f)
	if err != nil {
		return err
	}
	var total int64
	var links []lightCount
	for _, c := range monitor.FindingCodes() {
		n := counts[c.Value]
		total += n
		if n > 0 {
			links = append(links, lightCount{mark: ui.State{Tone: ui.Warn, Text: kit.Say(r, c.Title)}, n: i18n.Int(n),
				href: addressWith(r, "code", c.Value), current: f.Code == c.Value})
		}
	}
	if f.Code != "" {
		total = counts[f.Code]
	}
	p := h.Web.Page(r, "数据疑点")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指标总览"), Href: pathHome}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "迟来的大幅更正、考核前的突变、只在变差时缺报：请向填报单位核实，疑点本身不说明数据有错。按亮灯规则里的参数每小时重算。"),
		Actions: []ui.Action{{Text: kit.Say(r, "亮灯规则"), Href: pathRules}}}
	bar := ui.Filters{Action: pathFindings, Label: kit.Say(r, "筛选疑点"), Slim: true, Fields: []ui.Filter{
		{Name: "code", Label: kit.Say(r, "类型"), Value: f.Code, Options: all(ctx, choices(ctx, monitor.FindingCodes()))},
		{Name: "region", Label: kit.Say(r, "地区"), Value: string(f.Region),
			Options: h.PlaceOptions(ctx, by, kit.Say(r, "全部"), string(f.Region))}}}
	count := ui.ResultBar{Count: kit.Say(r, "共 %s 处疑点", i18n.Int(total))}
	parts := []templ.Component{ui.ResultHead(count), lightCounts(links)}
	if len(page.Items) > 0 {
		count.Exports = exports(r)
		parts[0] = ui.ResultHead(count)
		parts = append(parts, ui.DataTable(h.findingTable(r, page.Items)))
	} else {
		parts = append(parts, ui.Empty(kit.Say(r, "没有发现疑点"), kit.Say(r, "数值审核后按规则检查；也可以放宽条件再看。")))
	}
	results := ui.With(ui.Results("", p.Title), append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))...)
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head), ui.FilterBar(bar), results),
		Part: results})
}

func (h *Handler) periodNames(r *http.Request, f monitor.Finding) string {
	var out []string
	for _, p := range f.Periods {
		out = append(out, period(r.Context(), p, false))
	}
	return ui.Words(out...)
}

// findingTable lists findings; each period leads to the value with its revisions.
func (h *Handler) findingTable(r *http.Request, list []monitor.FindingRow) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: kit.Say(r, "数据疑点"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "指标")},
		{Label: kit.Say(r, "地区或单位")}, {Label: kit.Say(r, "类型")}, {Label: kit.Say(r, "说明")},
		{Label: kit.Say(r, "数值和版次")}}}
	for _, x := range list {
		var links []ui.Link
		for _, p := range x.Periods {
			link := ui.Link{Text: period(ctx, p, false)}
			if x.Code != "gap" { // of what is missing there is no page
				link.Href = pointPath(&monitor.Point{Cell: x.Cell, Period: p}, "")
			}
			links = append(links, link)
		}
		mark := ui.State{Tone: ui.Warn, Text: titled(ctx, monitor.FindingCodes(), x.Code)}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Name, Href: indicatorPath(x.Cell)},
			{Text: h.PlaceName(x.Region), Sub: x.OrgName}, {Status: &mark}, {Text: finding(r, x.Finding)},
			{Body: ui.PlainList(links)}}})
	}
	return tab
}

// findingSpec are the columns of the file of findings.
var findingSpec = sheet.Spec{Name: "monitor-findings", Title: "数据疑点", Columns: columns("指标", "地区", "单位", "类型",
	"期别", "说明")}

// FindingQuery narrows the list of findings.
type FindingQuery struct {
	Code      string `query:"code" enum:"late,jump,gap,locked" doc:"kind of finding"`
	Indicator string `query:"indicator" maxLength:"64"`
	Region    string `query:"region" maxLength:"6" doc:"and everything inside it"`
}

func (q FindingQuery) filter() monitor.FindingFilter {
	return monitor.FindingFilter{Code: q.Code, Indicator: q.Indicator, Region: regionOf(q.Region)}
}

func (h *Handler) findingOps(a *api.API) {
	add(a, api.Operation{UseCase: "monitor.ListFindings", Method: http.MethodGet, Path: "/monitor/findings",
		Title: "数据疑点"}, func(ctx context.Context, in *struct {
		FindingQuery
		api.Paging
	}) (*kit.Body[api.Page[monitor.FindingRow]], error) {
		page, err := h.room.ListFindings(ctx, api.By(ctx), in.filter(), in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "monitor.CountFindings", Method: http.MethodGet, Path: "/monitor/findings/count",
		Title: "各类疑点的数量"}, func(ctx context.Context, in *FindingQuery) (*kit.Body[map[string]int64], error) {
		return kit.BodyOf(h.room.CountFindings(ctx, api.By(ctx), in.filter()))
	})
}
