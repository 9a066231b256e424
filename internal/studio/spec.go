package studio

import (
	"math"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// normalisation is the rule of a way on a scale.
func normalisation(norm, scale string) composite.Normalisation {
	r := composite.Normalisation{Method: composite.Method(norm), High: 100}
	switch scale {
	case "1-100":
		r.Low = 1
	case "0-1":
		r.High = 1
	}
	switch r.Method {
	case composite.ZScore:
		r.Low, r.High = 50, 10
	case composite.Benchmark:
		r.Cap = true
	case composite.ToTarget, composite.ToBest, composite.Efficacy:
		r.Cap = true
	}
	return r
}

func treatment(name string) composite.Treatment {
	t := composite.UsualTreatment()
	t.Transform = composite.NoTransform
	switch name {
	case "winsor.log":
		t.Transform = composite.LogShifted
	case "winsor.sqrt":
		t.Transform = composite.SquareRoot
	case "winsor.boxcox":
		t.Transform = composite.BoxCox
	}
	return t
}

// untreated is the treatment that leaves everything as it is.
func untreated() composite.Treatment {
	return composite.Treatment{Skew: math.MaxFloat64, Kurt: math.MaxFloat64, MaxPoints: 1}
}

// Spec is what the engine makes of the choices. They fit the content and were checked.
func (c Choices) Spec(x Content) composite.Spec {
	s := composite.Spec{Nodes: slices.Clone(x.Nodes)}
	for i, n := range s.Nodes {
		if w, ok := c.Own[n.Code]; ok {
			s.Nodes[i].Weight = w
		}
	}
	add := func(st composite.Step) { s.Steps = append(s.Steps, st) }
	if c.Correct {
		add(composite.Step{Denominate: true})
	}
	if c.Screen > 0 {
		add(composite.Step{Screen: &composite.Screening{MinPresent: float64(c.Screen) / 100}})
	}
	if c.Impute != none {
		add(composite.Step{Impute: composite.Imputation(c.Impute)})
	}
	if c.Treat != none {
		t := treatment(c.Treat)
		add(composite.Step{Treat: &t})
	}
	add(composite.Step{Normalise: []composite.Normalisation{normalisation(c.Norm, c.Scale)}})
	if w := c.weighing(x); len(w) > 0 {
		add(composite.Step{Weigh: w})
	}
	var how []composite.Aggregation
	for _, m := range c.Means {
		how = append(how, composite.Aggregation{Mean: composite.Mean(m)})
	}
	add(composite.Step{Aggregate: how})
	return s
}

func (c Choices) weighing(x Content) []composite.LevelWeighing {
	var out []composite.LevelWeighing
	for i, w := range c.Weigh {
		switch w {
		case weighTree, weighOwn:
		case weighPool:
			for _, n := range x.Nodes {
				if kids := x.Children(n.Code); n.Level == i+2 && len(kids) > 1 {
					q := Question{Code: n.Code, Parts: make([]Part, len(kids))}
					out = append(out, composite.LevelWeighing{Level: i + 1, Under: n.Code, Pool: c.Experts.Pool,
						Experts: expertsOf(q, c.Experts.Voices)})
				}
			}
		case weighAHP:
			for _, n := range x.Nodes {
				if kids := len(x.Children(n.Code)); n.Level == i+2 && kids > 0 {
					m, _ := c.Matrix(n.Code, kids)
					out = append(out, composite.LevelWeighing{Level: i + 1, Under: n.Code, Pairs: m})
				}
			}
		default:
			out = append(out, composite.LevelWeighing{Level: i + 1, How: composite.Weighing(w)})
		}
	}
	return out
}

// build runs the choices over a content.
func (c Choices) build(x Content) (*composite.Build, error) {
	b, err := composite.Run(c.Spec(x), x.data())
	if err != nil {
		return nil, c.why(err)
	}
	return b, nil
}

// why puts into words why choices cannot be computed, at the field that can be changed.
func (c Choices) why(err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "positive"):
		for i, m := range c.Means {
			if m == string(composite.Geometric) || m == string(composite.Harmonic) {
				return fault.Fields(fault.At("m"+string(rune('2'+i)),
					"几何平均与调和平均要求所有得分大于零：请把得分区间改为 1—100，或换一种标准化方法")).(*fault.Error).Wrap(err)
			}
		}
	case strings.Contains(text, "no unit has enough"):
		return fault.Fields(fault.At("screen", "没有一个单位的数据够全，请降低要求")).(*fault.Error).Wrap(err)
	case strings.Contains(text, "weigh"):
		for i, w := range c.Weigh {
			if !slices.Contains([]string{weighTree, weighOwn, weighAHP, weighPool, string(composite.EqualWeights)}, w) {
				return fault.Fields(fault.At("w"+string(rune('1'+i)),
					"这些数据算不出这种权重：有的指标没有差别，或数据齐全的单位不到 3 个")).(*fault.Error).Wrap(err)
			}
		}
	}
	return fault.Fields(fault.At("norm", "这组选择无法计算：%s", text)).(*fault.Error).Wrap(err)
}

// positive reports whether a way of normalising gives scores above zero only.
func (c Choices) positive() bool {
	return c.Norm == string(composite.MinMax) && c.Scale == "1-100" || c.Norm == string(composite.RankScore)
}

// variants are the specification that is varied, and how. It has the weights that were found, so that what is
// varied is these and not the way to find them. No factors: nothing that was chosen can vary.
func (c Choices) variants(x Content, b *composite.Build) (composite.Spec, []composite.Factor) {
	s := b.Spec
	s.Nodes = slices.Clone(b.Tree.Nodes)
	s.Steps = slices.DeleteFunc(slices.Clone(s.Steps), func(st composite.Step) bool { return len(st.Weigh) > 0 })
	above := slices.ContainsFunc(c.Means, func(m string) bool {
		return m == string(composite.Geometric) || m == string(composite.Harmonic)
	}) || slices.Contains(c.Vary, "means")
	var out []composite.Factor
	for _, v := range c.Vary {
		switch v {
		case "impute":
			out = c.varyImpute(x, b, out)
		case "treat":
			if c.Treat != none {
				other := treatment("winsor.log")
				if c.Treat == "winsor.log" {
					other = treatment("winsor")
				}
				out = append(out, composite.Factor{Name: v, Treat: []composite.Treatment{treatment(c.Treat), other,
					untreated()}})
			}
		case "weights":
			for level := 1; level < x.Levels() && c.Spread > 0; level++ {
				out = append(out, composite.Factor{Name: "weights" + string(rune('0'+level)), Level: level,
					Spread: float64(c.Spread) / 100})
			}
		case "means":
			out = append(out, composite.Factor{Name: v, Aggregate: c.otherMeans()})
		case "leave":
			f := composite.Factor{Name: v, LeaveOut: []string{""}}
			if kids := x.Children(b.Tree.Root()); len(kids) > 2 {
				for _, n := range kids {
					f.LeaveOut = append(f.LeaveOut, n.Code)
				}
				out = append(out, f)
			}
		}
	}
	if f := c.varyNorm(above); len(f.Normalise) > 0 {
		out = append(out, f)
	}
	return s, out
}

func (c Choices) varyImpute(x Content, b *composite.Build, out []composite.Factor) []composite.Factor {
	if c.Impute == none || len(b.Filled) == 0 {
		return out
	}
	f := composite.Factor{Name: "impute", Impute: []composite.Imputation{composite.ImputeMedian,
		composite.ImputeMean}}
	if !slices.ContainsFunc(x.Units, func(u Unit) bool { return u.Group == "" }) {
		f.Impute = append(f.Impute, composite.ImputeGroupMean)
	}
	return append(out, f)
}

// otherMeans are arithmetic and geometric at every level.
func (c Choices) otherMeans() [][]composite.Aggregation {
	var out [][]composite.Aggregation
	for _, m := range []composite.Mean{composite.Arithmetic, composite.Geometric} {
		var how []composite.Aggregation
		for range c.Means {
			how = append(how, composite.Aggregation{Mean: m})
		}
		out = append(out, how)
	}
	return out
}

// varyNorm are other ways to normalise. Where a mean wants scores above zero, each of them has only those,
// and one that does not vary is brought to 1 to 100.
func (c Choices) varyNorm(above bool) composite.Factor {
	f := composite.Factor{Name: "norm"}
	up := []composite.Normalisation{{Method: composite.MinMax, Low: 1, High: 100}}
	byRank := []composite.Normalisation{{Method: composite.RankScore}}
	switch {
	case slices.Contains(c.Vary, "norm") && above:
		f.Normalise = [][]composite.Normalisation{up, byRank}
	case slices.Contains(c.Vary, "norm"):
		f.Normalise = [][]composite.Normalisation{{normalisation(c.Norm, c.Scale)}, {normalisation(
			string(composite.ZScore), "")}, byRank}
		if c.Norm == string(composite.ZScore) || c.Norm == string(composite.RankScore) {
			f.Normalise[0] = up
		}
	case above && !c.positive():
		f.Name, f.Normalise = "positive", [][]composite.Normalisation{up}
	}
	return f
}
