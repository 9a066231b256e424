package reading

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

var update = flag.Bool("update", false, "write what is read into testdata/sentences.txt")

// TestSentences reads short texts and compares every statement. A text begins with a line of == ,
// date and place; its statements follow as lines that begin with a tab. All names in the texts are
// invented or those of well-known places; the numbers are invented.
func TestSentences(t *testing.T) {
	const path = "testdata/sentences.txt"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, block := range strings.Split(string(data), "== ")[1:] {
		head, body, _ := strings.Cut(block, "\n")
		date, place, _ := strings.Cut(head, " ")
		var text, want []string
		for _, line := range strings.Split(strings.TrimRight(body, "\n"), "\n") {
			if w, ok := strings.CutPrefix(line, "\t"); ok {
				want = append(want, w)
			} else {
				text = append(text, line)
			}
		}
		d, err := hanzi.ParseDate(date)
		if err != nil {
			t.Fatal(err)
		}
		source := strings.Join(text, "\n")
		res := Read(source, Options{Date: d, Place: place})
		var got []string
		for _, s := range res.Statements {
			got = append(got, line(s))
		}
		if bad := invariant(source, res); bad != "" {
			t.Errorf("%s: %s", source, bad)
		}
		if diff := cmp.Diff(want, got); diff != "" && !*update {
			t.Errorf("%s\n(-want +got)\n%s", source, diff)
		}
		out.WriteString("== " + head + "\n" + source + "\n")
		for _, g := range got {
			out.WriteString("\t" + g + "\n")
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// line writes a statement for comparison.
func line(s Statement) string {
	parts := []string{s.Kind, s.Subject, s.Verb + s.Indicator, s.Measure, s.Op + s.Value + s.Unit,
		s.From + ".." + s.To, s.Of, s.Check.String()}
	if s.Kind == Task {
		parts = []string{s.Kind, s.Subject, s.Verb, s.Indicator, s.To}
	}
	return strings.TrimRight(strings.Join(parts, "|"), "|")
}
