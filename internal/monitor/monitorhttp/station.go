package monitorhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// stationBlock lists the stations in the place with their values in the latest period: a class by its name, with
// the class to be reached. Who did not report stands there, too.
func (h *Handler) stationBlock(r *http.Request, v monitor.IndicatorView) templ.Component {
	ctx := r.Context()
	title := kit.Say(r, "各点位 %s", period(ctx, v.Stations[0].Period, false))
	tab := ui.Table{Caption: title, Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "点位")},
		{Label: kit.Say(r, "类型")}, {Label: kit.Say(r, "水体")}, {Label: kit.Say(r, "地区")},
		{Label: kit.Say(r, "数值"), Num: true}}}
	graded := false
	for _, x := range v.Stations {
		graded = graded || x.Label != ""
	}
	if graded {
		tab.Cols = append(tab.Cols, ui.Column{Label: kit.Say(r, "目标")}, ui.Column{Label: kit.Say(r, "与目标相比")})
	}
	for _, x := range v.Stations {
		row := ui.Row{ID: x.ID, Cells: []ui.Cell{{Text: x.Name, Sub: x.Code, Href: indicatorPath(monitor.Cell{
			Indicator: v.ID, Region: x.Region, Org: x.ID})},
			{Text: ui.Words(titled(ctx, indicator.StationGrades(), x.Grade), titled(ctx, indicator.StationKinds(), x.Kind))},
			{Text: ui.OrDash(x.Waters)}, {Text: h.PlaceName(x.Region)}, {Text: kit.Say(r, "未报")}}}
		if p := x.Point; p != nil {
			row.Cells[4] = ui.Cell{Text: amount(ctx, p.Value, p.Qualifier, p.Unit), Href: pointPath(p, "")}
			if x.Label != "" {
				row.Cells[4].Text = x.Label
			}
		}
		if graded {
			goal, standing := ui.Cell{Text: ui.OrDash(x.Goaled)}, ui.Cell{Text: "—"}
			if meets, known := x.Meets(); known {
				state := ui.State{Tone: ui.OK, Text: kit.Say(r, "达到目标")}
				if !meets {
					state, row.Tone = ui.State{Tone: ui.Bad, Text: kit.Say(r, "没有达到")}, ui.Bad
				}
				standing = ui.Cell{Status: &state}
			}
			row.Cells = append(row.Cells, goal, standing)
		}
		tab.Rows = append(tab.Rows, row)
	}
	return ui.With(ui.Block(title), ui.DataTable(tab))
}
