package formula

import "math/big"

// Table is dated data that a formula looks up (限值、分级、分段): a constant, grades or a broken line.
type Table struct {
	Source string // the document and the date it holds from
	// Constant is the value of a table without steps, in Result.
	Constant *big.Rat
	Unit     Unit // of what is looked up
	Result   Unit
	// Steps go from the best to the worst. For grades a step holds up to and with its bound, and a
	// last one without a bound takes the rest. For a broken line they are its corners.
	Steps  []Step
	Falls  bool // bounds fall from step to step: more is better
	Linear bool // a broken line (分段线性插值)
}

// Step is one grade or one corner.
type Step struct {
	Bound *big.Rat // nil takes the rest
	Value *big.Rat
	Label string // Ⅲ类
}

// Label is the name of the grade with a value, "" when there is none.
func (t Table) Label(value *big.Rat) string {
	for _, s := range t.Steps {
		if value != nil && s.Value.Cmp(value) == 0 {
			return s.Label
		}
	}
	return ""
}

// grade is the first step that x reaches.
func (t Table) grade(x *big.Rat) (*big.Rat, bool) {
	for _, s := range t.Steps {
		if s.Bound == nil || x.Cmp(s.Bound) == 0 || x.Cmp(s.Bound) > 0 == t.Falls {
			return s.Value, true
		}
	}
	return nil, false
}

// between is the broken line at x, which must lie between its ends.
func (t Table) between(x *big.Rat) (*big.Rat, bool) {
	for i, s := range t.Steps {
		if i == 0 {
			if x.Cmp(s.Bound) == 0 {
				return s.Value, true
			}
			continue
		}
		low, high := t.Steps[i-1], s
		if x.Cmp(low.Bound) < 0 || x.Cmp(high.Bound) > 0 {
			continue
		}
		part := new(big.Rat).Sub(x, low.Bound)
		part.Quo(part, new(big.Rat).Sub(high.Bound, low.Bound))
		part.Mul(part, new(big.Rat).Sub(high.Value, low.Value))
		return part.Add(part, low.Value), true
	}
	return nil, false
}
