package retrieval

import (
	"cmp"
	"slices"
	"sync"
)

// Hit is a document found.
type Hit struct {
	Doc     int // its number in the index that was asked
	ID      string
	Score   float64
	Signals Signals
}

// Options say what a search returns.
type Options struct {
	Top      int     // hits wanted
	Pool     int     // candidates of words that are scored exactly, at least Top; 0 for defaultPool or 2×Top
	NearPool int     // candidates of vectors; 0 for as many
	Scope    Scope   // nil for all
	Within   *Set    // nil for all
	Weights  Weights // of the signals
}

// defaultPool is how many candidates of words and how many of vectors are scored exactly at least.
const defaultPool = 100

func (o *Options) pool() int {
	if o.Pool > 0 {
		return max(o.Top, o.Pool)
	}
	return max(2*o.Top, defaultPool)
}

func (o *Options) nearPool() int { return cmp.Or(o.NearPool, o.pool()) }

// work holds the buffers of a search.
type work struct {
	hunt     hunt
	searcher searcher
	scorer   scorer
	dense    denseSearch
	docs     []int
}

var works = sync.Pool{New: func() any { return new(work) }}

// Search returns the best documents for a query, the best first; of equal ones that with the
// smaller number. Candidates come from words and, when the index has a space and the weights want
// it, from vectors.
func (ix *Index) Search(q *Query, o Options) []Hit {
	scope := o.Within.scope(ix, o.Scope)
	w := works.Get().(*work)
	defer works.Put(w)
	w.docs = w.docs[:0]
	if !q.Empty() && (o.Weights.Share > 0 || o.Weights.Cover > 0) {
		w.hunt.begin(ix, q, o.pool(), scope)
		for seg := range ix.segs {
			w.searcher.segment(ix, &w.hunt, seg)
		}
		w.docs = w.hunt.heap.docs(w.docs)
	}
	if q.small != nil && o.Weights.Near > 0 {
		w.docs = w.dense.collect(w.docs, ix, q, o.nearPool(), scope)
	}
	return w.best(ix, q, &o)
}

// best returns the best of the candidates in docs, of which some may be there twice.
func (w *work) best(ix *Index, q *Query, o *Options) []Hit {
	slices.Sort(w.docs)
	w.docs = slices.Compact(w.docs)
	hits := w.score(ix, q, w.docs, &o.Weights)
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Doc, b.Doc))
	})
	hits = slices.Clip(hits[:min(len(hits), o.Top)])
	for i := range hits {
		hits[i].ID = ix.ID(hits[i].Doc)
	}
	return hits
}

// Score returns the exact scores of documents, in their order.
func (ix *Index) Score(q *Query, docs []int, weights Weights) []Hit {
	w := works.Get().(*work)
	defer works.Put(w)
	hits := w.score(ix, q, docs, &weights)
	for i := range hits {
		hits[i].ID = ix.ID(hits[i].Doc)
	}
	return hits
}

func (w *work) score(ix *Index, q *Query, docs []int, weights *Weights) []Hit {
	w.scorer.begin(ix, q, weights.Cover != 0)
	defer w.scorer.end(q)
	hits := make([]Hit, 0, len(docs))
	for _, doc := range docs {
		s := w.scorer.signals(ix, q, doc)
		hits = append(hits, Hit{Doc: doc, Score: weights.score(s), Signals: s})
	}
	return hits
}
