package retrieval_test

import (
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// What is typed in full, by initials or mixed finds the word; what does not spell it does not.
func TestSuggest(t *testing.T) {
	s := retrieval.NewSuggester([]retrieval.Suggestion{{"石墨烯", 5}, {"石墨烯电池", 9}, {"石墨", 2},
		{"重庆", 1}, {"LED光源", 3}, {"绿色制造", 1}, {"西安", 1}, {"石墨烯", 4}})
	for typed, want := range map[string]string{
		"shimoxi": "石墨烯 石墨烯电池", "smx": "石墨烯 石墨烯电池", "石mox": "石墨烯 石墨烯电池", "SMXDC": "石墨烯电池",
		"shimo": "石墨 石墨烯电池 石墨烯", "shim": "石墨 石墨烯电池 石墨烯", "shimx": "石墨烯 石墨烯电池",
		"石墨烯": "石墨烯 石墨烯电池", "石墨 烯": "石墨烯 石墨烯电池", "chongqing": "重庆", "zhongqing": "重庆", "cq": "重庆",
		"ledgy": "LED光源", "ｌｅｄ": "LED光源", "lvsezz": "绿色制造", "xian": "西安", "xi'an": "西安",
		"shimoxix": "", "mo": "", "": "", "。": "", "xyz": "",
	} {
		var got []string
		for _, x := range s.Suggest(typed, 3) {
			got = append(got, x.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q suggests %v, want %s", typed, got, want)
		}
	}
	if got := s.Suggest("s", 1); len(got) != 1 || got[0].Text != "石墨烯电池" {
		t.Errorf("the heaviest is %v", got)
	}
}

// The words of an index can be suggested.
func TestWords(t *testing.T) {
	w := retrieval.NewWriter(retrieval.NewAnalyzer(hanzi.DefaultSegmenter()), retrieval.SearchSettings())
	docs := []retrieval.Document{{ID: "1", Fields: []string{"石墨电极"}}, {ID: "2", Fields: []string{"石墨 LED"}}}
	if err := w.Add(t.Context(), docs, nil); err != nil {
		t.Fatal(err)
	}
	s := retrieval.NewSuggester(w.Index().Words(1))
	if got := s.Suggest("sm", 9); len(got) == 0 || got[0].Text != "石墨" || got[0].Weight != 2 {
		t.Errorf("suggests %v", got)
	}
	if got := s.Suggest("led", 9); len(got) != 1 || got[0].Text != "LED" {
		t.Errorf("suggests %v", got)
	}
	if got := w.Index().Words(2); len(got) != 1 {
		t.Errorf("frequent words %v", got)
	}
}
