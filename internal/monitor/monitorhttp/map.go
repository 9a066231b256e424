package monitorhttp

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/geo"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Ground is what the districts of a city are drawn on: outlines with their approval number, or a cartogram of the
// districts where nobody brought outlines in.
type Ground struct {
	Width, Height int
	Approval      string
	Outlines      map[region.Code]Outline
	Districts     []region.Code // that a cartogram draws
}

// Outline is the drawing of a district.
type Outline struct {
	Path string
	X, Y int64 // where its name stands
}

// DrawOn tells on what maps are drawn. Without it districts are ranked only.
func (h *Handler) DrawOn(ground func(ctx context.Context, city region.Code) (Ground, error)) *Handler {
	h.ground = ground
	return h
}

// districtMap draws the places in the one that is shown by their last values, with the ranking as its table below.
func (h *Handler) districtMap(r *http.Request, name, unit string, a monitor.Across) (templ.Component, error) {
	if h.ground == nil || a.In.Level() != region.LevelCity {
		return h.districtBars(r, name, unit, a), nil
	}
	g, err := h.ground(r.Context(), a.In)
	if err != nil {
		return nil, err
	}
	drawn := map[region.Code]bool{}
	for _, d := range g.Districts {
		drawn[d] = true
	}
	f := chart.Frame{ID: "districts", Title: kit.Say(r, "各区县%s", name), Unit: unit,
		Source: period(r.Context(), a.Periods[len(a.Periods)-1], cumulative(a))}
	var places []geo.Place
	for _, row := range a.Places {
		o, outlined := g.Outlines[row.Region]
		if len(g.Outlines) > 0 && !outlined || len(g.Outlines) == 0 && !drawn[row.Region] {
			continue // it stands in the table
		}
		p := geo.Place{Code: row.Region, Name: h.PlaceName(row.Region), Value: chart.Missing(), Text: kit.Say(r, "未报"),
			Path: o.Path, X: o.X, Y: o.Y,
			Href: indicatorPath(monitor.Cell{Indicator: a.Indicator, Region: row.Region})}
		if v := row.Last(); v != nil {
			p.Value, p.Text, p.Href = float(v.Value), value(r.Context(), v.Value, v.Qualifier), pointPath(v, "")
		}
		p.Tip = p.Name + " " + i18n.Amount(p.Text, unit)
		places = append(places, p)
	}
	if len(places) == 0 {
		return h.districtBars(r, name, unit, a), nil
	}
	m := geo.Tiles(f.Title, a.In, places)
	if len(g.Outlines) > 0 {
		m = geo.Outlines(f.Title, g.Width, g.Height, g.Approval, places, nil)
	}
	return mapped(f, m, kit.Say(r, "区县"), h.placeBars(r, a)), nil
}
