package party

import (
	"encoding/base64"
	"fmt"
	"math/bits"
)

// numbers is a set of small numbers: bit n%64 of word n/64 says whether n is in it.
type numbers []uint64

func (s numbers) has(n int64) bool {
	return n >= 0 && int(n/64) < len(s) && s[n/64]>>(n%64)&1 == 1
}

func (s *numbers) add(n int64) {
	s.reach(int(n/64) + 1)
	(*s)[n/64] |= 1 << (n % 64)
}

func (s numbers) remove(n int64) {
	if s.has(n) {
		s[n/64] &^= 1 << (n % 64)
	}
}

func (s numbers) clone() numbers { return append(numbers(nil), s...) }

// reach makes room for so many words.
func (s *numbers) reach(words int) {
	if words > len(*s) {
		*s = append(*s, make(numbers, words-len(*s))...)
	}
}

// and returns the numbers that are in both, in the place of s.
func (s numbers) and(o numbers) numbers {
	s = s[:min(len(s), len(o))]
	for i := range s {
		s[i] &= o[i]
	}
	return s
}

// or returns the numbers that are in one of the two, in the place of s.
func (s numbers) or(o numbers) numbers {
	s.reach(len(o))
	for i := range o {
		s[i] |= o[i]
	}
	return s
}

// without returns the numbers of s that are not in o, in the place of s.
func (s numbers) without(o numbers) numbers {
	for i := range min(len(s), len(o)) {
		s[i] &^= o[i]
	}
	return s
}

func (s numbers) count() int64 {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return int64(n)
}

// each calls f for every number, ascending.
func (s numbers) each(f func(n int64)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			f(int64(i*64 + bits.TrailingZeros64(w)))
		}
	}
}

// A set is stored in blocks of 4,096 numbers. A block is text: two base64 characters for each of
// its numbers, or, when that would be longer, all its bits in base64. The length tells which.
const (
	blockSize  = 4096
	blockWords = blockSize / 64
	maxListed  = 341 // 682 characters; the bits take 683
)

const digits64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// digitOf is the value of a character, 255 for none.
var digitOf = func() (of [256]byte) {
	for i := range of {
		of[i] = 255
	}
	for i := range len(digits64) {
		of[digits64[i]] = byte(i)
	}
	return of
}()

func blockOf(n int64) int64 { return n / blockSize }

// block returns the text of the block of that number.
func (s numbers) block(b int64) string {
	from := min(int(b)*blockWords, len(s))
	part := s[from:min(from+blockWords, len(s))]
	n := part.count()
	if n <= maxListed {
		text := make([]byte, 0, 2*n)
		part.each(func(n int64) { text = append(text, digits64[n>>6], digits64[n&63]) })
		return string(text)
	}
	var raw [blockSize / 8]byte
	for i, w := range part {
		for k := range 8 {
			raw[8*i+k] = byte(w >> (8 * k))
		}
	}
	return base64.RawStdEncoding.EncodeToString(raw[:])
}

// addBlock adds the numbers of a block's text.
func (s *numbers) addBlock(b int64, text string) error {
	s.reach(int(b+1) * blockWords)
	part := (*s)[b*blockWords : (b+1)*blockWords]
	if len(text) > 2*maxListed {
		var raw [blockSize / 8]byte
		n, err := base64.RawStdEncoding.Decode(raw[:], []byte(text))
		if err != nil || n != len(raw) {
			return fmt.Errorf("block %d of the index is damaged: %d bytes, %w", b, n, err)
		}
		for i, v := range raw {
			part[i/8] |= uint64(v) << (i % 8 * 8)
		}
		return nil
	}
	if len(text)%2 != 0 {
		return fmt.Errorf("block %d of the index is damaged: %d characters", b, len(text))
	}
	for i := 0; i < len(text); i += 2 {
		high, low := digitOf[text[i]], digitOf[text[i+1]]
		if high > 63 || low > 63 {
			return fmt.Errorf("block %d of the index is damaged at character %d", b, i)
		}
		part[high] |= 1 << low
	}
	return nil
}
