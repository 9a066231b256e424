package hanzi

// specSpaces is how many spaces the specification allows inside a word.
const specSpaces = 4

// specSkip returns the position behind the spaces at i.
func specSkip(r []rune, i int) int {
	for n := 0; n < specSpaces && at(r, i) == ' '; n++ {
		i++
	}
	return i
}

// specSpaced returns the position behind the word at i, whose characters may have spaces between.
func specSpaced(r []rune, i int, word string) (int, bool) {
	for _, c := range word {
		i = specSkip(r, i)
		if at(r, i) != c {
			return i, false
		}
		i++
	}
	return i, true
}

func specPercents(input string, _ map[string]any) []specResult {
	t := Fold(input)
	r := t.Runes
	var out []specResult
	for i := 0; i < len(r); {
		v, end, ok := specPercent(r, i)
		if !ok {
			i = max(i+1, end)
			continue
		}
		value := map[string]any{"value": specWrite(v) + "%"}
		out = append(out, found(t, i, end, "percentage", value))
		i = end
	}
	return out
}

// specPercent reads a percentage at i, in per cent. Where there is none it returns the position to
// go on from.
func specPercent(r []rune, i int) (Decimal, int, bool) {
	if hasAt(r, i, "对折") {
		return Int(50), i + 2, true
	}
	if v, end, ok := specTwoDigits(r, i); ok {
		return v, end, true
	}
	n, ok := ScanNumber(r, i)
	if !ok {
		return Decimal{}, i, false
	}
	if n.Ordinal || n.Range || latin(at(r, i-1)) {
		return Decimal{}, n.End, false
	}
	if n.Arabic || n.Per > 0 {
		n = specThousands(r, n)
	}
	if n.Per > 0 {
		v, _ := n.Value.Quo(Scaled(int64(n.Per), -2))
		return v, n.End, true
	}
	for _, word := range []string{"个百分点", "個百分點"} {
		if end, ok := specSpaced(r, n.End, word); ok {
			return n.Value, end, true
		}
	}
	end := specSkip(r, n.End)
	switch at(r, end) {
	case '%':
		return n.Value, end + 1, !alnum(at(r, end+1))
	case '折':
		v := n.Value.Mul(Int(10))
		if n.Digits {
			v = n.Value
		}
		return v, end + 1, v.Cmp(Int(100)) < 0
	case '成':
		v := n.Value.Mul(Int(10))
		j := specSkip(r, end+1)
		if at(r, j) == '半' {
			return v.Add(Int(5)), j + 1, true
		}
		if digit(at(r, j)) > 0 && digit(at(r, j+1)) < 0 {
			return v.Add(Int(int64(digit(r[j])))), j + 1, true
		}
		return v, end + 1, true
	}
	return Decimal{}, n.End, false
}

// specThousands reads the suffix k.
func specThousands(r []rune, n Number) Number {
	if at(r, n.End) == 'k' && !alnum(at(r, n.End+1)) {
		n.Value, n.End = n.Value.Mul(Int(1000)), n.End+1
	}
	return n
}

// specTwoDigits reads 72折 with spaces between its digits.
func specTwoDigits(r []rune, i int) (Decimal, int, bool) {
	j := specSkip(r, i+1)
	k := specSkip(r, j+1)
	if !arabic(at(r, i)) || !arabic(at(r, j)) || at(r, k) != '折' || alnum(at(r, i-1)) {
		return Decimal{}, i, false
	}
	return Int(int64(r[i]-'0')*10 + int64(r[j]-'0')), k + 1, true
}
