//go:build onnx

package onnx_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/embed/onnx"
	"github.com/yuntu-city/yuntu/internal/embed/onnx/onnxtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

var _ retrieval.Embedder = (*onnx.Model)(nil)

// The vectors of [PAD], [UNK], [CLS], [SEP], and of these.
var (
	pieces = []string{"水", "泵", "茶", "tea", "##s"}
	table  = [][]float32{{9, 9}, {0, 0}, {1, 0}, {0, 1}, {4, 1}, {5, 0}, {0, 4}, {-1, 6}, {0, 2}}
)

func library(t testing.TB) string {
	t.Helper()
	name := os.Getenv(onnxtest.Library)
	if name == "" {
		t.Skipf("%s names no library of ONNX Runtime", onnxtest.Library)
	}
	return name
}

func open(t *testing.T, g onnxtest.Graph, files ...string) *onnx.Model {
	t.Helper()
	m, err := onnx.Open(onnx.Options{Folder: onnxtest.Folder(t, g, pieces, files...), Library: library(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// A library that is not there is named. Once one is loaded no second is: it cannot be unloaded under the
// models that use it.
func TestLibrary(t *testing.T) {
	other := onnx.Options{Folder: t.TempDir(), Library: "/none/libonnxruntime.so"}
	lib := library(t)
	if _, err := onnx.Open(other); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), other.Library) {
		t.Errorf("%v", err)
	}
	open(t, onnxtest.Graph{Vectors: table})
	_, err := onnx.Open(other)
	said := fmt.Sprintf("已载入 ONNX Runtime 的库“%s”，不能再载入“%s”", lib, other.Library)
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), said) {
		t.Errorf("%v", err)
	}
}

// near reports whether got is the direction of want.
func near(got []float32, x, y float64) bool {
	n := math.Hypot(x, y)
	return len(got) == 2 && math.Abs(float64(got[0])-x/n) < 1e-6 && math.Abs(float64(got[1])-y/n) < 1e-6
}

// Models of either kind give the vectors of their tables, whatever the lengths of the texts beside.
func TestRun(t *testing.T) {
	texts := []string{"水泵水泵水泵水泵", "", "teas", "水"}
	cls := [][2]float64{{1, 0}, {1, 0}, {1, 0}, {1, 0}}
	mean := [][2]float64{{1 + 4*9, 1 + 4}, {1, 1}, {0, 9}, {5, 2}}
	for name, c := range map[string]struct {
		g     onnxtest.Graph
		files []string
		want  [][2]float64
	}{
		"mean":        {onnxtest.Graph{}, nil, mean},
		"with types":  {onnxtest.Graph{Types: true}, nil, mean},
		"cls":         {onnxtest.Graph{}, []string{"embedder.json", `{"pooling":"cls"}`}, cls},
		"pooled":      {onnxtest.Graph{Pooled: true}, nil, cls},
		"own name":    {onnxtest.Graph{Output: "out"}, nil, mean},
		"wanted name": {onnxtest.Graph{Output: "out"}, []string{"embedder.json", `{"output":"out"}`}, mean},
		"prefix": {onnxtest.Graph{}, []string{"embedder.json", `{"prefix":"茶茶"}`},
			[][2]float64{{1 + 4*9, 1 + 4 + 8}, {1, 9}, {0, 17}, {5, 10}}},
	} {
		c.g.Vectors = table
		m := open(t, c.g, c.files...)
		got, err := m.Embed(t.Context(), texts)
		if err != nil || len(got) != len(texts) {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		for i, w := range c.want {
			if !near(got[i], w[0], w[1]) {
				t.Errorf("%s: %q is %v, want the direction of %v", name, texts[i], got[i], w)
			}
		}
	}
}

// What a model cannot be used for is said in words, and nothing is left behind.
func TestModelRefused(t *testing.T) {
	lib := library(t)
	plain := onnxtest.Graph{Vectors: table}
	for want, c := range map[string]struct {
		g     onnxtest.Graph
		files []string
	}{
		"模型需要的输入“position_ids”不支持":      {onnxtest.Graph{Vectors: table, Extra: "position_ids"}, nil},
		"模型需要的输入“input_ids”不支持":         {onnxtest.Graph{Vectors: table, Element: onnxtest.Int32}, nil},
		"模型没有可用的输出“other”":              {plain, []string{"embedder.json", `{"output":"other"}`}},
		"模型目录中的“model.onnx”有误：":         {plain, []string{"model.onnx", "hello"}},
		"模型目录中的“none.onnx”有误：":          {plain, []string{"embedder.json", `{"model":"none.onnx"}`}},
		"模型目录中的“vocab.txt”有误：wordpiece": {plain, []string{"vocab.txt", "a\nb"}},
	} {
		_, err := onnx.Open(onnx.Options{Folder: onnxtest.Folder(t, c.g, pieces, c.files...), Library: lib})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A vocabulary larger than the model's is an error of the run, not of the program.
func TestPieceBeyondTable(t *testing.T) {
	m := open(t, onnxtest.Graph{Vectors: table[:5]})
	if _, err := m.Embed(t.Context(), []string{"茶"}); err == nil || !strings.Contains(err.Error(), "embed: ") {
		t.Errorf("%v", err)
	}
	if _, err := m.Embed(t.Context(), []string{"水"}); err != nil {
		t.Errorf("after it: %v", err)
	}
}

// Many ask at once, and who has gone is not answered.
func TestTogether(t *testing.T) {
	m := open(t, onnxtest.Graph{Vectors: table, Types: true})
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 20 {
				got, err := m.Embed(t.Context(), []string{strings.Repeat("茶", 1+i), "水"})
				if err != nil || !near(got[1], 5, 2) || !near(got[0], 1, 1+4*float64(1+i)) {
					t.Errorf("%d: %v, %v", i, got, err)
				}
			}
		})
	}
	group.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Embed(ctx, []string{"水"}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if got, err := m.Embed(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("no text: %v, %v", got, err)
	}
}

// ideographs are n different ones.
func ideographs(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = string(rune(0x4e00 + i))
	}
	return out
}

// openTransformer opens a model of the shape of real ones, whose pieces are ideographs.
func openTransformer(t testing.TB, layers, dim int64) (*onnx.Model, []string) {
	t.Helper()
	lib, pieces := library(t), ideographs(1000)
	graph := onnxtest.Transformer{
		Pieces: int64(len(onnxtest.Special) + len(pieces)), Layers: layers, Dim: dim, Heads: 8, Inner: 4 * dim}
	m, err := onnx.Open(onnx.Options{Library: lib, Folder: onnxtest.Folder(t, onnxtest.Graph{Vectors: table}, pieces,
		"model.onnx", string(graph.Bytes()))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m, pieces
}

// A text has the same vector alone and beside longer ones, with attention between all pieces.
func TestTransformer(t *testing.T) {
	m, pieces := openTransformer(t, 2, 64)
	short, long := strings.Join(pieces[:7], ""), strings.Join(pieces[3:400], "")
	alone, err := m.Embed(t.Context(), []string{short})
	if err != nil {
		t.Fatal(err)
	}
	beside, err := m.Embed(t.Context(), []string{long, short, ""})
	if err != nil {
		t.Fatal(err)
	}
	same, other := 0.0, 0.0
	for i, x := range alone[0] {
		same += float64(x) * float64(beside[1][i])
		other += float64(x) * float64(beside[0][i])
	}
	if same < 0.9999 || other > 0.99 || len(alone[0]) != 64 {
		t.Errorf("likeness with itself %v, with another %v, %d numbers", same, other, len(alone[0]))
	}
}

// Texts of a need's length take a small model (4 layers, 512 numbers, as small ones for Chinese have) the
// time of its arithmetic.
func BenchmarkEmbed(b *testing.B) {
	m, pieces := openTransformer(b, 4, 512)
	for _, mean := range []int{20, 200, 500} {
		texts := make([]string, 64)
		for i := range texts {
			texts[i] = strings.Join(pieces[:mean/2+mean*i/len(texts)], "")
		}
		b.Run(fmt.Sprintf("characters=%d", mean), func(b *testing.B) {
			for b.Loop() {
				if _, err := m.Embed(b.Context(), texts); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(texts)*b.N)/b.Elapsed().Seconds(), "texts/s")
		})
	}
}
