package auction

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
)

// Rule says how long notice and publicity take at least, and how late bids extend an auction. It is
// that part of the dated rule of the market which is about one mode.
type Rule struct {
	NoticeDays    int64         `json:"noticeDays"`    // calendar days from the notice to the first bid
	PublicityDays int64         `json:"publicityDays"` // calendar days of the publicity of the result
	Within        time.Duration `json:"within"`        // a bid in the last so long extends …
	Extend        time.Duration `json:"extend"`        // … to so long after it
	Basis         string        `json:"basis"`         // who said so
}

func ruleOf(mode string, r market.FreshRule) Rule {
	out := Rule{NoticeDays: int64(r.AuctionDays), PublicityDays: int64(r.PublicityDays),
		Within: time.Duration(r.WithinSeconds) * time.Second,
		Extend: time.Duration(r.ExtendSeconds) * time.Second, Basis: r.Source}
	if mode == Listing {
		out.NoticeDays, out.Within, out.Extend = int64(r.ListingDays), 0, 0
	}
	return out
}

// ruleAt is the rule of a mode at a moment, the first one for a moment that was not understood.
func ruleAt(ctx context.Context, q db.Q, mode string, us int64) (Rule, error) {
	r, err := market.RuleOn(ctx, q, clock.DateOf(clock.Time(max(us, 0))))
	return ruleOf(mode, r), err
}

// RuleAt returns the rule of a mode for an auction that opens at a moment.
func (s *Service) RuleAt(ctx context.Context, mode string, us int64) (Rule, error) {
	return ruleAt(ctx, s.unit.DB(), mode, us)
}
