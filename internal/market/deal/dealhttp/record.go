package dealhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// dealOf reads the introduction of the address.
func (h *Handler) dealOf(r *http.Request) (deal.DealDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return deal.DealDetail{}, noSuch()
	}
	return h.deal.GetDeal(r.Context(), web.Actor(r), r.PathValue("id"))
}

// shown is what a page of an introduction shows beside it: contacts that were just handed out, and
// what was typed into its forms.
type shown struct {
	contacts []deal.Handed
	form     string // the form that the fault is about: note, work, split, complain
	typed    url.Values
	err      error
}

func (h *Handler) getDeal(w http.ResponseWriter, r *http.Request) error {
	x, err := h.dealOf(r)
	if err != nil {
		return err
	}
	return h.showDeal(w, r, x, shown{})
}

func (h *Handler) showDeal(
	w http.ResponseWriter, r *http.Request, x deal.DealDetail, s shown,
) error {
	mark := stateMark(r.Context(), x.State)
	head := ui.Head{Title: x.Title, ID: x.Code, Status: &mark,
		Lead:    ui.Words(x.Demand.Name, x.Supply.Name),
		Actions: h.dealActions(r, x)}
	reward, err := h.rewardBlock(r, x)
	if err != nil {
		return err
	}
	var main []templ.Component
	for _, part := range []templ.Component{turn(r, h, x), objected(r, x), hiddenConflict(r, x),
		h.contactBlock(r, x, s), h.ndaBlock(r, x), reward,
		h.splitBlock(r, x, s), h.noteBlock(r, x, s), h.workBlock(r, x, s)} {
		if part != nil {
			main = append(main, part)
		}
	}
	main = append(main, ui.With(ui.Block(say(r, "时间线")), h.timeline(r, x)))
	if part := h.complainBlock(r, x, s); part != nil {
		main = append(main, part)
	}
	body := templ.Join(ui.PageHead(head),
		ui.With(ui.WithAside(ui.Facts(say(r, "关键信息"), h.dealFacts(r, x))), main...))
	return h.web.Render(w, r, web.View{Status: statusOf(s.err), Page: h.dealPage(r, x.Deal, ""),
		Body: body})
}

// dealPage starts a page about an introduction; last names a form on it, "" for the record itself.
func (h *Handler) dealPage(r *http.Request, d deal.Deal, last string) ui.Page {
	p := h.web.Page(r, "供需对接")
	p.Crumbs = []ui.Link{{Text: p.Title, Href: pathDeals}, {Text: d.Title}}
	p.Title = d.Title
	if last != "" {
		p.Title = say(r, last) + " · " + d.Title
		p.Crumbs[1].Href = dealPath(d.ID, "")
		p.Crumbs = append(p.Crumbs, ui.Link{Text: say(r, last)})
	}
	return p
}

// mainSteps are shown as the one primary button when they are possible.
var mainSteps = map[string]bool{deal.StepAccept: true, deal.StepSeal: true, deal.StepConsent: true,
	deal.StepAgree: true, deal.StepIntend: true, deal.StepSign: true, deal.StepRegister: true}

// dealActions are the buttons of an introduction. A step that belongs to others is left out; one that
// is not possible now says why.
func (h *Handler) dealActions(r *http.Request, x deal.DealDetail) []ui.Action {
	var out []ui.Action
	primary := false
	for _, o := range x.Offers {
		a := ui.Action{Text: say(r, o.Title)}
		switch {
		case o.Allowed:
			a.Href = dealPath(x.ID, "step") + "?do=" + url.QueryEscape(o.Step)
			a.Primary = mainSteps[o.Step] && !primary
			primary = primary || a.Primary
		case o.WhyNot == nil || o.WhyNot.Kind == fault.Forbidden || o.WhyNot.Kind == fault.NotFound:
			continue
		default:
			a.Why = i18n.Fault(lang(r), o.WhyNot)
		}
		out = append(out, a)
	}
	return out
}

// objected says what an objection means, and to its sides that they may object.
func objected(r *http.Request, x deal.DealDetail) templ.Component {
	if x.State != deal.Disputed {
		return nil
	}
	return ui.Banner(ui.Warn, say(r, "一方对签约记录提出异议，由科技局核实处理；处理前这份合同不计入成交额。异议内容见时间线。"))
}

// hiddenConflict tells the bureau of a broker's conflict with a side that the broker does not know.
func hiddenConflict(r *http.Request, x deal.DealDetail) templ.Component {
	if !x.BrokerConflict {
		return nil
	}
	return ui.Banner(ui.Warn, say(r, "技术经理人与其中一方有利益冲突，但还不知道这一方是谁：这一方同意对接后自动回避，也可以现在另行指派。"))
}

// turn says whose turn it is and until when, or what came of an introduction that has ended.
func turn(r *http.Request, h *Handler, x deal.DealDetail) templ.Component {
	if !x.Open() {
		text := say(r, "对接已结束：%s", i18n.Key(deal.StateTitle(x.State)))
		if x.Class != "" {
			text = say(r, "未成原因：%s。下一步：%s", i18n.Key(deal.TitleOf(deal.Classes(), x.Class)),
				x.NextStep)
		}
		return ui.Banner(stateMark(r.Context(), x.State).Tone, text)
	}
	now := h.now()
	for _, run := range x.Running {
		due := clock.Time(run.DueUs)
		if run.EscalatedUs == 0 || !due.Before(now) {
			continue
		}
		who := run.Owner.Role.Title()
		if run.Owner.Account != "" {
			who = "技术经理人"
		}
		return ui.Banner(ui.Bad, say(r, "已超过时限，现由%s负责", i18n.Key(who)))
	}
	if x.DueUs == 0 {
		return nil
	}
	return ui.Banner(ui.Run, say(r, "下一步时限：%s", i18n.Deadline(lang(r), clock.Time(x.DueUs), now)))
}

func (h *Handler) dealFacts(r *http.Request, x deal.DealDetail) []ui.Fact {
	ctx, l := r.Context(), lang(r)
	side := func(term string, s deal.Side) []ui.Fact {
		out := []ui.Fact{{Term: say(r, term), Text: s.Name}}
		if s.Org != "" {
			out[0].Href = join("/orgs", s.Org, "")
		}
		if s.Post != "" {
			out = append(out, ui.Fact{Term: say(r, "%s的供需信息", i18n.Key(term)),
				Text: say(r, "查看"), Href: postPath(s.Post)})
		}
		if s.ConsentUs > 0 {
			out = append(out, ui.Fact{Term: say(r, "%s同意", i18n.Key(term)),
				Text: ui.Words(i18n.DateTime(l, clock.Time(s.ConsentUs)), web.WhoOf(ctx, s.ConsentBy))})
		}
		return out
	}
	var out []ui.Fact
	if x.ContractFen != 0 {
		out = append(out, ui.Fact{Term: say(r, "合同成交额"), Text: amount(l, x.ContractFen), Big: true})
	} else if x.AmountFen != 0 {
		out = append(out, ui.Fact{Term: say(r, "意向金额"), Text: amount(l, x.AmountFen), Big: true})
	}
	out = append(out, side("需求方", x.Demand)...)
	out = append(out, side("供给方", x.Supply)...)
	out = append(out, ui.Fact{Term: say(r, "提出人"), Text: titled(ctx, deal.Parties(), x.AskedBy)},
		ui.Fact{Term: say(r, "来源"), Text: titled(ctx, deal.Sources(), x.Source)},
		ui.Fact{Term: say(r, "领域"), Text: titled(ctx, deal.Fields(), x.Field)})
	broker := ui.Fact{Term: say(r, "技术经理人"), Text: x.BrokerName}
	if x.Broker != "" {
		broker.Href = brokerPath(x.Broker, "")
	}
	out = append(out, broker)
	for _, f := range []ui.Fact{
		{Term: say(r, "合作方式"), Text: titled(ctx, deal.Modes(), x.Mode)},
		{Term: say(r, "签订日期"), Text: i18n.Date(l, x.SignedOn)},
		{Term: say(r, "合同登记编号"), Text: x.ContractNo, Mono: true},
		{Term: say(r, "登记日期"), Text: i18n.Date(l, x.RegisteredOn)},
		{Term: say(r, "提出时间"), Text: i18n.DateTime(l, clock.Time(x.CreatedUs))}} {
		if f.Text != "" {
			out = append(out, f)
		}
	}
	return out
}

// timeline is what the reader may see of what happened, the newest first, each line with who else
// sees it.
func (h *Handler) timeline(r *http.Request, x deal.DealDetail) templ.Component {
	ctx := r.Context()
	var out []ui.Entry
	for _, e := range x.Timeline {
		at := clock.Time(e.AtUs)
		who := titled(ctx, deal.Parties(), e.Side)
		who = ui.Words(e.By, web.WhoOf(ctx, e.Login), who)
		line := ui.Entry{Time: i18n.DateTime(lang(r), at), Machine: ui.MachineTime(at), By: who,
			Title: say(r, deal.StepTitle(e.Step)), Text: e.Text, Tone: ui.Run,
			Seen: titled(ctx, deal.Views(), e.Seen)}
		h.complete(r, e, &line)
		out = append(out, line)
	}
	return ui.Timeline(out)
}

// complete adds the figures of a line.
func (h *Handler) complete(r *http.Request, e deal.Entry, line *ui.Entry) {
	ctx, l := r.Context(), lang(r)
	switch e.Kind {
	case deal.EntryOverdue:
		line.Title, line.Tone = say(r, "超过时限"), ui.Bad
		if e.Data.To.Valid() {
			line.Title = say(r, "超过时限，转交%s", i18n.Key(e.Data.To.Title()))
		} else {
			line.Title = say(r, "超过时限，转交%s", i18n.Key("技术经理人"))
		}
	case deal.EntryContact:
		line.Title = say(r, "取得%s的联系方式", i18n.Key(deal.TitleOf(deal.Parties(), e.Data.Of)))
		line.Tone = ui.Idle
	case deal.EntryNote:
		line.Tone = ui.Idle
	case deal.EntrySplit:
		line.Title = ui.Words(line.Title, say(r, "第 %d 版", e.Data.Version))
	}
	switch e.Step {
	case deal.StepSign, deal.StepRegister, deal.StepAgree:
		line.Tone = ui.OK
	case deal.StepRefuse, deal.StepBreak, deal.StepDissolve:
		line.Tone = ui.Idle
	}
	add := func(term, text string) {
		if text != "" {
			line.Changes = append(line.Changes, ui.Change{Field: say(r, term), New: text})
		}
	}
	add("日期", i18n.Date(l, e.Data.Day))
	add("地点", e.Data.Place)
	add("参加人员", e.Data.People)
	add("金额", amount(l, e.Data.AmountFen))
	add("合作方式", titled(ctx, deal.Modes(), e.Data.Mode))
	add("合同登记编号", e.Data.Number)
	add("未成原因", titled(ctx, deal.Classes(), e.Data.Class))
	add("下一步", e.Data.Next)
	add("贡献", titled(ctx, deal.Works(), e.Data.Work))
	if e.Data.Hours > 0 {
		add("用时", say(r, "%d 小时", e.Data.Hours))
	}
	if e.Kind == deal.EntryStep {
		add("技术经理人", e.Data.Name)
	}
}

// contactBlock hands out contacts, or shows those that were handed out just now.
func (h *Handler) contactBlock(r *http.Request, x deal.DealDetail, s shown) templ.Component {
	switch {
	case len(s.contacts) > 0:
		var facts []ui.Fact
		for _, c := range s.contacts {
			facts = append(facts, ui.Fact{Term: ui.Words(titled(r.Context(), deal.Parties(), c.Side),
				c.Org), Text: ui.Words(c.Name, c.Phone, c.Mail)})
		}
		return ui.With(ui.Block(say(r, "联系方式")), ui.FactList(facts),
			ui.Note(say(r, "已记入时间线。离开本页后需重新取得。")))
	case x.Contacts:
		return ui.With(ui.Block(say(r, "联系方式")),
			ui.Note(say(r, "双方都已同意对接。取得联系方式会记入时间线，双方可见。")),
			ui.PostButton(ui.Post{Action: dealPath(x.ID, "contact"),
				Button: ui.Action{Text: say(r, "取得联系方式")}}))
	}
	return nil
}

// ndaBlock shows the agreement with who accepted it.
func (h *Handler) ndaBlock(r *http.Request, x deal.DealDetail) templ.Component {
	if x.NDA == "" {
		return nil
	}
	var facts []ui.Fact
	for _, s := range []struct {
		term string
		side deal.Side
	}{{"需求方", x.Demand}, {"供给方", x.Supply}} {
		mark := ui.State{Tone: ui.Warn, Text: say(r, "尚未接受")}
		text := ""
		if s.side.NDAUs > 0 {
			mark = ui.State{Tone: ui.OK, Text: say(r, "已接受")}
			text = ui.Words(i18n.DateTime(lang(r), clock.Time(s.side.NDAUs)),
				web.Who(r, s.side.NDABy))
		}
		facts = append(facts, ui.Fact{Term: say(r, s.term), Status: &mark, Source: text})
	}
	return ui.With(ui.Block(say(r, "保密约定")), ui.FactList(facts),
		folded(say(r, "约定全文"), x.State == deal.AwaitingNDA || x.State == deal.HalfNDA,
			ui.With(ui.Prose(), paragraphs(x.NDA))))
}

// noteBlock is the form of a note.
func (h *Handler) noteBlock(r *http.Request, x deal.DealDetail, s shown) templ.Component {
	if len(x.Views) == 0 {
		return nil
	}
	var views []ui.Option
	for _, v := range x.Views {
		views = append(views, ui.Option{Value: v, Text: titled(r.Context(), deal.Views(), v)})
	}
	in := []ui.Input{{Kind: ui.InArea, Name: "text", Label: say(r, "备注"), Rows: 2,
		MaxLen: deal.MaxNote, Value: s.value("note", "text")},
		{Kind: ui.InSelect, Name: "seen", Label: say(r, "谁能看到"), Options: views,
			Value: s.value("note", "seen")}}
	return h.blockForm(r, x, s, blockForm{name: "note", title: "写备注", button: "保存备注", inputs: in})
}

// workBlock is the form of a broker's contribution.
func (h *Handler) workBlock(r *http.Request, x deal.DealDetail, s shown) templ.Component {
	if deal.DealPolicy.May(web.Actor(r), deal.ActDealWork, x.Deal) != nil {
		return nil
	}
	day := clock.Date(s.value("work", "day"))
	if day == "" {
		day = h.today()
	}
	in := []ui.Input{{Kind: ui.InSelect, Name: "work", Label: say(r, "贡献"), Width: ui.W18,
		Options: chooseFrom(r.Context(), "请选择", deal.Works()), Value: s.value("work", "work")},
		dayInput("day", say(r, "日期"), day),
		{Kind: ui.InNumber, Name: "hours", Label: say(r, "用时"), Unit: say(r, "小时"), Optional: true,
			Width: ui.W6, Value: s.value("work", "hours")},
		{Kind: ui.InArea, Name: "text", Label: say(r, "做了什么"), Rows: 2, MaxLen: deal.MaxNote,
			Value: s.value("work", "text"), Hint: say(r, "双方可见，是约定佣金的依据")}}
	return h.blockForm(r, x, s, blockForm{name: "work", title: "登记贡献", button: "登记", inputs: in})
}

// complainBlock is the form of a complaint about the broker.
func (h *Handler) complainBlock(r *http.Request, x deal.DealDetail, s shown) templ.Component {
	if x.Broker == "" || deal.DealPolicy.May(web.Actor(r), deal.ActDealComplain, x.Deal) != nil {
		return nil
	}
	in := []ui.Input{{Kind: ui.InArea, Name: "text", Label: say(r, "投诉内容"), Rows: 3,
		MaxLen: deal.MaxNote, Value: s.value("complain", "text"), Hint: say(r, "只有科技局可见，技术经理人不知道是谁投诉")}}
	return h.blockForm(r, x, s, blockForm{name: "complain", title: "投诉技术经理人", button: "提交投诉",
		inputs: in})
}

// blockForm is a form on the record of an introduction, folded until it is wanted.
type blockForm struct {
	name, title, button string // title and button are keys of package i18n
	inputs              []ui.Input
	hidden              []ui.Hidden
	more                templ.Component
}

// value is what was typed into a form that has a fault.
func (s shown) value(form, name string) string {
	if s.form != form {
		return ""
	}
	return s.typed.Get(name)
}

func (h *Handler) blockForm(
	r *http.Request, x deal.DealDetail, s shown, f blockForm,
) templ.Component {
	v := ui.FormView{ID: f.name, Action: dealPath(x.ID, f.name), Plain: true,
		Hidden:  append([]ui.Hidden{{Name: "key", Value: id.New()}}, f.hidden...),
		Buttons: []ui.Action{{Text: say(r, f.button)}}}
	for i := range f.inputs {
		f.inputs[i].ID = f.name + "-" + ui.FieldID(f.inputs[i].Name)
	}
	if s.form == f.name {
		v.Summary = ui.SummaryOf(lang(r), s.err)
		for i := range v.Summary.Items {
			v.Summary.Items[i].ID = f.name + "-" + v.Summary.Items[i].ID
		}
		ui.Mark(lang(r), f.inputs, s.err)
	}
	parts := []templ.Component{fields(f.inputs)}
	if f.more != nil {
		parts = append(parts, f.more)
	}
	return folded(say(r, f.title), s.form == f.name, ui.With(ui.Form(v), parts...))
}
