package retrieval

import (
	"cmp"
	"math"
	"slices"
)

// Document is what is found: an id of the caller's and the texts of its fields.
type Document struct {
	ID     string
	Fields []string
}

// bag is the terms of a document with their weighted frequencies.
type bag struct {
	terms  []bagTerm
	length float32 // the sum of the frequencies
}

type bagTerm struct {
	term    string
	surface string
	id      uint32
	kind    Kind
	tf      float32
}

// bagger makes bags; its buffers are used again.
type bagger struct {
	a      *Analyzer
	set    *Settings
	tokens []Token
	at     map[string]int
}

func newBagger(a *Analyzer, set *Settings) *bagger {
	return &bagger{a: a, set: set, at: map[string]int{}}
}

// bag weighs the terms of texts. Text beyond the last field of the settings weighs like that one.
func (b *bagger) bag(fields []string) bag {
	var out bag
	clear(b.at)
	for f, text := range fields {
		weight := b.set.Fields[min(f, len(b.set.Fields)-1)]
		b.tokens = b.a.Tokens(b.tokens[:0], text)
		for _, t := range b.tokens {
			w := float32(weight * b.set.Kinds[t.Kind])
			if w <= 0 {
				continue
			}
			i, ok := b.at[t.Term]
			if !ok {
				i = len(out.terms)
				b.at[t.Term] = i
				out.terms = append(out.terms, bagTerm{term: t.Term, surface: t.Surface, kind: t.Kind})
			}
			out.terms[i].tf += w
			out.length += w
		}
	}
	return out
}

// sortByID puts the terms in the order of their numbers.
func (b *bag) sortByID() {
	slices.SortFunc(b.terms, func(x, y bagTerm) int { return cmp.Compare(x.id, y.id) })
}

// steps is a frequency as stored.
func steps(tf float32) uint16 {
	return uint16(min(math.MaxUint16, max(1, math.Round(float64(tf)*tfUnit))))
}
