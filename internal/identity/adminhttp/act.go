package adminhttp

import (
	"net/http"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// act is something that is done to an account after a question.
type act struct {
	name, title, text, done string // texts are keys of package i18n
	need                    authz.Action
	to                      identity.Status // of the account afterwards, "" = it stays
	reason                  bool            // one may be given
	must                    bool            // one must be given
	fits                    func(identity.Account) bool
}

func isActive(a identity.Account) bool { return a.Status == identity.Active }
func isLocked(a identity.Account) bool { return a.Status == identity.Locked }
func isOpen(a identity.Account) bool   { return a.Status != identity.Closed }

// acts are all of them, in the order of their buttons.
var acts = []act{
	{name: "lock", title: "停用", text: "停用后立即退出所有会话，接口令牌失效，直到恢复。",
		done: "账号已停用", need: identity.ActAccountStatus, to: identity.Locked, reason: true,
		must: true, fits: isActive},
	{name: "unlock", title: "恢复使用", text: "恢复后可以重新登录，角色保持不变。", done: "账号已恢复",
		need: identity.ActAccountStatus, to: identity.Active, reason: true, fits: isLocked},
	{name: "close", title: "注销账号", text: "注销后不能恢复：会话全部结束，接口令牌永久作废，记录保留。",
		done: "账号已注销。", need: identity.ActAccountStatus, to: identity.Closed, reason: true,
		must: true, fits: isOpen},
	{name: "password", title: "重置密码", need: identity.ActAccountReset, fits: isOpen,
		text: "系统生成一个新密码并只显示一次。原密码失效，所有会话结束，下次登录须修改密码。"},
	{name: "totp", title: "重置两步验证", done: "两步验证已重置", need: identity.ActAccountReset,
		text: "验证器和恢复码作废，所有会话结束。请先核实确为本人。",
		fits: func(a identity.Account) bool { return isOpen(a) && a.SecondUs != 0 }},
}

func actNamed(name string) (act, bool) {
	i := slices.IndexFunc(acts, func(a act) bool { return a.name == name })
	if i < 0 {
		return act{}, false
	}
	return acts[i], true
}

// getAct asks before an action.
func (h *Handler) getAct(w http.ResponseWriter, r *http.Request) error {
	x, ok := actNamed(r.PathValue("act"))
	if !ok {
		return noSuch()
	}
	return h.showAct(w, r, x, "", nil)
}

func (h *Handler) showAct(
	w http.ResponseWriter, r *http.Request, x act, reason string, err error,
) error {
	a, gerr := h.room.GetAccount(r.Context(), web.Actor(r), r.PathValue("id"))
	if gerr != nil {
		return gerr
	}
	if gerr := identity.AccountPolicy.May(web.Actor(r), x.need, a); gerr != nil {
		return gerr
	}
	if !x.fits(a) {
		return fault.New(fault.Conflict, "账号的状态已经变化，现在不能这样做")
	}
	mark := statusMark(r, a.Status)
	q := ui.Question{Title: say(r, x.title), Text: say(r, x.text),
		Facts: []ui.Fact{{Term: say(r, "登录名"), Text: a.Login, Mono: true},
			{Term: say(r, "姓名"), Text: a.Name}, {Term: say(r, "状态"), Status: &mark}},
		Form: ui.FormView{ID: "act", Action: accountPath(a.ID, x.name), Version: number(a.Version),
			Summary: ui.SummaryOf(lang(r), err)},
		Back: ui.Link{Text: say(r, "返回"), Href: accountPath(a.ID, "")},
		Button: ui.Action{Text: say(r, x.title), Danger: x.to == identity.Closed,
			Primary: x.to != identity.Closed}}
	if x.reason {
		q.Inputs = []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: reason,
			Rows: 3, MaxLen: 500, Optional: !x.must, Hint: say(r, "写入审计记录")}}
	}
	ui.Mark(lang(r), q.Inputs, err)
	head := ui.Head{Title: say(r, x.title), Lead: a.Name}
	return h.web.Render(w, r, web.View{Status: ui.StatusOf(err), Page: h.accountPage(r, a, x.title),
		Body: actPage(head, q)})
}

// postAct does an action.
func (h *Handler) postAct(w http.ResponseWriter, r *http.Request) error {
	x, ok := actNamed(r.PathValue("act"))
	if !ok {
		return noSuch()
	}
	ctx, by, accountID := r.Context(), web.Actor(r), r.PathValue("id")
	reason, version := r.PostFormValue("reason"), web.VersionOf(r)
	var err error
	switch {
	case x.to != "":
		_, err = h.room.SetAccountStatus(ctx, by, identity.StatusInput{ID: accountID, Status: x.to,
			Reason: reason, Version: version})
	case x.name == "totp":
		err = h.room.ResetTOTP(ctx, by, accountID, version)
	default:
		return h.resetPassword(w, r, accountID, version)
	}
	if fault.Is(err, fault.Invalid) {
		return h.showAct(w, r, x, reason, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, accountPath(accountID, ""), x.done)
}

// resetPassword shows the new password in the answer itself: it is kept nowhere.
func (h *Handler) resetPassword(
	w http.ResponseWriter, r *http.Request, accountID string, version int64,
) error {
	made, err := h.room.ResetPassword(r.Context(), web.Actor(r), accountID, version)
	if err != nil {
		return err
	}
	a, err := h.room.GetAccount(r.Context(), web.Actor(r), accountID)
	if err != nil {
		return err
	}
	return h.showSecret(w, r, a, say(r, "密码已重置"), made)
}

// showSecret shows a password that was made up, once.
func (h *Handler) showSecret(
	w http.ResponseWriter, r *http.Request, a identity.Account, title, made string,
) error {
	v := secretView{head: ui.Head{Title: title, Lead: a.Name, Actions: []ui.Action{
		{Text: say(r, "查看账号"), Href: accountPath(a.ID, "")}}}, made: made, login: a.Login}
	p := h.accountPage(r, a, "密码")
	return h.web.Render(w, r, web.View{Page: p, Body: secretPage(v)})
}
