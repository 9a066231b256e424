package planhttp

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getTaskNew shows the empty form, or that of a part of another task.
func (h *Handler) getTaskNew(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if err := could(by, plan.ActTaskCreate); err != nil {
		return err
	}
	f := taskForm{key: id.New(), data: plan.TaskData{Region: h.home(), Cadence: "month"}}
	if parent := r.FormValue("parent"); parent != "" {
		x, err := h.plan.GetTask(ctx, by, parent)
		if err != nil {
			return err
		}
		f = taskFormOf(plan.TaskData{Region: x.Region, Cadence: x.Cadence, Start: x.Start,
			DueUs: x.DueUs, Targets: x.Targets})
		f.parent, f.key = parent, id.New()
	}
	if target := r.FormValue("target"); target != "" {
		f.data.Targets = []string{target}
	}
	return h.showTaskNew(w, r, f, nil)
}

func (h *Handler) showTaskNew(w http.ResponseWriter, r *http.Request, f taskForm, err error) error {
	ctx, by := r.Context(), web.Actor(r)
	ledgers, lerr := h.plan.ListLedgers(ctx, by)
	if lerr != nil {
		return lerr
	}
	p := h.web.Page(r, "拟立任务")
	p.Crumbs = []ui.Link{{Text: say(r, "台账"), Href: pathLedger}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: say(r, "先拟立，定下牵头单位和时限后再立项。")}
	var above templ.Component = templ.NopComponent
	back := pathLedger
	if f.parent != "" {
		x, perr := h.plan.GetTask(ctx, by, f.parent)
		if perr != nil {
			return perr
		}
		above = ui.Banner(ui.Run, say(r, "这是“%s %s”的分任务。", x.Code, x.Title))
		back = taskPath(x.ID, "")
	}
	if err == nil && f.data.Title != "" {
		like, serr := h.plan.SimilarTasks(ctx, by, f.data.Title)
		if serr != nil {
			return serr
		}
		above = templ.Join(above, similarTasks(like))
	}
	form := ui.FormView{ID: "task", Action: pathTasks + "/new", Guard: true, Hidden: f.hidden(),
		Summary: ui.SummaryOf(lang(r), err), Buttons: []ui.Action{
			{Text: say(r, "拟立"), Primary: true, Name: "do", Value: "save"},
			{Text: say(r, "取消"), Href: back}}}
	body := templ.Join(ui.PageHead(head), above,
		ui.With(ui.Form(form), h.taskFields(ctx, by, f, ledgers, err)))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: body})
}

// postTaskNew drafts a task.
func (h *Handler) postTaskNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	ctx, by := r.Context(), web.Actor(r)
	if err := could(by, plan.ActTaskCreate); err != nil {
		return err
	}
	f := h.readTaskForm(ctx, by, r.PostForm)
	if f.edited(r.PostForm) {
		return h.showTaskNew(w, r, f, nil)
	}
	err := f.check()
	var x plan.Task
	if err == nil {
		x, err = h.plan.CreateTask(ctx, by, plan.NewTask{TaskData: f.data, Ledger: f.ledger,
			Parent: f.parent, Statements: f.statements, Key: f.key})
	}
	if fault.Is(err, fault.Invalid) {
		return h.showTaskNew(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, taskPath(x.ID, ""), "已拟立，编号 %s", x.Code)
}

// getTaskPart shows a form of a task.
func (h *Handler) getTaskPart(w http.ResponseWriter, r *http.Request) error {
	x, err := h.taskOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "edit":
		if err := plan.TaskPolicy.May(web.Actor(r), plan.ActTaskUpdate, x.Task); err != nil {
			return err
		}
		f := taskFormOf(x.TaskData)
		f.version, f.key = x.Version, id.New()
		return h.showTaskEdit(w, r, x, f, nil)
	case "step":
		return h.showTaskStep(w, r, x, stepInput{step: r.FormValue("do")}, nil)
	}
	return noSuch()
}

// postTaskPart does what the forms of a task ask for.
func (h *Handler) postTaskPart(w http.ResponseWriter, r *http.Request) error {
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		err = openUpload(r)
	} else if perr := r.ParseForm(); perr != nil {
		err = badForm(perr)
	}
	if err != nil {
		return err
	}
	x, err := h.taskOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "edit":
		return h.postTaskEdit(w, r, x)
	case "step":
		return h.postTaskStep(w, r, x)
	case "report":
		return h.postReport(w, r, x)
	case "instruct":
		return h.postInstruct(w, r, x)
	}
	return noSuch()
}

func (h *Handler) showTaskEdit(
	w http.ResponseWriter, r *http.Request, x plan.TaskDetail, f taskForm, err error,
) error {
	form := ui.FormView{ID: "task", Action: taskPath(x.ID, "edit"), Version: number(f.version),
		Guard: true, Hidden: f.hidden(), Summary: ui.SummaryOf(lang(r), err), Buttons: []ui.Action{
			{Text: say(r, "保存"), Primary: true, Name: "do", Value: "save"},
			{Text: say(r, "取消"), Href: taskPath(x.ID, "")}}}
	parts := []templ.Component{h.taskFields(r.Context(), web.Actor(r), f, nil, err)}
	if x.State != plan.TaskDraft {
		why := []ui.Input{reasonInput(r, f.reason, false)}
		why[0].Label = say(r, "变更理由")
		ui.Mark(lang(r), why, err)
		parts = append(parts, fields(why))
	}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "修改"), Lead: words(x.Code, x.Title)}),
		ui.With(ui.Form(form), parts...))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: h.taskPage(r, x.Task, "修改"),
		Body: body})
}

func (h *Handler) postTaskEdit(w http.ResponseWriter, r *http.Request, x plan.TaskDetail) error {
	ctx, by := r.Context(), web.Actor(r)
	f := h.readTaskForm(ctx, by, r.PostForm)
	if f.edited(r.PostForm) {
		return h.showTaskEdit(w, r, x, f, nil)
	}
	err := f.check()
	if err == nil {
		_, err = h.plan.UpdateTask(ctx, by, plan.TaskUpdate{ID: x.ID, TaskData: f.data,
			Reason: f.reason, Version: f.version, Key: f.key})
	}
	if fault.Is(err, fault.Conflict) && f.version != x.Version {
		return h.showStale(w, r, stale{page: h.taskPage(r, x.Task, "修改"), lead: words(x.Code, x.Title),
			path: taskPath(x.ID, ""), updatedUs: x.UpdatedUs, version: x.Version,
			theirs: h.taskWritten(r, x.TaskData), mine: h.taskWritten(r, f.data)})
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showTaskEdit(w, r, x, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, taskPath(x.ID, ""), "已保存")
}

// stepInput is what was typed for a step.
type stepInput struct {
	step, reason, dueDay, dueTime string
	files                         []string
}

// showTaskStep asks before a step with a task.
func (h *Handler) showTaskStep(
	w http.ResponseWriter, r *http.Request, x plan.TaskDetail, in stepInput, err error,
) error {
	o, oerr := offered(x.Offers, in.step)
	if oerr != nil {
		return oerr
	}
	if !o.Allowed && err == nil {
		err = o.WhyNot
	}
	now, next := taskMark(r.Context(), x.State), taskMark(r.Context(), o.To)
	q := ui.Question{Title: say(r, o.Title), Facts: []ui.Fact{{Term: say(r, "任务"), Text: x.Title},
		{Term: say(r, "编号"), Text: x.Code, Mono: true},
		{Term: say(r, "牵头单位"), Text: names(x.Of(plan.Lead))},
		{Term: say(r, "现在的状态"), Status: &now}, {Term: say(r, "之后的状态"), Status: &next}},
		Form: ui.FormView{ID: "step", Action: taskPath(x.ID, "step"), Version: number(x.Version),
			Upload: o.Needs&process.Files != 0, Summary: ui.SummaryOf(lang(r), err),
			Hidden: []ui.Hidden{{Name: "do", Value: in.step}, {Name: "key", Value: id.New()}}},
		Back:   ui.Link{Text: say(r, "返回"), Href: taskPath(x.ID, "")},
		Button: ui.Action{Text: say(r, o.Title), Primary: true, Danger: o.To == plan.TaskTerminated}}
	if o.DueUs != 0 {
		q.Facts = append(q.Facts, ui.Fact{Term: say(r, "办理时限"),
			Text: i18n.Deadline(lang(r), clock.Time(o.DueUs), h.now())})
	}
	if in.step == plan.StepAskExtension {
		day := dayInput("dueUs", say(r, "新时限"), clock.Date(in.dueDay))
		q.Inputs = append(q.Inputs, day, ui.Input{Name: "dueTime", Label: say(r, "时刻"),
			Value: in.dueTime, Width: ui.W10, Optional: true, Hint: say(r, "如 18:00；不填则到当天结束")})
	}
	q.Inputs = append(q.Inputs, reasonInput(r, in.reason, o.Needs&process.Reason == 0))
	var extra templ.Component = templ.NopComponent
	if o.Needs&process.Files != 0 {
		extra = stepFiles(r, x, in, err)
	}
	ui.Mark(lang(r), q.Inputs, err)
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, o.Title), Lead: words(x.Code, x.Title)}),
		ui.With(ui.Confirm(q), extra))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: h.taskPage(r, x.Task, o.Title),
		Body: body})
}

// stepFiles asks for the evidence of a step: files that are there already, and new ones.
func stepFiles(r *http.Request, x plan.TaskDetail, in stepInput, err error) templ.Component {
	there := ui.Input{Kind: ui.InChecks, Name: "have", Label: say(r, "已上传的佐证材料"), Values: in.files,
		Optional: true}
	for _, f := range x.Files {
		there.Options = append(there.Options,
			ui.Option{Value: f.ID, Text: f.Name, Hint: i18n.Bytes(f.Size)})
	}
	add := evidenceInput(r)
	add.Err = errAt(lang(r), err, "files")
	if len(there.Options) == 0 {
		return ui.Upload(add)
	}
	return templ.Join(ui.Field(there), ui.Upload(add))
}

// postTaskStep takes a step with a task. From the board, a step that needs more than a click is
// asked for first.
func (h *Handler) postTaskStep(w http.ResponseWriter, r *http.Request, x plan.TaskDetail) error {
	v := r.PostForm
	in := stepInput{step: v.Get("do"), reason: v.Get("reason"), files: v["have"],
		dueDay: strings.TrimSpace(v.Get("dueUs")), dueTime: strings.TrimSpace(v.Get("dueTime"))}
	o, err := offered(x.Offers, in.step)
	if err != nil {
		return err
	}
	if v.Get("from") == "board" && (o.Needs != 0 || in.step == plan.StepAskExtension) {
		return h.showTaskStep(w, r, x, in, nil)
	}
	due := taskForm{dueDay: in.dueDay, dueTime: in.dueTime}
	due.readDue()
	files, done, err := uploads(r, "files")
	defer done()
	if err != nil {
		return err
	}
	if err = due.check(); err == nil {
		_, err = h.plan.FireTask(r.Context(), web.Actor(r), plan.TaskStep{
			Step:  plan.Step{ID: x.ID, Step: in.step, Reason: in.reason, Version: versionOf(v)},
			DueUs: due.data.DueUs, Files: in.files, New: files, Key: v.Get("key")})
	}
	if fault.Is(err, fault.Invalid) {
		return h.showTaskStep(w, r, x, in, err)
	}
	if err != nil {
		return err
	}
	target := taskPath(x.ID, "")
	if v.Get("from") == "board" {
		target = pathLedger + "?view=board"
	}
	return h.web.Redirect(w, r, target, "已办理：%s", say(r, o.Title))
}

// postReport reports the progress of a task.
func (h *Handler) postReport(w http.ResponseWriter, r *http.Request, x plan.TaskDetail) error {
	v := r.PostForm
	in := taskInput{report: true, progress: v.Get("progressBp"), situation: v.Get("situation"),
		problem: v.Get("problem"), nextStep: v.Get("nextStep"), reached: v["reached"]}
	n := plan.NewReport{Task: x.ID, Situation: in.situation, Problem: in.problem,
		NextStep: in.nextStep, Version: versionOf(v), Key: v.Get("key")}
	bp, ok := plan.ParsePercent(in.progress)
	n.ProgressBp = bp
	for _, i := range in.reached {
		n.Reached = append(n.Reached, int(whole(i)))
	}
	var done func()
	var err error
	n.Evidence, done, err = uploads(r, "files")
	defer done()
	switch {
	case err != nil:
		return err
	case !ok:
		err = fault.Fields(fault.At("progressBp", "进度应为 0 至 100 的数，最多两位小数"))
	default:
		_, err = h.plan.ReportTask(r.Context(), web.Actor(r), n)
	}
	if fault.Is(err, fault.Invalid) {
		return h.showTask(w, r, x, in, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, taskPath(x.ID, ""), "进展已填报")
}

// postInstruct writes an instruction on a task.
func (h *Handler) postInstruct(w http.ResponseWriter, r *http.Request, x plan.TaskDetail) error {
	v := r.PostForm
	_, err := h.plan.Instruct(r.Context(), web.Actor(r), plan.NewInstruction{Task: x.ID,
		Text: v.Get("text"), Key: v.Get("key")})
	if fault.Is(err, fault.Invalid) {
		return h.showTask(w, r, x, taskInput{instruct: true, text: v.Get("text")}, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, taskPath(x.ID, ""), "批示已写入")
}
