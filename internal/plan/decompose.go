package plan

import "math/big"

// Sum says how the parts of a target add up to the whole. All numbers are in the whole's unit and
// exact.
type Sum struct {
	Verdict string  `json:"verdict"`
	Whole   Decimal `json:"whole"`
	Parts   Decimal `json:"parts,omitempty"` // their sum
	Gap     Decimal `json:"gap,omitempty"`   // how much the parts lack or exceed, never negative
	Unit    string  `json:"unit"`
	Count   int     `json:"count"`
	Unlike  string  `json:"unlike,omitempty"` // a unit that cannot be added
}

// Verdicts about a sum.
const (
	SumNone     = "none"     // there are no parts
	SumEqual    = "equal"    // the parts are the whole
	SumShort    = "short"    // 不足: they fall short of it
	SumOver     = "over"     // 超出: they exceed it
	SumUnlike   = "unlike"   // a part has a unit or a measure that cannot be added
	SumPeriod   = "period"   // a part is for another period than the whole
	SumNotAdded = "notadded" // the indicator is not one whose parts add up
)

// adds says whether numbers of a measure can be added at all: a growth rate or a rank cannot.
func adds(measure string) bool { return measure == "level" || measure == "increase" }

// SumOf checks parts against their whole. It is pure.
func SumOf(whole Target, parts []Target) Sum {
	out := Sum{Verdict: SumNone, Whole: whole.Value, Unit: whole.Unit}
	sum, elsewhere := new(big.Rat), false
	for _, p := range parts {
		if p.Dropped {
			continue
		}
		out.Count++
		elsewhere = elsewhere || p.From != whole.From || p.To != whole.To
		v := inUnit(p.Value.Rat(), p.Unit, whole.Unit)
		if v == nil || p.Measure != whole.Measure {
			out.Unlike = p.Unit
			continue
		}
		sum.Add(sum, v)
	}
	switch {
	case out.Count == 0:
		return out
	case !whole.additive || !adds(whole.Measure):
		out.Verdict, out.Unlike = SumNotAdded, ""
		return out
	case elsewhere:
		out.Verdict, out.Unlike = SumPeriod, ""
		return out
	case out.Unlike != "":
		out.Verdict = SumUnlike
		return out
	}
	out.Parts = decimalOf(sum)
	gap := new(big.Rat).Sub(sum, whole.Value.Rat())
	out.Verdict = []string{SumShort, SumEqual, SumOver}[gap.Sign()+1]
	out.Gap = decimalOf(gap.Abs(gap))
	return out
}

// Meets says whether the parts, each reached, reach the whole: at least it, or at most it where the
// target is a ceiling.
func (s Sum) Meets(op string) bool {
	switch s.Verdict {
	case SumEqual:
		return true
	case SumShort:
		return op == "<=" || op == "<"
	case SumOver:
		return op != "<=" && op != "<"
	default:
		return false
	}
}
