package market_test

import (
	"sync"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

const browser = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"

// TestViews: who opens a post counts, but not its owner, staff, or robots; nothing is written before
// it is stored, and what two processes count adds up.
func TestViews(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, other := x.firm(t, "甲厂"), x.firm(t, "乙厂")
		p := x.publish(t, owner, x.need(t, owner))
		draft := x.create(t, owner, x.need(t, owner))
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { x.Opened(visitor, p, browser) })
		}
		all.Wait()
		x.Opened(other, p, browser)
		for _, by := range []authz.Actor{owner, officer} {
			x.Opened(by, p, browser)
		}
		for _, agent := range []string{"", "Mozilla/5.0 (compatible; Baiduspider/2.0)", "curl/8.5", "Googlebot/2.1"} {
			x.Opened(visitor, p, agent)
		}
		x.Opened(other, draft, browser)
		views := func() int64 {
			t.Helper()
			v, err := x.ViewsOf(t.Context(), p.ID, "", "")
			if err != nil || len(v.Days) != 30 || v.Days[29].Day != clock.DateOf(x.clock.Now()) {
				t.Fatalf("%+v, %v", v, err)
			}
			return v.Total
		}
		if n := views(); n != 0 {
			t.Errorf("%d views before they are stored", n)
		}
		for _, want := range []int64{21, 0} {
			if n, err := x.StoreViews(t.Context()); err != nil || n != want {
				t.Fatalf("stored %d, %v; want %d", n, err, want)
			}
		}
		x.Opened(other, p, browser)
		if _, err := x.StoreViews(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := views(); n != 22 {
			t.Errorf("%d views, want 22", n)
		}
		ids, n, err := x.MostViewed(t.Context(), owner.Org, "2000-01-01", "2999-01-01")
		if err != nil || len(ids) != 1 || n[p.ID] != 22 {
			t.Errorf("%v, %v, %v", ids, n, err)
		}
		_, err = x.ViewsOf(t.Context(), p.ID, "2020-01-01", "2026-01-01")
		wantKind(t, err, fault.Invalid)
	})
}
