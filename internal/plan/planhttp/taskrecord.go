package planhttp

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// What the templates of a task show, in words.
type (
	lightShown struct {
		mark    ui.State
		class   string
		reasons []string
		rule    string
	}
	progressShown struct{ actual, planned, mark, label string }
	reportShown   struct {
		time, machine, title, by, situation, problem, next, tone string
	}
	sourceShown struct{ quote, title, href string }
	treeShown   struct {
		depth             int64
		here              bool
		light             ui.State
		code, title, href string
		note              string
	}
)

// taskOf reads the task of the address.
func (h *Handler) taskOf(r *http.Request) (plan.TaskDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return plan.TaskDetail{}, noSuch()
	}
	return h.plan.GetTask(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) getTask(w http.ResponseWriter, r *http.Request) error {
	x, err := h.taskOf(r)
	if err != nil {
		return err
	}
	return h.showTask(w, r, x, taskInput{}, nil)
}

// taskInput is what was typed on the record of a task: a report or an instruction.
type taskInput struct {
	report                                 bool // the fault is about the report
	instruct                               bool // or about the instruction
	progress, situation, problem, nextStep string
	reached                                []string
	text                                   string
}

func (h *Handler) showTask(
	w http.ResponseWriter, r *http.Request, x plan.TaskDetail, in taskInput, err error,
) error {
	mark := taskMark(r.Context(), x.State)
	head := ui.Head{Title: x.Title, ID: x.Code, Status: &mark,
		Lead: words(x.LedgerName, names(x.Of(plan.Lead))), Actions: h.taskActions(r, x)}
	more, beside, berr := h.beside(r, x.Task)
	if berr != nil {
		return berr
	}
	head.Actions = append(head.Actions, more...)
	main := []templ.Component{lightBox(h.light(r, x))}
	for _, part := range []templ.Component{h.instructions(r, x, in, err), h.milestones(r, x),
		h.reportForm(r, x, in, err), reports(r, x), beside, tree(r, x), goals(h, r, x), origins(r, x.Sources),
		taskContent(r, x), evidence(r, x)} {
		if part != nil {
			main = append(main, part)
		}
	}
	titles := map[string]string{}
	for _, s := range plan.TaskProcess.Def().Steps {
		titles[s.Name] = s.Title
	}
	tone := func(state string) ui.Tone { return taskMark(r.Context(), state).Tone }
	main = append(main, ui.With(ui.Block(say(r, "时间线")),
		ui.Timeline(history(r, x.History, titles, "拟立", tone))))
	body := templ.Join(ui.PageHead(head),
		ui.With(ui.WithAside(ui.Facts(say(r, "关键信息"), h.taskFacts(r, x))), main...))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: h.taskPage(r, x.Task, ""),
		Body: body})
}

// beside asks the room above what it adds to the record of a task.
func (h *Handler) beside(r *http.Request, t plan.Task) ([]ui.Action, templ.Component, error) {
	if h.deps.Beside == nil {
		return nil, nil, nil
	}
	return h.deps.Beside(r, t)
}

// taskPage starts a page about a task; last names a form on it, "" for the record itself.
func (h *Handler) taskPage(r *http.Request, x plan.Task, last string) ui.Page {
	p := h.web.Page(r, "台账")
	p.Crumbs = []ui.Link{{Text: p.Title, Href: pathLedger}, {Text: x.Title}}
	p.Title = x.Title
	if last != "" {
		p.Title = say(r, last) + " · " + x.Title
		p.Crumbs[1].Href = taskPath(x.ID, "")
		p.Crumbs = append(p.Crumbs, ui.Link{Text: say(r, last)})
	}
	return p
}

// mainSteps are shown as the one primary button when they are possible.
var mainSteps = map[string]bool{"establish": true, "sign": true, "start": true, "accept": true,
	"pass": true, "continue": true, "strike": true}

// taskActions are the buttons of a task. One that belongs to others is left out; one that is not
// possible now says why.
func (h *Handler) taskActions(r *http.Request, x plan.TaskDetail) []ui.Action {
	var out []ui.Action
	primary := false
	for _, o := range x.Offers {
		a := ui.Action{Text: say(r, o.Title)}
		switch {
		case o.Allowed:
			a.Href = taskPath(x.ID, "step") + "?do=" + url.QueryEscape(o.Step)
			a.Primary = mainSteps[o.Step] && !primary
			primary = primary || a.Primary
		case o.WhyNot == nil || o.WhyNot.Kind == fault.Forbidden || o.WhyNot.Kind == fault.NotFound:
			continue
		default:
			a.Why = i18n.Fault(lang(r), o.WhyNot)
		}
		out = append(out, a)
	}
	by := web.Actor(r)
	if plan.TaskPolicy.May(by, plan.ActTaskUpdate, x.Task) == nil && changeable(x.State) {
		out = append(out, ui.Action{Text: say(r, "修改"), Href: taskPath(x.ID, "edit")})
		if x.Level < 3 && plan.TaskPolicy.Could(by, plan.ActTaskCreate) {
			out = append(out, ui.Action{Text: say(r, "分解"),
				Href: pathTasks + "/new?parent=" + url.QueryEscape(x.ID)})
		}
	}
	return out
}

// changeable says whether a task in this state has a form to change it.
func changeable(state string) bool {
	switch state {
	case plan.TaskDraft, plan.TaskEstablished, plan.TaskSigned, plan.TaskActive, plan.TaskReturned:
		return true
	}
	return false
}

// light puts the light of a task into words.
func (h *Handler) light(r *http.Request, x plan.TaskDetail) lightShown {
	v := lightShown{mark: lightMark(r.Context(), x.Light.Colour), class: string(x.Light.Colour),
		rule: x.Rule.Name}
	for _, n := range x.Light.Reasons {
		v.reasons = append(v.reasons, n.In(lang(r)))
	}
	return v
}

// taskFacts is the box beside the record.
func (h *Handler) taskFacts(r *http.Request, x plan.TaskDetail) []ui.Fact {
	l := lang(r)
	due := ui.Fact{Term: say(r, "时限")}
	if x.DueUs != 0 {
		due.Text = i18n.Deadline(l, clock.Time(x.DueUs), h.now())
	}
	actual := plan.PercentText(x.ProgressBp)
	planned := progressShown{actual: actual, mark: x.Light.Planned,
		planned: say(r, "计划 %s%%", x.Light.Planned),
		label:   say(r, "实际 %s%%，计划 %s%%", actual, x.Light.Planned)}
	facts := []ui.Fact{{Term: say(r, "进展"), Big: true, Body: progressBox(planned)}, due}
	if x.AskedDueUs != 0 {
		facts = append(facts, ui.Fact{Term: say(r, "申请延期到"),
			Text: i18n.DateTime(l, clock.Time(x.AskedDueUs))})
	}
	for _, run := range x.Running {
		if run.EndedUs == 0 && run.PausedUs == 0 && run.Clock != "finish" {
			facts = append(facts, ui.Fact{Term: clockTitle(r, run.Clock),
				Text: i18n.Deadline(l, clock.Time(run.DueUs), h.now())})
		}
	}
	for _, part := range plan.Parts() {
		if owners := names(x.Of(part.Value)); owners != "" {
			facts = append(facts, ui.Fact{Term: say(r, part.Title), Text: owners})
		}
	}
	for _, f := range []struct{ term, text string }{{"牵头市领导", x.Leader}, {"责任人", x.Person},
		{"联系人", words(x.Contact, x.Phone)}} {
		if f.text != "" {
			facts = append(facts, ui.Fact{Term: say(r, f.term), Text: f.text})
		}
	}
	start := ""
	if x.Start != "" {
		start = i18n.DateLong(l, x.Start)
	}
	return append(facts, ui.Fact{Term: say(r, "开始日期"), Text: start},
		ui.Fact{Term: say(r, "调度周期"), Text: titled(r.Context(), plan.Cadences(), x.Cadence)},
		ui.Fact{Term: say(r, "地区"), Text: h.placeName(x.Region)},
		ui.Fact{Term: say(r, "编号"), CopyID: x.Code})
}

// clockTitle names a running time limit.
func clockTitle(r *http.Request, name string) string {
	for _, c := range plan.TaskProcess.Def().Clocks {
		if c.Name == name {
			return say(r, "%s时限", i18n.Key(c.Title))
		}
	}
	return name
}

// milestones is the table of the milestones with their weights.
func (h *Handler) milestones(r *http.Request, x plan.TaskDetail) templ.Component {
	if len(x.Milestones) == 0 {
		return nil
	}
	tab := ui.Table{Caption: say(r, "节点"), Dense: true, Cols: []ui.Column{{Label: say(r, "节点")},
		{Label: say(r, "日期")}, {Label: say(r, "权重"), Num: true}, {Label: say(r, "累计"), Num: true},
		{Label: say(r, "情况")}}}
	var sum int64
	for _, m := range x.Milestones {
		sum += m.WeightBp
		mark := ui.State{Tone: ui.Idle, Text: say(r, "未到")}
		switch {
		case m.Reached != "":
			mark = ui.State{Tone: ui.OK, Text: say(r, "%s 达到", i18n.Date(lang(r), m.Reached))}
		case x.ProgressBp >= sum:
			mark = ui.State{Tone: ui.OK, Text: say(r, "进度已覆盖")}
		case m.Day < h.today():
			mark = ui.State{Tone: ui.Bad, Text: say(r, "已逾期")}
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: m.Name, Sub: m.Deliverable},
			{Text: i18n.Date(lang(r), m.Day)}, {Text: plan.PercentText(m.WeightBp) + "%"},
			{Text: plan.PercentText(sum) + "%"}, {Status: &mark}}})
	}
	return ui.With(ui.Block(say(r, "节点")), ui.DataTable(tab))
}

// instructions lists what leaders wrote, with the form to write another.
func (h *Handler) instructions(
	r *http.Request, x plan.TaskDetail, in taskInput, err error,
) templ.Component {
	may := plan.TaskPolicy.May(web.Actor(r), plan.ActTaskInstruct, x.Task) == nil
	if len(x.Instructions) == 0 && !may {
		return nil
	}
	var entries []ui.Entry
	for _, n := range x.Instructions {
		entries = append(entries, ui.Entry{Time: i18n.DateTime(lang(r), clock.Time(n.AtUs)),
			Machine: machineTime(n.AtUs), Title: say(r, "批示"), By: web.Who(r, n.Login), Text: n.Text, Tone: ui.Warn})
	}
	var parts []templ.Component
	if len(entries) > 0 {
		parts = append(parts, ui.Timeline(entries))
	}
	if may {
		inputs := []ui.Input{{Kind: ui.InArea, Name: "text", Label: say(r, "批示内容"), Value: in.text,
			Rows: 3, MaxLen: plan.MaxProse, Count: true}}
		form := ui.FormView{ID: "instruct", Action: taskPath(x.ID, "instruct"), Plain: true,
			Hidden:  []ui.Hidden{{Name: "key", Value: id.New()}},
			Buttons: []ui.Action{{Text: say(r, "批示")}}}
		if in.instruct {
			form.Summary = ui.SummaryOf(lang(r), err)
			ui.Mark(lang(r), inputs, err)
		}
		parts = append(parts, folded(say(r, "写批示"), in.instruct, ui.With(ui.Form(form), fields(inputs))))
	}
	return ui.With(ui.Block(say(r, "批示")), parts...)
}

// reportable says whether progress can be reported in a state.
func reportable(state string) bool {
	switch state {
	case plan.TaskSigned, plan.TaskActive, plan.TaskExtending, plan.TaskReturned:
		return true
	}
	return false
}

// reportForm asks for the progress.
func (h *Handler) reportForm(
	r *http.Request, x plan.TaskDetail, in taskInput, err error,
) templ.Component {
	if plan.TaskPolicy.May(web.Actor(r), plan.ActTaskReport, x.Task) != nil || !reportable(x.State) {
		return nil
	}
	inputs := []ui.Input{
		{Kind: ui.InNumber, Name: "progressBp", Label: say(r, "进度"), Unit: "%", Width: ui.W10,
			Value: cmp.Or(in.progress, plan.PercentText(x.ProgressBp))},
		{Kind: ui.InArea, Name: "situation", Label: say(r, "进展情况"), Value: in.situation, Rows: 4,
			MaxLen: plan.MaxProse, Count: true},
		{Kind: ui.InArea, Name: "problem", Label: say(r, "存在问题"), Value: in.problem, Rows: 2,
			Optional: true, MaxLen: plan.MaxProse},
		{Kind: ui.InArea, Name: "nextStep", Label: say(r, "下步打算"), Value: in.nextStep, Rows: 2,
			Optional: true, MaxLen: plan.MaxProse},
	}
	reached := ui.Input{Kind: ui.InChecks, Name: "reached", Label: say(r, "已达到的节点"),
		Values: in.reached, Optional: true}
	for i, m := range x.Milestones {
		if m.Reached == "" {
			reached.Options = append(reached.Options, ui.Option{Value: number(int64(i)), Text: m.Name})
		}
	}
	if len(reached.Options) > 0 {
		inputs = append(inputs, reached)
	}
	files := evidenceInput(r)
	form := ui.FormView{ID: "report", Action: taskPath(x.ID, "report"), Version: number(x.Version),
		Upload: true, Plain: true, Guard: true, Hidden: []ui.Hidden{{Name: "key", Value: id.New()}},
		Buttons: []ui.Action{{Text: say(r, "填报进展"), Primary: true}}}
	if in.report {
		form.Summary = ui.SummaryOf(lang(r), err)
		ui.Mark(lang(r), inputs, err)
		files.Err = errAt(lang(r), err, "files")
	}
	return ui.With(ui.Block(say(r, "填报进展")), ui.With(ui.Form(form), fields(inputs), ui.Upload(files)))
}

// evidenceInput takes files that prove something.
func evidenceInput(r *http.Request) ui.UploadView {
	return ui.UploadView{Input: ui.Input{Name: "files", Label: say(r, "佐证材料"), Optional: true,
		Multiple: true, Accept: ".pdf,.ofd,.docx,.xlsx,.jpg,.jpeg,.png,.txt,.csv"},
		Limit: say(r, "PDF、OFD、Word、Excel、图片或文本，单个不超过 %d MB", plan.EvidenceFile.MaxBytes>>20)}
}

// reports lists what was reported.
func reports(r *http.Request, x plan.TaskDetail) templ.Component {
	if len(x.Reports) == 0 {
		return nil
	}
	var list []reportShown
	for _, n := range x.Reports {
		list = append(list, reportShown{time: i18n.DateTime(lang(r), clock.Time(n.AtUs)),
			machine: machineTime(n.AtUs), by: words(n.OrgName, web.Who(r, n.Login)), situation: n.Situation,
			title:   say(r, "第 %d 次填报：进度 %s%%", n.Number, plan.PercentText(n.ProgressBp)),
			problem: n.Problem, next: n.NextStep, tone: "run"})
	}
	return ui.With(ui.Block(say(r, "进展")), reportList(list))
}

// tree shows the task between its whole and its parts.
func tree(r *http.Request, x plan.TaskDetail) templ.Component {
	if x.Whole == nil && len(x.Parts) == 0 {
		return nil
	}
	var list []treeShown
	add := func(t plan.Task, depth int64, here bool) {
		list = append(list, treeShown{depth: depth, here: here,
			light: lightMark(r.Context(), t.Light.Colour), code: t.Code, title: t.Title,
			href: taskPath(t.ID, ""), note: words(names(t.Of(plan.Lead)),
				plan.PercentText(t.ProgressBp)+"%", taskMark(r.Context(), t.State).Text)})
	}
	depth := int64(0)
	if x.Whole != nil {
		add(*x.Whole, 0, false)
		depth = 1
	}
	add(x.Task, depth, true)
	for _, p := range x.Parts {
		add(p, depth+1, false)
	}
	return ui.With(ui.Block(say(r, "任务分解")), partTree(list))
}

// goals lists the targets that the task serves.
func goals(h *Handler, r *http.Request, x plan.TaskDetail) templ.Component {
	if len(x.Goals) == 0 {
		return nil
	}
	return ui.With(ui.Block(say(r, "服务的目标")), ui.DataTable(h.targetTable(r, x.Goals, false)))
}

// origins quotes the words that something came from.
func origins(r *http.Request, list []plan.Source) templ.Component {
	if len(list) == 0 {
		return nil
	}
	var out []sourceShown
	for _, s := range list {
		x := sourceShown{quote: s.Quote, title: words("《"+s.Title+"》", s.Number)}
		if s.Readable {
			x.href = place{tab: tabAll, row: s.Statement}.href(s.Document)
		}
		out = append(out, x)
	}
	return ui.With(ui.Block(say(r, "出处")), sourceList(out))
}

func taskContent(r *http.Request, x plan.TaskDetail) templ.Component {
	if x.Content == "" {
		return nil
	}
	var lines []templ.Component
	for line := range strings.SplitSeq(x.Content, "\n") {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, oneParagraph(line))
		}
	}
	return ui.With(ui.Block(say(r, "内容与要求")), ui.With(ui.Prose(), lines...))
}

// evidence lists the files of a task.
func evidence(r *http.Request, x plan.TaskDetail) templ.Component {
	if len(x.Files) == 0 {
		return nil
	}
	var list []ui.FileView
	for _, f := range x.Files {
		list = append(list, ui.FileView{Name: f.Name, Href: taskPath(x.ID, "files/"+f.ID),
			Size: words(i18n.Bytes(f.Size), i18n.DateTime(lang(r), clock.Time(f.CreatedUs)))})
	}
	return ui.With(ui.Block(say(r, "佐证材料")), fileList(list))
}

// getTaskFile sends a file of a task.
func (h *Handler) getTaskFile(w http.ResponseWriter, r *http.Request) error {
	if !id.Valid(r.PathValue("id")) || !id.Valid(r.PathValue("file")) {
		return noSuch()
	}
	ref, content, err := h.plan.OpenEvidence(r.Context(), web.Actor(r), r.PathValue("id"),
		r.PathValue("file"))
	if err != nil {
		return err
	}
	sendFile(w, ref, content)
	return nil
}

// could refuses an act to those who may never do it.
func could(by authz.Actor, act authz.Action) error {
	return allow(plan.TaskPolicy.Could(by, act))
}
