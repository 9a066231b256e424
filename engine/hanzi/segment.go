package hanzi

import (
	"encoding/binary"
	"hash/crc64"
	"math"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Segmenter cuts Chinese text into the words of a dictionary: of all ways to cut a run of
// characters the one whose words are most frequent together. What it returns is what
// jieba returns without its hidden Markov model, for the same dictionary, but for white
// space and punctuation, which it leaves out. It is immutable and safe for concurrent use.
type Segmenter struct {
	code  []uint16  // by rune: its number in the trie, 0 for none
	nodes []trie    // double array; the root is nodes[0]
	logp  []float64 // log of the share of a word, by trie.word
	rare  float64   // log of the share of a word seen once
}

// Sum is a number for the words that the segmenter knows, and how often they are: what another dictionary cuts
// has another one. It reads all of it, which takes some milliseconds.
func (g *Segmenter) Sum() uint64 {
	sum := crc64.New(crc64.MakeTable(crc64.ECMA))
	b := make([]byte, 0, 1<<16)
	put := func(v uint64) {
		if b = binary.LittleEndian.AppendUint64(b, v); len(b) == cap(b) {
			_, _ = sum.Write(b) // never fails
			b = b[:0]
		}
	}
	for _, c := range g.code {
		put(uint64(c))
	}
	for _, n := range g.nodes {
		put(uint64(uint32(n.base))<<32 | uint64(uint32(n.parent)))
		put(uint64(uint32(n.word)))
	}
	for _, p := range append([]float64{g.rare}, g.logp...) {
		put(math.Float64bits(p))
	}
	_, _ = sum.Write(b)
	return sum.Sum64()
}

// Cut appends the words of text to dst; they share its memory. It needs some twenty bytes
// for each character of the longest run without punctuation.
func (g *Segmenter) Cut(dst []string, text string) []string {
	w := cuttings.Get().(*cutting)
	defer cuttings.Put(w)
	for i := 0; i < len(text); {
		c, size := rune(text[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(text[i:])
		}
		if !inBlock(c) {
			if c >= utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsNumber(c)) {
				dst = append(dst, text[i:i+size])
			}
			i += size
			continue
		}
		end := w.read(g, text, i)
		dst = w.cut(g, dst, text[i:end])
		i = end
	}
	return dst
}

// inBlock reports whether a dictionary word can hold c: characters, Latin letters, digits
// and the marks of product names.
func inBlock(c rune) bool {
	if c >= 0x4E00 && c <= 0x9FD5 {
		return true
	}
	return c < utf8.RuneSelf && (isAlnum(byte(c)) || isWordMark(byte(c)))
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isWordMark(c byte) bool {
	switch c {
	case '+', '#', '&', '.', '_', '%', '-':
		return true
	}
	return false
}

// cutting is the work on one block at a time; its buffers are used again.
type cutting struct {
	codes []uint16
	score []float64 // of the best way to cut what begins here
	next  []int32   // where its first word ends
}

// cuttings keep buffers to be used again.
var cuttings = sync.Pool{New: func() any { return new(cutting) }}

// read takes the numbers of a block's runes from i on and returns its end.
func (w *cutting) read(g *Segmenter, text string, i int) (end int) {
	w.codes = w.codes[:0]
	for i < len(text) {
		c, size := rune(text[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(text[i:])
		}
		if !inBlock(c) {
			break
		}
		w.codes = append(w.codes, g.code[c])
		i += size
	}
	return i
}

// cut appends the words of a block, which read has taken.
func (w *cutting) cut(g *Segmenter, dst []string, block string) []string {
	n := len(w.codes)
	if cap(w.score) < n+1 {
		w.score = make([]float64, n+1, 2*n+1)
		w.next = make([]int32, n+1, 2*n+1)
	}
	w.score, w.next = w.score[:n+1], w.next[:n+1]
	w.score[n] = 0
	for i := n - 1; i >= 0; i-- {
		w.score[i], w.next[i] = g.best(w.codes, w.score, i)
	}
	return w.words(dst, block)
}

// best finds the first word of the best way to cut what begins at i. Of equal ways it
// takes the longer word. A character that begins no word stands alone.
func (g *Segmenter) best(codes []uint16, score []float64, i int) (float64, int32) {
	best, next := math.Inf(-1), i+1
	at := int32(0)
	for j := i; j < len(codes); j++ {
		k := g.nodes[at].base + int32(codes[j])
		if codes[j] == 0 || uint(k) >= uint(len(g.nodes)) || g.nodes[k].parent != at {
			break
		}
		at = k
		if word := g.nodes[k].word; word > 0 {
			if s := g.logp[word] + score[j+1]; s >= best {
				best, next = s, j+1
			}
		}
	}
	if math.IsInf(best, -1) {
		best = g.rare + score[i+1]
	}
	return best, int32(next)
}

// words appends the words of the best way. Letters and digits that stand alone are joined
// into one word, and marks that stand alone are dropped.
func (w *cutting) words(dst []string, block string) []string {
	start, alnum := 0, -1
	for i := 0; i < len(w.codes); {
		end, next := start, int(w.next[i])
		for range next - i {
			if block[end] < utf8.RuneSelf {
				end++
			} else {
				end += 3 // every other rune of a block has three bytes
			}
		}
		single := next == i+1 && block[start] < utf8.RuneSelf
		if single && isAlnum(block[start]) {
			if alnum < 0 {
				alnum = start
			}
		} else {
			if alnum >= 0 {
				dst = append(dst, block[alnum:start])
				alnum = -1
			}
			if !single {
				dst = append(dst, block[start:end])
			}
		}
		start, i = end, next
	}
	if alnum >= 0 {
		dst = append(dst, block[alnum:])
	}
	return dst
}

// Has reports whether the dictionary has the word, with a count of more than none.
func (g *Segmenter) Has(word string) bool {
	at := int32(0)
	for _, c := range word {
		if !inBlock(c) || g.code[c] == 0 {
			return false
		}
		k := g.nodes[at].base + int32(g.code[c])
		if uint(k) >= uint(len(g.nodes)) || g.nodes[k].parent != at {
			return false
		}
		at = k
	}
	p := g.nodes[at].word
	return p > 0 && !math.IsInf(g.logp[p], -1)
}
