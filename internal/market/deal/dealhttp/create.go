package dealhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// newForm is the request for an introduction as typed.
type newForm struct {
	in    deal.NewDeal
	org   pick
	quiet bool // an agreement is wanted
	wrong []fault.Field
}

func readNewForm(v url.Values) newForm {
	f := newForm{org: readPick(v, "org"), quiet: v.Get("quiet") == "1"}
	f.in = deal.NewDeal{Post: v.Get("post"), With: v.Get("with"), Source: v.Get("source"),
		Message: v.Get("message"), Key: v.Get("key"), Contact: readContact(v)}
	if f.quiet {
		f.in.NDA = v.Get("nda")
	}
	return f
}

func readContact(v url.Values) deal.Contact {
	return deal.Contact{Name: v.Get("contact.name"), Phone: v.Get("contact.phone"),
		Mail: v.Get("contact.mail")}
}

// contactInputs ask whom to turn to. With a post of the own they may stay empty.
func contactInputs(r *http.Request, c deal.Contact, optional bool) []ui.Input {
	hint, either := say(r, "双方都同意对接后，对方和技术经理人才能取得"), say(r, "电话和邮箱至少填写一项")
	if optional {
		hint, either = say(r, "留空则用供需信息中登记的联系方式；双方都同意后才提供给对方"), ""
	}
	return []ui.Input{
		{Name: "contact.name", Label: say(r, "联系人"), Value: c.Name, MaxLen: deal.MaxLine,
			Optional: optional, Hint: hint, Width: ui.W18, AutoComplete: "name"},
		{Kind: ui.InTel, Name: "contact.phone", Label: say(r, "电话"), Value: c.Phone,
			MaxLen: deal.MaxLine, Optional: optional, Width: ui.W18, AutoComplete: "tel", Hint: either},
		{Kind: ui.InEmail, Name: "contact.mail", Label: say(r, "邮箱"), Value: c.Mail,
			MaxLen: deal.MaxLine, Optional: true, Width: ui.W18, AutoComplete: "email"},
	}
}

// getNew shows the form that asks for an introduction about a post.
func (h *Handler) getNew(w http.ResponseWriter, r *http.Request) error {
	f := newForm{in: deal.NewDeal{Post: r.FormValue("post"), With: r.FormValue("with"),
		Source: r.FormValue("source"), Key: id.New()}, org: pick{value: r.FormValue("org")}}
	return h.showNew(w, r, f, nil)
}

func (h *Handler) showNew(w http.ResponseWriter, r *http.Request, f newForm, err error) error {
	by := web.Actor(r)
	if e := allow(deal.DealPolicy.Could(by, deal.ActDealCreate)); e != nil {
		return e
	}
	p := h.web.Page(r, "提出合作意向")
	p.Crumbs = []ui.Link{{Text: say(r, "供需对接"), Href: pathDeals}, {Text: p.Title}}
	post, perr := h.deps.Market.GetPost(r.Context(), by, f.in.Post)
	if f.in.Post == "" || fault.Is(perr, fault.NotFound) {
		body := templ.Join(ui.PageHead(ui.Head{Title: p.Title}),
			ui.With(ui.Empty(say(r, "请先选择一条供需信息"), say(r, "在技术市场打开一条需求或成果，再提出合作意向。")),
				ui.Button(ui.Action{Text: say(r, "打开技术市场"), Href: "/market"})))
		return h.web.Render(w, r, web.View{Page: p, Body: body})
	}
	if perr != nil {
		return perr
	}
	form := ui.FormView{ID: "deal", Action: pathNew, Guard: true, Summary: ui.SummaryOf(lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: f.in.Key}, {Name: "post", Value: post.ID},
			{Name: "source", Value: f.in.Source}},
		Buttons: []ui.Action{{Text: say(r, "提出合作意向"), Primary: true},
			{Text: say(r, "取消"), Href: postPath(post.ID)}}}
	parts, perr := h.newFields(r, post, f, err)
	if perr != nil {
		return perr
	}
	head := ui.Head{Title: p.Title, Lead: say(r, "对方会收到通知；双方都同意后才交换联系方式。")}
	body := templ.Join(ui.PageHead(head), ui.With(ui.Form(form), parts...))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: body})
}

// newFields are the fields of the request: what it is about, who the other side is, the message, an
// agreement if wanted, and whom to turn to.
func (h *Handler) newFields(
	r *http.Request, post market.Post, f newForm, err error,
) ([]templ.Component, error) {
	by, t := web.Actor(r), func(zh string) string { return say(r, zh) }
	about := []ui.Input{{Kind: ui.InStatic, Name: "about", Label: t("供需信息"),
		Value: ui.Words(post.Title, post.Code, post.OrgName)}}
	own, mine, oerr := h.otherPosts(r, post, f)
	if oerr != nil {
		return nil, oerr
	}
	if len(own) > 1 {
		about = append(about, ui.Input{Kind: ui.InSelect, Name: "with", Label: t("对接的另一条供需"),
			Value: f.in.With, Options: own, Optional: true, Hint: t("选了就把两条供需一起推进")})
	}
	out := []templ.Component{fields(about)}
	if !mine || by.Org == post.Org {
		out = append(out, ui.Combobox(h.orgPick(r.Context(), by, ui.Input{Name: "org",
			Label: t("对接的单位"), Optional: len(own) > 1 || f.in.With != "",
			Hint: t("从主体库中选择；已选另一条供需时不用填")}, f.org, err)))
	}
	text := []ui.Input{{Kind: ui.InArea, Name: "message", Label: t("合作意向说明"), Value: f.in.Message,
		MaxLen: deal.MaxMessage, Count: true, Rows: 4, Hint: t("想怎样合作、关心哪些指标；对方、技术经理人和科技局可见")},
		{Kind: ui.InCheck, Name: "quiet", Value: map[bool]string{true: "1"}[f.quiet], Optional: true,
			Label: t("保密约定"), Text: t("先由双方接受保密约定，再决定是否对接")},
		{Kind: ui.InArea, Name: "nda", Label: t("保密约定全文"), Value: orStandard(f.in.NDA),
			MaxLen: deal.MaxNDA, Rows: 5, Optional: true, Hint: t("勾选上一项时有效；提出即为接受")}}
	ui.Mark(lang(r), text, err)
	out = append(out, fields(text))
	if mine {
		contact := contactInputs(r, f.in.Contact, false)
		switch { // without a post of the own there is no contact to take over
		case f.in.With != "":
			contact = contactInputs(r, f.in.Contact, true)
		case len(own) > 1:
			contact[0].Hint = t("不指定本方供需时必填；指定时留空就用其中登记的。双方都同意后才提供给对方")
		}
		ui.Mark(lang(r), contact, err)
		out = append(out, ui.With(ui.FieldSet(t("本方联系方式"), ""), fields(contact)))
	}
	return out, nil
}

func orStandard(nda string) string {
	if nda == "" {
		return standardNDA
	}
	return nda
}

// maxOwn is how many posts of one's own the form offers.
const maxOwn = 100

// otherPosts are posts of the other kind that the actor's organisation has in the market, to be
// introduced together with one. mine says whether the actor acts for an organisation.
func (h *Handler) otherPosts(
	r *http.Request, post market.Post, f newForm,
) (out []ui.Option, mine bool, err error) {
	by := web.Actor(r)
	switch by.EffectiveRole() {
	case authz.Enterprise, authz.University, authz.Department, authz.District:
		mine = by.Org != ""
	}
	out = []ui.Option{{Text: say(r, "不指定")}}
	kind := market.Need
	if post.Kind == market.Need {
		kind = market.Achievement
	}
	if mine && by.Org != post.Org {
		page, err := h.deps.Market.ListPosts(r.Context(), by, market.PostFilter{Kind: kind,
			Org: by.Org, Live: true}, "", db.PageReq{Limit: maxOwn})
		if err != nil {
			return nil, mine, err
		}
		for _, p := range page.Items {
			out = append(out, ui.Option{Value: p.ID, Text: ui.Words(p.Title, p.Code)})
		}
	}
	if f.in.With != "" && len(out) == 1 {
		p, err := h.deps.Market.GetPost(r.Context(), by, f.in.With)
		if err == nil {
			out = append(out, ui.Option{Value: p.ID, Text: ui.Words(p.Title, p.Code, p.OrgName)})
		}
	}
	return out, mine, nil
}

// postNew asks for an introduction.
func (h *Handler) postNew(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	f := readNewForm(r.PostForm)
	if dropped(r.PostForm, "org") {
		return h.showNew(w, r, f, nil)
	}
	h.resolve(ctx, by, "org", &f.org, &f.wrong)
	f.in.Org = f.org.value
	if len(f.wrong) > 0 {
		return h.showNew(w, r, f, fault.Fields(f.wrong...))
	}
	d, err := h.deal.CreateDeal(ctx, by, f.in)
	if fault.Is(err, fault.Invalid) {
		return h.showNew(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, dealPath(d.ID, ""), "已提出合作意向")
}
