package composite

import (
	"fmt"
	"math"
	"slices"
)

// Change is a value that a unit would have.
type Change struct {
	Unit  string  `json:"unit"`
	Code  string  `json:"code"`
	Value float64 `json:"value"`
}

// WhatIf builds the index again with other values. All the others stay as they are, but what is
// computed from all units, such as a minimum, moves with the change.
func WhatIf(spec Spec, data Data, changes ...Change) (*Build, error) {
	data.Values = data.Values.Clone()
	for _, c := range changes {
		col, row := data.Values.Column(c.Code), data.Values.Unit(c.Unit)
		if col == nil {
			return nil, fmt.Errorf("there is no column %q", c.Code)
		}
		if row < 0 {
			return nil, fmt.Errorf("there is no unit %q", c.Unit)
		}
		if math.IsInf(c.Value, 0) {
			return nil, fmt.Errorf("the value of %q is not a number", c.Code)
		}
		col[row] = c.Value
	}
	return Run(spec, data)
}

// Needed finds the least change of one indicator with which a unit gets a rank, by bisection between
// its value and a limit. found is false when even the limit does not do.
func Needed(spec Spec, data Data, unit, code string, rank float64, limit float64,
) (value float64, found bool, err error) {
	col, row := data.Values.Column(code), data.Values.Unit(unit)
	if col == nil || row < 0 || missing(col[row]) {
		return 0, false, fmt.Errorf("%q of %q is not there", code, unit)
	}
	reaches := func(v float64) (bool, error) {
		b, err := WhatIf(spec, data, Change{unit, code, v})
		if err != nil {
			return false, err
		}
		at := b.Scores.Unit(unit)
		return at >= 0 && b.Ranks[at] <= rank, nil
	}
	lo, hi := col[row], limit
	if is, err := reaches(lo); err != nil || is {
		return lo, is, err
	}
	if is, err := reaches(hi); err != nil || !is {
		return 0, false, err
	}
	const halvings = 60
	for range halvings {
		mid := lo + (hi-lo)/2
		if mid == lo || mid == hi {
			break
		}
		is, err := reaches(mid)
		if err != nil {
			return 0, false, err
		}
		if is {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi, true, nil
}

// Moved is how a unit stands in two builds.
type Moved struct {
	Unit   string  `json:"unit"`
	Before float64 `json:"before"` // rank
	After  float64 `json:"after"`
	Score  float64 `json:"score"` // what the score changed by
	// Parts are what each child of the root changed by, times its effective weight in the later build.
	Parts map[string]float64 `json:"parts,omitempty"`
}

// Compare says what changed between two builds, the units that moved most first. Units of only one of
// them have a missing rank in the other.
func Compare(before, after *Build) []Moved {
	var out []Moved
	weights := after.Tree.EffectiveWeights()
	for i, unit := range after.Scores.Units {
		m := Moved{Unit: unit, Before: Missing, After: after.Ranks[i], Score: Missing}
		if k := before.Scores.Unit(unit); k >= 0 {
			m.Before, m.Score = before.Ranks[k], after.Index()[i]-before.Index()[k]
			m.Parts = map[string]float64{}
			for _, c := range after.Tree.Children(after.Tree.Root()) {
				if old := before.Scores.Column(c.Code); old != nil {
					m.Parts[c.Code] = weights[c.Code] * (after.Scores.Column(c.Code)[i] - old[k])
				}
			}
		}
		out = append(out, m)
	}
	for k, unit := range before.Scores.Units {
		if after.Scores.Unit(unit) < 0 {
			out = append(out, Moved{Unit: unit, Before: before.Ranks[k], After: Missing, Score: Missing})
		}
	}
	slices.SortStableFunc(out, func(a, b Moved) int {
		x, y := math.Abs(a.After-a.Before), math.Abs(b.After-b.Before)
		switch {
		case x > y || missing(y) && !missing(x):
			return -1
		case x < y || missing(x) && !missing(y):
			return 1
		}
		return 0
	})
	return out
}
