package dealhttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getBrokers shows the directory of brokers.
func (h *Handler) getBrokers(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := allow(deal.BrokerPolicy.Could(by, deal.ActBrokerRead)); err != nil {
		return err
	}
	q := readBrokerQuery(r.FormValue)
	f, err := h.brokerFilter(q)
	if format := r.FormValue("format"); format != "" {
		if err != nil {
			return err
		}
		return h.exportBrokers(w, r, q, f, format)
	}
	status, results := http.StatusOK, templ.Component(nil)
	if err != nil {
		status, results = http.StatusUnprocessableEntity, wrongQuery(r, "技术经理人", err)
	} else if results, err = h.brokerResults(r, q, f); err != nil {
		return err
	}
	p := h.web.Page(r, "技术经理人")
	head := ui.Head{Title: p.Title, Lead: say(r, "懂技术、懂市场的人带着供需双方走到签约。")}
	if head.Actions, err = h.brokersActions(r, by); err != nil {
		return err
	}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(h.brokerFilters(r, q)), results)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

// brokersActions are the buttons of the directory: the own record and board for a broker, new
// records and complaints for the bureau.
func (h *Handler) brokersActions(r *http.Request, by authz.Actor) ([]ui.Action, error) {
	switch by.EffectiveRole() {
	case authz.Broker:
		b, found, err := h.deal.MyBroker(r.Context(), by)
		if err != nil || !found {
			return []ui.Action{{Text: say(r, "登记为技术经理人"), Href: pathBrokers + "/new",
				Primary: true}}, err
		}
		return []ui.Action{{Text: say(r, "我的档案"), Href: brokerPath(b.ID, "")},
			{Text: say(r, "对接看板"), Href: pathBoard, Primary: true}}, nil
	case authz.Officer:
		return []ui.Action{{Text: say(r, "投诉"), Href: pathBrokers + "/complaints"},
			{Text: say(r, "证书确认"), Href: pathCertificates},
			{Text: say(r, "登记技术经理人"), Href: pathBrokers + "/new"}}, nil
	}
	return nil, nil
}

func (h *Handler) brokerFilters(r *http.Request, q BrokerQuery) ui.Filters {
	t := func(zh string) string { return say(r, zh) }
	f := ui.Filters{Action: pathBrokers, Label: t("筛选技术经理人"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: t("关键词"), Value: q.Q, Placeholder: t("姓名或单位")},
		{Name: "field", Label: t("领域"), Value: q.Field, Options: all(r, deal.Fields())},
		{Name: "grade", Label: t("等级"), Value: q.Grade, Options: all(r, deal.Grades())}}}
	if deal.BrokerPolicy.Could(web.Actor(r), deal.ActBrokerVerify) {
		f.Fields = append(f.Fields, ui.Filter{Name: "state", Label: t("状态"), Value: q.State,
			Options: all(r, brokerStates())})
	}
	if q.Sort != "" {
		f.Hidden = []ui.Hidden{{Name: "sort", Value: q.Sort}}
	}
	return f
}

func (h *Handler) brokerResults(
	r *http.Request, q BrokerQuery, f deal.BrokerFilter,
) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.deal.ListBrokers(ctx, by, f, q.Sort, web.PageReq(r, pageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.deal.CountBrokers(ctx, by, f)
	if err != nil {
		return nil, err
	}
	var n int64
	for _, c := range counts {
		n += c
	}
	bar := ui.ResultBar{Count: say(r, "共 %s 人", i18n.Int(n)), Chips: brokerChips(r, q)}
	if q.filtered() {
		bar.Clear = pathBrokers
	}
	if n > 0 {
		bar.Exports = exports(r)
	}
	if n == 0 {
		return ui.With(ui.Results("", say(r, "技术经理人")), ui.ResultHead(bar),
			ui.Empty(say(r, "没有符合条件的技术经理人"), say(r, "换一个关键词，或放宽条件。"))), nil
	}
	return ui.With(ui.Results("", say(r, "技术经理人")), ui.ResultHead(bar),
		ui.DataTable(h.brokerTable(r, page.Items)),
		ui.Pager(web.Paging(r, page.Next, page.Prev, ""))), nil
}

func brokerChips(r *http.Request, q BrokerQuery) []ui.Link {
	ctx := r.Context()
	var out []ui.Link
	for _, c := range []struct{ name, value, text string }{{"q", q.Q, say(r, "“%s”", q.Q)},
		{"field", q.Field, titled(ctx, deal.Fields(), q.Field)},
		{"grade", q.Grade, titled(ctx, deal.Grades(), q.Grade)},
		{"state", q.State, titled(ctx, brokerStates(), q.State)}} {
		if c.value != "" {
			out = append(out, chip(r, c.name, c.text))
		}
	}
	return out
}

// exportBrokers sends the directory, in its order, to its last row.
func (h *Handler) exportBrokers(
	w http.ResponseWriter, r *http.Request, q BrokerQuery, f deal.BrokerFilter, format string,
) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	var filter []string
	for _, c := range brokerChips(r, q) {
		filter = append(filter, c.Text)
	}
	day := strings.ReplaceAll(string(h.today()), "-", "")
	out := web.NewDownload(w, say(r, "技术经理人")+"-"+day+"."+string(as), as.MediaType())
	_, err = h.deal.WriteBrokers(r.Context(), web.Actor(r), f, q.Sort, deal.Export{Format: as,
		By: exporter(r), Filter: strings.Join(filter, "; ")}, out)
	return out.End(err)
}

func (h *Handler) brokerTable(r *http.Request, list []deal.Broker) ui.Table {
	ctx := r.Context()
	sort := sortOf(r.FormValue("sort"), deal.BrokerOrders())
	credit := sortable(r, say(r, "信用分"), "credit", "descending", sort)
	credit.Num = true
	tab := ui.Table{Caption: say(r, "技术经理人"), Cols: []ui.Column{
		sortable(r, say(r, "姓名"), "name", "ascending", sort), {Label: say(r, "单位")},
		{Label: say(r, "等级")}, {Label: say(r, "领域")}, {Label: say(r, "证书有效期至")}, credit}}
	desk := deal.BrokerPolicy.Could(web.Actor(r), deal.ActBrokerVerify)
	if desk {
		tab.Cols = append(tab.Cols, ui.Column{Label: say(r, "状态")})
	}
	for _, b := range list {
		valid := ui.OrDash(i18n.Date(lang(r), b.ValidTo))
		if b.ValidTo != "" && !b.Valid(h.today()) {
			valid = ui.Words(valid, say(r, "已过期"))
		}
		row := ui.Row{ID: b.ID, Cells: []ui.Cell{{Text: b.Name, Href: brokerPath(b.ID, "")},
			{Text: ui.OrDash(b.OrgName)}, {Text: titled(ctx, deal.Grades(), b.Grade)},
			{Text: ui.OrDash(h.fieldNames(r, b.Fields))}, {Text: valid}, {Text: i18n.Int(b.Credit)}}}
		if desk {
			mark := brokerMark(ctx, b.State)
			row.Cells = append(row.Cells, ui.Cell{Status: &mark})
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

func (h *Handler) fieldNames(r *http.Request, list []string) string {
	var out []string
	for _, f := range list {
		out = append(out, titled(r.Context(), deal.Fields(), f))
	}
	return ui.Words(out...)
}

// getBoard shows the introductions of a broker by state.
func (h *Handler) getBoard(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	p := h.web.Page(r, "对接看板")
	p.Crumbs = []ui.Link{{Text: say(r, "技术经理人"), Href: pathBrokers}, {Text: p.Title}}
	f := deal.DealFilter{Broker: r.FormValue("broker")}
	head := ui.Head{Title: p.Title, Lead: say(r, "选择下一步并办理；列按对接的进度排列。")}
	if by.EffectiveRole() == authz.Broker {
		b, found, err := h.deal.MyBroker(ctx, by)
		if err != nil {
			return err
		}
		if !found {
			body := templ.Join(ui.PageHead(head), ui.With(ui.Empty(say(r, "您还没有登记为技术经理人"),
				say(r, "登记并通过核验后，经办的对接会出现在这里。")),
				ui.Button(ui.Action{Text: say(r, "登记为技术经理人"), Href: pathBrokers + "/new"})))
			return h.web.Render(w, r, web.View{Page: p, Body: body})
		}
		f.Broker = b.ID
		head.Actions = []ui.Action{{Text: say(r, "我的档案"), Href: brokerPath(b.ID, "")}}
	} else if err := allow(deal.DealPolicy.Could(by, deal.ActDealManage)); err != nil {
		return err
	}
	columns, err := h.deal.Board(ctx, by, f)
	if err != nil {
		return err
	}
	counts, err := h.deal.CountDeals(ctx, by, f)
	if err != nil {
		return err
	}
	return h.web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head), stats(todayStats(r, f, counts)),
		board(h.boardColumns(r, f, columns)))})
}

// todayStats are what is to be looked at today, each with the list of it.
func todayStats(r *http.Request, f deal.DealFilter, c deal.DealCounts) []statShown {
	to := func(name string) string {
		q := url.Values{name: {"1"}}
		if f.Broker != "" {
			q.Set("broker", f.Broker)
		}
		return pathDeals + "?" + q.Encode()
	}
	unit := say(r, "项")
	return []statShown{{say(r, "已逾期"), i18n.Int(c.Late), unit, to("late")},
		{say(r, "%d 天内到期", deal.SoonDays), i18n.Int(c.Soon), unit, to("soon")},
		{say(r, "待我办理"), i18n.Int(c.Waiting), unit, to("waiting")}}
}

func (h *Handler) boardColumns(
	r *http.Request, f deal.DealFilter, list []deal.Column,
) []boardColumn {
	var out []boardColumn
	for _, c := range list {
		x := boardColumn{mark: stateMark(r.Context(), c.State), count: i18n.Int(c.Count)}
		if int64(len(c.Deals)) < c.Count {
			q := url.Values{"state": {c.State}}
			if f.Broker != "" {
				q.Set("broker", f.Broker)
			}
			x.all = pathDeals + "?" + q.Encode()
		}
		for _, d := range c.Deals {
			card := boardCard{title: d.Title, href: dealPath(d.ID, ""), code: d.Code,
				who:    ui.Words(d.Demand.Name, d.Supply.Name),
				action: dealPath(d.ID, "step")}
			if d.Open() {
				cell := h.dueCell(r, d.Deal)
				card.due, card.late = cell.Text, d.DueUs < h.now().UnixMicro()
				card.more = ui.Words(say(r, "等待：%s", i18n.Key(deal.TitleOf(deal.Parties(), d.Waits))),
					amount(lang(r), d.AmountFen), say(r, "%s更新", i18n.Ago(lang(r), clock.Time(d.UpdatedUs), h.now())))
			}
			card.steps = boardSteps(r, d.Offers)
			x.cards = append(x.cards, card)
		}
		out = append(out, x)
	}
	return out
}

// boardSteps are the steps that a card offers. One that ends the introduction is never what stands there
// before anybody chose.
func boardSteps(r *http.Request, offers []process.Offer) []ui.Option {
	var on, end []ui.Option
	for _, o := range offers {
		if !o.Allowed {
			continue
		}
		step := ui.Option{Value: o.Step, Text: say(r, o.Title)}
		if deal.Ends(o.Step) {
			end = append(end, step)
		} else {
			on = append(on, step)
		}
	}
	if len(on) == 0 && len(end) > 0 {
		on = []ui.Option{{Text: say(r, "请选择")}}
	}
	return append(on, end...)
}
