package retrieval

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// maxSegment is the most documents of a segment: their numbers have two bytes.
const maxSegment = 1 << 16

// maxImpact is the largest impact. Six bits leave room for the weights of a query in sums of two
// bytes: see Query.quantise.
const maxImpact = 63

// segment is an immutable part of an index: for each document its terms (forward), for each term
// its documents with an impact (postings). What is large lies in bytes, which may be those of a
// file: see OpenSnapshot.
type segment struct {
	ids    idList
	length []float32 // by document: sum of frequencies
	sum    float64   // of length

	codes [tfCodes]uint16 // see forward
	end   []uint32        // by document: where its forward list ends
	fwd   []byte

	terms  []met    // the terms met, ascending
	bucket []uint32 // by term>>bucketBits, and one more: the first place in terms
	docs   []byte   // of two bytes each, ascending within a term
	imps   []byte   // as many as docs
	cols   []byte   // columns: an impact for each document, 0 for one without the term

	vectors []byte // by document, of Space.Dim signed bytes each; nil without a space
	signs   []byte // by document: the signs of its vector, a bit each
}

// met is a term of a segment.
type met struct {
	term  uint32
	count uint32 // documents that have it
	first uint32 // where its postings begin, or the number of its column
	top   uint8  // the largest impact, with isColumn; 0 without postings
}

const bucketBits = 5

// isColumn marks a term whose impacts lie in a column.
const isColumn = 0x80

// Terms that many documents of a segment have.
const (
	// columnShare: from this share on a column is added faster than postings. It takes more room, but
	// only some dozens of words are so frequent.
	columnShare = 16
	// minColumn is the smallest segment with columns.
	minColumn = 1 << 12
)

// size returns how many documents there are.
func (g *segment) size() int { return len(g.end) }

// find returns what is known of a term, nil when no document has it.
func (g *segment) find(term uint32) *met {
	b := int(term >> bucketBits)
	if b+1 >= len(g.bucket) {
		return nil
	}
	for i := g.bucket[b]; i < g.bucket[b+1]; i++ {
		if g.terms[i].term == term {
			return &g.terms[i]
		}
	}
	return nil
}

// docAt is the i-th of documents of two bytes each.
func docAt(docs []byte, i int) uint16 { return binary.LittleEndian.Uint16(docs[2*i:]) }

// norm is what the length of a document adds to a frequency before it is divided by.
func (set *Settings) norm(length, average float64) float64 {
	return set.K1 * (1 - set.B + set.B*length/average)
}

// setLength notes the sum of the lengths.
func (g *segment) setLength() {
	g.sum = 0
	for _, l := range g.length {
		g.sum += float64(l)
	}
}

// inverting is the making of postings from forward lists, by several at once: each takes a part of
// the documents, and what they make does not depend on how many they are.
type inverting struct {
	g       *segment
	set     *Settings
	average float64
	parts   int
	next    [][]uint32 // by part and term: how many documents have it, then where its next one goes
}

// invert makes the postings. average is the mean length that impacts are reckoned with. alone says
// of a term whether it is a single character, which has no postings where it is frequent: queries
// do not ask for those.
func (g *segment) invert(set *Settings, average float64, alone func(term uint32) bool) {
	n := &inverting{g: g, set: set, average: average}
	n.parts = max(1, min(processors(), g.size()/1024))
	n.next = make([][]uint32, n.parts)
	g.setLength()
	split(n.parts, n.tally)
	n.lay(alone)
	split(n.parts, n.fill)
	g.index()
}

// part returns the documents of a part.
func (n *inverting) part(p int) (from, to int) {
	return n.g.size() * p / n.parts, n.g.size() * (p + 1) / n.parts
}

func (n *inverting) tally(p int) {
	var next []uint32
	for d, to := n.part(p); d < to; d++ {
		for f := n.g.forward(d); f.next(); {
			if int(f.term) >= len(next) {
				next = slices.Grow(next, int(f.term)+1-len(next))[:f.term+1]
			}
			next[f.term]++
		}
	}
	n.next[p] = next
}

// lay finds the terms met and gives their postings room.
func (n *inverting) lay(alone func(uint32) bool) {
	g, highest := n.g, 0
	for _, next := range n.next {
		highest = max(highest, len(next))
	}
	for p := range n.next {
		n.next[p] = append(n.next[p], make([]uint32, highest-len(n.next[p]))...)
	}
	at, columns := uint32(0), uint32(0)
	for t := range highest {
		count := uint32(0)
		for _, next := range n.next {
			next[t], count = count, count+next[t]
		}
		if count == 0 {
			continue
		}
		first, top, room := at, uint8(1), count
		switch {
		case int(count) > g.size()/commonSingle+1 && alone(uint32(t)):
			first, top, room = 0, 0, 0
		case g.size() >= minColumn && int(count) >= g.size()/columnShare:
			first, top, room = columns, isColumn, 0
			columns++
		}
		for _, next := range n.next {
			next[t] += first
		}
		at += room
		g.terms = append(g.terms, met{uint32(t), count, first, top})
	}
	g.docs, g.imps = make([]byte, 2*at), make([]byte, at)
	g.cols = make([]byte, int(columns)*g.size())
	g.buckets()
}

// fill writes the postings of a part.
func (n *inverting) fill(p int) {
	g, next := n.g, n.next[p]
	// what a term has: postings, nothing, or a column
	kind := make([]uint8, len(next))
	column := map[uint32]uint32{}
	for i := range g.terms {
		m := &g.terms[i]
		if kind[m.term] = m.top; m.top == isColumn {
			column[m.term] = m.first
		}
	}
	for d, to := n.part(p); d < to; d++ {
		norm := n.set.norm(float64(g.length[d]), n.average)
		for f := g.forward(d); f.next(); {
			if kind[f.term] == 0 {
				continue
			}
			tf := float64(f.tf) / tfUnit
			imp := uint8(max(1, math.Round(tf/(tf+norm)*maxImpact)))
			if kind[f.term] == isColumn {
				g.cols[int(column[f.term])*g.size()+d] = imp
				continue
			}
			at := next[f.term]
			next[f.term]++
			binary.LittleEndian.PutUint16(g.docs[2*at:], uint16(d))
			g.imps[at] = imp
		}
	}
}

// index makes what can be reckoned from the rest: the largest impacts.
func (g *segment) index() {
	for i := range g.terms {
		switch m := &g.terms[i]; {
		case m.top == isColumn:
			m.top |= slices.Max(g.column(m))
		case m.top != 0:
			m.top = slices.Max(g.imps[m.first : m.first+m.count])
		}
	}
}

// column returns the column of a term.
func (g *segment) column(m *met) []byte {
	at := int(m.first) * g.size()
	return g.cols[at : at+g.size()]
}

// buckets makes the table that place looks up.
func (g *segment) buckets() {
	highest := uint32(0)
	if n := len(g.terms); n > 0 {
		highest = g.terms[n-1].term
	}
	g.bucket = make([]uint32, highest>>bucketBits+2)
	for i := range g.terms {
		g.bucket[g.terms[i].term>>bucketBits+1]++
	}
	for b := 1; b < len(g.bucket); b++ {
		g.bucket[b] += g.bucket[b-1]
	}
}

// alone returns which terms are a single Chinese character.
func (l *Lexicon) alone() func(term uint32) bool {
	terms, _, _ := l.clone(l.Len())
	return func(term uint32) bool {
		b := terms.at(term)
		if len(b) > utf8.UTFMax {
			return false
		}
		c, size := utf8.DecodeRune(b)
		return size == len(b) && isHan(c)
	}
}

// ones counts the bits of a set.
func ones(set []uint64) int {
	n := 0
	for _, word := range set {
		n += bits.OnesCount64(word)
	}
	return n
}

// has reports whether a number is in a set, which is empty when nil.
func has(set []uint64, i int) bool { return set != nil && set[i>>6]>>(i&63)&1 == 1 }
