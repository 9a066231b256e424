package composite

import (
	"fmt"
	"math"
)

// Judgement is the result of comparing pairs (层次分析法, AHP).
type Judgement struct {
	Weights     []float64 `json:"weights"` // 1 together
	Greatest    float64   `json:"greatest"`
	Consistency float64   `json:"consistency"` // ratio CR: up to 0.1 is usually accepted
}

// randomIndex is the mean consistency index of random judgements of 1 to 15 things (Saaty, 1980).
var randomIndex = []float64{0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56,
	1.57, 1.59}

// AHP finds weights from judgements: m[i][k] says how many times as important i is as k, 1/9 to 9;
// m[k][i] is its reciprocal.
func AHP(m [][]float64) (Judgement, error) {
	n := len(m)
	if n == 0 || n > len(randomIndex) {
		return Judgement{}, fmt.Errorf("%d things cannot be judged, 1 to %d can", n, len(randomIndex))
	}
	for i := range m {
		if len(m[i]) != n {
			return Judgement{}, fmt.Errorf("row %d has %d judgements for %d things", i+1, len(m[i]), n)
		}
	}
	for i := range m {
		for k, v := range m[i] {
			if !(v > 0) || math.IsInf(v, 0) {
				return Judgement{}, fmt.Errorf("the judgement of %d against %d is %v", i+1, k+1, v)
			}
			if back := v * m[k][i]; math.Abs(back-1) > 1e-6 {
				return Judgement{}, fmt.Errorf("the judgements of %d and %d against each other are not reciprocal",
					i+1, k+1)
			}
		}
	}
	w := make([]float64, n)
	for i := range w {
		w[i] = 1 / float64(n)
	}
	greatest := 0.0
	for range 10_000 {
		next, sum := make([]float64, n), 0.0
		for i := range m {
			for k := range m {
				next[i] += m[i][k] * w[k]
			}
			sum += next[i]
		}
		var moved float64
		for i := range next {
			next[i] /= sum
			moved += math.Abs(next[i] - w[i])
		}
		w, greatest = next, sum
		if moved < 1e-15 {
			break
		}
	}
	j := Judgement{Weights: w, Greatest: greatest}
	if ri := randomIndex[n-1]; ri > 0 {
		j.Consistency = (greatest - float64(n)) / float64(n-1) / ri
	}
	return j, nil
}
