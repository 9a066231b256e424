package indicatorhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func observationPath(id, tail string) string { return kit.Join(pathObservations, id, tail) }

func (h *Handler) observationOf(r *http.Request) (indicator.ObservationDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return indicator.ObservationDetail{}, absent()
	}
	return h.room.GetObservation(r.Context(), web.Actor(r), r.PathValue("id"))
}

// titleOf names a value: indicator, place and period.
func (h *Handler) titleOf(r *http.Request, o indicator.Observation) string {
	return ui.Words(o.Name, h.PlaceName(o.Region), o.OrgName, periodText(r, o.Period))
}

func (h *Handler) observationPage(r *http.Request, o indicator.Observation, last string) ui.Page {
	return h.Sub(r, "指标数值", pathObservations, h.titleOf(r, o), observationPath(o.ID, ""), last)
}

// statementHref leads to the words a value rests on.
func statementHref(document, statement string) string {
	if statement == "" {
		return "/documents/" + url.PathEscape(document)
	}
	return "/documents/" + url.PathEscape(document) + "/review?tab=all&row=" + url.QueryEscape(statement)
}

// mayCorrect says whether the actor may correct a value now.
func mayCorrect(r *http.Request, d indicator.ObservationDetail) bool {
	return d.State == indicator.Approved && !d.Locked && len(d.Revisions) > 0 &&
		d.Revisions[0].ID == d.ID && indicator.ObservationPolicy.MaySee(web.Actor(r),
		indicator.ActObservationReport, d.Observation)
}

// getObservation shows a value with its evidence, doubts, revisions and history.
func (h *Handler) getObservation(w http.ResponseWriter, r *http.Request) error {
	d, err := h.observationOf(r)
	if err != nil {
		return err
	}
	m := mark(r.Context(), d.State)
	head := ui.Head{Title: amount(d.Value, d.Qualifier, d.Unit), Lead: h.titleOf(r, d.Observation), Status: &m}
	if mayCorrect(r, d) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "更正"),
			Href: observationPath(d.ID, "correct")})
	}
	head.Actions = append(head.Actions, kit.StepActions(r, d.Offers, observationPath(d.ID, "step"))...)
	var parts []templ.Component
	if d.Locked {
		parts = append(parts, ui.Banner(ui.Idle, kit.Say(r, "该期数据已锁定。")))
	}
	for _, x := range d.Doubts {
		parts = append(parts, ui.Banner(ui.Warn, kit.Say(r, "疑点：%s", kit.Say(r, x.Key, x.Args...))))
	}
	parts = append(parts, h.evidence(r, d)...)
	if len(d.Revisions) > 1 {
		parts = append(parts, ui.With(ui.Block(kit.Say(r, "修订")), ui.DataTable(h.revisionTable(r, d))))
	}
	parts = append(parts, ui.With(ui.Block(kit.Say(r, "办理经过")), kit.Timeline(r, d.History,
		kit.Titles(indicator.ObservationProcess), "开始填报", func(s string) ui.Tone { return tones[s] })))
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"),
		h.observationFacts(r, d))), stack(parts...)))
	return h.Web.Render(w, r, web.View{Page: h.observationPage(r, d.Observation, ""), Body: body})
}

// evidence is what a value rests on, in words.
func (h *Handler) evidence(r *http.Request, d indicator.ObservationDetail) []templ.Component {
	var lines []string
	for _, x := range []struct{ title, text string }{{"说明：%s", d.Note}, {"变动原因：%s", d.JumpNote},
		{"来源：%s", d.Origin}, {"更正理由：%s", d.Reason}} {
		if x.text != "" {
			lines = append(lines, kit.Say(r, x.title, x.text))
		}
	}
	var out []templ.Component
	if d.Document != "" {
		link := ui.Link{Text: kit.Say(r, "原文“%s”", d.Quote), Href: statementHref(d.Document, d.Statement)}
		parts := []templ.Component{ui.PlainList([]ui.Link{link})}
		if d.Title == "" { // the actor may not read the document
			parts = []templ.Component{ui.Note(kit.Say(r, "依据一份您无权查看的文件。"))}
		} else {
			parts = append(parts, ui.Note(d.Title))
		}
		out = append(out, ui.With(ui.Block(kit.Say(r, "文件依据")), parts...))
	}
	if len(lines) > 0 {
		out = append(out, ui.With(ui.Block(kit.Say(r, "说明")), kit.Paragraphs(lines)))
	}
	return out
}

func (h *Handler) observationFacts(r *http.Request, d indicator.ObservationDetail) []ui.Fact {
	ctx := r.Context()
	kindOf := ui.Words(titled(ctx, indicator.Kinds(), d.Def.Kind), titled(ctx, indicator.Frequencies(),
		d.Def.Frequency))
	if d.Def.Cumulative {
		kindOf = ui.Words(kindOf, kit.Say(r, "自年初累计"))
	}
	facts := []ui.Fact{
		{Term: kit.Say(r, "指标"), Text: d.Name, Href: kit.Join(pathIndicators, d.Indicator, "")},
		{Term: kit.Say(r, "口径"), Text: kit.Say(r, "第 %d 版", d.Def.N) + " · " + kindOf,
			Href: kit.Join(pathIndicators, d.Indicator, "definitions")},
		{Term: kit.Say(r, "地区"), Text: h.PlaceName(d.Region)}}
	if d.Station != nil {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "点位"), Text: ui.Words(d.Station.Name, d.Station.Code),
			Href: kit.Join(pathStations, d.Org, "")})
	} else if d.Org != "" {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "单位"), Text: d.OrgName, Href: "/orgs/" + d.Org})
	}
	facts = append(facts, ui.Fact{Term: kit.Say(r, "期别"), Text: periodText(r, d.Period)},
		ui.Fact{Term: kit.Say(r, "截至日"), Text: i18n.DateLong(kit.Lang(r), d.AsOf)},
		ui.Fact{Term: kit.Say(r, "来源"), Text: titled(ctx, indicator.Sources(), d.Source)},
		ui.Fact{Term: kit.Say(r, "填报单位"), Text: d.ReporterName},
		ui.Fact{Term: kit.Say(r, "时限"), Text: kit.Moment(r, d.DueUs)},
		ui.Fact{Term: kit.Say(r, "提交"), Text: ui.Words(kit.Moment(r, d.SubmittedUs), web.Who(r, d.SubmittedLogin))},
		ui.Fact{Term: kit.Say(r, "审核"), Text: ui.Words(kit.Moment(r, d.ApprovedUs), web.Who(r, d.ApprovedLogin))},
		ui.Fact{Term: kit.Say(r, "版次"), Text: kit.Say(r, "第 %d 版", d.Revision)},
		ui.Fact{Term: kit.Say(r, "编号"), CopyID: d.ID})
	return facts
}

func (h *Handler) revisionTable(r *http.Request, d indicator.ObservationDetail) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "修订"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "版次")},
		{Label: kit.Say(r, "数值"), Num: true}, {Label: kit.Say(r, "更正理由")}, {Label: kit.Say(r, "提交")},
		{Label: kit.Say(r, "审核")}, {Label: kit.Say(r, "状态")}}}
	for _, o := range d.Revisions {
		m := mark(r.Context(), o.State)
		first := ui.Cell{Text: kit.Say(r, "第 %d 版", o.Revision)}
		if o.ID != d.ID {
			first.Href = observationPath(o.ID, "")
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{first,
			{Text: amount(o.Value, o.Qualifier, o.Unit)}, {Text: ui.OrDash(o.Reason)},
			{Text: kit.Moment(r, o.SubmittedUs), Sub: web.Who(r, o.SubmittedLogin)},
			{Text: kit.Moment(r, o.ApprovedUs), Sub: web.Who(r, o.ApprovedLogin)}, {Status: &m}}})
	}
	return tab
}

func (h *Handler) getObservationPart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.observationOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "step":
		return h.askObservation(w, r, d, r.FormValue("do"), "", nil)
	case "correct":
		in := d.ObservationData
		in.JumpNote = ""
		return h.showCorrect(w, r, d, indicator.Correction{ObservationData: in, Version: d.Version,
			Key: id.New()}, nil)
	}
	return absent()
}

func (h *Handler) askObservation(
	w http.ResponseWriter, r *http.Request, d indicator.ObservationDetail, step, reason string, err error,
) error {
	now := mark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.observationPage(r, d.Observation, "办理"),
		Title: h.titleOf(r, d.Observation), Path: observationPath(d.ID, ""), Version: d.Version,
		Facts: []ui.Fact{{Term: kit.Say(r, "数值"), Text: amount(d.Value, d.Qualifier, d.Unit)},
			{Term: kit.Say(r, "现在的状态"), Status: &now}}, Offers: d.Offers,
		Mark: func(s string) ui.State { return mark(r.Context(), s) }, Step: step, Reason: reason, Err: err})
}

func (h *Handler) postObservationPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.observationOf(r)
	if err != nil {
		return err
	}
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	switch r.PathValue("part") {
	case "step":
		in := indicator.Step{ID: d.ID, Step: v.Get("do"), Reason: v.Get("reason"), Version: web.VersionOf(r),
			Key: v.Get("key")}
		_, err := h.room.FireObservation(ctx, by, in)
		if fault.Is(err, fault.Invalid) {
			return h.askObservation(w, r, d, in.Step, in.Reason, err)
		}
		if err != nil {
			return err
		}
		return h.Web.Redirect(w, r, observationPath(d.ID, ""), "已办理")
	case "correct":
		in := indicator.Correction{ID: d.ID, ObservationData: readObservation(v), Reason: v.Get("reason"),
			Submit: v.Get("do") != "save", Version: web.VersionOf(r), Key: v.Get("key")}
		o, err := h.room.Correct(ctx, by, in)
		if again(err) {
			return h.showCorrect(w, r, d, in, err)
		}
		if err != nil {
			return err
		}
		return h.Web.Redirect(w, r, observationPath(o.ID, ""), "更正已提交，审核通过后生效")
	}
	return absent()
}

// readObservation reads what people write about a value.
func readObservation(v url.Values) indicator.ObservationData {
	return indicator.ObservationData{Value: plan.Decimal(v.Get("value")), Qualifier: v.Get("qualifier"),
		Unit: v.Get("unit"), AsOf: clock.Date(v.Get("asOf")), Note: v.Get("note"),
		JumpNote: v.Get("jumpNote"), Origin: v.Get("origin")}
}

// observationInputs ask for a value.
func observationInputs(r *http.Request, d indicator.ObservationData) []ui.Input {
	say := func(zh string) string { return kit.Say(r, zh) }
	return []ui.Input{
		{Kind: ui.InSelect, Name: "qualifier", Label: say("限定"), Value: d.Qualifier, Width: ui.W10,
			Options: options(r.Context(), "", indicator.Qualifiers()),
			Hint:    say("原文写“余”“以上”“约”的照选，不要取整")},
		{Kind: ui.InNumber, Name: "value", Label: say("数值"), Value: string(d.Value), Width: ui.W14},
		{Name: "unit", Label: say("计量单位"), Value: d.Unit, Width: ui.W10, Optional: true,
			Hint: say("与口径的单位不同时会换算，如万元到亿元")},
		dayInput("asOf", say("截至日"), d.AsOf),
		{Kind: ui.InArea, Name: "note", Label: say("说明"), Value: d.Note, Rows: 2, Optional: true},
		{Kind: ui.InArea, Name: "jumpNote", Label: say("变动原因"), Value: d.JumpNote, Rows: 2, Optional: true,
			Hint: say("比上期变动大或累计值下降时必填")},
		{Name: "origin", Label: say("来源"), Value: d.Origin, Optional: true,
			Hint: say("外部发布的数值必填：文件、网页及日期")}}
}

func (h *Handler) showCorrect(
	w http.ResponseWriter, r *http.Request, d indicator.ObservationDetail, in indicator.Correction, err error,
) error {
	if perr := indicator.ObservationPolicy.May(web.Actor(r), indicator.ActObservationReport,
		d.Observation); perr != nil {
		return perr
	}
	inputs := append([]ui.Input{{Kind: ui.InArea, Name: "reason", Label: kit.Say(r, "更正理由"), Value: in.Reason,
		Rows: 3, Hint: kit.Say(r, "写入修订记录，有权查看的人都能看到")}}, observationInputs(r, in.ObservationData)...)
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{ID: "correct", Action: observationPath(d.ID, "correct"), Guard: true,
		Version: kit.Number(in.Version), Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: in.Key}}, Buttons: []ui.Action{
			{Text: kit.Say(r, "提交更正"), Primary: true, Name: "do", Value: "submit"},
			{Text: kit.Say(r, "取消"), Href: observationPath(d.ID, "")}}}
	lead := kit.Say(r, "现值 %s。更正值审核通过后生效，原值保留在修订记录里。", amount(d.Value, d.Qualifier, d.Unit))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err),
		Page: h.observationPage(r, d.Observation, "更正"), Body: templ.Join(
			ui.PageHead(ui.Head{Title: kit.Say(r, "更正"), Lead: lead}), ui.With(ui.Form(view),
				kit.Fields(inputs)))})
}
