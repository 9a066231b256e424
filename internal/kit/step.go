package kit

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Titles are the titles of the steps of a process, by name.
func Titles[T any](p *process.Process[T]) map[string]string {
	out := map[string]string{}
	for _, s := range p.Def().Steps {
		out[s.Name] = s.Title
	}
	return out
}

// Timeline turns what happened to an object into a timeline, the newest first. began is the title of
// its start, a key.
func Timeline(
	r *http.Request, list []process.Entry, titles map[string]string, began string,
	tone func(state string) ui.Tone,
) templ.Component {
	var out []ui.Entry
	for _, e := range list {
		at := clock.Time(e.AtUs)
		x := ui.Entry{Time: i18n.DateTime(Lang(r), at), Title: e.Name, Text: e.Reason,
			Machine: Machine(e.AtUs), By: DoneBy(r, e), Tone: tone(e.To)}
		switch e.Kind {
		case process.KindStart, process.KindAdopt:
			x.Title = Say(r, began)
		case process.KindOverdue:
			x.Title, x.Tone = Say(r, "超过时限"), ui.Bad
		default:
			if title := titles[e.Name]; title != "" {
				x.Title = Say(r, title)
			}
		}
		out = append(out, x)
	}
	return ui.Timeline(out)
}

// DoneBy names who took a step, and in which role.
func DoneBy(r *http.Request, e process.Entry) string {
	if e.Login == "" || !e.Role.Valid() {
		return Say(r, "系统")
	}
	return ui.Words(web.Who(r, e.Login), Say(r, e.Role.Title()))
}

// StepActions are the buttons of the steps that are offered; address leads to the page that asks.
func StepActions(r *http.Request, offers []process.Offer, address string) []ui.Action {
	var out []ui.Action
	for _, o := range offers {
		a := ui.Action{Text: Say(r, o.Title)}
		switch {
		case o.Allowed:
			a.Href = address + "?do=" + url.QueryEscape(o.Step)
		case o.WhyNot == nil || o.WhyNot.Kind == fault.Forbidden || o.WhyNot.Kind == fault.NotFound:
			continue
		default:
			a.Why = i18n.Fault(Lang(r), o.WhyNot)
		}
		out = append(out, a)
	}
	return out
}

// Ask is a page that asks before a step.
type Ask struct {
	Page    ui.Page
	Title   string // of the record
	Path    string // of the record; the form goes to Path + "/step"
	Version int64
	Facts   []ui.Fact
	Inputs  []ui.Input // beside the reason
	Offers  []process.Offer
	Mark    func(state string) ui.State
	Step    string
	Reason  string
	Err     error
}

// AskStep shows the page that asks before a step.
func (k Kit) AskStep(w http.ResponseWriter, r *http.Request, a Ask) error {
	at := slices.IndexFunc(a.Offers, func(o process.Offer) bool { return o.Step == a.Step })
	if at < 0 {
		return fault.New(fault.Conflict, "现在没有这个步骤，可能已经被别人办理")
	}
	o := a.Offers[at]
	if !o.Allowed && a.Err == nil {
		a.Err = o.WhyNot
	}
	next := a.Mark(o.To)
	title := Say(r, o.Title)
	q := ui.Question{Title: title,
		Facts: append(a.Facts, ui.Fact{Term: Say(r, "之后的状态"), Status: &next}),
		Form: ui.FormView{ID: "step", Action: a.Path + "/step", Version: Number(a.Version),
			Summary: ui.SummaryOf(Lang(r), a.Err), Hidden: []ui.Hidden{{Name: "do", Value: a.Step},
				{Name: "key", Value: id.New()}}},
		Inputs: append(a.Inputs, ui.Input{Kind: ui.InArea, Name: "reason", Label: Say(r, "理由"),
			Value: a.Reason, Rows: 3, MaxLen: process.MaxReason,
			Optional: o.Needs&process.Reason == 0, Hint: Say(r, "写入时间线，有权查看的人都能看到")}),
		Back:   ui.Link{Text: Say(r, "返回"), Href: a.Path},
		Button: ui.Action{Text: title, Primary: true}}
	ui.Mark(Lang(r), q.Inputs, a.Err)
	p := a.Page
	p.Title = title + " · " + a.Title
	body := templ.Join(ui.PageHead(ui.Head{Title: title, Lead: a.Title}), ui.Confirm(q))
	return k.Web.Render(w, r, web.View{Status: StatusOf(a.Err), Page: p, Body: body})
}

// Sub starts a page below a record: list › record › page. An empty last leaves the record itself.
func (k Kit) Sub(r *http.Request, list, listPath, record, path, last string) ui.Page {
	p := k.Web.Page(r, list)
	p.Crumbs = []ui.Link{{Text: p.Title, Href: listPath}, {Text: record}}
	p.Title = record
	if last != "" {
		p.Title = Say(r, last) + " · " + record
		p.Crumbs[1].Href = path
		p.Crumbs = append(p.Crumbs, ui.Link{Text: Say(r, last)})
	}
	return p
}
