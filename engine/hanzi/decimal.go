package hanzi

import (
	"cmp"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// A Decimal is an exact rational number. Numbers that are finite decimals of up to 18 digits, which
// is nearly all that is ever written, are kept as coefficient and exponent; all others (long
// numbers, and fractions such as 1/3) as a ratio of two integers. The zero value is 0. A Decimal
// never changes; compare with Equal or Cmp, not with ==.
type Decimal struct {
	coef int64 // the value is coef × 10^exp when rat is nil; see trim
	exp  int32
	rat  *big.Rat // the value otherwise; never written to
}

// MaxExponent bounds the power of ten that a Decimal is made with.
const MaxExponent = 400

// Int returns n as a Decimal.
func Int(n int64) Decimal { return Decimal{coef: n} }

// Scaled returns coef × 10^exp. It panics when the exponent is beyond ±MaxExponent.
func Scaled(coef int64, exp int) Decimal {
	if exp > MaxExponent || exp < -MaxExponent {
		panic("hanzi: exponent out of range")
	}
	return Decimal{coef: coef, exp: int32(exp)}.trim()
}

// Ratio returns num ÷ den exactly, and false when den is 0.
func Ratio(num, den int64) (Decimal, bool) { return Int(num).Quo(Int(den)) }

// trim removes zeros that end the coefficient behind the decimal point, and writes powers of ten
// out as far as they fit. Every Decimal is trimmed.
func (d Decimal) trim() Decimal {
	if d.rat != nil {
		return d
	}
	if d.coef == 0 {
		return Decimal{}
	}
	for d.exp < 0 && d.coef%10 == 0 {
		d.coef, d.exp = d.coef/10, d.exp+1
	}
	for d.exp > 0 && d.coef < math.MaxInt64/10 && d.coef > math.MinInt64/10 {
		d.coef, d.exp = d.coef*10, d.exp-1
	}
	return d
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// ratio returns the value as a new big.Rat.
func (d Decimal) ratio() *big.Rat {
	if d.rat != nil {
		return new(big.Rat).Set(d.rat)
	}
	r := new(big.Rat).SetInt64(d.coef)
	if d.exp > 0 {
		return r.Mul(r, new(big.Rat).SetInt(pow10(int(d.exp))))
	}
	if d.exp < 0 {
		return r.Quo(r, new(big.Rat).SetInt(pow10(int(-d.exp))))
	}
	return r
}

// fromRat keeps r as coefficient and exponent where that is possible. It takes r over.
func fromRat(r *big.Rat) Decimal {
	if r.IsInt() && r.Num().IsInt64() {
		return Decimal{coef: r.Num().Int64()}
	}
	digits, exact := r.FloatPrec()
	if exact && digits > 0 && digits <= 18 {
		n := new(big.Int).Mul(r.Num(), pow10(digits))
		n.Quo(n, r.Denom())
		if n.IsInt64() {
			return Decimal{coef: n.Int64(), exp: int32(-digits)}
		}
	}
	return Decimal{rat: r}
}

// Mul returns d × e.
func (d Decimal) Mul(e Decimal) Decimal {
	if d.rat == nil && e.rat == nil {
		d, e = d.reduce(), e.reduce()
	}
	if d.rat == nil && e.rat == nil && fits(d.coef) && fits(e.coef) {
		return Decimal{coef: d.coef * e.coef, exp: d.exp + e.exp}.trim()
	}
	r := d.ratio()
	return fromRat(r.Mul(r, e.ratio()))
}

// reduce moves the zeros that end a long coefficient into the exponent.
func (d Decimal) reduce() Decimal {
	for !fits(d.coef) && d.coef%10 == 0 {
		d.coef, d.exp = d.coef/10, d.exp+1
	}
	return d
}

// fits reports whether a product of two such numbers stays in an int64.
func fits(n int64) bool { return n < 1<<31 && n > -1<<31 }

// align brings the coefficients of d and e to one exponent where that is possible.
func align(d, e Decimal) (a, b int64, exp int32, ok bool) {
	if d.rat != nil || e.rat != nil {
		return 0, 0, 0, false
	}
	for d.exp > e.exp && d.coef < math.MaxInt64/20 && d.coef > math.MinInt64/20 {
		d.coef, d.exp = d.coef*10, d.exp-1
	}
	for e.exp > d.exp && e.coef < math.MaxInt64/20 && e.coef > math.MinInt64/20 {
		e.coef, e.exp = e.coef*10, e.exp-1
	}
	return d.coef, e.coef, d.exp, d.exp == e.exp
}

// Add returns d + e.
func (d Decimal) Add(e Decimal) Decimal {
	if d.Sign() == 0 {
		return e
	}
	if e.Sign() == 0 {
		return d
	}
	if a, b, exp, ok := align(d, e); ok {
		if s := a + b; (s > a) == (b > 0) {
			return Decimal{coef: s, exp: exp}.trim()
		}
	}
	r := d.ratio()
	return fromRat(r.Add(r, e.ratio()))
}

// Sub returns d − e.
func (d Decimal) Sub(e Decimal) Decimal { return d.Add(e.Neg()) }

// Neg returns −d.
func (d Decimal) Neg() Decimal {
	if d.rat == nil && d.coef != math.MinInt64 {
		d.coef = -d.coef
		return d
	}
	r := d.ratio()
	return fromRat(r.Neg(r))
}

// Quo returns d ÷ e exactly, and false when e is 0.
func (d Decimal) Quo(e Decimal) (Decimal, bool) {
	if e.Sign() == 0 {
		return Decimal{}, false
	}
	r := d.ratio()
	return fromRat(r.Quo(r, e.ratio())), true
}

// Sign returns -1, 0 or 1.
func (d Decimal) Sign() int {
	if d.rat != nil {
		return d.rat.Sign()
	}
	switch {
	case d.coef < 0:
		return -1
	case d.coef > 0:
		return 1
	}
	return 0
}

// Cmp returns -1, 0 or 1 as d is less than, equal to or greater than e.
func (d Decimal) Cmp(e Decimal) int {
	if a, b, _, ok := align(d, e); ok {
		return cmp.Compare(a, b)
	}
	return d.ratio().Cmp(e.ratio())
}

// Equal reports whether d and e are the same number.
func (d Decimal) Equal(e Decimal) bool { return d.Cmp(e) == 0 }

// Float64 returns the nearest float64.
func (d Decimal) Float64() float64 {
	const exact = 1 << 53
	if d.rat == nil && d.exp <= 0 && -d.exp < int32(len(tenths)) && d.coef <= exact &&
		d.coef >= -exact {
		return float64(d.coef) / tenths[-d.exp] // both exact, so that one rounding is left
	}
	f, _ := d.ratio().Float64()
	return f
}

// tenths are the powers of ten that a float64 holds exactly.
var tenths = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
	1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// Int64 returns the value, and false when it is not a whole number of that range.
func (d Decimal) Int64() (int64, bool) {
	if d.rat == nil && d.exp == 0 {
		return d.coef, true
	}
	if d.rat == nil && d.exp < 0 {
		return 0, false // the coefficient does not end in 0
	}
	r := d.ratio()
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	return r.Num().Int64(), true
}

// Finite reports whether the value can be written as a decimal with an end.
func (d Decimal) Finite() bool {
	if d.rat == nil {
		return true
	}
	_, exact := d.rat.FloatPrec()
	return exact
}

// String writes the value exactly and without exponent: "-12.5", "120000", and "1/3" where no
// decimal is exact.
func (d Decimal) String() string {
	if d.rat == nil && d.exp == 0 {
		return strconv.FormatInt(d.coef, 10)
	}
	if d.rat == nil && d.exp < 0 && d.exp > -maxPlaces {
		return placed(d.coef, int(-d.exp))
	}
	r := d.ratio()
	digits, exact := r.FloatPrec()
	if !exact {
		return r.RatString()
	}
	return r.FloatString(digits)
}

// maxPlaces bounds the places behind the point that are written without a ratio.
const maxPlaces = 20

// placed writes coef with its last n digits behind the point.
func placed(coef int64, n int) string {
	var digits, out [2*maxPlaces + 4]byte
	u := uint64(coef)
	if coef < 0 {
		u = -u
	}
	d := strconv.AppendUint(digits[:0], u, 10)
	b := out[:0]
	if coef < 0 {
		b = append(b, '-')
	}
	if len(d) <= n {
		b = append(b, '0')
	} else {
		b = append(b, d[:len(d)-n]...)
		d = d[len(d)-n:]
	}
	b = append(b, '.')
	for range n - len(d) {
		b = append(b, '0')
	}
	return string(append(b, d...))
}

// ParseDecimal reads what String writes, and numbers with an exponent such as 1.2e3.
func ParseDecimal(s string) (Decimal, bool) {
	if len(s) > MaxExponent || strings.ContainsAny(s, "_xXbBoOpP") {
		return Decimal{}, false
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if e, err := strconv.Atoi(s[i+1:]); err != nil || e > MaxExponent || e < -MaxExponent {
			return Decimal{}, false
		}
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Decimal{}, false
	}
	return fromRat(r), true
}
