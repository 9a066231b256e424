package monitor

import (
	"context"
	"math/big"
	"slices"

	"github.com/yuntu-city/yuntu/engine/formula"
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/region"
)

// StationRow is a station (点位) in a place with its value of an indicator.
type StationRow struct {
	indicator.Station
	Period series.Period `json:"period"` // the latest in which one of the stations has a value
	Point  *Point        `json:"point,omitempty"`
	Label  string        `json:"label,omitempty"`     // of a grade: Ⅲ类
	Goal   int64         `json:"goal,omitempty"`      // the class to be reached in that year, where grades are shown
	Goaled string        `json:"goalLabel,omitempty"` // and its label
}

// Meets says whether the class of the station reaches its goal; known is false without either.
func (r StationRow) Meets() (meets, known bool) {
	if r.Point == nil || r.Goal == 0 {
		return false, false
	}
	return r.Point.Rat().Cmp(big.NewRat(r.Goal, 1)) <= 0, true
}

// stationsOf are the stations in a place with their values of an indicator in the latest period, none where the
// indicator is not of stations.
func (s *Service) stationsOf(
	ctx context.Context, q db.Q, indicatorID string, place region.Code, defs []indicator.Definition,
) ([]StationRow, error) {
	from, before, ok := authz.RegionRange(string(place))
	if !ok {
		return nil, nil
	}
	all, err := s.opt.Indicator.Stations(ctx, q)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]any, len(all))
	for i, x := range all {
		ids[i] = x.ID
	}
	points, err := pointsWhere(ctx, q, db.Where{}.And("p.indicator = $1", indicatorID).
		And("p.region >= $1 AND p.region < $2", from, before).In("p.about", ids...), 0)
	if err != nil || len(points) == 0 {
		return nil, err
	}
	last := points[0].Period
	for _, p := range points {
		if p.Period.SortKey() > last.SortKey() {
			last = p.Period
		}
	}
	var out []StationRow
	for _, x := range all {
		r := string(x.Region)
		at := slices.IndexFunc(points, func(p Point) bool { return p.Org == x.ID && p.Period == last })
		if r < from || r >= before || at < 0 && !x.Holds(clock.Date(last.LastDay())) ||
			at < 0 && !slices.ContainsFunc(points, func(p Point) bool { return p.Org == x.ID }) && !sameKind(all, points, x) {
			continue
		}
		row := StationRow{Station: x, Period: last}
		if at >= 0 {
			row.Point = &points[at]
		}
		row.graded(waysOf(defs), last)
		out = append(out, row)
	}
	return out, nil
}

// sameKind says whether stations of the kind of one have values at all: a section without a value is missing in a
// list of sections, a station of the air is not.
func sameKind(all []indicator.Station, points []Point, x indicator.Station) bool {
	return slices.ContainsFunc(all, func(o indicator.Station) bool {
		return o.Kind == x.Kind && slices.ContainsFunc(points, func(p Point) bool { return p.Org == o.ID })
	})
}

// graded fills in the words of a class and its goal.
func (r *StationRow) graded(w ways, at series.Period) {
	for _, d := range w.list {
		if !d.Holds(clock.Date(at.LastDay())) || d.Kind != indicator.Computed {
			continue
		}
		expr, bad := formula.Parse(d.Formula)
		if bad != nil {
			return
		}
		for _, name := range expr.Tables() {
			t, _, ok := formula.ReadyTable(name, at)
			if !ok || len(t.Steps) == 0 || t.Linear {
				continue
			}
			if r.Point != nil {
				r.Label = t.Label(r.Point.Rat())
			}
			r.Goal = r.Station.Goal(at.Year())
			r.Goaled = t.Label(big.NewRat(r.Goal, 1))
			return
		}
	}
}
