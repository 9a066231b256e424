package dispatchhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxBeside is how many decisions and letters the record of a task shows.
const maxBeside = 10

// OnTask adds to the record of a task what meetings decided about it and the letters about it, as far
// as the caller may read them.
func (h *Handler) OnTask(r *http.Request, t plan.Task) ([]ui.Action, templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	var actions []ui.Action
	if dispatch.LetterPolicy.Could(by, dispatch.ActLetterCreate) &&
		(t.Light.Colour == plan.Red || t.Light.Colour == plan.Yellow) {
		actions = append(actions, ui.Action{Text: kit.Say(r, "发督办函"),
			Href: pathLetters + "/new?task=" + url.QueryEscape(t.ID)})
	}
	decisions, err := h.dispatch.ListDecisions(ctx, by, dispatch.DecisionFilter{Task: t.ID},
		db.PageReq{Limit: maxBeside})
	if err != nil {
		return nil, nil, err
	}
	letters, err := h.dispatch.ListLetters(ctx, by, dispatch.LetterFilter{Task: t.ID}, "",
		db.PageReq{Limit: maxBeside})
	if err != nil {
		return nil, nil, err
	}
	var links []ui.Link
	for _, u := range decisions.Items {
		links = append(links, ui.Link{Text: u.Text, Href: path(u.Meeting, "decisions"), Note: u.MeetingTitle})
	}
	for _, l := range letters.Items {
		links = append(links, ui.Link{Text: ui.Words(l.Number, l.Title), Href: letterPath(l.ID, ""),
			Note: letterMark(ctx, l.State).Text})
	}
	if len(links) == 0 {
		return actions, nil, nil
	}
	return actions, ui.With(ui.Block(kit.Say(r, "决议与督办函")), ui.PlainList(links)), nil
}
