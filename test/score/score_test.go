package score_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/test/score"
)

var update = flag.Bool("update", false, "make docs/scoreboard.md of docs/results")

// The scoreboard says what the result files say, and nothing else.
func TestScoreboard(t *testing.T) {
	t.Parallel()
	docs := filepath.Join(score.Root(t), "docs")
	list, err := score.Read(filepath.Join(docs, "results"))
	if err != nil || len(list) == 0 {
		t.Fatalf("%d results, %v", len(list), err)
	}
	path, want := filepath.Join(docs, "scoreboard.md"), score.Page(list)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("run go test ./test/score -update (-want +got):\n%s", d)
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	page := score.Page([]score.Result{
		{Subject: "A", What: "found", Value: 0.97649, Wanted: 0.95, Command: "go test -run 'X|Y'", Day: "2026-11-29"},
		{Subject: "B", What: "slowest", Value: 120, Unit: "ms", Wanted: 100, AtMost: true, Command: "go test", Day: "2026-11-29"},
	})
	for _, want := range []string{
		"## A\n\n| what | reached | wanted | | measured | command |\n|---|---|---|---|---|---|\n" +
			"| found | 0.976 | ≥ 0.95 | reached | 2026-11-29 | `go test -run 'X\\|Y'` |\n",
		"| slowest | 120 ms | ≤ 100 ms | **not reached** | 2026-11-29 | `go test` |\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

// A file that no evaluation wrote is refused.
func TestRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"other.json": `{"name":"a","subject":"A","command":"go test"}`,
		"a.json": `{"name":"a","subject":"A"}`, "b.json": `0.976`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if list, err := score.Read(dir); err == nil {
			t.Errorf("%s: %+v", name, list)
		}
	}
}
