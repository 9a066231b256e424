package auction

import (
	"cmp"
	"context"
	"math/rand/v2"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var qRaw = db.Stmt(`INSERT INTO auction_item (id, code, post, post_title, org, org_now, org_name, mode, text,
		start_fen, reserve_fen, increment_fen, deposit_fen, opens_us, ends_us, within_us, extend_us,
		notice_days, publicity_days, noticed_us, publicised_us, begun, closed, closes_us, price_fen,
		second_fen, leader, bids, winner, pay_fen, state, created_us, created_by, updated_us, version)
	VALUES ($1, $1, $11, 'x', $2, $2, $2, $3, '', 100, 0, 10, 0, $4, $5, 0, 0, 7, 7, 1, $6, $7, FALSE, $5, 0,
		0, $8, $9, $8, 0, $10, 1, 'acc', 1, 1)`)

// raw is an auction that stands where a test wants it: due for every step, or for none.
type raw struct {
	mode, winner string
	bids         int64
	due          bool
	post         string // "" = one that is in the market
}

func (r raw) create(ctx context.Context, tx *unit.Tx, state string) (string, error) {
	tx.Audit(audit.Entry{Kind: "test", What: "create"})
	now := clock.Us(dbtest.Start)
	const day = int64(24 * 3600 * 1e6)
	opens, closes, publicised := now-day, now-1, int64(1)
	if !r.due {
		opens, closes, publicised = now+day, now+2*day, now
	}
	if state == Draft && r.due {
		opens, closes = now+30*day, now+31*day
	}
	begun := state != Draft && state != Notice
	return "v", db.ExecOne(ctx, tx.Tx, qRaw, "v", "org-1", r.mode, opens, closes, publicised, begun,
		r.winner, r.bids, state, cmp.Or(r.post, "v"))
}

// TestProcess tries every state × step × role.
func TestProcess(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	x.posts.left = "gone"
	processtest.Exhaust(t, x.items, processtest.Setup[Item]{
		Actors: []processtest.Actor{
			{Name: "officer", By: officerActor},
			{Name: "seller", By: authz.Actor{Account: "o", Org: "org-1", Role: authz.University,
				Via: authz.ViaSession}},
			{Name: "buyer", By: authz.Actor{Account: "p", Org: "org-2", Role: authz.Enterprise,
				Via: authz.ViaSession}},
		},
		Cases: []processtest.Case{
			{Name: "due, with a winner", Create: raw{English, "w", 2, true, ""}.create},
			{Name: "listing with two takers", Create: raw{Listing, "", 2, true, ""}.create},
			{Name: "without bids", Create: raw{English, "", 0, true, ""}.create},
			{Name: "too early", Create: raw{English, "w", 2, false, ""}.create},
			{Name: "achievement gone", Create: raw{English, "w", 2, true, "gone"}.create},
		},
		Input: func(step string, _ Item) process.Input {
			if step == StepContest {
				return process.Input{Data: follower{"next"}}
			}
			return process.Input{Reason: "因故"}
		},
	})
}

var qRawApplicant = db.Stmt(`INSERT INTO auction_applicant (id, auction, number, account, org, org_now,
		org_name, contact, note, state, reason, deposit_fen, deposit_state, deposit_us, created_us, version)
	VALUES ($1, $2, $3, '', $4, $4, '', '', '', $5, '', 0, 'none', 0, 1, 1)`)

// TestScopes proves that lists show what may be shown.
func TestScopes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, u := t.Context(), dbtest.Unit(t, d)
		orgs := []string{"org-1", "org-2"}
		var items []Item
		var people []Applicant
		err := u.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "fill", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			items, people = nil, nil
			for _, st := range Process.Def().States {
				for _, org := range orgs {
					itemID := st.Name + org
					err := db.ExecOne(ctx, tx.Tx, qRaw, itemID, org, English, int64(1), int64(2), int64(1), true, "",
						int64(0), st.Name, itemID)
					if err != nil {
						return err
					}
					x, err := byID(ctx, tx, itemID)
					if err != nil {
						return err
					}
					items = append(items, x)
				}
			}
			for i, state := range []string{StateApplied, StateAdmitted, StateRefused} {
				for j, org := range orgs {
					applicantID := state + org
					err := db.ExecOne(ctx, tx.Tx, qRawApplicant, applicantID, state, int64(2*i+j), org, state)
					if err != nil {
						return err
					}
					a, err := db.Get(ctx, tx, qApplicant, scanApplicant, applicantID)
					if err != nil {
						return err
					}
					people = append(people, a)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 2))
		actors := authztest.Actors(r.IntN, 16, authztest.Pool{Orgs: orgs, Accounts: []string{"acc"},
			Actions: append(Policy.Actions(), ApplicantPolicy.Actions()...)})
		authztest.ScopeEqualsMay(t, authztest.Proof[Item]{Policy: Policy, Objects: items,
			ID: func(x Item) string { return x.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return list.CountBy(ctx, d, "x.id", w) }})
		authztest.ScopeEqualsMay(t, authztest.Proof[Applicant]{Policy: ApplicantPolicy, Objects: people,
			ID: func(a Applicant) string { return a.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) {
				return applicants.CountBy(ctx, d, "a.id", w)
			}})
		authztest.OrderIsPicked(t, list)
	})
}
