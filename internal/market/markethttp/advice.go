package markethttp

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// advice shows who looks after a post what of it wants a second look: the evidence asked for its readiness, and
// what follows from the rules, with the rule. Others see nothing of it.
func (h *Handler) advice(r *http.Request, p market.Post) (templ.Component, error) {
	if !market.PostPolicy.MaySee(web.Actor(r), market.ActPostConfirm, p) {
		return nil, nil
	}
	x, err := h.market.Advice(r.Context(), web.Actor(r), p.ID)
	if err != nil || len(x.Asks)+len(x.Notes) == 0 {
		return nil, err
	}
	parts := []templ.Component{ui.Note(say(r, "只有本单位、经办的技术经理人和科技局能看到；供核对，不影响发布。"))}
	if len(x.Notes) > 0 {
		var list []ui.Link
		for _, n := range x.Notes {
			list = append(list, ui.Link{Text: n.Text(lang(r))})
		}
		parts = append(parts, ui.PlainList(list), ui.Note(say(r, "依据：%s，规则“%s”自 %s 起", x.RuleSource,
			x.RuleName, i18n.Date(lang(r), x.RuleFrom))))
	}
	if len(x.Asks) > 0 {
		parts = append(parts, ui.DataTable(askTable(r, x)), ui.Note(standardNote(r, x)))
	}
	return ui.With(ui.Block(say(r, "登记建议")), ui.With(ui.Stack(), parts...)), nil
}

// standardNote says where the levels are from.
func standardNote(r *http.Request, x market.PostAdvice) string {
	if x.StandardFrom == "" {
		return say(r, "等级按 %s，证明材料按各级的含义整理。", x.Standard)
	}
	return say(r, "等级按 %s（%s 起施行），证明材料按各级的含义整理。", x.Standard, i18n.Date(lang(r), x.StandardFrom))
}

// askTable lists the evidence asked for each level up to the one stated, the highest first.
func askTable(r *http.Request, x market.PostAdvice) ui.Table {
	tab := ui.Table{Caption: say(r, "各级应有的证明"), Visible: true, Dense: true, Cols: []ui.Column{
		{Label: say(r, "等级")}, {Label: say(r, "应能证明")}, {Label: say(r, "证明材料")}}}
	for i := len(x.Asks) - 1; i >= 0; i-- {
		a := x.Asks[i]
		mark := ui.State{Tone: ui.Idle, Text: say(r, "没有附")}
		switch {
		case a.Given:
			mark = ui.State{Tone: ui.OK, Text: say(r, "已附")}
		case i == len(x.Asks)-1:
			mark = ui.State{Tone: ui.Warn, Text: say(r, "请补充")}
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: say(r, "%d 级 %s", a.Level, i18n.Key(a.Title))}, {Text: say(r, a.Asks)}, {Status: &mark}}})
	}
	return tab
}

// adviceOut is the advice about a post in the language of the request.
type adviceOut struct {
	market.PostAdvice
	Asks  []askOut  `json:"asks" doc:"the evidence asked for each level of readiness up to the one stated"`
	Notes []noteOut `json:"notes" doc:"what wants a second look, and what follows from the rules"`
}

// askOut is one level with what proves it.
type askOut struct {
	Level int    `json:"level"`
	Title string `json:"title"`
	Asks  string `json:"asks"`
	Given bool   `json:"given" doc:"a proof of this level is there"`
}

// noteOut is a sentence about a field.
type noteOut struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

func (h *Handler) apiAdvice(ctx context.Context, in *PostID) (*kit.Body[adviceOut], error) {
	x, err := h.market.Advice(ctx, api.By(ctx), in.ID)
	out := adviceOut{PostAdvice: x, Asks: []askOut{}, Notes: []noteOut{}}
	out.Standard = i18n.T(ctx, x.Standard)
	for _, a := range x.Asks {
		out.Asks = append(out.Asks, askOut{a.Level, i18n.T(ctx, a.Title), i18n.T(ctx, a.Asks), a.Given})
	}
	for _, n := range x.Notes {
		out.Notes = append(out.Notes, noteOut{n.Field, n.Text(i18n.From(ctx))})
	}
	return kit.BodyOf(out, err)
}
