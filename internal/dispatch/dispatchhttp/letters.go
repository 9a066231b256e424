package dispatchhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// LetterQuery is a list of letters as an address asks for it.
type LetterQuery struct {
	Q      string `query:"q" maxLength:"100" doc:"words of the title, or a number"`
	State  string `query:"state"`
	Region string `query:"region" doc:"GB/T 2260 code; everything inside it is listed"`
	Org    string `query:"org" doc:"id of the unit it goes to"`
	Task   string `query:"task" doc:"id of the task it is about"`
	Open   string `query:"open" doc:"1: not closed and not withdrawn"`
	Late   string `query:"late" doc:"1: the reply is late"`
	Sort   string `query:"sort" enum:"newest,due"`
}

func (q LetterQuery) filter() dispatch.LetterFilter {
	return dispatch.LetterFilter{Query: q.Q, State: q.State, Region: region.Code(q.Region), Org: q.Org, Task: q.Task,
		Open: q.Open == "1", Late: q.Late == "1"}
}

func (q LetterQuery) filtered() bool { return q.Q+q.State+q.Region+q.Org+q.Task+q.Open+q.Late != "" }

// getLetters shows the list of letters.
func (h *Handler) getLetters(w http.ResponseWriter, r *http.Request) error {
	by, ctx := web.Actor(r), r.Context()
	if !dispatch.LetterPolicy.Could(by, dispatch.ActLetterRead) {
		return kit.ErrRole()
	}
	q := LetterQuery{Q: kit.Search(r), State: r.FormValue("state"), Region: r.FormValue("region"), Org: r.FormValue("org"),
		Task: r.FormValue("task"), Open: r.FormValue("open"), Late: r.FormValue("late"), Sort: r.FormValue("sort")}
	if format := r.FormValue("format"); format != "" {
		return h.exportLetters(w, r, q, format)
	}
	results, err := h.letterResults(r, q)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "督办函")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "收函单位按期书面回复，逾期转交督办人。"),
		Actions: []ui.Action{{Text: kit.Say(r, "督办规则"), Href: pathRules}}}
	if dispatch.LetterPolicy.Could(by, dispatch.ActLetterCreate) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "督办建议"), Href: pathSuggest, Primary: true},
			ui.Action{Text: kit.Say(r, "拟督办函"), Href: pathLetters + "/new"})
	}
	bar := ui.Filters{Action: pathLetters, Label: kit.Say(r, "筛选督办函"), Fields: []ui.Filter{
		kit.SearchField(r, q.Q),
		{Name: "state", Label: kit.Say(r, "状态"), Value: q.State, Options: kit.Options(ctx, "不限", letterStates())},
		{Name: "region", Label: kit.Say(r, "地区"), Value: q.Region,
			Options: h.PlaceOptions(ctx, by, "不限", q.Region)},
		{Kind: ui.FilterCheck, Name: "open", Label: kit.Say(r, "只看未办结"), Value: q.Open},
		{Kind: ui.FilterCheck, Name: "late", Label: kit.Say(r, "只看逾期未回复"), Value: q.Late}},
		Hidden: []ui.Hidden{{Name: "org", Value: q.Org}, {Name: "task", Value: q.Task}}}
	return h.Web.Render(w, r, web.View{Page: p, Part: results,
		Body: templ.Join(ui.PageHead(head), ui.FilterBar(bar), results)})
}

func (h *Handler) letterResults(r *http.Request, q LetterQuery) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.dispatch.ListLetters(ctx, by, q.filter(), q.Sort, web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.dispatch.CountLetters(ctx, by, q.filter())
	if err != nil {
		return nil, err
	}
	var n int64
	for _, c := range counts.States {
		n += c
	}
	bar := ui.ResultBar{Count: kit.Say(r, "共 %s 件督办函，其中逾期未回复 %s 件", i18n.Int(n), i18n.Int(counts.Late)),
		Exports: []ui.Link{{Text: "XLSX", Href: web.ListAddress(r, url.Values{"format": {"xlsx"}})},
			{Text: "CSV", Href: web.ListAddress(r, url.Values{"format": {"csv"}})}}}
	for _, c := range []struct{ name, text string }{{"q", q.Q}, {"state", kit.Titled(ctx, letterStates(), q.State)},
		{"region", h.PlaceName(region.Code(q.Region))}, {"org", h.OrgName(ctx, by, q.Org)}} {
		if c.text != "" {
			bar.Chips = append(bar.Chips, ui.Link{Text: c.text, Href: web.ListAddress(r, url.Values{c.name: nil})})
		}
	}
	if q.filtered() {
		bar.Clear = pathLetters
	}
	parts := []templ.Component{ui.ResultHead(bar)}
	switch {
	case n > 0:
		parts = append(parts, ui.DataTable(h.letterTable(r, q.Sort, page.Items)))
	case q.filtered():
		parts = append(parts, ui.With(ui.Empty(kit.Say(r, "没有符合条件的督办函"), kit.Say(r, "请放宽条件。")),
			ui.Button(ui.Action{Text: kit.Say(r, "清除条件"), Href: pathLetters})))
	default:
		parts = append(parts, ui.Empty(kit.Say(r, "还没有督办函"), kit.Say(r, "送达贵单位的督办函会出现在这里。")))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", kit.Say(r, "督办函")), parts...), nil
}

func (h *Handler) letterTable(r *http.Request, sort string, list []dispatch.Letter) ui.Table {
	ctx := r.Context()
	due := ui.Column{Label: kit.Say(r, "回复期限"), SortHref: web.ListAddress(r, url.Values{web.SortParam: {"due"}})}
	if sort == "due" {
		due.Sort, due.SortHref = "ascending", web.ListAddress(r, url.Values{web.SortParam: nil})
	}
	t := ui.Table{Caption: kit.Say(r, "督办函"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "督办函")},
		{Label: kit.Say(r, "收函单位")}, {Label: kit.Say(r, "签发日期")}, due, {Label: kit.Say(r, "状态")}}}
	for _, l := range list {
		m := letterMark(ctx, l.State)
		row := ui.Row{Cells: []ui.Cell{{Text: l.Title, Href: letterPath(l.ID, ""),
			Sub: ui.Words(l.Number, map[bool]string{true: kit.Say(r, "未编号")}[l.Number == ""])},
			{Text: l.To.Name}, {Text: kit.Moment(r, l.SignedUs)}, {Text: kit.Moment(r, l.DueUs)}, {Status: &m}}}
		if h.late(l) {
			row.Tone = ui.Bad
			row.Cells[3].Sub = kit.Say(r, "已逾期")
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// late says whether the reply to a letter is late.
func (h *Handler) late(l dispatch.Letter) bool {
	return l.State == dispatch.LetterDelivered && l.DueUs < h.Now().UnixMicro()
}

func (h *Handler) exportLetters(w http.ResponseWriter, r *http.Request, q LetterQuery, format string) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	out := web.NewDownload(w, kit.Say(r, "督办函")+"."+format, mediaTypes[as])
	_, err = h.dispatch.WriteLetters(r.Context(), web.Actor(r), q.filter(),
		dispatch.Export{Format: as, By: who(r)}, out)
	return out.End(err)
}

// getSuggest lists the letters that the rule in force asks for.
func (h *Handler) getSuggest(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := h.dispatch.SuggestLetters(ctx, web.Actor(r))
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "督办建议")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "督办函"), Href: pathLetters}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "按现行规则应发督办函、还没有发的任务。"),
		Actions: []ui.Action{{Text: kit.Say(r, "督办规则"), Href: pathRules}}}
	t := ui.Table{Caption: kit.Say(r, "督办建议"), Cols: []ui.Column{{Label: kit.Say(r, "任务")},
		{Label: kit.Say(r, "牵头单位")}, {Label: kit.Say(r, "进展"), Num: true}, {Label: kit.Say(r, "督办原因")},
		{Label: kit.Say(r, "操作"), Sr: true}}}
	for _, s := range list {
		lead := ""
		for _, o := range s.Task.Of(plan.Lead) {
			lead = o.Name
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: s.Task.Title, Href: "/tasks/" + s.Task.ID, Sub: s.Task.Code,
				Status: lightMark(ctx, s.Task.Light.Colour)},
			{Text: ui.OrDash(lead)}, {Text: plan.PercentText(s.Task.ProgressBp) + "%", Href: "/tasks/" + s.Task.ID},
			{Body: reasonList(notes(ctx, s.Reasons))},
			{Body: ui.Button(ui.Action{Text: kit.Say(r, "拟函"), Small: true, Label: kit.Say(r, "拟函") + " " + s.Task.Title,
				Href: pathLetters + "/new?task=" + url.QueryEscape(s.Task.ID)})}}})
	}
	var body templ.Component = ui.DataTable(t)
	if len(list) == 0 {
		body = ui.Empty(kit.Say(r, "没有应发而未发的督办函"), kit.Say(r, "亮灯随任务进展和日期变化，请每月查看。"))
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head), body)})
}
