package auction

import (
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// An achievement is held from the notice to the end of its trade, whatever the end is.
func TestHold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		held := func(want bool) {
			t.Helper()
			why, err := x.Hold(ctx, d, "auction")
			if err != nil || (why != nil) != want {
				t.Fatalf("held: %v, %v, want %v", why, err, want)
			}
		}
		it, err := x.CreateAuction(ctx, officerActor, x.sample(English))
		if err != nil {
			t.Fatal(err)
		}
		held(false)
		it = x.fire(it, "announce")
		held(true)
		a := x.bidder(it, "a")
		x.start(it)
		if err := x.bid(a, it, 120*wan); err != nil {
			t.Fatal(err)
		}
		x.end(it)
		held(true)
		x.fire(it, "publicise")
		x.clock.Advance(8 * 24 * time.Hour)
		x.fire(it, "confirm")
		held(true)
		x.fire(it, StepSign)
		held(false)
	})
}

// A trade whose achievement is gone all the same ends without a defaulter, and the deposits go back.
func TestTerminate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		it := x.announced(English)
		a := x.bidder(it, "a")
		x.start(it)
		if err := x.bid(a, it, 120*wan); err != nil {
			t.Fatal(err)
		}
		x.end(it)
		x.fire(it, "publicise")
		x.clock.Advance(8 * 24 * time.Hour)
		it = x.fire(it, "confirm")
		x.posts.left = "auction"
		_, err := x.FireAuction(ctx, officerActor, Step{ID: it.ID, Step: StepSign, Version: it.Version})
		wantKind(t, err, fault.Conflict)
		now, err := x.GetAuction(ctx, officerActor, it.ID)
		if err != nil || !now.Gone {
			t.Fatalf("%+v, %v", now, err)
		}
		if it = x.fire(it, "terminate"); it.State != Cancelled {
			t.Fatalf("state %s", it.State)
		}
		mine, err := x.GetAuction(ctx, a, it.ID)
		if err != nil {
			t.Fatal(err)
		}
		back := Deposit{ID: mine.Mine.ID, State: DepositForfeited, Reason: "悔约", Version: mine.Mine.Version}
		_, err = x.RecordDeposit(ctx, officerActor, back)
		wantKind(t, err, fault.Invalid)
		back.State = DepositReturned
		if _, err = x.RecordDeposit(ctx, officerActor, back); err != nil {
			t.Fatal(err)
		}
		x.posts.left = "auction"
		next, err := x.CreateAuction(ctx, officerActor, x.sample(English))
		if err != nil {
			t.Fatal(err)
		}
		_, err = x.FireAuction(ctx, officerActor, Step{ID: next.ID, Step: "announce", Version: next.Version})
		wantKind(t, err, fault.Conflict)
	})
}
