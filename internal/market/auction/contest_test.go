package auction

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// A listing with two takers goes on as an auction of the same achievement: announced at once, with the
// takers and their deposits, at no less than the price that they accepted.
func TestContest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		it := x.announced(Listing)
		a, b := x.bidder(it, "a"), x.bidder(it, "b")
		x.start(it)
		it = x.end(it)
		_, err := x.FireAuction(ctx, officerActor, Step{ID: it.ID, Step: StepContest, Version: it.Version})
		wantKind(t, err, fault.Conflict)
		rule, err := x.RuleAt(ctx, English, 0)
		if err != nil {
			t.Fatal(err)
		}
		in := Contest{ID: it.ID, Version: it.Version, Data: Following(it, rule, x.clock.Now())}
		if in.StartFen != 100*wan || in.DepositFen != 10*wan || in.NoticeDays != 7 {
			t.Fatalf("begins with %+v", in.Data)
		}
		wrong := in
		wrong.Mode = Listing
		x.refused(wrong, "mode")
		wrong = in
		wrong.StartFen, wrong.OpensUs = 99*wan, in.OpensUs-(24*time.Hour).Microseconds()
		x.refused(wrong, "startFen", "opensUs")
		_, err = x.Contest(ctx, a, in)
		wantKind(t, err, fault.Forbidden)
		next, err := x.Contest(ctx, officerActor, in)
		if err != nil || next.State != Notice || next.Mode != English || next.Post != it.Post || next.Listing != it.ID {
			t.Fatalf("%+v, %v", next, err)
		}
		old, err := x.GetAuction(ctx, officerActor, it.ID)
		if err != nil || old.State != Contested || old.Follower != next.ID {
			t.Fatalf("%+v, %v", old, err)
		}
		x.told(it, map[string]string{a.Org: "竞价资格已保留", b.Org: "竞价资格已保留"})
		was, err := x.GetAuction(ctx, b, it.ID)
		if err != nil || was.Mine.DepositState != DepositMoved {
			t.Fatalf("the deposit of the listing: %+v, %v", was.Mine, err)
		}
		x.start(next)
		if err := x.bid(a, next, 100*wan); err != nil {
			t.Fatal(err)
		}
		if err := x.bid(b, next, 101*wan); err != nil {
			t.Fatal(err)
		}
		end := x.end(next)
		if end.WinnerNo != 2 || end.PayFen != 101*wan {
			t.Errorf("%+v", end)
		}
		x.proves(next)
	})
}

// refused wants a contest to be wrong at fields.
func (x *lab) refused(in Contest, fields ...string) {
	x.t.Helper()
	_, err := x.Contest(x.t.Context(), officerActor, in)
	var got []string
	if e, ok := fault.As(err); ok {
		for _, f := range e.Fields {
			got = append(got, f.Name)
		}
	}
	if !slices.Equal(got, fields) {
		x.t.Fatalf("wrong at %q, not %q: %v", got, fields, err)
	}
}

// A taker whose deposit is not enough, or who was admitted by other conditions, applies anew.
func TestContestByOtherConditions(t *testing.T) {
	x, ctx := newLab(t, dbtest.SQLite(t)), t.Context()
	for name, change := range map[string]func(*Data){
		"deposit":    func(d *Data) { d.DepositFen = 20 * wan },
		"conditions": func(d *Data) { d.Text = "须具备量产能力" },
	} {
		it := x.announced(Listing)
		a := x.bidder(it, name+"a")
		x.bidder(it, name+"b")
		x.start(it)
		it = x.end(it)
		rule, err := x.RuleAt(ctx, First, 0)
		if err != nil {
			t.Fatal(err)
		}
		in := Contest{ID: it.ID, Version: it.Version, Data: Following(it, rule, x.clock.Now())}
		in.Mode = First
		change(&in.Data)
		next, err := x.Contest(ctx, officerActor, in)
		if err != nil {
			t.Fatal(err)
		}
		x.told(it, map[string]string{a.Org: map[string]string{"deposit": "须按竞价公告缴纳保证金",
			"conditions": "交易条件有变"}[name]})
		mine, err := x.GetAuction(ctx, a, next.ID)
		if err != nil || mine.Mine.State != StateApplied ||
			(mine.Mine.DepositState == DepositPaid) != (name == "conditions") {
			t.Errorf("%s: %+v, %v", name, mine.Mine, err)
		}
		x.fire(next, "cancel")
	}
}

// told wants the takers of a listing that was turned into an auction to be told of it, each with these words.
func (x *lab) told(it Item, want map[string]string) {
	x.t.Helper()
	err := x.unit.DB().Write(x.t.Context(), func(tx *db.Tx) error {
		for _, step := range []string{stepAnnounce, StepContest} {
			list, err := contestNotices(x.t.Context(), tx, outbox.Stored{Kind: EventMoved, Object: it.ID,
				Data: []byte(`"` + step + `"`)})
			if err != nil {
				return err
			}
			if step != StepContest {
				if len(list) > 0 {
					x.t.Errorf("told of %s: %+v", step, list)
				}
				continue
			}
			if len(list) != 2 {
				x.t.Errorf("%d are told", len(list))
			}
			for _, n := range list {
				words := want[n.To[0].Org]
				text := n.Detail.In(i18n.ZH)
				if !strings.Contains(text, words) || !strings.Contains(n.Title.In(i18n.ZH), it.Code) ||
					n.Detail.In(i18n.EN) == text {
					x.t.Errorf("%s is told %q, %q", n.To[0].Org, n.Title.In(i18n.ZH), text)
				}
			}
		}
		return nil
	})
	if err != nil {
		x.t.Fatal(err)
	}
}

// A draft is looked at again when it is announced: its achievement may say something else by then.
func TestAnnounceLooksAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		for _, mode := range []string{Listing, English} {
			x.posts.priced = ""
			it, err := x.CreateAuction(ctx, officerActor, x.sample(mode))
			if err != nil {
				t.Fatal(err)
			}
			for _, priced := range []string{"agreement", map[string]string{Listing: "auction", English: "listing"}[mode]} {
				x.posts.priced = priced
				_, err = x.FireAuction(ctx, officerActor, Step{ID: it.ID, Step: stepAnnounce, Version: it.Version})
				if !fault.Is(err, fault.Conflict) {
					t.Errorf("%s of one priced by %s: %v", mode, priced, err)
				}
			}
			x.posts.priced = ""
			x.fire(it, stepAnnounce)
		}
	})
}
