package monitorhttp

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// LightQuery is the filter of the lights as an address says it. Both doors read it.
type LightQuery struct {
	Q         string `query:"q" doc:"begins the name of the indicator" maxLength:"400"`
	Colour    string `query:"colour" doc:"red, yellow, green, grey or blue"`
	Indicator string `query:"indicator" doc:"id of an indicator"`
	Region    string `query:"region" doc:"GB/T 2260 code, with everything inside"`
	Org       string `query:"org" doc:"id of the unit of the target"`
	On        string `query:"on" doc:"targets whose period covers this day, 2006-01-02"`
	Sort      string `query:"sort" enum:"urgency,to,name"`
}

func readLightQuery(get func(string) string) LightQuery {
	return LightQuery{Q: strings.TrimSpace(get("q")), Colour: get("colour"), Indicator: get("indicator"),
		Region: get("region"), Org: get("org"), On: get("on"), Sort: get("sort")}
}

func (q LightQuery) filtered() bool {
	q.Sort = ""
	return q != LightQuery{}
}

// filter checks a query.
func (q LightQuery) filter() (monitor.LightFilter, error) {
	var list []fault.Field
	if q.Colour != "" && plan.TitleOf(plan.Colours(), q.Colour) == "" {
		list = append(list, fault.At("colour", "没有“%s”这个选项", short(q.Colour)))
	}
	code, err := region.Parse(q.Region)
	if q.Region != "" && err != nil {
		list = append(list, fault.At("region", "行政区划代码应为 6 位数字"))
	}
	if q.On != "" && !clock.Date(q.On).Valid() {
		list = append(list, fault.At("on", "日期应为真实的日期，如 2026-11-22"))
	}
	return monitor.LightFilter{Query: q.Q, Colour: q.Colour, Indicator: q.Indicator, Region: code, Org: q.Org,
		On: clock.Date(q.On)}, fault.Fields(list...)
}

// short keeps messages readable when somebody sends a page of text.
func short(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if runes := []rune(s); len(runes) > 20 {
		return string(runes[:20]) + "…"
	}
	return s
}

// getLights lists the lights.
func (h *Handler) getLights(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if !monitor.LightPolicy.Could(by, monitor.ActLightRead) {
		return kit.ErrRole()
	}
	q := readLightQuery(r.FormValue)
	f, err := q.filter()
	if err == nil && r.FormValue("format") != "" {
		return h.send(w, r, lightSpec, kit.Say(r, "指标亮灯"), paged(func(p db.PageReq) (db.Page[monitor.LightRow], error) {
			return h.room.ListLights(r.Context(), by, f, q.Sort, p)
		}, func(l monitor.LightRow) []any { return h.lightCells(r, l) }))
	}
	status, results := http.StatusOK, templ.Component(nil)
	if err != nil {
		status = http.StatusUnprocessableEntity
		results = ui.With(ui.Results("", kit.Say(r, "指标亮灯")), ui.ErrorSummary(ui.SummaryOf(kit.Lang(r), err)))
	} else if results, err = h.lightResults(r, q, f); err != nil {
		return err
	}
	p := h.Web.Page(r, "指标亮灯")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指标总览"), Href: pathHome}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "每个目标一盏灯：按规则从数据算出，理由写在旁边；红灯自动开任务，数据转好前不能办结。"),
		Actions: []ui.Action{{Text: kit.Say(r, "亮灯规则"), Href: pathRules}}}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(h.lightFilters(r, q)), results)
	return h.Web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

func (h *Handler) lightFilters(r *http.Request, q LightQuery) ui.Filters {
	ctx := r.Context()
	on := q.On
	if on != "" && !clock.Date(on).Valid() {
		on = ""
	}
	f := ui.Filters{Action: pathLights, Label: kit.Say(r, "筛选亮灯"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: kit.Say(r, "关键词"), Value: q.Q,
			Placeholder: kit.Say(r, "指标名称的开头")},
		{Name: "colour", Label: kit.Say(r, "灯"), Value: q.Colour, Options: all(ctx, choices(ctx, plan.Colours()))},
		{Name: "region", Label: kit.Say(r, "地区"), Value: q.Region,
			Options: h.PlaceOptions(ctx, web.Actor(r), kit.Say(r, "全部"), q.Region)},
		{Name: "on", Label: kit.Say(r, "目标期间"), Value: on, Options: h.days(r, on)}}}
	for name, v := range map[string]string{"indicator": q.Indicator, "org": q.Org, "sort": q.Sort} {
		if v != "" {
			f.Hidden = append(f.Hidden, ui.Hidden{Name: name, Value: v})
		}
	}
	return f
}

// days are the days that the period of a target may have to cover.
func (h *Handler) days(r *http.Request, chosen string) []ui.Option {
	today := string(clock.DateOf(h.Now()))
	out := all(r.Context(), []ui.Option{{Value: today, Text: kit.Say(r, "只看现行目标")}})
	if chosen != "" && chosen != today {
		out = append(out, ui.Option{Value: chosen, Text: i18n.Date(kit.Lang(r), clock.Date(chosen))})
	}
	return out
}

func (h *Handler) lightResults(
	r *http.Request, q LightQuery, f monitor.LightFilter,
) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.room.ListLights(ctx, by, f, q.Sort, web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.room.CountLights(ctx, by, f)
	if err != nil {
		return nil, err
	}
	var total int64
	var links []lightCount
	for _, c := range plan.Colours() {
		n := counts[c.Value]
		total += n
		if n > 0 {
			links = append(links, lightCount{mark: lightMark(ctx, plan.Colour(c.Value)), n: i18n.Int(n),
				href: addressWith(r, "colour", c.Value), current: q.Colour == c.Value})
		}
	}
	if q.Colour != "" {
		total = counts[q.Colour]
	}
	bar := ui.ResultBar{Count: kit.Say(r, "共 %s 项目标", i18n.Int(total))}
	if q.filtered() {
		bar.Clear = pathLights
	}
	if total > 0 {
		bar.Exports = exports(r)
	}
	parts := []templ.Component{ui.ResultHead(bar), lightCounts(links)}
	switch {
	case len(page.Items) > 0:
		parts = append(parts, ui.DataTable(h.lightTable(r, page.Items, kit.Say(r, "指标亮灯"))))
	case q.filtered():
		parts = append(parts, ui.With(ui.Empty(kit.Say(r, "没有符合条件的目标"), kit.Say(r, "换一个关键词，或放宽条件。")),
			ui.Button(ui.Action{Text: kit.Say(r, "清除条件"), Href: pathLights})))
	default:
		parts = append(parts, ui.Empty(kit.Say(r, "还没有亮灯"), kit.Say(r, "下达目标、填报数据后，灯会按规则亮起。")))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", kit.Say(r, "指标亮灯")), parts...), nil
}

// lightTable lists targets with their lights.
func (h *Handler) lightTable(r *http.Request, list []monitor.LightRow, caption string) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: caption, Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "指标")},
		{Label: kit.Say(r, "灯")}, {Label: kit.Say(r, "责任主体")}, {Label: kit.Say(r, "现值"), Num: true},
		{Label: kit.Say(r, "目标"), Num: true}, {Label: kit.Say(r, "完成率"), Num: true},
		{Label: kit.Say(r, "序时进度"), Num: true}, {Label: kit.Say(r, "牵头单位")}}}
	for _, l := range list {
		mark := lightMark(ctx, l.Light.Colour)
		now := ui.Cell{Text: kit.Say(r, "未报")}
		if l.Value != "" {
			at := monitor.Point{Cell: l.Series(), Period: l.Period}
			now = ui.Cell{Text: amount(ctx, l.Value, l.Qualifier, l.Unit), Href: pointPath(&at, ""),
				Sub: ui.Words(i18n.Date(kit.Lang(r), l.AsOf), h.ofPlace(r, l))}
		}
		row := ui.Row{ID: l.Target, Cells: []ui.Cell{
			{Text: l.Name, Href: lightPath(l.Target), Sub: reasons(kit.Lang(r), l.Light)}, {Status: &mark},
			{Text: h.subject(l), Sub: span(kit.Lang(r), l.From, l.To)}, now,
			{Text: goal(l), Href: goalHref(r, l)},
			{Text: percent(l.Completion), Href: lightPath(l.Target)},
			{Text: percent(l.Planned), Href: lightPath(l.Target)}, {Text: ui.OrDash(l.LeadName)}}}
		if l.Light.Colour == plan.Red {
			row.Tone = ui.Bad
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// lightSpec are the columns of the file of lights.
var lightSpec = sheet.Spec{Name: "monitor-lights", Title: "指标亮灯", Columns: columns("指标", "责任主体", "目标期间",
	"目标", "计量单位", "现值", "所据序列", "统计期", "数据截至", "完成率（%）", "序时进度（%）", "落后（百分点）", "缺口", "月均需完成", "灯",
	"理由", "牵头单位", "编号")}

func (h *Handler) lightCells(r *http.Request, l monitor.LightRow) []any {
	ctx := r.Context()
	at := ""
	if l.Period != "" {
		at = period(ctx, l.Period, false)
	}
	return []any{l.Name, h.subject(l), span(kit.Lang(r), l.From, l.To), i18n.Sign(l.Op) + string(l.Goal), l.Unit,
		cell(l.Value), h.seriesName(l), at, string(l.AsOf), cell(l.Completion), cell(l.Planned), cell(l.Behind), cell(l.Gap),
		cell(l.Monthly), lightMark(ctx, l.Light.Colour).Text, reasons(kit.Lang(r), l.Light), l.LeadName, l.Target}
}

// getLight shows a light: why it has its colour, and what it set going.
func (h *Handler) getLight(w http.ResponseWriter, r *http.Request) error {
	l, err := h.lightOf(r)
	if err != nil {
		return err
	}
	return h.showLight(w, r, l, "", nil)
}

func (h *Handler) lightOf(r *http.Request) (monitor.LightDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return monitor.LightDetail{}, noSuch()
	}
	return h.room.GetLight(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) showLight(
	w http.ResponseWriter, r *http.Request, l monitor.LightDetail, typed string, wrong error,
) error {
	ctx := r.Context()
	mark := lightMark(ctx, l.Light.Colour)
	p := h.Web.Page(r, l.Name)
	p.Title = l.Name
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指标亮灯"), Href: pathLights}, {Text: l.Name}}
	head := ui.Head{Title: l.Name, Status: &mark, Lead: ui.Words(h.subject(l.LightRow),
		span(kit.Lang(r), l.From, l.To)), Actions: []ui.Action{
		{Text: kit.Say(r, "指标"), Href: indicatorPath(l.Series())}}}
	if to := targetHref(r, l.LightRow); to != "" {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "目标"), Href: to})
	}
	var why []string
	for _, n := range l.Light.Reasons {
		why = append(why, n.In(kit.Lang(r)))
	}
	main := []templ.Component{ui.With(ui.Block(kit.Say(r, "亮灯理由")), sentences(why),
		ui.Note(kit.Say(r, "依据规则“%s”（%s 起）", l.By.Name, i18n.Date(kit.Lang(r), l.By.ValidFrom))))}
	if len(l.Alerts) > 0 {
		main = append(main, ui.With(ui.Block(kit.Say(r, "红灯开的任务")), ui.DataTable(h.alertTable(r, l.Alerts))))
	}
	if a := l.Live(); a != nil && a.DecidedUs == 0 && l.Light.Colour == plan.Red &&
		monitor.LightPolicy.May(web.Actor(r), monitor.ActLightDecide, l.LightRow) == nil {
		main = append(main, h.decisionForm(r, l, *a, typed, wrong))
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), h.lightFacts(r, l))),
		ui.With(ui.Stack(), main...)))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p, Body: body})
}

// decisionForm lets a leader decide that the task may be closed although the number is red.
func (h *Handler) decisionForm(
	r *http.Request, l monitor.LightDetail, a monitor.Alert, typed string, wrong error,
) templ.Component {
	inputs := []ui.Input{{Kind: ui.InArea, Name: "reason", Label: kit.Say(r, "理由"), Value: typed, Rows: 4,
		MaxLen: 2000, Hint: kit.Say(r, "写明为什么数据未转好也可以办结；决定和理由将留痕。")}}
	ui.Mark(kit.Lang(r), inputs, wrong)
	form := ui.FormView{ID: "decision", Action: lightPath(l.Target), Version: kit.Number(a.Version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), wrong),
		Hidden:  []ui.Hidden{{Name: "key", Value: id.New()}},
		Buttons: []ui.Action{{Text: kit.Say(r, "同意在红灯时办结"), Primary: true}}}
	return ui.With(ui.Block(kit.Say(r, "局领导决定")), ui.With(ui.Form(form), kit.Fields(inputs)))
}

// postDecision records a decision.
func (h *Handler) postDecision(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	l, err := h.lightOf(r)
	if err != nil {
		return err
	}
	in := monitor.Decision{Target: l.Target, Reason: r.PostFormValue("reason"),
		Version: web.VersionOf(r), Key: r.PostFormValue("key")}
	_, err = h.room.Decide(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) && l.Live() != nil {
		return h.showLight(w, r, l, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, lightPath(l.Target), "已作出决定")
}

// lightFacts are the figures of a light.
func (h *Handler) lightFacts(r *http.Request, l monitor.LightDetail) []ui.Fact {
	ctx := r.Context()
	now := ui.Fact{Term: kit.Say(r, "现值"), Big: true, Text: kit.Say(r, "未报")}
	if l.Value != "" {
		at := monitor.Point{Cell: l.Series(), Period: l.Period}
		now.Text, now.Href = amount(ctx, l.Value, l.Qualifier, l.Unit), pointPath(&at, "")
		now.Source = ui.Words(period(ctx, l.Period, false),
			kit.Say(r, "数据截至 %s", i18n.DateLong(kit.Lang(r), l.AsOf)))
	}
	unit := func(d plan.Decimal) string {
		if d == "" {
			return ""
		}
		return d.Amount(l.Unit)
	}
	facts := []ui.Fact{now, {Term: kit.Say(r, "所据序列"), Text: h.seriesName(l.LightRow),
		Href: indicatorPath(l.Series()), Source: h.seriesRule(r, l.LightRow)}, {Term: kit.Say(r, "目标"),
		Text: goal(l.LightRow),
		Href: goalHref(r, l.LightRow)}, {Term: kit.Say(r, "量"), Text: titled(ctx, plan.Measures(), l.Measure)},
		{Term: kit.Say(r, "完成率"), Text: percent(l.Completion)}, {Term: kit.Say(r, "实际进度"), Text: percent(l.Progress)},
		{Term: kit.Say(r, "序时进度"), Text: percent(l.Planned)}, {Term: kit.Say(r, "缺口"), Text: unit(l.Gap)}}
	if l.Monthly != "" {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "月均需完成"), Text: unit(l.Monthly)})
	}
	return append(facts, ui.Fact{Term: kit.Say(r, "牵头单位"), Text: ui.OrDash(l.LeadName)},
		ui.Fact{Term: kit.Say(r, "更新"), Text: i18n.DateTime(kit.Lang(r), clock.Time(l.AtUs))})
}

// targetHref is the page of a target, "" for who sees its light only because the indicator is theirs.
func targetHref(r *http.Request, l monitor.LightRow) string { return targetPath(web.Actor(r), l) }

func targetPath(by authz.Actor, l monitor.LightRow) string {
	from, before, ok := authz.RegionRange(by.Region)
	inside := ok && string(l.Region) >= from && string(l.Region) < before
	if (by.Role == authz.Department || by.Role == authz.District) && !inside && l.Org != by.Org {
		return ""
	}
	return "/targets/" + l.Target
}

// goalHref is what proves the value of a target: the target, or for who may not read it the indicator.
func goalHref(r *http.Request, l monitor.LightRow) string { return goalPath(web.Actor(r), l) }

func goalPath(by authz.Actor, l monitor.LightRow) string {
	if to := targetPath(by, l); to != "" {
		return to
	}
	return indicatorPath(l.Series())
}

// seriesName says whose values a light was computed from.
func (h *Handler) seriesName(l monitor.LightRow) string {
	if l.SeriesOrg != "" {
		return l.OrgName
	}
	return h.PlaceName(l.Region)
}

// ofPlace says that the values are the place's although a unit answers, "" where that is plain.
func (h *Handler) ofPlace(r *http.Request, l monitor.LightRow) string {
	if !l.OfPlace() {
		return ""
	}
	return kit.Say(r, "按%s全域数值", h.PlaceName(l.Region))
}

// seriesRule says why it is this series.
func (h *Handler) seriesRule(r *http.Request, l monitor.LightRow) string {
	switch {
	case l.OfPlace():
		return kit.Say(r, "%s是牵头单位，没有本单位的序列，按%s全域数值亮灯", l.OrgName, h.PlaceName(l.Region))
	case l.SeriesOrg != "":
		return kit.Say(r, "目标下达给单位，只与该单位的数值比较")
	}
	return kit.Say(r, "目标属于地区，按全域数值亮灯")
}

// alertTable lists the tasks that red lights opened.
func (h *Handler) alertTable(r *http.Request, list []monitor.Alert) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "红灯开的任务"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "任务")},
		{Label: kit.Say(r, "开出")}, {Label: kit.Say(r, "时限")}, {Label: kit.Say(r, "办结要求")},
		{Label: kit.Say(r, "状态")}}}
	for _, a := range list {
		due := ui.Cell{Text: "—"}
		if a.DueUs != 0 {
			due = ui.Cell{Text: i18n.DateTime(kit.Lang(r), clock.Time(a.DueUs)), Time: kit.Machine(a.DueUs)}
		}
		state := alertMark(r, a)
		tab.Rows = append(tab.Rows, ui.Row{ID: a.ID, Cells: []ui.Cell{
			{Text: a.TaskCode, Href: "/tasks/" + a.Task, Mono: true},
			{Text: i18n.DateTime(kit.Lang(r), clock.Time(a.OpenedUs))}, due,
			{Text: titled(r.Context(), monitor.Evidences(), a.Evidence)},
			{Status: &state, Sub: decided(r, a)}}})
	}
	return tab
}

func alertMark(r *http.Request, a monitor.Alert) ui.State {
	switch {
	case a.EndedUs != 0:
		return ui.State{Tone: ui.OK, Text: kit.Say(r, "已办结")}
	case a.RecoveredUs != 0:
		return ui.State{Tone: ui.Run, Text: kit.Say(r, "数据已转好，可以办结")}
	case a.DecidedUs != 0:
		return ui.State{Tone: ui.Warn, Text: kit.Say(r, "已决定可以办结")}
	}
	return ui.State{Tone: ui.Bad, Text: kit.Say(r, "红灯未解除，不能办结")}
}

// decided says who decided what.
func decided(r *http.Request, a monitor.Alert) string {
	if a.DecidedUs == 0 {
		return ""
	}
	return ui.Words(web.Who(r, a.DecidedLogin), i18n.DateTime(kit.Lang(r), clock.Time(a.DecidedUs)), a.Decision)
}

// OnTarget says on the record of a target how far it is, to who may see its light. A target that was
// set this moment has no light yet.
func (h *Handler) OnTarget(r *http.Request, t plan.Target) ([]ui.Fact, error) {
	if !monitor.LightPolicy.Could(web.Actor(r), monitor.ActLightRead) {
		return nil, nil
	}
	l, err := h.room.GetLight(r.Context(), web.Actor(r), t.ID)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	mark := lightMark(r.Context(), l.Light.Colour)
	now := ui.Fact{Term: kit.Say(r, "现值"), Text: kit.Say(r, "未报"), Href: lightPath(t.ID),
		Source: reasons(kit.Lang(r), l.Light)}
	if l.Value != "" {
		now.Text = amount(r.Context(), l.Value, l.Qualifier, l.Unit)
	}
	return []ui.Fact{{Term: kit.Say(r, "灯"), Status: &mark}, now}, nil
}
