package monitor

import (
	"cmp"
	"context"
	"math/big"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Relit is what computing lights did.
type Relit struct {
	Targets int `json:"targets"`
	Changed int `json:"changed"`
	Opened  int `json:"opened"` // tasks
}

func (r *Relit) add(o Relit) {
	r.Targets, r.Changed, r.Opened = r.Targets+o.Targets, r.Changed+o.Changed, r.Opened+o.Opened
}

const lightsBatch = 100

// relight computes the lights of all targets in force, a batch in one write.
func (s *Service) relight(ctx context.Context) (Relit, error) {
	var out Relit
	for last := ""; ; {
		targets, err := s.opt.Plan.TargetsAfter(ctx, s.unit.DB(), last, lightsBatch)
		if err != nil {
			return out, err
		}
		end := lastID
		if len(targets) == lightsBatch {
			end = targets[len(targets)-1].ID
		}
		some, err := s.relightSome(ctx, targets, last, end)
		if err != nil {
			return out, err
		}
		out.add(some)
		if len(targets) < lightsBatch {
			return out, nil
		}
		last = end
	}
}

// lastID is behind every id.
const lastID = "~"

// relightOf computes the lights of the targets of an indicator.
func (s *Service) relightOf(ctx context.Context, indicatorID string) (Relit, error) {
	targets, err := s.opt.Plan.TargetsOf(ctx, s.unit.DB(), indicatorID)
	if err != nil {
		return Relit{}, err
	}
	var out Relit
	for some := range slices.Chunk(targets, lightsBatch) {
		lit, err := s.relightSome(ctx, some, "", "")
		if err != nil {
			return out, err
		}
		out.add(lit)
	}
	return out, nil
}

// relightSome computes lights in one write. Lights of other targets in (after, end] are put out: those
// targets were dropped.
func (s *Service) relightSome(
	ctx context.Context, targets []plan.Target, after, end string,
) (Relit, error) {
	var out Relit
	err := s.unit.Write(ctx, plan.Keeper(), "monitor.lights", func(tx *unit.Tx) error {
		out = Relit{Targets: len(targets)}
		w, err := s.watchAt(ctx, tx, clock.DateOf(clock.Time(tx.NowUs())))
		if err != nil {
			return err
		}
		if end != "" {
			if out.Changed, err = putOut(ctx, tx, targets, after, end); err != nil {
				return err
			}
		}
		for _, t := range targets {
			changed, opened, err := s.relightOne(ctx, tx, w, t)
			if err != nil {
				return err
			}
			out.add(Relit{Changed: changed, Opened: opened})
		}
		if out.Changed+out.Opened > 0 {
			tx.Audit(audit.Entry{Kind: kindLight, What: "lights", Detail: out})
		}
		return nil
	})
	return out, err
}

// putOut removes the lights of targets that are not in force any more.
func putOut(ctx context.Context, tx *unit.Tx, targets []plan.Target, after, end string) (int, error) {
	ids, err := db.All(ctx, tx, qLightIDs, db.One[string], after, end)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, targetID := range ids {
		if slices.ContainsFunc(targets, func(t plan.Target) bool { return t.ID == targetID }) {
			continue
		}
		if _, err := db.Exec(ctx, tx.Tx, qLightDrop, targetID); err != nil {
			return n, err
		}
		if _, err := db.Exec(ctx, tx.Tx, qAlertsRecover, targetID, tx.NowUs()); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// watch is what looking at targets on a day needs, read once for many.
type watch struct {
	s    *Service
	rule Rule
	day  clock.Date
	what map[string]plan.Indicator
	ways map[string]ways
}

func (s *Service) watchAt(ctx context.Context, q db.Q, day clock.Date) (*watch, error) {
	rule, err := ruleAt(ctx, q, day)
	return &watch{s: s, rule: rule, day: day, what: map[string]plan.Indicator{},
		ways: map[string]ways{}}, err
}

// indicator returns an indicator with the ways it is counted.
func (w *watch) indicator(ctx context.Context, q db.Q, indicatorID string) (plan.Indicator, ways, error) {
	if x, known := w.what[indicatorID]; known {
		return x, w.ways[indicatorID], nil
	}
	x, err := w.s.opt.Plan.IndicatorIn(ctx, q, indicatorID)
	if err != nil {
		return x, ways{}, err
	}
	defs, err := w.s.opt.Indicator.Definitions(ctx, q, indicatorID)
	w.what[indicatorID], w.ways[indicatorID] = x, waysOf(defs)
	return x, w.ways[indicatorID], err
}

// look says where a target stands and what its light is.
func (w *watch) look(ctx context.Context, q db.Q, t plan.Target) (Standing, Light, error) {
	x, ways, err := w.indicator(ctx, q, t.Indicator)
	if err != nil {
		return Standing{}, Light{}, err
	}
	on, err := w.s.seriesFor(ctx, q, t)
	if err != nil {
		return Standing{}, Light{}, err
	}
	k := Known{Points: on.points, Down: x.Direction == "down", Lacking: lacking(t, ways, on.points, w.day)}
	if on.due {
		k.DueFrom = w.s.dueFrom(ways, on.points, t, w.day)
	}
	if w.rule.Shape == ShapeSeason {
		k.Shape = shapeOf(on.points, t)
	}
	st := StandingOf(t, k, w.day)
	st.Series = on.Cell
	before, err := yellowBefore(ctx, q, t, st)
	return st, LightOf(w.rule, st, before), err
}

// yellowBefore counts the periods in a row right before the present one that were yellow.
func yellowBefore(ctx context.Context, q db.Q, t plan.Target, st Standing) (int, error) {
	if st.Point == nil {
		return 0, nil
	}
	type cycle struct{ day, colour string }
	list, err := db.All(ctx, q, qCycles, func(r db.Row) (cycle, error) {
		var c cycle
		err := r.Scan(&c.day, &c.colour)
		return c, err
	}, t.ID, string(st.Point.LastDay()))
	n := 0
	for _, c := range list {
		if c.colour != string(plan.Yellow) {
			break
		}
		n++
	}
	return n, err
}

// dueFrom is the day by which the earliest value that is missing was due, "" when none is missing. Only
// what people report can be missing.
func (s *Service) dueFrom(w ways, points []Point, t plan.Target, day clock.Date) clock.Date {
	for i, d := range slices.Backward(w.list) {
		if i != len(w.list)-1 || d.Kind == indicator.Measured || d.Kind == indicator.Computed ||
			d.DueDays == 0 {
			return ""
		}
		for p := firstPeriod(d.PeriodKind(), max(t.From, d.From)); p.Valid(); p = p.Next() {
			end := clock.Date(p.LastDay())
			if end > t.To || end > day || !d.Holds(end) {
				return ""
			}
			if slices.ContainsFunc(points, func(x Point) bool { return x.LastDay() >= end }) {
				continue
			}
			if due := s.workingDays(end, int(d.DueDays)); due < day {
				return due
			}
			return ""
		}
	}
	return ""
}

// firstPeriod is the first period of a kind that ends on a day or later.
func firstPeriod(kind series.Kind, day clock.Date) series.Period {
	at := day.Start().In(clock.Shanghai)
	return series.PeriodOf(kind, at.Year(), int(at.Month()))
}

// workingDays adds working days. Where no calendar is published for a day yet, Mondays to Fridays are
// taken for working.
func (s *Service) workingDays(from clock.Date, n int) clock.Date {
	if n <= 0 {
		return from
	}
	if s.opt.Dict != nil {
		if day, err := s.opt.Dict.Calendar().AddWorkingDays(from, n); err == nil {
			return day
		}
	}
	for day := from; ; {
		day = day.AddDays(1)
		if wd := day.Start().In(clock.Shanghai).Weekday(); wd >= 1 && wd <= 5 {
			n--
		}
		if n == 0 {
			return day
		}
	}
}

// relightOne computes a light, stores it when it changed, and sets going what follows from it.
func (s *Service) relightOne(
	ctx context.Context, tx *unit.Tx, w *watch, t plan.Target,
) (changed, opened int, err error) {
	st, light, err := w.look(ctx, tx, t)
	if err != nil {
		return 0, 0, err
	}
	_, ways, err := w.indicator(ctx, tx, t.Indicator)
	if err != nil {
		return 0, 0, err
	}
	if light.Colour == plan.Red && cameLate(t) {
		light.Reasons = append(light.Reasons, plan.Note{Key: "%s 登记目标时期间已过，只亮灯，不开任务",
			Args: []any{string(recorded(t))}})
	}
	row := rowOf(t, st, light, w.rule.ID, digitsOf(t, ways.latest()))
	row.Owner = ways.latest().OrgNow()
	row.Lead, row.LeadName = cmp.Or(t.UnitNow(), row.Owner),
		cmp.Or(t.OrgName, ways.latest().OrgName)
	row.AtUs = tx.NowUs()
	if st.Point != nil && light.base != "" {
		_, err := db.Exec(ctx, tx.Tx, qCyclePut, t.ID, string(st.Point.LastDay()), string(light.base))
		if err != nil {
			return 0, 0, err
		}
	}
	old, found, err := db.Find(ctx, tx, qLight, scanLight, t.ID)
	if err != nil {
		return 0, 0, err
	}
	if !found || !row.same(old) {
		changed = 1
		if _, err := db.Exec(ctx, tx.Tx, qLightPut, row.row()...); err != nil {
			return 0, 0, err
		}
	}
	if old.Light.Colour != light.Colour {
		tx.Emit(outbox.Event{Kind: EventLight, Object: t.ID,
			Data: LightEvent{Indicator: t.Indicator, From: old.Light.Colour, To: light.Colour}})
	}
	opened, err = s.followLight(ctx, tx, w, t, row, ways.latest())
	return changed, opened, err
}

// recorded is the day a target came to be known here.
func recorded(t plan.Target) clock.Date { return clock.DateOf(clock.Time(t.CreatedUs)) }

// cameLate says that the period of a target was over before the target was recorded, as when old plans are
// filed: its light says how it ended, and there is nothing left to press for.
func cameLate(t plan.Target) bool { return t.To < recorded(t) }

// latest is the definition in force last.
func (w ways) latest() indicator.Definition {
	if len(w.list) == 0 {
		return indicator.Definition{}
	}
	return w.list[len(w.list)-1]
}

// growthDigits is how many digits behind the point a rate of growth is told with.
const growthDigits = 2

// digitsOf is how many digits behind the point a figure of a target deserves: as many as its definition or
// its goal is told with, in the unit of the target.
func digitsOf(t plan.Target, d indicator.Definition) int {
	_, goal, _ := strings.Cut(string(t.Value), ".")
	switch {
	case t.Measure == "growth":
		return max(growthDigits, len(goal))
	case d.ID == "":
		return len(goal)
	}
	n := int(d.Places)
	one, ok := plan.Convert(big.NewRat(1, 1), d.Unit, t.Unit)
	if ok {
		ten := big.NewRat(10, 1)
		for ; one.Cmp(big.NewRat(1, 1)) < 0; n++ {
			one = new(big.Rat).Mul(one, ten)
		}
		for ; one.Cmp(ten) >= 0; n-- {
			one = new(big.Rat).Quo(one, ten)
		}
	}
	return min(max(n, len(goal), 0), maxDigits)
}

// maxDigits is how many digits behind the point a number is stored with at most.
const maxDigits = 8

// told writes a figure with so many digits behind the point at most, "" for none.
func told(r *big.Rat, digits int) plan.Decimal {
	if r == nil {
		return ""
	}
	d, _ := plan.ParseDecimal(r.FloatString(digits))
	return d
}

// needed writes what must be brought at least: rounded up, so that enough comes together.
func needed(r *big.Rat, digits int) plan.Decimal {
	if r == nil {
		return ""
	}
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	scaled := new(big.Rat).Mul(r, new(big.Rat).SetInt(ten))
	whole, rest := new(big.Int).QuoRem(scaled.Num(), scaled.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		whole.Add(whole, big.NewInt(1))
	}
	return told(new(big.Rat).SetFrac(whole, ten), digits)
}

// rowOf writes down where a target stands, figures with so many digits behind the point.
func rowOf(t plan.Target, st Standing, light Light, ruleID string, digits int) LightRow {
	out := LightRow{Target: t.ID, Indicator: t.Indicator, Name: t.Name, Region: t.Region, Org: t.UnitNow(),
		OrgName: t.OrgName, SeriesOrg: st.Series.Org, Measure: t.Measure, Op: t.Op, Goal: t.Value,
		Unit: t.Unit, From: t.From, To: t.To,
		Light: light, Completion: percentText(st.Completion), Progress: percentText(st.Progress),
		Planned: percentText(st.Planned), Behind: percentText(st.Behind), Rule: ruleID,
		urgency: urgencies[light.Colour]}
	out.Value, out.Gap, out.Monthly = told(st.Value, digits), told(st.Gap, digits), needed(st.Monthly, digits)
	if st.Point != nil {
		out.Period, out.Qualifier, out.AsOf = st.Point.Period, st.Point.Qualifier, st.Point.AsOf
	}
	return out
}

// percentText writes percent with two decimals at most, "" for none.
func percentText(r *big.Rat) plan.Decimal {
	if r == nil {
		return ""
	}
	d, _ := plan.ParseDecimal(r.FloatString(2))
	return d
}

// shapeOf is how the total of a year usually grows, from the last three years before a target whose
// every period is known; nil where there is none.
func shapeOf(points []Point, t plan.Target) *series.Shape {
	kind, values := singles(points)
	shape, ok := series.UsualShape(values, kind, t.From.Start().In(clock.Shanghai).Year())
	if !ok {
		return nil
	}
	return &shape
}
