package app_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/process"
)

// docs/processes is what the definitions say: no page is stale, missing or left over.
func TestProcessPagesCurrent(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "processes")
	want := process.Pages(app.Processes())
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/processes is stale; go run ./cmd/dev docs (-definitions +files):\n%s", diff)
	}
}
