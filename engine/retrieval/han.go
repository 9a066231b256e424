package retrieval

import (
	"slices"
	"unicode/utf8"
)

// maxWordRunes bounds the words of which parts are looked for.
const maxWordRunes = 16

// han appends the terms of a block with Chinese characters: each word, the words within it, and
// for characters that stand alone side by side, pairs of them. So what the dictionary does not
// know is found by its pairs.
func (w *writer) han(block string) {
	w.words = w.a.seg.Cut(w.words[:0], block)
	if w.a.more != nil {
		w.joined(block)
	}
	at := 0
	for _, word := range w.words {
		start := at
		for start+len(word) <= len(block) && block[start:start+len(word)] != word {
			start++ // a mark that the segmenter left out
		}
		if start > at {
			w.endAlone()
		}
		at = start + len(word)
		c, size := utf8.DecodeRuneInString(word)
		switch {
		case !hasHan(word):
			w.endAlone()
			w.latin(word)
		case size == len(word):
			w.single(block, start, c)
		default:
			w.endAlone()
			w.word(word)
		}
	}
	w.endAlone()
}

func hasHan(s string) bool {
	for _, c := range s {
		if isHan(c) {
			return true
		}
	}
	return false
}

// word appends a word and its parts.
func (w *writer) word(word string) {
	lower := w.lower(word)
	if w.a.stops[lower] {
		return
	}
	w.dst = append(w.dst, Token{lower, word, Word})
	var at [maxWordRunes + 1]int
	n := 0
	for i := range word {
		if n == maxWordRunes {
			return
		}
		at[n] = i
		n++
	}
	at[n] = len(word)
	for i := range n {
		c := word[at[i]:at[i+1]]
		w.dst = append(w.dst, Token{c, c, Char})
	}
	for size := n - 1; size >= 2; size-- {
		for i := 0; i+size <= n; i++ {
			if part := word[at[i]:at[i+size]]; w.a.seg.Has(part) && !w.a.stops[part] {
				w.dst = append(w.dst, Token{w.lower(part), part, Part})
			}
		}
	}
}

// single appends a character that stands alone, and with the one right before it a pair.
func (w *writer) single(block string, start int, c rune) {
	word := block[start : start+utf8.RuneLen(c)]
	if w.a.stops[word] {
		w.endAlone()
		return
	}
	w.dst = append(w.dst, Token{word, word, Single})
	if w.alone != "" {
		pair := block[start-len(w.alone) : start+len(word)]
		w.dst = append(w.dst, Token{pair, pair, Bigram})
	}
	w.alone = word
}

func (w *writer) endAlone() { w.alone = "" }

// joined appends the longest words of the analyzer's list, from left to right, that are none of
// the segmenter's.
func (w *writer) joined(block string) {
	var at []int
	for i := range block {
		at = append(at, i)
	}
	at = append(at, len(block))
	most := min(w.a.more.Longest(), maxWordRunes)
	for i := 0; i+2 < len(at); i++ {
		if !mayStart(w.a.more, block[at[i]:at[i+2]]) {
			continue
		}
		for n := min(most, len(at)-1-i); n >= 2; n-- {
			word := block[at[i]:at[i+n]]
			if !w.a.more.Has(word) {
				continue
			}
			if !slices.Contains(w.words, word) {
				w.dst = append(w.dst, Token{word, word, Word})
			}
			i += n - 1
			break
		}
	}
}
