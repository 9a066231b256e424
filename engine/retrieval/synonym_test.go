package retrieval_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// A list is dated, may name sources, and its phrases become words of an analyzer that is given it.
func TestSynonyms(t *testing.T) {
	a := retrieval.NewAnalyzer(hanzi.DefaultSegmenter())
	text := "# remark\n2024-01-01\t冶金，炼钢\t某标准\n2030-01-01 甲醇,木醇\n人工智能,AI\n数控转塔冲床,冲床\n"
	s, err := retrieval.ReadSynonyms(a, strings.NewReader(text), "2026-01-31")
	if err != nil {
		t.Fatal(err)
	}
	for term, want := range map[string]string{"冶金": "炼钢", "ai": "人工智能", "甲醇": "", "冲床": "数控转塔冲床"} {
		var got []string
		for _, x := range s.Expand(nil, term) {
			got = append(got, x.Term)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s expands to %v, want %s", term, got, want)
		}
	}
	joined := func(a *retrieval.Analyzer) bool {
		return slices.ContainsFunc(a.Tokens(nil, "一台数控转塔冲床"), func(x retrieval.Token) bool {
			return x.Term == "数控转塔冲床"
		})
	}
	if joined(a) || !joined(a.With(s)) {
		t.Error("a phrase of the list is no word")
	}
	for _, bad := range []string{"单独", "甲,,", "two words,一词"} {
		if _, err := retrieval.ReadSynonyms(a, strings.NewReader(bad), ""); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	d, err := retrieval.DefaultSynonyms(a, "2026-11-28")
	if err != nil || len(d.Expand(nil, "led")) != 1 {
		t.Errorf("the embedded list: %v, %v", d, err)
	}
	if early, err := retrieval.DefaultSynonyms(a, "2026-10-31"); err != nil || len(early.Expand(nil, "led")) != 0 {
		t.Errorf("the embedded list holds before its date: %v", err)
	}
}
