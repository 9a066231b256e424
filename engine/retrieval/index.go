package retrieval

import "math"

// Index is a set of documents at one moment. It is immutable and safe for concurrent use; a Writer
// makes the next one.
type Index struct {
	set   *Settings
	lex   *Lexicon
	segs  []*segment
	base  []int      // by segment, and one more: the number of its first document
	dead  [][]uint64 // by segment: bits of documents that were deleted; nil for none
	gone  int        // how many those are
	df    []uint32   // by term: documents that have it
	few   []float32  // by number of documents that have a term, while they are few: see idf
	total float64    // sum of lengths
	told  toldCache
	space *Space // nil without vectors
}

// Len returns how many documents can be found.
func (ix *Index) Len() int { return ix.all() - ix.gone }

// all returns how many documents there are with the deleted ones.
func (ix *Index) all() int { return ix.base[len(ix.segs)] }

// ID returns the id of the document with a number, 0 ≤ doc < Max.
func (ix *Index) ID(doc int) string {
	s, d := ix.locate(doc)
	return ix.segs[s].ids.at(d)
}

// Max is one more than the largest number of a document.
func (ix *Index) Max() int { return ix.all() }

// Has reports whether the document with a number was not deleted.
func (ix *Index) Has(doc int) bool {
	seg, local := ix.locate(doc)
	return ix.alive(seg, local)
}

// locate returns the segment of a document and its number there.
func (ix *Index) locate(doc int) (seg, local int) {
	lo, hi := 0, len(ix.segs)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; ix.base[mid] <= doc {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo, doc - ix.base[lo]
}

// alive reports whether a document was not deleted.
func (ix *Index) alive(seg, local int) bool {
	return !has(ix.dead[seg], local)
}

// average is the mean length of a document.
func (ix *Index) average() float64 {
	if ix.total <= 0 {
		return 1
	}
	return ix.total / float64(ix.Len())
}

// idf is how much a term tells that df of the documents have: the logarithm of the odds against it.
func (ix *Index) idf(df uint32) float64 {
	n := float64(ix.Len())
	return math.Log(1 + (n-float64(df)+0.5)/(float64(df)+0.5))
}

// frequency returns how many documents have a term.
func (ix *Index) frequency(term uint32) uint32 {
	if int(term) >= len(ix.df) {
		return 0
	}
	return ix.df[term]
}

// newIndex puts segments together.
func newIndex(set *Settings, lex *Lexicon, segs []*segment, dead [][]uint64) *Index {
	ix := &Index{set: set, lex: lex, segs: segs, dead: dead, base: make([]int, 1, len(segs)+1)}
	for i, s := range segs {
		ix.base = append(ix.base, ix.base[i]+s.size())
		ix.total += s.sum
		ix.gone += ones(dead[i])
	}
	ix.df = make([]uint32, lex.Len())
	for _, s := range segs {
		for i := range s.terms {
			ix.df[s.terms[i].term] += s.terms[i].count
		}
	}
	ix.uncount()
	ix.few = make([]float32, min(maxFew, ix.all()+1))
	for df := range ix.few {
		ix.few[df] = float32(ix.idf(uint32(df)))
	}
	return ix
}

// maxFew is up to how many documents idf is looked up.
const maxFew = 1 << 12

// tells is how much a term tells: see idf.
func (ix *Index) tells(term uint32) float32 {
	df := ix.df[term]
	if int(df) < len(ix.few) {
		return ix.few[df]
	}
	return float32(ix.idf(df))
}
