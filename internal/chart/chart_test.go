package chart

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAxis(t *testing.T) {
	for _, c := range []struct {
		top  float64
		want []float64
	}{
		{228, []float64{300, 200, 100, 0}}, {4, []float64{4, 3, 2, 1, 0}}, {0, []float64{1, 0}},
		{0.9, []float64{1, .75, .5, .25, 0}}, {math.NaN(), []float64{1, 0}}, {-5, []float64{1, 0}},
		{math.Inf(1), []float64{1, 0}}, {100, []float64{100, 75, 50, 25, 0}},
	} {
		if d := cmp.Diff(c.want, axis(c.top)); d != "" {
			t.Errorf("axis(%v): %s", c.top, d)
		}
	}
}

func FuzzAxis(f *testing.F) {
	f.Add(228.0)
	f.Add(1e-9)
	f.Add(math.MaxFloat64 / 20)
	f.Fuzz(func(t *testing.T, top float64) {
		if top > math.MaxFloat64/20 || top < 1e-300 {
			t.Skip("beyond any figure of a city")
		}
		ticks := axis(top)
		if len(ticks) < 2 || len(ticks) > 7 || ticks[len(ticks)-1] != 0 {
			t.Fatalf("axis(%g) = %v", top, ticks)
		}
		if ticks[0] < top*(1-1e-6) {
			t.Errorf("axis(%g) ends at %g", top, ticks[0])
		}
	})
}

func TestClasses(t *testing.T) {
	nan := math.NaN()
	got := Classes([]float64{5, 1, nan, 3, 3, 9}, 3)
	if d := cmp.Diff([]int{1, 0, -1, 0, 0, 2}, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int{-1}, Classes([]float64{nan}, 6)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int{0, 0}, Classes([]float64{7, 7}, 6)); d != "" {
		t.Errorf("equal values share a class: %s", d)
	}
}

func TestLinesBreakAtMissingValues(t *testing.T) {
	p := Lines("亿元", []string{"a", "b", "c", "d"}, Series{"x", []float64{1, Missing(), 3, 4}})
	if got := strings.Count(p.lines[0].path, "M"); got != 2 {
		t.Errorf("line has %d pieces, want 2: %s", got, p.lines[0].path)
	}
	if len(p.lines[0].dots) != 3 {
		t.Errorf("%d dots for 3 values", len(p.lines[0].dots))
	}
}

func TestLimits(t *testing.T) {
	var series []Series
	labels := make([]string, MaxPoints+5)
	for range MaxLines + 2 {
		series = append(series, Series{"s", []float64{1}})
	}
	p := Lines("", labels, series...)
	if len(p.Series) != MaxLines || len(p.Labels) != MaxPoints ||
		len(p.Series[0].Values) != MaxPoints {
		t.Errorf("%d series, %d labels, %d values", len(p.Series), len(p.Labels),
			len(p.Series[0].Values))
	}
	if got := len(Stacks("", labels, series...).Series); got != MaxStacks {
		t.Errorf("%d stacks", got)
	}
	Lines("", nil)
	Stacks("", nil, Series{})
}

// TestStacksAddUp: the columns of one label are as high as the sum of its values.
func TestStacksAddUp(t *testing.T) {
	p := Stacks("家", []string{"a", "b"}, Series{"x", []float64{10, 0}},
		Series{"y", []float64{30, Missing()}})
	high := 0.0
	for _, b := range p.bars {
		if b.i != 0 {
			t.Errorf("a bar for nothing: %+v", b)
		}
		high += b.h
	}
	if want := 40 * 100 / p.ticks[0]; math.Abs(high-want) > 1e-9 {
		t.Errorf("column is %.2f high, want %.2f", high, want)
	}
}

func TestSparkPath(t *testing.T) {
	for _, v := range [][]float64{nil, {1}, {math.NaN(), 2}, {math.NaN(), math.NaN()}} {
		if got := SparkPath(v); got != "" {
			t.Errorf("SparkPath(%v) = %q, want nothing", v, got)
		}
	}
	if got := SparkPath([]float64{5, 5}); got != "M0.0 50.0L100.0 50.0" {
		t.Errorf("a flat line: %q", got)
	}
	if got := SparkPath([]float64{0, math.NaN(), 10}); got != "M0.0 92.0M100.0 8.0" {
		t.Errorf("a gap: %q", got)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1234567: "1,234,567", -1234.5: "-1,234.5", .126: "0.13",
		-.001: "0", 999: "999", -999: "-999",
		1e15: "1,000,000,000,000,000",
	} {
		if got := Number(v); got != want {
			t.Errorf("Number(%v) = %q, want %q", v, got, want)
		}
	}
}

func FuzzSparkPath(f *testing.F) {
	whole := regexp.MustCompile(`^(M[-0-9.]+ [-0-9.]+(L[-0-9.]+ [-0-9.]+)*)*$`)
	f.Add(1.0, 2.0, 3.0)
	f.Fuzz(func(t *testing.T, a, b, c float64) {
		if math.IsInf(a, 0) || math.IsInf(b, 0) || math.IsInf(c,
			0) || math.Abs(a)+math.Abs(b)+math.Abs(c) > 1e300 {
			t.Skip("not figures")
		}
		if got := SparkPath([]float64{a, b, c}); !whole.MatchString(got) {
			t.Errorf("SparkPath(%g, %g, %g) = %q", a, b, c, got)
		}
	})
}
