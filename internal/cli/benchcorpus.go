package cli

import (
	"fmt"
	"math"
	"strings"

	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// benchCorpus makes text that is the same for the same seed: words of two or three characters,
// a few very frequent and most rare (Zipf), half of them from the topic of the text. It is no
// language, but its words are as many and as unevenly spread as those of one.
type benchCorpus struct {
	seed  uint64
	chars []rune
}

// Sizes of the text that a benchmark makes.
const (
	benchDocSeed    = 1
	benchQuerySeed  = 2
	benchTitleRunes = 20
	benchTextRunes  = 180
	benchQueryRunes = 200
	benchWords      = 60_000
	benchTopics     = 2_000
	benchTopicWords = 120
)

func newBenchCorpus(seed uint64) *benchCorpus {
	return &benchCorpus{seed: seed, chars: []rune(benchChars)}
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

// word writes the word with a number; small numbers are frequent words. It is the same for every
// seed.
func (b *benchCorpus) word(out *strings.Builder, n int) {
	x := mixed(uint64(n) ^ 0xabcdef)
	for range 2 + int(x>>62)/3 {
		out.WriteRune(b.chars[x%uint64(len(b.chars))])
		x = mixed(x)
	}
}

// text makes the i-th text, of about size characters.
func (b *benchCorpus) text(i, size int) string {
	x := mixed(b.seed<<40 + uint64(i))
	topic := int(x % benchTopics)
	var out strings.Builder
	for out.Len() < size*3 {
		x = mixed(x)
		rank := int(math.Exp(share(x) * math.Log(benchWords)))
		if x = mixed(x); x&1 == 0 {
			rank = int(math.Exp(share(x) * math.Log(benchTopicWords)))
			rank = int(mixed(uint64(topic*benchTopicWords+rank)) % benchWords)
		}
		b.word(&out, rank)
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
