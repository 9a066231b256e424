package claimhttp

import (
	"net/http"
	"net/url"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const (
	pageSize  = 20
	stateAll  = "all"     // every state; staff see what waits for them when nothing is chosen
	stateLate = "overdue" // waits and is past its time
)

func listTitle(r *http.Request) string {
	if decides(r) {
		return say(r, "入驻核验")
	}
	return say(r, "我的认领")
}

// query is the filter of the list as its address says it.
type query struct {
	q, state, region, sort string
	late                   bool
}

func (q query) filter() identity.ClaimFilter {
	f := identity.ClaimFilter{Query: q.q, State: q.state, Region: q.region, Late: q.late}
	if q.state == stateAll || q.late {
		f.State = ""
	}
	return f
}

// queryOf reads the address. Staff begin with what waits, the oldest first.
func queryOf(r *http.Request) query {
	v := r.URL.Query()
	q := query{q: v.Get("q"), state: v.Get("state"), region: v.Get("region"),
		sort: v.Get(web.SortParam)}
	if q.state == "" && decides(r) {
		q.state = identity.ClaimSubmitted
	}
	if q.sort == "" && decides(r) {
		q.sort = "oldest"
	}
	q.late = q.state == stateLate
	return q
}

// getList shows the queue of those who decide, or the claims of a person.
func (h *Handler) getList(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), web.Actor(r), queryOf(r)
	if !identity.ClaimPolicy.Could(by, identity.ActClaimRead) {
		return fault.New(fault.Forbidden, "您现在的身份不办理单位认领")
	}
	at := web.PageReq(r, pageSize)
	v := listView{title: listTitle(r), filters: h.filters(r, q), people: claims(r)}
	page, err := h.room.ListClaims(ctx, by, q.filter(), q.sort, at)
	if err != nil {
		return err
	}
	n, err := h.room.CountClaims(ctx, by, q.filter())
	if err != nil {
		return err
	}
	v.bar.Count = say(r, "共 %s 项", i18n.Int(n))
	runs, err := h.running(ctx, page.Items)
	if err != nil {
		return err
	}
	if v.filtered = q.q+q.region+r.URL.Query().Get("state") != ""; v.filtered {
		v.bar.Clear = PathList
	}
	v.table = h.table(r, q, page.Items, runs)
	v.pager = web.Paging(r, page.Next, page.Prev, "")
	p := h.web.Page(r, "单位认领")
	p.Title = v.title
	return h.web.Render(w, r, web.View{Page: p, Body: listPage(v), Part: results(v)})
}

func (h *Handler) filters(r *http.Request, q query) ui.Filters {
	states := []ui.Option{{Value: stateAll, Text: say(r, "全部")}}
	if !decides(r) {
		states[0].Value = ""
	}
	for _, s := range identity.ClaimProcess.Def().States {
		states = append(states, ui.Option{Value: s.Name, Text: say(r, s.Title)})
		if s.Name == identity.ClaimSubmitted && decides(r) {
			states = append(states, ui.Option{Value: stateLate, Text: say(r, "超期未办")})
		}
	}
	f := ui.Filters{Action: PathList, Label: say(r, "筛选认领"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: say(r, "关键词"), Value: q.q,
			Placeholder: say(r, "单位名称开头或信用代码")},
		{Name: "state", Label: say(r, "状态"), Value: q.state, Options: states},
	}}
	if decides(r) {
		f.Fields = append(f.Fields, ui.Filter{Name: "region", Label: say(r, "地区"), Value: q.region,
			Options: h.places(r, say(r, "全部"), q.region)})
	}
	if sort := r.URL.Query().Get(web.SortParam); sort != "" {
		f.Hidden = []ui.Hidden{{Name: web.SortParam, Value: sort}}
	}
	return f
}

func (h *Handler) table(
	r *http.Request, q query, items []identity.Claim, runs map[string][]process.Run,
) ui.Table {
	submitted := ui.Column{Label: say(r, "提交时间"), Sort: "descending",
		SortHref: web.ListAddress(r, url.Values{web.SortParam: {"oldest"}})}
	if q.sort == "oldest" {
		submitted.Sort = "ascending"
		submitted.SortHref = web.ListAddress(r, url.Values{web.SortParam: {"created"}})
	}
	t := ui.Table{Caption: listTitle(r), Dense: decides(r), Cols: []ui.Column{
		{Label: say(r, "单位")}, {Label: say(r, "申请人")}, {Label: say(r, "地区")},
		{Label: say(r, "状态")}, {Label: say(r, "等待谁办理")}, {Label: say(r, "办理时限")}, submitted}}
	for _, c := range items {
		mark := stateMark(r, c.State)
		row := ui.Row{ID: c.ID}
		due, _ := h.dueText(r, runs[c.ID])
		if late(runs[c.ID], h.now()) {
			row.Tone = ui.Bad
		}
		row.Cells = []ui.Cell{
			{Text: c.OrgName, Href: claimPath(c.ID, ""), Sub: c.USCC},
			{Text: c.Name, Sub: ui.Words(c.Duty, c.Phone)}, {Text: ui.OrDash(h.regionName(c.Region))},
			{Status: &mark}, {Text: ui.OrDash(waitingOn(r, c, runs[c.ID]))}, {Text: ui.OrDash(due)},
			ui.TimeCell(r.Context(), c.CreatedUs)}
		t.Rows = append(t.Rows, row)
	}
	return t
}
