package retrieval

import (
	"hash/maphash"
	"slices"
	"sync"
)

// Lexicon numbers terms in the order they are first met. It only grows; all methods may be called
// at the same time. Its texts lie in two long ones, so that a million terms are a few objects.
type Lexicon struct {
	mu    sync.RWMutex
	seed  maphash.Seed // keeps chosen terms from falling into one slot; no result depends on it
	slots []uint64     // the number of a term and 1 more, with its hash above, or 0
	terms texts
	names texts // as first met, empty where that is the term
	kinds []Kind
}

// texts is a list of texts.
type texts struct {
	all []byte
	end []uint32
}

func (t *texts) add(s string) {
	t.all = append(t.all, s...)
	t.end = append(t.end, uint32(len(t.all)))
}

func (t *texts) at(i uint32) []byte {
	from := uint32(0)
	if i > 0 {
		from = t.end[i-1]
	}
	return t.all[from:t.end[i]]
}

func newLexicon() *Lexicon { return &Lexicon{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<10)} }

// Limits of a lexicon: numbers have 26 bits in a snapshot and a document, texts 32.
const (
	maxTerms    = 1 << 26
	maxTermText = 1 << 31
)

// Len returns how many terms there are.
func (l *Lexicon) Len() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.kinds)
}

// Term returns the term with a number.
func (l *Lexicon) Term(id uint32) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return string(l.terms.at(id))
}

const noTerm = ^uint32(0)

func (l *Lexicon) hash(term string) uint64 { return maphash.String(l.seed, term) }

// look returns the number of a term with a hash, or noTerm. The lexicon must be locked.
func (l *Lexicon) look(term string, hash uint64) uint32 {
	mask := uint64(len(l.slots) - 1)
	for at := hash & mask; l.slots[at] != 0; at = (at + 1) & mask {
		if s := l.slots[at]; s>>32 == hash>>32 && string(l.terms.at(uint32(s)-1)) == term {
			return uint32(s) - 1
		}
	}
	return noTerm
}

// find appends the numbers of terms to ids, noTerm for one that is not known.
func (l *Lexicon) find(ids []uint32, terms []string) []uint32 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, t := range terms {
		ids = append(ids, l.look(t, l.hash(t)))
	}
	return ids
}

// recall gives the terms of bags that are known their numbers, and noTerm to the others.
func (l *Lexicon) recall(bags []bag) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for b := range bags {
		for i := range bags[b].terms {
			t := &bags[b].terms[i]
			t.id = l.look(t.term, t.hash)
		}
	}
}

// number gives every term of bags that has none its number, noTerm once the lexicon is full.
func (l *Lexicon) number(bags []bag) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for b := range bags {
		for i := range bags[b].terms {
			t := &bags[b].terms[i]
			if t.id != noTerm {
				continue
			}
			if t.id = l.look(t.term, t.hash); t.id == noTerm {
				t.id = l.add(t.term, t.surface, t.kind, t.hash)
			}
		}
	}
}

// add adds a term that is not there.
func (l *Lexicon) add(term, name string, kind Kind, hash uint64) uint32 {
	if len(l.kinds) == maxTerms || len(l.terms.all)+len(l.names.all)+len(term)+len(name) > maxTermText {
		return noTerm
	}
	id := uint32(len(l.kinds))
	l.terms.add(term)
	if name == term {
		name = ""
	}
	l.names.add(name)
	l.kinds = append(l.kinds, kind)
	if 2*len(l.kinds) > len(l.slots) {
		l.grow()
	} else {
		l.put(id, hash)
	}
	return id
}

func (l *Lexicon) put(id uint32, hash uint64) {
	mask := uint64(len(l.slots) - 1)
	at := hash & mask
	for l.slots[at] != 0 {
		at = (at + 1) & mask
	}
	l.slots[at] = hash>>32<<32 | uint64(id+1)
}

// grow doubles the table. The lower bits of a hash are not kept and are reckoned again.
func (l *Lexicon) grow() {
	l.slots = make([]uint64, 2*len(l.slots))
	for id := range uint32(len(l.kinds)) {
		l.put(id, maphash.Bytes(l.seed, l.terms.at(id)))
	}
}

// index makes the table of terms that were read. It reports whether none is there twice.
func (l *Lexicon) index() bool {
	size := len(l.slots)
	for size < 2*len(l.kinds) {
		size *= 2
	}
	l.slots = make([]uint64, size)
	for id := range uint32(len(l.kinds)) {
		term := l.terms.at(id)
		hash := maphash.Bytes(l.seed, term)
		if l.look(string(term), hash) != noTerm {
			return false
		}
		l.put(id, hash)
	}
	return true
}

// shown returns what people read for a term. The lexicon must be locked.
func (l *Lexicon) shown(id uint32) string {
	if name := l.names.at(id); len(name) > 0 {
		return string(name)
	}
	return string(l.terms.at(id))
}

// clone returns the texts of the first terms as they are now: what is added later is not in it.
func (l *Lexicon) clone(n int) (terms, names texts, kinds []Kind) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.terms.first(n), l.names.first(n), slices.Clip(l.kinds[:n])
}

func (t *texts) first(n int) texts {
	if n == 0 {
		return texts{}
	}
	return texts{t.all[:t.end[n-1]], t.end[:n]}
}
