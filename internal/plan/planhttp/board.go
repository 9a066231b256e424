package planhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// boardColumn is one column of the board.
type boardColumn struct {
	mark  ui.State
	count string
	all   string // the list of the column, when it has more than is shown
	cards []boardCard
}

// boardCard is one task on the board.
type boardCard struct {
	title, href, code string
	who, due          string
	late              bool
	light             ui.State
	progressBp        int64
	action, version   string
	steps             []ui.Option // what the actor may do now
}

// boardResults is the ledger as a board: a column for each state.
func (h *Handler) boardResults(
	r *http.Request, q TaskQuery, f plan.TaskFilter,
) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	bar, counts, err := h.taskBar(r, q, f)
	if err != nil {
		return nil, err
	}
	columns, err := h.plan.Board(ctx, by, f)
	if err != nil {
		return nil, err
	}
	var shown []boardColumn
	for _, c := range columns {
		x := boardColumn{mark: taskMark(ctx, c.State), count: i18n.Int(c.Count)}
		if int64(len(c.Tasks)) < c.Count {
			x.all = web.ListAddress(r, map[string][]string{"view": nil, "state": {c.State}})
		}
		for _, task := range c.Tasks {
			card, err := h.card(r, task)
			if err != nil {
				return nil, err
			}
			x.cards = append(x.cards, card)
		}
		shown = append(shown, x)
	}
	parts := []templ.Component{ui.ResultHead(bar), lightCounts(lightLinks(r, q, counts))}
	if len(shown) == 0 {
		parts = append(parts, noTasks(r, q))
	} else {
		parts = append(parts, board(shown))
	}
	return ui.With(ui.Results("", say(r, "台账")), parts...), nil
}

func (h *Handler) card(r *http.Request, x plan.Task) (boardCard, error) {
	c := boardCard{title: x.Title, href: taskPath(x.ID, ""), code: x.Code,
		who: names(x.Of(plan.Lead)), light: lightMark(r.Context(), x.Light.Colour),
		progressBp: x.ProgressBp, action: taskPath(x.ID, "step"), version: number(x.Version)}
	if x.DueUs != 0 {
		due := clock.Time(x.DueUs)
		c.due = i18n.DateShort(lang(r), clock.DateOf(due))
		c.late = due.Before(h.now()) && !ended(x.State)
	}
	offers, err := h.plan.TaskSteps(r.Context(), web.Actor(r), x)
	for _, o := range offers {
		if o.Allowed {
			c.steps = append(c.steps, ui.Option{Value: o.Step, Text: say(r, o.Title)})
		}
	}
	return c, err
}
