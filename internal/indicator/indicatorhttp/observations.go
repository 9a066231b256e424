package indicatorhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// observationFilter reads the filter of the list of values.
func observationFilter(v url.Values) (indicator.ObservationFilter, error) {
	f := indicator.ObservationFilter{Indicator: v.Get("indicator"), Set: v.Get("set"),
		Region: region.Code(v.Get("region")), Reporter: v.Get("reporter"),
		Period: series.Period(v.Get("period")), State: v.Get("state"), Source: v.Get("source"),
		Document: v.Get("document")}
	if f.Period != "" && !f.Period.Valid() {
		f.Period = ""
		return f, fault.Fields(fault.At("period", "期别应写作 2026、2026H1、2026Q3 或 2026-09"))
	}
	return f, nil
}

// getObservations lists values.
func (h *Handler) getObservations(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if !indicator.ObservationPolicy.Could(by, indicator.ActObservationRead) {
		return kit.ErrRole()
	}
	f, wrong := observationFilter(r.URL.Query())
	if format := r.FormValue("format"); format != "" && wrong == nil {
		return h.export(w, r, "指标数据", format, ui.Words(string(f.Period), string(f.Region), f.State),
			func(e indicator.Export, out *web.Download) error {
				_, err := h.room.WriteObservations(ctx, by, f, e, out)
				return err
			})
	}
	var results templ.Component
	var err error
	if wrong != nil {
		results = ui.With(ui.Results("", kit.Say(r, "数值")), ui.ErrorSummary(ui.SummaryOf(kit.Lang(r), wrong)))
	} else if results, err = h.observationResults(r, f); err != nil {
		return err
	}
	sets, err := h.setOptions(r, "全部体系")
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "指标数值")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "每个数值都带口径、期别、截至日和来源；点开可看依据、修订和办理经过。")}
	bar := ui.Filters{Action: pathObservations, Label: kit.Say(r, "筛选数值"), Fields: []ui.Filter{
		{Kind: ui.FilterSelect, Name: "period", Label: kit.Say(r, "期别"), Value: string(f.Period),
			Options: h.periodOptions(r, string(f.Period))},
		{Kind: ui.FilterSelect, Name: "set", Label: kit.Say(r, "指标体系"), Value: f.Set, Options: sets},
		{Kind: ui.FilterSelect, Name: "region", Label: kit.Say(r, "地区"), Value: string(f.Region),
			Options: h.PlaceOptions(ctx, by, "全部地区", string(f.Region))},
		{Kind: ui.FilterSelect, Name: "state", Label: kit.Say(r, "状态"), Value: f.State,
			Options: options(ctx, "全部状态", indicator.ObservationStates())}},
		More: []ui.Filter{{Kind: ui.FilterSelect, Name: "source", Label: kit.Say(r, "来源"), Value: f.Source,
			Options: options(ctx, "全部来源", indicator.Sources())}}, MoreOn: f.Source != ""}
	for _, x := range []ui.Hidden{{Name: "indicator", Value: f.Indicator}, {Name: "reporter", Value: f.Reporter},
		{Name: "document", Value: f.Document}} {
		if x.Value != "" {
			bar.Hidden = append(bar.Hidden, x)
		}
	}
	body := templ.Join(ui.PageHead(head), ui.With(h.tabs(r, pathObservations), ui.FilterBar(bar), results))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p, Body: body, Part: results})
}

func (h *Handler) observationResults(
	r *http.Request, f indicator.ObservationFilter,
) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.room.ListObservations(ctx, by, f, r.FormValue(web.SortParam), web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.room.CountObservations(ctx, by, f)
	if err != nil {
		return nil, err
	}
	total := counts[f.State]
	if f.State == "" {
		for _, n := range counts {
			total += n
		}
	}
	if len(page.Items) == 0 {
		return ui.With(ui.Results("", kit.Say(r, "数值")), ui.Empty(kit.Say(r, "没有数值"),
			kit.Say(r, "填报台报送、表格导入或从文件采纳的数值会出现在这里。"))), nil
	}
	head := ui.ResultBar{Count: kit.Say(r, "共 %s 项", i18n.Int(total)), Exports: exports(r)}
	if len(r.URL.Query()) > 0 {
		head.Clear = pathObservations
	}
	return ui.With(ui.Results("", kit.Say(r, "数值")), ui.ResultHead(head),
		ui.DataTable(h.observationTable(r, kit.Say(r, "数值"), page.Items)),
		ui.Pager(web.Paging(r, page.Next, page.Prev, ""))), nil
}

// observationTable shows values with what it takes to read them right.
func (h *Handler) observationTable(r *http.Request, caption string, list []indicator.Observation) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: caption, Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "指标")},
		{Label: kit.Say(r, "地区")}, {Label: kit.Say(r, "期别")}, {Label: kit.Say(r, "数值"), Num: true},
		{Label: kit.Say(r, "截至日")}, {Label: kit.Say(r, "来源")}, {Label: kit.Say(r, "填报单位")},
		{Label: kit.Say(r, "状态")}}}
	for _, o := range list {
		m := mark(ctx, o.State)
		revision := ""
		if o.Revision > 1 {
			revision = kit.Say(r, "第 %d 版", o.Revision)
		}
		row := ui.Row{Cells: []ui.Cell{{Text: o.Name, Href: kit.Join(pathObservations, o.ID, ""), Sub: revision},
			{Text: h.PlaceName(o.Region), Sub: o.OrgName}, {Text: periodText(r, o.Period)},
			{Text: amount(o.Value, o.Qualifier, o.Unit)}, {Text: string(o.AsOf)},
			{Text: titled(ctx, indicator.Sources(), o.Source)}, {Text: ui.OrDash(o.ReporterName)}, {Status: &m}}}
		if o.Late() {
			row.Cells[7].Tags = []string{kit.Say(r, "逾期报")}
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}
