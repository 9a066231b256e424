package studiohttp

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// spanBudget is up to how many values, taken over all variants, the intervals are computed at once; more of
// them come a moment later.
const spanBudget = 400_000

// view is what the address of the studio says beside the choices.
type view struct {
	tab   string
	n     int64 // edition it is compared with, 0 = the latest
	spans bool
}

// asked reads the address.
func (h *Handler) asked(r *http.Request, d studio.SchemeDetail) (studio.Ask, view, error) {
	x := view{tab: r.FormValue("tab"), n: whole(r, "n"), spans: r.FormValue("spans") == "1"}
	in := studio.Ask{Edition: x.n, DataN: whole(r, "data"), Spans: x.spans}
	base, c, err := h.studio.Chosen(r.Context(), web.Actor(r), d.ID, in)
	if err != nil {
		return in, x, err
	}
	chosen := studio.ReadChoices(r.Form, base).Fit(c)
	in.Choices = &chosen
	if int64(len(c.Units)*len(c.Codes))*chosen.Runs <= spanBudget {
		in.Spans = true
	}
	return in, x, nil
}

// query is the address of the choices as they are.
func query(o *studio.Outcome, x view) url.Values {
	v := url.Values{}
	if o.Changed {
		v = o.Choices.Values()
		v.Set("data", kit.Number(o.DataN))
	}
	if x.n > 0 {
		v.Set("n", kit.Number(x.n))
	}
	return v
}

func (h *Handler) schemeOf(r *http.Request) (studio.SchemeDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return studio.SchemeDetail{}, absent()
	}
	return h.studio.GetScheme(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) schemePage(r *http.Request, d studio.SchemeDetail, last string) ui.Page {
	return h.Sub(r, "指数工作室", pathHome, d.Title, schemePath(d.ID, ""), last)
}

// getScheme is the studio of a scheme: choices on the left, what they come to on the right.
func (h *Handler) getScheme(w http.ResponseWriter, r *http.Request) error {
	d, err := h.schemeOf(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	in, x, err := h.asked(r, d)
	if err != nil {
		return err
	}
	o, err := h.studio.Compute(r.Context(), web.Actor(r), d.ID, in)
	if err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	var inner templ.Component
	if err == nil {
		if inner, err = h.panel(r, d, o, in, x); err != nil {
			return err
		}
	} else {
		inner = templ.Join(ui.ErrorSummary(ui.SummaryOf(kit.Lang(r), err)),
			formOf("choices", "tab", x.tab), ui.Note(kit.Say(r, "改好左边的选择后，这里显示结果。")))
	}
	results := ui.With(ui.Results("", kit.Say(r, "计算结果")), inner)
	m := mark(r.Context(), d.State)
	head := ui.Head{Title: d.Title, Status: &m, ID: d.Code, Lead: ui.Words(d.Data.Title,
		kit.Say(r, "数据年份 %d，报告年份 %d", d.Data.DataYear, d.Data.ReportYear)), Actions: h.actions(r, d)}
	body := append([]templ.Component{ui.PageHead(head)}, h.standing(r, d.Data)...)
	body = append(body, studioPage(h.form(r, o, x, err), results))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.schemePage(r, d, ""),
		Body: templ.Join(body...), Part: templ.Join(results, weightFields(true, h.weights(r, o, err)))})
}

func (h *Handler) actions(r *http.Request, d studio.SchemeDetail) []ui.Action {
	out := []ui.Action{{Text: kit.Say(r, "数据集"), Href: datasetPath(d.Dataset, "")}}
	if studio.PanelPolicy.Could(web.Actor(r), studio.ActPanelMake) {
		out = append(out, ui.Action{Text: kit.Say(r, "专家组"), Href: pathPanels + "?scheme=" + d.ID})
	}
	if d.Edition > 0 {
		out = append(out, ui.Action{Text: kit.Say(r, "打印"), Href: schemePath(d.ID, "print")})
	}
	if studio.SchemePolicy.MaySee(web.Actor(r), studio.ActSchemeMake, d.Scheme) && d.State == studio.Draft {
		out = append(out, ui.Action{Text: kit.Say(r, "编辑"), Href: schemePath(d.ID, "edit")})
	}
	return append(out, kit.StepActions(r, d.Offers, schemePath(d.ID, "step"))...)
}

// panel is the right side.
func (h *Handler) panel(
	r *http.Request, d studio.SchemeDetail, o *studio.Outcome, in studio.Ask, x view,
) (templ.Component, error) {
	tabs := []struct{ id, title string }{{"", "排名"}, {"groups", "分组得分"}, {"checks", "一致性检查"},
		{"sense", "敏感性"}, {"record", "版本与过程"}}
	if !slices.ContainsFunc(tabs, func(t struct{ id, title string }) bool { return t.id == x.tab }) {
		x.tab = ""
	}
	q := query(o, x)
	var list []ui.Tab
	for _, t := range tabs {
		list = append(list, ui.Tab{ID: "t-" + t.id, Text: kit.Say(r, t.title), Current: t.id == x.tab,
			Href: withQuery(schemePath(d.ID, ""), q, "tab", t.id)})
	}
	var inner templ.Component
	var err error
	switch x.tab {
	case "groups":
		inner = h.groups(r, o, q)
	case "checks":
		inner, err = h.checks(r, o, in, q)
	case "sense":
		inner, err = h.sense(r, d, o)
	case "record":
		inner = h.record(r, d)
	default:
		inner = h.ranks(r, o, x, q)
	}
	if err != nil {
		return nil, err
	}
	return templ.Join(h.summary(r, d, o), ui.With(ui.Tabs(kit.Say(r, "计算结果"), list),
		formOf("choices", "tab", x.tab), inner)), nil
}

// summary says what the choices did to the data, and keeps them.
func (h *Handler) summary(r *http.Request, d studio.SchemeDetail, o *studio.Outcome) templ.Component {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	text := say("%d 个单位参加排名", len(o.Rows))
	if len(o.Left) > 0 {
		text = ui.Words(text, say("%d 个未入选", len(o.Left)))
	}
	if o.Filled > 0 {
		text = ui.Words(text, say("补缺 %d 个数据", o.Filled))
	}
	if n := len(o.Treated); n > 0 {
		text = ui.Words(text, say("处理离群值的指标 %d 项", n))
	}
	switch {
	case o.Saved == 0:
		text = ui.Words(text, say("还没有保存过"))
	case o.Changed:
		text = ui.Words(text, say("与第 %d 版不同，变动相对于它", o.Saved))
	default:
		text = ui.Words(text, say("即第 %d 版", o.Saved))
	}
	bar := ui.ResultBar{Count: text}
	if o.Saved > 0 && o.Changed {
		bar.Clear = schemePath(d.ID, "")
	}
	parts := []templ.Component{ui.ResultHead(bar)}
	may := studio.SchemePolicy.MaySee(web.Actor(r), studio.ActSchemeMake, d.Scheme)
	if may && d.State == studio.Draft && o.Changed {
		var hiddens []ui.Hidden
		v := o.Choices.Values()
		for name, list := range v {
			for _, one := range list {
				hiddens = append(hiddens, ui.Hidden{Name: name, Value: one})
			}
		}
		slices.SortFunc(hiddens, func(a, b ui.Hidden) int {
			if a.Name+a.Value < b.Name+b.Value {
				return -1
			}
			return 1
		})
		hiddens = append(hiddens, ui.Hidden{Name: "data", Value: kit.Number(o.DataN)})
		parts = append(parts, saveForm(schemePath(d.ID, "save"), kit.Number(d.Version), hiddens))
	}
	return templ.Join(parts...)
}

// exports are links to a table as a file.
func exports(r *http.Request, id string, q url.Values, what string) []ui.Link {
	var out []ui.Link
	for _, f := range []string{"xlsx", "csv"} {
		out = append(out, ui.Link{Text: map[string]string{"xlsx": "Excel", "csv": "CSV"}[f],
			Href: withQuery(schemePath(id, "export"), q, "what", what, "format", f)})
	}
	return out
}
