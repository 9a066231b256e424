package retrieval

import (
	"math"
	"sync"
	"sync/atomic"
)

// Signals are what speaks for a document, each about 0 to 1.
type Signals struct {
	Share float64 // how much of what the query tells the document has: BM25 by its largest value
	Cover float64 // how much of what the document tells the query has; 0 when it has no weight
	Near  float64 // cosine of the vectors; 0 without a space
	// Outside is the cosine of the vectors from an Embedder; 0 without them. Only a Matcher knows it;
	// descriptions of interfaces have it when a room asks an Embedder.
	Outside float64 `json:"-"`
}

// Weights say how much each signal counts. They are measured on judged data and have a version.
type Weights struct {
	Version string
	Share   float64
	Cover   float64
	Near    float64
	Outside float64 // of vectors from outside, see Embedder
}

func (w *Weights) score(s Signals) float64 {
	return w.Share*s.Share + w.Cover*s.Cover + w.Near*s.Near
}

// scorer reckons the exact signals of documents for one query at a time.
type scorer struct {
	slot  []int32   // by term: its place in the query's terms and 1 more, or 0
	best  []float64 // by group
	cover bool
}

// begin notes the terms of a query; end must follow.
func (s *scorer) begin(ix *Index, q *Query, cover bool) {
	s.cover = cover
	if n := len(ix.df); len(s.slot) < n {
		s.slot = make([]int32, n)
	}
	groups := int32(0)
	for i := range q.terms {
		s.slot[q.terms[i].id] = int32(i + 1)
		groups = max(groups, q.terms[i].group+1)
	}
	if len(s.best) < int(groups) {
		s.best = make([]float64, groups)
	}
}

func (s *scorer) end(q *Query) {
	for i := range q.terms {
		s.slot[q.terms[i].id] = 0
	}
}

// signals reckons the signals of a document.
func (s *scorer) signals(ix *Index, q *Query, doc int) Signals {
	seg, local := ix.locate(doc)
	g := ix.segs[seg]
	norm := ix.set.norm(float64(g.length[local]), ix.average())
	score, matched := 0.0, 0.0
	codes := [tfCodes + 1]float64{} // the shares of the frequencies with a code
	for i, c := range g.codes {
		codes[i] = float64(c) / (float64(c) + norm*tfUnit)
	}
	list, slot, term := g.list(local), s.slot, uint32(0)
	for i := 0; i < len(list); { // see forward.next, which would be a call for each term
		n := uint32(list[i])
		if i++; n >= 0x80 {
			n = n&0x7f | uint32(list[i])<<7
			if i++; n >= 1<<14 {
				n, i = readLong(list, i, n)
			}
		}
		term += n >> codeBits
		x := codes[n&codeMask]
		if n&codeMask == codeMask {
			n, i = readNumber(list, i)
			x = float64(n) / (float64(n) + norm*tfUnit)
		}
		at := slot[term]
		if at == 0 {
			continue
		}
		t := &q.terms[at-1]
		matched += x * t.tells
		if v := t.weight * x; v > s.best[t.group] {
			score += v - s.best[t.group]
			s.best[t.group] = v
		}
	}
	for i := range q.terms {
		s.best[q.terms[i].group] = 0
	}
	var out Signals
	if q.best > 0 {
		out.Share = score / q.best
	}
	if s.cover {
		if told := ix.toldBy(seg, local, norm); told > 0 {
			out.Cover = matched / told
		}
	}
	if q.small != nil && g.vectors != nil {
		dim := len(q.small)
		out.Near = max(0, cosine(dot(q.small, g.vectors[local*dim:(local+1)*dim])))
	}
	return out
}

// toldCache keeps how much each document tells: what a match asks again and again.
type toldCache struct {
	make sync.Once
	told []atomic.Uint32 // by document, as bits of a float32; 0 for not known yet
}

// toldBy returns how much a document tells, with what its length adds to frequencies.
func (ix *Index) toldBy(seg, local int, norm float64) float64 {
	ix.told.make.Do(func() { ix.told.told = make([]atomic.Uint32, ix.all()) })
	at := &ix.told.told[ix.base[seg]+local]
	if known := at.Load(); known != 0 {
		return float64(math.Float32frombits(known))
	}
	told := 0.0
	for f := ix.segs[seg].forward(local); f.next(); {
		tf := float64(f.tf) / tfUnit
		told += tf / (tf + norm) * float64(ix.tells(f.term))
	}
	at.Store(math.Float32bits(float32(told)))
	return float64(float32(told))
}
