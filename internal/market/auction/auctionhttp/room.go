package auctionhttp

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// tab is one tab of an auction.
type tab struct {
	name, title string
	shown       func(runs bool, d auction.Detail) bool
	body        func(h *Handler, r *http.Request, d auction.Detail) (templ.Component, error)
}

var tabs = []tab{
	{"", "交易大厅", func(bool, auction.Detail) bool { return true }, (*Handler).roomTab},
	{"rules", "公告与规则", func(bool, auction.Detail) bool { return true }, (*Handler).rulesTab},
	{"applicants", "竞买人与保证金", func(runs bool, _ auction.Detail) bool { return runs },
		(*Handler).applicantsTab},
	{"log", "过程记录", func(_ bool, d auction.Detail) bool { return d.State != auction.Draft },
		(*Handler).logTab},
	{"timeline", "时间线", func(_ bool, d auction.Detail) bool { return len(d.History) > 0 },
		(*Handler).timelineTab},
}

func (h *Handler) runs(r *http.Request, d auction.Detail) bool {
	return auction.Policy.MaySee(web.Actor(r), auction.ActRun, d.Item)
}

func (h *Handler) getAuction(w http.ResponseWriter, r *http.Request) error {
	d, err := h.of(r)
	if err != nil {
		return err
	}
	return h.showTab(w, r, d, tabs[0], nil)
}

func (h *Handler) page(r *http.Request, d auction.Detail, last string) ui.Page {
	return h.Sub(r, "挂牌与拍卖", pathAuctions, d.PostTitle, path(d.ID, ""), last)
}

// reloadSeconds is how often a room without scripts reloads, pollSeconds how often one with them asks.
const (
	reloadSeconds = 15
	pollSeconds   = 4
)

// showTab shows a tab, with what was wrong with a bid above it.
func (h *Handler) showTab(
	w http.ResponseWriter, r *http.Request, d auction.Detail, t tab, wrong error,
) error {
	runs := h.runs(r, d)
	if !t.shown(runs, d) {
		return kit.ErrRole()
	}
	panel, err := t.body(h, r, d)
	if err != nil {
		return err
	}
	if t.name == "" && web.Partial(r) {
		return h.Web.RenderPart(w, r, http.StatusOK, panel)
	}
	if t.name == "" {
		panel = templ.Join(panel, h.bidForm(r, d, wrong))
	}
	var links []ui.Tab
	for _, x := range tabs {
		if x.shown(runs, d) {
			links = append(links, ui.Tab{ID: "t-" + x.name, Text: kit.Say(r, x.title), Href: path(d.ID, x.name),
				Current: x.name == t.name})
		}
	}
	m := mark(r.Context(), d.State)
	head := ui.Head{Title: d.PostTitle, Status: &m, ID: d.Code, Actions: h.actions(r, d),
		Lead: ui.Words(kit.Titled(r.Context(), auction.Modes(), d.Mode), d.OrgName)}
	body := templ.Join(ui.PageHead(head), h.notices(r, d),
		ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), h.facts(r, d))),
			ui.With(ui.Tabs(kit.Say(r, "项目信息"), links), panel)))
	p := h.page(r, d, "")
	if d.State == auction.Bidding && t.name == "" && wrong == nil {
		p.Refresh = reloadSeconds
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p, Body: body})
}

func (h *Handler) actions(r *http.Request, d auction.Detail) []ui.Action {
	var out []ui.Action
	if d.State != auction.Draft {
		out = append(out, ui.Action{Text: kit.Say(r, "打印过程记录"), Href: path(d.ID, "print")})
	}
	by := web.Actor(r)
	if d.State == auction.Draft && auction.Policy.MaySee(by, auction.ActUpdate, d.Item) {
		out = append(out, ui.Action{Text: kit.Say(r, "编辑"), Href: path(d.ID, "edit")})
	}
	out = append(out, kit.StepActions(r, d.Offers, path(d.ID, "step"))...)
	if d.Mine == nil && auction.Policy.MaySee(by, auction.ActApply, d.Item) && !d.Over(h.Now()) {
		out = append(out, ui.Action{Text: kit.Say(r, "申请参加"), Href: path(d.ID, "apply"), Primary: true})
	}
	return out
}

func (h *Handler) notices(r *http.Request, d auction.Detail) templ.Component {
	var out []templ.Component
	if d.Mine != nil {
		text, tone := kit.Say(r, "本单位的申请待审查，缴纳保证金后由经办人确认资格。"), ui.Warn
		switch d.Mine.State {
		case auction.StateAdmitted:
			text, tone = kit.Say(r, "本单位是%s。", number(r, d.Mine.Number)), ui.OK
		case auction.StateRefused:
			text, tone = kit.Say(r, "本单位的申请未通过：%s", d.Mine.Reason), ui.Bad
		}
		out = append(out, ui.Banner(tone, text))
	}
	switch d.State {
	case auction.Publicity:
		out = append(out, ui.Banner(ui.Run, kit.Say(r, "结果公示至 %s，对结果有异议的可以提出。",
			kit.Moment(r, d.PublicityUntil()))))
	case auction.Contested:
		out = append(out, ui.Banner(ui.Run, kit.Say(r, "挂牌征集到两个以上受让方，已转为竞价。")))
	case auction.Cancelled:
		out = append(out, ui.Banner(ui.Idle, kit.Say(r, "交易已取消或终结，不算任何一方违约，已缴的保证金退还。")))
	case auction.Failed:
		out = append(out, ui.Banner(ui.Idle, kit.Say(r, "本次交易没有成交。")))
	}
	if d.Gone {
		out = append(out, ui.Banner(ui.Bad, kit.Say(r, "成果已不在市场上，交易不能继续。")))
	}
	return templ.Join(out...)
}

func (h *Handler) facts(r *http.Request, d auction.Detail) []ui.Fact {
	reserve := kit.Say(r, "无")
	if d.HasReserve {
		reserve = kit.Say(r, "有，截止前不公开")
		if d.ReserveFen > 0 {
			reserve = yuan(r, d.ReserveFen)
		}
	}
	out := []ui.Fact{
		{Term: kit.Say(r, "起拍价或挂牌价"), Text: yuan(r, d.StartFen), Big: true},
		{Term: kit.Say(r, "保留价"), Text: reserve},
		{Term: kit.Say(r, "保证金"), Text: yuan(r, d.DepositFen)},
		{Term: kit.Say(r, "开始时间"), Text: kit.Moment(r, d.OpensUs)},
		{Term: kit.Say(r, "截止时间"), Text: kit.Moment(r, d.ClosesUs)}}
	if d.Mode == auction.English {
		out = append(out, ui.Fact{Term: kit.Say(r, "加价幅度"), Text: yuan(r, d.IncrementFen)})
	}
	post := ui.Fact{Term: kit.Say(r, "成果"), Text: d.PostTitle, Href: "/market/posts/" + d.Post}
	if d.Gone {
		post.Href = ""
	}
	if d.Follower != "" {
		out = append(out, ui.Fact{Term: kit.Say(r, "转为的竞价"), Text: kit.Say(r, "查看"), Href: path(d.Follower, "")})
	}
	if d.Listing != "" {
		out = append(out, ui.Fact{Term: kit.Say(r, "此前的挂牌"), Text: kit.Say(r, "查看"), Href: path(d.Listing, "")})
	}
	return append(out, post,
		ui.Fact{Term: kit.Say(r, "转让方"), Text: d.OrgName, Href: "/orgs/" + d.OrgNow},
		ui.Fact{Term: kit.Say(r, "编号"), CopyID: d.Code})
}

// roomTab is the price, the bids and the time left; it asks for itself while bidding runs.
func (h *Handler) roomTab(r *http.Request, d auction.Detail) (templ.Component, error) {
	l := kit.Lang(r)
	left := i18n.Remaining(l, clock.Time(d.ClosesUs), h.Now())
	if d.State == auction.Notice || d.State == auction.Draft {
		left = kit.Say(r, "尚未开始")
	} else if d.State != auction.Bidding || d.Over(h.Now()) {
		left = kit.Say(r, "已截止")
	}
	sealed := d.Mode == auction.First || d.Mode == auction.Second
	price := kit.Figure{Label: kit.Say(r, "当前价"), Value: yuan(r, d.PriceFen),
		Note: kit.Say(r, "领先：%s", number(r, d.LeaderNo))}
	bids := kit.Figure{Label: kit.Say(r, "出价次数"), Value: i18n.Int(d.Bids)}
	switch {
	case sealed && (d.State == auction.Bidding || d.State == auction.Notice):
		price = kit.Figure{Label: kit.Say(r, "密封报价"), Value: kit.Say(r, "未开标"),
			Note: kit.Say(r, "开标前任何人看不到报价")}
		bids = kit.Figure{Label: kit.Say(r, "出价次数"), Value: "—"}
	case d.Mode == auction.Listing:
		price = kit.Figure{Label: kit.Say(r, "挂牌价"), Value: yuan(r, d.StartFen)}
		bids.Label = kit.Say(r, "受让方数")
	}
	figures := []kit.Figure{price}
	if d.MyBid != nil {
		mine := kit.Figure{Label: kit.Say(r, "我的出价"), Value: yuan(r, d.MyBid.Fen),
			Note: kit.Moment(r, d.MyBid.AtUs)}
		if d.MyBid.Leading {
			mine.Note = kit.Say(r, "当前领先")
		}
		figures = append(figures, mine)
	}
	figures = append(figures, kit.Figure{Label: kit.Say(r, "剩余时间"), Value: left,
		Note: kit.Say(r, "截止 %s", second(d.ClosesUs))}, bids)
	if d.PayFen > 0 {
		figures = append(figures, kit.Figure{Label: kit.Say(r, "成交价"), Value: yuan(r, d.PayFen),
			Note: ui.Words(number(r, d.WinnerNo), d.WinnerName)})
	}
	poll := ""
	if d.State == auction.Bidding {
		poll = path(d.ID, "")
	}
	return live(poll, pollSeconds, kit.Figures(figures), kit.Say(r, "服务器时间 %s（北京时间）", second(d.NowUs))), nil
}

// bidForm asks for a bid. It stands outside of what reloads by htmx, so that nothing typed is lost.
func (h *Handler) bidForm(r *http.Request, d auction.Detail, wrong error) templ.Component {
	if d.State != auction.Bidding || d.Mode == auction.Listing || d.Mine == nil ||
		d.Mine.State != auction.StateAdmitted || d.Over(h.Now()) {
		return templ.NopComponent
	}
	if d.Mode == auction.English && d.Mine.Number == d.LeaderNo && wrong == nil {
		return ui.Note(kit.Say(r, "您已是最高出价者；有人加价后刷新本页即可继续出价"))
	}
	in := []ui.Input{{Kind: ui.InNumber, Name: "fen", Label: kit.Say(r, "出价"), Unit: kit.Say(r, "万元"),
		Width: ui.W10, Value: r.PostFormValue("fen"), Hint: kit.Say(r, "报价密封保存，截止前可以更改，开标前任何人看不到")}}
	if d.Mode == auction.English {
		in[0].Hint = kit.Say(r, "不低于 %s，按加价幅度的整数倍", i18n.Yuan(kit.Lang(r), fen(d.LeastFen)))
		if in[0].Value == "" {
			in[0].Value = kit.WanText(fen(d.LeastFen))
		}
	}
	ui.Mark(kit.Lang(r), in, wrong)
	return ui.With(ui.Form(ui.FormView{ID: "bid", Action: path(d.ID, "bid"),
		Summary: ui.SummaryOf(kit.Lang(r), wrong), Hidden: []ui.Hidden{{Name: "key", Value: id.New()}},
		Buttons: []ui.Action{{Text: kit.Say(r, "提交出价"), Primary: true}}}), kit.Fields(in))
}

func (h *Handler) postBid(w http.ResponseWriter, r *http.Request, d auction.Detail) error {
	_, err := h.auction.Bid(r.Context(), web.Actor(r), auction.NewBid{Auction: d.ID,
		Fen: kit.Wan(r.PostFormValue("fen")), Key: r.PostFormValue("key")})
	if again(err) {
		return h.showTab(w, r, d, tabs[0], err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "出价已受理")
}

// rulesTab says how the auction goes.
func (h *Handler) rulesTab(r *http.Request, d auction.Detail) (templ.Component, error) {
	how := map[string]string{
		auction.Listing: kit.Say(r, "公告期内征集受让方。只有一个受让方时按挂牌价成交；有两个以上时转为竞价。"),
		auction.English: kit.Say(r, "公开增价：每次出价不低于当前价加一个加价幅度；截止时最高且不低于保留价的出价成交。"),
		auction.First:   kit.Say(r, "密封报价：截止后一并开标，报价最高者按自己的报价成交；报价相同的，先报者成交。"),
		auction.Second:  kit.Say(r, "密封报价：截止后一并开标，报价最高者按次高报价（不低于保留价）成交；报价相同的，先报者成交。"),
	}[d.Mode]
	facts := []ui.Fact{{Term: kit.Say(r, "公告期"), Text: kit.Say(r, "%d 天", d.NoticeDays)},
		{Term: kit.Say(r, "公示期"), Text: kit.Say(r, "%d 天", d.PublicityDays)}}
	if d.Mode == auction.English {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "延时"),
			Text: kit.Say(r, "截止前 %d 秒内有出价的，延至该次出价后 %d 秒", d.WithinSeconds, d.ExtendSeconds)})
	}
	rule, err := h.auction.RuleAt(r.Context(), d.Mode, d.OpensUs)
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{kit.Paragraphs([]string{how}), ui.FactGrid(facts),
		ui.Note(kit.Say(r, "规则依据：%s", rule.Basis))}
	if d.Text != "" {
		parts = append(parts, ui.With(ui.Block(kit.Say(r, "交易条件")), kit.Paragraphs(strings.Split(d.Text, "\n"))))
	}
	return templ.Join(parts...), nil
}

func (h *Handler) timelineTab(r *http.Request, d auction.Detail) (templ.Component, error) {
	return kit.Timeline(r, d.History, kit.Titles(auction.Process), "筹备", func(state string) ui.Tone {
		return tones[state]
	}), nil
}

func (h *Handler) askStep(
	w http.ResponseWriter, r *http.Request, d auction.Detail, step, reason string, err error,
) error {
	now := mark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.page(r, d, "办理"), Title: d.PostTitle, Path: path(d.ID, ""),
		Version: d.Version, Facts: []ui.Fact{{Term: kit.Say(r, "截止时间"), Text: kit.Moment(r, d.ClosesUs)},
			{Term: kit.Say(r, "现在的状态"), Status: &now}},
		Offers: d.Offers, Mark: func(s string) ui.State { return mark(r.Context(), s) },
		Step: step, Reason: reason, Err: err})
}

func (h *Handler) postStep(w http.ResponseWriter, r *http.Request, d auction.Detail) error {
	in := auction.Step{ID: d.ID, Step: r.PostFormValue("do"), Reason: r.PostFormValue("reason"),
		Version: web.VersionOf(r), Key: r.PostFormValue("key")}
	_, err := h.auction.FireAuction(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.askStep(w, r, d, in.Step, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已办理")
}
