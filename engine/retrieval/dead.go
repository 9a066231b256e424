package retrieval

// uncount takes the deleted documents out of what is counted: how many documents have a term, and
// how long they are. What is deleted changes no score from then on, merged or not.
func (ix *Index) uncount() {
	for s, g := range ix.segs {
		if ix.dead[s] == nil {
			continue
		}
		for d := range g.size() {
			if ix.alive(s, d) {
				continue
			}
			ix.total -= float64(g.length[d])
			for f := g.forward(d); f.next(); {
				if ix.df[f.term] > 0 {
					ix.df[f.term]--
				}
			}
		}
	}
}
