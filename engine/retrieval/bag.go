package retrieval

import (
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
	last   int // how many terms the last bag had: the next will have about as many
}

func newBagger(a *Analyzer, set *Settings) *bagger {
	return &bagger{a: a, set: set, at: map[string]int{}}
}

// bag weighs the terms of texts. Text beyond the last field of the settings weighs like that one.
func (b *bagger) bag(fields []string) bag {
	out := bag{terms: make([]bagTerm, 0, b.last+b.last/4)}
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
	b.last = len(out.terms)
	return out
}

// packedBag is a numbered bag as an index keeps it: a number and the steps of a frequency in each,
// ascending.
type packedBag struct {
	terms  []uint64
	length float32
}

const stepBits = 16

// pack packs a numbered bag.
func (b *bag) pack() packedBag {
	p := packedBag{make([]uint64, len(b.terms)), b.length}
	for i, t := range b.terms {
		p.terms[i] = uint64(t.id)<<stepBits | uint64(steps(t.tf))
	}
	slices.Sort(p.terms)
	return p
}

// steps is a frequency as stored.
func steps(tf float32) uint16 {
	return uint16(min(math.MaxUint16, max(1, math.Round(float64(tf)*tfUnit))))
}
