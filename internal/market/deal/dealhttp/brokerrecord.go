package dealhttp

import (
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
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// brokerOf reads the broker of the address.
func (h *Handler) brokerOf(r *http.Request) (deal.BrokerDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return deal.BrokerDetail{}, noSuch()
	}
	return h.deal.GetBroker(r.Context(), web.Actor(r), r.PathValue("id"))
}

// getBroker shows the record of a broker.
func (h *Handler) getBroker(w http.ResponseWriter, r *http.Request) error {
	x, err := h.brokerOf(r)
	if err != nil {
		return err
	}
	credit, err := h.deal.BrokerCredit(r.Context(), web.Actor(r), x.ID)
	if err != nil {
		return err
	}
	mark := brokerMark(r.Context(), x.State)
	head := ui.Head{Title: x.Name, Status: &mark, Lead: ui.Words(x.OrgName,
		titled(r.Context(), deal.Grades(), x.Grade)), Actions: h.brokerActions(r, x)}
	main := []templ.Component{stats(brokerStats(r, x, credit))}
	if x.Summary != "" {
		main = append(main, ui.With(ui.Block(say(r, "简介")), ui.With(ui.Prose(), paragraphs(x.Summary))))
	}
	main = append(main, h.caseBlock(r, x), h.certificateBlock(r, x), h.creditBlock(r, credit), portfolioBlock(r, x))
	if len(x.Conflicts) > 0 {
		main = append(main, h.conflictBlock(r, x))
	}
	p := h.brokerPage(r, x.Broker, "")
	body := templ.Join(ui.PageHead(head),
		ui.With(ui.WithAside(ui.Facts(say(r, "关键信息"), h.brokerFacts(r, x))), main...))
	return h.web.Render(w, r, web.View{Page: p, Body: body})
}

func (h *Handler) brokerPage(r *http.Request, b deal.Broker, last string) ui.Page {
	p := h.web.Page(r, "技术经理人")
	p.Crumbs = []ui.Link{{Text: p.Title, Href: pathBrokers}, {Text: b.Name}}
	p.Title = ui.Words(b.Name, p.Title)
	if last != "" {
		p.Title = ui.Words(say(r, last), b.Name)
		p.Crumbs[1].Href = brokerPath(b.ID, "")
		p.Crumbs = append(p.Crumbs, ui.Link{Text: say(r, last)})
	}
	return p
}

func (h *Handler) brokerActions(r *http.Request, x deal.BrokerDetail) []ui.Action {
	by := web.Actor(r)
	var out []ui.Action
	for _, o := range x.Offers {
		if o.Allowed {
			out = append(out, ui.Action{Text: say(r, o.Title), Primary: o.Step == "verify",
				Href: brokerPath(x.ID, "step") + "?do=" + url.QueryEscape(o.Step)})
		}
	}
	if deal.BrokerPolicy.May(by, deal.ActBrokerUpdate, x.Broker) == nil {
		out = append(out, ui.Action{Text: say(r, "业绩与证书"), Href: brokerPath(x.ID, "portfolio")},
			ui.Action{Text: say(r, "修改"), Href: brokerPath(x.ID, "edit")})
	}
	if deal.BrokerPolicy.May(by, deal.ActBrokerDeclare, x.Broker) == nil {
		out = append(out, ui.Action{Text: say(r, "申报利益冲突"), Href: brokerPath(x.ID, "conflict")})
	}
	if x.Own {
		out = append(out, ui.Action{Text: say(r, "对接看板"), Href: pathBoard, Primary: true})
	}
	return out
}

func brokerStats(r *http.Request, x deal.BrokerDetail, c deal.Credit) []statShown {
	var open, done int64
	for state, n := range x.Tally {
		switch {
		case slices.Contains(deal.Contracted(), state):
			done += n
		case !slices.Contains(ended, state):
			open += n
		}
	}
	rows := brokerRows(r, x)
	out := []statShown{{say(r, "信用分"), i18n.Int(c.Value), say(r, "分"), "#" + creditAnchor},
		{say(r, "进行中的对接"), i18n.Int(open), say(r, "项"), rows("deal.introduced", measure.Others(ended))},
		{say(r, "促成签约"), i18n.Int(done), say(r, "项"), rows("deal.signed", "")}}
	if x.SumFen > 0 {
		out = append(out, statShown{say(r, "合同成交额"), i18n.Yuan(lang(r), money.Fen(x.SumFen)), "",
			rows("deal.contracts", "")})
	}
	return out
}

// creditAnchor is where the rows of the credit stand.
const creditAnchor = "credit"

// ended are the states of introductions that do not go on.
var ended = append(deal.Contracted(), deal.Refused, deal.Broken)

// brokerRows makes the addresses of the rows behind the counts of a broker, for who may read every introduction. The
// directory tells everybody how many there are, and nobody else between whom.
func brokerRows(r *http.Request, x deal.BrokerDetail) func(name, stage string) string {
	return func(name, stage string) string {
		if !deal.DealPolicy.MaySee(web.Actor(r), deal.ActDealRead, deal.Deal{}) {
			return ""
		}
		v := url.Values{"measure": {name}, "dim": {"broker:" + x.ID}}
		if stage != "" {
			v.Add("dim", "stage:"+stage)
		}
		return "/market/figures/rows?" + v.Encode()
	}
}

func (h *Handler) brokerFacts(r *http.Request, x deal.BrokerDetail) []ui.Fact {
	l := lang(r)
	valid := ui.Words(i18n.Date(l, x.ValidFrom), i18n.Date(l, x.ValidTo))
	state := ui.State{Tone: ui.OK, Text: say(r, "有效")}
	switch {
	case x.Certificate == "":
		state = ui.State{Tone: ui.Idle, Text: say(r, "未登记证书")}
	case !x.Valid(h.today()):
		state = ui.State{Tone: ui.Bad, Text: say(r, "已过期")}
	}
	out := []ui.Fact{{Term: say(r, "等级"), Text: titled(r.Context(), deal.Grades(), x.Grade)},
		{Term: say(r, "单位"), Text: x.OrgName}, {Term: say(r, "地区"), Text: h.placeName(x.Region)},
		{Term: say(r, "领域"), Text: h.fieldNames(r, x.Fields)},
		{Term: say(r, "证书编号"), Text: x.Certificate, Mono: true},
		{Term: say(r, "发证机构"), Text: x.Issuer}, {Term: say(r, "证书有效期"), Text: valid},
		{Term: say(r, "证书状态"), Status: &state}, {Term: say(r, "办公电话"), Text: x.Phone}}
	if x.Org != "" {
		out[1].Href = join("/orgs", x.Org, "")
	}
	return out
}

// creditBlock shows the rows that the credit is the sum of.
func (h *Handler) creditBlock(r *http.Request, c deal.Credit) templ.Component {
	tab := ui.Table{Caption: say(r, "信用分"), Dense: true, Plain: true, Cols: []ui.Column{
		{Label: say(r, "事项")}, {Label: say(r, "时间")}, {Label: say(r, "分值"), Num: true}}}
	for _, x := range c.Rows[max(0, len(c.Rows)-maxCreditRows):] {
		cell := ui.Cell{Text: titled(r.Context(), deal.CreditRows(), x.What)}
		if x.Code != "" {
			cell.Sub, cell.Href = x.Code, dealPath(x.Deal, "")
		}
		when := ui.Cell{Text: ui.OrDash("")}
		if x.AtUs > 0 {
			at := clock.Time(x.AtUs)
			when = ui.Cell{Text: i18n.Date(lang(r), clock.DateOf(at)), Time: ui.MachineTime(at)}
		}
		points := number(x.Points)
		if x.Points > 0 && x.What != "base" {
			points = "+" + points
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{cell, when, {Text: points}}})
	}
	tab.Foot = []ui.Cell{{Text: say(r, "合计，限于 0 到 100")}, {}, {Text: number(c.Value)}}
	return ui.With(ui.Block(say(r, "信用分由这些记录得出")), anchor(creditAnchor),
		folded(say(r, "查看 %d 条记录", len(c.Rows)), len(c.Rows) < 10, ui.DataTable(tab)))
}

// maxCreditRows is how many rows a record shows.
const maxCreditRows = 100

func portfolioBlock(r *http.Request, x deal.BrokerDetail) templ.Component {
	if len(x.Posts) == 0 {
		return ui.With(ui.Block(say(r, "经办的供需")), ui.Note(say(r, "还没有经办的供需。")))
	}
	var list []ui.Link
	for _, p := range x.Posts {
		kind := deal.Choice{Title: "需求"}
		if p.Kind == market.Achievement {
			kind.Title = "成果"
		}
		list = append(list, ui.Link{Text: p.Title, Href: postPath(p.ID), Note: ui.Words(p.Code,
			say(r, kind.Title))})
	}
	return ui.With(ui.Block(say(r, "经办的供需")), ui.PlainList(list))
}

func (h *Handler) conflictBlock(r *http.Request, x deal.BrokerDetail) templ.Component {
	tab := ui.Table{Caption: say(r, "利益冲突"), Dense: true, Cols: []ui.Column{{Label: say(r, "单位")},
		{Label: say(r, "来由")}, {Label: say(r, "说明")}, {Label: say(r, "申报时间")}, {Label: say(r, "状态")}}}
	may := h.mayUnconflict(r, x)
	for _, c := range x.Conflicts {
		mark, said := ui.State{Tone: ui.Warn, Text: say(r, "须回避")}, ui.Cell{Text: ui.OrDash(c.Reason)}
		switch {
		case c.EndedUs > 0:
			mark = ui.State{Tone: ui.Idle, Text: say(r, "已解除")}
			if c.Ended != "" {
				said.Sub = say(r, "%s 解除：%s", i18n.Date(lang(r), clock.DateOf(clock.Time(c.EndedUs))), c.Ended)
			}
		case c.AskedUs > 0:
			mark = ui.State{Tone: ui.Run, Text: say(r, "须回避，已申请解除")}
			said.Sub = say(r, "%s 申请解除：%s", i18n.Date(lang(r), clock.DateOf(clock.Time(c.AskedUs))), c.Asked)
		}
		name := ui.Cell{Text: c.OrgName}
		if c.EndedUs == 0 && may != "" {
			name.Href = brokerPath(x.ID, "unconflict") + "?conflict=" + url.QueryEscape(c.ID)
			name.Sub = say(r, may)
		}
		tab.Rows = append(tab.Rows, ui.Row{ID: c.ID, Cells: []ui.Cell{name,
			{Text: titled(r.Context(), deal.Tied(), c.Source)}, said, ui.TimeCell(r.Context(), c.DeclaredUs),
			{Status: &mark}}})
	}
	return ui.With(ui.Block(say(r, "利益冲突")), ui.Note(say(r, "只有本人和科技局可见；与这些单位的对接须回避。本人可以申请解除，由科技局核实后解除。")),
		ui.DataTable(tab))
}

// mayUnconflict is what the caller may do about a conflict of interest: ask for its end, or lift it.
func (h *Handler) mayUnconflict(r *http.Request, x deal.BrokerDetail) string {
	by := web.Actor(r)
	switch {
	case deal.BrokerPolicy.May(by, deal.ActBrokerLift, x.Broker) == nil:
		return "解除利益冲突"
	case deal.BrokerPolicy.May(by, deal.ActBrokerDeclare, x.Broker) == nil:
		return "申请解除利益冲突"
	}
	return ""
}

// getBrokerPart shows one of the forms of a broker's record.
func (h *Handler) getBrokerPart(w http.ResponseWriter, r *http.Request) error {
	x, err := h.brokerOf(r)
	if err != nil {
		return err
	}
	by := web.Actor(r)
	switch r.PathValue("part") {
	case "step":
		return h.showBrokerStep(w, r, x, r.FormValue("do"), "", nil)
	case "edit":
		if err := deal.BrokerPolicy.May(by, deal.ActBrokerUpdate, x.Broker); err != nil {
			return err
		}
		return h.showBrokerForm(w, r, brokerForm{data: x.BrokerData, id: x.ID, version: x.Version,
			org: pick{value: x.Org}, name: x.Name}, nil)
	case "conflict":
		if err := deal.BrokerPolicy.May(by, deal.ActBrokerDeclare, x.Broker); err != nil {
			return err
		}
		return h.showConflict(w, r, x, pick{}, "", nil)
	case "portfolio":
		return h.showPortfolio(w, r, x, shown{})
	case "unconflict":
		if h.mayUnconflict(r, x) == "" {
			return deal.BrokerPolicy.May(by, deal.ActBrokerLift, x.Broker)
		}
		return h.showUnconflict(w, r, x, r.FormValue("conflict"), nil)
	}
	return noSuch()
}

// postBrokerPart takes what one of the forms of a broker's record sends.
func (h *Handler) postBrokerPart(w http.ResponseWriter, r *http.Request) error {
	x, err := h.brokerOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "step":
		return h.postBrokerStep(w, r, x)
	case "edit":
		return h.postBrokerEdit(w, r, x)
	case "conflict":
		return h.postConflict(w, r, x)
	case "unconflict":
		return h.postUnconflict(w, r, x)
	case "portfolio":
		return h.postPortfolio(w, r, x)
	}
	return noSuch()
}

func (h *Handler) showBrokerStep(
	w http.ResponseWriter, r *http.Request, x deal.BrokerDetail, step, reason string, err error,
) error {
	at := slices.IndexFunc(x.Offers, func(o process.Offer) bool { return o.Step == step })
	if at < 0 {
		return fault.New(fault.Conflict, "现在没有这个步骤，可能已经被别人办理")
	}
	o := x.Offers[at]
	if !o.Allowed && err == nil {
		err = o.WhyNot
	}
	now, next := brokerMark(r.Context(), x.State), brokerMark(r.Context(), o.To)
	q := ui.Question{Title: say(r, o.Title), Facts: []ui.Fact{{Term: say(r, "姓名"), Text: x.Name},
		{Term: say(r, "证书编号"), Text: x.Certificate}, {Term: say(r, "现在的状态"), Status: &now},
		{Term: say(r, "之后的状态"), Status: &next}},
		Form: ui.FormView{ID: "step", Action: brokerPath(x.ID, "step"), Version: number(x.Version),
			Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "do", Value: step},
				{Name: "key", Value: id.New()}}},
		Inputs: []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: reason,
			Rows: 3, MaxLen: process.MaxReason, Optional: o.Needs&process.Reason == 0}},
		Back:   ui.Link{Text: say(r, "返回"), Href: brokerPath(x.ID, "")},
		Button: ui.Action{Text: say(r, o.Title), Primary: true, Danger: step == "leave"}}
	ui.Mark(lang(r), q.Inputs, err)
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, o.Title), Lead: x.Name}), ui.Confirm(q))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: h.brokerPage(r, x.Broker, o.Title),
		Body: body})
}

func (h *Handler) postBrokerStep(
	w http.ResponseWriter, r *http.Request, x deal.BrokerDetail,
) error {
	v := r.PostForm
	in := deal.BrokerStep{ID: x.ID, Step: v.Get("do"), Reason: v.Get("reason"),
		Version: web.VersionOf(r), Key: v.Get("key")}
	_, err := h.deal.FireBroker(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showBrokerStep(w, r, x, in.Step, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, brokerPath(x.ID, ""), "已办理")
}

func (h *Handler) showConflict(
	w http.ResponseWriter, r *http.Request, x deal.BrokerDetail, org pick, reason string, err error,
) error {
	form := ui.FormView{ID: "conflict", Action: brokerPath(x.ID, "conflict"),
		Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: id.New()}},
		Buttons: []ui.Action{{Text: say(r, "申报利益冲突"), Primary: true},
			{Text: say(r, "取消"), Href: brokerPath(x.ID, "")}}}
	in := []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say(r, "说明"), Value: reason, Rows: 3,
		MaxLen: deal.MaxNext, Hint: say(r, "如持股、亲属任职、曾受聘")}}
	ui.Mark(lang(r), in, err)
	head := ui.Head{Title: say(r, "申报利益冲突"), Lead: say(r, "申报后，您不再经办与该单位有关的对接，进行中的转由科技局协调。")}
	body := templ.Join(ui.PageHead(head), ui.With(ui.Form(form), ui.Combobox(h.orgPick(r.Context(),
		web.Actor(r), ui.Input{Name: "org", Label: say(r, "有利益关系的单位")}, org, err)), fields(in)))
	return h.web.Render(w, r, web.View{Status: statusOf(err),
		Page: h.brokerPage(r, x.Broker, "申报利益冲突"), Body: body})
}

func (h *Handler) postConflict(w http.ResponseWriter, r *http.Request, x deal.BrokerDetail) error {
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	org := readPick(v, "org")
	if dropped(v, "org") {
		return h.showConflict(w, r, x, org, v.Get("reason"), nil)
	}
	var wrong []fault.Field
	h.resolve(ctx, by, "org", &org, &wrong)
	err := fault.Fields(wrong...)
	if err == nil {
		_, err = h.deal.DeclareConflict(ctx, by, deal.NewConflict{Broker: x.ID, Org: org.value,
			Reason: v.Get("reason"), Key: v.Get("key")})
	}
	if fault.Is(err, fault.Invalid) {
		return h.showConflict(w, r, x, org, v.Get("reason"), err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, brokerPath(x.ID, ""), "已申报利益冲突")
}

func (h *Handler) showUnconflict(
	w http.ResponseWriter, r *http.Request, x deal.BrokerDetail, conflict string, err error,
) error {
	at := slices.IndexFunc(x.Conflicts, func(c deal.Conflict) bool { return c.ID == conflict })
	if at < 0 {
		return noSuch()
	}
	c, what := x.Conflicts[at], h.mayUnconflict(r, x)
	facts := []ui.Fact{{Term: say(r, "单位"), Text: c.OrgName},
		{Term: say(r, "来由"), Text: titled(r.Context(), deal.Tied(), c.Source)}}
	if c.Reason != "" {
		facts = append(facts, ui.Fact{Term: say(r, "说明"), Text: c.Reason})
	}
	if c.Asked != "" {
		facts = append(facts, ui.Fact{Term: say(r, "本人申请解除的理由"), Text: c.Asked})
	}
	q := ui.Question{Title: say(r, what), Facts: facts,
		Form: ui.FormView{ID: "conflict", Action: brokerPath(x.ID, "unconflict"),
			Version: number(c.Version), Summary: ui.SummaryOf(lang(r), err),
			Hidden: []ui.Hidden{{Name: "conflict", Value: c.ID}, {Name: "key", Value: id.New()}}},
		Inputs: []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Rows: 3,
			MaxLen: deal.MaxNext}},
		Back:   ui.Link{Text: say(r, "返回"), Href: brokerPath(x.ID, "")},
		Button: ui.Action{Text: say(r, what), Primary: true}}
	ui.Mark(lang(r), q.Inputs, err)
	body := templ.Join(ui.PageHead(ui.Head{Title: q.Title, Lead: x.Name}), ui.Confirm(q))
	return h.web.Render(w, r, web.View{Status: statusOf(err),
		Page: h.brokerPage(r, x.Broker, what), Body: body})
}

func (h *Handler) postUnconflict(
	w http.ResponseWriter, r *http.Request, x deal.BrokerDetail,
) error {
	v := r.PostForm
	in := deal.ConflictEnd{Broker: x.ID, ID: v.Get("conflict"), Version: web.VersionOf(r), Reason: v.Get("reason"),
		Key: v.Get("key")}
	do, done := h.deal.AskConflictEnd, "已申请解除利益冲突，由科技局核实"
	if deal.BrokerPolicy.May(web.Actor(r), deal.ActBrokerLift, x.Broker) == nil {
		do, done = h.deal.EndConflict, "已解除利益冲突"
	}
	err := do(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showUnconflict(w, r, x, v.Get("conflict"), err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, brokerPath(x.ID, ""), done)
}
