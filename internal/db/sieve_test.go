package db_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// TestOtherWaysToAPage walks through a list to and fro in three ways, which must show the same: by a
// condition in SQL, by one in Go, and by the values of a column.
func TestOtherWaysToAPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		rng := rand.New(rand.NewPCG(300, 7))
		all := makeLab(t, d, rng, 300)
		var ids []any
		for _, x := range all {
			if x.Flag {
				ids = append(ids, x.ID)
			}
		}
		flagged := func(x lab) bool { return x.Flag }
		for _, name := range labs.OrderNames() {
			o := labs.Order(name)
			req := db.PageReq{Limit: 7, Last: rng.IntN(2) == 0}
			for n := range 40 {
				want, err := db.List(t.Context(), d, labs, db.Where{}.And("flag"), o, req, scanLab)
				if err != nil {
					t.Fatal(err)
				}
				share := rng.Float64() // a wrong guess costs time and nothing else
				kept, err := db.ListKept(t.Context(), d, labs, db.Where{}, o, req, scanLab, flagged, share)
				if diff := cmp.Diff(want, kept); err != nil || diff != "" {
					t.Fatalf("%s, page %d, %+v, kept: %v %s", name, n, req, err, diff)
				}
				among, err := db.ListAmong(t.Context(), d, labs, o, req, scanLab, "id", ids)
				if diff := cmp.Diff(want, among); err != nil || diff != "" {
					t.Fatalf("%s, page %d, %+v, among: %v %s", name, n, req, err, diff)
				}
				switch back := rng.IntN(3) == 0; {
				case back && want.Prev != "":
					req = db.PageReq{Limit: 1 + rng.IntN(9), Before: want.Prev}
				case want.Next != "":
					req = db.PageReq{Limit: 1 + rng.IntN(9), After: want.Next}
				default:
					req = db.PageReq{Limit: 7, Last: rng.IntN(2) == 0}
				}
			}
		}
		none, err := db.ListAmong(t.Context(), d, labs, labs.Order("id"), db.PageReq{}, scanLab, "id", nil)
		if err != nil || len(none.Items) != 0 {
			t.Errorf("no values give %v, %v", none, err)
		}
	})
}
