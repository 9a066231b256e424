package market_test

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// While another room trades an achievement it stays in the market, whoever asks; then it goes.
func TestHeld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		traded := ""
		x.HeldBy(func(_ context.Context, _ db.Q, postID string) (*fault.Error, error) {
			if postID == traded {
				return fault.New(fault.Conflict, "没有进行中的挂牌或拍卖"), nil
			}
			return nil, nil
		})
		owner := x.firm(t, "甲所")
		p := x.publish(t, owner, x.achievement(t, owner))
		other := x.publish(t, owner, x.achievement(t, owner))
		traded = p.ID
		for _, step := range []string{market.StepWithdraw, market.StepClose} {
			_, err := x.FirePost(ctx, owner, market.PostStep{ID: p.ID, Step: step, Version: p.Version, Reason: "因故"})
			wantKind(t, err, fault.Conflict)
		}
		changed := market.PostUpdate{ID: p.ID, PostData: p.PostData, Version: p.Version}
		changed.Title = "高强镁合金成形"
		_, err := x.UpdatePost(ctx, owner, changed)
		wantKind(t, err, fault.Conflict)
		priced := market.PostUpdate{ID: p.ID, PostData: p.PostData, Version: p.Version}
		priced.Pricing = "auction"
		_, err = x.UpdatePost(ctx, officer, priced) // the desk, which changes at once
		wantKind(t, err, fault.Conflict)
		err = x.unit.Write(ctx, owner, "deal", func(tx *unit.Tx) error {
			_, err := x.Advance(ctx, tx, p.ID, market.StepSign, process.Input{})
			return err
		})
		wantKind(t, err, fault.Conflict)
		offers, err := x.Available(ctx, owner, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range offers {
			if o.Step == market.StepWithdraw && (o.Allowed || o.WhyNot == nil) {
				t.Errorf("the button says %+v", o)
			}
		}
		x.clock.Advance(200 * oneDay)
		x.keep(t, market.Kept{Reminded: 1, Stale: 1})
		got, err := x.Standings(ctx, d, p.ID, other.ID, "none")
		if err != nil || got[p.ID] != (market.Standing{Live: true, Shown: true}) || len(got) != 2 ||
			got[other.ID] != (market.Standing{}) {
			t.Fatalf("%+v, %v", got, err)
		}
		traded = ""
		x.keep(t, market.Kept{Stale: 1})
		p, err = x.GetPost(ctx, owner, p.ID)
		if err != nil || p.State != market.Stale {
			t.Fatalf("%+v, %v", p, err)
		}
		if p = x.fire(t, owner, p, market.StepWithdraw); p.State != market.Withdrawn {
			t.Errorf("state %s", p.State)
		}
	})
}
