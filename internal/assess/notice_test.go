package assess

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// told keeps what would be told.
type told struct{ list []notify.Notice }

func (x *told) TellAt(_ context.Context, _ *db.Tx, _ int64, n notify.Notice) error {
	x.list = append(x.list, n)
	return nil
}

// titles are the notices by their words, with how many were told of each.
func (x *told) titles() map[string]int {
	out := map[string]int{}
	for _, n := range x.list {
		out[n.Title.Key]++
	}
	return out
}

// teller returns a function that tells by the rules of the room all that happened since it was asked last.
func (x *room) teller(d *db.DB) func() *told {
	var out *told
	var kinds []string
	for _, r := range x.NoticeRules() {
		kinds = append(kinds, r.Events...)
	}
	feed := outbox.NewDispatcher(d, x.now, outbox.Options{}, outbox.Consumer{Name: "test.notices", Kinds: kinds,
		Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				for _, r := range x.NoticeRules() {
					if !slices.Contains(r.Events, e.Kind) {
						continue
					}
					list, err := r.Notices(ctx, tx, e)
					if err != nil {
						return err
					}
					out.list = append(out.list, list...)
				}
			}
			return nil
		}})
	return func() *told {
		out = &told{}
		if err := feed.CatchUp(x.t.Context()); err != nil {
			x.t.Fatal(err)
		}
		return out
	}
}

// Units are told when the rules are public, when their result is shown and until when they may appeal,
// before that ends, what became of an appeal, and when all is published; each with its own page.
func TestNotices(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newRoom(t, d)
		ctx, follow, r := t.Context(), x.teller(d), x.begin()
		if got := follow().titles(); got[stepWords["announce"]] != 3 || len(got) != 1 {
			t.Fatalf("announced: %v", got)
		}
		r = x.must(x.Count(ctx, official, r.ID, r.Version))
		r = x.fire(r, official, "show")
		shown := follow()
		if got := shown.titles(); got[stepWords["show"]] != 3 || len(got) != 1 {
			t.Fatalf("shown: %v", got)
		}
		det, err := x.GetRound(ctx, official, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		district := 0
		for _, n := range shown.list {
			if slices.Contains(n.To, notify.To{Role: authz.District, Region: "140105"}) {
				district++
			}
			if n.Detail.Args[0] != dayText(det.AppealsEndUs) ||
				!slices.ContainsFunc(det.Entries, func(e Entry) bool { return n.Href == "/assessments/entries/"+e.ID }) {
				t.Errorf("%+v", n)
			}
		}
		if district != 1 {
			t.Errorf("%d notices to the district", district)
		}

		unit := unitActor(authz.Department, x.orgs[0], "")
		i := slices.IndexFunc(det.Entries, func(e Entry) bool { return e.Org == x.orgs[0] })
		a, err := x.FileAppeal(ctx, unit, NewAppeal{Entry: det.Entries[i].ID, Key: det.Params.Keys()[0].Value,
			Text: "数据有误"})
		if err != nil {
			t.Fatal(err)
		}
		filed := follow()
		if len(filed.list) != 1 || filed.list[0].To[0] != notify.ToAccount(official.Account) {
			t.Fatalf("filed: %+v", filed.list)
		}
		_, err = x.FireAppeal(ctx, official, Step{ID: a.ID, Step: "reject", Reason: "数据无误", Version: a.Version})
		if err != nil {
			t.Fatal(err)
		}
		answer := follow()
		if len(answer.list) != 1 || answer.list[0].Title.Key != "考核申诉未采纳：%s" ||
			!slices.Contains(answer.list[0].To, notify.ToOrg(x.orgs[0])) {
			t.Fatalf("answered: %+v", answer.list)
		}

		var soon told
		if n, err := x.Remind(ctx, &soon); err != nil || n != 0 {
			t.Fatalf("reminded of %d, days ahead: %v", n, err)
		}
		x.now.Set(time.UnixMicro(det.AppealsEndUs).Add(-20 * time.Hour))
		for range 2 {
			if n, err := x.Remind(ctx, &soon); err != nil || n != 1 {
				t.Fatalf("reminded of %d: %v", n, err)
			}
		}
		once := map[string]bool{}
		for _, n := range soon.list {
			once[n.Once+n.Href] = true
		}
		if len(once) != 3 {
			t.Errorf("%d different reminders", len(once))
		}

		x.now.Set(time.UnixMicro(det.AppealsEndUs).Add(time.Hour))
		det, err = x.GetRound(ctx, official, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		r = x.fire(det.Round, official, StepClose)
		x.fire(r, chief, "publish")
		if got := follow().titles(); got[stepWords[StepClose]] != 3 || got[stepWords["publish"]] != 3 {
			t.Fatalf("published: %v", got)
		}
	})
}
