package composite

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// about compares with figures that a book prints with so many digits.
func about(digits int) cmp.Option {
	return cmpopts.EquateApprox(0, 0.5000001*math.Pow(10, -float64(digits)))
}

// The choice of a house of Saaty, How to make a decision: the analytic hierarchy process, EJOR 48 (1990): its
// eigenvalue, ratio and priorities are printed with three digits.
func TestPublishedJudgements(t *testing.T) {
	t.Parallel()
	// Criteria are size, transport, neighbourhood, age, yard, modern facilities, condition, financing.
	house := upper([]float64{5, 3, 7, 6, 6, 1. / 3, 1. / 4}, []float64{1. / 3, 5, 3, 3, 1. / 5, 1. / 7},
		[]float64{6, 3, 4, 6, 1. / 5}, []float64{1. / 3, 1. / 4, 1. / 7, 1. / 8}, []float64{1. / 2, 1. / 5, 1. / 6},
		[]float64{1. / 5, 1. / 6}, []float64{1. / 2})
	j, err := AHP(house)
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333}
	if d := cmp.Diff(want, j.Weights, about(3)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(9.669, j.Greatest, about(3)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(0.169, j.Consistency, about(3)); d != "" {
		t.Error(d)
	}
	// The triple that fits least, by hand: size : neighbourhood 3, neighbourhood : condition 6, size :
	// condition 1/3; 3 × 6 ÷ 1/3 = 54. No other of the 56 is above it.
	if worst := Triples(house)[0]; worst.First != 0 || worst.Second != 2 || worst.Third != 6 ||
		math.Abs(worst.Off-54) > 1e-9 {
		t.Errorf("%+v", worst)
	}
}

// upper makes a matrix of the judgements above its diagonal.
func upper(rows ...[]float64) [][]float64 {
	n := len(rows) + 1
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		m[i][i] = 1
	}
	for i, row := range rows {
		for k, v := range row {
			m[i][i+1+k], m[i+1+k][i] = v, 1/v
		}
	}
	return m
}

// Two experts of three things, by hand. A says 1 : 2 : 4 and B says 4 : 2 : 1, both without contradiction.
// Judgements: √(½ · 2) = 1, √(¼ · 4) = 1: all alike. Priorities: √(1/7 · 4/7) = 2/7, 2/7, 2/7: alike too.
// With a third voice that says 4 : 1 : 1: judgements first over second ∛(½ · 2 · 4) = ∛4, first over third
// ∛(¼ · 4 · 4) = ∛4, second over third ∛(½ · 2 · 1) = 1. That is ∛4 : 1 : 1, again without contradiction.
func TestGroupByHand(t *testing.T) {
	t.Parallel()
	a := Expert{Name: "甲", Pairs: upper([]float64{0.5, 0.25}, []float64{0.5})}
	b := Expert{Name: "乙", Pairs: upper([]float64{2, 4}, []float64{2})}
	c := Expert{Name: "丙", Pairs: upper([]float64{4, 4}, []float64{1})}
	root := math.Cbrt(4)
	for name, tc := range map[string]struct {
		experts []Expert
		want    []float64
	}{
		"two":   {[]Expert{a, b}, []float64{1. / 3, 1. / 3, 1. / 3}},
		"three": {[]Expert{a, b, c}, []float64{root / (root + 2), 1 / (root + 2), 1 / (root + 2)}},
		// A counts three times: first over second is (½ · ½ · ½ · 2)^¼ = 1/√2, second over third the same:
		// 1 : √2 : 2.
		"weighed": {[]Expert{{Name: "甲", Weight: 3, Pairs: a.Pairs}, b},
			[]float64{1 / (3 + math.Sqrt2), math.Sqrt2 / (3 + math.Sqrt2), 2 / (3 + math.Sqrt2)}},
	} {
		// Without contradictions both ways come to the same.
		for _, pool := range []Pooling{PoolJudgements, PoolPriorities, ""} {
			got, err := GroupAHP(tc.experts, pool)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got.Weights, near); d != "" {
				t.Errorf("%s by %q: %s", name, pool, d)
			}
			if got.Consistency > 1e-12 || len(got.Worst) != 0 || len(got.Voices) != len(tc.experts) {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
}

// Experts who contradict themselves: the two ways differ, each voice has its own ratio, and the group may
// be more consistent than any of its members. By hand: A goes in a circle of 2s, B in the opposite one;
// each has λ = 1 + 2 + ½ = 3.5 (the matrix is circulant), CI 0.25, CR 0.25 ÷ 0.58 = 0.4310; the only triple
// is off by 2 · 2 · 2 = 8. Together every judgement is √(2 · ½) = 1.
func TestGroupContradicts(t *testing.T) {
	t.Parallel()
	a := Expert{Name: "甲", Pairs: upper([]float64{2, 0.5}, []float64{2})}
	b := Expert{Name: "乙", Pairs: upper([]float64{0.5, 2}, []float64{0.5})}
	got, err := GroupAHP([]Expert{a, b}, PoolJudgements)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range got.Voices {
		if math.Abs(v.Greatest-3.5) > 1e-9 || math.Abs(v.Consistency-0.25/0.58) > 1e-9 || len(v.Worst) != 1 ||
			math.Abs(v.Worst[0].Off-8) > 1e-9 {
			t.Errorf("%+v", v)
		}
	}
	if got.Consistency > 1e-12 || got.Worst != nil {
		t.Errorf("the group: %+v", got)
	}
	// A against what a consistent voice 1 : 2 : 4 says: AIP = √(⅓ · wᵢ), as A's circle gives thirds.
	mixed, err := GroupAHP([]Expert{a, {Pairs: upper([]float64{0.5, 0.25}, []float64{0.5})}}, PoolPriorities)
	if err != nil {
		t.Fatal(err)
	}
	sum := 1 + math.Sqrt2 + 2
	if d := cmp.Diff([]float64{1 / sum, math.Sqrt2 / sum, 2 / sum}, mixed.Weights, near); d != "" {
		t.Error(d)
	}
}

func TestGroupRefuses(t *testing.T) {
	t.Parallel()
	good := Expert{Name: "甲", Pairs: upper([]float64{2})}
	for want, experts := range map[string][]Expert{
		"0 experts":      nil,
		"not reciprocal": {good, {Name: "乙", Pairs: [][]float64{{1, 2}, {2, 1}}}},
		`expert "乙"`:     {good, {Name: "乙", Pairs: upper([]float64{2, 3}, []float64{2})}},
		"weight":         {{Weight: -1, Pairs: good.Pairs}},
	} {
		if _, err := GroupAHP(experts, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := GroupAHP([]Expert{good}, "vote"); err == nil {
		t.Error("a way nobody knows")
	}
}

// A build takes the judgements of experts and keeps what they come to.
func TestBuildByExperts(t *testing.T) {
	t.Parallel()
	nodes := []Node{{Code: "A", Level: 1, Parent: "I", Weight: 1}, {Code: "B", Level: 1, Parent: "I", Weight: 1},
		{Code: "C", Level: 1, Parent: "I", Weight: 1}, {Code: "I", Level: 2}}
	x := NewTable([]string{"u", "v"}, []string{"A", "B", "C"})
	for i := range x.Values {
		x.Values[i] = []float64{0, float64(i + 1)}
	}
	rule := LevelWeighing{Level: 1, Under: "I", Pool: PoolPriorities, Experts: []Expert{
		{Name: "甲", Pairs: upper([]float64{0.5, 0.25}, []float64{0.5})},
		{Name: "乙", Pairs: upper([]float64{0.5, 0.25}, []float64{0.5})}}}
	spec := Spec{Nodes: nodes, Steps: []Step{{Normalise: []Normalisation{UsualNormalisation()}},
		{Weigh: []LevelWeighing{rule}}, {Aggregate: []Aggregation{{Mean: Arithmetic}}}}}
	b, err := Run(spec, Data{Values: x})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]float64{"A": 1. / 7, "B": 2. / 7, "C": 4. / 7}, b.Weights, near); d != "" {
		t.Error(d)
	}
	if j := b.Judged["I"]; len(j.Voices) != 2 || j.Pool != PoolPriorities {
		t.Errorf("%+v", j)
	}
	spec.Steps[1].Weigh[0].Pairs = rule.Experts[0].Pairs
	if _, err := Run(spec, Data{Values: x}); err == nil {
		t.Error("both pairs and experts pass")
	}
}
