package retrieval

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxLatin bounds the bytes of a term in letters; what is longer is no word (a hash, a key).
const maxLatin = 64

// latin appends the term of a word in letters or digits: its stem if it is English letters alone.
func (w *writer) latin(word string) {
	if len(word) > maxLatin {
		return
	}
	lower := w.lower(word)
	if w.a.stops[lower] {
		return
	}
	if englishLetters(lower) && len(lower) > 2 {
		w.stem = stem(append(w.stem[:0], lower...))
		if string(w.stem) != lower {
			lower = string(w.stem)
		}
	}
	w.dst = append(w.dst, Token{lower, word, Latin})
}

func englishLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

// lower returns s in lower case.
func (w *writer) lower(s string) string {
	for _, c := range s {
		if unicode.ToLower(c) != c {
			b := make([]byte, 0, len(s))
			for _, c := range s {
				b = utf8.AppendRune(b, unicode.ToLower(c))
			}
			return string(b)
		}
	}
	return s
}

// Runes of the scripts that foldRunes looks at.
const (
	firstHan, lastHan       = 0x3400, 0x9fff
	firstAccent, lastAccent = 0xc0, 0x24f
)

// foldRunes writes traditional characters as simplified ones and Latin letters without accents.
func foldRunes(r []rune) {
	simple := simplified()
	for i, c := range r {
		switch {
		case c >= firstHan && c <= lastHan:
			if s := simple[c-firstHan]; s != 0 {
				r[i] = rune(s)
			}
		case c >= firstAccent && c <= lastAccent:
			base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(c)))
			r[i] = base
		}
	}
}
