package hanzi

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// trie is a node of the double array: the child by a rune with number c lies at base+c and
// names its parent. word is its place in Segmenter.logp, 0 where no word ends.
type trie struct {
	base, parent int32
	word         uint32
}

// maxDictionaryLine and maxDictionaryWords bound what a dictionary may hold.
const (
	maxDictionaryLine  = 1 << 10
	maxDictionaryWords = 2 << 20
)

// entry is a word of the dictionary with how often it was counted.
type entry struct {
	word  string
	count int64
}

// NewSegmenter reads dictionaries, one word a line: the word, its count and whatever may
// follow, separated by blanks. A word of a later dictionary replaces that of an earlier
// one. Words with runes that no block holds (see inBlock) can never be met and are left
// out.
func NewSegmenter(dictionaries ...io.Reader) (*Segmenter, error) {
	var entries []entry
	for _, d := range dictionaries {
		var err error
		if entries, err = readDictionary(entries, d); err != nil {
			return nil, err
		}
	}
	byWord := func(a, b entry) int { return strings.Compare(a.word, b.word) }
	if !slices.IsSortedFunc(entries, byWord) {
		slices.SortStableFunc(entries, byWord)
	}
	entries = lastOfEach(entries)
	if len(entries) == 0 {
		return nil, fmt.Errorf("hanzi: empty dictionary")
	}
	g := &Segmenter{}
	g.number(entries)
	words := g.weigh(entries)
	b := trieBuilder{entries: entries, words: words, code: g.code}
	b.branch()
	g.nodes = b.lay()
	return g, nil
}

func readDictionary(entries []entry, r io.Reader) ([]entry, error) {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, maxDictionaryLine), maxDictionaryLine)
	for line := 1; s.Scan(); line++ {
		word, rest, _ := strings.Cut(s.Text(), " ")
		if word == "" {
			continue
		}
		digits, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		count, err := strconv.ParseInt(digits, 10, 48)
		if err != nil || count < 0 {
			return nil, fmt.Errorf("hanzi: dictionary line %d: no count behind %q", line, word)
		}
		if strings.ContainsFunc(word, func(c rune) bool { return !inBlock(c) }) {
			continue
		}
		if len(entries) == maxDictionaryWords {
			return nil, fmt.Errorf("hanzi: dictionary of more than %d words", maxDictionaryWords)
		}
		entries = append(entries, entry{word, count})
	}
	return entries, s.Err()
}

// lastOfEach keeps the last of equal words.
func lastOfEach(entries []entry) []entry {
	out := entries[:0]
	for i, e := range entries {
		if i+1 < len(entries) && entries[i+1].word == e.word {
			continue
		}
		out = append(out, e)
	}
	return out
}

// number gives every rune of the dictionary a number, the most frequent first: small
// numbers lie close together in the double array.
func (g *Segmenter) number(entries []entry) {
	seen := make([]int32, blockRunes)
	var runes []rune
	for _, e := range entries {
		for _, c := range e.word {
			if seen[c]++; seen[c] == 1 {
				runes = append(runes, c)
			}
		}
	}
	slices.SortStableFunc(runes, func(a, b rune) int { return int(seen[b] - seen[a]) })
	g.code = make([]uint16, blockRunes)
	for i, c := range runes {
		g.code[c] = uint16(i + 1)
	}
}

// blockRunes is one more than the last rune that a block holds.
const blockRunes = 0x9FD5 + 1

// weigh makes the table of log shares and returns each word's place in it.
func (g *Segmenter) weigh(entries []entry) []uint32 {
	total := 0.0
	for _, e := range entries {
		total += float64(e.count)
	}
	logTotal := math.Log(max(total, 1))
	g.rare = math.Log(1) - logTotal
	g.logp = []float64{0}
	place := map[int64]uint32{0: 0}
	words := make([]uint32, len(entries))
	for i, e := range entries {
		p, known := place[e.count]
		if !known {
			p = uint32(len(g.logp))
			place[e.count] = p
			g.logp = append(g.logp, math.Log(float64(e.count))-logTotal)
		}
		words[i] = p
	}
	return words
}
