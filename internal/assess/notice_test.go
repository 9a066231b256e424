package assess

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/measure/measuretest"
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
		for _, o := range x.orgs {
			x.figs[o] = map[string][]Fact{Targets: {ratio("1")}}
		}
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
		x.counted(d)
	})
}

// counted proves the measures of the room: each number leads to its rows, and a visitor counts nothing.
func (x *room) counted(d *db.DB) {
	x.t.Helper()
	r, err := measure.NewRegistry(d, x.now, x.Measures()...)
	if err != nil {
		x.t.Fatal(err)
	}
	best := x.grades(d)
	for _, c := range []struct {
		name string
		dims map[string]string
		want int64
	}{{"assess.rounds", nil, 1}, {"assess.rounds", map[string]string{"year": "2025"}, 0},
		{"assess.rounds", map[string]string{"region": "140000", "state": Published}, 1}, {"assess.units", nil, 3},
		{"assess.units", map[string]string{"group": "district", "region": "140105"}, 1},
		{"assess.units", map[string]string{"grade": best}, x.ofGrade(d, best)}, {"assess.appeals", nil, 1},
		{"assess.appeals", map[string]string{"answer": AppealRejected, "year": "2026"}, 1}, {"assess.appeals.open", nil, 0}} {
		if n := measuretest.Proves(x.t, r, official, c.name, c.dims); n != c.want {
			x.t.Errorf("%s by %v: %d, want %d", c.name, c.dims, n, c.want)
		}
	}
	visitor := authz.Actor{Role: authz.Public, Via: authz.ViaSession}
	if n := measuretest.Proves(x.t, r, visitor, "assess.units", nil); n != 0 {
		x.t.Errorf("a visitor counts %d units", n)
	}
}

// grades is a grade that was given.
func (x *room) grades(d *db.DB) string {
	list, err := db.All(x.t.Context(), d, qGrades, db.One[string])
	if err != nil || len(list) == 0 {
		x.t.Fatalf("%d grades (%v)", len(list), err)
	}
	return list[0]
}

func (x *room) ofGrade(d *db.DB, grade string) int64 {
	list, err := db.All(x.t.Context(), d, qGrades, db.One[string])
	if err != nil {
		x.t.Fatal(err)
	}
	n := int64(0)
	for _, g := range list {
		if g == grade {
			n++
		}
	}
	return n
}

var qGrades = db.Stmt(`SELECT grade FROM assess_entry WHERE grade <> '' ORDER BY grade`)
