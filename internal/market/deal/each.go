package deal

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
)

// DealsByID returns the introductions that have these ids, in no order, whoever asks: rooms that
// call it ask DealPolicy themselves before they show any of it.
func DealsByID(ctx context.Context, q db.Q, ids []string) ([]Deal, error) {
	var out []Deal
	for _, one := range ids {
		d, found, err := db.Find(ctx, q, qDeal, scanDeal, one)
		if err != nil {
			return nil, err
		}
		if found {
			out = append(out, d)
		}
	}
	return out, nil
}
