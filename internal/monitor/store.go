package monitor

import (
	"context"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

const pointColumns = `p.indicator, p.region, p.about, p.about_name, p.period, p.value, p.qualifier, p.unit,
	p.as_of, p.definition, p.era, p.cumulative, p.origin, p.source, p.evidence, p.revision, p.at_us`

var (
	qSeries = db.Stmt(`SELECT ` + pointColumns + ` FROM monitor_point AS p
		WHERE p.indicator = $1 AND p.region = $2 AND p.about = $3 ORDER BY p.last_day, p.period DESC
		LIMIT 1000`)
	qPointPut = db.Stmt(`INSERT INTO monitor_point (indicator, region, about, about_name, last_day, period,
			value, qualifier, unit, as_of, definition, era, cumulative, origin, source, evidence, revision,
			at_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (indicator, region, about, last_day, period) DO UPDATE SET
			about_name = excluded.about_name, value = excluded.value, qualifier = excluded.qualifier,
			unit = excluded.unit, as_of = excluded.as_of, definition = excluded.definition,
			era = excluded.era, cumulative = excluded.cumulative, origin = excluded.origin,
			source = excluded.source, evidence = excluded.evidence, revision = excluded.revision,
			at_us = excluded.at_us`)
	qPointDrop = db.Stmt(`DELETE FROM monitor_point
		WHERE indicator = $1 AND region = $2 AND about = $3 AND last_day = $4 AND period = $5`)
	qPointsDrop  = db.Stmt(`DELETE FROM monitor_point WHERE indicator = $1`)
	qPointsClear = db.Stmt(`DELETE FROM monitor_point`)

	// A shorter period comes before a longer one that ends on the same day: the codes of months and
	// quarters sort behind those of years.
	pointList = db.Select(pointColumns, `monitor_point AS p`,
		db.Order{Name: "cell", Cols: []db.Col{db.TextCol("p.indicator"), db.TextCol("p.region"),
			db.TextCol("p.about"), db.TextCol("p.last_day"), db.TextCol("p.period")}})
)

// stored is a point with the number of breaks up to its definition.
type stored struct {
	Point
	era int64
}

func scanPoint(r db.Row) (stored, error) {
	var p stored
	var evidence string
	err := r.Scan(&p.Indicator, &p.Region, &p.Org, &p.OrgName, &p.Period, &p.Value, &p.Qualifier, &p.Unit,
		&p.AsOf, &p.Definition, &p.era, &p.Cumulative, &p.Origin, &p.Source, &evidence, &p.Revision, &p.AtUs)
	if err != nil {
		return p, err
	}
	return p, decode(evidence, &p.Evidence)
}

func (p stored) row() []any {
	return []any{p.Indicator, string(p.Region), p.Org, p.OrgName, p.Period.LastDay(), string(p.Period),
		string(p.Value), p.Qualifier, p.Unit, string(p.AsOf), p.Definition, p.era, p.Cumulative, p.Origin,
		p.Source, encode(p.Evidence), p.Revision, p.AtUs}
}

// seriesOf returns the points of a cell by end of period, with its breaks.
func seriesOf(ctx context.Context, q db.Q, c Cell) ([]Point, error) {
	list, err := db.All(ctx, q, qSeries, scanPoint, c.Indicator, string(c.Region), c.Org)
	return marked(list), err
}

// marked makes points of stored ones in order, and marks those that do not continue the one before.
func marked(list []stored) []Point {
	out := make([]Point, len(list))
	for i, p := range list {
		out[i] = p.Point
		out[i].Breaks = i > 0 && sameCell(list[i-1].Point, p.Point) && list[i-1].era != p.era
	}
	return out
}

func sameCell(a, b Point) bool { return a.Cell == b.Cell }

// pointsWhere returns the points where w holds, by cell and end of period.
func pointsWhere(ctx context.Context, q db.Q, w db.Where, limit int) ([]Point, error) {
	var list []stored
	err := db.Stream(ctx, q, pointList, w, pointList.Order(""), limit, scanPoint, func(p stored) error {
		list = append(list, p)
		return nil
	})
	return marked(list), err
}

// PointFilter narrows what Points returns. Zero fields do not narrow.
type PointFilter struct {
	Indicators []string
	From       clock.Date    // periods that end on this day or later
	Period     series.Period // one period
}

// maxPoints bounds one answer: 300 places × 60 indicators × 15 years fit.
const maxPoints = 500_000

// Points returns the points of places as a whole, not of units, by indicator, place and end of period,
// wherever they come from: reported, measured or computed.
func (s *Service) Points(ctx context.Context, by authz.Actor, f PointFilter) ([]Point, error) {
	if err := PointPolicy.May(by, ActPointRead, Point{}); err != nil {
		return nil, err
	}
	w := db.Where{}.And("p.about = ''")
	if len(f.Indicators) > 0 {
		ids := make([]any, len(f.Indicators))
		for i, x := range f.Indicators {
			ids[i] = x
		}
		w = w.In("p.indicator", ids...)
	}
	if f.From != "" {
		w = w.And("p.last_day >= $1", string(f.From))
	}
	if f.Period != "" {
		w = w.And("p.period = $1", string(f.Period))
	}
	return pointsWhere(ctx, s.unit.DB(), w, maxPoints)
}
