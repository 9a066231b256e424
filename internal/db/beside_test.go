package db_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// The neighbours of any row, in every order and with ties, are the rows that stand beside it in the
// list; those of a row that the filter leaves out stand beside its place.
func TestNeighbours(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all := makeLab(t, d, rand.New(rand.NewPCG(9, 3)), 23)
		flagged := db.Where{}.And("flag")
		pages := func(w db.Where, order string) func(db.PageReq) (db.Page[lab], error) {
			return func(p db.PageReq) (db.Page[lab], error) {
				return db.List(t.Context(), d, labs, w, labs.Order(order), p, scanLab)
			}
		}
		for _, order := range labs.OrderNames() {
			sorted := sortLabs(all, order)
			for i, x := range sorted {
				for n, w := range []db.Where{{}, flagged} {
					in := func(y lab) bool { return n == 0 || y.Flag }
					got, err := db.Neighbours(t.Context(), d, labs, db.Where{}.And("id = $1", x.ID),
						labs.Order(order), scanLab, pages(w, order))
					if err != nil {
						t.Fatal(err)
					}
					want := db.Beside[lab]{}
					for _, y := range slices.Backward(sorted[:i]) {
						if in(y) {
							want.Prev = &y
							break
						}
					}
					for _, y := range sorted[i+1:] {
						if in(y) {
							want.Next = &y
							break
						}
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("%s, row %d:\n%s", order, i, diff)
					}
				}
			}
		}
		_, err := db.Neighbours(t.Context(), d, labs, db.Where{}.And("id = $1", "no"),
			labs.Order("id"), scanLab, pages(db.Where{}, "id"))
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("a row that is not there: %v", err)
		}
	})
}
