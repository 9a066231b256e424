package indicator_test

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/notify"
)

// told keeps what would be told, each name once, as the room of notices does.
type told struct {
	list []notify.Notice
	seen map[string]bool
}

func (x *told) TellAt(_ context.Context, _ *db.Tx, _ int64, n notify.Notice) error {
	if x.seen == nil {
		x.seen = map[string]bool{}
	}
	if !x.seen[n.Once] {
		x.seen[n.Once] = true
		x.list = append(x.list, n)
	}
	return nil
}

// A unit is reminded once before a deadline and once after it, of all it has not handed in together; what
// was handed in is not spoken of, nor what is not due for days.
func TestRemind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		by := x.district(t, luzhou)
		month := quarterly()
		month.Frequency, month.From, month.DueDays = "month", "2026-10-01", 20 // October: Friday 27 November, 17:00
		var ids []string
		for _, name := range []string{"高新技术企业数", "技术合同成交额", "研发投入"} {
			id := x.indicator(t, name, "家", true)
			x.define(t, id, month)
			x.assign(t, id, by, luzhou)
			ids = append(ids, id)
		}
		x.report(t, by, cell(ids[2], luzhou, "2026-10", "3"))
		var got told
		remind := func(when string, want int) {
			t.Helper()
			x.clock.Set(at(when))
			for range 2 { // the job runs each hour
				if _, err := x.Remind(ctx, &got); err != nil {
					t.Fatal(err)
				}
			}
			if len(got.list) != want {
				t.Fatalf("at %s: %d notices, want %d: %+v", when, len(got.list), want, got.list)
			}
		}
		remind("2026-11-24 09:00", 0) // three working days are left
		remind("2026-11-25 09:00", 1)
		first := got.list[0]
		if first.Kind != "indicator.due" || first.Title.Args[0] != 2 || first.Title.Args[1] != "2026-11-27 17:00" ||
			len(first.To) != 2 || first.To[1] != (notify.To{Role: authz.District, Region: string(luzhou)}) {
			t.Errorf("%+v", first)
		}
		x.report(t, by, cell(ids[0], luzhou, "2026-10", "3"))
		remind("2026-11-27 17:01", 2)
		if late := got.list[1]; late.Kind != "indicator.missed" || late.Title.Args[0] != 1 {
			t.Errorf("%+v", late)
		}
		x.report(t, by, cell(ids[1], luzhou, "2026-10", "3"))
		remind("2026-11-28 09:00", 2)
	})
}
