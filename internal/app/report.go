package app

import (
	"context"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/report"
	"github.com/yuntu-city/yuntu/internal/report/reporthttp"
)

// reporting makes the room of reports.
func (a *App) reporting(times process.Times) error {
	var err error
	a.Report, err = report.New(a.Unit, times, report.Options{Source: told{a}, Home: a.city,
		Issuer: func() string { return a.Site.Current().Organiser }, File: a.fileReport})
	return err
}

// reportDoor is the door of reports.
func (a *App) reportDoor() *reporthttp.Handler {
	return reporthttp.New(a.Report, a.Web, kit.Deps{Party: a.Party, Dict: a.Dict, Clock: a.Clock,
		Home: a.city})
}

// fileReport files a report as a document.
func (a *App) fileReport(ctx context.Context, by authz.Actor, f report.Filing) (string, error) {
	kind := map[string]string{report.Bulletin: "report", report.Press: "news"}[f.Form]
	d, err := a.Plan.CreateDocument(ctx, by, plan.NewDocument{DocumentData: plan.DocumentData{Title: f.Title,
		Kind: kind, Region: f.Region, Day: f.Day, Source: f.Source, Issuer: a.Site.Current().Organiser},
		Text: f.Text, Key: f.Key})
	return d.ID, err
}

// told is what the rooms know, as reports tell it. It counts as the bureau does.
type told struct{ app *App }

func (x told) PlaceName(code region.Code) string {
	name, _ := x.app.Dict.Name(dict.Regions, string(code), "")
	return name
}

func (x told) Sets(ctx context.Context) ([]report.Choice, error) {
	sets, err := x.app.Indicator.ListSets(ctx, house)
	var out []report.Choice
	for _, s := range sets {
		out = append(out, report.Choice{Value: s.ID, Title: s.Name})
	}
	return out, err
}

func (x told) overview(
	ctx context.Context, place region.Code, set, period string, beside ...string,
) (monitor.Overview, error) {
	return x.app.Monitor.Overview(ctx, house, monitor.OverviewReq{Set: set, Region: place,
		Period: series.Period(period), Beside: beside})
}

func (x told) Beside(ctx context.Context, place region.Code, set string) ([]report.Choice, error) {
	list, err := x.app.Monitor.Beside(ctx, house, set, place)
	var out []report.Choice
	for _, i := range list {
		out = append(out, report.Choice{Value: i.Indicator, Title: i.Name})
	}
	return out, err
}

func (x told) Standings(
	ctx context.Context, place region.Code, set, period string, beside []string,
) ([]report.Standing, error) {
	v, err := x.overview(ctx, place, set, period, beside...)
	var out []report.Standing
	for _, f := range v.Figures {
		st := report.Standing{Indicator: f.Indicator, Name: f.Name, Unit: f.Unit, Place: place}
		if f.Point != nil {
			standing(&st, *f.Point)
		}
		if f.Change != nil {
			st.Change, st.Points = string(f.Change.Value), f.Change.Points
		}
		if l := f.Light; l != nil {
			st.Goal = &report.Goal{Target: l.Target, Measure: l.Measure, Op: l.Op, Value: string(l.Goal),
				Unit: l.Unit, To: l.To, AsOf: l.AsOf}
			// A light may be a moment behind its point: what it says of the way is told of the same value only.
			if f.Point != nil && l.Period == f.Point.Period && l.Value == f.Point.Value {
				st.Goal.Completion = string(l.Completion)
			}
		}
		out = append(out, st)
	}
	return out, err
}

// standing puts a data point into a standing.
func standing(st *report.Standing, p monitor.Point) {
	st.Period, st.Value, st.Qualifier, st.Unit = string(p.Period), string(p.Value), p.Qualifier, p.Unit
	st.AsOf, st.Cumulative = p.AsOf, p.Cumulative
}

func (x told) Across(
	ctx context.Context, place region.Code, set, indicatorID, period string,
) ([]report.Standing, error) {
	if indicatorID != "" {
		return x.compared(ctx, place, indicatorID, period)
	}
	v, err := x.overview(ctx, place, set, period)
	if err != nil {
		return nil, err
	}
	for _, f := range v.Figures {
		list, err := x.districts(ctx, place, f.Indicator, f.Name, period)
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	return nil, nil
}

// compared are the values of one indicator in the districts of a place.
func (x told) compared(
	ctx context.Context, place region.Code, indicatorID, period string,
) ([]report.Standing, error) {
	i, err := x.app.Plan.GetIndicator(ctx, house, indicatorID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return x.districts(ctx, place, i.ID, i.Name, period)
}

// districts are the values of an indicator in the districts of a place, none where no district has any.
func (x told) districts(
	ctx context.Context, place region.Code, indicatorID, name, period string,
) ([]report.Standing, error) {
	table, err := x.app.Monitor.Across(ctx, house, indicatorID, place, series.Period(period))
	if err != nil {
		return nil, err
	}
	var out []report.Standing
	valued := false
	for _, row := range table.Places {
		st := report.Standing{Indicator: indicatorID, Name: name, Place: row.Region}
		if p := row.Last(); p != nil {
			valued = true
			standing(&st, *p)
		}
		out = append(out, st)
	}
	if !valued {
		return nil, nil
	}
	return out, nil
}

// maxCompared bounds the indicators that are looked at for a form.
const maxCompared = 200

// Compared are the indicators that the districts of a place have values of.
func (x told) Compared(ctx context.Context, place region.Code) ([]report.Choice, error) {
	page, err := x.app.Plan.ListIndicators(ctx, house, plan.IndicatorFilter{}, db.PageReq{Limit: maxCompared})
	if err != nil {
		return nil, err
	}
	out := []report.Choice{}
	for _, i := range page.Items {
		list, err := x.districts(ctx, place, i.ID, i.Name, "")
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			out = append(out, report.Choice{Value: i.ID, Title: i.Name})
		}
	}
	return out, nil
}

// PointOf says how a data point came about. What was counted is looked up as the house sees it; who asks for
// its rows sees those that they may read.
func (x told) PointOf(
	ctx context.Context, f report.Figure,
) (way, counted string, dims map[string]string, err error) {
	p, err := x.app.Monitor.GetPoint(ctx, house, monitor.Cell{Indicator: f.Source.Indicator, Region: f.Place},
		series.Period(f.Source.Period))
	if fault.Is(err, fault.NotFound) {
		return "", "", nil, nil // it was taken back since
	}
	if err != nil {
		return "", "", nil, err
	}
	way = map[string]string{monitor.FromObservation: report.WayReported, monitor.FromMeasure: report.WayCounted,
		monitor.FromFormula: report.WayComputed}[p.Origin]
	if p.CanList {
		counted, dims = p.Evidence.Measure, p.Evidence.Dims
	}
	return way, counted, dims, nil
}

func (x told) Count(ctx context.Context, name string, dims map[string]string) (measure.Figure, error) {
	return x.app.Measures.Figure(ctx, house, name, dims)
}

func (x told) Lights(ctx context.Context, place region.Code, day clock.Date) (map[string]int64, error) {
	return x.app.Monitor.CountLights(ctx, house, monitor.LightFilter{Region: place, On: day})
}

func (x told) Rows(
	ctx context.Context, by authz.Actor, name string, dims map[string]string, p db.PageReq,
) (db.Page[measure.Row], error) {
	return x.app.Measures.Rows(ctx, by, name, dims, p)
}

func (x told) Defined(name string) (title, definition string) {
	m, err := x.app.Measures.Find(name)
	if err != nil {
		return "", ""
	}
	return m.Title, m.Definition
}

// Opens says who may open the pages of indicators, lights and targets.
func (x told) Opens(by authz.Actor, f report.Figure) bool {
	switch f.Source.Kind {
	case report.OfPoint:
		return monitor.PointPolicy.Could(by, monitor.ActPointRead)
	case report.OfLights:
		return monitor.LightPolicy.Could(by, monitor.ActLightRead)
	case report.OfLight:
		return monitor.LightPolicy.MaySee(by, monitor.ActLightRead, monitor.LightRow{Region: f.Place})
	case report.OfTarget:
		t := plan.Target{}
		t.Region = f.Place
		return plan.TargetPolicy.MaySee(by, plan.ActTargetRead, t)
	}
	return false
}
