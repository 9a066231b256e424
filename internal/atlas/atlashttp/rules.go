package atlashttp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func (h *Handler) getRules(w http.ResponseWriter, r *http.Request) error {
	return h.showRules(w, r, nil)
}

// showRules shows how records are sorted, and lets the bureau change it.
func (h *Handler) showRules(w http.ResponseWriter, r *http.Request, wrong error) error {
	list, err := h.atlas.ListRules(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return fault.New(fault.NotFound, "没有找到这条记录")
	}
	p := h.Web.Page(r, "云图归类规则")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "创新云图"), Href: Path}, {Text: p.Title}}
	now := list[0]
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title,
		Lead: kit.Say(r, "登记人没有填写六新或领域的记录，按名称、简介、关键词和行业归类：哪一类的词最多归哪一类。人工更正优先于规则。")}),
		ui.With(ui.Block(kit.Say(r, "六新词表")), wordList(sixRows(r, now)),
			ui.Note(kit.Say(r, "组织的名称和简介里没有这些词时，按行业归类；没有行业的，按领域归类。")), ui.Note(sourceOf(r, now))),
		ui.With(ui.Block(kit.Say(r, "领域词表")), wordList(fieldRows(r, now))),
		ui.With(ui.Block(kit.Say(r, "组织")), wordList(kindRows(r, now)))}
	tab := ui.Table{Caption: kit.Say(r, "历次规则"), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "规则")}, {Label: kit.Say(r, "来源")}, {Label: kit.Say(r, "依据")},
		{Label: kit.Say(r, "生效日期"), Num: true}}}
	for _, x := range list {
		tab.Rows = append(tab.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{{Text: x.Name}, {Text: x.Source},
			{Text: markOf(r, x)}, {Text: string(x.ValidFrom)}}})
	}
	parts = append(parts, ui.DataTable(tab))
	if atlas.RulePolicy.Could(web.Actor(r), atlas.ActRuleWrite) {
		parts = append(parts, ruleForm(r, now, wrong))
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p, Body: ui.With(ui.Stack(), parts...)})
}

func markOf(r *http.Request, x atlas.Rule) string {
	if x.Mark == "design" {
		return kit.Say(r, "系统设计")
	}
	return kit.Say(r, "本地规定")
}

func sourceOf(r *http.Request, x atlas.Rule) string {
	return ui.Words(x.Name, x.Source, markOf(r, x), kit.Say(r, "自 %s 起", string(x.ValidFrom)))
}

// mark stands between words of a rule.
const mark = "、"

func sixRows(r *http.Request, x atlas.Rule) []wordRow {
	var out []wordRow
	for _, s := range x.Six {
		var fields []string
		for _, f := range s.Fields {
			fields = append(fields, atlas.Titled(r.Context(), atlas.Fields(), f))
		}
		words := withIndustries(r, s.Words, s.Industries)
		if len(fields) > 0 {
			words = ui.Words(words, kit.Say(r, "领域 %s", strings.Join(fields, kit.Say(r, mark))))
		}
		out = append(out, wordRow{atlas.Titled(r.Context(), atlas.SixNews(), s.Class), words})
	}
	return out
}

func withIndustries(r *http.Request, words, industries []string) string {
	out := strings.Join(words, mark)
	if len(industries) > 0 {
		out = ui.Words(out, kit.Say(r, "行业 %s", strings.Join(industries, mark)))
	}
	return out
}

func fieldRows(r *http.Request, x atlas.Rule) []wordRow {
	var out []wordRow
	for _, s := range x.Fields {
		out = append(out, wordRow{atlas.Titled(r.Context(), atlas.Fields(), s.Field),
			withIndustries(r, s.Words, s.Industries)})
	}
	return out
}

func kindRows(r *http.Request, x atlas.Rule) []wordRow {
	var kinds []string
	for _, k := range x.Kinds {
		kinds = append(kinds, kit.Say(r, party.OrgKindTitle(k)))
	}
	return []wordRow{{kit.Say(r, "有六新类别的组织"), strings.Join(kinds, kit.Say(r, mark))},
		{kit.Say(r, "创新平台名称中的词"), strings.Join(x.Platforms, mark)}}
}

// ruleForm is the form of another rule, filled with the one in force or with what was sent.
func ruleForm(r *http.Request, now atlas.Rule, wrong error) templ.Component {
	value := func(name, usual string) string {
		if r.Method == http.MethodPost {
			return r.PostFormValue(name)
		}
		return usual
	}
	set := func(fields ...ui.Input) templ.Component {
		ui.Mark(kit.Lang(r), fields, wrong)
		return kit.Fields(fields)
	}
	industryHint := kit.Say(r, "国民经济行业分类代码，含其下各级，如 C26、C3922")
	parts := []templ.Component{set(
		ui.Input{Name: "name", Label: kit.Say(r, "规则名称"), Value: value("name", ""), MaxLen: 60},
		ui.Input{Name: "source", Label: kit.Say(r, "来源"), Value: value("source", ""), MaxLen: 200})}
	classOf := map[string]string{} // by field
	for _, c := range atlas.SixNews() {
		var s atlas.SixRule
		for _, x := range now.Six {
			if x.Class == c.Value {
				s = x
			}
		}
		for _, f := range s.Fields {
			classOf[f] = c.Value
		}
		parts = append(parts, ui.With(ui.FieldSet(kit.Say(r, c.Title), ""), set(
			ui.Input{Kind: ui.InArea, Name: "six." + c.Value, Label: kit.Say(r, "词"), Rows: 2, Optional: true,
				Value: value("six."+c.Value, strings.Join(s.Words, mark))},
			ui.Input{Name: "industries." + c.Value, Label: kit.Say(r, "行业"), Optional: true, Hint: industryHint,
				Value: value("industries."+c.Value, strings.Join(s.Industries, mark))})))
	}
	var selects []ui.Input
	for _, f := range atlas.Fields() {
		selects = append(selects, ui.Input{Kind: ui.InSelect, Name: "sixField." + f.Value, Label: kit.Say(r, f.Title),
			Value: value("sixField."+f.Value, classOf[f.Value]), Optional: true, Width: ui.W18,
			Options: kit.Options(r.Context(), "不归类", atlas.SixNews())})
	}
	parts = append(parts, ui.With(ui.FieldSet(kit.Say(r, "没有词也没有行业时，按领域归入"), ""), set(selects...)))
	parts = append(parts, ui.With(ui.FieldSet(kit.Say(r, "组织"), ""), set(kindInput(r, now),
		ui.Input{Kind: ui.InArea, Name: "platforms", Label: kit.Say(r, "创新平台名称中的词"), Rows: 2, Optional: true,
			Value: value("platforms", strings.Join(now.Platforms, mark)),
			Hint:  kit.Say(r, "名称含其中一个词的组织在云图上是创新平台；企业和政府部门除外")})))
	for _, f := range atlas.Fields() {
		var s atlas.FieldRule
		for _, x := range now.Fields {
			if x.Field == f.Value {
				s = x
			}
		}
		parts = append(parts, ui.With(ui.FieldSet(kit.Say(r, "领域：%s", kit.Say(r, f.Title)), ""), set(
			ui.Input{Kind: ui.InArea, Name: "fields." + f.Value, Label: kit.Say(r, "词"), Rows: 2, Optional: true,
				Value: value("fields."+f.Value, strings.Join(s.Words, mark))},
			ui.Input{Name: "fieldIndustries." + f.Value, Label: kit.Say(r, "行业"), Optional: true, Hint: industryHint,
				Value: value("fieldIndustries."+f.Value, strings.Join(s.Industries, mark))})))
	}
	form := ui.With(ui.Form(ui.FormView{ID: "rule", Action: pathRules, Plain: true, Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), wrong), Buttons: []ui.Action{{Text: kit.Say(r, "启用新规则"), Primary: true}}}),
		parts...)
	return ui.With(ui.Block(kit.Say(r, "修改归类规则")),
		ui.Note(kit.Say(r, "从今天起生效，全部记录重新归类；词与词、代码与代码之间用顿号隔开。")), form)
}

func kindInput(r *http.Request, now atlas.Rule) ui.Input {
	in := ui.Input{Kind: ui.InChecks, Name: "kinds", Label: kit.Say(r, "有六新类别的组织"), Values: now.Kinds,
		Hint: kit.Say(r, "没有选中的组织不归入六新")}
	if r.Method == http.MethodPost {
		in.Values = r.PostForm["kinds"]
	}
	for _, k := range party.OrgKinds() {
		in.Options = append(in.Options, ui.Option{Value: k.Value, Text: kit.Say(r, k.Title)})
	}
	return in
}

func (h *Handler) postRules(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	list, err := h.atlas.ListRules(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	_, err = h.atlas.AddRule(r.Context(), web.Actor(r), readRule(r.PostForm, list))
	if again(err) {
		return h.showRules(w, r, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathRules, "已启用，云图稍后按新规则归类")
}

// readRule reads a whole rule: what is empty in the form is empty in the rule. Classes keep the order of the rule
// before, by which the more telling one wins.
func readRule(v url.Values, before []atlas.Rule) atlas.NewRule {
	in := atlas.NewRule{RuleData: atlas.RuleData{Name: strings.TrimSpace(v.Get("name")),
		Source: strings.TrimSpace(v.Get("source")), RuleParams: atlas.RuleParams{
			Kinds: append([]string{}, v["kinds"]...), Platforms: words(v.Get("platforms"))}}}
	var order []string
	if len(before) > 0 {
		for _, x := range before[0].Six {
			order = append(order, x.Class)
		}
	}
	for _, c := range atlas.SixNews() {
		if !slices.Contains(order, c.Value) {
			order = append(order, c.Value)
		}
	}
	for _, class := range order {
		x := atlas.SixRule{Class: class, Words: words(v.Get("six." + class)),
			Industries: words(v.Get("industries." + class)), Fields: []string{}}
		for _, f := range atlas.Fields() {
			if v.Get("sixField."+f.Value) == class {
				x.Fields = append(x.Fields, f.Value)
			}
		}
		in.Six = append(in.Six, x)
	}
	for _, f := range atlas.Fields() {
		x := atlas.FieldRule{Field: f.Value, Words: words(v.Get("fields." + f.Value)),
			Industries: words(v.Get("fieldIndustries." + f.Value))}
		if len(x.Words)+len(x.Industries) > 0 {
			in.Fields = append(in.Fields, x)
		}
	}
	return in
}

// words are those of a field of a form, never nil.
func words(text string) []string {
	return append([]string{}, strings.FieldsFunc(text, func(x rune) bool {
		return strings.ContainsRune("、，, ；;\r\n\t", x)
	})...)
}
