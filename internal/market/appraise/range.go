package appraise

import (
	"math/big"
	"strings"

	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/money"
)

// Range is an input with its low, base and high value, exact decimals as text: "8", "10", "12.5".
type Range struct {
	Low  string `json:"low"`
	Base string `json:"base"`
	High string `json:"high"`
}

// maxDigits bounds an input: up to 12 digits and 6 decimals.
const (
	maxDigits   = 12
	maxDecimals = 6
)

// Amounts above these, in 万元, are mistakes of the unit: 1000 亿元 for one item, 1 万亿元 for what a method
// comes to. In fen both are far below what an integer holds.
var (
	maxItem   = big.NewRat(10_000_000, 1)
	maxResult = big.NewRat(100_000_000, 1)
)

// ParseRange reads one number, or low, base and high with / between.
func ParseRange(text string) Range {
	parts := strings.Split(strings.ReplaceAll(text, "／", "/"), "/")
	for i := range parts {
		parts[i] = strings.ReplaceAll(strings.TrimSpace(parts[i]), ",", "")
	}
	switch len(parts) {
	case 1:
		return Range{parts[0], parts[0], parts[0]}
	case 3:
		return Range{parts[0], parts[1], parts[2]}
	}
	return Range{text, "", ""} // what cannot be read stays to be shown
}

// String writes a range as ParseRange reads it.
func (r Range) String() string {
	if r.Low == r.Base && r.Base == r.High {
		return r.Base
	}
	if r.Base == "" && r.High == "" {
		return r.Low
	}
	return r.Low + " / " + r.Base + " / " + r.High
}

// decimal reads an exact decimal that is not negative.
func decimal(text string) (*big.Rat, bool) {
	whole, part, _ := strings.Cut(text, ".")
	if whole == "" || len(whole) > maxDigits || len(part) > maxDecimals ||
		strings.Trim(whole+part, "0123456789") != "" || strings.HasSuffix(text, ".") {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// Scenarios, the index of a triple.
const (
	low = iota
	base
	high
)

// triple holds a value in each scenario.
type triple [3]*big.Rat

func (r Range) read() (triple, bool) {
	var t triple
	for i, text := range []string{r.Low, r.Base, r.High} {
		v, ok := decimal(text)
		if !ok {
			return t, false
		}
		t[i] = v
	}
	return t, t[low].Cmp(t[base]) <= 0 && t[base].Cmp(t[high]) <= 0
}

// against turns a triple over: of a cost that lowers the value, the low scenario takes the high one.
func (t triple) against() triple { return triple{t[high], t[base], t[low]} }

func each(f func(i int) *big.Rat) triple { return triple{f(low), f(base), f(high)} }

var (
	one     = big.NewRat(1, 1)
	hundred = big.NewRat(100, 1)
)

// share is p % as a number.
func share(p *big.Rat) *big.Rat { return new(big.Rat).Quo(p, hundred) }

func add(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }
func sub(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func mul(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

// fen rounds an amount in 万元 that is at most maxResult half up to whole fen.
func fen(v *big.Rat) money.Fen {
	scaled := mul(v, big.NewRat(int64(money.Wan), 1))
	twice := new(big.Int).Add(new(big.Int).Mul(scaled.Num(), big.NewInt(2)), scaled.Denom())
	out := new(big.Int).Div(twice, new(big.Int).Mul(scaled.Denom(), big.NewInt(2)))
	return money.Fen(out.Int64())
}

// check says what is wrong with a range; percent bounds it to 100.
func (r Range) check(f *occasion.Faults, field string, percent bool) triple {
	t, ok := r.read()
	if !ok {
		f.Add(field, "请写一个数，或由低到高的三个数，如 8 / 10 / 12")
		return triple{new(big.Rat), new(big.Rat), new(big.Rat)}
	}
	switch {
	case percent && t[high].Cmp(hundred) > 0:
		f.Add(field, "百分比不能超过 100")
	case !percent && t[high].Cmp(maxItem) > 0:
		f.Add(field, "金额不能超过 1000 亿元，请核对单位是否为万元")
		return triple{new(big.Rat), new(big.Rat), new(big.Rat)}
	}
	return t
}
