package adminhttp

import (
	"net/http"
	"slices"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// heldOf finds the account and the role of the address.
func (h *Handler) heldOf(r *http.Request) (identity.Account, identity.Held, error) {
	ctx, by := r.Context(), web.Actor(r)
	a, err := h.room.GetAccount(ctx, by, r.PathValue("id"))
	if err != nil {
		return a, identity.Held{}, err
	}
	page, err := h.room.ListRoles(ctx, by, identity.RoleFilter{Account: a.ID, Current: true},
		db.PageReq{Limit: maxShown})
	if err != nil {
		return a, identity.Held{}, err
	}
	i := slices.IndexFunc(page.Items,
		func(g identity.Granted) bool { return g.ID == r.PathValue("held") })
	if i < 0 {
		return a, identity.Held{}, noSuch()
	}
	g := page.Items[i].Held
	return a, g, identity.RolePolicy.May(by, identity.ActRoleRevoke, g)
}

// getRevoke asks before a role is taken away.
func (h *Handler) getRevoke(w http.ResponseWriter, r *http.Request) error {
	a, g, err := h.heldOf(r)
	if err != nil {
		return err
	}
	return h.showRevoke(w, r, a, g, "", nil)
}

func (h *Handler) showRevoke(
	w http.ResponseWriter, r *http.Request, a identity.Account, g identity.Held, reason string,
	err error,
) error {
	q := ui.Question{Title: say(r, "撤销角色"),
		Text: say(r, "撤销立即生效：该账号所有会话和接口令牌从下一次请求起不再有这个身份。"),
		Facts: []ui.Fact{{Term: say(r, "账号"), Text: a.Login, Mono: true},
			{Term: say(r, "姓名"), Text: a.Name}, {Term: say(r, "角色"), Text: roleName(r, g.Role)},
			{Term: say(r, "单位或地区"), Text: h.scope(g)}, {Term: say(r, "有效期间"), Text: h.span(r, g)},
			{Term: say(r, "依据"), Text: g.Basis}},
		Form: ui.FormView{ID: "revoke", Action: r.URL.Path, Version: number(g.Version),
			Summary: ui.SummaryOf(lang(r), err)},
		Inputs: []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: reason,
			Rows: 3, MaxLen: 500, Hint: say(r, "写入审计记录")}},
		Back:   ui.Link{Text: say(r, "返回"), Href: accountPath(a.ID, "")},
		Button: ui.Action{Text: say(r, "撤销角色"), Danger: true}}
	ui.Mark(lang(r), q.Inputs, err)
	head := ui.Head{Title: say(r, "撤销角色"), Lead: a.Name}
	return h.web.Render(w, r, web.View{Status: ui.StatusOf(err), Page: h.accountPage(r, a, "撤销角色"),
		Body: actPage(head, q)})
}

// postRevoke takes a role away.
func (h *Handler) postRevoke(w http.ResponseWriter, r *http.Request) error {
	a, g, err := h.heldOf(r)
	if err != nil {
		return err
	}
	reason := r.PostFormValue("reason")
	err = h.room.RevokeRole(r.Context(), web.Actor(r),
		identity.RevokeInput{ID: g.ID, Reason: reason, Version: web.VersionOf(r)})
	if fault.Is(err, fault.Invalid) {
		return h.showRevoke(w, r, a, g, reason, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, accountPath(a.ID, ""), "角色已撤销")
}
