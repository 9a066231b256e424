package showhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Query is a list of events as an address asks for it.
type Query struct {
	Q      string `query:"q" maxLength:"100" doc:"words of the name, or a code"`
	Kind   string `query:"kind" doc:"roadshow or matchday"`
	State  string `query:"state"`
	Region string `query:"region" doc:"GB/T 2260 code; everything inside it is listed"`
	When   string `query:"when" doc:"upcoming or past"`
	Org    string `query:"org" doc:"id of the organiser"`
	Sort   string `query:"sort" enum:"starts,soonest"`
}

func (q Query) filter() show.Filter {
	return show.Filter{Query: q.Q, Kind: q.Kind, State: q.State, Region: region.Code(q.Region), When: q.When,
		Org: q.Org}
}

func (q Query) filtered() bool {
	return q.Q+q.Kind+q.State+q.Region+q.When+q.Org != ""
}

func whens() []market.Choice {
	return []market.Choice{{Value: show.Upcoming, Title: "即将举办"}, {Value: show.Past, Title: "往期"}}
}

// getShows shows the list of events.
func (h *Handler) getShows(w http.ResponseWriter, r *http.Request) error {
	by, ctx := web.Actor(r), r.Context()
	q := Query{Q: kit.Search(r), Kind: r.FormValue("kind"), State: r.FormValue("state"), Region: r.FormValue("region"),
		When: r.FormValue("when"), Org: r.FormValue("org"), Sort: r.FormValue("sort")}
	if format := r.FormValue("format"); format != "" {
		return h.export(w, r, q, format)
	}
	results, err := h.results(r, q)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "路演与对接会")
	p.Lead = kit.Say(r, "看议程、报名、约谈，活动后的意向都有去向。")
	head := ui.Head{Title: p.Title, Lead: p.Lead}
	if by.Account != "" {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "我的活动"), Href: pathMine})
	}
	if show.Policy.Could(by, show.ActCreate) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "筹备活动"),
			Href: pathShows + "/new", Primary: true})
	}
	bar := ui.Filters{Action: pathShows, Label: kit.Say(r, "筛选活动"), Fields: []ui.Filter{
		kit.SearchField(r, q.Q),
		{Name: "kind", Label: kit.Say(r, "活动类型"), Value: q.Kind,
			Options: kit.Options(ctx, "不限", show.Kinds())},
		{Name: "when", Label: kit.Say(r, "时间"), Value: q.When, Options: kit.Options(ctx, "不限", whens())},
		{Name: "state", Label: kit.Say(r, "状态"), Value: q.State,
			Options: kit.Options(ctx, "不限", states())},
		{Name: "region", Label: kit.Say(r, "地区"), Value: q.Region,
			Options: h.PlaceOptions(ctx, by, "不限", q.Region)},
	}}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(bar), results)
	return h.Web.Render(w, r, web.View{Page: p, Body: body, Part: results})
}

// chips are the filters in force, each a link to the list without it.
func (h *Handler) chips(r *http.Request, q Query) []ui.Link {
	ctx, by := r.Context(), web.Actor(r)
	var out []ui.Link
	for _, c := range []struct{ name, text string }{{"q", q.Q}, {"kind", kit.Titled(ctx, show.Kinds(), q.Kind)},
		{"when", kit.Titled(ctx, whens(), q.When)}, {"state", kit.Titled(ctx, states(), q.State)},
		{"region", h.PlaceName(region.Code(q.Region))}, {"org", h.OrgName(ctx, by, q.Org)}} {
		if c.text != "" {
			out = append(out, ui.Link{Text: c.text, Href: web.ListAddress(r, url.Values{c.name: nil})})
		}
	}
	return out
}

// export sends the list, to its last row.
func (h *Handler) export(w http.ResponseWriter, r *http.Request, q Query, format string) error {
	return h.Export(w, r, "路演与对接会", format, kit.Chips(h.chips(r, q)),
		func(e occasion.Export, out *web.Download) error {
			_, err := h.show.WriteShows(r.Context(), web.Actor(r), q.filter(), q.Sort, e, out)
			return err
		})
}

func (h *Handler) results(r *http.Request, q Query) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.show.ListShows(ctx, by, q.filter(), q.Sort, web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.show.CountShows(ctx, by, q.filter())
	if err != nil {
		return nil, err
	}
	var n int64
	for _, c := range counts {
		n += c
	}
	bar := ui.ResultBar{Count: kit.Say(r, "共 %s 场", i18n.Int(n)), Chips: h.chips(r, q)}
	if n > 0 {
		bar.Exports = kit.Exports(r)
	}
	if q.filtered() {
		bar.Clear = pathShows
	}
	parts := []templ.Component{ui.ResultHead(bar)}
	switch {
	case n > 0:
		parts = append(parts, ui.DataTable(h.table(r, q, page.Items)))
	case q.filtered():
		parts = append(parts, ui.With(ui.Empty(kit.Say(r, "没有符合条件的活动"), kit.Say(r, "请放宽条件。")),
			ui.Button(ui.Action{Text: kit.Say(r, "清除条件"), Href: pathShows})))
	default:
		parts = append(parts, ui.Empty(kit.Say(r, "还没有活动"), kit.Say(r, "发布的路演和对接会会出现在这里。")))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", kit.Say(r, "活动")), parts...), nil
}

func (h *Handler) table(r *http.Request, q Query, list []show.Show) ui.Table {
	ctx := r.Context()
	time := ui.Column{Label: kit.Say(r, "时间"),
		SortHref: web.ListAddress(r, url.Values{web.SortParam: {"soonest"}}), Sort: "descending"}
	if q.Sort == "soonest" {
		time.Sort = "ascending"
		time.SortHref = web.ListAddress(r, url.Values{web.SortParam: nil})
	}
	tab := ui.Table{Caption: kit.Say(r, "活动"), Cols: []ui.Column{{Label: kit.Say(r, "活动名称")}, time,
		{Label: kit.Say(r, "地点")}, {Label: kit.Say(r, "主办单位")}, {Label: kit.Say(r, "余席"), Num: true},
		{Label: kit.Say(r, "状态")}}}
	for _, s := range list {
		m := mark(ctx, s.State)
		free := "—"
		if s.State == show.Open {
			free = i18n.Int(s.Free())
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: s.Title, Href: path(s.ID, ""), Sub: ui.Words(kit.Titled(ctx, show.Kinds(), s.Kind),
				s.Code)},
			{Text: kit.Span(r, s.StartsUs, s.EndsUs)},
			{Text: s.Place, Sub: h.PlaceName(s.Region)}, {Text: s.OrgName}, {Text: free}, {Status: &m}}})
	}
	return tab
}
