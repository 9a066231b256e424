package indicatorhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getRates shows how units report, by unit and period. Every number leads to its rows.
func (h *Handler) getRates(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if !indicator.DutyPolicy.Could(by, indicator.ActDutyRead) {
		return kit.ErrRole()
	}
	q := readDeskQuery(r.URL.Query())
	q.state = "all"
	f, wrong := q.filter()
	if wrong != nil {
		f, q.period = indicator.DeskFilter{}, ""
	}
	rates, err := h.room.Rates(ctx, by, f)
	if err != nil {
		return err
	}
	sets, err := h.setOptions(r, "全部体系")
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "填报情况")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "按时率＝按时提交数÷已到时限数；完整率＝已提交数÷应报数。近一年，期别结束才计入。")}
	bar := ui.Filters{Action: pathRates, Label: kit.Say(r, "筛选填报情况"), Fields: []ui.Filter{
		{Kind: ui.FilterSelect, Name: "period", Label: kit.Say(r, "期别"), Value: q.period,
			Options: h.periodOptions(r, q.period)},
		{Kind: ui.FilterSelect, Name: "set", Label: kit.Say(r, "指标体系"), Value: q.set, Options: sets},
		{Kind: ui.FilterSelect, Name: "region", Label: kit.Say(r, "地区"), Value: q.place,
			Options: h.PlaceOptions(ctx, by, "全部地区", q.place)}}}
	var content templ.Component
	if len(rates) == 0 {
		content = ui.Empty(kit.Say(r, "没有应报的数值"), kit.Say(r, "分配填报责任并有一期结束后，这里显示各单位的填报情况。"))
	} else {
		content = ui.DataTable(h.rateTable(r, q, rates))
	}
	results := ui.With(ui.Results("", kit.Say(r, "填报情况")), content)
	body := templ.Join(ui.PageHead(head), ui.With(h.tabs(r, pathRates), ui.FilterBar(bar), results))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p, Body: body, Part: results})
}

func (h *Handler) rateTable(r *http.Request, q deskQuery, rates []indicator.Rate) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "填报情况"), Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "填报单位")}, {Label: kit.Say(r, "应报"), Num: true},
		{Label: kit.Say(r, "按时"), Num: true}, {Label: kit.Say(r, "逾期报"), Num: true},
		{Label: kit.Say(r, "未报"), Num: true}, {Label: kit.Say(r, "已审核"), Num: true},
		{Label: kit.Say(r, "按时率"), Num: true}, {Label: kit.Say(r, "完整率"), Num: true}}}
	for _, x := range rates {
		to := q
		to.reporter = x.Reporter
		name := ui.Cell{Text: x.ReporterName}
		if x.Period != "" {
			to.period = string(x.Period)
			name = ui.Cell{Text: periodText(r, x.Period)}
		} else {
			name.Sub = kit.Say(r, "合计")
		}
		at := func(state string) string {
			to.state = state
			return to.address()
		}
		cell := func(n int64, href string) ui.Cell {
			c := ui.Cell{Text: i18n.Int(n)}
			if n > 0 {
				c.Href = href
			}
			return c
		}
		approved := url.Values{"reporter": {x.Reporter}, "state": {indicator.Approved}}
		if x.Period != "" {
			approved.Set("period", string(x.Period))
		}
		row := ui.Row{Cells: []ui.Cell{name, cell(x.Asked, at("all")),
			cell(x.OnTime, at(indicator.HandedIn)), cell(x.Late, at(indicator.HandedLate)),
			cell(x.Missing, at(indicator.Unsent)), cell(x.Approved, pathObservations+"?"+approved.Encode()),
			{Text: percent(x.OnTimeBp())}, {Text: percent(x.CompleteBp())}}}
		if x.Missing > 0 && x.Due > 0 && x.Period != "" {
			row.Tone = ui.Warn
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// percent writes hundredths of a percent, a dash for none.
func percent(bp int64) string {
	if bp < 0 {
		return "—"
	}
	return plan.PercentText(bp) + "%"
}
