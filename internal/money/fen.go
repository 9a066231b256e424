// Package money holds amounts in fen (分, a hundredth of a yuan) and exact ratios. Nothing here is
// ever a floating-point number: an amount that does not fit or a fraction of a fen is an error.
package money

import (
	"math/big"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Fen is an amount of renminbi in hundredths of a yuan. An int64 of them reaches 92 million 亿元.
type Fen int64

// Unit is the number of fen in a unit of account.
type Unit int64

// The units that Chinese documents count money in.
const (
	Yuan Unit = 100            // 元
	Wan  Unit = 1_000_000      // 万元
	Yi   Unit = 10_000_000_000 // 亿元
)

func tooLarge() error { return fault.New(fault.Invalid, "金额超出可记录的范围") }

// Add returns f + g, or fault.Invalid when the sum does not fit.
func (f Fen) Add(g Fen) (Fen, error) {
	sum := f + g
	if (g > 0) != (sum > f) && g != 0 {
		return 0, tooLarge()
	}
	return sum, nil
}

// Sub returns f - g, or fault.Invalid when the difference does not fit.
func (f Fen) Sub(g Fen) (Fen, error) {
	diff := f - g
	if (g > 0) != (diff < f) && g != 0 {
		return 0, tooLarge()
	}
	return diff, nil
}

// Sum adds amounts, or returns fault.Invalid when a partial sum does not fit.
func Sum(amounts ...Fen) (Fen, error) {
	var total Fen
	for _, a := range amounts {
		next, err := total.Add(a)
		if err != nil {
			return 0, err
		}
		total = next
	}
	return total, nil
}

// MulRatio returns f · r rounded half up to a whole fen (a half goes away from zero, as money is
// rounded in contracts), or fault.Invalid when the product does not fit.
func (f Fen) MulRatio(r Ratio) (Fen, error) {
	num := new(big.Int).Mul(big.NewInt(int64(f)), big.NewInt(r.num))
	v, ok := roundQuotient(num, big.NewInt(r.denominator()), HalfUp)
	if !ok {
		return 0, tooLarge()
	}
	return Fen(v), nil
}

// In returns f in units of u as an exact ratio: to compare an amount with a threshold in 万元, or to
// round it for display.
func (f Fen) In(u Unit) Ratio {
	r, err := NewRatio(int64(f), int64(u))
	if err != nil {
		panic(err) // units are positive constants
	}
	return r
}
