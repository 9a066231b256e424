package retrieval

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
)

// A snapshot is an index as bytes: a head with the version of the form, the lexicon, the segments
// with their deleted documents, the space, and at the end a checksum of all. Numbers are
// little-endian; a list is its length and its numbers. What is large stands as it is used, so that
// an index can be used where its bytes lie: in a file that is mapped into memory.

// snapshotMagic begins a snapshot; its last byte is the version of the form.
const snapshotMagic = "YTRIDX\x00\x02"

// snapshotChunk is how many numbers are written at once.
const snapshotChunk = 1 << 16

// ErrSnapshot is wrapped by every error about the bytes of a snapshot.
var ErrSnapshot = errors.New("retrieval: not a whole snapshot")

func damaged(what string) error { return fmt.Errorf("%w: %s", ErrSnapshot, what) }

// WriteSnapshot writes the index. The caller makes it atomic: a new file, synced and renamed.
func (ix *Index) WriteSnapshot(w io.Writer) error {
	out := &snapshotWriter{w: bufio.NewWriterSize(w, 1<<16), sum: crc32.New(castagnoli)}
	out.raw([]byte(snapshotMagic))
	out.settings(ix.set)
	out.lexicon(ix.lex.clone(len(ix.df)))
	out.number(uint64(len(ix.segs)))
	for i, g := range ix.segs {
		out.segment(g, ix.dead[i])
	}
	out.space(ix.space)
	binary.LittleEndian.PutUint32(out.buf[:], out.sum.Sum32())
	if out.err == nil {
		_, out.err = out.w.Write(out.buf[:4])
	}
	if out.err == nil {
		out.err = out.w.Flush()
	}
	return out.err
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type snapshotWriter struct {
	w   *bufio.Writer
	sum hash.Hash32
	buf [8]byte
	err error
}

func (w *snapshotWriter) raw(b []byte) {
	if w.err == nil {
		w.sum.Write(b) // never fails
		_, w.err = w.w.Write(b)
	}
}

func (w *snapshotWriter) number(n uint64) {
	binary.LittleEndian.PutUint64(w.buf[:], n)
	w.raw(w.buf[:8])
}

// bytes writes a list of bytes.
func (w *snapshotWriter) bytes(b []byte) {
	w.number(uint64(len(b)))
	w.raw(b)
}

func (w *snapshotWriter) lexicon(terms, names texts, kinds []Kind) {
	writeList(w, kinds)
	for _, t := range []texts{terms, names} {
		writeList(w, t.end)
		w.bytes(t.all)
	}
}

func (w *snapshotWriter) settings(set *Settings) {
	w.number(uint64(len(set.Fields)))
	for _, f := range set.Fields {
		w.number(math.Float64bits(f))
	}
	for _, k := range set.Kinds {
		w.number(math.Float64bits(k))
	}
	w.number(math.Float64bits(set.K1))
	w.number(math.Float64bits(set.B))
}

func (w *snapshotWriter) segment(g *segment, dead []uint64) {
	writeList(w, g.ids.end)
	w.bytes([]byte(g.ids.text))
	writeList(w, g.length)
	for _, c := range g.codes {
		w.number(uint64(c))
	}
	writeList(w, g.end)
	w.bytes(g.fwd)
	terms, counts := make([]uint32, len(g.terms)), make([]uint32, len(g.terms))
	firsts, tops := make([]uint32, len(g.terms)), make([]byte, len(g.terms))
	for i, m := range g.terms {
		terms[i], counts[i], firsts[i], tops[i] = m.term, m.count, m.first, m.top
	}
	writeList(w, terms)
	writeList(w, counts)
	writeList(w, firsts)
	w.bytes(tops)
	w.bytes(g.docs)
	w.bytes(g.imps)
	w.bytes(g.cols)
	writeList(w, dead)
	w.bytes(g.vectors)
	w.bytes(g.signs)
}

func (w *snapshotWriter) space(sp *Space) {
	if sp == nil {
		w.number(0)
		return
	}
	w.number(uint64(sp.dim))
	writeList(w, sp.slot)
	writeList(w, sp.rows.data)
}

// writeList writes a list of numbers of one size, in chunks.
func writeList[T any](w *snapshotWriter, list []T) {
	w.number(uint64(len(list)))
	for len(list) > 0 && w.err == nil {
		n := min(len(list), snapshotChunk)
		b, err := binary.Append(nil, binary.LittleEndian, list[:n])
		if err != nil {
			w.err = err
			return
		}
		w.raw(b)
		list = list[n:]
	}
}
