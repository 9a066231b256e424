package retrieval

import (
	"math"
	"slices"
)

// maxSegment is the most documents of a segment: their numbers have two bytes.
const maxSegment = 1 << 16

// maxImpact is the largest impact. Six bits leave room for the weights of a query in sums of two
// bytes: see Query.quantise.
const maxImpact = 63

// segment is an immutable part of an index: for each document its terms (forward), for each term
// its documents with an impact (inverted).
type segment struct {
	ids    idList
	length []float32 // by document: sum of frequencies

	start []uint32 // by document, and one more: where its terms begin
	term  []uint32 // ascending within a document
	tf    []uint16 // in steps

	terms []uint32 // the terms met, ascending
	first []uint32 // by place in terms, and one more: where its postings begin
	top   []uint8  // by place in terms: the largest impact
	docs  []uint16 // ascending within a term
	imps  []uint8

	bucket []uint32 // by term>>bucketBits, and one more: the first place in terms

	vectors []int8   // by document, of Space.Dim each; nil without a space
	signs   []uint64 // by document: the signs of its vector
}

const bucketBits = 5

// size returns how many documents there are.
func (s *segment) size() int { return len(s.ids.end) }

// place returns the place of a term in terms, and -1 when no document has it.
func (s *segment) place(term uint32) int {
	b := int(term >> bucketBits)
	if b+1 >= len(s.bucket) {
		return -1
	}
	for i := s.bucket[b]; i < s.bucket[b+1]; i++ {
		if s.terms[i] == term {
			return int(i)
		}
	}
	return -1
}

// impact is the share of the weight of a term that a document with frequency tf gets, 0 to 1.
func (set *Settings) impact(tf, length, average float64) float64 {
	return tf / (tf + set.K1*(1-set.B+set.B*length/average))
}

// seal makes a segment of documents. average is the mean length that
// impacts are reckoned with.
func seal(ids []string, bags []packedBag, set *Settings, average float64) *segment {
	s := &segment{ids: newIDs(ids)}
	total := 0
	for i := range bags {
		total += len(bags[i].terms)
	}
	s.start = make([]uint32, 1, len(bags)+1)
	s.term, s.tf = make([]uint32, 0, total), make([]uint16, 0, total)
	for _, b := range bags {
		for _, t := range b.terms {
			s.term, s.tf = append(s.term, uint32(t>>stepBits)), append(s.tf, uint16(t))
		}
		s.start = append(s.start, uint32(len(s.term)))
		s.length = append(s.length, b.length)
	}
	s.invert(set, average)
	return s
}

// invert makes the postings of the forward lists.
func (s *segment) invert(set *Settings, average float64) {
	next := s.places()
	s.docs, s.imps = make([]uint16, len(s.term)), make([]uint8, len(s.term))
	for d := range s.size() {
		for i := s.start[d]; i < s.start[d+1]; i++ {
			at := next[s.term[i]]
			next[s.term[i]]++
			s.docs[at] = uint16(d)
			x := set.impact(float64(s.tf[i])/tfUnit, float64(s.length[d]), average)
			s.imps[at] = uint8(max(1, math.Round(x*maxImpact)))
		}
	}
	s.index()
}

// post makes the postings of a segment whose impacts are known, in the order of postings.
func (s *segment) post() {
	next := s.places()
	s.docs = make([]uint16, len(s.term))
	for d := range s.size() {
		for i := s.start[d]; i < s.start[d+1]; i++ {
			s.docs[next[s.term[i]]] = uint16(d)
			next[s.term[i]]++
		}
	}
	s.index()
}

// places finds the terms met and where their postings begin, and returns that by term.
func (s *segment) places() []uint32 {
	highest := -1
	for _, t := range s.term {
		highest = max(highest, int(t))
	}
	next := make([]uint32, highest+2)
	for _, t := range s.term {
		next[t+1]++
	}
	for t := range highest + 1 {
		if next[t+1] > 0 {
			s.terms = append(s.terms, uint32(t))
			s.first = append(s.first, next[t])
		}
		next[t+1] += next[t]
	}
	s.first = append(s.first, uint32(len(s.term)))
	s.terms, s.first = slices.Clip(s.terms), slices.Clip(s.first)
	return next
}

// index makes what can be reckoned from the rest: the largest impacts and the buckets.
func (s *segment) index() {
	s.top = make([]uint8, len(s.terms))
	for i := range s.terms {
		s.top[i] = slices.Max(s.imps[s.first[i]:s.first[i+1]])
	}
	highest := uint32(0)
	if n := len(s.terms); n > 0 {
		highest = s.terms[n-1]
	}
	s.bucket = make([]uint32, highest>>bucketBits+2)
	for _, t := range s.terms {
		s.bucket[t>>bucketBits+1]++
	}
	for b := 1; b < len(s.bucket); b++ {
		s.bucket[b] += s.bucket[b-1]
	}
}
