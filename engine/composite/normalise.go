package composite

import (
	"fmt"
	"math"
)

// Method is a way to normalise (无量纲化).
type Method string

// The ways. Before them, an indicator of which less is better is negated, unless its row says how it
// treats it.
const (
	MinMax     Method = "minmax"      // (x − min)/(max − min), on the scale from Low to High
	ZScore     Method = "zscore"      // mean Low and standard deviation High
	RankScore  Method = "rank"        // rank, the worst being 1
	Percentile Method = "percentile"  // (rank − 1)/(n − 1)
	Borda      Method = "borda"       // rank − 1
	ToTarget   Method = "target"      // (x − min)/(target − min); less is better: (max − x)/(max − target)
	ToFrontier Method = "frontier"    // 1 − (max − x)/(max − min)
	ToBest     Method = "reference"   // 1 − (reference − x)/(reference − min)
	OfMaximum  Method = "fractionMax" // x/max
	Goalposts  Method = "goalposts"   // (x − low)/(high − low), on the scale from Low to High, cut off there
	Benchmark  Method = "benchmark"   // 标杆法: x/标杆·High; less is better: 标杆/x·High
	Efficacy   Method = "efficacy"    // 功效系数法: 60 + 40·(x − 不允许值)/(满意值 − 不允许值)
	AsIs       Method = "none"        // negated only
)

// Normalisation says how values become comparable.
type Normalisation struct {
	Method Method  `json:"method"`
	Low    float64 `json:"low"`            // of the scale; ZScore: the mean
	High   float64 `json:"high"`           // of the scale; ZScore: the standard deviation
	Cap    bool    `json:"cap,omitempty"`  // ToTarget, ToBest, Benchmark, Efficacy: no more than the full score
	Only   string  `json:"only,omitempty"` // code of the one indicator it is for; "" for all
}

// UsualNormalisation is min–max from 0 to 100.
func UsualNormalisation() Normalisation { return Normalisation{Method: MinMax, High: 100} }

// Constants of 功效系数法, as in the assessments of enterprises' performance.
const (
	efficacyBase = 60
	efficacySpan = 40
)

// Normalise brings indicators to one scale on which more is better.
func Normalise(t *Table, tree *Tree, rules ...Normalisation) (*Table, error) {
	out := t.Clone()
	for c, code := range t.Codes {
		n, ok := tree.Node(code)
		if !ok {
			return nil, fmt.Errorf("column %q is no indicator of the tree", code)
		}
		rule, ok := ruleFor(rules, code)
		if !ok {
			return nil, fmt.Errorf("nothing says how %q is normalised", code)
		}
		col, err := rule.column(t.Values[c], n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", code, err)
		}
		out.Values[c] = col
	}
	return out, nil
}

// ruleFor is the rule of one indicator: its own before the common one.
func ruleFor(rules []Normalisation, code string) (Normalisation, bool) {
	var common *Normalisation
	for i := range rules {
		switch rules[i].Only {
		case code:
			return rules[i], true
		case "":
			common = &rules[i]
		}
	}
	if common == nil {
		return Normalisation{}, false
	}
	return *common, true
}

func (r Normalisation) column(x []float64, n Node) ([]float64, error) {
	switch r.Method {
	case ToTarget, Goalposts, Benchmark, Efficacy:
		return r.posted(x, n)
	}
	up := make([]float64, len(x))
	for i, v := range x {
		up[i] = v * n.sign()
	}
	lo, hi := bounds(up)
	switch r.Method {
	case AsIs:
		return up, nil
	case MinMax:
		return each(up, func(v float64) float64 { return (v-lo)/(hi-lo)*(r.High-r.Low) + r.Low }), nil
	case ZScore:
		there := present(up)
		m, s := mean(there), deviation(there)
		return each(up, func(v float64) float64 { return (v-m)/s*r.High + r.Low }), nil
	case RankScore:
		return ranks(up, TiesMin), nil
	case Borda:
		return each(ranks(up, TiesMin), func(v float64) float64 { return v - 1 }), nil
	case Percentile:
		rest := float64(len(present(up)) - 1)
		return each(ranks(up, TiesMin), func(v float64) float64 { return (v - 1) / rest }), nil
	case ToFrontier:
		return each(up, func(v float64) float64 { return 1 - (hi-v)/(hi-lo) }), nil
	case OfMaximum:
		return each(up, func(v float64) float64 { return v / hi }), nil
	case ToBest:
		best := hi
		if n.Reference != nil {
			best = *n.Reference * n.sign()
		}
		return each(up, func(v float64) float64 { return r.cap(1-(best-v)/(best-lo), 1) }), nil
	}
	return nil, fmt.Errorf("there is no normalisation %q", r.Method)
}

// posted are the ways that look at posts of the indicator itself.
func (r Normalisation) posted(x []float64, n Node) ([]float64, error) {
	lo, hi := bounds(x)
	less := n.Direction < 0
	switch r.Method {
	case ToTarget:
		if n.Target == nil {
			return nil, fmt.Errorf("it has no target")
		}
		target := *n.Target
		if less {
			return each(x, func(v float64) float64 { return r.cap((hi-v)/(hi-target), 1) }), nil
		}
		return each(x, func(v float64) float64 { return r.cap((v-lo)/(target-lo), 1) }), nil
	case Benchmark:
		best := hi
		if less {
			best = lo
		}
		if n.Reference != nil {
			best = *n.Reference
		}
		if less {
			return each(x, func(v float64) float64 { return r.cap(best/v*r.High, r.High) }), nil
		}
		return each(x, func(v float64) float64 { return r.cap(v/best*r.High, r.High) }), nil
	}
	if n.Low == nil || n.High == nil || *n.Low == *n.High {
		return nil, fmt.Errorf("it has no two posts")
	}
	low, high := *n.Low, *n.High
	if less && low < high {
		low, high = high, low // less is better: the good post is the lower one
	}
	part := func(v float64) float64 { return (v - low) / (high - low) }
	if r.Method == Efficacy {
		return each(x, func(v float64) float64 {
			return r.cap(efficacyBase+efficacySpan*part(v), efficacyBase+efficacySpan)
		}), nil
	}
	return each(x, func(v float64) float64 {
		return min(max(part(v), 0), 1)*(r.High-r.Low) + r.Low
	}), nil
}

func (r Normalisation) cap(v, most float64) float64 {
	if r.Cap && v > most {
		return most
	}
	return v
}

// each applies f to what is there. What cannot be computed, as where all values are the same, is
// missing, not infinite.
func each(x []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = Missing
		if missing(v) {
			continue
		}
		if y := f(v); !math.IsInf(y, 0) {
			out[i] = y
		}
	}
	return out
}
