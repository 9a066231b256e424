package dispatchhttp

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// minuteText writes a minute of the day: 18:00.
func minuteText(n int64) string { return fmt.Sprintf("%02d:%02d", n/60, n%60) }

// minuteOf reads a minute of the day; what is none is -1, which is out of range.
func minuteOf(text string) int64 {
	h, m, ok := strings.Cut(strings.TrimSpace(text), ":")
	hour, minute := kit.Whole(h), kit.Whole(m)
	if !ok || hour < 0 || hour > 24 || minute < 0 || minute > 59 || len(m) != 2 {
		return -1
	}
	return hour*60 + minute
}

// ruleForm is a rule as typed.
type ruleForm struct {
	data  dispatch.RuleData
	until string
	red   string
	amber string
	then  string
	key   string
}

func readRule(v url.Values) ruleForm {
	f := ruleForm{until: v.Get("replyUntil"), red: v.Get("redCycles"), amber: v.Get("yellowCycles"),
		then: v.Get("then"), key: v.Get("key"),
		data: dispatch.RuleData{Name: v.Get("name"), Source: v.Get("source"), Mark: v.Get("mark"),
			ValidFrom: clock.Date(strings.TrimSpace(v.Get("validFrom"))),
			RuleParams: dispatch.RuleParams{ReplyDays: kit.Whole(v.Get("replyDays")),
				AnswerDays: kit.Whole(v.Get("answerDays")), MinutesDays: kit.Whole(v.Get("minutesDays")),
				LetterPrefix: v.Get("letterPrefix"), MinutesPrefix: v.Get("minutesPrefix")}}}
	f.data.ReplyUntil = minuteOf(f.until)
	for _, x := range []struct {
		colour plan.Colour
		cycles string
	}{{plan.Red, f.red}, {plan.Yellow, f.amber}} {
		if strings.TrimSpace(x.cycles) != "" {
			f.data.Triggers = append(f.data.Triggers, dispatch.Trigger{Colour: x.colour,
				Cycles: kit.Whole(x.cycles), Then: f.then})
		}
	}
	return f
}

func (h *Handler) getRules(w http.ResponseWriter, r *http.Request) error {
	return h.showRules(w, r, ruleForm{key: id.New(), until: "18:00", then: kit.Say(r, "发督办函"),
		data: dispatch.RuleData{Mark: "local"}}, nil)
}

func (h *Handler) showRules(w http.ResponseWriter, r *http.Request, f ruleForm, err error) error {
	ctx, by := r.Context(), web.Actor(r)
	if !dispatch.RulePolicy.Could(by, dispatch.ActRuleRead) {
		return kit.ErrRole()
	}
	list, lerr := h.dispatch.ListRules(ctx, by)
	if lerr != nil {
		return lerr
	}
	var shown []ruleShown
	for _, x := range list {
		shown = append(shown, h.ruleShown(r, x))
	}
	p := h.Web.Page(r, "督办规则")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "督办函"), Href: pathLetters}, {Text: p.Title}}
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title,
		Lead: kit.Say(r, "规则按生效日期换用；已拟的函和已开的会沿用当时的规则。")}), rules(shown)}
	if dispatch.RulePolicy.Could(by, dispatch.ActRuleWrite) {
		parts = append(parts, ui.With(ui.Block(kit.Say(r, "增加规则")), h.ruleFields(r, f, err)))
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(parts...)})
}

func (h *Handler) ruleFields(r *http.Request, f ruleForm, err error) templ.Component {
	ctx, d := r.Context(), f.data
	days := kit.Say(r, "个工作日")
	cycles := kit.Say(r, "个周期")
	in := []ui.Input{
		{Name: "name", Label: kit.Say(r, "规则名称"), Value: d.Name, MaxLen: dispatch.MaxLine},
		{Name: "source", Label: kit.Say(r, "依据"), Value: d.Source, MaxLen: dispatch.MaxLine},
		{Kind: ui.InSelect, Name: "mark", Label: kit.Say(r, "可靠程度"), Value: d.Mark, Width: ui.W14,
			Options: kit.Options(ctx, "请选择", choices(plan.Marks()))},
		{Name: "validFrom", Label: kit.Say(r, "生效日期"), Value: string(d.ValidFrom), Width: ui.W14,
			Placeholder: "2027-01-01"},
		{Kind: ui.InNumber, Name: "redCycles", Label: kit.Say(r, "红灯连续"), Value: f.red, Width: ui.W6, Unit: cycles,
			Optional: true},
		{Kind: ui.InNumber, Name: "yellowCycles", Label: kit.Say(r, "黄灯或红灯连续"), Value: f.amber, Width: ui.W6,
			Unit: cycles, Optional: true},
		{Name: "then", Label: kit.Say(r, "处置"), Value: f.then, Width: ui.W18, MaxLen: dispatch.MaxLine, Optional: true},
		{Kind: ui.InNumber, Name: "replyDays", Label: kit.Say(r, "回复时限"), Value: kit.Blank(d.ReplyDays),
			Width: ui.W6, Unit: days},
		{Name: "replyUntil", Label: kit.Say(r, "末日截止时刻"), Value: f.until, Width: ui.W6},
		{Kind: ui.InNumber, Name: "answerDays", Label: kit.Say(r, "审核时限"), Value: kit.Blank(d.AnswerDays),
			Width: ui.W6, Unit: days},
		{Kind: ui.InNumber, Name: "minutesDays", Label: kit.Say(r, "纪要印发时限"), Value: kit.Blank(d.MinutesDays),
			Width: ui.W6, Unit: days},
		{Name: "letterPrefix", Label: kit.Say(r, "督办函代字"), Value: d.LetterPrefix, Width: ui.W10},
		{Name: "minutesPrefix", Label: kit.Say(r, "纪要代字"), Value: d.MinutesPrefix, Width: ui.W10},
	}
	ui.Mark(kit.Lang(r), in, err)
	if msg := kit.ErrAt(kit.Lang(r), err, "triggers"); msg != "" {
		in[4].Err, in[4].ID = msg, ui.FieldID("triggers")
	}
	return ui.With(ui.Form(ui.FormView{ID: "rule", Action: pathRules, Plain: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "增加规则"), Primary: true}}}), kit.Fields(in))
}

func (h *Handler) postRules(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	f := readRule(r.PostForm)
	_, err := h.dispatch.AddRule(r.Context(), web.Actor(r), dispatch.NewRule{RuleData: f.data, Key: f.key})
	if again(err) {
		f.key = id.New()
		return h.showRules(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathRules, "已增加规则")
}
