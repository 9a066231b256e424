package planhttp

import (
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
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// TargetQuery is the filter of the list of targets as an address says it. Both doors read it.
type TargetQuery struct {
	Q         string `query:"q" doc:"words of the indicator's name"`
	Indicator string `query:"indicator" doc:"id of an indicator"`
	Region    string `query:"region" doc:"GB/T 2260 code, with everything inside"`
	Org       string `query:"org" doc:"id of the unit that answers for it"`
	Year      string `query:"year" doc:"year in which its period ends"`
	Level     string `query:"level" doc:"1, 2 or 3"`
	Document  string `query:"document" doc:"id of the document it came from"`
	Dropped   string `query:"dropped" doc:"1 = those that were dropped, too"`
	Sort      string `query:"sort" enum:"to,updated,indicator"`
}

func readTargetQuery(get func(string) string) TargetQuery {
	return TargetQuery{Q: strings.TrimSpace(get("q")), Indicator: get("indicator"),
		Region: get("region"), Org: get("org"), Year: get("year"), Level: get("level"),
		Document: get("document"), Dropped: get("dropped"), Sort: get("sort")}
}

func (q TargetQuery) filtered() bool {
	q.Sort = ""
	return q != TargetQuery{}
}

// targetLevels are the depths of targets.
var targetLevels = []plan.Choice{{Value: "1", Title: "总目标"}, {Value: "2", Title: "分解到单位或地区"},
	{Value: "3", Title: "再分解"}}

func (h *Handler) targetFilter(q TargetQuery) (plan.TargetFilter, error) {
	w := wrong{h: h}
	w.text("q", q.Q)
	w.place("region", q.Region)
	w.choice("level", q.Level, targetLevels)
	f := plan.TargetFilter{Query: q.Q, Indicator: q.Indicator, Region: region.Code(q.Region),
		Org: q.Org, Level: int(whole(q.Level)), Document: q.Document, Dropped: q.Dropped == "1"}
	if q.Year != "" {
		f.From, f.To = clock.Date(q.Year+"-01-01"), clock.Date(q.Year+"-12-31")
		if !f.From.Valid() {
			w.bad("year", "年份应为四位数字，如 2026")
		}
	}
	return f, w.err()
}

// getTargets shows the list of targets.
func (h *Handler) getTargets(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := allow(plan.TargetPolicy.Could(by, plan.ActTargetRead)); err != nil {
		return err
	}
	q := readTargetQuery(r.FormValue)
	f, err := h.targetFilter(q)
	status, results := http.StatusOK, templ.Component(nil)
	if err != nil {
		status, results = http.StatusUnprocessableEntity, wrongQuery(r, "目标", err)
	} else if results, err = h.targetResults(r, q, f); err != nil {
		return err
	}
	p := h.web.Page(r, "目标")
	head := ui.Head{Title: p.Title, Lead: say(r, "每个目标都写明出自哪份文件的哪句话，可以分解到部门和区县。")}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(h.targetFilters(r, by, q)), results)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

func (h *Handler) targetFilters(r *http.Request, by authz.Actor, q TargetQuery) ui.Filters {
	ctx := r.Context()
	f := ui.Filters{Action: pathTargets, Label: say(r, "筛选目标"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: say(r, "关键词"), Value: q.Q,
			Placeholder: say(r, "指标名称")},
		{Name: "year", Label: say(r, "到期年份"), Value: q.Year, Options: h.yearOptions(ctx, q.Year)},
		{Name: "region", Label: say(r, "地区"), Value: q.Region,
			Options: all(ctx, h.placeOptions(by, region.Code(q.Region)))},
		{Name: "level", Label: say(r, "层级"), Value: q.Level,
			Options: all(ctx, choices(ctx, targetLevels))},
	}, More: []ui.Filter{{Kind: ui.FilterCheck, Name: "dropped", Label: say(r, "也列出已取消的"),
		Value: q.Dropped}}, MoreOn: q.Dropped != ""}
	for name, v := range map[string]string{"org": q.Org, "document": q.Document,
		"indicator": q.Indicator, "sort": q.Sort} {
		if v != "" {
			f.Hidden = append(f.Hidden, ui.Hidden{Name: name, Value: v})
		}
	}
	return f
}

func (h *Handler) targetResults(
	r *http.Request, q TargetQuery, f plan.TargetFilter,
) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.plan.ListTargets(ctx, by, f, q.Sort, web.PageReq(r, pageSize))
	if err != nil {
		return nil, err
	}
	n, err := h.plan.CountTargets(ctx, by, f)
	if err != nil {
		return nil, err
	}
	bar := ui.ResultBar{Count: say(r, "共 %s 项目标", i18n.Int(n))}
	if q.filtered() {
		bar.Clear = pathTargets
	}
	if bar.Views, err = h.views(r); err != nil {
		return nil, err
	}
	parts := []templ.Component{ui.ResultHead(bar)}
	switch {
	case n > 0:
		tab := h.targetTable(r, page.Items, false)
		sort := sortOf(q.Sort, plan.TargetOrders())
		tab.Cols[0] = sortable(r, tab.Cols[0].Label, "indicator", "ascending", sort)
		tab.Cols[2] = sortable(r, tab.Cols[2].Label, "to", "ascending", sort)
		parts = append(parts, ui.DataTable(tab))
	case q.filtered():
		parts = append(parts, ui.With(ui.Empty(say(r, "没有符合条件的目标"), say(r, "换一个关键词，或放宽条件。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: pathTargets})))
	default:
		parts = append(parts, ui.Empty(say(r, "还没有目标"), say(r, "审读文件时，把采纳的条目立为目标。")))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", say(r, "目标")), parts...), nil
}

// targetTable lists targets.
func (h *Handler) targetTable(r *http.Request, list []plan.Target, visible bool) ui.Table {
	tab := ui.Table{Caption: say(r, "目标"), Visible: visible, Dense: true, Cols: []ui.Column{
		{Label: say(r, "指标")}, {Label: say(r, "目标值"), Num: true}, {Label: say(r, "期间")},
		{Label: say(r, "责任主体")}, {Label: say(r, "层级")}}}
	for _, x := range list {
		cell := ui.Cell{Text: x.Name, Href: targetPath(x.ID, ""),
			Sub: titled(r.Context(), plan.Measures(), x.Measure)}
		if x.Dropped {
			cell.Status = &ui.State{Tone: ui.Idle, Text: say(r, "已取消")}
		}
		tab.Rows = append(tab.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{cell,
			{Text: amount(x.Op, x.Value, x.Unit)}, {Text: period(r.Context(), x.From, x.To)},
			{Text: h.subject(x)}, {Text: titled(r.Context(), targetLevels, number(x.Level))}}})
	}
	return tab
}

// subject is who answers for a target: a unit, or the place as a whole.
func (h *Handler) subject(x plan.Target) string {
	if x.OrgName != "" {
		return x.OrgName
	}
	return h.placeName(x.Region)
}

// targetOf reads the target of the address.
func (h *Handler) targetOf(r *http.Request) (plan.TargetDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return plan.TargetDetail{}, noSuch()
	}
	return h.plan.GetTarget(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) getTarget(w http.ResponseWriter, r *http.Request) error {
	x, err := h.targetOf(r)
	if err != nil {
		return err
	}
	by, ctx := web.Actor(r), r.Context()
	head := ui.Head{Title: x.Name, Lead: words(h.subject(x.Target), period(ctx, x.From, x.To))}
	if plan.TargetPolicy.May(by, plan.ActTargetWrite, x.Target) == nil {
		head.Actions = append(head.Actions, ui.Action{Text: say(r, "修改"), Href: targetPath(x.ID, "edit")})
	}
	if plan.TaskPolicy.Could(by, plan.ActTaskCreate) && !x.Dropped {
		head.Actions = append(head.Actions, ui.Action{Text: say(r, "立任务"),
			Href: pathTasks + "/new?target=" + url.QueryEscape(x.ID)})
	}
	if x.Level < 3 && plan.TargetPolicy.May(by, plan.ActTargetSplit, x.Target) == nil && !x.Dropped {
		head.Actions = append(head.Actions, ui.Action{Text: say(r, "分解"),
			Href: targetPath(x.ID, "split"), Primary: true})
	}
	main := []templ.Component{}
	if x.Dropped {
		main = append(main, ui.Banner(ui.Idle, say(r, "这个目标已取消。")))
	}
	if len(x.Parts) > 0 {
		main = append(main, ui.With(ui.Block(say(r, "分解")), sumLine(h.sumText(r, x)),
			ui.DataTable(h.targetTable(r, x.Parts, false))))
	}
	if len(x.Tasks) > 0 {
		main = append(main, ui.With(ui.Block(say(r, "任务")),
			ui.DataTable(h.taskTable(r, x.Tasks, say(r, "任务")))))
	}
	if o := origins(r, x.Sources); o != nil {
		main = append(main, o)
	}
	if len(main) == 0 {
		main = append(main, ui.Empty(say(r, "还没有分解，也没有任务"), say(r, "分解到部门和区县，或为它立任务。")))
	}
	facts, err := h.targetFacts(r, x)
	if err != nil {
		return err
	}
	body := templ.Join(ui.PageHead(head),
		ui.With(ui.WithAside(ui.Facts(say(r, "关键信息"), facts)), ui.With(ui.Stack(), main...)))
	return h.web.Render(w, r, web.View{Page: h.targetPage(r, x.Target, ""), Body: body})
}

func (h *Handler) targetPage(r *http.Request, x plan.Target, last string) ui.Page {
	p := h.web.Page(r, "目标")
	p.Crumbs = []ui.Link{{Text: p.Title, Href: pathTargets}, {Text: x.Name}}
	p.Title = x.Name
	if last != "" {
		p.Title = say(r, last) + " · " + x.Name
		p.Crumbs[1].Href = targetPath(x.ID, "")
		p.Crumbs = append(p.Crumbs, ui.Link{Text: say(r, last)})
	}
	return p
}

func (h *Handler) targetFacts(r *http.Request, x plan.TargetDetail) ([]ui.Fact, error) {
	ctx := r.Context()
	facts := []ui.Fact{{Term: say(r, "目标值"), Big: true, Text: amount(x.Op, x.Value, x.Unit)}}
	if h.deps.BesideTarget != nil {
		known, err := h.deps.BesideTarget(r, x.Target)
		if err != nil {
			return nil, err
		}
		facts = append(facts, known...)
	}
	own := ui.Fact{Term: say(r, "指标"), Text: x.Name}
	if plan.IndicatorPolicy.Could(web.Actor(r), plan.ActIndicatorRead) {
		own.Href = indicatorPath(x.Indicator, "")
	}
	facts = append(facts, own, ui.Fact{Term: say(r, "量"), Text: titled(ctx, plan.Measures(), x.Measure)},
		ui.Fact{Term: say(r, "期间"), Text: period(ctx, x.From, x.To)},
		ui.Fact{Term: say(r, "责任主体"), Text: h.subject(x.Target)},
		ui.Fact{Term: say(r, "地区"), Text: h.placeName(x.Region)})
	base := ui.Fact{Term: say(r, "基期值"), Text: amount("", x.Baseline, x.Unit)}
	if x.BaselineDay != "" {
		base.Source = i18n.DateLong(lang(r), x.BaselineDay)
	}
	facts = append(facts, base)
	if x.Whole != nil {
		facts = append(facts, ui.Fact{Term: say(r, "上级目标"), Text: x.Whole.Text(),
			Href: targetPath(x.Whole.ID, "")})
	}
	return append(facts, ui.Fact{Term: say(r, "补充说明"), Text: x.Note},
		ui.Fact{Term: say(r, "更新"), Text: i18n.DateTime(lang(r), clock.Time(x.UpdatedUs))},
		ui.Fact{Term: say(r, "编号"), CopyID: x.ID}), nil
}

// sumText says how the parts of a target add up to it.
func (h *Handler) sumText(r *http.Request, x plan.TargetDetail) (string, ui.Tone) {
	s := x.Sum
	n := i18n.Int(int64(s.Count))
	tone := ui.Warn
	if s.Meets(x.Op) {
		tone = ui.OK
	}
	parts, total, gap := s.Parts.Amount(s.Unit), s.Whole.Amount(s.Unit), s.Gap.Amount(s.Unit)
	switch s.Verdict {
	case plan.SumEqual:
		return say(r, "%s 份合计 %s，与总目标相等。", n, parts), ui.OK
	case plan.SumShort:
		return say(r, "%s 份合计 %s，比总目标 %s 少 %s。", n, parts, total, gap), tone
	case plan.SumOver:
		return say(r, "%s 份合计 %s，比总目标 %s 多 %s。", n, parts, total, gap), tone
	case plan.SumUnlike:
		return say(r, "有一份的单位（%s）或量与总目标不同，不能相加。", s.Unlike), ui.Warn
	case plan.SumPeriod:
		return say(r, "有一份的期间与总目标（%s 至 %s）不同，不能相加；总目标改到别的期间，各份不会跟着改，请逐份修改期间。",
			i18n.Date(lang(r), x.From), i18n.Date(lang(r), x.To)), ui.Warn
	case plan.SumNotAdded:
		return say(r, "这个指标的各部分不能相加。"), ui.Idle
	}
	return say(r, "还没有分解。"), ui.Idle
}

// getTargetPart shows a form of a target.
func (h *Handler) getTargetPart(w http.ResponseWriter, r *http.Request) error {
	x, err := h.targetOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "edit":
		if err := plan.TargetPolicy.May(web.Actor(r), plan.ActTargetWrite, x.Target); err != nil {
			return err
		}
		f := targetEdit{data: x.TargetData, version: x.Version, dropped: x.Dropped}
		if x.Org != "" {
			f.org.values = []string{x.Org}
		}
		return h.showTargetEdit(w, r, x, f, nil)
	case "split":
		if err := plan.TargetPolicy.May(web.Actor(r), plan.ActTargetSplit, x.Target); err != nil {
			return err
		}
		return h.showSplit(w, r, x, h.splitOf(r, x), nil)
	}
	return noSuch()
}

// postTargetPart does what the forms of a target ask for.
func (h *Handler) postTargetPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	x, err := h.targetOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "edit":
		return h.postTargetEdit(w, r, x)
	case "split":
		return h.postSplit(w, r, x)
	case "sum":
		return h.postSum(w, r, x)
	}
	return noSuch()
}

// targetEdit is a form about a target: what was typed.
type targetEdit struct {
	data    plan.TargetData
	org     pick
	dropped bool
	reason  string
	version int64
}

func (h *Handler) showTargetEdit(
	w http.ResponseWriter, r *http.Request, x plan.TargetDetail, f targetEdit, err error,
) error {
	ctx, by := r.Context(), web.Actor(r)
	l, d := lang(r), f.data
	base := dayInput("baselineDay", say(r, "基期日期"), d.BaselineDay)
	base.Optional = true
	inputs := []ui.Input{
		{Kind: ui.InStatic, Name: "name", Label: say(r, "指标"), Value: x.Name},
		{Kind: ui.InSelect, Name: "measure", Label: say(r, "量"), Value: d.Measure, Width: ui.W14,
			Options: choices(ctx, plan.Measures()[:5])},
		{Kind: ui.InSelect, Name: "op", Label: say(r, "比较"), Value: d.Op, Width: ui.W14,
			Options: choices(ctx, plan.Operators())},
		{Kind: ui.InNumber, Name: "value", Label: say(r, "目标值"), Value: string(d.Value), Width: ui.W14},
		{Name: "unit", Label: say(r, "计量单位"), Value: d.Unit, Width: ui.W10},
		dayInput("from", say(r, "开始"), d.From), dayInput("to", say(r, "结束"), d.To),
		{Kind: ui.InNumber, Name: "baseline", Label: say(r, "基期值"), Value: string(d.Baseline),
			Width: ui.W14, Optional: true}, base,
	}
	rest := []ui.Input{{Kind: ui.InArea, Name: "note", Label: say(r, "补充说明"), Value: d.Note, Rows: 3,
		Optional: true, MaxLen: plan.MaxProse},
		{Kind: ui.InCheck, Name: "dropped", Text: say(r, "取消这个目标"), Value: checked(f.dropped)},
		reasonInput(r, f.reason, false)}
	ui.Mark(l, inputs, err)
	ui.Mark(l, rest, err)
	form := ui.FormView{ID: "target", Action: targetPath(x.ID, "edit"), Version: number(f.version),
		Guard: true, Summary: ui.SummaryOf(l, err), Hidden: []ui.Hidden{
			{Name: "indicator", Value: d.Indicator}, {Name: "region", Value: string(d.Region)}},
		Buttons: []ui.Action{{Text: say(r, "保存"), Primary: true},
			{Text: say(r, "取消"), Href: targetPath(x.ID, "")}}}
	org := h.orgPick(ctx, by, ui.Input{Name: "org", Label: say(r, "责任单位"), Optional: true,
		Hint: say(r, "不填则由地区整体负责")}, f.org, false, err)
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "修改"), Lead: x.Name}),
		ui.With(ui.Form(form), fields(inputs), ui.Combobox(org), fields(rest)))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: h.targetPage(r, x.Target, "修改"),
		Body: body})
}

func (h *Handler) postTargetEdit(
	w http.ResponseWriter, r *http.Request, x plan.TargetDetail,
) error {
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	f := targetEdit{data: readTargetData(v), org: readPick(v, "org"), dropped: v.Get("dropped") == "1",
		reason: v.Get("reason"), version: versionOf(v)}
	if dropped(v, "org") {
		return h.showTargetEdit(w, r, x, f, nil)
	}
	err := h.resolveOrg(r, &f.org, "org")
	f.data.Org = f.org.first()
	if err == nil {
		_, err = h.plan.UpdateTarget(ctx, by, plan.TargetUpdate{ID: x.ID, TargetData: f.data,
			Dropped: f.dropped, Reason: f.reason, Version: f.version})
	}
	if fault.Is(err, fault.Conflict) && f.version != x.Version {
		return h.showStale(w, r, stale{page: h.targetPage(r, x.Target, "修改"), lead: x.Name,
			path: targetPath(x.ID, ""), updatedUs: x.UpdatedUs, version: x.Version,
			theirs: h.targetWritten(r, x.TargetData), mine: h.targetWritten(r, f.data)})
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showTargetEdit(w, r, x, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, targetPath(x.ID, ""), "已保存")
}

// resolveOrg finds the organisation that somebody without scripts typed into a pick list.
func (h *Handler) resolveOrg(r *http.Request, p *pick, field string) error {
	if p.text == "" {
		return nil
	}
	found, err := h.findOrg(r.Context(), web.Actor(r), p.text)
	if e, ok := fault.As(err); ok {
		return fault.Fields(fault.At(field, e.Key, e.Args...))
	}
	if err == nil {
		*p = pick{values: []string{found}}
	}
	return err
}
