package markethttp

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// pageSize is how many rows a list shows.
const pageSize = 20

// pickParam turns check boxes on in the list, for choosing posts to compare.
const pickParam = "pick"

// getMarket shows the list of posts, or sends it as a file.
func (h *Handler) getMarket(w http.ResponseWriter, r *http.Request) error {
	q := readQuery(r.FormValue)
	f, err := h.filter(q)
	if format := r.FormValue("format"); format != "" {
		if err != nil {
			return err
		}
		return h.exportPosts(w, r, q, f, format)
	}
	status, results := http.StatusOK, templ.Component(nil)
	if err != nil {
		status, results = http.StatusUnprocessableEntity, wrongQuery(r, err)
	} else if results, err = h.results(r, q, f); err != nil {
		return err
	}
	p := h.web.Page(r, "技术市场")
	p.Feed = feedHref(q)
	p.Lead = say(r, "全市高校院所与企业发布的成果和需求，发布前均经科技局审核。")
	head := ui.Head{Title: p.Title, Lead: p.Lead, Actions: h.listActions(r)}
	counts, err := h.marketCounts(r, q)
	if err != nil {
		return err
	}
	body := templ.Join(ui.PageHead(head), counts, ui.FilterBar(h.filters(r, q)), results)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

// listActions are the buttons above the list.
func (h *Handler) listActions(r *http.Request) []ui.Action {
	by := web.Actor(r)
	var out []ui.Action
	if market.PostPolicy.Could(by, market.ActPostReview) {
		out = append(out, ui.Action{Text: say(r, "编辑审核"), Href: pathReview})
	}
	if market.PostPolicy.Could(by, market.ActPostImport) {
		out = append(out, ui.Action{Text: say(r, "导入"), Href: pathImport})
	}
	if market.PostPolicy.Could(by, market.ActPostCreate) || by.Account == "" {
		out = append(out, ui.Action{Text: say(r, "发布需求"), Href: newPath(market.Need)},
			ui.Action{Text: say(r, "发布成果"), Href: newPath(market.Achievement), Primary: true})
	}
	return out
}

// wrongQuery stands in place of the results when the address asks for what there is not.
func wrongQuery(r *http.Request, err error) templ.Component {
	s := ui.SummaryOf(lang(r), err)
	for i := range s.Items {
		s.Items[i].ID = ""
	}
	return ui.With(ui.Results("", say(r, "成果与需求")), ui.ErrorSummary(s),
		ui.With(ui.Empty(say(r, "没有按这些条件查询"), say(r, "请改正上面的条件，或清除后重新选择。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: r.URL.Path})))
}

func all(ctx context.Context, list []ui.Option) []ui.Option {
	return append([]ui.Option{{Text: i18n.T(ctx, "全部")}}, list...)
}

// sortTitles name the orders that people may choose, the usual one first.
var sortTitles = []market.Choice{{Value: "", Title: "最新发布"}, {Value: "price", Title: "价格从低到高"},
	{Value: "deadline", Title: "期限从近到远"}, {Value: "code", Title: "编号"}}

func (h *Handler) filters(r *http.Request, q PostQuery) ui.Filters {
	ctx, by := r.Context(), web.Actor(r)
	t := func(zh string) string { return i18n.T(ctx, zh) }
	live := stateChoices(q.Kind, staff(by) || by.Org != "")
	stateOptions := append(choices(ctx, live), ui.Option{Value: stateAll, Text: t("全部")})
	stateOptions[0].Value = ""
	orders := choices(ctx, sortTitles)
	if h.deps.Find != nil && strings.TrimSpace(q.Q) != "" {
		orders[0].Text = t("最相关") // what a search of words finds: see found
	}
	f := ui.Filters{Action: pathMarket, Label: t("筛选成果与需求"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: t("关键词"), Value: q.Q,
			Placeholder: t("名称中的词，或编号"), Source: h.deps.Suggest},
		{Name: "kind", Label: t("类型"), Value: q.Kind, Options: all(ctx, choices(ctx, market.Kinds()))},
		{Name: "field", Label: t("领域"), Value: q.Field,
			Options: all(ctx, choices(ctx, market.Fields()))},
		{Name: "region", Label: t("区县"), Value: q.Region,
			Options: all(ctx, h.placeOptions(region.Code(q.Region)))},
		{Name: "sort", Label: t("排序"), Value: q.Sort, Options: orders},
	}, More: []ui.Filter{
		{Name: "trl", Label: t("成熟度"), Value: q.TRL, Options: bandOptions(ctx, trlBands, q.TRL)},
		{Name: "price", Label: t("价格或预算"), Value: q.Price,
			Options: bandOptions(ctx, priceBands, q.Price)},
		{Name: "mode", Label: t("合作方式"), Value: q.Mode,
			Options: all(ctx, choices(ctx, market.ModeChoices()))},
		{Name: "type", Label: t("类别"), Value: q.Type,
			Options: all(ctx, choices(ctx, typeChoices(q.Kind)))},
		{Name: "sixNew", Label: t("六新"), Value: q.SixNew,
			Options: all(ctx, choices(ctx, market.SixNews()))},
		{Name: "state", Label: t("状态"), Value: shownState(q.State), Options: stateOptions},
		{Name: "fresh", Label: t("时效"), Value: q.Fresh, Options: all(ctx, choices(ctx, freshChoices))},
	}}
	f.MoreOn = q.TRL+q.Price+q.Mode+q.Type+q.SixNew+q.State+q.Fresh != ""
	if q.Org != "" {
		f.Hidden = append(f.Hidden, ui.Hidden{Name: "org", Value: q.Org})
	}
	if r.FormValue(pickParam) == "1" {
		f.Hidden = append(f.Hidden, ui.Hidden{Name: pickParam, Value: "1"})
	}
	return f
}

// shownState is the value of the filter of states: what is in the market is its first choice.
func shownState(state string) string {
	if state == stateLive {
		return ""
	}
	return state
}

// chips are the filters in force, each a link to the list without it.
func (h *Handler) chips(r *http.Request, q PostQuery) []ui.Link {
	var out []ui.Link
	for _, c := range q.chosen(r.Context(), h.placeName) {
		if c.name == "org" && q.Org != "" {
			c.text = h.orgName(r.Context(), web.Actor(r), q.Org)
		}
		if c.text != "" {
			out = append(out, ui.Link{Text: c.text, Href: q.without(c.name)})
		}
	}
	return out
}

// results is the part of the page that filters, sorting and paging replace.
func (h *Handler) results(
	r *http.Request, q PostQuery, f market.PostFilter,
) (templ.Component, error) {
	if c, ok, err := h.found(r, q, f); ok || err != nil {
		return c, err
	}
	by, ctx := web.Actor(r), r.Context()
	page, err := h.market.ListPosts(ctx, by, f, q.Sort, web.PageReq(r, pageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.market.CountPosts(ctx, by, f)
	if err != nil {
		return nil, err
	}
	bar, err := h.resultBar(r, q, counts.All)
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{ui.ResultHead(bar)}
	if len(page.Items) == 0 {
		parts = append(parts, h.noPosts(r, q))
	} else {
		parts = append(parts, ui.DataTable(h.postTable(r, q, page.Items)))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", say(r, "成果与需求")), parts...), nil
}

// feedHref is the feed of a list.
func feedHref(q PostQuery) string {
	if text := q.encode(); text != "" {
		return pathFeed + "?" + text
	}
	return pathFeed
}

func (h *Handler) resultBar(r *http.Request, q PostQuery, n int64) (ui.ResultBar, error) {
	bar := ui.ResultBar{Count: say(r, "共 %s 项", i18n.Int(n)), Chips: h.chips(r, q)}
	if q.filtered() {
		bar.Clear = pathMarket
	}
	views, err := h.views(r, q)
	if err != nil {
		return bar, err
	}
	bar.Views = append(views, ui.Link{Text: say(r, "订阅更新"), Href: feedHref(q)})
	if h.deps.Find != nil && q.filtered() {
		bar.Views = append(bar.Views, ui.Link{Text: say(r, "保存检索并提醒"), Href: "/matches/searches?" + q.encode()})
	}
	switch {
	case r.FormValue(pickParam) == "1":
		bar.Views = append(bar.Views, ui.Link{Text: say(r, "结束选择"), Href: q.href()})
	case n > 1:
		bar.Views = append(bar.Views, ui.Link{Text: say(r, "选择并比较"),
			Href: web.ListAddress(r, url.Values{pickParam: {"1"}})})
	}
	if n > 0 && market.PostPolicy.Could(web.Actor(r), market.ActPostExport) {
		bar.Exports = exports(r, q)
	}
	return bar, nil
}

// views are the saved views of the list, with the link that saves the present one.
func (h *Handler) views(r *http.Request, q PostQuery) ([]ui.Link, error) {
	by := web.Actor(r)
	if h.deps.Views == nil || by.Account == "" {
		return nil, nil
	}
	list, err := h.deps.Views(r.Context(), by, pathMarket)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Current = list[i].Href == q.href()
	}
	return append(list, ui.Link{Text: say(r, "保存为视图"),
		Href: "/account/views?address=" + url.QueryEscape(q.href())}), nil
}

// noPosts tells an empty market from a filter that nothing matches.
func (h *Handler) noPosts(r *http.Request, q PostQuery) templ.Component {
	if q.filtered() {
		return ui.With(ui.Empty(say(r, "没有符合条件的成果或需求"), say(r, "换一个关键词，或放宽领域与区县。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: pathMarket}))
	}
	return ui.With(ui.Empty(say(r, "市场里还没有成果和需求"), say(r, "审核通过的会出现在这里。")),
		ui.Button(ui.Action{Text: say(r, "发布需求"), Href: newPath(market.Need)}))
}

// sortable makes a column that sorts the list.
func sortable(r *http.Request, label, order, direction, now string) ui.Column {
	c := ui.Column{Label: label, SortHref: web.ListAddress(r, url.Values{web.SortParam: {order}})}
	if now == order {
		c.Sort = direction
	}
	return c
}

func (h *Handler) postTable(r *http.Request, q PostQuery, list []market.Post) ui.Table {
	by := web.Actor(r)
	tab := ui.Table{Caption: say(r, "成果与需求"), Dense: staff(by), Cols: h.postColumns(r, by, q)}
	if r.FormValue(pickParam) == "1" {
		tab.Batch = &ui.Batch{Action: pathCompare,
			Actions: []ui.Action{{Text: say(r, "比较所选"), Primary: true}}}
	}
	for _, p := range list {
		tab.Rows = append(tab.Rows, h.postRow(r, by, p, inList(postPath(p.ID, ""), q)))
	}
	return tab
}

func (h *Handler) postColumns(r *http.Request, by authz.Actor, q PostQuery) []ui.Column {
	sort := q.Sort
	if sort == "" {
		sort = defaultSort
	}
	price := sortable(r, say(r, "意向价或预算"), "price", "ascending", sort)
	price.Num = true
	published := sortable(r, say(r, "发布"), "published", "descending", sort)
	published.Num = true
	cols := []ui.Column{{Label: say(r, "名称")}, {Label: say(r, "单位")}, {Label: say(r, "领域")},
		{Label: say(r, "区县")}, {Label: say(r, "成熟度")}, price}
	if staff(by) || q.State != "" {
		cols = append(cols, ui.Column{Label: say(r, "状态")})
	}
	return append(cols, published)
}

// postRow shows a post in a list. What its reader may not see yet is a dash.
func (h *Handler) postRow(r *http.Request, by authz.Actor, p market.Post, href string) ui.Row {
	ctx := r.Context()
	owner, price := p.OrgName, ui.Cell{Text: priceText(ctx, p.PostData)}
	if p.Limited {
		owner, price = i18n.Withheld(lang(r)), ui.Cell{Text: i18n.Withheld(lang(r))}
	}
	maturity := ui.OrDash(trlText(ctx, p.TRL))
	cells := []ui.Cell{{Text: p.Title, Href: href, Kind: kindMark(ctx, p.Kind), Tags: nature(ctx, p)},
		{Text: owner}, {Text: titled(ctx, market.Fields(), p.Field)}, {Text: h.placeName(p.Region)},
		{Text: maturity}, price}
	if staff(by) || r.FormValue("state") != "" {
		mark := stateMark(ctx, p.State)
		cells = append(cells, ui.Cell{Status: &mark})
	}
	at := p.PublishedUs
	if at == 0 {
		return ui.Row{ID: p.ID, Cells: append(cells, ui.Cell{Text: ui.OrDash("")})}
	}
	return ui.Row{ID: p.ID, Cells: append(cells, ui.AgoCell(ctx, at, h.now()))}
}

// nature tells that a post is invented.
func nature(ctx context.Context, p market.Post) []string {
	if !p.Invented() {
		return nil
	}
	return []string{i18n.T(ctx, "示范数据")}
}
