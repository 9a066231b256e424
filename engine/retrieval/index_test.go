package retrieval

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// someText makes text of words that are the rarer the larger their number, the same for a seed.
func someText(seed uint64, words int) string {
	n := seed*0x9e3779b97f4a7c15 + 1
	var out strings.Builder
	for range words {
		n = n*6364136223846793005 + 1442695040888963407
		x := float64(n>>40) / (1 << 24)
		fmt.Fprintf(&out, "w%d ", int(math.Exp(x*7)))
	}
	return out.String()
}

func someDocs(n int) []Document {
	docs := make([]Document, n)
	for i := range docs {
		docs[i] = Document{fmt.Sprint("d", i), []string{someText(uint64(i), 5), someText(uint64(i)+1e6, 10+i%40)}}
	}
	return docs
}

func testSettings() Settings {
	set := SearchSettings()
	set.Fields = []float64{2, 1}
	return set
}

// someIndex has several segments and deleted documents.
func someIndex(t testing.TB, n int) *Writer {
	t.Helper()
	w := NewWriter(testAnalyzer(), testSettings())
	docs := someDocs(n)
	for part := range slices.Chunk(docs, n/3+1) {
		if err := w.Add(context.Background(), part, nil); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < n; i += 17 {
		w.Delete(docs[i].ID)
	}
	return w
}

// sums returns what collect should, by looking at every document.
func sums(ix *Index, q *Query, most int, scope Scope) []candidate {
	var out []candidate
	for doc := range ix.Max() {
		seg, local := ix.locate(doc)
		if !ix.alive(seg, local) || scope != nil && !scope(doc) {
			continue
		}
		g := ix.segs[seg]
		sum := uint32(0)
		for _, t := range q.terms {
			if m := g.find(t.id); m == nil || t.minor || m.top == 0 {
				continue
			} else if m.top&isColumn != 0 {
				sum += uint32(g.column(m)[local]) * uint32(t.step)
			} else {
				lo, hi := int(m.first), int(m.first+m.count)
				if i := search(g.docs, lo, hi, uint16(local)); i < hi && docAt(g.docs, i) == uint16(local) {
					sum += uint32(g.imps[i]) * uint32(t.step)
				}
			}
		}
		if sum > 0 {
			out = append(out, candidate{doc, sum})
		}
	}
	slices.SortFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
	})
	return out[:min(most, len(out))]
}

// MaxScore finds exactly what looking at every document finds, whatever the query, the number
// wanted and the scope, and no sum passes two bytes.
func TestMaxScoreIsExhaustive(t *testing.T) {
	t.Parallel()
	ix := someIndex(t, 9000).Index()
	if len(ix.segs) < 2 || ix.gone == 0 {
		t.Fatalf("%d segments, %d deleted", len(ix.segs), ix.gone)
	}
	var s searcher
	var h hunt
	collect := func(q *Query, most int, scope Scope) []candidate {
		h.begin(ix, q, most, scope)
		for seg := range ix.segs {
			s.segment(ix, &h, seg)
		}
		slices.SortFunc(h.heap.list, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
		})
		return h.heap.list
	}
	for i := range 300 {
		q := ix.Query(testAnalyzer(), []string{someText(uint64(i)+5e6, 1+i%60)}, QueryOptions{Fields: []float64{1}})
		var scope Scope
		if i%3 == 0 {
			scope = func(doc int) bool { return doc%(i%7+2) == 0 }
		}
		most := 1 + i%120
		want := sums(ix, q, most, scope)
		if got := collect(q, most, scope); !slices.Equal(got, want) {
			t.Fatalf("query %d, %d wanted: got %v\nwant %v", i, most, got, want)
		}
		total := 0
		for _, x := range q.terms {
			total += int(x.step) * maxImpact
		}
		if total > math.MaxUint16 {
			t.Fatalf("query %d may sum up to %d", i, total)
		}
	}
}

// The best of an exact search over all documents are nearly always among those found: candidates
// by rough impacts lose next to nothing.
func TestSearchFindsTheExactBest(t *testing.T) {
	t.Parallel()
	ix := someIndex(t, 3000).Index()
	all := make([]int, 0, ix.Max())
	for doc := range ix.Max() {
		if ix.Has(doc) {
			all = append(all, doc)
		}
	}
	missed, wanted := 0, 0
	for i := range 100 {
		q := ix.Query(testAnalyzer(), []string{someText(uint64(i)+7e6, 30)}, QueryOptions{Fields: []float64{1}})
		w := Weights{Share: 1}
		exact := ix.Score(q, all, w)
		slices.SortFunc(exact, func(a, b Hit) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Doc, b.Doc))
		})
		got := ix.Search(q, Options{Top: 10, Weights: w})
		for k, h := range exact[:10] {
			wanted++
			if k >= len(got) || got[k].Score < h.Score-1e-12 {
				missed++
			}
		}
	}
	if missed*200 > wanted {
		t.Errorf("%d of %d missed", missed, wanted)
	}
}

// The same documents make the same index to the last byte, vectors included, on any machine.
func TestSameDocumentsSameIndex(t *testing.T) {
	t.Parallel()
	var a, b bytes.Buffer
	for _, out := range []*bytes.Buffer{&a, &b} {
		w := someIndex(t, 2000)
		w.Learn()
		if err := w.Index().WriteSnapshot(out); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two indexes differ")
	}
}

func ids(hits []Hit) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = h.ID
	}
	return out
}

func TestWriterReplacesAndDeletes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := NewWriter(testAnalyzer(), testSettings())
	find := func(text string) []string {
		ix := w.Index()
		q := ix.Query(testAnalyzer(), []string{text}, QueryOptions{Fields: []float64{1}})
		return ids(ix.Search(q, Options{Top: 10, Weights: Weights{Share: 1}}))
	}
	check := func(text string, want ...string) {
		t.Helper()
		if got := find(text); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	check("锂电池")
	add := func(docs ...Document) {
		t.Helper()
		if err := w.Add(ctx, docs, nil); err != nil {
			t.Fatal(err)
		}
	}
	add(Document{"a", []string{"锂电池负极", ""}}, Document{"b", []string{"透气砖", ""}},
		Document{"a", []string{"金刚石", ""}})
	check("锂电池")
	check("金刚石", "a")
	before := w.Index()
	add(Document{"b", []string{"锂电池", ""}})
	check("透气砖")
	check("锂电池", "b")
	w.Delete("b", "unknown")
	check("锂电池")
	if n := w.Index().Len(); n != 1 {
		t.Errorf("%d documents", n)
	}
	if before.Len() != 2 || before.ID(0) != "b" {
		t.Error("an earlier index has changed")
	}
	done, stop := context.WithCancel(ctx)
	stop()
	if err := w.Add(done, []Document{{"c", []string{"透气砖", ""}}}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("add after the end: %v", err)
	}
	check("透气砖")
}

// Many small additions leave few segments, and the same answers as one large one.
func TestMergesKeepAnswers(t *testing.T) {
	t.Parallel()
	docs := someDocs(600)
	one, many := NewWriter(testAnalyzer(), testSettings()), NewWriter(testAnalyzer(), testSettings())
	if err := one.Add(t.Context(), docs, nil); err != nil {
		t.Fatal(err)
	}
	for i := range docs {
		if err := many.Add(t.Context(), docs[i:i+1], nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(many.Index().segs); n > 4*maxSmall {
		t.Errorf("%d segments", n)
	}
	for i := range 50 {
		text := []string{someText(uint64(i)+9e6, 12)}
		answer := func(w *Writer) map[string]int64 {
			ix := w.Index()
			q := ix.Query(testAnalyzer(), text, QueryOptions{Fields: []float64{1}})
			out := map[string]int64{}
			for _, h := range ix.Search(q, Options{Top: 20, Pool: 600, Weights: Weights{Share: 1}}) {
				out[h.ID] = int64(math.Round(h.Score * 1e9))
			}
			return out
		}
		if diff := gocmp.Diff(answer(one), answer(many)); diff != "" {
			t.Fatalf("query %d:\n%s", i, diff)
		}
	}
}

// A snapshot gives the same index, goes on growing, and is the same bytes again.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	w := someIndex(t, 400)
	if !w.Learn() {
		t.Fatal("nothing learned")
	}
	var first, second bytes.Buffer
	if err := w.Index().WriteSnapshot(&first); err != nil {
		t.Fatal(err)
	}
	data := first.Bytes()
	read, err := ReadSnapshot(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := read.WriteSnapshot(&second); err != nil || !bytes.Equal(data, second.Bytes()) {
		t.Errorf("the copy differs (%v)", err)
	}
	text := []string{someText(77, 12)}
	answer := func(ix *Index) []Hit {
		q := ix.Query(testAnalyzer(), text, QueryOptions{Fields: []float64{1}})
		return ix.Search(q, Options{Top: 20, Weights: SearchWeights})
	}
	if diff := gocmp.Diff(answer(w.Index()), answer(read)); diff != "" {
		t.Error(diff)
	}
	again := Open(testAnalyzer(), read)
	if err := again.Add(t.Context(), []Document{{"new", []string{"w9999", ""}}}, nil); err != nil {
		t.Fatal(err)
	}
	again.Delete("d1")
	if got, want := again.Index().Len(), w.Index().Len(); got != want {
		t.Errorf("%d documents, want %d", got, want)
	}
	for i := 0; i < len(data); i += 1 + len(data)/500 {
		bad := slices.Clone(data)
		bad[i] ^= 0x41
		if _, err := ReadSnapshot(bytes.NewReader(bad)); !errors.Is(err, ErrSnapshot) {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
		if _, err := ReadSnapshot(bytes.NewReader(data[:i])); !errors.Is(err, ErrSnapshot) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
	if _, err := ReadSnapshot(bytes.NewReader(append(data, 0))); !errors.Is(err, ErrSnapshot) {
		t.Errorf("with a byte more: %v", err)
	}
}

// No bytes make the reader fail otherwise than with ErrSnapshot. The checksum is made right, so
// that the checks behind it are reached.
func FuzzReadSnapshot(f *testing.F) {
	var b bytes.Buffer
	w := NewWriter(testAnalyzer(), testSettings())
	if err := w.Add(f.Context(), someDocs(3), nil); err != nil {
		f.Fatal(err)
	}
	if err := w.Index().WriteSnapshot(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4 {
			data = sealed(data[:len(data)-4])
		}
		ix, err := ReadSnapshot(bytes.NewReader(data))
		if err != nil {
			if !errors.Is(err, ErrSnapshot) {
				t.Fatal(err)
			}
			return
		}
		q := ix.Query(testAnalyzer(), []string{"w1 w2 w3 w7"}, QueryOptions{Fields: []float64{1}})
		for _, h := range ix.Search(q, Options{Top: 5, Weights: SearchWeights}) {
			if math.IsNaN(h.Score) {
				t.Fatal("a score is no number")
			}
			ix.Reasons(q, &h)
		}
	})
}
