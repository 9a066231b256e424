package market_test

import (
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
)

// TestTerms: a publication that has begun keeps the days it was begun with; one that begins under a new
// edition has the days of that one, and so has the desk. What an edition does not say stays.
func TestTerms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner := x.firm(t, "甲所")
		handIn := func() market.Post {
			in := x.achievement(t, owner)
			in.Pricing, in.Submit = "agreement", true
			return x.create(t, owner, in)
		}
		notice := func(p market.Post) (market.Post, int) {
			t.Helper()
			now := x.fire(t, officer, p, market.StepNotice)
			return now, int(now.NoticeTo.Start().Sub(now.NoticeFrom.Start()) / oneDay)
		}
		old, days := notice(handIn())
		if days != 15 {
			t.Fatalf("publication of %d days under the rule that ships", days)
		}
		in := market.NewFreshRule{FreshRuleData: market.FreshRuleData{Name: "本市规则", Source: "局务会",
			Mark: "local", ValidFrom: clock.DateOf(x.clock.Now()).AddDays(1), Reason: "加强公示",
			FreshParams: market.FreshParams{NeedDays: 30, AchievementDays: 60, GraceDays: 5,
				Terms: market.Terms{NoticeDays: 20, ReviewDays: 1}}}}
		rule, err := x.AddFreshRule(t.Context(), officer, in)
		if err != nil || rule.NoticeDays != 20 || rule.AnswerDays != 10 || rule.Author != officer.Login {
			t.Fatalf("%+v, %v", rule, err)
		}
		x.clock.Advance(oneDay)
		p := handIn()
		runs, err := x.Running(t.Context(), owner, p.ID)
		if err != nil || len(runs) != 1 || runs[0].Limit.N != 1 {
			t.Errorf("the desk has %+v, %v", runs, err)
		}
		p, days = notice(p)
		if days != 20 {
			t.Errorf("publication of %d days under the new rule", days)
		}
		x.clock.Advance(16 * oneDay)
		x.fire(t, officer, old, market.StepAnnounce)
		_, err = x.FirePost(t.Context(), officer, market.PostStep{ID: p.ID, Step: market.StepAnnounce,
			Version: p.Version})
		wantKind(t, err, fault.Conflict)
		x.clock.Advance(5 * oneDay)
		x.fire(t, officer, p, market.StepAnnounce)
	})
}

// The line of matches, the shares of rewards and the weights of evaluations are set as the limits are, kept
// where a new rule leaves them out, and never below the law.
func TestNumbersOfTheRule(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		tomorrow := clock.DateOf(x.clock.Now()).AddDays(1)
		in := market.NewFreshRule{FreshRuleData: market.FreshRuleData{Name: "本市规则", Source: "局务会", Mark: "local",
			ValidFrom: tomorrow, Reason: "提高奖励", FreshParams: market.FreshParams{NeedDays: 90, AchievementDays: 180,
				Terms:   market.Terms{MatchLine: 91, SharePercent: 49, ProfitPercent: 4},
				Weights: market.Weights{"applied": {20, 40, 20, 15, 6}, "no": {100}, "public": {-1, 101, 0, 0, 0}}}}}
		_, err := x.AddFreshRule(ctx, officer, in)
		want := []string{"matchLine", "sharePercent", "profitPercent", "weights.applied.science", "weights",
			"weights.public.science", "weights.public.technology"}
		var got []string
		if e, ok := fault.As(err); ok {
			for _, f := range e.Fields {
				got = append(got, f.Name)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("wrong at %q, not %q", got, want)
		}
		in.Terms = market.Terms{MatchLine: 40, SharePercent: 70}
		in.Weights = market.Weights{"applied": {20, 40, 20, 15, 5}}
		rule, err := x.AddFreshRule(ctx, officer, in)
		if err != nil || rule.MatchLine != 40 || rule.SharePercent != 70 || rule.IncomePercent != 50 ||
			rule.ProfitPercent != 5 || rule.Weights["applied"] != [5]int64{20, 40, 20, 15, 5} ||
			rule.Weights["basic"] != market.UsualWeights()["basic"] {
			t.Fatalf("%+v, %v", rule, err)
		}
		in.ValidFrom, in.Terms, in.Weights = tomorrow.AddDays(30), market.Terms{MainPercent: 60}, nil
		next, err := x.AddFreshRule(ctx, officer, in)
		if err != nil || next.MatchLine != 40 || next.SharePercent != 70 || next.MainPercent != 60 ||
			next.Weights["applied"] != rule.Weights["applied"] {
			t.Errorf("what was left out: %+v, %v", next, err)
		}
	})
}
