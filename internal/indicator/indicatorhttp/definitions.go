package indicatorhttp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/formula"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func definitionsPath(indicatorID, tail string) string {
	return strings.TrimSuffix(kit.Join(pathIndicators, indicatorID, "definitions/"+tail), "/")
}

func mayDefine(r *http.Request) bool {
	return indicator.DefinitionPolicy.Could(web.Actor(r), indicator.ActDefinitionWrite)
}

func (h *Handler) definitionsOf(r *http.Request) (indicator.IndicatorDefinitions, error) {
	if !id.Valid(r.PathValue("id")) {
		return indicator.IndicatorDefinitions{}, absent()
	}
	return h.room.DefinitionsOf(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) definitionPage(r *http.Request, x plan.Indicator, last string) ui.Page {
	p := h.Web.Page(r, "口径")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指标"), Href: pathIndicators},
		{Text: x.Name, Href: kit.Join(pathIndicators, x.ID, "")}, {Text: p.Title}}
	p.Title = kit.Say(r, "口径") + " · " + x.Name
	if last != "" {
		p.Crumbs[2].Href = definitionsPath(x.ID, "")
		p.Crumbs = append(p.Crumbs, ui.Link{Text: kit.Say(r, last)})
		p.Title = kit.Say(r, last) + " · " + x.Name
	}
	return p
}

// getDefinitions shows how an indicator is counted, now and before, and its latest values.
func (h *Handler) getDefinitions(w http.ResponseWriter, r *http.Request) error {
	d, err := h.definitionsOf(r)
	if err != nil {
		return err
	}
	ctx, by := r.Context(), web.Actor(r)
	x := d.Indicator
	head := ui.Head{Title: kit.Say(r, "%s的口径", x.Name),
		Lead: kit.Say(r, "口径只关闭、不改写：已有数值的口径不能改，变了就建立新版并说明是否断点。")}
	if mayDefine(r) {
		title := "建立口径"
		if len(d.Definitions) > 0 {
			title = "建立新版口径"
		}
		head.Actions = []ui.Action{{Text: kit.Say(r, title), Href: definitionsPath(x.ID, "new"), Primary: true}}
		if mayAssign(r) && len(d.Definitions) > 0 {
			head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "分配填报责任"),
				Href: pathDuties + "/new?indicator=" + url.QueryEscape(x.ID)})
		}
	}
	var parts []templ.Component
	if len(d.Definitions) == 0 {
		parts = append(parts, ui.Empty(kit.Say(r, "还没有口径"),
			kit.Say(r, "写明数据方式、频率、单位和报送时限，才能填报和监测。")))
	}
	for i, v := range d.Definitions {
		parts = append(parts, h.definitionBlock(r, x, v, i == 0))
	}
	page, err := h.room.ListObservations(ctx, by, indicator.ObservationFilter{Indicator: x.ID}, "period",
		db.PageReq{Limit: 12})
	if err != nil {
		return err
	}
	if len(page.Items) > 0 {
		all := ui.Button(ui.Action{Text: kit.Say(r, "全部数值"), Small: true,
			Href: pathObservations + "?indicator=" + url.QueryEscape(x.ID)})
		parts = append(parts, ui.With(ui.Block(kit.Say(r, "最近的数值")),
			ui.DataTable(h.observationTable(r, kit.Say(r, "最近的数值"), page.Items)), all))
	}
	facts := []ui.Fact{{Term: kit.Say(r, "指标"), Text: x.Name, Href: kit.Join(pathIndicators, x.ID, "")},
		{Term: kit.Say(r, "计量单位"), Text: x.Unit},
		{Term: kit.Say(r, "方向"), Text: titled(ctx, plan.Directions(), x.Direction)}}
	for _, s := range d.Sets {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "指标体系"), Text: s.Name, Href: kit.Join(pathSets, s.ID, "")})
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), facts)),
		stack(parts...)))
	return h.Web.Render(w, r, web.View{Page: h.definitionPage(r, x, ""), Body: body})
}

// definitionBlock shows one version in words.
func (h *Handler) definitionBlock(
	r *http.Request, x plan.Indicator, v indicator.DefinitionUse, latest bool,
) templ.Component {
	ctx := r.Context()
	until := kit.Say(r, "至今")
	if v.To != "" {
		until = kit.Say(r, "至 %s 止", i18n.Date(kit.Lang(r), v.To.AddDays(-1)))
	}
	title := ui.Words(kit.Say(r, "第 %d 版", v.N), kit.Say(r, "%s 起", i18n.Date(kit.Lang(r), v.From)), until)
	kindOf := ui.Words(titled(ctx, indicator.Kinds(), v.Kind), titled(ctx, indicator.Frequencies(), v.Frequency))
	if v.Cumulative {
		kindOf = ui.Words(kindOf, kit.Say(r, "自年初累计"))
	}
	facts := []ui.Fact{{Term: kit.Say(r, "口径"), Text: v.Text}, {Term: kit.Say(r, "数据方式"), Text: kindOf},
		{Term: kit.Say(r, "计量单位"), Text: ui.Words(v.Unit, kit.Say(r, "%d 位小数", v.Places))}}
	add := func(term, text string) {
		if text != "" {
			facts = append(facts, ui.Fact{Term: kit.Say(r, term), Text: text})
		}
	}
	add("公式", v.Formula)
	if v.Measure != "" {
		text := v.Measure
		for _, dim := range sortedDims(v.Dims) {
			text += " · " + dim
		}
		if v.Factor != "" {
			text += " × " + string(v.Factor)
		}
		add("系统度量", text)
	}
	add("责任单位", v.OrgName)
	if v.Kind == indicator.Observed {
		add("报送时限", kit.Say(r, "期末后第 %d 个工作日 %s 前", v.DueDays, dueTime(v.DueTime)))
	}
	if v.Floor != "" || v.Ceiling != "" {
		add("合理范围", ui.OrDash(string(v.Floor))+" ~ "+ui.OrDash(string(v.Ceiling)))
	}
	if v.Jump != "" {
		add("变动提示", kit.Say(r, "比上期变动超过 %s%% 要说明原因", string(v.Jump)))
	}
	if v.Breaks {
		add("断点", v.BreakNote)
	}
	add("出处", v.Source)
	facts = append(facts, ui.Fact{Term: kit.Say(r, "按此填报的数值"), Text: i18n.Int(v.Values),
		Href: pathObservations + "?indicator=" + url.QueryEscape(x.ID)})
	if v.Made > 0 {
		facts = append(facts, ui.Fact{Term: kit.Say(r, "按此算出的数值"), Text: i18n.Int(v.Made),
			Href: kit.Join(pathIndicators, x.ID, "")})
	}
	parts := []templ.Component{ui.FactGrid(facts)}
	if mayDefine(r) && v.To == "" {
		if v.Values+v.Made == 0 {
			parts = append(parts, ui.Button(ui.Action{Text: kit.Say(r, "修改"), Small: true,
				Label: kit.Say(r, "修改第 %d 版", v.N), Href: definitionsPath(x.ID, v.ID+"/edit")}))
		}
		parts = append(parts, ui.Button(ui.Action{Text: kit.Say(r, "停用"), Small: true,
			Label: kit.Say(r, "停用第 %d 版", v.N), Href: definitionsPath(x.ID, v.ID+"/close")}))
	}
	if mayDefine(r) && v.To != "" && latest {
		parts = append(parts, ui.Button(ui.Action{Text: kit.Say(r, "撤回停用"), Small: true,
			Label: kit.Say(r, "撤回停用第 %d 版", v.N), Href: definitionsPath(x.ID, v.ID+"/reopen")}))
	}
	return ui.With(ui.Block(title), parts...)
}

func dueTime(s string) string {
	if s == "" {
		return "18:00"
	}
	return s
}

// defineForm is a definition as typed.
type defineForm struct {
	data    indicator.DefinitionData
	org     kit.Pick
	id      string // "" for a new one
	version int64
	key     string
}

func (h *Handler) getDefinitionNew(w http.ResponseWriter, r *http.Request) error {
	d, err := h.definitionsOf(r)
	if err != nil {
		return err
	}
	if !mayDefine(r) {
		return kit.ErrRole()
	}
	f := defineForm{key: id.New(), org: kit.Pick{Name: "org"}, data: indicator.DefinitionData{
		Kind: indicator.Observed, Unit: d.Indicator.Unit, Places: 2, Frequency: "year", DueDays: 10,
		DueTime: "18:00", Text: d.Indicator.Definition, From: clock.Date(string(h.today())[:4] + "-01-01")}}
	if len(d.Definitions) > 0 {
		f.data = d.Definitions[0].DefinitionData
		f.data.From, f.data.Breaks, f.data.BreakNote, f.data.Source = "", false, "", ""
		f.org.Value = f.data.Org
	}
	return h.showDefine(w, r, d, f, nil)
}

// definitionInputs ask for a definition.
func (h *Handler) definitionInputs(r *http.Request, f defineForm) []ui.Input {
	ctx, d := r.Context(), f.data
	say := func(zh string) string { return kit.Say(r, zh) }
	from := dayInput("from", say("生效日期"), d.From)
	from.Hint = say("在这一天或以后结束的期别按这一版计算")
	from.ReadOnly = f.id != ""
	return []ui.Input{
		{Kind: ui.InRadio, Name: "kind", Label: say("数据方式"), Value: d.Kind, Options: options(ctx, "", indicator.Kinds())},
		{Kind: ui.InArea, Name: "text", Label: say("口径"), Value: d.Text, Rows: 3, Optional: true,
			Hint: say("统计什么、包括和不包括什么")},
		{Name: "unit", Label: say("计量单位"), Value: d.Unit, Width: ui.W10},
		{Kind: ui.InNumber, Name: "places", Label: say("小数位"), Value: kit.Number(d.Places), Width: ui.W6},
		{Kind: ui.InRadio, Name: "frequency", Label: say("频率"), Value: d.Frequency,
			Options: options(ctx, "", indicator.Frequencies())},
		{Kind: ui.InCheck, Name: "cumulative", Text: say("数值是自年初累计"), Value: checked(d.Cumulative)},
		from,
		{Kind: ui.InNumber, Name: "dueDays", Label: say("报送工作日"), Value: kit.Number(d.DueDays), Width: ui.W6,
			Hint: say("期末后第几个工作日前报送")},
		{Name: "dueTime", Label: say("报送时刻"), Value: d.DueTime, Width: ui.W6, Optional: true,
			Placeholder: "17:30"},
		{Kind: ui.InNumber, Name: "floor", Label: say("下限"), Value: string(d.Floor), Width: ui.W10, Optional: true},
		{Kind: ui.InNumber, Name: "ceiling", Label: say("上限"), Value: string(d.Ceiling), Width: ui.W10, Optional: true},
		{Kind: ui.InNumber, Name: "jump", Label: say("变动提示"), Value: string(d.Jump), Width: ui.W6, Unit: "%",
			Optional: true, Hint: say("比上期变动超过多少要说明原因")},
		{Kind: ui.InArea, Name: "formula", Label: say("公式"), Value: d.Formula, Rows: 2, Optional: true, Mono: true,
			Hint: say("数据方式为公式时填写")},
		{Kind: ui.InSelect, Name: "measure", Label: say("系统度量"), Value: d.Measure, Optional: true,
			Options: h.measureOptions(r), Hint: say("数据方式为系统度量时选择")},
		{Name: "dims", Label: say("度量的固定条件"), Value: strings.Join(sortedDims(d.Dims), "；"), Optional: true,
			Mono: true, Hint: say("如 kind=enterprise；几个条件用分号隔开")},
		{Name: "factor", Label: say("换算系数"), Value: string(d.Factor), Width: ui.W14, Optional: true, Mono: true,
			Hint: say("准确的小数或分数：分到亿元写 1/10000000000")},
		{Kind: ui.InCheck, Name: "breaks", Text: say("与上一版不可比，序列在此断开"), Value: checked(d.Breaks)},
		{Name: "breakNote", Label: say("断点说明"), Value: d.BreakNote, Optional: true},
		{Name: "source", Label: say("出处"), Value: d.Source, Optional: true, Hint: say("文件、文号和日期")}}
}

func (h *Handler) measureOptions(r *http.Request) []ui.Option {
	out := []ui.Option{{Text: kit.Say(r, "请选择")}}
	if h.deps.Measures == nil {
		return out
	}
	for _, m := range h.deps.Measures() {
		out = append(out, ui.Option{Value: m.Name, Text: ui.Words(kit.Say(r, m.Title), kit.Say(r, m.Unit), m.Name)})
	}
	return out
}

func sortedDims(dims map[string]string) []string {
	var out []string
	for k, v := range dims {
		out = append(out, k+"="+v)
	}
	sortTexts(out)
	return out
}

func (h *Handler) showDefine(
	w http.ResponseWriter, r *http.Request, d indicator.IndicatorDefinitions, f defineForm, err error,
) error {
	ctx, by, x := r.Context(), web.Actor(r), d.Indicator
	title, action := "建立口径", definitionsPath(x.ID, "new")
	switch {
	case f.id != "":
		title, action = "修改口径", definitionsPath(x.ID, f.id+"/edit")
	case len(d.Definitions) > 0:
		title = "建立新版口径"
	}
	inputs := h.definitionInputs(r, f)
	behind := 1 + slices.IndexFunc(inputs, func(in ui.Input) bool { return in.Name == "formula" })
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{ID: "definition", Action: action, Guard: true, Version: kit.Number(f.version),
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: definitionsPath(x.ID, "")}}}
	combo := h.OrgPick(ctx, by, ui.Input{Name: "org", Label: kit.Say(r, "责任单位"), Optional: true}, f.org, err)
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.definitionPage(r, x, title),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, title), Lead: x.Name}), ui.With(ui.Form(view),
			kit.Fields(inputs[:2]), ui.Combobox(combo), kit.Fields(inputs[2:behind]), formulaHelp(r),
			kit.Fields(inputs[behind:])))})
}

// formulaHelp says beside the field how a formula is written.
func formulaHelp(r *http.Request) templ.Component {
	var facts []ui.Fact
	for _, u := range formula.Usages() {
		facts = append(facts, ui.Fact{Term: ui.Words(u.Written, u.English),
			Text: u.Meaning(kit.Lang(r) == i18n.EN)})
	}
	return ui.With(ui.Details(kit.Say(r, "公式的写法和函数")), ui.Note(kit.Say(r, "指标名称写在「」里，如 "+
		"「技术合同成交额」 / 「地区生产总值」 * 100%；各项取同一地区、同一期别的数，缺一项结果就缺。")),
		ui.FactGrid(facts))
}

// readDefine reads the form of a definition.
func readDefine(v url.Values) defineForm {
	d := indicator.DefinitionData{Kind: v.Get("kind"), Text: v.Get("text"), Unit: v.Get("unit"),
		Places: kit.Whole(v.Get("places")), Frequency: v.Get("frequency"), Cumulative: v.Get("cumulative") == "1",
		Formula: v.Get("formula"), Measure: v.Get("measure"), Factor: indicator.Ratio(v.Get("factor")),
		DueDays: kit.Whole(v.Get("dueDays")), DueTime: v.Get("dueTime"), Floor: plan.Decimal(v.Get("floor")),
		Ceiling: plan.Decimal(v.Get("ceiling")), Jump: plan.Decimal(v.Get("jump")),
		From: clock.Date(v.Get("from")), Breaks: v.Get("breaks") == "1", BreakNote: v.Get("breakNote"),
		Source: v.Get("source")}
	for _, dim := range strings.FieldsFunc(v.Get("dims"), isSemicolon) {
		name, value, _ := strings.Cut(dim, "=")
		if d.Dims == nil {
			d.Dims = map[string]string{}
		}
		d.Dims[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return defineForm{data: d, org: kit.ReadPick(v, "org"), key: v.Get("key")}
}

func (h *Handler) postDefinitionNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.definitionsOf(r)
	if err != nil {
		return err
	}
	f := readDefine(r.PostForm)
	again, err := h.saveDefine(w, r, d, &f, func() error {
		_, err := h.room.CreateDefinition(r.Context(), web.Actor(r), indicator.NewDefinition{
			Indicator: d.Indicator.ID, DefinitionData: f.data, Key: f.key})
		return err
	})
	if again || err != nil {
		return err
	}
	return h.Web.Redirect(w, r, definitionsPath(d.Indicator.ID, ""), "已保存")
}

// saveDefine finds the unit of a form and saves it; shown says that the form is shown again.
func (h *Handler) saveDefine(
	w http.ResponseWriter, r *http.Request, d indicator.IndicatorDefinitions, f *defineForm,
	save func() error,
) (shown bool, err error) {
	if !mayDefine(r) {
		return false, kit.ErrRole()
	}
	var wrong occasion.Faults
	if err := h.FindOrg(r.Context(), web.Actor(r), &f.org, &wrong); err != nil {
		return false, err
	}
	f.data.Org = f.org.Value
	if kit.Dropped(r.PostForm, "org") {
		return true, h.showDefine(w, r, d, *f, nil)
	}
	if err := wrong.Err(); err != nil {
		return true, h.showDefine(w, r, d, *f, err)
	}
	err = save()
	if again(err) {
		return true, h.showDefine(w, r, d, *f, err)
	}
	return false, err
}

// definitionOf finds the version of the address.
func definitionOf(r *http.Request, d indicator.IndicatorDefinitions) (indicator.DefinitionUse, error) {
	for _, v := range d.Definitions {
		if v.ID == r.PathValue("definition") {
			return v, nil
		}
	}
	return indicator.DefinitionUse{}, absent()
}

func (h *Handler) getDefinitionPart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.definitionsOf(r)
	if err != nil {
		return err
	}
	v, err := definitionOf(r, d)
	if err != nil {
		return err
	}
	if !mayDefine(r) {
		return kit.ErrRole()
	}
	switch r.PathValue("part") {
	case "edit":
		return h.showDefine(w, r, d, defineForm{data: v.DefinitionData, id: v.ID, version: v.Version,
			org: kit.Pick{Name: "org", Value: v.Org}}, nil)
	case "close":
		return h.askClose(w, r, d.Indicator, v, "", nil)
	case "reopen":
		return h.askReopen(w, r, d.Indicator, v, "", nil)
	}
	return absent()
}

func (h *Handler) askClose(
	w http.ResponseWriter, r *http.Request, x plan.Indicator, v indicator.DefinitionUse, to clock.Date, err error,
) error {
	in := dayInput("to", kit.Say(r, "停用日期"), to)
	in.Hint = kit.Say(r, "在这一天或以后结束的期别不再有数值")
	q := ui.Question{Title: kit.Say(r, "停用口径"), Text: kit.Say(r, "停用后这项指标不再填报；要换口径请建立新版。"),
		Inputs: []ui.Input{in}, Form: ui.FormView{ID: "close", Action: definitionsPath(x.ID, v.ID+"/close"),
			Version: kit.Number(v.Version), Summary: ui.SummaryOf(kit.Lang(r), err)},
		Back:   ui.Link{Text: kit.Say(r, "返回"), Href: definitionsPath(x.ID, "")},
		Button: ui.Action{Text: kit.Say(r, "停用"), Danger: true}}
	ui.Mark(kit.Lang(r), q.Inputs, err)
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.definitionPage(r, x, "停用口径"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "停用口径"), Lead: x.Name}), ui.Confirm(q))})
}

func (h *Handler) askReopen(
	w http.ResponseWriter, r *http.Request, x plan.Indicator, v indicator.DefinitionUse, reason string, err error,
) error {
	q := ui.Question{Title: kit.Say(r, "撤回停用"), Text: kit.Say(r, "撤回后这一版口径继续有效；理由将留痕。"),
		Inputs: []ui.Input{{Kind: ui.InArea, Name: "reason", Label: kit.Say(r, "理由"), Value: reason, Rows: 3}},
		Form: ui.FormView{ID: "reopen", Action: definitionsPath(x.ID, v.ID+"/reopen"),
			Version: kit.Number(v.Version), Summary: ui.SummaryOf(kit.Lang(r), err)},
		Back:   ui.Link{Text: kit.Say(r, "返回"), Href: definitionsPath(x.ID, "")},
		Button: ui.Action{Text: kit.Say(r, "撤回停用")}}
	ui.Mark(kit.Lang(r), q.Inputs, err)
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.definitionPage(r, x, "撤回停用"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "撤回停用"), Lead: x.Name}), ui.Confirm(q))})
}

func (h *Handler) postDefinitionPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.definitionsOf(r)
	if err != nil {
		return err
	}
	v, err := definitionOf(r, d)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "edit":
		f := readDefine(r.PostForm)
		f.id, f.version = v.ID, web.VersionOf(r)
		shown, err := h.saveDefine(w, r, d, &f, func() error {
			_, err := h.room.UpdateDefinition(r.Context(), web.Actor(r), indicator.DefinitionUpdate{ID: v.ID,
				DefinitionData: f.data, Version: f.version})
			return err
		})
		if shown || err != nil {
			return err
		}
	case "close":
		to := clock.Date(r.PostForm.Get("to"))
		_, err := h.room.CloseDefinition(r.Context(), web.Actor(r), indicator.DefinitionEnd{ID: v.ID, To: to,
			Version: web.VersionOf(r)})
		if again(err) {
			return h.askClose(w, r, d.Indicator, v, to, err)
		}
		if err != nil {
			return err
		}
	case "reopen":
		reason := r.PostForm.Get("reason")
		_, err := h.room.ReopenDefinition(r.Context(), web.Actor(r), indicator.DefinitionReopening{ID: v.ID,
			Reason: reason, Version: web.VersionOf(r)})
		if again(err) {
			return h.askReopen(w, r, d.Indicator, v, reason, err)
		}
		if err != nil {
			return err
		}
	default:
		return absent()
	}
	return h.Web.Redirect(w, r, definitionsPath(d.Indicator.ID, ""), "已保存")
}
