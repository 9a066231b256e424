package composite

import (
	"math"
	"slices"
)

// Missing is the value that is not there.
var Missing = math.NaN()

func missing(v float64) bool { return math.IsNaN(v) }

// present returns the values that are there.
func present(x []float64) []float64 {
	out := make([]float64, 0, len(x))
	for _, v := range x {
		if !missing(v) {
			out = append(out, v)
		}
	}
	return out
}

// mean is the arithmetic mean, in two passes as R computes it, so that the last digits agree.
func mean(x []float64) float64 {
	if len(x) == 0 {
		return Missing
	}
	var s float64
	for _, v := range x {
		s += v
	}
	m := s / float64(len(x))
	var rest float64
	for _, v := range x {
		rest += v - m
	}
	return m + rest/float64(len(x))
}

// moment is the k-th central moment.
func moment(x []float64, m float64, k int) float64 {
	var s float64
	for _, v := range x {
		d := v - m
		p := d
		for range k - 1 {
			p *= d
		}
		s += p
	}
	return s / float64(len(x))
}

// deviation is the standard deviation of a sample (divided by n−1).
func deviation(x []float64) float64 {
	if len(x) < 2 {
		return Missing
	}
	n := float64(len(x))
	return math.Sqrt(moment(x, mean(x), 2) * n / (n - 1))
}

func variance(x []float64) float64 {
	d := deviation(x)
	return d * d
}

// Skewness is the skewness of a sample as SAS and SPSS compute it (G1); missing values are left out.
// It is missing for fewer than three values or when all are the same.
func Skewness(x []float64) float64 {
	x = present(x)
	n := float64(len(x))
	if n < 3 {
		return Missing
	}
	m := mean(x)
	m2 := moment(x, m, 2)
	if m2 == 0 {
		return Missing
	}
	g := moment(x, m, 3) / math.Pow(m2, 1.5)
	return g * math.Sqrt(n*(n-1)) / (n - 2)
}

// Kurtosis is the excess kurtosis of a sample as SAS and SPSS compute it (G2); missing values are
// left out. It is missing for fewer than four values or when all are the same.
func Kurtosis(x []float64) float64 {
	x = present(x)
	n := float64(len(x))
	if n < 4 {
		return Missing
	}
	m := mean(x)
	m2 := moment(x, m, 2)
	if m2 == 0 {
		return Missing
	}
	g := moment(x, m, 4)/(m2*m2) - 3
	return ((n+1)*g + 6) * (n - 1) / ((n - 2) * (n - 3))
}

// quantile is the quantile of sorted values by linear interpolation (type 7 of Hyndman and Fan).
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return Missing
	}
	h := p * float64(len(sorted)-1)
	lo := int(math.Floor(h))
	hi := min(lo+1, len(sorted)-1)
	return sorted[lo] + (h-float64(lo))*(sorted[hi]-sorted[lo])
}

func median(x []float64) float64 {
	x = present(x)
	slices.Sort(x)
	return quantile(x, 0.5)
}

// bounds returns the least and the greatest value, missing when there is none.
func bounds(x []float64) (lo, hi float64) {
	lo, hi = Missing, Missing
	for _, v := range x {
		if missing(v) {
			continue
		}
		if missing(lo) || v < lo {
			lo = v
		}
		if missing(hi) || v > hi {
			hi = v
		}
	}
	return lo, hi
}

// Ties say what equal values get.
type Ties int

// What equal values get.
const (
	TiesMin  Ties = iota // the least of their ranks
	TiesMean             // the mean of their ranks
)

// ranks returns the rank of each value, the least being 1; missing values stay missing.
func ranks(x []float64, ties Ties) []float64 {
	order := make([]int, 0, len(x))
	for i, v := range x {
		if !missing(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(x))
	for i := range out {
		out[i] = Missing
	}
	for i := 0; i < len(order); {
		k := i + 1
		for k < len(order) && x[order[k]] == x[order[i]] {
			k++
		}
		r := float64(i + 1)
		if ties == TiesMean {
			r = float64(i+1+k) / 2
		}
		for ; i < k; i++ {
			out[order[i]] = r
		}
	}
	return out
}

// Ranks returns the place of each unit, the greatest value being first; equal values share the best
// place of theirs.
func Ranks(x []float64) []float64 {
	down := make([]float64, len(x))
	for i, v := range x {
		down[i] = -v
	}
	return ranks(down, TiesMin)
}
