package composite

import "math"

// Correlation is a measure of how two indicators go together, over the units that have both.
type Correlation string

// The measures.
const (
	Pearson  Correlation = "pearson"
	Spearman Correlation = "spearman"
	Kendall  Correlation = "kendall" // tau-b
)

// Correlate returns the correlation of two columns, missing when fewer than three units have both
// or one of them does not vary.
func Correlate(x, y []float64, how Correlation) float64 {
	a, b := make([]float64, 0, len(x)), make([]float64, 0, len(y))
	for i := range x {
		if !missing(x[i]) && !missing(y[i]) {
			a, b = append(a, x[i]), append(b, y[i])
		}
	}
	if len(a) < 3 {
		return Missing
	}
	switch how {
	case Spearman:
		a, b = ranks(a, TiesMean), ranks(b, TiesMean)
	case Kendall:
		return kendall(a, b)
	}
	ma, mb := mean(a), mean(b)
	var sab, saa, sbb float64
	for i := range a {
		da, db := a[i]-ma, b[i]-mb
		sab += da * db
		saa += da * da
		sbb += db * db
	}
	if saa == 0 || sbb == 0 {
		return Missing
	}
	return min(max(sab/(math.Sqrt(saa)*math.Sqrt(sbb)), -1), 1)
}

func kendall(a, b []float64) float64 {
	var agree, tieA, tieB float64
	n := len(a)
	for i := range n {
		for k := range i {
			x, y := sign(a[i]-a[k]), sign(b[i]-b[k])
			agree += x * y
			if x == 0 {
				tieA++
			}
			if y == 0 {
				tieB++
			}
		}
	}
	pairs := float64(n) * float64(n-1) / 2
	d := math.Sqrt(pairs-tieA) * math.Sqrt(pairs-tieB)
	if d == 0 {
		return Missing
	}
	return agree / d
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// CorrelationMatrix returns the correlation of each pair of columns.
func CorrelationMatrix(cols [][]float64, how Correlation) [][]float64 {
	out := make([][]float64, len(cols))
	for i := range cols {
		out[i] = make([]float64, len(cols))
	}
	for i := range cols {
		out[i][i] = 1
		for k := range i {
			r := Correlate(cols[i], cols[k], how)
			out[i][k], out[k][i] = r, r
		}
	}
	return out
}

// Cronbach is Cronbach's alpha of columns: how consistently they measure one thing, 1 at most.
// Covariances are over the units that have both. It is missing for fewer than two columns.
func Cronbach(cols [][]float64) float64 {
	k := float64(len(cols))
	if k < 2 {
		return Missing
	}
	var trace, all float64
	for i := range cols {
		for j := range cols {
			c := covariance(cols[i], cols[j])
			all += c
			if i == j {
				trace += c
			}
		}
	}
	if all == 0 {
		return Missing
	}
	return k / (k - 1) * (1 - trace/all)
}

func covariance(x, y []float64) float64 {
	a, b := make([]float64, 0, len(x)), make([]float64, 0, len(y))
	for i := range x {
		if !missing(x[i]) && !missing(y[i]) {
			a, b = append(a, x[i]), append(b, y[i])
		}
	}
	if len(a) < 2 {
		return Missing
	}
	ma, mb := mean(a), mean(b)
	var s float64
	for i := range a {
		s += (a[i] - ma) * (b[i] - mb)
	}
	return s / float64(len(a)-1)
}
