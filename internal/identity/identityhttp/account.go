package identityhttp

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func (h *Handler) accountRoutes() []web.Route {
	const get, post, members = http.MethodGet, http.MethodPost, web.Members
	return []web.Route{
		route(get, ui.PathAccount, members, h.getProfile, "GetProfile", "ListRoles"),
		route(post, ui.PathAccount, members, h.postProfile, "UpdateProfile"),
		route(get, "/account/password", members, h.getPassword),
		route(post, "/account/password", members, h.postPassword, "ChangePassword"),
		route(get, "/account/sessions", members, h.getSessions, "ListSessions"),
		route(post, "/account/sessions", members, h.postSessions, "EndSession", "EndOtherSessions"),
		route(get, "/account/totp", members, h.getSecond, "GetSecondFactor", "PendingTOTP"),
		route(post, "/account/totp/start", members, h.postSecondStart, "StartTOTP"),
		route(post, "/account/totp/confirm", members, h.postSecondConfirm, "ConfirmTOTP"),
		route(post, "/account/totp/codes", members, h.postSecondCodes, "RenewRecoveryCodes"),
		route(post, "/account/totp/disable", members, h.postSecondDisable, "DisableTOTP"),
		route(get, "/account/tokens", members, h.getTokens, "ListTokens"),
		route(post, "/account/tokens", members, h.postTokens, "CreateToken"),
		route(post, "/account/tokens/{id}/revoke", members, h.postTokenRevoke, "RevokeToken"),
		route(get, "/account/views", members, h.getViews, "ListViews"),
		route(post, "/account/views", members, h.postViews, "SaveView"),
		route(post, "/account/views/{id}/delete", members, h.postViewDelete, "DeleteView"),
		route(get, "/account/links", members, h.getLinks, "ListLinks"),
		route(post, "/account/links", members, h.postLinks, "BeginOIDC"),
		route(post, "/account/links/remove", members, h.postUnlink, "UnlinkOIDC"),
	}
}

// parts are the pages of the own account in the order of their tabs. Titles are keys.
var parts = []struct{ id, title, path string }{
	{"profile", "我的资料", ui.PathAccount},
	{"password", "密码", "/account/password"},
	{"totp", "两步验证", "/account/totp"},
	{"sessions", "登录设备", "/account/sessions"},
	{"tokens", "接口令牌", "/account/tokens"},
	{"views", "常用视图", "/account/views"},
	{"links", "统一身份", "/account/links"},
}

// part is one page of the own account: a box with a sentence under its title, and further boxes.
type part struct {
	title   string // one of parts, a key
	lead    string
	code    int // status, 200 when 0
	content templ.Component
	more    []templ.Component
}

// account renders one part of the own account. Its heading stays when scripts change the tab.
// Somebody with a pending step sees that part only.
func (h *Handler) account(w http.ResponseWriter, r *http.Request, x part) error {
	var tabs []ui.Tab
	pending := web.SessionOf(r).Pending != ""
	for _, p := range parts {
		current := p.title == x.title
		if p.id == "links" && h.deps.Provider == nil || pending && !current {
			continue
		}
		tabs = append(tabs, ui.Tab{ID: p.id, Text: say(r, p.title), Href: p.path, Current: current})
	}
	main := ui.With(ui.Block(say(r, x.title)), sentence(x.lead), x.content)
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "账号与安全")}),
		ui.With(ui.Tabs(say(r, "账号与安全"), tabs), append([]templ.Component{main}, x.more...)...))
	return h.web.Render(w, r, web.View{Status: x.code, Page: h.web.Page(r, x.title), Body: body})
}

func (h *Handler) getProfile(w http.ResponseWriter, r *http.Request) error {
	a, err := h.identity.GetProfile(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	in := identity.ProfileInput{Name: a.Name, Phone: a.Phone, Email: a.Email, Version: a.Version}
	return h.showProfile(w, r, a, in, nil)
}

func (h *Handler) postProfile(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	in := identity.ProfileInput{Name: r.PostFormValue("name"), Phone: r.PostFormValue("phone"),
		Email: r.PostFormValue("email"), Version: web.VersionOf(r)}
	_, err := h.identity.UpdateProfile(r.Context(), by, in)
	if err == nil {
		return h.web.Redirect(w, r, ui.PathAccount, "资料已保存")
	}
	if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return err
	}
	a, gerr := h.identity.GetProfile(r.Context(), by)
	if gerr != nil {
		return gerr
	}
	if fault.Is(err, fault.Conflict) {
		return h.staleProfile(w, r, a, in)
	}
	return h.showProfile(w, r, a, in, err)
}

func (h *Handler) showProfile(
	w http.ResponseWriter, r *http.Request, a identity.Account, in identity.ProfileInput, err error,
) error {
	f := ui.FormView{Action: ui.PathAccount, Version: versionText(in.Version), Guard: true, Plain: true,
		Buttons: []ui.Action{{Text: say(r, "保存资料"), Primary: true}}}
	roles, rerr := h.identity.ListRoles(r.Context(), web.Actor(r),
		identity.RoleFilter{Account: a.ID, Current: true}, db.PageReq{Limit: identity.MaxRoles})
	if rerr != nil {
		return rerr
	}
	facts := []ui.Fact{{Term: say(r, "登录名"), Text: a.Login, Mono: true},
		{Term: say(r, "开户时间"), Text: at(r, a.CreatedUs)},
		{Term: say(r, "两步验证"), Text: onOff(r, a.SecondUs != 0), Href: "/account/totp"}}
	for _, g := range roles.Items {
		facts = append(facts, ui.Fact{Term: say(r, "身份"), Text: h.roleText(r, g.Held)})
	}
	return h.account(w, r, part{title: "我的资料", code: status(err),
		content: form(r, f, profileInputs(r, in.Name, in.Phone, in.Email), err),
		more:    []templ.Component{ui.With(ui.Block(say(r, "账号")), ui.FactGrid(facts))}})
}

func onOff(r *http.Request, on bool) string {
	if on {
		return say(r, "已启用")
	}
	return say(r, "未启用")
}

// roleText names a role with what it is for: 企业 · 太原第一机械厂.
func (h *Handler) roleText(r *http.Request, x identity.Held) string {
	text := say(r, x.Role.Title())
	switch {
	case x.OrgName != "":
		text += " · " + x.OrgName
	case x.Org != "":
		text += " · " + x.Org
	case x.Region != "":
		text += " · " + h.deps.Region(x.Region)
	}
	return text
}

// staleProfile shows both versions after the account was changed in between.
func (h *Handler) staleProfile(
	w http.ResponseWriter, r *http.Request, now identity.Account, mine identity.ProfileInput,
) error {
	d := ui.Stale{Title: say(r, "保存前，这条记录已被他人修改"), Post: ui.PathAccount,
		Reload: ui.PathAccount,
		Hidden: []ui.Hidden{{Name: "version", Value: versionText(now.Version)}}}
	for _, f := range []struct{ name, label, theirs, mine string }{
		{"name", "姓名", now.Name, mine.Name}, {"phone", "电话", now.Phone, mine.Phone},
		{"email", "邮箱", now.Email, mine.Email},
	} {
		d.Hidden = append(d.Hidden, ui.Hidden{Name: f.name, Value: f.mine})
		if f.theirs != f.mine {
			d.Fields = append(d.Fields, ui.StaleField{Label: say(r, f.label), Theirs: f.theirs, Mine: f.mine})
		}
	}
	return h.account(w, r, part{title: "我的资料", code: http.StatusConflict, content: templ.NopComponent,
		more: []templ.Component{ui.Diff(d)}})
}

func (h *Handler) getPassword(w http.ResponseWriter, r *http.Request) error {
	return h.showPassword(w, r, nil)
}

func (h *Handler) postPassword(w http.ResponseWriter, r *http.Request) error {
	if r.PostFormValue("new") != r.PostFormValue("again") {
		return h.showPassword(w, r, fault.Fields(fault.At("again", "两次输入的新密码不一致")))
	}
	st, err := h.identity.ChangePassword(r.Context(), web.Actor(r), identity.PasswordInput{
		Old: r.PostFormValue("old"), New: r.PostFormValue("new"), Token: web.Token(r)})
	if refused(err) {
		return h.showPassword(w, r, err)
	}
	if err != nil {
		return err
	}
	h.keep(w, st)
	target := "/account/password"
	if path := pendingPaths[st.Next]; path != "" {
		target = path
	}
	return h.web.Redirect(w, r, target, "密码已修改，其他设备上的登录已全部退出")
}

func (h *Handler) showPassword(w http.ResponseWriter, r *http.Request, err error) error {
	a, gerr := h.identity.GetProfile(r.Context(), web.Actor(r))
	if gerr != nil {
		return gerr
	}
	var inputs []ui.Input
	if a.Password {
		inputs = append(inputs, ui.Input{Kind: ui.InPassword, Name: "old", Label: say(r, "现在的密码"),
			AutoComplete: "current-password"})
	}
	inputs = append(inputs, newPassword(r, "new", say(r, "新密码")), ui.Input{Kind: ui.InPassword,
		Name: "again", Label: say(r, "再输入一次新密码"), AutoComplete: "new-password"})
	f := ui.FormView{Action: "/account/password", Plain: true,
		Buttons: []ui.Action{{Text: say(r, "修改密码"), Primary: true}}}
	var content []templ.Component
	if web.SessionOf(r).Pending != "" {
		content = append(content, ui.Banner(ui.Warn, say(r, "请先修改密码，再继续使用。")))
	}
	content = append(content, form(r, f, inputs, err))
	return h.account(w, r, part{title: "密码", code: status(err), content: templ.Join(content...)})
}

func (h *Handler) getSessions(w http.ResponseWriter, r *http.Request) error {
	all, err := h.identity.ListSessions(r.Context(), web.Actor(r), web.Token(r))
	if err != nil {
		return err
	}
	t := ui.Table{Caption: say(r, "登录设备"), Cols: []ui.Column{{Label: say(r, "设备")},
		{Label: say(r, "网络地址")}, {Label: say(r, "登录时间")}, {Label: say(r, "最近使用")},
		{Label: say(r, "操作"), Sr: true}}}
	for _, x := range all {
		device := agentName(x.Agent)
		if device == "" {
			device = say(r, "未知设备")
		}
		row := ui.Row{Cells: []ui.Cell{{Text: device}, {Text: x.Address, Mono: true},
			{Text: at(r, x.CreatedUs)}, {Text: at(r, x.SeenUs)}, {}}}
		if x.Current {
			row.Cells[0].Status = &ui.State{Tone: ui.OK, Text: say(r, "本次登录")}
		} else {
			row.Cells[4].Body = ui.PostButton(ui.Post{Action: "/account/sessions",
				Hidden: []ui.Hidden{{Name: "end", Value: x.ID}},
				Button: ui.Action{Text: say(r, "退出"), Label: say(r, "退出 %s", device), Small: true}})
		}
		t.Rows = append(t.Rows, row)
	}
	content := []templ.Component{table(t, say(r, "没有登录"), "")}
	if len(all) > 1 {
		content = append(content, ui.PostButton(ui.Post{Action: "/account/sessions",
			Hidden: []ui.Hidden{{Name: "others", Value: "1"}},
			Button: ui.Action{Text: say(r, "退出其他全部登录"), Danger: true}}))
	}
	return h.account(w, r, part{title: "登录设备", content: templ.Join(content...),
		lead: say(r, "不认识的登录，请立即退出并修改密码。")})
}

func (h *Handler) postSessions(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if r.PostFormValue("others") == "1" {
		n, err := h.identity.EndOtherSessions(r.Context(), by, web.Token(r))
		if err != nil {
			return err
		}
		return h.web.Redirect(w, r, "/account/sessions", "已退出 %s 处登录", i18n.Int(n))
	}
	if err := h.identity.EndSession(r.Context(), by, r.PostFormValue("end")); err != nil {
		return err
	}
	return h.web.Redirect(w, r, "/account/sessions", "已退出这处登录")
}

// agentName makes a browser's long name short: Chrome · Windows. It is only for people to
// recognise; nothing rests on it.
func agentName(agent string) string {
	pick := func(pairs [][2]string) string {
		for _, p := range pairs {
			if strings.Contains(agent, p[0]) {
				return p[1]
			}
		}
		return ""
	}
	browser := pick([][2]string{{"MicroMessenger", "WeChat"}, {"Edg/", "Edge"}, {"QQBrowser", "QQ Browser"},
		{"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}})
	system := pick([][2]string{{"HarmonyOS", "HarmonyOS"}, {"Android", "Android"}, {"iPhone", "iPhone"},
		{"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}})
	switch {
	case browser != "" && system != "":
		return browser + " · " + system
	case browser+system != "":
		return browser + system
	default:
		return cut(agent, 60)
	}
}

func cut(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return s
}

func (h *Handler) getTokens(w http.ResponseWriter, r *http.Request) error {
	return h.showTokens(w, r, identity.NewToken{Days: 90}, "", nil)
}

func (h *Handler) postTokens(w http.ResponseWriter, r *http.Request) error {
	days, _ := strconv.Atoi(strings.TrimSpace(r.PostFormValue("days"))) // no number is no day
	in := identity.NewToken{Name: r.PostFormValue("name"), Days: days, Token: web.Token(r)}
	for _, s := range r.PostForm["scopes"] {
		in.Scopes = append(in.Scopes, authz.Action(s))
	}
	made, err := h.identity.CreateToken(r.Context(), web.Actor(r), in)
	if refused(err) {
		return h.showTokens(w, r, in, "", err)
	}
	if err != nil {
		return err
	}
	return h.showTokens(w, r, identity.NewToken{Days: 90}, made.Secret, nil)
}

func (h *Handler) showTokens(
	w http.ResponseWriter, r *http.Request, in identity.NewToken, secret string, err error,
) error {
	all, lerr := h.identity.ListTokens(r.Context(), web.Actor(r))
	if lerr != nil {
		return lerr
	}
	var content []templ.Component
	if secret != "" {
		content = append(content, once(say(r, "新令牌"), say(r, "请立即保存，令牌只显示这一次。"), secret))
	}
	content = append(content, table(h.tokenTable(r, all), say(r, "还没有令牌"), ""))
	fresh := form(r, ui.FormView{Action: "/account/tokens", Plain: true,
		Buttons: []ui.Action{{Text: say(r, "新建令牌"), Primary: true}}}, h.tokenInputs(r, in), err)
	return h.account(w, r, part{title: "接口令牌", code: status(err), content: templ.Join(content...),
		lead: say(r, "程序用令牌代您调用接口，权限不超过您现在的身份，身份撤销后令牌同时失效。"),
		more: []templ.Component{ui.With(ui.Block(say(r, "新建令牌")), fresh)}})
}

func (h *Handler) tokenTable(r *http.Request, all []identity.Token) ui.Table {
	t := ui.Table{Caption: say(r, "接口令牌"), Cols: []ui.Column{{Label: say(r, "名称")},
		{Label: say(r, "状态")}, {Label: say(r, "权限")}, {Label: say(r, "到期")},
		{Label: say(r, "最近使用")}, {Label: say(r, "操作"), Sr: true}}}
	nowUs := h.now().UnixMicro()
	for _, x := range all {
		state := ui.State{Tone: ui.OK, Text: say(r, "有效")}
		var revoke templ.Component
		switch {
		case x.RevokedUs != 0:
			state = ui.State{Tone: ui.Idle, Text: say(r, "已撤销")}
		case nowUs >= x.ExpiresUs:
			state = ui.State{Tone: ui.Idle, Text: say(r, "已到期")}
		default:
			revoke = ui.PostButton(ui.Post{Action: "/account/tokens/" + x.ID + "/revoke",
				Button: ui.Action{Text: say(r, "撤销"), Label: say(r, "撤销 %s", x.Name), Small: true}})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Name, Sub: x.Hint + "…"},
			{Status: &state}, {Text: strconv.Itoa(len(x.Scopes))}, {Text: at(r, x.ExpiresUs)},
			{Text: at(r, x.UsedUs)}, {Body: revoke}}})
	}
	return t
}

func (h *Handler) tokenInputs(r *http.Request, in identity.NewToken) []ui.Input {
	scopes := ui.Input{Kind: ui.InChecks, Name: "scopes", Label: say(r, "权限")}
	for _, s := range in.Scopes {
		scopes.Values = append(scopes.Values, string(s))
	}
	for _, x := range h.identity.TokenRights(web.Actor(r).EffectiveRole()) {
		scopes.Options = append(scopes.Options, ui.Option{Value: string(x.Action),
			Text: say(r, x.ObjectTitle) + " · " + say(r, x.Title)})
	}
	return []ui.Input{
		{Name: "name", Label: say(r, "用途"), Value: in.Name, MaxLen: identity.MaxName,
			Hint: say(r, "如：每日同步脚本")},
		{Kind: ui.InNumber, Name: "days", Label: say(r, "有效期"), Value: strconv.Itoa(in.Days),
			Unit: say(r, "天"), Width: ui.W6, InputMode: "numeric"},
		scopes,
	}
}

func (h *Handler) postTokenRevoke(w http.ResponseWriter, r *http.Request) error {
	if err := h.identity.RevokeToken(r.Context(), web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return h.web.Redirect(w, r, "/account/tokens", "已撤销这个令牌")
}

func (h *Handler) getViews(w http.ResponseWriter, r *http.Request) error {
	page, query, _ := strings.Cut(web.Back(r.URL.Query().Get("address")), "?")
	return h.showViews(w, r, identity.ViewInput{Page: page, Query: query}, nil)
}

// showViews lists the views. Where a list sent its address along, a form to save it stands first.
func (h *Handler) showViews(
	w http.ResponseWriter, r *http.Request, in identity.ViewInput, err error,
) error {
	all, lerr := h.identity.ListViews(r.Context(), web.Actor(r), "")
	if lerr != nil {
		return lerr
	}
	t := ui.Table{Caption: say(r, "常用视图"), Plain: true, Cols: []ui.Column{{Label: say(r, "名称")},
		{Label: say(r, "保存时间")}, {Label: say(r, "操作"), Sr: true}}}
	for _, v := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.Name, Href: v.Address(), Sub: v.Page},
			{Text: at(r, v.UpdatedUs)}, {Body: ui.PostButton(ui.Post{
				Action: "/account/views/" + v.ID + "/delete",
				Button: ui.Action{Text: say(r, "删除"), Label: say(r, "删除 %s", v.Name), Small: true}})}}})
	}
	content := table(t, say(r, "还没有常用视图"), say(r, "在列表中筛选后，可把条件保存为常用视图。"))
	if in.Page != "" && in.Page != ui.PathHome {
		name := ui.Input{Name: "name", Label: say(r, "名称"), Value: in.Name, MaxLen: 40, Width: ui.W18,
			Hint: say(r, "这个列表和它的筛选条件以后可以从这里直接打开")}
		content = templ.Join(form(r, ui.FormView{Action: "/account/views", Plain: true,
			Hidden:  []ui.Hidden{{Name: "page", Value: in.Page}, {Name: "query", Value: in.Query}},
			Buttons: []ui.Action{{Text: say(r, "保存为常用视图"), Primary: true}},
		}, []ui.Input{name}, err), content)
	}
	return h.account(w, r, part{title: "常用视图", code: status(err), content: content})
}

// postViews saves the filter of a list and leads back to it.
func (h *Handler) postViews(w http.ResponseWriter, r *http.Request) error {
	in := identity.ViewInput{
		Page: r.PostFormValue("page"), Name: r.PostFormValue("name"), Query: r.PostFormValue("query")}
	v, err := h.identity.SaveView(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showViews(w, r, in, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, v.Address(), "已保存为常用视图「%s」", v.Name)
}

func (h *Handler) postViewDelete(w http.ResponseWriter, r *http.Request) error {
	if err := h.identity.DeleteView(r.Context(), web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return h.web.Redirect(w, r, "/account/views", "已删除")
}
