package retrieval_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// fieldTexts speak of 固态电池, which the dictionary cuts apart, and always end 技术研究 alike.
var fieldTexts = []string{
	"新型固态电池电解质", "提高固态电池寿命", "研究固态电池的界面", "一种固态电池，用于汽车", "固态电池产线",
	"开发固态电池封装工艺", "电池回收", "固态发酵", "汽车电池寿命", "电解质界面研究", "封装产线汽车", "发酵工艺开发",
}

// The learner finds the words of the field; neither order nor how texts come matters.
func TestDomain(t *testing.T) {
	a := retrieval.NewAnalyzer(hanzi.DefaultSegmenter())
	learn := func(texts []string) *retrieval.Domain {
		l := retrieval.NewWordLearner(a)
		for _, text := range texts {
			l.Add(text)
		}
		return l.Domain(retrieval.DomainRule{Count: 4, Information: 1, Entropy: 1})
	}
	d := learn(fieldTexts)
	if words := d.Words(); len(words) != 1 || words[0].Word != "固态电池" || words[0].Count != 6 {
		t.Fatalf("learned %v", words)
	}
	back := slices.Clone(fieldTexts)
	slices.Reverse(back)
	if diff := cmp.Diff(d.Words(), learn(back).Words()); diff != "" {
		t.Errorf("another order: %s", diff)
	}
	has := func(a *retrieval.Analyzer, text, term string) bool {
		return slices.ContainsFunc(a.Tokens(nil, text), func(x retrieval.Token) bool {
			return x.Term == term && x.Kind == retrieval.Word
		})
	}
	with := a.With(d)
	if has(a, "全固态电池", "固态电池") || !has(with, "全固态电池", "固态电池") || !has(with, "全固态电池", "电池") {
		t.Error("the learned word is no term beside its parts")
	}
	both := with.With(list{"电池寿命"})
	if !has(both, "固态电池", "固态电池") || !has(both, "电池寿命", "电池寿命") {
		t.Error("a second list takes the place of the first")
	}
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	again, err := retrieval.ReadDomain(&b)
	if err != nil || !again.Has("固态电池") || again.Longest() != 4 {
		t.Errorf("read back: %v, %v", again, err)
	}
	if _, err := retrieval.ReadDomain(strings.NewReader("甲\n")); err == nil {
		t.Error("a single character is taken for a word")
	}
}

type list []string

func (l list) Has(word string) bool { return slices.Contains(l, word) }
func (l list) Longest() int         { return 8 }
