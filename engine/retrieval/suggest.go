package retrieval

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Suggestion is a text that may be meant by what is typed.
type Suggestion struct {
	Text   string
	Weight float64 // how often it occurs, or another order of the caller's
}

// Suggester completes what people type: characters, pinyin in full (shimoxi), its initials (smx), or
// a mixture (石mox). It is immutable and safe for concurrent use.
type Suggester struct {
	words  []suggestWord // the heaviest first
	byHead map[rune][]int32
}

type suggestWord struct {
	Suggestion
	runes []rune // folded, in lower case
}

// Limits of suggestions.
const (
	maxSuggestWords = 1 << 20
	maxSuggestRunes = 64 // of a text to suggest
	maxTyped        = 63 // characters typed that are looked at: a bit for each place between them
)

// NewSuggester returns a suggester of texts. Of equal texts the heaviest counts; texts longer than
// 64 characters and texts beyond the heaviest million are left out.
func NewSuggester(texts []Suggestion) *Suggester {
	s := &Suggester{byHead: map[rune][]int32{}}
	sorted := slices.Clone(texts)
	slices.SortFunc(sorted, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(len(a.Text), len(b.Text)),
			strings.Compare(a.Text, b.Text))
	})
	seen := map[string]bool{}
	for _, t := range sorted {
		r := typed(t.Text, maxSuggestRunes+1)
		if len(r) == 0 || len(r) > maxSuggestRunes || seen[t.Text] || len(s.words) == maxSuggestWords {
			continue
		}
		seen[t.Text] = true
		at := int32(len(s.words))
		s.words = append(s.words, suggestWord{t, r})
		for _, head := range heads(r[0]) {
			s.byHead[head] = append(s.byHead[head], at)
		}
	}
	return s
}

// typed folds a text to what is compared, at most most runes of it: letters and numbers alone.
func typed(text string, most int) []rune {
	r := hanzi.Fold(clip(text, 8*most*utf8.UTFMax)).Runes
	foldRunes(r)
	out := r[:0]
	for _, c := range r {
		if unicode.IsLetter(c) || unicode.IsNumber(c) {
			out = append(out, unicode.ToLower(c))
		}
	}
	return out[:min(len(out), most)]
}

// heads are what the typing of a text with this first character may begin with.
func heads(c rune) []rune {
	out := []rune{c}
	for _, syllable := range Pinyin(c) {
		if first := rune(syllable[0]); !slices.Contains(out, first) {
			out = append(out, first)
		}
	}
	return out
}

// Suggest returns the texts that begin as what is typed, at most top: first those that it spells
// out to their end, then the heavier.
func (s *Suggester) Suggest(text string, top int) []Suggestion {
	in := typed(text, maxTyped)
	if len(in) == 0 || top <= 0 {
		return nil
	}
	var whole, begun []Suggestion
	for _, at := range s.byHead[in[0]] {
		w := &s.words[at]
		switch spells(in, w.runes) {
		case spelled:
			if whole = append(whole, w.Suggestion); len(whole) == top {
				return whole
			}
		case begins:
			if len(begun) < top {
				begun = append(begun, w.Suggestion)
			}
		}
	}
	whole = append(whole, begun...)
	return whole[:min(top, len(whole))]
}

// How what is typed fits a text.
const (
	differs = iota
	begins  // the text goes on
	spelled
)

// spells says how what is typed fits a text: each character stands for itself or is typed by a
// syllable, by its initial or, at the end, by a part of a syllable.
func spells(in, text []rune) int {
	best, end := differs, uint64(1)<<len(in)
	reached := uint64(1) // bits: how much of what is typed the characters so far may account for
	for i, c := range text {
		next := uint64(0)
		for rest := reached; rest != 0; rest &= rest - 1 {
			next |= typedBy(in, bits.TrailingZeros64(rest), c)
		}
		if next&end != 0 {
			if best = begins; i == len(text)-1 {
				return spelled
			}
		}
		if reached = next &^ end; reached == 0 {
			break
		}
	}
	return best
}

// typedBy returns the places, as bits, where what is typed from a place on for a character may end.
func typedBy(in []rune, from int, c rune) uint64 {
	ends := uint64(0)
	if in[from] == c {
		ends = 1 << (from + 1)
	}
	for _, syllable := range Pinyin(c) {
		for n := 0; n < len(syllable) && from+n < len(in) && in[from+n] == rune(syllable[n]); n++ {
			typed := n + 1
			if typed == len(syllable) || n == 0 || n == 1 && syllable[1] == 'h' || from+typed == len(in) {
				ends |= 1 << (from + typed)
			}
		}
	}
	return ends
}

// Words returns the words of the documents, Chinese ones and such in letters, that at least least of
// the documents have, with their number as weight: what a Suggester can suggest. Words of documents
// that were deleted stay until a merge, so this is not for indexes whose parts are hidden from some.
func (ix *Index) Words(least int) []Suggestion {
	ix.lex.mu.RLock()
	defer ix.lex.mu.RUnlock()
	var out []Suggestion
	for t, df := range ix.df {
		kind := ix.lex.kinds[t]
		if df >= uint32(max(1, least)) && (kind == Word || kind == Part || kind == Latin) {
			out = append(out, Suggestion{ix.lex.shown(uint32(t)), float64(df)})
		}
	}
	return out
}
