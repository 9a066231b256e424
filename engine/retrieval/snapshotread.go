package retrieval

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"
	"slices"
)

// ReadSnapshot reads an index that WriteSnapshot wrote. See OpenSnapshot, which needs no memory for
// what is in a file that is mapped.
func ReadSnapshot(r io.Reader) (*Index, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return OpenSnapshot(data)
}

// OpenSnapshot makes an index of the bytes that WriteSnapshot wrote, and of nothing else: any byte
// that differs makes an error that wraps ErrSnapshot, and what is read is checked, so that no
// snapshot can make a search fail. The index goes on using data, which must not change, and must
// stay mapped as long as the index, and what a Writer makes of it, is used.
func OpenSnapshot(data []byte) (*Index, error) {
	if len(data) < len(snapshotMagic)+4 || string(data[:len(snapshotMagic)]) != snapshotMagic {
		return nil, damaged("it does not begin like one of this version")
	}
	body := data[:len(data)-4]
	if binary.LittleEndian.Uint32(data[len(body):]) != crc32.Checksum(body, castagnoli) {
		return nil, damaged("its checksum differs")
	}
	in := &snapshotReader{rest: body[len(snapshotMagic):]}
	set := in.settings()
	lex := in.lexicon()
	segs, dead := in.segments(lex.Len())
	space := in.space(lex.Len(), segs)
	if in.err == nil && len(in.rest) > 0 {
		in.fail("something follows it")
	}
	if in.err != nil {
		return nil, in.err
	}
	ix := newIndex(set, lex, segs, dead)
	ix.space = space
	return ix, nil
}

// snapshotReader reads what is left of a snapshot.
type snapshotReader struct {
	rest []byte
	err  error
}

// fail notes the first error.
func (r *snapshotReader) fail(what string) {
	if r.err == nil {
		r.err = damaged(what)
	}
}

// take returns the next n bytes, nil after an error.
func (r *snapshotReader) take(n uint64) []byte {
	if r.err != nil || n > uint64(len(r.rest)) {
		r.fail("it ends too early")
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *snapshotReader) number() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// bytes reads a list of bytes.
func (r *snapshotReader) bytes() []byte { return r.take(r.number()) }

// readList reads a list of numbers of one size.
func readList[T any](r *snapshotReader) []T {
	n := r.number()
	var one [1]T
	size := uint64(binary.Size(one[:]))
	if n > uint64(len(r.rest))/size {
		r.fail("it ends too early")
		return nil
	}
	if n == 0 {
		return nil
	}
	list := make([]T, n)
	if b := r.take(n * size); b != nil {
		if _, err := binary.Decode(b, binary.LittleEndian, list); err != nil {
			r.fail("a list is none")
		}
	}
	return list
}

// ratio reads a finite number that is not negative.
func (r *snapshotReader) ratio() float64 {
	x := math.Float64frombits(r.number())
	if !(x >= 0 && x <= math.MaxFloat32) {
		r.fail("a weight is no number")
		return 0
	}
	return x
}

// maxFields bounds the fields that settings of a snapshot weigh.
const maxFields = 1 << 8

func (r *snapshotReader) settings() *Settings {
	set := &Settings{}
	n := r.number()
	if n == 0 || n > maxFields {
		r.fail("its settings are none")
		return set
	}
	for range n {
		set.Fields = append(set.Fields, r.ratio())
	}
	for i := range set.Kinds {
		set.Kinds[i] = r.ratio()
	}
	set.K1, set.B = r.ratio(), r.ratio()
	if set.K1 <= 0 || set.B > 1 {
		r.fail("its settings are none")
	}
	return set
}

// ascending reports whether ends ascend to length, as those of texts and lists.
func ascending(end []uint32, length int) bool {
	before := uint32(0)
	for _, e := range end {
		if e < before {
			return false
		}
		before = e
	}
	return int(before) == length
}

func (r *snapshotReader) lexicon() *Lexicon {
	lex := newLexicon()
	kinds := readList[Kind](r)
	lex.terms = r.texts(len(kinds))
	lex.names = r.texts(len(kinds))
	if r.err == nil && len(kinds) > maxTerms {
		r.fail("it has too many terms")
	}
	for _, k := range kinds {
		if k >= Kind(len(Settings{}.Kinds)) {
			r.fail("a term is of no kind")
		}
	}
	if r.err != nil {
		return newLexicon()
	}
	lex.kinds = kinds
	if !lex.index() {
		r.fail("a term is there twice")
	}
	return lex
}

func (r *snapshotReader) texts(n int) texts {
	t := texts{end: readList[uint32](r), all: r.bytes()}
	if len(t.end) != n || !ascending(t.end, len(t.all)) {
		r.fail("texts do not fit their ends")
	}
	return t
}

func (r *snapshotReader) segments(terms int) (segs []*segment, dead [][]uint64) {
	for n := r.number(); n > 0 && r.err == nil; n-- {
		g, gone := r.segment(terms)
		if r.err != nil {
			return nil, nil
		}
		segs, dead = append(segs, g), append(dead, gone)
	}
	return segs, dead
}

func (r *snapshotReader) segment(terms int) (*segment, []uint64) {
	g := &segment{}
	g.ids.end = readList[uint32](r)
	g.ids.text = string(r.bytes())
	g.length = readList[float32](r)
	for i := range g.codes {
		g.codes[i] = uint16(min(r.number(), math.MaxUint16))
	}
	g.end = readList[uint32](r)
	g.fwd = r.bytes()
	g.terms = r.met()
	g.docs, g.imps, g.cols = r.bytes(), r.bytes(), r.bytes()
	dead := readList[uint64](r)
	g.vectors, g.signs = r.bytes(), r.bytes()
	if len(g.vectors) == 0 {
		g.vectors, g.signs = nil, nil
	}
	if r.err != nil {
		return g, nil
	}
	if dead != nil && len(dead) != (g.size()+63)/64 {
		r.fail("deleted documents do not fit their segment")
	}
	if !g.sound(terms) {
		r.fail("a segment contradicts itself")
		return g, nil
	}
	g.setLength()
	g.buckets()
	return g, dead
}

// met reads the terms of a segment.
func (r *snapshotReader) met() []met {
	terms, counts, firsts := readList[uint32](r), readList[uint32](r), readList[uint32](r)
	tops := r.bytes()
	if len(counts) != len(terms) || len(firsts) != len(terms) || len(tops) != len(terms) {
		r.fail("a segment contradicts itself")
		return nil
	}
	out := make([]met, len(terms))
	for i := range out {
		out[i] = met{terms[i], counts[i], firsts[i], tops[i]}
	}
	return out
}

// sound reports whether the lists of a segment fit each other.
func (g *segment) sound(terms int) bool {
	n := g.size()
	if n == 0 || n > maxSegment || len(g.length) != n || len(g.ids.end) != n ||
		!ascending(g.ids.end, len(g.ids.text)) || !ascending(g.end, len(g.fwd)) || !g.ids.index() {
		return false
	}
	for _, l := range g.length {
		if !(l >= 0 && l <= math.MaxFloat32) {
			return false
		}
	}
	for _, c := range g.codes {
		if c == 0 {
			return false
		}
	}
	for d := range n {
		if !soundForward(g.list(d), terms) {
			return false
		}
	}
	return g.soundPostings(terms)
}

// soundPostings reports whether the postings name documents there are and impacts are small.
func (g *segment) soundPostings(terms int) bool {
	if len(g.docs) != 2*len(g.imps) {
		return false
	}
	for i := range g.terms {
		m := &g.terms[i]
		if int(m.term) >= terms || i > 0 && m.term <= g.terms[i-1].term || m.count == 0 ||
			int(m.count) > g.size() || !g.soundImpacts(m) {
			return false
		}
	}
	return true
}

func (g *segment) soundImpacts(m *met) bool {
	lo, hi, top := int(m.first), int(m.first)+int(m.count), m.top&^isColumn
	switch {
	case m.top == 0:
		return true
	case top > maxImpact:
		return false
	case m.top&isColumn != 0:
		return (lo+1)*g.size() <= len(g.cols) && slices.Max(g.column(m)) <= top
	case hi > len(g.imps) || slices.Max(g.imps[lo:hi]) > top:
		return false
	}
	for k := lo; k < hi; k++ {
		d := docAt(g.docs, k)
		if int(d) >= g.size() || k > lo && d <= docAt(g.docs, k-1) {
			return false
		}
	}
	return true
}

// space reads the space and checks that all vectors are of it.
func (r *snapshotReader) space(terms int, segs []*segment) *Space {
	dim := int(min(r.number(), maxDim+1))
	var sp *Space
	if dim > 0 && r.err == nil {
		sp = &Space{dim: dim, slot: readList[int32](r)}
		sp.rows = dense{dim, readList[float32](r)}
		if dim%64 != 0 || dim > maxDim || len(sp.rows.data)%dim != 0 || len(sp.slot) > terms {
			r.fail("its space is none")
			return nil
		}
		for _, row := range sp.slot {
			if row < -1 || int(row) >= len(sp.rows.data)/dim {
				r.fail("a term lies outside its space")
			}
		}
		for _, x := range sp.rows.data {
			if x-x != 0 {
				r.fail("a vector is no number")
			}
		}
	}
	for _, g := range segs {
		if len(g.vectors) != g.size()*dim || len(g.signs) != g.size()*dim/8 {
			r.fail("vectors do not fit their documents")
		}
	}
	return sp
}
