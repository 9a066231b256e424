// Package notifyhttp holds the pages and operations of notices: the inbox of everybody who is logged
// in, how they are told, and the page that ends mails.
package notifyhttp

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses of the pages.
const (
	Path            = "/inbox"
	pathRead        = Path + "/read"
	pathSettings    = Path + "/settings"
	pathUnsubscribe = Path + "/unsubscribe"
)

const pageSize = 30

// Handler answers for notices.
type Handler struct {
	notify *notify.Service
	web    *web.Server
	clock  clock.Clock
}

// New returns a handler.
func New(s *notify.Service, w *web.Server, c clock.Clock) *Handler { return &Handler{s, w, c} }

// Routes lists the pages.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: Path, Handle: h.list, UseCases: []string{"notify.List", "notify.Unread"}},
		{Method: post, Path: pathRead, Handle: h.read,
			UseCases: []string{"notify.Mark", "notify.MarkAll"}},
		{Method: get, Path: Path + "/{id}", Handle: h.open, UseCases: []string{"notify.Open"}},
		{Method: get, Path: pathSettings, Handle: h.settings, UseCases: []string{"notify.Setting"}},
		{Method: post, Path: pathSettings, Handle: h.saveSettings,
			UseCases: []string{"notify.SaveSetting"}},
		{Method: get, Path: pathUnsubscribe, Handle: h.askUnsubscribe, Access: web.Everyone},
		{Method: post, Path: pathUnsubscribe, Handle: h.unsubscribe, Access: web.Everyone,
			UseCases: []string{"notify.EndMails"}},
	}
}

// filterOf reads the filter of both doors.
func (h *Handler) filterOf(unread bool, kind string) (notify.Filter, error) {
	known := func(k notify.Kind) bool { return k.Name == kind }
	if kind != "" && !slices.ContainsFunc(h.notify.Kinds(), known) {
		return notify.Filter{}, fault.Fields(fault.At("kind", "没有“%s”这个选项", kind))
	}
	return notify.Filter{Unread: unread, Kind: kind}, nil
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), web.Actor(r), r.URL.Query()
	f, err := h.filterOf(q.Get("unread") == "1", q.Get("kind"))
	if err != nil {
		return err
	}
	page, err := h.notify.List(ctx, by, f, web.PageReq(r, pageSize))
	if err != nil {
		return err
	}
	unread, err := h.notify.Unread(ctx, by)
	if err != nil {
		return err
	}
	has, err := h.notify.KindsIn(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	v := h.newInbox(r, f, page, unread, has)
	return h.web.Render(w, r, web.View{Page: h.web.Page(r, "消息"), Body: inboxPage(v), Part: results(v)})
}

// read marks those that were picked, or with "all" everything up to what the page showed.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "表单内容不完整，请返回上一页重新提交").Wrap(err)
	}
	var err error
	if r.PostForm.Get("all") == "1" {
		until, _ := strconv.ParseInt(r.PostForm.Get("until"), 10, 64) // none is now
		err = h.notify.MarkAll(r.Context(), web.Actor(r), until)
	} else {
		err = h.notify.Mark(r.Context(), web.Actor(r), r.PostForm["id"])
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, Path, "已标为已读")
}

// open marks a notice as read and leads to what it is about.
func (h *Handler) open(w http.ResponseWriter, r *http.Request) error {
	n, err := h.notify.Open(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	if n.Href == "" {
		n.Href = Path
	}
	return h.web.Redirect(w, r, n.Href, "")
}

func (h *Handler) settings(w http.ResponseWriter, r *http.Request) error {
	set, err := h.notify.Setting(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	if set.Version == 0 {
		set.Lang = i18n.From(r.Context())
	}
	return h.showSettings(w, r, set, nil)
}

func (h *Handler) showSettings(
	w http.ResponseWriter, r *http.Request, set notify.Setting, wrong error,
) error {
	p := h.web.Page(r, "消息设置")
	p.Crumbs = []ui.Link{{Text: i18n.T(r.Context(), "消息"), Href: Path},
		{Text: i18n.T(r.Context(), "消息设置")}}
	v := web.View{Page: p, Body: settingsPage(h.newSettings(r, set, wrong))}
	if wrong != nil {
		v.Status = http.StatusUnprocessableEntity
	}
	return h.web.Render(w, r, v)
}

func (h *Handler) saveSettings(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "表单内容不完整，请返回上一页重新提交").Wrap(err)
	}
	in := notify.SettingInput{Digest: r.PostForm.Get("digest"), Lang: i18n.Lang(r.PostForm.Get("lang")),
		Version: web.VersionOf(r), Hours: notify.Hours{Quiet: r.PostForm.Get("quiet"),
			QuietFrom: strings.TrimSpace(r.PostForm.Get("quietFrom")),
			QuietTo:   strings.TrimSpace(r.PostForm.Get("quietTo")), MailDays: r.PostForm.Get("mailDays")}}
	// The form asks what is wanted; what is kept is what is not.
	for _, k := range h.notify.Kinds() {
		if !slices.Contains(r.PostForm["inbox"], k.Name) {
			in.NoInbox = append(in.NoInbox, k.Name)
		}
		if k.Mail && !slices.Contains(r.PostForm["mail"], k.Name) {
			in.NoMail = append(in.NoMail, k.Name)
		}
	}
	_, err := h.notify.SaveSetting(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showSettings(w, r, notify.Setting{Digest: in.Digest, Lang: in.Lang, NoMail: in.NoMail,
			NoInbox: in.NoInbox, Hours: in.Hours, Version: in.Version}, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, pathSettings, "已保存")
}

// askUnsubscribe shows a button: programs that look at the links of mails must not end them.
func (h *Handler) askUnsubscribe(w http.ResponseWriter, r *http.Request) error {
	p := h.web.Page(r, "不再接收邮件")
	p.Surface = ui.Bare
	return h.web.Render(w, r, web.View{Page: p, Body: unsubscribePage(r.URL.Query().Get("token"))})
}

// unsubscribe ends mails. The mail program of a reader may call it by itself (RFC 8058).
func (h *Handler) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	if err := h.notify.EndMails(r.Context(), r.FormValue("token")); err != nil {
		return err
	}
	p := h.web.Page(r, "不再接收邮件")
	p.Surface = ui.Bare
	return h.web.Render(w, r, web.View{Page: p, Body: endedPage()})
}
