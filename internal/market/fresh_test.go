package market_test

import (
	"context"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const oneDay = 24 * time.Hour

func (x *lab) keep(t testing.TB, want market.Kept) {
	t.Helper()
	got, err := x.KeepFresh(t.Context())
	if err != nil || got != want {
		t.Fatalf("at %s: %+v, %v, want %+v", clock.DateOf(x.clock.Now()), got, err, want)
	}
}

// TestFreshness follows a need of 90 days: two reminders, ten days of grace, gone, and back by one
// click of its owner.
func TestFreshness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, other := x.firm(t, "甲厂"), x.firm(t, "乙厂")
		p := x.publish(t, owner, x.need(t, owner))
		talked := x.publish(t, owner, x.need(t, owner))
		x.write(t, other, func(ctx context.Context, tx *unit.Tx) error {
			_, err := x.Advance(ctx, tx, talked.ID, market.StepTalk, process.Input{})
			return err
		})
		if p.FreshUntil != p.ConfirmedUs+90*oneDay.Microseconds() {
			t.Fatalf("fresh for %d", p.FreshUntil-p.ConfirmedUs)
		}
		state := func() string {
			now, err := x.GetPost(t.Context(), owner, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			return now.State
		}
		start := x.clock.Now()
		for _, c := range []struct {
			day  int
			want market.Kept
		}{
			{74, market.Kept{}}, {76, market.Kept{Reminded: 1}}, {76, market.Kept{}},
			{88, market.Kept{Reminded: 1}}, {95, market.Kept{}}, {99, market.Kept{}},
		} {
			x.clock.Set(start.Add(time.Duration(c.day) * oneDay))
			x.keep(t, c.want)
		}
		if state() != market.Published {
			t.Fatal("gone in its days of grace")
		}
		x.clock.Set(start.Add(101 * oneDay))
		x.keep(t, market.Kept{Stale: 1})
		if state() != market.Stale || len(x.ids(t, visitor, market.PostFilter{}, "")) != 1 {
			t.Fatal("not taken out of the market, or too much was")
		}
		got, err := x.ConfirmPosts(t.Context(), owner, []string{p.ID, talked.ID, "none"})
		if err != nil || len(got.Done) != 2 || len(got.Refused) != 1 || state() != market.Published {
			t.Fatalf("%+v, %v", got, err)
		}
		got, err = x.ConfirmPosts(t.Context(), other, []string{p.ID})
		if err != nil || len(got.Refused) != 1 || got.Refused[0].Why.Kind != fault.Forbidden {
			t.Fatalf("%+v, %v", got, err)
		}
		x.keep(t, market.Kept{})
	})
}

// TestDeadline: a need whose deadline has passed leaves the market and comes back with a later one.
func TestDeadline(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	owner := x.firm(t, "甲厂")
	in := x.need(t, owner)
	in.Deadline = clock.DateOf(x.clock.Now()).AddDays(10)
	p := x.publish(t, owner, in)
	x.clock.Advance(10 * oneDay)
	x.keep(t, market.Kept{})
	x.clock.Advance(oneDay)
	x.keep(t, market.Kept{Stale: 1})
	entries, err := x.History(t.Context(), owner, p.ID, 0)
	if err != nil || entries[0].Reason != "需求截止日期已过" {
		t.Fatalf("%+v, %v", entries, err)
	}
	got, err := x.ConfirmPosts(t.Context(), owner, []string{p.ID})
	if err != nil || len(got.Done) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	now, err := x.GetPost(t.Context(), owner, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	now.Deadline = now.Deadline.AddDays(60)
	now, err = x.UpdatePost(t.Context(), owner, market.PostUpdate{ID: p.ID, PostData: now.PostData,
		Version: now.Version})
	if err != nil || now.State != market.Review {
		t.Fatalf("%+v, %v", now, err)
	}
}

// TestFreshRule: a rule of the city holds from its day on.
func TestFreshRule(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	in := market.NewFreshRule{FreshRuleData: market.FreshRuleData{Name: "本市规则", Source: "局务会",
		Mark: "local", ValidFrom: clock.DateOf(x.clock.Now()).AddDays(1), Reason: "供需更新快",
		FreshParams: market.FreshParams{NeedDays: 30, AchievementDays: 60, GraceDays: 5}}}
	_, err := x.AddFreshRule(t.Context(), x.firm(t, "甲厂"), in)
	wantKind(t, err, fault.Forbidden)
	bad := in
	bad.NeedDays, bad.RemindDays, bad.ValidFrom, bad.Reason = 0, []int{1000}, "2026-13-01", ""
	bad.Terms = market.UsualTerms()
	bad.NoticeDays = 91
	_, err = x.AddFreshRule(t.Context(), officer, bad)
	wantFields(t, err, "validFrom", "needDays", "reason", "noticeDays", "remindDays.0")
	if _, err := x.AddFreshRule(t.Context(), officer, in); err != nil {
		t.Fatal(err)
	}
	owner := x.firm(t, "甲厂")
	for day, want := range map[int]int64{0: 90, 1: 30} {
		x.clock.Set(dbtest.Start.Add(time.Duration(day) * oneDay))
		p := x.publish(t, owner, x.need(t, owner))
		if got := (p.FreshUntil - p.ConfirmedUs) / oneDay.Microseconds(); got != want {
			t.Errorf("on day %d fresh for %d days, want %d", day, got, want)
		}
	}
}

// TestCounters: the public figures count what lives and how far posts came, each with its rows.
func TestCounters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, other := x.firm(t, "甲所"), x.firm(t, "乙厂")
		advance := func(p market.Post, steps ...string) {
			x.write(t, other, func(ctx context.Context, tx *unit.Tx) error {
				for _, step := range steps {
					if _, err := x.Advance(ctx, tx, p.ID, step, process.Input{}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		x.create(t, owner, x.need(t, owner)) // a draft counts nowhere
		x.publish(t, owner, x.need(t, owner))
		advance(x.publish(t, owner, x.need(t, owner)), market.StepTalk)
		advance(x.publish(t, owner, x.need(t, owner)), market.StepTalk, market.StepUntalk)
		advance(x.publish(t, owner, x.achievement(t, owner)), market.StepTalk, market.StepSign)
		advance(x.publish(t, owner, x.achievement(t, owner)), market.StepSign, market.StepRegister)
		advance(x.publish(t, owner, x.achievement(t, owner)), market.StepSign, market.StepUntalk)
		named := x.need(t, owner)
		named.Visibility, named.Named = market.Named, []string{other.Org}
		x.publish(t, owner, named)
		want := market.Counters{Live: 4, Introduced: 5, Negotiating: 1, Signed: 2, Registered: 1}
		got, err := x.Counters(t.Context(), visitor)
		if err != nil || got != want {
			t.Fatalf("%+v, %v, want %+v", got, err, want)
		}
		if got, err = x.Counters(t.Context(), other); err != nil || got.Live != 5 {
			t.Errorf("the named count %+v, %v", got, err)
		}
		reg, err := measure.NewRegistry(d, x.clock, x.Measures()...)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range reg.List() {
			for _, by := range []authz.Actor{visitor, other, officer} {
				f, err := reg.Figure(t.Context(), by, m.Name, map[string]string{"kind": "need"})
				if err != nil {
					t.Fatal(err)
				}
				rows, err := reg.Rows(t.Context(), by, m.Name, map[string]string{"kind": "need"}, db.PageReq{})
				if err != nil || int64(len(rows.Items)) != f.Value {
					t.Errorf("%s for %s is %d with %d rows (%v)", m.Name, by.Role, f.Value, len(rows.Items), err)
				}
			}
		}
	})
}
