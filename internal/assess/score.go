package assess

import (
	"math/big"
	"slices"
)

var (
	one     = big.NewRat(1, 1)
	hundred = big.NewRat(100, 1)
	big1000 = big.NewRat(1000, 1)
)

// Fact is one number that a score rests on, with the page that shows its rows.
type Fact struct {
	Name  string `json:"name"`
	Href  string `json:"href"`
	Ratio string `json:"ratio,omitempty"` // exact completion, "3/4"; "" where only the count matters or there is none
	Note  string `json:"note,omitempty"`  // in words: 228 / 240 亿元
}

// Mark is a number that a person typed in.
type Mark struct {
	ID     string  `json:"id"`
	Key    string  `json:"key"`
	Value  Decimal `json:"value"` // "" takes an earlier one back
	Reason string  `json:"reason"`
	AtUs   int64   `json:"atUs"`
	Login  string  `json:"login"`
}

// Subject is a unit with everything its score is made from.
type Subject struct {
	Group string            `json:"group"`
	Facts map[string][]Fact `json:"facts"` // by figure
	Marks map[string]Mark   `json:"marks"` // by key, the latest
}

// Line is one part of a score with its reasons. Numbers are exact.
type Line struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	Kind     string `json:"kind"` // item, deduction, bonus or veto
	Figure   string `json:"figure,omitempty"`
	WeightBp int64  `json:"weightBp,omitempty"` // as the scheme has it
	Value    string `json:"value,omitempty"`    // completion of 100, or a count; "" when missing
	Place    int64  `json:"place,omitempty"`    // rank of the value among the group, for tiers
	Score    string `json:"score,omitempty"`    // of 100, after tiers
	Points   string `json:"points"`             // what it adds to the total; deductions are negative
	Facts    []Fact `json:"facts,omitempty"`
	Mark     *Mark  `json:"mark,omitempty"`
}

// Result is what a unit comes to.
type Result struct {
	Lines []Line `json:"lines"`
	Total string `json:"total"` // exact; "" when there is no item at all
	Rank  int64  `json:"rank"`  // in its group, 0 = not ranked
	Of    int64  `json:"of"`    // units of the group that are ranked
	Grade string `json:"grade"`
	Veto  bool   `json:"veto,omitempty"`
}

// Kinds of lines.
const (
	KindItem      = "item"
	KindDeduction = "deduction"
	KindBonus     = "bonus"
	KindVeto      = "veto"
)

// Calculate scores all units of a round. It is pure and exact: the same input gives the same result,
// in the order of the units.
func Calculate(p Params, list []Subject) []Result {
	out := make([]Result, len(list))
	for i, s := range list {
		for _, x := range p.Items {
			out[i].Lines = append(out[i].Lines, x.line(s))
		}
	}
	for _, group := range groupsOf(list) {
		for k, x := range p.Items {
			x.tiers(out, group, k)
		}
		for _, i := range group {
			p.total(&out[i], list[i])
		}
		rank(out, group)
		p.grade(out, group)
	}
	return out
}

// groupsOf are the positions of the units by group, in the order of their first appearance.
func groupsOf(list []Subject) [][]int {
	var names []string
	by := map[string][]int{}
	for i, s := range list {
		if by[s.Group] == nil {
			names = append(names, s.Group)
		}
		by[s.Group] = append(by[s.Group], i)
	}
	var out [][]int
	for _, n := range names {
		out = append(out, by[n])
	}
	return out
}

// mark is the number that was typed in for a key.
func (s Subject) mark(key string) *Mark {
	m, ok := s.Marks[key]
	if !ok || m.Value == "" {
		return nil
	}
	return &m
}

// line is the value of an item: what was typed in, or the mean of the completions, each capped.
func (x Item) line(s Subject) Line {
	l := Line{Key: x.Key, Name: x.Name, Kind: KindItem, Figure: x.Figure, WeightBp: x.WeightBp,
		Facts: s.Facts[x.Figure], Mark: s.mark(x.Key)}
	most := percentOf(x.CapBp)
	if l.Mark != nil {
		l.Value = within(l.Mark.Value.Rat(), new(big.Rat).Mul(most, hundred)).RatString()
		return l
	}
	sum, n := new(big.Rat), int64(0)
	for _, f := range l.Facts {
		if f.Ratio != "" {
			sum.Add(sum, within(exact(f.Ratio), most))
			n++
		}
	}
	if n > 0 {
		l.Value = sum.Quo(sum.Mul(sum, hundred), big.NewRat(n, 1)).RatString()
	}
	return l
}

// within is x between nothing and most.
func within(x, most *big.Rat) *big.Rat {
	switch {
	case x.Sign() < 0:
		return new(big.Rat)
	case x.Cmp(most) > 0:
		return most
	}
	return x
}

// tiers turns the values of one item into scores: by rank in equal parts where the scheme says so.
func (x Item) tiers(out []Result, group []int, k int) {
	var there []int
	for _, i := range group {
		if l := &out[i].Lines[k]; l.Value != "" {
			l.Score = l.Value
			there = append(there, i)
		}
	}
	if len(x.Tiers) == 0 {
		return
	}
	n, parts := int64(len(there)), int64(len(x.Tiers))
	for _, i := range there {
		l := &out[i].Lines[k]
		l.Place = 1
		for _, j := range there {
			if exact(out[j].Lines[k].Value).Cmp(exact(l.Value)) > 0 {
				l.Place++
			}
		}
		part := (l.Place - 1) * parts / n // a part that is not whole is rounded up in favour of the better
		l.Score = x.Tiers[part].Rat().RatString()
	}
}

// total adds the lines up.
func (p Params) total(r *Result, s Subject) {
	weights, sum := int64(0), new(big.Rat)
	for _, l := range r.Lines {
		if l.Score != "" || p.Missing == Zero {
			weights += l.WeightBp
		}
	}
	known := false
	for i := range r.Lines {
		l := &r.Lines[i]
		l.Points = "0"
		if l.Score == "" || weights == 0 {
			continue
		}
		known = true
		points := new(big.Rat).Mul(exact(l.Score), big.NewRat(l.WeightBp, weights))
		l.Points = points.RatString()
		sum.Add(sum, points)
	}
	sum.Add(sum, p.bonuses(r, s))
	for _, x := range p.Deductions {
		l := x.line(s)
		sum.Add(sum, exact(l.Points))
		r.Lines = append(r.Lines, l)
	}
	for _, x := range p.Vetoes {
		l := Line{Key: x.Key, Name: x.Name, Kind: KindVeto, Figure: Typed, Points: "0", Mark: s.mark(x.Key)}
		if l.Mark != nil && l.Mark.Value.Rat().Sign() > 0 {
			r.Veto = true
		}
		r.Lines = append(r.Lines, l)
	}
	if !known {
		return
	}
	if sum.Sign() < 0 {
		sum = new(big.Rat)
	}
	r.Total = sum.RatString()
}

// bonuses adds the bonuses up to what they may be together. What is beyond is taken from the last.
func (p Params) bonuses(r *Result, s Subject) *big.Rat {
	sum := new(big.Rat)
	for _, x := range p.Bonuses {
		l := Line{Key: x.Key, Name: x.Name, Kind: KindBonus, Figure: Typed, Points: "0", Mark: s.mark(x.Key)}
		if l.Mark != nil {
			points := within(l.Mark.Value.Rat(), x.Max.Rat())
			l.Value = points.RatString()
			if p.BonusCap != "" {
				points = within(points, new(big.Rat).Sub(p.BonusCap.Rat(), sum))
			}
			l.Points = points.RatString()
			sum.Add(sum, points)
		}
		r.Lines = append(r.Lines, l)
	}
	return sum
}

// line is what a deduction costs.
func (x Deduction) line(s Subject) Line {
	l := Line{Key: x.Key, Name: x.Name, Kind: KindDeduction, Figure: x.Figure, Facts: s.Facts[x.Figure],
		Mark: s.mark(x.Key)}
	var cost *big.Rat
	if l.Mark != nil {
		cost = l.Mark.Value.Rat()
		l.Value = cost.RatString()
	} else {
		n := int64(len(l.Facts))
		l.Value = big.NewRat(n, 1).RatString()
		cost = new(big.Rat).Mul(x.Points.Rat(), big.NewRat(max(0, n-x.Free), 1))
	}
	if x.Max != "" {
		cost = within(cost, x.Max.Rat())
	}
	l.Points = new(big.Rat).Neg(cost).RatString()
	return l
}

// rank ranks the units of a group by their exact totals. Equal totals share a rank, and the next one
// counts all before it. Vetoed units and those without a total are not ranked.
func rank(out []Result, group []int) {
	var there []int
	for _, i := range group {
		if out[i].Total != "" && !out[i].Veto {
			there = append(there, i)
		}
	}
	for _, i := range there {
		out[i].Rank, out[i].Of = 1, int64(len(there))
		for _, j := range there {
			if exact(out[j].Total).Cmp(exact(out[i].Total)) > 0 {
				out[i].Rank++
			}
		}
	}
}

// grade gives the grades of a group from the best down. A grade with a limit takes ranks as long as
// all units of a rank fit; whoever does not fit is looked at for the next grade.
func (p Params) grade(out []Result, group []int) {
	last := p.Grades[len(p.Grades)-1].Name
	var open []int
	for _, i := range group {
		switch {
		case out[i].Veto:
			out[i].Grade = last
		case out[i].Rank > 0:
			open = append(open, i)
		}
	}
	slices.SortStableFunc(open, func(a, b int) int { return int(out[a].Rank - out[b].Rank) })
	for _, g := range p.Grades {
		limit := len(group)
		if g.ShareBp > 0 {
			limit = int(int64(len(group)) * g.ShareBp / 10_000)
		}
		taken := 0
		for taken < len(open) {
			end := taken
			for end < len(open) && out[open[end]].Rank == out[open[taken]].Rank {
				end++
			}
			if end > limit || exact(out[open[taken]].Total).Cmp(g.Least.Rat()) < 0 {
				break
			}
			for _, i := range open[taken:end] {
				out[i].Grade = g.Name
			}
			taken = end
		}
		open = open[taken:]
	}
}

// Sum is what the lines of a kind come to, exact.
func (r Result) Sum(kind string) string {
	sum := new(big.Rat)
	for _, l := range r.Lines {
		if l.Kind == kind {
			sum.Add(sum, exact(l.Points))
		}
	}
	return sum.RatString()
}
