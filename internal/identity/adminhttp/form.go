package adminhttp

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getNew asks for the data of a new account.
func (h *Handler) getNew(w http.ResponseWriter, r *http.Request) error {
	if err := identity.AccountPolicy.May(web.Actor(r), identity.ActAccountCreate,
		identity.Account{}); err != nil {
		return err
	}
	return h.showNew(w, r, identity.NewAccount{Key: id.New()}, nil)
}

func (h *Handler) showNew(
	w http.ResponseWriter, r *http.Request, in identity.NewAccount, err error,
) error {
	fields := append([]ui.Input{{Name: "login", Label: say(r, "登录名"), Value: in.Login, Mono: true,
		Width: ui.W18, MaxLen: identity.MaxLogin, AutoComplete: "off",
		Hint: say(r, "3 至 64 个小写字母、数字或 . _ - @ +，开设后不能修改")}},
		profileFields(r, in.Name, in.Phone, in.Email)...)
	ui.Mark(lang(r), fields, err)
	form := ui.FormView{Action: PathAccounts + "/new", Guard: true,
		Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: in.Key}},
		Buttons: []ui.Action{{Text: say(r, "开设账号"), Primary: true},
			{Text: say(r, "返回"), Href: PathAccounts}}}
	p := h.web.Page(r, "开设账号")
	p.Crumbs = []ui.Link{{Text: say(r, "账号"), Href: PathAccounts}, {Text: say(r, "开设账号")}}
	head := ui.Head{Title: say(r, "开设账号"),
		Lead: say(r, "系统生成初始密码，首次登录须修改。角色由安全管理员另行授予。")}
	return h.web.Render(w, r,
		web.View{Status: ui.StatusOf(err), Page: p, Body: formPage(head, form, fields)})
}

func profileFields(r *http.Request, name, phone, email string) []ui.Input {
	return []ui.Input{
		{Name: "name", Label: say(r, "姓名"), Value: name, MaxLen: identity.MaxName, Width: ui.W14,
			AutoComplete: "off"},
		{Kind: ui.InTel, Name: "phone", Label: say(r, "电话"), Value: phone, Optional: true,
			Width: ui.W14, AutoComplete: "off"},
		{Kind: ui.InEmail, Name: "email", Label: say(r, "邮箱"), Value: email, Optional: true,
			Width: ui.W18, AutoComplete: "off"},
	}
}

// postNew makes an account and shows its password in the answer itself: it is kept nowhere.
func (h *Handler) postNew(w http.ResponseWriter, r *http.Request) error {
	in := identity.NewAccount{Login: r.PostFormValue("login"), Name: r.PostFormValue("name"),
		Phone: r.PostFormValue("phone"), Email: r.PostFormValue("email"), Key: r.PostFormValue("key")}
	made, err := h.room.CreateAccount(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showNew(w, r, in, err)
	}
	if err != nil {
		return err
	}
	return h.showSecret(w, r, made.Account, say(r, "账号已开设"), made.Made)
}

// getEdit shows the data of an account, to be changed.
func (h *Handler) getEdit(w http.ResponseWriter, r *http.Request) error {
	a, err := h.editable(r)
	if err != nil {
		return err
	}
	return h.showEdit(w, r, a, identity.ProfileInput{Name: a.Name, Phone: a.Phone, Email: a.Email,
		Version: a.Version}, nil)
}

func (h *Handler) editable(r *http.Request) (identity.Account, error) {
	a, err := h.room.GetAccount(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return a, err
	}
	return a, identity.AccountPolicy.May(web.Actor(r), identity.ActAccountUpdate, a)
}

func (h *Handler) showEdit(
	w http.ResponseWriter, r *http.Request, a identity.Account, in identity.ProfileInput, err error,
) error {
	fields := append([]ui.Input{{Kind: ui.InStatic, Label: say(r, "登录名"), Value: a.Login,
		Mono: true}}, profileFields(r, in.Name, in.Phone, in.Email)...)
	ui.Mark(lang(r), fields, err)
	form := ui.FormView{Action: accountPath(a.ID, "edit"), Version: number(in.Version), Guard: true,
		Summary: ui.SummaryOf(lang(r), err),
		Buttons: []ui.Action{{Text: say(r, "保存"), Primary: true},
			{Text: say(r, "返回"), Href: accountPath(a.ID, "")}}}
	head := ui.Head{Title: say(r, "修改资料"), Lead: a.Name}
	return h.web.Render(w, r, web.View{Status: ui.StatusOf(err), Page: h.accountPage(r, a, "修改资料"),
		Body: formPage(head, form, fields)})
}

// postEdit changes the data of an account.
func (h *Handler) postEdit(w http.ResponseWriter, r *http.Request) error {
	a, err := h.editable(r)
	if err != nil {
		return err
	}
	in := identity.ProfileInput{ID: a.ID, Name: r.PostFormValue("name"),
		Phone: r.PostFormValue("phone"), Email: r.PostFormValue("email"), Person: a.Person,
		Version: web.VersionOf(r)}
	_, err = h.room.UpdateAccount(r.Context(), web.Actor(r), in)
	switch fault.KindOf(err) {
	case fault.Invalid:
		return h.showEdit(w, r, a, in, err)
	case fault.Conflict:
		return h.staleEdit(w, r, a, in)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, accountPath(a.ID, ""), "资料已保存")
}

// staleEdit shows both versions after somebody else saved first.
func (h *Handler) staleEdit(
	w http.ResponseWriter, r *http.Request, now identity.Account, mine identity.ProfileInput,
) error {
	s := ui.Stale{Title: say(r, "保存前，这个账号已被他人修改"), Post: accountPath(now.ID, "edit"),
		Reload: accountPath(now.ID, "edit"),
		Hidden: []ui.Hidden{{Name: "version", Value: number(now.Version)}}}
	for _, f := range []struct{ name, label, a, b string }{{"name", "姓名", now.Name, mine.Name},
		{"phone", "电话", now.Phone, mine.Phone}, {"email", "邮箱", now.Email, mine.Email}} {
		s.Hidden = append(s.Hidden, ui.Hidden{Name: f.name, Value: f.b})
		if f.a != f.b {
			s.Fields = append(s.Fields,
				ui.StaleField{Label: say(r, f.label), Theirs: f.a, Mine: f.b})
		}
	}
	return h.web.Render(w, r, web.View{Status: http.StatusConflict,
		Page: h.accountPage(r, now, "修改资料"), Body: ui.Diff(s)})
}
