package dicthttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

type listsView struct {
	actions []ui.Action
	table   ui.Table
}

// titleOf translates the titles that the program ships; those of imported lists stay as written.
func titleOf(ctx context.Context, title string) string { return i18n.T(ctx, title) }

func listPath(list dict.ListID) string { return Path + "/" + url.PathEscape(string(list)) }

func (h *Handler) lists(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	editions, err := h.dict.Lists(by)
	if err != nil {
		return err
	}
	t := func(s string) string { return i18n.T(ctx, s) }
	v := listsView{actions: []ui.Action{{Text: t("工作日历"), Href: pathCalendar}}}
	if mayWrite(r) == nil {
		v.actions = append(v.actions, ui.Action{Text: t("导入新版本"), Href: pathImport, Primary: true})
	}
	v.table = ui.Table{Caption: t("字典"), Cols: []ui.Column{{Label: t("字典")}, {Label: t("版本")},
		{Label: t("生效")}, {Label: t("条目"), Num: true}, {Label: t("来源")}, {Label: t("载入时间")}}}
	today := clock.DateOf(h.clock.Now())
	for _, e := range editions {
		state := inForce(ctx, e, today)
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []ui.Cell{
			{Text: titleOf(ctx, e.Title), Href: editionPath(e.List, e.Edition), Sub: string(e.List)},
			{Text: e.Edition, Mono: true}, {Text: span(ctx, e), Status: &state},
			{Text: i18n.Int(e.Items)}, {Text: e.Source},
			{Text: i18n.DateTime(i18n.From(ctx), clock.Time(e.LoadedUs))}}})
	}
	return h.web.Render(w, r, web.View{Page: h.web.Page(r, "字典"), Body: listsPage(v)})
}

// inForce says where an edition stands today.
func inForce(ctx context.Context, e dict.Edition, today clock.Date) ui.State {
	switch {
	case e.From > today:
		return ui.State{Tone: ui.Run, Text: i18n.T(ctx, "尚未生效")}
	case e.Until != "" && e.Until < today:
		return ui.State{Tone: ui.Idle, Text: i18n.T(ctx, "已被取代")}
	}
	return ui.State{Tone: ui.OK, Text: i18n.T(ctx, "现行")}
}

// span is the time for which an edition holds.
func span(ctx context.Context, e dict.Edition) string {
	l := i18n.From(ctx)
	if e.Until == "" {
		return i18n.T(ctx, "%s 起", i18n.Date(l, e.From))
	}
	return i18n.Date(l, e.From) + " — " + i18n.Date(l, e.Until)
}

func editionPath(list dict.ListID, edition string) string {
	return listPath(list) + "?edition=" + url.QueryEscape(edition)
}

type itemsView struct {
	title   string
	lead    string
	way     []ui.Link // from the top down to the level that is shown
	filters ui.Filters
	bar     ui.ResultBar
	table   ui.Table
	pager   ui.Paging
}

// queryOf reads what a page asks for: one level of the tree, or a search through all of it.
func queryOf(list string, q url.Values) dict.Query {
	out := dict.Query{List: dict.ListID(list), Edition: q.Get("edition"), Parent: q.Get("parent"),
		Text: q.Get("q"), Tree: q.Get("q") == ""}
	if !out.Tree {
		out.Under, out.Parent = out.Parent, ""
	}
	return out
}

func (h *Handler) items(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	q := queryOf(r.PathValue("list"), r.URL.Query())
	page, err := h.dict.Items(by, q, web.PageReq(r, pageSize))
	if err != nil {
		return err
	}
	e, others, err := h.editionOf(by, q)
	if err != nil {
		return err
	}
	v := itemsView{title: titleOf(ctx, e.Title), lead: i18n.T(ctx, "版本 %s，%s，共 %s 条。来源：%s",
		e.Edition, span(ctx, e), i18n.Int(e.Items), e.Source)}
	v.way = h.way(r, e, r.URL.Query().Get("parent"))
	v.filters = itemFilters(r, e, others)
	v.bar.Count = i18n.T(ctx, "本页 %d 条", len(page.Items))
	if q.Text != "" {
		v.bar.Clear = web.ListAddress(r, url.Values{"q": nil})
	}
	v.table = itemTable(r, page.Items)
	if page.Next+page.Prev != "" {
		v.pager = web.Paging(r, page.Next, page.Prev, v.bar.Count)
	}
	p := h.web.Page(r, e.Title)
	p.Crumbs = []ui.Link{{Text: i18n.T(ctx, "字典"), Href: Path}, {Text: v.title}}
	return h.web.Render(w, r, web.View{Page: p, Body: itemsPage(v), Part: itemResults(v)})
}

// editionOf finds the edition that a query was answered from, and all editions of its list.
func (h *Handler) editionOf(by authz.Actor, q dict.Query) (dict.Edition, []dict.Edition, error) {
	all, err := h.dict.Lists(by)
	if err != nil {
		return dict.Edition{}, nil, err
	}
	var of []dict.Edition
	for _, e := range all {
		if e.List == q.List {
			of = append(of, e)
		}
	}
	today := clock.DateOf(h.clock.Now())
	for _, e := range of {
		if e.Edition == q.Edition || q.Edition == "" && e.From <= today {
			return e, of, nil
		}
	}
	if q.Edition == "" && len(of) > 0 {
		return of[len(of)-1], of, nil // all are of the future: the first counts
	}
	return dict.Edition{}, nil, fault.New(fault.NotFound, "没有这个字典或版本")
}

// way links every level above the one that is shown.
func (h *Handler) way(r *http.Request, e dict.Edition, parent string) []ui.Link {
	at := func(code string) string {
		return web.ListAddress(r, url.Values{"parent": {code}, "q": nil})
	}
	out := []ui.Link{{Text: i18n.T(r.Context(), "最上级"), Href: at("")}}
	for _, it := range h.dict.Path(e.List, parent, e.From) {
		out = append(out, ui.Link{Text: it.Name, Href: at(it.Code)})
	}
	out[len(out)-1].Href = ""
	return out
}

func itemFilters(r *http.Request, e dict.Edition, editions []dict.Edition) ui.Filters {
	ctx, q := r.Context(), r.URL.Query()
	t := func(s string) string { return i18n.T(ctx, s) }
	f := ui.Filters{Action: listPath(e.List), Label: t("查找条目"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: t("代码或名称"), Value: q.Get("q"),
			Placeholder: t("代码开头，或名称的一部分")}}}
	if parent := q.Get("parent"); parent != "" {
		f.Hidden = []ui.Hidden{{Name: "parent", Value: parent}}
	}
	if len(editions) < 2 {
		if q.Get("edition") != "" {
			f.Hidden = append(f.Hidden, ui.Hidden{Name: "edition", Value: e.Edition})
		}
		return f
	}
	pick := ui.Filter{Name: "edition", Label: t("版本"), Value: e.Edition}
	for _, o := range editions {
		pick.Options = append(pick.Options, ui.Option{Value: o.Edition, Text: o.Edition})
	}
	f.Fields = append(f.Fields, pick)
	return f
}

func itemTable(r *http.Request, items []dict.Item) ui.Table {
	ctx := r.Context()
	t := func(s string) string { return i18n.T(ctx, s) }
	out := ui.Table{Caption: t("条目"), Dense: true, Cols: []ui.Column{{Label: t("代码")},
		{Label: t("名称")}, {Label: t("类别")}, {Label: t("下级"), Num: true}}}
	kinds := map[dict.Kind]string{dict.Statistical: "统计用代码", dict.Group: "汇总项"}
	for _, it := range items {
		row := ui.Row{ID: it.Code, Cells: []ui.Cell{{Text: it.Code, Mono: true}, {Text: it.Name},
			{Text: "—"}, {Text: strconv.Itoa(it.Children)}}}
		if key := kinds[it.Kind]; key != "" {
			row.Cells[2].Text = t(key)
		}
		if it.Children > 0 {
			row.Cells[1].Href = web.ListAddress(r, url.Values{"parent": {it.Code}, "q": nil})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
