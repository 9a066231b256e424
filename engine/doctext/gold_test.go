package doctext

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
	"unicode/utf8"
)

// goldDir holds documents of our own with every countable statement marked by hand. The readers
// of statements are measured on them; here they are held to their own rules.
const goldDir = "../reading/testdata/gold"

type goldDocument struct {
	Name, Text, Date, Place string
}

type goldItem struct {
	Kind      string
	Subject   string
	Verb      string
	Indicator string
	Alt       []string
	Measure   *string
	Value     *float64
	Unit      *string
	Op        *string
	From, To  *string
	Of        *string
	Quote     string
	Start     int
	End       int
	Check     *string
	Hard      bool
	Optional  bool
	Accept    struct {
		Measure, Op, Kind, Subject []string
		Value                      [][2]any
		Period                     [][2]*string
	}
}

var (
	goldMeasures = []string{"level", "increase", "growth", "share", "rank", "date"}
	goldOps      = []string{"=", ">=", "<=", ">", "<", "~"}
)

func TestGold(t *testing.T) {
	t.Parallel()
	var documents []goldDocument
	raw, err := os.ReadFile(filepath.Join(goldDir, "documents.json"))
	if err == nil {
		err = json.Unmarshal(raw, &documents)
	}
	if err != nil {
		t.Fatal(err)
	}
	texts, _ := filepath.Glob(filepath.Join(goldDir, "*.txt"))
	if len(texts) == 0 || len(texts) != len(documents) {
		t.Errorf("%d texts, %d documents", len(texts), len(documents))
	}
	for _, d := range documents {
		t.Run(d.Name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(goldDir, d.Text))
			if err != nil {
				t.Fatal(err)
			}
			doc, err := Extract(t.Context(), d.Text, data)
			if err != nil || doc.Text != string(data) {
				t.Fatalf("the text is not read as it is: %v", err)
			}
			if n := utf8.RuneCount(data); n < 400 || n > 2000 {
				t.Errorf("%d characters", n)
			}
			checkDate(t, &d.Date)
			text := []rune(doc.Text)
			for _, x := range goldItems(t, d.Name+".jsonl") {
				checkItem(t, x, text)
				checkStatement(t, x)
			}
			for _, x := range goldItems(t, d.Name+".tasks.jsonl") {
				checkItem(t, x, text)
				if x.Kind != "task" || x.Verb == "" || x.Value != nil || x.Measure != nil {
					t.Errorf("%s: not a task", x.Quote)
				}
			}
		})
	}
}

func goldItems(t *testing.T, name string) []goldItem {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(goldDir, name))
	if err != nil {
		t.Fatal(err)
	}
	var out []goldItem
	for line := range bytes.Lines(data) {
		var x goldItem
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&x); err != nil {
			t.Fatalf("%s: %v in %s", name, err, line)
		}
		out = append(out, x)
	}
	return out
}

// checkItem holds what is true of statements and of tasks.
func checkItem(t *testing.T, x goldItem, text []rune) {
	t.Helper()
	if x.Start < 0 || x.End > len(text) || x.Start >= x.End || string(text[x.Start:x.End]) != x.Quote {
		t.Errorf("%s does not stand at %d–%d", x.Quote, x.Start, x.End)
	}
	if x.Subject == "" || x.Indicator == "" {
		t.Errorf("%s: no subject or indicator", x.Quote)
	}
	checkDate(t, x.From)
	checkDate(t, x.To)
	if x.From != nil && x.To != nil && *x.From > *x.To {
		t.Errorf("%s: from %s to %s", x.Quote, *x.From, *x.To)
	}
}

func checkStatement(t *testing.T, x goldItem) {
	t.Helper()
	if x.Kind != "fact" && x.Kind != "target" || x.Measure == nil || x.Verb != "" {
		t.Errorf("%s: kind %s", x.Quote, x.Kind)
		return
	}
	measures := append([]string{*x.Measure}, x.Accept.Measure...)
	for _, m := range measures {
		if !slices.Contains(goldMeasures, m) {
			t.Errorf("%s: measure %s", x.Quote, m)
		}
	}
	if dated := *x.Measure == "date"; dated != (x.Value == nil) || dated != (x.Op == nil) {
		t.Errorf("%s: a date has no value, everything else has one", x.Quote)
	}
	ops := x.Accept.Op
	if x.Op != nil {
		ops = append([]string{*x.Op}, ops...)
	}
	for _, op := range ops {
		if !slices.Contains(goldOps, op) {
			t.Errorf("%s: operator %s", x.Quote, op)
		}
	}
	for _, p := range x.Accept.Period {
		checkDate(t, p[0])
		checkDate(t, p[1])
	}
}

func checkDate(t *testing.T, date *string) {
	t.Helper()
	if date == nil {
		return
	}
	if _, err := time.Parse(time.DateOnly, *date); err != nil {
		t.Error(err)
	}
}
