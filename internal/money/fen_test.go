package money

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
)

func TestAddSub(t *testing.T) {
	t.Parallel()
	const top, bottom = Fen(math.MaxInt64), Fen(math.MinInt64)
	for _, c := range []struct {
		f, g      Fen
		sum, diff Fen
		sumErr    bool
		diffErr   bool
	}{
		{100, 23, 123, 77, false, false},
		{100, -23, 77, 123, false, false},
		{0, 0, 0, 0, false, false},
		{top, 1, 0, top - 1, true, false},
		{top, 0, top, top, false, false},
		{bottom, -1, 0, bottom + 1, true, false},
		{bottom, 1, bottom + 1, 0, false, true},
		{0, bottom, bottom, 0, false, true},
		{-1, bottom, 0, top, true, false},
		{top, bottom, -1, 0, false, true},
	} {
		sum, err := c.f.Add(c.g)
		if sum != c.sum || (err != nil) != c.sumErr || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%d + %d = %d, %v", c.f, c.g, sum, err)
		}
		diff, err := c.f.Sub(c.g)
		if diff != c.diff || (err != nil) != c.diffErr {
			t.Errorf("%d - %d = %d, %v", c.f, c.g, diff, err)
		}
	}
}

// TestAddAgainstBig compares with big integers on numbers near the limits and near zero.
func TestAddAgainstBig(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 30_000 {
		f, g := Fen(rnd.Uint64())>>rnd.UintN(63), Fen(rnd.Uint64())>>rnd.UintN(63)
		want := new(big.Int).Add(big.NewInt(int64(f)), big.NewInt(int64(g)))
		sum, err := f.Add(g)
		if (err == nil) != want.IsInt64() || err == nil && int64(sum) != want.Int64() {
			t.Fatalf("%d + %d = %d, %v; want %v", f, g, sum, err, want)
		}
		want.Sub(big.NewInt(int64(f)), big.NewInt(int64(g)))
		diff, err := f.Sub(g)
		if (err == nil) != want.IsInt64() || err == nil && int64(diff) != want.Int64() {
			t.Fatalf("%d - %d = %d, %v; want %v", f, g, diff, err, want)
		}
	}
}

func TestSum(t *testing.T) {
	t.Parallel()
	if s, err := Sum(1, 2, 3); s != 6 || err != nil {
		t.Errorf("Sum = %d, %v", s, err)
	}
	if s, err := Sum(); s != 0 || err != nil {
		t.Errorf("Sum of nothing = %d, %v", s, err)
	}
	if _, err := Sum(math.MaxInt64, 1, -1); !fault.Is(err, fault.Invalid) {
		t.Errorf("a partial sum that does not fit must be refused: %v", err)
	}
}

func TestMulRatio(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f        Fen
		num, den int64
		want     Fen
		err      bool
	}{
		{100, 1, 3, 33, false},
		{200, 1, 3, 67, false},
		{1, 1, 2, 1, false},   // a half goes up
		{-1, 1, 2, -1, false}, // and away from zero below it
		{3, 1, 2, 2, false},
		{5, 1, 10, 1, false},
		{4, 1, 10, 0, false},
		{261_800_000, 6, 100, 15_708_000, false},
		{math.MaxInt64, 1, 1, math.MaxInt64, false},
		{math.MaxInt64, 3, 2, 0, true},
		{math.MaxInt64, 2, 3, 6148914691236517205, false}, // no overflow on the way
		{7, 0, 5, 0, false},
	} {
		r, err := NewRatio(c.num, c.den)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.f.MulRatio(r)
		if got != c.want || (err != nil) != c.err {
			t.Errorf("%d · %d/%d = %d, %v; want %d", c.f, c.num, c.den, got, err, c.want)
		}
	}
	if got, err := Fen(100).MulRatio(Ratio{}); got != 0 || err != nil {
		t.Errorf("the zero ratio: %d, %v", got, err)
	}
}

func TestIn(t *testing.T) {
	t.Parallel()
	threshold := Whole(500)
	for _, c := range []struct {
		f    Fen
		want int
	}{{500 * 1_000_000, 0}, {500*1_000_000 - 1, -1}, {500*1_000_000 + 1, 1}} {
		if got := c.f.In(Wan).Cmp(threshold); got != c.want {
			t.Errorf("%d fen against 500 万元: %d", c.f, got)
		}
	}
}
