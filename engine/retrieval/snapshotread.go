package retrieval

import (
	"bufio"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"io"
	"math"
)

// ReadSnapshot reads an index that WriteSnapshot wrote, and nothing else: any byte that differs
// makes an error that wraps ErrSnapshot, and what is read is checked, so that no snapshot can make
// a search fail.
func ReadSnapshot(r io.Reader) (*Index, error) {
	in := &snapshotReader{r: bufio.NewReaderSize(r, 1<<16), sum: crc32.New(castagnoli)}
	magic := in.raw(len(snapshotMagic))
	if in.err != nil || string(magic) != snapshotMagic {
		return nil, damaged("it does not begin like one of this version")
	}
	set := in.settings()
	lex := in.lexicon()
	segs, dead := in.segments(lex)
	space := in.space(lex, segs)
	want := in.sum.Sum32()
	var tail [4]byte
	if in.err == nil {
		_, in.err = io.ReadFull(in.r, tail[:])
	}
	if in.err != nil {
		return nil, in.broken()
	}
	if binary.LittleEndian.Uint32(tail[:]) != want {
		return nil, damaged("its checksum differs")
	}
	if _, err := in.r.ReadByte(); err != io.EOF {
		return nil, damaged("something follows it")
	}
	for _, g := range segs {
		g.post()
	}
	ix := newIndex(set, lex, segs, dead)
	ix.space = space
	return ix, nil
}

type snapshotReader struct {
	r   *bufio.Reader
	sum hash.Hash32
	err error
}

// fail notes the first error.
func (r *snapshotReader) fail(what string) {
	if r.err == nil {
		r.err = damaged(what)
	}
}

// broken returns the error; a snapshot that ends too early is damaged.
func (r *snapshotReader) broken() error {
	if r.err == io.EOF || r.err == io.ErrUnexpectedEOF {
		return damaged("it ends too early")
	}
	return r.err
}

// raw reads n bytes, n being small.
func (r *snapshotReader) raw(n int) []byte {
	b := make([]byte, n)
	if r.err == nil {
		_, r.err = io.ReadFull(r.r, b)
		r.sum.Write(b)
	}
	return b
}

func (r *snapshotReader) number() uint64 { return binary.LittleEndian.Uint64(r.raw(8)) }

// count reads a length of at most most.
func (r *snapshotReader) count(most int) int {
	n := r.number()
	if n > uint64(most) {
		r.fail("a length is too large")
		return 0
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

func (r *snapshotReader) text() string { return string(r.raw(r.count(maxSnapshotText))) }

// ratio reads a finite number that is not negative.
func (r *snapshotReader) ratio() float64 {
	x := math.Float64frombits(r.number())
	if !(x >= 0 && x <= math.MaxFloat32) {
		r.fail("a weight is no number")
		return 0
	}
	return x
}

func (r *snapshotReader) settings() *Settings {
	set := &Settings{}
	for range r.count(1 << 8) {
		set.Fields = append(set.Fields, r.ratio())
	}
	for i := range set.Kinds {
		set.Kinds[i] = r.ratio()
	}
	set.K1, set.B = r.ratio(), r.ratio()
	if len(set.Fields) == 0 || set.K1 <= 0 || set.B > 1 {
		r.fail("its settings are none")
	}
	return set
}

func (r *snapshotReader) lexicon() *Lexicon {
	lex := newLexicon()
	for range r.count(maxSnapshotTerms) {
		term, name, kind := r.text(), r.text(), Kind(r.raw(1)[0])
		if _, twice := lex.ids[term]; twice || kind >= kinds {
			r.fail("a term is there twice or of no kind")
		}
		if r.err != nil {
			break
		}
		lex.ids[term] = uint32(len(lex.terms))
		lex.terms, lex.names = append(lex.terms, term), append(lex.names, name)
		lex.kinds = append(lex.kinds, kind)
	}
	return lex
}

func (r *snapshotReader) segments(lex *Lexicon) (segs []*segment, dead [][]uint64) {
	for range r.count(maxSnapshotSegments) {
		g, gone := r.segment(len(lex.terms))
		if r.err != nil {
			return nil, nil
		}
		segs, dead = append(segs, g), append(dead, gone)
	}
	return segs, dead
}

// readList reads a list of numbers of one size.
func readList[T any](r *snapshotReader, most int) []T {
	n := r.count(most)
	var list []T
	for len(list) < n && r.err == nil {
		part := make([]T, min(n-len(list), snapshotChunk))
		b := r.raw(binary.Size(part))
		if r.err == nil {
			_, r.err = binary.Decode(b, binary.LittleEndian, part)
			list = append(list, part...)
		}
	}
	return list
}

func (r *snapshotReader) segment(terms int) (*segment, []uint64) {
	g := &segment{}
	var ids []string
	for range r.count(maxSegment) {
		ids = append(ids, r.text())
		if r.err != nil {
			return g, nil
		}
	}
	g.ids = newIDs(ids)
	if !g.ids.index() {
		r.fail("an id is there twice")
	}
	n := len(ids)
	g.length = readList[float32](r, n)
	g.start = readList[uint32](r, n+1)
	g.term = readList[uint32](r, math.MaxInt32)
	g.tf = readList[uint16](r, math.MaxInt32)
	g.imps = readList[uint8](r, math.MaxInt32)
	dead := readList[uint64](r, (n+63)/64)
	g.vectors = readList[int8](r, math.MaxInt32)
	g.signs = readList[uint64](r, math.MaxInt32)
	if len(dead) == 0 {
		dead = nil
	} else if len(dead) != (n+63)/64 {
		r.fail("deleted documents do not fit their segment")
	}
	if r.err == nil && !g.sound(terms) {
		r.fail("a segment contradicts itself")
	}
	return g, dead
}

// sound reports whether the lists of a segment fit each other.
func (g *segment) sound(terms int) bool {
	n := g.size()
	if n == 0 || len(g.length) != n || len(g.start) != n+1 || g.start[0] != 0 ||
		int(g.start[n]) != len(g.term) || len(g.tf) != len(g.term) || len(g.imps) != len(g.term) {
		return false
	}
	for d := range n {
		if !(g.length[d] >= 0 && g.length[d] <= math.MaxFloat32) || g.start[d+1] < g.start[d] ||
			int(g.start[d+1]) > len(g.term) {
			return false
		}
		for i := g.start[d]; i < g.start[d+1]; i++ {
			if int(g.term[i]) >= terms || i > g.start[d] && g.term[i] <= g.term[i-1] {
				return false
			}
		}
	}
	for _, x := range g.imps {
		if x == 0 || x > maxImpact {
			return false
		}
	}
	return true
}

// space reads the space and checks that all vectors are of it.
func (r *snapshotReader) space(lex *Lexicon, segs []*segment) *Space {
	dim := r.count(1 << 12)
	var sp *Space
	if dim > 0 {
		sp = &Space{dim: dim, slot: readList[int32](r, len(lex.terms))}
		sp.rows = dense{dim, readList[float32](r, math.MaxInt32)}
		if dim%64 != 0 || dim > maxDim || len(sp.rows.data)%dim != 0 {
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
		if len(g.vectors) != g.size()*dim || len(g.signs) != g.size()*dim/64 {
			r.fail("vectors do not fit their documents")
		}
	}
	return sp
}
