package cli_test

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/cli"
	"github.com/yuntu-city/yuntu/test/score"
)

// sharedData returns a folder of judged data, which lies beside the repository, and skips the test
// where it does not.
func sharedData(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("YUNTU_SHARED")
	if root == "" {
		root = filepath.FromSlash("../../../shared")
	}
	dir := filepath.Join(root, "data", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no judged data: %v", err)
	}
	return dir
}

// evaluated runs yuntu eval and returns its figures.
func evaluated(t *testing.T, args ...string) map[string]float64 {
	t.Helper()
	var out, errw bytes.Buffer
	args = append([]string{"eval", "--json", "--quiet"}, args...)
	if code := cli.Run(t.Context(), args, nil, &out, &errw); code != 0 {
		t.Fatalf("status %d: %s", code, &errw)
	}
	figures := map[string]float64{}
	if err := json.Unmarshal(out.Bytes(), &figures); err != nil {
		t.Fatal(err)
	}
	return figures
}

// The figures of docs/evaluation.md hold: matching on judged needs and achievements, as a whole and
// by halves, of which only one was looked at for the choice of weights.
func TestMatchingFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	dir := sharedData(t, "needs-achievements")
	judged := filepath.Join(dir, "qrels.tsv")
	run := func(qrels string) float64 {
		return evaluated(t, "--match", "--pool", "--gain", "levels", "--qrels", qrels, "--queries",
			filepath.Join(dir, "needs.jsonl"), "--docs", filepath.Join(dir, "achievements.jsonl"))["ndcg@10"]
	}
	for i, half := range halves(t, judged) {
		t.Logf("half %d: nDCG@10 %.4f", i, run(half))
	}
	got := run(judged)
	score.Record(t, score.Result{Name: "matching", Subject: "Search and matching", Value: got, Wanted: 0.68,
		What: "nDCG@10, needs with achievements, judged pool", Command: "go test ./internal/cli -run Figures"})
	if got < 0.68 {
		t.Errorf("nDCG@10 %.4f, want 0.68", got)
	}
}

// halves writes the judgements of each half of the queries to a file of its own. A query belongs to
// the half that bit 7 of the FNV-1 hash of its id names.
func halves(t *testing.T, qrels string) [2]string {
	t.Helper()
	data, err := os.ReadFile(qrels)
	if err != nil {
		t.Fatal(err)
	}
	var parts [2]strings.Builder
	for line := range strings.Lines(string(data)) {
		id, _, _ := strings.Cut(line, "\t")
		h := fnv.New32()
		h.Write([]byte(id))
		parts[h.Sum32()>>7&1].WriteString(line)
	}
	var files [2]string
	for i := range parts {
		files[i] = filepath.Join(t.TempDir(), "half.tsv")
		if err := os.WriteFile(files[i], []byte(parts[i].String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// Search on scientific abstracts, with the published split for tests.
func TestSearchFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	dir := sharedData(t, "scifact")
	got := evaluated(t, "--qrels", filepath.Join(dir, "qrels", "test.tsv"), "--queries",
		filepath.Join(dir, "queries.jsonl"), "--docs", filepath.Join(dir, "corpus.jsonl"))["ndcg@10"]
	score.Record(t, score.Result{Name: "search", Subject: "Search and matching", Value: got, Wanted: 0.67,
		What: "nDCG@10, SciFact, test", Command: "go test ./internal/cli -run Figures"})
	if t.Logf("nDCG@10 %.4f", got); got < 0.67 {
		t.Errorf("nDCG@10 %.4f, want 0.67", got)
	}
}
