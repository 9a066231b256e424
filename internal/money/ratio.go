package money

import (
	"math/big"
	"math/bits"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Rounding says where a tie goes.
type Rounding uint8

// The two rules of the field: half up (away from zero) for money and scores, half even (GB/T 8170)
// for environmental statistics.
const (
	HalfUp Rounding = iota
	HalfEven
)

// Ratio is an exact rational number with 64-bit numerator and denominator in lowest terms, so equal
// ratios are equal values. Arithmetic runs in big integers and fails only when the reduced result
// does not fit. The zero value is 0.
type Ratio struct {
	num, den int64 // den 0 stands for 1, so that the zero value is a number
}

// NewRatio returns num/den in lowest terms, or fault.Invalid when den is 0 or a term does not fit.
func NewRatio(num, den int64) (Ratio, error) {
	if den == 0 {
		return Ratio{}, fault.New(fault.Invalid, "比值的分母不能为零")
	}
	return fromBig(big.NewRat(num, den))
}

// Whole returns the ratio n/1.
func Whole(n int64) Ratio { return Ratio{num: n}.canonical() }

func (r Ratio) denominator() int64 {
	if r.den == 0 {
		return 1
	}
	return r.den
}

// canonical gives whole numbers the denominator 0, the zero value's, so that == compares.
func (r Ratio) canonical() Ratio {
	if r.den == 1 {
		r.den = 0
	}
	return r
}

func (r Ratio) big() *big.Rat { return big.NewRat(r.num, r.denominator()) }

func fromBig(v *big.Rat) (Ratio, error) {
	if !v.Num().IsInt64() || !v.Denom().IsInt64() {
		return Ratio{}, fault.New(fault.Invalid, "比值超出可精确表示的范围")
	}
	return Ratio{num: v.Num().Int64(), den: v.Denom().Int64()}.canonical(), nil
}

// Terms returns numerator and denominator in lowest terms; the denominator is positive.
func (r Ratio) Terms() (int64, int64) { return r.num, r.denominator() }

// Sign returns -1, 0 or 1.
func (r Ratio) Sign() int {
	switch {
	case r.num < 0:
		return -1
	case r.num > 0:
		return 1
	default:
		return 0
	}
}

// Cmp returns -1, 0 or 1 as r is below, equal to or above s. It multiplies crosswise in 128 bits,
// so 5 % is never lost to rounding.
func (r Ratio) Cmp(s Ratio) int {
	if r.Sign() != s.Sign() {
		if r.Sign() < s.Sign() {
			return -1
		}
		return 1
	}
	leftHi, leftLo := bits.Mul64(magnitude(r.num), uint64(s.denominator()))
	rightHi, rightLo := bits.Mul64(magnitude(s.num), uint64(r.denominator()))
	order := compare(leftHi, rightHi)
	if order == 0 {
		order = compare(leftLo, rightLo)
	}
	if r.Sign() < 0 {
		return -order
	}
	return order
}

// magnitude is |v|, right for the smallest int64 too.
func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

// Add returns r + s, or fault.Invalid when it does not fit.
func (r Ratio) Add(s Ratio) (Ratio, error) { return fromBig(new(big.Rat).Add(r.big(), s.big())) }

// Sub returns r - s, or fault.Invalid when it does not fit.
func (r Ratio) Sub(s Ratio) (Ratio, error) { return fromBig(new(big.Rat).Sub(r.big(), s.big())) }

// Mul returns r · s, or fault.Invalid when it does not fit.
func (r Ratio) Mul(s Ratio) (Ratio, error) { return fromBig(new(big.Rat).Mul(r.big(), s.big())) }

// Div returns r / s, or fault.Invalid when s is 0 or the result does not fit.
func (r Ratio) Div(s Ratio) (Ratio, error) {
	if s.num == 0 {
		return Ratio{}, fault.New(fault.Invalid, "比值的分母不能为零")
	}
	return fromBig(new(big.Rat).Quo(r.big(), s.big()))
}

// maxDecimals bounds the decimals asked of a rounded number.
const maxDecimals = 18

// Scaled returns r · 10^decimals rounded to a whole number: 1/3 with 2 decimals is 33. It returns
// fault.Invalid when the number does not fit or decimals is not within 0 to 18.
func (r Ratio) Scaled(decimals int, how Rounding) (int64, error) {
	if decimals < 0 || decimals > maxDecimals {
		return 0, fault.New(fault.Invalid, "小数位数应在 0 到 %d 之间", maxDecimals)
	}
	num := new(big.Int).Mul(big.NewInt(r.num), pow10(decimals))
	v, ok := roundQuotient(num, big.NewInt(r.denominator()), how)
	if !ok {
		return 0, fault.New(fault.Invalid, "比值超出可精确表示的范围")
	}
	return v, nil
}

func pow10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// roundQuotient divides num by den > 0 to the nearest whole number; ties go as how says. It reports
// false when the result does not fit.
func roundQuotient(num, den *big.Int, how Rounding) (int64, bool) {
	quo, rem := new(big.Int).QuoRem(num, den, new(big.Int))
	twice := new(big.Int).Lsh(new(big.Int).Abs(rem), 1)
	order := twice.Cmp(den)
	if order > 0 || order == 0 && (how == HalfUp || quo.Bit(0) == 1) {
		quo.Add(quo, big.NewInt(int64(num.Sign())))
	}
	return quo.Int64(), quo.IsInt64()
}
