package claimhttp

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxPlaces bounds one level of the divisions; none is longer.
const maxPlaces = 500

// places offers the districts of the site's city, or the provinces where no city is set, and the
// chosen division when it lies elsewhere. first is the choice of none.
func (h *Handler) places(r *http.Request, first, chosen string) []ui.Option {
	out := []ui.Option{{Text: first}}
	parent := ""
	if h.deps.Home != nil {
		if home := h.deps.Home(); home != "" {
			parent = string(home.City())
			if parent == "" {
				parent = string(home)
			}
		}
	}
	page, err := h.deps.Dict.Items(web.Actor(r),
		dict.Query{List: dict.Regions, Parent: parent, Tree: true}, db.PageReq{Limit: maxPlaces})
	if err != nil { // a division without parts
		page.Items = nil
	}
	found := chosen == ""
	for _, it := range page.Items {
		if it.Kind != dict.Group {
			out = append(out, ui.Option{Value: it.Code, Text: it.Name})
			found = found || it.Code == chosen
		}
	}
	if !found {
		out = append(out, ui.Option{Value: chosen, Text: h.regionName(chosen)})
	}
	return out
}
