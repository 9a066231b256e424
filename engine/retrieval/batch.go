package retrieval

import "math/bits"

// SearchAll asks many queries at once, on every processor, and returns the hits of each. Words are
// looked up segment by segment for all queries, and all vectors are looked at: in an index of more
// than exactDense documents it may find what Search, which looks at likely ones, does not. What it
// finds does not depend on which queries are asked together.
func (ix *Index) SearchAll(queries []*Query, o Options) [][]Hit {
	scope := o.Within.scope(ix, o.Scope)
	out := make([][]Hit, len(queries))
	parts := max(1, min(processors(), len(queries)/minShare))
	split(parts, func(p int) {
		from, to := len(queries)*p/parts, len(queries)*(p+1)/parts
		ix.searchShare(out[from:to], queries[from:to], &o, scope)
	})
	return out
}

// minShare is how many queries are worth a processor of their own: vectors of documents are read
// once for each.
const minShare = 8

func (ix *Index) searchShare(out [][]Hit, queries []*Query, o *Options, scope Scope) {
	w := works.Get().(*work)
	defer works.Put(w)
	hunts := make([]hunt, len(queries))
	for i, q := range queries {
		hunts[i].begin(ix, q, o.pool(), scope)
	}
	for seg := range ix.segs {
		if o.Weights.Share == 0 && o.Weights.Cover == 0 {
			break
		}
		for i := range hunts {
			w.searcher.segment(ix, &hunts[i], seg)
		}
	}
	var near *denseBatch
	if ix.space != nil && o.Weights.Near > 0 {
		near = newDenseBatch(ix.space.dim, queries, o.nearPool())
		near.collect(ix, scope)
	}
	for i, q := range queries {
		w.docs = hunts[i].heap.docs(w.docs[:0])
		if near != nil {
			near.near[i].cut()
			for _, n := range near.near[i].list {
				w.docs = append(w.docs, n.doc)
			}
		}
		out[i] = w.best(ix, q, o)
	}
}

// denseBatch finds the nearest vectors of many queries at once, by tiles.
type denseBatch struct {
	tile    tile
	asked   []*Query
	queries []byte // their vectors, unsigned, filled up with zeros to whole tiles
	near    []nearest
	lines   []int32
}

func newDenseBatch(dim int, queries []*Query, most int) *denseBatch {
	whole := (len(queries) + tileQueries - 1) / tileQueries * tileQueries
	b := &denseBatch{tile: tile{dim: dim}, asked: queries, queries: make([]byte, whole*dim),
		near: make([]nearest, whole), lines: make([]int32, whole)}
	for i := range b.near {
		b.near[i].begin(most)
		if i < len(queries) && len(queries[i].small) == dim {
			unsigned(b.queries[i*dim:], queries[i].small)
		} else {
			unsigned(b.queries[i*dim:], make([]int16, dim))
		}
	}
	return b
}

func (b *denseBatch) collect(ix *Index, scope Scope) {
	if tilesPay {
		b.byTiles(ix, scope)
	} else {
		b.byRows(ix, scope)
	}
}

func (b *denseBatch) byTiles(ix *Index, scope Scope) {
	dim := b.tile.dim
	for seg, g := range ix.segs {
		for from := 0; from < g.size(); from += tileDocs {
			b.tile.load(g.vectors[from*dim : min(from+tileDocs, g.size())*dim])
			for q := 0; q < len(b.near); q += tileQueries {
				lines := (*[tileQueries]int32)(b.lines[q:])
				b.tile.multiply(b.queries[q*dim:], lines)
				for i, above := range b.tile.above {
					if above != 0 {
						b.take(ix, seg, from, q, i, scope)
					}
				}
			}
		}
	}
}

// byRows does without tiles.
func (b *denseBatch) byRows(ix *Index, scope Scope) {
	dim := b.tile.dim
	var products [rowBlock]int32
	for seg, g := range ix.segs {
		for from := 0; from < g.size(); from += rowBlock {
			some := products[:min(rowBlock, g.size()-from)]
			for q, asked := range b.asked {
				if len(asked.small) != dim {
					continue
				}
				dotRows(some, asked.small, g.vectors[from*dim:])
				for i, p := range some {
					if near := &b.near[q]; p > near.line && ix.open(seg, from+i, scope) {
						near.add(ix.base[seg]+from+i, p)
					}
				}
			}
		}
	}
}

// take adds the documents of a tile that are above the line of its i-th query.
func (b *denseBatch) take(ix *Index, seg, from, q, i int, scope Scope) {
	near := &b.near[q+i]
	for above := b.tile.above[i]; above != 0; above &= above - 1 {
		d := bits.TrailingZeros32(above)
		p := b.tile.out[i*tileDocs+d]
		if p > near.line && ix.open(seg, from+d, scope) {
			near.add(ix.base[seg]+from+d, p)
		}
	}
	b.lines[q+i] = near.line
}
