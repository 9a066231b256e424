package matching_test

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var qOutcomes = db.Stmt(`SELECT j.need || '-' || j.offer, j.grade FROM matching_judgement AS j
	WHERE j.source = 'outcome'`)

// Introductions that were taken over from elsewhere teach what came of them, as those made here do.
func TestAdoptedOutcomes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		type adoption = deal.Adoption
		list := []any{
			adoption{State: deal.Half, Demand: "n", Supply: "half"},
			adoption{State: deal.Drafting, Demand: "n", Supply: "drafting"},
			adoption{State: deal.Registered, Demand: "n", Supply: "registered"},
			adoption{State: deal.Kept, Demand: "n", Supply: "kept"},
			adoption{State: deal.Refused, Class: "parameters", Demand: "n", Supply: "unfit"},
			adoption{State: deal.Broken, Class: "immature", Demand: "n", Supply: "raw"},
			adoption{State: deal.Refused, Class: "price", Demand: "n", Supply: "dear"},
			adoption{State: deal.Broken, Class: "price", Demand: "n", Supply: "talked"},
			nil, // of one that does not join two posts
		}
		err := l.unit.Write(t.Context(), authz.Actor{Via: authz.ViaSystem}, "lab.adopt", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "lab"})
			for _, data := range list {
				tx.Emit(outbox.Event{Kind: deal.EventDealAdopted, Object: "deal", Data: data})
			}
			return nil
		})
		if err == nil {
			feed := outbox.NewDispatcher(d, l.clock, outbox.Options{}, l.s.Follower())
			err = feed.CatchUp(context.Background())
		}
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int64{}
		_, err = db.All(t.Context(), d, qOutcomes, func(r db.Row) (string, error) {
			var pair string
			var grade int64
			err := r.Scan(&pair, &grade)
			got[pair] = grade
			return pair, err
		})
		want := map[string]int64{"n-drafting": 2, "n-registered": 3, "n-kept": 3, "n-unfit": 0, "n-raw": 0,
			"n-talked": 2}
		if err != nil || len(got) != len(want) {
			t.Fatalf("judged %v, %v; want %v", got, err, want)
		}
		for pair, grade := range want {
			if n, known := got[pair]; !known || n != grade {
				t.Errorf("%s is judged %d; want %d", pair, n, grade)
			}
		}
	})
}
