package hanzi

import "strings"

// specBound is one side of a range of numbers.
type specBound struct {
	start, end   int
	value        string
	number       Decimal
	lower, upper bool // both for 等于
	closed       bool
}

// specOnlyBefore lists words before a number that ScanQuantity does not take for comparators.
var specOnlyBefore = []struct {
	word         string
	lower, upper bool
}{
	{"等于", true, true}, {"=", true, true}, {"比", true, false}, {"过", true, false},
}

func specNumberRanges(input string, _ map[string]any) []specResult {
	t := Fold(input)
	r := t.Runes
	var out []specResult
	for i := 0; i < len(r); {
		start, end, v, ok := specBetween(r, i)
		if !ok {
			start, end, v, ok = specBounds(r, i)
		}
		if !ok {
			i = max(i+1, end)
			continue
		}
		out = append(out, found(t, start, end, "numberrange", map[string]any{"value": v}))
		i = end
	}
	return out
}

// specInRange is the number of a range: ordinals and percentages count as numbers.
func specInRange(r []rune, i int) (Number, bool) {
	n, ok := ScanNumber(r, i)
	if ok && n.Arabic {
		n = specNotation(r, n)
	}
	return n, ok && (!n.Range || n.Op == AtLeast) && !isOne(at(r, i), "几幾数數")
}

// specBetween reads 20~100, 一到五 and 在A和B之间.
func specBetween(r []rune, i int) (int, int, string, bool) {
	j := i
	switch {
	case at(r, j) == '在':
		j++
	case hasAt(r, j, "位于"), hasAt(r, j, "位於"):
		j += 2
	}
	low, ok := specInRange(r, j)
	if !ok || low.Op != Exactly || low.Glued.Before {
		return i, i, "", false
	}
	k, joined := joins(r, low.End)
	and := !joined && isOne(at(r, skipGap(r, low.End)), "和与跟")
	if and {
		k = skipGap(r, skipGap(r, low.End)+1)
	}
	if !joined && !and {
		return i, i, "", false
	}
	high, ok := specInRange(r, k)
	if !ok || high.Op != Exactly || low.Value.Cmp(high.Value) >= 0 {
		return i, i, "", false
	}
	end := high.End
	switch {
	case hasAt(r, end, "之间"), hasAt(r, end, "之間"):
		end += 2
	case at(r, end) == '间' || at(r, end) == '間':
		end++
	case and || j > i:
		return i, i, "", false
	}
	return i, end, "[" + specWrite(low.Value) + "," + specWrite(high.Value) + ")", true
}

// specBounds reads one bound, or a lower and an upper one that belong together.
func specBounds(r []rune, i int) (int, int, string, bool) {
	a, ok := specOne(r, i)
	if !ok {
		return i, i, "", false
	}
	if b, ok := specOne(r, specAnd(r, a.end)); ok && a.lower == b.upper && b.lower == a.upper {
		low, high := a, b
		if a.upper {
			low, high = b, a
		}
		if low.number.Cmp(high.number) < 0 {
			return a.start, b.end, low.left() + "," + high.right(), true
		}
	}
	switch {
	case a.lower && a.upper:
		return a.start, a.end, "[" + a.value + "," + a.value + "]", true
	case a.lower:
		return a.start, a.end, a.left() + ",)", true
	}
	return a.start, a.end, "(," + a.right(), true
}

func (b specBound) left() string {
	if b.closed {
		return "[" + b.value
	}
	return "(" + b.value
}

func (b specBound) right() string {
	if b.closed {
		return b.value + "]"
	}
	return b.value + ")"
}

// specAnd returns the position behind words that join two bounds.
func specAnd(r []rune, i int) int {
	i = skipGap(r, i)
	for _, word := range []string{
		"的同时", "同时", "并且", "而且", "但是", "并", "且", "但", "和", "与", ",", "，",
	} {
		if hasAt(r, i, word) {
			return skipGap(r, i+len([]rune(word)))
		}
	}
	return i
}

// specOne reads one bound at i: a number with a comparator before or behind it, or a vague number.
func specOne(r []rune, i int) (specBound, bool) {
	b := specBound{start: i}
	cmp, j := comparatorAt(r, i)
	word := ""
	switch {
	case cmp != nil && cmp.op != About:
		word = cmp.word
		b.lower = cmp.op == AtLeast || cmp.op == More
		b.upper = !b.lower
	case cmp == nil:
		for _, w := range specOnlyBefore {
			if hasAt(r, i, w.word) && !isOne(at(r, i-1), "不大小多少高低") {
				word, b.lower, b.upper = w.word, w.lower, w.upper
				j = specTook(r, i+len([]rune(w.word)))
				break
			}
		}
	}
	n, ok := specInRange(r, j)
	if !ok || n.Lone && word == "" || n.Glued.Before {
		return b, false
	}
	b.end, b.number, b.value = n.End, n.Value, specWrite(n.Value)
	b.closed = strings.ContainsAny(word, "等=≥≤至最起") ||
		strings.HasPrefix(word, "不") && word != "不足" && word != "不到" && word != "不满"
	if word == "比" {
		if n.Op == AtLeast && r[n.End-1] == '多' {
			b.end-- // not the 多 of 十多
		}
		if at(r, b.end) == '更' {
			b.end++
		}
		c := at(r, b.end)
		b.lower, b.upper = isOne(c, "大多高长"), isOne(c, "小少低短")
		b.end++
		return b, b.lower || b.upper
	}
	if word != "" {
		return b, true
	}
	if n.Op == AtLeast {
		b.lower = true
		return b, true
	}
	or := n.End
	if hasAt(r, or, "或者") {
		or += 2
	} else if at(r, or) == '或' {
		or++
	}
	bound, end := boundAt(r, or)
	if bound == nil || bound.op == About {
		return b, false
	}
	b.end, b.lower, b.upper = end, bound.op == AtLeast, bound.op == AtMost
	b.closed = or > n.End || strings.ContainsAny(bound.word, "及含")
	return b, true
}

func specTook(r []rune, i int) int {
	if isOne(at(r, i), "有为了") {
		i++
	}
	return skipGap(r, i)
}
