package dealhttp

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
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// pathRules is the page of the dated rules of introductions and brokers.
const pathRules = pathDeals + "/rules"

// usualRule is what the form of a new rule begins with: the one in force.
func usualRule(x deal.Rule) url.Values {
	v := url.Values{"key": {id.New()}, "mark": {"local"}, "chaseDays": {number(x.ChaseDays)},
		"remindDays": {number(x.RemindDays)}, "verifyDays": {number(x.VerifyDays)}, "classes": x.Classes, "grades": x.Grades}
	for _, state := range deal.RuleStates() {
		v.Set("days."+state, number(x.Days[state]))
	}
	for _, t := range deal.CreditTerms() {
		v.Set("credit."+t.Name, number(*t.At(&x.Credit)))
	}
	return v
}

// readRule reads the form of a rule. Numbers that are none are said at their fields.
func readRule(v url.Values) (deal.NewRule, []fault.Field) {
	var wrong []fault.Field
	num := func(name string) int64 {
		n, err := strconv.ParseInt(strings.TrimSpace(v.Get(name)), 10, 64)
		if err != nil {
			wrong = append(wrong, fault.At(name, "请填写整数"))
		}
		return n
	}
	in := deal.NewRule{Key: v.Get("key"), RuleData: deal.RuleData{Name: v.Get("name"),
		Source: v.Get("source"), Mark: v.Get("mark"), ValidFrom: clock.Date(v.Get("validFrom")),
		Reason: v.Get("reason"), RuleBody: deal.RuleBody{Days: map[string]int64{},
			ChaseDays: num("chaseDays"), RemindDays: num("remindDays"), VerifyDays: num("verifyDays"), Classes: v["classes"],
			Grades: v["grades"]}}}
	for _, state := range deal.RuleStates() {
		in.Days[state] = num("days." + state)
	}
	for _, t := range deal.CreditTerms() {
		*t.At(&in.Credit) = num("credit." + t.Name)
	}
	return in, wrong
}

// getRules shows the rules, the latest first, with the form for the next one.
func (h *Handler) getRules(w http.ResponseWriter, r *http.Request) error {
	now, err := h.deal.RuleAt(r.Context(), web.Actor(r), "")
	if err != nil {
		return err
	}
	return h.showRules(w, r, usualRule(now), nil)
}

// postRules sets the rule from a day on.
func (h *Handler) postRules(w http.ResponseWriter, r *http.Request) error {
	in, wrong := readRule(r.PostForm)
	err := fault.Fields(wrong...)
	if err == nil {
		_, err = h.deal.AddRule(r.Context(), web.Actor(r), in)
	}
	if fault.Is(err, fault.Invalid) {
		return h.showRules(w, r, r.PostForm, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, pathRules, "已保存")
}

func (h *Handler) showRules(w http.ResponseWriter, r *http.Request, v url.Values, wrong error) error {
	by := web.Actor(r)
	now, err := h.deal.RuleAt(r.Context(), by, "")
	if err != nil {
		return err
	}
	list, err := h.deal.ListRules(r.Context(), by)
	if err != nil {
		return err
	}
	p := h.web.Page(r, "对接规则")
	p.Crumbs = []ui.Link{{Text: say(r, "供需对接"), Href: pathDeals}, {Text: p.Title}}
	head := ui.Head{Title: p.Title,
		Lead: say(r, "对接每一步等多久、何时提醒和催办、信用分怎么算：规则按日期生效，进行中的一步仍按原时限。")}
	parts := []templ.Component{ui.DataTable(editionTable(r, now, list)), ui.DataTable(numberTable(r, now, list))}
	if deal.RulePolicy.Could(by, deal.ActRuleWrite) {
		parts = append(parts, ruleFormView(r, v, wrong))
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.Stack(), parts...))
	return h.web.Render(w, r, web.View{Status: statusOf(wrong), Page: p, Body: body})
}

// editionTable lists the rules with who made them, why, and what they allow.
func editionTable(r *http.Request, now deal.Rule, list []deal.Rule) ui.Table {
	tab := ui.Table{Caption: say(r, "各版规则"), Cols: []ui.Column{{Label: say(r, "规则名称")},
		{Label: say(r, "生效日期")}, {Label: say(r, "依据")}, {Label: say(r, "修改原因")},
		{Label: say(r, "未成原因分类")}, {Label: say(r, "技术经理人等级")}}}
	for _, x := range list {
		valid := say(r, "%s 起", i18n.Date(lang(r), x.ValidFrom))
		if x.ValidTo != "" {
			valid = say(r, "%s 起，到 %s 前", i18n.Date(lang(r), x.ValidFrom), i18n.Date(lang(r), x.ValidTo))
		}
		name := ui.Cell{Text: x.Name}
		if x.ID == now.ID {
			name.Status = &ui.State{Tone: ui.OK, Text: say(r, "现行")}
		}
		made := ""
		if x.Author != "" {
			made = ui.Words(x.Author, i18n.Date(lang(r), clock.DateOf(clock.Time(x.CreatedUs))))
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{name, {Text: valid},
			{Text: x.Source, Sub: titled(r.Context(), deal.RuleMarks(), x.Mark)},
			{Text: ui.OrDash(x.Reason), Sub: made}, {Text: allTitled(r, deal.Classes(), x.Classes)},
			{Text: allTitled(r, deal.Grades(), x.Grades)}}})
	}
	return tab
}

func allTitled(r *http.Request, choices []deal.Choice, values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = titled(r.Context(), choices, v)
	}
	return ui.Words(out...)
}

// mostEditions is how many rules stand side by side.
const mostEditions = 4

// numberTable shows the numbers of the rules, one beside the other.
func numberTable(r *http.Request, now deal.Rule, list []deal.Rule) ui.Table {
	list = list[:min(len(list), mostEditions)]
	tab := ui.Table{Caption: say(r, "时限与分值"), Cols: []ui.Column{{Label: say(r, "项目")}}}
	for _, x := range list {
		label := say(r, "%s 起", i18n.Date(lang(r), x.ValidFrom))
		if x.ID == now.ID {
			label = ui.Words(label, say(r, "现行"))
		}
		tab.Cols = append(tab.Cols, ui.Column{Label: label, Num: true})
	}
	row := func(title, sub, unit string, of func(deal.Rule) int64) {
		out := ui.Row{Cells: []ui.Cell{{Text: title, Sub: sub}}}
		for _, x := range list {
			out.Cells = append(out.Cells, ui.Cell{Text: number(of(x)) + " " + unit})
		}
		tab.Rows = append(tab.Rows, out)
	}
	days := say(r, "个工作日")
	for _, state := range deal.RuleStates() {
		row(say(r, deal.StateTitle(state)), "", days, func(x deal.Rule) int64 { return x.Days[state] })
	}
	row(say(r, "技术经理人催办"), "", days, func(x deal.Rule) int64 { return x.ChaseDays })
	row(say(r, "到期前提醒"), "", days, func(x deal.Rule) int64 { return x.RemindDays })
	row(say(r, "技术经理人核验"), "", days, func(x deal.Rule) int64 { return x.VerifyDays })
	for _, t := range deal.CreditTerms() {
		row(say(r, t.Title), say(r, "信用分"), say(r, "分"),
			func(x deal.Rule) int64 { return *t.At(&x.Credit) })
	}
	return tab
}

// ruleFormView is the form of the next rule.
func ruleFormView(r *http.Request, v url.Values, err error) templ.Component {
	ctx := r.Context()
	num := func(name, label, unit string) ui.Input {
		return ui.Input{Kind: ui.InNumber, Name: name, Label: say(r, label), Value: v.Get(name),
			Unit: say(r, unit), Width: ui.W10, InputMode: "numeric"}
	}
	from := dayInput("validFrom", say(r, "生效日期"), clock.Date(v.Get("validFrom")))
	from.Hint = say(r, "从明天或以后起生效，前一条规则到这一天为止")
	about := []ui.Input{
		{Name: "name", Label: say(r, "规则名称"), Value: v.Get("name"), MaxLen: deal.MaxLine},
		{Name: "source", Label: say(r, "依据"), Value: v.Get("source"), MaxLen: deal.MaxLine,
			Hint: say(r, "文号或会议，写明是谁定的")},
		{Kind: ui.InSelect, Name: "mark", Label: say(r, "依据的性质"), Value: v.Get("mark"), Width: ui.W18,
			Options: choices(ctx, deal.RuleMarks())}, from,
		{Kind: ui.InArea, Name: "reason", Label: say(r, "修改原因"), Value: v.Get("reason"), Rows: 3,
			MaxLen: deal.MaxReason, Hint: say(r, "会列在各版规则中，所有用户可见")},
		{Kind: ui.InChecks, Name: "classes", Label: say(r, "未成原因分类"), Values: v["classes"],
			Options: choices(ctx, deal.Classes())},
		{Kind: ui.InChecks, Name: "grades", Label: say(r, "技术经理人等级"), Values: v["grades"],
			Options: choices(ctx, deal.Grades())}}
	var waits, credit []ui.Input
	for _, state := range deal.RuleStates() {
		waits = append(waits, num("days."+state, deal.StateTitle(state), "个工作日"))
	}
	waits = append(waits, num("chaseDays", "技术经理人催办", "个工作日"),
		num("remindDays", "到期前提醒", "个工作日"), num("verifyDays", "技术经理人核验", "个工作日"))
	for _, t := range deal.CreditTerms() {
		credit = append(credit, num("credit."+t.Name, t.Title, "分"))
	}
	for _, list := range [][]ui.Input{about, waits, credit} {
		ui.Mark(lang(r), list, err)
	}
	form := ui.FormView{ID: "rule", Action: pathRules, Plain: true, Guard: true,
		Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: v.Get("key")}},
		Buttons: []ui.Action{{Text: say(r, "增加这条规则"), Primary: true}}}
	return folded(say(r, "填写新规则"), err != nil, ui.With(ui.Form(form), fields(about),
		ui.With(ui.FieldSet(say(r, "每一步等多久"), say(r, "到期先由技术经理人催办，再转科技局")), fields(waits)),
		ui.With(ui.FieldSet(say(r, "信用分"), say(r, "每条记录加减的分值")), fields(credit))))
}
