package notifyhttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

type inboxView struct {
	filters ui.Filters
	bar     ui.ResultBar
	table   ui.Table
	pager   ui.Paging
	all     *ui.Post // marks everything as read
	empty   string
}

func (h *Handler) newInbox(
	r *http.Request, f notify.Filter, page db.Page[notify.Item], unread int, has []notify.Kind,
) inboxView {
	ctx := r.Context()
	t := func(s string) string { return i18n.T(ctx, s) }
	kinds := []ui.Option{{Text: t("全部")}}
	for _, k := range has {
		kinds = append(kinds, ui.Option{Value: k.Name, Text: t(k.Title)})
	}
	only := ui.Filter{Kind: ui.FilterCheck, Name: "unread", Label: t("只看未读")}
	if f.Unread {
		only.Value = "1"
	}
	v := inboxView{empty: t("还没有消息"), filters: ui.Filters{Action: Path, Label: t("筛选消息"),
		Fields: []ui.Filter{{Name: "kind", Label: t("类型"), Value: f.Kind, Options: kinds}, only}}}
	v.bar = ui.ResultBar{Count: i18n.T(ctx, "%s 条未读", i18n.Int(int64(unread)))}
	if f != (notify.Filter{}) {
		v.bar.Clear, v.empty = Path, t("没有符合条件的消息")
	}
	if unread > 0 {
		v.all = &ui.Post{Action: pathRead, Hidden: []ui.Hidden{{Name: "all", Value: "1"},
			{Name: "until", Value: strconv.FormatInt(clock.Us(h.clock.Now()), 10)}},
			Button: ui.Action{Text: t("全部标为已读")}}
	}
	v.table = h.table(ctx, page.Items)
	if page.Next+page.Prev != "" {
		v.pager = web.Paging(r, page.Next, page.Prev, "")
	}
	return v
}

func (h *Handler) table(ctx context.Context, list []notify.Item) ui.Table {
	t := func(s string) string { return i18n.T(ctx, s) }
	l := i18n.From(ctx)
	out := ui.Table{Caption: t("消息"), Cols: []ui.Column{{Label: t("内容")}, {Label: t("类型")},
		{Label: t("时间")}, {Label: t("状态")}},
		Batch: &ui.Batch{Action: pathRead, Actions: []ui.Action{{Text: t("标为已读"), Small: true}}}}
	for _, n := range list {
		state := ui.State{Tone: ui.Idle, Text: t("已读")}
		if n.Unread() {
			state = ui.State{Tone: ui.Run, Text: t("未读")}
		}
		first := ui.Cell{Text: n.Title.In(l), Href: Path + "/" + url.PathEscape(n.ID)}
		if n.Detail.Key != "" {
			first.Sub = n.Detail.In(l)
		}
		if len(n.Lines) > 0 {
			first.Body = ui.PlainList(linesOf(l, n.Lines))
		}
		out.Rows = append(out.Rows, ui.Row{ID: n.ID, Cells: []ui.Cell{first, {Text: h.kindTitle(ctx, n.Kind)},
			ui.AgoCell(ctx, n.CreatedUs, h.clock.Now()), {Status: &state}}})
	}
	return out
}

// linesOf are the things that a notice names, as links.
func linesOf(l i18n.Lang, list []notify.Line) []ui.Link {
	out := make([]ui.Link, len(list))
	for i, x := range list {
		out[i] = ui.Link{Text: x.Title.In(l), Href: x.Href}
		if x.Detail.Key != "" {
			out[i].Note = x.Detail.In(l)
		}
	}
	return out
}

func (h *Handler) kindTitle(ctx context.Context, name string) string {
	for _, k := range h.notify.Kinds() {
		if k.Name == name {
			return i18n.T(ctx, k.Title)
		}
	}
	return "—"
}

type settingsView struct {
	form   ui.FormView
	inputs []ui.Input
	mails  bool
}

func (h *Handler) newSettings(r *http.Request, set notify.Setting, wrong error) settingsView {
	ctx := r.Context()
	t := func(s string) string { return i18n.T(ctx, s) }
	digests := make([]ui.Option, 0, len(notify.Digests()))
	for _, c := range notify.Digests() {
		digests = append(digests, ui.Option{Value: c.Value, Text: t(c.Title)})
	}
	inbox := ui.Input{Kind: ui.InChecks, Name: "inbox", Label: t("站内消息"), Optional: true,
		Hint: t("不勾选的不再提醒您")}
	mail := ui.Input{Kind: ui.InChecks, Name: "mail", Label: t("写进邮件"), Optional: true}
	for _, k := range h.notify.Kinds() {
		o := ui.Option{Value: k.Name, Text: t(k.Title)}
		inbox.Options = append(inbox.Options, o)
		if set.WantsInbox(k.Name) {
			inbox.Values = append(inbox.Values, k.Name)
		}
		if !k.Mail {
			continue
		}
		mail.Options = append(mail.Options, o)
		if set.WantsMail(k.Name) {
			mail.Values = append(mail.Values, k.Name)
		}
	}
	v := settingsView{mails: h.notify.Mails(), inputs: []ui.Input{inbox,
		{Kind: ui.InRadio, Name: "digest", Label: t("邮件汇总"), Value: set.Digest, Options: digests,
			Hint: t("把未读消息合成一封邮件，发到您账号的邮箱")},
		mail}}
	v.inputs = append(v.inputs, h.hours(r, set)...)
	v.inputs = append(v.inputs, ui.Input{Kind: ui.InRadio, Name: "lang",
		Label: t("邮件语言"), Value: string(set.Lang), Options: []ui.Option{
			{Value: string(i18n.ZH), Text: "中文"}, {Value: string(i18n.EN), Text: "English"}}})
	l := i18n.From(ctx)
	ui.Mark(l, v.inputs, wrong)
	v.form = ui.FormView{Action: pathSettings, Version: strconv.FormatInt(set.Version, 10),
		Summary: ui.SummaryOf(l, wrong), Buttons: []ui.Action{{Text: t("保存设置"), Primary: true}}}
	return v
}

// hours are the fields about when mails may come.
func (h *Handler) hours(r *http.Request, set notify.Setting) []ui.Input {
	t := func(s string) string { return i18n.T(r.Context(), s) }
	options := func(list []notify.Choice, usual string) []ui.Option {
		out := make([]ui.Option, 0, len(list))
		for _, c := range list {
			o := ui.Option{Value: c.Value, Text: t(c.Title)}
			if c.Value == notify.AsSite && usual != "" {
				o.Text = i18n.T(r.Context(), "按站点设置（%s）", usual)
			}
			out = append(out, o)
		}
		return out
	}
	usual := h.notify.Usual()
	times, days := t("不设免打扰时段"), t("每天都可以")
	if usual.From != "" {
		times = usual.From + "–" + usual.To
	}
	if usual.Working {
		days = t("只在工作日")
	}
	return []ui.Input{
		{Kind: ui.InRadio, Name: "quiet", Label: t("邮件免打扰时段"), Value: set.Quiet,
			Options: options(notify.Quiets(), times), Hint: t("这段时间里汇总邮件推迟到时段结束后发送；站内消息不受影响")},
		{Name: "quietFrom", Label: t("免打扰开始"), Value: set.QuietFrom, MaxLen: 5, Optional: true,
			Hint: t("选“自定时段”时填写，如 22:00")},
		{Name: "quietTo", Label: t("免打扰结束"), Value: set.QuietTo, MaxLen: 5, Optional: true,
			Hint: t("如 07:30；可以早于开始时刻，即到第二天")},
		{Kind: ui.InRadio, Name: "mailDays", Label: t("邮件发送日"), Value: set.MailDays,
			Options: options(notify.MailDays(), days), Hint: t("工作日按本站的节假日历计算；每周汇总顺延到下一个工作日")},
	}
}
