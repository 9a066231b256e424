package monitorhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// screenFigures is how many indicators stand at the top of a big screen.
const screenFigures = 4

// Screen is what a big screen (大屏) shows of indicators: the first numbers of the set, how one of them went, and
// how many targets have which light. It is empty for who may not read indicators, and for a city without any.
func (h *Handler) Screen(r *http.Request, by authz.Actor) ([]chart.KeyFigure, []templ.Component, error) {
	if mayRead(by) != nil {
		return nil, nil, nil
	}
	v, err := h.room.Overview(r.Context(), by, monitor.OverviewReq{Set: r.FormValue("set")})
	if err != nil || v.Known == 0 {
		return nil, nil, err
	}
	var parts []templ.Component
	if f := longest(v.Figures); f != nil {
		parts = append(parts, h.trend(r, *f))
	}
	if bars := h.lightBars(r, v); len(bars) > 0 {
		frame := chart.Frame{ID: "lights", Title: kit.Say(r, "指标亮灯"), Unit: kit.Say(r, "项")}
		parts = append(parts, barred(frame, kit.Say(r, "灯色"), bars))
	}
	return h.stats(r, v, screenFigures), parts, nil
}

// lightBars are the lights with their counts, each a link to its list.
func (h *Handler) lightBars(r *http.Request, v monitor.Overview) []chart.Bar {
	most := 1
	for _, n := range v.Lights {
		most = max(most, int(n))
	}
	var out []chart.Bar
	for _, c := range plan.Colours() {
		n := v.Lights[c.Value]
		if n == 0 {
			continue
		}
		out = append(out, chart.Bar{Name: lightMark(r.Context(), plan.Colour(c.Value)).Text, Text: i18n.Int(n),
			Share: float64(n) * 100 / float64(most), Href: lightsOf(v, c.Value)})
	}
	return out
}

// lightsOf is the list of the lights of one colour that an overview counted.
func lightsOf(v monitor.Overview, colour string) string {
	return pathLights + "?colour=" + colour + "&region=" + string(v.Region) + "&on=" + string(v.Day)
}
