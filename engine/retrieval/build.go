package retrieval

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// processors is how many work at once.
func processors() int { return runtime.GOMAXPROCS(0) }

// split runs work for each of n parts, all at once.
func split(n int, work func(part int)) {
	if n == 1 {
		work(0)
		return
	}
	var group sync.WaitGroup
	for p := range n {
		group.Go(func() { work(p) })
	}
	group.Wait()
}

// building is the making of segments of documents.
type building struct {
	a     *Analyzer
	set   *Settings
	ix    *Index // what there is already
	total float64
	count int
	done  int
	segs  []*segment
}

func newBuilding(a *Analyzer, set *Settings, ix *Index) *building {
	return &building{a: a, set: set, ix: ix, total: ix.total, count: ix.all()}
}

// maxSegmentText bounds the text of a segment's documents, so that their forward lists stay below
// maxForward.
const maxSegmentText = 1 << 27

// segmentLength returns how many documents become one segment.
func segmentLength(docs []Document) int {
	size := 0
	for i := range docs[:min(len(docs), maxSegment)] {
		for _, f := range docs[i].Fields {
			size += min(len(f), MaxText)
		}
		if size > maxSegmentText && i > 0 {
			return i
		}
	}
	return min(len(docs), maxSegment)
}

// batch is how many documents one worker analyses at a time.
const batch = 128

// built is what became of a batch: forward lists with their ends, and lengths.
type built struct {
	fwd    []byte
	end    []uint32
	length []float32
}

// add makes a segment of documents, of which there may be maxSegment at most.
func (b *building) add(ctx context.Context, docs []Document, progress func(int)) error {
	g := &segment{codes: b.set.codes()}
	parts := b.analyse(ctx, docs, progress)
	if err := ctx.Err(); err != nil {
		return err
	}
	size := 0
	for i := range parts {
		size += len(parts[i].fwd)
	}
	g.fwd = make([]byte, 0, size)
	g.end, g.length = make([]uint32, 0, len(docs)), make([]float32, 0, len(docs))
	for i := range parts {
		from := uint32(len(g.fwd))
		g.fwd = append(g.fwd, parts[i].fwd...)
		for _, end := range parts[i].end {
			g.end = append(g.end, from+end)
		}
		g.length = append(g.length, parts[i].length...)
		parts[i] = built{}
	}
	ids := make([]string, len(docs))
	for i := range docs {
		ids[i] = docs[i].ID
	}
	g.ids = newIDs(ids)
	g.setLength()
	b.total += g.sum
	b.count += g.size()
	b.done += g.size()
	average := 1.0
	if b.total > 0 {
		average = b.total / float64(b.count)
	}
	g.invert(b.set, average, b.ix.lex.alone())
	b.segs = append(b.segs, g)
	return nil
}

// analyse makes forward lists of documents, on every processor. Terms are numbered batch by batch in
// the order of the documents, so that the same documents make the same index.
func (b *building) analyse(ctx context.Context, docs []Document, progress func(int)) []built {
	out := make([]built, (len(docs)+batch-1)/batch)
	var next atomic.Int64
	var mu sync.Mutex
	turn, numbered := sync.NewCond(&mu), 0
	split(min(processors(), len(out)), func(int) {
		w := &analysing{bagger: newBagger(b.a, b.set, b.ix.lex), codes: b.set.codes()}
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= len(out) {
				return
			}
			to := min((i+1)*batch, len(docs))
			w.read(docs[i*batch : to])
			b.ix.lex.recall(w.bags)
			mu.Lock()
			for numbered != i { // a batch that was taken is always numbered
				turn.Wait()
			}
			b.ix.lex.number(w.bags)
			numbered++
			if progress != nil {
				progress(b.done + to)
			}
			mu.Unlock()
			turn.Broadcast()
			out[i] = w.pack()
		}
	})
	return out
}

// analysing is the work of one processor; its buffers are used again.
type analysing struct {
	*bagger
	bags  []bag
	terms []bagTerm
	codes [tfCodes]uint16
	fwd   []byte
}

// read makes bags of documents.
func (w *analysing) read(docs []Document) {
	w.bags, w.terms = w.bags[:0], w.terms[:0]
	for i := range docs {
		from := len(w.terms)
		b := w.bag(docs[i].Fields, w.terms[from:])
		if from+len(b.terms) <= cap(w.terms) {
			w.terms = w.terms[:from+len(b.terms)]
		} else { // it has moved to a larger place, which the next ones share
			w.terms = b.terms
		}
		w.bags = append(w.bags, bag{slices.Clip(b.terms), b.length})
	}
}

// pack makes the forward lists of the bags, which are numbered.
func (w *analysing) pack() built {
	w.fwd = w.fwd[:0]
	out := built{end: make([]uint32, len(w.bags)), length: make([]float32, len(w.bags))}
	for i, b := range w.bags {
		w.fwd = w.bagger.pack(w.fwd, b.terms, &w.codes)
		out.end[i], out.length[i] = uint32(len(w.fwd)), b.length
	}
	out.fwd = slices.Clone(w.fwd)
	return out
}
