package retrieval_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// topics is an embedder that knows of which of two topics a text is.
type topics struct {
	broken []float32
	err    error
}

func (e topics) Embed(_ context.Context, texts []string) ([][]float32, error) {
	var out [][]float32
	for i, text := range texts {
		v := []float32{0.1, 1}
		if strings.Contains(text, "泵") || strings.Contains(text, "电机") {
			v = []float32{2, 0.2}
		}
		if i == 1 && e.broken != nil {
			v = e.broken
		}
		out = append(out, v)
	}
	return out, e.err
}

// Vectors from outside find what no word does, and what cannot be vectors is refused.
func TestOutside(t *testing.T) {
	offers := []retrieval.Post{{ID: "motor", Title: "电机转子动平衡"}, {ID: "tea", Title: "红茶发酵"}, {ID: "wheat", Title: "小麦育种"}}
	need := []retrieval.Post{{ID: "n", Title: "水泵运行气堵"}}
	e := topics{}
	if err := retrieval.EmbedPosts(t.Context(), e, offers); err != nil {
		t.Fatal(err)
	}
	if err := retrieval.EmbedPosts(t.Context(), e, need); err != nil {
		t.Fatal(err)
	}
	for weight, want := range map[float64]int{0: 0, 0.3: 2} {
		m, err := retrieval.NewMatcher(t.Context(), retrieval.NewAnalyzer(hanzi.DefaultSegmenter()), offers, nil,
			retrieval.MatchOptions{Settings: retrieval.MatchSettings(), Top: 2, Reasons: true,
				Query:   retrieval.QueryOptions{Fields: retrieval.MatchFields},
				Weights: retrieval.Weights{Share: 1, Outside: weight}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := m.Match(&need[0])
		if len(got) != want || want > 0 && (got[0].ID != "motor" || math.Abs(got[0].Signals.Outside-1) > 0.01) {
			t.Errorf("weight %v: %+v", weight, got)
		}
		if want > 0 && (len(got[0].Reasons) != 1 || got[0].Reasons[0].Zh != "向量模型认为意思相近（相近度 1.00）" ||
			len(got[1].Reasons) != 0) {
			t.Errorf("reasons: %+v, %+v", got[0].Reasons, got[1].Reasons)
		}
		err = m.All(t.Context(), need, nil, func(_ *retrieval.Post, all []retrieval.Match) error {
			if len(all) != want {
				t.Errorf("weight %v, all: %+v", weight, all)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	nan := float32(math.NaN())
	for _, bad := range []topics{{broken: []float32{1}}, {broken: []float32{1, nan}}, {broken: []float32{}}, {err: errors.New("away")}} {
		if err := retrieval.EmbedPosts(t.Context(), bad, offers); err == nil {
			t.Errorf("%v is accepted", bad)
		}
	}
}
