package retrieval

import (
	"strings"
	"sync"
)

// Lexicon numbers terms in the order they are first met. It only grows; all methods may be called
// at the same time.
type Lexicon struct {
	mu    sync.RWMutex
	ids   map[string]uint32
	terms []string
	names []string // as first met, where that is not the term
	kinds []Kind
}

func newLexicon() *Lexicon { return &Lexicon{ids: map[string]uint32{}} }

// Len returns how many terms there are.
func (l *Lexicon) Len() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.terms)
}

// Term returns the term with a number.
func (l *Lexicon) Term(id uint32) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.terms[id]
}

// find appends the numbers of terms to ids, ^0 for one that is not known.
func (l *Lexicon) find(ids []uint32, terms []string) []uint32 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, t := range terms {
		id, ok := l.ids[t]
		if !ok {
			id = noTerm
		}
		ids = append(ids, id)
	}
	return ids
}

const noTerm = ^uint32(0)

// number gives every term of bags its number.
func (l *Lexicon) number(bags []bag) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for b := range bags {
		for i := range bags[b].terms {
			t := &bags[b].terms[i]
			id, ok := l.ids[t.term]
			if !ok {
				id = l.add(strings.Clone(t.term), t.surface, t.kind)
			}
			t.id = id
			t.term, t.surface = "", ""
		}
	}
}

func (l *Lexicon) add(term, surface string, kind Kind) uint32 {
	id := uint32(len(l.terms))
	l.ids[term] = id
	l.terms = append(l.terms, term)
	l.kinds = append(l.kinds, kind)
	name := ""
	if surface != term {
		name = strings.Clone(surface)
	}
	l.names = append(l.names, name)
	return id
}

// shown returns what people read for a term. The lexicon must be locked.
func (l *Lexicon) shown(id uint32) string {
	if l.names[id] != "" {
		return l.names[id]
	}
	return l.terms[id]
}
