package monitor

import (
	"math/big"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// Standing is where a target stands: what was reached, what the schedule asks, and what is lacking.
// Fractions are exact; nil is a figure that there is not.
type Standing struct {
	Point      *Point   // the latest of the target's period, nil while there is none
	Value      *big.Rat // what is compared with the target, in its unit
	Goal       *big.Rat
	Base       *big.Rat // where it starts, nil when not known
	Completion *big.Rat // 完成率, percent
	Progress   *big.Rat // what part of the way is done, percent
	Planned    *big.Rat // 序时进度, percent, nil where no schedule runs
	Behind     *big.Rat // Planned − Progress, percentage points
	Gap        *big.Rat // 缺口: what is lacking, never below 0
	Monthly    *big.Rat // what each of the months that are left has to bring
	Months     int64    // those months
	Reached    bool
	Overdue    int64     // days since the end of the target, 0 while it runs or once it is reached
	Missing    int64     // whole months since a value that is not there was due
	Why        plan.Note // why nothing can be compared
	Series     Cell      // that it was computed from
}

var hundred = big.NewRat(100, 1)

// percentOf is 100 × a ÷ b, nil without b.
func percentOf(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil || b.Sign() == 0 {
		return nil
	}
	x := new(big.Rat).Quo(a, b)
	return x.Mul(x, hundred)
}

// Known is what StandingOf looks at besides the target.
type Known struct {
	Points  []Point       // of the target's cell, by end of period
	Down    bool          // the indicator is better when it is lower
	DueFrom clock.Date    // since when the earliest value that is missing is due, "" when none is
	Shape   *series.Shape // how the total of a year grows, nil = every month the same
	Lacking plan.Note     // why there is no point in the target's period
}

// StandingOf computes where a target stands on a day. It is pure and exact.
func StandingOf(t plan.Target, k Known, day clock.Date) Standing {
	s := Standing{Goal: t.Value.Rat(), Base: t.Baseline.Rat(), Missing: wholeMonths(k.DueFrom, day)}
	at := latest(k.Points, t)
	if at < 0 {
		s.Why = k.Lacking
		return s
	}
	p := k.Points[at]
	s.Point = &p
	s.Value, s.Why = compared(t, k.Points, at)
	if s.Value == nil || s.Goal == nil {
		return s
	}
	down := t.Op == "<=" || t.Op == "<" || t.Op != ">=" && t.Op != ">" && (k.Down || t.Measure == "rank")
	s.Reached = reached(t.Op, s.Value, s.Goal, down)
	s.Completion = completion(s, down)
	s.lacking(t, p, down)
	s.schedule(t, p, k.Shape)
	if day > t.To && p.LastDay() >= t.To && !s.Reached {
		s.Overdue = daysBetween(t.To, day)
	}
	return s
}

// latest is the position of the last point that ends within the period of a target, -1 for none.
func latest(points []Point, t plan.Target) int {
	at := -1
	for i, p := range points {
		if p.LastDay() >= t.From && p.LastDay() <= t.To &&
			(at < 0 || p.Period.SortKey() >= points[at].Period.SortKey()) {
			at = i
		}
	}
	return at
}

// compared is what a point says of what a target measures, in the target's unit, or why not.
func compared(t plan.Target, points []Point, at int) (*big.Rat, plan.Note) {
	p := points[at]
	switch t.Measure {
	case "growth":
		before := slices.IndexFunc(points, func(o Point) bool {
			return o.Period == p.Period.SamePeriodLastYear()
		})
		if before < 0 {
			return nil, plan.Note{Key: "没有上年同期值，不能计算增速"}
		}
		if Broken(points, points[before].Period, p.Period) {
			return nil, plan.Note{Key: "口径已变，不能与上年同期比较"}
		}
		r := percentOf(p.Rat(), points[before].Rat())
		if r == nil || points[before].Rat().Sign() < 0 {
			return nil, plan.Note{Key: "上年同期值不是正数，不能计算增速"}
		}
		return r.Sub(r, hundred), plan.Note{}
	case "increase":
		base := t.Baseline.Rat()
		if base == nil {
			base = valueBefore(t, points)
		}
		now, ok := plan.Convert(p.Rat(), p.Unit, t.Unit)
		if !ok {
			return nil, unlike(p, t)
		}
		if base == nil {
			return nil, plan.Note{Key: "没有基期值，不能计算增量"}
		}
		return new(big.Rat).Sub(now, base), plan.Note{}
	}
	x, ok := plan.Convert(p.Rat(), p.Unit, t.Unit)
	if !ok {
		return nil, unlike(p, t)
	}
	return x, plan.Note{}
}

func unlike(p Point, t plan.Target) plan.Note {
	return plan.Note{Key: "数据的单位（%s）与目标的单位（%s）不能换算", Args: []any{p.Unit, t.Unit}}
}

// valueBefore is the value right before the period of a target begins, in its unit.
func valueBefore(t plan.Target, points []Point) *big.Rat {
	for _, p := range slices.Backward(points) {
		if p.LastDay() == t.From.AddDays(-1) {
			x, _ := plan.Convert(p.Rat(), p.Unit, t.Unit)
			return x
		}
	}
	return nil
}

// Broken reports whether the definition changed between two periods so that their values do not
// continue each other. The first period itself does not count, the last one does.
func Broken(points []Point, from, to series.Period) bool {
	return slices.ContainsFunc(points, func(p Point) bool {
		return p.Breaks && p.Period.SortKey() > from.SortKey() && p.Period.SortKey() <= to.SortKey()
	})
}

func reached(op string, value, goal *big.Rat, down bool) bool {
	c := value.Cmp(goal)
	switch op {
	case ">":
		return c > 0
	case "<":
		return c < 0
	}
	if down {
		return c <= 0
	}
	return c >= 0
}

// completion is 完成率: actual ÷ target; for what is to fall, the part of the cut that is made, or
// target ÷ actual when nobody knows from where.
func completion(s Standing, down bool) *big.Rat {
	if !down {
		return percentOf(s.Value, s.Goal)
	}
	if s.Base != nil && s.Base.Cmp(s.Goal) > 0 {
		return percentOf(new(big.Rat).Sub(s.Base, s.Value), new(big.Rat).Sub(s.Base, s.Goal))
	}
	return percentOf(s.Goal, s.Value)
}

// lacking computes 缺口 and what each month that is left has to bring.
func (s *Standing) lacking(t plan.Target, p Point, down bool) {
	s.Gap = new(big.Rat).Sub(s.Goal, s.Value)
	if down {
		s.Gap.Neg(s.Gap)
	}
	if s.Gap.Sign() < 0 {
		s.Gap.SetInt64(0)
	}
	s.Months = monthsBetween(p.through(), t.To)
	if s.Months > 0 && !s.Reached {
		s.Monthly = new(big.Rat).Quo(s.Gap, big.NewRat(s.Months, 1))
	}
}

// schedule computes what should be done by the end of the point's period. A schedule runs for what
// gathers through the period, and for a level that goes from a known start to the target.
func (s *Standing) schedule(t plan.Target, p Point, shape *series.Shape) {
	switch {
	case t.Measure == "growth" || t.Measure == "rank":
		return
	case p.Cumulative || t.Measure == "increase":
		s.Progress = percentOf(s.Value, s.Goal)
	case s.Base != nil && s.Base.Cmp(s.Goal) != 0:
		s.Progress = percentOf(new(big.Rat).Sub(s.Value, s.Base), new(big.Rat).Sub(s.Goal, s.Base))
	default:
		return
	}
	s.Planned = planned(t, p, shape)
	if s.Progress != nil && s.Planned != nil {
		s.Behind = new(big.Rat).Sub(s.Planned, s.Progress)
	}
}

// planned is the percent of the target's period that has passed at the end of a point's: by months
// where the period begins and ends with months, by days else; by the shape of the year where there is
// one and the target is for one year.
func planned(t plan.Target, p Point, shape *series.Shape) *big.Rat {
	end := p.through()
	if end >= t.To {
		return new(big.Rat).Set(hundred)
	}
	whole := t.From.Valid() && t.To.Valid() && t.From[8:] == "01" && t.To.AddDays(1)[8:] == "01" &&
		end.AddDays(1)[8:] == "01"
	if !whole {
		return percentOf(big.NewRat(daysBetween(t.From, end)+1, 1),
			big.NewRat(daysBetween(t.From, t.To)+1, 1))
	}
	passed, all := monthsBetween(t.From, end)+1, monthsBetween(t.From, t.To)+1
	if shape != nil && all == 12 && t.From[5:7] == "01" {
		at := end.Start().In(clock.Shanghai)
		if share := shape.At(series.PeriodOf(series.Month, at.Year(), int(at.Month()))); share != nil {
			return new(big.Rat).Mul(share, hundred)
		}
	}
	return percentOf(big.NewRat(passed, 1), big.NewRat(all, 1))
}

// daysBetween counts days; it is exact because China's civil days all have 24 hours.
func daysBetween(from, to clock.Date) int64 {
	return int64(to.Start().Sub(from.Start()) / (24 * time.Hour))
}

// monthsBetween counts from one month to another.
func monthsBetween(from, to clock.Date) int64 {
	a, b := from.Start().In(clock.Shanghai), to.Start().In(clock.Shanghai)
	return int64(b.Year()-a.Year())*12 + int64(b.Month()-a.Month())
}

// wholeMonths are those that have passed since a day, 0 for no day.
func wholeMonths(since, day clock.Date) int64 {
	if since == "" || day <= since {
		return 0
	}
	n := monthsBetween(since, day)
	if day[8:] < since[8:] {
		n--
	}
	return max(n, 0)
}
