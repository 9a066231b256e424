package retrieval

import (
	"cmp"
	"slices"
)

// denseSearch finds the nearest vectors: first by signs, then exactly.
type denseSearch struct {
	apart []uint8 // by document: signs that differ
	near  []nearDoc
}

type nearDoc struct {
	doc     int
	product int32
}

// firstPass is how many times more documents the signs let through than are wanted.
const firstPass = 4

// hidden is what apart holds for a document that may not be found.
const hidden = 255

// collect appends the documents with the nearest vectors to docs.
func (s *denseSearch) collect(docs []int, ix *Index, q *Query, most int, scope Scope) []int {
	var count [hidden + 1]int
	if n := ix.all(); cap(s.apart) < n {
		s.apart = make([]uint8, n)
	}
	s.apart = s.apart[:ix.all()]
	words := len(q.signs)
	for seg, g := range ix.segs {
		for d := range g.size() {
			doc := ix.base[seg] + d
			n := uint8(hidden)
			if ix.alive(seg, d) && (scope == nil || scope(doc)) {
				n = uint8(apart(q.signs, g.signs[d*words:(d+1)*words]))
			}
			s.apart[doc] = n
			count[n]++
		}
	}
	cut, total := 0, count[0]
	for total < most*firstPass && cut < len(q.small)/2 {
		cut++
		total += count[cut]
	}
	s.near = s.near[:0]
	for doc, n := range s.apart {
		if int(n) <= cut {
			seg, d := ix.locate(doc)
			v := ix.segs[seg].vectors[d*len(q.small) : (d+1)*len(q.small)]
			if p := dot(q.small, v); p > 0 {
				s.near = append(s.near, nearDoc{doc, p})
			}
		}
	}
	slices.SortFunc(s.near, func(a, b nearDoc) int {
		return cmp.Or(cmp.Compare(b.product, a.product), cmp.Compare(a.doc, b.doc))
	})
	for _, n := range s.near[:min(len(s.near), most)] {
		docs = append(docs, n.doc)
	}
	return docs
}
