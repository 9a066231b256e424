package retrieval

import (
	"math"
	"runtime"
	"sync"
)

// sparse is a matrix of rows of documents by columns of terms, compressed by row.
type sparse struct {
	rows, cols int
	start      []int
	col        []int32
	val        []float32
}

// transposed returns the matrix with rows and columns exchanged.
func (a *sparse) transposed() *sparse {
	t := &sparse{rows: a.cols, cols: a.rows, start: make([]int, a.cols+1),
		col: make([]int32, len(a.col)), val: make([]float32, len(a.val))}
	for _, c := range a.col {
		t.start[c+1]++
	}
	for c := range a.cols {
		t.start[c+1] += t.start[c]
	}
	at := append([]int(nil), t.start[:a.cols]...)
	for r := range a.rows {
		for k := a.start[r]; k < a.start[r+1]; k++ {
			c := a.col[k]
			t.col[at[c]], t.val[at[c]] = int32(r), a.val[k]
			at[c]++
		}
	}
	return t
}

// dense is a matrix of rows of width numbers.
type dense struct {
	width int
	data  []float32
}

func newDense(rows, width int) dense { return dense{width, make([]float32, rows*width)} }

func (m dense) row(i int) []float32 { return m.data[i*m.width : (i+1)*m.width] }

func (m dense) rows() int { return len(m.data) / m.width }

// parallel runs work on parts of 0 to n, on every processor. What it does for one number must not
// depend on the parts: the result is the same on any machine.
func parallel(n int, work func(from, to int)) {
	parts := max(1, min(runtime.GOMAXPROCS(0), n/64))
	var group sync.WaitGroup
	for p := range parts {
		group.Go(func() { work(n*p/parts, n*(p+1)/parts) })
	}
	group.Wait()
}

// addScaled adds f times x to y.
func addScaled(y, x []float32, f float32) {
	x = x[:len(y)]
	i := 0
	for ; i+4 <= len(y); i += 4 {
		y[i] += f * x[i]
		y[i+1] += f * x[i+1]
		y[i+2] += f * x[i+2]
		y[i+3] += f * x[i+3]
	}
	for ; i < len(y); i++ {
		y[i] += f * x[i]
	}
}

// times returns a·x.
func (a *sparse) times(x dense) dense {
	y := newDense(a.rows, x.width)
	parallel(a.rows, func(from, to int) {
		for r := from; r < to; r++ {
			for k := a.start[r]; k < a.start[r+1]; k++ {
				addScaled(y.row(r), x.row(int(a.col[k])), a.val[k])
			}
		}
	})
	return y
}

// gram returns mᵀ·m, summed in float64.
func (m dense) gram() [][]float64 {
	g := make([][]float64, m.width)
	parallel(m.width, func(from, to int) {
		for i := from; i < to; i++ {
			g[i] = make([]float64, m.width)
		}
		for r := range m.rows() {
			row := m.row(r)
			for i := from; i < to; i++ {
				if f := float64(row[i]); f != 0 {
					for j, v := range row[i:] {
						g[i][i+j] += f * float64(v)
					}
				}
			}
		}
	})
	for i := range g {
		for j := range i {
			g[i][j] = g[j][i]
		}
	}
	return g
}

// times returns m·w.
func (m dense) times(w [][]float64) dense {
	width := len(w[0])
	f := newDense(len(w), width)
	for i := range w {
		for j, v := range w[i] {
			f.row(i)[j] = float32(v)
		}
	}
	out := newDense(m.rows(), width)
	parallel(m.rows(), func(from, to int) {
		for r := from; r < to; r++ {
			for i, v := range m.row(r) {
				addScaled(out.row(r), f.row(i), v)
			}
		}
	})
	return out
}

// product returns the first columns of a, as many as b has rows, times b.
func product(a, b [][]float64) [][]float64 {
	out := make([][]float64, len(a))
	for i := range a {
		out[i] = make([]float64, len(b[0]))
		for k := range b {
			for j, v := range b[k] {
				out[i][j] += a[i][k] * v
			}
		}
	}
	return out
}

// orthonormal makes the columns of m orthonormal, by the Cholesky factor of its Gram matrix.
func (m dense) orthonormal() {
	copy(m.data, m.times(inverseFactor(m.gram())).data)
}

// inverseFactor returns the inverse of the upper factor r of g = rᵀ·r. Directions that g hardly has
// are left small instead of blown up.
func inverseFactor(g [][]float64) [][]float64 {
	n := len(g)
	trace := 0.0
	for i := range g {
		trace += g[i][i]
	}
	floor := max(trace/float64(n)*1e-10, math.SmallestNonzeroFloat32)
	r := squareMatrix(n)
	for j := range n {
		for i := 0; i <= j; i++ {
			sum := g[i][j]
			for k := range i {
				sum -= r[k][i] * r[k][j]
			}
			if i < j {
				r[i][j] = sum / r[i][i]
			} else {
				r[j][j] = math.Sqrt(max(sum, floor))
			}
		}
	}
	inverse := squareMatrix(n)
	for j := range n {
		inverse[j][j] = 1 / r[j][j]
		for i := j - 1; i >= 0; i-- {
			sum := 0.0
			for k := i + 1; k <= j; k++ {
				sum += r[i][k] * inverse[k][j]
			}
			inverse[i][j] = -sum / r[i][i]
		}
	}
	return inverse
}

func squareMatrix(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	return m
}
