package composite

import "fmt"

// Denominate divides each indicator that names a denominator by its column, unit by unit: GDP by
// population, papers by staff. Dividing by zero or by what is missing gives a missing value.
func Denominate(t *Table, tree *Tree, by *Table) (*Table, error) {
	out := t.Clone()
	for c, code := range out.Codes {
		n, ok := tree.Node(code)
		if !ok || n.Denominator == "" {
			continue
		}
		den := by.Column(n.Denominator)
		if den == nil {
			return nil, fmt.Errorf("denominator %q of %q is not there", n.Denominator, code)
		}
		for i := range out.Units {
			if den[i] == 0 {
				out.Values[c][i] = Missing
			} else {
				out.Values[c][i] /= den[i]
			}
		}
	}
	return out, nil
}
