package plan

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// This file is what the rooms of indicators need of the indicators here, within writes of their own.

// InUnit returns a number of one unit in another, 30620万元 as 3.062亿元. It reports false when the
// units measure different things or the result has more digits than a Decimal holds.
func InUnit(v Decimal, from, to string) (Decimal, bool) {
	r := inUnit(v.Rat(), from, to)
	if r == nil {
		return "", false
	}
	out := decimalOf(r)
	_, part, _ := strings.Cut(string(out), ".")
	return out, len(part) <= maxFraction && out.Valid()
}

// SameUnit reports whether numbers of one unit can be told in the other.
func SameUnit(a, b string) bool { return inUnit(hundred, a, b) != nil }

// FindIndicator returns the indicator in use that goes by a name or another name.
func (s *Service) FindIndicator(ctx context.Context, q db.Q, name string) (Indicator, bool, error) {
	return db.Find(ctx, q, qIndicatorKey, scanIndicator, phraseKey(tidy(name)))
}

// IndicatorIn returns an indicator within the read or write of another room, which asks for permission.
func (s *Service) IndicatorIn(ctx context.Context, q db.Q, indicatorID string) (Indicator, error) {
	return indicatorByID(ctx, q, indicatorID)
}

// CreateIndicatorIn is CreateIndicator within the write of another room: the actor of the write must be
// one who may.
func (s *Service) CreateIndicatorIn(
	ctx context.Context, tx *unit.Tx, in NewIndicator,
) (Indicator, error) {
	return s.createIndicator(ctx, tx, in)
}
