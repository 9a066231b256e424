package claimhttp

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/process"
)

// farYears is further ahead than any deadline of a claim.
const farYears = 10

// ofClaims is the condition for the clocks of claims.
func ofClaims() db.Where {
	return db.Where{}.And("process = $1", identity.ClaimProcess.Name())
}

// running returns the clocks of the claims of one page, by claim.
func (h *Handler) running(
	ctx context.Context, items []identity.Claim,
) (map[string][]process.Run, error) {
	var shown []db.Where
	for _, c := range items {
		if c.State == identity.ClaimSubmitted {
			shown = append(shown, db.Where{}.And("object_id = $1", c.ID))
		}
	}
	out := map[string][]process.Run{}
	if len(shown) == 0 {
		return out, nil
	}
	page, err := process.Overdue(ctx, h.deps.DB, h.now().AddDate(farYears, 0, 0),
		ofClaims().AndAll(db.Or(shown...)), db.PageReq{Limit: len(shown)})
	for _, run := range page.Items {
		out[run.Object] = append(out[run.Object], run)
	}
	return out, err
}

// late reports whether a claim is past its time.
func late(runs []process.Run, now time.Time) bool {
	for _, run := range runs {
		if run.EndedUs == 0 && run.PausedUs == 0 && run.DueUs < now.UnixMicro() {
			return true
		}
	}
	return false
}
