package partyhttp

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// pageSize is how many rows a list shows.
const pageSize = 20

// pager turns the cursors of a page into links.
func pager[T any](a address, at db.PageReq, p db.Page[T]) ui.Paging {
	var out ui.Paging
	if p.Prev != "" {
		out.First, out.Prev = a.with(), a.with("before", p.Prev)
	}
	if p.Next != "" {
		out.Next, out.Last = a.with("after", p.Next), a.with("last", "1")
	}
	return out
}

// getOrgs shows the list of organisations, or sends it as a file.
func (h *Handler) getOrgs(w http.ResponseWriter, r *http.Request) error {
	q := readOrgQuery(r.FormValue)
	f, err := h.filter(q)
	if format := r.FormValue("format"); format != "" {
		if err != nil {
			return err
		}
		return h.exportOrgs(w, r, q, f, format)
	}
	if err != nil {
		return h.showOrgs(w, r, q, wrongQuery(r, err), http.StatusUnprocessableEntity)
	}
	results, err := h.orgResults(r, q, f)
	if err != nil {
		return err
	}
	return h.showOrgs(w, r, q, results, http.StatusOK)
}

// wrongQuery stands in place of the results when the address asks for what there is not.
func wrongQuery(r *http.Request, err error) templ.Component {
	s := ui.SummaryOf(lang(r), err)
	for i := range s.Items {
		s.Items[i].ID = ""
	}
	return ui.With(ui.Results("", say(r, "组织")), ui.ErrorSummary(s),
		ui.With(ui.Empty(say(r, "没有按这些条件查询"), say(r, "请改正上面的条件，或清除后重新选择。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: r.URL.Path})))
}

func (h *Handler) showOrgs(
	w http.ResponseWriter, r *http.Request, q OrgQuery, results templ.Component, status int,
) error {
	by, ctx := web.Actor(r), r.Context()
	p := h.web.Page(r, "主体库")
	p.Lead = say(r, "全市企业、高校、科研院所和服务机构的名录。")
	head := ui.Head{Title: say(r, "主体库"), Lead: p.Lead}
	if party.OrgPolicy.Could(by, party.ActOrgImport) {
		head.Actions = append(head.Actions, ui.Action{Text: say(r, "导入"), Href: "/orgs/import"})
	}
	if party.OrgPolicy.Could(by, party.ActOrgCreate) {
		head.Actions = append(head.Actions,
			ui.Action{Text: say(r, "登记组织"), Href: "/orgs/new", Primary: true})
	}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(h.orgFilters(ctx, by, q)), results)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

// day returns a day as a browser takes it, "" for what is none.
func day(s string) string {
	if !clock.Date(s).Valid() {
		return ""
	}
	return s
}

// all puts the empty choice before others.
func all(ctx context.Context, list []ui.Option) []ui.Option {
	return append([]ui.Option{{Text: i18n.T(ctx, "不限")}}, list...)
}

// staff reports whether the actor works for the city: they see the states of records, in denser
// tables.
func staff(by authz.Actor) bool {
	switch by.EffectiveRole() {
	case authz.Officer, authz.Leader, authz.Department, authz.District, authz.ChainOffice:
		return true
	}
	return false
}

func (h *Handler) orgFilters(ctx context.Context, by authz.Actor, q OrgQuery) ui.Filters {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	f := ui.Filters{Action: "/orgs", Label: t("筛选组织"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: t("关键词"), Value: q.Q,
			Placeholder: t("名称、曾用名或信用代码")},
		{Name: "kind", Label: t("类型"), Value: q.Kind,
			Options: all(ctx, choices(ctx, party.OrgKinds()))},
		{Name: "region", Label: t("地区"), Value: q.Region,
			Options: all(ctx, h.regionOptions(ctx, by, region.Code(q.Region)))},
		{Name: "industry", Label: t("行业门类"), Value: q.Industry,
			Options: all(ctx, h.industryOptions(by, q.Industry))},
	}}
	f.More = []ui.Filter{
		{Name: "standing", Label: t("登记状态"), Value: q.Standing,
			Options: all(ctx, choices(ctx, party.Standings()))},
		{Kind: ui.FilterDates, Name: "from", ToName: "to", Label: t("更新时间"),
			Value: day(q.From), ToValue: day(q.To)},
	}
	if staff(by) {
		f.More = append([]ui.Filter{{Name: "state", Label: t("核验状态"), Value: q.State,
			Options: all(ctx, choices(ctx, states[:4]))}}, f.More...)
	}
	f.MoreOn = q.Standing+q.State+q.From+q.To != ""
	if q.Sort != "" {
		f.Hidden = []ui.Hidden{{Name: "sort", Value: q.Sort}}
	}
	return f
}

// orgResults is the part of the page that filters, sorting and paging replace.
func (h *Handler) orgResults(
	r *http.Request, q OrgQuery, f party.OrgFilter,
) (templ.Component, error) {
	by, ctx := web.Actor(r), r.Context()
	at := web.PageReq(r, pageSize)
	page, err := h.party.ListOrganisations(ctx, by, f, q.Sort, at)
	if err != nil {
		return nil, err
	}
	n, err := h.party.CountOrganisations(ctx, by, f)
	if err != nil {
		return nil, err
	}
	a := newAddress("/orgs", filterNames, q.value)
	bar := ui.ResultBar{Count: say(r, "共 %s 家", i18n.Int(n)), Chips: h.orgChips(ctx, a, q)}
	if q.filtered() {
		bar.Clear = "/orgs"
	}
	if bar.Views, err = h.views(ctx, by, "/orgs", a); err != nil {
		return nil, err
	}
	if n > 0 && party.OrgPolicy.Could(by, party.ActOrgExport) {
		bar.Exports = []ui.Link{{Text: "Excel", Href: a.with("format", "xlsx")},
			{Text: "CSV", Href: a.with("format", "csv")}}
	}
	parts := []templ.Component{ui.ResultHead(bar)}
	if finer := h.finer(ctx, by, a, q); len(finer) > 0 {
		parts = append(parts, narrower(i18n.T(ctx, "进一步细分"), finer))
	}
	if len(page.Items) == 0 {
		parts = append(parts, h.noOrgs(r, q))
	} else {
		parts = append(parts, ui.DataTable(h.orgTable(ctx, by, a, q.Sort, page.Items)))
	}
	parts = append(parts, ui.Pager(pager(a, at, page)))
	return ui.With(ui.Results("", say(r, "组织")), parts...), nil
}

// noOrgs tells an empty registry from a filter that nothing matches.
func (h *Handler) noOrgs(r *http.Request, q OrgQuery) templ.Component {
	if q.filtered() {
		return ui.With(ui.Empty(say(r, "没有符合条件的组织"), say(r, "换一个关键词，或放宽地区和行业。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: "/orgs"}))
	}
	if !party.OrgPolicy.Could(web.Actor(r), party.ActOrgCreate) {
		return ui.Empty(say(r, "主体库还没有公开的组织"), say(r, "核验通过的组织会出现在这里。"))
	}
	return ui.With(ui.Empty(say(r, "主体库还没有组织"), say(r, "逐个登记，或用 Excel 批量导入。")),
		ui.Button(ui.Action{Text: say(r, "登记组织"), Href: "/orgs/new"}))
}

// orgChips are the filters in force, each a link to the list without it.
func (h *Handler) orgChips(ctx context.Context, a address, q OrgQuery) []ui.Link {
	var out []ui.Link
	chip := func(text string, names ...string) {
		pairs := make([]string, 0, 2*len(names))
		for _, n := range names {
			pairs = append(pairs, n, "")
		}
		out = append(out, ui.Link{Text: text, Href: a.with(pairs...)})
	}
	if q.Q != "" {
		chip(i18n.T(ctx, "“%s”", q.Q), "q")
	}
	if q.Kind != "" {
		chip(titled(ctx, party.OrgKinds(), q.Kind), "kind")
	}
	if q.Region != "" {
		chip(h.placeName(region.Code(q.Region)), "region")
	}
	if q.Industry != "" {
		chip(h.industryName(q.Industry), "industry")
	}
	if q.Standing != "" {
		chip(titled(ctx, party.Standings(), q.Standing), "standing")
	}
	if q.State != "" {
		chip(titled(ctx, states, q.State), "state")
	}
	if q.From != "" || q.To != "" {
		chip(i18n.T(ctx, "更新于 %s 至 %s", orDots(q.From), orDots(q.To)), "from", "to")
	}
	return out
}

func orDots(s string) string {
	if s == "" {
		return "…"
	}
	return s
}

// finer are links to the parts of the region or industry that is chosen.
func (h *Handler) finer(
	ctx context.Context, by authz.Actor, a address, q OrgQuery,
) []ui.Link {
	var out []ui.Link
	if q.Industry != "" {
		for _, it := range h.children(by, dict.Industries, q.Industry) {
			out = append(out, ui.Link{Text: it.Name, Href: a.with("industry", it.Code)})
		}
	}
	if code := region.Code(q.Region); code != "" && code.Level() < region.LevelCounty {
		for _, it := range h.children(by, dict.Regions, q.Region) {
			if it.Kind != dict.Group {
				out = append(out, ui.Link{Text: it.Name, Href: a.with("region", it.Code)})
			}
		}
	}
	return out
}

// views are the saved views of the list.
func (h *Handler) views(
	ctx context.Context, by authz.Actor, path string, a address,
) ([]ui.Link, error) {
	if h.deps.Views == nil || by.Account == "" {
		return nil, nil
	}
	list, err := h.deps.Views.ListViews(ctx, by, path)
	if err != nil {
		return nil, err
	}
	var out []ui.Link
	for _, v := range list {
		href := path + "?" + v.Query
		out = append(out, ui.Link{Text: v.Name, Href: href, Current: href == a.with()})
	}
	save := newAddress("/account/views", []string{"address"}, func(string) string { return a.with() })
	return append(out, ui.Link{Text: i18n.T(ctx, "保存为视图"), Href: save.with()}), nil
}

// sortable makes a column that sorts the list.
func sortable(a address, label, order, direction, now string) ui.Column {
	c := ui.Column{Label: label, SortHref: a.with("sort", order)}
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

func (h *Handler) orgTable(
	ctx context.Context, by authz.Actor, a address, sort string, list []party.Org,
) ui.Table {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	sort = sortOf(sort, party.OrgOrders())
	tab := ui.Table{Caption: t("组织"), Dense: staff(by), Cols: []ui.Column{
		sortable(a, t("名称"), "name", "ascending", sort),
		{Label: t("类型")},
		sortable(a, t("地区"), "region", "ascending", sort),
		{Label: t("行业")}, {Label: t("登记状态")},
	}}
	if staff(by) {
		tab.Cols = append(tab.Cols, ui.Column{Label: t("核验状态")})
	}
	tab.Cols = append(tab.Cols, sortable(a, t("更新"), "updated", "descending", sort))
	for _, o := range list {
		tab.Rows = append(tab.Rows, h.orgRow(ctx, by, o, inList(orgPath(o.ID, ""), a, sort)))
	}
	return tab
}

func (h *Handler) orgRow(
	ctx context.Context, by authz.Actor, o party.Org, href string,
) ui.Row {
	name, sub := orgName(ctx, o), grouped(o.USCC)
	standing, state := standingMark(ctx, o.Standing), stateMark(ctx, o.State)
	cells := []ui.Cell{
		{Text: name, Href: href, Sub: sub},
		{Text: titled(ctx, party.OrgKinds(), o.Kind)},
		{Text: h.placeName(o.Region)},
		{Text: ui.OrDash(h.industryName(o.Industry))},
		{Status: &standing},
	}
	if staff(by) {
		cells = append(cells, ui.Cell{Status: &state})
	}
	cells = append(cells, ui.AgoCell(ctx, o.UpdatedUs, h.now()))
	return ui.Row{ID: o.ID, Cells: cells}
}

// orgName is the name in the reader's language where there is one.
func orgName(ctx context.Context, o party.Org) string {
	if i18n.From(ctx) == i18n.EN && o.NameEn != "" {
		return o.NameEn
	}
	return o.Name
}

// grouped writes a credit code for people.
func grouped(code string) string {
	if code == "" {
		return ""
	}
	return id.USCC(code).Grouped()
}
