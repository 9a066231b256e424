package monitorhttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// ruleForm is a rule as typed: the bounds that most cities need. Others come by the API.
type ruleForm struct {
	v url.Values
}

func (f ruleForm) get(name string) string { return strings.TrimSpace(f.v.Get(name)) }

// usualRule is what a new rule begins with: the one in force.
func usualRule(x monitor.Rule) ruleForm {
	v := url.Values{"key": {id.New()}, "mark": {"local"}, "runs": {kit.Number(x.Runs)}, "shape": {x.Shape},
		"taskDays": {kit.Number(x.TaskDays)}, "taskClock": {x.TaskClock}, "evidence": {x.Evidence},
		"ledger": {x.Ledger}, "watch.lateDays": {kit.Number(x.Watch.LateDays)},
		"watch.latePercent": {string(x.Watch.LatePercent)}, "watch.jumpTimes": {string(x.Watch.JumpTimes)},
		"watch.beforeDays": {kit.Number(x.Watch.BeforeDays)},
		"watch.assessDays": {strings.Join(x.Watch.AssessDays, " ")}}
	for _, b := range x.Bands {
		if b.Above != "" {
			v.Set(string(b.Colour)+"."+b.Of, string(b.Above))
		}
		if b.Least != "" {
			v.Set(string(b.Colour)+"."+b.Of, string(b.Least))
		}
	}
	return ruleForm{v}
}

// bands are the stretches that the numbers of the form mean: red above a bound, yellow from one on; days
// late are yellow from the first.
func (f ruleForm) bands() []monitor.Band {
	var out []monitor.Band
	for _, c := range []plan.Colour{plan.Red, plan.Yellow} {
		for _, figure := range monitor.Figures() {
			text := f.get(string(c) + "." + figure.Value)
			if text == "" {
				continue
			}
			d, ok := plan.ParseDecimal(text)
			if !ok {
				d = plan.Decimal(text) // the room says what is wrong with it
			}
			b := monitor.Band{Colour: c, Of: figure.Value}
			if c == plan.Red || figure.Value == monitor.FigureOverdue {
				b.Above = d
			} else {
				b.Least = d
			}
			out = append(out, b)
		}
	}
	return out
}

func (f ruleForm) rule() monitor.NewRule {
	decimal := func(name string) plan.Decimal {
		if d, ok := plan.ParseDecimal(f.get(name)); ok {
			return d
		}
		return plan.Decimal(f.get(name))
	}
	return monitor.NewRule{Key: f.get("key"), RuleData: monitor.RuleData{Name: f.get("name"),
		Source: f.get("source"), Mark: f.get("mark"), ValidFrom: clock.Date(f.get("validFrom")),
		Params: monitor.Params{Bands: f.bands(), Runs: kit.Whole(f.get("runs")), Shape: f.get("shape"),
			TaskDays: kit.Whole(f.get("taskDays")), TaskClock: f.get("taskClock"), Evidence: f.get("evidence"),
			Ledger: f.get("ledger"), Watch: monitor.Watch{LateDays: kit.Whole(f.get("watch.lateDays")),
				LatePercent: decimal("watch.latePercent"), BeforeDays: kit.Whole(f.get("watch.beforeDays")),
				JumpTimes: decimal("watch.jumpTimes"), AssessDays: strings.Fields(f.get("watch.assessDays"))}}}}
}

// getRules says the rules in words, with the form for the next one.
func (h *Handler) getRules(w http.ResponseWriter, r *http.Request) error {
	now, err := h.room.RuleAt(r.Context(), web.Actor(r), "")
	if err != nil {
		return err
	}
	return h.showRules(w, r, usualRule(now), nil)
}

// postRule sets the rule from a day on.
func (h *Handler) postRule(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	f := ruleForm{r.PostForm}
	_, err := h.room.AddRule(r.Context(), web.Actor(r), f.rule())
	if fault.Is(err, fault.Invalid) {
		return h.showRules(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathRules, "已增加规则")
}

func (h *Handler) showRules(w http.ResponseWriter, r *http.Request, f ruleForm, wrong error) error {
	by := web.Actor(r)
	list, err := h.room.ListRules(r.Context(), by)
	if err != nil {
		return err
	}
	now, err := h.room.RuleAt(r.Context(), by, "")
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "指标亮灯规则")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指标亮灯"), Href: pathLights}, {Text: p.Title}}
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title,
		Lead: kit.Say(r, "规则按日期生效，写明出处；过去的日子用当时的规则，不追改。")})}
	for _, x := range list {
		parts = append(parts, h.ruleBlock(r, x, x.ID == now.ID))
	}
	body := []templ.Component{ui.With(ui.Stack(), parts...)}
	if monitor.RulePolicy.Could(by, monitor.ActRuleWrite) {
		body = append(body, h.newRule(r, f, wrong))
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p, Body: templ.Join(body...)})
}

// ruleBlock says a rule in words.
func (h *Handler) ruleBlock(r *http.Request, x monitor.Rule, now bool) templ.Component {
	ctx, l := r.Context(), kit.Lang(r)
	state := ui.State{Tone: ui.Idle, Text: kit.Say(r, "示例，不生效")}
	switch {
	case now:
		state = ui.State{Tone: ui.OK, Text: kit.Say(r, "现行")}
	case x.Active:
		state = ui.State{Tone: ui.Idle, Text: kit.Say(r, "不在有效期内")}
	}
	var lines []string
	for _, b := range x.Bands {
		lines = append(lines, bandText(r, b))
	}
	if x.Runs > 0 {
		lines = append(lines, kit.Say(r, "连续 %d 期黄灯转红灯", x.Runs))
	}
	lines = append(lines, kit.Say(r, "序时进度：%s", titled(ctx, monitor.Shapes(), x.Shape)))
	if x.TaskDays > 0 {
		lines = append(lines, kit.Say(r, "红灯自动开任务：%d 个工作日内（至 %s），要求%s", x.TaskDays, x.TaskClock,
			titled(ctx, monitor.Evidences(), x.Evidence)))
	} else {
		lines = append(lines, kit.Say(r, "红灯不自动开任务"))
	}
	valid := kit.Say(r, "%s 起", i18n.Date(l, x.ValidFrom))
	if x.ValidTo != "" {
		valid = i18n.Date(l, x.ValidFrom) + "—" + i18n.Date(l, x.ValidTo.AddDays(-1))
	}
	return ui.With(ui.Block(x.Name), ui.Status(state),
		ui.Note(ui.Words(valid, x.Source, titled(ctx, plan.Marks(), x.Mark))), sentences(lines))
}

// bandText says a band in words.
func bandText(r *http.Request, b monitor.Band) string {
	bounds := []string{}
	for _, x := range []struct {
		op string
		at plan.Decimal
	}{{">", b.Above}, {">=", b.Least}, {"<", b.Below}, {"<=", b.Most}} {
		if x.at != "" {
			bounds = append(bounds, i18n.Sign(x.op)+" "+string(x.at))
		}
	}
	text := kit.Say(r, "%s：%s %s", lightMark(r.Context(), b.Colour).Text,
		titled(r.Context(), monitor.Figures(), b.Of), strings.Join(bounds, ", "))
	return ui.Words(text, b.Then)
}

// newRule is the form for the next rule.
func (h *Handler) newRule(r *http.Request, f ruleForm, wrong error) templ.Component {
	ctx := r.Context()
	text := func(name, label string) ui.Input {
		return ui.Input{Name: name, Label: kit.Say(r, label), Value: f.v.Get(name), MaxLen: 200}
	}
	number := func(name, label, unit string) ui.Input {
		in := text(name, label)
		in.Kind, in.Width, in.Unit = ui.InNumber, ui.W10, unit
		return in
	}
	inputs := []ui.Input{text("name", "规则名称"), text("source", "出处"),
		{Kind: ui.InSelect, Name: "mark", Label: kit.Say(r, "依据"), Value: f.v.Get("mark"), Width: ui.W18,
			Options: choices(ctx, plan.Marks())},
		{Kind: ui.InDate, Name: "validFrom", Label: kit.Say(r, "生效日期"), Value: f.v.Get("validFrom"), Width: ui.W14}}
	if day := f.v.Get("validFrom"); day != "" && !clock.Date(day).Valid() {
		inputs[3].Kind = ui.InText
	}
	units := map[string]string{monitor.FigureBehind: kit.Say(r, "个百分点"), monitor.FigureShort: "%",
		monitor.FigureOverdue: kit.Say(r, "天"), monitor.FigureMissing: kit.Say(r, "个月")}
	for _, c := range []plan.Colour{plan.Red, plan.Yellow} {
		for _, figure := range monitor.Figures() {
			in := number(string(c)+"."+figure.Value, "", units[figure.Value])
			in.Label = kit.Say(r, "%s：%s", lightMark(ctx, c).Text, kit.Say(r, figure.Title))
			in.Optional = true
			in.Hint = kit.Say(r, "达到或超过")
			if c == plan.Red || figure.Value == monitor.FigureOverdue {
				in.Hint = kit.Say(r, "超过")
			}
			inputs = append(inputs, in)
		}
	}
	choose := func(name, label string, list []plan.Choice) ui.Input {
		return ui.Input{Kind: ui.InSelect, Name: name, Label: kit.Say(r, label), Value: f.v.Get(name), Width: ui.W18,
			Options: choices(ctx, list)}
	}
	clockIn := text("taskClock", "任务时限的钟点")
	clockIn.Width = ui.W10
	inputs = append(inputs, number("runs", "连续多少期黄灯转红灯", kit.Say(r, "期")),
		choose("shape", "序时进度", monitor.Shapes()),
		number("taskDays", "红灯任务的工作日数", kit.Say(r, "个工作日")), clockIn,
		choose("evidence", "办结要求", monitor.Evidences()), text("ledger", "任务所在台账"),
		number("watch.lateDays", "多少天后的更正要核实", kit.Say(r, "天")),
		number("watch.latePercent", "更正幅度达到", "%"),
		text("watch.assessDays", "考核日（月-日，空格分开）"), number("watch.beforeDays", "考核前多少天的数据要核实", kit.Say(r, "天")),
		number("watch.jumpTimes", "变动达到平常的多少倍", kit.Say(r, "倍")))
	ui.Mark(kit.Lang(r), inputs, wrong)
	if e := kit.ErrAt(kit.Lang(r), wrong, "bands"); e != "" {
		inputs[4].Err = e
	}
	form := ui.FormView{ID: "rule", Action: pathRules, Guard: true, Summary: ui.SummaryOf(kit.Lang(r), wrong),
		Hidden:  []ui.Hidden{{Name: "key", Value: f.v.Get("key")}},
		Buttons: []ui.Action{{Text: kit.Say(r, "增加规则"), Primary: true}}}
	return ui.With(ui.Block(kit.Say(r, "增加规则")), ui.With(ui.Form(form), kit.Fields(inputs)))
}
