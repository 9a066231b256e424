package appraise

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
)

// Values are the five values, in the order of scores and weights.
func Values() []market.Choice { return market.FiveValues() }

// Five is a number for each of the five values.
type Five [5]int64

// Sum is the total.
func (v Five) Sum() int64 { return v[0] + v[1] + v[2] + v[3] + v[4] }

// MinExperts is the least number of experts; it is odd.
const (
	MinExperts = 5
	MaxExperts = 21
	MaxScore   = 100
)

// Mean is what the experts say of one value, or of the whole: exact.
type Mean struct {
	Mean money.Ratio `json:"-"`
	Text string      `json:"mean"` // two decimals, half up
	Low  int64       `json:"low"`  // the lowest score
	High int64       `json:"high"`
}

// Outcome is what an evaluation comes to.
type Outcome struct {
	Experts int64   `json:"experts"`
	Used    int64   `json:"used"` // scores of each value that counted
	Values  [5]Mean `json:"values"`
	Total   Mean    `json:"total"` // weighted; its low and high are of the experts' own totals, rounded
}

// Aggregate takes the mean of the scores of each value, without the highest and the lowest one when
// it is trimmed, and weighs the means. Weights are 100 together. It is a pure function.
func Aggregate(weights Five, scores []Five, trimmed bool) (Outcome, error) {
	out := Outcome{Experts: int64(len(scores)), Used: int64(len(scores))}
	if trimmed {
		out.Used -= 2
	}
	total := money.Ratio{}
	for v := range 5 {
		var column []int64
		for _, s := range scores {
			column = append(column, s[v])
		}
		slices.Sort(column)
		used := column
		if trimmed {
			used = column[1 : len(column)-1]
		}
		var sum int64
		for _, n := range used {
			sum += n
		}
		mean, err := money.NewRatio(sum, int64(len(used)))
		if err != nil {
			return out, err
		}
		out.Values[v] = Mean{mean, text(mean), column[0], column[len(column)-1]}
		weight, err := money.NewRatio(weights[v], MaxScore)
		if err != nil {
			return out, err
		}
		part, err := mean.Mul(weight)
		if err != nil {
			return out, err
		}
		if total, err = total.Add(part); err != nil {
			return out, err
		}
	}
	out.Total = Mean{Mean: total, Text: text(total)}
	for i, s := range scores {
		var sum int64
		for v := range 5 {
			sum += s[v] * weights[v]
		}
		own := (sum + MaxScore/2) / MaxScore
		if i == 0 || own < out.Total.Low {
			out.Total.Low = own
		}
		out.Total.High = max(out.Total.High, own)
	}
	return out, nil
}

// text writes a mean with two decimals, half up.
func text(r money.Ratio) string {
	n, err := r.Scaled(2, money.HalfUp)
	if err != nil {
		return "" // a mean of scores up to 100 always fits
	}
	const digits = "0123456789"
	whole, cents := n/100, n%100
	out := ""
	for w := whole; ; w /= 10 {
		out = string(digits[w%10]) + out
		if w < 10 {
			break
		}
	}
	return out + "." + string(digits[cents/10]) + string(digits[cents%10])
}
