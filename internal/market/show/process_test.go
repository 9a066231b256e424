package show

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var qRaw = db.Stmt(`INSERT INTO show_event (id, code, kind, title, text, place, region, contact, org,
		org_now, org_name, starts_us, ends_us, signup_until_us, capacity, talk_from_us, talk_minutes,
		talk_rounds, talk_tables, report, report_days, state, created_us, created_by, updated_us, version)
	VALUES ($1, $1, 'roadshow', 'x', '', 'x', '140100', '', $2, $2, $2, 1, 2, 1, 10, 0, 0, 0, 0, $3, 10,
		$4, 1, 'acc', 1, 1)`)

var qRawSignup = db.Stmt(`INSERT INTO show_signup (id, show, number, account, name, duty, phone, note,
		org, org_now, org_name, state, serial, checked_us, checked_by, created_us, version)
	VALUES ($1, $2, $3, $4, $1, '', '', '', '', '', '', $5, 1, 0, '', 1, 1)`)

func rawSlot(ctx context.Context, tx *unit.Tx, showID string) error {
	return db.ExecOne(ctx, tx.Tx, qSlotAdd, "slot-"+showID, showID, int64(1), int64(2), "x", "", "", "",
		"", "")
}

// TestProcess tries every state × step × role.
func TestProcess(t *testing.T) {
	create := func(whole bool) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			report := ""
			if whole {
				report = "很成功"
				if err := rawSlot(ctx, tx, "v"); err != nil {
					return "", err
				}
			}
			return "v", db.ExecOne(ctx, tx.Tx, qRaw, "v", "org-1", report, state)
		}
	}
	processtest.Exhaust(t, Process, processtest.Setup[Show]{
		Actors: []processtest.Actor{
			{Name: "officer", By: officer},
			{Name: "organiser", By: authz.Actor{Account: "o", Org: "org-1", Role: authz.University,
				Via: authz.ViaSession}},
			{Name: "other", By: authz.Actor{Account: "p", Org: "org-2", Role: authz.University,
				Via: authz.ViaSession}},
		},
		Cases: []processtest.Case{{Name: "complete", Create: create(true)},
			{Name: "empty", Create: create(false)}},
		Input: func(string, Show) process.Input { return process.Input{Reason: "因故"} },
	})
}

// TestScopes proves that lists show what may be shown.
func TestScopes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, u := t.Context(), dbtest.Unit(t, d)
		orgs, accounts := []string{"org-1", "org-2"}, []string{"acc-1", "acc-2"}
		var shows []Show
		var people []Signup
		err := u.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "fill", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			shows, people = nil, nil
			for i, st := range Process.Def().States {
				for j, org := range orgs {
					showID := st.Name + org
					if err := db.ExecOne(ctx, tx.Tx, qRaw, showID, org, "", st.Name); err != nil {
						return err
					}
					for k, account := range accounts {
						state := []string{Confirmed, Waiting, Dropped}[(i+j+k)%3]
						if err := db.ExecOne(ctx, tx.Tx, qRawSignup, showID+account, showID, int64(k), account,
							state); err != nil {
							return err
						}
						g, err := db.Get(ctx, tx, qSignup, scanSignup, showID+account)
						if err != nil {
							return err
						}
						people = append(people, g)
					}
					x, err := byID(ctx, tx, showID)
					if err != nil {
						return err
					}
					shows = append(shows, x)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 2))
		pool := authztest.Pool{Orgs: orgs, Accounts: accounts,
			Actions: append(Policy.Actions(), SignupPolicy.Actions()...)}
		actors := authztest.Actors(r.IntN, 16, pool)
		authztest.ScopeEqualsMay(t, authztest.Proof[Show]{Policy: Policy, Objects: shows,
			ID: func(x Show) string { return x.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return list.CountBy(ctx, d, "s.id", w) }})
		authztest.ScopeEqualsMay(t, authztest.Proof[Signup]{Policy: SignupPolicy, Objects: people,
			ID: func(g Signup) string { return g.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return signups.CountBy(ctx, d, "g.id", w) }})
		authztest.OrderIsPicked(t, list)
		authztest.OrderIsPicked(t, signups)
	})
}
