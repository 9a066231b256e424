// Package score keeps what evaluations reached, each in a file of docs/results that the evaluation
// itself writes, and makes docs/scoreboard.md of them:
//
//	RECORD_RESULTS=1 go test ./engine/reading -run 'Score|Unseen'   # writes its results
//	go test ./test/score -update                                    # makes the page of all
package score

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// Result is what one evaluation reached.
type Result struct {
	Name    string  `json:"name"`    // of its file: "reading-own"
	Subject string  `json:"subject"` // heading of the page: "Reading"
	What    string  `json:"what"`    // what was measured, on which data
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Wanted  float64 `json:"wanted"`
	AtMost  bool    `json:"atMost"` // a smaller value is better
	Command string  `json:"command"`
	Day     string  `json:"day"` // when it was measured
}

// recordEnv lets evaluations write their results.
const recordEnv = "RECORD_RESULTS"

// Record writes the result of an evaluation that has just been made, when it is asked to. A result that
// is not reached is written all the same: the page shows it as it is.
func Record(t testing.TB, r Result) {
	t.Helper()
	if os.Getenv(recordEnv) == "" {
		return
	}
	r.Day = string(clock.DateOf(time.Now()))
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(Root(t), "docs", "results", r.Name+".json")
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Root is the folder of go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above this folder")
		}
		dir = filepath.Dir(dir)
	}
}

// Reached says whether the result is as good as wanted.
func (r Result) Reached() bool {
	if r.AtMost {
		return r.Value <= r.Wanted
	}
	return r.Value >= r.Wanted
}

// Read returns all results of a folder, by subject and name.
func Read(dir string) ([]Result, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	var out []Result
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var r Result
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if r.Name+".json" != filepath.Base(path) || r.Command == "" || r.Subject == "" {
			return nil, fmt.Errorf("%s was not written by an evaluation", path)
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Name, b.Name))
	})
	return out, nil
}

// Page writes results as a document.
func Page(list []Result) string {
	var b strings.Builder
	b.WriteString("# Scoreboard\n\nEvery line is written by the command that stands in it, run with `" + recordEnv +
		"=1`, and `go test ./test/score -update` puts the lines together. What data it is, and what was seen of it, is in " +
		"[evaluation.md](evaluation.md); how speed was measured in [performance.md](performance.md).\n")
	subject := ""
	for _, r := range list {
		if r.Subject != subject {
			subject = r.Subject
			b.WriteString("\n## " + subject + "\n\n| what | reached | wanted | | measured | command |\n|---|---|---|---|---|---|\n")
		}
		sign, mark := "≥", "reached"
		if r.AtMost {
			sign = "≤"
		}
		if !r.Reached() {
			mark = "**not reached**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s %s | %s | %s | `%s` |\n", r.What, r.number(r.Value), sign, r.number(r.Wanted),
			mark, r.Day, strings.ReplaceAll(r.Command, "|", `\|`))
	}
	return b.String()
}

// number writes a value with three decimals at most, and its unit.
func (r Result) number(v float64) string {
	if v != 0 && v < 0.001 {
		return strings.TrimSpace(strconv.FormatFloat(v, 'g', 2, 64) + " " + r.Unit)
	}
	return strings.TrimSpace(strconv.FormatFloat(float64(int64(v*1000+0.5))/1000, 'f', -1, 64) + " " + r.Unit)
}
