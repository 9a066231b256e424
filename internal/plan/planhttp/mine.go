package planhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// soonDays is how far ahead 即将到期 looks.
const soonDays = 7

// mineLines is how many tasks each part of the page lists; it links to the rest.
const mineLines = 20

// mineGroup is one part of the page of one's own tasks.
type mineGroup struct {
	title, none string // keys of package i18n
	filter      plan.TaskFilter
}

// mineGroups are what waits for a unit, the most urgent first.
func (h *Handler) mineGroups() []mineGroup {
	today := h.today()
	return []mineGroup{
		{"待签收", "没有待签收的任务。", plan.TaskFilter{State: plan.TaskEstablished}},
		{"逾期", "没有逾期的任务。", plan.TaskFilter{Overdue: true}},
		{"红灯", "没有亮红灯的任务。", plan.TaskFilter{Light: string(plan.Red), Open: true}},
		{"七天内到期", "七天内没有到期的任务。", plan.TaskFilter{Open: true, From: today,
			To: today.AddDays(soonDays)}},
		{"被退回", "没有被退回的任务。", plan.TaskFilter{State: plan.TaskReturned}},
		{"办理中", "没有办理中的任务。", plan.TaskFilter{State: plan.TaskActive}},
	}
}

// getMine shows the tasks of the actor's unit by what they wait for.
func (h *Handler) getMine(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if err := allow(plan.TaskPolicy.Could(by, plan.ActTaskRead)); err != nil {
		return err
	}
	p := h.web.Page(r, "我的任务")
	head := ui.Head{Title: p.Title, Lead: web.SessionOf(r).OrgName,
		Actions: []ui.Action{{Text: say(r, "全部台账"), Href: pathLedger}}}
	if by.Org == "" {
		body := templ.Join(ui.PageHead(head), ui.With(ui.Empty(say(r, "您的角色没有绑定单位"),
			say(r, "请管理员把角色绑定到单位；在此之前可以从台账查看任务。")),
			ui.Button(ui.Action{Text: say(r, "打开台账"), Href: pathLedger})))
		return h.web.Render(w, r, web.View{Page: p, Body: body})
	}
	var parts []templ.Component
	var jumps []lightCount
	for i, g := range h.mineGroups() {
		f := g.filter
		f.Org = by.Org
		counts, err := h.plan.CountTasks(ctx, by, f)
		if err != nil {
			return err
		}
		page, err := h.plan.MyTasks(ctx, by, g.filter, "due", db.PageReq{Limit: mineLines})
		if err != nil {
			return err
		}
		anchor := "g" + number(int64(i))
		mark := ui.State{Tone: mineTone(i, counts.All), Text: say(r, g.title)}
		jumps = append(jumps, lightCount{mark: mark, n: i18n.Int(counts.All), href: "#" + anchor})
		parts = append(parts, mineBlock(anchor, say(r, g.title), i18n.Int(counts.All),
			h.mineBody(r, g, page, counts.All)))
	}
	body := templ.Join(ui.PageHead(head), lightCounts(jumps), ui.With(ui.Stack(), parts...))
	return h.web.Render(w, r, web.View{Page: p, Body: body})
}

// mineTone colours the count of a group: what should be empty is bad when it is not.
func mineTone(group int, n int64) ui.Tone {
	switch {
	case n == 0:
		return ui.Idle
	case group == 1 || group == 2:
		return ui.Bad
	case group == 5:
		return ui.Run
	}
	return ui.Warn
}

func (h *Handler) mineBody(
	r *http.Request, g mineGroup, page db.Page[plan.Task], n int64,
) templ.Component {
	if n == 0 {
		return ui.Note(say(r, g.none))
	}
	tab := ui.DataTable(h.taskTable(r, page.Items, say(r, g.title)))
	if page.Next == "" {
		return tab
	}
	all := say(r, "查看全部 %s 项", i18n.Int(n))
	return templ.Join(tab, moreLink(all, mineHref(web.Actor(r), g.filter)))
}

// mineHref is the ledger filtered as a group is.
func mineHref(by authz.Actor, f plan.TaskFilter) string {
	q := url.Values{"org": {by.Org}}
	set := func(name, v string) {
		if v != "" {
			q.Set(name, v)
		}
	}
	set("state", f.State)
	set("light", f.Light)
	set("from", string(f.From))
	set("to", string(f.To))
	if f.Open {
		q.Set("open", "1")
	}
	if f.Overdue {
		q.Set("overdue", "1")
	}
	return pathLedger + "?" + q.Encode()
}

// getLights shows the rules of lights, the one in force first.
func (h *Handler) getLights(w http.ResponseWriter, r *http.Request) error {
	if err := allow(plan.RulePolicy.Could(web.Actor(r), plan.ActRuleRead)); err != nil {
		return err
	}
	return h.showLights(w, r, ruleForm{}, nil)
}

// ruleShown is a rule in words.
type ruleShown struct {
	name, valid, source, mark string
	now                       bool
	example                   bool
	bands                     []string
	rest                      []string
}

func (h *Handler) rules(r *http.Request) ([]ruleShown, error) {
	ctx, by := r.Context(), web.Actor(r)
	list, err := h.plan.ListLightRules(ctx, by)
	if err != nil {
		return nil, err
	}
	now, err := h.plan.LightRuleAt(ctx, by, "")
	if err != nil {
		return nil, err
	}
	var out []ruleShown
	for _, x := range list {
		v := ruleShown{name: x.Name, source: x.Source, mark: titled(ctx, plan.Marks(), x.Mark),
			now: x.ID == now.ID, example: !x.Active}
		v.valid = say(r, "%s 起", i18n.DateLong(lang(r), x.ValidFrom))
		if x.ValidTo != "" {
			v.valid = say(r, "%s 起，到 %s 前", i18n.DateLong(lang(r), x.ValidFrom),
				i18n.DateLong(lang(r), x.ValidTo))
		}
		for _, b := range x.Bands {
			v.bands = append(v.bands, bandText(r, b))
		}
		v.rest = append(v.rest, say(r, "其余为绿灯；办结为蓝灯，未到时间或挂起为灰灯。"))
		if x.YellowCycles > 0 {
			v.rest = append(v.rest, say(r, "连续 %d 个调度周期为黄灯，转为红灯。", x.YellowCycles))
		}
		v.rest = append(v.rest, say(r, "签收时限 %d 个工作日，答复时限 %d 个工作日。", x.SignDays, x.AnswerDays))
		if v.now {
			out = append([]ruleShown{v}, out...)
		} else {
			out = append(out, v)
		}
	}
	return out, nil
}

// bandText says one stretch of a figure in words.
func bandText(r *http.Request, b plan.Band) string {
	of := titled(r.Context(), plan.Figures(), b.Of)
	var bounds []string
	for _, x := range []struct {
		at  plan.Decimal
		key string
	}{{b.Above, "大于 %s"}, {b.Least, "不小于 %s"}, {b.Below, "小于 %s"}, {b.Most, "不大于 %s"}} {
		if x.at != "" {
			bounds = append(bounds, say(r, x.key, string(x.at)))
		}
	}
	text := of + andList(r, bounds) + between(lang(r), "：", ": ") +
		titled(r.Context(), plan.Colours(), string(b.Colour))
	if b.Then != "" {
		text += between(lang(r), "；", "; ") + b.Then
	}
	return text
}

func andList(r *http.Request, parts []string) string {
	out := ""
	for i, p := range parts {
		if i > 0 {
			out += say(r, "且")
		} else {
			out += " "
		}
		out += p
	}
	return out
}

// ruleForm is a rule of lights as typed: the usual bands, by their numbers.
type ruleForm struct {
	name, source, mark, from                       string
	redGap, yellowGap, redLate, yellowLate, cycles string
	signDays, answerDays                           string
	key                                            string
}

func (h *Handler) showLights(w http.ResponseWriter, r *http.Request, f ruleForm, err error) error {
	shown, rerr := h.rules(r)
	if rerr != nil {
		return rerr
	}
	p := h.web.Page(r, "亮灯规则")
	p.Crumbs = []ui.Link{{Text: say(r, "台账"), Href: pathLedger}, {Text: p.Title}}
	head := ui.Head{Title: p.Title,
		Lead: say(r, "灯由任务的计划、进度和当天的规则算出，每天零点后重算；过去的日子仍按当时的规则。")}
	var form templ.Component = templ.NopComponent
	if plan.RulePolicy.Could(web.Actor(r), plan.ActRuleWrite) {
		form = h.ruleFormView(r, f, err)
	}
	body := templ.Join(ui.PageHead(head), ruleList(shown), form)
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: body})
}

func (h *Handler) ruleFormView(r *http.Request, f ruleForm, err error) templ.Component {
	num := func(name, label, value, unit string) ui.Input {
		return ui.Input{Kind: ui.InNumber, Name: name, Label: label, Value: value, Unit: unit,
			Width: ui.W10}
	}
	about := []ui.Input{{Name: "name", Label: say(r, "规则名称"), Value: f.name, MaxLen: plan.MaxLine},
		{Name: "source", Label: say(r, "依据"), Value: f.source, MaxLen: plan.MaxLine,
			Hint: say(r, "文号或会议，写明是谁定的")},
		{Kind: ui.InSelect, Name: "mark", Label: say(r, "依据的性质"), Value: f.mark, Width: ui.W18,
			Options: chooseFrom(r.Context(), "请选择", plan.Marks())},
		dayInput("validFrom", say(r, "生效日期"), clock.Date(f.from))}
	about[3].Hint = say(r, "从明天或以后起生效，前一条规则到这一天为止")
	bands := []ui.Input{
		num("redGap", say(r, "落后大于多少为红灯"), f.redGap, say(r, "个百分点")),
		num("yellowGap", say(r, "落后不小于多少为黄灯"), f.yellowGap, say(r, "个百分点")),
		num("redLate", say(r, "逾期大于多少为红灯"), f.redLate, say(r, "天")),
		num("yellowLate", say(r, "逾期大于多少为黄灯"), f.yellowLate, say(r, "天")),
		num("yellowCycles", say(r, "连续几个周期黄灯转红"), f.cycles, say(r, "个，0 为不转")),
		num("signDays", say(r, "签收时限"), f.signDays, say(r, "个工作日")),
		num("answerDays", say(r, "答复时限"), f.answerDays, say(r, "个工作日"))}
	ui.Mark(lang(r), about, err)
	ui.Mark(lang(r), bands, err)
	if text := errAt(lang(r), err, "bands"); text != "" {
		bands[0].Err = text
	}
	v := ui.FormView{ID: "rule", Action: pathLights, Plain: true, Guard: true,
		Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: say(r, "增加这条规则"), Primary: true}}}
	return ui.With(ui.Block(say(r, "增加规则")), folded(say(r, "填写新规则"), err != nil,
		ui.With(ui.Form(v), fields(about), grid(bands))))
}
