package planhttp

import (
	"net/http"
	"net/url"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
)

// outcome is what is about to be made of a confirmed statement: a target or a task.
type outcome struct {
	statement plan.Statement
	kind      string // formTarget or formTask

	target      plan.NewTarget
	choice      string // id of an indicator, or choiceNew
	fresh       plan.NewIndicator
	alias       bool // remember the phrase as another name
	org         pick
	suggestions []plan.Suggestion
	targets     []plan.SimilarTarget

	task    taskForm
	ledgers []plan.Ledger
	tasks   []plan.SimilarTask
}

// choiceNew stands for an indicator that is about to be defined.
const choiceNew = "new"

// outcomeOf is what can be made of a statement: a task of an obligation and of a milestone, which
// has a day and no number; a target of everything else.
func outcomeOf(s plan.Statement) string {
	if s.Kind == plan.TaskKind || s.Measure == measureDate {
		return formTask
	}
	return formTarget
}

// measureDate is the measure of a milestone.
const measureDate = "date"

// draftOutcome prepares the form from what the statement says.
func (h *Handler) draftOutcome(r *http.Request, s plan.Statement) (*outcome, error) {
	ctx, by := r.Context(), web.Actor(r)
	o := &outcome{statement: s, kind: outcomeOf(s)}
	if o.kind == formTask {
		in, err := h.plan.DraftTask(ctx, by, s.ID)
		if err != nil {
			return nil, err
		}
		o.task = taskFormOf(in.TaskData)
		o.task.statements, o.task.key = in.Statements, id.New()
		return o, nil
	}
	var err error
	if o.target, err = h.plan.DraftTarget(ctx, by, s.ID); err != nil {
		return nil, err
	}
	o.target.Key = id.New()
	o.choice = s.Definition
	o.fresh.IndicatorData = plan.IndicatorData{Name: s.Indicator, Unit: s.Unit, Direction: "up",
		Additive: s.Measure == "level" || s.Measure == "increase"}
	return o, nil
}

// completeOutcome looks up what a person needs to decide: indicators that may be meant, and what is
// there already.
func (h *Handler) completeOutcome(r *http.Request, o *outcome) error {
	ctx, by := r.Context(), web.Actor(r)
	var err error
	if o.kind == formTask {
		if o.ledgers, err = h.plan.ListLedgers(ctx, by); err != nil {
			return err
		}
		o.tasks, err = h.plan.SimilarTasks(ctx, by, o.task.data.Title)
		return err
	}
	if o.suggestions, err = h.plan.SuggestIndicators(ctx, by, o.statement.Indicator); err != nil {
		return err
	}
	if o.choice == "" {
		o.choice = choiceNew
		if len(o.suggestions) > 0 && o.suggestions[0].Percent == 100 {
			o.choice = o.suggestions[0].Indicator.ID
		}
	}
	known := o.statement.Definition
	for _, s := range o.suggestions {
		if s.Indicator.ID == known {
			known = ""
		}
	}
	if known != "" {
		x, err := h.plan.GetIndicator(ctx, by, known)
		if err != nil {
			return err
		}
		o.suggestions = append([]plan.Suggestion{{Indicator: x, Percent: 100, Name: x.Name}},
			o.suggestions...)
	}
	if o.choice == choiceNew {
		return nil
	}
	like := o.target.TargetData
	like.Indicator = o.choice
	o.targets, err = h.plan.SimilarTargets(ctx, by, like)
	return err
}

// readOutcome reads the form of a target or a task.
func (h *Handler) readOutcome(r *http.Request, s plan.Statement) *outcome {
	v := r.PostForm
	o := &outcome{statement: s, kind: outcomeOf(s)}
	if o.kind == formTask {
		o.task = h.readTaskForm(r.Context(), web.Actor(r), v)
		o.task.statements, o.task.version = []string{s.ID}, 0 // the version sent is that of the statement
		return o
	}
	o.choice, o.alias = v.Get("choice"), v.Get("alias") == "1"
	o.fresh.IndicatorData = plan.IndicatorData{Name: v.Get("new.name"), Unit: v.Get("new.unit"),
		Direction: v.Get("new.direction"), Additive: v.Get("new.additive") == "1"}
	o.org = readPick(v, "org")
	o.target = plan.NewTarget{Key: v.Get("key"), Statements: []string{s.ID},
		TargetData: readTargetData(v)}
	return o
}

func readTargetData(v url.Values) plan.TargetData {
	return plan.TargetData{Indicator: v.Get("indicator"), Region: region.Code(v.Get("region")),
		Org: readPick(v, "org").first(), Measure: v.Get("measure"), Op: v.Get("op"),
		Value: plan.Decimal(v.Get("value")), Unit: v.Get("unit"), From: clock.Date(v.Get("from")),
		To: clock.Date(v.Get("to")), Baseline: plan.Decimal(v.Get("baseline")),
		BaselineDay: clock.Date(v.Get("baselineDay")), Note: v.Get("note")}
}

// postOutcome makes a target or a task of the open statement.
func (h *Handler) postOutcome(w http.ResponseWriter, r *http.Request, d *desk, do string) error {
	s := d.active()
	if s == nil || s.ID != r.PostForm.Get("id") {
		return noSuch()
	}
	o := h.readOutcome(r, *s)
	view := deskView{desk: d, outcome: o, errAt: o.kind}
	if do == "outcome" {
		o.task.edited(r.PostForm)
		return h.showDesk(w, r, view)
	}
	var err error
	if o.kind == formTask {
		err = h.makeTask(r, o)
	} else {
		err = h.makeTarget(r, o)
	}
	if fault.Is(err, fault.Invalid) {
		view.err = err
		return h.showDesk(w, r, view)
	}
	if err != nil {
		return err
	}
	at := place{tab: d.at.tab, row: s.ID, did: o.kind, last: s.ID}
	if d.at.tab == tabPending || d.at.tab == tabDoubt {
		at.row = d.after(s.ID)
	}
	return h.goOn(w, r, d, at)
}

func (h *Handler) makeTask(r *http.Request, o *outcome) error {
	if err := o.task.check(); err != nil {
		return err
	}
	_, err := h.plan.CreateTask(r.Context(), web.Actor(r), plan.NewTask{TaskData: o.task.data,
		Ledger: o.task.ledger, Statements: o.task.statements, Key: o.task.key})
	return err
}

// makeTarget links the phrase of the statement to an indicator and sets the target, in one write.
func (h *Handler) makeTarget(r *http.Request, o *outcome) error {
	ctx, by := r.Context(), web.Actor(r)
	if err := h.resolveOrg(r, &o.org, "org"); err != nil {
		return err
	}
	o.target.Org = o.org.first()
	if o.choice == "" {
		return fault.Fields(fault.At("choice", "请选择一项"))
	}
	if err := plan.CheckTarget(o.target.TargetData); err != nil {
		return err
	}
	in := plan.StatementTarget{Statement: o.statement.ID, TargetData: o.target.TargetData,
		Version: o.statement.Version, Key: o.target.Key}
	if o.choice == choiceNew {
		in.New, in.Indicator, in.Alias = &o.fresh, "", o.alias
	} else {
		in.Indicator, in.Alias = o.choice, o.alias && o.choice != o.statement.Definition
	}
	_, err := h.plan.SetTarget(ctx, by, in)
	return err
}
