package composite

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var near = cmp.Options{cmpopts.EquateApprox(0, 1e-9), cmpopts.EquateNaNs()}

func val(v float64) *float64 { return &v }

// Values 2, 4, 10 and one that is missing, by each way to normalise, worked out by hand.
func TestNormalise(t *testing.T) {
	x := []float64{2, 4, 10, Missing}
	up := Node{Code: "a", Direction: 1, Target: val(12), Low: val(0), High: val(8), Reference: val(5)}
	down := up
	down.Direction, down.Target = -1, val(1)
	sd := math.Sqrt(((2-16./3)*(2-16./3) + (4-16./3)*(4-16./3) + (10-16./3)*(10-16./3)) / 2)
	z := func(v float64) float64 { return 100 + 10*(v-16./3)/sd }
	for _, c := range []struct {
		name string
		rule Normalisation
		node Node
		want []float64
	}{
		{"min–max", UsualNormalisation(), up, []float64{0, 25, 100, Missing}},
		{"min–max, less is better", UsualNormalisation(), down, []float64{100, 75, 0, Missing}},
		{"min–max from 1", Normalisation{Method: MinMax, Low: 1, High: 5}, up, []float64{1, 2, 5, Missing}},
		{"z", Normalisation{Method: ZScore, Low: 100, High: 10}, up, []float64{z(2), z(4), z(10), Missing}},
		{"rank", Normalisation{Method: RankScore}, up, []float64{1, 2, 3, Missing}},
		{"rank, less is better", Normalisation{Method: RankScore}, down, []float64{3, 2, 1, Missing}},
		{"Borda", Normalisation{Method: Borda}, up, []float64{0, 1, 2, Missing}},
		{"percentile", Normalisation{Method: Percentile}, up, []float64{0, 0.5, 1, Missing}},
		{"target", Normalisation{Method: ToTarget}, up, []float64{0, 0.2, 0.8, Missing}},
		{"target, less is better", Normalisation{Method: ToTarget}, down,
			[]float64{8. / 9, 6. / 9, 0, Missing}},
		{"frontier", Normalisation{Method: ToFrontier}, up, []float64{0, 0.25, 1, Missing}},
		{"reference", Normalisation{Method: ToBest}, up, []float64{0, 2. / 3, 8. / 3, Missing}},
		{"reference, capped", Normalisation{Method: ToBest, Cap: true}, up, []float64{0, 2. / 3, 1, Missing}},
		{"fraction", Normalisation{Method: OfMaximum}, up, []float64{0.2, 0.4, 1, Missing}},
		{"goalposts", Normalisation{Method: Goalposts, High: 100}, up, []float64{25, 50, 100, Missing}},
		{"goalposts, less is better", Normalisation{Method: Goalposts, High: 100}, down,
			[]float64{75, 50, 0, Missing}},
		{"标杆", Normalisation{Method: Benchmark, High: 100}, up, []float64{40, 80, 200, Missing}},
		{"标杆, less is better", Normalisation{Method: Benchmark, High: 100, Cap: true}, down,
			[]float64{100, 100, 50, Missing}},
		{"功效系数", Normalisation{Method: Efficacy}, up, []float64{70, 80, 110, Missing}},
		{"功效系数, capped", Normalisation{Method: Efficacy, Cap: true}, up, []float64{70, 80, 100, Missing}},
		{"as it is", Normalisation{Method: AsIs}, down, []float64{-2, -4, -10, Missing}},
	} {
		got, err := c.rule.column(x, c.node)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if d := cmp.Diff(c.want, got, near); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	if got, _ := UsualNormalisation().column([]float64{3, 3}, up); !missing(got[0]) {
		t.Errorf("values that do not vary become %v", got)
	}
	if _, err := (Normalisation{Method: ToTarget}).column(x, Node{Code: "a"}); err == nil {
		t.Error("no target, and no error")
	}
}

func TestMeans(t *testing.T) {
	cols, w := [][]float64{{1, 4, Missing}, {4, 4, 2}}, []float64{1, 3}
	for _, c := range []struct {
		rule Aggregation
		want []float64
	}{
		{Aggregation{Mean: Arithmetic}, []float64{3.25, 4, 2}},
		{Aggregation{Mean: Arithmetic, MinPresent: 0.6}, []float64{3.25, 4, Missing}},
		{Aggregation{Mean: Geometric}, []float64{math.Pow(4, 0.75), 4, 2}},
		{Aggregation{Mean: Harmonic}, []float64{4 / 1.75, 4, 2}},
		// The second beats the first (4 > 1, and half of the tie), and both beat the third.
		{Aggregation{Mean: Copeland}, []float64{0, 2, -2}},
		{Aggregation{Mean: Outranking}, []float64{(0.375 + 1) / 2, (0.625 + 1) / 2, 0}},
	} {
		got, err := c.rule.column(cols, w, 3)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, got, near); d != "" {
			t.Errorf("%s: %s", c.rule.Mean, d)
		}
	}
	if _, err := (Aggregation{Mean: Geometric}).column([][]float64{{0}}, w, 1); err == nil {
		t.Error("a geometric mean of 0")
	}
}

func TestWeights(t *testing.T) {
	// Perfect judgements of 1 : 2 : 4.
	j, err := AHP([][]float64{{1, 0.5, 0.25}, {2, 1, 0.5}, {4, 2, 1}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Judgement{[]float64{1. / 7, 2. / 7, 4. / 7}, 3, 0}, j, near); d != "" {
		t.Error(d)
	}
	// Saaty's question of the house is too long for a test; a circle is as inconsistent as can be.
	if j, _ = AHP([][]float64{{1, 9, 1. / 9}, {1. / 9, 1, 9}, {9, 1. / 9, 1}}); j.Consistency < 1 {
		t.Errorf("a circle has the ratio %v", j.Consistency)
	}
	if _, err := AHP([][]float64{{1, 2}, {2, 1}}); err == nil {
		t.Error("judgements that are not reciprocal pass")
	}
	// Of two that vary alike both count the same; one that does not vary says nothing.
	got, err := Weigh([][]float64{{0, 1, 2}, {0, 10, 20}, {5, 5, 5}}, EntropyWeights)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float64{0.5, 0.5, 0}, got, near); d != "" {
		t.Error(d)
	}
	// Two that go together and one against them: 0.5 of deviation each, conflicts of 2, 2 and 4.
	got, err = Weigh([][]float64{{0, 0.5, 1}, {0, 0.5, 1}, {1, 0.5, 0}}, CRITICWeights)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float64{0.25, 0.25, 0.5}, got, near); d != "" {
		t.Error(d)
	}
	got, err = Weigh([][]float64{{1, 2, 3, 4}, {2, 4, 6, 8}}, PCAWeights)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float64{0.5, 0.5}, got, near); d != "" {
		t.Error(d)
	}
	if _, err := Weigh([][]float64{{1, 1, 1}}, EntropyWeights); err == nil {
		t.Error("weights follow from what does not vary")
	}
}

func TestCorrelations(t *testing.T) {
	x, y := []float64{1, 2, 3, 4, Missing}, []float64{1, 3, 2, 4, 9}
	for how, want := range map[Correlation]float64{Pearson: 0.8, Spearman: 0.8, Kendall: 4. / 6} {
		if got := Correlate(x, y, how); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: %v, want %v", how, got, want)
		}
	}
	if got := Cronbach([][]float64{x, x}); math.Abs(got-1) > 1e-12 {
		t.Errorf("alpha of the same twice is %v", got)
	}
	// Variances 5/3 each, covariance 4/3: 2·(1 − (10/3)/(10/3 + 8/3)).
	if got, want := Cronbach([][]float64{x[:4], y[:4]}), 2*(1-10./18); math.Abs(got-want) > 1e-12 {
		t.Errorf("alpha is %v, want %v", got, want)
	}
}

// asemSpec is the build of the published example.
func asemSpec(t testing.TB) (Spec, Data) {
	raw, tree, den, groups := asem(t)
	all := raw.Clone()
	all.Codes, all.Values = append(all.Codes, den.Codes...), append(all.Values, den.Values...)
	usual := UsualTreatment()
	return Spec{Nodes: tree.Nodes, Steps: []Step{{Denominate: true}, {Impute: ImputeGroupMean},
		{Screen: &Screening{MinPresent: 0.9}}, {Treat: &usual},
		{Normalise: []Normalisation{{Method: MinMax, Low: 1, High: 100}}},
		{Aggregate: []Aggregation{{Mean: Arithmetic}}}}}, Data{Values: all, Groups: groups}
}

func TestRun(t *testing.T) {
	spec, data := asemSpec(t)
	b, err := Run(spec, data)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "Treated", b.Stages[4].Table)
	if n := len(b.Filled); n != 65 {
		t.Errorf("%d values were filled", n)
	}
	var sum float64
	eff := b.Tree.EffectiveWeights()
	for _, n := range b.Tree.Indicators() {
		sum += eff[n.Code]
	}
	if math.Abs(sum-1) > 1e-12 {
		t.Errorf("the effective weights of the indicators are %v together", sum)
	}
	// With arithmetic means and nothing missing, the index is the sum of its parts.
	for i := range b.Scores.Units {
		var v float64
		for _, n := range b.Tree.Indicators() {
			v += eff[n.Code] * b.Scores.Column(n.Code)[i]
		}
		if math.Abs(v-b.Index()[i]) > 1e-9 {
			t.Errorf("%s: index %v, its parts %v", b.Scores.Units[i], b.Index()[i], v)
		}
	}
	reached := 0
	for i, unit := range b.Scores.Units[:8] {
		rank := b.Ranks[i] - 1
		at, found, err := Needed(spec, data, unit, "CPI", rank, 100)
		if err != nil {
			t.Fatal(err)
		}
		if !found || rank == 0 {
			continue
		}
		reached++
		up, err := WhatIf(spec, data, Change{unit, "CPI", at})
		if err != nil {
			t.Fatal(err)
		}
		moved := Compare(b, up)
		m := moved[slices.IndexFunc(moved, func(m Moved) bool { return m.Unit == unit })]
		if m.After > rank || m.Before != b.Ranks[i] {
			t.Errorf("%s with what it needs for %v: %+v", unit, rank, m)
		}
	}
	if reached == 0 {
		t.Errorf("%d units gain a place by one indicator", reached)
	}
}

func uncertain(runs int) Uncertainty {
	scale := func(m Mean) []Aggregation { return []Aggregation{{Mean: m}} }
	return Uncertainty{Runs: runs, Seed: 7, Factors: []Factor{
		{Name: "imputation", Impute: []Imputation{ImputeGroupMean, ImputeMean, ImputeMedian}},
		{Name: "normalisation", Normalise: [][]Normalisation{{{Method: MinMax, Low: 1, High: 100}},
			{{Method: RankScore}}}},
		{Name: "mean", Aggregate: [][]Aggregation{scale(Arithmetic), scale(Geometric)}},
		{Name: "weights", Spread: 0.25, Level: 2},
	}}
}

// Nothing depends on how many processors there are, and what is nominal lies within what was found.
func TestVary(t *testing.T) {
	spec, data := asemSpec(t)
	u := uncertain(60)
	many, err := Vary(spec, data, u, nil)
	if err != nil {
		t.Fatal(err)
	}
	old := runtime.GOMAXPROCS(1)
	one, err := Vary(spec, data, u, nil)
	runtime.GOMAXPROCS(old)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(one, many); d != "" {
		t.Errorf("it depends on the processors: %s", d)
	}
	moved := false
	for _, v := range many {
		moved = moved || v.Low < v.High
		if v.Low > v.Median || v.Median > v.High {
			t.Errorf("%+v", v)
		}
	}
	if !moved {
		t.Error("no choice changed a rank")
	}
	stop := errors.New("enough")
	if _, err := Vary(spec, data, u, func(n int) error {
		if n >= 3 {
			return stop
		}
		return nil
	}); !errors.Is(err, stop) {
		t.Errorf("stopped with %v", err)
	}
}

// A choice that changes nothing has no influence; the only one that does has all.
func TestSensitivity(t *testing.T) {
	spec, data := asemSpec(t)
	u := Uncertainty{Runs: 64, Seed: 1, Factors: []Factor{
		{Name: "nothing", Aggregate: [][]Aggregation{{{Mean: Arithmetic}}}},
		{Name: "all", Normalise: [][]Normalisation{{{Method: MinMax, High: 100}}, {{Method: RankScore}}}}}}
	got, err := Sensitivity(spec, data, u, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].First != 0 || got[0].Total != 0 {
		t.Errorf("%+v", got[0])
	}
	if math.Abs(got[1].Total-1) > 0.25 || math.Abs(got[1].First-1) > 0.4 {
		t.Errorf("%+v", got[1])
	}
}

func TestPanel(t *testing.T) {
	of := func(v float64) *Table { return &Table{[]string{"u"}, []string{"a"}, [][]float64{{v}}} }
	p := Panel{[]int{2019, 2021, 2022, 2024}, []*Table{of(10), of(Missing), of(Missing), of(20)}}
	for _, c := range []struct {
		year int
		how  PanelImputation
		most int
		want float64
	}{{2021, PanelLatest, 0, 10}, {2021, PanelLatest, 1, Missing}, {2021, PanelLinear, 0, 14},
		{2022, PanelLinear, 0, 16}, {2024, PanelLatest, 0, 20}} {
		got, _, err := ImputePanel(p, c.year, c.how, c.most)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, got.Values[0][0], near); d != "" {
			t.Errorf("%d %s: %s", c.year, c.how, d)
		}
	}
}

// What makes no index is refused with words that name it.
func TestRefuses(t *testing.T) {
	leaf := Node{Code: "a", Level: 1, Parent: "r", Weight: 1}
	root := Node{Code: "r", Level: 2, Weight: 1}
	for _, c := range []struct {
		nodes []Node
		words string
	}{
		{[]Node{root}, "nothing below"}, {[]Node{leaf}, "not there"},
		{[]Node{leaf, root, root}, "twice"}, {[]Node{leaf, {Code: "r", Level: 3}}, "one level above"},
		{[]Node{{Code: "a", Level: 1, Parent: "a"}}, "one level above"},
		{[]Node{{Code: "a", Level: 1, Parent: "r", Weight: -1}, root}, "weight"},
	} {
		if _, err := NewTree(c.nodes); err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%v: %v, want %q", c.nodes, err, c.words)
		}
	}
	data := Data{Values: &Table{[]string{"u"}, []string{"a"}, [][]float64{{1}}}}
	usual := UsualNormalisation()
	norm, mean := Step{Normalise: []Normalisation{usual}}, Step{Aggregate: []Aggregation{{Mean: Arithmetic}}}
	for _, c := range []struct {
		steps []Step
		words string
	}{
		{nil, "0 steps"}, {[]Step{{}}, "exactly one"}, {[]Step{mean}, "after normalise"},
		{[]Step{norm, mean, norm}, "nothing comes after"}, {[]Step{norm}, "must be aggregate"},
		{[]Step{norm, {Denominate: true}, mean}, "before normalise"},
	} {
		_, err := Run(Spec{Nodes: []Node{leaf, root}, Steps: c.steps}, data)
		if err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%v: %v, want %q", c.steps, err, c.words)
		}
	}
}

// BenchmarkRun builds the example of 51 × 49, with its treatment.
func BenchmarkRun(b *testing.B) {
	spec, data := asemSpec(b)
	for b.Loop() {
		if _, err := Run(spec, data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVary is a thousand variants of the example: at most 2 s are wanted.
func BenchmarkVary(b *testing.B) {
	spec, data := asemSpec(b)
	for b.Loop() {
		if _, err := Vary(spec, data, uncertain(1000), nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkYears builds an index of 300 cities and 60 indicators for 15 years: 200 ms are wanted.
func BenchmarkYears(b *testing.B) {
	r := random{state: 3}
	var nodes []Node
	t := &Table{}
	for i := range 300 {
		t.Units = append(t.Units, fmt.Sprintf("u%d", i))
	}
	for c := range 60 {
		nodes = append(nodes, Node{Code: fmt.Sprintf("i%d", c), Level: 1, Parent: fmt.Sprintf("g%d", c/12), Weight: 1})
		t.Codes = append(t.Codes, nodes[c].Code)
		t.Values = append(t.Values, nil)
		for range 300 {
			v := r.next()
			t.Values[c] = append(t.Values[c], v*v*v*v) // some need treatment
		}
	}
	for g := range 5 {
		nodes = append(nodes, Node{Code: fmt.Sprintf("g%d", g), Level: 2, Parent: "all", Weight: 1})
	}
	nodes = append(nodes, Node{Code: "all", Level: 3, Weight: 1})
	spec := Spec{Nodes: nodes, Steps: UsualSteps()}
	for b.Loop() {
		for range 15 {
			if _, err := Run(spec, Data{Values: t}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
