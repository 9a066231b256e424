package matching

import (
	"context"
	"sync/atomic"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/market"
)

// shelf is an index of some posts: one for searching, which knows both kinds, and one of each kind
// for matching. One goroutine writes at a time; readers take view.
type shelf struct {
	a     *retrieval.Analyzer
	parts [3]*retrieval.Writer // see partAll and after
	facts map[string]*facts
	fresh map[string]bool // facts that are to be published
	now   atomic.Pointer[view]
}

// The parts of a shelf.
const (
	partAll = iota
	partNeeds
	partOffers
)

// view is a shelf at one moment.
type view struct{ parts [3]part }

// part is an index with the facts of its posts by the number of their document, nil where there is
// none any more.
type part struct {
	ix    *retrieval.Index
	facts []*facts
	live  bits // of those in the market: what nearly every search asks for first
}

// bits is a set of documents.
type bits []uint64

func (b bits) has(doc int) bool { return b[doc>>6]&(1<<(doc&63)) != 0 }

// find returns the document of a post.
func (s *shelf) find(which int, id string) (part, int, bool) {
	p := s.view().parts[which]
	doc, ok := p.ix.Find(id)
	return p, doc, ok && p.facts[doc] != nil
}

func partOf(k market.Kind) int {
	if k == market.Need {
		return partNeeds
	}
	return partOffers
}

func settings(which int) retrieval.Settings {
	if which == partAll {
		return retrieval.SearchSettings()
	}
	return retrieval.MatchSettings()
}

func newShelf(a *retrieval.Analyzer) *shelf {
	s := &shelf{a: a, facts: map[string]*facts{}, fresh: map[string]bool{}}
	for i := range s.parts {
		s.parts[i] = retrieval.NewWriter(a, settings(i))
	}
	s.publish()
	return s
}

// put adds posts, or replaces those of the same ids, and takes others out. A post whose texts are the
// same stays where it is: nothing that is counted changes.
func (s *shelf) put(ctx context.Context, posts []market.Post, gone []string) error {
	var docs [3][]retrieval.Document
	for i := range posts {
		p := &posts[i]
		d := retrieval.Document{ID: p.ID, Fields: texts(p)}
		f := factsOf(p)
		f.Words = hashOf(d.Fields)
		if old := s.facts[p.ID]; old == nil || old.Words != f.Words || old.Kind != f.Kind {
			docs[partAll] = append(docs[partAll], d)
			docs[partOf(p.Kind)] = append(docs[partOf(p.Kind)], d)
		}
		s.facts[p.ID], s.fresh[p.ID] = f, true
	}
	var out []string
	for _, id := range gone {
		if s.facts[id] != nil {
			out = append(out, id)
			delete(s.facts, id)
		}
	}
	for i, w := range s.parts {
		if len(docs[i]) > 0 {
			if err := w.Add(ctx, docs[i], nil); err != nil {
				return err
			}
		}
		if len(out) > 0 {
			w.Delete(out...)
		}
	}
	return nil
}

// publish makes what was put visible.
func (s *shelf) publish() {
	old := s.now.Load()
	v := &view{}
	for i, w := range s.parts {
		var before []*facts
		if old != nil {
			before = old.parts[i].facts
		}
		v.parts[i] = s.part(w.Index(), before)
	}
	s.now.Store(v)
	clear(s.fresh)
}

// part finds the facts of every document. Most are where they were before.
func (s *shelf) part(ix *retrieval.Index, before []*facts) part {
	p := part{ix: ix, facts: make([]*facts, ix.Max()), live: make(bits, ix.Max()/64+1)}
	for doc := range p.facts {
		if !ix.Has(doc) {
			continue
		}
		id := ix.ID(doc)
		if doc < len(before) && before[doc] != nil && before[doc].ID == id && !s.fresh[id] {
			p.facts[doc] = before[doc]
		} else {
			p.facts[doc] = s.facts[id]
		}
		if f := p.facts[doc]; f != nil && f.live() {
			p.live[doc>>6] |= 1 << (doc & 63)
		}
	}
	return p
}

// learn gives the parts vectors, or new ones.
func (s *shelf) learn() {
	for _, w := range s.parts {
		w.Learn()
	}
	s.publish()
}

func (s *shelf) view() *view { return s.now.Load() }

func (s *shelf) len() int { return len(s.facts) }
