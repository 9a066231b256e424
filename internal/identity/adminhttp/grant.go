package adminhttp

import (
	"net/http"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// grantForm is the form of a grant as it was typed.
type grantForm struct {
	identity.GrantInput
	login string // text in the box of the account
	uscc  string // credit code of the organisation
}

// getPick answers the pick list of accounts.
func (h *Handler) getPick(w http.ResponseWriter, r *http.Request) error {
	var out []ui.Option
	if text := strings.TrimSpace(r.FormValue("q") + r.FormValue("account_q")); text != "" {
		found, err := h.find(r, text)
		if err != nil {
			return err
		}
		for _, a := range found {
			out = append(out, ui.Option{Value: a.ID, Text: a.Login, Hint: a.Name})
		}
	}
	list := r.FormValue("list")
	if list == "" || len(list) > 60 {
		list = "options"
	}
	return h.web.RenderPart(w, r, http.StatusOK, ui.ComboOptions(list, out))
}

// getGrant asks what is granted to whom.
func (h *Handler) getGrant(w http.ResponseWriter, r *http.Request) error {
	if err := mayGrant(r, ""); err != nil {
		return err
	}
	f := grantForm{GrantInput: identity.GrantInput{Account: r.URL.Query().Get("account"),
		Role: authz.Role(r.URL.Query().Get("role")), Key: id.New()}}
	return h.showGrant(w, r, f, nil)
}

func mayGrant(r *http.Request, account string) error {
	return identity.RolePolicy.May(web.Actor(r), identity.ActRoleGrant,
		identity.Held{Account: account})
}

func (h *Handler) showGrant(w http.ResponseWriter, r *http.Request, f grantForm, err error) error {
	combo := ui.Combo{Input: ui.Input{Name: "account", Label: say(r, "账号"), Value: f.login,
		Hint: say(r, "输入登录名或姓名的开头，从列表中选择")}, Source: pathPick, MaxPicks: 1,
		Browse: PathAccounts}
	a, aerr := h.picked(r, f.Account)
	if aerr != nil {
		return aerr
	}
	if a.ID != "" {
		combo.Picked = []ui.Option{{Value: a.ID, Text: a.Login + " · " + a.Name}}
	}
	head := []ui.Input{combo.Input}
	ui.Mark(lang(r), head, err)
	combo.Input = head[0]
	fields := h.grantFields(r, f)
	ui.Mark(lang(r), fields, err)
	form := ui.FormView{Action: PathRoles + "/new", Guard: true, Summary: ui.SummaryOf(lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: f.Key}},
		Buttons: []ui.Action{{Text: say(r, "授予角色"), Primary: true},
			{Text: say(r, "返回"), Href: PathRoles}}}
	p := h.web.Page(r, "授予角色")
	p.Crumbs = []ui.Link{{Text: say(r, "角色授权"), Href: PathRoles}, {Text: say(r, "授予角色")}}
	v := ui.Head{Title: say(r, "授予角色"),
		Lead: say(r, "系统、安全、审计三种管理员须由不同账号担任，审计管理员不兼办业务；不能给自己授予角色。")}
	return h.web.Render(w, r,
		web.View{Status: ui.StatusOf(err), Page: p, Body: grantPage(v, form, combo, fields)})
}

// picked reads the account that was chosen, none for an id that is unknown or no id.
func (h *Handler) picked(r *http.Request, accountID string) (identity.Account, error) {
	if !id.Valid(accountID) {
		return identity.Account{}, nil
	}
	a, err := h.room.GetAccount(r.Context(), web.Actor(r), accountID)
	if fault.Is(err, fault.NotFound) {
		return identity.Account{}, nil
	}
	return a, err
}

func (h *Handler) grantFields(r *http.Request, f grantForm) []ui.Input {
	return []ui.Input{
		{Kind: ui.InSelect, Name: "role", Label: say(r, "角色"), Value: string(f.Role), Width: ui.W14,
			Options: roleOptions(r, say(r, "请选择"))},
		{Name: "org", Label: say(r, "所代表单位的统一社会信用代码"), Value: f.uscc, Optional: true,
			Mono: true, Width: ui.W18, MaxLen: 40, AutoComplete: "off",
			Hint: say(r, "企业、高校院所必填")},
		{Kind: ui.InSelect, Name: "region", Label: say(r, "所负责的地区"), Value: f.Region,
			Optional: true, Width: ui.W14, Options: h.places(r, f.Region), Hint: say(r, "区县必填")},
		{Kind: ui.InDate, Name: "from", Label: say(r, "起始日期"), Value: string(f.From),
			Optional: true, Width: ui.W14, Hint: say(r, "不填即时生效")},
		{Kind: ui.InDate, Name: "until", Label: say(r, "终止日期"), Value: string(f.Until),
			Optional: true, Width: ui.W14, Hint: say(r, "含当日；不填为长期")},
		{Name: "basis", Label: say(r, "依据"), Value: f.Basis, MaxLen: 200,
			Hint: say(r, "任职文件、申请单号或其他理由")},
	}
}

// places offers the districts of the site's city, or the provinces where no city is set, and the
// chosen division when it lies elsewhere.
func (h *Handler) places(r *http.Request, chosen string) []ui.Option {
	parent := ""
	if h.deps.Home != nil {
		parent = string(h.deps.Home().City())
	}
	out := []ui.Option{{Text: say(r, "不限地区")}}
	page, err := h.deps.Dict.Items(web.Actor(r),
		dict.Query{List: dict.Regions, Parent: parent, Tree: true}, db.PageReq{Limit: 500})
	if err != nil { // a division without parts
		return out
	}
	for _, it := range page.Items {
		if it.Kind != dict.Group {
			out = append(out, ui.Option{Value: it.Code, Text: it.Name})
		}
	}
	if chosen != "" && !slices.ContainsFunc(out, func(o ui.Option) bool { return o.Value == chosen }) {
		out = append(out, ui.Option{Value: chosen, Text: chosen})
	}
	return out
}

// postGrant grants a role.
func (h *Handler) postGrant(w http.ResponseWriter, r *http.Request) error {
	f := grantForm{login: strings.TrimSpace(r.PostFormValue("account_q")),
		uscc: strings.TrimSpace(r.PostFormValue("org")),
		GrantInput: identity.GrantInput{Account: r.PostFormValue("account"),
			Role: authz.Role(r.PostFormValue("role")), Region: r.PostFormValue("region"),
			From: clock.Date(r.PostFormValue("from")), Until: clock.Date(r.PostFormValue("until")),
			Basis: r.PostFormValue("basis"), Key: r.PostFormValue("key")}}
	if err := mayGrant(r, f.Account); err != nil {
		return err
	}
	if drop := r.PostFormValue("drop_account"); drop != "" { // without a script
		f.Account = ""
		return h.showGrant(w, r, f, nil)
	}
	err := h.resolve(r, &f)
	if err == nil {
		_, err = h.room.GrantRole(r.Context(), web.Actor(r), f.GrantInput)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showGrant(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, accountPath(f.Account, ""), "角色已授予")
}

// resolve finds the account and the organisation that the form means.
func (h *Handler) resolve(r *http.Request, f *grantForm) error {
	var wrong []fault.Field
	if f.Account == "" {
		found, err := h.find(r, f.login)
		if err != nil {
			return err
		}
		login := identity.Normal(f.login)
		i := slices.IndexFunc(found, func(a identity.Account) bool { return a.Login == login })
		switch {
		case f.login == "":
			wrong = append(wrong, fault.At("account", "请填写这一项"))
		case i < 0:
			wrong = append(wrong, fault.At("account", "没有这个登录名，请从列表中选择"))
		default:
			f.Account, f.login = found[i].ID, ""
		}
	} else if a, err := h.picked(r, f.Account); err != nil {
		return err
	} else if a.ID == "" {
		wrong = append(wrong, fault.At("account", "没有这个登录名，请从列表中选择"))
	}
	f.Org = ""
	if f.uscc != "" {
		code, err := id.ParseUSCC(f.uscc)
		if e, ok := fault.As(err); ok {
			wrong = append(wrong, fault.At("org", e.Key, e.Args...))
			return fault.Fields(wrong...)
		}
		o, known, err := h.deps.Orgs.FindByUSCC(r.Context(), string(code))
		if err != nil {
			return err
		}
		if !known {
			wrong = append(wrong, fault.At("org", "没有找到这个单位"))
		}
		f.Org = o.ID
	}
	return fault.Fields(wrong...)
}
