package money

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
)

func ratio(t *testing.T, num, den int64) Ratio {
	t.Helper()
	r, err := NewRatio(num, den)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRatioIsInLowestTerms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ num, den, wantNum, wantDen int64 }{
		{50, 1000, 1, 20},
		{-6, 4, -3, 2},
		{6, -4, -3, 2},
		{0, 7, 0, 1},
		{7, 7, 1, 1},
		{math.MinInt64, 2, math.MinInt64 / 2, 1},
	} {
		num, den := ratio(t, c.num, c.den).Terms()
		if num != c.wantNum || den != c.wantDen {
			t.Errorf("%d/%d = %d/%d", c.num, c.den, num, den)
		}
	}
	if ratio(t, 10, 2) != Whole(5) || ratio(t, 0, 9) != (Ratio{}) || ratio(t, 2, 4) != ratio(t, 1, 2) {
		t.Error("equal ratios must be equal values")
	}
	for _, c := range [][2]int64{{1, 0}, {1, math.MinInt64}} {
		if _, err := NewRatio(c[0], c[1]); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d/%d: %v", c[0], c[1], err)
		}
	}
}

// TestCmpAgainstBig compares with big rationals, on terms of every size.
func TestCmpAgainstBig(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 4))
	term := func() int64 { return int64(rnd.Uint64()) >> rnd.UintN(64) }
	for range 30_000 {
		a, errA := NewRatio(term(), term())
		b, errB := NewRatio(term(), term())
		if errA != nil || errB != nil {
			continue
		}
		if got, want := a.Cmp(b), a.big().Cmp(b.big()); got != want {
			t.Fatalf("%v against %v: %d, want %d", a, b, got, want)
		}
	}
	// 5.0000…1 % is above 5 %, which a float64 cannot tell.
	above := ratio(t, 50_000_000_000_000_001, 1_000_000_000_000_000_000)
	if above.Cmp(ratio(t, 5, 100)) != 1 || ratio(t, 5, 100).Cmp(above) != -1 {
		t.Error("a ratio just above a threshold")
	}
}

func TestArithmetic(t *testing.T) {
	t.Parallel()
	half, third := ratio(t, 1, 2), ratio(t, 1, 3)
	for _, c := range []struct {
		name     string
		op       func(Ratio, Ratio) (Ratio, error)
		num, den int64
	}{
		{"add", Ratio.Add, 5, 6}, {"sub", Ratio.Sub, 1, 6},
		{"mul", Ratio.Mul, 1, 6}, {"div", Ratio.Div, 3, 2},
	} {
		if got, err := c.op(half, third); got != ratio(t, c.num, c.den) || err != nil {
			t.Errorf("%s = %v, %v", c.name, got, err)
		}
	}
	if _, err := half.Div(Ratio{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("division by zero: %v", err)
	}
	tiny := ratio(t, 1, math.MaxInt64)
	if _, err := tiny.Mul(half); !fault.Is(err, fault.Invalid) {
		t.Errorf("a denominator that does not fit: %v", err)
	}
	// The terms overflow on the way and fit in the end.
	if got, err := tiny.Div(tiny); got != Whole(1) || err != nil {
		t.Errorf("tiny/tiny = %v, %v", got, err)
	}
}

func TestScaled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		num, den int64
		decimals int
		how      Rounding
		want     int64
	}{
		{1, 3, 2, HalfUp, 33},
		{2, 3, 2, HalfUp, 67},
		{5, 1000, 2, HalfUp, 1},
		{5, 1000, 2, HalfEven, 0},
		{15, 1000, 2, HalfEven, 2},
		{-5, 1000, 2, HalfUp, -1},
		{-15, 1000, 2, HalfEven, -2},
		{-5, 1000, 2, HalfEven, 0},
		{51, 10000, 2, HalfEven, 1},
		{7, 1, 0, HalfUp, 7},
	} {
		got, err := ratio(t, c.num, c.den).Scaled(c.decimals, c.how)
		if got != c.want || err != nil {
			t.Errorf("%d/%d to %d decimals = %d, %v; want %d", c.num, c.den, c.decimals, got, err, c.want)
		}
	}
	if _, err := Whole(math.MaxInt64).Scaled(1, HalfUp); !fault.Is(err, fault.Invalid) {
		t.Errorf("too large: %v", err)
	}
	for _, decimals := range []int{-1, 19} {
		if _, err := Whole(1).Scaled(decimals, HalfUp); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d decimals: %v", decimals, err)
		}
	}
}

// TestScaledIsNearest: the rounded value is never further than half a unit from the ratio.
func TestScaledIsNearest(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		r := ratio(t, rnd.Int64N(2_000_001)-1_000_000, rnd.Int64N(1000)+1)
		for _, how := range []Rounding{HalfUp, HalfEven} {
			v, err := r.Scaled(2, how)
			if err != nil {
				t.Fatal(err)
			}
			off := new(big.Rat).Sub(big.NewRat(v, 100), r.big())
			if off.Abs(off).Cmp(big.NewRat(1, 200)) > 0 {
				t.Fatalf("%v rounds to %d", r, v)
			}
		}
	}
}
