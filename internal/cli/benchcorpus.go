package cli

import (
	"fmt"
	"math"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// benchCorpus makes text that is the same for the same seed: words of two characters, a few very
// frequent and most rare (Zipf), half of them from the topic of the text; one word in sixteen is
// none that the dictionary knows, and after one in sixteen stands an amount. It is no language, but
// its words are as many and as unevenly spread as those of one, and it has no words without meaning
// that an index leaves out.
type benchCorpus struct {
	seed  uint64
	words *benchWords
}

// Sizes of the text that a benchmark makes.
const (
	benchDocSeed    = 1
	benchQuerySeed  = 2
	benchTitleRunes = 20
	benchTextRunes  = 180
	benchQueryRunes = 200
	benchWordCount  = 60_000
	benchTopics     = 2_000
	benchTopicWords = 120
	benchUnknown    = 16 // of so many words one is not in the dictionary
)

// benchWords are the words of the text, the frequent ones first. Each is found when it is first
// needed. It is not safe for concurrent use.
type benchWords struct {
	g     *hanzi.Segmenter
	chars []string
	words []string
}

// newBenchWords makes words of the 3,755 common characters of GB 2312.
func newBenchWords(g *hanzi.Segmenter) *benchWords {
	b := &benchWords{g: g, words: make([]string, benchWordCount)}
	decoder := simplifiedchinese.GBK.NewDecoder()
	for row := byte(0xb0); row <= 0xd7; row++ {
		for cell := byte(0xa1); cell <= 0xfe; cell++ {
			if s, err := decoder.String(string([]byte{row, cell})); err == nil && len(s) == hanBytes {
				b.chars = append(b.chars, s)
			}
		}
	}
	return b
}

// word returns the word of a rank: of pairs of characters, drawn as by chance but the same
// everywhere, the first that the dictionary knows.
func (b *benchWords) word(rank int) string {
	for x := uint64(rank); b.words[rank] == ""; x++ {
		x = mixed(x)
		n := uint64(len(b.chars))
		word := b.chars[x%n] + b.chars[x>>32%n]
		if unknown := rank%benchUnknown == benchUnknown-1; b.g.Has(word) != unknown {
			b.words[rank] = word
		}
	}
	return b.words[rank]
}

// mixed spreads the bits of x (splitmix64).
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// share is x as a number from 0 to 1.
func share(x uint64) float64 { return float64(x>>11) / (1 << 53) }

// text makes the i-th text, of about size characters.
func (b *benchCorpus) text(i, size int) string {
	x := mixed(b.seed<<40 + uint64(i))
	topic := int(x % benchTopics)
	var out strings.Builder
	for out.Len() < size*3 {
		x = mixed(x)
		rank := int(math.Exp(share(x) * math.Log(benchWordCount)))
		if x = mixed(x); x&1 == 0 {
			rank = int(math.Exp(share(x) * math.Log(benchTopicWords)))
			rank = int(mixed(uint64(topic*benchTopicWords+rank)) % benchWordCount)
		}
		out.WriteString(b.words.word(min(rank, benchWordCount-1)))
		switch x >> 60 {
		case 0:
			out.WriteString("，")
		case 1:
			fmt.Fprintf(&out, benchSize, x>>40%200)
		}
	}
	return out.String()
}

// document makes the i-th document.
func (b *benchCorpus) document(i int) retrieval.Document {
	whole := []rune(b.text(i, benchTitleRunes+benchTextRunes))
	return retrieval.Document{ID: fmt.Sprint(i),
		Fields: []string{string(whole[:benchTitleRunes]), string(whole[benchTitleRunes:])}}
}
