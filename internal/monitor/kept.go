package monitor

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// Recount is what would be computed or measured today of a period that is locked, where it differs from
// what the period says.
type Recount struct {
	Value plan.Decimal `json:"value,omitempty"` // "" = nothing could be computed
	Unit  string       `json:"unit,omitempty"`
}

var (
	qSpans    = db.Stmt(`SELECT in_lock, indicator, first_day, last_day FROM monitor_lock WHERE indicator = $1`)
	qSpansAll = db.Stmt(`SELECT in_lock, indicator, first_day, last_day FROM monitor_lock`)
	qSpanAdd  = db.Stmt(`INSERT INTO monitor_lock (in_lock, indicator, first_day, last_day) VALUES ($1, $2, $3, $4)`)
	qSpanDrop = db.Stmt(`DELETE FROM monitor_lock WHERE in_lock = $1 AND indicator = $2`)
	qKept     = db.Stmt(`SELECT ` + pointColumns + ` FROM monitor_kept AS p WHERE p.indicator = $1`)
	qKeptDrop = db.Stmt(`DELETE FROM monitor_kept WHERE in_lock = $1 AND indicator = $2`)
	qKeptAdd  = db.Stmt(`INSERT INTO monitor_kept (in_lock, indicator, region, about, about_name, last_day, period,
			value, qualifier, unit, as_of, definition, era, cumulative, origin, source, evidence, revision,
			at_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`)
	qPointsMade = db.Stmt(`SELECT ` + pointColumns + ` FROM monitor_point AS p
		WHERE p.indicator = $1 AND p.origin <> 'observation' AND p.last_day >= $2 AND p.last_day <= $3`)
	qResting = db.Stmt(`SELECT COUNT(*) FROM monitor_point
		WHERE indicator = $1 AND definition = $2 AND origin <> 'observation'`)
	qRestingLast = db.Stmt(`SELECT period FROM monitor_point
		WHERE indicator = $1 AND definition = $2 AND origin <> 'observation'
		ORDER BY last_day DESC, period LIMIT 1`)
)

func scanSpan(r db.Row) (indicator.LockedSpan, error) {
	var l indicator.LockedSpan
	err := r.Scan(&l.Lock, &l.Indicator, &l.First, &l.Last)
	return l, err
}

// Resting implements indicator.Points.
func (s *Service) Resting(ctx context.Context, q db.Q, d indicator.Definition) (indicator.Resting, error) {
	n, err := db.Get(ctx, q, qResting, db.One[int64], d.Indicator, d.ID)
	if err != nil {
		return indicator.Resting{}, err
	}
	last, _, err := db.Find(ctx, q, qRestingLast, db.One[string], d.Indicator, d.ID)
	return indicator.Resting{Values: n, Last: series.Period(last)}, err
}

// keeping is what locks keep of an indicator: no value of a locked period is another one than it was when
// the period was locked, and none comes to be. What people reported cannot change then anyway.
type keeping struct {
	spans []indicator.LockedSpan
	kept  map[Cell]map[series.Period]stored
}

func (s *Service) keepingOf(ctx context.Context, q db.Q, indicatorID string) (keeping, error) {
	k := keeping{kept: map[Cell]map[series.Period]stored{}}
	var err error
	if k.spans, err = db.All(ctx, q, qSpans, scanSpan, indicatorID); err != nil || len(k.spans) == 0 {
		return k, err
	}
	list, err := db.All(ctx, q, qKept, scanPoint, indicatorID)
	for _, p := range list {
		if k.kept[p.Cell] == nil {
			k.kept[p.Cell] = map[series.Period]stored{}
		}
		k.kept[p.Cell][p.Period] = p
	}
	return k, err
}

func (k keeping) closes(p series.Period) bool {
	return slices.ContainsFunc(k.spans, func(l indicator.LockedSpan) bool { return l.Closes(p) })
}

// at is the point of a cell and a period, made is what is computed or measured of it now, nil for nothing.
func (k keeping) at(c Cell, p series.Period, made *stored, w ways) (stored, bool) {
	old, known := k.kept[c][p]
	switch {
	case k.closes(p) && known:
	case k.closes(p), made == nil:
		return stored{}, false
	default:
		return *made, true
	}
	old.era = w.era[old.Definition]
	old.Evidence.Locked, old.Evidence.Recount = true, nil
	switch {
	case made == nil:
		old.Evidence.Recount = &Recount{}
	case made.Value != old.Value || made.Unit != old.Unit:
		old.Evidence.Recount = &Recount{Value: made.Value, Unit: made.Unit}
	}
	return old, true
}

// over puts what is kept over what is made now.
func (k keeping) over(points []stored, w ways) []stored {
	if len(k.spans) == 0 {
		return points
	}
	seen := map[Cell]map[series.Period]bool{}
	var out []stored
	for _, p := range points {
		if seen[p.Cell] == nil {
			seen[p.Cell] = map[series.Period]bool{}
		}
		seen[p.Cell][p.Period] = true
		if p.Origin == FromObservation {
			out = append(out, p)
			continue
		}
		if x, ok := k.at(p.Cell, p.Period, &p, w); ok {
			out = append(out, x)
		}
	}
	for c, periods := range k.kept {
		for period := range periods {
			if x, ok := k.at(c, period, nil, w); ok && !seen[c][period] {
				out = append(out, x)
			}
		}
	}
	return out
}

// syncLocks keeps what was locked and lets go of what was unlocked, and returns the indicators it was of.
// It is called for the event of a lock, so that what was known before is kept and nothing later.
func (s *Service) syncLocks(ctx context.Context, tx *db.Tx) ([]string, error) {
	fresh, gone, err := s.lockNews(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, l := range gone {
		for _, st := range []*db.Statement{qSpanDrop, qKeptDrop} {
			if _, err := db.Exec(ctx, tx, st, l.Lock, l.Indicator); err != nil {
				return nil, err
			}
		}
		out = append(out, l.Indicator)
	}
	for _, l := range fresh {
		if err := s.keepSpan(ctx, tx, l); err != nil {
			return nil, err
		}
		out = append(out, l.Indicator)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	for _, indicatorID := range out {
		if _, err := s.refreshAll(ctx, tx, indicatorID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// lockNews compares what is locked with what is kept.
func (s *Service) lockNews(ctx context.Context, q db.Q) (fresh, gone []indicator.LockedSpan, err error) {
	live, err := s.opt.Indicator.LockedSpans(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	held, err := db.All(ctx, q, qSpansAll, scanSpan)
	fresh = slices.DeleteFunc(slices.Clone(live), func(l indicator.LockedSpan) bool { return slices.Contains(held, l) })
	gone = slices.DeleteFunc(held, func(l indicator.LockedSpan) bool { return slices.Contains(live, l) })
	return fresh, gone, err
}

// keepSpan keeps what is computed and measured of an indicator in a span.
func (s *Service) keepSpan(ctx context.Context, tx *db.Tx, l indicator.LockedSpan) error {
	points, err := db.All(ctx, tx, qPointsMade, scanPoint, l.Indicator, l.First, l.Last)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, p := range points {
		if !l.Closes(p.Period) {
			continue
		}
		p.Evidence.Locked, p.Evidence.Recount = false, nil
		rows = append(rows, append([]any{l.Lock}, p.row()...))
	}
	if _, err := db.Exec(ctx, tx, qSpanAdd, l.Lock, l.Indicator, l.First, l.Last); err != nil {
		return err
	}
	_, err = db.InsertMany(ctx, tx, qKeptAdd, rows)
	return err
}
