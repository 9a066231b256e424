package planhttp

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const pathIndicators = "/indicators"

func indicatorPath(id, tail string) string { return join(pathIndicators, id, tail) }

func mayDefine(r *http.Request) bool {
	return plan.IndicatorPolicy.Could(web.Actor(r), plan.ActIndicatorWrite)
}

// getIndicators lists the definitions of indicators.
func (h *Handler) getIndicators(w http.ResponseWriter, r *http.Request) error {
	if err := allow(plan.IndicatorPolicy.Could(web.Actor(r), plan.ActIndicatorRead)); err != nil {
		return err
	}
	q, retired := strings.TrimSpace(r.FormValue("q")), r.FormValue("retired")
	check := wrong{h: h}
	check.text("q", q)
	status, results, err := http.StatusOK, templ.Component(nil), check.err()
	if err != nil {
		status, results = http.StatusUnprocessableEntity, wrongQuery(r, "指标", err)
	} else if results, err = h.indicatorResults(r, q, retired); err != nil {
		return err
	}
	p := h.web.Page(r, "指标")
	head := ui.Head{Title: p.Title, Lead: say(r, "文件里的不同说法指向同一个指标；目标和数值都从这里汇到一起。")}
	if mayDefine(r) {
		head.Actions = []ui.Action{{Text: say(r, "定义指标"), Href: pathIndicators + "/new", Primary: true}}
	}
	bar := ui.Filters{Action: pathIndicators, Label: say(r, "筛选指标"), Fields: []ui.Filter{
		{Kind: ui.FilterSearch, Name: "q", Label: say(r, "关键词"), Value: q,
			Placeholder: say(r, "指标名称")}},
		More: []ui.Filter{{Kind: ui.FilterCheck, Name: "retired", Label: say(r, "也列出不再使用的"),
			Value: retired}}, MoreOn: retired != ""}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(bar), results)
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body, Part: results})
}

func (h *Handler) indicatorResults(r *http.Request, q, retired string) (templ.Component, error) {
	ctx := r.Context()
	page, err := h.plan.ListIndicators(ctx, web.Actor(r),
		plan.IndicatorFilter{Query: q, Retired: retired == "1"}, web.PageReq(r, pageSize))
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{}
	switch {
	case len(page.Items) > 0:
		tab := ui.Table{Caption: say(r, "指标"), Dense: true, Cols: []ui.Column{{Label: say(r, "指标")},
			{Label: say(r, "计量单位")}, {Label: say(r, "方向")}, {Label: say(r, "各部分相加")},
			{Label: say(r, "更新")}}}
		for _, x := range page.Items {
			cell := ui.Cell{Text: x.Name, Href: indicatorPath(x.ID, "")}
			if x.Retired {
				cell.Status = &ui.State{Tone: ui.Idle, Text: say(r, "不再使用")}
			}
			tab.Rows = append(tab.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{cell, {Text: x.Unit},
				{Text: titled(ctx, plan.Directions(), x.Direction)}, {Text: yesNo(r, x.Additive)},
				h.ago(ctx, x.UpdatedUs)}})
		}
		parts = append(parts, ui.DataTable(tab))
	case q != "":
		parts = append(parts, ui.With(ui.Empty(say(r, "没有符合条件的指标"), say(r, "换一个关键词，或放宽条件。")),
			ui.Button(ui.Action{Text: say(r, "清除条件"), Href: pathIndicators})))
	default:
		parts = append(parts, ui.Empty(say(r, "还没有指标"), say(r, "审读文件、立目标时，会在这里定义指标。")))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", say(r, "指标")), parts...), nil
}

func yesNo(r *http.Request, yes bool) string {
	if yes {
		return say(r, "是")
	}
	return say(r, "否")
}

func (h *Handler) indicatorOf(r *http.Request) (plan.Indicator, error) {
	if !id.Valid(r.PathValue("id")) {
		return plan.Indicator{}, noSuch()
	}
	return h.plan.GetIndicator(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) indicatorPage(r *http.Request, x plan.Indicator, last string) ui.Page {
	p := h.web.Page(r, "指标")
	p.Crumbs = []ui.Link{{Text: p.Title, Href: pathIndicators}, {Text: x.Name}}
	p.Title = x.Name
	if last != "" {
		p.Title = say(r, last) + " · " + x.Name
		p.Crumbs[1].Href = indicatorPath(x.ID, "")
		p.Crumbs = append(p.Crumbs, ui.Link{Text: say(r, last)})
	}
	return p
}

// getIndicator shows an indicator with its names, its targets, and what documents say of it over
// time.
func (h *Handler) getIndicator(w http.ResponseWriter, r *http.Request) error {
	x, err := h.indicatorOf(r)
	if err != nil {
		return err
	}
	ctx, by := r.Context(), web.Actor(r)
	said, err := h.plan.IndicatorSaid(ctx, by, x.ID)
	if err != nil {
		return err
	}
	const most = 100
	targets, err := h.plan.ListTargets(ctx, by, plan.TargetFilter{Indicator: x.ID}, "to",
		db.PageReq{Limit: most})
	if err != nil {
		return err
	}
	head := ui.Head{Title: x.Name, Lead: x.Definition}
	if x.Retired {
		head.Status = &ui.State{Tone: ui.Idle, Text: say(r, "不再使用")}
	}
	head.Actions = []ui.Action{{Text: say(r, "口径与数值"), Href: indicatorPath(x.ID, "definitions")}}
	if mayDefine(r) {
		head.Actions = append(head.Actions, ui.Action{Text: say(r, "修改"), Href: indicatorPath(x.ID, "edit")})
	}
	var main []templ.Component
	if len(targets.Items) > 0 {
		inner := []templ.Component{ui.DataTable(h.targetTable(r, targets.Items, false))}
		if targets.Next != "" {
			inner = append(inner, ui.Button(ui.Action{Text: say(r, "查看列表"),
				Href: pathTargets + "?indicator=" + url.QueryEscape(x.ID)}))
		}
		main = append(main, ui.With(ui.Block(say(r, "目标")), inner...))
	}
	for _, b := range []struct {
		title string
		list  []plan.Place
	}{{"各期数值", said.Facts}, {"文件提出的目标", said.Aims}} {
		if len(b.list) > 0 {
			main = append(main, ui.With(ui.Block(say(r, b.title)), ui.DataTable(h.saidTable(r, b.title, b.list))))
		}
	}
	if len(main) == 0 {
		main = append(main, ui.Empty(say(r, "还没有目标，也没有数值"),
			say(r, "在审读台把采纳的条目关联到这个指标，就会出现在这里。")))
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(say(r, "关键信息"),
		h.indicatorFacts(r, x, said))), ui.With(ui.Stack(), main...)))
	return h.web.Render(w, r, web.View{Page: h.indicatorPage(r, x, ""), Body: body})
}

func (h *Handler) indicatorFacts(
	r *http.Request, x plan.Indicator, said plan.IndicatorEvidence,
) []ui.Fact {
	var phrases []string
	for _, p := range said.Phrases {
		phrases = append(phrases, say(r, "%s（%d 处）", p.Text, p.Count))
	}
	return []ui.Fact{{Term: say(r, "计量单位"), Text: x.Unit},
		{Term: say(r, "方向"), Text: titled(r.Context(), plan.Directions(), x.Direction)},
		{Term: say(r, "各部分相加"), Text: yesNo(r, x.Additive)},
		{Term: say(r, "其他名称"), Text: strings.Join(x.Aliases, "、")},
		{Term: say(r, "文中说法"), Text: strings.Join(phrases, "、")},
		{Term: say(r, "更新"), Text: i18n.DateTime(lang(r), clock.Time(x.UpdatedUs))},
		{Term: say(r, "编号"), CopyID: x.ID}}
}

// saidTable shows what documents say, with links to the words.
func (h *Handler) saidTable(r *http.Request, title string, list []plan.Place) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: say(r, title), Dense: true, Cols: []ui.Column{{Label: say(r, "期间")},
		{Label: say(r, "主体")}, {Label: say(r, "数值"), Num: true}, {Label: say(r, "原文")},
		{Label: say(r, "文件")}}}
	for _, x := range list {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: dash(period(ctx, x.From, x.To))},
			{Text: dash(x.Subject), Sub: titled(ctx, plan.Measures(), x.Measure)},
			{Text: amount(x.Op, x.Value, x.Unit)}, {Text: x.Quote, Href: placeHref(x)},
			{Text: x.Title, Href: docPath(x.Document, ""), Sub: i18n.Date(lang(r), x.Day)}}})
	}
	return tab
}

// indicatorForm is a definition as typed.
type indicatorForm struct {
	id      string // "" for a new one
	data    plan.IndicatorData
	retired bool
	version int64
	key     string
}

func readIndicatorForm(v url.Values, id string) indicatorForm {
	return indicatorForm{id: id, version: versionOf(v), key: v.Get("key"),
		retired: v.Get("retired") == "1", data: plan.IndicatorData{Name: v.Get("name"),
			Unit: v.Get("unit"), Direction: v.Get("direction"), Additive: v.Get("additive") == "1",
			Definition: v.Get("definition"),
			Aliases:    strings.FieldsFunc(v.Get("aliases"), func(c rune) bool { return c == '\n' || c == '\r' })}}
}

func (h *Handler) getIndicatorNew(w http.ResponseWriter, r *http.Request) error {
	if err := allow(mayDefine(r)); err != nil {
		return err
	}
	return h.showIndicatorForm(w, r, plan.Indicator{}, indicatorForm{key: id.New(),
		data: plan.IndicatorData{Direction: "up"}}, nil)
}

func (h *Handler) getIndicatorEdit(w http.ResponseWriter, r *http.Request) error {
	x, err := h.indicatorOf(r)
	if err == nil {
		err = plan.IndicatorPolicy.May(web.Actor(r), plan.ActIndicatorWrite, x)
	}
	if err != nil {
		return err
	}
	return h.showIndicatorForm(w, r, x, indicatorForm{id: x.ID, data: x.IndicatorData,
		retired: x.Retired, version: x.Version}, nil)
}

func indicatorInputs(ctx context.Context, f indicatorForm) []ui.Input {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	in := []ui.Input{{Name: "name", Label: t("名称"), Value: f.data.Name, MaxLen: 100},
		{Name: "unit", Label: t("计量单位"), Value: f.data.Unit, Width: ui.W10},
		{Kind: ui.InRadio, Name: "direction", Label: t("方向"), Value: f.data.Direction,
			Options: choices(ctx, plan.Directions())},
		{Kind: ui.InCheck, Name: "additive", Text: t("各部分相加等于总数"), Value: checked(f.data.Additive)},
		{Kind: ui.InArea, Name: "definition", Label: t("定义与口径"), Value: f.data.Definition, Rows: 3,
			Optional: true, MaxLen: plan.MaxProse},
		{Kind: ui.InArea, Name: "aliases", Label: t("其他名称"), Rows: 4, Optional: true,
			Value: strings.Join(f.data.Aliases, "\n"), Hint: t("每行一个；文件里的这些说法都指这个指标")}}
	if f.id != "" {
		in = append(in, ui.Input{Kind: ui.InCheck, Name: "retired", Text: t("不再使用：审读时不再提供"),
			Value: checked(f.retired)})
	}
	return in
}

func (h *Handler) showIndicatorForm(
	w http.ResponseWriter, r *http.Request, x plan.Indicator, f indicatorForm, err error,
) error {
	action, title := pathIndicators+"/new", "定义指标"
	if f.id != "" {
		action, title = indicatorPath(f.id, "edit"), "修改"
	}
	inputs := indicatorInputs(r.Context(), f)
	ui.Mark(lang(r), inputs, err)
	form := ui.FormView{ID: "indicator", Action: action, Version: number(f.version), Guard: true,
		Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: say(r, "保存"), Primary: true},
			{Text: say(r, "取消"), Href: strings.TrimSuffix(action, "/"+action[strings.LastIndex(action, "/")+1:])}}}
	p := h.web.Page(r, title)
	p.Crumbs = []ui.Link{{Text: say(r, "指标"), Href: pathIndicators}, {Text: p.Title}}
	if f.id != "" {
		p = h.indicatorPage(r, x, title)
	}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, title), Lead: x.Name}),
		ui.With(ui.Form(form), fields(inputs)))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: body})
}

func (h *Handler) postIndicatorNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	f := readIndicatorForm(r.PostForm, "")
	x, err := h.plan.CreateIndicator(r.Context(), web.Actor(r),
		plan.NewIndicator{IndicatorData: f.data, Key: f.key})
	return h.savedIndicator(w, r, x, f, err)
}

func (h *Handler) postIndicatorEdit(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	x, err := h.indicatorOf(r)
	if err != nil {
		return err
	}
	f := readIndicatorForm(r.PostForm, x.ID)
	_, err = h.plan.UpdateIndicator(r.Context(), web.Actor(r), plan.IndicatorUpdate{ID: x.ID,
		IndicatorData: f.data, Retired: f.retired, Version: f.version})
	return h.savedIndicator(w, r, x, f, err)
}

func (h *Handler) savedIndicator(
	w http.ResponseWriter, r *http.Request, x plan.Indicator, f indicatorForm, err error,
) error {
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showIndicatorForm(w, r, x, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, indicatorPath(x.ID, ""), "已保存")
}
