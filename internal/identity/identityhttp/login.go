package identityhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func (h *Handler) loginRoutes() []web.Route {
	const get, post, everyone = http.MethodGet, http.MethodPost, web.Everyone
	return []web.Route{
		route(get, ui.PathLogin, everyone, h.getLogin),
		route(post, ui.PathLogin, everyone, h.postLogin, "Login"),
		route(get, "/login/totp", everyone, h.getCode),
		route(post, "/login/totp", everyone, h.postCode, "VerifyCode"),
		route(get, "/login/oidc", everyone, h.getProvider, "BeginOIDC"),
		route(get, "/login/oidc/callback", everyone, h.getCallback, "TakeOIDC", "FinishOIDC"),
		route(post, ui.PathLogout, everyone, h.postLogout, "Logout"),
		route(post, ui.PathRole, web.Members, h.postRole, "SwitchRole"),
		route(get, "/register", everyone, h.getRegister),
		route(post, "/register", everyone, h.postRegister, "Register"),
	}
}

// bare starts a page with brand and footer only.
func (h *Handler) bare(r *http.Request, title string) ui.Page {
	p := h.web.Page(r, title)
	p.Surface = ui.Bare
	return p
}

func (h *Handler) getLogin(w http.ResponseWriter, r *http.Request) error {
	back := web.Back(r.URL.Query().Get("back"))
	if web.SessionOf(r).LoggedIn() {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	return h.showLogin(w, r, "", back, nil)
}

func (h *Handler) postLogin(w http.ResponseWriter, r *http.Request) error {
	in := identity.LoginInput{Login: r.PostFormValue("login"), Password: r.PostFormValue("password"),
		Origin: origin(r)}
	back := web.Back(r.PostFormValue("back"))
	st, err := h.identity.Login(r.Context(), stranger(r), in)
	if refused(err) {
		return h.showLogin(w, r, in.Login, back, err)
	}
	if err != nil {
		return err
	}
	return h.started(w, r, st, back)
}

func (h *Handler) showLogin(
	w http.ResponseWriter, r *http.Request, login, back string, err error,
) error {
	inputs := []ui.Input{
		{Name: "login", Label: say(r, "登录名"), Value: login, MaxLen: identity.MaxLogin,
			AutoComplete: "username", Attrs: templ.Attributes{"autocapitalize": "none",
				"spellcheck": "false"}},
		{Kind: ui.InPassword, Name: "password", Label: say(r, "密码"),
			AutoComplete: "current-password"},
	}
	f := ui.FormView{Action: ui.PathLogin, Hidden: []ui.Hidden{{Name: "back", Value: back}},
		Buttons: []ui.Action{{Text: say(r, "登录"), Primary: true}}}
	var links []ui.Link
	query := "?back=" + url.QueryEscape(back)
	if p := h.deps.Provider; p != nil {
		links = append(links, ui.Link{Text: say(r, "用%s登录", p.Name()), Href: "/login/oidc" + query})
	}
	if !h.identity.Rule().NoRegistration {
		links = append(links, ui.Link{Text: say(r, "没有账号？注册一个"), Href: "/register" + query})
	}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "登录")}),
		beside(form(r, f, inputs, err), say(r, "其他方式"), links))
	return h.web.Render(w, r, web.View{Status: status(err), Page: h.bare(r, "登录"), Body: body})
}

// beside puts links into a box beside a form, if there are any.
func beside(main templ.Component, title string, links []ui.Link) templ.Component {
	if len(links) == 0 {
		return main
	}
	return ui.With(ui.WithAside(ui.With(ui.Block(title), ways(links))), main)
}

// waits says whether the browser has a session that waits for a second factor.
func waits(r *http.Request) bool {
	return web.SessionOf(r).Pending == pendingPaths[identity.PendingCode]
}

func (h *Handler) getCode(w http.ResponseWriter, r *http.Request) error {
	back := web.Back(r.URL.Query().Get("back"))
	if !waits(r) {
		http.Redirect(w, r, ui.PathLogin+"?back="+url.QueryEscape(back), http.StatusSeeOther)
		return nil
	}
	return h.showCode(w, r, back, nil)
}

func (h *Handler) postCode(w http.ResponseWriter, r *http.Request) error {
	back := web.Back(r.PostFormValue("back"))
	in := identity.CodeInput{Code: r.PostFormValue("code"), Token: web.Token(r), Origin: origin(r)}
	st, err := h.identity.VerifyCode(r.Context(), stranger(r), in)
	switch fault.KindOf(err) {
	case fault.NotFound:
		return h.web.Redirect(w, r, ui.PathLogin, "登录已超时，请重新登录")
	case fault.Forbidden:
		h.web.ClearSession(w)
		return h.web.Redirect(w, r, ui.PathLogin, "验证码错误次数过多，请重新登录")
	}
	if refused(err) {
		return h.showCode(w, r, back, err)
	}
	if err != nil {
		return err
	}
	return h.started(w, r, st, back)
}

func (h *Handler) showCode(w http.ResponseWriter, r *http.Request, back string, err error) error {
	inputs := []ui.Input{{Name: "code", Label: say(r, "验证码"), AutoComplete: "one-time-code",
		Width: ui.W18, Mono: true, MaxLen: 40, Attrs: templ.Attributes{"autocapitalize": "none"},
		Hint: say(r, "打开验证器应用，填写六位数字；手机不在身边时，填写一个恢复码。")}}
	f := ui.FormView{Action: "/login/totp", Hidden: []ui.Hidden{{Name: "back", Value: back}},
		Buttons: []ui.Action{{Text: say(r, "验证并登录"), Primary: true}}}
	out := ui.PostButton(ui.Post{Action: ui.PathLogout,
		Button: ui.Action{Text: say(r, "换一个账号登录"), Small: true}})
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "两步验证")}), form(r, f, inputs, err), out)
	return h.web.Render(w, r, web.View{Status: status(err), Page: h.bare(r, "两步验证"), Body: body})
}

func (h *Handler) postLogout(w http.ResponseWriter, r *http.Request) error {
	if err := h.identity.Logout(r.Context(), web.Actor(r), web.Token(r)); err != nil {
		return err
	}
	h.web.ClearSession(w)
	return h.web.Redirect(w, r, ui.PathHome, "已退出登录")
}

func (h *Handler) postRole(w http.ResponseWriter, r *http.Request) error {
	st, err := h.identity.SwitchRole(r.Context(), web.Actor(r), web.Token(r), r.PostFormValue("role"))
	if err != nil {
		return err
	}
	h.keep(w, st)
	return h.web.Redirect(w, r, ui.PathHome, "已切换身份")
}

func (h *Handler) getRegister(w http.ResponseWriter, r *http.Request) error {
	back := web.Back(r.URL.Query().Get("back"))
	if web.SessionOf(r).LoggedIn() {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	if h.identity.Rule().NoRegistration {
		return fault.New(fault.Forbidden, "本站不开放自行注册，请联系系统管理员")
	}
	return h.showRegister(w, r, identity.RegisterInput{}, back, nil)
}

func (h *Handler) postRegister(w http.ResponseWriter, r *http.Request) error {
	in := identity.RegisterInput{Login: r.PostFormValue("login"), Name: r.PostFormValue("name"),
		Password: r.PostFormValue("password"), Phone: r.PostFormValue("phone"),
		Email: r.PostFormValue("email"), Agreed: r.PostFormValue("agreed") == "1", Origin: origin(r)}
	back := web.Back(r.PostFormValue("back"))
	st, err := h.identity.Register(r.Context(), web.Actor(r), in)
	if refused(err) {
		return h.showRegister(w, r, in, back, err)
	}
	if err != nil {
		return err
	}
	h.keep(w, st)
	return h.web.Redirect(w, r, back, "账号已开通")
}

func (h *Handler) showRegister(
	w http.ResponseWriter, r *http.Request, in identity.RegisterInput, back string, err error,
) error {
	agreed := ""
	if in.Agreed {
		agreed = "1"
	}
	inputs := append([]ui.Input{
		{Name: "login", Label: say(r, "登录名"), Value: in.Login, MaxLen: identity.MaxLogin,
			AutoComplete: "username", Hint: say(r, "3 至 64 个小写字母、数字或 . _ - @ +，可以用手机号或邮箱"),
			Attrs: templ.Attributes{"autocapitalize": "none", "spellcheck": "false"}},
		newPassword(r, "password", say(r, "密码")),
	}, profileInputs(r, in.Name, in.Phone, in.Email)...)
	inputs = append(inputs, ui.Input{Kind: ui.InCheck, Name: "agreed", Value: agreed,
		Text: say(r, "我已阅读本页的个人信息处理告知")})
	f := ui.FormView{Action: "/register", Hidden: []ui.Hidden{{Name: "back", Value: back}},
		Buttons: []ui.Action{{Text: say(r, "注册"), Primary: true}}}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "注册账号"),
		Lead: say(r, "账号属于个人。要代表企业或高校院所办事，注册后再认领单位。")}),
		ui.With(ui.WithAside(notice()), form(r, f, inputs, err), ways([]ui.Link{{Text: say(r, "已有账号，去登录"),
			Href: ui.PathLogin + "?back=" + url.QueryEscape(back)}})))
	return h.web.Render(w, r, web.View{Status: status(err), Page: h.bare(r, "注册账号"), Body: body})
}

// newPassword is the field of a password to be chosen.
func newPassword(r *http.Request, name, label string) ui.Input {
	return ui.Input{Kind: ui.InPassword, Name: name, Label: label, AutoComplete: "new-password",
		Hint: say(r, "至少 %d 个字符；不足 16 个时须含大写字母、小写字母、数字、其他字符中的三类。",
			identity.MinPassword)}
}

// profileInputs are the fields that people fill in about themselves.
func profileInputs(r *http.Request, name, phone, email string) []ui.Input {
	return []ui.Input{
		{Name: "name", Label: say(r, "姓名"), Value: name, MaxLen: identity.MaxName,
			AutoComplete: "name", Width: ui.W18},
		{Kind: ui.InTel, Name: "phone", Label: say(r, "电话"), Value: phone, Optional: true,
			AutoComplete: "tel", Width: ui.W18},
		{Kind: ui.InEmail, Name: "email", Label: say(r, "邮箱"), Value: email, Optional: true,
			AutoComplete: "email"},
	}
}
