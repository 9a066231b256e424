package dealhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// days are the days that a page asks for.
func days(r *http.Request) (from, to clock.Date) {
	return clock.Date(r.FormValue("from")), clock.Date(r.FormValue("to"))
}

// rangeForm asks for other days.
func (h *Handler) rangeForm(r *http.Request, path string, v market.Views, wrong error) templ.Component {
	from, to := v.From, v.To
	if wrong != nil {
		from, to = days(r)
	}
	in := []ui.Input{dayInput("from", say(r, "查看次数自"), from), dayInput("to", say(r, "至"), to)}
	ui.Mark(lang(r), in, wrong)
	form := ui.FormView{ID: "days", Action: path, Get: true, Plain: true, Summary: ui.SummaryOf(lang(r), wrong),
		Buttons: []ui.Action{{Text: say(r, "查看这段时间")}}}
	return folded(say(r, "查看次数的日期范围：%s 至 %s", string(v.From), string(v.To)), wrong != nil,
		ui.With(ui.Form(form), fields(in)))
}

// viewChart shows how often a post was opened, by day.
func viewChart(r *http.Request, v market.Views) templ.Component {
	if v.Total == 0 {
		return ui.Note(say(r, "这段时间没有人查看。不计本单位、技术经理人、工作人员和程序的访问。"))
	}
	var labels []string
	var values []float64
	for _, d := range v.Days { // days, or months where there are more days than a chart has points
		label := string(d.Day)
		if len(v.Days) > chart.MaxPoints {
			label = label[:len("2006-01")]
		}
		if n := len(labels); n == 0 || labels[n-1] != label {
			labels, values = append(labels, label), append(values, 0)
		}
		values[len(values)-1] += float64(d.N)
	}
	plot := chart.Lines(say(r, "人次"), labels, chart.Series{Name: say(r, "查看次数"), Values: values})
	plot.Period = say(r, "日期")
	return ui.With(chart.Figure(chart.Frame{ID: "views", Title: say(r, "查看次数走势"), Unit: say(r, "人次"), Data: &plot,
		Source: say(r, "不计本单位、技术经理人、工作人员和程序的访问；不记录访问者")}), chart.Plot(plot))
}
