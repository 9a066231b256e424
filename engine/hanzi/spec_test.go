package hanzi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/test/score"
)

// This file runs the cases of a folder of specifications against this package. A file
// NAME.json holds one list of cases; NAME says which model of specModels answers it.

// specFolder is where the cases are when YUNTU_SPECS does not say.
const specFolder = "../../../shared/data/chinese-quantities"

// specPass is the share of the cases in scope that must be answered as specified, in each file.
const specPass = 0.95

// specResult is one thing found: its runes [Start, End], End included, its kind, and what it means,
// in the words of the specification.
type specResult struct {
	Start, End int
	Type       string
	Value      any
}

// found is the result for the folded span [start, end).
func found(t Text, start, end int, kind string, value map[string]any) specResult {
	start, end = t.Origin(start, end)
	return specResult{start, end - 1, kind, value}
}

// specModel answers the input of a case. context is the case's Context, nil when it has none.
type specModel func(input string, context map[string]any) []specResult

// specModels are the models by file name without .json. Files without a model are listed as such.
func specModels() map[string]specModel {
	all := map[string]specModel{}
	for _, models := range specModelSets {
		maps.Copy(all, models())
	}
	return all
}

// specModelSets lists the files of this package's parts: see spec_number_test.go and its siblings.
var specModelSets []func() map[string]specModel

// specScope says which cases are not ours to answer, and why. A case is out of scope for what its
// input is, never for how we answer it.
type specScope struct {
	file   *regexp.Regexp // names of files
	input  *regexp.Regexp // inputs
	reason string
}

// specScopes lists them, from all parts.
var specScopes []specScope

// specEdits take from the results of a file what its part does not compare.
var specEdits []func(file string, result map[string]any)

// specCase is one case as written in a file.
type specCase struct {
	Input            string
	Context          map[string]any
	IgnoreResolution bool
	Results          []map[string]any
}

func TestSpecs(t *testing.T) {
	folder := os.Getenv("YUNTU_SPECS")
	if folder == "" {
		folder = specFolder
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("no specifications in %s", folder)
	}
	models := specModels()
	var passed, all int
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		model := models[name]
		if model == nil {
			fmt.Printf("%s: no model\n", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			p, failed := runSpecs(t, file, name, model)
			passed, all = passed+p, all+p+failed
		})
	}
	score.Record(t, score.Result{Name: "quantities", Subject: "Numbers, quantities and times",
		What: fmt.Sprintf("of %d cases of a public specification that are in scope", all), Unit: "%", Wanted: 100 * specPass,
		Value: 100 * float64(passed) / float64(max(all, 1)), Command: "go test ./engine/hanzi -run Specs"})
}

// runSpecs answers all cases of a file and prints NAME passed/failed/out of scope.
func runSpecs(t *testing.T, file, name string, model specModel) (passed, failed int) {
	var outside []string
	for _, c := range readSpecs(t, file) {
		for _, r := range c.Results {
			for _, edit := range specEdits {
				edit(name, r)
			}
		}
		if reason := outOfScope(name, c.Input); reason != "" {
			outside = append(outside, fmt.Sprintf("    out of scope: %q: %s", c.Input, reason))
			continue
		}
		if diff := c.check(model(c.Input, c.Context)); diff != "" {
			failed++
			t.Logf("%q (-want +got):\n%s", c.Input, diff)
			continue
		}
		passed++
	}
	fmt.Printf("%s %d/%d/%d\n", name, passed, failed, len(outside))
	for _, line := range outside {
		fmt.Println(line)
	}
	if float64(passed) < specPass*float64(passed+failed) {
		t.Errorf("%d of %d passed, want %.0f %%", passed, passed+failed, specPass*100)
	}
	return passed, failed
}

func readSpecs(t *testing.T, file string) []specCase {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []specCase
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &cases); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return cases
}

func outOfScope(name, input string) string {
	for _, s := range specScopes {
		if s.file.MatchString(name) && s.input.MatchString(input) {
			return s.reason
		}
	}
	return ""
}

// check returns how the answer differs from what is specified, and "" when it does not.
func (c specCase) check(got []specResult) string {
	var want []specResult
	for _, r := range c.Results {
		want = append(want, specified(r))
	}
	slices.SortStableFunc(got, func(a, b specResult) int { return a.Start - b.Start })
	if c.IgnoreResolution {
		for i := range want {
			want[i].Value = nil
		}
		for i := range got {
			got[i].Value = nil
		}
	}
	return cmp.Diff(want, got)
}

// specified reads one result of a file. There are two forms: models give TypeName, Resolution and
// End (the last rune); parsers give Type, Value and Length.
func specified(r map[string]any) specResult {
	start := number(r["Start"])
	if _, ok := r["Length"]; ok {
		return specResult{start, start + number(r["Length"]) - 1, text(r["Type"]), r["Value"]}
	}
	return specResult{start, number(r["End"]), text(r["TypeName"]), r["Resolution"]}
}

func number(v any) int {
	f, _ := v.(float64)
	return int(f)
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
