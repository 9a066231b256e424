package planhttp

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// The forms of the desk.
const (
	formRow    = "row"
	formTarget = "target"
	formTask   = "task"
)

// deskForm is what is typed about a statement.
type deskForm struct {
	data       plan.StatementData
	note       string
	quote      string // of a new one: the words, when they were not marked
	start, end string // of a new one: where the marked words are
}

func formOf(s plan.Statement) deskForm { return deskForm{data: s.StatementData, note: s.Note} }

// newForm is the form of a new statement about marked words.
func newForm(get func(string) string) deskForm {
	return deskForm{data: plan.StatementData{Kind: plan.TargetKind, Measure: "level", Op: ">="},
		start: get("start"), end: get("end")}
}

// readDeskForm reads what was typed about a statement.
func readDeskForm(v url.Values) deskForm {
	return deskForm{note: v.Get("note"), quote: v.Get("quote"), start: v.Get("start"),
		end: v.Get("end"), data: plan.StatementData{Kind: v.Get("kind"), Subject: v.Get("subject"),
			Indicator: v.Get("indicator"), Measure: v.Get("measure"), Verb: v.Get("verb"),
			Owner: v.Get("owner"), Op: v.Get("op"), Value: plan.Decimal(strings.TrimSpace(v.Get("value"))),
			Unit: v.Get("unit"), From: clock.Date(v.Get("from")), To: clock.Date(v.Get("to")),
			Of: v.Get("of")}}
}

// statementInputs are the fields of a statement, and those that its kind rarely needs: a task has
// no number, a number no verb.
func statementInputs(ctx context.Context, d plan.StatementData) (list, rare []ui.Input) {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	opt := func(name, label, value string) ui.Input {
		return ui.Input{Name: name, Label: label, Value: value, Optional: true, AutoComplete: "off"}
	}
	from, to := dayInput("from", t("开始"), d.From), dayInput("to", t("结束或时点"), d.To)
	from.Optional, to.Optional = true, true
	list = []ui.Input{
		{Name: "indicator", Label: t("指标或事项"), Value: d.Indicator, AutoComplete: "off",
			Attrs: map[string]any{"data-key": "e", "aria-keyshortcuts": "e"}},
		{Kind: ui.InSelect, Name: "kind", Label: t("类别"), Value: d.Kind,
			Options: choices(ctx, plan.StatementKinds())}}
	amount := []ui.Input{opt("subject", t("主体"), d.Subject),
		{Kind: ui.InSelect, Name: "measure", Label: t("量"), Value: d.Measure, Optional: true,
			Options: chooseFrom(ctx, "无", plan.Measures())},
		{Kind: ui.InSelect, Name: "op", Label: t("比较"), Value: d.Op, Optional: true,
			Options: chooseFrom(ctx, "无", plan.Operators())},
		{Kind: ui.InNumber, Name: "value", Label: t("数值"), Value: string(d.Value), Optional: true},
		opt("unit", t("计量单位"), d.Unit)}
	duty := []ui.Input{opt("verb", t("要做的动作"), d.Verb), opt("owner", t("文中的责任主体"), d.Owner)}
	of := opt("of", t("占谁、比谁"), d.Of)
	if d.Kind == plan.TaskKind {
		return append(append(list, duty...), from, to), append(amount, of)
	}
	return append(append(list, amount...), from, to, of), duty
}

// postReview does what a button of the desk asks for and goes on to the next row.
func (h *Handler) postReview(w http.ResponseWriter, r *http.Request) error {
	v := r.PostForm
	at := placeOf(v.Get)
	at.row, at.did, at.last = v.Get("id"), "", ""
	d, err := h.loadDesk(r, at)
	if err != nil {
		return err
	}
	switch do := v.Get("do"); do {
	case "accept", "accept-stay", "correct", "reject":
		return h.postDecision(w, r, d, do)
	case "undo":
		return h.postUndo(w, r, d)
	case "remove":
		return h.postRemove(w, r, d)
	case "clear":
		if _, err := h.plan.AcceptClear(r.Context(), web.Actor(r), d.doc.ID); err != nil {
			return err
		}
		return h.goOn(w, r, d, place{tab: tabDoubt, did: "clear"})
	case "add":
		return h.postAdd(w, r, d)
	case formTarget, formTask, "outcome":
		return h.postOutcome(w, r, d, do)
	}
	if len(v) > 0 && v.Get("do") == "" { // a button inside the form of a target or a task
		return h.postOutcome(w, r, d, "outcome")
	}
	return badForm(nil)
}

// goOn leads to another place of the desk.
func (h *Handler) goOn(w http.ResponseWriter, r *http.Request, d *desk, at place) error {
	return h.web.Redirect(w, r, at.href(d.doc.ID), "")
}

// postDecision accepts, corrects or rejects the open statement. Accepting what was changed on the
// form means to correct it.
func (h *Handler) postDecision(w http.ResponseWriter, r *http.Request, d *desk, do string) error {
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	s := d.active()
	if s == nil || s.ID != v.Get("id") {
		return noSuch()
	}
	f := readDeskForm(v)
	do, stay := strings.CutSuffix(do, "-stay")
	mine := f.data
	mine.Normalise()
	if do == "accept" && v.Has("indicator") && mine != s.StatementData {
		do = "correct"
	}
	var err error
	if do == "correct" {
		_, err = h.plan.CorrectStatement(ctx, by, plan.Correction{ID: s.ID, StatementData: f.data,
			Note: f.note, Version: versionOf(v)})
	} else {
		_, err = h.plan.DecideStatement(ctx, by, plan.Decision{ID: s.ID, Accept: do == "accept",
			Note: f.note, Version: versionOf(v)})
	}
	if fault.Is(err, fault.Invalid) {
		return h.showDesk(w, r, deskView{desk: d, form: f, err: err, errAt: formRow})
	}
	if err != nil {
		return err
	}
	next := place{tab: d.at.tab, row: d.after(s.ID), did: do, last: s.ID}
	if stay {
		next.row, next.did = s.ID, "accept-stay"
	}
	return h.goOn(w, r, d, next)
}

func (h *Handler) postUndo(w http.ResponseWriter, r *http.Request, d *desk) error {
	v := r.PostForm
	_, err := h.plan.UndoStatement(r.Context(), web.Actor(r),
		plan.Undo{ID: v.Get("id"), Version: versionOf(v)})
	if err != nil {
		return err
	}
	return h.goOn(w, r, d, place{tab: d.at.tab, row: v.Get("id"), did: "undo", last: v.Get("id")})
}

func (h *Handler) postRemove(w http.ResponseWriter, r *http.Request, d *desk) error {
	v := r.PostForm
	err := h.plan.RemoveStatement(r.Context(), web.Actor(r), v.Get("id"), versionOf(v))
	if err != nil {
		return err
	}
	return h.goOn(w, r, d, place{tab: d.at.tab, row: d.after(v.Get("id")), did: "remove"})
}

// postAdd adds a statement about marked or quoted words.
func (h *Handler) postAdd(w http.ResponseWriter, r *http.Request, d *desk) error {
	f := readDeskForm(r.PostForm)
	in := plan.NewStatement{Document: d.doc.ID, StatementData: f.data, Key: r.PostForm.Get("key")}
	var err error
	if in.Start, in.End, err = f.place(d.doc.Text); err == nil {
		var s plan.Statement
		if s, err = h.plan.AddStatement(r.Context(), web.Actor(r), in); err == nil {
			return h.goOn(w, r, d, place{tab: d.at.tab, row: s.ID, did: "add", last: s.ID})
		}
	}
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	d.at.row, d.open = rowNew, -1
	return h.showDesk(w, r, deskView{desk: d, form: f, err: err, errAt: formRow})
}

// place returns where the words of a new statement are: where they were marked, or where the quoted
// ones are found.
func (f deskForm) place(text string) (start, end int64, err error) {
	if f.start != "" && f.end != "" {
		return whole(f.start), whole(f.end), nil
	}
	return plan.FindQuote(text, f.quote)
}
