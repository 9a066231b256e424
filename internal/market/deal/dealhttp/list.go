package dealhttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// pageSize is how many rows a list shows.
const pageSize = 20

// getDeals shows the introductions of the actor, or sends them as a file.
func (h *Handler) getDeals(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := allow(deal.DealPolicy.Could(by, deal.ActDealRead)); err != nil {
		return err
	}
	q := readDealQuery(r.FormValue)
	f, err := h.dealFilter(q)
	if format := r.FormValue("format"); format != "" {
		if err != nil {
			return err
		}
		return h.exportDeals(w, r, q, f, format)
	}
	status, results := http.StatusOK, templ.Component(nil)
	if err != nil {
		status, results = http.StatusUnprocessableEntity, wrongQuery(r, "供需对接", err)
	} else if results, err = h.dealResults(r, q, f); err != nil {
		return err
	}
	p := h.web.Page(r, "供需对接")
	head := ui.Head{Title: p.Title, Lead: say(r, "每一次对接都有结果：签约，或写明原因和下一步。")}
	if by.Org != "" {
		head.Actions = append(head.Actions, ui.Action{Text: say(r, "市场反馈"), Href: pathFeedback})
	}
	if by.EffectiveRole() == authz.Broker {
		head.Actions = append(head.Actions, ui.Action{Text: say(r, "对接看板"), Href: pathBoard})
	}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(h.dealFilters(r, q)), results)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

// wrongQuery stands in place of the results when the address asks for what there is not.
func wrongQuery(r *http.Request, label string, err error) templ.Component {
	s := ui.SummaryOf(lang(r), err)
	for i := range s.Items {
		s.Items[i].ID = ""
	}
	return ui.With(ui.Results("", say(r, label)), ui.ErrorSummary(s),
		ui.With(ui.Empty(say(r, "没有按这些条件查询"), say(r, "请改正上面的条件，或清除后重新选择。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: r.URL.Path})))
}

// all puts the empty choice before others.
func all(r *http.Request, list []deal.Choice) []ui.Option {
	return chooseFrom(r.Context(), "不限", list)
}

func (h *Handler) dealFilters(r *http.Request, q DealQuery) ui.Filters {
	t := func(zh string) string { return say(r, zh) }
	f := ui.Filters{Action: pathDeals, Label: t("筛选对接"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: t("关键词"), Value: q.Q,
			Placeholder: t("名称、单位或编号")},
		{Name: "state", Label: t("状态"), Value: q.State, Options: all(r, dealStates())},
		{Name: "field", Label: t("领域"), Value: q.Field, Options: all(r, deal.Fields())},
		{Name: "class", Label: t("未成原因"), Value: q.Class, Options: all(r, deal.Classes())},
		{Kind: ui.FilterCheck, Name: "waiting", Label: t("只看待我办理"), Value: q.Waiting},
	}, More: []ui.Filter{
		{Kind: ui.FilterDates, Name: "from", ToName: "to", Label: t("提出日期"), Value: q.From,
			ToValue: q.To},
		{Kind: ui.FilterCheck, Name: "open", Label: t("只看进行中"), Value: q.Open},
		{Kind: ui.FilterCheck, Name: "late", Label: t("只看逾期"), Value: q.Late},
		{Kind: ui.FilterCheck, Name: "soon", Label: t("只看快到期"), Value: q.Soon},
	}, MoreOn: q.From+q.To+q.Open+q.Late+q.Soon != ""}
	for _, x := range []ui.Hidden{{Name: "sort", Value: q.Sort}, {Name: "post", Value: q.Post},
		{Name: "broker", Value: q.Broker}, {Name: "org", Value: q.Org},
		{Name: "region", Value: q.Region}} {
		if x.Value != "" {
			f.Hidden = append(f.Hidden, x)
		}
	}
	return f
}

func (h *Handler) dealChips(r *http.Request, q DealQuery) []ui.Link {
	ctx := r.Context()
	var out []ui.Link
	for _, c := range []struct{ name, value, text string }{
		{"q", q.Q, say(r, "“%s”", q.Q)}, {"state", q.State, titled(ctx, dealStates(), q.State)},
		{"field", q.Field, titled(ctx, deal.Fields(), q.Field)},
		{"class", q.Class, titled(ctx, deal.Classes(), q.Class)},
		{"region", q.Region, ""}, {"waiting", q.Waiting, say(r, "待我办理")},
		{"open", q.Open, say(r, "进行中")}, {"late", q.Late, say(r, "已逾期")},
		{"soon", q.Soon, say(r, "%d 天内到期", deal.SoonDays)},
		{"post", q.Post, say(r, "同一条供需")}, {"broker", q.Broker, say(r, "同一位技术经理人")},
		{"org", q.Org, say(r, "同一单位")}, {"from", q.From, q.From}, {"to", q.To, q.To},
	} {
		if c.name == "region" && c.value != "" {
			c.text = q.Region
		}
		if c.value != "" {
			out = append(out, chip(r, c.name, c.text))
		}
	}
	return out
}

// views are the saved views of a list, with the link that saves the present one.
func (h *Handler) views(r *http.Request) ([]ui.Link, error) {
	if h.deps.Views == nil || web.Actor(r).Account == "" {
		return nil, nil
	}
	here := web.ListAddress(r, nil)
	list, err := h.deps.Views(r.Context(), web.Actor(r), r.URL.Path)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Current = list[i].Href == here
	}
	return append(list, ui.Link{Text: say(r, "保存为视图"),
		Href: "/account/views?address=" + url.QueryEscape(here)}), nil
}

// dealResults is the part of the page that filters, sorting and paging replace.
func (h *Handler) dealResults(
	r *http.Request, q DealQuery, f deal.DealFilter,
) (templ.Component, error) {
	by, ctx := web.Actor(r), r.Context()
	page, err := h.deal.ListDeals(ctx, by, f, q.Sort, web.PageReq(r, pageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.deal.CountDeals(ctx, by, f)
	if err != nil {
		return nil, err
	}
	bar := ui.ResultBar{Count: say(r, "共 %s 项", i18n.Int(counts.All)), Chips: h.dealChips(r, q)}
	if q.filtered() {
		bar.Clear = pathDeals
	}
	if bar.Views, err = h.views(r); err != nil {
		return nil, err
	}
	if counts.All == 0 {
		return ui.With(ui.Results("", say(r, "供需对接")), ui.ResultHead(bar), noDeals(r, q)), nil
	}
	if deal.DealPolicy.Could(by, deal.ActDealExport) {
		bar.Exports = exports(r)
	}
	return ui.With(ui.Results("", say(r, "供需对接")), ui.ResultHead(bar),
		stateCounts(h.stateLinks(r, counts)), ui.DataTable(h.dealTable(r, page.Items)),
		ui.Pager(web.Paging(r, page.Next, page.Prev, ""))), nil
}

// exports are the links to a list as a file.
func exports(r *http.Request) []ui.Link {
	return []ui.Link{{Text: "Excel", Href: web.ListAddress(r, url.Values{"format": {"xlsx"}})},
		{Text: "CSV", Href: web.ListAddress(r, url.Values{"format": {"csv"}})}}
}

// countLink is a count that leads to what it counts.
type countLink struct {
	mark    ui.State
	n, href string
	current bool
}

// stateLinks counts the introductions of a list by state, and those that wait.
func (h *Handler) stateLinks(r *http.Request, c deal.DealCounts) []countLink {
	var out []countLink
	if c.Waiting > 0 {
		out = append(out, countLink{ui.State{Tone: ui.Warn, Text: say(r, "待我办理")},
			i18n.Int(c.Waiting), web.ListAddress(r, url.Values{"waiting": {"1"}}),
			r.FormValue("waiting") == "1"})
	}
	if c.Late > 0 {
		out = append(out, countLink{ui.State{Tone: ui.Bad, Text: say(r, "已逾期")}, i18n.Int(c.Late),
			web.ListAddress(r, url.Values{"late": {"1"}}), r.FormValue("late") == "1"})
	}
	for _, s := range dealStates() {
		if n := c.States[s.Value]; n > 0 {
			out = append(out, countLink{stateMark(r.Context(), s.Value), i18n.Int(n),
				web.ListAddress(r, url.Values{"state": {s.Value}}), r.FormValue("state") == s.Value})
		}
	}
	return out
}

// noDeals tells an empty room from a filter that nothing matches.
func noDeals(r *http.Request, q DealQuery) templ.Component {
	if q.filtered() {
		return ui.With(ui.Empty(say(r, "没有符合条件的对接"), say(r, "换一个关键词，或放宽条件。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: pathDeals}))
	}
	return ui.With(ui.Empty(say(r, "还没有对接"), say(r, "在技术市场的供需详情页可以提出合作意向。")),
		ui.Button(ui.Action{Text: say(r, "打开技术市场"), Href: "/market"}))
}

// sortable makes a column that sorts a list.
func sortable(r *http.Request, label, order, direction, now string) ui.Column {
	c := ui.Column{Label: label, SortHref: web.ListAddress(r, url.Values{web.SortParam: {order}})}
	if now == order {
		c.Sort = direction
	}
	return c
}

// sortOf is the order that is in force: the first when the address names none of them.
func sortOf(sort string, orders []string) string {
	for _, o := range orders {
		if o == sort {
			return o
		}
	}
	return orders[0]
}

func (h *Handler) dealTable(r *http.Request, list []deal.Deal) ui.Table {
	ctx := r.Context()
	sort := sortOf(r.FormValue("sort"), deal.DealOrders())
	tab := ui.Table{Caption: say(r, "供需对接"), Cols: []ui.Column{{Label: say(r, "事项")},
		{Label: say(r, "需求方")}, {Label: say(r, "供给方")}, {Label: say(r, "技术经理人")},
		{Label: say(r, "状态")}, sortable(r, say(r, "下一步时限"), "due", "ascending", sort),
		sortable(r, say(r, "更新"), "updated", "descending", sort)}}
	for _, d := range list {
		mark := stateMark(ctx, d.State)
		row := ui.Row{ID: d.ID, Cells: []ui.Cell{
			{Text: d.Title, Href: dealPath(d.ID, ""), Sub: d.Code}, {Text: d.Demand.Name},
			{Text: d.Supply.Name}, {Text: ui.OrDash(d.BrokerName)}, {Status: &mark},
			h.dueCell(r, d), ui.AgoCell(ctx, d.UpdatedUs, h.now())}}
		if d.Class != "" {
			row.Cells[4].Sub = titled(ctx, deal.Classes(), d.Class)
		}
		if d.Open() && clock.Time(d.DueUs).Before(h.now()) {
			row.Tone = ui.Bad
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

func (h *Handler) dueCell(r *http.Request, d deal.Deal) ui.Cell {
	if !d.Open() || d.DueUs == 0 {
		return ui.Cell{Text: ui.OrDash("")}
	}
	due := clock.Time(d.DueUs)
	return ui.Cell{Text: i18n.Deadline(lang(r), due, h.now()), Time: ui.MachineTime(due)}
}

// formatOf checks the name of a file format.
func formatOf(name string) (sheet.Format, error) {
	switch f := sheet.Format(name); f {
	case sheet.XLSX, sheet.CSV:
		return f, nil
	}
	return "", fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
}

// exporter names the person, the log-in and the role of a request.
func exporter(r *http.Request) string {
	s := web.SessionOf(r)
	who := s.Name
	if who == "" {
		who = s.Actor.Login
	} else if s.Actor.Login != "" && s.Actor.Login != who {
		who += " (" + s.Actor.Login + ")"
	}
	return ui.Words(who, say(r, s.Actor.EffectiveRole().Title()), s.OrgName)
}

// exportDeals sends the list, in its order, to its last row.
func (h *Handler) exportDeals(
	w http.ResponseWriter, r *http.Request, q DealQuery, f deal.DealFilter, format string,
) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	var filter []string
	for _, c := range h.dealChips(r, q) {
		filter = append(filter, c.Text)
	}
	title := say(r, "供需对接")
	day := strings.ReplaceAll(string(h.today()), "-", "")
	out := web.NewDownload(w, title+"-"+day+"."+string(as), as.MediaType())
	_, err = h.deal.WriteDeals(r.Context(), web.Actor(r), f, q.Sort, deal.Export{Format: as,
		By: exporter(r), Filter: strings.Join(filter, "; ")}, out)
	return out.End(err)
}
