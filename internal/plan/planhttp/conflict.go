package planhttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const pathConflicts = pathDocuments + "/conflicts"

func conflictPath(id string) string { return join(pathConflicts, id, "") }

// ConflictQuery is the filter of the list of conflicts as an address says it. Both doors read it.
type ConflictQuery struct {
	State    string `query:"state" doc:"open, explained or settled"`
	Document string `query:"document" doc:"id of a document that states the fact"`
}

func (h *Handler) conflictFilter(q ConflictQuery) (plan.ConflictFilter, error) {
	w := wrong{h: h}
	w.choice("state", q.State, plan.ConflictStates())
	return plan.ConflictFilter{State: q.State, Document: q.Document}, w.err()
}

// conflictMark shows what was decided about a conflict.
func conflictMark(r *http.Request, state string) ui.State {
	tone := ui.OK
	if state == plan.ConflictOpen {
		tone = ui.Warn
	}
	return ui.State{Tone: tone, Text: titled(r.Context(), plan.ConflictStates(), state)}
}

// getConflicts lists the facts that documents state differently.
func (h *Handler) getConflicts(w http.ResponseWriter, r *http.Request) error {
	if err := allow(plan.DocumentPolicy.Could(web.Actor(r), plan.ActDocumentRead)); err != nil {
		return err
	}
	q := ConflictQuery{State: r.FormValue("state"), Document: r.FormValue("document")}
	f, err := h.conflictFilter(q)
	status, results := http.StatusOK, templ.Component(nil)
	if err != nil {
		status, results = http.StatusUnprocessableEntity, wrongQuery(r, "说法不一", err)
	} else if results, err = h.conflictResults(r, q, f); err != nil {
		return err
	}
	p := h.web.Page(r, "说法不一")
	p.Crumbs = []ui.Link{{Text: say(r, "文件"), Href: pathDocuments}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: say(r, "同一指标、主体和期间，几份现行文件的数值不同。逐项核对：各有口径，还是以一处为准。")}
	bar := ui.Filters{Action: pathConflicts, Label: say(r, "筛选说法不一"), Fields: []ui.Filter{
		{Name: "state", Label: say(r, "状态"), Value: q.State,
			Options: all(r.Context(), choices(r.Context(), plan.ConflictStates()))}}}
	if q.Document != "" {
		bar.Hidden = []ui.Hidden{{Name: "document", Value: q.Document}}
	}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(bar), results)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

func (h *Handler) conflictResults(
	r *http.Request, q ConflictQuery, f plan.ConflictFilter,
) (templ.Component, error) {
	page, err := h.plan.ListConflicts(r.Context(), web.Actor(r), f, web.PageReq(r, pageSize))
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{}
	if len(page.Items) > 0 {
		parts = append(parts, ui.DataTable(h.conflictTable(r, page.Items)))
	} else if q != (ConflictQuery{}) {
		parts = append(parts, ui.With(ui.Empty(say(r, "没有符合条件的说法"), say(r, "换一个状态，或清除条件。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: pathConflicts})))
	} else {
		parts = append(parts, ui.Empty(say(r, "没有说法不一的数值"), say(r, "登记文件时会与其他文件自动核对。")))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", say(r, "说法不一")), parts...), nil
}

// conflictTable lists conflicts with what each document says.
func (h *Handler) conflictTable(r *http.Request, list []plan.Conflict) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: say(r, "说法不一"), Dense: true, Cols: []ui.Column{{Label: say(r, "指标")},
		{Label: say(r, "期间")}, {Label: say(r, "各处说法")}, {Label: say(r, "状态")},
		{Label: say(r, "发现")}}}
	for _, c := range list {
		mark := conflictMark(r, c.State)
		first := c.Places[0]
		tab.Rows = append(tab.Rows, ui.Row{ID: c.ID, Cells: []ui.Cell{
			{Text: first.Indicator, Href: conflictPath(c.ID), Sub: words(first.Subject,
				titled(ctx, plan.Measures(), first.Measure))},
			{Text: dash(period(ctx, first.From, first.To))}, {Body: saidPlaces(c)}, {Status: &mark},
			h.ago(ctx, c.FoundUs)}})
	}
	return tab
}

// placeHref leads to the words of a place on the desk of its document.
func placeHref(p plan.Place) string {
	return docPath(p.Document, "review") + "?tab=all&row=" + url.QueryEscape(p.ID)
}

// docConflicts is the tab of a document that compares it with the others.
func (h *Handler) docConflicts(r *http.Request, d plan.DocumentDetail) (templ.Component, error) {
	const most = 100
	page, err := h.plan.ListConflicts(r.Context(), web.Actor(r), plan.ConflictFilter{Document: d.ID},
		db.PageReq{Limit: most})
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return ui.Empty(say(r, "没有说法不一的数值"), say(r, "登记文件时会与其他文件自动核对。")), nil
	}
	parts := []templ.Component{ui.DataTable(h.conflictTable(r, page.Items))}
	if page.Next != "" {
		parts = append(parts, ui.Note(say(r, "列出前 %d 处。", most)))
	}
	return ui.With(ui.Stack(), parts...), nil
}

func (h *Handler) conflictOf(r *http.Request) (plan.Conflict, error) {
	if !id.Valid(r.PathValue("conflict")) {
		return plan.Conflict{}, noSuch()
	}
	return h.plan.GetConflict(r.Context(), web.Actor(r), r.PathValue("conflict"))
}

// getConflict shows where documents differ about one fact, and the form of the decision.
func (h *Handler) getConflict(w http.ResponseWriter, r *http.Request) error {
	c, err := h.conflictOf(r)
	if err != nil {
		return err
	}
	chosen := ""
	switch c.State {
	case plan.ConflictExplained:
		chosen = c.State
	case plan.ConflictSettled:
		chosen = plan.ConflictSettled + ":" + c.Holds
	}
	return h.showConflict(w, r, c, chosen, c.Reason, nil)
}

func (h *Handler) showConflict(
	w http.ResponseWriter, r *http.Request, c plan.Conflict, chosen, reason string, err error,
) error {
	first, mark := c.Places[0], conflictMark(r, c.State)
	p := h.web.Page(r, "说法不一")
	p.Crumbs = []ui.Link{{Text: say(r, "文件"), Href: pathDocuments},
		{Text: p.Title, Href: pathConflicts}, {Text: first.Indicator}}
	p.Title = first.Indicator
	head := ui.Head{Title: first.Indicator, Status: &mark,
		Lead: words(first.Subject, period(r.Context(), first.From, first.To))}
	parts := []templ.Component{ui.DataTable(h.placeTable(r, c))}
	if plan.DocumentPolicy.Could(web.Actor(r), plan.ActDocumentReview) {
		parts = append(parts, ui.With(ui.Block(say(r, "核对结论")),
			h.conflictForm(r, c, chosen, reason, err)))
	}
	facts := []ui.Fact{{Term: say(r, "状态"), Status: &mark}, {Term: say(r, "理由"), Text: c.Reason},
		{Term: say(r, "发现"), Text: i18n.DateTime(lang(r), clock.Time(c.FoundUs))}}
	if c.DecidedUs > 0 {
		facts = append(facts, ui.Fact{Term: say(r, "核对人"), Text: c.DecidedBy},
			ui.Fact{Term: say(r, "核对时间"), Text: i18n.DateTime(lang(r), clock.Time(c.DecidedUs))})
	}
	body := templ.Join(ui.PageHead(head),
		ui.With(ui.WithAside(ui.Facts(say(r, "关键信息"), append(facts, ui.Fact{Term: say(r, "编号"),
			CopyID: c.ID}))), ui.With(ui.Stack(), parts...)))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: body})
}

// placeTable shows each place with its words.
func (h *Handler) placeTable(r *http.Request, c plan.Conflict) ui.Table {
	tab := ui.Table{Caption: say(r, "各处说法"), Visible: true, Cols: []ui.Column{
		{Label: say(r, "文件")}, {Label: say(r, "数值"), Num: true}, {Label: say(r, "原文")}}}
	for _, x := range c.Places {
		value := ui.Cell{Text: amount(x.Op, x.Value, x.Unit)}
		if x.ID == c.Holds {
			value.Status = &ui.State{Tone: ui.OK, Text: say(r, "以此为准")}
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: x.Title, Href: docPath(x.Document, ""),
				Sub: words(x.Number, i18n.Date(lang(r), x.Day))}, value,
			{Text: x.Quote, Href: placeHref(x)}}})
	}
	return tab
}

func (h *Handler) conflictForm(
	r *http.Request, c plan.Conflict, chosen, reason string, err error,
) templ.Component {
	options := []ui.Option{{Value: plan.ConflictExplained, Text: say(r, "口径不同，各处都成立")}}
	for _, x := range c.Places {
		options = append(options, ui.Option{Value: plan.ConflictSettled + ":" + x.ID,
			Text: say(r, "以《%s》的 %s 为准", x.Title, amount(x.Op, x.Value, x.Unit))})
	}
	if c.State != plan.ConflictOpen {
		options = append(options, ui.Option{Value: plan.ConflictOpen, Text: say(r, "撤回结论，重新核对")})
	}
	inputs := []ui.Input{{Kind: ui.InRadio, Name: "state", Label: say(r, "结论"), Value: chosen,
		Options: options},
		{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: reason, Rows: 3,
			MaxLen: plan.MaxProse, Hint: say(r, "口径差在哪里，或为什么以这一处为准")}}
	ui.Mark(lang(r), inputs, err)
	form := ui.FormView{ID: "conflict", Action: conflictPath(c.ID), Version: number(c.Version),
		Summary: ui.SummaryOf(lang(r), err), Buttons: []ui.Action{{Text: say(r, "保存"), Primary: true}}}
	return ui.With(ui.Form(form), fields(inputs))
}

// postConflict keeps a decision.
func (h *Handler) postConflict(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	c, err := h.conflictOf(r)
	if err != nil {
		return err
	}
	v := r.PostForm
	state, holds, _ := strings.Cut(v.Get("state"), ":")
	_, err = h.plan.DecideConflict(r.Context(), web.Actor(r), plan.ConflictDecision{ID: c.ID,
		State: state, Holds: holds, Reason: v.Get("reason"), Version: versionOf(v)})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showConflict(w, r, c, v.Get("state"), v.Get("reason"), err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, conflictPath(c.ID), "已保存")
}
