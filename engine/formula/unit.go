package formula

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Limits of a unit as text.
const (
	maxUnitRunes   = 30
	maxUnitFactors = 6
	maxUnitPower   = 12
)

// Dimensions with a meaning of their own here.
const (
	dimPeople = "people" // 人: counted apart from things, so that 家 does not add to 人
	dimRatio  = hanzi.DimRatio
	dimPoints = hanzi.DimPoints
)

// factor is one word of a unit with its power.
type factor struct {
	name string
	dim  string
	size *big.Rat // in the base unit of its dimension
	pow  int
}

// Unit is a unit of measure (计量单位): a product of powers such as 亿元/万人. The zero Unit is that of a
// plain number. Units do not change.
type Unit struct {
	factors []factor
}

// The units that formulas make by themselves.
var (
	None    = Unit{}
	Percent = Unit{[]factor{{"%", dimRatio, big.NewRat(1, 100), 1}}}
	Points  = Unit{[]factor{{"个百分点", dimPoints, big.NewRat(1, 100), 1}}}
)

// ParseUnit reads a unit: a word known to statistics (亿元, 万人, %, 个百分点, 吨标煤), with others that it
// is divided by (件/万人). A word that is not known is a unit of its own. ok is false for what cannot
// be one.
func ParseUnit(text string) (u Unit, ok bool) {
	text = strings.Map(foldUnit, text)
	if text == "" || text == "—" || text == "-" || text == "1" {
		return None, true
	}
	if utf8.RuneCountInString(text) > maxUnitRunes {
		return None, false
	}
	for i, word := range strings.Split(text, "/") {
		if i == 0 && (word == "1" || word == "") {
			continue
		}
		f, ok := parseFactor(word)
		if !ok {
			return None, false
		}
		if i > 0 {
			f.pow = -1
		}
		u.factors = append(u.factors, f)
	}
	if len(u.factors) > maxUnitFactors {
		return None, false
	}
	return u, true
}

func foldUnit(r rune) rune {
	switch {
	case r == 'µ':
		return 'μ'
	case r == ' ' || r == '　':
		return -1
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	}
	return r
}

func parseFactor(word string) (factor, bool) {
	if known, ok := hanzi.ParseUnit(word); ok {
		size, ok := new(big.Rat).SetString(known.Size.String())
		if !ok || size.Sign() <= 0 {
			return factor{}, false
		}
		dim := known.Dim
		switch {
		case dim == "":
			return factor{word, dimRatio, size, 1}, true // 万, 亿
		case dim == hanzi.DimCount && strings.ContainsAny(word, "人名位"):
			dim = dimPeople
		}
		return factor{word, dim, size, 1}, true
	}
	for head, scale := range map[string]int64{"十": 10, "百": 100, "千": 1000} {
		if rest, ok := strings.CutPrefix(word, head); ok && known(rest) { // 百万元
			f, ok := parseFactor(rest)
			return factor{word, f.dim, new(big.Rat).Mul(f.size, big.NewRat(scale, 1)), 1}, ok
		}
	}
	return ownFactor(word)
}

// ownFactor makes a unit of a word that statistics do not know (人年), with its scale.
func ownFactor(word string) (factor, bool) {
	size := big.NewRat(1, 1)
	base := word
	for {
		scale := int64(0)
		switch {
		case strings.HasPrefix(base, "万"):
			scale = 1e4
		case strings.HasPrefix(base, "亿"):
			scale = 1e8
		}
		if scale == 0 {
			break
		}
		size.Mul(size, big.NewRat(scale, 1))
		_, n := utf8.DecodeRuneInString(base)
		base = base[n:]
	}
	for i, r := range base {
		if !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r) && !strings.ContainsRune("()·²³", r)) {
			return factor{}, false
		}
	}
	return factor{word, base, size, 1}, base != ""
}

// String is the unit as it is written: 亿元/万人, "" for a plain number.
func (u Unit) String() string {
	var above, below []string
	for _, f := range u.factors {
		word := f.name
		if f.pow > 1 || f.pow < -1 {
			word += "^" + strconv.Itoa(max(f.pow, -f.pow))
		}
		if f.pow > 0 {
			above = append(above, word)
		} else {
			below = append(below, word)
		}
	}
	text := strings.Join(above, "·")
	if len(below) == 0 {
		return text
	}
	if text == "" {
		text = "1"
	}
	return text + "/" + strings.Join(below, "/")
}

// Fits reports whether numbers of one unit convert into the other: 亿元 and 万元, % and a plain number.
// A percentage and a percentage point do not.
func (u Unit) Fits(other Unit) bool { return u.signature() == other.signature() }

// signature names the dimensions of a unit in a fixed order. Ratios have none.
func (u Unit) signature() string {
	var words []string
	for _, f := range u.factors {
		if f.dim != dimRatio {
			words = append(words, f.dim+"^"+strconv.Itoa(f.pow))
		}
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// size is the unit in the base units of its dimensions.
func (u Unit) size() *big.Rat {
	out := big.NewRat(1, 1)
	for _, f := range u.factors {
		out.Mul(out, power(f.size, f.pow))
	}
	return out
}

// Convert gives a number of unit u in another that fits; ok is false when it does not.
func (u Unit) Convert(x *big.Rat, to Unit) (out *big.Rat, ok bool) {
	if !u.Fits(to) {
		return nil, false
	}
	out = new(big.Rat).Mul(x, u.size())
	return out.Quo(out, to.size()), true
}

// IsRatio reports whether the unit is a way to write a share of one: %, ‰, 倍.
func (u Unit) IsRatio() bool { return len(u.factors) == 1 && u.factors[0].dim == dimRatio }

// IsPoints reports whether the unit is one of differences of shares: 个百分点, 基点.
func (u Unit) IsPoints() bool { return len(u.factors) == 1 && u.factors[0].dim == dimPoints }

// times is the unit of a product, or of a quotient when sign is -1, and what the product of the two
// numbers is to be multiplied by. ok is false when the powers go beyond what a unit can be.
func (u Unit) times(other Unit, sign int) (out Unit, scale *big.Rat, ok bool) {
	scale = big.NewRat(1, 1)
	add := func(f factor, pow int) {
		if f.dim == dimRatio {
			scale.Mul(scale, power(f.size, pow))
			return
		}
		for i, g := range out.factors {
			if g.dim != f.dim {
				continue
			}
			scale.Mul(scale, power(new(big.Rat).Quo(f.size, g.size), pow))
			out.factors[i].pow += pow
			return
		}
		f.pow = pow
		out.factors = append(out.factors, f)
	}
	for _, f := range u.factors {
		add(f, f.pow)
	}
	for _, f := range other.factors {
		add(f, sign*f.pow)
	}
	out.factors = slices.DeleteFunc(out.factors, func(f factor) bool { return f.pow == 0 })
	if len(out.factors) == 0 {
		out.factors = nil
	}
	if out.factors == nil && sign > 0 { // a share of a share stays one: 50 % × 50 % = 25 %
		for _, one := range []Unit{u, other} {
			if one.IsRatio() {
				return one, scale.Quo(scale, one.size()), true
			}
		}
	}
	if out.factors == nil && u.IsRatio() && len(other.factors) == 0 {
		return u, scale.Quo(scale, u.size()), true
	}
	for _, f := range out.factors {
		ok = f.pow <= maxUnitPower && f.pow >= -maxUnitPower
		if !ok {
			return None, nil, false
		}
	}
	return out, scale, len(out.factors) <= maxUnitFactors
}

// raised is the unit of a power, and what the power of the number is to be multiplied by.
func (u Unit) raised(n int) (out Unit, scale *big.Rat, ok bool) {
	scale = big.NewRat(1, 1)
	if n == 1 {
		return u, scale, true
	}
	for _, f := range u.factors {
		switch pow := f.pow * n; {
		case f.dim == dimRatio:
			scale.Mul(scale, power(f.size, pow))
		case pow > maxUnitPower || pow < -maxUnitPower:
			return None, nil, false
		case pow != 0:
			f.pow = pow
			out.factors = append(out.factors, f)
		}
	}
	return out, scale, true
}

// power is x to the n-th; x is not zero when n is negative.
func power(x *big.Rat, n int) *big.Rat {
	m := big.NewInt(int64(max(n, -n)))
	num, den := new(big.Int).Exp(x.Num(), m, nil), new(big.Int).Exp(x.Denom(), m, nil)
	if n < 0 {
		num, den = den, num
	}
	return new(big.Rat).SetFrac(num, den)
}
