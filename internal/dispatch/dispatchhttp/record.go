package dispatchhttp

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// tab is one tab of a meeting.
type tab struct {
	name, title string
	shown       func(s sight, d dispatch.MeetingDetail) bool
	body        func(h *Handler, r *http.Request, d dispatch.MeetingDetail) (templ.Component, error)
}

// sight is what somebody may do with a meeting now.
type sight struct {
	edits   bool // the agenda
	decides bool
	writes  bool // the minutes
	inner   bool // sees drafts
}

func sightOf(r *http.Request, d dispatch.MeetingDetail) sight {
	by := web.Actor(r)
	keeps := dispatch.MeetingPolicy.MaySee(by, dispatch.ActMeetingUpdate, d.Meeting)
	held := d.State == dispatch.Held
	return sight{edits: keeps && (held || d.State == dispatch.Preparing || d.State == dispatch.Notified),
		decides: keeps && held, writes: keeps && held,
		inner: dispatch.MeetingPolicy.MaySee(by, dispatch.ActMeetingDraft, d.Meeting)}
}

var tabs = []tab{
	{"", "议程", func(sight, dispatch.MeetingDetail) bool { return true }, (*Handler).agendaTab},
	{"before", "前次决议落实", func(_ sight, d dispatch.MeetingDetail) bool { return d.Previous != "" },
		(*Handler).beforeTab},
	{"decisions", "决议", func(s sight, d dispatch.MeetingDetail) bool { return s.inner || d.State == dispatch.Issued },
		(*Handler).decisionsTab},
	{"minutes", "纪要", func(s sight, d dispatch.MeetingDetail) bool { return s.inner || d.State == dispatch.Issued },
		(*Handler).minutesTab},
	{"timeline", "时间线", func(s sight, _ dispatch.MeetingDetail) bool { return s.inner }, (*Handler).timelineTab},
}

// of reads the meeting of the address.
func (h *Handler) of(r *http.Request) (dispatch.MeetingDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return dispatch.MeetingDetail{}, occasion.Absent()
	}
	return h.dispatch.GetMeeting(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) getMeeting(w http.ResponseWriter, r *http.Request) error {
	d, err := h.of(r)
	if err != nil {
		return err
	}
	return h.showTab(w, r, d, tabs[0])
}

// getPart shows a tab, a form or a paper of a meeting.
func (h *Handler) getPart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.of(r)
	if err != nil {
		return err
	}
	part := r.PathValue("part")
	for _, t := range tabs[1:] {
		if t.name == part {
			return h.showTab(w, r, d, t)
		}
	}
	show := map[string]func(http.ResponseWriter, *http.Request, dispatch.MeetingDetail) error{
		"edit": h.getEdit, "item": h.getItem, "drop": h.getDrop, "decide": h.getDecide, "settle": h.getSettle,
		"write": h.getWrite, "pack": h.showPack, "print": h.printPack, "pack.docx": h.sendPack,
		"minutes-print": h.printMinutes, "minutes.docx": h.sendMinutes, "agenda.xlsx": h.sendAgenda,
		"step": func(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
			return h.askStep(w, r, d, r.FormValue("do"), "", nil)
		},
	}[part]
	if show == nil {
		return occasion.Absent()
	}
	return show(w, r, d)
}

// postPart does what the forms of a meeting ask for.
func (h *Handler) postPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.of(r)
	if err != nil {
		return err
	}
	do := map[string]func(http.ResponseWriter, *http.Request, dispatch.MeetingDetail) error{
		"edit": h.postEdit, "item": h.postItem, "drop": h.postDrop, "move": h.postMove, "propose": h.postPropose,
		"decide": h.postDecide, "undecide": h.postUndecide, "settle": h.postSettle, "write": h.postWrite,
		"step": h.postStep,
	}[r.PathValue("part")]
	if do == nil {
		return occasion.Absent()
	}
	return do(w, r, d)
}

func (h *Handler) page(r *http.Request, d dispatch.MeetingDetail, last string) ui.Page {
	return h.Sub(r, "调度会", pathMeetings, d.Title, path(d.ID, ""), last)
}

func (h *Handler) showTab(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail, t tab) error {
	s := sightOf(r, d)
	if !t.shown(s, d) {
		return kit.ErrRole()
	}
	panel, err := t.body(h, r, d)
	if err != nil {
		return err
	}
	var links []ui.Tab
	for _, x := range tabs {
		if x.shown(s, d) {
			links = append(links, ui.Tab{ID: "t-" + x.name, Text: kit.Say(r, x.title), Href: path(d.ID, x.name),
				Current: x.name == t.name})
		}
	}
	m := meetingMark(r.Context(), d.State)
	head := ui.Head{Title: d.Title, Status: &m, ID: d.Code, Actions: h.actions(r, d),
		Lead: ui.Words(kit.Span(r, d.StartsUs, d.EndsUs), d.Place)}
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), h.facts(r, d))),
		ui.With(ui.Tabs(kit.Say(r, "会议信息"), links), panel)))
	return h.Web.Render(w, r, web.View{Page: h.page(r, d, ""), Body: body})
}

func (h *Handler) actions(r *http.Request, d dispatch.MeetingDetail) []ui.Action {
	out := []ui.Action{{Text: kit.Say(r, "会议材料"), Href: path(d.ID, "pack")}}
	by := web.Actor(r)
	if dispatch.MeetingPolicy.MaySee(by, dispatch.ActMeetingUpdate, d.Meeting) &&
		(d.State == dispatch.Preparing || d.State == dispatch.Notified) {
		out = append(out, ui.Action{Text: kit.Say(r, "编辑"), Href: path(d.ID, "edit")})
	}
	steps := kit.StepActions(r, d.Offers, path(d.ID, "step"))
	for i := range steps {
		if steps[i].Href != "" {
			steps[i].Primary = true
			break
		}
	}
	return append(out, steps...)
}

func (h *Handler) facts(r *http.Request, d dispatch.MeetingDetail) []ui.Fact {
	out := []ui.Fact{
		{Term: kit.Say(r, "会议系列"), Text: d.SeriesName, Href: h.seriesHref(r, d.Series)},
		{Term: kit.Say(r, "次数"), Text: kit.Say(r, "第 %d 次", d.Number)},
		{Term: kit.Say(r, "主持人"), Text: d.Chair},
		{Term: kit.Say(r, "召集单位"), Text: d.HostName, Href: "/orgs/" + d.HostNow},
		{Term: kit.Say(r, "参会单位"), Body: unitLinks(unitsOf(d.Units))},
	}
	if d.Note != "" {
		out = append(out, ui.Fact{Term: kit.Say(r, "参会要求"), Body: kit.Paragraphs(strings.Split(d.Note, "\n"))})
	}
	if d.Previous != "" {
		out = append(out, ui.Fact{Term: kit.Say(r, "前次会议"), Text: kit.Say(r, "打开"), Href: path(d.Previous, "")})
	}
	for _, run := range d.Running {
		out = append(out, ui.Fact{Term: kit.Say(r, "纪要印发时限"), Text: h.deadline(r, run.DueUs)})
	}
	if d.MinutesNo != "" {
		out = append(out, ui.Fact{Term: kit.Say(r, "纪要文号"), Text: d.MinutesNo, Mono: true})
	}
	return append(out, ui.Fact{Term: kit.Say(r, "编号"), CopyID: d.Code})
}

func (h *Handler) seriesHref(r *http.Request, seriesID string) string {
	if !dispatch.SeriesPolicy.Could(web.Actor(r), dispatch.ActSeriesRead) {
		return ""
	}
	return seriesPath(seriesID, "")
}

func unitsOf(list []dispatch.Unit) []ui.Link {
	var out []ui.Link
	for _, u := range list {
		out = append(out, ui.Link{Text: u.Name, Href: "/orgs/" + u.Now})
	}
	return out
}

// agendaTab is the agenda with why each item is there.
func (h *Handler) agendaTab(r *http.Request, d dispatch.MeetingDetail) (templ.Component, error) {
	s := sightOf(r, d)
	var parts []templ.Component
	if bar := h.agendaBar(r, d, s); bar != nil {
		parts = append(parts, bar)
	}
	if len(d.Items) == 0 {
		hint := "没有红灯、黄灯和逾期任务，可手工添加议题。"
		if !s.edits {
			hint = "会议没有议题。"
		}
		return templ.Join(append(parts, ui.Empty(kit.Say(r, "议程还没有议题"), kit.Say(r, hint)))...), nil
	}
	return templ.Join(append(parts, ui.DataTable(h.agendaTable(r, d, s)))...), nil
}

func (h *Handler) agendaBar(r *http.Request, d dispatch.MeetingDetail, s sight) templ.Component {
	var list []templ.Component
	if s.edits && d.State != dispatch.Held {
		list = append(list, ui.PostButton(ui.Post{Action: path(d.ID, "propose"),
			Hidden: []ui.Hidden{{Name: "version", Value: kit.Number(d.Version)}},
			Button: ui.Action{Text: kit.Say(r, "更新系统提出的议题")}}))
	}
	if s.edits {
		list = append(list, ui.Button(ui.Action{Text: kit.Say(r, "添加议题"), Href: path(d.ID, "item")}))
	}
	if dispatch.MeetingPolicy.MaySee(web.Actor(r), dispatch.ActMeetingExport, d.Meeting) && len(d.Items) > 0 {
		list = append(list, ui.Button(ui.Action{Text: kit.Say(r, "导出 Excel"), Href: path(d.ID, "agenda.xlsx")}))
	}
	if len(list) == 0 {
		return nil
	}
	return toolbar(list)
}

// moverShown are the small buttons of an item.
type moverShown struct {
	action, item, version string
	moves                 []moveShown
	links                 []ui.Action
}

type moveShown struct {
	to          int
	text, label string
}

func (h *Handler) agendaTable(r *http.Request, d dispatch.MeetingDetail, s sight) ui.Table {
	ctx := r.Context()
	t := ui.Table{Caption: kit.Say(r, "议程"), Cols: []ui.Column{{Label: kit.Say(r, "议题")},
		{Label: kit.Say(r, "列入原因")}, {Label: kit.Say(r, "汇报单位")}, {Label: kit.Say(r, "时长（分钟）"), Num: true}}}
	if s.edits {
		t.Cols = append(t.Cols, ui.Column{Label: kit.Say(r, "操作"), Sr: true})
	}
	n, sum := 0, int64(0)
	for i, x := range d.Items {
		title := x.Title
		if !x.Dropped {
			n++
			sum += x.Minutes
			title = kit.Number(int64(n)) + ". " + title
		}
		first := ui.Cell{Text: title, Href: x.Href, Sub: x.Text, Status: lightMark(ctx, x.Colour)}
		why := ui.Cell{Kind: &ui.State{Text: kit.Titled(ctx, choices(dispatch.Origins()), x.Origin)},
			Body: reasonList(notes(ctx, x.Reasons))}
		if x.SeenUs != 0 {
			why.Sub = kit.Say(r, "截至 %s", kit.Moment(r, x.SeenUs))
		}
		row := ui.Row{Cells: []ui.Cell{first, why, {Text: ui.OrDash(x.OrgName), Sub: x.Speaker},
			{Text: i18n.Int(x.Minutes)}}}
		if x.Dropped {
			row.Cells[0].Sub = kit.Say(r, "已移出议程：%s", x.DropReason)
			row.Cells[3].Text = ui.OrDash("")
		}
		if s.edits {
			row.Cells = append(row.Cells, ui.Cell{Body: movers(h.mover(r, d, x, i))})
		}
		t.Rows = append(t.Rows, row)
	}
	t.Foot = []ui.Cell{{Text: kit.Say(r, "合计")}, {Text: kit.Say(r, "%s 个议题", i18n.Int(int64(n)))}, {},
		{Text: i18n.Int(sum)}}
	if s.edits {
		t.Foot = append(t.Foot, ui.Cell{})
	}
	return t
}

func (h *Handler) mover(r *http.Request, d dispatch.MeetingDetail, x dispatch.Item, i int) moverShown {
	m := moverShown{action: path(d.ID, "move"), item: x.ID, version: kit.Number(d.Version)}
	at := "?item=" + x.ID
	if x.Dropped {
		m.links = []ui.Action{{Text: kit.Say(r, "重新列入"), Small: true, Href: path(d.ID, "drop") + at + "&back=1",
			Label: kit.Say(r, "重新列入") + " " + x.Title}}
		return m
	}
	if i > 0 {
		m.moves = append(m.moves, moveShown{i, "↑", kit.Say(r, "上移 %s", x.Title)})
	}
	if i < len(d.Items)-1 {
		m.moves = append(m.moves, moveShown{i + 2, "↓", kit.Say(r, "下移 %s", x.Title)})
	}
	if d.State == dispatch.Held {
		m.links = append(m.links, ui.Action{Text: kit.Say(r, "记决议"), Small: true, Href: path(d.ID, "decide") + at,
			Label: kit.Say(r, "记决议") + " " + x.Title})
	}
	m.links = append(m.links, ui.Action{Text: kit.Say(r, "编辑"), Small: true, Href: path(d.ID, "item") + at,
		Label: kit.Say(r, "编辑") + " " + x.Title},
		ui.Action{Text: kit.Say(r, "移出"), Small: true, Href: path(d.ID, "drop") + at,
			Label: kit.Say(r, "移出") + " " + x.Title})
	return m
}

// beforeTab is what became of the decisions of meetings before.
func (h *Handler) beforeTab(r *http.Request, d dispatch.MeetingDetail) (templ.Component, error) {
	list, err := h.dispatch.FollowUps(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return ui.Empty(kit.Say(r, "没有要看的决议"), kit.Say(r, "前次会议没有决议，更早的都已办结。")), nil
	}
	return templ.Join(ui.Note(kit.Say(r, "截至 %s", kit.Moment(r, list[0].AtUs))),
		ui.DataTable(h.outcomeTable(r, list, true, nil))), nil
}

// outcomeTable lists decisions with what became of them. more adds the buttons of a row.
func (h *Handler) outcomeTable(
	r *http.Request, list []dispatch.FollowUp, meeting bool, more func(dispatch.FollowUp) templ.Component,
) ui.Table {
	ctx := r.Context()
	t := ui.Table{Caption: kit.Say(r, "决议"), Cols: []ui.Column{{Label: kit.Say(r, "决议")},
		{Label: kit.Say(r, "责任单位")}, {Label: kit.Say(r, "时限")}, {Label: kit.Say(r, "进展"), Num: true},
		{Label: kit.Say(r, "状态")}}}
	if more != nil {
		t.Cols = append(t.Cols, ui.Column{Label: kit.Say(r, "操作"), Sr: true})
	}
	for _, u := range list {
		first := ui.Cell{Text: u.Text, Kind: &ui.State{Text: kit.Titled(ctx, choices(dispatch.DecisionKinds()), u.Kind)},
			Sub: u.SettledNote}
		if meeting {
			first.Href, first.Sub = path(u.Meeting, "decisions"), ui.Words(u.MeetingTitle, u.SettledNote)
		}
		due, progress := u.DueUs, ui.Cell{Text: ui.OrDash("")}
		if u.Task != nil {
			due = u.Task.DueUs
			progress = ui.Cell{Text: plan.PercentText(u.Task.ProgressBp) + "%", Href: "/tasks/" + u.Task.ID,
				Status: lightMark(ctx, u.Task.Light.Colour), Sub: u.Task.Code}
		}
		mark := outcomeMark(r, u)
		row := ui.Row{Cells: []ui.Cell{first, {Text: ui.OrDash(u.OrgName)}, {Text: kit.Moment(r, due)}, progress,
			{Status: &mark}}}
		if u.Late {
			row.Tone = ui.Bad
		}
		if more != nil {
			row.Cells = append(row.Cells, ui.Cell{Body: more(u)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func outcomeMark(r *http.Request, u dispatch.FollowUp) ui.State {
	switch {
	case u.Kind == dispatch.KindNote:
		return ui.State{Tone: ui.Idle, Text: kit.Say(r, "无需办理")}
	case u.Done:
		return ui.State{Tone: ui.OK, Text: kit.Say(r, "已办结")}
	case u.Late:
		return ui.State{Tone: ui.Bad, Text: kit.Say(r, "已逾期")}
	}
	return ui.State{Tone: ui.Run, Text: kit.Say(r, "未办结")}
}

func (h *Handler) timelineTab(r *http.Request, d dispatch.MeetingDetail) (templ.Component, error) {
	return kit.Timeline(r, d.History, kit.Titles(dispatch.MeetingProcess), "筹备", func(state string) ui.Tone {
		return tones[state]
	}), nil
}

// askStep asks before a step.
func (h *Handler) askStep(
	w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail, step, reason string, err error,
) error {
	now := meetingMark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.page(r, d, "办理"), Title: d.Title, Path: path(d.ID, ""),
		Version: d.Version, Facts: []ui.Fact{{Term: kit.Say(r, "时间"), Text: kit.Span(r, d.StartsUs, d.EndsUs)},
			{Term: kit.Say(r, "地点"), Text: d.Place}, {Term: kit.Say(r, "参会单位"), Body: unitLinks(unitsOf(d.Units))},
			{Term: kit.Say(r, "现在的状态"), Status: &now}},
		Offers: d.Offers, Mark: func(s string) ui.State { return meetingMark(r.Context(), s) },
		Step: step, Reason: reason, Err: err})
}

func (h *Handler) postStep(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	in := dispatch.Step{ID: d.ID, Step: r.PostFormValue("do"), Reason: r.PostFormValue("reason"),
		Version: web.VersionOf(r), Key: r.PostFormValue("key")}
	_, err := h.dispatch.FireMeeting(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.askStep(w, r, d, in.Step, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已办理")
}
