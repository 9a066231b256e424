package retrieval

import "math"

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
	parts := max(1, min(processors(), n/64))
	split(parts, func(p int) { work(n*p/parts, n*(p+1)/parts) })
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

// gramBlock is how many rows are summed in float32 before they join a sum in float64.
const gramBlock = 128

// gram returns mᵀ·m.
func (m dense) gram() [][]float64 {
	g := squareMatrix(m.width)
	split(min(processors(), m.width), func(part int) {
		parts := min(processors(), m.width)
		some := newDense(m.width, m.width)
		for from := 0; from < m.rows(); from += gramBlock {
			clear(some.data)
			for r := from; r < min(from+gramBlock, m.rows()); r++ {
				row := m.row(r)
				for i := part; i < m.width; i += parts {
					addScaled(some.row(i)[i&^15:], row[i&^15:], row[i])
				}
			}
			for i := part; i < m.width; i += parts {
				for j := i; j < m.width; j++ {
					g[i][j] += float64(some.row(i)[j])
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
