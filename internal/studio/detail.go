package studio

import (
	"context"
	"math"
	"slices"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/authz"
)

// CellSteps is how the number of one indicator of one unit was made.
type CellSteps struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	Unit       string   `json:"unit,omitempty"`
	Group      string   `json:"group"`
	Down       bool     `json:"down"`                // less is better
	Raw        string   `json:"raw"`                 // as typed, "" when missing
	TakenFrom  string   `json:"takenFrom,omitempty"` // the year that Raw is of, "" = the one of the data
	Corrected  *float64 `json:"corrected"`           // divided by its denominator
	By         string   `json:"by,omitempty"`
	Filled     bool     `json:"filled"`
	FilledFrom string   `json:"filledFrom,omitempty"` // the group, for filling by groups
	Present    *float64 `json:"present"`              // after filling
	Drawn      bool     `json:"drawn"`                // drawn in as an outlier
	Transform  string   `json:"transform,omitempty"`
	Treated    *float64 `json:"treated"`
	Score      *float64 `json:"score"`  // normalised
	Weight     float64  `json:"weight"` // among its siblings, 1 together
	Effective  float64  `json:"effective"`
	Part       *float64 `json:"part"`  // of the score of the whole, where all means are arithmetic
	Rank       int64    `json:"rank"`  // of the unit by this indicator alone
	Least      *float64 `json:"least"` // of all units, as treated
	Most       *float64 `json:"most"`
	Mean       *float64 `json:"mean"` // of the normalised values
	Edge       *float64 `json:"edge"` // (score − mean)·effective weight: above the others, or below
}

// Profile is a unit in an index.
type Profile struct {
	Row    RankRow     `json:"row"`
	Cells  []CellSteps `json:"cells"`
	Groups []GroupStep `json:"groups"`
	Sum    bool        `json:"sum"` // the parts add up to the score
}

// GroupStep is how the score of a group was made.
type GroupStep struct {
	GroupHead
	Mean  string   `json:"mean"`
	Score *float64 `json:"score"`
	Rank  int64    `json:"rank"`
	Part  *float64 `json:"part"`
}

// GetUnit returns a unit of an outcome with the steps of each of its numbers.
func (s *Service) GetUnit(
	ctx context.Context, by authz.Actor, schemeID, unitCode string, in Ask,
) (*Outcome, Profile, error) {
	o, err := s.Compute(ctx, by, schemeID, in)
	if err != nil {
		return o, Profile{}, err
	}
	p, ok := o.Profile(unitCode)
	if !ok {
		return o, p, errAbsent()
	}
	return o, p, nil
}

// Profile is the profile of a unit that was ranked.
func (o *Outcome) Profile(unitCode string) (Profile, bool) {
	row, ok := o.Row(unitCode)
	if !ok {
		return Profile{}, false
	}
	p := Profile{Row: row, Sum: !slices.ContainsFunc(o.Choices.Means, func(m string) bool {
		return m != string(composite.Arithmetic)
	})}
	b := o.build
	at, effective := b.Scores.Unit(unitCode), b.Tree.EffectiveWeights()
	for _, n := range b.Tree.Indicators() {
		if math.IsNaN(b.Scores.Column(n.Code)[at]) {
			p.Sum = false // its weight went to the others
		}
	}
	for _, n := range b.Tree.Indicators() {
		p.Cells = append(p.Cells, o.cell(n, at, effective, p.Sum))
	}
	for _, n := range b.Tree.Groups() {
		col := b.Scores.Column(n.Code)
		g := GroupStep{GroupHead: GroupHead{n.Code, o.content.NameOf(n.Code), n.Level, effective[n.Code]},
			Mean: o.Choices.Means[min(n.Level-2, len(o.Choices.Means)-1)], Score: known(col[at]),
			Rank: rankOf(composite.Ranks(col)[at])}
		if p.Sum {
			g.Part = known(effective[n.Code] * col[at])
		}
		p.Groups = append(p.Groups, g)
	}
	slices.Reverse(p.Groups)
	return p, true
}

// cell collects what the steps made of one value.
func (o *Outcome) cell(n composite.Node, at int, effective map[string]float64, sum bool) CellSteps {
	b, unit := o.build, o.build.Scores.Units[at]
	c := CellSteps{Code: n.Code, Name: o.content.NameOf(n.Code), Unit: n.Unit, Group: n.Parent,
		Down: n.Direction < 0, Effective: effective[n.Code], Weight: share(b.Tree, n)}
	row := o.content.unit(unit)
	c.Raw = o.content.Values[row][slices.Index(o.content.Codes, n.Code)]
	c.TakenFrom = o.content.TakenFrom(unit, n.Code)
	for _, st := range b.Stages {
		if st.Step == composite.StepNormalise {
			break // what it leaves is the score
		}
		k := slices.Index(st.Table.Codes, n.Code)
		i := slices.Index(st.Table.Units, unit)
		if k < 0 || i < 0 {
			continue
		}
		v := st.Table.Values[k][i]
		switch st.Step {
		case composite.StepDenominate:
			if n.Denominator != "" {
				c.Corrected, c.By = known(v), n.Denominator
			}
			c.Present, c.Treated = known(v), known(v)
		case composite.StepTreat:
			c.Treated = known(v)
		default:
			c.Present, c.Treated = known(v), known(v)
		}
		c.Least, c.Most = ends(st.Table.Values[k])
	}
	o.marks(&c, unit)
	col := b.Scores.Column(n.Code)
	c.Score, c.Rank, c.Mean = known(col[at]), rankOf(composite.Ranks(col)[at]), known(meanOf(col))
	if sum {
		c.Part = known(c.Effective * col[at])
	}
	c.Edge = known((col[at] - meanOf(col)) * c.Effective)
	return c
}

// marks says what was done to a value.
func (o *Outcome) marks(c *CellSteps, unit string) {
	for _, x := range o.build.Filled {
		if x.Unit == unit && x.Code == c.Code {
			c.Filled, c.FilledFrom = true, x.From
		}
	}
	for _, t := range o.build.Treated {
		if t.Code == c.Code {
			c.Drawn, c.Transform = slices.Contains(t.Points, unit), string(t.Transform)
		}
	}
}

// share is the weight of a node among its siblings.
func share(t *composite.Tree, n composite.Node) float64 {
	var sum float64
	for _, k := range t.Children(n.Parent) {
		sum += k.Weight
	}
	if sum == 0 {
		return 0
	}
	return n.Weight / sum
}

// ends are the least and the greatest value of a column.
func ends(col []float64) (least, most *float64) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range col {
		if !math.IsNaN(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return known(lo), known(hi)
}

func meanOf(col []float64) float64 {
	var sum, n float64
	for _, v := range col {
		if !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}

// Checks are what says whether an index hangs together.
type Checks struct {
	Codes   []string     `json:"codes"`
	Matrix  [][]*float64 `json:"matrix"` // correlations of Codes
	Group   string       `json:"group"`  // whose indicators; "" for the groups below the whole
	Alphas  []Alpha      `json:"alphas"`
	Weights []WeightFact `json:"weights"`
	Judged  []Judged     `json:"judged,omitempty"`
}

// Alpha is the consistency of a group (克隆巴赫系数).
type Alpha struct {
	Code  string   `json:"code"`
	Items int64    `json:"items"`
	Alpha *float64 `json:"alpha"`
}

// WeightFact compares the weight of a node with what it does to the index.
type WeightFact struct {
	Code      string   `json:"code"`
	Parent    string   `json:"parent"`
	Level     int      `json:"level"`
	Weight    float64  `json:"weight"`    // among its siblings
	Effective float64  `json:"effective"` // of the whole
	With      *float64 `json:"with"`      // correlation with the whole
}

// Judged is what the comparison of a group in pairs comes to.
type Judged struct {
	Code        string    `json:"code"`
	Weights     []float64 `json:"weights"`
	Consistency float64   `json:"consistency"` // ratio: up to 0.1 is usually accepted
}

// GetChecks returns the checks of an outcome, with the correlations within a group or, for "", between
// the groups below the whole.
func (s *Service) GetChecks(
	ctx context.Context, by authz.Actor, schemeID, group string, in Ask,
) (*Outcome, Checks, error) {
	o, err := s.Compute(ctx, by, schemeID, in)
	if err != nil {
		return o, Checks{}, err
	}
	c := Checks{Group: group}
	tree := o.build.Tree
	if group == "" {
		group = tree.Root()
	}
	kids := tree.Children(group)
	if len(kids) == 0 {
		return o, c, errAbsent()
	}
	var cols [][]float64
	for _, k := range kids {
		c.Codes, cols = append(c.Codes, k.Code), append(cols, o.build.Scores.Column(k.Code))
	}
	for _, row := range composite.CorrelationMatrix(cols, composite.Pearson) {
		var out []*float64
		for _, v := range row {
			out = append(out, known(v))
		}
		c.Matrix = append(c.Matrix, out)
	}
	o.consistency(&c)
	return o, c, nil
}

func (o *Outcome) consistency(c *Checks) {
	b := o.build
	groups := b.Tree.Groups()
	slices.Reverse(groups)
	for _, g := range groups {
		var cols [][]float64
		for _, k := range b.Tree.Children(g.Code) {
			cols = append(cols, b.Scores.Column(k.Code))
		}
		c.Alphas = append(c.Alphas, Alpha{g.Code, int64(len(cols)), known(composite.Cronbach(cols))})
		if _, ok := o.Choices.Pairs[g.Code]; ok {
			m, _ := o.Choices.Matrix(g.Code, len(cols))
			if j, err := composite.AHP(m); err == nil {
				c.Judged = append(c.Judged, Judged{g.Code, j.Weights, j.Consistency})
			}
		}
	}
	effective, index := b.Tree.EffectiveWeights(), b.Index()
	for _, n := range b.Tree.Nodes {
		if n.Parent != "" {
			c.Weights = append(c.Weights, WeightFact{n.Code, n.Parent, n.Level, share(b.Tree, n), effective[n.Code],
				known(composite.Correlate(b.Scores.Column(n.Code), index, composite.Pearson))})
		}
	}
}

// JudgedOf is what the judgements of a group come to; false when there are none.
func (o *Outcome) JudgedOf(code string) (Judged, bool) {
	kids := o.content.Children(code)
	if _, ok := o.Choices.Pairs[code]; !ok || len(kids) == 0 {
		return Judged{}, false
	}
	m, ok := o.Choices.Matrix(code, len(kids))
	if !ok {
		return Judged{}, false
	}
	j, err := composite.AHP(m)
	return Judged{code, j.Weights, j.Consistency}, err == nil
}
