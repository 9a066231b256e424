package retrieval

import (
	"cmp"
	"slices"
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
	acc   [maxWindow]uint16
	seen  int // documents looked at
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
	at    int    // where the window begins in docs
	end   int    // and where it ends
}

// Windows of documents: the sums of one stay in the nearest cache. The first ones are small, since
// nothing can be left out before there is a line to pass.
const (
	minWindow = 1 << 10
	maxWindow = 1 << 14
)

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
	s.heap.list, s.heap.most, s.seen = s.heap.list[:0], most, 0
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

// segment looks at one segment, window by window.
func (s *searcher) segment(ix *Index, order []queryTerm, seg int, scope Scope) {
	g := ix.segs[seg]
	s.lists = s.lists[:0]
	for _, t := range order {
		if p := g.place(t.id); p >= 0 {
			lo, hi := g.first[p], g.first[p+1]
			bound := uint32(g.top[p]) * uint32(t.step)
			s.lists = append(s.lists,
				list{docs: g.docs[lo:hi], imps: g.imps[lo:hi], step: t.step, bound: bound})
		}
	}
	for from := 0; from < g.size() && len(s.lists) > 0; {
		to := min(g.size(), from+min(maxWindow, max(minWindow, s.seen)))
		s.window(ix, seg, from, to, scope)
		s.seen += to - from
		from = to
	}
}

// window looks at the documents of a segment from one number to another. Lists come in the order of
// what they can add for their length: the first ones, which together cannot lift a document over
// the line, are asked only for documents that the others have found (MaxScore).
func (s *searcher) window(ix *Index, seg, from, to int, scope Scope) {
	all := uint32(0)
	for i := range s.lists {
		l := &s.lists[i]
		l.at = l.end
		if l.at == len(l.docs) || int(l.docs[l.at]) >= to {
			continue // nothing here
		}
		l.end = l.at + below(l.docs[l.at:], to)
		all += l.bound
	}
	line := s.heap.line()
	if all == 0 || all <= line {
		return
	}
	asked, rest := 0, uint32(0)
	if line > 0 {
		budget := line * 3 / 5 // a margin keeps candidates few
		for asked < len(s.lists) && rest+s.lists[asked].bound <= budget {
			rest += s.lists[asked].bound
			asked++
		}
	}
	clear(s.acc[:to-from])
	count := 0
	for i := range s.lists[asked:] {
		l := &s.lists[asked+i]
		s.add(l, from)
		count += l.end - l.at
	}
	least := uint16(max(1, line-rest))
	if count < (to-from)/4 {
		s.walk(s.lists[asked:], from, least)
	} else {
		s.scan(least, to-from)
	}
	s.complete(ix, seg, from, s.lists[:asked], rest, scope)
}

// below returns how many documents of an ascending list are below to.
func below(docs []uint16, to int) int {
	if int(docs[len(docs)-1]) < to {
		return len(docs)
	}
	step := 1
	for step < len(docs) && int(docs[step]) < to {
		step *= 2
	}
	n, _ := slices.BinarySearch(docs[:min(step, len(docs))], uint16(to))
	return n
}

// add adds the impacts of a list in the window to the sums.
func (s *searcher) add(l *list, from int) {
	docs := l.docs[l.at:l.end]
	imps, step, first := l.imps[l.at:l.end][:len(docs)], l.step, uint16(from)
	for i, d := range docs {
		s.acc[(d-first)%maxWindow] += uint16(imps[i]) * step
	}
}

// walk finds the documents of lists with a sum of at least least, as numbers within the window.
func (s *searcher) walk(lists []list, from int, least uint16) {
	s.found = s.found[:0]
	for i := range lists {
		l := &lists[i]
		for _, d := range l.docs[l.at:l.end] {
			if d -= uint16(from); s.acc[d%maxWindow] >= least {
				s.found = append(s.found, d)
			}
		}
	}
	slices.Sort(s.found)
	s.found = slices.Compact(s.found)
}

// scan finds them among all documents of the window.
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
func (s *searcher) complete(ix *Index, seg, from int, asked []list, rest uint32, scope Scope) {
	if len(s.found) > maxAsked {
		for i := range asked {
			s.add(&asked[i], from)
		}
		asked, rest = nil, 0
	}
	for _, local := range s.found {
		sum, left, d := uint32(s.acc[local]), rest, local+uint16(from)
		line := s.heap.line()
		for i := len(asked) - 1; i >= 0 && sum+left >= line; i-- {
			l := &asked[i]
			left -= l.bound
			if at, ok := slices.BinarySearch(l.docs[l.at:l.end], d); ok {
				sum += uint32(l.imps[l.at+at]) * uint32(l.step)
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
