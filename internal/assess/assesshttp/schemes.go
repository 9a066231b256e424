package assesshttp

import (
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func (h *Handler) schemeList(r *http.Request) (templ.Component, error) {
	list, err := h.assess.ListSchemes(r.Context(), web.Actor(r))
	if err != nil {
		return nil, err
	}
	tab := ui.Table{Caption: kit.Say(r, "计分办法"), Cols: []ui.Column{{Label: kit.Say(r, "名称")},
		{Label: kit.Say(r, "生效日期")}, {Label: kit.Say(r, "来源")}, {Label: kit.Say(r, "依据的性质")}}}
	for _, x := range list {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: x.Name, Href: kit.Join(pathSchemes, x.ID, ""), Sub: edition(r, x.Edition)},
			{Text: string(x.ValidFrom)}, {Text: x.Source}, {Text: titled(r, assess.Marks(), x.Mark)}}})
	}
	return ui.DataTable(tab), nil
}

func (h *Handler) getScheme(w http.ResponseWriter, r *http.Request) error {
	x, err := h.assess.GetScheme(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := h.Sub(r, "考核", pathHome+"?kind=schemes", x.Name, kit.Join(pathSchemes, x.ID, ""), "")
	head := ui.Head{Title: x.Name, Lead: ui.Words(edition(r, x.Edition), x.Source)}
	if assess.SchemePolicy.MaySee(web.Actor(r), assess.ActSchemeWrite, x) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "制定新版"),
			Href: pathSchemes + "/new?from=" + url.QueryEscape(x.ID)})
	}
	facts := []ui.Fact{{Term: kit.Say(r, "生效日期"), Text: i18n.DateLong(kit.Lang(r), x.ValidFrom)},
		{Term: kit.Say(r, "来源"), Text: x.Source},
		{Term: kit.Say(r, "依据的性质"), Text: titled(r, assess.Marks(), x.Mark)}}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head),
		ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"), facts)), h.rules(r, x.Params)...))})
}

// percent writes hundredths of a percent.
func percent(bp int64) string {
	s := big.NewRat(bp, 100).FloatString(2)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".") + "%"
}

// rules shows the numbers of a scheme as tables.
func (h *Handler) rules(r *http.Request, p assess.Params) []templ.Component {
	items := ui.Table{Caption: kit.Say(r, "计分项"), Visible: true, Cols: []ui.Column{{Label: kit.Say(r, "计分项")},
		{Label: kit.Say(r, "权重"), Num: true}, {Label: kit.Say(r, "数据来源")}, {Label: kit.Say(r, "单项封顶"), Num: true},
		{Label: kit.Say(r, "按名次分档")}}}
	for _, x := range p.Items {
		items.Rows = append(items.Rows, textRow(x.Name, percent(x.WeightBp), titled(r, assess.ItemFigures(), x.Figure),
			percent(x.CapBp), ui.OrDash(joinTiers(x.Tiers))))
	}
	minus := ui.Table{Caption: kit.Say(r, "扣分"), Visible: true, Cols: []ui.Column{{Label: kit.Say(r, "扣分项")},
		{Label: kit.Say(r, "数据来源")}, {Label: kit.Say(r, "每项扣分"), Num: true}, {Label: kit.Say(r, "免扣项数"), Num: true},
		{Label: kit.Say(r, "最多扣分"), Num: true}}}
	for _, x := range p.Deductions {
		minus.Rows = append(minus.Rows, textRow(x.Name, titled(r, assess.DeductionFigures(), x.Figure), string(x.Points),
			kit.Number(x.Free), ui.OrDash(string(x.Max))))
	}
	plus := ui.Table{Caption: kit.Say(r, "加分"), Visible: true, Plain: true, Cols: []ui.Column{
		{Label: kit.Say(r, "加分项")}, {Label: kit.Say(r, "最多加分"), Num: true}}}
	for _, x := range p.Bonuses {
		plus.Rows = append(plus.Rows, textRow(x.Name, string(x.Max)))
	}
	grades := ui.Table{Caption: kit.Say(r, "等次"), Visible: true, Plain: true, Cols: []ui.Column{
		{Label: kit.Say(r, "等次")}, {Label: kit.Say(r, "最低分"), Num: true}, {Label: kit.Say(r, "比例上限"), Num: true}}}
	for _, g := range p.Grades {
		limit := "—"
		if g.ShareBp > 0 {
			limit = percent(g.ShareBp)
		}
		grades.Rows = append(grades.Rows, textRow(g.Name, string(g.Least), limit))
	}
	var vetoes []string
	for _, v := range p.Vetoes {
		vetoes = append(vetoes, v.Name)
	}
	out := []templ.Component{ui.DataTable(items), ui.DataTable(minus), ui.DataTable(plus), ui.DataTable(grades)}
	notes := []string{kit.Say(r, "缺数的计分项：%s。", titled(r, assess.Missings(), p.Missing)),
		kit.Say(r, "申诉期 %d 个工作日，申诉在 %d 个工作日内答复。", p.AppealDays, p.AnswerDays),
		kit.Say(r, "总分相同名次并列；并列单位超出等次比例上限时，都不评该等次。")}
	if p.BonusCap != "" {
		notes = append(notes, kit.Say(r, "加分合计不超过 %s 分。", string(p.BonusCap)))
	}
	if len(vetoes) > 0 {
		notes = append(notes, kit.Say(r, "一票否决：%s。", strings.Join(vetoes, "、")))
	}
	return append(out, kit.Paragraphs(notes))
}

func joinTiers(list []assess.Decimal) string {
	var out []string
	for _, t := range list {
		out = append(out, string(t))
	}
	return strings.Join(out, " / ")
}

func textRow(cells ...string) ui.Row {
	var out ui.Row
	for _, c := range cells {
		out.Cells = append(out.Cells, ui.Cell{Text: c})
	}
	return out
}

func (h *Handler) getSchemeNew(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if !assess.SchemePolicy.Could(by, assess.ActSchemeWrite) {
		return kit.ErrRole()
	}
	d := assess.SchemeData{Mark: "local", Params: assess.Params{Missing: assess.Spread, AppealDays: 5, AnswerDays: 5}}
	if from := r.FormValue("from"); from != "" {
		x, err := h.assess.GetScheme(r.Context(), by, from)
		if err != nil {
			return err
		}
		d = x.SchemeData
		d.Mark, d.ValidFrom, d.Source = "local", clock.DateOf(h.Now()), ""
	}
	return h.showSchemeNew(w, r, d, id.New(), nil)
}

// spare is how many empty rows a form without scripts offers.
const spare = 1

// editRows makes the rows of a list, with empty ones behind.
func editRows(
	r *http.Request, name, legend, hint string, n, most int, inputs func(i int) []ui.Input, err error,
) templ.Component {
	out := ui.EditRows{Name: name, Legend: kit.Say(r, legend), Hint: kit.Say(r, hint), Row: kit.Say(r, "第 %s 项", "%s"),
		Add: kit.Say(r, "添加一项"), Max: most, Optional: true, Blank: inputs(ui.RowBlank)}
	for i := range min(n+spare, most) {
		in := inputs(i)
		ui.Mark(kit.Lang(r), in, err)
		out.Rows = append(out.Rows, in)
	}
	return ui.EditableRows(out)
}

func at[T any](list []T, i int) T {
	var zero T
	if i < 0 || i >= len(list) {
		return zero
	}
	return list[i]
}

func (h *Handler) showSchemeNew(
	w http.ResponseWriter, r *http.Request, d assess.SchemeData, key string, err error,
) error {
	p := h.Web.Page(r, "制定计分办法")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "考核"), Href: pathHome + "?kind=schemes"}, {Text: p.Title}}
	say := func(zh string) string { return kit.Say(r, zh) }
	top := []ui.Input{{Name: "name", Label: say("名称"), Value: d.Name, MaxLen: 80, Hint: say("与已有的同名即为新版")},
		{Name: "source", Label: say("依据"), Value: d.Source, MaxLen: 100, Hint: say("文号或会议，写明是谁定的")},
		{Kind: ui.InRadio, Name: "mark", Label: say("依据的性质"), Value: d.Mark,
			Options: options(r, "", assess.Marks(), false)},
		{Kind: ui.InDate, Name: "validFrom", Label: say("生效日期"), Value: string(d.ValidFrom), Width: ui.W14}}
	more := []ui.Input{{Kind: ui.InRadio, Name: "missing", Label: say("缺数的计分项"), Value: d.Missing,
		Options: options(r, "", assess.Missings(), false)},
		{Kind: ui.InNumber, Name: "appealDays", Label: say("申诉期"), Value: kit.Number(d.AppealDays), Unit: say("个工作日"),
			Width: ui.W6},
		{Kind: ui.InNumber, Name: "answerDays", Label: say("答复申诉的时限"), Value: kit.Number(d.AnswerDays),
			Unit: say("个工作日"), Width: ui.W6},
		{Kind: ui.InNumber, Name: "bonusCap", Label: say("加分合计上限"), Value: string(d.BonusCap), Optional: true,
			Width: ui.W6}}
	ui.Mark(kit.Lang(r), top, err)
	ui.Mark(kit.Lang(r), more, err)
	view := ui.FormView{ID: "scheme", Action: pathSchemes + "/new", Guard: true, Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden:  []ui.Hidden{{Name: "key", Value: key}},
		Buttons: []ui.Action{{Text: say("保存"), Primary: true}, {Text: say("取消"), Href: pathHome + "?kind=schemes"}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(
		ui.PageHead(ui.Head{Title: p.Title, Lead: say("已公布规则的考核不受影响，仍按当时的版本计分。")}),
		ui.With(ui.Form(view), kit.Fields(top), h.schemeRows(r, d, err), kit.Fields(more)))})
}

// schemeRows are the lists of the form of a scheme.
func (h *Handler) schemeRows(r *http.Request, d assess.SchemeData, err error) templ.Component {
	say := func(zh string) string { return kit.Say(r, zh) }
	text := func(list, label, field string, i int, value string) ui.Input {
		return ui.Input{Name: ui.RowName(list, i, field), Label: say(label), Value: value, MaxLen: 100}
	}
	number := func(list, label, field, unit string, i int, value string) ui.Input {
		return ui.Input{Kind: ui.InNumber, Name: ui.RowName(list, i, field), Label: say(label), Value: value, Unit: unit,
			Width: ui.W6, Optional: true}
	}
	pick := func(list string, i int, value string, choices []assess.Choice) ui.Input {
		return ui.Input{Kind: ui.InSelect, Name: ui.RowName(list, i, "figure"), Label: say("数据来源"), Value: value,
			Width: ui.W14, Options: options(r, "请选择", choices, false)}
	}
	code := func(list string, i int, value string) ui.Input {
		return ui.Input{Name: ui.RowName(list, i, "key"), Label: say("代号"), Value: value, Mono: true, Width: ui.W14}
	}
	return templ.Join(
		editRows(r, "items", "计分项", "权重合计 100；分档写作 100 / 90 / 80，按名次等分", len(d.Items), assess.MaxItems,
			func(i int) []ui.Input {
				x := at(d.Items, i)
				return []ui.Input{text("items", "名称", "name", i, x.Name), code("items", i, x.Key),
					pick("items", i, x.Figure, assess.ItemFigures()),
					number("items", "权重", "weightBp", "%", i, bare(x.WeightBp)),
					number("items", "单项封顶", "capBp", "%", i, bare(x.CapBp)),
					{Name: ui.RowName("items", i, "tiers"), Label: say("按名次分档"), Value: joinTiers(x.Tiers), Optional: true,
						Width: ui.W14}}
			}, err),
		editRows(r, "deductions", "扣分项", "每项扣分 ×（项数－免扣项数）", len(d.Deductions), assess.MaxItems,
			func(i int) []ui.Input {
				x := at(d.Deductions, i)
				return []ui.Input{text("deductions", "名称", "name", i, x.Name), code("deductions", i, x.Key),
					pick("deductions", i, x.Figure, assess.DeductionFigures()),
					number("deductions", "每项扣分", "points", "", i, string(x.Points)),
					number("deductions", "免扣项数", "free", "", i, kit.Blank(x.Free)),
					number("deductions", "最多扣分", "max", "", i, string(x.Max))}
			}, err),
		editRows(r, "bonuses", "加分项", "由人工认定，须写依据", len(d.Bonuses), assess.MaxItems, func(i int) []ui.Input {
			x := at(d.Bonuses, i)
			return []ui.Input{text("bonuses", "名称", "name", i, x.Name), code("bonuses", i, x.Key),
				number("bonuses", "最多加分", "max", "", i, string(x.Max))}
		}, err),
		editRows(r, "vetoes", "一票否决", "认定后直接列最后一个等次", len(d.Vetoes), assess.MaxItems, func(i int) []ui.Input {
			x := at(d.Vetoes, i)
			return []ui.Input{text("vetoes", "名称", "name", i, x.Name), code("vetoes", i, x.Key)}
		}, err),
		editRows(r, "grades", "等次", "由高到低；比例上限留空即不限；最后一个等次的分数线为 0", len(d.Grades), assess.MaxGrades,
			func(i int) []ui.Input {
				x := at(d.Grades, i)
				return []ui.Input{text("grades", "等次", "name", i, x.Name),
					number("grades", "最低分", "least", "", i, string(x.Least)),
					number("grades", "比例上限", "shareBp", "%", i, bare(x.ShareBp))}
			}, err))
}

// bare writes hundredths of a percent for a field, nothing for 0.
func bare(bp int64) string {
	if bp == 0 {
		return ""
	}
	return strings.TrimSuffix(percent(bp), "%")
}

// basis reads a percentage of a field in hundredths; what is none is -1.
func basis(s string) int64 {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0
	}
	d, ok := assess.ParseDecimal(strings.TrimSuffix(s, "%"))
	x := new(big.Rat).Mul(d.Rat(), big.NewRat(100, 1))
	if !ok || !x.IsInt() || !x.Num().IsInt64() {
		return -1
	}
	return x.Num().Int64()
}

// readScheme reads the form of a scheme; rows without a name are left out.
func readScheme(v url.Values) assess.SchemeData {
	get := func(list string, i int, field string) string {
		return strings.TrimSpace(v.Get(ui.RowName(list, i, field)))
	}
	dec := func(s string) assess.Decimal {
		if d, ok := assess.ParseDecimal(s); ok {
			return d
		}
		return assess.Decimal(strings.TrimSpace(s))
	}
	d := assess.SchemeData{Name: v.Get("name"), Source: v.Get("source"), Mark: v.Get("mark"),
		ValidFrom: clock.Date(strings.TrimSpace(v.Get("validFrom"))), Params: assess.Params{Missing: v.Get("missing"),
			AppealDays: kit.Whole(v.Get("appealDays")), AnswerDays: kit.Whole(v.Get("answerDays")),
			BonusCap: dec(v.Get("bonusCap"))}}
	named := func(list string) (out []int) {
		for _, i := range ui.RowNumbers(v, list) {
			if get(list, i, "name") != "" {
				out = append(out, i)
			}
		}
		return out
	}
	for _, i := range named("items") {
		x := assess.Item{Key: get("items", i, "key"), Name: get("items", i, "name"), Figure: get("items", i, "figure"),
			WeightBp: basis(get("items", i, "weightBp")), CapBp: basis(get("items", i, "capBp"))}
		for _, t := range strings.FieldsFunc(get("items", i, "tiers"), func(c rune) bool {
			return strings.ContainsRune("/／、, ", c)
		}) {
			x.Tiers = append(x.Tiers, dec(t))
		}
		d.Items = append(d.Items, x)
	}
	for _, i := range named("deductions") {
		d.Deductions = append(d.Deductions, assess.Deduction{Key: get("deductions", i, "key"),
			Name: get("deductions", i, "name"), Figure: get("deductions", i, "figure"),
			Points: dec(get("deductions", i, "points")), Free: kit.Whole(get("deductions", i, "free")),
			Max: dec(get("deductions", i, "max"))})
	}
	for _, i := range named("bonuses") {
		d.Bonuses = append(d.Bonuses, assess.Bonus{Key: get("bonuses", i, "key"), Name: get("bonuses", i, "name"),
			Max: dec(get("bonuses", i, "max"))})
	}
	for _, i := range named("vetoes") {
		d.Vetoes = append(d.Vetoes, assess.Veto{Key: get("vetoes", i, "key"), Name: get("vetoes", i, "name")})
	}
	for _, i := range named("grades") {
		d.Grades = append(d.Grades, assess.Grade{Name: get("grades", i, "name"), Least: dec(get("grades", i, "least")),
			ShareBp: basis(get("grades", i, "shareBp"))})
	}
	return d
}

func (h *Handler) postSchemeNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, key := readScheme(r.PostForm), r.PostForm.Get("key")
	x, err := h.assess.CreateScheme(r.Context(), web.Actor(r), assess.NewScheme{SchemeData: d, Key: key})
	if fault.Is(err, fault.Invalid) {
		return h.showSchemeNew(w, r, d, key, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, kit.Join(pathSchemes, x.ID, ""), "已保存")
}

// whole reads a year.
func whole(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
