package hanzi

import (
	"strconv"
	"strings"
)

// This file answers the specifications Number-*: it puts what ScanNumber reads into their form, and
// adds what only they want, such as powers (2^-1) and the suffix k.

func init() { specModelSets = append(specModelSets, numberModels) }

func numberModels() map[string]specModel {
	return map[string]specModel{
		"Number-NumberModel":      specNumbers,
		"Number-OrdinalModel":     specOrdinals,
		"Number-PercentModel":     specPercents,
		"Number-NumberRangeModel": specNumberRanges,
	}
}

func specLine(input string) []rune { return Fold(input).Runes }

// specWrite writes a number in up to 15 significant digits, as the specification does: 5E-06 below
// 1e-5 and 1.232E+15 from 1e15 on.
func specWrite(d Decimal) string {
	f, _ := d.ratio().Float64()
	s := strconv.FormatFloat(f, 'E', 14, 64)
	mantissa, exponent, _ := strings.Cut(s, "E")
	e, _ := strconv.Atoi(exponent)
	if f == 0 || e >= -5 && e < 15 {
		out := strconv.FormatFloat(f, 'f', max(0, 14-e), 64)
		if strings.Contains(out, ".") {
			out = strings.TrimRight(strings.TrimRight(out, "0"), ".")
		}
		return out
	}
	return strings.TrimRight(strings.TrimRight(mantissa, "0"), ".") + "E" + exponent
}

func specNumbers(input string, _ map[string]any) []specResult {
	r := specLine(input)
	var out []specResult
	for i := 0; i < len(r); {
		n, ok := specNumber(r, i)
		if !ok {
			i++
			continue
		}
		out = append(out, specResult{n.Start, n.End - 1, "number",
			map[string]any{"value": specWrite(n.Value)}})
		i = n.End
	}
	return out
}

// specNumber is ScanNumber for the number models: numerals that are part of a word, ordinals and
// what counts as a percentage there are left out, mathematical notation is read.
func specNumber(r []rune, i int) (Number, bool) {
	n, ok := ScanNumber(r, i)
	switch {
	case !ok || n.Ordinal:
		return n, false
	case n.Per > 0:
		return n, false // the number inside is found on its own
	case n.Range && at(r, n.Start) != '几' && n.Op == About:
		return n, false
	case n.Lone && !specCounts(r, n):
		return n, false
	case n.Arabic || r[i] == '-' || r[i] == '.':
		n = specNotation(r, n)
	}
	if at(r, n.End) == '打' {
		n.Value, n.End = n.Value.Mul(Int(12)), n.End+1
	}
	return n, true
}

// specCounts reports whether a single numeral stands for a number: it does so before a measure word,
// a particle, or the end of a phrase.
func specCounts(r []rune, n Number) bool {
	c := r[n.Start]
	if n.Bare || isOne(c, "几幾数數半肆伍陆陸拾零〇○") {
		return false
	}
	next := at(r, n.End)
	if digit(at(r, n.Start-1)) >= 0 || digit(next) >= 0 {
		return false
	}
	if u, _, ok := simpleUnit(r, n.End); ok && (len(u.Dim) != 3 || u.Dim == "CNY") {
		return u.Dim != DimNamed
	}
	return next == 0 || isOne(next, " ,，.。、;:!?()”\"的这那和与而是或及且在比到至分")
}

// specNotation reads on behind a number in 0–9: 40k, 2^-1, 4 6/3.
func specNotation(r []rune, n Number) Number {
	switch at(r, n.End) {
	case 'k', 'K':
		if !alnum(at(r, n.End+1)) {
			n.Value, n.End = n.Value.Mul(Int(1000)), n.End+1
		}
	case '^':
		return specPower(r, n)
	case ' ', '/':
		return specMixed(r, n)
	}
	return n
}

func specPower(r []rune, n Number) Number {
	j, sign := n.End+1, 1
	for ; at(r, j) == '-' || at(r, j) == '+'; j++ {
		if r[j] == '-' {
			sign = -sign
		}
	}
	v, end, ok := arabicNumber(r, j)
	e, whole := v.Int64()
	if !ok || !whole || e > 99 {
		return n
	}
	base := n.Value
	if sign < 0 {
		base, _ = Int(1).Quo(base)
	}
	// The specified values have the rounding of this loop in them.
	p, b := 1.0, base.Float64()
	for range e {
		p *= b
	}
	n.Value, ok = ParseDecimal(strconv.FormatFloat(p, 'g', -1, 64))
	n.End = end
	return n
}

// specMixed reads 4 6/3 and 6/3, n being the first number.
func specMixed(r []rune, n Number) Number {
	num, j := n.Value, n.End
	mixed := r[j] == ' '
	if mixed {
		var ok bool
		if num, j, ok = arabicNumber(r, j+1); !ok {
			return n
		}
	}
	den, end, ok := arabicNumber(r, j+1)
	if at(r, j) != '/' || !ok || at(r, end) == '/' {
		return n
	}
	v, ok := num.Quo(den)
	if !ok {
		return n
	}
	if mixed {
		v = v.Add(n.Value)
	}
	n.Value, n.End = v, end
	return n
}

func specOrdinals(input string, _ map[string]any) []specResult {
	r := specLine(input)
	var out []specResult
	for i := 0; i < len(r); i++ {
		n, ok := ScanNumber(r, i)
		if !ok || !n.Ordinal {
			continue
		}
		v := specWrite(n.Value)
		out = append(out, specResult{n.Start, n.End - 1, "ordinal",
			map[string]any{"value": v, "offset": v, "relativeTo": "start"}})
		i = n.End - 1
	}
	return out
}
