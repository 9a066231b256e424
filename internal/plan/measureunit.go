package plan

import (
	"math/big"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// narrow folds full-width letters and digits.
func narrow(s string) string { return width.Fold.String(s) }

// scaleOf cuts the power of ten off a unit: 亿元 is 10⁸ 元. Units of counting, which texts use one
// for the other, are the same unit.
func scaleOf(unit string) (*big.Rat, string) {
	unit = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, narrow(unit))
	scale := new(big.Int).SetInt64(1)
	for again := true; again; {
		again = false
		for _, p := range powers {
			if rest, ok := strings.CutPrefix(unit, p.word); ok && rest != "" {
				scale.Mul(scale, new(big.Int).SetInt64(p.times))
				unit, again = rest, true
			}
		}
	}
	if counters[unit] {
		unit = counter
	}
	return new(big.Rat).SetInt(scale), unit
}

// inUnit returns a number of one unit in another, nil when they measure different things.
func inUnit(r *big.Rat, from, to string) *big.Rat {
	f, base := scaleOf(from)
	t, other := scaleOf(to)
	if base != other || r == nil {
		return nil
	}
	out := new(big.Rat).Mul(r, f)
	return out.Quo(out, t)
}
