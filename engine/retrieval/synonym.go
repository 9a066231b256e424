package retrieval

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Synonyms is a list of words that say the same thing: 锂电池 锂离子电池, 人工智能 AI. It is
// immutable. As a WordList it has the words that the dictionary cuts apart: an Analyzer that is
// With it finds them.
type Synonyms struct {
	a       *Analyzer
	same    map[string][]string // by term: terms that say the same
	phrases map[string]bool
	begin   beginnings
	longest int
}

// Limits of a list of synonyms.
const (
	maxSynonymLine = 1 << 12
	maxSynonyms    = 200_000 // lines
	// synonymWeight is how surely a synonym means the word: nearly, but the word itself is better.
	synonymWeight = 0.8
)

// dateField is the date a line may begin with.
var dateField = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// DefaultSynonyms returns the embedded list, as it holds on a day, for an analyzer.
func DefaultSynonyms(a *Analyzer, on string) (*Synonyms, error) {
	return ReadSynonyms(a, strings.NewReader(synonymText), on)
}

// synonymText lists abbreviations and synonyms of technology, dated.
//
//go:embed synonyms.txt
var synonymText string

// ReadSynonyms reads a list: a line for each group of words with one meaning, separated by commas,
// after the date from which it holds and a tab or blank; a tab and a source may follow. Lines that
// begin with # are remarks. A line holds when its date is not after on, both as 2026-01-31; a line
// without a date always does, and every line when on is empty. A word must be one term, or Chinese
// characters alone: other phrases are an error, named with their line.
func ReadSynonyms(a *Analyzer, r io.Reader, on string) (*Synonyms, error) {
	s := &Synonyms{a: a, same: map[string][]string{}, phrases: map[string]bool{},
		begin: beginnings{}}
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 0, maxSynonymLine), maxSynonymLine)
	for line := 1; scan.Scan(); line++ {
		text := strings.TrimSpace(scan.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if line > maxSynonyms {
			return nil, fmt.Errorf("retrieval: more than %d lines of synonyms", maxSynonyms)
		}
		if i := strings.IndexAny(text, " \t"); i > 0 && dateField.MatchString(text[:i]) {
			if on != "" && text[:i] > on {
				continue
			}
			text = strings.TrimSpace(text[i:])
		}
		words, _, _ := strings.Cut(text, "\t")
		if err := s.add(words); err != nil {
			return nil, fmt.Errorf("retrieval: synonyms line %d: %w", line, err)
		}
	}
	return s, scan.Err()
}

func (s *Synonyms) add(text string) error {
	var terms []string
	for word := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == '，' }) {
		term, ok := s.term(word)
		if !ok {
			return fmt.Errorf("%q is not one word", strings.TrimSpace(word))
		}
		terms = append(terms, term)
	}
	if len(terms) < 2 {
		return fmt.Errorf("fewer than two words")
	}
	for i, t := range terms {
		for k, other := range terms {
			if i != k && other != t {
				s.same[t] = append(s.same[t], other)
			}
		}
	}
	return nil
}

// term returns the term that a word is, or will be for an analyzer with the list.
func (s *Synonyms) term(word string) (string, bool) {
	if term, ok := s.a.Term(word); ok {
		return term, true
	}
	f := hanzi.Fold(strings.TrimSpace(word))
	foldRunes(f.Runes)
	if len(f.Runes) < 2 || len(f.Runes) > maxWordRunes || slices.ContainsFunc(f.Runes, notHan) {
		return "", false
	}
	phrase := string(f.Runes)
	s.phrases[phrase] = true
	s.begin.add(phrase)
	s.longest = max(s.longest, len(f.Runes))
	return phrase, true
}

func notHan(c rune) bool { return !isHan(c) }

// Has reports whether a word of the list is one that the dictionary cuts apart.
func (s *Synonyms) Has(word string) bool { return s.phrases[word] }

func (s *Synonyms) starts(two string) bool { return s.begin[two] }

// Longest is how many characters the longest of those has.
func (s *Synonyms) Longest() int { return s.longest }

// Expand appends the synonyms of a term.
func (s *Synonyms) Expand(dst []Alternative, term string) []Alternative {
	for _, t := range s.same[term] {
		dst = append(dst, Alternative{t, synonymWeight})
	}
	return dst
}
