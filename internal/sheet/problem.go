package sheet

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Problem is one thing that is wrong in a row.
type Problem struct {
	Row    int    // as Excel shows it
	Column string // Column.Key, "" for the row as a whole
	Title  string // Column.Title, the i18n key
	Key    string // message, an i18n key
	Args   []any
}

// Text returns the problem with its place in words.
func (p Problem) Text(l i18n.Lang) string {
	what := i18n.Text(l, p.Key, p.Args...)
	if p.Column == "" {
		return i18n.Text(l, "第 %d 行：%s", p.Row, what)
	}
	return i18n.Text(l, "第 %d 行“%s”：%s", p.Row, i18n.Key(p.Title), what)
}

// Place returns where the problem is: the row and, if it has one, the column.
func (p Problem) Place(l i18n.Lang) string {
	if p.Column == "" {
		return i18n.Text(l, "第 %d 行", p.Row)
	}
	return i18n.Text(l, "第 %d 行“%s”", p.Row, i18n.Key(p.Title))
}

// Problems collects what is wrong in a file. The zero value is ready. It keeps the first
// MaxProblems and counts all.
type Problems struct {
	Kept  []Problem
	Total int
	rows  map[int]bool
}

// Add adds problems.
func (ps *Problems) Add(problems ...Problem) {
	for _, p := range problems {
		if ps.rows == nil {
			ps.rows = map[int]bool{}
		}
		ps.rows[p.Row] = true
		ps.Total++
		if len(ps.Kept) < MaxProblems {
			ps.Kept = append(ps.Kept, p)
		}
	}
}

// Rows returns how many rows have a problem.
func (ps *Problems) Rows() int { return len(ps.rows) }

// InRow reports whether a row has a problem.
func (ps *Problems) InRow(number int) bool { return ps.rows[number] }

// Err returns nil when there are no problems, else an Invalid fault with a field for each kept
// one. The name of a field is the place in the language of ctx, such as 第 3 行“名称”.
func (ps *Problems) Err(ctx context.Context) error {
	if ps.Total == 0 {
		return nil
	}
	e := fault.New(fault.Invalid, "表格有 %d 处问题，涉及 %d 行，未导入任何数据", ps.Total, ps.Rows())
	for _, p := range ps.Kept {
		e.Fields = append(e.Fields, fault.At(p.Place(i18n.From(ctx)), p.Key, p.Args...))
	}
	return e
}

// Duplicates finds rows of one file that repeat the values of some columns.
type Duplicates struct {
	columns []string
	first   map[string]int
}

// NewDuplicates returns a finder over the columns with the given keys taken together.
func NewDuplicates(columns ...string) *Duplicates {
	return &Duplicates{columns: columns, first: map[string]int{}}
}

// Check returns a problem when an earlier row had the same values. Outer blanks, width and case do
// not matter; a row in which one of the columns is empty repeats nothing.
func (d *Duplicates) Check(r Row) (Problem, bool) {
	values := make([]string, len(d.columns))
	for i, key := range d.columns {
		values[i] = foldValue(r.Text(key))
		if values[i] == "" {
			return Problem{}, false
		}
	}
	id := strings.Join(values, "\x00")
	first, seen := d.first[id]
	if !seen {
		d.first[id] = r.Number
		return Problem{}, false
	}
	return r.Problem(d.columns[0], "与第 %d 行重复", first), true
}
