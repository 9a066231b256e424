package retrieval

import (
	"math"
)

// maxInt8 is the largest number of a stored vector: the unit vector times it, rounded. Numbers are
// far from 1 in all but degenerate vectors, so they are scaled by four times that and cut off.
const (
	maxInt8  = 127
	int8Unit = 4 * maxInt8
)

// embed gives vectors to the segments that have none. An index is not yet published then.
func (ix *Index) embed() {
	for _, g := range ix.segs {
		if g.vectors == nil {
			ix.space.embed(ix, g)
		}
	}
}

func (sp *Space) embed(ix *Index, g *segment) {
	g.vectors = make([]byte, g.size()*sp.dim)
	g.signs = make([]byte, g.size()*sp.dim/8)
	parallel(g.size(), func(from, to int) {
		v := make([]float32, sp.dim)
		for d := from; d < to; d++ {
			clear(v)
			for f := g.forward(d); f.next(); {
				sp.add(v, ix, f.term, float64(f.tf)/tfUnit)
			}
			pack(v, g.vectors[d*sp.dim:(d+1)*sp.dim], g.signs[d*sp.dim/8:(d+1)*sp.dim/8])
		}
	})
}

// add adds a term to a vector.
func (sp *Space) add(v []float32, ix *Index, term uint32, tf float64) {
	if int(term) < len(sp.slot) && sp.slot[term] >= 0 {
		addScaled(v, sp.rows.row(int(sp.slot[term])), ix.heft(term, tf))
	}
}

// small returns what the numbers of a vector are multiplied with before they are rounded, or 0 for
// the zero vector, that of a text without a known word.
func small(v []float32) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return 0
	}
	return int8Unit / math.Sqrt(sum)
}

func rounded(x float32, scale float64) int8 {
	return int8(min(maxInt8, max(-maxInt8, math.Round(float64(x)*scale))))
}

// pack writes a vector of length one as small numbers, and the signs of it.
func pack(v []float32, numbers, signs []byte) {
	scale := small(v)
	for i, x := range v {
		numbers[i] = byte(rounded(x, scale))
		if x > 0 {
			signs[i>>3] |= 1 << (i & 7)
		}
	}
}

// packQuery does the same for a query.
func packQuery(v []float32, numbers []int16, signs []uint64) {
	scale := small(v)
	for i, x := range v {
		numbers[i] = int16(rounded(x, scale))
		if x > 0 {
			signs[i>>6] |= 1 << (i & 63)
		}
	}
}

// dot is the product of a query's vector and a document's.
func dot(query []int16, row []byte) int32 {
	var out [1]int32
	dotRows(out[:], query, row)
	return out[0]
}

// cosine is the cosine of the angle of two stored vectors, from their product.
func cosine(product int32) float64 { return float64(product) / (int8Unit * int8Unit) }
