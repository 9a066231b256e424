package monitor

import (
	"context"
	"math/big"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// OverviewReq asks for an overview. Zero fields mean the usual: the latest set, the place of the site,
// and the latest values.
type OverviewReq struct {
	Set    string        `json:"set,omitempty"` // id or code
	Region region.Code   `json:"region,omitempty"`
	Period series.Period `json:"period,omitempty"` // values of periods that end with this one or before
	Beside []string      `json:"-"`                // indicators that are told behind those of the set
}

// Overview (总览) is how a place stands on the indicators of a set.
type Overview struct {
	Region  region.Code      `json:"region"`
	Set     *indicator.Set   `json:"set,omitempty"` // nil while there is none
	Sets    []indicator.Set  `json:"sets"`
	Period  series.Period    `json:"period,omitempty"`
	AsOf    clock.Date       `json:"asOf,omitempty"` // the latest day that a value is of
	Figures []Figure         `json:"figures"`
	Known   int              `json:"known"`  // figures with a value
	Lights  map[string]int64 `json:"lights"` // of targets in the place and inside it, in force on the day
	Day     clock.Date       `json:"day"`    // on which targets are in force
}

// Figure is an indicator of a place as it stands.
type Figure struct {
	Indicator string       `json:"indicator"`
	Name      string       `json:"name"` // as the set calls it
	Group     string       `json:"group,omitempty"`
	Unit      string       `json:"unit"`
	Direction string       `json:"direction"`
	Weight    plan.Decimal `json:"weight,omitempty"`
	LeadName  string       `json:"leadName,omitempty"`
	Point     *Point       `json:"point,omitempty"` // nil = 未报
	Change    *Change      `json:"change,omitempty"`
	Recent    []Point      `json:"recent"`          // the last ones of its kind of period, the oldest first
	Light     *LightRow    `json:"light,omitempty"` // of its target, when there is one and the actor may see it
}

// Change (同比) is a value against the one of the same period a year before.
type Change struct {
	Before plan.Decimal `json:"before"`
	Value  plan.Decimal `json:"value"`  // percent, or percentage points
	Points bool         `json:"points"` // the values are percentages themselves
}

// recentPoints is how many points a figure shows.
const recentPoints = 6

// Overview returns how a place stands.
func (s *Service) Overview(ctx context.Context, by authz.Actor, in OverviewReq) (Overview, error) {
	if err := PointPolicy.May(by, ActPointRead, Point{}); err != nil {
		return Overview{}, err
	}
	out := Overview{Region: in.Region, Period: in.Period, Day: s.today()}
	if out.Region == "" {
		out.Region = s.usualPlace(by)
	}
	if in.Period != "" {
		if !in.Period.Valid() {
			return Overview{}, fault.Fields(fault.At("period", "统计期应如 2026、2026H1、2026Q3 或 2026-09"))
		}
		out.Day = min(out.Day, clock.Date(in.Period.LastDay()))
	}
	q := s.unit.DB()
	items, err := s.itemsOf(ctx, q, in.Set, &out)
	if err != nil {
		return out, err
	}
	if items, err = s.withBeside(ctx, q, items, in.Beside); err != nil {
		return out, err
	}
	if err := s.figures(ctx, q, by, items, &out); err != nil {
		return out, err
	}
	out.Lights, err = s.CountLights(ctx, by, LightFilter{Region: out.Region, On: out.Day})
	return out, err
}

// usualPlace is the place that somebody sees first: their own district, the site's city else.
func (s *Service) usualPlace(by authz.Actor) region.Code {
	if by.EffectiveRole() == authz.District && by.Region != "" {
		return region.Code(by.Region)
	}
	return s.home()
}

// itemsOf are the indicators of the set that is asked for; without any set, those that have points.
func (s *Service) itemsOf(
	ctx context.Context, q db.Q, set string, out *Overview,
) ([]indicator.Item, error) {
	var err error
	if out.Sets, err = s.opt.Indicator.Sets(ctx, q); err != nil {
		return nil, err
	}
	for i, x := range out.Sets {
		if set == "" || set == x.ID || set == x.Code {
			out.Set = &out.Sets[i]
			return s.opt.Indicator.SetItems(ctx, q, x.ID)
		}
	}
	if set != "" {
		return nil, fault.New(fault.NotFound, "没有这个指标体系")
	}
	ids, err := db.All(ctx, q, qKnown, db.One[string], string(out.Region))
	if err != nil {
		return nil, err
	}
	return s.withBeside(ctx, q, nil, ids)
}

// withBeside adds indicators that are not among items.
func (s *Service) withBeside(
	ctx context.Context, q db.Q, items []indicator.Item, ids []string,
) ([]indicator.Item, error) {
	for _, indicatorID := range ids {
		if slices.ContainsFunc(items, func(it indicator.Item) bool { return it.Indicator == indicatorID }) {
			continue
		}
		x, err := s.opt.Plan.IndicatorIn(ctx, q, indicatorID)
		if err != nil {
			return nil, err
		}
		items = append(items, indicator.Item{N: int64(len(items) + 1), Indicator: x.ID, Name: x.Name, Title: x.Name,
			Unit: x.Unit, Direction: x.Direction})
	}
	return items, nil
}

// Beside returns the indicators that have values of a place and are not in the set, by id and name.
func (s *Service) Beside(
	ctx context.Context, by authz.Actor, set string, place region.Code,
) ([]indicator.Item, error) {
	if err := PointPolicy.May(by, ActPointRead, Point{}); err != nil {
		return nil, err
	}
	q := s.unit.DB()
	of, err := s.itemsOf(ctx, q, set, &Overview{Region: place})
	if err != nil {
		return nil, err
	}
	ids, err := db.All(ctx, q, qKnown, db.One[string], string(place))
	if err != nil {
		return nil, err
	}
	all, err := s.withBeside(ctx, q, of, ids)
	return all[min(len(of), len(all)):], err
}

var qKnown = db.Stmt(`SELECT DISTINCT p.indicator FROM monitor_point AS p
	WHERE p.region = $1 AND p.about = '' ORDER BY p.indicator LIMIT 100`)

// figures fills in what is known of the indicators.
func (s *Service) figures(
	ctx context.Context, q db.Q, by authz.Actor, items []indicator.Item, out *Overview,
) error {
	ids := make([]any, len(items))
	for i, it := range items {
		ids[i] = it.Indicator
	}
	points, err := s.recent(ctx, q, ids, out.Region, out.Day)
	if err != nil {
		return err
	}
	lights, err := s.lightsOf(ctx, q, by, ids, out.Region, out.Day)
	if err != nil {
		return err
	}
	leads, err := s.leads(ctx, q)
	if err != nil {
		return err
	}
	for _, it := range items {
		f := Figure{Indicator: it.Indicator, Name: it.Title, Group: it.GroupName, Unit: it.Unit,
			Direction: it.Direction, Weight: it.Weight, LeadName: leads[it.Indicator], Recent: []Point{}}
		if f.Name == "" {
			f.Name = it.Name
		}
		f.stand(points[it.Indicator], out.Period)
		// A light says how it is now: of a past period it is shown only where nothing came since.
		if l, lit := lights[it.Indicator]; lit && (out.Period == "" || l.Period.LastDay() <= out.Period.LastDay()) {
			f.Light = &l
		}
		if f.Point != nil {
			out.Known++
			out.AsOf = max(out.AsOf, f.Point.AsOf)
		}
		out.Figures = append(out.Figures, f)
	}
	return nil
}

// recent are the points that figures look at, by indicator: those of the last two years with those a
// year before them, and those of whole years of the last seven; where there are none, all that were known
// by the day. An old value says its period, and is more than 未报.
func (s *Service) recent(
	ctx context.Context, q db.Q, ids []any, place region.Code, day clock.Date,
) (map[string][]Point, error) {
	w := db.Where{}.In("p.indicator", ids...).And("p.region = $1 AND p.about = ''", string(place)).
		And(`p.last_day >= $1 AND (p.last_day >= $2 OR LENGTH(p.period) = 4)`,
			string(day.AddDays(-7*366)), string(day.AddDays(-27*31)))
	list, err := pointsWhere(ctx, q, w, 0)
	out := map[string][]Point{}
	for _, p := range list {
		out[p.Indicator] = append(out[p.Indicator], p)
	}
	var silent []any
	for _, x := range ids {
		if len(out[x.(string)]) == 0 {
			silent = append(silent, x)
		}
	}
	if err != nil || len(silent) == 0 {
		return out, err
	}
	w = db.Where{}.In("p.indicator", silent...).And("p.region = $1 AND p.about = ''", string(place)).
		And("p.last_day <= $1", string(day))
	list, err = pointsWhere(ctx, q, w, 0)
	for _, p := range list {
		out[p.Indicator] = append(out[p.Indicator], p)
	}
	return out, err
}

// stand fills in the latest value up to a period, with its change and those before it.
func (f *Figure) stand(points []Point, until series.Period) {
	at := -1
	for i, p := range points {
		if until != "" && p.LastDay() > clock.Date(until.LastDay()) {
			continue
		}
		if at < 0 || p.Period.SortKey() >= points[at].Period.SortKey() {
			at = i
		}
	}
	if at < 0 {
		return
	}
	p := points[at]
	f.Point, f.Change = &p, ChangeOf(points, at)
	for _, o := range points[:at+1] {
		if o.Period.Kind() == p.Period.Kind() {
			f.Recent = append(f.Recent, o)
		}
	}
	f.Recent = f.Recent[max(0, len(f.Recent)-recentPoints):]
}

// ChangeOf is the change of a point of a series against the same period a year before, nil where there
// is none or the definition broke the series in between.
func ChangeOf(points []Point, at int) *Change {
	p := points[at]
	i := slices.IndexFunc(points, func(o Point) bool { return o.Period == p.Period.SamePeriodLastYear() })
	if i < 0 || Broken(points, points[i].Period, p.Period) {
		return nil
	}
	return changed(p, points[i])
}

// changed compares two points.
func changed(p, before Point) *Change {
	was, ok := plan.Convert(before.Rat(), before.Unit, p.Unit)
	now := p.Rat()
	if !ok || now == nil {
		return nil
	}
	out := Change{Before: before.Value, Points: isShare(p.Unit)}
	var r *big.Rat
	if out.Points {
		r = new(big.Rat).Sub(now, was)
	} else if r = series.Growth(now, was); r != nil {
		r = new(big.Rat).Mul(r, hundred)
	}
	if r == nil {
		return nil
	}
	out.Value, _ = plan.ParseDecimal(r.FloatString(2))
	return &out
}

// isShare says whether a unit is a share of a whole, whose change is told in points.
func isShare(unit string) bool { return unit == "%" || unit == "‰" || unit == "％" }

// lightsOf are the lights of the targets that the values of a place answer, in force on a day, by
// indicator: of several that of the place itself, not of a unit, and of these the one that ends first.
func (s *Service) lightsOf(
	ctx context.Context, q db.Q, by authz.Actor, ids []any, place region.Code, day clock.Date,
) (map[string]LightRow, error) {
	w := LightPolicy.Scope(by, ActLightRead).In("l.indicator", ids...).
		And("l.region = $1 AND l.read_about = ''", string(place)).
		And("l.from_day <= $1 AND l.to_day >= $1", string(day))
	out := map[string]LightRow{}
	err := db.Stream(ctx, q, lightList, w, lightList.Order("to"), 0, scanLight, func(l LightRow) error {
		if first, known := out[l.Indicator]; !known || first.OfPlace() && !l.OfPlace() {
			out[l.Indicator] = l
		}
		return nil
	})
	return out, err
}

// leads are the names of the units that answer for indicators.
func (s *Service) leads(ctx context.Context, q db.Q) (map[string]string, error) {
	all, err := s.opt.Indicator.AllDefinitions(ctx, q)
	out := map[string]string{}
	for _, d := range all {
		out[d.Indicator] = d.OrgName // the latest stands last
	}
	return out, err
}
