package market

import (
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
)

// RewardRule says what the people behind an achievement get at least, from a day on, where nothing
// else was agreed. Shares are in hundredths of a percent.
type RewardRule struct {
	ValidFrom        clock.Date `json:"validFrom"`
	Source           string     `json:"source"`
	IncomeBp         int64      `json:"incomeBp"` // of the net income of a transfer or licence
	ShareBp          int64      `json:"shareBp"`  // of the shares of a contribution as equity
	ProfitBp         int64      `json:"profitBp"` // of the yearly profit of own use
	ProfitYearsLeast int        `json:"profitYearsLeast"`
	ProfitYearsMost  int        `json:"profitYearsMost"`
	MainBp           int64      `json:"mainBp"` // of the reward, for the main contributors
}

// rewardAt is the rule of a day, the oldest for days before it.
func rewardAt(day clock.Date) RewardRule {
	best := shippedRewards[0]
	for _, r := range shippedRewards {
		if r.ValidFrom <= day && r.ValidFrom >= best.ValidFrom {
			best = r
		}
	}
	return best
}

const allBp = 10_000

// Reward is what follows from the price of an achievement for the people behind it. It explains; the
// house decides.
type Reward struct {
	NetFen    money.Fen `json:"netFen"`    // income without the cost of the deal
	RewardFen money.Fen `json:"rewardFen"` // for all people behind it, at least
	MainFen   money.Fen `json:"mainFen"`   // of that for the main contributors, at least
	Source    string    `json:"source"`
	Notes     []Note    `json:"-"`
}

// Note is a sentence to explain something: a key of package i18n with its arguments, at a field.
type Note struct {
	Field string
	Key   string
	Args  []any
}

// Text returns the sentence.
func (n Note) Text(l i18n.Lang) string { return i18n.Text(l, n.Key, n.Args...) }

// RewardOf computes the reward of a transfer or licence at a price, after the cost of the deal, on a
// day. It is Invalid when the cost is above the price or one of them is negative.
func RewardOf(price, cost money.Fen, day clock.Date) (Reward, error) {
	var f faults
	switch {
	case price < 0 || price > maxPriceFen:
		f.add("priceFen", "金额应在 0 到 10 万亿元之间")
	case cost < 0 || cost > price:
		f.add("costFen", "交易成本应在 0 与价款之间")
	}
	if err := f.err(); err != nil {
		return Reward{}, err
	}
	rule := rewardAt(day)
	out := Reward{NetFen: price - cost, Source: rule.Source}
	var err error
	if out.RewardFen, err = share(out.NetFen, rule.IncomeBp); err != nil {
		return out, err
	}
	if out.MainFen, err = share(out.RewardFen, rule.MainBp); err != nil {
		return out, err
	}
	out.Notes = []Note{
		{"priceFen", "净收入 = 价款 %s − 交易成本 %s = %s", []any{i18n.Exact(price), i18n.Exact(cost), i18n.Exact(out.NetFen)}},
		{"rewardFen", "没有约定的，对完成和转化成果的人员奖励不低于净收入的 %s%%，即 %s", []any{bp(rule.IncomeBp), i18n.Exact(out.RewardFen)}},
		{"mainFen", "其中主要贡献人员不低于奖励总额的 %s%%，即 %s", []any{bp(rule.MainBp), i18n.Exact(out.MainFen)}},
	}
	return out, nil
}

// share is a share of an amount, rounded half up to a whole fen.
func share(of money.Fen, bp int64) (money.Fen, error) {
	r, err := money.NewRatio(bp, allBp)
	if err != nil {
		return 0, err
	}
	return of.MulRatio(r)
}

// bp writes hundredths of a percent as a percentage.
func bp(n int64) string { return i18n.Decimal(n, percentDigits) }

const percentDigits = 2
