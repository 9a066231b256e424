package retrieval

import (
	"cmp"
	"encoding/binary"
	"math/bits"
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

// hunt is the search for the best documents of one query, segment by segment.
type hunt struct {
	heap  candidates
	order []queryTerm // what finds candidates, in the order of what it adds for what it costs
	seen  int         // documents looked at
	scope Scope
}

// searcher is the work on one segment at a time; its buffers are used again.
type searcher struct {
	acc   [maxSegment]uint16
	marks [maxSegment / 64]uint64
	lists []list
	found []uint16
}

// list is the postings of a term in one segment, or its column.
type list struct {
	docs   []byte
	imps   []byte
	column []byte
	step   uint16
	bound  uint32 // the most it can add
	at     int    // where the window begins in docs
	end    int    // and where it ends
}

// minWindow is how many documents are looked at first: nothing can be left out before there is a
// line to pass. Windows grow until they are whole segments, whose sums stay in a near cache.
const minWindow = 1 << 10

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

// docs appends the candidates to docs.
func (h *candidates) docs(docs []int) []int {
	for _, c := range h.list {
		docs = append(docs, c.doc)
	}
	return docs
}

// begin prepares for the most documents with the largest sums of weight times impact.
func (h *hunt) begin(ix *Index, q *Query, most int, scope Scope) {
	h.heap.list, h.heap.most, h.seen, h.scope = h.heap.list[:0], most, 0, scope
	h.order = h.order[:0]
	for i := range q.terms {
		if !q.terms[i].minor {
			h.order = append(h.order, q.terms[i])
		}
	}
	all := ix.all()
	cheap := func(t *queryTerm) float64 {
		cost := int(ix.frequency(t.id)) + 1
		if cost > all/columnShare {
			cost = all/columnCost + 1
		}
		return t.weight / float64(cost)
	}
	for i := range h.order {
		h.order[i].cheap = cheap(&h.order[i])
	}
	slices.SortFunc(h.order, func(a, b queryTerm) int {
		return cmp.Or(cmp.Compare(a.cheap, b.cheap), cmp.Compare(a.id, b.id))
	})
	if all >= leaveOutFrom {
		h.order = h.order[leftOut(h.order):]
	}
}

// Queries of large indexes find candidates without the words that cost most for what they tell, the
// frequent ones, as far as these together make leaveOut of the weight. Exact scores reckon with all.
const (
	leaveOutFrom = 1 << 16 // documents
	leaveOut     = 0.15
)

// leftOut returns how many terms, the first ones, are left out.
func leftOut(order []queryTerm) int {
	room := 0.0
	for i := range order {
		room += order[i].weight
	}
	room *= leaveOut
	for i := range order {
		if room -= order[i].weight; room < 0 {
			return i
		}
	}
	return 0
}

// columnCost is how many times less adding an impact of a column costs than one of postings.
const columnCost = 24

// segment looks at one segment, window by window.
func (s *searcher) segment(ix *Index, h *hunt, seg int) {
	g := ix.segs[seg]
	s.lists = s.lists[:0]
	for i := range h.order {
		t := &h.order[i]
		if m := g.find(t.id); m != nil && m.top != 0 {
			l := list{step: t.step, bound: uint32(m.top&^isColumn) * uint32(t.step)}
			if m.top&isColumn != 0 {
				l.column = g.column(m)
			} else {
				lo, hi := m.first, m.first+m.count
				l.docs, l.imps = g.docs[2*lo:2*hi], g.imps[lo:hi]
			}
			s.lists = append(s.lists, l)
		}
	}
	for from := 0; from < g.size() && len(s.lists) > 0; {
		size := min(maxSegment, max(minWindow, (h.seen+63)&^63))
		to := min(g.size(), from+size)
		s.window(ix, h, seg, from, to)
		h.seen += to - from
		from = to
	}
}

// window looks at the documents of a segment from one number to another. Lists come in the order of
// what they can add for what they cost: the first ones, which together cannot lift a document over
// the line, are asked only for documents that the others have found (MaxScore).
func (s *searcher) window(ix *Index, h *hunt, seg, from, to int) {
	all, size := uint32(0), ix.segs[seg].size()
	for i := range s.lists {
		l := &s.lists[i]
		if l.column == nil {
			if l.at = l.end; to == size {
				l.end = len(l.imps)
			} else {
				l.end += below(l.docs[2*l.at:], to)
			}
			if l.at == l.end {
				continue
			}
		}
		all += l.bound
	}
	line := h.heap.line()
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
	clear(s.acc[:(to-from+63)&^63])
	s.add(s.lists[asked:], from, to)
	marks := s.marks[:(to-from+63)/64]
	scan(marks, s.acc[:64*len(marks)], uint16(max(1, line-rest)))
	for asked > 0 && ones(marks) > maxAsked { // too many to ask for: add more lists
		more := asked
		for enough := rest - rest/4; more > 0 && rest >= enough; {
			more--
			rest -= s.lists[more].bound
		}
		s.add(s.lists[more:asked], from, to)
		asked = more
		scan(marks, s.acc[:64*len(marks)], uint16(max(1, line-rest)))
	}
	s.find(ix, seg, from, h.scope, marks)
	s.complete(ix, h, seg, from, s.lists[:asked], rest)
}

// maxAsked is for how many documents the lists that are left are asked: for more it costs less to
// add some of them as a whole.
const maxAsked = 200

// below returns how many documents of an ascending list are below to.
func below(docs []byte, to int) int {
	n := len(docs) / 2
	if n == 0 || int(docAt(docs, n-1)) < to {
		return n
	}
	lo, step := 0, 1
	for step < n && int(docAt(docs, step)) < to {
		lo = step
		step *= 2
	}
	return search(docs, lo, min(step, n), uint16(to))
}

// search returns the first place from lo on, and hi at most, whose document is not below d.
func search(docs []byte, lo, hi int, d uint16) int {
	for lo < hi {
		if mid := (lo + hi) / 2; docAt(docs, mid) < d {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// add adds the impacts of lists in the window to the sums, which are by number in the window.
func (s *searcher) add(lists []list, from, to int) {
	var some [4]*list
	n := 0
	for i := range lists {
		l := &lists[i]
		if l.column == nil {
			l.addTo(&s.acc, from)
			continue
		}
		some[n] = l
		if n++; n == len(some) {
			addFour(s.acc[:to-from], &some, from)
			n = 0
		}
	}
	for _, l := range some[:n] {
		addColumn(s.acc[:to-from], l.column[from:to], l.step)
	}
}

// addFour adds four columns at once, which reads and writes the sums once.
func addFour(sums []uint16, lists *[4]*list, from int) {
	var columns [4][]byte
	var steps [4]uint16
	for i, l := range lists {
		columns[i], steps[i] = l.column[from:from+len(sums)], l.step
	}
	addColumns(sums, &columns, &steps)
}

// addTo adds the impacts of postings in the window to the sums.
func (l *list) addTo(acc *[maxSegment]uint16, from int) {
	docs, imps, step, first := l.docs[2*l.at:2*l.end], l.imps[l.at:l.end], l.step, uint16(from)
	for len(imps) >= 4 && len(docs) >= 8 {
		d, m := binary.LittleEndian.Uint64(docs), binary.LittleEndian.Uint32(imps)
		acc[uint16(d)-first] += uint16(uint8(m)) * step
		acc[uint16(d>>16)-first] += uint16(uint8(m>>8)) * step
		acc[uint16(d>>32)-first] += uint16(uint8(m>>16)) * step
		acc[uint16(d>>48)-first] += uint16(m>>24) * step
		docs, imps = docs[8:], imps[4:]
	}
	for i, imp := range imps {
		acc[docAt(docs, i)-first] += uint16(imp) * step
	}
}

// impact returns the impact of a document, 0 for none.
func (l *list) impact(d uint16) uint32 {
	if l.column != nil {
		return uint32(l.column[d])
	}
	if at := search(l.docs, l.at, l.end, d); at < l.end && docAt(l.docs, at) == d {
		return uint32(l.imps[at])
	}
	return 0
}

// find finds the marked documents of the window that are alive and within the scope, as numbers
// within the window. While the line is low a scope may be asked often, but never for a document
// twice.
func (s *searcher) find(ix *Index, seg, from int, scope Scope, marks []uint64) {
	s.found = s.found[:0]
	dead := ix.dead[seg]
	for w, m := range marks {
		if m == 0 {
			continue
		}
		if dead != nil {
			m &^= dead[from>>6+w]
		}
		for ; m != 0; m &= m - 1 {
			d := uint16(w<<6 + bits.TrailingZeros64(m))
			if scope == nil || scope(ix.base[seg]+from+int(d)) {
				s.found = append(s.found, d)
			}
		}
	}
}

// complete pushes the documents found that may pass the line, with what the asked lists add.
func (s *searcher) complete(ix *Index, h *hunt, seg, from int, asked []list, rest uint32) {
	for _, local := range s.found {
		sum, left, d := uint32(s.acc[local]), rest, local+uint16(from)
		line := h.heap.line()
		for i := len(asked) - 1; i >= 0 && sum+left >= line; i-- {
			l := &asked[i]
			left -= l.bound
			sum += l.impact(d) * uint32(l.step)
		}
		if sum+left >= line && sum >= line {
			h.heap.push(candidate{ix.base[seg] + int(d), sum})
		}
	}
}
