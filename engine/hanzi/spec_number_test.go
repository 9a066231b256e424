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
	t := Fold(input)
	r := t.Runes
	var out []specResult
	for i := 0; i < len(r); {
		n, ok := specNumber(r, i)
		if !ok {
			i++
			continue
		}
		value := map[string]any{"value": specWrite(n.Value)}
		out = append(out, found(t, n.Start, n.End, "number", value))
		i = n.End
	}
	return out
}

// specNumber is ScanNumber for the number models: numerals that are part of a word, ordinals and
// percentages are left out, and so are numbers that are not certain (几百, 三五); mathematical
// notation is read.
func specNumber(r []rune, i int) (Number, bool) {
	if n, ok := specHalf(r, i); ok {
		return n, true
	}
	n, ok := ScanNumber(r, i)
	if !ok || n.Ordinal || n.Per > 0 || n.Digits || isOne(r[i], "几幾数數半") ||
		n.Bare && digit(at(r, i+1)) < 1 {
		return n, false
	}
	if n.Range && n.Op == About {
		if digit(r[i]) >= 0 && digit(r[i+1]) >= 0 {
			return n, false
		}
		p := newReader(r, i) // 十七八: only 十七 is certain
		p.ordinal = true
		n.Value, _ = p.read()
		n.End = p.i
	}
	if n.Lone && !specCounts(r, n) {
		return n, false
	}
	if n.Arabic || r[i] == '-' || r[i] == '.' {
		n = specNotation(r, n)
	}
	if at(r, n.End) == '打' {
		n.Value, n.End = n.Value.Mul(Int(12)), n.End+1
	}
	return n, true
}

// specHalf reads 半打 and 半百.
func specHalf(r []rune, i int) (Number, bool) {
	w := power(at(r, i+1))
	n := Number{Start: i, End: i + 2, Value: Scaled(5, w-1)}
	if at(r, i+1) == '打' {
		n.Value = Int(6)
	}
	return n, at(r, i) == '半' && (w > 0 || at(r, i+1) == '打')
}

// specCounts reports whether a single numeral stands for a number: 十 does, other numerals do before
// a measure word, a particle, or the end of a phrase. None does as part of a word.
func specCounts(r []rune, n Number) bool {
	c, before, next := r[n.Start], at(r, n.Start-1), at(r, n.End)
	switch c {
	case '十', '拾':
		return !isOne(next, "足取起到") && !isOne(before, "收夕")
	case '伍', '肆', '陆':
		if isOne(before, "队退入放大登海着内") || isOne(next, "意无地军") {
			return false
		}
	}
	if digit(before) >= 0 || digit(next) >= 0 || digit(c) == 0 && power(before) > 0 {
		return false
	}
	if u, _, ok := simpleUnit(r, n.End); ok && (len(u.Dim) != 3 || u.Dim == "CNY") {
		return u.Dim != DimNamed
	}
	if isOne(next, "这那不也还而却更但這還卻") {
		return at(r, n.End+1) == '是'
	}
	return next == 0 || isOne(next, " ,，.。、;:!?()”\"“是的分点點到以至国國周夜加减減乘除和与日月号")
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
	n.Value, _ = ParseDecimal(strconv.FormatFloat(p, 'g', -1, 64))
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
	t := Fold(input)
	r := t.Runes
	var out []specResult
	for i := 0; i < len(r); i++ {
		n, ok := ScanNumber(r, i)
		if !ok || !n.Ordinal {
			continue
		}
		v := specWrite(n.Value)
		out = append(out, found(t, n.Start, n.End, "ordinal",
			map[string]any{"value": v, "offset": v, "relativeTo": "start"}))
		i = n.End - 1
	}
	return out
}
