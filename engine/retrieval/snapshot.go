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
// little-endian; a list is its length and its numbers. What can be reckoned from the rest (idf,
// bounds, where postings are) is not in it.

// snapshotMagic begins a snapshot; its last byte is the version of the form.
const snapshotMagic = "YTRIDX\x00\x01"

// Limits of a snapshot that is read. They bound what a damaged or hostile one can ask for; lists
// grow as their bytes arrive, so a false length costs no memory.
const (
	maxSnapshotTerms    = 1 << 26
	maxSnapshotSegments = 1 << 12
	maxSnapshotText     = 1 << 12 // bytes of a term or an id
	snapshotChunk       = 1 << 16 // numbers read at once
)

// ErrSnapshot is wrapped by every error about the bytes of a snapshot.
var ErrSnapshot = errors.New("retrieval: not a whole snapshot")

func damaged(what string) error { return fmt.Errorf("%w: %s", ErrSnapshot, what) }

// WriteSnapshot writes the index. The caller makes it atomic: a new file, synced and renamed.
func (ix *Index) WriteSnapshot(w io.Writer) error {
	out := &snapshotWriter{w: bufio.NewWriterSize(w, 1<<16), sum: crc32.New(castagnoli)}
	out.raw([]byte(snapshotMagic))
	out.settings(ix.set)
	ix.lex.mu.RLock()
	terms, names, kinds := ix.lex.terms[:len(ix.df)], ix.lex.names, ix.lex.kinds
	ix.lex.mu.RUnlock()
	out.number(uint64(len(terms)))
	for i, t := range terms {
		out.text(t)
		out.text(names[i])
		out.raw([]byte{byte(kinds[i])})
	}
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

func (w *snapshotWriter) text(s string) {
	w.number(uint64(len(s)))
	w.raw([]byte(s))
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
	w.number(uint64(g.size()))
	for i := range g.size() {
		w.text(g.ids.at(i))
	}
	writeList(w, g.length)
	writeList(w, g.start)
	writeList(w, g.term)
	writeList(w, g.tf)
	writeList(w, g.imps)
	writeList(w, dead)
	writeList(w, g.vectors)
	writeList(w, g.signs)
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
