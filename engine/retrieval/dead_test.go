package retrieval

import (
	"context"
	"fmt"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// Documents that were deleted, or replaced, leave no trace in the scores of others.
func TestDeletedDocumentsCountForNothing(t *testing.T) {
	t.Parallel()
	docs := someDocs(400)
	plain, worn := NewWriter(testAnalyzer(), testSettings()), NewWriter(testAnalyzer(), testSettings())
	add := func(w *Writer, docs []Document) {
		if err := w.Add(context.Background(), docs, nil); err != nil {
			t.Fatal(err)
		}
	}
	add(plain, docs[:300])
	add(worn, docs[:300])
	add(worn, docs[300:])
	for i := range 100 {
		worn.Delete(fmt.Sprint("d", 300+i))
	}
	for i := range 300 {
		q := []string{someText(uint64(i)+9e6, 1+i%30)}
		o := QueryOptions{Fields: []float64{1}}
		var got [2][]Hit
		for k, w := range []*Writer{plain, worn} {
			ix := w.Index()
			got[k] = ix.Search(ix.Query(testAnalyzer(), q, o), Options{Top: 20, Weights: Weights{Share: 1, Cover: 1}})
			for n := range got[k] {
				h := &got[k][n]
				h.Doc, h.Score = 0, float64(int(h.Score*1e9))
				h.Signals = Signals{}
			}
		}
		if diff := gocmp.Diff(got[0], got[1]); diff != "" {
			t.Fatalf("query %d: %s", i, diff)
		}
	}
}
