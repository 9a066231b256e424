package retrieval

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Analyzer makes terms of Chinese and English text. It is immutable and safe for concurrent use.
type Analyzer struct {
	seg   *hanzi.Segmenter
	stops map[string]bool
	more  WordList // nil for none
}

// NewAnalyzer returns an analyzer that cuts words with seg and leaves out the words of the
// embedded stop list.
func NewAnalyzer(seg *hanzi.Segmenter) *Analyzer {
	return &Analyzer{seg: seg, stops: defaultStops()}
}

// MaxText bounds the bytes of one field that are analysed; what follows is left out.
const MaxText = 1 << 20

// Tokens appends the terms of a text to dst, in the order of the text but for measures, which come
// first. Text is folded: widths and compatibility forms (hanzi.Fold), traditional characters,
// accents of Latin letters, and case. Tokens of one call share memory.
func (a *Analyzer) Tokens(dst []Token, text string) []Token {
	f := hanzi.Fold(clip(text, MaxText))
	foldRunes(f.Runes)
	dst = appendMeasures(dst, f.Runes)
	w := writers.Get().(*writer)
	w.a, w.dst = a, dst
	w.text(string(f.Runes))
	dst, w.dst, w.alone = w.dst, nil, ""
	writers.Put(w)
	return dst
}

// writers keep buffers to be used again.
var writers = sync.Pool{New: func() any { return new(writer) }}

// clip shortens a text to at most most bytes without cutting a character.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// writer appends the terms of one text.
type writer struct {
	a     *Analyzer
	dst   []Token
	words []string
	stem  []byte
	alone string // the character right before that stands alone, or ""
}

// text cuts a text into blocks: with Chinese characters for the segmenter, or of letters alone.
func (w *writer) text(s string) {
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		if !blockRune(c) {
			i += size
			continue
		}
		start, han := i, false
		for i < len(s) {
			c, size = utf8.DecodeRuneInString(s[i:])
			if !blockRune(c) && !(c == '.' && i > start && digitAt(s, i-1) && digitAt(s, i+1)) {
				break
			}
			han = han || isHan(c)
			i += size
		}
		if han {
			w.han(s[start:i])
		} else {
			w.latin(s[start:i])
		}
	}
}

// blockRune reports whether c is part of words.
func blockRune(c rune) bool {
	if c < utf8.RuneSelf {
		return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	return isHan(c) || unicode.IsLetter(c) || unicode.IsNumber(c)
}

// isHan reports whether c is a Chinese character, those of later extensions included.
func isHan(c rune) bool {
	return c >= 0x3400 && c <= 0x9fff || c == '〇' || c >= 0x20000 && c <= 0x323af
}

func digitAt(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

// Term returns the term that a text is as a whole, and false when it is none or several.
func (a *Analyzer) Term(text string) (string, bool) {
	whole, n := "", 0
	for _, t := range a.Tokens(nil, text) {
		if t.Kind == Word || t.Kind == Latin || t.Kind == Single {
			whole = t.Term
			n++
		}
	}
	return whole, n == 1
}

// WordList is a list of Chinese words.
type WordList interface {
	Has(word string) bool
	Longest() int // runes of its longest word
}

// With returns an analyzer that also finds the words of a list, beside those of lists it was given
// before: where one joins what the segmenter cuts apart, it is a term of its own beside those.
func (a *Analyzer) With(words WordList) *Analyzer {
	b := *a
	if a.more != nil {
		words = wordLists{a.more, words}
	}
	b.more = words
	return &b
}

// wordLists are two lists in one.
type wordLists [2]WordList

// Has reports whether one of them has a word.
func (l wordLists) Has(word string) bool { return l[0].Has(word) || l[1].Has(word) }

// starts reports whether a word of one of them may begin with two characters.
func (l wordLists) starts(two string) bool { return mayStart(l[0], two) || mayStart(l[1], two) }

// starter is a WordList that knows how its words begin, which spares most of the looking.
type starter interface{ starts(two string) bool }

// mayStart reports whether a word of a list may begin with two characters.
func mayStart(l WordList, two string) bool {
	s, ok := l.(starter)
	return !ok || s.starts(two)
}

// beginnings are the first two characters of words.
type beginnings map[string]bool

func (b beginnings) add(word string) {
	n := 0
	for i := range word {
		if n == 2 {
			b[word[:i]] = true
			return
		}
		n++
	}
	b[word] = true
}

// Longest is the longest of both.
func (l wordLists) Longest() int { return max(l[0].Longest(), l[1].Longest()) }
