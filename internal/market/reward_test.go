package market

import (
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
)

// TestReward computes the example of the rule: licence 300, cost 20, in 10,000 yuan, and its edges.
func TestReward(t *testing.T) {
	const wan = money.Fen(1_000_000)
	for _, c := range []struct{ price, cost, net, reward, main money.Fen }{
		{300 * wan, 20 * wan, 280 * wan, 140 * wan, 70 * wan}, {0, 0, 0, 0, 0}, {1, 0, 1, 1, 1},
		{3, 0, 3, 2, 1}, {5 * wan, 5 * wan, 0, 0, 0},
	} {
		got, err := RewardOf(c.price, c.cost, shippedRules[0])
		if err != nil || got.NetFen != c.net || got.RewardFen != c.reward || got.MainFen != c.main ||
			len(got.Notes) != 3 || got.Source == "" {
			t.Errorf("%+v, %v, want %+v", got, err, c)
		}
	}
	for _, c := range [][2]money.Fen{{-1, 0}, {1, 2}, {1, -1}, {maxPriceFen + 1, 0}} {
		if _, err := RewardOf(c[0], c[1], shippedRules[0]); err == nil {
			t.Errorf("%v is taken", c)
		}
	}
	more := shippedRules[0]
	more.IncomePercent = 70
	if got, err := RewardOf(300*wan, 20*wan, more); err != nil || got.RewardFen != 196*wan || got.MainFen != 98*wan {
		t.Errorf("70%%: %+v, %v", got, err)
	}
	got, err := RewardOf(300*wan, 20*wan, shippedRules[0])
	if err != nil {
		t.Fatal(err)
	}
	if s := got.Notes[1].Text(i18n.ZH); s != "没有约定的，对完成和转化成果的人员奖励不低于净收入的 50%，即 ¥1,400,000.00" {
		t.Error(s)
	}
}

// TestAdvice: what a post wants is said at its fields, and nothing is said of one that has it all.
func TestAdvice(t *testing.T) {
	fields := func(d PostData) []string {
		var out []string
		for _, n := range d.Advice(UsualTerms()) {
			out = append(out, n.Field)
			if n.Text(i18n.EN) == n.Text(i18n.ZH) {
				t.Errorf("%s is not in English", n.Key)
			}
		}
		return out
	}
	one := []Parameter{{Name: "漏检率", Op: "<=", Value: "1"}}
	for _, c := range []struct {
		d    PostData
		want []string
	}{
		{PostData{Kind: Need}, []string{"parameters", "priceHiFen", "deadline"}},
		{PostData{Kind: Need, Parameters: one, PriceHiFen: 1, Deadline: "2027-01-01"}, nil},
		{PostData{Kind: Achievement, Parameters: one, TRL: 6, AchievementData: AchievementData{
			Pricing: "agreement", Entitlement: "applied", PayLater: true}},
			[]string{"proofs", "trl", "pricing", "priceHiFen", "entitlement", "payLater"}},
		{PostData{Kind: Achievement, Parameters: one, TRL: 2, AchievementData: AchievementData{
			Pricing: "auction", Proofs: []Proof{{Level: 2, Text: "x"}}}}, []string{"trl", "pricing"}},
	} {
		if got := fields(c.d); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.d, got, c.want)
		}
	}
	better := UsualTerms()
	better.SharePercent = 70
	equity := PostData{Kind: Achievement, Parameters: one, AchievementData: AchievementData{Pricing: "equity"}}
	if n := equity.Advice(better); !strings.Contains(n[len(n)-1].Text(i18n.ZH), "不低于 70%") {
		t.Errorf("%q", n[len(n)-1].Text(i18n.ZH))
	}
	asks := PostData{Kind: Achievement, TRL: 13, AchievementData: AchievementData{
		Proofs: []Proof{{Level: 9}}}}.Asks()
	if len(asks) != 13 || !asks[8].Given || asks[9].Given || asks[12].Asks == "" {
		t.Errorf("%+v", asks)
	}
}
