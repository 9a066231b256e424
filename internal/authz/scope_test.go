package authz_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// TestScopeEqualsMay is the promise of the package: on both databases, for every role and action,
// lists show exactly what may be shown.
func TestScopeEqualsMay(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 2260))
	all := somePapers(rng, 150)
	actors := authztest.Actors(rng.IntN, 40, pool())
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mustStore(t, d, all)
		authztest.ScopeEqualsMay(t, authztest.Proof[paper]{
			Policy: papers, Objects: all, ID: func(p paper) string { return p.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) {
				return selPapers.CountBy(t.Context(), d, "p.id", w)
			},
		})
	})
}

// TestCountExportAndPagesShareTheScope asks the same scope in the ways a list page, its total and
// its export do.
func TestCountExportAndPagesShareTheScope(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 4754))
	all := somePapers(rng, 60)
	actors := authztest.Actors(rng.IntN, 2, pool())
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mustStore(t, d, all)
		for _, by := range actors {
			for _, act := range papers.Actions() {
				var want []string
				for _, p := range all { // their ids ascend
					if papers.May(by, act, p) == nil {
						want = append(want, p.ID)
					}
				}
				checkList(t, d, papers.Scope(by, act), want)
			}
		}
	})
}

func checkList(t *testing.T, d *db.DB, w db.Where, want []string) {
	t.Helper()
	ctx, order := t.Context(), selPapers.Order("id")
	n, err := selPapers.Count(ctx, d, w, 0)
	if err != nil || n != int64(len(want)) {
		t.Fatalf("count is %d (%v), want %d", n, err, len(want))
	}
	var exported []string
	err = db.Stream(ctx, d, selPapers, w, order, len(want)+1, db.One[string],
		func(id string) error { exported = append(exported, id); return nil })
	if diff := cmp.Diff(want, exported); err != nil || diff != "" {
		t.Fatalf("export: %v %s", err, diff)
	}
	var paged []string
	for req := (db.PageReq{Limit: 7}); ; {
		page, err := db.List(ctx, d, selPapers, w, order, req, db.One[string])
		if err != nil {
			t.Fatal(err)
		}
		paged = append(paged, page.Items...)
		if req.After = page.Next; req.After == "" {
			break
		}
	}
	if diff := cmp.Diff(want, paged); diff != "" {
		t.Fatalf("pages: %s", diff)
	}
}

// TestRemovalAlwaysWins: whoever has a conflict of interest does not judge, whatever else holds,
// and does not find the paper among those to be judged.
func TestRemovalAlwaysWins(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 3))
	all := somePapers(rng, 400)
	for i := range all {
		all[i].Panel, all[i].Rivals = persons, persons
	}
	wins := 0
	for _, by := range authztest.Actors(rng.IntN, 60, pool()) {
		for _, p := range all {
			if by.Person == "" {
				continue
			}
			for _, act := range []authz.Action{actJudge, actEdit, actExport} {
				if papers.May(by, act, p) == nil {
					t.Fatalf("%+v may %s %+v in spite of the conflict", by, act, p)
				}
			}
			wins++
		}
	}
	if wins < 1000 {
		t.Errorf("only %d cases", wins)
	}
}

// TestDistrictStaysInside: staff of a district with no other tie sees nothing outside its region.
func TestDistrictStaysInside(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 105))
	all := somePapers(rng, 600)
	inside := 0
	for _, region := range append(regions, oddRegions...) {
		by := authz.Actor{Role: authz.District, Region: region}
		prefix := strings.TrimRight(region, "0")
		if len(prefix)%2 == 1 {
			prefix += "0"
		}
		for _, p := range all {
			if p.Published || papers.May(by, actRead, p) != nil {
				continue
			}
			inside++
			if !strings.HasPrefix(p.Region, prefix) {
				t.Fatalf("district %q reads a paper of %q", region, p.Region)
			}
		}
	}
	if inside < 100 {
		t.Errorf("only %d cases", inside)
	}
}
