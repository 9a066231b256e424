package planhttp

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// taskForm is a form about a task: what was typed, and what it means.
type taskForm struct {
	data       plan.TaskData
	ledger     string
	parent     string
	statements []string
	lead       pick
	duty       pick
	assist     pick
	dueDay     string
	dueTime    string
	nodes      []nodeText
	place      string // text in the box beside the pick of the region
	reason     string
	version    int64
	key        string
	wrong      []fault.Field // what could not be read
}

// nodeText is a milestone as typed.
type nodeText struct{ name, day, deliverable, weight, reached string }

func (f *taskForm) bad(field, key string, args ...any) {
	f.wrong = append(f.wrong, fault.At(field, key, args...))
}

// lastMinute is shown for a deadline that names only a day.
const lastMinute = "23:59"

// taskFormOf shows stored data in a form.
func taskFormOf(d plan.TaskData) taskForm {
	f := taskForm{data: d, duty: pick{values: d.Duty}, assist: pick{values: d.Assist}}
	if d.Lead != "" {
		f.lead.values = []string{d.Lead}
	}
	if d.DueUs != 0 {
		due := clock.Time(d.DueUs)
		f.dueDay, f.dueTime = string(clock.DateOf(due)), i18n.Minute(due)
	}
	for _, m := range d.Milestones {
		f.nodes = append(f.nodes, nodeText{m.Name, string(m.Day), m.Deliverable,
			plan.PercentText(m.WeightBp), string(m.Reached)})
	}
	return f
}

// maxRows bounds the rows of a form that are read; the room says what is too many for a record.
const maxRows = 100

// readTaskForm reads a form. Milestones are put in the order of their days and numbered anew, as
// the room does, so that messages meet the rows they are about.
func (h *Handler) readTaskForm(ctx context.Context, by authz.Actor, v url.Values) taskForm {
	f := taskForm{ledger: v.Get("ledger"), parent: v.Get("parent"), reason: v.Get("reason"),
		statements: v["statements"], version: versionOf(v), key: v.Get("key"),
		dueDay: strings.TrimSpace(v.Get("dueUs")), dueTime: strings.TrimSpace(v.Get("dueTime"))}
	f.data = plan.TaskData{Title: v.Get("title"), Content: v.Get("content"),
		Leader: v.Get("leader"), Person: v.Get("person"), Contact: v.Get("contact"),
		Phone: v.Get("phone"), Start: clock.Date(strings.TrimSpace(v.Get("start"))),
		Cadence: v.Get("cadence"), Supervisor: v.Get("supervisor"), Targets: v["targets"]}
	f.lead, f.duty, f.assist = readPick(v, "lead"), readPick(v, "duty"), readPick(v, "assist")
	for _, x := range []struct {
		name string
		p    *pick
		many bool
	}{{"lead", &f.lead, false}, {"duty", &f.duty, true}, {"assist", &f.assist, true}} {
		h.resolve(ctx, by, &f, x.name, x.p, x.many, v)
	}
	f.data.Lead, f.data.Duty, f.data.Assist = f.lead.first(), f.duty.values, f.assist.values
	where := readPick(v, "region")
	f.data.Region, f.place = region.Code(where.first()), where.text
	if where.text != "" && !dropped(v, "region") {
		code, err := h.findPlace(by, where.text)
		if e, ok := fault.As(err); ok {
			f.bad("region", e.Key, e.Args...)
		} else {
			f.data.Region, f.place = code, ""
		}
	}
	f.readDue()
	f.readNodes(v)
	return f
}

// resolve finds the organisation that somebody without scripts typed.
func (h *Handler) resolve(
	ctx context.Context, by authz.Actor, f *taskForm, name string, p *pick, many bool, v url.Values,
) {
	if p.text == "" || dropped(v, name) {
		return
	}
	found, err := h.findOrg(ctx, by, p.text)
	if err != nil {
		if e, ok := fault.As(err); ok {
			f.bad(name, e.Key, e.Args...)
		}
		return
	}
	if !many {
		p.values = nil
	}
	p.values, p.text = append(p.values, found), ""
}

// readDue reads the deadline: a day, and a clock time that may be left out.
func (f *taskForm) readDue() {
	if f.dueDay == "" {
		if f.dueTime != "" {
			f.bad("dueUs", "请填写这一项")
		}
		return
	}
	day := clock.Date(f.dueDay)
	if !day.Valid() {
		f.bad("dueUs", "日期应为真实的日期，如 2026-11-22")
		return
	}
	if f.dueTime == "" || f.dueTime == lastMinute {
		f.data.DueUs = plan.EndOfDay(day)
		return
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", f.dueDay+" "+f.dueTime, clock.Shanghai)
	if err != nil {
		f.bad("dueTime", "时刻应写作 18:00")
		return
	}
	f.data.DueUs = clock.Us(at)
}

func (f *taskForm) readNodes(v url.Values) {
	for i, n := range ui.RowNumbers(v, "milestones") {
		if i == maxRows {
			break
		}
		get := func(field string) string { return v.Get(ui.RowName("milestones", n, field)) }
		f.nodes = append(f.nodes, nodeText{get("name"), strings.TrimSpace(get("day")),
			get("deliverable"), strings.TrimSpace(get("weightBp")), get("reached")})
	}
	if v.Get("add") != "milestones" && v.Get("remove") == "" {
		slices.SortStableFunc(f.nodes, func(a, b nodeText) int { return cmp.Compare(a.day, b.day) })
	}
	f.data.Milestones = nil
	for i, x := range f.nodes {
		bp, ok := plan.ParsePercent(x.weight)
		if x.weight != "" && !ok {
			f.bad(ui.RowName("milestones", i, "weightBp"), "权重应为 0 至 100 的数，最多两位小数")
		}
		f.data.Milestones = append(f.data.Milestones, plan.Milestone{Name: x.name,
			Day: clock.Date(x.day), Deliverable: x.deliverable, WeightBp: bp,
			Reached: clock.Date(x.reached)})
	}
}

// check returns what could not be read, nil when everything could.
func (f *taskForm) check() error { return fault.Fields(f.wrong...) }

// edited does what the buttons inside the form ask for without scripts: add or remove a row, drop a
// pick. It reports whether one of them was pressed; then nothing is saved.
func (f *taskForm) edited(v url.Values) bool {
	if v.Get("add") == "milestones" {
		f.nodes = append(f.nodes, nodeText{})
		return true
	}
	if list, digits, ok := strings.Cut(v.Get("remove"), "."); ok && list == "milestones" {
		at := slices.Index(ui.RowNumbers(v, list), int(whole(digits)))
		if at >= 0 && at < len(f.nodes) {
			f.nodes = slices.Delete(f.nodes, at, at+1)
		}
		return true
	}
	return dropped(v, "lead", "duty", "assist", "region")
}

// taskFields draws the fields of the form: what is needed first, the rest folded away.
func (h *Handler) taskFields(
	ctx context.Context, by authz.Actor, f taskForm, ledgers []plan.Ledger, err error,
) templ.Component {
	say := func(zh string) string { return i18n.T(ctx, zh) }
	l := i18n.From(ctx)
	first := []ui.Input{{Name: "title", Label: say("任务"), Value: f.data.Title,
		MaxLen: plan.MaxTitle, AutoComplete: "off"}}
	if f.version == 0 && f.parent == "" {
		first = append(first, ledgerInput(ctx, ledgers, f.ledger))
	}
	due := dayInput("dueUs", say("时限"), clock.Date(f.dueDay))
	due.Optional = true
	due.Hint = say("立项前必须确定")
	clockTime := ui.Input{Name: "dueTime", Label: say("时刻"), Value: f.dueTime, Width: ui.W10,
		Optional: true, Hint: say("如 18:00；不填则到当天结束")}
	start := dayInput("start", say("开始日期"), f.data.Start)
	start.Optional = true
	when := []ui.Input{start, due, clockTime, {Kind: ui.InSelect, Name: "cadence",
		Label: say("调度周期"), Value: cmp.Or(f.data.Cadence, "month"), Width: ui.W10,
		Options: choices(ctx, plan.Cadences())}}
	people := []ui.Input{
		{Name: "leader", Label: say("牵头市领导"), Value: f.data.Leader, Optional: true,
			MaxLen: plan.MaxLine, AutoComplete: "off"},
		{Name: "person", Label: say("责任人"), Value: f.data.Person, Optional: true,
			MaxLen: plan.MaxLine, AutoComplete: "off"},
		{Name: "contact", Label: say("联系人"), Value: f.data.Contact, Optional: true,
			MaxLen: plan.MaxLine, AutoComplete: "off"},
		{Kind: ui.InTel, Name: "phone", Label: say("联系电话"), Value: f.data.Phone, Optional: true,
			MaxLen: 40, AutoComplete: "off"},
	}
	content := []ui.Input{{Kind: ui.InArea, Name: "content", Label: say("内容与要求"),
		Value: f.data.Content, Optional: true, Rows: 4, MaxLen: plan.MaxProse, Count: true}}
	for _, list := range [][]ui.Input{first, when, people, content} {
		ui.Mark(l, list, err)
	}
	more := templ.Join(grid(people), fields(content),
		ui.Combobox(h.placePick(ctx, f.data.Region, f.place, err)), h.targetChecks(ctx, by, f))
	openMore := f.data.Leader+f.data.Person+f.data.Contact+f.data.Phone != "" ||
		anyErr(people, content) || errAt(l, err, "region") != "" || f.data.Region == ""
	return templ.Join(noLedger(ctx, ledgers, first), fields(first), h.unitPicks(ctx, by, f, err), grid(when),
		ui.EditableRows(nodeRows(ctx, f, err)), folded(say("责任人、内容、地区与目标"), openMore, more))
}

// noLedger says what to do before the first task: there has to be a ledger that it goes into.
func noLedger(ctx context.Context, ledgers []plan.Ledger, asked []ui.Input) templ.Component {
	if len(ledgers) > 0 || len(asked) < 2 {
		return templ.NopComponent
	}
	return ui.With(ui.Banner(ui.Warn, i18n.T(ctx, "还没有台账，请先设立一本。")),
		ui.Button(ui.Action{Text: i18n.T(ctx, "设立台账"), Href: pathLedger + "/books", Small: true,
			Attrs: templ.Attributes{"hx-boost": "false"}}))
}

func anyErr(lists ...[]ui.Input) bool {
	for _, list := range lists {
		for _, in := range list {
			if in.Err != "" {
				return true
			}
		}
	}
	return false
}

// ledgerInput chooses the ledger of a new task.
func ledgerInput(ctx context.Context, ledgers []plan.Ledger, chosen string) ui.Input {
	in := ui.Input{Kind: ui.InSelect, Name: "ledger", Label: i18n.T(ctx, "台账"), Value: chosen,
		Width: ui.W18, Options: []ui.Option{{Text: i18n.T(ctx, "请选择")}}}
	for _, g := range ledgers {
		if !g.Closed || g.ID == chosen {
			in.Options = append(in.Options, ui.Option{Value: g.ID, Text: g.Name})
		}
	}
	if in.Value == "" && len(in.Options) == 2 {
		in.Value = in.Options[1].Value
	}
	return in
}

// unitPicks are the pick lists of the units.
func (h *Handler) unitPicks(
	ctx context.Context, by authz.Actor, f taskForm, err error,
) templ.Component {
	say := func(zh string) string { return i18n.T(ctx, zh) }
	return templ.Join(
		ui.Combobox(h.orgPick(ctx, by, ui.Input{Name: "lead", Label: say("牵头单位"),
			Hint: say("只有一个，立项前必须确定"), Optional: true}, f.lead, false, err)),
		ui.Combobox(h.orgPick(ctx, by, ui.Input{Name: "duty", Label: say("责任单位"),
			Optional: true}, f.duty, true, err)),
		ui.Combobox(h.orgPick(ctx, by, ui.Input{Name: "assist", Label: say("配合单位"),
			Optional: true}, f.assist, true, err)))
}

// targetChecks are the targets that the task serves.
func (h *Handler) targetChecks(ctx context.Context, by authz.Actor, f taskForm) templ.Component {
	in := ui.Input{Kind: ui.InChecks, Name: "targets", Label: i18n.T(ctx, "服务的目标"),
		Values: f.data.Targets, Optional: true}
	for _, targetID := range f.data.Targets {
		x, err := h.plan.GetTarget(ctx, by, targetID)
		if err != nil {
			continue
		}
		in.Options = append(in.Options, ui.Option{Value: targetID,
			Text: words(x.Text(), period(ctx, x.From, x.To), x.OrgName)})
	}
	if len(in.Options) == 0 {
		return templ.NopComponent
	}
	return ui.Field(in)
}

func nodeRows(ctx context.Context, f taskForm, err error) ui.EditRows {
	l := i18n.From(ctx)
	hint := i18n.T(ctx, "权重合计 100；进度按节点日期推算，灯由此而来")
	if text := errAt(l, err, "milestones"); text != "" {
		hint = text
	}
	out := ui.EditRows{Name: "milestones", Legend: i18n.T(ctx, "节点"), Hint: hint,
		Row: i18n.T(ctx, "节点 %s", "%s"), Add: i18n.T(ctx, "添加节点"), Optional: true, Max: 50,
		Blank: nodeRow(ctx, ui.RowBlank, nodeText{})}
	for i, x := range f.nodes {
		row := nodeRow(ctx, i, x)
		ui.Mark(l, row, err)
		out.Rows = append(out.Rows, row)
	}
	return out
}

func nodeRow(ctx context.Context, n int, x nodeText) []ui.Input {
	name := func(field string) string { return ui.RowName("milestones", n, field) }
	return []ui.Input{
		{Name: name("name"), Label: i18n.T(ctx, "节点名称"), Value: x.name, MaxLen: plan.MaxLine,
			AutoComplete: "off"},
		dayInput(name("day"), i18n.T(ctx, "日期"), clock.Date(x.day)),
		{Kind: ui.InNumber, Name: name("weightBp"), Label: i18n.T(ctx, "权重"), Value: x.weight,
			Unit: "%", Width: ui.W10},
		{Name: name("deliverable"), Label: i18n.T(ctx, "交付物"), Value: x.deliverable,
			Optional: true, MaxLen: plan.MaxLine, AutoComplete: "off"},
	}
}

// hiddenTask are the parts of the form that are carried along unseen.
func (f taskForm) hidden() []ui.Hidden {
	out := []ui.Hidden{{Name: "key", Value: f.key}, {Name: "parent", Value: f.parent},
		{Name: "supervisor", Value: f.data.Supervisor}}
	for _, s := range f.statements {
		out = append(out, ui.Hidden{Name: "statements", Value: s})
	}
	for i, x := range f.nodes {
		if x.reached != "" {
			out = append(out, ui.Hidden{Name: ui.RowName("milestones", i, "reached"), Value: x.reached})
		}
	}
	return out
}
