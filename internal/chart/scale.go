package chart

import (
	"math"
	"slices"
)

// steps of a decade that read well on an axis.
var niceSteps = []float64{1, 2, 2.5, 5, 10}

// wantedTicks is about how many intervals an axis has.
const wantedTicks = 4

// axis returns the ticks of an axis that starts at zero and holds top, highest first. An axis
// without any positive value goes to 1, so that it can be drawn.
func axis(top float64) []float64 {
	if !(top > 0) || math.IsInf(top, 0) {
		return []float64{1, 0}
	}
	raw := top / wantedTicks
	decade := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * decade
	for _, m := range niceSteps {
		if m*decade >= raw*(1-1e-9) {
			step = m * decade
			break
		}
	}
	n := int(math.Ceil(top/step - 1e-9))
	ticks := make([]float64, 0, n+1)
	for i := n; i >= 0; i-- {
		ticks = append(ticks, float64(i)*step)
	}
	return ticks
}

// Classes puts each value into one of n classes of about equal size (quantiles), 0 the lowest.
// Equal values share a class. A missing value (NaN) is class -1.
func Classes(values []float64, n int) []int {
	var known []float64
	for _, v := range values {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	slices.Sort(known)
	out := make([]int, len(values))
	for i, v := range values {
		if math.IsNaN(v) {
			out[i] = -1
			continue
		}
		rank, _ := slices.BinarySearch(known, v)
		out[i] = min(n-1, rank*n/len(known))
	}
	return out
}

// Missing is a value nobody reported.
func Missing() float64 { return math.NaN() }
