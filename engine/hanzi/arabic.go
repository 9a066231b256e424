package hanzi

// maxDigits bounds the digits 0–9 of one number.
const maxDigits = 40

// figure collects the digits of a number in 0–9.
type figure struct {
	coef  int64
	exp   int
	n     int // digits read, without leading zeros
	start int // for numbers of more than 18 digits, which are read from the text
}

func (f *figure) push(c rune) {
	if f.n > 0 || c != '0' {
		f.n++
	}
	if f.n <= 18 {
		f.coef = f.coef*10 + int64(c-'0')
	}
}

// arabicNumber reads 12, 1,234, 12.5, .5 and 1.2e3 at i, and returns the position behind it.
func arabicNumber(r []rune, i int) (Decimal, int, bool) {
	f := figure{start: i}
	j := i
	for arabic(at(r, j)) && j-i < maxDigits {
		f.push(r[j])
		j++
	}
	if j-i >= maxDigits && arabic(at(r, j)) {
		return Decimal{}, i, false
	}
	if j > i && j-i <= 3 && r[i] != '0' {
		j = f.groups(r, j)
	}
	if at(r, j) == '.' && arabic(at(r, j+1)) {
		for j++; arabic(at(r, j)) && j-i < maxDigits; j++ {
			f.push(r[j])
			f.exp--
		}
	} else if j == i {
		return Decimal{}, i, false
	}
	if arabic(at(r, j)) {
		return Decimal{}, i, false
	}
	digits := j
	if e, end := exponent(r, j); end > j {
		f.exp, j = f.exp+e, end
	}
	v, ok := f.value(r[i:digits])
	return v, j, ok
}

// groups reads groups of thousands (,234) at j and returns the position behind them.
func (f *figure) groups(r []rune, j int) int {
	for at(r, j) == ',' && arabic(at(r, j+1)) && arabic(at(r, j+2)) && arabic(at(r, j+3)) &&
		!arabic(at(r, j+4)) && j-f.start < maxDigits {
		f.push(r[j+1])
		f.push(r[j+2])
		f.push(r[j+3])
		j += 4
	}
	return j
}

// value returns the number; text is its digits with separators, needed only for long ones.
func (f *figure) value(text []rune) (Decimal, bool) {
	if f.n <= 18 {
		return Scaled(f.coef, f.exp), true
	}
	whole := make([]rune, 0, len(text))
	for _, c := range text {
		if arabic(c) {
			whole = append(whole, c)
		}
	}
	d, ok := ParseDecimal(string(whole))
	return d.Mul(Scaled(1, f.exp)), ok
}

// exponent reads e3, E+14 at j; without one the returned position is j.
func exponent(r []rune, j int) (int, int) {
	if c := at(r, j); c != 'e' && c != 'E' {
		return 0, j
	}
	k, sign := j+1, 1
	switch at(r, k) {
	case '-':
		k, sign = k+1, -1
	case '+':
		k++
	}
	e, from := 0, k
	for ; arabic(at(r, k)) && k-from < 3; k++ {
		e = e*10 + int(r[k]-'0')
	}
	if k == from || e > MaxExponent/2 || arabic(at(r, k)) || latin(at(r, k)) {
		return 0, j
	}
	return sign * e, k
}

// arabicStep reads a number in 0–9 with the scale word behind it: 3千, 5万4千6百, 1千零1.
func (p *reader) arabicStep(j int) bool {
	if p.closed || p.pieces > 0 && p.last == 0 {
		return false
	}
	v, end, ok := arabicNumber(p.r, j)
	if !ok {
		return false
	}
	if p.pieces > 0 {
		return p.arabicPart(v, end)
	}
	p.arabic = true
	if w := power(at(p.r, end)); w >= 2 && w <= 3 && v.Cmp(Int(100)) < 0 {
		if w, next := p.smallScale(end); w > 0 {
			return p.accept(next, v.Mul(Scaled(1, w)), w)
		}
	}
	p.closed = true
	return p.accept(end, v, 0)
}

// arabicPart accepts a number that is not the first part: it must be smaller than the last scale
// word, and have a scale word or a 零 of its own.
func (p *reader) arabicPart(v Decimal, end int) bool {
	if v.Cmp(Scaled(1, p.last)) >= 0 || v.exp < 0 {
		return false
	}
	if w, next := p.smallScale(end); w > 1 {
		return p.accept(next, v.Mul(Scaled(1, w)), w)
	}
	if w := power(at(p.r, skipGap(p.r, end))); !p.zero && (w < 4 || w >= p.last) {
		return false
	}
	p.closed = true
	return p.accept(end, v, 0)
}
