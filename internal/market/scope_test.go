package market

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
	accounts = []string{"acc-1", "acc-2"}
	persons  = []string{"per-1", "per-2"}
	levels   = []Visibility{Open, Request, Named}
	states   = []string{Draft, Review, Returned, Noticed, Published, Talking, Signed, Registered, Solved,
		Challenged, Stale, Withdrawn, Closed}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// randomPosts stores posts of every sort.
func randomPosts(ctx context.Context, t *testing.T, d *db.DB, r *rand.Rand, n int) []Post {
	t.Helper()
	var list []Post
	for i := range n {
		p := Post{ID: "p" + strconv.Itoa(i), Code: strconv.Itoa(i), State: pick(r, states),
			OrgNow: pick(r, testOrgs), CreatedBy: pick(r, accounts), CreatedUs: 1, UpdatedUs: 1,
			PostData: PostData{Kind: Need, Title: "x", Org: "was", Region: region.Code(pick(r, places)),
				Visibility: pick(r, levels)}}
		if r.IntN(3) == 0 {
			p.Broker = pick(r, persons)
		}
		if p.Visibility == Named {
			p.Named, p.namedNow = []string{"was"}, []string{pick(r, testOrgs)}
		}
		list = append(list, p)
	}
	err := dbtest.Unit(t, d).Write(ctx, house, "fill", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "test", What: "fill"})
		if err := insertPosts(ctx, tx, list); err != nil {
			return err
		}
		for _, p := range list { // some organisations were let in, whatever the level is now
			if r.IntN(2) == 0 {
				org := pick(r, testOrgs)
				if _, err := db.Exec(ctx, tx.Tx, qReaderAdd, p.ID, "was", org, int64(1)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if list[i], err = PostByID(ctx, d, list[i].ID); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// TestScopeEqualsMay proves that lists show exactly what May allows, and that a page knows of each of
// its posts how much of it may be read.
func TestScopeEqualsMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, r := t.Context(), rand.New(rand.NewPCG(7, 8))
		list := randomPosts(ctx, t, d, r, 50)
		authztest.OrderIsPicked(t, postList)
		actors := authztest.Actors(r.IntN, 8, authztest.Pool{Accounts: append(accounts, "nobody"),
			Persons: append(persons, "stranger"), Orgs: append([]string{"x", "was"}, testOrgs...),
			Regions: append([]string{"140000", "14010"}, places...), Actions: PostPolicy.Actions()})
		authztest.ScopeEqualsMay(t, authztest.Proof[Post]{Policy: PostPolicy, Objects: list,
			ID: func(p Post) string { return p.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) {
				return postList.CountBy(ctx, d, "p.id", w)
			}})
		s := &Service{unit: dbtest.Unit(t, d)}
		for _, by := range actors {
			page, err := s.ListPosts(ctx, by, PostFilter{}, "", db.PageReq{Limit: db.MaxLimit})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page.Items {
				got, err := s.GetPost(ctx, by, p.ID)
				if err != nil || got.Limited != p.Limited {
					t.Fatalf("%+v: limited %v in the list, %v on the record (%v)", by, p.Limited, got.Limited, err)
				}
			}
		}
	})
}
