package retrieval

import (
	"bytes"
	"runtime"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// The number of processors changes nothing: neither an index, nor its vectors, nor what is found,
// asked one by one or all at once. Not parallel to other tests, since it sets that number.
func TestProcessorsChangeNothing(t *testing.T) {
	var queries []string
	for i := range 40 {
		queries = append(queries, someText(uint64(i)+3e6, 1+i%30))
	}
	queries = append(queries, "", "unheard")
	var first []byte
	var want [][]Hit
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(n)
		w := someIndex(t, 5000)
		if !w.Learn() {
			t.Fatal("nothing learned")
		}
		ix := w.Index()
		var b bytes.Buffer
		if err := ix.WriteSnapshot(&b); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		} else if !bytes.Equal(first, b.Bytes()) {
			t.Fatalf("with %d processors the index differs", n)
		}
		o := Options{Top: 10, Weights: Weights{Share: 1, Cover: 0.1, Near: 0.2},
			Within: ix.Select(func(id string) bool { return id[len(id)-1] != '3' })}
		asked := make([]*Query, len(queries))
		one := make([][]Hit, len(queries))
		for i, text := range queries {
			asked[i] = ix.Query(testAnalyzer(), []string{text}, QueryOptions{Fields: []float64{1}})
			one[i] = ix.Search(asked[i], o)
		}
		if want == nil {
			want = one
		}
		if diff := gocmp.Diff(want, one); diff != "" {
			t.Fatalf("with %d processors:\n%s", n, diff)
		}
		if diff := gocmp.Diff(one, ix.SearchAll(asked, o)); diff != "" {
			t.Fatalf("all at once, with %d processors:\n%s", n, diff)
		}
	}
}

// Without tiles many queries find the same.
func TestRowsAreTiles(t *testing.T) {
	t.Parallel()
	w := someIndex(t, 1500)
	if !w.Learn() {
		t.Fatal("nothing learned")
	}
	ix := w.Index()
	var queries []*Query
	for i := range 30 {
		queries = append(queries, ix.Query(testAnalyzer(), []string{someText(uint64(i)+3e6, 9)}, QueryOptions{Fields: []float64{1}}))
	}
	tiles, rows := newDenseBatch(ix.space.dim, queries, 20), newDenseBatch(ix.space.dim, queries, 20)
	tiles.byTiles(ix, nil)
	rows.byRows(ix, nil)
	for i := range queries {
		tiles.near[i].cut()
		rows.near[i].cut()
		if diff := gocmp.Diff(rows.near[i].list, tiles.near[i].list, gocmp.AllowUnexported(nearDoc{})); diff != "" {
			t.Fatalf("query %d:\n%s", i, diff)
		}
	}
}
