package auctionhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// form is a form about an auction.
type form struct {
	data    auction.Data
	typed   url.Values
	version int64
	key     string
}

func readForm(v url.Values) form {
	f := form{typed: v, version: kit.Whole(v.Get("version")), key: v.Get("key")}
	f.data = auction.Data{Post: v.Get("post"), Mode: v.Get("mode"), Text: v.Get("text"),
		StartFen: kit.Wan(v.Get("startFen")), ReserveFen: kit.Wan(v.Get("reserveFen")),
		IncrementFen: kit.Wan(v.Get("incrementFen")), DepositFen: kit.Wan(v.Get("depositFen")),
		OpensUs: occasion.ParseMoment(v.Get("opensUs")), EndsUs: occasion.ParseMoment(v.Get("endsUs")),
		WithinSeconds: kit.Whole(v.Get("withinSeconds")), ExtendSeconds: kit.Whole(v.Get("extendSeconds")),
		NoticeDays: kit.Whole(v.Get("noticeDays")), PublicityDays: kit.Whole(v.Get("publicityDays"))}
	return f
}

// inputs are the fields of the form; the achievement is chosen once.
func inputs(r *http.Request, f form, fresh bool) []ui.Input {
	d, say := f.data, func(zh string) string { return kit.Say(r, zh) }
	wan := func(name, label string, v string, optional bool, hint string) ui.Input {
		if f.typed != nil {
			v = f.typed.Get(name)
		}
		return ui.Input{Kind: ui.InNumber, Name: name, Label: label, Value: v, Unit: say("万元"),
			Width: ui.W10, Optional: optional, Hint: hint}
	}
	count := func(name, label string, v int64, unit, hint string) ui.Input {
		return ui.Input{Kind: ui.InNumber, Name: name, Label: label, Value: kit.Blank(v), Unit: unit,
			Width: ui.W6, Optional: true, Hint: hint}
	}
	post := ui.Input{Name: "post", Label: say("成果编号"), Value: d.Post, Mono: true,
		Hint: say("技术市场中定价方式为挂牌交易或拍卖的成果，从其页面复制编号")}
	if !fresh {
		post.Kind, post.Hint = ui.InStatic, ""
	}
	rule := say("不填按当期规则")
	return []ui.Input{post,
		{Kind: ui.InSelect, Name: "mode", Label: say("交易方式"), Value: d.Mode, Width: ui.W18,
			Options: kit.Options(r.Context(), "请选择", auction.Modes())},
		wan("startFen", say("起拍价或挂牌价"), kit.WanText(d.StartFen), false, ""),
		wan("reserveFen", say("保留价"), kit.WanText(d.ReserveFen), true, say("截止前对任何人都不公开")),
		wan("incrementFen", say("加价幅度"), kit.WanText(d.IncrementFen), true, say("增价拍卖必填")),
		wan("depositFen", say("保证金"), kit.WanText(d.DepositFen), true, ""),
		kit.MomentInput("opensUs", say("竞价开始时间"), d.OpensUs, f.typed),
		kit.MomentInput("endsUs", say("竞价截止时间"), d.EndsUs, f.typed),
		count("withinSeconds", say("延时触发"), d.WithinSeconds, say("秒"), say("增价拍卖：截止前这么久内有出价即延时")),
		count("extendSeconds", say("延时长度"), d.ExtendSeconds, say("秒"), rule),
		count("noticeDays", say("公告期"), d.NoticeDays, say("天"), rule),
		count("publicityDays", say("公示期"), d.PublicityDays, say("天"), rule),
		{Kind: ui.InArea, Name: "text", Label: say("交易条件"), Value: d.Text, Optional: true, Rows: 6,
			MaxLen: occasion.MaxProse, Hint: say("受让方条件、付款方式、交付内容")}}
}

func (h *Handler) getNew(w http.ResponseWriter, r *http.Request) error {
	if !auction.Policy.Could(web.Actor(r), auction.ActCreate) {
		return kit.ErrRole()
	}
	return h.showNew(w, r, form{key: id.New(), data: auction.Data{Post: r.FormValue("post")}}, nil)
}

func (h *Handler) showNew(w http.ResponseWriter, r *http.Request, f form, err error) error {
	p := h.Web.Page(r, "发起交易")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "挂牌与拍卖"), Href: pathAuctions}, {Text: p.Title}}
	in := inputs(r, f, true)
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{ID: "auction", Action: pathAuctions + "/new", Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存草稿"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: pathAuctions}}}
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "保存后由市局经办发布公告；公告期满才能竞价。")}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(ui.PageHead(head), ui.With(ui.Form(view), kit.Fields(in)))})
}

func (h *Handler) postNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	f := readForm(r.PostForm)
	x, err := h.auction.CreateAuction(r.Context(), web.Actor(r), auction.NewItem{Data: f.data, Key: f.key})
	if fault.Is(err, fault.Invalid) {
		return h.showNew(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(x.ID, ""), "已保存")
}

func (h *Handler) getEdit(w http.ResponseWriter, r *http.Request, d auction.Detail) error {
	data, err := h.auction.Reserve(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return err
	}
	return h.showEdit(w, r, d, form{data: data, version: d.Version, key: id.New()}, nil)
}

func (h *Handler) showEdit(
	w http.ResponseWriter, r *http.Request, d auction.Detail, f form, err error,
) error {
	f.data.Post = d.Post
	in := inputs(r, f, false)
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{ID: "auction", Action: path(d.ID, "edit"), Version: kit.Number(f.version),
		Guard: true, Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "")}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "编辑"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "编辑"), Lead: d.PostTitle}),
			ui.With(ui.Form(view), kit.Fields(in)))})
}

func (h *Handler) postEdit(w http.ResponseWriter, r *http.Request, d auction.Detail) error {
	f := readForm(r.PostForm)
	_, err := h.auction.UpdateAuction(r.Context(), web.Actor(r), auction.Update{ID: d.ID, Data: f.data,
		Version: f.version, Key: f.key})
	if again(err) {
		f.key = id.New()
		return h.showEdit(w, r, d, f, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已保存")
}
