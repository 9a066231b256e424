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
	small []int16 // the vector; nil without a space
	signs []uint64
	asked []string // by group: its term
	names []string // by group: as written
}

type queryTerm struct {
	id     uint32
	weight float64 // of the group's word in the query, times what the term tells
	tells  float64 // what it tells in a document
	group  int32
	cheap  float64 // what it adds for what it costs, once a hunt has begun
	step   uint16  // the weight in whole numbers, for candidates
	// minor terms are reckoned with in exact scores alone: characters within words, and those that
	// stand alone in so many documents that they would find everything.
	minor bool
}

// maxQueryTerms bounds the terms of a query; those that tell least are left out.
const maxQueryTerms = 512

// Empty reports whether no document can match.
func (q *Query) Empty() bool { return len(q.terms) == 0 }

// Query makes a query of texts, by field like those of a document. Each field counts by its
// weight as a whole, however long it is: a title tells as much as the pages below it. The share
// that stands for fields without a known word falls to the others. expand may be nil.
func (ix *Index) Query(a *Analyzer, fields []string, o QueryOptions) *Query {
	m := queryMaker{ix: ix, options: &o, group: map[string]int32{}}
	if ix.space != nil {
		m.vector = make([]float32, ix.space.dim)
	}
	b := newBagger(a, &Settings{Fields: []float64{1}, Kinds: ix.set.Kinds}, ix.lex)
	for f, text := range fields {
		if w := o.Fields[min(f, len(o.Fields)-1)]; w > 0 && text != "" {
			m.field(b.bag([]string{text}, nil), w)
		}
	}
	return m.finish()
}

// QueryOptions say how a query is made.
type QueryOptions struct {
	Fields []float64 // the weights of its fields
	Expand Expander  // nil for none
	common []float32 // by term: how much it tells in a query, 1 for a term beyond it
}

// queryMaker makes one query.
type queryMaker struct {
	ix      *Index
	options *QueryOptions
	q       Query
	group   map[string]int32 // by term of the query
	vector  []float32

	alts  []Alternative
	names []string
	ids   []uint32
}

// field adds the terms of a field.
func (m *queryMaker) field(b bag, weight float64) {
	from, told := len(m.q.terms), 0.0
	for i := range b.terms {
		told += m.term(&b.terms[i])
	}
	if told == 0 {
		return
	}
	for i := range m.q.terms[from:] {
		m.q.terms[from+i].weight *= weight / told
	}
	m.q.best += weight
	if m.vector != nil {
		m.place(b, weight)
	}
}

// place adds the direction of a field to the vector.
func (m *queryMaker) place(b bag, weight float64) {
	v := make([]float32, len(m.vector))
	m.names = m.names[:0]
	for _, t := range b.terms {
		m.names = append(m.names, t.term)
	}
	m.ids = m.ix.lex.find(m.ids[:0], m.names)
	for i, id := range m.ids {
		if id != noTerm {
			tf := float64(b.terms[i].tf)
			if int(id) < len(m.options.common) {
				tf *= float64(m.options.common[id])
			}
			m.ix.space.add(v, m.ix, id, tf)
		}
	}
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum > 0 {
		addScaled(m.vector, v, float32(weight/math.Sqrt(sum)))
	}
}

// term adds a term with its alternatives and returns what it tells: as much as a term would that
// stands wherever one of them does.
func (m *queryMaker) term(t *bagTerm) float64 {
	m.alts = append(m.alts[:0], Alternative{t.term, 1})
	if m.options.Expand != nil && t.kind != Char { // a character within a word means nothing alone
		m.alts = m.options.Expand.Expand(m.alts, t.term)
	}
	m.names = m.names[:0]
	for _, x := range m.alts {
		m.names = append(m.names, x.Term)
	}
	m.ids = m.ix.lex.find(m.ids[:0], m.names)
	df := 0.0
	for i, id := range m.ids {
		if id != noTerm {
			df += float64(m.ix.frequency(id)) * m.alts[i].Weight
		}
	}
	if df == 0 {
		return 0
	}
	group, ok := m.group[t.term]
	if !ok {
		group = int32(len(m.group))
		m.group[t.term] = group
		m.q.asked, m.q.names = append(m.q.asked, t.term), append(m.q.names, t.surface)
	}
	tells := saturate(float64(t.tf)) * m.ix.idf(uint32(min(math.Ceil(df), float64(m.ix.Len()))))
	if id := m.ids[0]; id != noTerm && int(id) < len(m.options.common) {
		tells *= float64(m.options.common[id])
	}
	for i, id := range m.ids {
		if id != noTerm && m.ix.frequency(id) > 0 {
			w := tells * m.alts[i].Weight
			m.q.terms = append(m.q.terms, queryTerm{id: id, weight: w, group: group,
				tells: float64(m.ix.tells(id)),
				minor: t.kind == Char || t.kind == Single && m.ix.frequency(id) > m.common()})
		}
	}
	return tells
}

// commonSingle is the share of documents from which a single character is minor.
const commonSingle = 16

func (m *queryMaker) common() uint32 { return uint32(m.ix.Len()/commonSingle) + 1 }

// finish closes the query.
func (m *queryMaker) finish() *Query {
	q := &m.q
	q.limit()
	q.quantise()
	if m.vector != nil {
		q.small = make([]int16, len(m.vector))
		q.signs = make([]uint64, len(m.vector)/64)
		packQuery(m.vector, q.small, q.signs)
	}
	return q
}

// saturate lets a word that a query repeats count more, but less and less.
func saturate(tf float64) float64 { return tf * (1 + querySaturation) / (tf + querySaturation) }

// querySaturation is BM25's k3.
const querySaturation = 2

// limit puts the weights of each term in several fields together, and keeps the heaviest terms.
// A term in several groups stays in that where it weighs most.
func (q *Query) limit() {
	slices.SortFunc(q.terms, func(a, b queryTerm) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.group, b.group))
	})
	out := q.terms[:0]
	for _, t := range q.terms {
		if n := len(out); n > 0 && out[n-1].id == t.id && out[n-1].group == t.group {
			out[n-1].weight += t.weight
			out[n-1].minor = out[n-1].minor && t.minor
		} else {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b queryTerm) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(b.weight, a.weight))
	})
	out = slices.CompactFunc(out, func(a, b queryTerm) bool { return a.id == b.id })
	// The order of the query, not that in which the index met its terms, decides between equals.
	slices.SortStableFunc(out, func(a, b queryTerm) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.group, b.group))
	})
	q.terms = slices.Clone(out[:min(len(out), maxQueryTerms)]) // some queries are kept, without the rest
}

// quantise gives the terms that find candidates whole weights, such that no sum of weight times
// impact passes two bytes.
func (q *Query) quantise() {
	sum, n := 0.0, 0
	for _, t := range q.terms {
		if !t.minor {
			sum += t.weight
			n++
		}
	}
	room := float64(math.MaxUint16/maxImpact - n)
	for i := range q.terms {
		if t := &q.terms[i]; !t.minor {
			t.step = uint16(max(1, math.Floor(t.weight/sum*room)))
		}
	}
}
