package composite

import (
	"fmt"
	"math"
)

// Mean is a way to make one value of several.
type Mean string

// The ways.
const (
	Arithmetic Mean = "arithmetic"
	Geometric  Mean = "geometric"  // all values must be positive
	Harmonic   Mean = "harmonic"   // all values must be positive
	Copeland   Mean = "copeland"   // won minus lost comparisons with each other unit
	Outranking Mean = "outranking" // mean weight of what is better, over the other units
)

// Aggregation says how a level is made of the one below.
type Aggregation struct {
	Mean       Mean    `json:"mean"`
	MinPresent float64 `json:"minPresent,omitempty"` // least share of children that are there
}

// Aggregate computes the groups of the tree, level by level. how has one entry for each level above
// the indicators; the last is used for those beyond. The result has the indicators' columns first, then
// the groups, the lowest level first.
func Aggregate(t *Table, tree *Tree, how ...Aggregation) (*Table, error) {
	if len(how) == 0 {
		return nil, fmt.Errorf("nothing says how the groups are made")
	}
	out := t.Clone()
	at := make(map[string]int, len(out.Codes))
	for i, c := range out.Codes {
		at[c] = i
	}
	for _, g := range tree.Groups() {
		rule := how[min(g.Level-2, len(how)-1)]
		kids := tree.Children(g.Code)
		cols, weights := make([][]float64, len(kids)), make([]float64, len(kids))
		for i, k := range kids {
			c, ok := at[k.Code]
			if !ok {
				return nil, fmt.Errorf("there is no column %q, which %q is made of", k.Code, g.Code)
			}
			cols[i], weights[i] = out.Values[c], k.Weight
		}
		col, err := rule.column(cols, weights, len(out.Units))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", g.Code, err)
		}
		at[g.Code] = len(out.Codes)
		out.Codes, out.Values = append(out.Codes, g.Code), append(out.Values, col)
	}
	return out, nil
}

func (r Aggregation) column(cols [][]float64, weights []float64, units int) ([]float64, error) {
	if !(r.MinPresent >= 0 && r.MinPresent <= 1) {
		return nil, fmt.Errorf("a share of %v is not from 0 to 1", r.MinPresent)
	}
	switch r.Mean {
	case Copeland, Outranking:
		return r.outranked(cols, weights, units), nil
	case Arithmetic, Geometric, Harmonic:
	default:
		return nil, fmt.Errorf("there is no mean %q", r.Mean)
	}
	out, row := make([]float64, units), make([]float64, len(cols))
	for i := range units {
		for k, col := range cols {
			row[k] = col[i]
		}
		v, err := r.of(row, weights)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// of is the weighted mean of a row; the weights of what is missing fall to the rest.
func (r Aggregation) of(row, weights []float64) (float64, error) {
	var sum, all float64
	there := 0
	for k, v := range row {
		if missing(v) {
			continue
		}
		there++
		w := weights[k]
		all += w
		switch r.Mean {
		case Geometric, Harmonic:
			if v <= 0 && w > 0 {
				return 0, fmt.Errorf("the %s mean needs positive values, not %v: normalise from 1 to 100, say",
					r.Mean, v)
			}
			if w == 0 {
				continue
			}
			if r.Mean == Geometric {
				sum += w * math.Log(v)
			} else {
				sum += w / v
			}
		default:
			sum += w * v
		}
	}
	if there == 0 || all == 0 || share(there, len(row)) < r.MinPresent {
		return Missing, nil
	}
	switch r.Mean {
	case Geometric:
		return math.Exp(sum / all), nil
	case Harmonic:
		return all / sum, nil
	}
	return sum / all, nil
}

// outranked compares each unit with each other: the weight of what is better, with half of what is
// the same, among what both have.
func (r Aggregation) outranked(cols [][]float64, weights []float64, units int) []float64 {
	out := make([]float64, units)
	known := make([]bool, units)
	for i := range units {
		there := 0
		for _, col := range cols {
			if !missing(col[i]) {
				there++
			}
		}
		known[i] = there > 0 && share(there, len(cols)) >= r.MinPresent
	}
	for a := range units {
		if !known[a] {
			out[a] = Missing
			continue
		}
		var score float64
		others := 0
		for b := range units {
			if a == b || !known[b] {
				continue
			}
			p := better(cols, weights, a, b)
			if missing(p) {
				continue
			}
			others++
			switch {
			case r.Mean == Outranking:
				score += p
			case p > 0.5:
				score++
			case p < 0.5:
				score--
			}
		}
		if r.Mean == Outranking && others > 0 {
			score /= float64(others)
		}
		out[a] = score
	}
	return out
}

func better(cols [][]float64, weights []float64, a, b int) float64 {
	var won, all float64
	for k, col := range cols {
		if missing(col[a]) || missing(col[b]) {
			continue
		}
		all += weights[k]
		switch {
		case col[a] > col[b]:
			won += weights[k]
		case col[a] == col[b]:
			won += weights[k] / 2
		}
	}
	if all == 0 {
		return Missing
	}
	return won / all
}
