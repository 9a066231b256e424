package party

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// ImportProblem is something wrong, or worth knowing, in a file. Key and Args are a text of package
// i18n, Title is the column's.
type ImportProblem struct {
	Row    int    `json:"row"` // as Excel shows it, 0 = the file as a whole
	Column string `json:"column,omitempty"`
	Title  string `json:"title,omitempty"`
	Key    string `json:"key"`
	Args   []any  `json:"args,omitempty"`
}

// Text returns the problem in words, without its place.
func (p ImportProblem) Text(l i18n.Lang) string { return i18n.Text(l, p.Key, p.Args...) }

func (p ImportProblem) problem() sheet.Problem {
	return sheet.Problem{Row: p.Row, Column: p.Column, Title: p.Title, Key: p.Key, Args: p.Args}
}

// ImportFindings is what a check found. At most sheet.MaxProblems problems and as many warnings
// are kept.
type ImportFindings struct {
	Problems []ImportProblem `json:"problems,omitempty"`
	Warnings []ImportProblem `json:"warnings,omitempty"`
	Notices  []ImportProblem `json:"notices,omitempty"` // how the file was read
	Ignored  []string        `json:"ignored,omitempty"` // columns that were not read
}

func findings(p *plan, f sheet.Facts) ImportFindings {
	out := ImportFindings{Ignored: f.Ignored}
	for _, x := range p.problems.Kept {
		out.Problems = append(out.Problems, ImportProblem{x.Row, x.Column, x.Title, x.Key, x.Args})
	}
	for _, x := range p.warnings.Kept {
		out.Warnings = append(out.Warnings, ImportProblem{x.Row, x.Column, x.Title, x.Key, x.Args})
	}
	for _, n := range f.Notices {
		out.Notices = append(out.Notices, ImportProblem{Key: n.Key, Args: n.Args})
	}
	return out
}

// fileProblems are those of a file that cannot be read at all.
func fileProblems(e *fault.Error) []ImportProblem {
	if len(e.Fields) == 0 {
		return []ImportProblem{{Key: e.Key, Args: e.Args}}
	}
	var out []ImportProblem
	for _, f := range e.Fields {
		out = append(out, ImportProblem{Key: f.Key, Args: f.Args})
	}
	return out
}

// argKey marks an argument that is itself a text to translate.
type argKey struct {
	Key i18n.Key `json:"key"`
}

// MarshalJSON keeps whole numbers and keys apart from texts, so that "%d" still fits afterwards.
func (p ImportProblem) MarshalJSON() ([]byte, error) {
	type plain ImportProblem
	x := plain(p)
	x.Args = make([]any, len(p.Args))
	for i, a := range p.Args {
		switch v := a.(type) {
		case i18n.Key:
			x.Args[i] = argKey{v}
		case string, int, int64:
			x.Args[i] = v
		default:
			x.Args[i] = fmt.Sprint(v)
		}
	}
	return json.Marshal(x)
}

// UnmarshalJSON is the way back.
func (p *ImportProblem) UnmarshalJSON(data []byte) error {
	type plain ImportProblem
	var x plain
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&x); err != nil {
		return err
	}
	for i, a := range x.Args {
		switch v := a.(type) {
		case json.Number:
			n, err := v.Int64()
			if err != nil {
				return err
			}
			x.Args[i] = n
		case map[string]any:
			x.Args[i] = i18n.Key(fmt.Sprint(v["key"]))
		}
	}
	*p = ImportProblem(x)
	return nil
}
