package retrieval

import (
	"cmp"
	"math"
	"slices"
)

// Query is what is looked for: weighted terms of one index. Terms of one group say the same thing
// (a word, its synonyms, its translations): the best of them counts, not their sum.
type Query struct {
	terms []queryTerm
	best  float64 // the score that no document can exceed
	small []int8  // the vector; nil without a space
	signs []uint64
}

type queryTerm struct {
	id     uint32
	weight float64 // of the group's word in the query, times what the term tells
	group  int32
	step   uint16 // the weight in whole numbers, for candidates
}

// maxQueryTerms bounds the terms of a query; those that tell least are left out.
const maxQueryTerms = 512

// Empty reports whether no document can match.
func (q *Query) Empty() bool { return len(q.terms) == 0 }

// Query makes a query of texts, weighted by field like those of a document. expand may be nil.
func (ix *Index) Query(a *Analyzer, fields []string, expand Expander) *Query {
	b := newBagger(a, ix.set)
	return ix.QueryBag(b.bag(fields), expand)
}

// QueryBag makes a query of a bag.
func (ix *Index) QueryBag(b bag, expand Expander) *Query {
	q := &Query{}
	var vector []float32
	if ix.space != nil {
		vector = make([]float32, ix.space.dim)
	}
	var alternatives []Alternative
	var names []string
	var ids []uint32
	for i := range b.terms {
		t := &b.terms[i]
		alternatives = append(alternatives[:0], Alternative{t.term, 1})
		if expand != nil {
			alternatives = expand.Expand(alternatives, t.term)
		}
		names = names[:0]
		for _, x := range alternatives {
			names = append(names, x.Term)
		}
		ids = ix.lex.find(ids[:0], names)
		q.addGroup(ix, saturate(float64(t.tf)), int32(i), alternatives, ids)
		if vector != nil && ids[0] != noTerm {
			ix.space.add(vector, ix, ids[0], float64(t.tf))
		}
	}
	if vector != nil {
		q.small = make([]int8, len(vector))
		q.signs = make([]uint64, len(vector)/64)
		pack(vector, q.small, q.signs)
	}
	q.limit()
	q.quantise()
	return q
}

// saturate lets a word that a query repeats count more, but less and less.
func saturate(tf float64) float64 { return tf * (1 + querySaturation) / (tf + querySaturation) }

// querySaturation is BM25's k3.
const querySaturation = 2

// addGroup adds a term of the query with its alternatives. They tell as much as a term would that
// stands wherever one of them does.
func (q *Query) addGroup(ix *Index, weight float64, group int32, alts []Alternative, ids []uint32) {
	df := uint32(0)
	for _, id := range ids {
		if id != noTerm {
			df += ix.frequency(id)
		}
	}
	if df == 0 {
		return
	}
	tells := ix.idf(min(df, uint32(ix.all())))
	q.best += weight * tells
	for i, id := range ids {
		if id != noTerm && ix.frequency(id) > 0 {
			w := weight * tells * alts[i].Weight
			q.terms = append(q.terms, queryTerm{id: id, weight: w, group: group})
		}
	}
}

// limit keeps each term once, with its largest weight, and the heaviest of them.
func (q *Query) limit() {
	slices.SortFunc(q.terms, func(a, b queryTerm) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(b.weight, a.weight))
	})
	q.terms = slices.CompactFunc(q.terms, func(a, b queryTerm) bool { return a.id == b.id })
	if len(q.terms) > maxQueryTerms {
		slices.SortStableFunc(q.terms, func(a, b queryTerm) int { return cmp.Compare(b.weight, a.weight) })
		q.terms = q.terms[:maxQueryTerms]
	}
}

// quantise gives the terms whole weights such that no sum of weight times impact passes two bytes.
func (q *Query) quantise() {
	sum := 0.0
	for _, t := range q.terms {
		sum += t.weight
	}
	room := float64(math.MaxUint16/maxImpact - len(q.terms))
	for i := range q.terms {
		q.terms[i].step = uint16(max(1, math.Floor(q.terms[i].weight/sum*room)))
	}
}
