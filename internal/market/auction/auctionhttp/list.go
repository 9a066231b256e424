package auctionhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Query is a list of auctions as an address asks for it.
type Query struct {
	Q     string `query:"q" maxLength:"100" doc:"words of the title, or a code"`
	Mode  string `query:"mode" doc:"listing, english, first or second"`
	State string `query:"state"`
	Post  string `query:"post" doc:"id of the achievement"`
	Sort  string `query:"sort" enum:"created,closes"`
}

func (q Query) filter() auction.Filter {
	return auction.Filter{Query: q.Q, Mode: q.Mode, State: q.State, Post: q.Post}
}

func (h *Handler) getAuctions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := Query{kit.Search(r), r.FormValue("mode"), r.FormValue("state"), r.FormValue("post"), r.FormValue("sort")}
	if format := r.FormValue("format"); format != "" {
		return h.export(w, r, q, format)
	}
	results, err := h.results(r, q)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "挂牌与拍卖")
	p.Lead = kit.Say(r, "成果公开交易：公告、竞价、公示全程可查，过程可复核。")
	head := ui.Head{Title: p.Title, Lead: p.Lead}
	if auction.Policy.Could(web.Actor(r), auction.ActCreate) {
		head.Actions = []ui.Action{{Text: kit.Say(r, "发起交易"), Href: pathAuctions + "/new", Primary: true}}
	}
	bar := ui.Filters{Action: pathAuctions, Label: kit.Say(r, "筛选项目"), Fields: []ui.Filter{
		kit.SearchField(r, q.Q),
		{Name: "mode", Label: kit.Say(r, "交易方式"), Value: q.Mode,
			Options: kit.Options(ctx, "不限", auction.Modes())},
		{Name: "state", Label: kit.Say(r, "状态"), Value: q.State,
			Options: kit.Options(ctx, "不限", states())}}}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(bar), results)
	return h.Web.Render(w, r, web.View{Page: p, Body: body, Part: results})
}

// chips are the filters in force, each a link to the list without it.
func chips(r *http.Request, q Query) []ui.Link {
	ctx := r.Context()
	var out []ui.Link
	for _, c := range []struct{ name, text string }{{"q", q.Q}, {"mode", kit.Titled(ctx, auction.Modes(), q.Mode)},
		{"state", kit.Titled(ctx, states(), q.State)}} {
		if c.text != "" {
			out = append(out, ui.Link{Text: c.text, Href: web.ListAddress(r, url.Values{c.name: nil})})
		}
	}
	return out
}

// export sends the list, to its last row.
func (h *Handler) export(w http.ResponseWriter, r *http.Request, q Query, format string) error {
	return h.Export(w, r, "挂牌与拍卖", format, kit.Chips(chips(r, q)),
		func(e occasion.Export, out *web.Download) error {
			_, err := h.auction.WriteAuctions(r.Context(), web.Actor(r), q.filter(), q.Sort, e, out)
			return err
		})
}

func (h *Handler) results(r *http.Request, q Query) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.auction.ListAuctions(ctx, by, q.filter(), q.Sort, web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.auction.CountAuctions(ctx, by, q.filter())
	if err != nil {
		return nil, err
	}
	var n int64
	for _, c := range counts {
		n += c
	}
	bar := ui.ResultBar{Count: kit.Say(r, "共 %s 项", i18n.Int(n)), Chips: chips(r, q)}
	if n > 0 {
		bar.Exports = kit.Exports(r)
	}
	if q.Q+q.Mode+q.State+q.Post != "" {
		bar.Clear = pathAuctions
	}
	parts := []templ.Component{ui.ResultHead(bar)}
	switch {
	case n > 0:
		parts = append(parts, ui.DataTable(h.table(r, q, page.Items)))
	case bar.Clear != "":
		parts = append(parts, ui.With(ui.Empty(kit.Say(r, "没有符合条件的项目"), kit.Say(r, "请放宽条件。")),
			ui.Button(ui.Action{Text: kit.Say(r, "清除条件"), Href: pathAuctions})))
	default:
		parts = append(parts, ui.Empty(kit.Say(r, "还没有挂牌或拍卖"), kit.Say(r, "公告的项目会出现在这里。")))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", kit.Say(r, "挂牌与拍卖")), parts...), nil
}

func (h *Handler) table(r *http.Request, q Query, list []auction.Item) ui.Table {
	ends := ui.Column{Label: kit.Say(r, "截止时间"),
		SortHref: web.ListAddress(r, url.Values{web.SortParam: {"closes"}})}
	if q.Sort == "closes" {
		ends.Sort, ends.SortHref = "ascending", web.ListAddress(r, url.Values{web.SortParam: nil})
	}
	tab := ui.Table{Caption: kit.Say(r, "挂牌与拍卖"), Cols: []ui.Column{{Label: kit.Say(r, "成果")},
		{Label: kit.Say(r, "交易方式")}, {Label: kit.Say(r, "起拍价或挂牌价"), Num: true},
		{Label: kit.Say(r, "当前价"), Num: true}, ends, {Label: kit.Say(r, "状态")}}}
	for _, x := range list {
		m := mark(r.Context(), x.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: x.PostTitle, Href: path(x.ID, ""), Sub: ui.Words(x.Code, x.OrgName)},
			{Text: kit.Titled(r.Context(), auction.Modes(), x.Mode)}, {Text: yuan(r, x.StartFen)},
			{Text: yuan(r, x.PriceFen)}, {Text: kit.Moment(r, x.ClosesUs)}, {Status: &m}}})
	}
	return tab
}
