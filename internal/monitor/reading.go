package monitor

import (
	"context"
	"math/big"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// reading (读数) is what a measure gave for a place and a period. It is kept because rows of the past
// may change, and because some measures only know today.
type reading struct {
	Indicator  string
	Region     region.Code
	Period     series.Period
	Definition string
	Measure    string
	OfVersion  int64
	Dims       map[string]string
	Factor     string
	Figure     int64
	Value      plan.Decimal
	Unit       string
	AsOf       clock.Date
	Revision   int64
	MeasuredUs int64
}

func (r reading) cell() Cell { return Cell{Indicator: r.Indicator, Region: r.Region} }

const readingColumns = `g.indicator, g.region, g.period, g.definition, g.measure, g.of_version, g.dims,
	g.factor, g.figure, g.value, g.unit, g.as_of, g.revision, g.measured_us`

var (
	qReading = db.Stmt(`SELECT ` + readingColumns + ` FROM monitor_reading AS g
		WHERE g.indicator = $1 AND g.region = $2 AND g.period = $3`)
	qReadings = db.Stmt(`SELECT ` + readingColumns + ` FROM monitor_reading AS g WHERE g.indicator = $1
		ORDER BY g.region, g.period`)
	qReadingPut = db.Stmt(`INSERT INTO monitor_reading (indicator, region, period, definition, measure,
			of_version, dims, factor, figure, value, unit, as_of, revision, measured_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (indicator, region, period) DO UPDATE SET definition = excluded.definition,
			measure = excluded.measure, of_version = excluded.of_version, dims = excluded.dims,
			factor = excluded.factor, figure = excluded.figure, value = excluded.value,
			unit = excluded.unit, as_of = excluded.as_of, revision = excluded.revision,
			measured_us = excluded.measured_us`)
)

func scanReading(r db.Row) (reading, error) {
	var x reading
	var dims string
	err := r.Scan(&x.Indicator, &x.Region, &x.Period, &x.Definition, &x.Measure, &x.OfVersion, &dims,
		&x.Factor, &x.Figure, &x.Value, &x.Unit, &x.AsOf, &x.Revision, &x.MeasuredUs)
	if err != nil {
		return x, err
	}
	return x, decode(dims, &x.Dims)
}

// same says whether two readings say the same of a period. That a later day says it too is no news.
func (r reading) same(o reading) bool {
	return r.Definition == o.Definition && r.Figure == o.Figure && r.Value == o.Value && r.Unit == o.Unit &&
		encode(r.Dims) == encode(o.Dims) && r.AsOf == o.AsOf
}

// again is how many periods before the present one are measured once more: rows come late.
const again = 2

// registry are the measures of the program, nil while there are none.
func (s *Service) registry() *measure.Registry {
	if s.opt.Measures == nil {
		return nil
	}
	return s.opt.Measures()
}

// measureAll measures all indicators that are defined so, and returns how many readings changed.
func (s *Service) measureAll(ctx context.Context) (int, error) {
	all, err := s.opt.Indicator.AllDefinitions(ctx, s.unit.DB())
	if err != nil {
		return 0, err
	}
	n, last := 0, ""
	for _, d := range all {
		if d.Kind != indicator.Measured || d.Indicator == last {
			continue
		}
		last = d.Indicator
		m, err := s.measureOne(ctx, d.Indicator)
		if err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}

// measureOne measures an indicator for its places and periods and returns how many readings changed.
func (s *Service) measureOne(ctx context.Context, indicatorID string) (int, error) {
	reg := s.registry()
	if reg == nil {
		return 0, nil
	}
	defs, err := s.opt.Indicator.Definitions(ctx, s.unit.DB(), indicatorID)
	if err != nil {
		return 0, err
	}
	known, err := db.All(ctx, s.unit.DB(), qReadings, scanReading, indicatorID)
	if err != nil {
		return 0, err
	}
	before := map[Cell]map[series.Period]reading{}
	for _, r := range known {
		if before[r.cell()] == nil {
			before[r.cell()] = map[series.Period]reading{}
		}
		before[r.cell()][r.Period] = r
	}
	var fresh []reading
	for _, d := range defs {
		if d.Kind != indicator.Measured {
			continue
		}
		m, err := reg.Find(d.Measure)
		if fault.Is(err, fault.NotFound) {
			continue // the room that had it is not there: what was read stays
		}
		if err != nil {
			return 0, err
		}
		places := s.places()
		if !m.Has("region") {
			places = places[:min(len(places), 1)] // it does not know of districts
		}
		for _, place := range places {
			some, err := s.measurePlace(ctx, reg, m, d, place, before[Cell{indicatorID, place, ""}])
			if err != nil {
				return 0, err
			}
			fresh = append(fresh, some...)
		}
	}
	return len(fresh), s.keep(ctx, indicatorID, fresh)
}

// places are the site's city or district and what lies directly in it.
func (s *Service) places() []region.Code {
	home := s.home()
	if home == "" {
		return nil
	}
	return append([]region.Code{home}, s.districts(home)...)
}

// districts are the places directly in another one that the dictionary knows.
func (s *Service) districts(in region.Code) []region.Code {
	if s.opt.Dict == nil {
		return nil
	}
	page, err := s.opt.Dict.Items(plan.Keeper(), dict.Query{List: dict.Regions, Parent: string(in),
		Tree: true}, db.PageReq{Limit: maxDistricts})
	if err != nil {
		return nil // a place that the dictionary does not know has no parts
	}
	var out []region.Code
	for _, it := range page.Items {
		if it.Kind != dict.Group {
			out = append(out, region.Code(it.Code))
		}
	}
	return out
}

const maxDistricts = 200

// measurePlace measures the periods of a place that were not measured yet or may have changed.
func (s *Service) measurePlace(
	ctx context.Context, reg *measure.Registry, m measure.Measure, d indicator.Definition,
	place region.Code, before map[series.Period]reading,
) ([]reading, error) {
	var out []reading
	today := s.today()
	for _, p := range s.periods(m, d, today) {
		old, known := before[p]
		if known && p.Add(again).LastDay() < string(today) && old.Definition == d.ID {
			continue
		}
		r := reading{Indicator: d.Indicator, Region: place, Period: p, Definition: d.ID, Measure: m.Name,
			OfVersion: int64(m.Version), Factor: string(d.Factor), Unit: d.Unit,
			AsOf: min(today, clock.Date(p.LastDay())), Dims: dimsOf(m, d, place, p)}
		f, err := reg.Figure(ctx, plan.Keeper(), m.Name, r.Dims)
		if err != nil {
			if _, ok := fault.As(err); ok {
				continue // a dimension the measure does not have: nothing can be said
			}
			return nil, err
		}
		r.Figure, r.MeasuredUs, r.Revision = f.Value, f.AsOfUs, old.Revision
		value := new(big.Rat).Mul(big.NewRat(f.Value, 1), factorOf(d))
		var ok bool
		if r.Value, ok = plan.ParseDecimal(value.FloatString(int(d.Places))); !ok {
			continue
		}
		if known && r.same(old) {
			continue
		}
		if !known || r.Value != old.Value {
			r.Revision++
		}
		out = append(out, r)
	}
	return out, nil
}

func factorOf(d indicator.Definition) *big.Rat {
	if f := d.Factor.Rat(); f != nil {
		return f
	}
	return big.NewRat(1, 1)
}

// maxPeriods bounds how far back a measure is asked the first time.
const maxPeriods = 120

// periods are those a definition holds for that have begun. A measure without a dimension of time only
// knows the present one.
func (s *Service) periods(
	m measure.Measure, d indicator.Definition, today clock.Date,
) []series.Period {
	year, month := today.Start().In(clock.Shanghai).Year(), today.Start().In(clock.Shanghai).Month()
	now := series.PeriodOf(d.PeriodKind(), year, int(month))
	timeless := !m.Has(measure.DimDays) && !m.Has(measure.DimUntil)
	var out []series.Period
	for p := now; p.Valid() && len(out) < maxPeriods; p = p.Prev() {
		end := clock.Date(p.LastDay())
		if end < m.Since || !d.Holds(end) && end < d.From {
			break
		}
		if d.Holds(end) {
			out = append(out, p)
		}
		if timeless {
			break
		}
	}
	return out
}

// dimsOf are the dimensions that a measure is asked with: those of the definition, the place, and the
// time: from the start of the year for a cumulative value, until the end for what is there, the period
// itself else.
func dimsOf(
	m measure.Measure, d indicator.Definition, place region.Code, p series.Period,
) map[string]string {
	out := map[string]string{}
	for k, v := range d.Dims {
		out[k] = v
	}
	if m.Has("region") {
		out["region"] = string(place)
	}
	first, last := clock.Date(p.FirstDay()), clock.Date(p.LastDay())
	switch {
	case d.Cumulative && m.Has(measure.DimDays):
		out[measure.DimDays] = measure.Stretch(first[:5]+"01-01", last)
	case m.Has(measure.DimUntil):
		out[measure.DimUntil] = string(last)
	case m.Has(measure.DimDays):
		out[measure.DimDays] = measure.Stretch(first, last)
	}
	return out
}

// keep stores readings with the points they make.
func (s *Service) keep(ctx context.Context, indicatorID string, fresh []reading) error {
	if len(fresh) == 0 {
		return nil
	}
	return s.unit.Write(ctx, system, "monitor.measure", func(tx *unit.Tx) error {
		// What was locked a moment ago is not kept yet: it is measured again once it is.
		locked, _, err := s.lockNews(ctx, tx)
		if err != nil {
			return err
		}
		fresh := slices.DeleteFunc(slices.Clone(fresh), func(r reading) bool {
			return slices.ContainsFunc(locked, func(l indicator.LockedSpan) bool {
				return l.Indicator == r.Indicator && l.Closes(r.Period)
			})
		})
		if len(fresh) == 0 {
			return nil
		}
		rows := make([][]any, len(fresh))
		for i, r := range fresh {
			rows[i] = []any{r.Indicator, string(r.Region), string(r.Period), r.Definition, r.Measure,
				r.OfVersion, encode(r.Dims), r.Factor, r.Figure, string(r.Value), r.Unit, string(r.AsOf),
				r.Revision, r.MeasuredUs}
		}
		if _, err := db.InsertMany(ctx, tx.Tx, qReadingPut, rows); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindPoint, Object: indicatorID, What: "measure",
			Detail: map[string]int{"readings": len(fresh)}})
		for _, r := range fresh {
			if err := s.refresh(ctx, tx.Tx, r.cell(), r.Period); err != nil {
				return err
			}
		}
		return s.refreshUsers(ctx, tx.Tx, []string{indicatorID})
	})
}
