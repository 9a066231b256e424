package retrieval

import (
	"context"
	"math/bits"
	"runtime"
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

// batch is how many documents one worker analyses at a time.
const batch = 256

// Add adds documents; one with the id of an earlier document replaces it, also within one call.
// progress, which may be nil, is told how many are analysed. When ctx ends nothing is changed.
func (w *Writer) Add(ctx context.Context, docs []Document, progress func(done int)) error {
	docs = lastByID(docs)
	w.mu.Lock()
	defer w.mu.Unlock()
	ix := w.now.Load()
	segs, dead := slices.Clone(ix.segs), slices.Clone(ix.dead)
	var added []*segment
	for part := range slices.Chunk(docs, maxSegment) {
		bags := w.analyse(ctx, ix.lex, part, progress)
		if err := ctx.Err(); err != nil {
			return err
		}
		ids := make([]string, len(part))
		for i, d := range part {
			ids[i] = d.ID
		}
		added = append(added, seal(ids, bags, w.set, meanLength(ix, bags)))
	}
	fresh := make([]bool, len(segs))
	for _, d := range docs {
		kill(segs, dead, fresh, d.ID)
	}
	segs = append(segs, added...)
	dead = append(dead, make([][]uint64, len(added))...)
	w.publish(ix, segs, dead)
	return nil
}

// meanLength is the mean length of the documents of an index and of new ones.
func meanLength(ix *Index, bags []packedBag) float64 {
	total := ix.total
	for i := range bags {
		total += float64(bags[i].length)
	}
	if n := ix.all() + len(bags); n > 0 && total > 0 {
		return total / float64(n)
	}
	return 1
}

// lastByID drops documents that a later one replaces.
func lastByID(docs []Document) []Document {
	last := make(map[string]int, len(docs))
	for i, d := range docs {
		last[d.ID] = i
	}
	if len(last) == len(docs) {
		return docs
	}
	out := make([]Document, 0, len(last))
	for i, d := range docs {
		if last[d.ID] == i {
			out = append(out, d)
		}
	}
	return out
}

// analyse makes packed bags of documents, on every processor. Terms are numbered batch by batch in
// the order of the documents, so that the same documents make the same index.
func (w *Writer) analyse(
	ctx context.Context, lex *Lexicon, docs []Document, progress func(int),
) []packedBag {
	out := make([]packedBag, len(docs))
	var next atomic.Int64
	var group sync.WaitGroup
	var mu sync.Mutex
	turn, numbered := sync.NewCond(&mu), 0
	for range min(runtime.GOMAXPROCS(0), (len(docs)+batch-1)/batch) {
		group.Go(func() {
			b := newBagger(w.a, w.set)
			bags := make([]bag, 0, batch)
			for ctx.Err() == nil {
				from := int(next.Add(batch)) - batch
				if from >= len(docs) {
					return
				}
				to := min(from+batch, len(docs))
				bags = bags[:0]
				for _, d := range docs[from:to] {
					bags = append(bags, b.bag(d.Fields))
				}
				mu.Lock()
				for numbered != from { // a batch that was taken is always numbered
					turn.Wait()
				}
				lex.number(bags)
				if numbered = to; progress != nil {
					progress(to)
				}
				mu.Unlock()
				turn.Broadcast()
				for i := range bags {
					out[from+i] = bags[i].pack()
				}
			}
		})
	}
	group.Wait()
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
	for i, s := range ix.segs {
		plain := *s // searches go on in the old one
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

// ones counts the bits of a set.
func ones(set []uint64) int {
	n := 0
	for _, word := range set {
		n += bits.OnesCount64(word)
	}
	return n
}

// has reports whether a number is in a set, which is empty when nil.
func has(set []uint64, i int) bool { return set != nil && set[i>>6]>>(i&63)&1 == 1 }
