package showhttp

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// form is a form about an event.
type form struct {
	data    show.Data
	org     kit.Pick
	typed   url.Values
	version int64
	key     string
	wrong   occasion.Faults
}

// readForm reads what was typed about an event.
func (h *Handler) readForm(ctx context.Context, by authz.Actor, v url.Values) (form, error) {
	f := form{typed: v, version: kit.Whole(v.Get("version")), key: v.Get("key"),
		org: kit.ReadPick(v, "org")}
	f.data = show.Data{Kind: v.Get("kind"), Title: v.Get("title"), Text: v.Get("text"),
		Place: v.Get("place"), Region: region.Code(v.Get("region")), Contact: v.Get("contact"),
		StartsUs:      occasion.ParseMoment(v.Get("startsUs")),
		EndsUs:        occasion.ParseMoment(v.Get("endsUs")),
		SignupUntilUs: occasion.ParseMoment(v.Get("signupUntilUs")),
		Capacity:      kit.Whole(v.Get("capacity")), TalkFromUs: occasion.ParseMoment(v.Get("talkFromUs")),
		TalkMinutes: kit.Whole(v.Get("talkMinutes")), TalkRounds: kit.Whole(v.Get("talkRounds")),
		TalkTables: kit.Whole(v.Get("talkTables")), ReportDays: kit.Whole(v.Get("reportDays"))}
	err := h.FindOrg(ctx, by, &f.org, &f.wrong)
	f.data.Org = f.org.Value
	return f, err
}

func (h *Handler) inputs(ctx context.Context, f form) (about, talks []ui.Input) {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	d := f.data
	about = []ui.Input{
		{Name: "title", Label: t("活动名称"), Value: d.Title, MaxLen: occasion.MaxTitle},
		{Kind: ui.InSelect, Name: "kind", Label: t("活动类型"), Value: d.Kind, Width: ui.W14,
			Options: kit.Options(ctx, "请选择", show.Kinds())},
		kit.MomentInput("startsUs", t("开始时间"), d.StartsUs, f.typed),
		kit.MomentInput("endsUs", t("结束时间"), d.EndsUs, f.typed),
		{Name: "place", Label: t("地点"), Value: d.Place, MaxLen: occasion.MaxLine},
		{Kind: ui.InSelect, Name: "region", Label: t("所在地区"), Value: string(d.Region), Width: ui.W18,
			Options: h.PlaceOptions(ctx, authz.Actor{}, "请选择", string(d.Region))},
		{Kind: ui.InNumber, Name: "capacity", Label: t("席位数"), Value: kit.Blank(d.Capacity), Width: ui.W6},
		kit.MomentInput("signupUntilUs", t("报名截止时间"), d.SignupUntilUs, f.typed),
		{Name: "contact", Label: t("咨询方式"), Value: d.Contact, MaxLen: occasion.MaxLine, Optional: true,
			Hint: t("公开显示，请填写办公电话或邮箱")},
		{Kind: ui.InArea, Name: "text", Label: t("活动介绍"), Value: d.Text, Optional: true, Rows: 6,
			MaxLen: occasion.MaxProse},
		{Kind: ui.InNumber, Name: "reportDays", Label: t("总结时限"), Value: kit.Blank(d.ReportDays),
			Optional: true, Width: ui.W6, Unit: t("个工作日"), Hint: t("不填按通行规则")},
	}
	about[7].Optional, about[7].Hint = true, t("不填即活动开始时")
	talks = []ui.Input{
		{Kind: ui.InNumber, Name: "talkRounds", Label: t("轮次"), Value: kit.Blank(d.TalkRounds),
			Optional: true, Width: ui.W6},
		kit.MomentInput("talkFromUs", t("第一轮开始时间"), d.TalkFromUs, f.typed),
		{Kind: ui.InNumber, Name: "talkMinutes", Label: t("每轮分钟数"), Value: kit.Blank(d.TalkMinutes),
			Optional: true, Width: ui.W6},
		{Kind: ui.InNumber, Name: "talkTables", Label: t("洽谈桌数"), Value: kit.Blank(d.TalkTables),
			Optional: true, Width: ui.W6},
	}
	talks[1].Optional = true
	return about, talks
}

// formBody draws the form about an event.
func (h *Handler) formBody(r *http.Request, view ui.FormView, f form, err error) templ.Component {
	ctx, l := r.Context(), kit.Lang(r)
	about, talks := h.inputs(ctx, f)
	ui.Mark(l, about, err)
	ui.Mark(l, talks, err)
	view.Summary, view.Guard = ui.SummaryOf(l, err), true
	org := h.OrgPick(ctx, web.Actor(r), ui.Input{Name: "org", Label: kit.Say(r, "主办单位"),
		Hint: kit.Say(r, "输入名称的一部分，再选择")}, f.org, err)
	return ui.With(ui.Form(view), kit.Fields(about[:2]), ui.Combobox(org), kit.Fields(about[2:]),
		ui.With(ui.FieldSet(kit.Say(r, "一对一洽谈"), kit.Say(r, "不安排洽谈时，这几项都不填。")),
			kit.Fields(talks)))
}

func (h *Handler) getNew(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if !show.Policy.Could(by, show.ActCreate) {
		return kit.ErrRole()
	}
	return h.showNew(w, r, form{key: id.New(), org: kit.Pick{Name: "org", Value: by.Org},
		data: show.Data{Region: h.HomeCode()}}, nil)
}

func (h *Handler) showNew(w http.ResponseWriter, r *http.Request, f form, err error) error {
	p := h.Web.Page(r, "筹备活动")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "路演与对接会"), Href: pathShows}, {Text: p.Title}}
	view := ui.FormView{ID: "show", Action: pathShows + "/new",
		Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存草稿"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: pathShows}}}
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "先填基本信息，保存后排议程；审核发布后公众可见。")}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(ui.PageHead(head), h.formBody(r, view, f, err))})
}

func (h *Handler) postNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	ctx, by := r.Context(), web.Actor(r)
	f, err := h.readForm(ctx, by, r.PostForm)
	if err != nil {
		return err
	}
	if kit.Dropped(r.PostForm, "org") {
		return h.showNew(w, r, f, nil)
	}
	s, err := h.show.CreateShow(ctx, by, show.NewShow{Data: f.data, Key: f.key})
	if fault.Is(err, fault.Invalid) {
		return h.showNew(w, r, f, kit.Merge(f.wrong, err))
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(s.ID, "slot"), "已保存，请排议程")
}

func (h *Handler) getEdit(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	if err := show.Policy.May(web.Actor(r), show.ActUpdate, d.Show); err != nil {
		return err
	}
	return h.showEdit(w, r, d, form{data: d.Data, version: d.Version, key: id.New(),
		org: kit.Pick{Name: "org", Value: d.Org}}, nil)
}

func (h *Handler) showEdit(
	w http.ResponseWriter, r *http.Request, d show.Detail, f form, err error,
) error {
	view := ui.FormView{ID: "show", Action: path(d.ID, "edit"), Version: kit.Number(f.version),
		Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "")}}}
	if !show.Changeable(d.Show) {
		view.Locked = kit.Say(r, "活动已经开始、结束或取消，不能再修改")
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "编辑"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "编辑"), Lead: d.Title}),
			h.formBody(r, view, f, err))})
}

func (h *Handler) postEdit(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	ctx, by := r.Context(), web.Actor(r)
	f, err := h.readForm(ctx, by, r.PostForm)
	if err != nil {
		return err
	}
	if kit.Dropped(r.PostForm, "org") {
		return h.showEdit(w, r, d, f, nil)
	}
	_, err = h.show.UpdateShow(ctx, by, show.Update{ID: d.ID, Data: f.data, Version: f.version,
		Key: f.key})
	if again(err) {
		f.key = id.New()
		return h.showEdit(w, r, d, f, kit.Merge(f.wrong, err))
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已保存")
}
