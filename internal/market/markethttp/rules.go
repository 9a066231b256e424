package markethttp

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// ruleForm is a rule as typed.
type ruleForm struct {
	name, source, mark, from, reason string
	need, achievement, remind, grace string
	terms                            map[string]string
	weights                          map[string]string // by market.WeightField
	key                              string
	synonyms                         string
}

// getRules shows the rules of time limits, the latest first.
func (h *Handler) getRules(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	now, err := h.market.FreshRuleAt(ctx, by, "")
	if err != nil {
		return err
	}
	f := ruleForm{mark: "local", key: id.New(), need: strconv.Itoa(now.NeedDays),
		achievement: strconv.Itoa(now.AchievementDays), remind: days(now.RemindDays),
		grace: strconv.Itoa(now.GraceDays), terms: map[string]string{}, weights: map[string]string{}}
	f.synonyms = now.SynonymText()
	for _, t := range market.TermFields() {
		f.terms[t.Name] = strconv.Itoa(*now.Terms.At(t.Name))
	}
	eachWeight(func(kind, value market.Choice, i int) {
		f.weights[market.WeightField(kind.Value, value.Value)] = strconv.FormatInt(now.Weights[kind.Value][i], 10)
	})
	return h.showRules(w, r, f, nil)
}

// eachWeight goes through the weights of a rule.
func eachWeight(do func(kind, value market.Choice, i int)) {
	for _, kind := range market.EvaluationKinds() {
		for i, value := range market.FiveValues() {
			do(kind, value, i)
		}
	}
}

// days writes days as people type them in a list.
func days(list []int) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = strconv.Itoa(n)
	}
	return strings.Join(out, "、")
}

func (h *Handler) showRules(w http.ResponseWriter, r *http.Request, f ruleForm, err error) error {
	ctx, by := r.Context(), web.Actor(r)
	now, rerr := h.market.FreshRuleAt(ctx, by, "")
	if rerr != nil {
		return rerr
	}
	list, rerr := h.market.ListFreshRules(ctx, by)
	if rerr != nil {
		return rerr
	}
	p := h.web.Page(r, "时限规则")
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket}, {Text: p.Title}}
	head := ui.Head{Title: p.Title,
		Lead: say(r, "供需信息多久重新确认、审核和公示多少天、各类交易活动办多久，多少分起提醒匹配，奖励比例和评价权重：规则按日期生效，不追改。")}
	var form templ.Component = templ.NopComponent
	if market.RulePolicy.Could(by, market.ActRuleWrite) {
		form = ruleFormView(r, f, err)
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.Stack(), ui.DataTable(ruleTable(r, now, list)),
		ui.DataTable(termTable(r, now, list)), ui.DataTable(weightTable(r, now)),
		synonymTable(r, now), form))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: body})
}

func ruleTable(r *http.Request, now market.FreshRule, list []market.FreshRule) ui.Table {
	tab := ui.Table{Caption: say(r, "供需时效与各版规则"), Cols: []ui.Column{{Label: say(r, "规则名称")},
		{Label: say(r, "生效日期")}, {Label: say(r, "需求（天）"), Num: true},
		{Label: say(r, "成果（天）"), Num: true}, {Label: say(r, "提前提醒（天）")},
		{Label: say(r, "宽限（天）"), Num: true}, {Label: say(r, "依据")},
		{Label: say(r, "修改原因")}}}
	for _, x := range list {
		valid := say(r, "%s 起", i18n.Date(lang(r), x.ValidFrom))
		if x.ValidTo != "" {
			valid = say(r, "%s 起，到 %s 前", i18n.Date(lang(r), x.ValidFrom), i18n.Date(lang(r), x.ValidTo))
		}
		name := ui.Cell{Text: x.Name}
		if x.ID == now.ID {
			name.Status = &ui.State{Tone: ui.OK, Text: say(r, "现行")}
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{name, {Text: valid},
			{Text: strconv.Itoa(x.NeedDays)}, {Text: strconv.Itoa(x.AchievementDays)},
			{Text: ui.OrDash(days(x.RemindDays))}, {Text: strconv.Itoa(x.GraceDays)},
			{Text: x.Source, Sub: titled(r.Context(), market.Marks(), x.Mark)},
			{Text: ui.OrDash(x.Reason), Sub: made(r, x)}}})
	}
	return tab
}

// made says who set a rule, and when.
func made(r *http.Request, x market.FreshRule) string {
	if x.Author == "" {
		return ""
	}
	return ui.Words(x.Author, i18n.Date(lang(r), clock.DateOf(clock.Time(x.CreatedUs))))
}

// mostEditions is how many rules stand side by side.
const mostEditions = 4

// termTable shows the further limits, one rule beside the other.
func termTable(r *http.Request, now market.FreshRule, list []market.FreshRule) ui.Table {
	list = list[:min(len(list), mostEditions)]
	tab := ui.Table{Caption: say(r, "时限、分数线与奖励比例"), Cols: []ui.Column{{Label: say(r, "规则项")}}}
	for _, x := range list {
		label := say(r, "%s 起", i18n.Date(lang(r), x.ValidFrom))
		if x.ID == now.ID {
			label = ui.Words(label, say(r, "现行"))
		}
		tab.Cols = append(tab.Cols, ui.Column{Label: label, Num: true})
	}
	for _, t := range market.TermFields() {
		row := ui.Row{Cells: []ui.Cell{{Text: say(r, t.Title)}}}
		for _, x := range list {
			row.Cells = append(row.Cells, ui.Cell{Text: strconv.Itoa(*x.Terms.At(t.Name)) + " " + say(r, t.Unit)})
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// weightTable shows what the five values weigh by the rule in force.
func weightTable(r *http.Request, now market.FreshRule) ui.Table {
	tab := ui.Table{Caption: say(r, "五元价值评价的权重（现行）"), Cols: []ui.Column{{Label: say(r, "按成果分类")}}}
	for _, v := range market.FiveValues() {
		tab.Cols = append(tab.Cols, ui.Column{Label: say(r, v.Title), Num: true})
	}
	for _, k := range market.EvaluationKinds() {
		row := ui.Row{Cells: []ui.Cell{{Text: say(r, k.Title)}}}
		for _, n := range now.Weights[k.Value] {
			row.Cells = append(row.Cells, ui.Cell{Text: strconv.FormatInt(n, 10)})
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// synonymTable shows the city's own synonyms by the rule in force.
func synonymTable(r *http.Request, now market.FreshRule) templ.Component {
	text := now.SynonymText()
	if text == "" {
		return templ.NopComponent
	}
	tab := ui.Table{Caption: say(r, "本市的同义词与缩写（现行）"), Visible: true, Plain: true,
		Cols: []ui.Column{{Label: say(r, "意思相同的词")}}}
	for line := range strings.Lines(text) {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: strings.TrimSpace(line)}}})
	}
	return ui.DataTable(tab)
}

// weightSets are the inputs of the weights, a set for each kind.
func weightSets(r *http.Request, f ruleForm, err error) []templ.Component {
	var out []templ.Component
	for _, k := range market.EvaluationKinds() {
		var in []ui.Input
		for _, v := range market.FiveValues() {
			name := market.WeightField(k.Value, v.Value)
			in = append(in, ui.Input{Kind: ui.InNumber, Name: name, Label: say(r, v.Title), Value: f.weights[name],
				Width: ui.W10, InputMode: "numeric"})
		}
		ui.Mark(lang(r), in, err)
		out = append(out, ui.With(ui.FieldSet(say(r, "评价权重：%s", say(r, k.Title)), say(r, "五项合计 100")), grid(in)))
	}
	return out
}

func ruleFormView(r *http.Request, f ruleForm, err error) templ.Component {
	num := func(name, label, value string) ui.Input {
		return ui.Input{Kind: ui.InNumber, Name: name, Label: label, Value: value, Unit: say(r, "天"),
			Width: ui.W10, InputMode: "numeric"}
	}
	in := []ui.Input{
		{Name: "name", Label: say(r, "规则名称"), Value: f.name, MaxLen: market.MaxLine},
		{Name: "source", Label: say(r, "依据"), Value: f.source, MaxLen: market.MaxLine,
			Hint: say(r, "文号或会议，写明是谁定的")},
		{Kind: ui.InSelect, Name: "mark", Label: say(r, "依据的性质"), Value: f.mark, Width: ui.W18,
			Options: choices(r.Context(), market.Marks())},
		dayInput("validFrom", say(r, "生效日期"), clock.Date(f.from)),
		num("needDays", say(r, "需求多久重新确认"), f.need),
		num("achievementDays", say(r, "成果多久重新确认"), f.achievement),
		{Name: "remindDays", Label: say(r, "提前几天提醒"), Value: f.remind, Width: ui.W14, Optional: true,
			Hint: say(r, "可写几个，用顿号分开，如 15、3")},
		num("graceDays", say(r, "到期后宽限"), f.grace)}
	for _, t := range market.TermFields() {
		x := num(t.Name, say(r, t.Title), f.terms[t.Name])
		x.Unit = say(r, t.Unit)
		if t.Hint != "" {
			x.Hint = say(r, t.Hint)
		}
		in = append(in, x)
	}
	in = append(in, ui.Input{Kind: ui.InArea, Name: "synonyms", Label: say(r, "同义词与缩写"), Value: f.synonyms,
		Rows: 4, MaxLen: market.MaxSynonyms, Optional: true,
		Hint: say(r, "每行一组，用逗号分开，如：氢能重卡，氢燃料重卡。检索和匹配从生效日起使用，另有系统自带的词表")})
	in = append(in, ui.Input{Kind: ui.InArea, Name: "reason", Label: say(r, "修改原因"), Value: f.reason,
		Rows: 3, MaxLen: market.MaxReason, Hint: say(r, "会列在各版规则中，所有用户可见")})
	in[3].Hint = say(r, "从明天或以后起生效，前一条规则到这一天为止")
	ui.Mark(lang(r), in, err)
	v := ui.FormView{ID: "rule", Action: pathRules, Plain: true, Guard: true,
		Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: say(r, "增加这条规则"), Primary: true}}}
	return foldedFields(say(r, "填写新规则"), "", err != nil, ui.With(ui.Form(v),
		append([]templ.Component{fields(in)}, weightSets(r, f, err)...)...))
}

// postRules sets the rule from a day on.
func (h *Handler) postRules(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	v := r.PostForm
	f := ruleForm{v.Get("name"), v.Get("source"), v.Get("mark"), v.Get("validFrom"), v.Get("reason"),
		v.Get("needDays"), v.Get("achievementDays"), v.Get("remindDays"), v.Get("graceDays"),
		map[string]string{}, map[string]string{}, v.Get("key"), v.Get("synonyms")}
	in := market.NewFreshRule{Key: f.key, FreshRuleData: market.FreshRuleData{Name: f.name,
		Source: f.source, Mark: f.mark, Reason: f.reason, ValidFrom: clock.Date(f.from)}}
	for _, t := range market.TermFields() {
		f.terms[t.Name] = v.Get(t.Name)
		if f.terms[t.Name] != "" { // what is left empty stays as it was
			*in.Terms.At(t.Name) = count(f.terms[t.Name])
		}
	}
	in.Weights = readWeights(v, f.weights)
	if v.Has("synonyms") {
		in.Synonyms = &f.synonyms
	}
	in.NeedDays, in.AchievementDays = count(f.need), count(f.achievement)
	in.GraceDays = count(f.grace)
	for _, n := range splitWords(f.remind) {
		in.RemindDays = append(in.RemindDays, count(n))
	}
	_, err := h.market.AddFreshRule(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showRules(w, r, f, byInput(err))
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, pathRules, "已保存")
}

// readWeights reads the weights of all kinds into what is shown again and what is stored. A kind that is
// left out whole stays as it was.
func readWeights(v url.Values, typed map[string]string) market.Weights {
	out := market.Weights{}
	eachWeight(func(kind, value market.Choice, i int) {
		name := market.WeightField(kind.Value, value.Value)
		typed[name] = v.Get(name)
		if v.Get(name) != "" {
			five := out[kind.Value]
			five[i] = int64(count(v.Get(name)))
			out[kind.Value] = five
		}
	})
	return out
}

// count reads a number of days; what is none is a number that no rule takes.
func count(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return -1
	}
	return n
}
