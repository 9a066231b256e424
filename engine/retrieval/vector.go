package retrieval

import (
	"math"
	"math/bits"
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
	g.vectors = make([]int8, g.size()*sp.dim)
	g.signs = make([]uint64, g.size()*sp.dim/64)
	parallel(g.size(), func(from, to int) {
		v := make([]float32, sp.dim)
		for d := from; d < to; d++ {
			clear(v)
			for i := g.start[d]; i < g.start[d+1]; i++ {
				sp.add(v, ix, g.term[i], float64(g.tf[i])/tfUnit)
			}
			pack(v, g.vectors[d*sp.dim:(d+1)*sp.dim], g.signs[d*sp.dim/64:(d+1)*sp.dim/64])
		}
	})
}

// add adds a term to a vector.
func (sp *Space) add(v []float32, ix *Index, term uint32, tf float64) {
	if int(term) < len(sp.slot) && sp.slot[term] >= 0 {
		addScaled(v, sp.rows.row(int(sp.slot[term])), ix.heft(term, tf))
	}
}

// pack writes a vector of length one as small numbers, and the signs of it. The zero vector, of a
// text without a known word, stays zero.
func pack(v []float32, small []int8, signs []uint64) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return
	}
	scale := int8Unit / math.Sqrt(sum)
	for i, x := range v {
		n := math.Round(float64(x) * scale)
		small[i] = int8(min(maxInt8, max(-maxInt8, n)))
		if x > 0 {
			signs[i>>6] |= 1 << (i & 63)
		}
	}
}

// dot is the product of two stored vectors.
func dot(a, b []int8) int32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 int32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += int32(a[i]) * int32(b[i])
		s1 += int32(a[i+1]) * int32(b[i+1])
		s2 += int32(a[i+2]) * int32(b[i+2])
		s3 += int32(a[i+3]) * int32(b[i+3])
	}
	for ; i < len(a); i++ {
		s0 += int32(a[i]) * int32(b[i])
	}
	return s0 + s1 + s2 + s3
}

// cosine is the cosine of the angle of two stored vectors, from their product.
func cosine(product int32) float64 { return float64(product) / (int8Unit * int8Unit) }

// apart counts the signs in which two vectors differ.
func apart(a, b []uint64) int {
	n := 0
	for i, x := range a {
		n += bits.OnesCount64(x ^ b[i])
	}
	return n
}
