package markethttp

import (
	"net/http"
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

// ruleForm is a rule of freshness as typed.
type ruleForm struct {
	name, source, mark, from         string
	need, achievement, remind, grace string
	key                              string
}

// getRules shows the rules of freshness, the latest first.
func (h *Handler) getRules(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	now, err := h.market.FreshRuleAt(ctx, by, "")
	if err != nil {
		return err
	}
	f := ruleForm{mark: "local", key: id.New(), need: strconv.Itoa(now.NeedDays),
		achievement: strconv.Itoa(now.AchievementDays), remind: days(now.RemindDays),
		grace: strconv.Itoa(now.GraceDays)}
	return h.showRules(w, r, f, nil)
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
	p := h.web.Page(r, "时效规则")
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket}, {Text: p.Title}}
	head := ui.Head{Title: p.Title,
		Lead: say(r, "供需信息多久要重新确认一次；到期没有确认的退出市场，确认后恢复。")}
	var form templ.Component = templ.NopComponent
	if market.RulePolicy.Could(by, market.ActRuleWrite) {
		form = ruleFormView(r, f, err)
	}
	body := templ.Join(ui.PageHead(head), ui.DataTable(ruleTable(r, now, list)), form)
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: body})
}

func ruleTable(r *http.Request, now market.FreshRule, list []market.FreshRule) ui.Table {
	tab := ui.Table{Caption: say(r, "时效规则"), Cols: []ui.Column{{Label: say(r, "规则名称")},
		{Label: say(r, "生效日期")}, {Label: say(r, "需求（天）"), Num: true},
		{Label: say(r, "成果（天）"), Num: true}, {Label: say(r, "提前提醒（天）")},
		{Label: say(r, "宽限（天）"), Num: true}, {Label: say(r, "依据")}}}
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
			{Text: x.Source, Sub: titled(r.Context(), market.Marks(), x.Mark)}}})
	}
	return tab
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
	in[3].Hint = say(r, "从明天或以后起生效，前一条规则到这一天为止")
	ui.Mark(lang(r), in, err)
	v := ui.FormView{ID: "rule", Action: pathRules, Plain: true, Guard: true,
		Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: say(r, "增加这条规则"), Primary: true}}}
	return foldedFields(say(r, "填写新规则"), "", err != nil, ui.With(ui.Form(v), fields(in)))
}

// postRules sets the rule from a day on.
func (h *Handler) postRules(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	v := r.PostForm
	f := ruleForm{v.Get("name"), v.Get("source"), v.Get("mark"), v.Get("validFrom"), v.Get("needDays"),
		v.Get("achievementDays"), v.Get("remindDays"), v.Get("graceDays"), v.Get("key")}
	in := market.NewFreshRule{Key: f.key, FreshRuleData: market.FreshRuleData{Name: f.name,
		Source: f.source, Mark: f.mark, ValidFrom: clock.Date(f.from)}}
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

// count reads a number of days; what is none is a number that no rule takes.
func count(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return -1
	}
	return n
}
