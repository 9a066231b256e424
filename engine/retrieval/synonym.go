package retrieval

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Synonyms is a list of words that say the same thing: 锂电池 锂离子电池, 人工智能 AI. It is
// immutable.
type Synonyms struct {
	a    *Analyzer
	same map[string][]string // by term: terms that say the same
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

// ReadSynonyms reads a list: a line for each group of words with one meaning, separated by commas,
// after the date from which it holds and a tab or blank. Lines that begin with # are remarks.
// A line holds when its date is not after on, both as 2026-01-31; a line without a date always
// does, and every line when on is empty. A word must be one term: a phrase that the analyzer cuts
// apart is an error, named with its line.
func ReadSynonyms(a *Analyzer, r io.Reader, on string) (*Synonyms, error) {
	s := &Synonyms{a: a, same: map[string][]string{}}
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
		if err := s.add(text); err != nil {
			return nil, fmt.Errorf("retrieval: synonyms line %d: %w", line, err)
		}
	}
	return s, scan.Err()
}

func (s *Synonyms) add(text string) error {
	var terms []string
	for word := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == '，' }) {
		term, ok := s.a.Term(word)
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

// Expand appends the synonyms of a term.
func (s *Synonyms) Expand(dst []Alternative, term string) []Alternative {
	for _, t := range s.same[term] {
		dst = append(dst, Alternative{t, synonymWeight})
	}
	return dst
}
