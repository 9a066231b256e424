package retrieval

import (
	"cmp"
	"math"
	"slices"
)

// maxSweeps bounds the work of eigen; it converges in about ten.
const maxSweeps = 40

// eigen returns the eigenvalues of a symmetric matrix, the largest first, and the eigenvectors as
// columns, by Jacobi rotations. It overwrites the matrix.
func eigen(g [][]float64) ([]float64, [][]float64) {
	n := len(g)
	v := squareMatrix(n) // eigenvectors as rows, while they are made
	for i := range v {
		v[i][i] = 1
	}
	for range maxSweeps {
		off, on := 0.0, 0.0
		for i := range n {
			on += g[i][i] * g[i][i]
			for j := i + 1; j < n; j++ {
				off += g[i][j] * g[i][j]
			}
		}
		if off <= on*1e-22 {
			break
		}
		for i := range n {
			for j := i + 1; j < n; j++ {
				rotate(g, v, i, j)
			}
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(g[b][b], g[a][a]) })
	values, vectors := make([]float64, n), squareMatrix(n)
	for k, i := range order {
		values[k] = g[i][i]
		for j := range n {
			vectors[j][k] = v[i][j]
		}
	}
	return values, vectors
}

// rotate makes g[i][j] zero.
func rotate(g, v [][]float64, i, j int) {
	if g[i][j] == 0 {
		return
	}
	theta := (g[j][j] - g[i][i]) / (2 * g[i][j])
	t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	for k := range g {
		gi, gj := g[i][k], g[j][k]
		g[i][k], g[j][k] = c*gi-s*gj, s*gi+c*gj
		v[i][k], v[j][k] = c*v[i][k]-s*v[j][k], s*v[i][k]+c*v[j][k]
	}
	for k := range g {
		gi, gj := g[k][i], g[k][j]
		g[k][i], g[k][j] = c*gi-s*gj, s*gi+c*gj
	}
}
