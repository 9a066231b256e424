package adminhttp

import (
	"net/http"
	"net/url"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const pageSize = 20

// getAccounts lists accounts.
func (h *Handler) getAccounts(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), web.Actor(r), r.URL.Query()
	f := identity.AccountFilter{Query: q.Get("q"), Status: identity.Status(q.Get("status")),
		Role: authz.Role(q.Get("role"))}
	page, err := h.room.ListAccounts(ctx, by, f, q.Get(web.SortParam), web.PageReq(r, pageSize))
	if err != nil {
		return err
	}
	n, err := h.room.CountAccounts(ctx, by, f)
	if err != nil {
		return err
	}
	v := listView{title: say(r, "账号"), lead: say(r, "谁可以登录。停用和注销的账号保留记录，不删除。"),
		filters: h.accountFilters(r, f), table: h.accountTable(r, page.Items),
		empty: say(r, "没有符合条件的账号"), hint: say(r, "按登录名或姓名的开头查找，或放宽条件。")}
	v.bar.Count = say(r, "共 %s 个", i18n.Int(n))
	if f != (identity.AccountFilter{}) {
		v.bar.Clear = PathAccounts
	}
	if maySys(r) {
		v.actions = []ui.Action{
			{Text: say(r, "开设账号"), Href: PathAccounts + "/new", Primary: true}}
	}
	v.pager = web.Paging(r, page.Next, page.Prev, v.bar.Count)
	return h.web.Render(w, r,
		web.View{Page: h.web.Page(r, "账号"), Body: listPage(v), Part: results(v)})
}

func (h *Handler) accountFilters(r *http.Request, f identity.AccountFilter) ui.Filters {
	status := []ui.Option{{Text: say(r, "全部")}}
	for _, s := range []identity.Status{identity.Active, identity.Locked, identity.Closed} {
		status = append(status, ui.Option{Value: string(s), Text: say(r, s.Title())})
	}
	out := ui.Filters{Action: PathAccounts, Label: say(r, "筛选账号"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: say(r, "关键词"), Value: f.Query,
			Placeholder: say(r, "登录名或姓名的开头")},
		{Name: "status", Label: say(r, "状态"), Value: string(f.Status), Options: status},
		{Name: "role", Label: say(r, "角色"), Value: string(f.Role),
			Options: roleOptions(r, say(r, "全部"))}}}
	if sort := r.URL.Query().Get(web.SortParam); sort != "" {
		out.Hidden = []ui.Hidden{{Name: web.SortParam, Value: sort}}
	}
	return out
}

// roleOptions are the roles that can be granted; first is the choice of none.
func roleOptions(r *http.Request, first string) []ui.Option {
	out := []ui.Option{{Text: first}}
	for _, role := range authz.Roles() {
		if role != authz.Public {
			out = append(out, ui.Option{Value: string(role), Text: say(r, role.Title())})
		}
	}
	return out
}

func (h *Handler) accountTable(r *http.Request, items []identity.Account) ui.Table {
	login := ui.Column{Label: say(r, "登录名"), Sort: "ascending",
		SortHref: web.ListAddress(r, url.Values{web.SortParam: {"login"}})}
	created := ui.Column{Label: say(r, "开设时间"),
		SortHref: web.ListAddress(r, url.Values{web.SortParam: {"created"}})}
	if r.URL.Query().Get(web.SortParam) == "created" {
		login.Sort, created.Sort = "", "descending"
	}
	t := ui.Table{Caption: say(r, "账号"), Dense: true, Cols: []ui.Column{login,
		{Label: say(r, "姓名")}, {Label: say(r, "电话")}, {Label: say(r, "状态")},
		{Label: say(r, "两步验证")}, created}}
	for _, a := range items {
		mark := statusMark(r, a.Status)
		second := say(r, "未启用")
		if a.SecondUs != 0 {
			second = say(r, "已启用")
		}
		first := ui.Cell{Text: a.Login, Href: accountPath(a.ID, "")}
		if a.Admin {
			first.Tags = []string{say(r, "管理员")}
		}
		t.Rows = append(t.Rows, ui.Row{ID: a.ID, Cells: []ui.Cell{first, {Text: a.Name},
			{Text: ui.OrDash(a.Phone)}, {Status: &mark}, {Text: second},
			ui.TimeCell(r.Context(), a.CreatedUs)}})
	}
	return t
}
