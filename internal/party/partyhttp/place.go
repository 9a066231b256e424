package partyhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// allItems is one level of a list of codes; no level is longer than this.
const allItems = 500

// children returns one level of a list.
func (h *Handler) children(by authz.Actor, list dict.ListID, parent string) []dict.Item {
	page, err := h.dict.Items(by, dict.Query{List: list, Parent: parent, Tree: true},
		db.PageReq{Limit: allItems})
	if err != nil { // an unknown parent has none
		return nil
	}
	return page.Items
}

// regionOptions offers the districts of the site's city first, then the cities of its province and
// all provinces, and beside the chosen one what lies inside it: a few steps lead to every code.
func (h *Handler) regionOptions(
	ctx context.Context, by authz.Actor, chosen region.Code,
) []ui.Option {
	var out []ui.Option
	have := map[string]bool{}
	add := func(group string, items ...dict.Item) {
		for _, it := range items {
			if !have[it.Code] && it.Kind != dict.Group {
				have[it.Code] = true
				out = append(out, ui.Option{Value: it.Code, Text: it.Name, Group: group})
			}
		}
	}
	level := func(code region.Code) {
		name := h.dict.RegionName(code, "")
		if path := h.dict.Path(dict.Regions, string(code), ""); len(path) > 0 {
			all := path[len(path)-1]
			all.Name = i18n.T(ctx, "%s全部", all.Name)
			add(name, all)
		}
		add(name, h.children(by, dict.Regions, string(code))...)
	}
	home := h.home()
	if home.Level() == region.LevelCounty {
		home = home.City()
	}
	if home != "" {
		level(home)
	}
	if chosen != "" && !have[string(chosen)] {
		around := chosen
		if chosen.Level() == region.LevelCounty {
			around = chosen.Parent()
		}
		level(around)
	}
	if p := home.Province(); p != "" {
		level(p)
	}
	add(i18n.T(ctx, "全国"), h.children(by, dict.Regions, "")...)
	return out
}

// industryOptions offers the sections, and the levels around the chosen code.
func (h *Handler) industryOptions(by authz.Actor, chosen string) []ui.Option {
	var out []ui.Option
	for _, top := range h.children(by, dict.Industries, "") {
		out = append(out, ui.Option{Value: top.Code, Text: top.Code + " " + top.Name})
	}
	for _, it := range h.dict.Path(dict.Industries, chosen, "") {
		if it.Parent != "" {
			out = append(out, ui.Option{Value: it.Code, Text: it.Code + " " + it.Name})
		}
	}
	return out
}

// maxPicks is how many choices a pick list offers.
const maxPicks = 20

// getPickRegion answers the pick list of regions.
func (h *Handler) getPickRegion(w http.ResponseWriter, r *http.Request) error {
	var out []ui.Option
	for _, it := range h.findItems(web.Actor(r), dict.Regions, r.FormValue("q")) {
		if it.Kind == dict.Group {
			continue
		}
		out = append(out, ui.Option{
			Value: it.Code, Text: h.dict.RegionName(region.Code(it.Code), ""), Hint: it.Code,
		})
	}
	return h.sendOptions(w, r, out)
}

// getPickIndustry answers the pick list of industries.
func (h *Handler) getPickIndustry(w http.ResponseWriter, r *http.Request) error {
	var out []ui.Option
	for _, it := range h.findItems(web.Actor(r), dict.Industries, r.FormValue("q")) {
		out = append(out, ui.Option{Value: it.Code, Text: it.Name, Hint: it.Code})
	}
	return h.sendOptions(w, r, out)
}

// findItems finds what fits a text; those at home come first.
func (h *Handler) findItems(by authz.Actor, list dict.ListID, text string) []dict.Item {
	if text == "" {
		return nil
	}
	q := dict.Query{List: list, Text: text}
	var out []dict.Item
	have := map[string]bool{}
	find := func(q dict.Query) {
		page, err := h.dict.Items(by, q, db.PageReq{Limit: maxPicks})
		if err != nil {
			return // too long a text fits nothing
		}
		for _, it := range page.Items {
			if !have[it.Code] && len(out) < maxPicks {
				have[it.Code] = true
				out = append(out, it)
			}
		}
	}
	if home := h.home(); list == dict.Regions && home != "" {
		near := q
		near.Under = string(home)
		find(near)
		near.Under = string(home.Province())
		find(near)
	}
	find(q)
	return out
}

// sendOptions answers a pick list; list is the id of its element.
func (h *Handler) sendOptions(w http.ResponseWriter, r *http.Request, out []ui.Option) error {
	list := r.FormValue("list")
	if list == "" || len(list) > 60 {
		list = "options"
	}
	return h.web.RenderPart(w, r, http.StatusOK, ui.ComboOptions(list, out))
}
