package composite

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Expert is somebody who compared things in pairs.
type Expert struct {
	Name   string      `json:"name,omitempty"`
	Weight float64     `json:"weight,omitempty"` // of the voice among the others; 0 counts as 1
	Pairs  [][]float64 `json:"pairs"`            // as AHP takes them
}

// Pooling is a way to make one result of the judgements of several experts.
type Pooling string

// The ways (Forman and Peniwati, 1998): the first where the group decides as one, the second where each
// speaks for himself. Both take geometric means, so that the judgements of a group are reciprocal and a
// voice counts the same however it is scaled.
const (
	PoolJudgements Pooling = "judgements" // AIJ: each judgement of the group is the mean of those of the experts
	PoolPriorities Pooling = "priorities" // AIP: the weights are the means of the experts' weights
)

// MaxExperts bounds a group.
const MaxExperts = 50

// Triple is three things whose judgements do not fit: the first over the second, times the second over the
// third, is Off times the first over the third, or that many times below it. Off is 1 where they fit.
type Triple struct {
	First  int     `json:"first"` // from 0
	Second int     `json:"second"`
	Third  int     `json:"third"`
	Off    float64 `json:"off"`
}

// Voice is what the judgements of one expert come to.
type Voice struct {
	Name string `json:"name,omitempty"`
	Judgement
	Worst []Triple `json:"worst,omitempty"` // the triples that fit least, of judgements that are not consistent
}

// Consensus is what the judgements of a group of experts come to.
type Consensus struct {
	Judgement          // of the group; Greatest and Consistency are those of the pooled judgements
	Pool      Pooling  `json:"pool"`
	Voices    []Voice  `json:"voices"`
	Worst     []Triple `json:"worst,omitempty"` // of the pooled judgements
}

// Accepted is the consistency ratio up to which judgements usually pass (Saaty, 1980).
const Accepted = 0.1

// worstTriples is how many triples are named.
const worstTriples = 3

// GroupAHP finds weights from the judgements of several experts about the same things. No way is
// PoolJudgements. The error names the expert whose judgements cannot be used.
func GroupAHP(experts []Expert, pool Pooling) (Consensus, error) {
	out := Consensus{Pool: cmp.Or(pool, PoolJudgements)}
	if len(experts) == 0 || len(experts) > MaxExperts {
		return out, fmt.Errorf("%d experts, 1 to %d are possible", len(experts), MaxExperts)
	}
	var total float64
	for i, e := range experts {
		j, err := AHP(e.Pairs)
		if err == nil && len(e.Pairs) != len(experts[0].Pairs) {
			err = fmt.Errorf("there are judgements of %d things, not %d", len(e.Pairs), len(experts[0].Pairs))
		}
		if err == nil && (e.Weight < 0 || math.IsNaN(e.Weight) || math.IsInf(e.Weight, 0)) {
			err = fmt.Errorf("the weight of the voice is %v", e.Weight)
		}
		if err != nil {
			return out, fmt.Errorf("expert %s: %w", nameOr(e.Name, i), err)
		}
		out.Voices = append(out.Voices, Voice{Name: e.Name, Judgement: j, Worst: worst(e.Pairs, j)})
		total += voice(e)
	}
	n := len(experts[0].Pairs)
	together := make([][]float64, n)
	for i := range together {
		together[i] = make([]float64, n)
		for k := range together[i] {
			together[i][k] = pooled(experts, total, func(e Expert) float64 { return e.Pairs[i][k] })
		}
	}
	var err error
	if out.Judgement, err = AHP(together); err != nil {
		return out, err
	}
	out.Worst = worst(together, out.Judgement)
	switch out.Pool {
	case PoolJudgements:
		return out, nil
	case PoolPriorities:
		w := make([]float64, n)
		for i := range w {
			at := 0
			w[i] = pooled(experts, total, func(Expert) float64 { at++; return out.Voices[at-1].Weights[i] })
		}
		out.Weights, err = toOne(w)
		return out, err
	}
	return out, fmt.Errorf("there is no way %q to pool judgements", pool)
}

func nameOr(name string, i int) string {
	if name == "" {
		return fmt.Sprint(i + 1)
	}
	return fmt.Sprintf("%q", name)
}

func voice(e Expert) float64 {
	if e.Weight == 0 {
		return 1
	}
	return e.Weight
}

// pooled is the geometric mean of what experts say, by their weights.
func pooled(experts []Expert, total float64, of func(Expert) float64) float64 {
	var sum float64
	for _, e := range experts {
		sum += voice(e) * math.Log(of(e))
	}
	return math.Exp(sum / total)
}

// worst names the triples that fit least, none where the judgements are consistent enough.
func worst(m [][]float64, j Judgement) []Triple {
	if j.Consistency <= Accepted {
		return nil
	}
	list := Triples(m)
	return list[:min(len(list), worstTriples)]
}

// Triples returns the triples of judgements that do not fit, the worst first.
func Triples(m [][]float64) []Triple {
	var out []Triple
	for i := range m {
		for k := i + 1; k < len(m); k++ {
			for l := k + 1; l < len(m); l++ {
				off := math.Exp(math.Abs(math.Log(m[i][k] * m[k][l] / m[i][l])))
				if off > 1+1e-9 {
					out = append(out, Triple{i, k, l, off})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Triple) int { return cmp.Compare(b.Off, a.Off) })
	return out
}
