package showhttp

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// tab is one tab of an event.
type tab struct {
	name, title string
	shown       func(by sight, d show.Detail) bool
	body        func(h *Handler, r *http.Request, d show.Detail) (templ.Component, error)
}

// sight is what somebody may do with an event.
type sight struct{ runs, reads, comes bool }

func (h *Handler) sight(r *http.Request, d show.Detail) sight {
	by := web.Actor(r)
	_, comes := d.Seat()
	runs := show.Policy.MaySee(by, show.ActRun, d.Show)
	return sight{runs: runs, reads: runs || len(d.History) > 0, comes: comes}
}

var tabs = []tab{
	{"", "议程", func(sight, show.Detail) bool { return true }, (*Handler).agendaTab},
	{"talks", "一对一洽谈", func(s sight, d show.Detail) bool {
		return d.TalkRounds > 0 && (s.runs || s.comes)
	}, (*Handler).talksTab},
	{"people", "报名与签到", func(s sight, _ show.Detail) bool { return s.runs }, (*Handler).peopleTab},
	{"interests", "意向与去向", func(s sight, _ show.Detail) bool { return s.reads || s.comes },
		(*Handler).interestsTab},
	{"report", "活动总结", func(s sight, d show.Detail) bool { return s.runs || d.State == show.Reported },
		(*Handler).reportTab},
	{"timeline", "时间线", func(s sight, _ show.Detail) bool { return s.reads }, (*Handler).timelineTab},
}

func (h *Handler) getShow(w http.ResponseWriter, r *http.Request) error {
	d, err := h.of(r)
	if err != nil {
		return err
	}
	return h.showTab(w, r, d, tabs[0])
}

func (h *Handler) page(r *http.Request, d show.Detail, last string) ui.Page {
	return h.Sub(r, "路演与对接会", pathShows, d.Title, path(d.ID, ""), last)
}

func (h *Handler) showTab(w http.ResponseWriter, r *http.Request, d show.Detail, t tab) error {
	s := h.sight(r, d)
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
			links = append(links, ui.Tab{ID: "t-" + x.name, Text: kit.Say(r, x.title),
				Href: path(d.ID, x.name), Current: x.name == t.name})
		}
	}
	m := mark(r.Context(), d.State)
	head := ui.Head{Title: d.Title, Status: &m, ID: d.Code, Actions: h.actions(r, d, s),
		Lead: ui.Words(kit.Span(r, d.StartsUs, d.EndsUs), d.Place)}
	body := templ.Join(ui.PageHead(head), h.notices(r, d),
		ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), h.facts(r, d))),
			ui.With(ui.Tabs(kit.Say(r, "活动信息"), links), panel)))
	p := h.page(r, d, "")
	if d.State == show.Running && t.name == "" {
		p.Refresh = liveSeconds
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: body, Part: panel})
}

// liveSeconds is how often the agenda of a running event asks for itself.
const liveSeconds = 10

func (h *Handler) actions(r *http.Request, d show.Detail, s sight) []ui.Action {
	out := []ui.Action{{Text: kit.Say(r, "加入日历"), Href: path(d.ID, "calendar.ics")},
		{Text: kit.Say(r, "打印议程"), Href: path(d.ID, "print")}}
	by := web.Actor(r)
	if show.Policy.MaySee(by, show.ActUpdate, d.Show) && show.Changeable(d.Show) {
		out = append(out, ui.Action{Text: kit.Say(r, "编辑"), Href: path(d.ID, "edit")},
			ui.Action{Text: kit.Say(r, "添加环节"), Href: path(d.ID, "slot")},
			ui.Action{Text: kit.Say(r, "导入议程"), Href: path(d.ID, "import")})
	}
	out = append(out, kit.StepActions(r, d.Offers, path(d.ID, "step"))...)
	if d.State == show.Open {
		a := ui.Action{Text: kit.Say(r, "报名"), Href: path(d.ID, "signup"), Primary: true}
		if clock.Us(h.Now()) >= d.SignupUntilUs {
			a.Href, a.Why = "", kit.Say(r, "报名已截止")
		}
		out = append(out, a)
	}
	return out
}

func (h *Handler) notices(r *http.Request, d show.Detail) templ.Component {
	var out []templ.Component
	for _, g := range d.Mine {
		text, tone := kit.Say(r, "%s 已报名，席位已确认。", g.Name), ui.OK
		if g.State == show.Waiting {
			text, tone = kit.Say(r, "%s 在候补名单中，有席位时自动确认。", g.Name), ui.Warn
		}
		out = append(out, ui.With(ui.Banner(tone, text), ui.Button(ui.Action{
			Text: kit.Say(r, "签到码与我的安排"), Label: kit.Say(r, "%s 的签到码与安排", g.Name), Href: pathMine,
			Small: true})))
	}
	return templ.Join(out...)
}

func (h *Handler) facts(r *http.Request, d show.Detail) []ui.Fact {
	until := kit.Moment(r, d.SignupUntilUs)
	if clock.Us(h.Now()) < d.SignupUntilUs {
		until = i18n.Deadline(kit.Lang(r), clock.Time(d.SignupUntilUs), h.Now())
	}
	out := []ui.Fact{
		{Term: kit.Say(r, "席位"), Text: kit.Say(r, "%s / %s", i18n.Int(d.Taken), i18n.Int(d.Capacity)), Big: true},
		{Term: kit.Say(r, "候补"), Text: i18n.Int(d.Waiting)},
		{Term: kit.Say(r, "报名截止"), Text: until},
		{Term: kit.Say(r, "活动类型"), Text: kit.Titled(r.Context(), show.Kinds(), d.Kind)},
		{Term: kit.Say(r, "主办单位"), Text: d.OrgName, Href: "/orgs/" + d.OrgNow},
		{Term: kit.Say(r, "地点"), Text: d.Place, Source: h.PlaceName(d.Region)},
		{Term: kit.Say(r, "咨询"), Text: d.Contact},
	}
	if d.TalkRounds > 0 {
		out = append(out, ui.Fact{Term: kit.Say(r, "一对一洽谈"), Text: kit.Say(r,
			"%s 起，%d 轮，每轮 %d 分钟，%d 张桌", i18n.Minute(clock.Time(d.TalkFromUs)), d.TalkRounds,
			d.TalkMinutes, d.TalkTables)})
	}
	return append(out, ui.Fact{Term: kit.Say(r, "编号"), CopyID: d.Code})
}

// agendaTab is what happens when, with the counts of interest.
func (h *Handler) agendaTab(r *http.Request, d show.Detail) (templ.Component, error) {
	var parts []templ.Component
	if d.Text != "" && !web.Partial(r) {
		parts = append(parts, kit.Paragraphs(strings.Split(d.Text, "\n")))
	}
	if len(d.Slots) == 0 {
		return templ.Join(append(parts, ui.Empty(kit.Say(r, "议程还没有安排"),
			kit.Say(r, "主办方排好环节后会出现在这里。")))...), nil
	}
	poll := ""
	if d.State == show.Running {
		poll = path(d.ID, "")
	}
	live := agenda(poll, liveSeconds, ui.DataTable(h.agendaTable(r, d)))
	if web.Partial(r) {
		return live, nil
	}
	return templ.Join(append(parts, live)...), nil
}

func (h *Handler) agendaTable(r *http.Request, d show.Detail) ui.Table {
	by := web.Actor(r)
	_, comes := d.Seat()
	marks := comes && (d.State == show.Open || d.State == show.Closed || d.State == show.Running)
	edits := show.Policy.MaySee(by, show.ActUpdate, d.Show) && show.Changeable(d.Show)
	tab := ui.Table{Caption: kit.Say(r, "议程"), Cols: []ui.Column{{Label: kit.Say(r, "环节")},
		{Label: kit.Say(r, "时间")}, {Label: kit.Say(r, "材料与成果")},
		{Label: kit.Say(r, "意向"), Num: true}}}
	if marks || edits {
		tab.Cols = append(tab.Cols, ui.Column{Label: kit.Say(r, "操作"), Sr: true})
	}
	for _, x := range d.Slots {
		row := ui.Row{Cells: []ui.Cell{
			{Text: x.Title, Sub: ui.Words(x.Speaker, x.OrgName)},
			{Text: slotTime(r, d, x)},
			{Body: materials(materialsOf(d, x), goneOf(r, x))},
			{Text: i18n.Int(x.Interested)}}}
		switch {
		case marks && !x.Pitches() && !x.Marked: // an opening, a break
			row.Cells = append(row.Cells, ui.Cell{})
		case marks:
			text, on := kit.Say(r, "标记意向"), "1"
			if x.Marked {
				text, on = kit.Say(r, "取消意向"), ""
			}
			row.Cells = append(row.Cells, ui.Cell{Body: ui.PostButton(ui.Post{Action: path(d.ID, "interest"),
				Hidden: []ui.Hidden{{Name: "slot", Value: x.ID}, {Name: "on", Value: on}},
				Button: ui.Action{Text: text, Small: true, Label: text + " " + x.Title}})})
		case edits:
			row.Cells = append(row.Cells, ui.Cell{Body: ui.Button(ui.Action{Text: kit.Say(r, "编辑"),
				Small: true, Label: kit.Say(r, "编辑") + " " + x.Title,
				Href: path(d.ID, "slot") + "?slot=" + x.ID})})
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// slotTime is the time of a slot, without the day where the event has only one.
func slotTime(r *http.Request, d show.Detail, x show.Slot) string {
	if from, to := d.Days(); from == to {
		return i18n.Minute(clock.Time(x.StartsUs)) + "—" + i18n.Minute(clock.Time(x.EndsUs))
	}
	return kit.Span(r, x.StartsUs, x.EndsUs)
}

// materialsOf are the links of a slot: its pitch and its post.
func materialsOf(d show.Detail, x show.Slot) []ui.Link {
	var out []ui.Link
	if x.File != "" {
		out = append(out, ui.Link{Text: x.FileName, Href: path(d.ID, "files/"+x.File)})
	}
	if x.Post != "" && !x.PostGone {
		out = append(out, ui.Link{Text: x.PostTitle, Href: "/market/posts/" + x.Post})
	}
	return out
}

// goneOf says that the post of a slot was withdrawn, "" for one that was not.
func goneOf(r *http.Request, x show.Slot) string {
	if !x.PostGone {
		return ""
	}
	return kit.Say(r, "%s（已撤下）", x.PostTitle)
}

func (h *Handler) timelineTab(r *http.Request, d show.Detail) (templ.Component, error) {
	return kit.Timeline(r, d.History, kit.Titles(show.Process), "筹备", func(state string) ui.Tone {
		return tones[state]
	}), nil
}

// reportTab shows the report, and the form to write it.
func (h *Handler) reportTab(r *http.Request, d show.Detail) (templ.Component, error) {
	return h.reportPanel(r, d, d.Report, nil), nil
}

func (h *Handler) reportPanel(r *http.Request, d show.Detail, text string, err error) templ.Component {
	if d.State == show.Ended && h.sight(r, d).runs {
		in := []ui.Input{{Kind: ui.InArea, Name: "text", Label: kit.Say(r, "活动总结"), Value: text,
			Rows: 10, MaxLen: 4000, Hint: kit.Say(r, "到场、路演、洽谈与意向情况；写好后在上方提交总结")}}
		ui.Mark(kit.Lang(r), in, err)
		return ui.With(ui.Form(ui.FormView{ID: "report", Action: path(d.ID, "report"),
			Version: kit.Number(d.Version), Summary: ui.SummaryOf(kit.Lang(r), err),
			Buttons: []ui.Action{{Text: kit.Say(r, "保存总结"), Primary: true}}}), kit.Fields(in))
	}
	if d.Report == "" {
		return ui.Empty(kit.Say(r, "还没有总结"), kit.Say(r, "活动结束后由主办方填写。"))
	}
	return kit.Paragraphs(strings.Split(d.Report, "\n"))
}

func (h *Handler) postReport(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	_, err := h.show.WriteReport(r.Context(), web.Actor(r), show.SetReport{ID: d.ID,
		Text: r.PostFormValue("text"), Version: web.VersionOf(r)})
	if fault.Is(err, fault.Invalid) {
		body := templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "活动总结"), Lead: d.Title}),
			h.reportPanel(r, d, r.PostFormValue("text"), err))
		return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "活动总结"),
			Body: body})
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, "report"), "已保存")
}

// askStep asks before a step.
func (h *Handler) askStep(
	w http.ResponseWriter, r *http.Request, d show.Detail, step, reason string, err error,
) error {
	now := mark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.page(r, d, "办理"), Title: d.Title, Path: path(d.ID, ""),
		Version: d.Version, Facts: []ui.Fact{{Term: kit.Say(r, "时间"), Text: kit.Span(r, d.StartsUs, d.EndsUs)},
			{Term: kit.Say(r, "现在的状态"), Status: &now}},
		Offers: d.Offers, Mark: func(s string) ui.State { return mark(r.Context(), s) },
		Step: step, Reason: reason, Err: err})
}

func (h *Handler) postStep(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	in := show.Step{ID: d.ID, Step: r.PostFormValue("do"), Reason: r.PostFormValue("reason"),
		Version: web.VersionOf(r), Key: r.PostFormValue("key")}
	_, err := h.show.FireShow(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.askStep(w, r, d, in.Step, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已办理")
}

// sendCalendar sends the event as iCalendar.
func (h *Handler) sendCalendar(w http.ResponseWriter, r *http.Request) error {
	text, err := h.show.Calendar(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	out := web.NewDownload(w, "yuntu-"+r.PathValue("id")+".ics", "text/calendar; charset=utf-8")
	_, err = out.Write([]byte(text))
	return out.End(err)
}

// getFile sends the pitch of a slot.
func (h *Handler) getFile(w http.ResponseWriter, r *http.Request) error {
	ref, content, err := h.show.OpenPitch(r.Context(), web.Actor(r), r.PathValue("id"),
		r.PathValue("file"))
	if err != nil {
		return err
	}
	kit.SendFile(w, ref, content)
	return nil
}

// printAgenda shows the agenda for paper.
func (h *Handler) printAgenda(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	var rows [][]string
	for _, x := range d.Slots {
		rows = append(rows, []string{slotTime(r, d, x), x.Title, x.Speaker, x.OrgName,
			x.PostTitle})
	}
	p := h.Web.Page(r, "活动议程")
	p.Title = d.Title
	doc := ui.Document{Back: path(d.ID, ""), Issuer: d.OrgName,
		Date: i18n.DateLong(kit.Lang(r), clock.DateOf(h.Now()))}
	body := templ.Join(ui.Note(ui.Words(kit.Span(r, d.StartsUs, d.EndsUs), d.Place, d.Contact)),
		kit.PaperTable(kit.Say(r, "议程"), []string{kit.Say(r, "时间"), kit.Say(r, "环节"),
			kit.Say(r, "主讲"), kit.Say(r, "单位"), kit.Say(r, "成果或需求")}, rows),
		kit.QRCode(h.Origin(r)+path(d.ID, ""), kit.Say(r, "活动页面的二维码")),
		ui.Note(kit.Say(r, "扫码查看活动、报名和标记意向")))
	return h.Web.RenderPrint(w, r, p, doc, body)
}
