package showhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// showSignup shows the form to sign up.
func (h *Handler) showSignup(
	w http.ResponseWriter, r *http.Request, d show.Detail, in show.NewSignup, err error,
) error {
	by := web.Actor(r)
	if by.Account == "" {
		return web.RequireLogin(r.Context())
	}
	if in.Name == "" && err == nil && len(d.Mine) == 0 {
		in.Name = web.SessionOf(r).Name
	}
	inputs := []ui.Input{
		{Name: "name", Label: kit.Say(r, "参会人"), Value: in.Name, MaxLen: 40, Width: ui.W14,
			AutoComplete: "name"},
		{Name: "duty", Label: kit.Say(r, "职务"), Value: in.Duty, Optional: true, MaxLen: 40, Width: ui.W18},
		{Kind: ui.InTel, Name: "phone", Label: kit.Say(r, "电话"), Value: in.Phone, Optional: true,
			MaxLen: 40, Width: ui.W18, AutoComplete: "tel", Hint: kit.Say(r, "只有主办方能看到")},
		{Kind: ui.InArea, Name: "note", Label: kit.Say(r, "想了解什么"), Value: in.Note, Optional: true,
			Rows: 3, MaxLen: 300},
	}
	ui.Mark(kit.Lang(r), inputs, err)
	lead := kit.Say(r, "余席 %s，报名后立即确认。", i18n.Int(d.Free()))
	if d.Free() == 0 || d.Waiting > 0 {
		lead = kit.Say(r, "席位已满，报名后进入候补，有席位时按先后自动确认。")
	}
	view := ui.FormView{ID: "signup", Action: path(d.ID, "signup"), Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: in.Key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "提交报名"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "")}}}
	if d.State != show.Open {
		view.Locked = kit.Say(r, "活动现在不接受报名")
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "报名"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "报名"), Lead: d.Title}), ui.Note(lead),
			ui.With(ui.Form(view), kit.Fields(inputs)))})
}

func (h *Handler) postSignup(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	v := r.PostForm
	in := show.NewSignup{Show: d.ID, Key: v.Get("key"), Person: show.Person{Name: v.Get("name"),
		Duty: v.Get("duty"), Phone: v.Get("phone"), Note: v.Get("note")}}
	g, err := h.show.SignUp(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showSignup(w, r, d, in, err)
	}
	if err != nil {
		return err
	}
	toast := "报名成功，席位已确认"
	if g.State == show.Waiting {
		toast = "已进入候补名单"
	}
	return h.Web.Redirect(w, r, pathMine, toast)
}

// postLeave cancels a sign-up, the actor's own or one at the desk.
func (h *Handler) postLeave(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	_, err := h.show.CancelSignup(r.Context(), web.Actor(r), r.PostFormValue("signup"), web.VersionOf(r))
	if err != nil {
		return err
	}
	back := pathMine
	if r.PostFormValue("desk") != "" {
		back = path(d.ID, "people")
	}
	return h.Web.Redirect(w, r, back, "已取消报名")
}

func (h *Handler) postCheck(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	_, err := h.show.CheckInByHand(r.Context(), web.Actor(r), r.PostFormValue("signup"))
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, "people"), "已签到")
}

func (h *Handler) postRenew(w http.ResponseWriter, r *http.Request, _ show.Detail) error {
	_, err := h.show.RenewPass(r.Context(), web.Actor(r), r.PostFormValue("signup"), web.VersionOf(r))
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathMine, "已换新的签到码，旧码作废")
}

// yesNo are the values of the filter for check-in.
func yesNo() []market.Choice {
	return []market.Choice{{Value: "yes", Title: "已签到"}, {Value: "no", Title: "未签到"}}
}

// peopleTab is the organiser's desk: who comes, who waits, who is here.
func (h *Handler) peopleTab(r *http.Request, d show.Detail) (templ.Component, error) {
	ctx := r.Context()
	f := show.SignupFilter{Show: d.ID, State: r.FormValue("state"), Checked: r.FormValue("checked")}
	page, err := h.show.ListSignups(ctx, web.Actor(r), f, r.FormValue("sort"), web.PageReq(r, 2*kit.PageSize))
	if err != nil {
		return nil, err
	}
	filters := ui.Filters{Action: path(d.ID, "people"), Label: kit.Say(r, "筛选报名"), Slim: true,
		Fields: []ui.Filter{
			{Name: "state", Label: kit.Say(r, "报名状态"), Value: f.State,
				Options: kit.Options(ctx, "不限", signupStates())},
			{Name: "checked", Label: kit.Say(r, "签到"), Value: f.Checked,
				Options: kit.Options(ctx, "不限", yesNo())}}}
	parts := []templ.Component{ui.Note(kit.Say(r, "扫参会者手机上的签到码即可签到；没有手机时在这里点签到。"))}
	if len(page.Items) == 0 {
		parts = append(parts, ui.Empty(kit.Say(r, "没有报名"), kit.Say(r, "开放报名后，报名的人会出现在这里。")))
	} else {
		parts = append(parts, ui.DataTable(h.peopleTable(r, d, page.Items)),
			ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	}
	return templ.Join(ui.FilterBar(filters),
		ui.With(ui.Results("", kit.Say(r, "报名")), parts...)), nil
}

func (h *Handler) peopleTable(r *http.Request, d show.Detail, list []show.Signup) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "报名"), Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "参会人")}, {Label: kit.Say(r, "序号"), Num: true}, {Label: kit.Say(r, "单位")},
		{Label: kit.Say(r, "电话")}, {Label: kit.Say(r, "想了解什么")}, {Label: kit.Say(r, "状态")},
		{Label: kit.Say(r, "操作"), Sr: true}}}
	door := d.State == show.Open || d.State == show.Closed || d.State == show.Running
	for _, g := range list {
		m := signupMark(r.Context(), g)
		hidden := []ui.Hidden{{Name: "signup", Value: g.ID}, {Name: "version", Value: kit.Number(g.Version)},
			{Name: "desk", Value: "1"}}
		var do []templ.Component
		if door && g.State == show.Confirmed && g.CheckedUs == 0 {
			do = append(do, ui.PostButton(ui.Post{Action: path(d.ID, "check"), Hidden: hidden,
				Button: ui.Action{Text: kit.Say(r, "签到"), Small: true, Label: kit.Say(r, "签到") + " " + g.Name}}))
		}
		if door && g.State != show.Dropped && g.CheckedUs == 0 {
			do = append(do, ui.PostButton(ui.Post{Action: path(d.ID, "leave"), Hidden: hidden,
				Button: ui.Action{Text: kit.Say(r, "取消"), Small: true, Label: kit.Say(r, "取消") + " " + g.Name}}))
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: g.Name, Sub: g.Duty},
			{Text: kit.Number(g.Number)}, {Text: ui.OrDash(g.OrgName)}, {Text: ui.OrDash(g.Phone)},
			{Text: ui.OrDash(g.Note)}, {Status: &m}, {Body: buttons(do)}}})
	}
	return tab
}

// interestsTab is who is interested in what, and what came of it.
func (h *Handler) interestsTab(r *http.Request, d show.Detail) (templ.Component, error) {
	list, err := h.show.Interests(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return ui.Empty(kit.Say(r, "还没有意向"), kit.Say(r, "参会者在议程中标记意向后会出现在这里。")), nil
	}
	over := d.State == show.Ended || d.State == show.Reported
	s := h.sight(r, d)
	tab := ui.Table{Caption: kit.Say(r, "意向与去向"), Cols: []ui.Column{{Label: kit.Say(r, "环节")},
		{Label: kit.Say(r, "参会人")}, {Label: kit.Say(r, "去向")}, {Label: kit.Say(r, "说明")},
		{Label: kit.Say(r, "操作"), Sr: true}}}
	for _, x := range list {
		cell := ui.Cell{Text: kit.Say(r, "活动结束后引荐")}
		if over {
			cell = ui.Cell{Text: kit.Say(r, "待引荐")}
		}
		if x.Outcome != "" {
			tone := map[string]ui.Tone{"signed": ui.OK, "refused": ui.Idle}[x.Outcome]
			if tone == "" {
				tone = ui.Run
			}
			cell = ui.Cell{Status: &ui.State{Tone: tone,
				Text: kit.Titled(r.Context(), show.Outcomes(), x.Outcome)}}
		}
		row := ui.Row{Cells: []ui.Cell{{Text: x.SlotTitle}, {Text: x.Name, Sub: x.OrgName}, cell,
			{Text: ui.OrDash(x.Note)}}}
		var do []templ.Component
		if over && x.Post != "" && x.Outcome == "" && s.comes {
			do = append(do, ui.Button(ui.Action{Text: kit.Say(r, "申请对接"), Small: true,
				Href: "/deals/new?post=" + x.Post, Label: kit.Say(r, "申请对接") + " " + x.SlotTitle}))
		}
		if over && s.runs {
			do = append(do, outcomeForm(path(d.ID, "outcome"), x.ID, kit.Number(x.Version),
				kit.Options(r.Context(), "选择去向", show.Outcomes()), x.Outcome, x.Note, x.SlotTitle+" "+x.Name))
		}
		row.Cells = append(row.Cells, ui.Cell{Body: buttons(do)})
		tab.Rows = append(tab.Rows, row)
	}
	return ui.DataTable(tab), nil
}

func (h *Handler) postOutcome(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	v := r.PostForm
	_, err := h.show.SetOutcome(r.Context(), web.Actor(r), show.Result{ID: v.Get("interest"),
		Outcome: v.Get("outcome"), Note: v.Get("note"), Version: web.VersionOf(r)})
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, "interests"), "已记录去向")
}

// postInterest marks interest in a slot, or takes it back.
func (h *Handler) postInterest(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	on := r.PostFormValue("on") == "1"
	_, err := h.show.MarkInterest(r.Context(), web.Actor(r), show.Mark{Show: d.ID,
		Slot: r.PostFormValue("slot"), On: on})
	if err != nil {
		return err
	}
	toast := "已标记意向"
	if !on {
		toast = "已取消意向"
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), toast)
}
