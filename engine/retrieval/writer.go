package retrieval

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// Writer adds documents to an index and deletes them. Its methods may be called at the same time;
// Index returns the state after the last of them, while searches go on in earlier ones.
type Writer struct {
	mu  sync.Mutex
	a   *Analyzer
	set *Settings
	now atomic.Pointer[Index]
}

// NewWriter returns a writer of an empty index.
func NewWriter(a *Analyzer, set Settings) *Writer {
	w := &Writer{a: a, set: &set}
	w.now.Store(newIndex(w.set, newLexicon(), nil, nil))
	return w
}

// Open returns a writer that goes on with an index, such as one read from a snapshot. The index must
// not be given to two writers.
func Open(a *Analyzer, ix *Index) *Writer {
	w := &Writer{a: a, set: ix.set}
	w.now.Store(ix)
	return w
}

// Index returns the index as it is now.
func (w *Writer) Index() *Index { return w.now.Load() }

// Add adds documents; one with the id of an earlier document replaces it, also within one call.
// progress, which may be nil, is told how many are analysed. When ctx ends nothing is changed.
func (w *Writer) Add(ctx context.Context, docs []Document, progress func(done int)) error {
	docs = lastByID(docs)
	w.mu.Lock()
	defer w.mu.Unlock()
	ix := w.now.Load()
	build := newBuilding(w.a, w.set, ix)
	for rest := docs; len(rest) > 0; {
		n := segmentLength(rest)
		if err := build.add(ctx, rest[:n], progress); err != nil {
			return err
		}
		rest = rest[n:]
	}
	segs, dead := slices.Clone(ix.segs), slices.Clone(ix.dead)
	fresh := make([]bool, len(segs))
	for i := range docs {
		kill(segs, dead, fresh, docs[i].ID)
	}
	segs = append(segs, build.segs...)
	dead = append(dead, make([][]uint64, len(build.segs))...)
	w.publish(ix, segs, dead)
	return nil
}

// lastByID drops documents that a later one replaces.
func lastByID(docs []Document) []Document {
	last := make(map[string]int, len(docs))
	for i := range docs {
		last[docs[i].ID] = i
	}
	if len(last) == len(docs) {
		return docs
	}
	out := make([]Document, 0, len(last))
	for i := range docs {
		if last[docs[i].ID] == i {
			out = append(out, docs[i])
		}
	}
	return out
}

// Delete makes documents unfindable. Ids that are not known are passed over.
func (w *Writer) Delete(ids ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ix := w.now.Load()
	segs, dead := slices.Clone(ix.segs), slices.Clone(ix.dead)
	fresh := make([]bool, len(segs))
	for _, id := range ids {
		kill(segs, dead, fresh, id)
	}
	w.publish(ix, segs, dead)
}

// Learn gives the index vectors, learned from the documents it has now, or takes them away when
// there are too few to learn from. It reports whether there are vectors. Documents that are added
// later get vectors of the same space until Learn is called again.
func (w *Writer) Learn() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	ix := w.now.Load()
	segs := make([]*segment, len(ix.segs))
	for i, g := range ix.segs {
		plain := *g // searches go on in the old one
		plain.vectors, plain.signs = nil, nil
		segs[i] = &plain
	}
	next := newIndex(w.set, ix.lex, segs, ix.dead)
	if next.space = Learn(next); next.space != nil {
		next.embed()
	}
	w.now.Store(next)
	return next.space != nil
}

// kill marks a document as deleted. The bits of its segment are copied once: fresh says which are.
func kill(segs []*segment, dead [][]uint64, fresh []bool, id string) {
	h := hashID(id)
	for i, g := range segs {
		local := g.ids.find(id, h)
		if local < 0 || has(dead[i], local) {
			continue
		}
		if !fresh[i] {
			old := dead[i]
			dead[i] = make([]uint64, (g.size()+63)/64)
			copy(dead[i], old)
			fresh[i] = true
		}
		dead[i][local>>6] |= 1 << (local & 63)
		return
	}
}

// publish makes the index of segments, merged where there are too many.
func (w *Writer) publish(old *Index, segs []*segment, dead [][]uint64) {
	segs, dead = w.merged(segs, dead, old)
	next := newIndex(w.set, old.lex, segs, dead)
	next.space = old.space
	if next.space != nil {
		next.embed()
	}
	w.now.Store(next)
}
