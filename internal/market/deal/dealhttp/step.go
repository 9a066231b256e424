package dealhttp

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getDealPart shows the form of a step.
func (h *Handler) getDealPart(w http.ResponseWriter, r *http.Request) error {
	x, err := h.dealOf(r)
	if err != nil {
		return err
	}
	if r.PathValue("part") != "step" || r.FormValue("do") == "" { // the board may send no choice
		return h.web.Redirect(w, r, dealPath(x.ID, ""), "")
	}
	return h.showStep(w, r, x, r.FormValue("do"), url.Values{}, nil)
}

// postDealPart takes a step, or what one of the forms on the record sends.
func (h *Handler) postDealPart(w http.ResponseWriter, r *http.Request) error {
	x, err := h.dealOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "step":
		return h.postStep(w, r, x)
	case "note":
		return h.postNote(w, r, x)
	case "work":
		return h.postWork(w, r, x)
	case "contact":
		return h.postContact(w, r, x)
	case "split":
		return h.postSplit(w, r, x)
	case "confirm":
		return h.postConfirm(w, r, x)
	case "complain":
		return h.postComplain(w, r, x)
	}
	return noSuch()
}

// readStep reads the form of a step and puts aside what could not be read.
func readStep(r *http.Request, x deal.DealDetail) (deal.DealStep, []fault.Field) {
	v := r.PostForm
	var wrong []fault.Field
	in := deal.DealStep{ID: x.ID, Step: v.Get("do"), Version: web.VersionOf(r),
		Reason: v.Get("reason"), Key: v.Get("key"), StepData: deal.StepData{NDA: v.Get("nda"),
			Contact: readContact(v), Day: clock.Date(v.Get("day")), Place: v.Get("place"),
			People: v.Get("people"), Text: v.Get("text"), Mode: v.Get("mode"),
			Number: v.Get("number"), Class: v.Get("class"), Next: v.Get("next"),
			Broker: v.Get("broker")}}
	in.AmountFen = yuan(v, "amountFen", &wrong)
	return in, wrong
}

func (h *Handler) postStep(w http.ResponseWriter, r *http.Request, x deal.DealDetail) error {
	in, wrong := readStep(r, x)
	if len(wrong) > 0 {
		return h.showStep(w, r, x, in.Step, r.PostForm, fault.Fields(wrong...))
	}
	d, err := h.deal.FireDeal(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showStep(w, r, x, in.Step, r.PostForm, err)
	}
	if err != nil {
		return err
	}
	target := dealPath(d.ID, "")
	if d.AskedBy == "" { // handed to another broker
		target = pathDeals
	}
	return h.web.Redirect(w, r, target, "已办理")
}

func (h *Handler) showStep(
	w http.ResponseWriter, r *http.Request, x deal.DealDetail, step string, v url.Values, err error,
) error {
	at := slices.IndexFunc(x.Offers, func(o process.Offer) bool { return o.Step == step })
	if at < 0 {
		return fault.New(fault.Conflict, "现在没有这个步骤，可能已经被别人办理")
	}
	o := x.Offers[at]
	if !o.Allowed && err == nil {
		err = o.WhyNot
	}
	inputs, ierr := h.stepInputs(r, x, step, v)
	if ierr != nil {
		return ierr
	}
	if o.Needs&process.Reason != 0 {
		inputs = append(inputs, ui.Input{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"),
			Value: v.Get("reason"), Rows: 3, MaxLen: process.MaxReason,
			Hint: say(r, "写入时间线，双方、技术经理人和科技局可见")})
	}
	now, next := stateMark(r.Context(), x.State), stateMark(r.Context(), o.To)
	q := ui.Question{Title: say(r, o.Title), Facts: []ui.Fact{
		{Term: say(r, "需求方"), Text: x.Demand.Name}, {Term: say(r, "供给方"), Text: x.Supply.Name},
		{Term: say(r, "现在的状态"), Status: &now}, {Term: say(r, "之后的状态"), Status: &next}},
		Form: ui.FormView{ID: "step", Action: dealPath(x.ID, "step"), Version: number(x.Version),
			Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "do", Value: step},
				{Name: "key", Value: id.New()}}},
		Inputs: inputs, Back: ui.Link{Text: say(r, "返回"), Href: dealPath(x.ID, "")},
		Button: ui.Action{Text: say(r, o.Title), Primary: true, Danger: deal.Ends(step)}}
	ui.Mark(lang(r), q.Inputs, err)
	parts := []templ.Component{ui.PageHead(ui.Head{Title: say(r, o.Title), Lead: x.Title})}
	if step == deal.StepAccept || step == deal.StepSeal {
		parts = append(parts, ui.With(ui.Block(say(r, "保密约定")),
			ui.With(ui.Prose(), paragraphs(x.NDA))))
	}
	parts = append(parts, ui.Confirm(q))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: h.dealPage(r, x.Deal, o.Title),
		Body: templ.Join(parts...)})
}

// stepInputs are what a step asks for.
func (h *Handler) stepInputs(
	r *http.Request, x deal.DealDetail, step string, v url.Values,
) ([]ui.Input, error) {
	t := func(zh string) string { return say(r, zh) }
	text := func(label, hint string, optional bool) ui.Input {
		return ui.Input{Kind: ui.InArea, Name: "text", Label: t(label), Value: v.Get("text"), Rows: 4,
			MaxLen: deal.MaxNote, Optional: optional, Hint: t(hint)}
	}
	day := clock.Date(v.Get("day"))
	if day == "" {
		day = h.today()
	}
	both := "双方、技术经理人和科技局可见"
	switch step {
	case deal.StepPropose, deal.StepOffer:
		return []ui.Input{{Kind: ui.InArea, Name: "nda", Label: t("保密约定全文"), Rows: 10,
			Value: orStandard(v.Get("nda")), MaxLen: deal.MaxNDA}}, nil
	case deal.StepConsent, deal.StepAgree:
		own := x.Side == deal.Demand && x.Demand.Post != "" || x.Side == deal.Supply && x.Supply.Post != ""
		return contactInputs(r, readContact(v), own), nil
	case deal.StepRecord:
		return []ui.Input{dayInput("day", t("洽谈日期"), day),
			{Name: "place", Label: t("地点"), Value: v.Get("place"), MaxLen: deal.MaxLine, Optional: true},
			{Name: "people", Label: t("参加人员"), Value: v.Get("people"), MaxLen: deal.MaxPeople,
				Optional: true}, text("洽谈内容", both, false)}, nil
	case deal.StepIntend:
		return append(h.termInputs(r, "意向金额", v), text("说明", both, true)), nil
	case deal.StepDraft:
		return []ui.Input{text("说明", both, true)}, nil
	case deal.StepSign:
		return append(h.termInputs(r, "合同成交额", v), dayInput("day", t("签订日期"), day),
			numberInput(r, v, true)), nil
	case deal.StepRegister:
		return []ui.Input{numberInput(r, v, false), dayInput("day", t("登记日期"), day)}, nil
	case deal.StepRefuse, deal.StepBreak, deal.StepDissolve:
		return []ui.Input{{Kind: ui.InSelect, Name: "class", Label: t("未成原因"), Width: ui.W18,
			Value: v.Get("class"), Options: chooseFrom(r.Context(), "请选择", x.Classes),
			Hint: t("反馈给供需双方，也用来改进匹配")},
			{Kind: ui.InArea, Name: "next", Label: t("下一步"), Value: v.Get("next"), Rows: 2,
				MaxLen: deal.MaxNext, Hint: t("如补充参数后再谈、调整报价、另寻合作方、转为揭榜")},
			text("说明", both, true)}, nil
	case deal.StepAssign:
		return h.brokerInput(r, x, v)
	}
	return nil, nil
}

func (h *Handler) termInputs(r *http.Request, label string, v url.Values) []ui.Input {
	return []ui.Input{{Kind: ui.InNumber, Name: "amountFen", Label: say(r, label),
		Value: v.Get("amountFen"), Unit: say(r, "万元"), Width: ui.W10},
		{Kind: ui.InSelect, Name: "mode", Label: say(r, "合作方式"), Value: v.Get("mode"),
			Width: ui.W14, Options: chooseFrom(r.Context(), "请选择", deal.Modes())}}
}

func numberInput(r *http.Request, v url.Values, optional bool) ui.Input {
	return ui.Input{Name: "number", Label: say(r, "合同登记编号"), Value: v.Get("number"), Mono: true,
		Width: ui.W18, Optional: optional, InputMode: "numeric",
		Hint: say(r, "技术合同认定登记后的 16 位编号，早年的为 14 位")}
}

// maxBrokers is how many brokers the form of an assignment offers.
const maxBrokers = 200

func (h *Handler) brokerInput(
	r *http.Request, x deal.DealDetail, v url.Values,
) ([]ui.Input, error) {
	page, err := h.deal.ListBrokers(r.Context(), web.Actor(r),
		deal.BrokerFilter{State: deal.BrokerActive}, "name", db.PageReq{Limit: maxBrokers})
	if err != nil {
		return nil, err
	}
	list := []ui.Option{{Text: say(r, "不设技术经理人")}}
	for _, b := range page.Items {
		list = append(list, ui.Option{Value: b.ID, Text: ui.Words(b.Name, b.OrgName,
			titled(r.Context(), deal.Grades(), b.Grade))})
	}
	hint := say(r, "与其中一方有利益冲突的须回避")
	if len(x.Splits) > 0 && x.Splits[0].BrokerUs > 0 {
		hint = say(r, "与其中一方有利益冲突的须回避。更换后，原技术经理人对佣金约定的确认作废，须由新的技术经理人重新确认")
	}
	return []ui.Input{{Kind: ui.InSelect, Name: "broker", Label: say(r, "技术经理人"), Options: list,
		Value: v.Get("broker"), Optional: true, Hint: hint}}, nil
}
