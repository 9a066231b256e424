package atlashttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getLandscape shows a query by field and kind, and the six new by district and kind.
func (h *Handler) getLandscape(w http.ResponseWriter, r *http.Request) error {
	a := h.ask(r)
	part, err := h.landscapeResults(r, a)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "创新云图")
	p.Title = kit.Say(r, "类别") + " · " + p.Title
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(a.err), Page: p, Part: part, Body: templ.Join(
		ui.PageHead(h.head(r, a)), ui.FilterBar(h.filters(r, pathLandscape, a, false)), part)})
}

func (h *Handler) landscapeResults(r *http.Request, a asked) (templ.Component, error) {
	if a.err != nil {
		return h.wrongQuery(r, a.err), nil
	}
	o, err := h.atlas.Overview(r.Context(), web.Actor(r), a.q)
	if err != nil {
		return nil, err
	}
	bar := ui.ResultBar{Count: kit.Say(r, "共 %s 条记录", i18n.Int(o.Total)), Chips: h.chips(r, pathLandscape, a.q)}
	if !a.q.Empty() {
		bar.Clear = pathLandscape
	}
	body := ui.With(ui.Stack(), h.heats(r, a.q, o), rulesNote(pathRules))
	if o.Total == 0 {
		body = ui.With(ui.Empty(kit.Say(r, "没有符合条件的记录"), kit.Say(r, "请放宽条件，或清除后重新选择。")))
	}
	return ui.With(ui.Results("", kit.Say(r, "创新云图")), ui.ResultHead(bar),
		ui.With(ui.Tabs(kit.Say(r, "创新云图"), h.tabs(r, pathLandscape, a.q)), body),
		wrongNote(h.wrongLink(r, "", place(a.q)))), nil
}

// heats are the tables of a landscape. Each cell links to the list it counts.
func (h *Handler) heats(r *http.Request, q atlas.Query, o atlas.Overview) templ.Component {
	kinds := present(o.Landscape, atlas.Kinds(), func(c atlas.Cell) string { return c.Col })
	fields := append(atlas.Fields(), atlas.Choice{Title: "没有领域"})
	byField := h.heat(r, o.Landscape, fields, kinds, func(row, col string) atlas.Query {
		return with(with(q, h.setField(row)), func(x *atlas.Query) { x.Kinds = []string{col} })
	})
	byField.Corner = kit.Say(r, "领域")
	sixes := append(atlas.SixNews(), atlas.Choice{Title: "没有六新归类"},
		atlas.Choice{Value: atlas.Undisclosed, Title: "依申请公开"})
	var districts []atlas.Choice
	for _, d := range o.Districts {
		districts = append(districts, atlas.Choice{Value: string(d.Code), Title: h.PlaceName(d.Code)})
	}
	bySix := h.heat(r, o.SixNew, sixes, districts, func(row, col string) atlas.Query {
		return with(with(q, setSix(row)), func(x *atlas.Query) { x.Regions = []region.Code{region.Code(col)} })
	})
	bySix.Corner = kit.Say(r, "六新")
	byKind := h.heat(r, o.SixKinds, sixes, kinds, func(row, col string) atlas.Query {
		return with(with(q, setSix(row)), func(x *atlas.Query) { x.Kinds = []string{col} })
	})
	byKind.Corner = kit.Say(r, "六新")
	frame := func(id, title string) chart.Frame {
		return chart.Frame{ID: id, Title: kit.Say(r, title), Unit: kit.Say(r, "条"), Source: asOf(r, o.AtUs)}
	}
	return ui.With(ui.Stack(),
		ui.With(chart.Figure(frame("by-field", "各领域有哪些主体和供需")), chart.HeatTable(kit.Say(r, "领域与类型"), byField)),
		ui.With(chart.Figure(frame("by-six", "“六新”分布在哪些区县")), chart.HeatTable(kit.Say(r, "六新与区县"), bySix)),
		ui.With(chart.Figure(frame("by-six-kind", "“六新”有哪些主体和供需")), chart.HeatTable(kit.Say(r, "六新与类型"), byKind)))
}

func (h *Handler) setField(field string) func(*atlas.Query) {
	return func(x *atlas.Query) {
		if field == "" {
			lacking(atlas.GapField)(x)
			return
		}
		x.Fields = []string{field}
	}
}

func setSix(six string) func(*atlas.Query) {
	return func(x *atlas.Query) {
		if six == "" {
			lacking(atlas.GapSix)(x)
			return
		}
		if six == atlas.Undisclosed {
			lacking(atlas.GapOpen)(x)
			return
		}
		x.Six = []string{six}
	}
}

// present are those values of a list that occur in cells.
func present(list []atlas.Cell, choices []atlas.Choice, value func(atlas.Cell) string) []atlas.Choice {
	has := map[string]bool{}
	for _, c := range list {
		has[value(c)] = true
	}
	var out []atlas.Choice
	for _, c := range choices {
		if has[c.Value] {
			out = append(out, c)
		}
	}
	return out
}

// heat makes a table of cells. What there is none of is 0 and leads nowhere; nothing is missing here.
func (h *Handler) heat(
	r *http.Request, list []atlas.Cell, rows, cols []atlas.Choice,
	query func(row, col string) atlas.Query,
) chart.Heat {
	counts := map[[2]string]int64{}
	for _, c := range list {
		counts[[2]string{c.Row, c.Col}] = c.N
	}
	x := chart.Heat{Format: func(v float64) string { return i18n.Int(int64(v)) }}
	for _, c := range cols {
		x.Cols = append(x.Cols, kit.Say(r, c.Title))
	}
	for _, row := range rows {
		x.Rows = append(x.Rows, kit.Say(r, row.Title))
		values, hrefs := make([]float64, len(cols)), make([]string, len(cols))
		for j, c := range cols {
			values[j] = float64(counts[[2]string{row.Value, c.Value}])
			if values[j] != 0 {
				hrefs[j] = h.at(pathList, query(row.Value, c.Value))
			}
		}
		x.Values, x.Hrefs = append(x.Values, values), append(x.Hrefs, hrefs)
	}
	return x
}
