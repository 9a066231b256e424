package dispatchhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// DecisionQuery is a list of decisions as an address asks for it.
type DecisionQuery struct {
	Series string `query:"series" doc:"id of the series"`
	Kind   string `query:"kind" doc:"task, deadline, instruction or note"`
	Org    string `query:"org" doc:"id of the unit that answers"`
	Open   string `query:"open" doc:"1: not carried out"`
	Task   string `query:"task" doc:"id of the task that it made or changed"`
}

func (q DecisionQuery) filter() dispatch.DecisionFilter {
	return dispatch.DecisionFilter{Series: q.Series, Kind: q.Kind, Org: q.Org, Open: q.Open == "1", Task: q.Task}
}

func (q DecisionQuery) filtered() bool { return q.Series+q.Kind+q.Org+q.Open+q.Task != "" }

// getDecisions lists decisions of all meetings with what became of them.
func (h *Handler) getDecisions(w http.ResponseWriter, r *http.Request) error {
	by, ctx := web.Actor(r), r.Context()
	if !dispatch.MeetingPolicy.Could(by, dispatch.ActMeetingRead) {
		return kit.ErrRole()
	}
	q := DecisionQuery{Series: r.FormValue("series"), Kind: r.FormValue("kind"), Org: r.FormValue("org"),
		Open: r.FormValue("open"), Task: r.FormValue("task")}
	if format := r.FormValue("format"); format != "" {
		return h.exportDecisions(w, r, q, format)
	}
	results, err := h.decisionResults(r, q)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "决议落实")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "调度会"), Href: pathMeetings}, {Text: p.Title}}
	bar := ui.Filters{Action: pathDecisions, Label: kit.Say(r, "筛选决议"), Fields: []ui.Filter{
		{Name: "kind", Label: kit.Say(r, "决议类型"), Value: q.Kind,
			Options: kit.Options(ctx, "不限", choices(dispatch.DecisionKinds()))},
		{Kind: ui.FilterCheck, Name: "open", Label: kit.Say(r, "只看未办结"), Value: q.Open}},
		Hidden: []ui.Hidden{{Name: "series", Value: q.Series}, {Name: "org", Value: q.Org},
			{Name: "task", Value: q.Task}}}
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "进展取自任务台账，随任务变化。")}
	return h.Web.Render(w, r, web.View{Page: p, Part: results,
		Body: templ.Join(ui.PageHead(head), ui.FilterBar(bar), results)})
}

func (h *Handler) decisionResults(r *http.Request, q DecisionQuery) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.dispatch.ListDecisions(ctx, by, q.filter(), web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.dispatch.CountDecisions(ctx, by, q.filter())
	if err != nil {
		return nil, err
	}
	var n int64
	for _, c := range counts {
		n += c
	}
	bar := ui.ResultBar{Count: kit.Say(r, "共 %s 条决议", i18n.Int(n))}
	if dispatch.MeetingPolicy.Could(by, dispatch.ActMeetingExport) {
		for _, f := range []string{"xlsx", "csv"} {
			bar.Exports = append(bar.Exports, ui.Link{Text: map[string]string{"xlsx": "XLSX", "csv": "CSV"}[f],
				Href: web.ListAddress(r, url.Values{"format": {f}})})
		}
	}
	if q.filtered() {
		bar.Clear = pathDecisions
	}
	parts := []templ.Component{ui.ResultHead(bar)}
	switch {
	case n > 0:
		parts = append(parts, ui.DataTable(h.outcomeTable(r, page.Items, true, nil)))
	case q.filtered():
		parts = append(parts, ui.Empty(kit.Say(r, "没有符合条件的决议"), kit.Say(r, "请放宽条件。")))
	default:
		parts = append(parts, ui.Empty(kit.Say(r, "还没有决议"), kit.Say(r, "纪要印发后，参会单位在这里看到决议。")))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", kit.Say(r, "决议")), parts...), nil
}

func (h *Handler) exportDecisions(
	w http.ResponseWriter, r *http.Request, q DecisionQuery, format string,
) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	out := web.NewDownload(w, kit.Say(r, "决议落实")+"."+format, mediaTypes[as])
	_, err = h.dispatch.WriteDecisions(r.Context(), web.Actor(r), q.filter(),
		dispatch.Export{Format: as, By: who(r)}, out)
	return out.End(err)
}
