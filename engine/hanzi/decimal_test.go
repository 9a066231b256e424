package hanzi

import (
	"math"
	"math/big"
	"testing"
	"testing/quick"
)

func TestDecimalString(t *testing.T) {
	third, _ := Ratio(1, 3)
	big20, _ := ParseDecimal("202107211321363588510367")
	for _, c := range []struct {
		d    Decimal
		want string
	}{
		{Decimal{}, "0"},
		{Int(-7), "-7"},
		{Scaled(125, -1), "12.5"},
		{Scaled(1250, -2), "12.5"},
		{Scaled(12, 10), "120000000000"},
		{Scaled(5, -20), "0.00000000000000000005"},
		{third, "1/3"},
		{third.Mul(Int(3)), "1"},
		{big20, "202107211321363588510367"},
		{big20.Sub(big20), "0"},
		{Int(math.MaxInt64).Add(Int(1)), "9223372036854775808"},
		{Int(math.MinInt64).Neg(), "9223372036854775808"},
		{Int(math.MaxInt64).Mul(Int(2)), "18446744073709551614"},
		{Scaled(1, 30), "1000000000000000000000000000000"},
	} {
		if got := c.d.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestParseDecimal(t *testing.T) {
	for _, c := range []struct {
		in, want string
		ok       bool
	}{
		{"12.50", "12.5", true},
		{"-0.001", "-0.001", true},
		{"1.2e3", "1200", true},
		{"1/3", "1/3", true},
		{"", "", false},
		{"1/0", "", false},
		{"1e999999999", "", false},
		{"0x10", "", false},
		{"1_000", "", false},
		{"十", "", false},
	} {
		d, ok := ParseDecimal(c.in)
		if ok != c.ok || ok && d.String() != c.want {
			t.Errorf("ParseDecimal(%q) = %s, %v, want %q, %v", c.in, d, ok, c.want, c.ok)
		}
	}
}

// TestDecimalIsExact checks the arithmetic against that of math/big.
func TestDecimalIsExact(t *testing.T) {
	check := func(a, b int64, ea, eb int8) bool {
		x, y := Scaled(a, int(ea)%20), Scaled(b, int(eb)%20)
		rx, ry := rational(a, int(ea)%20), rational(b, int(eb)%20)
		ok := x.Add(y).ratio().Cmp(new(big.Rat).Add(rx, ry)) == 0 &&
			x.Sub(y).ratio().Cmp(new(big.Rat).Sub(rx, ry)) == 0 &&
			x.Mul(y).ratio().Cmp(new(big.Rat).Mul(rx, ry)) == 0 &&
			x.Cmp(y) == rx.Cmp(ry) && x.Sign() == rx.Sign()
		if q, defined := x.Quo(y); defined {
			ok = ok && q.ratio().Cmp(new(big.Rat).Quo(rx, ry)) == 0 && q.Mul(y).Equal(x)
		}
		back, parsed := ParseDecimal(x.String())
		return ok && parsed && back.Equal(x)
	}
	small := func(a, b int16, ea, eb int8) bool { return check(int64(a), int64(b), ea, eb) }
	for _, f := range []any{check, small} {
		if err := quick.Check(f, nil); err != nil {
			t.Error(err)
		}
	}
}

// rational returns coef × 10^exp without the code under test.
func rational(coef int64, exp int) *big.Rat {
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exp, -exp))), nil)
	r := new(big.Rat).SetInt64(coef)
	if exp < 0 {
		return r.Quo(r, new(big.Rat).SetInt(p))
	}
	return r.Mul(r, new(big.Rat).SetInt(p))
}

// TestDecimalShort holds the ways without a ratio to those with one.
func TestDecimalShort(t *testing.T) {
	if err := quick.Check(func(coef int64, places uint8) bool {
		d := Scaled(coef, -int(places%24))
		r := d.ratio()
		n, _ := r.FloatPrec()
		f, _ := r.Float64()
		return d.String() == r.FloatString(n) && d.Float64() == f
	}, &quick.Config{MaxCount: 5000}); err != nil {
		t.Error(err)
	}
	for _, coef := range []int64{math.MinInt64, -1, 1, 1<<53 + 1} {
		for places := range 24 {
			d := Scaled(coef, -places)
			f, _ := d.ratio().Float64()
			if n, _ := d.ratio().FloatPrec(); d.String() != d.ratio().FloatString(n) || d.Float64() != f {
				t.Errorf("%d·10^-%d is %s, %v", coef, places, d, d.Float64())
			}
		}
	}
}
