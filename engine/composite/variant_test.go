package composite

import (
	"fmt"
	"testing"
)

// Variants that share their first steps come out as if each had been built alone.
func TestVariantsShareTheirBeginning(t *testing.T) {
	r := random{state: 7}
	data := Data{Values: &Table{}, Groups: map[string]string{}}
	nodes := []Node{{Code: "index", Level: 3}, {Code: "a", Level: 2, Parent: "index", Weight: 2},
		{Code: "b", Level: 2, Parent: "index", Weight: 1}}
	for c := range 6 {
		code := fmt.Sprint("i", c)
		nodes = append(nodes, Node{Code: code, Level: 1, Parent: []string{"a", "b"}[c%2], Weight: 1,
			Direction: 1 - 2*(c%3/2)})
		data.Values.Codes = append(data.Values.Codes, code)
		var col []float64
		for u := range 12 {
			v := 1 + 9*r.next()
			if u == c {
				v = Missing
			} else if u == 11 {
				v = 1000
			}
			col = append(col, v)
		}
		data.Values.Values = append(data.Values.Values, col)
	}
	for u := range 12 {
		data.Values.Units = append(data.Values.Units, fmt.Sprint("u", u))
	}
	usual := UsualTreatment()
	spec := Spec{Nodes: nodes, Steps: []Step{{Impute: ImputeMedian}, {Treat: &usual},
		{Normalise: []Normalisation{{Method: MinMax, Low: 1, High: 100}}},
		{Weigh: []LevelWeighing{{Level: 1, How: CRITICWeights}}},
		{Aggregate: []Aggregation{{Mean: Arithmetic}}}}}
	u := Uncertainty{Runs: 2, Factors: []Factor{{Name: "impute", Impute: []Imputation{ImputeMean, ImputeMedian}},
		{Name: "treat", Treat: []Treatment{usual, {Skew: 100, Kurt: 100}}},
		{Name: "normalise", Normalise: [][]Normalisation{{{Method: MinMax, Low: 1, High: 100}},
			{{Method: RankScore}}}},
		{Name: "aggregate", Aggregate: [][]Aggregation{{{Mean: Arithmetic}}, {{Mean: Geometric}}}},
		{Name: "leave", LeaveOut: []string{"", "b"}}, {Name: "spread", Spread: 0.25, Level: 2}}}
	kept := &beginnings{of: map[string]*beginning{}}
	for range 60 {
		point := r.point(len(u.Factors))
		got, err := kept.run(u, spec, data, point)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Run(u.vary(spec, point), data)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range want.Index() {
			if got.Index()[i] != v || got.Ranks[i] != want.Ranks[i] {
				t.Fatalf("%v: unit %d is %v at %v, alone %v at %v", point, i, got.Index()[i], got.Ranks[i], v,
					want.Ranks[i])
			}
		}
		if len(got.Filled) != len(want.Filled) || len(got.Stages) != len(want.Stages) {
			t.Fatalf("%d filled in %d stages, alone %d in %d", len(got.Filled), len(got.Stages), len(want.Filled),
				len(want.Stages))
		}
	}
	if len(kept.of) != 8 {
		t.Errorf("%d beginnings, want 8", len(kept.of))
	}
}
