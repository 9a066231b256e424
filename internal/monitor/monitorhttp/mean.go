package monitorhttp

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// meanBlock says how fast the indicator grew a year over the span that the address chooses; nothing where no two
// values compare.
func (h *Handler) meanBlock(r *http.Request, v monitor.IndicatorView) (templ.Component, error) {
	from, to := series.Period(r.FormValue("from")), series.Period(r.FormValue("to"))
	m, err := h.room.MeanGrowth(r.Context(), web.Actor(r), v.Cell, from, to)
	wrong := ""
	if e, ok := fault.As(err); ok && e.Kind == fault.Invalid {
		wrong = i18n.FieldText(kit.Lang(r), e.Fields[0])
	} else if err != nil {
		return nil, err
	}
	if len(m.Spans) < 2 {
		return nil, nil
	}
	if m.From != nil {
		from, to = m.From.Period, m.To.Period
	}
	ctx := r.Context()
	var options []ui.Option
	for _, p := range m.Spans {
		options = append(options, ui.Option{Value: string(p), Text: period(ctx, p, false)})
	}
	bar := ui.Filters{Action: r.URL.Path, Label: kit.Say(r, "选择年均增长的起止"), Slim: true, Fields: []ui.Filter{
		{Name: "from", Label: kit.Say(r, "起点"), Value: string(from), Options: options},
		{Name: "to", Label: kit.Say(r, "终点"), Value: string(to), Options: options}}}
	for name, value := range map[string]string{"org": v.Cell.Org, "region": string(v.Cell.Region)} {
		if value != "" {
			bar.Hidden = append(bar.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	parts := []templ.Component{ui.FilterBar(bar)}
	switch {
	case wrong != "":
		parts = append(parts, ui.Banner(ui.Bad, wrong))
	case m.From == nil:
		parts = append(parts, ui.Note(kit.Say(r, "起点和终点是同一期，没有增长可算。")))
	case m.Percent == "":
		parts = append(parts, ui.Note(m.Why.In(kit.Lang(r))))
	default:
		tab := ui.Table{Caption: kit.Say(r, "年均增长"), Plain: true, Cols: []ui.Column{{Label: kit.Say(r, "年数")},
			{Label: period(ctx, from, m.From.Cumulative), Num: true}, {Label: period(ctx, to, m.To.Cumulative), Num: true},
			{Label: kit.Say(r, "年均增长"), Num: true}}, Rows: []ui.Row{{Cells: []ui.Cell{
			{Text: kit.Say(r, "%d 年", m.Years)},
			{Text: amount(ctx, m.From.Value, m.From.Qualifier, m.From.Unit), Href: pointPath(m.From, "")},
			{Text: amount(ctx, m.To.Value, m.To.Qualifier, m.To.Unit), Href: pointPath(m.To, "")},
			{Text: m.Percent.Grouped() + "%", Href: pointPath(m.To, "")}}}}}
		parts = append(parts, ui.DataTable(tab))
	}
	return ui.With(ui.Block(kit.Say(r, "年均增长")), parts...), nil
}

func (h *Handler) meanOps(a *api.API) {
	add(a, api.Operation{UseCase: "monitor.MeanGrowth", Method: http.MethodGet, Path: "/monitor/indicators/{id}/growth",
		Title: "指标的年均增长"}, func(ctx context.Context, in *struct {
		kit.ByID
		Region string `query:"region" maxLength:"6"`
		Org    string `query:"org" maxLength:"64"`
		From   string `query:"from" doc:"period the span begins with, empty = the first that compares" maxLength:"10"`
		To     string `query:"to" doc:"period it ends with, empty = the latest" maxLength:"10"`
	}) (*kit.Body[MeanView], error) {
		m, err := h.room.MeanGrowth(ctx, api.By(ctx), monitor.Cell{Indicator: in.ID, Region: regionOf(in.Region),
			Org: in.Org}, series.Period(in.From), series.Period(in.To))
		out := MeanView{Mean: m}
		if m.Why.Key != "" {
			out.Why = m.Why.In(i18n.From(ctx))
		}
		return kit.BodyOf(out, err)
	})
}

// MeanView is a mean growth with why there is none in words.
type MeanView struct {
	monitor.Mean
	Why string `json:"why,omitempty" doc:"why it cannot be told, in the language of the caller"`
}
