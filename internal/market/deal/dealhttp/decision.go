package dealhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// decision is what the bureau is asked about one of several things on a page.
type decision struct {
	of, id  string // what it is about: certificate, and which
	version int64
	action  string
	states  []deal.Choice
	answer  ui.Input
	about   string // the thing that was answered, as err says, wrongly
	err     error
}

// decisionForm asks for a decision and its words. Fields carry the id of the thing: a page has many.
func decisionForm(r *http.Request, d decision) templ.Component {
	d.answer.Kind, d.answer.Name, d.answer.Rows, d.answer.MaxLen = ui.InArea, "answer", 2, deal.MaxNote
	in := []ui.Input{{Kind: ui.InSelect, Name: "state", Label: say(r, "处理结果"), Width: ui.W14,
		Options: chooseFrom(r.Context(), "请选择", d.states)}, d.answer}
	for i := range in {
		in[i].ID = ui.FieldID(in[i].Name) + "-" + d.id
	}
	v := ui.FormView{ID: d.of + "-" + d.id, Action: d.action, Plain: true, Version: number(d.version),
		Hidden:  []ui.Hidden{{Name: d.of, Value: d.id}, {Name: "key", Value: id.New()}},
		Buttons: []ui.Action{{Text: say(r, "提交处理意见")}}}
	if d.about == d.id {
		v.Summary = ui.SummaryOf(lang(r), d.err)
		for i := range v.Summary.Items {
			v.Summary.Items[i].ID += "-" + d.id
		}
		in[0].Value, in[1].Value = r.FormValue("state"), r.FormValue("answer")
		ui.Mark(lang(r), in, d.err)
	}
	return ui.With(ui.Form(v), fields(in))
}
