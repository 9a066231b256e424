package composite

import (
	"fmt"
	"math"
)

// Weighing is a way to find the weights of what a group is made of.
type Weighing string

// The ways.
const (
	GivenWeights   Weighing = "given" // those of the tree
	EqualWeights   Weighing = "equal"
	PCAWeights     Weighing = "pca"     // loadings of the first principal component of the correlations
	EntropyWeights Weighing = "entropy" // 熵权法: what varies more counts more
	CRITICWeights  Weighing = "critic"  // what varies more and goes less with the others counts more
)

// Weigh returns weights that are 1 together for columns in which more is better. Units that lack one
// of the columns are left out.
func Weigh(cols [][]float64, how Weighing) ([]float64, error) {
	cols = complete(cols)
	k := len(cols)
	if k == 0 {
		return nil, fmt.Errorf("there is nothing to weigh")
	}
	if how != EqualWeights && len(cols[0]) < 3 {
		return nil, fmt.Errorf("%d units have all values, at least 3 are needed", len(cols[0]))
	}
	w := make([]float64, k)
	switch how {
	case EqualWeights:
		for i := range w {
			w[i] = 1
		}
	case PCAWeights:
		r := CorrelationMatrix(cols, Pearson)
		for _, row := range r {
			for _, v := range row {
				if missing(v) {
					return nil, fmt.Errorf("an indicator does not vary")
				}
			}
		}
		v, _ := firstEigen(r)
		for i := range w {
			w[i] = math.Abs(v[i])
		}
	case EntropyWeights:
		for i, col := range cols {
			w[i] = 1 - entropy(col)
		}
	case CRITICWeights:
		critic(cols, w)
	default:
		return nil, fmt.Errorf("there is no way %q to find weights", how)
	}
	return toOne(w)
}

func toOne(w []float64) ([]float64, error) {
	var sum float64
	for _, v := range w {
		sum += v
	}
	if !(sum > 0) || math.IsInf(sum, 0) {
		return nil, fmt.Errorf("the indicators do not vary: no weights follow from them")
	}
	for i := range w {
		w[i] /= sum
	}
	return w, nil
}

// complete keeps the units that have a value in each column.
func complete(cols [][]float64) [][]float64 {
	out := make([][]float64, len(cols))
	if len(cols) == 0 {
		return out
	}
next:
	for i := range cols[0] {
		for _, col := range cols {
			if missing(col[i]) {
				continue next
			}
		}
		for c, col := range cols {
			out[c] = append(out[c], col[i])
		}
	}
	return out
}

// entropy is the information entropy of the shares of a column brought to 0 to 1, divided by its
// greatest value; 1 when nothing varies.
func entropy(col []float64) float64 {
	lo, hi := bounds(col)
	if lo == hi {
		return 1
	}
	var sum float64
	for _, v := range col {
		sum += (v - lo) / (hi - lo)
	}
	var e float64
	for _, v := range col {
		if p := (v - lo) / (hi - lo) / sum; p > 0 {
			e -= p * math.Log(p)
		}
	}
	return e / math.Log(float64(len(col)))
}

// critic weighs by the deviation of a column brought to 0 to 1 times its conflict with the others.
func critic(cols [][]float64, w []float64) {
	scaled := make([][]float64, len(cols))
	for i, col := range cols {
		lo, hi := bounds(col)
		scaled[i] = each(col, func(v float64) float64 { return (v - lo) / (hi - lo) })
	}
	for i := range scaled {
		sd := deviation(present(scaled[i]))
		if missing(sd) {
			continue
		}
		var conflict float64
		for k := range scaled {
			if r := Correlate(scaled[i], scaled[k], Pearson); k != i && !missing(r) {
				conflict += 1 - r
			}
		}
		w[i] = sd * conflict
	}
}

// firstEigen is the eigenvector of the greatest eigenvalue of a symmetric positive matrix, of length
// 1, and that eigenvalue.
func firstEigen(m [][]float64) ([]float64, float64) {
	values, vectors := Jacobi(m)
	best := 0
	for i, v := range values {
		if v > values[best] {
			best = i
		}
	}
	out := make([]float64, len(m))
	for i := range out {
		out[i] = vectors[i][best]
	}
	return out, values[best]
}

// Jacobi returns the eigenvalues of a symmetric matrix and its eigenvectors, which are the columns
// of the second result.
func Jacobi(m [][]float64) (values []float64, vectors [][]float64) {
	n := len(m)
	a, v := make([][]float64, n), make([][]float64, n)
	for i := range n {
		a[i], v[i] = append([]float64(nil), m[i]...), make([]float64, n)
		v[i][i] = 1
	}
	const sweeps = 100
	for range sweeps {
		var off float64
		for i := range n {
			for k := range i {
				off += a[i][k] * a[i][k]
			}
		}
		if off < 1e-300 {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				rotate(a, v, p, q)
			}
		}
	}
	for i := range n {
		values = append(values, a[i][i])
	}
	return values, v
}

// rotate makes a[p][q] zero.
func rotate(a, v [][]float64, p, q int) {
	if a[p][q] == 0 {
		return
	}
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	for k := range a {
		x, y := a[k][p], a[k][q]
		a[k][p], a[k][q] = c*x-s*y, s*x+c*y
	}
	for k := range a {
		x, y := a[p][k], a[q][k]
		a[p][k], a[q][k] = c*x-s*y, s*x+c*y
	}
	for k := range v {
		x, y := v[k][p], v[k][q]
		v[k][p], v[k][q] = c*x-s*y, s*x+c*y
	}
}
