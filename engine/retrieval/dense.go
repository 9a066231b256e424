package retrieval

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// denseSearch finds the nearest vectors. In an index of up to exactDense documents it looks at all
// of them; in a larger one first at the signs of all and then at the vectors of the likely ones.
type denseSearch struct {
	products [rowBlock]int32
	apart    [signBlock]byte
	likely   []likelyDoc
	near     nearest
}

// exactDense is up to how many documents all vectors are looked at, which takes about a nanosecond
// for each.
const exactDense = 1 << 17

// rowBlock is how many vectors are multiplied at a time.
const rowBlock = 256

// signBlock is of how many vectors signs are compared at a time.
const signBlock = 4096

// firstPass is how many times more documents the signs let through than are wanted.
const firstPass = 8

type nearDoc struct {
	doc     int
	product int32
}

// nearest keeps the most documents with the largest products; of equal ones the first. Documents
// come in their order.
type nearest struct {
	list []nearDoc
	most int
	line int32 // products up to it are of no use
}

func (n *nearest) begin(most int) { n.list, n.most, n.line = n.list[:0], most, 0 }

// add adds a document whose product is above the line.
func (n *nearest) add(doc int, product int32) {
	if n.list = append(n.list, nearDoc{doc, product}); len(n.list) >= 4*n.most+64 {
		n.cut()
	}
}

// cut drops all but the most nearest.
func (n *nearest) cut() {
	slices.SortFunc(n.list, func(a, b nearDoc) int {
		return cmp.Or(cmp.Compare(b.product, a.product), cmp.Compare(a.doc, b.doc))
	})
	if len(n.list) >= n.most {
		n.list = n.list[:n.most]
		n.line = n.list[n.most-1].product
	}
}

// collect appends the documents with the nearest vectors to docs.
func (s *denseSearch) collect(docs []int, ix *Index, q *Query, most int, scope Scope) []int {
	s.near.begin(most)
	if ix.all() <= exactDense {
		s.exact(ix, q, scope)
	} else {
		s.bySigns(ix, q, most*firstPass, scope)
	}
	s.near.cut()
	for _, n := range s.near.list {
		docs = append(docs, n.doc)
	}
	return docs
}

// exact looks at all vectors.
func (s *denseSearch) exact(ix *Index, q *Query, scope Scope) {
	dim := len(q.small)
	for seg, g := range ix.segs {
		for from := 0; from < g.size(); from += rowBlock {
			products := s.products[:min(rowBlock, g.size()-from)]
			dotRows(products, q.small, g.vectors[from*dim:])
			for i, p := range products {
				if p > s.near.line && ix.open(seg, from+i, scope) {
					s.near.add(ix.base[seg]+from+i, p)
				}
			}
		}
	}
}

// open reports whether a document is alive and within a scope.
func (ix *Index) open(seg, local int, scope Scope) bool {
	return ix.alive(seg, local) && (scope == nil || scope(ix.base[seg]+local))
}

// likelyDoc is a document with the number of signs in which it differs.
type likelyDoc struct {
	seg, local int32
	apart      int32
}

// bySigns looks at the vectors of the wanted documents whose signs differ least, and of all that
// differ as little as the last of those.
func (s *denseSearch) bySigns(ix *Index, q *Query, wanted int, scope Scope) {
	var count [maxDim + 1]int
	s.likely = s.likely[:0]
	total := 0
	line := len(q.small)/2 - 1
	width := 8 * len(q.signs)
	for seg, g := range ix.segs {
		for from := 0; from < g.size(); from += signBlock {
			size := min(signBlock, g.size()-from)
			apartRows(s.apart[:size], q.signs, g.signs[from*width:])
			for at := 0; at < size; at += 8 {
				some := upTo(binary.LittleEndian.Uint64(s.apart[at:]), line)
				for ; some != 0; some &= some - 1 {
					d := at + bits.TrailingZeros64(some)/8
					n := int(s.apart[d])
					if d >= size || n > line || !ix.open(seg, from+d, scope) {
						continue
					}
					s.likely = append(s.likely, likelyDoc{int32(seg), int32(from + d), int32(n)})
					count[n]++
					for total++; total-count[line] >= wanted; line-- {
						total -= count[line]
					}
				}
			}
		}
	}
	dim := len(q.small)
	for _, l := range s.likely {
		if int(l.apart) > line {
			continue
		}
		v := ix.segs[l.seg].vectors[int(l.local)*dim : int(l.local+1)*dim]
		if p := dot(q.small, v); p > s.near.line {
			s.near.add(ix.base[l.seg]+int(l.local), p)
		}
	}
}

// upTo returns the highest bit of each of eight bytes that is at most a line below 127.
func upTo(eight uint64, line int) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	more := (eight | highs) - uint64(line+1)*ones // its highest bit: the other seven are above the line
	return ^more &^ eight & highs
}
