package indexfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// What was saved is found in the file, saving again leaves an open file as it was, a damaged file
// is refused, and nothing but the file is left.
func TestSaveAndOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "posts.index")
	a := retrieval.NewAnalyzer(hanzi.DefaultSegmenter())
	w := retrieval.NewWriter(a, retrieval.SearchSettings())
	add := func(n int) {
		t.Helper()
		doc := retrieval.Document{ID: fmt.Sprint(n), Fields: []string{fmt.Sprintf("锂电池 x%d", n)}}
		if err := w.Add(t.Context(), []retrieval.Document{doc}, nil); err != nil {
			t.Fatal(err)
		}
		if err := Save(path, w.Index()); err != nil {
			t.Fatal(err)
		}
	}
	find := func(ix *retrieval.Index) int {
		q := ix.Query(a, []string{"锂电池"}, retrieval.QueryOptions{Fields: []float64{1}})
		return len(ix.Search(q, retrieval.Options{Top: 10, Weights: retrieval.SearchWeights}))
	}
	add(1)
	old, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	add(2)
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if find(old.Index) != 1 || find(f.Index) != 2 {
		t.Errorf("found %d and %d", find(old.Index), find(f.Index))
	}
	more := retrieval.Open(a, f.Index) // goes on in memory
	doc := retrieval.Document{ID: "3", Fields: []string{"锂电池"}}
	if err := more.Add(t.Context(), []retrieval.Document{doc}, nil); err != nil || find(more.Index()) != 3 {
		t.Errorf("found %d, %v", find(more.Index()), err)
	}
	if err := errors.Join(old.Close(), f.Close()); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%d files, %v", len(entries), err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{nil, data[:len(data)/2], append(data, 0)} {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); !errors.Is(err, retrieval.ErrSnapshot) {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
	if _, err := Open(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if err := Save(filepath.Join(dir, "none", "x"), w.Index()); err == nil {
		t.Error("saved into a folder that is not there")
	}
}
