package party

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Modes of an import: what to do with rows whose record is there already.
const (
	ModeSkip   = "skip"   // leave the record as it is
	ModeUpdate = "update" // write the cells that are filled in over it
)

// importRows are the rows of a file, read and checked without looking at any data.
type importRows interface {
	// match compares the rows with the data and says what is to be done.
	match(ctx context.Context, q db.Q, by authz.Actor, mode string) (*plan, error)
}

// plan is what an import would do.
type plan struct {
	rows, adds, changes, skips int
	problems                   sheet.Problems
	warnings                   sheet.Problems
	apply                      func(context.Context, *unit.Tx, func(done int)) error
	sum                        hash.Hash
}

func newPlan(rows int) *plan { return &plan{rows: rows, sum: sha256.New()} }

// decide writes down what happens to a row: the same decisions for the same rows give the same
// outcome.
func (p *plan) decide(row int, what, target string, version int64) {
	fmt.Fprintf(p.sum, "%d %s %s %d\n", row, what, target, version)
	switch what {
	case "add":
		p.adds++
	case "change":
		p.changes++
	default:
		p.skips++
	}
}

func (p *plan) outcome() string { return hex.EncodeToString(p.sum.Sum(nil)) }

// badRows are the problems of rows that were found without looking at any data. Unlike
// sheet.Problems it keeps all of them.
type badRows struct {
	list []sheet.Problem
	rows map[int]bool
}

func (b *badRows) add(problems ...sheet.Problem) {
	for _, p := range problems {
		if b.rows == nil {
			b.rows = map[int]bool{}
		}
		b.rows[p.Row] = true
		b.list = append(b.list, p)
	}
}

func (b *badRows) in(row int) bool { return b.rows[row] }

// blame turns the fields of a fault into problems of a row.
func blame(r sheet.Row, err error, columnOf func(field string) string) []sheet.Problem {
	e, ok := fault.As(err)
	if !ok {
		return nil
	}
	if len(e.Fields) == 0 {
		return []sheet.Problem{{Row: r.Number, Key: e.Key, Args: e.Args}}
	}
	var out []sheet.Problem
	for _, f := range e.Fields {
		if c := columnOf(f.Name); c != "" {
			out = append(out, r.Problem(c, f.Key, f.Args...))
		} else {
			out = append(out, sheet.Problem{Row: r.Number, Key: f.Key, Args: f.Args})
		}
	}
	return out
}

// orgColumn returns the column of the import that a field of an organisation stands in.
func orgColumn(field string) string {
	switch {
	case strings.HasPrefix(field, "addresses"):
		return "address"
	case strings.HasSuffix(field, ".phone"):
		return "contactPhone"
	case strings.HasSuffix(field, ".email"):
		return "contactEmail"
	case strings.HasPrefix(field, "contacts"):
		return "contactName"
	}
	for _, c := range OrgSheet().Columns {
		if c.Key == field {
			return field
		}
	}
	return ""
}

// batch is how many values one query compares with.
const batch = 500

// inBatches calls f with the values, some hundred at a time, each once.
func inBatches(values []string, f func([]any) error) error {
	seen := map[string]bool{}
	var part []any
	for _, v := range values {
		if v == "" || seen[v] {
			continue
		}
		seen[v] = true
		if part = append(part, v); len(part) == batch {
			if err := f(part); err != nil {
				return err
			}
			part = nil
		}
	}
	if len(part) == 0 {
		return nil
	}
	return f(part)
}
