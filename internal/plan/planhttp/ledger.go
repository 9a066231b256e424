package planhttp

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// TaskQuery is the filter of the ledger as an address says it. Both doors read it.
type TaskQuery struct {
	Q        string `query:"q" doc:"words of the title, or a code"`
	Ledger   string `query:"ledger" doc:"id of a ledger"`
	Org      string `query:"org" doc:"id of a unit of the task"`
	Unit     string `query:"unit" doc:"name of a unit of the task, or words of it"`
	Part     string `query:"part" doc:"what the unit does: lead, duty or assist"`
	State    string `query:"state" doc:"state of the task"`
	Light    string `query:"light" doc:"red, yellow, green, grey or blue"`
	Region   string `query:"region" doc:"GB/T 2260 code, with everything inside"`
	From     string `query:"from" doc:"due on this day or later, 2006-01-02"`
	To       string `query:"to" doc:"due on this day or earlier"`
	Document string `query:"document" doc:"id of the document it came from"`
	Target   string `query:"target" doc:"id of a target it serves"`
	Parent   string `query:"parent" doc:"id of the task it is a part of"`
	Level    string `query:"level" doc:"1, 2 or 3"`
	Open     string `query:"open" doc:"1 = not finished"`
	Overdue  string `query:"overdue" doc:"1 = past the deadline and not finished"`
	Sort     string `query:"sort" enum:"code,newest,due,updated,progress"`
}

func readTaskQuery(get func(string) string) TaskQuery {
	return TaskQuery{Q: strings.TrimSpace(get("q")), Ledger: get("ledger"), Org: get("org"),
		Unit: strings.TrimSpace(get("unit")), Part: get("part"), State: get("state"),
		Light: get("light"), Region: get("region"), From: get("from"), To: get("to"),
		Document: get("document"), Target: get("target"), Parent: get("parent"), Level: get("level"),
		Open: get("open"), Overdue: get("overdue"), Sort: get("sort")}
}

func (q TaskQuery) filtered() bool {
	q.Sort = ""
	return q != TaskQuery{}
}

// levels are the depths of tasks and targets.
var levels = []plan.Choice{{Value: "1", Title: "总任务"}, {Value: "2", Title: "分任务"},
	{Value: "3", Title: "子任务"}}

// maxUnits is how many units one name may stand for in a filter.
const maxUnits = 20

// unitsNamed are the units of the registry that a filter names.
func (h *Handler) unitsNamed(
	ctx context.Context, by authz.Actor, w *wrong, name string,
) []string {
	w.text("unit", name)
	page, err := h.deps.Party.ListOrganisations(ctx, by, party.OrgFilter{Query: name}, "",
		db.PageReq{Limit: maxUnits})
	switch {
	case len(w.list) > 0:
	case err != nil || len(page.Items) == 0:
		w.bad("unit", "主体库中没有“%s”", short(name))
	case page.Next != "":
		w.bad("unit", "“%s”不止 %d 个单位，请写得更全", short(name), maxUnits)
	}
	var out []string
	for _, o := range page.Items {
		out = append(out, o.ID)
	}
	return out
}

func (h *Handler) taskFilter(
	ctx context.Context, by authz.Actor, q TaskQuery,
) (plan.TaskFilter, error) {
	w := wrong{h: h}
	w.text("q", q.Q)
	w.choice("state", q.State, taskStates())
	w.choice("light", q.Light, plan.Colours())
	w.choice("part", q.Part, plan.Parts())
	w.choice("level", q.Level, levels)
	w.place("region", q.Region)
	w.days(q.From, q.To)
	var units []string
	if q.Unit != "" {
		units = h.unitsNamed(ctx, by, &w, q.Unit)
	}
	return plan.TaskFilter{Orgs: units, Query: q.Q, Ledger: q.Ledger, Org: q.Org, Part: q.Part, State: q.State,
		Light: q.Light, Region: region.Code(q.Region), From: clock.Date(q.From), To: clock.Date(q.To),
		Document: q.Document, Target: q.Target, Parent: q.Parent, Level: int(whole(q.Level)),
		Open: q.Open == "1", Overdue: q.Overdue == "1"}, w.err()
}

// getLedger shows the ledger as table, board, paper or file.
func (h *Handler) getLedger(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := allow(plan.TaskPolicy.Could(by, plan.ActTaskRead)); err != nil {
		return err
	}
	q := readTaskQuery(r.FormValue)
	f, err := h.taskFilter(r.Context(), by, q)
	if format := r.FormValue("format"); format != "" {
		if err != nil {
			return err
		}
		return h.exportTasks(w, r, q, f, format)
	}
	if err == nil && r.FormValue("view") == "print" {
		return h.printLedger(w, r, q, f)
	}
	status, results := http.StatusOK, templ.Component(nil)
	switch {
	case err != nil:
		status, results = http.StatusUnprocessableEntity, wrongQuery(r, "台账", err)
	case r.FormValue("view") == "board":
		results, err = h.boardResults(r, q, f)
	default:
		results, err = h.taskResults(r, q, f)
	}
	if results == nil {
		return err
	}
	ledgers, err := h.plan.ListLedgers(r.Context(), by)
	if err != nil {
		return err
	}
	p := h.web.Page(r, "台账")
	head := ui.Head{Title: p.Title, Lead: say(r, "每项任务一个牵头单位；灯按规则每天重算，理由写在旁边。"),
		Actions: h.ledgerActions(r)}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(h.taskFilters(r, by, q, ledgers)), results)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

// ledgerActions are the buttons above the ledger.
func (h *Handler) ledgerActions(r *http.Request) []ui.Action {
	by := web.Actor(r)
	board := r.FormValue("view") == "board"
	out := []ui.Action{
		{Text: say(r, "清单"), Href: web.ListAddress(r, url.Values{"view": nil}), Current: !board},
		{Text: say(r, "看板"), Href: web.ListAddress(r, url.Values{"view": {"board"}}), Current: board},
		{Text: say(r, "打印版"), Href: web.ListAddress(r, url.Values{"view": {"print"}})}}
	if plan.TaskPolicy.Could(by, plan.ActTaskImport) {
		out = append(out, ui.Action{Text: say(r, "导入"), Href: pathLedger + "/import"})
	}
	if plan.TaskPolicy.Could(by, plan.ActTaskCreate) {
		out = append(out, ui.Action{Text: say(r, "拟立任务"), Href: pathTasks + "/new", Primary: true})
	}
	return out
}

func (h *Handler) taskFilters(
	r *http.Request, by authz.Actor, q TaskQuery, ledgers []plan.Ledger,
) ui.Filters {
	ctx := r.Context()
	t := func(zh string) string { return i18n.T(ctx, zh) }
	f := ui.Filters{Action: pathLedger, Label: t("筛选台账"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: t("关键词"), Value: q.Q, Placeholder: t("任务或编号")},
		{Name: "light", Label: t("灯"), Value: q.Light, Options: all(ctx, choices(ctx, plan.Colours()))},
		{Name: "state", Label: t("状态"), Value: q.State, Options: all(ctx, choices(ctx, taskStates()))},
		{Kind: ui.FilterText, Name: "unit", Label: t("单位"), Value: q.Unit},
		{Name: "region", Label: t("地区"), Value: q.Region,
			Options: all(ctx, h.placeOptions(by, region.Code(q.Region)))},
	}}
	books := all(ctx, nil)
	for _, g := range ledgers {
		books = append(books, ui.Option{Value: g.ID, Text: g.Name})
	}
	f.More = []ui.Filter{
		{Name: "ledger", Label: t("台账"), Value: q.Ledger, Options: books},
		{Name: "part", Label: t("单位的职责"), Value: q.Part,
			Options: all(ctx, choices(ctx, plan.Parts()))},
		{Name: "level", Label: t("层级"), Value: q.Level, Options: all(ctx, choices(ctx, levels))},
		{Kind: ui.FilterDates, Name: "from", ToName: "to", Label: t("时限"), Value: validDay(q.From),
			ToValue: validDay(q.To)},
		{Kind: ui.FilterCheck, Name: "open", Label: t("只看未办结"), Value: q.Open},
		{Kind: ui.FilterCheck, Name: "overdue", Label: t("只看逾期"), Value: q.Overdue},
	}
	f.MoreOn = q.Ledger+q.Part+q.Level+q.From+q.To+q.Open+q.Overdue != ""
	for name, v := range map[string]string{"org": q.Org, "document": q.Document, "target": q.Target,
		"parent": q.Parent, "sort": q.Sort, "view": r.FormValue("view")} {
		if v != "" {
			f.Hidden = append(f.Hidden, ui.Hidden{Name: name, Value: v})
		}
	}
	return f
}

// validDay is a day as a browser takes it, "" for what is none.
func validDay(s string) string {
	if !clock.Date(s).Valid() {
		return ""
	}
	return s
}

// taskChips are the filters in force, each a link to the list without it.
func (h *Handler) taskChips(r *http.Request, q TaskQuery) []ui.Link {
	ctx, by := r.Context(), web.Actor(r)
	var out []ui.Link
	chip := func(text string, names ...string) {
		if text != "" {
			set := url.Values{}
			for _, n := range names {
				set[n] = nil
			}
			out = append(out, ui.Link{Text: text, Href: web.ListAddress(r, set)})
		}
	}
	chip(quoted(r, q.Q), "q")
	chip(titled(ctx, plan.Colours(), q.Light), "light")
	chip(titled(ctx, taskStates(), q.State), "state")
	chip(h.placeName(region.Code(q.Region)), "region")
	chip(q.Unit, "unit")
	if q.Org != "" {
		chip(h.orgName(ctx, by, q.Org), "org")
	}
	if q.Document != "" {
		if d, err := h.plan.GetDocument(ctx, by, q.Document); err == nil {
			chip("《"+d.Title+"》", "document")
		}
	}
	if q.Target != "" {
		if x, err := h.plan.GetTarget(ctx, by, q.Target); err == nil {
			chip(x.Text(), "target")
		}
	}
	chip(titled(ctx, plan.Parts(), q.Part), "part")
	chip(titled(ctx, levels, q.Level), "level")
	if q.From+q.To != "" {
		chip(say(r, "时限 %s 至 %s", orDots(q.From), orDots(q.To)), "from", "to")
	}
	if q.Open == "1" {
		chip(say(r, "未办结"), "open")
	}
	if q.Overdue == "1" {
		chip(say(r, "逾期"), "overdue")
	}
	return out
}

func orDots(s string) string {
	if s == "" {
		return "…"
	}
	return s
}

// taskBar counts what is listed; the lights are links to the list of each.
func (h *Handler) taskBar(
	r *http.Request, q TaskQuery, f plan.TaskFilter,
) (ui.ResultBar, plan.TaskCounts, error) {
	counts, err := h.plan.CountTasks(r.Context(), web.Actor(r), f)
	bar := ui.ResultBar{Count: say(r, "共 %s 项", i18n.Int(counts.All)), Chips: h.taskChips(r, q)}
	if err != nil {
		return bar, counts, err
	}
	if q.filtered() {
		bar.Clear = web.ListAddress(r, url.Values{"q": nil, "ledger": nil, "org": nil, "part": nil,
			"state": nil, "light": nil, "region": nil, "from": nil, "to": nil, "document": nil,
			"target": nil, "parent": nil, "level": nil, "open": nil, "overdue": nil})
	}
	bar.Views, err = h.views(r)
	if counts.All > 0 && plan.TaskPolicy.Could(web.Actor(r), plan.ActTaskExport) {
		bar.Exports = exports(r)
	}
	return bar, counts, err
}

// taskResults is the table of the ledger.
func (h *Handler) taskResults(
	r *http.Request, q TaskQuery, f plan.TaskFilter,
) (templ.Component, error) {
	bar, counts, err := h.taskBar(r, q, f)
	if err != nil {
		return nil, err
	}
	page, err := h.plan.ListTasks(r.Context(), web.Actor(r), f, q.Sort, web.PageReq(r, pageSize))
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{ui.ResultHead(bar), lightCounts(lightLinks(r, q, counts))}
	if len(page.Items) == 0 {
		parts = append(parts, noTasks(r, q))
	} else {
		tab := h.taskTable(r, page.Items, say(r, "台账"))
		sort := sortOf(q.Sort, plan.TaskOrders())
		tab.Cols[0] = sortable(r, tab.Cols[0].Label, "code", "ascending", sort)
		tab.Cols[5] = sortable(r, tab.Cols[5].Label, "due", "ascending", sort)
		tab.Cols[6] = sortable(r, tab.Cols[6].Label, "progress", "ascending", sort)
		tab.Cols[6].Num = true
		parts = append(parts, ui.DataTable(tab))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", say(r, "台账")), parts...), nil
}

// noTasks tells an empty ledger from a filter that nothing matches.
func noTasks(r *http.Request, q TaskQuery) templ.Component {
	switch {
	case q.filtered():
		return ui.With(ui.Empty(say(r, "台账里没有符合条件的任务"), say(r, "换一个关键词，或放宽条件。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: r.URL.Path}))
	case plan.TaskPolicy.Could(web.Actor(r), plan.ActTaskCreate):
		return ui.With(ui.Empty(say(r, "台账还是空的"), say(r, "审读文件时立任务，逐项拟立，或导入已有的 Excel 台账。")),
			ui.Button(ui.Action{Text: say(r, "拟立任务"), Href: pathTasks + "/new"}))
	}
	return ui.Empty(say(r, "没有您可以查看的任务"), say(r, "下达给您的单位或地区的任务会出现在这里。"))
}

// lightLinks are the lights with their counts, each a link to its list.
func lightLinks(r *http.Request, q TaskQuery, counts plan.TaskCounts) []lightCount {
	var out []lightCount
	for _, c := range plan.Colours() {
		if n := counts.Lights[c.Value]; n > 0 {
			out = append(out, lightCount{mark: lightMark(r.Context(), plan.Colour(c.Value)),
				n: i18n.Int(n), href: web.ListAddress(r, url.Values{"light": {c.Value}}),
				current: q.Light == c.Value})
		}
	}
	if counts.Overdue > 0 {
		out = append(out, lightCount{mark: ui.State{Tone: ui.Bad, Text: say(r, "逾期")},
			n: i18n.Int(counts.Overdue), href: web.ListAddress(r, url.Values{"overdue": {"1"}}),
			current: q.Overdue == "1"})
	}
	return out
}

type lightCount struct {
	mark    ui.State
	n, href string
	current bool
}

// taskTable lists tasks in the form that offices use.
func (h *Handler) taskTable(r *http.Request, list []plan.Task, caption string) ui.Table {
	tab := ui.Table{Caption: caption, Dense: true, Cols: []ui.Column{{Label: say(r, "序号")},
		{Label: say(r, "任务")}, {Label: say(r, "灯")}, {Label: say(r, "牵头单位")},
		{Label: say(r, "责任单位")}, {Label: say(r, "时限")}, {Label: say(r, "进展"), Num: true},
		{Label: say(r, "状态")}}}
	for _, x := range list {
		light, state := lightMark(r.Context(), x.Light.Colour), taskMark(r.Context(), x.State)
		cell := ui.Cell{Text: x.Title, Href: taskPath(x.ID, "")}
		if x.Light.Colour == plan.Red || x.Light.Colour == plan.Yellow {
			cell.Sub = reasons(lang(r), x.Light)
		}
		row := ui.Row{ID: x.ID, Cells: []ui.Cell{{Text: x.Code, Mono: true}, cell,
			{Status: &light}, {Text: dash(names(x.Of(plan.Lead)))},
			{Text: dash(names(x.Of(plan.Duty)))}, h.dueCell(r.Context(), x),
			{Text: plan.PercentText(x.ProgressBp) + "%", Body: bar(x.ProgressBp)}, {Status: &state}}}
		if x.Light.Colour == plan.Red {
			row.Tone = ui.Bad
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// reasons says why a light has its colour.
func reasons(l i18n.Lang, x plan.Light) string {
	var out []string
	for _, n := range x.Reasons {
		out = append(out, n.In(l))
	}
	return strings.Join(out, between(l, "；", "; "))
}

// between is the mark that separates parts of a text, which depends on the language.
func between(l i18n.Lang, zh, en string) string {
	if l == i18n.EN {
		return en
	}
	return zh
}

func names(list []plan.Owner) string {
	var out []string
	for _, o := range list {
		out = append(out, o.Name)
	}
	return strings.Join(out, "、")
}

// dueCell shows a deadline in a table.
func (h *Handler) dueCell(ctx context.Context, x plan.Task) ui.Cell {
	if x.DueUs == 0 {
		return ui.Cell{Text: "—"}
	}
	due := clock.Time(x.DueUs)
	c := ui.Cell{Text: i18n.Date(i18n.From(ctx), clock.DateOf(due)), Time: machineTime(x.DueUs)}
	if due.Before(h.now()) && x.DoneUs == 0 && !ended(x.State) {
		c.Sub = i18n.T(ctx, "已逾期")
	}
	return c
}

func ended(state string) bool {
	return state == plan.TaskDone || state == plan.TaskStruck || state == plan.TaskTerminated
}
