package retrieval

import "slices"

// A forward list holds the terms of a document, ascending, in about two bytes each: the distance
// from the term before, times four, with a code for the frequency in the lower two bits, seven bits
// to a byte, the last byte below 0x80. The codes stand for the frequencies that are met most;
// the last one says that the frequency follows in the same way.

// tfCodes is how many frequencies have a code of their own.
const (
	tfCodes  = 3
	codeBits = 2
	codeMask = 1<<codeBits - 1
)

// codes returns the frequencies that are met most: those of a term that the text has once.
func (set *Settings) codes() [tfCodes]uint16 {
	out := [tfCodes]uint16{1, 1, 1}
	n := 0
	text := set.Fields[min(1, len(set.Fields)-1)]
	for _, kind := range []Kind{Word, Char, Bigram, Single, Part} {
		if s := steps(float32(text * set.Kinds[kind])); n < tfCodes && !slices.Contains(out[:n], s) {
			out[n] = s
			n++
		}
	}
	return out
}

// appendForward appends one term.
func appendForward(dst []byte, delta uint32, tf uint16, codes *[tfCodes]uint16) []byte {
	for code, c := range codes {
		if c == tf {
			return appendNumber(dst, uint64(delta)<<codeBits|uint64(code))
		}
	}
	dst = appendNumber(dst, uint64(delta)<<codeBits|codeMask)
	return appendNumber(dst, uint64(tf))
}

func appendNumber(dst []byte, n uint64) []byte {
	for ; n >= 0x80; n >>= 7 {
		dst = append(dst, byte(n)|0x80)
	}
	return append(dst, byte(n))
}

// readNumber returns the number at i and where it ends. It panics beyond the end of b: lists are
// checked when a snapshot is read.
func readNumber(b []byte, i int) (uint32, int) {
	n := uint32(b[i])
	if i++; n < 0x80 {
		return n, i
	}
	n = n&0x7f | uint32(b[i])<<7
	if i++; n < 1<<14 {
		return n, i
	}
	return readLong(b, i, n)
}

// readLong reads what follows the first two bytes of a number.
func readLong(b []byte, i int, n uint32) (uint32, int) {
	n &= 1<<14 - 1
	for shift := 14; ; shift += 7 {
		c := b[i]
		i++
		n |= uint32(c&0x7f) << shift
		if c < 0x80 {
			return n, i
		}
	}
}

// forward walks the terms of a document. It is used as
//
//	for f := g.forward(doc); f.next(); { … f.term, f.tf … }
type forward struct {
	list  []byte
	at    int
	codes *[tfCodes]uint16
	term  uint32
	tf    uint16 // in steps
}

// forward returns a walk along the terms of a document.
func (g *segment) forward(doc int) forward {
	return forward{list: g.list(doc), codes: &g.codes}
}

// list returns the forward list of a document.
func (g *segment) list(doc int) []byte {
	from := uint32(0)
	if doc > 0 {
		from = g.end[doc-1]
	}
	return g.fwd[from:g.end[doc]]
}

// next goes on to the next term, and reports whether there is one.
func (f *forward) next() bool {
	if f.at >= len(f.list) {
		return false
	}
	var n uint32
	n, f.at = readNumber(f.list, f.at)
	f.term += n >> codeBits
	if code := n & codeMask; code < tfCodes {
		f.tf = f.codes[code]
		return true
	}
	n, f.at = readNumber(f.list, f.at)
	f.tf = uint16(n)
	return true
}

// soundForward reports whether a list is whole and its terms are below terms and ascend.
func soundForward(list []byte, terms int) bool {
	term, first := uint64(0), true
	for i := 0; i < len(list); {
		n, end, ok := checkNumber(list, i)
		if !ok || n>>codeBits == 0 && !first {
			return false
		}
		term += n >> codeBits
		if term >= uint64(terms) {
			return false
		}
		i, first = end, false
		if n&codeMask == codeMask {
			if n, i, ok = checkNumber(list, i); !ok || n == 0 || n > 1<<16-1 {
				return false
			}
		}
	}
	return true
}

// checkNumber reads a number of at most 28 bits as readNumber does, and only within b.
func checkNumber(b []byte, i int) (n uint64, end int, ok bool) {
	for shift := 0; shift < 28; shift += 7 {
		if i >= len(b) {
			return 0, 0, false
		}
		c := b[i]
		i++
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return n, i, c != 0 || shift == 0
		}
	}
	return 0, 0, false
}
