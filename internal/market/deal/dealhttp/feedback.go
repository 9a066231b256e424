package dealhttp

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func feedbackPath(postID string) string { return join(pathFeedback, postID, "") }

// getFeedback lists what the market said to the posts of the actor's organisation.
func (h *Handler) getFeedback(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := allow(deal.DealPolicy.Could(by, deal.ActDealRead)); err != nil {
		return err
	}
	from, to := days(r)
	list, err := h.deal.MyFeedback(r.Context(), by, from, to)
	wrong := err
	if fault.Is(err, fault.Invalid) {
		list, err = h.deal.MyFeedback(r.Context(), by, "", "")
	}
	if err != nil {
		return err
	}
	p := h.web.Page(r, "市场反馈")
	p.Crumbs = []ui.Link{{Text: say(r, "供需对接"), Href: pathDeals}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: say(r, "本单位的需求和成果有多少人看、被谁问过、谈到哪一步、为什么没成。")}
	var body templ.Component = ui.With(ui.Empty(say(r, "还没有反馈"), say(r, "有人查看本单位的需求或成果，或提出对接后，反馈会列在这里。")),
		ui.Button(ui.Action{Text: say(r, "打开技术市场"), Href: "/market"}))
	if len(list) > 0 {
		tab := ui.Table{Caption: p.Title, Cols: []ui.Column{{Label: say(r, "供需信息")},
			{Label: say(r, "查看次数"), Num: true}, {Label: say(r, "提出对接"), Num: true}, {Label: say(r, "双方同意"), Num: true},
			{Label: say(r, "洽谈中"), Num: true}, {Label: say(r, "签约"), Num: true},
			{Label: say(r, "未成"), Num: true}, {Label: say(r, "最多的原因")}}}
		for _, f := range list {
			tab.Rows = append(tab.Rows, ui.Row{ID: f.Post.ID, Cells: []ui.Cell{
				{Text: f.Post.Title, Href: feedbackPath(f.Post.ID), Sub: f.Post.Code},
				{Text: i18n.Int(f.Views.Total)}, {Text: i18n.Int(f.Asked)}, {Text: i18n.Int(f.Agreed)}, {Text: i18n.Int(f.Going)},
				{Text: i18n.Int(f.Signed)}, {Text: i18n.Int(f.Ended)},
				{Text: ui.OrDash(titled(r.Context(), deal.Classes(), mostOf(f.Classes)))}}})
		}
		body = ui.With(ui.Stack(), h.rangeForm(r, pathFeedback, list[0].Views, wrong), ui.DataTable(tab))
	}
	return h.web.Render(w, r, web.View{Status: statusOf(wrong), Page: p,
		Body: templ.Join(ui.PageHead(head), body)})
}

// mostOf is the value with the highest count, "" for none.
func mostOf(counts map[string]int64) string {
	best := ""
	for _, c := range deal.Classes() {
		if n := counts[c.Value]; n > 0 && n > counts[best] {
			best = c.Value
		}
	}
	return best
}

// getPostFeedback shows what the market said to one post.
func (h *Handler) getPostFeedback(w http.ResponseWriter, r *http.Request) error {
	if !id.Valid(r.PathValue("post")) {
		return noSuch()
	}
	from, to := days(r)
	x, err := h.deal.PostFeedback(r.Context(), web.Actor(r), r.PathValue("post"), from, to)
	wrong := err
	if fault.Is(err, fault.Invalid) {
		x, err = h.deal.PostFeedback(r.Context(), web.Actor(r), r.PathValue("post"), "", "")
	}
	if err != nil {
		return err
	}
	p := h.web.Page(r, "市场反馈")
	p.Crumbs = []ui.Link{{Text: say(r, "供需对接"), Href: pathDeals},
		{Text: p.Title, Href: pathFeedback}, {Text: x.Post.Title}}
	p.Title = ui.Words(p.Title, x.Post.Title)
	head := ui.Head{Title: x.Post.Title, ID: x.Post.Code, Lead: say(r, "市场反馈"),
		Actions: []ui.Action{{Text: say(r, "查看供需信息"), Href: postPath(x.Post.ID)},
			{Text: say(r, "全部对接"), Href: pathDeals + "?post=" + url.QueryEscape(x.Post.ID)}}}
	if x.Post.Kind == market.Need && (x.Post.State == market.Published || x.Post.State == market.Stale) {
		head.Actions = append(head.Actions, ui.Action{Text: say(r, "转为揭榜"),
			Href: pathChallenge + "?post=" + url.QueryEscape(x.Post.ID)})
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.Stack(), stats(feedbackStats(r, x)),
		h.rangeForm(r, feedbackPath(x.Post.ID), x.Views, wrong), viewChart(r, x.Views), h.feedbackReasons(r, x)))
	return h.web.Render(w, r, web.View{Status: statusOf(wrong), Page: p, Body: body})
}

func feedbackStats(r *http.Request, x deal.Feedback) []statShown {
	list := pathDeals + "?post=" + url.QueryEscape(x.Post.ID)
	unit := say(r, "项")
	out := []statShown{{say(r, "查看次数"), i18n.Int(x.Views.Total), say(r, "人次"), ""},
		{say(r, "提出对接"), i18n.Int(x.Asked), unit, list},
		{say(r, "双方同意"), i18n.Int(x.Agreed), unit, ""},
		{say(r, "洽谈中"), i18n.Int(x.Going), unit, ""}, {say(r, "签约"), i18n.Int(x.Signed), unit, ""},
		{say(r, "未成"), i18n.Int(x.Ended), unit, ""}}
	if x.AnswerUs > 0 {
		out = append(out, statShown{say(r, "首次答复用时中位数"), i18n.Int(deal.Days(x.AnswerUs)),
			say(r, "天"), ""})
	}
	return out
}

func (h *Handler) feedbackReasons(r *http.Request, x deal.Feedback) templ.Component {
	if len(x.Reasons) == 0 {
		return ui.Empty(say(r, "还没有未成的对接"), "")
	}
	var list []barShown
	classes := slices.SortedStableFunc(slices.Values(deal.Classes()), func(a, b deal.Choice) int {
		return cmp.Compare(x.Classes[b.Value], x.Classes[a.Value])
	})
	for _, c := range classes {
		if n := x.Classes[c.Value]; n > 0 {
			list = append(list, barShown{say(r, c.Title), i18n.Int(n), number(100 * n / x.Ended)})
		}
	}
	tab := ui.Table{Caption: say(r, "为什么没成"), Cols: []ui.Column{{Label: say(r, "对接")},
		{Label: say(r, "未成原因")}, {Label: say(r, "下一步")}, {Label: say(r, "时间")}}}
	for _, f := range x.Reasons {
		at := clock.Time(f.AtUs)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: f.Code, Href: dealPath(f.Deal, "")},
			{Text: titled(r.Context(), deal.Classes(), f.Class)}, {Text: f.Next},
			{Text: i18n.Date(lang(r), clock.DateOf(at)), Time: ui.MachineTime(at)}}})
	}
	return ui.With(ui.Stack(), ui.With(ui.Block(say(r, "未成原因")), bars(say(r, "未成原因"), list)),
		ui.With(ui.Block(say(r, "为什么没成")), ui.DataTable(tab)))
}

// getChallenge asks before a need becomes a challenge.
func (h *Handler) getChallenge(w http.ResponseWriter, r *http.Request) error {
	return h.showChallenge(w, r, r.FormValue("post"), "", nil)
}

func (h *Handler) showChallenge(
	w http.ResponseWriter, r *http.Request, postID, reason string, err error,
) error {
	post, perr := h.deps.Market.GetPost(r.Context(), web.Actor(r), postID)
	if perr != nil {
		return perr
	}
	p := h.web.Page(r, "转为揭榜")
	p.Crumbs = []ui.Link{{Text: say(r, "供需对接"), Href: pathDeals}, {Text: p.Title}}
	q := ui.Question{Title: p.Title, Facts: []ui.Fact{{Term: say(r, "需求"), Text: post.Title},
		{Term: say(r, "编号"), Text: post.Code}},
		Form: ui.FormView{ID: "challenge", Action: pathChallenge, Summary: ui.SummaryOf(lang(r), err),
			Hidden: []ui.Hidden{{Name: "post", Value: post.ID}, {Name: "key", Value: id.New()}}},
		Inputs: []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: reason,
			Rows: 3, Hint: say(r, "如已对接几家、差在哪里，写给揭榜挂帅的组织者")}},
		Back:   ui.Link{Text: say(r, "返回"), Href: postPath(post.ID)},
		Button: ui.Action{Text: say(r, "转为揭榜"), Primary: true}}
	ui.Mark(lang(r), q.Inputs, err)
	head := ui.Head{Title: p.Title, Lead: say(r, "没有找到合适成果的需求，可以面向全社会征集解决方案。")}
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p,
		Body: templ.Join(ui.PageHead(head), ui.Confirm(q))})
}

// postChallenge turns a need into a challenge.
func (h *Handler) postChallenge(w http.ResponseWriter, r *http.Request) error {
	v := r.PostForm
	p, err := h.deal.ChallengeNeed(r.Context(), web.Actor(r), deal.NewChallenge{Post: v.Get("post"),
		Reason: v.Get("reason"), Key: v.Get("key")})
	if fault.Is(err, fault.Invalid) {
		return h.showChallenge(w, r, v.Get("post"), v.Get("reason"), err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, postPath(p.ID), "已转为揭榜")
}
