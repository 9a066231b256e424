package retrieval

import "math"

// Space gives texts vectors such that texts whose words stand in the same documents lie close,
// whether or not they share a word (latent semantic analysis). It is learned from the documents of
// an index and immutable.
type Space struct {
	dim  int
	slot []int32 // by term: its row in rows, -1 for none
	rows dense
}

// Limits of a space.
const (
	// spaceWidth is how many numbers a vector has, a multiple of 64.
	spaceWidth = 128
	// maxDim is the widest vector: signs that differ are counted in a byte.
	maxDim = 192
	// spareWidth more are reckoned with while learning, for the sake of the last ones.
	spareWidth = 16
	// maxLearn is how many documents are learned from at most; more tell little more.
	maxLearn = 1 << 16
	// maxRows is how many terms get a row at most, the most frequent ones.
	maxRows = 1 << 17
	// minLearn is how many documents must have a term for a row.
	minLearn = 2
	// learnRounds is how often the directions are turned towards the largest.
	learnRounds = 3
)

// Dim is how many numbers a vector has.
func (sp *Space) Dim() int { return sp.dim }

// Learn makes a space of the documents of an index. It takes time and memory in proportion to
// their terms; the same index gives the same space. It returns nil for an index of too few
// documents to learn from.
func Learn(ix *Index) *Space {
	sp := &Space{dim: spaceWidth}
	rows := sp.choose(ix)
	a := sp.weigh(ix, rows)
	width := spaceWidth + spareWidth
	if a.rows < 2 || a.cols < width || a.rows < width {
		return nil
	}
	t := a.transposed()
	z := newDense(a.cols, width)
	noise := noise(1)
	for i := range z.data {
		z.data[i] = noise.next()
	}
	for range learnRounds {
		q := a.times(z)
		q.orthonormal()
		z = t.times(q)
	}
	values, turn := eigen(z.gram())
	for j, v := range values {
		scale := 1 / math.Sqrt(max(v, 1e-12)) / math.Pow(max(v, 1e-12), flatten/2)
		for i := range turn {
			turn[i][j] *= scale
		}
	}
	sp.rows = z.times(product(turn, spread()))
	return sp
}

// flatten says how much less the strongest directions count: 0 as they are, 1 all alike.
const flatten = 0.5

// spread is a turn at random of the strongest directions: it keeps every angle and spreads what
// they tell over all signs, which the first pass compares.
func spread() [][]float64 {
	turn := newDense(spaceWidth, spaceWidth)
	noise := noise(2)
	for i := range turn.data {
		turn.data[i] = noise.next()
	}
	turn.orthonormal()
	turn.orthonormal()
	w := make([][]float64, spaceWidth)
	for i := range w {
		w[i] = make([]float64, spaceWidth)
		for j := range w[i] {
			w[i][j] = float64(turn.row(i)[j])
		}
	}
	return w
}

// choose gives rows to the terms that enough documents have, but not so many that they tell
// nothing, and returns how many.
func (sp *Space) choose(ix *Index) int {
	least := uint32(minLearn)
	for count := maxRows + 1; count > maxRows; least++ {
		count = 0
		for _, df := range ix.df {
			if df >= least {
				count++
			}
		}
	}
	least--
	most := uint32(ix.Len()/8 + minLearn)
	sp.slot = make([]int32, len(ix.df))
	n := int32(0)
	for t, df := range ix.df {
		sp.slot[t] = -1
		if df >= least && df <= most {
			sp.slot[t] = n
			n++
		}
	}
	return int(n)
}

// weigh makes the matrix of documents by terms, with the weights of vector.
func (sp *Space) weigh(ix *Index, cols int) *sparse {
	a := &sparse{cols: cols, start: []int{0}}
	every := max(1, (ix.all()+maxLearn-1)/maxLearn)
	for doc := 0; doc < ix.all(); doc += every {
		seg, local := ix.locate(doc)
		if !ix.alive(seg, local) {
			continue
		}
		g := ix.segs[seg]
		from := len(a.col)
		sum := 0.0
		for f := g.forward(local); f.next(); {
			if row := sp.slot[f.term]; row >= 0 {
				w := ix.heft(f.term, float64(f.tf)/tfUnit)
				a.col, a.val = append(a.col, row), append(a.val, w)
				sum += float64(w) * float64(w)
			}
		}
		if len(a.col) == from {
			continue
		}
		scale := float32(1 / math.Sqrt(sum))
		for i := range a.val[from:] {
			a.val[from+i] *= scale
		}
		a.start = append(a.start, len(a.col))
	}
	a.rows = len(a.start) - 1
	return a
}

// heft is the weight of a term in a vector.
func (ix *Index) heft(term uint32, tf float64) float32 {
	return float32(math.Log1p(tf)) * ix.tells(term)
}

// noise makes numbers that look drawn from a bell curve, the same for the same seed.
type noise uint64

func (n *noise) next() float32 {
	sum := float32(0)
	for range 4 { // a sum of a few even ones is bell-shaped enough
		*n += 0x9e3779b97f4a7c15
		x := uint64(*n)
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		sum += float32((x^x>>31)>>40)/(1<<24) - 0.5
	}
	return sum
}
