package planhttp

import (
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// history turns what happened to an object into a timeline, the newest first. began is the title
// of its start, a key; tone colours a step by the state it led to.
func history(
	r *http.Request, list []process.Entry, titles map[string]string, began string,
	tone func(state string) ui.Tone,
) []ui.Entry {
	var out []ui.Entry
	for _, e := range list {
		at := clock.Time(e.AtUs)
		x := ui.Entry{Time: i18n.DateTime(lang(r), at), Title: e.Name, Text: e.Reason,
			Machine: at.In(clock.Shanghai).Format(time.RFC3339), By: kit.DoneBy(r, e), Tone: tone(e.To)}
		switch e.Kind {
		case process.KindStart, process.KindAdopt:
			x.Title = say(r, began)
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
	return out
}

// offered finds a step among those that are offered now.
func offered(list []process.Offer, step string) (process.Offer, error) {
	at := slices.IndexFunc(list, func(o process.Offer) bool { return o.Step == step })
	if at < 0 {
		return process.Offer{}, fault.New(fault.Conflict, "现在没有这个步骤，可能已经被别人办理")
	}
	return list[at], nil
}

// reasonInput asks why.
func reasonInput(r *http.Request, value string, optional bool) ui.Input {
	return ui.Input{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: value, Rows: 3,
		MaxLen: process.MaxReason, Optional: optional, Hint: say(r, "写入时间线，有权查看的人都能看到")}
}

// getDocStep asks before a step with a document.
func (h *Handler) getDocStep(w http.ResponseWriter, r *http.Request) error {
	d, err := h.docOf(r)
	if err != nil {
		return err
	}
	return h.showDocStep(w, r, d, r.FormValue("do"), "", nil)
}

func (h *Handler) showDocStep(
	w http.ResponseWriter, r *http.Request, d plan.DocumentDetail, step, reason string, err error,
) error {
	o, oerr := offered(d.Offers, step)
	if oerr != nil {
		return oerr
	}
	if !o.Allowed && err == nil {
		err = o.WhyNot
	}
	now, next := docStateMark(r.Context(), d.State), docStateMark(r.Context(), o.To)
	q := ui.Question{Title: say(r, o.Title), Facts: []ui.Fact{{Term: say(r, "文件"), Text: d.Title},
		{Term: say(r, "文号"), Text: d.Number}, {Term: say(r, "现在的状态"), Status: &now},
		{Term: say(r, "之后的状态"), Status: &next}},
		Form: ui.FormView{ID: "step", Action: docPath(d.ID, "step"), Version: number(d.Version),
			Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "do", Value: step}, {Name: "key", Value: id.New()}}},
		Inputs: []ui.Input{reasonInput(r, reason, o.Needs&process.Reason == 0)},
		Back:   ui.Link{Text: say(r, "返回"), Href: docPath(d.ID, "")},
		Button: ui.Action{Text: say(r, o.Title), Primary: true}}
	ui.Mark(lang(r), q.Inputs, err)
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, o.Title), Lead: d.Title}), ui.Confirm(q))
	return h.web.Render(w, r, web.View{Status: statusOf(err),
		Page: h.docPage(r, d.Document, o.Title), Body: body})
}

// postDocStep takes a step with a document.
func (h *Handler) postDocStep(w http.ResponseWriter, r *http.Request) error {
	v := r.PostForm
	in := plan.Step{ID: r.PathValue("id"), Step: v.Get("do"), Reason: v.Get("reason"),
		Version: versionOf(v), Key: v.Get("key")}
	_, err := h.plan.FireDocument(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		d, gerr := h.docOf(r)
		if gerr != nil {
			return gerr
		}
		return h.showDocStep(w, r, d, in.Step, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, docPath(in.ID, ""), "已办理")
}

// postReread reads a document once more.
func (h *Handler) postReread(w http.ResponseWriter, r *http.Request) error {
	documentID := r.PathValue("id")
	_, err := h.plan.ReadAgain(r.Context(), web.Actor(r), documentID, versionOf(r.PostForm))
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, docPath(documentID, ""), "正在重新解读")
}

// getDocEdit shows the form about a document.
func (h *Handler) getDocEdit(w http.ResponseWriter, r *http.Request) error {
	d, err := h.writable(r, plan.ActDocumentUpdate)
	if err != nil {
		return err
	}
	return h.showDocEdit(w, r, d, docForm{data: d.DocumentData, version: d.Version}, nil)
}

func (h *Handler) showDocEdit(
	w http.ResponseWriter, r *http.Request, d plan.DocumentDetail, f docForm, err error,
) error {
	form := ui.FormView{ID: "doc", Action: docPath(d.ID, "edit"), Version: number(f.version),
		Guard: true, Summary: ui.SummaryOf(lang(r), err),
		Buttons: []ui.Action{{Text: say(r, "保存"), Primary: true},
			{Text: say(r, "取消"), Href: docPath(d.ID, "")}}}
	inputs := docInputs(r.Context(), f.data, false)
	ui.Mark(lang(r), inputs, err)
	var again templ.Component = templ.NopComponent
	if d.State == plan.DocumentPending && d.Reading != plan.ReadingWaiting &&
		plan.DocumentPolicy.May(web.Actor(r), plan.ActDocumentReview, d.Document) == nil {
		again = ui.With(ui.Block(say(r, "重新解读")),
			ui.Note(say(r, "改了成文日期或地区之后，可以让系统重读一遍：已决定的条目不变，待审读的换成新读出的。")),
			ui.PostButton(ui.Post{Action: docPath(d.ID, "reread"),
				Hidden: []ui.Hidden{{Name: "version", Value: number(d.Version)}},
				Button: ui.Action{Text: say(r, "重新解读")}}))
	}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "编辑"), Lead: d.Title}),
		ui.With(ui.Form(form), fields(inputs),
			ui.Combobox(h.placePick(r.Context(), f.data.Region, f.place, err))), again)
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: h.docPage(r, d.Document, "编辑"),
		Body: body})
}

// postDocEdit saves what is written about a document.
func (h *Handler) postDocEdit(w http.ResponseWriter, r *http.Request) error {
	d, err := h.docOf(r)
	if err != nil {
		return err
	}
	ctx, by := r.Context(), web.Actor(r)
	f := h.readDocForm(by, r.PostForm)
	if dropped(r.PostForm, "region") {
		return h.showDocEdit(w, r, d, f, nil)
	}
	if err = f.check(); err == nil {
		_, err = h.plan.UpdateDocument(ctx, by, plan.DocumentUpdate{ID: d.ID, DocumentData: f.data,
			Version: f.version, Key: f.key})
	}
	if fault.Is(err, fault.Conflict) && f.version != d.Version {
		return h.showStale(w, r, stale{page: h.docPage(r, d.Document, "编辑"), lead: d.Title,
			path: docPath(d.ID, ""), updatedUs: d.UpdatedUs, version: d.Version,
			theirs: h.docWritten(r, d.DocumentData), mine: h.docWritten(r, f.data)})
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showDocEdit(w, r, d, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, docPath(d.ID, ""), "已保存")
}
