package market

import (
	"maps"
	"slices"
)

// EvaluationKinds are the kinds of achievements that are weighed in their own way: classify first
// (国办发〔2021〕26号).
func EvaluationKinds() []Choice {
	return []Choice{{"basic", "基础研究"}, {"applied", "应用研究"}, {"industry", "技术开发与产业化"}, {"public", "社会公益"}}
}

// FiveValues are the five values (国办发〔2021〕26号), in the order of scores and weights.
func FiveValues() []Choice {
	return []Choice{{"science", "科学价值"}, {"technology", "技术价值"}, {"economy", "经济价值"}, {"society", "社会价值"},
		{"culture", "文化价值"}}
}

// Weights are what the five values weigh in the evaluation of an achievement, by its kind, 100 together.
// They are part of the dated rule. In what is written, a kind that is missing keeps what the rule
// before it said.
type Weights map[string][5]int64

// UsualWeights are those that ship with the program, and what an edition means that was written before it
// could say them. [design] 国办发〔2021〕26号 asks for different weights for different kinds and gives none.
func UsualWeights() Weights {
	return Weights{"basic": {50, 15, 5, 15, 15}, "applied": {15, 45, 20, 15, 5}, "industry": {5, 25, 50, 15, 5},
		"public": {10, 25, 10, 45, 10}}
}

// or takes from another what is missing.
func (w Weights) or(other Weights) Weights {
	out := maps.Clone(other)
	maps.Copy(out, w)
	return out
}

const allWeight = 100

func (w Weights) check(f *faults) {
	for _, kind := range slices.Sorted(maps.Keys(w)) {
		if TitleOf(EvaluationKinds(), kind) == "" {
			f.add("weights", "没有“%s”这个选项", kind)
			continue
		}
		sum := int64(0)
		for i, n := range w[kind] {
			sum += n
			f.within(WeightField(kind, FiveValues()[i].Value), int(n), 0, allWeight)
		}
		if sum != allWeight {
			f.add(WeightField(kind, FiveValues()[0].Value), "五项权重合计应为 100，现为 %d", sum)
		}
	}
}

// WeightField is the name of a weight in forms and faults.
func WeightField(kind, value string) string { return "weights." + kind + "." + value }
