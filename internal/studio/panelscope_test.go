package studio

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Lists show exactly the panels that May allows: to the bureau all, to an expert those that ask for the expert.
func TestPanelScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var all []Panel
		err := dbtest.Unit(t, d).Write(ctx, authz.Actor{Via: authz.ViaSystem}, "fill", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			for i, guests := range [][]string{{}, {"a"}, {"b"}, {"a", "b"}} {
				panelID := fmt.Sprint("p", i)
				if err := db.ExecOne(ctx, tx.Tx, qPanelAdd, panelID, "s", "x", "", "[]", int64(i), "acc"); err != nil {
					return err
				}
				for _, g := range guests {
					err := db.ExecOne(ctx, tx.Tx, qSeatAdd, panelID+g, panelID, g, "专家"+g, "", "", int64(0), int64(1))
					if err != nil {
						return err
					}
				}
				p, _, err := panelByID(ctx, tx, panelID)
				if err != nil {
					return err
				}
				all = append(all, p)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		actors := authztest.Actors(rand.New(rand.NewPCG(5, 6)).IntN, 24, authztest.Pool{Orgs: []string{"o"},
			Accounts: []string{"a", "b", "c"}, Actions: PanelPolicy.Actions()})
		authztest.OrderIsPicked(t, panels)
		authztest.ScopeEqualsMay(t, authztest.Proof[Panel]{Policy: PanelPolicy, Objects: all,
			ID: func(p Panel) string { return p.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return panels.CountBy(ctx, d, "p.id", w) }})
	})
}
