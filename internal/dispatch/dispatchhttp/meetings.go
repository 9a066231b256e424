package dispatchhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// MeetingQuery is a list of meetings as an address asks for it.
type MeetingQuery struct {
	Q      string `query:"q" maxLength:"100" doc:"words of the title, or a code"`
	Series string `query:"series" doc:"id of the series"`
	State  string `query:"state"`
	Region string `query:"region" doc:"GB/T 2260 code; everything inside it is listed"`
	When   string `query:"when" doc:"upcoming or past"`
	Sort   string `query:"sort" enum:"starts,soonest"`
}

func (q MeetingQuery) filter() dispatch.MeetingFilter {
	return dispatch.MeetingFilter{Query: q.Q, Series: q.Series, State: q.State, Region: region.Code(q.Region),
		When: q.When}
}

func (q MeetingQuery) filtered() bool { return q.Q+q.Series+q.State+q.Region+q.When != "" }

func whens() []market.Choice {
	return []market.Choice{{Value: dispatch.Upcoming, Title: "将要召开"}, {Value: dispatch.Past, Title: "已过"}}
}

// getMeetings shows the list of meetings.
func (h *Handler) getMeetings(w http.ResponseWriter, r *http.Request) error {
	by, ctx := web.Actor(r), r.Context()
	if !dispatch.MeetingPolicy.Could(by, dispatch.ActMeetingRead) {
		return kit.ErrRole()
	}
	q := MeetingQuery{Q: kit.Search(r), Series: r.FormValue("series"), State: r.FormValue("state"),
		When:   r.FormValue("when"),
		Region: r.FormValue("region"), Sort: r.FormValue("sort")}
	results, err := h.meetingResults(r, q)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "调度会")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "议题来自亮灯和逾期，决议成为任务，下次会议看落实。"),
		Actions: h.listActions(r)}
	bar := ui.Filters{Action: pathMeetings, Label: kit.Say(r, "筛选会议"), Fields: []ui.Filter{
		kit.SearchField(r, q.Q),
		{Name: "when", Label: kit.Say(r, "时间"), Value: q.When, Options: kit.Options(ctx, "不限", whens())},
		{Name: "state", Label: kit.Say(r, "状态"), Value: q.State,
			Options: kit.Options(ctx, "不限", meetingStates())},
		{Name: "region", Label: kit.Say(r, "地区"), Value: q.Region,
			Options: h.PlaceOptions(ctx, by, "不限", q.Region)},
	}, Hidden: []ui.Hidden{{Name: "series", Value: q.Series}}}
	body := templ.Join(ui.PageHead(head), ui.FilterBar(bar), results)
	return h.Web.Render(w, r, web.View{Page: p, Body: body, Part: results})
}

// listActions lead to what stands beside the list of meetings.
func (h *Handler) listActions(r *http.Request) []ui.Action {
	by := web.Actor(r)
	out := []ui.Action{{Text: kit.Say(r, "决议落实"), Href: pathDecisions}}
	if dispatch.SeriesPolicy.Could(by, dispatch.ActSeriesRead) {
		out = append(out, ui.Action{Text: kit.Say(r, "会议系列"), Href: pathSeries})
	}
	if dispatch.MeetingPolicy.Could(by, dispatch.ActMeetingCreate) {
		out = append(out, ui.Action{Text: kit.Say(r, "筹备会议"), Href: pathMeetings + "/new", Primary: true})
	}
	return out
}

func (h *Handler) meetingResults(r *http.Request, q MeetingQuery) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.dispatch.ListMeetings(ctx, by, q.filter(), q.Sort, web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	counts, err := h.dispatch.CountMeetings(ctx, by, q.filter())
	if err != nil {
		return nil, err
	}
	var n int64
	for _, c := range counts {
		n += c
	}
	bar := ui.ResultBar{Count: kit.Say(r, "共 %s 次会议", i18n.Int(n))}
	series := q.Series
	if len(page.Items) > 0 && series != "" {
		series = page.Items[0].SeriesName
	}
	for _, c := range []struct{ name, text string }{{"q", q.Q}, {"when", kit.Titled(ctx, whens(), q.When)},
		{"state", kit.Titled(ctx, meetingStates(), q.State)}, {"region", h.PlaceName(region.Code(q.Region))},
		{"series", series}} {
		if c.text != "" {
			bar.Chips = append(bar.Chips, ui.Link{Text: c.text, Href: web.ListAddress(r, url.Values{c.name: nil})})
		}
	}
	if q.filtered() {
		bar.Clear = pathMeetings
	}
	parts := []templ.Component{ui.ResultHead(bar)}
	switch {
	case n > 0:
		parts = append(parts, ui.DataTable(h.meetingTable(r, q.Sort, page.Items)))
	case q.filtered():
		parts = append(parts, ui.With(ui.Empty(kit.Say(r, "没有符合条件的会议"), kit.Say(r, "请放宽条件。")),
			ui.Button(ui.Action{Text: kit.Say(r, "清除条件"), Href: pathMeetings})))
	case dispatch.MeetingPolicy.Could(by, dispatch.ActMeetingCreate):
		parts = append(parts, ui.With(ui.Empty(kit.Say(r, "还没有调度会"),
			kit.Say(r, "先设立会议系列，再筹备第一次会议。")), ui.Button(ui.Action{Text: kit.Say(r, "设立系列"),
			Href: pathSeries + "/new", Primary: true})))
	default:
		parts = append(parts, ui.Empty(kit.Say(r, "还没有调度会"), kit.Say(r, "通知贵单位参加的会议会出现在这里。")))
	}
	parts = append(parts, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return ui.With(ui.Results("", kit.Say(r, "会议")), parts...), nil
}

func (h *Handler) meetingTable(r *http.Request, sort string, list []dispatch.Meeting) ui.Table {
	ctx := r.Context()
	time := ui.Column{Label: kit.Say(r, "时间"), Sort: "descending",
		SortHref: web.ListAddress(r, url.Values{web.SortParam: {"soonest"}})}
	if sort == "soonest" {
		time.Sort, time.SortHref = "ascending", web.ListAddress(r, url.Values{web.SortParam: nil})
	}
	tab := ui.Table{Caption: kit.Say(r, "会议"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "会议")}, time,
		{Label: kit.Say(r, "地点")}, {Label: kit.Say(r, "主持人")}, {Label: kit.Say(r, "召集单位")},
		{Label: kit.Say(r, "状态")}}}
	for _, m := range list {
		mark := meetingMark(ctx, m.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: m.Title, Href: path(m.ID, ""), Sub: ui.Words(m.Code, m.MinutesNo)},
			{Text: kit.Span(r, m.StartsUs, m.EndsUs), Time: kit.Machine(m.StartsUs)}, {Text: m.Place}, {Text: m.Chair},
			{Text: m.HostName}, {Status: &mark}}})
	}
	return tab
}
