package retrieval

import (
	"hash/maphash"
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
	hash    uint64
	id      uint32
	tf      float32
	kind    Kind
}

// bagger makes bags; its buffers are used again.
type bagger struct {
	a      *Analyzer
	set    *Settings
	seed   maphash.Seed // that of the lexicon
	tokens []Token
	slots  []bagSlot
	round  uint32 // slots of other rounds are empty
	packed []uint64
}

// bagSlot is a place in the table of the terms of one bag.
type bagSlot struct {
	round uint32
	index uint32
}

func newBagger(a *Analyzer, set *Settings, lex *Lexicon) *bagger {
	return &bagger{a: a, set: set, seed: lex.seed, slots: make([]bagSlot, 1<<10)}
}

// bag weighs the terms of texts and puts them into buf. Text beyond the last field of the settings
// weighs like that one.
func (b *bagger) bag(fields []string, buf []bagTerm) bag {
	out := bag{terms: buf}
	b.round++
	for f, text := range fields {
		weight := b.set.Fields[min(f, len(b.set.Fields)-1)]
		b.tokens = b.a.Tokens(b.tokens[:0], text)
		for i := range b.tokens {
			if w := float32(weight * b.set.Kinds[b.tokens[i].Kind]); w > 0 {
				out.terms = b.count(out.terms, &b.tokens[i], w)
				out.length += w
			}
		}
	}
	return out
}

// count adds a token to the terms of a bag.
func (b *bagger) count(terms []bagTerm, t *Token, w float32) []bagTerm {
	hash := maphash.String(b.seed, t.Term)
	mask := uint64(len(b.slots) - 1)
	at := hash & mask
	for ; b.slots[at].round == b.round; at = (at + 1) & mask {
		if x := &terms[b.slots[at].index]; x.hash == hash && x.term == t.Term {
			x.tf += w
			return terms
		}
	}
	b.slots[at] = bagSlot{b.round, uint32(len(terms))}
	terms = append(terms, bagTerm{term: t.Term, surface: t.Surface, hash: hash, kind: t.Kind, tf: w})
	if 2*len(terms) > len(b.slots) {
		b.grow(terms)
	}
	return terms
}

func (b *bagger) grow(terms []bagTerm) {
	b.slots = make([]bagSlot, 2*len(b.slots))
	mask := uint64(len(b.slots) - 1)
	for i := range terms {
		at := terms[i].hash & mask
		for b.slots[at].round == b.round {
			at = (at + 1) & mask
		}
		b.slots[at] = bagSlot{b.round, uint32(i)}
	}
}

// pack appends the forward list of a numbered bag, see forward. Terms without a number, of which
// there are none unless the lexicon is full, are left out.
func (b *bagger) pack(dst []byte, terms []bagTerm, codes *[tfCodes]uint16) []byte {
	b.packed = b.packed[:0]
	for i := range terms {
		if t := &terms[i]; t.id != noTerm {
			b.packed = append(b.packed, uint64(t.id)<<16|uint64(steps(t.tf)))
		}
	}
	slices.Sort(b.packed)
	before := uint32(0)
	for _, p := range b.packed {
		term := uint32(p >> 16)
		dst = appendForward(dst, term-before, uint16(p), codes)
		before = term
	}
	return dst
}

// steps is a frequency as stored.
func steps(tf float32) uint16 {
	return uint16(min(math.MaxUint16, max(1, math.Round(float64(tf)*tfUnit))))
}
