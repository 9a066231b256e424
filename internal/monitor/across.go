package monitor

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Across (分地区) are the values of an indicator for the places directly in another one, over time.
type Across struct {
	Indicator string          `json:"indicator"`
	In        region.Code     `json:"in"`
	Periods   []series.Period `json:"periods"` // the oldest first
	Places    []PlaceRow      `json:"places"`
}

// PlaceRow is a place with its values; a value that is missing is nil.
type PlaceRow struct {
	Region region.Code `json:"region"`
	Points []*Point    `json:"points"` // one for each of the periods
}

// Last is the value of the last period, nil when it is missing.
func (r PlaceRow) Last() *Point {
	if len(r.Points) == 0 {
		return nil
	}
	return r.Points[len(r.Points)-1]
}

const acrossPeriods = 6

// Across returns the values of an indicator for the places directly in another one. The periods are
// those of the kind that most of the latest values have, up to the one asked for.
func (s *Service) Across(
	ctx context.Context, by authz.Actor, indicatorID string, in region.Code, until series.Period,
) (Across, error) {
	if err := PointPolicy.May(by, ActPointRead, Point{}); err != nil {
		return Across{}, err
	}
	out := Across{Indicator: indicatorID, In: in, Periods: []series.Period{}, Places: []PlaceRow{}}
	from, before, ok := authz.RegionRange(string(in))
	if !ok {
		return out, nil
	}
	w := db.Where{}.And(`p.indicator = $1 AND p.region >= $2 AND p.region < $3 AND p.about = ''`,
		indicatorID, from, before)
	if until.Valid() {
		w = w.And("p.last_day <= $1", until.LastDay())
	}
	list, err := pointsWhere(ctx, s.unit.DB(), w, 0)
	if err != nil {
		return out, err
	}
	level := in.Level() + 1
	list = slices.DeleteFunc(list, func(p Point) bool { return p.Region == in || p.Region.Level() != level })
	out.Periods = lastPeriods(list)
	rows := map[region.Code]int{}
	for _, p := range list {
		at := slices.Index(out.Periods, p.Period)
		if at < 0 {
			continue
		}
		i, known := rows[p.Region]
		if !known {
			i = len(out.Places)
			rows[p.Region] = i
			out.Places = append(out.Places, PlaceRow{p.Region, make([]*Point, len(out.Periods))})
		}
		out.Places[i].Points[at] = &p
	}
	s.fillPlaces(&out)
	return out, nil
}

// lastPeriods are the last periods of the kind that most points have, without a gap.
func lastPeriods(list []Point) []series.Period {
	count := map[series.Kind]int{}
	last := map[series.Kind]series.Period{}
	first := map[series.Kind]series.Period{}
	for _, p := range list {
		k := p.Period.Kind()
		count[k]++
		if last[k] == "" || p.Period.SortKey() > last[k].SortKey() {
			last[k] = p.Period
		}
		if first[k] == "" || p.Period.SortKey() < first[k].SortKey() {
			first[k] = p.Period
		}
	}
	var kind series.Kind
	for k := range count {
		if kind == 0 || count[k] > count[kind] || count[k] == count[kind] && k > kind {
			kind = k
		}
	}
	var out []series.Period
	for p := last[kind]; p.Valid() && len(out) < acrossPeriods && p.SortKey() >= first[kind].SortKey(); p = p.Prev() {
		out = append(out, p)
	}
	slices.Reverse(out)
	return out
}

// fillPlaces adds the places of the dictionary that reported nothing, and puts all in order: a table
// without them would hide who is missing.
func (s *Service) fillPlaces(out *Across) {
	if len(out.Places) == 0 {
		return
	}
	for _, place := range s.districts(out.In) {
		if !slices.ContainsFunc(out.Places, func(r PlaceRow) bool { return r.Region == place }) {
			out.Places = append(out.Places, PlaceRow{place, make([]*Point, len(out.Periods))})
		}
	}
	slices.SortFunc(out.Places, func(a, b PlaceRow) int { return cmp.Compare(a.Region, b.Region) })
}
