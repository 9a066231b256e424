package atlashttp

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/geojson"
	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/geo"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getPoints sends where the nodes of a query lie, for the script that draws them.
func (h *Handler) getPoints(w http.ResponseWriter, r *http.Request) error {
	a := h.ask(r)
	if a.err != nil {
		return a.err
	}
	p, err := h.atlas.Points(r.Context(), web.Actor(r), a.q)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(p)
}

// Of the dots of a map.
const (
	clusterCell = 24 // smallest cell that is drawn as one, in units of the drawing
	mostDots    = 80
	plotSide    = 1000 // units of the longer side of a drawing of points alone
)

// e3 is how many units of 10⁻⁷ degree make one of an atlas.Box.
const e3 = 1_000

// everywhere is a query without the box, so that choosing one place leaves the others on the map.
func everywhere(q atlas.Query) atlas.Query {
	return with(q, func(x *atlas.Query) { x.Box = atlas.Box{} })
}

// inBox narrows a query to a box.
func inBox(b atlas.Box) func(*atlas.Query) { return func(x *atlas.Query) { x.Box = b } }

// spread is what a drawing shows of the points of an overview.
type spread struct {
	dots  []geo.Dot
	cells []atlas.Dots // what the dots stand for, in their order
	frame atlas.Box    // the ground of the drawing, at the edges of cells
	n     int64        // nodes in it
	out   int64        // and outside of it
}

// spread puts the points of an overview together until there are few dots. The box of a dot holds the
// nodes that it says, no others, and the frame those of all dots.
func (h *Handler) spread(r *http.Request, q atlas.Query, o atlas.Overview, f geojson.Frame, links bool) spread {
	all := atlas.Spread(o.Dots, int64(math.Ceil(clusterCell/(f.ScaleX*e3))), mostDots)
	if len(all) == 0 {
		return spread{}
	}
	s := spread{frame: boxOf(f, all[0].Box.EastE4-all[0].Box.WestE4)}
	for _, d := range all {
		if !within(d.Box, s.frame) {
			s.out += d.N
			continue
		}
		s.n += d.N
		x, y := f.At(d.LonE4*e3, d.LatE4*e3)
		dot := geo.Dot{X: min(max(x, 0), f.Width), Y: min(max(y, 0), f.Height), N: d.N,
			Tip: kit.Say(r, "%s 家有坐标的组织", i18n.Int(d.N))}
		if links {
			dot.Href = h.at(Path, with(q, inBox(d.Box)))
			dot.Tip = ui.Words(h.nameOf(d), dot.Tip)
		}
		s.dots, s.cells = append(s.dots, dot), append(s.cells, d)
	}
	return s
}

func (h *Handler) nameOf(d atlas.Dots) string {
	if d.Region == "" {
		return ""
	}
	return h.PlaceName(d.Region)
}

// boxOf is the ground of a drawing, so much more of it that no cell of a side is cut.
func boxOf(f geojson.Frame, side int64) atlas.Box {
	west, north := f.West/e3, f.North/e3
	east := west + int64(float64(f.Width)/f.ScaleX/e3)
	south := north - int64(float64(f.Height)/f.ScaleY/e3)
	down := func(v int64) int64 { return v / side * side }
	return atlas.Box{WestE4: down(west), SouthE4: down(south), EastE4: down(east) + side, NorthE4: down(north) + side}
}

func within(b, frame atlas.Box) bool {
	return b.WestE4 >= frame.WestE4 && b.EastE4 <= frame.EastE4 && b.SouthE4 >= frame.SouthE4 &&
		b.NorthE4 <= frame.NorthE4
}

// plotFrame fits the points of a city into a drawing where there are no outlines to draw them in.
func plotFrame(b atlas.Box) geojson.Frame {
	wide, high := (b.EastE4-b.WestE4)/12+1, (b.NorthE4-b.SouthE4)/12+1
	corner := func(lon, lat int64) geojson.Point { return geojson.Point{Lon: lon * e3, Lat: lat * e3} }
	west, east, south, north := b.WestE4-wide, b.EastE4+wide, b.SouthE4-high, b.NorthE4+high
	return geojson.FrameOf([]geojson.Feature{{Rings: [][]geojson.Point{{corner(west, south), corner(east, south),
		corner(east, north), corner(west, north)}}}}, plotSide)
}

// layer makes the dots of a map lead somewhere, and has them drawn one by one where there are many.
func (h *Handler) layer(r *http.Request, q atlas.Query, m geo.Map, f geojson.Frame, s spread) geo.Map {
	here := everywhere(q)
	l := &geo.Layer{N: s.n, Href: h.at(pathList, with(here, inBox(s.frame))),
		Text: kit.Say(r, "图内 %s 家有坐标的组织", i18n.Int(s.n))}
	if s.out > 0 {
		l.Note = kit.Say(r, "另有 %s 家在全图以外", i18n.Int(s.out))
	}
	if l.N > atlas.CanvasAbove {
		l.Beside = geo.Beside{Script: ui.AssetURL("points.js"), Points: h.at(pathPoints, here),
			Open: addTo(h.at(Path, here), "box="), List: addTo(h.at(pathList, here), "box="),
			West: float64(f.West) / e3, North: float64(f.North) / e3, ScaleX: f.ScaleX * e3, ScaleY: f.ScaleY * e3}
	}
	m.Layer = l
	if b := q.Box; b != (atlas.Box{}) {
		x, y := f.At(b.WestE4*e3, b.NorthE4*e3)
		right, bottom := f.At(b.EastE4*e3, b.SouthE4*e3)
		m.Chosen = &geo.Rect{X: x, Y: y, Width: max(right-x, 1), Height: max(bottom-y, 1)}
	}
	return m
}

// addTo begins a parameter of an address.
func addTo(address, param string) string {
	if strings.Contains(address, "?") {
		return address + "&" + param
	}
	return address + "?" + param
}

// pointFigure draws the points of a city that has no outlines.
func (h *Handler) pointFigure(r *http.Request, q atlas.Query, o atlas.Overview) templ.Component {
	if o.Extent == (atlas.Box{}) {
		return templ.NopComponent
	}
	f := plotFrame(o.Extent)
	s := h.spread(r, everywhere(q), o, f, true)
	if len(s.dots) == 0 {
		return templ.NopComponent
	}
	frame := chart.Frame{ID: "points", Title: kit.Say(r, "有坐标的组织在哪里"), Unit: kit.Say(r, "家"), Source: asOf(r, o.AtUs)}
	m := h.layer(r, q, geo.Plot(frame.Title, f.Width, f.Height, s.dots), f, s)
	return ui.With(chart.Figure(frame), geo.CityMap(m), h.dotTable(r, q, s.cells))
}

// dotTable says what the dots of a map show.
func (h *Handler) dotTable(r *http.Request, q atlas.Query, list []atlas.Dots) templ.Component {
	if len(list) == 0 {
		return templ.NopComponent
	}
	tab := ui.Table{Caption: kit.Say(r, "图上各处有坐标的组织"), Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "区县")}, {Label: kit.Say(r, "东经"), Num: true}, {Label: kit.Say(r, "北纬"), Num: true},
		{Label: kit.Say(r, "组织"), Num: true}}}
	for _, d := range list {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: ui.OrDash(h.nameOf(d))}, {Text: degrees(d.LonE4)},
			{Text: degrees(d.LatE4)}, h.count(d.N, with(q, inBox(d.Box)))}})
	}
	return asTable(kit.Say(r, "点位表：图上每一处有多少家"), ui.DataTable(tab))
}

// degrees writes 10⁻⁴ degrees, to about 1 km.
func degrees(e4 int64) string {
	return i18n.Fixed((e4+50)/100, 2) + "°"
}
