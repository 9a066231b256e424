package retrieval

import (
	"cmp"
	"slices"
	"sync"
)

// Scope reports whether a document may be found. It is asked for the document's number before it
// counts among the best, so that what it hides changes neither hits nor their number. It must
// not change its mind during a search.
type Scope func(doc int) bool

// candidate is a document with the sum of its impacts.
type candidate struct {
	doc   int
	score uint32
}

// searcher is the work on one query at a time; its buffers are used again.
type searcher struct {
	acc   [maxSegment]uint16
	heap  candidates
	order []queryTerm
	lists []list
	found []uint16
}

// list is the postings of a term in one segment.
type list struct {
	docs  []uint16
	imps  []uint8
	step  uint16
	bound uint32 // the most it can add
}

var searchers = sync.Pool{New: func() any { return new(searcher) }}

// candidates keeps the best of what is pushed, the worst on top. Of equal ones the first stays.
type candidates struct {
	list []candidate
	most int
}

// line is the score that a candidate has to pass.
func (h *candidates) line() uint32 {
	if len(h.list) < h.most {
		return 0
	}
	return h.list[0].score
}

// worse orders candidates from the worst: of equal scores the later document is worse.
func worse(a, b candidate) bool {
	return a.score < b.score || a.score == b.score && a.doc > b.doc
}

func (h *candidates) push(c candidate) {
	if len(h.list) < h.most {
		h.list = append(h.list, c)
		for i := len(h.list) - 1; i > 0 && worse(h.list[i], h.list[(i-1)/2]); i = (i - 1) / 2 {
			h.list[i], h.list[(i-1)/2] = h.list[(i-1)/2], h.list[i]
		}
		return
	}
	if !worse(h.list[0], c) {
		return
	}
	h.list[0] = c
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(h.list) {
			return
		}
		if child+1 < len(h.list) && worse(h.list[child+1], h.list[child]) {
			child++
		}
		if !worse(h.list[child], h.list[i]) {
			return
		}
		h.list[i], h.list[child] = h.list[child], h.list[i]
		i = child
	}
}

// sorted returns the candidates, the best first.
func (h *candidates) sorted() []candidate {
	slices.SortFunc(h.list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
	})
	return h.list
}

// collect finds the most documents with the largest sums of weight times impact. The result is
// valid until the next call.
func (s *searcher) collect(ix *Index, q *Query, most int, scope Scope) []candidate {
	s.heap.list, s.heap.most = s.heap.list[:0], most
	s.order = append(s.order[:0], q.terms...)
	order := slices.DeleteFunc(s.order, func(t queryTerm) bool { return t.minor })
	cheap := func(t queryTerm) float64 { return t.weight / float64(ix.frequency(t.id)+1) }
	slices.SortFunc(order, func(a, b queryTerm) int {
		return cmp.Or(cmp.Compare(cheap(a), cheap(b)), cmp.Compare(a.id, b.id))
	})
	for i := range ix.segs {
		s.segment(ix, order, i, scope)
	}
	return s.heap.sorted()
}

// segment looks at one segment. Lists come in the order of what they can add for their length: the
// first ones, which together cannot lift a document over the line, are asked only for documents
// that the others have found (MaxScore).
func (s *searcher) segment(ix *Index, order []queryTerm, seg int, scope Scope) {
	g := ix.segs[seg]
	s.lists = s.lists[:0]
	all := uint32(0)
	for _, t := range order {
		p := g.place(t.id)
		if p < 0 {
			continue
		}
		lo, hi := g.first[p], g.first[p+1]
		bound := uint32(g.top[p]) * uint32(t.step)
		s.lists = append(s.lists, list{g.docs[lo:hi], g.imps[lo:hi], t.step, bound})
		all += bound
	}
	line := s.heap.line()
	if all <= line {
		return
	}
	asked, rest := 0, uint32(0)
	if line > 0 {
		budget := line * 2 / 5 // a margin keeps candidates few
		for asked < len(s.lists) && rest+s.lists[asked].bound <= budget {
			rest += s.lists[asked].bound
			asked++
		}
	}
	clear(s.acc[:])
	count := 0
	for _, l := range s.lists[asked:] {
		s.add(l)
		count += len(l.docs)
	}
	least := uint16(max(1, line-rest))
	if count < g.size()/4 {
		s.walk(s.lists[asked:], least)
	} else {
		s.scan(least, g.size())
	}
	s.complete(ix, seg, s.lists[:asked], rest, scope)
}

// add adds the impacts of a list to the sums.
func (s *searcher) add(l list) {
	imps, step := l.imps[:len(l.docs)], l.step
	for i, d := range l.docs {
		s.acc[d] += uint16(imps[i]) * step
	}
}

// walk finds the documents of lists with a sum of at least least.
func (s *searcher) walk(lists []list, least uint16) {
	s.found = s.found[:0]
	for _, l := range lists {
		for _, d := range l.docs {
			if s.acc[d] >= least {
				s.found = append(s.found, d)
			}
		}
	}
	slices.Sort(s.found)
	s.found = slices.Compact(s.found)
}

// scan finds them among all documents.
func (s *searcher) scan(least uint16, size int) {
	s.found = s.found[:0]
	for d, sum := range s.acc[:size] {
		if sum >= least {
			s.found = append(s.found, uint16(d))
		}
	}
}

// maxAsked is from how many documents on the remaining lists are added as a whole, which costs
// less than to look for each document in them.
const maxAsked = 400

// complete pushes the documents found that may pass the line, with what the asked lists add.
func (s *searcher) complete(ix *Index, seg int, asked []list, rest uint32, scope Scope) {
	if len(s.found) > maxAsked {
		for _, l := range asked {
			s.add(l)
		}
		asked, rest = nil, 0
	}
	for _, d := range s.found {
		sum, left := uint32(s.acc[d]), rest
		line := s.heap.line()
		for i := len(asked) - 1; i >= 0 && sum+left >= line; i-- {
			l := &asked[i]
			left -= l.bound
			if at, ok := slices.BinarySearch(l.docs, d); ok {
				sum += uint32(l.imps[at]) * uint32(l.step)
			}
		}
		if sum+left < line || sum < line {
			continue
		}
		doc := ix.base[seg] + int(d)
		if ix.alive(seg, int(d)) && (scope == nil || scope(doc)) {
			s.heap.push(candidate{doc, sum})
		}
	}
}
