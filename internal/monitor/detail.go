package monitor

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// IndicatorView is an indicator of a place, or of a unit, with everything its page shows.
type IndicatorView struct {
	plan.Indicator
	Cell        Cell                   `json:"cell"`
	Definitions []indicator.Definition `json:"definitions"`
	Series      []SeriesPoint          `json:"series"` // the oldest first
	Forecast    *Forecast              `json:"forecast,omitempty"`
	NoForecast  series.Lack            `json:"noForecast,omitempty"` // why there is none
	Findings    []Finding              `json:"findings"`             // what an honest series rarely shows
	Lights      []LightRow             `json:"lights"`               // of its targets, those that end last first
	Alerts      []Alert                `json:"alerts"`               // tasks that its red lights opened
	Stations    []StationRow           `json:"stations"`             // in the place, of an indicator of stations
	Day         clock.Date             `json:"-"`                    // on which it is looked at
}

// Current is the light of the target that runs today: of several the one that ends first. Where none runs it is
// that of the latest target that has begun, else the first that is to come; nil without targets.
func (v IndicatorView) Current() *LightRow {
	var running, past, coming *LightRow
	for i := range v.Lights { // those that end last first
		switch l := &v.Lights[i]; {
		case l.From > v.Day:
			coming = l
		case l.To >= v.Day:
			running = l
		case past == nil:
			past = l
		}
	}
	return cmp.Or(running, past, coming)
}

// SeriesPoint is a point with how it compares.
type SeriesPoint struct {
	Point
	OnYear   *Change `json:"onYear,omitempty"`   // 同比
	OnPeriod *Change `json:"onPeriod,omitempty"` // 环比
}

// Forecast is what the year is expected to end with.
type Forecast struct {
	Period series.Period `json:"period"`
	Value  plan.Decimal  `json:"value"`
	Low    plan.Decimal  `json:"low,omitempty"`
	High   plan.Decimal  `json:"high,omitempty"`
	Unit   string        `json:"unit"`
	Method series.Method `json:"method"`
	Years  []int         `json:"years"`          // that it rests on
	Lack   series.Lack   `json:"lack,omitempty"` // why it has no interval
}

// GetIndicator returns an indicator of a place or a unit with its series. An empty place is the usual
// one.
func (s *Service) GetIndicator(
	ctx context.Context, by authz.Actor, indicatorID string, place region.Code, org string,
) (IndicatorView, error) {
	if err := PointPolicy.May(by, ActPointRead, Point{}); err != nil {
		return IndicatorView{}, err
	}
	x, err := s.opt.Plan.GetIndicator(ctx, by, indicatorID)
	if err != nil {
		return IndicatorView{}, err
	}
	if place == "" {
		place = s.usualPlace(by)
	}
	q := s.unit.DB()
	out := IndicatorView{Indicator: x, Cell: Cell{indicatorID, place, org}, Findings: []Finding{},
		Lights: []LightRow{}, Alerts: []Alert{}, Stations: []StationRow{}, Day: s.today()}
	if out.Definitions, err = s.opt.Indicator.Definitions(ctx, q, indicatorID); err != nil {
		return out, err
	}
	points, err := seriesOf(ctx, q, out.Cell)
	if err != nil {
		return out, err
	}
	if org == "" {
		list, err := s.stationsOf(ctx, q, indicatorID, place, out.Definitions)
		if err != nil {
			return out, err
		}
		out.Stations = append(out.Stations, list...)
	}
	out.Series = compareAll(points)
	out.Forecast, out.NoForecast = forecast(points, s.today())
	if err := s.lit(ctx, q, by, &out); err != nil {
		return out, err
	}
	out.Findings, err = s.findings(ctx, q, by, out, points)
	return out, err
}

// compareAll compares each point with the year before and with the one before.
func compareAll(points []Point) []SeriesPoint {
	out := make([]SeriesPoint, len(points))
	for i, p := range points {
		out[i] = SeriesPoint{Point: p, OnYear: ChangeOf(points, i)}
		if p.Cumulative {
			continue // a sum since the start of the year always grows
		}
		j := slices.IndexFunc(points, func(o Point) bool { return o.Period == p.Period.Prev() })
		if j >= 0 && !Broken(points, points[j].Period, p.Period) {
			out[i].OnPeriod = changed(p, points[j])
		}
	}
	return out
}

// forecast expects the end of the year: of a cumulative series from the sums that are there, of other ones
// from their trend, by years or by the periods of late. A period that is not over says nothing of its end
// yet. There is none when the end is known already, or nothing can be told.
func forecast(points []Point, today clock.Date) (*Forecast, series.Lack) {
	if len(points) == 0 {
		return nil, ""
	}
	for i := len(points) - 1; i > 0; i-- { // what lies before the last break is of another kind
		if points[i].Breaks {
			points = points[i:]
			break
		}
	}
	year := today.Start().In(clock.Shanghai).Year()
	kind := points[len(points)-1].Period.Kind()
	full := slices.DeleteFunc(slices.Clone(points), func(p Point) bool {
		return p.Period.Kind() != kind || p.through() < p.LastDay()
	})
	if len(full) == 0 {
		return nil, series.LackYear
	}
	last := full[len(full)-1]
	out := &Forecast{Period: series.NewPeriod(series.Year, year, 1), Unit: last.Unit}
	var f series.Forecast
	var lack series.Lack
	switch _, values := singles(full); {
	case last.Period.Year() > year || last.LastDay() == clock.Date(out.Period.LastDay()):
		lack = series.LackDone
	case kind == series.Year:
		f, lack = series.Trend(values, year)
	case last.Cumulative && last.Period.Year() < year:
		lack = series.LackYear
	case last.Cumulative:
		f, lack = series.YearEnd(sumsOf(full), last.Period)
	default:
		out.Period = series.NewPeriod(kind, year, kind.PerYear())
		f, lack = series.Level(values, last.Period, year)
	}
	if lack != "" {
		return nil, lack
	}
	out.Method, out.Years, out.Lack = f.Method, f.Years, f.Lack
	out.Value, out.Low, out.High = shown(f.Value), shown(f.Low), shown(f.High)
	return out, ""
}

// shown writes an expected value with two decimals at most; more would be a promise.
func shown(r *big.Rat) plan.Decimal {
	if r == nil {
		return ""
	}
	d, _ := plan.ParseDecimal(r.FloatString(2))
	return d
}

// lit fills in the lights of the targets of the cell and the tasks they opened, as far as the actor may
// see them.
func (s *Service) lit(ctx context.Context, q db.Q, by authz.Actor, out *IndicatorView) error {
	w := LightPolicy.Scope(by, ActLightRead).And(`l.indicator = $1 AND l.region = $2 AND l.read_about = $3`,
		out.Cell.Indicator, string(out.Cell.Region), out.Cell.Org)
	err := db.Stream(ctx, q, lightList, w, lightList.Order("to"), 0, scanLight, func(l LightRow) error {
		out.Lights = append(out.Lights, l)
		return nil
	})
	if err != nil {
		return err
	}
	slices.Reverse(out.Lights)
	all, err := db.All(ctx, q, qAlertsBy, scanAlert, out.Cell.Indicator)
	for _, a := range all {
		if slices.ContainsFunc(out.Lights, func(l LightRow) bool { return l.Target == a.Target }) {
			out.Alerts = append(out.Alerts, a)
		}
	}
	return err
}

// of is what a watch looks for in a series.
func (p Watch) of(v IndicatorView) series.Watch {
	w := series.Watch{LateDays: int(p.LateDays), BeforeDays: int(p.BeforeDays), Direction: series.Up,
		LateShare: share(p.LatePercent), JumpTimes: p.JumpTimes.Rat()}
	if v.Direction == "down" {
		w.Direction = series.Down
	}
	years := map[int]bool{}
	for _, x := range v.Series {
		years[x.Period.Year()] = true
	}
	for year := range years {
		for _, day := range p.AssessDays {
			for _, y := range []int{year, year + 1} {
				w.Before = append(w.Before, assessDay(y, day))
			}
		}
	}
	slices.Sort(w.Before)
	w.Before = slices.Compact(w.Before)
	if l := v.Current(); l != nil && l.Measure == "level" {
		w.Target = l.Goal.Rat()
	}
	return w
}

func share(percent plan.Decimal) *big.Rat {
	if r := percent.Rat(); r != nil {
		return r.Quo(r, hundred)
	}
	return nil
}

// PointView is a point with everything that proves it.
type PointView struct {
	Point
	Name       string               `json:"name"`
	Definition indicator.Definition `json:"definitionText"`
	Revisions  []indicator.Revision `json:"revisions"`
	Document   string               `json:"documentTitle,omitempty"` // when the actor may read it
	Measure    string               `json:"measureTitle,omitempty"`
	Counted    string               `json:"measureUnit,omitempty"` // unit of what was counted: 分, 项
	CanList    bool                 `json:"canList"`               // rows can be shown
	OnYear     *Change              `json:"onYear,omitempty"`
	YearBefore *Point               `json:"yearBefore,omitempty"` // what it is compared with
}

// GetPoint returns a point with what proves it.
func (s *Service) GetPoint(
	ctx context.Context, by authz.Actor, c Cell, p series.Period,
) (PointView, error) {
	if err := PointPolicy.May(by, ActPointRead, Point{}); err != nil {
		return PointView{}, err
	}
	x, err := s.opt.Plan.GetIndicator(ctx, by, c.Indicator)
	if err != nil {
		return PointView{}, err
	}
	q := s.unit.DB()
	points, err := seriesOf(ctx, q, c)
	if err != nil {
		return PointView{}, err
	}
	i := slices.IndexFunc(points, func(o Point) bool { return o.Period == p })
	if i < 0 {
		return PointView{}, fault.New(fault.NotFound, "没有找到这条记录")
	}
	out := PointView{Point: points[i], Name: x.Name, Revisions: []indicator.Revision{},
		OnYear: ChangeOf(points, i)}
	if j := slices.IndexFunc(points, func(o Point) bool { return o.Period == p.SamePeriodLastYear() }); j >= 0 {
		out.YearBefore = &points[j]
	}
	defs, err := s.opt.Indicator.Definitions(ctx, q, c.Indicator)
	if err != nil {
		return out, err
	}
	out.Definition = waysOf(defs).find(out.Point.Definition)
	all, err := s.opt.Indicator.Revisions(ctx, q, c.Indicator, c.Region)
	if err != nil {
		return out, err
	}
	for _, r := range all {
		if r.Org == c.Org && r.Period == p {
			out.Revisions = append(out.Revisions, r)
		}
	}
	if doc := out.Evidence.Document; doc != "" {
		if d, err := s.opt.Plan.GetDocument(ctx, by, doc); err == nil {
			out.Document = d.Title
		}
	}
	if reg := s.registry(); reg != nil && out.Evidence.Measure != "" {
		if m, err := reg.Find(out.Evidence.Measure); err == nil {
			out.Measure, out.Counted, out.CanList = m.Title, m.Unit, true
		}
	}
	return out, nil
}

// PointRows returns a page of the rows behind a point that a measure gave: those that the actor may
// read, as they are now.
func (s *Service) PointRows(
	ctx context.Context, by authz.Actor, c Cell, period series.Period, p db.PageReq,
) (db.Page[measure.Row], error) {
	x, err := s.GetPoint(ctx, by, c, period)
	if err != nil {
		return db.Page[measure.Row]{}, err
	}
	if !x.CanList {
		return db.Page[measure.Row]{}, fault.New(fault.NotFound, "这个数据没有可以列出的明细")
	}
	return s.registry().Rows(ctx, by, x.Evidence.Measure, x.Evidence.Dims, p)
}

// LightDetail is a light with everything its page shows.
type LightDetail struct {
	LightRow
	By     Rule    `json:"by"`     // the rule in force when it was computed
	Alerts []Alert `json:"alerts"` // the newest first
}

// Live is the task that the light keeps open, nil for none.
func (l LightDetail) Live() *Alert {
	for _, a := range l.Alerts {
		if a.Live && a.EndedUs == 0 {
			return &a
		}
	}
	return nil
}

// GetLight returns the light of a target with its rule and the tasks it opened.
func (s *Service) GetLight(ctx context.Context, by authz.Actor, targetID string) (LightDetail, error) {
	q := s.unit.DB()
	l, err := s.readLight(ctx, q, by, targetID)
	if err != nil {
		return LightDetail{}, err
	}
	out := LightDetail{LightRow: l}
	if out.By, _, err = db.Find(ctx, q, qRule, scanRule, l.Rule); err != nil {
		return out, err
	}
	out.Alerts, err = db.All(ctx, q, qAlertsOf, scanAlert, targetID)
	return out, err
}
