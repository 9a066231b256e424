package hanzi

// reader reads one number. It works on a copy of its position, so that a failed attempt costs
// nothing to take back.
type reader struct {
	r     []rune
	start int
	i     int  // behind what is accepted
	upper bool // read the upper digit of a pair (七八百 → 800)

	terms
	op      Op
	pair    bool // two neighbouring digits, or 几, span a range
	arabic  bool // begins with 0–9
	digits  bool // Chinese digits by place
	bare    bool
	decimal bool // has a decimal part
	pieces  int  // numerals accepted
}

// scanNumber reads the number at i, which startsNumber accepted.
func scanNumber(r []rune, i int) (Number, bool) {
	p := reader{r: r, start: i, i: i, op: Exactly}
	v, ok := p.read()
	if !ok {
		return Number{}, false
	}
	n := Number{
		Start: i, End: p.i, Value: v, Coef: v, Op: p.op,
		Arabic: p.arabic, Digits: p.digits, Bare: p.bare,
		Lone: p.pieces == 1 && !p.arabic && p.i == i+1,
	}
	if p.scaled > 0 && p.big && p.n == 1 {
		n.Coef, n.Scale = p.coef, scaleWord(r[p.scaled:p.i])
	}
	if p.pair {
		q := reader{r: r, start: i, i: i, op: Exactly, upper: true}
		if high, ok := q.read(); ok && q.i == p.i {
			n.High, n.Range = high, true
		}
	}
	return n, true
}

// scaleWord returns the scale words of a run that may hold spaces.
func scaleWord(run []rune) string {
	var buf [8]rune
	n := 0
	for _, c := range run {
		if power(c) >= 4 && n < len(buf) {
			buf[n] = c
			n++
		}
	}
	return string(buf[:n])
}

// read reads an unsigned number.
func (p *reader) read() (Decimal, bool) {
	for p.i-p.start < maxNumber {
		j := p.i
		if p.pieces > 0 {
			j = skipGap(p.r, p.i)
		}
		if !p.step(j) {
			break
		}
		p.pieces++
	}
	if p.pieces == 0 {
		return Decimal{}, false
	}
	return p.sum(), true
}

// step accepts the numeral at j, with the scale words that belong to it.
func (p *reader) step(j int) bool {
	c := at(p.r, j)
	switch {
	case arabic(c):
		return p.arabicStep(j)
	case digit(c) >= 0:
		return p.digitStep(j)
	case power(c) >= 4:
		if !p.scale(power(c), j) {
			return false
		}
		p.i = j + 1
		return true
	case c == '十' || c == '拾':
		if p.n > 0 {
			return false
		}
		p.i = j + 1
		return p.add(Int(10), 1)
	}
	return false
}

// arabicStep reads digits 0–9 with groups of thousands and a decimal part.
func (p *reader) arabicStep(j int) bool {
	if p.pieces > 0 {
		return false
	}
	v, end, ok := arabicNumber(p.r, j)
	if !ok {
		return false
	}
	p.i, p.arabic = end, true
	return p.add(v, 0)
}

// digitStep reads a Chinese digit with the scale word behind it.
func (p *reader) digitStep(j int) bool {
	d := int64(digit(p.r[j]))
	k := skipGap(p.r, j+1)
	w := power(at(p.r, k))
	if w >= 1 && w <= 3 && (p.last == 0 || w < p.last) {
		p.i = k + 1
		return p.add(Scaled(d, w), w)
	}
	p.i = j + 1
	if p.last >= 2 && d > 0 {
		return p.add(Scaled(d, p.last-1), p.last-1)
	}
	return p.add(Int(d), 0)
}

// arabicNumber reads 12, 1,234 and 12.5 at i.
func arabicNumber(r []rune, i int) (Decimal, int, bool) {
	var coef int64
	var n, exp, end int
	for end = i; arabic(at(r, end)); end++ {
		if n++; n > 18 {
			return Decimal{}, i, false
		}
		coef = coef*10 + int64(r[end]-'0')
	}
	for at(r, end) == ',' && arabic(at(r, end+1)) && arabic(at(r, end+2)) && arabic(at(r, end+3)) &&
		!arabic(at(r, end+4)) && n+3 <= 18 {
		coef = coef*1000 + int64(r[end+1]-'0')*100 + int64(r[end+2]-'0')*10 + int64(r[end+3]-'0')
		n, end = n+3, end+4
	}
	if at(r, end) == '.' && arabic(at(r, end+1)) {
		for end++; arabic(at(r, end)); end++ {
			if n++; n > 18 {
				return Decimal{}, i, false
			}
			coef, exp = coef*10+int64(r[end]-'0'), exp-1
		}
	}
	return Scaled(coef, exp), end, n > 0
}
