package markethttp

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// about is the first tab: what people wrote, then the figures, then the rest as facts.
func (h *Handler) about(r *http.Request, p market.Post) (templ.Component, error) {
	if p.Limited {
		return ui.Empty(say(r, "全文依申请公开"), say(r, "提出对接申请，经对方同意后可看全文和联系方式。")), nil
	}
	ctx := r.Context()
	text := []templ.Component{paragraphs(p.Text)}
	if p.Current != "" {
		text = append(text, ui.With(section(say(r, "现有基础")), paragraphs(p.Current)))
	}
	for _, v := range valueTexts(p.Values) {
		if v.text != "" {
			text = append(text, ui.With(section(say(r, v.title)), paragraphs(v.text)))
		}
	}
	out := []templ.Component{ui.With(ui.Prose(), text...)}
	if len(p.Parameters) > 0 {
		out = append(out, ui.DataTable(parameterTable(r, p)))
	}
	if len(p.Proofs) > 0 {
		out = append(out, ui.DataTable(proofTable(r, p)))
	}
	if facts := moreFacts(ctx, p); len(facts) > 0 {
		out = append(out, ui.With(ui.Block(say(r, "其他信息")), ui.FactGrid(facts)))
	}
	advice, err := h.advice(r, p)
	if advice != nil {
		out = append(out, advice)
	}
	return ui.With(ui.Stack(), out...), err
}

func parametersTitle(k market.Kind) string {
	if k == market.Need {
		return "希望达到的指标"
	}
	return "达到的指标"
}

func parameterTable(r *http.Request, p market.Post) ui.Table {
	tab := ui.Table{Caption: say(r, parametersTitle(p.Kind)), Visible: true, Plain: true,
		Cols: []ui.Column{{Label: say(r, "指标")}, {Label: say(r, "数值"), Num: true}}}
	for _, x := range p.Parameters {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Name},
			{Text: parameterText(r.Context(), x)}}})
	}
	return tab
}

func proofTable(r *http.Request, p market.Post) ui.Table {
	tab := ui.Table{Caption: say(r, "成熟度的证明"), Visible: true, Plain: true,
		Cols: []ui.Column{{Label: say(r, "等级")}, {Label: say(r, "证明材料")}}}
	for _, x := range p.Proofs {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: say(r, "%d 级 %s", x.Level, i18n.Key(market.LevelTitle(x.Level)))}, {Text: x.Text}}})
	}
	return tab
}

// moreFacts are what is known beside the text, without what is empty.
func moreFacts(ctx context.Context, p market.Post) []ui.Fact {
	l := i18n.From(ctx)
	t := func(zh string, args ...any) string { return i18n.T(ctx, zh, args...) }
	day := func(d clock.Date) string {
		if d == "" {
			return ""
		}
		return i18n.Date(l, d)
	}
	notice := ""
	if p.NoticeFrom != "" {
		notice = day(p.NoticeFrom) + " — " + day(p.NoticeTo)
	}
	flags := ""
	if p.PayLater {
		flags = t("可以先使用后付费")
	}
	if p.Ready {
		flags = ui.Words(flags, t("材料齐备，可以直接签约"))
	}
	var out []ui.Fact
	for _, f := range []struct{ term, text string }{
		{"需求类型", titled(ctx, market.NeedKinds(), p.NeedKind)},
		{"成果类别", titled(ctx, market.ResultKinds(), p.ResultKind)},
		{"所在产业链", p.Chain}, {"六新", titled(ctx, market.SixNews(), p.SixNew)},
		{"关键词", strings.Join(p.Keywords, t("、"))}, {"配套服务", p.Service},
		{"定价方式", titled(ctx, market.Pricings(), p.Pricing)}, {"公示期", notice},
		{"职务科技成果赋权", titled(ctx, market.Entitlements(), p.Entitlement)},
		{"依据的标准", titled(ctx, market.Standards(), p.Standard)}, {"交易条件", flags},
	} {
		if f.text != "" {
			out = append(out, ui.Fact{Term: t(f.term), Text: f.text})
		}
	}
	return out
}

// rights is the tab of the intellectual property.
func (h *Handler) rights(r *http.Request, p market.Post) templ.Component {
	if len(p.Rights) == 0 {
		return ui.Empty(say(r, "没有列出知识产权"), "")
	}
	ctx := r.Context()
	tab := ui.Table{Caption: say(r, "知识产权"), Cols: []ui.Column{{Label: say(r, "名称")},
		{Label: say(r, "类别")}, {Label: say(r, "专利号或登记号")}, {Label: say(r, "权利人")},
		{Label: say(r, "状态")}}}
	for _, x := range p.Rights {
		mark := rightMark(ctx, x.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Title},
			{Text: titled(ctx, market.RightKinds(), x.Kind)}, {Text: ui.OrDash(x.Number), Mono: true},
			{Text: ui.OrDash(x.Holder)}, {Status: &mark}}})
	}
	return ui.DataTable(tab)
}

func rightMark(ctx context.Context, state string) ui.State {
	tone := map[string]ui.Tone{"applied": ui.Run, "granted": ui.OK}[state]
	return ui.State{Tone: tone, Text: titled(ctx, market.RightStates(), state)}
}

// similarLines is how many posts the tab of similar ones lists.
const similarLines = 10

// similar lists the posts of the same kind that are most like one. Where nothing is known to be like it,
// those of its field stand in for them.
func (h *Handler) similar(r *http.Request, p market.Post) (templ.Component, error) {
	if h.deps.Near != nil {
		ids, err := h.deps.Near(r.Context(), web.Actor(r), p.ID, similarLines)
		if err != nil && !fault.Is(err, fault.Unavailable) {
			return nil, err
		}
		list, err := h.market.SomePosts(r.Context(), web.Actor(r), ids)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			return ui.With(ui.Stack(), ui.PlainList(postLinks(r, list))), nil
		}
	}
	return h.sameField(r, p)
}

// postLinks leads to posts, with whose they are and the price, as far as the caller may know.
func postLinks(r *http.Request, list []market.Post) []ui.Link {
	var links []ui.Link
	for _, x := range list {
		note := priceText(r.Context(), x.PostData)
		if x.Limited {
			note = i18n.Withheld(lang(r))
		}
		links = append(links, ui.Link{Text: x.Title, Href: postPath(x.ID, ""), Note: ui.Words(x.OrgName, note)})
	}
	return links
}

// sameField lists posts of the same kind and field, the latest first.
func (h *Handler) sameField(r *http.Request, p market.Post) (templ.Component, error) {
	f := market.PostFilter{Kind: p.Kind, Field: p.Field, Live: true}
	page, err := h.market.ListPosts(r.Context(), web.Actor(r), f, "",
		db.PageReq{Limit: similarLines + 1})
	if err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(page.Items, func(x market.Post) bool { return x.ID == p.ID })
	links := postLinks(r, others[:min(len(others), similarLines)])
	if len(links) == 0 {
		return ui.Empty(say(r, "没有同领域的"), say(r, "换一个领域看看。")), nil
	}
	q := PostQuery{Kind: string(p.Kind), Field: p.Field}
	return ui.With(ui.Stack(), ui.PlainList(links), moreLink(say(r, "同领域的全部"), q.href())), nil
}
