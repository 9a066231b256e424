package indicatorhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func mayKeepSets(r *http.Request) bool {
	return indicator.SetPolicy.Could(web.Actor(r), indicator.ActSetWrite)
}

// getSets lists the sets, and those that come with the program and are not there yet.
func (h *Handler) getSets(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	list, err := h.room.ListSets(ctx, by)
	if err != nil {
		return err
	}
	shipped, err := h.room.ShippedSets(ctx, by)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "指标体系")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "一套指标、分组和权重；在页面上修订，也随文件导入导出，来源和核实情况写在体系里。")}
	if mayKeepSets(r) {
		head.Actions = []ui.Action{{Text: kit.Say(r, "新建体系"), Href: pathSets + "/new", Primary: true},
			{Text: kit.Say(r, "导入体系"), Href: pathSets + "/import"}}
	}
	var parts []templ.Component
	if len(list) == 0 {
		parts = append(parts, ui.Empty(kit.Say(r, "还没有指标体系"), kit.Say(r, "从文件导入，或采用下面随系统提供的体系。")))
	} else {
		tab := ui.Table{Caption: kit.Say(r, "指标体系"), Cols: []ui.Column{{Label: kit.Say(r, "名称")},
			{Label: kit.Say(r, "年度"), Num: true}, {Label: kit.Say(r, "指标数"), Num: true},
			{Label: kit.Say(r, "来源")}, {Label: kit.Say(r, "更新")}}}
		for _, s := range list {
			name := ui.Cell{Text: s.Name, Href: kit.Join(pathSets, s.ID, ""), Sub: s.Code}
			if s.Label != "" {
				name.Tags = append(name.Tags, s.Label)
			}
			if s.Retired {
				name.Tags = append(name.Tags, kit.Say(r, "不再使用"))
			}
			tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{name, {Text: kit.Number(s.Year)},
				{Text: i18n.Int(s.Items), Href: kit.Join(pathSets, s.ID, "")}, {Text: ui.OrDash(s.Source)},
				ui.AgoCell(ctx, s.UpdatedUs, h.Now())}})
		}
		parts = append(parts, ui.DataTable(tab))
	}
	if c := h.shippedBlock(r, shipped); c != nil {
		parts = append(parts, c)
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head), stack(parts...))})
}

// shippedBlock offers the sets that come with the program, nil when all are there.
func (h *Handler) shippedBlock(r *http.Request, list []indicator.Shipped) templ.Component {
	tab := ui.Table{Caption: kit.Say(r, "随系统提供的体系"), Cols: []ui.Column{{Label: kit.Say(r, "名称")},
		{Label: kit.Say(r, "年度"), Num: true}, {Label: kit.Say(r, "指标数"), Num: true},
		{Label: kit.Say(r, "核实情况")}, {Label: kit.Say(r, "操作"), Sr: true}}}
	for _, s := range list {
		if s.Installed != "" {
			continue
		}
		cell := ui.Cell{}
		if mayKeepSets(r) {
			cell.Body = ui.PostButton(ui.Post{Action: pathSets + "/import", Hidden: []ui.Hidden{
				{Name: "shipped", Value: s.Code}, {Name: "do", Value: "check"}},
				Button: ui.Action{Text: kit.Say(r, "采用"), Small: true, Label: kit.Say(r, "采用%s", s.Name)}})
		}
		code := s.Code
		if s.Tasks > 0 {
			code = ui.Words(code, kit.Say(r, "附 %d 项示例任务", s.Tasks))
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Name, Sub: code, Tags: []string{s.Label}},
			{Text: kit.Number(s.Year)}, {Text: i18n.Int(int64(s.Items))}, {Text: s.Note}, cell}})
	}
	if len(tab.Rows) == 0 {
		return nil
	}
	return ui.With(ui.Block(kit.Say(r, "随系统提供的体系")), ui.DataTable(tab))
}

func (h *Handler) setOf(r *http.Request) (indicator.SetDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return indicator.SetDetail{}, absent()
	}
	return h.room.GetSet(r.Context(), web.Actor(r), r.PathValue("id"))
}

func setPath(id, tail string) string { return kit.Join(pathSets, id, tail) }

// getSet shows a set by its groups, or sends it as a file.
func (h *Handler) getSet(w http.ResponseWriter, r *http.Request) error {
	d, err := h.setOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if done, err := h.sendSet(w, r, d, 0); done {
		return err
	}
	head := ui.Head{Title: d.Name, ID: d.Code, Lead: d.Label, Actions: []ui.Action{
		{Text: "YAML", Href: setPath(d.ID, "") + "?format=yaml", Label: kit.Say(r, "导出体系文件")},
		{Text: "Excel", Href: setPath(d.ID, "") + "?format=xlsx", Label: kit.Say(r, "导出 Excel")}}}
	if d.Current == nil {
		head.Actions = nil
	}
	head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "各版"), Href: setPath(d.ID, "editions")})
	if mayKeepSets(r) {
		if d.Draft == nil {
			head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "编辑"), Href: setPath(d.ID, "edit")})
		}
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "分配填报责任"),
			Href: pathDuties + "/new?set=" + url.QueryEscape(d.ID)})
	}
	var parts []templ.Component
	if d.Draft != nil {
		parts = append(parts, ui.With(ui.Block(kit.Say(r, "正在修订")), ui.PlainList([]ui.Link{{
			Text: kit.Say(r, "第 %d 版草案", d.Draft.N), Href: editionPath(d.ID, d.Draft.N, "")}})))
	}
	if d.Current == nil {
		parts = append(parts, ui.Empty(kit.Say(r, "还没有生效的版本"), kit.Say(r, "草案定版并到生效日期以后，这里才有指标。")))
	}
	if d.Note != "" {
		parts = append(parts, ui.Banner(ui.Warn, d.Note))
	}
	for _, g := range d.Groups {
		title := ui.Words(g.Name, weightText(r, g.Weight))
		block := []templ.Component{}
		if text := ui.Words(titled(ctx, indicator.Marks(), g.Mark), g.Source); text != "" {
			block = append(block, ui.Note(text))
		}
		if tab := h.memberTable(r, g, d.Members); len(tab.Rows) > 0 {
			block = append(block, ui.DataTable(tab))
		} else {
			block = append(block, ui.Note(kit.Say(r, "缺口：这个一级指标下的指标没有找到。")))
		}
		parts = append(parts, ui.With(ui.Block(title), stack(block...)))
	}
	if len(d.Tasks) > 0 {
		parts = append(parts, taskBlock(r, d.Tasks))
	}
	facts := []ui.Fact{{Term: kit.Say(r, "年度"), Text: kit.Number(d.Year)},
		{Term: kit.Say(r, "标注"), Text: d.Label}, {Term: kit.Say(r, "出处"), Text: d.Source},
		{Term: kit.Say(r, "指标数"), Text: i18n.Int(d.Items)},
		{Term: kit.Say(r, "数值"), Text: kit.Say(r, "查看各期数值"),
			Href: pathObservations + "?set=" + url.QueryEscape(d.ID)},
		{Term: kit.Say(r, "更新"), Text: kit.Moment(r, d.UpdatedUs)}}
	if d.Current != nil {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "现行"), Href: editionPath(d.ID, d.Current.N, ""),
			Text: ui.Words(h.editionName(r, d.Current.N), validity(r, *d.Current))})
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), facts)),
		stack(parts...)))
	return h.Web.Render(w, r, web.View{Page: h.Sub(r, "指标体系", pathSets, d.Name, setPath(d.ID, ""), ""),
		Body: body})
}

// taskBlock lists the tasks that came with a set.
func taskBlock(r *http.Request, list []indicator.FileTask) templ.Component {
	tab := ui.Table{Caption: kit.Say(r, "示例任务"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "任务")},
		{Label: kit.Say(r, "对应指标")}, {Label: kit.Say(r, "建议牵头")}, {Label: kit.Say(r, "建议配合")}}}
	for _, x := range list {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Title, Sub: x.Content},
			{Text: ui.OrDash(ui.Words(x.Indicators...))}, {Text: x.Owner}, {Text: ui.OrDash(x.Assist)}}})
	}
	return ui.With(ui.Block(kit.Say(r, "示例任务")), stack(
		ui.Note(kit.Say(r, "定版时已在台账中拟立为草稿，落实单位和时限后立项。")),
		ui.PlainList([]ui.Link{{Text: kit.Say(r, "台账"), Href: "/ledger"}}), ui.DataTable(tab)))
}

// weightText says a weight, or that it is not known.
func weightText(r *http.Request, w plan.Decimal) string {
	if w == "" {
		return kit.Say(r, "权重未知")
	}
	return kit.Say(r, "权重 %s", string(w))
}

func (h *Handler) memberTable(r *http.Request, g indicator.Group, members []indicator.Item) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: g.Name, Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "指标")},
		{Label: kit.Say(r, "计量单位")}, {Label: kit.Say(r, "方向")}, {Label: kit.Say(r, "权重"), Num: true},
		{Label: kit.Say(r, "核实情况")}}}
	for _, m := range members {
		if m.Group != g.N {
			continue
		}
		name := ui.Cell{Text: m.Title, Href: definitionsPath(m.Indicator, "")}
		if m.Title != m.Name {
			name.Sub = m.Name
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{name, {Text: m.Unit},
			{Text: titled(ctx, plan.Directions(), m.Direction)}, {Text: ui.OrDash(string(m.Weight))},
			{Text: ui.OrDash(titled(ctx, indicator.Marks(), m.Mark)), Sub: m.Note}}})
	}
	return tab
}

func (h *Handler) getSetEdit(w http.ResponseWriter, r *http.Request) error {
	d, err := h.setOf(r)
	if err != nil {
		return err
	}
	return h.showSetEdit(w, r, d, d.SetData, d.Version, nil)
}

func setInputs(r *http.Request, d indicator.SetData) []ui.Input {
	say := func(zh string) string { return kit.Say(r, zh) }
	return []ui.Input{{Name: "name", Label: say("名称"), Value: d.Name},
		{Kind: ui.InNumber, Name: "year", Label: say("年度"), Value: kit.Blank(d.Year), Width: ui.W6},
		{Name: "label", Label: say("标注"), Value: d.Label, Optional: true,
			Hint: say("如 参照体系（非官方），显示在体系的各处")},
		{Name: "source", Label: say("出处"), Value: d.Source, Optional: true},
		{Kind: ui.InArea, Name: "note", Label: say("核实情况"), Value: d.Note, Rows: 4, Optional: true,
			Hint: say("哪些已核实，哪些是缺口")}}
}

func readSet(v url.Values) indicator.SetData {
	return indicator.SetData{Code: v.Get("code"), Name: v.Get("name"), Year: kit.Whole(v.Get("year")),
		Label: v.Get("label"), Source: v.Get("source"), Note: v.Get("note"), Retired: v.Get("retired") == "1"}
}

func (h *Handler) showSetEdit(
	w http.ResponseWriter, r *http.Request, d indicator.SetDetail, data indicator.SetData, version int64,
	err error,
) error {
	if !mayKeepSets(r) {
		return kit.ErrRole()
	}
	inputs := append(setInputs(r, data), ui.Input{Kind: ui.InCheck, Name: "retired",
		Text: kit.Say(r, "不再使用：填报和监测时不再提供"), Value: checked(data.Retired)})
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{ID: "set", Action: setPath(d.ID, "edit"), Version: kit.Number(version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: setPath(d.ID, "")}}}
	lead := kit.Say(r, "分组、指标和权重在“各版”里修订，代码 %s 不变。", d.Code)
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err),
		Page: h.Sub(r, "指标体系", pathSets, d.Name, setPath(d.ID, ""), "编辑"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "编辑"), Lead: lead}),
			ui.With(ui.Form(view), kit.Fields(inputs)))})
}

func (h *Handler) postSetEdit(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.setOf(r)
	if err != nil {
		return err
	}
	in := indicator.SetUpdate{ID: d.ID, SetData: readSet(r.PostForm), Version: web.VersionOf(r)}
	_, err = h.room.UpdateSet(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showSetEdit(w, r, d, in.SetData, in.Version, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, setPath(d.ID, ""), "已保存")
}

// setImport is the page that takes a set.
func setImport(r *http.Request, d indicator.SetData) importPage {
	code := ui.Input{Name: "code", Label: kit.Say(r, "代码"), Value: d.Code, Mono: true, Optional: true,
		Width: ui.W18, Hint: kit.Say(r, "小写字母、数字和连字符；已有的代码会得到一份修订草案")}
	inputs := append([]ui.Input{code}, setInputs(r, d)...)
	for i := range inputs {
		inputs[i].Optional = true
	}
	return importPage{title: "导入体系", back: pathSets, backTitle: "指标体系", path: pathSets + "/import",
		lead: kit.Say(r, "导入得到一份草案，定版以前什么也不变。体系文件（YAML）自带名称和年度；Excel 和 CSV 只有指标，下面各项要填。"),
		spec: indicator.SetSheet(), accept: ".yaml,.yml,.json,.xlsx,.csv",
		hint: kit.Say(r, "YAML、Excel（.xlsx）或 CSV，不超过 %d MB", sheet.MaxFileBytes>>20), inputs: inputs}
}

func (h *Handler) getSetImport(w http.ResponseWriter, r *http.Request) error {
	if !mayKeepSets(r) {
		return kit.ErrRole()
	}
	x := setImport(r, indicator.SetData{})
	if done, err := h.template(w, r, x); done {
		return err
	}
	return h.showImport(w, r, x, sent{}, nil, nil)
}

func (h *Handler) postSetImport(w http.ResponseWriter, r *http.Request) error {
	f, err := readSent(r)
	if err != nil {
		return err
	}
	if !mayKeepSets(r) {
		return kit.ErrRole()
	}
	d := readSet(r.PostForm)
	x := setImport(r, d)
	shipped := r.PostForm.Get("shipped")
	if f.key == "" {
		f.key = id.New()
	}
	in := indicator.SetImport{SetData: d, Shipped: shipped, Name: f.name, DryRun: !f.store, Key: f.key}
	if shipped == "" {
		if f.none() {
			return h.showImport(w, r, x, f, nil, errNoFile())
		}
		in.File = f.reader()
	} else {
		f.name = shipped + ".yaml"
	}
	out, err := h.room.ImportSet(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) && out.Problems.Total == 0 {
		return h.showImport(w, r, x, f, nil, err)
	}
	if err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	if out.Done {
		return h.Web.Redirect(w, r, editionPath(out.Set.ID, out.Edition.N, ""), "已导入 %d 项指标，请检查后定版", out.Rows)
	}
	text := kit.Say(r, "%s：%d 项指标，新定义指标 %d 项，建立口径 %d 项。", out.Set.Name, out.Rows,
		len(out.Indicators), out.Definitions)
	if out.Replaces {
		text += kit.Say(r, "与现行版相比增加 %d 项，去掉 %d 项，断开 %d 项的序列。", len(out.Added), len(out.Removed),
			len(out.Breaks))
	}
	if out.Tasks > 0 {
		text += kit.Say(r, "定版时在台账中拟立 %d 项任务草稿，牵头单位待落实。", out.Tasks)
	}
	if len(out.Faults) > 0 {
		text += kit.Say(r, "草案中有 %d 处要改好才能定版。", len(out.Faults))
	}
	hidden := []ui.Hidden{{Name: "shipped", Value: shipped}, {Name: "code", Value: d.Code},
		{Name: "name", Value: d.Name}, {Name: "year", Value: kit.Blank(d.Year)},
		{Name: "label", Value: d.Label}, {Name: "source", Value: d.Source}, {Name: "note", Value: d.Note}}
	report := found(r, x.path, f, text, kit.Say(r, "导入 %d 项指标", out.Rows), out.Problems, hidden...)
	return h.showImport(w, r, x, f, report, nil)
}
