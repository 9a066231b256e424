package markethttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// beside leads from a post to those beside it in the list it was opened from. A list that cannot be
// read, in an address that somebody made up, leads nowhere.
func (h *Handler) beside(r *http.Request, p market.Post) (templ.Component, error) {
	q, ok := listFields(r)
	if !ok {
		return templ.NopComponent, nil
	}
	f, err := h.filter(q)
	if err != nil {
		return templ.NopComponent, nil
	}
	found, err := h.market.Neighbours(r.Context(), web.Actor(r), p.ID, f, q.Sort)
	if err != nil {
		return nil, err
	}
	link := func(x *market.Post) ui.Link {
		if x == nil {
			return ui.Link{}
		}
		return ui.Link{Text: x.Title, Href: along(r, postPath(x.ID, ""))}
	}
	return ui.Beside(ui.Neighbours{Prev: link(found.Prev), Next: link(found.Next), List: q.href()}), nil
}
