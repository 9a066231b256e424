package assesshttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func entryPath(id, tail string) string { return kit.Join(pathEntries, id, tail) }

func (h *Handler) entryOf(r *http.Request) (assess.EntryDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return assess.EntryDetail{}, absent()
	}
	return h.assess.GetEntry(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) entryPage(r *http.Request, d assess.EntryDetail) ui.Page {
	return h.Sub(r, d.Of.Title, roundPath(d.Round, ""), d.OrgName, entryPath(d.ID, ""), "")
}

func (h *Handler) getEntry(w http.ResponseWriter, r *http.Request) error {
	d, err := h.entryOf(r)
	if err != nil {
		return err
	}
	return h.showEntry(w, r, d, nil)
}

// showEntry shows how each point of a unit came about, with what was wrong with a form on it.
func (h *Handler) showEntry(w http.ResponseWriter, r *http.Request, d assess.EntryDetail, wrong error) error {
	m := roundMark(r.Context(), d.State)
	head := ui.Head{Title: d.OrgName, Status: &m, Lead: d.Of.Title}
	parts := []templ.Component{}
	if d.Result == nil {
		parts = append(parts, ui.Empty(kit.Say(r, "还没有计分"), kit.Say(r, "计分后，这里显示每一项的得分和来源。")))
	} else {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "打印"), Href: entryPath(d.ID, "print")})
		parts = append(parts, chart.Stats(h.sums(r, d)), ui.DataTable(h.lines(r, *d.Result)))
	}
	if d.MayAppeal {
		parts = append(parts, h.appealForm(r, d, wrong))
	}
	if len(d.Appeals) > 0 {
		parts = append(parts, ui.DataTable(h.appeals(r, d)))
	}
	if d.MayMark {
		parts = append(parts, h.markForm(r, d, wrong))
	}
	if len(d.Marks) > 0 {
		parts = append(parts, ui.DataTable(h.marks(r, d)))
	}
	facts := []ui.Fact{{Term: kit.Say(r, "考核"), Text: d.Of.Title, Href: roundPath(d.Round, "")},
		{Term: kit.Say(r, "单位"), Text: d.OrgName, Href: "/orgs/" + d.OrgNow},
		{Term: kit.Say(r, "组别"), Text: titled(r, assess.Groups(), d.Group)},
		{Term: kit.Say(r, "计分办法"), Text: ui.Words(d.Of.SchemeName, edition(r, d.Of.Edition)),
			Href: kit.Join(pathSchemes, d.Of.Scheme, "")},
		{Term: kit.Say(r, "取数时间"), Text: kit.Moment(r, d.FoundUs)}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: h.entryPage(r, d), Body: templ.Join(
		ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), facts)), parts...))})
}

// sums are the figures above the details; each leads to where it is compared or explained.
func (h *Handler) sums(r *http.Request, d assess.EntryDetail) []chart.KeyFigure {
	x, ranking, rules := *d.Result, roundPath(d.Round, ""), kit.Join(pathSchemes, d.Of.Scheme, "")
	rank := chart.KeyFigure{Name: kit.Say(r, "名次"), Value: "—", Href: ranking}
	if x.Rank > 0 {
		rank.Value, rank.Delta = kit.Number(x.Rank), kit.Say(r, "同组 %d 个单位", x.Of)
	}
	grade := chart.KeyFigure{Name: kit.Say(r, "等次"), Value: ui.OrDash(x.Grade), Href: rules}
	if x.Veto {
		grade.Delta = kit.Say(r, "一票否决")
	}
	return []chart.KeyFigure{{Name: kit.Say(r, "总分"), Value: assess.TwoPlaces(x.Total), Href: ranking}, rank, grade,
		{Name: kit.Say(r, "加分"), Value: assess.TwoPlaces(x.Sum(assess.KindBonus)), Href: rules},
		{Name: kit.Say(r, "扣分"), Value: assess.TwoPlaces(x.Sum(assess.KindDeduction)), Href: rules}}
}

// lines is every part of a score with its source.
func (h *Handler) lines(r *http.Request, x assess.Result) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "得分明细"), Visible: true, Cols: []ui.Column{{Label: kit.Say(r, "计分项")},
		{Label: kit.Say(r, "权重"), Num: true}, {Label: kit.Say(r, "完成值"), Num: true}, {Label: kit.Say(r, "得分"), Num: true},
		{Label: kit.Say(r, "来源与依据")}}}
	for _, l := range x.Lines {
		row := textRow(l.Name, "—", assess.Plain(l.Value), assess.TwoPlaces(l.Points), "")
		row.Cells[0].Sub = kindTitle(r, l.Kind)
		if l.WeightBp > 0 {
			row.Cells[1].Text = percent(l.WeightBp)
		}
		if l.Place > 0 {
			row.Cells[2].Sub = kit.Say(r, "同组第 %d 名，计 %s 分", l.Place, assess.TwoPlaces(l.Score))
		}
		row.Cells[4] = sourceCell(r, l)
		tab.Rows = append(tab.Rows, row)
	}
	tab.Foot = []ui.Cell{{Text: kit.Say(r, "总分")}, {}, {}, {Text: assess.TwoPlaces(x.Total)}, {}}
	return tab
}

func kindTitle(r *http.Request, kind string) string {
	switch kind {
	case assess.KindBonus:
		return kit.Say(r, "加分")
	case assess.KindDeduction:
		return kit.Say(r, "扣分")
	case assess.KindVeto:
		return kit.Say(r, "一票否决")
	}
	return ""
}

// maxFacts is how many sources one cell shows.
const maxFacts = 12

// sourceCell links a number to what it was made of: the rows of other rooms, or who typed it in and why.
func sourceCell(r *http.Request, l assess.Line) ui.Cell {
	if l.Mark != nil {
		return ui.Cell{Text: l.Mark.Reason,
			Sub: kit.Say(r, "人工填写：%s，%s", web.Who(r, l.Mark.Login), kit.Moment(r, l.Mark.AtUs))}
	}
	if len(l.Facts) == 0 {
		if l.Kind == assess.KindItem && l.Value == "" {
			return ui.Cell{Text: kit.Say(r, "没有数据")}
		}
		return ui.Cell{Text: "—"}
	}
	var links []ui.Link
	for i, f := range l.Facts {
		if i == maxFacts {
			links = append(links, ui.Link{Text: kit.Say(r, "另有 %d 项", len(l.Facts)-maxFacts)})
			break
		}
		links = append(links, ui.Link{Text: f.Name, Href: f.Href, Note: f.Note})
	}
	return ui.Cell{Body: ui.PlainList(links)}
}

func (h *Handler) marks(r *http.Request, d assess.EntryDetail) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "人工填写记录"), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "计分项")}, {Label: kit.Say(r, "分数"), Num: true}, {Label: kit.Say(r, "依据")},
		{Label: kit.Say(r, "填写人")}, {Label: kit.Say(r, "时间")}}}
	for _, m := range d.Marks {
		value := string(m.Value)
		if value == "" {
			value = kit.Say(r, "取消")
		}
		tab.Rows = append(tab.Rows, textRow(assess.TitleOf(d.Of.Params.Keys(), m.Key), value, m.Reason, web.Who(r, m.Login),
			kit.Moment(r, m.AtUs)))
	}
	return tab
}

func (h *Handler) markForm(r *http.Request, d assess.EntryDetail, wrong error) templ.Component {
	in := []ui.Input{{Kind: ui.InSelect, Name: "key", Label: kit.Say(r, "计分项"), Value: r.PostFormValue("key"),
		Width: ui.W18, Options: options(r, "请选择", d.Of.Params.Keys(), true)},
		{Kind: ui.InNumber, Name: "value", Label: kit.Say(r, "分数"), Value: r.PostFormValue("value"), Optional: true,
			Width: ui.W6, Hint: kit.Say(r, "计分项填完成值，扣分项填要扣的分，否决填 1；留空即取消之前的填写")},
		{Name: "reason", Label: kit.Say(r, "依据"), Value: r.PostFormValue("reason"), MaxLen: 100}}
	if r.PathValue("part") == "mark" {
		ui.Mark(kit.Lang(r), in, wrong)
	} else {
		wrong = nil
	}
	return ui.With(ui.Block(kit.Say(r, "人工填写")), ui.With(ui.Form(ui.FormView{ID: "mark",
		Action: entryPath(d.ID, "mark"), Version: kit.Number(d.Of.Version), Plain: true,
		Summary: ui.SummaryOf(kit.Lang(r), wrong), Buttons: []ui.Action{{Text: kit.Say(r, "保存")}}}), kit.Fields(in)))
}

func (h *Handler) appealForm(r *http.Request, d assess.EntryDetail, wrong error) templ.Component {
	in := []ui.Input{{Kind: ui.InSelect, Name: "key", Label: kit.Say(r, "申诉的计分项"),
		Value: r.PostFormValue("key"), Width: ui.W18, Options: options(r, "请选择", d.Of.Params.Keys(), true)},
		{Kind: ui.InArea, Name: "text", Label: kit.Say(r, "申诉内容"), Value: r.PostFormValue("text"), Rows: 4,
			Hint: kit.Say(r, "写明事实和佐证在哪里能查到")}}
	if r.PathValue("part") == "appeal" {
		ui.Mark(kit.Lang(r), in, wrong)
	} else {
		wrong = nil
	}
	return ui.With(ui.Block(kit.Say(r, "提出申诉")), ui.Note(kit.Say(r, "申诉期至 %s。", lastDay(r, d.AppealsEndUs))),
		ui.With(ui.Form(ui.FormView{ID: "appeal", Action: entryPath(d.ID, "appeal"), Plain: true, Guard: true,
			Hidden: []ui.Hidden{{Name: "once", Value: id.New()}}, Summary: ui.SummaryOf(kit.Lang(r), wrong),
			Buttons: []ui.Action{{Text: kit.Say(r, "提交申诉"), Primary: true}}}), kit.Fields(in)))
}

func (h *Handler) appeals(r *http.Request, d assess.EntryDetail) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "申诉"), Visible: true, Cols: []ui.Column{{Label: kit.Say(r, "计分项")},
		{Label: kit.Say(r, "申诉内容")}, {Label: kit.Say(r, "状态")}, {Label: kit.Say(r, "答复")}}}
	for i, a := range d.Appeals {
		m := appealMark(r.Context(), a.State)
		row := textRow(assess.TitleOf(d.Of.Params.Keys(), a.Key), a.Text, "", ui.OrDash(a.Answer))
		row.Cells[1].Sub = ui.Words(web.Who(r, a.Login), kit.Moment(r, a.CreatedUs))
		row.Cells[2] = ui.Cell{Status: &m}
		var buttons []templ.Component
		for _, b := range kit.StepActions(r, d.AppealOffers[i], kit.Join(pathAppeals, a.ID, "step")) {
			b.Small = true
			buttons = append(buttons, ui.Button(b))
		}
		row.Cells[1].Body = templ.Join(buttons...)
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// postEntryPart takes a typed-in number or an appeal.
func (h *Handler) postEntryPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.entryOf(r)
	if err != nil {
		return err
	}
	ctx, by, v, toast := r.Context(), web.Actor(r), r.PostForm, "已保存，请重新计分"
	switch r.PathValue("part") {
	case "mark":
		_, err = h.assess.SetMark(ctx, by, assess.NewMark{Entry: d.ID, Key: v.Get("key"),
			Value: assess.Decimal(v.Get("value")), Reason: v.Get("reason"), Version: web.VersionOf(r)})
	case "appeal":
		_, err = h.assess.FileAppeal(ctx, by, assess.NewAppeal{Entry: d.ID, Key: v.Get("key"), Text: v.Get("text"),
			Once: v.Get("once")})
		toast = "已提交申诉"
	default:
		return absent()
	}
	if fault.Is(err, fault.Invalid) {
		return h.showEntry(w, r, d, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, entryPath(d.ID, ""), toast)
}

func (h *Handler) appealOf(r *http.Request) (assess.AppealDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return assess.AppealDetail{}, absent()
	}
	return h.assess.GetAppeal(r.Context(), web.Actor(r), r.PathValue("id"))
}

// getAppeal leads to the details that the appeal is about.
func (h *Handler) getAppeal(w http.ResponseWriter, r *http.Request) error {
	d, err := h.appealOf(r)
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, entryPath(d.Entry, ""), "")
}

func (h *Handler) getAppealStep(w http.ResponseWriter, r *http.Request) error {
	d, err := h.appealOf(r)
	if err != nil {
		return err
	}
	return h.askAppeal(w, r, d, r.FormValue("do"), "", nil)
}

func (h *Handler) askAppeal(
	w http.ResponseWriter, r *http.Request, d assess.AppealDetail, step, reason string, err error,
) error {
	now := appealMark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.Sub(r, "考核", pathHome, d.OrgName, entryPath(d.Entry, ""), "办理"),
		Title: d.OrgName, Path: kit.Join(pathAppeals, d.ID, ""), Version: d.Version,
		Facts:  []ui.Fact{{Term: kit.Say(r, "申诉内容"), Text: d.Text}, {Term: kit.Say(r, "现在的状态"), Status: &now}},
		Offers: d.Offers, Mark: func(s string) ui.State { return appealMark(r.Context(), s) }, Step: step,
		Reason: reason, Err: err})
}

func (h *Handler) postAppealStep(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.appealOf(r)
	if err != nil {
		return err
	}
	in := assess.Step{ID: d.ID, Step: r.PostForm.Get("do"), Reason: r.PostForm.Get("reason"),
		Version: web.VersionOf(r), Key: r.PostForm.Get("key")}
	if _, err = h.assess.FireAppeal(r.Context(), web.Actor(r), in); fault.Is(err, fault.Invalid) {
		return h.askAppeal(w, r, d, in.Step, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, entryPath(d.Entry, ""), "已办理")
}
