package showhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// talksTab shows the talks, and whom one can ask.
func (h *Handler) talksTab(r *http.Request, d show.Detail) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	talks, err := h.show.Talks(ctx, by, d.ID)
	if err != nil {
		return nil, err
	}
	people, err := h.show.Participants(ctx, by, d.ID)
	if err != nil {
		return nil, err
	}
	mine := map[string]bool{}
	for _, g := range d.Mine {
		mine[g.ID] = true
	}
	var parts []templ.Component
	if len(talks) == 0 {
		parts = append(parts, ui.Empty(kit.Say(r, "还没有约谈"), kit.Say(r, "从下面的名单中选择想谈的人。")))
	} else {
		parts = append(parts, ui.DataTable(h.talkTable(r, d.Show, talks, mine)))
	}
	_, comes := d.Seat()
	tab := ui.Table{Caption: kit.Say(r, "参会者"), Visible: true, Cols: []ui.Column{
		{Label: kit.Say(r, "参会人")}, {Label: kit.Say(r, "单位")}}}
	if comes {
		tab.Cols = append(tab.Cols, ui.Column{Label: kit.Say(r, "操作"), Sr: true})
	}
	for _, o := range people {
		row := ui.Row{Cells: []ui.Cell{{Text: o.Name, Sub: o.Duty}, {Text: ui.OrDash(o.OrgName)}}}
		switch {
		case comes && !o.Me:
			row.Cells = append(row.Cells, ui.Cell{Body: ui.Button(ui.Action{Text: kit.Say(r, "约谈"), Small: true,
				Label: kit.Say(r, "约谈") + " " + o.Name, Href: path(d.ID, "talk") + "?to=" + o.ID})})
		case comes:
			row.Cells = append(row.Cells, ui.Cell{Text: kit.Say(r, "本人")})
		}
		tab.Rows = append(tab.Rows, row)
	}
	return ui.With(ui.Stack(), append(parts, ui.DataTable(tab))...), nil
}

// talkTable lists talks; mine are the actor's own sign-ups.
func (h *Handler) talkTable(
	r *http.Request, d show.Show, talks []show.Talk, mine map[string]bool,
) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "约谈"), Visible: true, Cols: []ui.Column{{Label: kit.Say(r, "时间")},
		{Label: kit.Say(r, "双方")}, {Label: kit.Say(r, "话题")}, {Label: kit.Say(r, "桌号"), Num: true},
		{Label: kit.Say(r, "状态")}, {Label: kit.Say(r, "操作"), Sr: true}}}
	for _, k := range talks {
		m := talkMark(r.Context(), k)
		hidden := func(do string) []ui.Hidden {
			return []ui.Hidden{{Name: "talk", Value: k.ID}, {Name: "version", Value: kit.Number(k.Version)},
				{Name: "do", Value: do}}
		}
		var do []templ.Component
		button := func(text, what string) {
			do = append(do, ui.PostButton(ui.Post{Action: path(d.ID, "answer"), Hidden: hidden(what),
				Button: ui.Action{Text: text, Small: true, Label: text + " " + k.Asker.Name + " " + k.Asked.Name}}))
		}
		if mine[k.Asked.ID] && k.State == show.TalkAsked {
			button(kit.Say(r, "接受"), "accept")
			button(kit.Say(r, "婉拒"), "decline")
		} else if mine[k.Asked.ID] || mine[k.Asker.ID] {
			button(kit.Say(r, "取消约谈"), "cancel")
		}
		seat := "—"
		if k.Seat > 0 {
			seat = kit.Number(k.Seat)
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: kit.Span(r, k.StartsUs, k.EndsUs), Sub: kit.Say(r, "第 %d 轮", k.Round)},
			{Text: k.Asker.Name + " → " + k.Asked.Name, Sub: ui.Words(k.Asker.OrgName, k.Asked.OrgName)},
			{Text: ui.OrDash(k.Topic)}, {Text: seat}, {Status: &m}, {Body: buttons(do)}}})
	}
	return tab
}

// showTalk shows the form to ask for a talk.
func (h *Handler) showTalk(
	w http.ResponseWriter, r *http.Request, d show.Detail, in show.NewTalk, err error,
) error {
	ctx, by := r.Context(), web.Actor(r)
	people, perr := h.show.Participants(ctx, by, d.ID)
	if perr != nil {
		return perr
	}
	to := []ui.Option{{Text: kit.Say(r, "请选择")}}
	for _, o := range people {
		if !o.Me {
			to = append(to, ui.Option{Value: o.ID, Text: ui.Words(o.Name, o.OrgName)})
		}
	}
	var from, rounds []ui.Option
	for _, g := range d.Mine {
		if g.State == show.Confirmed {
			from = append(from, ui.Option{Value: g.ID, Text: ui.Words(g.Name, g.Duty)})
		}
	}
	for n := int64(1); n <= d.TalkRounds; n++ {
		a, b := d.Round(n)
		rounds = append(rounds, ui.Option{Value: kit.Number(n), Text: kit.Say(r, "第 %d 轮", n) + " " +
			i18n.Minute(clock.Time(a)) + "—" + i18n.Minute(clock.Time(b))})
	}
	inputs := []ui.Input{
		{Kind: ui.InSelect, Name: "to", Label: kit.Say(r, "想约谁"), Value: in.To, Options: to},
		{Kind: ui.InSelect, Name: "from", Label: kit.Say(r, "以谁的名义"), Value: in.From, Options: from},
		{Kind: ui.InSelect, Name: "round", Label: kit.Say(r, "轮次"), Value: kit.Blank(in.Round),
			Options: rounds, Width: ui.W18},
		{Kind: ui.InArea, Name: "topic", Label: kit.Say(r, "话题"), Value: in.Topic, Optional: true, Rows: 3,
			MaxLen: 300},
	}
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{ID: "talk", Action: path(d.ID, "talk"), Summary: ui.SummaryOf(kit.Lang(r), err),
		Buttons: []ui.Action{{Text: kit.Say(r, "发出邀请"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "talks")}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "约谈"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "约谈"), Lead: d.Title}),
			ui.With(ui.Form(view), kit.Fields(inputs)))})
}

func (h *Handler) postTalk(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	v := r.PostForm
	in := show.NewTalk{From: v.Get("from"), To: v.Get("to"), Round: kit.Whole(v.Get("round")),
		Topic: v.Get("topic")}
	_, err := h.show.AskTalk(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showTalk(w, r, d, in, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, "talks"), "已发出邀请，等对方答复")
}

// postAnswer answers or cancels a talk.
func (h *Handler) postAnswer(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	ctx, by, talk, version := r.Context(), web.Actor(r), r.PostFormValue("talk"), web.VersionOf(r)
	var err error
	toast := "已答复"
	switch r.PostFormValue("do") {
	case "accept", "decline":
		_, err = h.show.AnswerTalk(ctx, by, show.TalkAnswer{ID: talk, Version: version,
			Accept: r.PostFormValue("do") == "accept"})
	default:
		toast = "已取消约谈"
		_, err = h.show.CancelTalk(ctx, by, talk, version)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, "talks"), toast)
}
