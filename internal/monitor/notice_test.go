package monitor_test

import (
	"context"
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// teller returns a function that says what the rules of the room tell of what happened since it was asked
// last.
func (x *lab) teller() func() []notify.Notice {
	var out []notify.Notice
	rule := monitor.NoticeRules()[0]
	feed := outbox.NewDispatcher(x.db, x.clock, outbox.Options{}, outbox.Consumer{Name: "test.notices",
		Kinds: rule.Events, Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				list, err := rule.Notices(ctx, tx, e)
				if err != nil {
					return err
				}
				out = append(out, list...)
			}
			return nil
		}})
	return func() []notify.Notice {
		out = nil
		x.must(feed.CatchUp(x.t.Context()))
		return out
	}
}

// A light that turns red is told of once, to who answers for it; computing it again tells nothing, and
// turning red once more does.
func TestRedIsToldOnce(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		deals, told := x.define("技术合同成交额", "亿元", nil), x.teller()
		whole := x.led(deals.ID)
		x.report(deals.ID, city, quarter(2026, 3), "60")
		x.settle()
		if l := x.light(whole.ID); l.Light.Colour != plan.Red || l.Owner != x.bureau {
			t.Fatalf("light %v of %q", l.Light, l.Owner)
		}
		first := told()
		if len(first) != 1 || first[0].Href != "/monitor/lights/"+whole.ID || first[0].Once == "" ||
			!slices.Contains(first[0].To, notify.ToOrg(x.bureau)) || first[0].Detail.Key == "" {
			t.Fatalf("told %+v", first)
		}
		for range 2 {
			_, err := x.Recompute(t.Context(), officer, deals.ID)
			x.must(err)
			x.settle()
		}
		if again := told(); len(again) != 0 {
			t.Fatalf("told again: %+v", again)
		}
		v := x.everything(deals.ID)[0]
		o, err := x.indicators.GetObservation(t.Context(), officer, v.Series[0].Evidence.Observation)
		x.must(err)
		x.correct(o.ID, o.Version, "200")
		x.settle()
		if better := told(); len(better) != 0 || x.light(whole.ID).Light.Colour == plan.Red {
			t.Fatalf("recovered: told %+v", better)
		}
	})
}
