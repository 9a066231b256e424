package retrieval

// Signals are what speaks for a document, each about 0 to 1.
type Signals struct {
	Share float64 // how much of what the query tells the document has: BM25 by its largest value
	Cover float64 // how much of what the document tells the query has
	Near  float64 // cosine of the vectors; 0 without a space
}

// Weights say how much each signal counts. They are measured on judged data and have a version.
type Weights struct {
	Version string
	Share   float64
	Cover   float64
	Near    float64
}

func (w *Weights) score(s Signals) float64 {
	return w.Share*s.Share + w.Cover*s.Cover + w.Near*s.Near
}

// scorer reckons the exact signals of documents for one query at a time.
type scorer struct {
	slot []int32   // by term: its place in the query's terms and 1 more, or 0
	best []float64 // by group
}

// begin notes the terms of a query; end must follow.
func (s *scorer) begin(ix *Index, q *Query) {
	if n := len(ix.df); len(s.slot) < n {
		s.slot = make([]int32, n)
	}
	groups := int32(0)
	for i, t := range q.terms {
		s.slot[t.id] = int32(i + 1)
		groups = max(groups, t.group+1)
	}
	if len(s.best) < int(groups) {
		s.best = make([]float64, groups)
	}
}

func (s *scorer) end(q *Query) {
	for _, t := range q.terms {
		s.slot[t.id] = 0
	}
}

// signals reckons the signals of a document.
func (s *scorer) signals(ix *Index, q *Query, doc int) Signals {
	seg, local := ix.locate(doc)
	g := ix.segs[seg]
	average := ix.average()
	score, matched, told := 0.0, 0.0, 0.0
	for i := g.start[local]; i < g.start[local+1]; i++ {
		term := g.term[i]
		x := ix.set.impact(float64(g.tf[i])/tfUnit, float64(g.length[local]), average)
		tells := x * float64(ix.tells[term])
		told += tells
		if at := s.slot[term]; at > 0 {
			t := &q.terms[at-1]
			matched += tells
			if v := t.weight * x; v > s.best[t.group] {
				score += v - s.best[t.group]
				s.best[t.group] = v
			}
		}
	}
	for _, t := range q.terms {
		s.best[t.group] = 0
	}
	var out Signals
	if q.best > 0 {
		out.Share = score / q.best
	}
	if told > 0 {
		out.Cover = matched / told
	}
	if q.small != nil && g.vectors != nil {
		dim := len(q.small)
		out.Near = max(0, cosine(dot(q.small, g.vectors[local*dim:(local+1)*dim])))
	}
	return out
}
