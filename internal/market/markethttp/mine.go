package markethttp

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// mineLines is how many posts each part of the page lists; it links to the rest.
const mineLines = 50

// mineGroup is one part of the page of one's own posts.
type mineGroup struct {
	anchor, title string // title is a key of package i18n
	filter        market.PostFilter
	query         PostQuery // the list of the same posts
	confirm       bool      // they can be confirmed from here
	tone          ui.Tone   // when there are some
}

// mineGroups are what waits for an owner, the most urgent first.
func mineGroups(by authz.Actor) []mineGroup {
	of := func(f market.PostFilter) market.PostFilter {
		f.Org = by.Org
		if by.Role == authz.Broker {
			f.Org, f.Broker = "", by.Person
		}
		return f
	}
	list := func(state, fresh string) PostQuery {
		return PostQuery{Org: by.Org, State: state, Fresh: fresh}
	}
	return []mineGroup{
		{"returned", "退回修改", of(market.PostFilter{State: market.Returned}),
			list(market.Returned, ""), false, ui.Bad},
		{"stale", "已失效，待确认", of(market.PostFilter{State: market.Stale}),
			list(market.Stale, ""), true, ui.Bad},
		{"due", "到期待确认", of(market.PostFilter{Due: true}),
			list("", "due"), true, ui.Warn},
		{"draft", "草稿", of(market.PostFilter{State: market.Draft}),
			list(market.Draft, ""), false, ui.Warn},
		{"review", "审核中", of(market.PostFilter{State: market.Review}),
			list(market.Review, ""), false, ui.Run},
		{"noticed", "公示中", of(market.PostFilter{State: market.Noticed}),
			list(market.Noticed, ""), false, ui.Run},
		{"live", "在市场上", of(market.PostFilter{Live: true}), list("", ""), true, ui.OK},
	}
}

// getMine shows the posts of the actor's organisation by what they wait for.
func (h *Handler) getMine(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	p := h.web.Page(r, "我的供需")
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: web.SessionOf(r).OrgName}
	if market.PostPolicy.Could(by, market.ActPostCreate) {
		head.Actions = []ui.Action{{Text: say(r, "发布需求"), Href: newPath(market.Need)},
			{Text: say(r, "发布成果"), Href: newPath(market.Achievement), Primary: true}}
	}
	if by.Org == "" && (by.Role != authz.Broker || by.Person == "") {
		body := templ.Join(ui.PageHead(head), ui.With(ui.Empty(say(r, "您的角色没有绑定单位"),
			say(r, "认领本单位之后，本单位的需求和成果会列在这里。")),
			ui.Button(ui.Action{Text: say(r, "打开技术市场"), Href: pathMarket})))
		return h.web.Render(w, r, web.View{Page: p, Body: body})
	}
	var parts []templ.Component
	var jumps []countLink
	for _, g := range mineGroups(by) {
		counts, err := h.market.CountPosts(ctx, by, g.filter)
		if err != nil {
			return err
		}
		order := "newest"
		if g.confirm {
			order = "fresh"
		}
		page, err := h.market.ListPosts(ctx, by, g.filter, order, db.PageReq{Limit: mineLines})
		if err != nil {
			return err
		}
		mark := ui.State{Tone: g.tone, Text: say(r, g.title)}
		if counts.All == 0 {
			mark.Tone = ui.Idle
		}
		jumps = append(jumps, countLink{mark: mark, n: i18n.Int(counts.All), href: "#" + g.anchor})
		if counts.All == 0 {
			continue
		}
		parts = append(parts, mineBlock(g.anchor, say(r, g.title), i18n.Int(counts.All),
			h.mineBody(r, g, page, counts.All)))
	}
	if len(parts) == 0 {
		parts = append(parts, ui.Empty(say(r, "还没有需求和成果"), say(r, "发布之后，要办的事会列在这里。")))
	}
	body := templ.Join(ui.PageHead(head), countLinks(say(r, "我的供需"), jumps),
		ui.With(ui.Stack(), parts...))
	return h.web.Render(w, r, web.View{Page: p, Body: body})
}

func (h *Handler) mineBody(
	r *http.Request, g mineGroup, page db.Page[market.Post], n int64,
) templ.Component {
	tab := ui.DataTable(h.mineTable(r, g, page.Items))
	if page.Next == "" {
		return tab
	}
	return templ.Join(tab, moreLink(say(r, "查看全部 %s 项", i18n.Int(n)), g.query.href()))
}

func (h *Handler) mineTable(r *http.Request, g mineGroup, list []market.Post) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: say(r, g.title), Dense: true, Cols: []ui.Column{{Label: say(r, "名称")},
		{Label: say(r, "编号")}, {Label: say(r, "领域")}, {Label: say(r, "价格或预算"), Num: true},
		{Label: say(r, "时效")}, {Label: say(r, "更新"), Num: true}}}
	if g.confirm {
		tab.Batch = &ui.Batch{Action: pathMine,
			Hidden: []ui.Hidden{{Name: "group", Value: g.anchor}, {Name: "key", Value: id.New()}},
			Actions: []ui.Action{
				{Text: say(r, "确认所选仍有效"), Name: "do", Value: "confirm", Primary: g.anchor != "live"},
				{Text: say(r, "全部确认仍有效"), Name: "do", Value: "all"}}}
	}
	for _, p := range list {
		fresh := ui.Cell{Text: ui.OrDash("")}
		if mark, ok := freshMark(ctx, p, h.now()); ok {
			fresh = ui.Cell{Status: &mark}
		}
		tab.Rows = append(tab.Rows, ui.Row{ID: p.ID, Cells: []ui.Cell{
			{Text: p.Title, Href: inList(postPath(p.ID, ""), g.query), Kind: kindMark(ctx, p.Kind)},
			{Text: p.Code, Mono: true}, {Text: ui.OrDash(titled(ctx, market.Fields(), p.Field))},
			{Text: priceText(ctx, p.PostData)}, fresh, ui.AgoCell(ctx, p.UpdatedUs, h.now())}})
	}
	return tab
}

// postMine confirms posts: those that are ticked, or all of a group.
func (h *Handler) postMine(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	ids := r.PostForm["id"]
	if r.PostForm.Get("do") == "all" {
		var err error
		if ids, err = h.wholeGroup(r, r.PostForm.Get("group")); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		return h.web.Redirect(w, r, pathMine, "没有勾选任何一项")
	}
	out, err := h.market.ConfirmPosts(r.Context(), web.Actor(r), ids[:min(len(ids), market.MaxConfirm)])
	switch {
	case err != nil:
		return err
	case len(out.Refused) > 0:
		return h.web.Redirect(w, r, pathMine, "已确认 %s 项仍有效；%s 项不能确认：%s",
			strconv.Itoa(len(out.Done)), strconv.Itoa(len(out.Refused)),
			i18n.Error(lang(r), out.Refused[0].Why))
	}
	return h.web.Redirect(w, r, pathMine, "已确认 %s 项仍有效", strconv.Itoa(len(out.Done)))
}

// wholeGroup are the ids of the posts of a part of the page, as many as can be confirmed at once.
func (h *Handler) wholeGroup(r *http.Request, anchor string) ([]string, error) {
	for _, g := range mineGroups(web.Actor(r)) {
		if g.anchor != anchor || !g.confirm {
			continue
		}
		page, err := h.market.ListPosts(r.Context(), web.Actor(r), g.filter, "fresh",
			db.PageReq{Limit: market.MaxConfirm})
		return postIDs(page.Items), err
	}
	return nil, nil
}
