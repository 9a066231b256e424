package studio

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/engine/composite"
)

// Limits of the choices.
const (
	MaxRuns   = 1_000 // variants of a page
	MaxPaired = 9     // things that are compared in pairs (层次分析法)
	MaxSpread = 50    // percent
)

// Choices are one way to make an index, as the address of the studio holds them.
type Choices struct {
	Screen  int64  `json:"screen"`  // least share of values that are there, percent
	Impute  string `json:"impute"`  // how missing values are filled
	Treat   string `json:"treat"`   // how outliers are treated
	Norm    string `json:"norm"`    // how values become comparable
	Scale   string `json:"scale"`   // of the normalisation, where it has one
	Correct bool   `json:"correct"` // divide by the denominators that the tree names

	Weigh []string           `json:"weigh"`           // by level: how the weights of its nodes are found
	Means []string           `json:"means"`           // by level above the indicators: how it is put together
	Own   map[string]float64 `json:"own,omitempty"`   // weights of one's own, by code
	Pairs map[string]string  `json:"pairs,omitempty"` // judgements by group: "3,1/5,…", the upper triangle by rows

	// Panel is the result of a panel of experts whose weights are taken: "id.edition".
	Panel string `json:"panel,omitempty"`

	Runs   int64    `json:"runs"` // variants of the intervals of ranks
	Seed   int64    `json:"seed"`
	Vary   []string `json:"vary"`   // what the variants vary
	Spread int64    `json:"spread"` // of weights, percent

	Experts PanelResult `json:"-"` // what Panel names, loaded
}

// Ways that only this package knows.
const (
	weighTree = "tree" // as in the dataset
	weighOwn  = "own"
	weighAHP  = "ahp"
	weighPool = "panel"
	none      = "none"
)

// Usual are the choices a scheme begins with.
func Usual(c Content) Choices {
	out := Choices{Screen: 65, Impute: string(composite.ImputeMedian), Treat: "winsor",
		Norm: string(composite.MinMax), Scale: "0-100", Runs: 200, Seed: 2026, Spread: 25,
		Vary: []string{"impute", "treat", "norm", "weights"}}
	for _, n := range c.Nodes {
		out.Correct = out.Correct || n.Denominator != ""
	}
	for range max(c.Levels()-1, 1) {
		out.Weigh, out.Means = append(out.Weigh, weighTree), append(out.Means, string(composite.Arithmetic))
	}
	return out
}

// Values are the choices as the fields of a form, the usual ones too.
func (c Choices) Values() url.Values {
	v := url.Values{"screen": {fmt.Sprint(c.Screen)}, "impute": {c.Impute}, "treat": {c.Treat},
		"norm": {c.Norm}, "scale": {c.Scale}, "runs": {fmt.Sprint(c.Runs)}, "seed": {fmt.Sprint(c.Seed)},
		"spread": {fmt.Sprint(c.Spread)}, "set": {"1"}}
	if c.Correct {
		v.Set("correct", "1")
	}
	if c.Panel != "" {
		v.Set("panel", c.Panel)
	}
	for i := range c.Weigh {
		v.Set(fmt.Sprint("w", i+1), c.Weigh[i])
		v.Set(fmt.Sprint("m", i+2), c.Means[i])
	}
	for _, code := range slices.Sorted(maps.Keys(c.Own)) {
		v.Set("own."+code, Plain(c.Own[code]))
	}
	for _, code := range slices.Sorted(maps.Keys(c.Pairs)) {
		for i, x := range strings.Split(c.Pairs[code], ",") {
			v.Set(fmt.Sprintf("p.%s.%d", code, i), x)
		}
	}
	for _, x := range c.Vary {
		v.Add("vary", x)
	}
	return v
}

// ReadChoices reads choices from the fields of a form over others. Without the field "set" nothing was
// chosen: a check box that is off sends nothing.
func ReadChoices(v url.Values, base Choices) Choices {
	if v.Get("set") == "" {
		return base
	}
	out := Choices{Screen: whole(v, "screen", base.Screen), Impute: cmp.Or(v.Get("impute"), base.Impute),
		Treat: cmp.Or(v.Get("treat"), base.Treat), Norm: cmp.Or(v.Get("norm"), base.Norm),
		Scale: cmp.Or(v.Get("scale"), base.Scale), Correct: v.Get("correct") == "1",
		Runs: whole(v, "runs", base.Runs), Seed: whole(v, "seed", base.Seed),
		Spread: whole(v, "spread", base.Spread), Vary: slices.Clone(v["vary"]),
		Own: map[string]float64{}, Pairs: map[string]string{}, Panel: cmp.Or(v.Get("panel"), base.Panel)}
	for i := range base.Weigh {
		out.Weigh = append(out.Weigh, cmp.Or(v.Get(fmt.Sprint("w", i+1)), base.Weigh[i]))
		out.Means = append(out.Means, cmp.Or(v.Get(fmt.Sprint("m", i+2)), base.Means[i]))
	}
	for name := range v {
		if code, ok := strings.CutPrefix(name, "own."); ok {
			w, err := strconv.ParseFloat(strings.TrimSpace(v.Get(name)), 64)
			if err != nil || v.Get(name) == "" {
				w = -1 // check names it
			}
			out.Own[code] = w
		}
		if code, ok := strings.CutPrefix(name, "p."); ok {
			if cut := strings.LastIndex(code, "."); cut > 0 {
				out.Pairs[code[:cut]] = ""
			}
		}
	}
	for code := range out.Pairs {
		var list []string
		for i := 0; v.Has(fmt.Sprintf("p.%s.%d", code, i)) && i < MaxPaired*MaxPaired; i++ {
			list = append(list, v.Get(fmt.Sprintf("p.%s.%d", code, i)))
		}
		out.Pairs[code] = strings.Join(list, ",")
	}
	return out
}

func whole(v url.Values, name string, base int64) int64 {
	s := strings.TrimSpace(v.Get(name))
	if s == "" {
		return base
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// Fit brings choices to a tree: each level has its ways, and nothing is kept that nothing asks for.
func (c Choices) Fit(x Content) Choices {
	usual := Usual(x)
	for i := range usual.Weigh {
		if i < len(c.Weigh) {
			usual.Weigh[i] = c.Weigh[i]
		}
		if i < len(c.Means) {
			usual.Means[i] = c.Means[i]
		}
	}
	c.Weigh, c.Means = usual.Weigh, usual.Means
	own, pairs := map[string]float64{}, map[string]string{}
	for _, n := range x.Nodes {
		if n.Level < len(c.Weigh)+1 && c.Weigh[n.Level-1] == weighOwn {
			own[n.Code] = n.Weight
			if w, ok := c.Own[n.Code]; ok {
				own[n.Code] = w
			}
		}
		if n.Level > 1 && c.Weigh[n.Level-2] == weighAHP {
			pairs[n.Code] = c.judgements(n.Code, len(x.Children(n.Code)))
		}
	}
	c.Own, c.Pairs = own, pairs
	if !slices.Contains(c.Weigh, weighPool) {
		c.Panel = ""
	}
	slices.Sort(c.Vary)
	c.Vary = slices.Compact(c.Vary)
	return c
}

// judgements are those of a group, 1 where there is none.
func (c Choices) judgements(code string, n int) string {
	given := strings.Split(c.Pairs[code], ",")
	out := make([]string, n*(n-1)/2)
	for i := range out {
		out[i] = "1"
		if i < len(given) && given[i] != "" {
			out[i] = given[i]
		}
	}
	return strings.Join(out, ",")
}

// Matrix is the comparison in pairs of what is below a group.
func (c Choices) Matrix(code string, n int) ([][]float64, bool) {
	list := strings.Split(c.judgements(code, n), ",")
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		m[i][i] = 1
	}
	at := 0
	for i := range n {
		for k := i + 1; k < n; k++ {
			v, ok := judgement(list[at])
			if !ok {
				return nil, false
			}
			m[i][k], m[k][i] = v, 1/v
			at++
		}
	}
	return m, true
}

// judgement reads 5 or 1/5.
func judgement(s string) (float64, bool) {
	below, inverse := strings.CutPrefix(s, "1/")
	n, err := strconv.Atoi(below)
	if err != nil || n < 1 || n > 9 {
		return 0, false
	}
	if inverse {
		return 1 / float64(n), true
	}
	return float64(n), true
}

// check says what is wrong with choices for a content; they fit it.
func (c Choices) check(x Content, f *faults) {
	f.between("screen", c.Screen, 0, 100)
	f.choice("impute", c.Impute, Imputes())
	f.choice("treat", c.Treat, Treats())
	f.choice("norm", c.Norm, Norms())
	f.choice("scale", c.Scale, Scales())
	f.between("runs", c.Runs, 0, MaxRuns)
	f.between("seed", c.Seed, 0, 1<<53)
	f.between("spread", c.Spread, 0, MaxSpread)
	for _, v := range c.Vary {
		f.choice("vary", v, Varies())
	}
	for i := range c.Weigh {
		f.choice(fmt.Sprint("w", i+1), c.Weigh[i], Weighs())
		f.choice(fmt.Sprint("m", i+2), c.Means[i], Means())
	}
	for code, w := range c.Own {
		if !(w >= 0 && w <= 1e6) {
			f.add("own."+code, "权重应是不小于 0 的数")
		}
	}
	for code := range c.Pairs {
		n := len(x.Children(code))
		if n > MaxPaired {
			f.add(fmt.Sprint("w", c.levelBelow(x, code)), "“%s”下有 %d 项，两两比较最多 %d 项", x.NameOf(code), n, MaxPaired)
		} else if _, ok := c.Matrix(code, n); !ok {
			f.add("p."+code+".0", "判断值应为 1 到 9 的整数或其倒数，如 3 或 1/3")
		}
	}
	c.pooled(x, f)
	c.posts(x, f)
}

// pooled checks that the panel answered for every group whose weights are taken from it.
func (c Choices) pooled(x Content, f *faults) {
	if !slices.Contains(c.Weigh, weighPool) {
		return
	}
	if c.Panel == "" || c.Experts.N == 0 {
		f.add("panel", "请选择一个专家组结果")
		return
	}
	for _, n := range x.Nodes {
		if n.Level < 2 || c.Weigh[n.Level-2] != weighPool || len(x.Children(n.Code)) < 2 {
			continue
		}
		if j, ok := c.Experts.Groups[n.Code]; !ok || len(j.Weights) != len(x.Children(n.Code)) {
			f.add("panel", "专家组没有比较过现在的“%s”", x.NameOf(n.Code))
		}
	}
}

func (c Choices) levelBelow(x Content, code string) int {
	for _, n := range x.Nodes {
		if n.Code == code {
			return n.Level - 1
		}
	}
	return 1
}

// posts checks that the tree has what the normalisation asks for.
func (c Choices) posts(x Content, f *faults) {
	var lacking []string
	for _, n := range x.Nodes {
		if n.Level != 1 {
			continue
		}
		switch composite.Method(c.Norm) {
		case composite.ToTarget:
			if n.Target == nil {
				lacking = append(lacking, n.Code)
			}
		case composite.Goalposts, composite.Efficacy:
			if n.Low == nil || n.High == nil || *n.Low == *n.High {
				lacking = append(lacking, n.Code)
			}
		}
	}
	if len(lacking) == 0 {
		return
	}
	if composite.Method(c.Norm) == composite.ToTarget {
		f.add("norm", "%d 项指标没有目标值，如 %s", len(lacking), lacking[0])
		return
	}
	f.add("norm", "%d 项指标没有上下限，如 %s", len(lacking), lacking[0])
}

// Plain writes a number without an exponent and without trailing zeros.
func Plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
