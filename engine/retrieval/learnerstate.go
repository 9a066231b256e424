package retrieval

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"unicode/utf8"
)

// The state of a WordLearner as bytes: a head with the version of the form, a number for what cuts words, the
// words met, the runs in ascending order, each as what it adds to the one before with its counts, and at the end
// a checksum of all. Numbers are varints.

// learnerMagic begins a state. Its last byte is the version of the form and of what is counted: raise it when
// WordLearner reads texts otherwise.
const learnerMagic = "YTRWRD\x00\x01"

// ErrLearner is wrapped by every error about the bytes of a state.
var ErrLearner = errors.New("retrieval: not a whole state of a learner")

func spoiled(what string) error { return fmt.Errorf("%w: %s", ErrLearner, what) }

// errForgot says that a state would not be what was added.
var errForgot = errors.New("retrieval: a learner that forgot runs has no state")

// maxRunBytes bounds a run: words of the dictionary are shorter.
const maxRunBytes = 4 * 64

// Write writes what was learned, for ReadWordLearner. A learner that forgot runs (Exact) has nothing to write.
func (l *WordLearner) Write(w io.Writer) error {
	if l.forgot {
		return errForgot
	}
	sum := crc32.New(castagnoli)
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<16)
	b := append(make([]byte, 0, 1024), learnerMagic...)
	b = binary.LittleEndian.AppendUint64(b, l.a.seg.Sum())
	b = binary.AppendUvarint(b, l.total)
	runs := l.sorted(1)
	b = binary.AppendUvarint(b, uint64(len(runs)))
	keys, first := l.besideByID()
	before := ""
	for _, run := range runs {
		id := l.id[run]
		same := commonPrefix(before, run)
		b = binary.AppendUvarint(b, uint64(same))
		b = binary.AppendUvarint(b, uint64(len(run)-same))
		b = append(b, run[same:]...)
		b = binary.AppendUvarint(b, uint64(l.count[id]))
		own := keys[first[id]:first[id+1]]
		b = binary.AppendUvarint(b, uint64(len(own)))
		last := uint64(0)
		for _, key := range own {
			b = binary.AppendUvarint(b, key&besideMask-last)
			b = binary.AppendUvarint(b, uint64(l.beside[key]))
			last = key & besideMask
		}
		if _, err := out.Write(b); err != nil {
			return err
		}
		b, before = b[:0], run
	}
	if _, err := out.Write(b); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := w.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
	return err
}

// besideMask keeps side and character of a key of beside.
const besideMask = 1<<22 - 1

// besideByID returns the keys of beside, those of each id in order, and where they begin.
func (l *WordLearner) besideByID() (keys []uint64, first []uint32) {
	first = make([]uint32, len(l.count)+1)
	for key := range l.beside {
		first[key>>22+1]++
	}
	for i := range l.count {
		first[i+1] += first[i]
	}
	keys, at := make([]uint64, len(l.beside)), slices.Clone(first)
	for key := range l.beside {
		id := key >> 22
		keys[at[id]] = key
		at[id]++
	}
	for i := range l.count {
		slices.Sort(keys[first[i]:first[i+1]])
	}
	return keys, first
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// ReadWordLearner reads what Write wrote, and nothing else: of another version, of another dictionary than that
// of a, or with a byte that differs it is an error that wraps ErrLearner.
func ReadWordLearner(a *Analyzer, data []byte) (*WordLearner, error) {
	const head = len(learnerMagic) + 8
	if len(data) < head+4 || string(data[:len(learnerMagic)]) != learnerMagic {
		return nil, spoiled("it does not begin like one of this version")
	}
	body := data[:len(data)-4]
	if binary.LittleEndian.Uint32(data[len(body):]) != crc32.Checksum(body, castagnoli) {
		return nil, spoiled("its checksum differs")
	}
	if binary.LittleEndian.Uint64(body[len(learnerMagic):]) != a.seg.Sum() {
		return nil, spoiled("it is of another dictionary")
	}
	in := &learnerReader{rest: body[head:]}
	l := NewWordLearner(a)
	l.total = in.number(math.MaxUint64)
	n := in.number(maxCandidates)
	// A run takes four bytes or more: no more room is made than the bytes could fill.
	l.id = make(map[string]uint32, min(n, uint64(len(in.rest))/4))
	singles := uint64(0)
	before := ""
	for range n {
		before = in.run(l, before, &singles)
		if in.err != nil {
			return nil, in.err
		}
	}
	switch {
	case in.err != nil:
		return nil, in.err
	case len(in.rest) > 0:
		return nil, spoiled("something follows it")
	case singles != l.total:
		return nil, spoiled("its words do not add up")
	}
	return l, nil
}

// learnerReader reads what is left of a state.
type learnerReader struct {
	rest []byte
	err  error
}

func (r *learnerReader) fail(what string) {
	if r.err == nil {
		r.err = spoiled(what)
	}
}

// number reads a number up to most.
func (r *learnerReader) number(most uint64) uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > most || r.err != nil {
		r.fail("a number is damaged")
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// run reads the run after another and returns it. singles is how often runs stood as words of the dictionary.
func (r *learnerReader) run(l *WordLearner, before string, singles *uint64) string {
	same := r.number(uint64(len(before)))
	more := r.number(maxRunBytes)
	if r.err != nil || more > uint64(len(r.rest)) || same+more > maxRunBytes {
		r.fail("a run is damaged")
		return ""
	}
	run := before[:same] + string(r.rest[:more])
	r.rest = r.rest[more:]
	if run <= before || !utf8.ValidString(run) {
		r.fail("its runs are not in order")
		return ""
	}
	id := uint32(len(l.count))
	count := r.number(math.MaxInt32)
	l.id[run], l.count = id, append(l.count, uint32(count))
	var sides [2]uint64
	last, keys := uint64(0), r.number(2<<21)
	for i := range keys {
		step := r.number(besideMask)
		n := r.number(math.MaxInt32)
		key := last + step
		if r.err != nil || i > 0 && step == 0 || key > besideMask || n == 0 {
			r.fail("what stands beside a run is damaged")
			return ""
		}
		sides[key>>21] += n
		l.beside[uint64(id)<<22|key], last = uint32(n), key
	}
	if r.err == nil && (count == 0 || sides[0] != sides[1] || sides[0] > count) {
		r.fail("its counts do not add up")
	}
	*singles += count - sides[0]
	return run
}
