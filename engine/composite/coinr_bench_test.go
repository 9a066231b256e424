package composite

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/test/score"
)

// coinrRuns is how many times the R package builds the example.
const coinrRuns = 20

// BenchmarkCOINr builds the example of 51 × 49 with all its steps here and with the R package COINr, one after
// the other, requires equal scores at every level and equal ranks, and tells how many times faster this is:
// at least 50 is wanted. Without R and the package it is left out.
func BenchmarkCOINr(b *testing.B) {
	spec, data := asemSpec(b)
	if out, err := exec.Command("Rscript", "-e", "library(COINr)").CombinedOutput(); err != nil {
		b.Skipf("not compared with COINr: Rscript -e 'library(COINr)' says %v %s; R and the package COINr are needed "+
			"(R_LIBS names the folder of a package that is not in R's own)", err, bytes.TrimSpace(out))
	}
	r := runCOINr(b)
	built, err := Run(spec, data)
	if err != nil {
		b.Fatal(err)
	}
	worst := r.compare(b, built)
	var took []time.Duration
	for b.Loop() {
		at := time.Now()
		if _, err := Run(spec, data); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(at))
	}
	slices.Sort(took)
	ours := took[len(took)/2].Seconds()
	times := r.clock / ours
	b.ReportMetric(r.clock*1000, "coinr-ms")
	b.ReportMetric(r.cpu*1000, "coinr-cpu-ms")
	b.ReportMetric(times, "times-faster")
	b.ReportMetric(r.cpu/ours, "times-faster-cpu")
	b.ReportMetric(worst, "largest-difference")
	b.Logf("%s: median of %d runs %.1f ms, %.1f ms of processor time; here %.3f ms; largest difference %g",
		r.version, coinrRuns, r.clock*1000, r.cpu*1000, ours*1000, worst)
	if r.cpu/ours < 50 { // the clock of a busy machine says less
		b.Errorf("%.1f times as fast as COINr, at least 50 is wanted", r.cpu/ours)
	}
	score.Record(b, score.Result{Name: "composite-coinr", Subject: "Composite indicators",
		What:  "times as fast as the R package COINr, 51 units and 49 indicators with all steps, processor time",
		Value: r.cpu / ours, Wanted: 50, Command: "go test ./engine/composite -run '^$' -bench COINr"})
}

// coinr is what the R package made: scores by unit, and the medians of its runs in seconds.
type coinr struct {
	version    string
	clock, cpu float64
	head       []string
	rows       [][]string
}

func runCOINr(b *testing.B) coinr {
	b.Helper()
	scores := filepath.Join(b.TempDir(), "scores.csv")
	cmd := exec.Command("Rscript", "testdata/coinr.R", filepath.Dir(shared(b, "ASEM_iData.csv")), scores,
		strconv.Itoa(coinrRuns))
	var wrong bytes.Buffer
	cmd.Stderr = &wrong
	said, err := cmd.Output()
	if err != nil {
		b.Fatalf("%v: %s", err, wrong.Bytes())
	}
	var out coinr
	var clock, cpu []float64
	for lines := bufio.NewScanner(bytes.NewReader(said)); lines.Scan(); {
		if v, ok := strings.CutPrefix(lines.Text(), "version "); ok {
			out.version = v
		}
		var c, p float64
		if n, _ := fmt.Sscanf(lines.Text(), "time %g %g", &c, &p); n == 2 {
			clock, cpu = append(clock, c), append(cpu, p)
		}
	}
	if len(clock) != coinrRuns {
		b.Fatalf("%d runs were told:\n%s", len(clock), said)
	}
	slices.Sort(clock)
	slices.Sort(cpu)
	out.clock, out.cpu = clock[coinrRuns/2], cpu[coinrRuns/2]
	f, err := os.Open(scores)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	reader := csv.NewReader(f)
	reader.TrimLeadingSpace = true
	if out.rows, err = reader.ReadAll(); err != nil {
		b.Fatal(err)
	}
	out.head, out.rows = out.rows[0], out.rows[1:]
	return out
}

// compare requires the scores of every unit at every level to be the same to 1e-9 and the index to rank units
// alike. It returns the largest difference.
func (r coinr) compare(b *testing.B, built *Build) float64 {
	b.Helper()
	if len(r.rows) != len(built.Scores.Units) {
		b.Fatalf("COINr has %d units, here are %d", len(r.rows), len(built.Scores.Units))
	}
	worst, compared := 0.0, 0
	theirs := make([]float64, len(built.Scores.Units))
	for _, code := range built.Scores.Codes {
		c := slices.Index(r.head, code)
		if c < 0 {
			b.Fatalf("COINr has no %s", code)
		}
		for _, row := range r.rows {
			i := built.Scores.Unit(row[slices.Index(r.head, "uCode")])
			if i < 0 {
				b.Fatalf("a unit of COINr is not here: %v", row[:1])
			}
			got, want := built.Scores.Column(code)[i], number(b, row[c])
			if missing(got) != missing(want) {
				b.Fatalf("%s of %s: %v, COINr %v", code, row[0], got, want)
			}
			if !missing(got) {
				worst, compared = max(worst, math.Abs(got-want)), compared+1
			}
			theirs[i] = want // the index is the last column
		}
	}
	if worst > 1e-9 {
		b.Errorf("differs from COINr by up to %g", worst)
	}
	if !slices.Equal(order(built.Index()), order(theirs)) {
		b.Error("units rank differently")
	}
	if compared < len(r.rows)*len(built.Scores.Codes)*9/10 {
		b.Errorf("%d values were compared", compared)
	}
	return worst
}

// order are the positions of values, the highest first.
func order(v []float64) []int {
	out := make([]int, len(v))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int {
		switch {
		case v[a] > v[b]:
			return -1
		case v[a] < v[b]:
			return 1
		}
		return 0
	})
	return out
}
