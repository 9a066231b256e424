package hanzi

// withFraction reads on where the number n begins a fraction: 三分之二, 百分之三点五, 一又二分之一,
// 1/3. Otherwise it returns n.
func withFraction(r []rune, n Number) Number {
	j := skipGap(r, n.End)
	switch at(r, j) {
	case '分':
		if f, ok := partsOf(r, n, j); ok {
			return f
		}
	case '又':
		whole := n
		k := skipGap(r, j+1)
		if !startsNumber(at(r, k)) || whole.Scale != "" && whole.Bare {
			return n
		}
		den, ok := scanUnsigned(r, k)
		if !ok || den.Bare {
			return n
		}
		f, ok := partsOf(r, den, skipGap(r, den.End))
		if !ok {
			f, ok = slashed(r, den)
		}
		if !ok {
			return n
		}
		f.Start, f.Value, f.Arabic = n.Start, f.Value.Add(n.Value), n.Arabic
		f.Coef = f.Value
		return f
	case '/':
		if f, ok := slashed(r, n); ok {
			return f
		}
	}
	return n
}

// partsOf reads 分之 at j and the numerator behind it, for the denominator den. A denominator that
// is a bare scale word makes the number one per cent, per mille or the like.
func partsOf(r []rune, den Number, j int) (Number, bool) {
	k := skipGap(r, j+1)
	if at(r, j) != '分' || at(r, k) != '之' {
		return Number{}, false
	}
	k = skipGap(r, k+1)
	minus := at(r, k) == '负' || at(r, k) == '負'
	if minus {
		k = skipGap(r, k+1)
	}
	if c := at(r, k); !startsNumber(c) || isOne(c, "第半-−½¼¾") {
		return Number{}, false
	}
	num, ok := scanUnsigned(r, k)
	if !ok {
		return Number{}, false
	}
	if minus {
		num.Value, num.Range = num.Value.Neg(), false
	}
	f := num
	f.Start, f.Arabic, f.Lone, f.Bare, f.Scale = den.Start, den.Arabic, false, false, ""
	if den.Bare {
		per, _ := den.Value.Int64()
		f.Per = int(per)
	} else {
		f.Fraction = true
		f.Value, ok = num.Value.Quo(den.Value)
		f.High, _ = num.High.Quo(den.Value)
	}
	f.Coef = f.Value
	return f, ok
}

// maxDen bounds the denominator of a fraction written with a slash.
const maxDen = 999

// slashed reads a fraction such as 1/3, whose numerator is n. Only proper fractions of numbers up
// to maxDen are read, so that 360/60 and 2024/5 are left alone.
func slashed(r []rune, n Number) (Number, bool) {
	if before := at(r, n.Start-1); before == '/' || before == '.' || latin(before) {
		return Number{}, false
	}
	v, end, ok := arabicNumber(r, n.End+1)
	den, whole := v.Int64()
	num, part := n.Value.Int64()
	after := at(r, end)
	if at(r, n.End) != '/' || !ok || !whole || !part || num < 1 || num >= den || den > maxDen ||
		n.End-n.Start > 3 || r[n.End+1] == '0' || end-n.End > 4 || after == '/' || latin(after) {
		return Number{}, false
	}
	n.End, n.Fraction = end, true
	n.Value, _ = Ratio(num, den)
	n.Coef = n.Value
	return n, true
}
