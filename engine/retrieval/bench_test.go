package retrieval

import (
	"testing"
)

// hanText makes text of words of two characters, frequent and rare.
func hanText(seed, words int) string {
	chars := []rune("新能源材料电池高分子陶瓷合金纤维薄膜涂层激光传感器光学晶体半导体芯片封装检测控制系统机器人农业种植灌溉土壤肥料饲料兽药养殖水产果蔬加工冷链保鲜发酵菌蛋白多糖提取分离纯化")
	n := uint64(seed)*0x9e3779b97f4a7c15 + 1
	var out []rune
	for range words {
		n = n*6364136223846793005 + 1442695040888963407
		k := int(n>>33) % (1 + int(n>>20)%2000)
		out = append(out, chars[k%len(chars)], chars[k*31/7%len(chars)])
	}
	return string(out)
}

func benchIndex(b *testing.B, n int) *Writer {
	b.Helper()
	w := NewWriter(testAnalyzer(), testSettings())
	docs := make([]Document, n)
	for i := range docs {
		docs[i] = Document{hanText(i, 3) + string(rune(i)), []string{hanText(i, 10), hanText(i+1e6, 90)}}
	}
	if err := w.Add(b.Context(), docs, nil); err != nil {
		b.Fatal(err)
	}
	return w
}

func BenchmarkTokens(b *testing.B) {
	a, text := testAnalyzer(), hanText(1, 100)
	b.SetBytes(int64(len(text)))
	var dst []Token
	for b.Loop() {
		dst = a.Tokens(dst[:0], text)
	}
}

func BenchmarkQuery(b *testing.B) {
	ix := benchIndex(b, 10_000).Index()
	a, text := testAnalyzer(), []string{hanText(5e6, 100)}
	for b.Loop() {
		ix.Query(a, text, QueryOptions{Fields: []float64{1}})
	}
}

func BenchmarkSearch(b *testing.B) {
	ix := benchIndex(b, 10_000).Index()
	q := ix.Query(testAnalyzer(), []string{hanText(5e6, 100)}, QueryOptions{Fields: []float64{1}})
	for b.Loop() {
		ix.Search(q, Options{Top: 10, Weights: Weights{Share: 1}})
	}
}

func BenchmarkHybrid(b *testing.B) {
	w := benchIndex(b, 10_000)
	w.Learn()
	ix := w.Index()
	q := ix.Query(testAnalyzer(), []string{hanText(5e6, 100)}, QueryOptions{Fields: []float64{1}})
	for b.Loop() {
		ix.Search(q, Options{Top: 10, Weights: SearchWeights})
	}
}

func BenchmarkLearn(b *testing.B) {
	w := benchIndex(b, 10_000)
	for b.Loop() {
		w.Learn()
	}
}

func BenchmarkAdd(b *testing.B) {
	docs := make([]Document, 4000)
	for i := range docs {
		docs[i] = Document{hanText(i, 3) + string(rune(i)), []string{hanText(i, 10), hanText(i+1e6, 90)}}
	}
	a := testAnalyzer()
	for b.Loop() {
		if err := NewWriter(a, testSettings()).Add(b.Context(), docs, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(docs)*b.N)/b.Elapsed().Seconds(), "docs/s")
}
