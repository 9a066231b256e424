package deal

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	places   = []string{"140105", "140106", "140100", "140400"}
	testOrgs = []string{"org-1", "org-2", "org-3"}
	accounts = []string{"acc-1", "acc-2", "acc-3"}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// randomRows stores brokers, conflicts and introductions of every sort.
func randomRows(
	ctx context.Context, t *testing.T, d *db.DB, r *rand.Rand,
) (brokers []Broker, deals []Deal) {
	t.Helper()
	states := []string{BrokerPending, BrokerActive, BrokerActive, BrokerSuspended, BrokerGone}
	for i, s := range states {
		b := Broker{ID: "b" + strconv.Itoa(i), State: s, BrokerData: BrokerData{Name: "x"}, Version: 1}
		if i < len(accounts) {
			b.Account = accounts[i]
		}
		brokers = append(brokers, b)
	}
	err := dbtest.Unit(t, d).Write(ctx, house, "fill", func(tx *unit.Tx) error {
		deals = nil
		tx.Audit(audit.Entry{Kind: "test", What: "fill"})
		for i, b := range brokers {
			if err := insertBroker(ctx, tx, b); err != nil {
				return err
			}
			c := Conflict{ID: "c" + b.ID, Org: "was", Source: "declared"}
			if err := addConflict(ctx, tx, b, c, testOrgs[i%2]); err != nil {
				return err
			}
		}
		for i := range 60 {
			x := Deal{ID: "d" + strconv.Itoa(i), Code: strconv.Itoa(i), State: Requested, Version: 1,
				Region: region.Code(pick(r, places)), Demand: Side{Org: "was", Now: pick(r, testOrgs)},
				Supply: Side{Org: "was", Now: pick(r, testOrgs), NDAUs: int64(r.IntN(2))}}
			x.Demand.NDAUs, x.Demand.ConsentUs = int64(r.IntN(2)), int64(r.IntN(2))
			x.Supply.ConsentUs = int64(r.IntN(2))
			if r.IntN(4) > 0 {
				x.Broker = pick(r, brokers).ID
			}
			deals = append(deals, x)
			if err := insertDeal(ctx, tx, x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range deals {
		if deals[i], err = dealByID(ctx, d, deals[i].ID); err != nil {
			t.Fatal(err)
		}
	}
	return brokers, deals
}

// TestScopeEqualsMay proves that lists show exactly what May allows.
func TestScopeEqualsMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, r := t.Context(), rand.New(rand.NewPCG(3, 4))
		brokers, deals := randomRows(ctx, t, d, r)
		pool := authztest.Pool{Accounts: append(accounts, "nobody"), Persons: []string{"p"},
			Orgs: append([]string{"was"}, testOrgs...), Regions: append([]string{"140000"}, places...)}
		pool.Actions = DealPolicy.Actions()
		authztest.ScopeEqualsMay(t, authztest.Proof[Deal]{Policy: DealPolicy, Objects: deals,
			ID: func(x Deal) string { return x.ID }, Actors: authztest.Actors(r.IntN, 16, pool),
			List: func(w db.Where) (map[string]int64, error) {
				return dealList.CountBy(ctx, d, "d.id", w)
			}})
		pool.Actions = BrokerPolicy.Actions()
		authztest.ScopeEqualsMay(t, authztest.Proof[Broker]{Policy: BrokerPolicy, Objects: brokers,
			ID: func(x Broker) string { return x.ID }, Actors: authztest.Actors(r.IntN, 16, pool),
			List: func(w db.Where) (map[string]int64, error) {
				return brokerList.CountBy(ctx, d, "b.id", w)
			}})
	})
}
