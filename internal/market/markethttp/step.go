package markethttp

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// mainSteps are shown as the one primary button when they are possible.
var mainSteps = map[string]bool{market.StepSubmit: true, market.StepPublish: true,
	market.StepAnnounce: true, market.StepReconfirm: true}

// stepAction is the button of a step. One that belongs to others is left out; one that is not
// possible now says why.
func stepAction(r *http.Request, p market.Post, s process.Offer) (ui.Action, bool) {
	a := ui.Action{Text: say(r, s.Title)}
	if s.Allowed {
		a.Href = along(r, postPath(p.ID, "step")+"?do="+url.QueryEscape(s.Step))
		return a, true
	}
	if s.WhyNot == nil || s.WhyNot.Kind == fault.Forbidden || s.WhyNot.Kind == fault.NotFound {
		return a, false
	}
	a.Why = i18n.Fault(lang(r), s.WhyNot)
	return a, true
}

// getStep asks before a step of the life cycle.
func (h *Handler) getStep(w http.ResponseWriter, r *http.Request) error {
	p, err := h.postOf(r)
	if err != nil {
		return err
	}
	return h.showStep(w, r, p, r.FormValue("do"), "", nil)
}

func (h *Handler) showStep(
	w http.ResponseWriter, r *http.Request, p market.Post, step, reason string, err error,
) error {
	ctx := r.Context()
	steps, serr := h.market.Available(ctx, web.Actor(r), p.ID)
	if serr != nil {
		return serr
	}
	at := slices.IndexFunc(steps, func(s process.Offer) bool { return s.Step == step })
	if at < 0 {
		return fault.New(fault.Conflict, "现在没有这个步骤，可能已经被别人办理")
	}
	s := steps[at]
	if !s.Allowed && err == nil {
		err = s.WhyNot
	}
	now, next := stateMark(ctx, p.State), stateMark(ctx, s.To)
	q := ui.Question{Title: say(r, s.Title),
		Facts: []ui.Fact{{Term: say(r, "名称"), Text: p.Title}, {Term: say(r, "编号"), Text: p.Code},
			{Term: say(r, "现在的状态"), Status: &now}, {Term: say(r, "之后的状态"), Status: &next}},
		Form: ui.FormView{ID: "step", Action: along(r, postPath(p.ID, "step")),
			Version: number(p.Version), Summary: ui.SummaryOf(lang(r), err),
			Hidden: []ui.Hidden{{Name: "do", Value: s.Step}, {Name: "key", Value: id.New()}}},
		Inputs: []ui.Input{reasonInput(r, reason, s.Needs&process.Reason == 0)},
		Back:   ui.Link{Text: say(r, "返回"), Href: along(r, postPath(p.ID, ""))},
		Button: ui.Action{Text: say(r, s.Title), Primary: true,
			Danger: s.Step == market.StepWithdraw || s.Step == market.StepClose}}
	if s.DueUs != 0 {
		q.Facts = append(q.Facts, ui.Fact{Term: say(r, "办理时限"),
			Text: i18n.Deadline(lang(r), clock.Time(s.DueUs), h.now())})
	}
	ui.Mark(lang(r), q.Inputs, err)
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, s.Title), Lead: p.Title}), ui.Confirm(q))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: h.postPage(r, p, s.Title),
		Body: body})
}

// reasonInput asks why.
func reasonInput(r *http.Request, value string, optional bool) ui.Input {
	return ui.Input{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: value, Rows: 3,
		MaxLen: process.MaxReason, Optional: optional, Hint: say(r, "写入办理记录，本单位和科技局能看到")}
}

// postStep takes a step.
func (h *Handler) postStep(w http.ResponseWriter, r *http.Request) error {
	p, err := h.postOf(r)
	if err != nil {
		return err
	}
	v := r.PostForm
	in := market.PostStep{ID: p.ID, Step: v.Get("do"), Reason: v.Get("reason"),
		Version: web.VersionOf(r), Key: v.Get("key")}
	after, err := h.market.FirePost(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showStep(w, r, p, in.Step, in.Reason, err)
	}
	if err != nil {
		return err
	}
	target := along(r, postPath(p.ID, ""))
	if after.State == "" { // the step took it out of the actor's sight
		target = pathMarket
	}
	return h.web.Redirect(w, r, target, "已办理")
}

// log is the tab of what happened to a post, the newest first. The public sees when it appeared,
// its owner and the bureau see all of it.
func (h *Handler) log(r *http.Request, p market.Post) (templ.Component, error) {
	history, err := h.market.History(r.Context(), web.Actor(r), p.ID, 0)
	if fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) {
		return ui.Timeline(h.publicLog(r, p)), nil
	}
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	for _, s := range market.ProcessOf(p.Kind).Def().Steps {
		titles[s.Name] = s.Title
	}
	seen := say(r, "本单位与科技局可见")
	var out []ui.Entry
	for _, e := range history {
		at := clock.Time(e.AtUs)
		x := ui.Entry{Time: i18n.DateTime(lang(r), at), Machine: ui.MachineTime(at), Title: e.Name,
			Text: e.Reason, By: kit.DoneBy(r, e), Seen: seen, Tone: stateMark(r.Context(), e.To).Tone}
		switch e.Kind {
		case process.KindStart, process.KindAdopt:
			x.Title = say(r, "登记")
		case process.KindOverdue:
			x.Title, x.Tone = say(r, "超过时限"), ui.Bad
			if e.Handed != nil && e.Handed.To.Role.Valid() {
				x.Title = say(r, "超过时限，转交%s", i18n.Key(e.Handed.To.Role.Title()))
			}
		default:
			if title := titles[e.Name]; title != "" {
				x.Title = say(r, title)
			}
		}
		out = append(out, x)
	}
	if len(out) == 0 {
		return ui.Empty(say(r, "还没有记录"), ""), nil
	}
	return ui.Timeline(out), nil
}

// publicLog is what everybody may know of the history of a post.
func (h *Handler) publicLog(r *http.Request, p market.Post) []ui.Entry {
	var out []ui.Entry
	add := func(us int64, title string, tone ui.Tone) {
		if us != 0 {
			at := clock.Time(us)
			out = append(out, ui.Entry{Time: i18n.DateTime(lang(r), at), Machine: ui.MachineTime(at),
				Title: say(r, title), Tone: tone})
		}
	}
	if p.ConfirmedUs != p.PublishedUs {
		add(p.ConfirmedUs, "确认仍有效", ui.OK)
	}
	add(p.PublishedUs, "发布", ui.OK)
	return out
}
