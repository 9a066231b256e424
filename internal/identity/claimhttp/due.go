package claimhttp

import (
	"context"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
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

// maxRounds bounds how many pages of overdue clocks are read to find one claim the actor may see.
const maxRounds = 25

// overdue returns the claims past their time that the actor may read, the longest overdue first.
// The clocks know no region: what the actor may not read is left out, so a page may be short, and
// only empty when there are no more.
func (h *Handler) overdue(
	ctx context.Context, by authz.Actor, f identity.ClaimFilter, at db.PageReq,
) (db.Page[identity.Claim], error) {
	var out db.Page[identity.Claim]
	now := h.now()
	for range maxRounds {
		page, err := process.Overdue(ctx, h.deps.DB, now, ofClaims(), at)
		if err != nil {
			return out, err
		}
		if out.Items, err = h.readable(ctx, by, f, page.Items); err != nil {
			return out, err
		}
		out.Next, out.Prev = page.Next, page.Prev
		backwards := at.Before != "" || at.Last
		switch {
		case len(out.Items) > 0:
			return out, nil
		case backwards && page.Prev != "":
			at = db.PageReq{Before: page.Prev, Limit: at.Limit}
		case !backwards && page.Next != "":
			at = db.PageReq{After: page.Next, Limit: at.Limit}
		default:
			return db.Page[identity.Claim]{}, nil
		}
	}
	return out, nil
}

// readable returns the claims of clocks that the actor may read and the filter lets through.
func (h *Handler) readable(
	ctx context.Context, by authz.Actor, f identity.ClaimFilter, runs []process.Run,
) ([]identity.Claim, error) {
	var out []identity.Claim
	for _, run := range runs {
		d, err := h.room.GetClaim(ctx, by, run.Object)
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if passes(d.Claim, f) {
			out = append(out, d.Claim)
		}
	}
	return out, nil
}

// passes applies the room's filter to one claim.
func passes(c identity.Claim, f identity.ClaimFilter) bool {
	q := strings.Join(strings.Fields(f.Query), " ")
	return (q == "" || strings.HasPrefix(c.OrgName, q) || strings.EqualFold(c.USCC, q)) &&
		(f.Region == "" || region.Code(f.Region).Contains(region.Code(c.Region)))
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
