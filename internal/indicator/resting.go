package indicator

import (
	"context"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Points (数据点) is the room that shows what definitions compute and measure: those values are no rows of
// this one, but they rest on its definitions like those that people report.
type Points interface {
	// Resting tells of the values that were made by a definition and can be seen, reported ones aside.
	Resting(ctx context.Context, q db.Q, d Definition) (Resting, error)
}

// Resting says what rests on a definition.
type Resting struct {
	Values int64
	Last   series.Period // that has a value and ends last, "" for none
}

// AskPoints names the room that shows values. It is called while the program is put together.
func (s *Service) AskPoints(p Points) { s.points = p }

var qLastApproved = db.Stmt(`SELECT period FROM indicator_observation
	WHERE definition = $1 AND state = 'approved' ORDER BY last_day DESC, period LIMIT 1`)

// reported is what people reported by a definition: all of it, and the last period of what was approved.
func reported(ctx context.Context, q db.Q, d Definition) (Resting, error) {
	n, err := db.Get(ctx, q, qDefinitionUsed, db.One[int64], d.ID)
	if err != nil {
		return Resting{}, err
	}
	last, _, err := db.Find(ctx, q, qLastApproved, db.One[string], d.ID)
	return Resting{n, series.Period(last)}, err
}

// shown is what a definition computed or measured.
func (s *Service) shown(ctx context.Context, q db.Q, d Definition) (Resting, error) {
	if s.points == nil {
		return Resting{}, nil
	}
	return s.points.Resting(ctx, q, d)
}

// untouched refuses to change a definition in place once somebody could have seen what it gives, or a
// period of it is locked: the past would say something else, without a break and without a reason.
func (s *Service) untouched(ctx context.Context, q db.Q, d Definition) error {
	typed, err := reported(ctx, q, d)
	if err != nil {
		return err
	}
	made, err := s.shown(ctx, q, d)
	if err != nil {
		return err
	}
	if n := typed.Values + made.Values; n > 0 {
		return fault.New(fault.Conflict, "已有 %d 个数值以这一版口径为准，不能再改；请建立新的版本", n)
	}
	lock, err := s.lockedFrom(ctx, q, d.Indicator, d.From, d.To)
	if err == nil && lock != "" {
		err = fault.New(fault.Conflict, "这一版口径有已锁定的期别（至 %s），不能再改；请建立新的版本", string(lock))
	}
	return err
}

// lockedFrom is the last day that is locked for an indicator within [from, to), "" when none is.
func (s *Service) lockedFrom(
	ctx context.Context, q db.Q, indicatorID string, from, to clock.Date,
) (clock.Date, error) {
	all, err := s.openLocks(ctx, q)
	var out clock.Date
	for _, l := range all[indicatorID] {
		if clock.Date(l.Last) >= from && (to == "" || clock.Date(l.First) < to) {
			out = max(out, clock.Date(l.Last))
		}
	}
	return out, err
}
