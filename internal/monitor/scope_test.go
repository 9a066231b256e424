package monitor

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
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Lists show exactly the lights that May allows: also to the unit that answers for the target, and to the
// one that answers for the indicator.
func TestLightScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, r := t.Context(), rand.New(rand.NewPCG(3, 4))
		orgs, places := []string{"", "org-1", "org-2"}, []string{"140100", "140105", "140106", "140400"}
		var lights []LightRow
		err := dbtest.Unit(t, d).Write(ctx, authz.Actor{Account: "a", Via: authz.ViaSystem}, "fill",
			func(tx *unit.Tx) error {
				tx.Audit(audit.Entry{Kind: "test", What: "fill"})
				for i := range 40 {
					l := LightRow{Target: fmt.Sprint("t", i), Region: region.Code(places[r.IntN(4)]),
						Lead: orgs[r.IntN(3)], Owner: orgs[r.IntN(3)], Light: Light{Colour: "grey"}}
					lights = append(lights, l)
					if err := db.ExecOne(ctx, tx.Tx, qLightPut, l.row()...); err != nil {
						return err
					}
				}
				return nil
			})
		if err != nil {
			t.Fatal(err)
		}
		actors := authztest.Actors(r.IntN, 24, authztest.Pool{Accounts: []string{"a"}, Orgs: orgs[1:],
			Regions: append([]string{"140000"}, places...), Actions: LightPolicy.Actions()})
		authztest.OrderIsPicked(t, lightList)
		authztest.ScopeEqualsMay(t, authztest.Proof[LightRow]{Policy: LightPolicy, Objects: lights,
			ID: func(l LightRow) string { return l.Target }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) {
				return lightList.CountBy(context.WithoutCancel(ctx), d, "l.target", w)
			}})
	})
}
