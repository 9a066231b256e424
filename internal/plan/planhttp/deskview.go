package planhttp

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// deskKeys are the keys of the desk and what they do.
var deskKeys = []plan.Choice{{Value: "A", Title: "采纳，改过的字段一并保存"}, {Value: "E", Title: "更正：到第一个字段"},
	{Value: "R", Title: "不采纳"}, {Value: "J", Title: "下一条"}, {Value: "K", Title: "上一条"},
	{Value: "T", Title: "采纳并立目标或任务"}, {Value: "G", Title: "立为目标或任务"},
	{Value: "U", Title: "撤销"}, {Value: "M", Title: "从选中文字新增"}, {Value: "Esc", Title: "离开输入框"}}

// deskShown is the desk with everything in words.
type deskShown struct {
	deskView
	action                    string
	said, locked              string
	undo                      *plan.Statement
	clear                     int64 // pending rows without a doubt
	none                      bool  // nothing was read at all
	focus                     bool  // the open row takes the focus
	focusOutcome              bool  // or the form below it does
	finish, newHref, backHref string

	tabs               []ui.Link
	paras              []templ.Component
	before, after      string
	rows               []rowShown
	morePrev, moreNext string

	position     string
	prev, next   string
	summary      ui.Summary
	inputs       []ui.Input
	moreIn       []ui.Input // rarely used, folded away
	moreTitle    string     // key of package i18n
	moreOpen     bool
	noteIn       ui.Input
	quoteIn      ui.Input
	marked, key  string
	outcomeTitle string
	outcomeBody  templ.Component
	goal         string
	choiceErr    string
	freshIn      []ui.Input
	targetIn     []ui.Input
	orgIn        ui.Combo
}

// rowShown is one row in words.
type rowShown struct {
	s                     plan.Statement
	no                    int64
	href                  string
	kind, title           string
	amount, sub           string
	mark                  ui.State
	open                  bool
	before, quote, behind string // of an open row
	check, reason         string
	changes               []ui.Change
	facts                 []ui.Fact
	uses                  []ui.Link
	take                  string // address that takes a fact over as a value of its indicator
}

func (h *Handler) deskPart(r *http.Request, v deskView) templ.Component {
	ctx := r.Context()
	x := deskShown{deskView: v, action: docPath(v.doc.ID, "review"), said: v.said(ctx),
		locked: v.why, undo: v.undoable(), none: len(v.all) == 0, tabs: v.tabLinks(ctx),
		focus: v.err == nil, focusOutcome: v.at.did == "accept-stay", prev: v.step(-1), next: v.step(1),
		newHref:  place{tab: v.at.tab, row: rowNew}.href(v.doc.ID),
		backHref: place{tab: v.at.tab}.href(v.doc.ID)}
	counts := tally(v.all)
	x.clear = counts[tabPending] - counts[tabDoubt]
	for _, o := range v.doc.Offers {
		if o.Step == "finish" && o.Allowed {
			x.finish = docPath(v.doc.ID, "step") + "?do=finish"
		}
	}
	shown, before, after := v.paragraphs()
	x.before, x.after = before, after
	for _, p := range shown {
		x.paras = append(x.paras, x.paragraph(ctx, p))
	}
	rows, from := v.desk.rows()
	for i, s := range rows {
		x.rows = append(x.rows, x.row(ctx, s, from+i))
	}
	if from > 0 {
		x.morePrev = place{tab: v.at.tab, row: v.listed[from-1].ID}.href(v.doc.ID)
	}
	if end := from + len(rows); end < len(v.listed) {
		x.moreNext = place{tab: v.at.tab, row: v.listed[end].ID}.href(v.doc.ID)
	}
	if v.open >= 0 {
		x.position = i18n.T(ctx, "第 %d 条，共 %d 条", v.open+1, len(v.listed))
	}
	x.fillForms(ctx)
	if v.outcome != nil {
		h.fillOutcome(r, &x)
	}
	return deskPage(x)
}

// fillForms makes the inputs of the open row.
func (x *deskShown) fillForms(ctx context.Context) {
	l := i18n.From(ctx)
	x.inputs, x.moreIn = statementInputs(ctx, x.form.data)
	if x.moreTitle = "动作与责任主体"; x.form.data.Kind == plan.TaskKind {
		x.moreTitle = "数值与主体"
	}
	x.noteIn = ui.Input{Kind: ui.InArea, Name: "note", Label: i18n.T(ctx, "补充说明"), Value: x.form.note,
		Optional: true, Rows: 1, MaxLen: plan.MaxProse}
	if x.at.row == rowNew {
		x.key = id.New()
		from, to := whole(x.form.start), whole(x.form.end)
		if x.form.start != "" && from >= 0 && from < to && to <= int64(len(x.text)) {
			x.marked = string(x.text[from:to])
		}
		x.quoteIn = ui.Input{Kind: ui.InArea, Name: "quote", Label: i18n.T(ctx, "原文"), Rows: 2,
			Value: x.form.quote, Hint: i18n.T(ctx, "照抄正文里的一段话；也可以先在正文里选中文字，再按 M")}
		if x.form.data.Indicator == "" && x.marked != "" && utf8.RuneCountInString(x.marked) <= 40 {
			x.inputs[0].Value = strings.TrimSpace(x.marked)
		}
	}
	if x.err == nil {
		return
	}
	x.summary = ui.SummaryOf(l, x.err)
	if x.errAt == formRow {
		ui.Mark(l, x.inputs, x.err)
		ui.Mark(l, x.moreIn, x.err)
		x.moreOpen = anyErr(x.moreIn)
		list := []ui.Input{x.noteIn, x.quoteIn}
		ui.Mark(l, list, x.err)
		x.noteIn, x.quoteIn = list[0], list[1]
	}
}

// row puts a statement into words.
func (x *deskShown) row(ctx context.Context, s plan.Statement, i int) rowShown {
	out := rowShown{s: s, no: int64(i + 1), href: place{tab: x.at.tab, row: s.ID}.href(x.doc.ID),
		kind: titled(ctx, plan.StatementKinds(), s.Kind), title: s.Verb + s.Indicator,
		amount: amount(s.Op, s.Value, s.Unit), mark: statementMark(ctx, s), open: i == x.open}
	out.sub = words(s.Subject, period(ctx, s.From, s.To), s.Owner)
	for _, u := range x.usesOf(s.ID) {
		link := ui.Link{Text: i18n.T(ctx, "目标"), Href: targetPath(u.Object, "")}
		if u.Kind == plan.TaskKind {
			link = ui.Link{Text: i18n.T(ctx, "任务"), Href: taskPath(u.Object, "")}
		}
		out.uses = append(out.uses, link)
	}
	if !out.open {
		return out
	}
	if s.Kind == plan.Fact && s.Confirmed() {
		out.take = "/observations/from/" + url.PathEscape(s.ID)
	}
	out.before, out.quote, out.behind = contextOf(x.text, s)
	out.check, out.reason = checkText(ctx, s), s.ReasonIn(i18n.From(ctx))
	old := s.StatementData
	if s.AsRead != nil {
		old = *s.AsRead
	}
	was, now := statementFacts(ctx, old), statementFacts(ctx, s.StatementData)
	for i := range now {
		if was[i].Text != now[i].Text {
			out.changes = append(out.changes, ui.Change{Field: now[i].Term, Old: was[i].Text,
				New: now[i].Text})
		}
	}
	out.facts = now
	return out
}

// checkText says what the arithmetic of the text gives.
func checkText(ctx context.Context, s plan.Statement) string {
	text := s.CheckIn(i18n.From(ctx))
	switch {
	case text == "":
		return ""
	case s.Doubtful():
		return i18n.T(ctx, "疑问：%s", text)
	}
	return i18n.T(ctx, "核算相符：%s", text)
}

// statementFacts is what a statement says, field by field.
func statementFacts(ctx context.Context, d plan.StatementData) []ui.Fact {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	return []ui.Fact{
		{Term: t("指标或事项"), Text: d.Indicator},
		{Term: t("类别"), Text: titled(ctx, plan.StatementKinds(), d.Kind)},
		{Term: t("主体"), Text: d.Subject}, {Term: t("量"), Text: titled(ctx, plan.Measures(), d.Measure)},
		{Term: t("数值"), Text: amount(d.Op, d.Value, d.Unit)},
		{Term: t("期间"), Text: period(ctx, d.From, d.To)}, {Term: t("占谁、比谁"), Text: d.Of},
		{Term: t("要做的动作"), Text: d.Verb}, {Term: t("文中的责任主体"), Text: d.Owner},
	}
}

// spanClass colours a span by what was decided, the most urgent first.
func spanClass(of []plan.Statement) string {
	best := "rejected"
	for _, s := range of {
		switch {
		case s.State == plan.StatementPending && s.Doubtful():
			return "doubt"
		case s.State == plan.StatementPending:
			best = "pending"
		case s.Confirmed() && best != "pending":
			best = "accepted"
		}
	}
	return best
}

// paragraph draws a paragraph with its spans. It is written by hand, because a template puts line
// breaks between elements, and the script counts the characters of what stands here.
func (x *deskShown) paragraph(ctx context.Context, p paragraph) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		b.WriteString(`<p data-start="` + number(p.start) + `">`)
		for _, c := range p.cut(x.all) {
			if len(c.of) == 0 {
				b.WriteString(html.EscapeString(c.text))
				continue
			}
			x.span(ctx, &b, c)
		}
		b.WriteString("</p>\n")
		_, err := io.WriteString(w, b.String())
		return err
	})
}

func (x *deskShown) span(ctx context.Context, b *strings.Builder, c piece) {
	s, current := c.of[0], false
	if open := x.active(); open != nil {
		for _, o := range c.of {
			if o.ID == open.ID {
				s, current = o, true
			}
		}
	}
	mark := statementMark(ctx, s)
	b.WriteString(`<a class="span ` + spanClass(c.of) + `"`)
	if c.first && s.ID == c.of[0].ID {
		b.WriteString(` id="s-` + s.ID + `"`)
	}
	if current {
		b.WriteString(` aria-current="true"`)
	}
	b.WriteString(` title="` + html.EscapeString(words(mark.Text, s.Indicator)) + `" href="` +
		html.EscapeString(x.rowHref(s)) + `">` + html.EscapeString(c.text) + `</a>`)
}

// fillOutcome makes the form of a target or a task.
func (h *Handler) fillOutcome(r *http.Request, x *deskShown) {
	ctx, by, l, o := r.Context(), web.Actor(r), lang(r), x.outcome
	var err error
	if x.errAt == o.kind {
		err = x.err
	}
	if o.kind == formTask {
		x.outcomeTitle = say(r, "立为任务")
		x.outcomeBody = taskOutcome(*x, o, h.taskFields(ctx, by, o.task, o.ledgers, err))
		return
	}
	x.outcomeTitle = say(r, "立为目标")
	d := o.target
	x.goal = words(o.statement.Indicator+amount(d.Op, d.Value, d.Unit), h.placeName(d.Region))
	x.choiceErr = errAt(l, err, "choice")
	x.freshIn = []ui.Input{
		{Name: "new.name", Label: say(r, "新指标的名称"), Value: o.fresh.Name, AutoComplete: "off"},
		{Name: "new.unit", Label: say(r, "计量单位"), Value: o.fresh.Unit, Width: ui.W10, AutoComplete: "off"},
		{Kind: ui.InSelect, Name: "new.direction", Label: say(r, "方向"), Value: o.fresh.Direction,
			Width: ui.W14, Options: choices(ctx, plan.Directions())},
		{Kind: ui.InCheck, Name: "new.additive", Text: say(r, "各部分相加等于总数"),
			Value: checked(o.fresh.Additive)},
	}
	x.orgIn = h.orgPick(ctx, by, ui.Input{Name: "org", Label: say(r, "责任单位"), Optional: true,
		Hint: say(r, "不填则由地区整体负责")}, o.org, false, err)
	x.targetIn = []ui.Input{dayInput("from", say(r, "开始"), d.From), dayInput("to", say(r, "结束"), d.To),
		{Name: "unit", Label: say(r, "目标的单位"), Value: d.Unit, Width: ui.W10, AutoComplete: "off"},
		{Kind: ui.InCheck, Name: "alias", Value: checked(o.alias),
			Text: say(r, "以后读到“%s”都算这个指标", o.statement.Indicator)}}
	for i := range x.targetIn {
		x.targetIn[i].ID = "t-" + x.targetIn[i].Name
	}
	ui.Mark(l, x.freshIn, err)
	ui.Mark(l, x.targetIn, err)
	for i, item := range x.summary.Items {
		for _, in := range x.targetIn {
			if item.ID == ui.FieldID(in.Name) {
				x.summary.Items[i].ID = in.ID
			}
		}
	}
	x.outcomeBody = targetForm(*x, o)
}

func checked(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// choiceID gives the first choice the id that a message links to.
func choiceID(i int) templ.Attributes {
	if i > 0 {
		return nil
	}
	return templ.Attributes{"id": ui.FieldID("choice")}
}

// suggestionNote says how like an indicator is.
func suggestionNote(ctx context.Context, s plan.Suggestion) string {
	like := i18n.T(ctx, "相似 %d%%", s.Percent)
	if s.Percent == 100 {
		like = i18n.T(ctx, "名称相同")
	}
	name := ""
	if s.Name != s.Indicator.Name {
		name = i18n.T(ctx, "又称 %s", s.Name)
	}
	return words(s.Indicator.Unit, like, name)
}
