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
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	places   = []string{"140105", "140106", "140100", "140400"}
	testOrgs = []string{"org-1", "org-2", "org-3"}
	accounts = []string{"acc-1", "acc-2", "acc-3"}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// randomPosts puts posts of every level into every state, from here and there.
func randomPosts(t *testing.T, x *lab, r *rand.Rand) []string {
	t.Helper()
	owners := []string{x.firm.Org, x.school.Org}
	var list []market.Adopted
	for _, v := range []market.Visibility{market.Open, market.Request, market.Named} {
		for _, state := range []string{market.Published, market.Talking, market.Signed, market.Stale,
			market.Withdrawn, market.Review} {
			p := market.Adopted{State: state, PostData: market.PostData{Kind: market.Need,
				NeedData: market.NeedData{NeedKind: "research"},
				Title:    "碳化硅衬底激光剥离技术", Text: "满足指标要求", Org: pick(r, owners), Visibility: v,
				Region: region.Code(pick(r, places)), Field: "03"}}
			if v == market.Named {
				p.Named = []string{pick(r, owners)}
			}
			list = append(list, p)
		}
	}
	ids, err := x.market.AdoptPosts(t.Context(), x.officer, list, "测试")
	if err != nil {
		t.Fatal(err)
	}
	return append(ids, "", "", "", "", "", "")
}

// randomRows stores brokers, conflicts and introductions of every sort, about some of the posts.
func randomRows(
	ctx context.Context, t *testing.T, d *db.DB, r *rand.Rand, posts []string,
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
		for i := range 120 {
			x := Deal{ID: "d" + strconv.Itoa(i), Code: strconv.Itoa(i), State: Requested, Version: 1,
				Region: region.Code(pick(r, places)), Demand: Side{Org: "was", Now: pick(r, testOrgs)},
				Supply: Side{Org: "was", Now: pick(r, testOrgs), NDAUs: int64(r.IntN(2))}}
			x.Demand.NDAUs, x.Demand.ConsentUs = int64(r.IntN(2)), int64(r.IntN(2))
			x.Supply.ConsentUs = int64(r.IntN(2))
			x.Demand.Post, x.Supply.Post = pick(r, posts), pick(r, posts)
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
		x := newLab(t, d)
		brokers, deals := randomRows(ctx, t, d, r, randomPosts(t, x, r))
		brokers = append(brokers, x.broker)
		pool := authztest.Pool{Accounts: append(accounts, "nobody"), Persons: []string{"p"},
			Orgs: append([]string{"was", x.firm.Org, x.school.Org}, testOrgs...), Regions: append([]string{"140000"}, places...)}
		pool.Actions = DealPolicy.Actions()
		authztest.ScopeEqualsMay(t, authztest.Proof[Deal]{Policy: DealPolicy, Objects: deals,
			ID: func(x Deal) string { return x.ID }, Actors: authztest.Actors(r.IntN, 16, pool),
			List: func(w db.Where) (map[string]int64, error) {
				return dealList.CountBy(ctx, d, "d.id", w)
			}})
		for _, by := range authztest.Actors(r.IntN, 16, pool) {
			known, err := dealList.CountBy(ctx, d, "d.id", NamesKnown(by))
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range deals {
				if want := one.knows(by, Demand) && one.knows(by, Supply); want != (known[one.ID] == 1) {
					t.Errorf("%+v knows the sides of %+v: %v, the database says otherwise", by, one, want)
				}
			}
		}
		pool.Actions = BrokerPolicy.Actions()
		authztest.ScopeEqualsMay(t, authztest.Proof[Broker]{Policy: BrokerPolicy, Objects: brokers,
			ID: func(x Broker) string { return x.ID }, Actors: authztest.Actors(r.IntN, 16, pool),
			List: func(w db.Where) (map[string]int64, error) {
				return brokerList.CountBy(ctx, d, "b.id", w)
			}})
	})
}
