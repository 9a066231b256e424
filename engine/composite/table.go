package composite

import (
	"fmt"
	"slices"
)

// Limits of a table.
const (
	MaxUnits      = 20_000
	MaxIndicators = 1_000
	MaxCells      = 5_000_000
)

// Table holds the values of units (rows: cities, districts, firms) by columns.
type Table struct {
	Units  []string    // codes of the units
	Codes  []string    // codes of the columns
	Values [][]float64 // Values[column][unit]; Missing where there is none
}

// NewTable returns a table of missing values.
func NewTable(units, codes []string) *Table {
	t := &Table{Units: slices.Clone(units), Codes: slices.Clone(codes)}
	for range codes {
		col := make([]float64, len(units))
		for i := range col {
			col[i] = Missing
		}
		t.Values = append(t.Values, col)
	}
	return t
}

// Clone returns a table that shares nothing with t.
func (t *Table) Clone() *Table {
	out := &Table{Units: slices.Clone(t.Units), Codes: slices.Clone(t.Codes)}
	for _, col := range t.Values {
		out.Values = append(out.Values, slices.Clone(col))
	}
	return out
}

// Column returns the values of a column, nil when there is none of that code.
func (t *Table) Column(code string) []float64 {
	if i := slices.Index(t.Codes, code); i >= 0 {
		return t.Values[i]
	}
	return nil
}

// Unit returns the row of a unit, -1 when there is none.
func (t *Table) Unit(code string) int { return slices.Index(t.Units, code) }

// check says what makes a table unusable.
func (t *Table) check() error {
	switch {
	case len(t.Units) == 0:
		return fmt.Errorf("the table has no units")
	case len(t.Units) > MaxUnits:
		return fmt.Errorf("the table has %d units, at most %d", len(t.Units), MaxUnits)
	case len(t.Codes) > MaxIndicators:
		return fmt.Errorf("the table has %d columns, at most %d", len(t.Codes), MaxIndicators)
	case len(t.Units)*len(t.Codes) > MaxCells:
		return fmt.Errorf("the table has %d cells, at most %d", len(t.Units)*len(t.Codes), MaxCells)
	case len(t.Values) != len(t.Codes):
		return fmt.Errorf("the table has %d columns and %d codes", len(t.Values), len(t.Codes))
	}
	for i, col := range t.Values {
		if len(col) != len(t.Units) {
			return fmt.Errorf("column %s has %d values for %d units", t.Codes[i], len(col), len(t.Units))
		}
	}
	for what, codes := range map[string][]string{"unit": t.Units, "column": t.Codes} {
		if twice, ok := repeated(codes); ok {
			return fmt.Errorf("%s %q is there twice", what, twice)
		}
	}
	return nil
}

func repeated(list []string) (string, bool) {
	seen := make(map[string]bool, len(list))
	for _, s := range list {
		if seen[s] {
			return s, true
		}
		seen[s] = true
	}
	return "", false
}

// keep returns a table of the units that are marked.
func (t *Table) keep(mark []bool) *Table {
	out := &Table{Codes: slices.Clone(t.Codes), Values: make([][]float64, len(t.Codes))}
	for i, u := range t.Units {
		if !mark[i] {
			continue
		}
		out.Units = append(out.Units, u)
		for c := range t.Codes {
			out.Values[c] = append(out.Values[c], t.Values[c][i])
		}
	}
	return out
}
