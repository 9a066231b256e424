package dispatchhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getSeriesList lists the series.
func (h *Handler) getSeriesList(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if !dispatch.SeriesPolicy.Could(by, dispatch.ActSeriesRead) {
		return kit.ErrRole()
	}
	page, err := h.dispatch.ListSeries(ctx, by, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "会议系列")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "调度会"), Href: pathMeetings}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "一个系列看一本台账、一个地区，按周期开会。")}
	write := dispatch.SeriesPolicy.Could(by, dispatch.ActSeriesWrite)
	if write {
		head.Actions = []ui.Action{{Text: kit.Say(r, "设立系列"), Href: pathSeries + "/new", Primary: true}}
	}
	tab := ui.Table{Caption: kit.Say(r, "会议系列"), Cols: []ui.Column{{Label: kit.Say(r, "系列名称")},
		{Label: kit.Say(r, "周期")}, {Label: kit.Say(r, "地区")}, {Label: kit.Say(r, "主持人")},
		{Label: kit.Say(r, "召集单位")}, {Label: kit.Say(r, "状态")}}}
	for _, s := range page.Items {
		m := seriesMark(r, s)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Name, Href: seriesPath(s.ID, "")},
			{Text: kit.Titled(ctx, choices(plan.Cadences()), s.Cadence)}, {Text: h.PlaceName(s.Region)},
			{Text: s.Chair}, {Text: s.HostName}, {Status: &m}}})
	}
	var list templ.Component = ui.DataTable(tab)
	if len(page.Items) == 0 {
		list = ui.Empty(kit.Say(r, "还没有会议系列"), kit.Say(r, "设立后才能筹备会议。"))
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head), list,
		ui.Pager(web.Paging(r, page.Next, page.Prev, "")))})
}

func seriesMark(r *http.Request, s dispatch.Series) ui.State {
	if s.Closed {
		return ui.State{Tone: ui.Idle, Text: kit.Say(r, "已停用")}
	}
	return ui.State{Tone: ui.OK, Text: kit.Say(r, "使用中")}
}

// getSeries shows a series with its meetings.
func (h *Handler) getSeries(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	s, err := h.dispatch.GetSeries(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	page, err := h.dispatch.ListMeetings(ctx, by, dispatch.MeetingFilter{Series: s.ID}, "",
		db.PageReq{Limit: kit.PageSize})
	if err != nil {
		return err
	}
	m := seriesMark(r, s)
	head := ui.Head{Title: s.Name, Status: &m}
	if dispatch.SeriesPolicy.MaySee(by, dispatch.ActSeriesWrite, s) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "编辑"), Href: seriesPath(s.ID, "edit")})
	}
	if !s.Closed && dispatch.MeetingPolicy.Could(by, dispatch.ActMeetingCreate) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "筹备会议"), Primary: true,
			Href: pathMeetings + "/new?series=" + url.QueryEscape(s.ID)})
	}
	ledger := kit.Say(r, "全部台账")
	books, err := h.plan.ListLedgers(ctx, by)
	if err != nil {
		return err
	}
	for _, g := range books {
		if g.ID == s.Ledger {
			ledger = g.Name
		}
	}
	facts := []ui.Fact{{Term: kit.Say(r, "周期"), Text: kit.Titled(ctx, choices(plan.Cadences()), s.Cadence)},
		{Term: kit.Say(r, "台账"), Text: ledger, Href: "/ledger?ledger=" + url.QueryEscape(s.Ledger)},
		{Term: kit.Say(r, "地区"), Text: h.PlaceName(s.Region)}, {Term: kit.Say(r, "主持人"), Text: s.Chair},
		{Term: kit.Say(r, "召集单位"), Text: s.HostName, Href: "/orgs/" + s.HostNow},
		{Term: kit.Say(r, "地点"), Text: s.Place}}
	var units []ui.Link
	for _, u := range s.Units {
		units = append(units, ui.Link{Text: u.Name, Href: "/orgs/" + u.Now})
	}
	var list templ.Component = ui.DataTable(h.meetingTable(r, "", page.Items))
	if len(page.Items) == 0 {
		list = ui.Empty(kit.Say(r, "还没有开过会"), kit.Say(r, "筹备第一次会议，议程由亮灯和逾期任务提出。"))
	}
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.With(ui.Facts(kit.Say(r, "关键信息"), facts))),
		list, ui.With(ui.Block(kit.Say(r, "参会单位")), ui.PlainList(units))))
	return h.Web.Render(w, r, web.View{Page: h.Sub(r, "会议系列", pathSeries, s.Name, seriesPath(s.ID, ""), ""),
		Body: body})
}

// seriesForm is a form about a series.
type seriesForm struct {
	data    dispatch.SeriesData
	host    kit.Pick
	members members
	version int64
	key     string
	wrong   occasion.Faults
}

func (h *Handler) readSeries(r *http.Request, v url.Values) (seriesForm, error) {
	ctx, by := r.Context(), web.Actor(r)
	f := seriesForm{host: kit.ReadPick(v, "host"), version: kit.Whole(v.Get("version")), key: v.Get("key"),
		data: dispatch.SeriesData{Name: v.Get("name"), Cadence: v.Get("cadence"), Ledger: v.Get("ledger"),
			Region: region.Code(v.Get("region")), Chair: v.Get("chair"), Place: v.Get("place"),
			Closed: v.Get("closed") == "1"}}
	if !kit.Dropped(v, "host") {
		if err := h.FindOrg(ctx, by, &f.host, &f.wrong); err != nil {
			return f, err
		}
	}
	var err error
	f.members, err = h.readMembers(ctx, by, v, &f.wrong)
	f.data.Host, f.data.Members = f.host.Value, f.members.ids
	return f, err
}

func (h *Handler) seriesBody(r *http.Request, view ui.FormView, f seriesForm, err error) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	ledgers, lerr := h.ledgerOptions(ctx, by, "全部台账")
	if lerr != nil {
		return nil, lerr
	}
	d := f.data
	head := []ui.Input{
		{Name: "name", Label: kit.Say(r, "系列名称"), Value: d.Name, MaxLen: 60},
		{Kind: ui.InSelect, Name: "cadence", Label: kit.Say(r, "周期"), Value: d.Cadence, Width: ui.W10,
			Options: kit.Options(ctx, "请选择", choices(plan.Cadences()))},
		{Kind: ui.InSelect, Name: "ledger", Label: kit.Say(r, "台账"), Value: d.Ledger, Width: ui.W18,
			Options: ledgers, Hint: kit.Say(r, "议题和新任务都在这本台账中")},
		{Kind: ui.InSelect, Name: "region", Label: kit.Say(r, "地区"), Value: string(d.Region), Width: ui.W18,
			Options: h.PlaceOptions(ctx, authz.Actor{}, "请选择", string(d.Region))},
		{Name: "chair", Label: kit.Say(r, "主持人"), Value: d.Chair, Width: ui.W14, MaxLen: dispatch.MaxLine},
		{Name: "place", Label: kit.Say(r, "地点"), Value: d.Place, MaxLen: dispatch.MaxLine, Optional: true},
	}
	last := []ui.Input{{Kind: ui.InCheck, Name: "closed", Value: map[bool]string{true: "1"}[d.Closed],
		Text: kit.Say(r, "停用，不再筹备会议")}}
	ui.Mark(kit.Lang(r), head, err)
	host := h.OrgPick(ctx, by, ui.Input{Name: "host", Label: kit.Say(r, "召集单位"),
		Hint: kit.Say(r, "输入名称的一部分，再选择")}, f.host, err)
	view.Summary, view.Guard = ui.SummaryOf(kit.Lang(r), err), true
	return ui.With(ui.Form(view), kit.Fields(head), ui.Combobox(host),
		ui.Combobox(h.membersCombo(r, f.members, err)), kit.Fields(last)), nil
}

func (h *Handler) getSeriesNew(w http.ResponseWriter, r *http.Request) error {
	if !dispatch.SeriesPolicy.Could(web.Actor(r), dispatch.ActSeriesWrite) {
		return kit.ErrRole()
	}
	return h.showSeriesNew(w, r, seriesForm{key: id.New(), host: kit.Pick{Name: "host"},
		data: dispatch.SeriesData{Region: h.HomeCode(), Cadence: "month"}}, nil)
}

func (h *Handler) showSeriesNew(w http.ResponseWriter, r *http.Request, f seriesForm, err error) error {
	p := h.Web.Page(r, "设立系列")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "会议系列"), Href: pathSeries}, {Text: p.Title}}
	form, ferr := h.seriesBody(r, ui.FormView{ID: "series", Action: pathSeries + "/new",
		Hidden: []ui.Hidden{{Name: "key", Value: f.key}}, Buttons: []ui.Action{
			{Text: kit.Say(r, "设立"), Primary: true}, {Text: kit.Say(r, "取消"), Href: pathSeries}}}, f, err)
	if ferr != nil {
		return ferr
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(ui.PageHead(ui.Head{Title: p.Title}), form)})
}

func (h *Handler) postSeriesNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	f, err := h.readSeries(r, r.PostForm)
	if err != nil {
		return err
	}
	if kit.Dropped(r.PostForm, "host") || kit.Dropped(r.PostForm, "members") {
		return h.showSeriesNew(w, r, f, nil)
	}
	if err := f.wrong.Err(); err != nil {
		return h.showSeriesNew(w, r, f, err)
	}
	s, err := h.dispatch.CreateSeries(r.Context(), web.Actor(r), dispatch.NewSeries{SeriesData: f.data,
		Key: f.key})
	if again(err) {
		return h.showSeriesNew(w, r, f, kit.Merge(f.wrong, err))
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, seriesPath(s.ID, ""), "已保存")
}

func (h *Handler) getSeriesEdit(w http.ResponseWriter, r *http.Request) error {
	s, err := h.dispatch.GetSeries(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := dispatch.SeriesPolicy.May(web.Actor(r), dispatch.ActSeriesWrite, s); err != nil {
		return err
	}
	return h.showSeriesEdit(w, r, s, seriesForm{data: s.SeriesData, version: s.Version, key: id.New(),
		host: kit.Pick{Name: "host", Value: s.Host}, members: members{ids: s.Members}}, nil)
}

func (h *Handler) showSeriesEdit(
	w http.ResponseWriter, r *http.Request, s dispatch.Series, f seriesForm, err error,
) error {
	form, ferr := h.seriesBody(r, ui.FormView{ID: "series", Action: seriesPath(s.ID, "edit"),
		Version: kit.Number(f.version), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: seriesPath(s.ID, "")}}}, f, err)
	if ferr != nil {
		return ferr
	}
	p := h.Sub(r, "会议系列", pathSeries, s.Name, seriesPath(s.ID, ""), "编辑")
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "编辑"), Lead: s.Name}), form)})
}

func (h *Handler) postSeriesEdit(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	ctx, by := r.Context(), web.Actor(r)
	s, err := h.dispatch.GetSeries(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := h.readSeries(r, r.PostForm)
	if err != nil {
		return err
	}
	if kit.Dropped(r.PostForm, "host") || kit.Dropped(r.PostForm, "members") {
		return h.showSeriesEdit(w, r, s, f, nil)
	}
	if err := f.wrong.Err(); err != nil {
		return h.showSeriesEdit(w, r, s, f, err)
	}
	_, err = h.dispatch.UpdateSeries(ctx, by, dispatch.SeriesUpdate{ID: s.ID, SeriesData: f.data,
		Version: f.version, Key: f.key})
	if again(err) {
		f.key = id.New()
		return h.showSeriesEdit(w, r, s, f, kit.Merge(f.wrong, err))
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, seriesPath(s.ID, ""), "已保存")
}
