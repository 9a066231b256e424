package dispatchhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// meetingForm is a form about a meeting.
type meetingForm struct {
	data    dispatch.MeetingData
	series  string
	members members
	typed   url.Values
	version int64
	key     string
	wrong   occasion.Faults
}

func (h *Handler) readMeeting(r *http.Request, v url.Values) (meetingForm, error) {
	f := meetingForm{series: v.Get("series"), typed: v, version: kit.Whole(v.Get("version")), key: v.Get("key"),
		data: dispatch.MeetingData{Title: v.Get("title"), Chair: v.Get("chair"), Place: v.Get("place"),
			StartsUs: occasion.ParseMoment(v.Get("startsUs")), EndsUs: occasion.ParseMoment(v.Get("endsUs")),
			Note: v.Get("note")}}
	var err error
	f.members, err = h.readMembers(r.Context(), web.Actor(r), v, &f.wrong)
	f.data.Members = f.members.ids
	return f, err
}

func (h *Handler) meetingBody(r *http.Request, view ui.FormView, f meetingForm, err error) templ.Component {
	d := f.data
	first := []ui.Input{
		{Name: "title", Label: kit.Say(r, "会议名称"), Value: d.Title, MaxLen: dispatch.MaxTitle, Optional: true,
			Hint: kit.Say(r, "不填则按系列和次数取名")},
		kit.MomentInput("startsUs", kit.Say(r, "开始时间"), d.StartsUs, f.typed),
		kit.MomentInput("endsUs", kit.Say(r, "结束时间"), d.EndsUs, f.typed),
		{Name: "place", Label: kit.Say(r, "地点"), Value: d.Place, MaxLen: dispatch.MaxLine},
		{Name: "chair", Label: kit.Say(r, "主持人"), Value: d.Chair, Width: ui.W14, MaxLen: dispatch.MaxLine},
	}
	last := []ui.Input{{Kind: ui.InArea, Name: "note", Label: kit.Say(r, "参会要求"), Value: d.Note, Rows: 4,
		MaxLen: dispatch.MaxProse, Optional: true, Hint: kit.Say(r, "随会议通知发给参会单位")}}
	ui.Mark(kit.Lang(r), first, err)
	ui.Mark(kit.Lang(r), last, err)
	view.Summary, view.Guard = ui.SummaryOf(kit.Lang(r), err), true
	return ui.With(ui.Form(view), kit.Fields(first), ui.Combobox(h.membersCombo(r, f.members, err)),
		kit.Fields(last))
}

// getNew asks for the series first, then shows the form as the series has it usually.
func (h *Handler) getNew(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if !dispatch.MeetingPolicy.Could(by, dispatch.ActMeetingCreate) {
		return kit.ErrRole()
	}
	series := r.FormValue("series")
	if series == "" {
		return h.askSeries(w, r)
	}
	in, err := h.dispatch.DraftMeeting(ctx, by, series)
	if err != nil {
		return err
	}
	return h.showNew(w, r, meetingForm{data: in.MeetingData, series: series, key: id.New(),
		members: members{ids: in.Members}}, nil)
}

// askSeries lets somebody choose the series of a new meeting.
func (h *Handler) askSeries(w http.ResponseWriter, r *http.Request) error {
	page, err := h.dispatch.ListSeries(r.Context(), web.Actor(r), db.PageReq{Limit: db.MaxLimit})
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "筹备会议")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "调度会"), Href: pathMeetings}, {Text: p.Title}}
	var links []ui.Link
	for _, s := range page.Items {
		if !s.Closed {
			links = append(links, ui.Link{Text: s.Name, Note: s.HostName,
				Href: pathMeetings + "/new?series=" + url.QueryEscape(s.ID)})
		}
	}
	list := ui.With(ui.Block(kit.Say(r, "选择会议系列")), ui.PlainList(links))
	if len(links) == 0 {
		list = ui.With(ui.Empty(kit.Say(r, "还没有会议系列"), kit.Say(r, "设立后才能筹备会议。")),
			ui.Button(ui.Action{Text: kit.Say(r, "设立系列"), Href: pathSeries + "/new", Primary: true}))
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(ui.Head{Title: p.Title}), list)})
}

func (h *Handler) showNew(w http.ResponseWriter, r *http.Request, f meetingForm, err error) error {
	s, serr := h.dispatch.GetSeries(r.Context(), web.Actor(r), f.series)
	if serr != nil {
		return serr
	}
	p := h.Web.Page(r, "筹备会议")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "调度会"), Href: pathMeetings}, {Text: s.Name,
		Href: seriesPath(s.ID, "")}, {Text: p.Title}}
	view := ui.FormView{ID: "meeting", Action: pathMeetings + "/new",
		Hidden: []ui.Hidden{{Name: "key", Value: f.key}, {Name: "series", Value: f.series}},
		Buttons: []ui.Action{{Text: kit.Say(r, "筹备并提出议程"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: pathMeetings}}}
	head := ui.Head{Title: p.Title, Lead: s.Name}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(ui.PageHead(head), h.meetingBody(r, view, f, err))})
}

func (h *Handler) postNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	f, err := h.readMeeting(r, r.PostForm)
	if err != nil {
		return err
	}
	if kit.Dropped(r.PostForm, "members") {
		return h.showNew(w, r, f, nil)
	}
	if err := f.wrong.Err(); err != nil {
		return h.showNew(w, r, f, err)
	}
	m, err := h.dispatch.CreateMeeting(r.Context(), web.Actor(r), dispatch.NewMeeting{MeetingData: f.data,
		Series: f.series, Key: f.key})
	if again(err) && f.series != "" {
		return h.showNew(w, r, f, kit.Merge(f.wrong, err))
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(m.ID, ""), "已筹备，议程由系统提出，请核对")
}

func (h *Handler) getEdit(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	if err := dispatch.MeetingPolicy.May(web.Actor(r), dispatch.ActMeetingUpdate, d.Meeting); err != nil {
		return err
	}
	return h.showEdit(w, r, d, meetingForm{data: d.MeetingData, version: d.Version, key: id.New(),
		members: members{ids: d.Members}}, nil)
}

func (h *Handler) showEdit(
	w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail, f meetingForm, err error,
) error {
	view := ui.FormView{ID: "meeting", Action: path(d.ID, "edit"), Version: kit.Number(f.version),
		Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "")}}}
	if d.State != dispatch.Preparing && d.State != dispatch.Notified {
		view.Locked = kit.Say(r, "会议已召开或取消，不能再修改")
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "编辑"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "编辑"), Lead: d.Title}),
			h.meetingBody(r, view, f, err))})
}

func (h *Handler) postEdit(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	f, err := h.readMeeting(r, r.PostForm)
	if err != nil {
		return err
	}
	if kit.Dropped(r.PostForm, "members") {
		return h.showEdit(w, r, d, f, nil)
	}
	if err := f.wrong.Err(); err != nil {
		return h.showEdit(w, r, d, f, err)
	}
	_, err = h.dispatch.UpdateMeeting(r.Context(), web.Actor(r), dispatch.MeetingUpdate{ID: d.ID,
		MeetingData: f.data, Version: f.version, Key: f.key})
	if again(err) {
		f.key = id.New()
		return h.showEdit(w, r, d, f, kit.Merge(f.wrong, err))
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已保存")
}
