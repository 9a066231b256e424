package market

import (
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// MaxSynonyms bounds the city's own synonyms, in characters.
const MaxSynonyms = 20_000

// SynonymText are the city's own synonyms and abbreviations beside those of the program: a line for each
// group of words that mean the same, with commas between them. "" for none.
func (r FreshParams) SynonymText() string {
	if r.Synonyms == nil {
		return ""
	}
	return *r.Synonyms
}

// tidySynonyms writes them as they are stored: people put other commas between words, too.
func tidySynonyms(text *string) *string {
	if text == nil {
		return nil
	}
	out := strings.NewReplacer("、", "，", "；", "，").Replace(lines(*text))
	return &out
}

func (r FreshParams) checkSynonyms(f *faults) {
	text := r.SynonymText()
	if utf8.RuneCountInString(text) > MaxSynonyms {
		f.add("synonyms", "同义词最多 %d 字", MaxSynonyms)
		return
	}
	if text == "" {
		return
	}
	a := retrieval.NewAnalyzer(hanzi.DefaultSegmenter())
	for i, line := range strings.Split(text, "\n") {
		if _, err := retrieval.ReadSynonyms(a, strings.NewReader(line), ""); err != nil {
			f.add("synonyms", "第 %d 行不是一组同义词：每行至少两个词，用逗号分开", i+1)
			return
		}
	}
}
