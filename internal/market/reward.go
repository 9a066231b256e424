package market

import (
	"strconv"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
)

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

// RewardOf computes the reward of a transfer or licence at a price, after the cost of the deal, by the rule
// of a day. It is Invalid when the cost is above the price or one of them is negative.
func RewardOf(price, cost money.Fen, rule FreshRule) (Reward, error) {
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
	out := Reward{NetFen: price - cost, Source: rule.Source}
	var err error
	if out.RewardFen, err = share(out.NetFen, rule.IncomePercent); err != nil {
		return out, err
	}
	if out.MainFen, err = share(out.RewardFen, rule.MainPercent); err != nil {
		return out, err
	}
	out.Notes = []Note{
		{"priceFen", "净收入 = 价款 %s − 交易成本 %s = %s", []any{i18n.Exact(price), i18n.Exact(cost), i18n.Exact(out.NetFen)}},
		{"rewardFen", "没有约定的，对完成和转化成果的人员奖励不低于净收入的 %s%%，即 %s",
			[]any{strconv.Itoa(rule.IncomePercent), i18n.Exact(out.RewardFen)}},
		{"mainFen", "其中主要贡献人员不低于奖励总额的 %s%%，即 %s",
			[]any{strconv.Itoa(rule.MainPercent), i18n.Exact(out.MainFen)}},
	}
	return out, nil
}

// share is a share of an amount, rounded half up to a whole fen.
func share(of money.Fen, percent int) (money.Fen, error) {
	r, err := money.NewRatio(int64(percent), allPercent)
	if err != nil {
		return 0, err
	}
	return of.MulRatio(r)
}

const allPercent = 100
