package adminhttp

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxShown is how many roles the page of an account shows, ended ones included.
const maxShown = 100

// getAccount shows an account and its roles.
func (h *Handler) getAccount(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	a, err := h.room.GetAccount(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	held, err := h.room.ListRoles(ctx, by, identity.RoleFilter{Account: a.ID},
		db.PageReq{Limit: maxShown})
	if err != nil {
		return err
	}
	mark := statusMark(r, a.Status)
	v := accountView{head: ui.Head{Title: a.Name, Lead: a.Login, Status: &mark,
		Actions: h.actions(r, a)}, facts: h.facts(r, a), roles: h.roleTable(r, held.Items, false)}
	v.roles.Caption = say(r, "角色")
	if maySec(r) && a.Status != identity.Closed && a.ID != by.Account {
		v.grant = PathRoles + "/new?account=" + a.ID
	}
	if !identity.AccountPolicy.MaySee(by, identity.ActAccountContact, a) {
		v.note = say(r, "联系方式只显示一部分，系统管理员可以看到全部。")
	}
	return h.web.Render(w, r, web.View{Page: h.accountPage(r, a, ""), Body: accountPage(v)})
}

// accountPage starts a page about an account; last names a form on it.
func (h *Handler) accountPage(r *http.Request, a identity.Account, last string) ui.Page {
	p := h.web.Page(r, "账号")
	p.Title = a.Name
	p.Crumbs = []ui.Link{{Text: say(r, "账号"), Href: PathAccounts}, {Text: a.Name}}
	if last != "" {
		p.Title = say(r, last) + " · " + a.Name
		p.Crumbs[1].Href = accountPath(a.ID, "")
		p.Crumbs = append(p.Crumbs, ui.Link{Text: say(r, last)})
	}
	return p
}

// actions are the buttons by right. One that is the actor's work but not possible with this
// account says why.
func (h *Handler) actions(r *http.Request, a identity.Account) []ui.Action {
	if !maySys(r) || a.Status == identity.Closed {
		return nil
	}
	var out []ui.Action
	add := func(text, tail string, need authz.Action) {
		x := ui.Action{Text: say(r, text), Href: accountPath(a.ID, tail), Primary: tail == "edit"}
		if e, ok := fault.As(identity.AccountPolicy.May(web.Actor(r), need, a)); ok {
			x.Href, x.Why = "", i18n.Fault(lang(r), e)
		}
		out = append(out, x)
	}
	for _, x := range acts {
		if x.fits(a) {
			add(x.title, x.name, x.need)
		}
	}
	add("修改资料", "edit", identity.ActAccountUpdate)
	return out
}

func (h *Handler) facts(r *http.Request, a identity.Account) []ui.Fact {
	password := say(r, "已设置")
	switch {
	case !a.Password:
		password = say(r, "未设置，只能用统一身份登录")
	case a.MustChange:
		password = say(r, "下次登录须修改")
	}
	second := say(r, "未启用")
	if a.SecondUs != 0 {
		second = say(r, "%s 起启用", h.when(r, a.SecondUs))
	}
	return []ui.Fact{{Term: say(r, "登录名"), Text: a.Login, Mono: true},
		{Term: say(r, "电话"), Text: a.Phone}, {Term: say(r, "邮箱"), Text: a.Email},
		{Term: say(r, "密码"), Text: password}, {Term: say(r, "两步验证"), Text: second},
		{Term: say(r, "账号由来"), Text: originText(r, a.Origin)},
		{Term: say(r, "开设时间"), Text: h.when(r, a.CreatedUs)},
		{Term: say(r, "更新"), Text: h.when(r, a.UpdatedUs)},
		{Term: say(r, "编号"), CopyID: a.ID}}
}

func originText(r *http.Request, origin string) string {
	switch origin {
	case "setup":
		return say(r, "系统初始化")
	case "admin":
		return say(r, "管理员开设")
	case "self":
		return say(r, "本人注册")
	case "oidc":
		return say(r, "统一身份首次登录")
	default:
		return origin
	}
}
