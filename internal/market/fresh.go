package market

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// FreshRule says how long posts stay fresh, from a day on.
type FreshRule struct {
	ID              string     `json:"id"`
	ValidFrom       clock.Date `json:"validFrom"`
	ValidTo         clock.Date `json:"validTo,omitempty"` // the first day it no longer holds
	Source          string     `json:"source"`            // who said so
	Mark            string     `json:"mark"`              // how sure it is: verified, design or local
	NeedDays        int        `json:"needDays"`          // until a need has to be confirmed again
	AchievementDays int        `json:"achievementDays"`
	RemindDays      []int      `json:"remindDays"` // days before, the most first
	GraceDays       int        `json:"graceDays"`  // days after it until the post leaves the market
}

// days is how long a post of a kind stays fresh.
func (r FreshRule) days(k Kind) int {
	if k == Need {
		return r.NeedDays
	}
	return r.AchievementDays
}

const day = 24 * time.Hour

// freshUntil is when a post that is confirmed now has to be confirmed again.
func freshUntil(_ context.Context, tx interface {
	db.Q
	NowUs() int64
}, p Post) (int64, error) {
	return tx.NowUs() + int64(shippedRules[0].days(p.Kind))*day.Microseconds(), nil
}
