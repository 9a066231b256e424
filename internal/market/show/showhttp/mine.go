package showhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getMine shows what the actor has booked, with the codes for the door.
func (h *Handler) getMine(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	list, err := h.show.MyBookings(ctx, by)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "我的活动")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "路演与对接会"), Href: pathShows}, {Text: p.Title}}
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title,
		Lead: kit.Say(r, "签到码、约谈和报名都在这里。")})}
	if len(list) == 0 {
		parts = append(parts, ui.With(ui.Empty(kit.Say(r, "还没有报名"), kit.Say(r, "报名后，签到码和约谈会出现在这里。")),
			ui.Button(ui.Action{Text: kit.Say(r, "看看有什么活动"), Href: pathShows + "?when=upcoming"})))
	}
	for _, b := range list {
		block, err := h.booking(r, b)
		if err != nil {
			return err
		}
		parts = append(parts, block)
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(parts...)})
}

func (h *Handler) booking(r *http.Request, b show.Booking) (templ.Component, error) {
	_, code, err := h.show.MyPass(r.Context(), web.Actor(r), b.ID)
	if err != nil {
		return nil, err
	}
	m := signupMark(r.Context(), b.Signup)
	over := b.Event.State == show.Ended || b.Event.State == show.Reported ||
		b.Event.State == show.Cancelled
	parts := []templ.Component{ui.FactGrid([]ui.Fact{
		{Term: kit.Say(r, "活动"), Text: b.Event.Title, Href: path(b.Show, "")},
		{Term: kit.Say(r, "时间"), Text: kit.Span(r, b.Event.StartsUs, b.Event.EndsUs)},
		{Term: kit.Say(r, "地点"), Text: b.Event.Place},
		{Term: kit.Say(r, "参会人"), Text: ui.Words(b.Name, b.Duty)},
		{Term: kit.Say(r, "状态"), Status: &m}})}
	if len(b.Talks) > 0 {
		parts = append(parts, ui.DataTable(h.talkTable(r, b.Event, b.Talks, map[string]bool{b.ID: true})))
	}
	if code != "" && !over {
		link := h.Origin(r) + pathDoor + "?c=" + url.QueryEscape(code)
		parts = append(parts, pass(link))
	}
	if !over && b.CheckedUs == 0 {
		hidden := []ui.Hidden{{Name: "signup", Value: b.ID}, {Name: "version", Value: kit.Number(b.Version)}}
		var do []templ.Component
		if code != "" {
			do = append(do, ui.PostButton(ui.Post{Action: path(b.Show, "renew"), Hidden: hidden,
				Button: ui.Action{Text: kit.Say(r, "换一个签到码"), Small: true}}))
		}
		parts = append(parts, buttons(append(do, ui.PostButton(ui.Post{Action: path(b.Show, "leave"),
			Hidden: hidden, Button: ui.Action{Text: kit.Say(r, "取消报名"), Small: true, Danger: true}}))))
	}
	return ui.With(ui.Block(b.Event.Title), parts...), nil
}

// getDoor is where a code leads: staff see whose it is and check in.
func (h *Handler) getDoor(w http.ResponseWriter, r *http.Request) error {
	return h.door(w, r, r.FormValue("c"), nil)
}

func (h *Handler) door(w http.ResponseWriter, r *http.Request, code string, err error) error {
	p := h.Web.Page(r, "签到")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "路演与对接会"), Href: pathShows}, {Text: p.Title}}
	head := ui.PageHead(ui.Head{Title: p.Title})
	g, perr := h.show.PeekPass(r.Context(), web.Actor(r), code)
	switch {
	case fault.Is(perr, fault.Forbidden):
		body := templ.Join(head, ui.Banner(ui.Run, kit.Say(r, "这是您的签到码，请入场时出示给工作人员扫描。")))
		return h.Web.Render(w, r, web.View{Page: p, Body: body})
	case perr != nil:
		return perr
	}
	d, perr := h.show.GetShow(r.Context(), web.Actor(r), g.Show)
	if perr != nil {
		return perr
	}
	m := signupMark(r.Context(), g)
	parts := []templ.Component{head, ui.ErrorSummary(ui.SummaryOf(kit.Lang(r), err)), ui.FactList([]ui.Fact{
		{Term: kit.Say(r, "活动"), Text: d.Title, Href: path(g.Show, "people")},
		{Term: kit.Say(r, "参会人"), Text: ui.Words(g.Name, g.Duty)},
		{Term: kit.Say(r, "单位"), Text: g.OrgName},
		{Term: kit.Say(r, "状态"), Status: &m}})}
	if g.CheckedUs == 0 && err == nil {
		parts = append(parts, ui.PostButton(ui.Post{Action: pathDoor,
			Hidden: []ui.Hidden{{Name: "c", Value: code}},
			Button: ui.Action{Text: kit.Say(r, "确认签到"), Primary: true}}))
	} else if g.CheckedUs != 0 {
		parts = append(parts, ui.Banner(ui.OK, kit.Say(r, "已于 %s 签到", kit.Moment(r, g.CheckedUs))))
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(parts...)})
}

func (h *Handler) postDoor(w http.ResponseWriter, r *http.Request) error {
	code := r.PostFormValue("c")
	_, err := h.show.CheckIn(r.Context(), web.Actor(r), code)
	if fault.Is(err, fault.Conflict) {
		return h.door(w, r, code, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathDoor+"?c="+url.QueryEscape(code), "签到成功")
}
