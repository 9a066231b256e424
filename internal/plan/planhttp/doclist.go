package planhttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getDocuments shows the list of documents, or sends it as a file.
func (h *Handler) getDocuments(w http.ResponseWriter, r *http.Request) error {
	by, ctx := web.Actor(r), r.Context()
	if err := allow(plan.DocumentPolicy.Could(by, plan.ActDocumentRead)); err != nil {
		return err
	}
	q := readDocQuery(r.FormValue)
	f, err := h.docFilter(q)
	if format := r.FormValue("format"); format != "" {
		if err != nil {
			return err
		}
		return h.exportDocuments(w, r, q, f, format)
	}
	status, results := http.StatusOK, templ.Component(nil)
	if err != nil {
		status, results = http.StatusUnprocessableEntity, wrongQuery(r, "文件", err)
	} else if results, err = h.docResults(r, q, f); err != nil {
		return err
	}
	p := h.web.Page(r, "文件")
	head := ui.Head{Title: p.Title,
		Lead: say(r, "规划、工作报告、会议纪要和新闻发布：系统读出其中的目标和任务，由人逐条确认。")}
	head.Actions = []ui.Action{{Text: say(r, "说法不一"), Href: pathConflicts}}
	if plan.DocumentPolicy.Could(by, plan.ActDocumentCreate) {
		head.Actions = append(head.Actions, ui.Action{Text: say(r, "登记文件"),
			Href: pathDocuments + "/new", Primary: true})
	}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(h.docFilters(ctx, by, q)), results)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

// allow refuses those to whom a list would always be empty.
func allow(could bool) error {
	if !could {
		return errNoRole
	}
	return nil
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
func all(ctx context.Context, list []ui.Option) []ui.Option {
	return append([]ui.Option{{Text: i18n.T(ctx, "不限")}}, list...)
}

// filterYears is how many years back a filter offers.
const filterYears = 8

func (h *Handler) yearOptions(ctx context.Context, chosen string) []ui.Option {
	out := all(ctx, nil)
	this := h.now().In(clock.Shanghai).Year()
	for y := this + 1; y > this-filterYears; y-- {
		out = append(out, ui.Option{Value: strconv.Itoa(y), Text: i18n.Year(i18n.From(ctx), y)})
	}
	if chosen != "" && !has(out, chosen) {
		out = append(out, ui.Option{Value: chosen, Text: chosen})
	}
	return out
}

func (h *Handler) docFilters(ctx context.Context, by authz.Actor, q DocQuery) ui.Filters {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	f := ui.Filters{Action: pathDocuments, Label: t("筛选文件"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: t("关键词"), Value: q.Q,
			Placeholder: t("标题或文号")},
		{Name: "kind", Label: t("文件类型"), Value: q.Kind,
			Options: all(ctx, choices(ctx, plan.DocumentKinds()))},
		{Name: "state", Label: t("审读状态"), Value: q.State, Options: all(ctx, choices(ctx, docStates()))},
		{Name: "region", Label: t("地区"), Value: q.Region,
			Options: all(ctx, h.placeOptions(by, region.Code(q.Region)))},
		{Name: "year", Label: t("年份"), Value: q.Year, Options: h.yearOptions(ctx, q.Year)},
	}, More: []ui.Filter{{Kind: ui.FilterCheck, Name: "all", Label: t("也列出已被替代的旧版"),
		Value: q.All}}, MoreOn: q.All != ""}
	if q.Sort != "" {
		f.Hidden = []ui.Hidden{{Name: "sort", Value: q.Sort}}
	}
	return f
}

func (h *Handler) docChips(r *http.Request, q DocQuery) []ui.Link {
	ctx := r.Context()
	var out []ui.Link
	for _, c := range []struct{ name, text string }{
		{"q", quoted(r, q.Q)}, {"kind", titled(ctx, plan.DocumentKinds(), q.Kind)},
		{"state", titled(ctx, docStates(), q.State)}, {"region", h.placeName(region.Code(q.Region))},
		{"year", q.Year},
	} {
		if c.text != "" {
			out = append(out, ui.Link{Text: c.text, Href: web.ListAddress(r, url.Values{c.name: nil})})
		}
	}
	return out
}

func quoted(r *http.Request, s string) string {
	if s == "" {
		return ""
	}
	return say(r, "“%s”", s)
}

// views are the saved views of a list, with the link that saves the present one.
func (h *Handler) views(r *http.Request) ([]ui.Link, error) {
	if h.deps.Views == nil {
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

// exports are the links to the list as a file.
func exports(r *http.Request) []ui.Link {
	return []ui.Link{{Text: "Excel", Href: web.ListAddress(r, url.Values{"format": {"xlsx"}})},
		{Text: "CSV", Href: web.ListAddress(r, url.Values{"format": {"csv"}})}}
}

// docResults is the part of the page that filters, sorting and paging replace.
func (h *Handler) docResults(
	r *http.Request, q DocQuery, f plan.DocumentFilter,
) (templ.Component, error) {
	by, ctx := web.Actor(r), r.Context()
	page, err := h.plan.ListDocuments(ctx, by, f, q.Sort, web.PageReq(r, pageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.plan.CountDocuments(ctx, by, f)
	if err != nil {
		return nil, err
	}
	var n int64
	for _, c := range counts {
		n += c
	}
	bar := ui.ResultBar{Count: say(r, "共 %s 份", i18n.Int(n)), Chips: h.docChips(r, q)}
	if q.filtered() {
		bar.Clear = pathDocuments
	}
	if bar.Views, err = h.views(r); err != nil {
		return nil, err
	}
	parts := []templ.Component{}
	if n > 0 {
		bar.Exports = exports(r)
		parts = append(parts, ui.ResultHead(bar), ui.DataTable(h.docTable(r, q.Sort, page.Items)))
	} else {
		parts = append(parts, ui.ResultHead(bar), noDocuments(r, q))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", say(r, "文件")), parts...), nil
}

// noDocuments tells an empty room from a filter that nothing matches.
func noDocuments(r *http.Request, q DocQuery) templ.Component {
	switch {
	case q.filtered():
		return ui.With(ui.Empty(say(r, "没有符合条件的文件"), say(r, "换一个关键词，或放宽类型、地区和年份。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: pathDocuments}))
	case plan.DocumentPolicy.Could(web.Actor(r), plan.ActDocumentCreate):
		return ui.With(ui.Empty(say(r, "还没有文件"), say(r, "上传或粘贴一份规划、工作报告或会议纪要，一秒内就能开始审读。")),
			ui.Button(ui.Action{Text: say(r, "登记文件"), Href: pathDocuments + "/new"}))
	}
	return ui.Empty(say(r, "还没有文件"), say(r, "市局登记的文件会出现在这里。"))
}

// sortable makes a column that sorts the list.
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

func (h *Handler) docTable(r *http.Request, sort string, list []plan.Document) ui.Table {
	ctx := r.Context()
	sort = sortOf(sort, plan.DocumentOrders())
	tab := ui.Table{Caption: say(r, "文件"), Dense: true, Cols: []ui.Column{
		{Label: say(r, "标题")}, {Label: say(r, "类型")}, {Label: say(r, "发文机关")},
		{Label: say(r, "地区")}, sortable(r, say(r, "成文日期"), "day", "descending", sort),
		{Label: say(r, "审读状态")},
		sortable(r, say(r, "登记"), "created", "descending", sort)}}
	for _, d := range list {
		mark := docMark(ctx, d)
		sub := d.Number
		if d.Edition > 1 {
			sub = words(sub, say(r, "第 %d 版", d.Edition))
		}
		tab.Rows = append(tab.Rows, ui.Row{ID: d.ID, Cells: []ui.Cell{
			{Text: d.Title, Href: docPath(d.ID, ""), Sub: sub},
			{Text: titled(ctx, plan.DocumentKinds(), d.Kind)}, {Text: dash(d.Issuer)},
			{Text: h.placeName(d.Region)}, {Text: i18n.Date(lang(r), d.Day)}, {Status: &mark},
			h.ago(ctx, d.CreatedUs)}})
	}
	return tab
}
