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

// benchWords are the words of the text, the frequent ones first.
type benchWords struct {
	words []string
}

// newBenchWords finds words of two characters: pairs of the 3,755 common characters of GB 2312,
// drawn as by chance but the same everywhere.
func newBenchWords(g *hanzi.Segmenter) *benchWords {
	var chars []string
	decoder := simplifiedchinese.GBK.NewDecoder()
	for row := byte(0xb0); row <= 0xd7; row++ {
		for cell := byte(0xa1); cell <= 0xfe; cell++ {
			if s, err := decoder.String(string([]byte{row, cell})); err == nil && len(s) == 3 {
				chars = append(chars, s)
			}
		}
	}
	b := &benchWords{}
	known := map[string]bool{}
	for i := uint64(0); len(b.words) < benchWordCount; i++ {
		x := mixed(i)
		word := chars[x%uint64(len(chars))] + chars[x>>32%uint64(len(chars))]
		unknown := len(b.words)%benchUnknown == benchUnknown-1
		if !known[word] && g.Has(word) != unknown {
			known[word] = true
			b.words = append(b.words, word)
		}
	}
	return b
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
		out.WriteString(b.words.words[min(rank, benchWordCount-1)])
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
