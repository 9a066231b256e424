package report

import (
	"context"
	"fmt"
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

var qRaw = db.Stmt(`INSERT INTO report_report (id, code, form, title, region, day, ask, text, untold, places,
		public, state, reviewed_us, reviewed_by, published_us, published_by, document, created_us, created_by,
		creator, updated_us, version)
	VALUES ($1, $1, 'press', '太原市口径', '140100', '2026-11-29', '{"placeName":"太原市"}', $2, '', '', $3, $4, 0, '', 0,
		'', '', 1, $5, 'x', 1, 1)`)

// TestProcess tries every state × step × role.
func TestProcess(t *testing.T) {
	t.Parallel()
	create := func(text string) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			if err := db.ExecOne(ctx, tx.Tx, qRaw, "v", text, int64(0), state, "acc-officer"); err != nil {
				return "", err
			}
			return "v", setFigures(ctx, tx, "v", []Figure{{N: 1, Name: "高新技术企业", Kind: "fact", Measure: "level", Op: "=",
				Value: "4000", Unit: "家", Written: "4000家", PlaceName: "太原市", To: "2026-10-31"}})
		}
	}
	processtest.Exhaust(t, Process, processtest.Setup[Report]{
		Actors: []processtest.Actor{{Name: "author", By: officer}, {Name: "officer", By: other},
			{Name: "leader", By: leader}},
		Cases: []processtest.Case{{Name: "agrees", Create: create("截至2026年10月底，全市高新技术企业4000家。")},
			{Name: "differs", Create: create("截至2026年10月底，全市高新技术企业4001家。")}},
		Input: func(string, Report) process.Input { return process.Input{Reason: "因故"} },
	})
}

// TestListsAndRecords proves that lists show what may be opened.
func TestListsAndRecords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		ctx, u := t.Context(), dbtest.Unit(t, d)
		var all []Report
		err := u.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "fill", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			all = nil
			for i, state := range []string{StateDraft, StateReviewed, StatePublished, StateWithdrawn} {
				for public := range int64(2) {
					for _, by := range []string{"a", "b"} {
						key := fmt.Sprint(i, public, by)
						if err := db.ExecOne(ctx, tx.Tx, qRaw, key, "x", public, state, by); err != nil {
							return err
						}
						x, err := reportByID(ctx, tx, key)
						if err != nil {
							return err
						}
						all = append(all, x)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		p := rand.New(rand.NewPCG(1, 2))
		authztest.ScopeEqualsMay(t, authztest.Proof[Report]{Policy: Policy, Objects: all,
			ID:     func(x Report) string { return x.ID },
			Actors: authztest.Actors(p.IntN, 16, authztest.Pool{Accounts: []string{"a", "c"}, Actions: Policy.Actions()}),
			List:   func(w db.Where) (map[string]int64, error) { return list.CountBy(ctx, d, "r.id", w) }})
		authztest.OrderIsPicked(t, list)
	})
}
