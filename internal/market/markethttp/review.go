package markethttp

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// queue is one pile of the editorial desk.
type queue struct{ value, title, none string }

// queues are the piles, the one that waits for the bureau first. Titles are keys of package i18n.
var queues = []queue{
	{market.Review, "待审核", "没有待审核的。"},
	{market.Noticed, "公示中", "没有公示中的。"},
	{market.Returned, "已退回", "没有退回后还没改好的。"},
}

// queueLines is how many posts the desk lists beside the open one.
const queueLines = 12

// deskHref is the address of the desk with a post open; "" opens the first.
func deskHref(state, postID string) string {
	v := url.Values{}
	if state != queues[0].value {
		v.Set("state", state)
	}
	if postID != "" {
		v.Set("id", postID)
	}
	if len(v) == 0 {
		return pathReview
	}
	return pathReview + "?" + v.Encode()
}

func mayReview(r *http.Request) error {
	by := web.Actor(r)
	if market.PostPolicy.Could(by, market.ActPostReview) {
		return nil
	}
	return fault.New(fault.Forbidden, "只有局经办可以编辑审核")
}

// getReview shows what waits for the editors, one post of it open.
func (h *Handler) getReview(w http.ResponseWriter, r *http.Request) error {
	if err := mayReview(r); err != nil {
		return err
	}
	return h.showReview(w, r, "", nil)
}

func queueOf(r *http.Request) queue {
	for _, q := range queues {
		if q.value == r.FormValue("state") {
			return q
		}
	}
	return queues[0]
}

func (h *Handler) showReview(w http.ResponseWriter, r *http.Request, reason string, failed error) error {
	ctx, by, q := r.Context(), web.Actor(r), queueOf(r)
	page, err := h.market.ListPosts(ctx, by, market.PostFilter{State: q.value}, "newest",
		db.PageReq{Limit: queueLines, Last: true})
	if err != nil {
		return err
	}
	list := page.Items
	slices.Reverse(list) // who waits longest stands first
	counts, err := h.market.CountPosts(ctx, by, market.PostFilter{})
	if err != nil {
		return err
	}
	p := h.web.Page(r, "编辑审核")
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: say(r, "看内容是否属实、清楚、可以公开；不改动原意，退回时写明怎样改。")}
	body := []templ.Component{ui.PageHead(head), h.queueTabs(r, q, counts.States)}
	if len(list) == 0 {
		body = append(body, ui.With(ui.Empty(say(r, q.none), ""),
			ui.Button(ui.Action{Text: say(r, "打开技术市场"), Href: pathMarket})))
		return h.web.Render(w, r, web.View{Page: p, Body: templ.Join(body...)})
	}
	open := list[0].ID
	if id.Valid(r.FormValue("id")) {
		open = r.FormValue("id")
	}
	post, err := h.market.GetPost(ctx, by, open)
	if err != nil {
		return err
	}
	rest := ui.Link{}
	if n := counts.States[q.value]; n > int64(len(list)) {
		rest = ui.Link{Text: say(r, "查看全部 %s 项", i18n.Int(n)),
			Href: PostQuery{State: q.value, Sort: "newest"}.href()}
	}
	desk, err := h.desk(r, q, post, list, rest, reason, failed)
	if err != nil {
		return err
	}
	body = append(body, desk)
	return h.web.Render(w, r, web.View{Status: statusOf(failed), Page: p, Body: templ.Join(body...)})
}

func (h *Handler) queueTabs(r *http.Request, now queue, states map[string]int64) templ.Component {
	var out []countLink
	for _, q := range queues {
		mark := ui.State{Tone: ui.Idle, Text: say(r, q.title)}
		if states[q.value] > 0 {
			mark.Tone = ui.Warn
		}
		out = append(out, countLink{mark: mark, n: i18n.Int(states[q.value]),
			href: deskHref(q.value, ""), now: q == now})
	}
	return countLinks(say(r, "编辑审核"), out)
}

// desk is the open post with what was noticed about it, the decision, and what comes next.
func (h *Handler) desk(
	r *http.Request, q queue, p market.Post, list []market.Post, all ui.Link, reason string,
	failed error,
) (templ.Component, error) {
	ctx := r.Context()
	decide, err := h.decision(r, q, p, reason, failed)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(x market.Post) bool { return x.ID == p.ID })
	var next []ui.Link
	for i, x := range list {
		next = append(next, ui.Link{Text: x.Title, Href: deskHref(q.value, x.ID), Current: i == at,
			Note: ui.Words(x.OrgName, i18n.Ago(lang(r), clock.Time(x.UpdatedUs), h.now()))})
	}
	mark := stateMark(ctx, p.State)
	lead := ui.Words(p.Code, titled(ctx, market.Kinds(), string(p.Kind)), p.OrgName,
		h.placeName(p.Region))
	about, err := h.about(r, p)
	if err != nil {
		return nil, err
	}
	post := reviewed(p.Title, postPath(p.ID, ""), lead, mark, ui.FactGrid(h.deskFacts(r, p)), about)
	if len(p.Rights) > 0 {
		post = templ.Join(post, h.rights(r, p))
	}
	like, err := h.alike(ctx, r, p.PostData, p.ID)
	if err != nil {
		return nil, err
	}
	if len(like) > 0 {
		post = templ.Join(post, ui.With(ui.Block(say(r, "可能重复")), ui.PlainList(like)))
	}
	aside := templ.Join(decide, queueList(say(r, q.title), next, all))
	return ui.With(ui.WithAside(aside), post), nil
}

// deskFacts are the facts that an editor looks at, the contact too.
func (h *Handler) deskFacts(r *http.Request, p market.Post) []ui.Fact {
	ctx := r.Context()
	return []ui.Fact{
		{Term: say(r, priceTerm(p.Kind)), Text: priceText(ctx, p.PostData)},
		{Term: say(r, "合作方式"), Text: modesText(ctx, p.Modes)},
		{Term: say(r, trlTerm(p.Kind)), Text: trlText(ctx, p.TRL)},
		{Term: say(r, "领域"), Text: titled(ctx, market.Fields(), p.Field)},
		{Term: say(r, "公开级别"), Text: titled(ctx, market.Visibilities(), string(p.Visibility))},
		{Term: say(r, "联系方式"), Text: ui.Words(p.Contact, p.ContactPhone, p.ContactMail)},
	}
}

// noticed is what the program saw in a post that an editor should look at.
func noticed(r *http.Request, p market.Post) []string {
	var out []string
	if e, ok := fault.As(market.Lacking(p.PostData)); ok {
		for _, x := range e.Fields {
			out = append(out, i18n.FieldText(lang(r), x))
		}
	}
	if p.Kind == market.Achievement && p.TRL > 0 && len(p.Proofs) == 0 {
		out = append(out, say(r, "写了成熟度，没有证明材料"))
	}
	if p.Kind == market.Achievement && len(p.Rights) == 0 {
		out = append(out, say(r, "没有列出知识产权"))
	}
	if p.PriceLoFen == 0 && p.PriceHiFen == 0 && p.Pricing == "listing" {
		out = append(out, say(r, "挂牌交易没有写价格"))
	}
	return out
}

// deskSteps are the steps of the desk, in the order of their buttons.
var deskSteps = []string{market.StepPublish, market.StepAnnounce, market.StepNotice,
	market.StepReturn}

// decision is the form that decides the open post.
func (h *Handler) decision(
	r *http.Request, q queue, p market.Post, reason string, failed error,
) (templ.Component, error) {
	offers, err := h.market.Available(r.Context(), web.Actor(r), p.ID)
	if err != nil {
		return nil, err
	}
	form := ui.FormView{ID: "decide", Action: pathReview, Plain: true, Version: number(p.Version),
		Summary: ui.SummaryOf(lang(r), failed), Hidden: []ui.Hidden{{Name: "id", Value: p.ID},
			{Name: "state", Value: q.value}, {Name: "key", Value: id.New()}}}
	for _, step := range deskSteps {
		at := slices.IndexFunc(offers, func(o process.Offer) bool { return o.Step == step })
		if at < 0 {
			continue
		}
		o := offers[at]
		a := ui.Action{Text: say(r, o.Title), Name: "do", Value: step, Danger: step == market.StepReturn}
		if !o.Allowed && o.WhyNot != nil {
			a.Why = i18n.Fault(lang(r), o.WhyNot)
		}
		a.Primary = a.Why == "" && len(form.Buttons) == 0
		form.Buttons = append(form.Buttons, a)
	}
	var parts []templ.Component
	if list := noticed(r, p); len(list) > 0 {
		parts = append(parts, noticedList(say(r, "请留意"), list))
	}
	if len(form.Buttons) == 0 {
		parts = append(parts, ui.Note(say(r, "这一条现在不需要决定。")))
		return ui.With(ui.Block(say(r, "决定")), parts...), nil
	}
	in := []ui.Input{reasonInput(r, reason, true)}
	in[0].Hint = say(r, "退回时必填，写明怎样改；对方能看到")
	ui.Mark(lang(r), in, failed)
	parts = append(parts, ui.With(ui.Form(form), fields(in)))
	return ui.With(ui.Block(say(r, "决定")), parts...), nil
}

// postReview decides a post and goes on to the next.
func (h *Handler) postReview(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	if err := mayReview(r); err != nil {
		return err
	}
	v := r.PostForm
	if !id.Valid(v.Get("id")) {
		return fault.New(fault.NotFound, "没有找到这条记录")
	}
	p, err := h.market.FirePost(r.Context(), web.Actor(r), market.PostStep{ID: v.Get("id"),
		Step: v.Get("do"), Reason: v.Get("reason"), Version: web.VersionOf(r), Key: v.Get("key")})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showReview(w, r, v.Get("reason"), err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, deskHref(queueOf(r).value, ""), "“%s”已办理：%s", beginning(p.Title, 30),
		stateMark(r.Context(), p.State).Text)
}
