package adminhttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxPicks is how many accounts a search offers.
const maxPicks = 20

// getRoles lists what was granted.
func (h *Handler) getRoles(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := identity.RoleFilter{Role: authz.Role(q.Get("role")), Account: q.Get("account"),
		Current: q.Get("ended") != "1"}
	v := listView{title: say(r, "角色授权"), filters: h.roleFilters(r, q),
		lead:  say(r, "何人以何身份办事、由谁授予、依据什么。授予与撤销都写入审计记录。"),
		empty: say(r, "没有符合条件的授权"), hint: say(r, "换一个角色或账号，或包括已结束的。")}
	if maySec(r) {
		v.actions = []ui.Action{{Text: say(r, "授予角色"), Href: PathRoles + "/new", Primary: true}}
	}
	if q.Get("q")+q.Get("role")+q.Get("account")+q.Get("ended") != "" {
		v.bar.Clear = PathRoles
	}
	if text := strings.TrimSpace(q.Get("q")); text != "" && f.Account == "" {
		one, err := h.narrow(r, text, &v)
		if err != nil || one == "" {
			return h.renderRoles(w, r, v, err)
		}
		f.Account = one
	}
	page, err := h.room.ListRoles(r.Context(), web.Actor(r), f, web.PageReq(r, pageSize))
	if err != nil {
		return err
	}
	v.table = h.roleTable(r, page.Items, true)
	v.bar.Count = say(r, "最近授予的在前")
	v.pager = web.Paging(r, page.Next, page.Prev, "")
	return h.renderRoles(w, r, v, nil)
}

func (h *Handler) renderRoles(
	w http.ResponseWriter, r *http.Request, v listView, err error,
) error {
	if err != nil {
		return err
	}
	return h.web.Render(w, r,
		web.View{Page: h.web.Page(r, "角色授权"), Body: listPage(v), Part: results(v)})
}

// narrow finds the account that a text means. When several begin like it they are offered, and
// when none does there is nothing to list: both without an id.
func (h *Handler) narrow(r *http.Request, text string, v *listView) (string, error) {
	found, err := h.find(r, text)
	if err != nil {
		return "", err
	}
	for _, a := range found {
		if a.Login == identity.Normal(text) || len(found) == 1 {
			return a.ID, nil
		}
	}
	if len(found) > 0 {
		v.empty = say(r, "有多个账号符合，请选择")
		v.hint = ""
	}
	for _, a := range found {
		v.choices = append(v.choices, ui.Link{Text: a.Login, Note: a.Name,
			Href: web.ListAddress(r, url.Values{"account": {a.ID}, "q": {a.Login}})})
	}
	return "", nil
}

// find returns accounts whose login name or name begins with a text.
func (h *Handler) find(r *http.Request, text string) ([]identity.Account, error) {
	page, err := h.room.ListAccounts(r.Context(), web.Actor(r),
		identity.AccountFilter{Query: text}, "", db.PageReq{Limit: maxPicks})
	return page.Items, err
}

func (h *Handler) roleFilters(r *http.Request, q url.Values) ui.Filters {
	return ui.Filters{Action: PathRoles, Label: say(r, "筛选授权"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: say(r, "账号"), Value: q.Get("q"),
			Placeholder: say(r, "登录名或姓名的开头")},
		{Name: "role", Label: say(r, "角色"), Value: q.Get("role"),
			Options: roleOptions(r, say(r, "全部"))},
		{Kind: ui.FilterCheck, Name: "ended", Label: say(r, "包括已撤销的"), Value: q.Get("ended")}}}
}

// roleTable shows roles of accounts; named adds the column of the account.
func (h *Handler) roleTable(r *http.Request, items []identity.Granted, named bool) ui.Table {
	t := ui.Table{Caption: say(r, "角色授权"), Dense: true, Cols: []ui.Column{
		{Label: say(r, "角色")}, {Label: say(r, "单位或地区")}, {Label: say(r, "有效期间")},
		{Label: say(r, "依据")}, {Label: say(r, "状态")}, {Label: say(r, "操作"), Sr: true}}}
	if named {
		t.Cols = append([]ui.Column{{Label: say(r, "账号")}}, t.Cols...)
	}
	for _, g := range items {
		mark := h.heldMark(r, g.Held)
		act := ui.Cell{}
		if g.RevokedUs == 0 && identity.RolePolicy.MaySee(web.Actor(r), identity.ActRoleRevoke, g.Held) {
			act.Body = ui.Button(ui.Action{Text: say(r, "撤销"), Small: true,
				Label: say(r, "撤销 %s 的%s", g.Name, i18n.Key(g.Role.Title())),
				Href:  accountPath(g.Account, "roles/"+g.ID+"/revoke")})
		}
		cells := []ui.Cell{{Text: roleName(r, g.Role)}, {Text: ui.OrDash(h.scope(g.Held))},
			{Text: h.span(r, g.Held)}, {Text: ui.OrDash(g.Basis)}, {Status: &mark}, act}
		if named {
			cells = append([]ui.Cell{{Text: g.Name, Href: accountPath(g.Account, ""),
				Sub: g.Login}}, cells...)
		}
		t.Rows = append(t.Rows, ui.Row{ID: g.ID, Cells: cells})
	}
	return t
}

func roleName(r *http.Request, role authz.Role) string {
	if role.Title() == "" {
		return string(role)
	}
	return say(r, role.Title())
}

// scope is the organisation or region a role is for.
func (h *Handler) scope(g identity.Held) string {
	switch {
	case g.OrgName != "":
		return g.OrgName
	case g.Org != "":
		return g.Org
	case g.Region != "":
		return h.regionName(g.Region)
	default:
		return ""
	}
}

// regionName is the full name of a division, at home without province and city.
func (h *Handler) regionName(code string) string {
	home := region.Code("")
	if h.deps.Home != nil {
		home = h.deps.Home()
	}
	return h.deps.Dict.PlaceName(home, region.Code(code))
}

// span is from when until when a role holds, in civil days.
func (h *Handler) span(r *http.Request, g identity.Held) string {
	l := lang(r)
	from := i18n.Date(l, clock.DateOf(clock.Time(g.FromUs)))
	if g.UntilUs == 0 {
		return say(r, "%s 起", from)
	}
	last := clock.DateOf(clock.Time(g.UntilUs)).AddDays(-1)
	return say(r, "自 %s 至 %s", from, i18n.Date(l, last))
}

func (h *Handler) heldMark(r *http.Request, g identity.Held) ui.State {
	now := clock.Us(h.now())
	switch {
	case g.RevokedUs != 0:
		return ui.State{Tone: ui.Idle, Text: say(r, "已撤销")}
	case g.UntilUs != 0 && g.UntilUs <= now:
		return ui.State{Tone: ui.Idle, Text: say(r, "已到期")}
	case g.FromUs > now:
		return ui.State{Tone: ui.Run, Text: say(r, "未开始")}
	default:
		return ui.State{Tone: ui.OK, Text: say(r, "有效")}
	}
}
