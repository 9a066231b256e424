package dispatchhttp

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// decisionsTab is what was decided about each item, with what became of it.
func (h *Handler) decisionsTab(r *http.Request, d dispatch.MeetingDetail) (templ.Component, error) {
	list, err := h.dispatch.Outcomes(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return nil, err
	}
	s := sightOf(r, d)
	var parts []templ.Component
	for _, x := range d.Kept() {
		var of []dispatch.FollowUp
		for _, u := range list {
			if u.Item == x.ID {
				of = append(of, u)
			}
		}
		var body []templ.Component
		if len(of) > 0 {
			body = append(body, ui.DataTable(h.outcomeTable(r, of, false, h.decisionButtons(r, d, s))))
		} else {
			body = append(body, ui.Note(kit.Say(r, "还没有决议")))
		}
		if s.decides {
			body = append(body, ui.Button(ui.Action{Text: kit.Say(r, "记决议"), Small: true,
				Label: kit.Say(r, "记决议") + " " + x.Title, Href: path(d.ID, "decide") + "?item=" + x.ID}))
		}
		parts = append(parts, decisionBlock(x.Title, templ.Join(body...)))
	}
	if len(parts) == 0 {
		return ui.Empty(kit.Say(r, "还没有决议"), kit.Say(r, "会议召开后在这里记录。")), nil
	}
	return ui.With(ui.Stack(), parts...), nil
}

// decisionButtons are what the keeper of the record can do with a decision; nil for all others.
func (h *Handler) decisionButtons(
	r *http.Request, d dispatch.MeetingDetail, s sight,
) func(dispatch.FollowUp) templ.Component {
	if keeps(r, d) != nil {
		return nil
	}
	return func(u dispatch.FollowUp) templ.Component {
		var list []templ.Component
		if u.Kind == dispatch.KindInstruction {
			text := kit.Say(r, "标记办结")
			if u.Done {
				text = kit.Say(r, "重新办理")
			}
			list = append(list, ui.Button(ui.Action{Text: text, Small: true, Label: text + " " + u.Text,
				Href: path(d.ID, "settle") + "?decision=" + u.ID}))
		}
		if s.decides && u.TaskID == "" {
			list = append(list, ui.PostButton(ui.Post{Action: path(d.ID, "undecide"),
				Hidden: []ui.Hidden{{Name: "decision", Value: u.ID}, {Name: "version", Value: kit.Number(u.Version)}},
				Button: ui.Action{Text: kit.Say(r, "删除"), Small: true, Label: kit.Say(r, "删除 %s", u.Text)}}))
		}
		if !u.Done && d.State == dispatch.Issued && u.Org != "" {
			list = append(list, ui.Button(ui.Action{Text: kit.Say(r, "发督办函"), Small: true,
				Label: kit.Say(r, "发督办函") + " " + u.Text, Href: pathLetters + "/new?decision=" + u.ID}))
		}
		return buttons(list)
	}
}

// decisionForm is a form about a decision.
type decisionForm struct {
	in  dispatch.NewDecision
	org kit.Pick
	due string // as typed
}

func (h *Handler) getDecide(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	if err := keeps(r, d); err != nil {
		return err
	}
	x, err := itemOf(r, d)
	if err != nil {
		return err
	}
	f := decisionForm{org: kit.Pick{Name: "org", Value: x.Org}}
	f.in = dispatch.NewDecision{Meeting: d.ID, Key: id.New(), Version: d.Version,
		DecisionData: dispatch.DecisionData{Item: x.ID, Kind: dispatch.KindInstruction}}
	return h.showDecide(w, r, d, x, f, nil)
}

func (h *Handler) showDecide(
	w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail, x dispatch.Item, f decisionForm, err error,
) error {
	ctx, by := r.Context(), web.Actor(r)
	kinds := kit.Options(ctx, "", choices(dispatch.DecisionKinds()))
	if x.AboutTask() == "" {
		kinds = slices.DeleteFunc(kinds, func(o ui.Option) bool { return o.Value == dispatch.KindDeadline })
	}
	first := []ui.Input{
		{Kind: ui.InRadio, Name: "kind", Label: kit.Say(r, "决议类型"), Value: f.in.Kind, Options: kinds},
		{Kind: ui.InArea, Name: "text", Label: kit.Say(r, "决议内容"), Value: f.in.Text, Rows: 4,
			MaxLen: dispatch.MaxProse}}
	last := []ui.Input{{Name: "dueUs", Label: kit.Say(r, "时限"), Value: f.due, Width: ui.W18, Optional: true,
		Placeholder: "2026-12-31 18:00", Hint: kit.Say(r, "新立任务和调整时限必填，写到时刻")},
		{Name: "title", Label: kit.Say(r, "任务名称"), Value: f.in.Title, MaxLen: dispatch.MaxTitle, Optional: true,
			Hint: kit.Say(r, "新立任务时用；不填取决议内容")}}
	if d.Ledger == "" {
		options, lerr := h.ledgerOptions(ctx, by, "请选择")
		if lerr != nil {
			return lerr
		}
		last = append(last, ui.Input{Kind: ui.InSelect, Name: "ledger", Label: kit.Say(r, "台账"), Value: f.in.Ledger,
			Width: ui.W18, Optional: true, Options: options, Hint: kit.Say(r, "新立任务时选择")})
	}
	ui.Mark(kit.Lang(r), first, err)
	ui.Mark(kit.Lang(r), last, err)
	org := h.OrgPick(ctx, by, ui.Input{Name: "org", Label: kit.Say(r, "责任单位"), Optional: true,
		Hint: kit.Say(r, "新立任务和要求必填")}, f.org, err)
	view := ui.FormView{ID: "decide", Action: path(d.ID, "decide"), Version: kit.Number(f.in.Version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden:  []ui.Hidden{{Name: "item", Value: x.ID}, {Name: "key", Value: f.in.Key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "记决议"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "decisions")}}}
	head := ui.Head{Title: kit.Say(r, "记决议"), Lead: x.Title}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "记决议"),
		Body: templ.Join(ui.PageHead(head), reasonList(notes(ctx, x.Reasons)),
			ui.With(ui.Form(view), kit.Fields(first), ui.Combobox(org), kit.Fields(last)))})
}

func (h *Handler) postDecide(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	x, err := itemOf(r, d)
	if err != nil {
		return err
	}
	v, ctx, by := r.PostForm, r.Context(), web.Actor(r)
	f := decisionForm{org: kit.ReadPick(v, "org"), due: v.Get("dueUs")}
	f.in = dispatch.NewDecision{Meeting: d.ID, Title: v.Get("title"), Ledger: v.Get("ledger"), Key: v.Get("key"),
		Version: web.VersionOf(r), DecisionData: dispatch.DecisionData{Item: x.ID, Kind: v.Get("kind"),
			Text: v.Get("text"), DueUs: occasion.ParseMoment(f.due)}}
	if kit.Dropped(v, "org") {
		return h.showDecide(w, r, d, x, f, nil)
	}
	var wrong occasion.Faults
	if err := h.FindOrg(ctx, by, &f.org, &wrong); err != nil {
		return err
	}
	f.in.Org = f.org.Value
	if err = wrong.Err(); err == nil {
		_, err = h.dispatch.AddDecision(ctx, by, f.in)
	}
	if again(err) {
		f.in.Key = id.New()
		return h.showDecide(w, r, d, x, f, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, "decisions"), "已记录决议")
}

func (h *Handler) postUndecide(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	err := h.dispatch.RemoveDecision(r.Context(), web.Actor(r), dispatch.DecisionRef{
		ID: r.PostFormValue("decision"), Version: web.VersionOf(r)})
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, "decisions"), "已删除")
}

// decisionOf finds the decision that the address names.
func decisionOf(r *http.Request, d dispatch.MeetingDetail) (dispatch.Decision, error) {
	i := slices.IndexFunc(d.Decisions, func(x dispatch.Decision) bool { return x.ID == r.FormValue("decision") })
	if i < 0 {
		return dispatch.Decision{}, occasion.Absent()
	}
	return d.Decisions[i], nil
}

func (h *Handler) getSettle(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	if err := keeps(r, d); err != nil {
		return err
	}
	x, err := decisionOf(r, d)
	if err != nil {
		return err
	}
	return h.showSettle(w, r, d, x, "", nil)
}

func (h *Handler) showSettle(
	w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail, x dispatch.Decision, note string, err error,
) error {
	title, back := "标记办结", ""
	if x.SettledUs != 0 {
		title, back = "重新办理", "1"
	}
	q := ui.Question{Title: kit.Say(r, title), Facts: []ui.Fact{{Term: kit.Say(r, "决议"), Text: x.Text},
		{Term: kit.Say(r, "责任单位"), Text: x.OrgName}},
		Form: ui.FormView{ID: "settle", Action: path(d.ID, "settle"), Version: kit.Number(x.Version),
			Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "decision", Value: x.ID},
				{Name: "back", Value: back}}},
		Inputs: []ui.Input{{Kind: ui.InArea, Name: "note", Label: kit.Say(r, "办理情况"), Value: note, Rows: 3,
			MaxLen: dispatch.MaxProse}},
		Back:   ui.Link{Text: kit.Say(r, "返回"), Href: path(d.ID, "decisions")},
		Button: ui.Action{Text: kit.Say(r, title), Primary: true}}
	ui.Mark(kit.Lang(r), q.Inputs, err)
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, title),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, title), Lead: d.Title}), ui.Confirm(q))})
}

func (h *Handler) postSettle(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	x, err := decisionOf(r, d)
	if err != nil {
		return err
	}
	_, err = h.dispatch.SettleDecision(r.Context(), web.Actor(r), dispatch.Settlement{
		DecisionRef: dispatch.DecisionRef{ID: x.ID, Version: web.VersionOf(r)}, Note: r.PostFormValue("note"),
		Back: r.PostFormValue("back") == "1"})
	if fault.Is(err, fault.Invalid) {
		return h.showSettle(w, r, d, x, r.PostFormValue("note"), err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, "decisions"), "已保存")
}
