package composite

import (
	"fmt"
	"slices"
)

// Data is what a build is made of.
type Data struct {
	Values *Table            // indicators, and the columns they are divided by
	Groups map[string]string // group of each unit, for imputation by groups
	Names  map[string]string // names of units, for people
	Panel  *Panel            // the years there are, Values being those of one of them; nil for one year
}

// inYear is the table that a build begins with: the values, with what the year lacks taken from other years where
// the spec says so.
func (s Spec) inYear(data Data) (*Table, []Filled, error) {
	if s.Panel == nil {
		return data.Values, nil, nil
	}
	if data.Panel == nil {
		return nil, nil, fmt.Errorf("the data is of one year only")
	}
	p := Panel{Years: data.Panel.Years, Tables: slices.Clone(data.Panel.Tables)}
	if at := slices.Index(p.Years, s.Panel.Year); at >= 0 && at < len(p.Tables) {
		p.Tables[at] = data.Values // perhaps changed since: what if
	}
	out, filled, err := ImputePanel(p, s.Panel.Year, s.Panel.How, s.Panel.MaxYears)
	if err != nil {
		return nil, nil, fmt.Errorf("panel: %w", err)
	}
	return out, filled, nil
}

// Stage is what one step left.
type Stage struct {
	Step  string
	Table *Table
}

// Build is an index with everything on the way to it.
type Build struct {
	Spec   Spec
	Tree   *Tree // with the weights that were used
	Stages []Stage
	Scores *Table // indicators normalised, then groups, the root last
	Ranks  []float64

	Screened []Screened
	Filled   []Filled
	Treated  []Treated
	Weights  map[string]float64   // of the nodes whose weights were found by the values or by experts
	Judged   map[string]Consensus // by group: what comparisons in pairs came to
}

// Run builds an index. The error names the step that cannot be done.
func Run(spec Spec, data Data) (*Build, error) {
	b, x, at, err := begin(spec, data)
	if err != nil {
		return nil, err
	}
	return b.finish(x, at, data)
}

// begin does the steps up to the normalisation, none of which looks at a weight, and returns the number
// of the next one.
func begin(spec Spec, data Data) (*Build, *Table, int, error) {
	tree, err := NewTree(spec.Nodes)
	if err != nil {
		return nil, nil, 0, err
	}
	if err := spec.check(); err != nil {
		return nil, nil, 0, err
	}
	if err := data.Values.check(); err != nil {
		return nil, nil, 0, err
	}
	var filled []Filled
	if data.Values, filled, err = spec.inYear(data); err != nil {
		return nil, nil, 0, err
	}
	x, err := pick(data.Values, tree)
	if err != nil {
		return nil, nil, 0, err
	}
	b := &Build{Spec: spec, Tree: tree, Filled: filled}
	b.Stages = append(b.Stages, Stage{"raw", x})
	at := slices.IndexFunc(spec.Steps, func(s Step) bool { return s.Kind() == StepNormalise }) + 1
	x, err = b.steps(x, 0, at, data)
	return b, x, at, err
}

// steps does those from one number to before another.
func (b *Build) steps(x *Table, from, to int, data Data) (*Table, error) {
	var err error
	for i, st := range b.Spec.Steps[from:to] {
		if x, err = b.step(st, x, data); err != nil {
			return nil, fmt.Errorf("step %d, %s: %w", from+i+1, st.Kind(), err)
		}
		b.Stages = append(b.Stages, Stage{st.Kind(), x})
	}
	return x, nil
}

// finish does the steps that begin left.
func (b *Build) finish(x *Table, at int, data Data) (*Build, error) {
	x, err := b.steps(x, at, len(b.Spec.Steps), data)
	if err != nil {
		return nil, err
	}
	b.Scores = x
	b.Ranks = Ranks(x.Column(b.Tree.Root()))
	return b, nil
}

// pick takes the columns of the tree's indicators.
func pick(t *Table, tree *Tree) (*Table, error) {
	out := &Table{Units: slices.Clone(t.Units)}
	for _, n := range tree.Indicators() {
		col := t.Column(n.Code)
		if col == nil {
			return nil, fmt.Errorf("the data has no column %q", n.Code)
		}
		out.Codes, out.Values = append(out.Codes, n.Code), append(out.Values, slices.Clone(col))
	}
	return out, nil
}

func (b *Build) step(st Step, x *Table, data Data) (*Table, error) {
	switch st.Kind() {
	case StepDenominate:
		return Denominate(x, b.Tree, rowsOf(data.Values, x.Units))
	case StepScreen:
		out, found, err := Screen(x, *st.Screen)
		b.Screened = append(b.Screened, found...)
		return out, err
	case StepImpute:
		groups := make([]string, len(x.Units))
		for i, u := range x.Units {
			groups[i] = data.Groups[u]
		}
		out, filled, err := Impute(x, st.Impute, groups)
		b.Filled = append(b.Filled, filled...)
		return out, err
	case StepTreat:
		out, done, err := Treat(x, *st.Treat)
		b.Treated = append(b.Treated, done...)
		return out, err
	case StepNormalise:
		return Normalise(x, b.Tree, st.Normalise...)
	case StepWeigh:
		return x, b.weigh(st.Weigh, x)
	default:
		return Aggregate(x, b.Tree, st.Aggregate...)
	}
}

// rowsOf brings a table to the units of another one.
func rowsOf(t *Table, units []string) *Table {
	if slices.Equal(t.Units, units) {
		return t
	}
	at := make(map[string]int, len(t.Units))
	for i, u := range t.Units {
		at[u] = i
	}
	out := NewTable(units, t.Codes)
	for c := range t.Codes {
		for i, u := range units {
			out.Values[c][i] = t.Values[c][at[u]]
		}
	}
	return out
}

// weigh finds weights, the lowest level first: those of groups by the groups' own values, which are
// arithmetic means here.
func (b *Build) weigh(rules []LevelWeighing, x *Table) error {
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, func(a, c LevelWeighing) int { return a.Level - c.Level })
	if b.Weights == nil {
		b.Weights = map[string]float64{}
	}
	for _, rule := range rules {
		all, err := Aggregate(x, b.Tree, Aggregation{Mean: Arithmetic})
		if err != nil {
			return err
		}
		for _, g := range b.Tree.Groups() {
			if g.Level != rule.Level+1 || rule.Under != "" && rule.Under != g.Code {
				continue
			}
			if err := b.weighGroup(rule, g, all); err != nil {
				return fmt.Errorf("%s: %w", g.Code, err)
			}
		}
		if b.Tree, err = b.Tree.WithWeights(b.Weights); err != nil {
			return err
		}
	}
	return nil
}

func (b *Build) weighGroup(rule LevelWeighing, g Node, all *Table) error {
	kids := b.Tree.Children(g.Code)
	if rule.How == GivenWeights {
		return nil
	}
	var w []float64
	if len(rule.Pairs) > 0 || len(rule.Experts) > 0 {
		j, err := b.judge(rule, g.Code)
		if err != nil {
			return err
		}
		if len(j.Weights) != len(kids) {
			return fmt.Errorf("there are judgements of %d things for %d below it", len(j.Weights), len(kids))
		}
		w = j.Weights
	} else {
		cols := make([][]float64, len(kids))
		for i, k := range kids {
			cols[i] = all.Column(k.Code)
		}
		var err error
		if w, err = Weigh(cols, rule.How); err != nil {
			return err
		}
	}
	for i, k := range kids {
		b.Weights[k.Code] = w[i]
	}
	return nil
}

// judge finds the weights of a group from comparisons in pairs and keeps how consistent these are.
func (b *Build) judge(rule LevelWeighing, group string) (Consensus, error) {
	if len(rule.Pairs) > 0 && len(rule.Experts) > 0 {
		return Consensus{}, fmt.Errorf("say pairs or experts, not both")
	}
	experts := rule.Experts
	if len(rule.Pairs) > 0 {
		experts = []Expert{{Pairs: rule.Pairs}}
	}
	j, err := GroupAHP(experts, rule.Pool)
	if err != nil {
		return j, err
	}
	if b.Judged == nil {
		b.Judged = map[string]Consensus{}
	}
	b.Judged[group] = j
	return j, nil
}

// Index returns the scores of the whole, by unit.
func (b *Build) Index() []float64 { return b.Scores.Column(b.Tree.Root()) }
