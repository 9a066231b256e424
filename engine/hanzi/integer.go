package hanzi

// reader reads one unsigned number. Failed attempts leave it as it was.
type reader struct {
	r     []rune
	start int
	i     int  // behind what is accepted
	upper bool // read the upper digit where two span a range (七八百 → 800)

	terms
	pieces  int  // numerals accepted
	closed  bool // a digit without scale word ended the number; only a large scale word may follow
	zero    bool // 零 was the last word
	back    int  // where the number ended before it
	op      Op
	ranged  bool // 七八, 几, 数: the digits span a range
	arabic  bool // begins with 0–9
	digits  bool // Chinese digits by place
	bare    bool // begins with a scale word
	point   bool // has a decimal part
	vague   bool // 余, 多 or 来 was read
	ordinal bool // behind 第: no ranges, no decimals
}

func newReader(r []rune, i int) reader { return reader{r: r, start: i, i: i, op: Exactly} }

// read reads a number with its decimal part and vague words.
func (p *reader) read() (Decimal, bool) {
	for p.i-p.start < maxNumber && p.step() {
		p.pieces++
	}
	if p.pieces == 0 {
		return Decimal{}, false
	}
	if p.zero {
		p.i, p.zero, p.pieces = p.back, false, p.pieces-1
	}
	if !p.ordinal {
		p.decimals()
		p.vagueWord()
	}
	return p.sum(), true
}

// step accepts the next numeral with the small scale word that belongs to it.
func (p *reader) step() bool {
	j := p.i
	if p.pieces > 0 {
		j = skipGap(p.r, j)
	}
	c := at(p.r, j)
	switch {
	case arabic(c) || c == '.' && p.pieces == 0:
		return p.arabicStep(j)
	case power(c) >= 4:
		return p.largeScale(j)
	case p.closed:
		return false
	case c == '几' || c == '幾' || c == '数' || c == '數':
		return p.several(j)
	case c == '廿':
		return p.pieces == 0 && p.accept(j+1, Int(20), 1)
	case c == '卅':
		return p.pieces == 0 && p.accept(j+1, Int(30), 1)
	case digit(c) == 0 && p.pieces > 0 && !p.zero:
		return p.zeroStep(j)
	case digit(c) >= 0:
		return p.digitStep(j)
	case power(c) > 0:
		return p.bareScale(j)
	}
	return false
}

// accept adds a part and moves on to end.
func (p *reader) accept(end int, v Decimal, power int) bool {
	if !p.add(v, power) {
		return false
	}
	p.i, p.zero = end, false
	return true
}

// largeScale reads 万, 亿 or 兆.
func (p *reader) largeScale(j int) bool {
	w := power(at(p.r, j))
	if w < 4 || w == 12 && prefixes(p.r, j) {
		return false
	}
	if p.pieces == 0 {
		p.bare = true
		return p.accept(j+1, Scaled(1, w), w) && p.markBig(j)
	}
	if p.zero || p.digits || !p.scale(w, j) {
		return false
	}
	p.i, p.closed = j+1, p.vague || p.point
	return true
}

// markBig makes a large scale word that begins a number like one that ends a part.
func (p *reader) markBig(j int) bool {
	p.big, p.coef, p.scaled = true, Int(1), j
	return true
}

// bareScale reads 十, 百 or 千 without a digit before it: 十五, 一百十五, 百亿.
func (p *reader) bareScale(j int) bool {
	w := power(p.r[j])
	switch {
	case p.pieces == 0:
		p.bare = w > 1
	case w != 1 || p.last < 2:
		return false
	}
	return p.accept(j+1, Scaled(1, w), w)
}

// zeroStep reads the 零 between two parts: 一千零五.
func (p *reader) zeroStep(j int) bool {
	c := at(p.r, skipGap(p.r, j+1))
	if p.last == 0 || !arabic(c) && digit(c) < 1 && power(c) != 1 && c != '几' && c != '幾' {
		return false
	}
	p.back, p.i, p.zero = p.i, j+1, true
	return true
}

// digitStep reads one Chinese digit with the small scale word behind it, two neighbouring digits
// that span a range, or a row of digits by place.
func (p *reader) digitStep(j int) bool {
	run := p.run(j)
	if run == 2 && p.isRange(j) {
		return p.rangeStep(j)
	}
	if run > 1 && p.pieces == 0 {
		return p.placeStep(j, run)
	}
	return p.oneDigit(j, int64(digit(p.r[j])), j+1)
}

// run counts the Chinese digits in a row from j on.
func (p *reader) run(j int) int {
	n := 0
	for n < maxNumber && digit(at(p.r, j+n)) >= 0 {
		n++
	}
	return n
}

// smallScale returns the power of the small scale word at or behind a gap at k, when it may follow
// there, with the position behind it; else 0.
func (p *reader) smallScale(k int) (int, int) {
	k = skipGap(p.r, k)
	w := power(at(p.r, k))
	if w == 0 || w > 3 || p.pieces > 0 && p.last > 0 && w >= p.last || w > 1 && prefixes(p.r, k) {
		return 0, k
	}
	return w, k + 1
}

// oneDigit accepts digit d, which ends at k, with its scale word. Without one it is a unit, or,
// where the last scale word is 百 or more and no 零 stands between, the next lower place: 两万五.
func (p *reader) oneDigit(j int, d int64, k int) bool {
	if w, end := p.smallScale(k); w > 0 && d > 0 {
		return p.accept(end, Scaled(d, w), w)
	}
	place := 0
	if p.pieces > 0 && !p.zero {
		if p.last < 1 || d == 0 || p.bare && p.big || p.ordinal && p.last > 1 ||
			isOne(p.r[j], "两兩俩倆仨") {
			return false
		}
		if next := power(at(p.r, skipGap(p.r, k))); next < 4 || next > p.last {
			place = p.last - 1
		}
	}
	if p.pieces == 0 && digit(p.r[j]) == 0 && power(at(p.r, k)) == 1 {
		return p.accept(k, Decimal{}, 2) // 零十
	}
	p.closed = true
	return p.accept(k, Scaled(d, place), 0)
}

// isRange reports whether the two digits at j are neighbours that span a range: 七八百, 十七八, 三五个.
// Behind a scale word of 百 or more they do so only with a scale word of their own.
func (p *reader) isRange(j int) bool {
	a, b := digit(p.r[j]), digit(p.r[j+1])
	if p.ordinal || a < 1 || a+1 != b && (a != 3 || b != 5) {
		return false
	}
	if a == 3 && b == 5 {
		c := at(p.r, j+2)
		return p.pieces == 0 && (power(c) > 0 || isOne(c, "个年天家名人次项户种条件日")) ||
			p.last == 1
	}
	w, _ := p.smallScale(j + 2)
	return p.pieces == 0 || p.last == 1 || w > 0
}

// rangeStep reads the two digits at j as one digit that is either.
func (p *reader) rangeStep(j int) bool {
	d := int64(digit(p.r[j]))
	if p.upper {
		d = int64(digit(p.r[j+1]))
	}
	if !p.oneDigit(j, d, j+2) {
		return false
	}
	p.ranged, p.op = true, About
	return true
}

// placeStep reads a row of digits by place: 二〇二五.
func (p *reader) placeStep(j, run int) bool {
	if run > 18 {
		return false
	}
	var v int64
	for _, c := range p.r[j : j+run] {
		if !byPlace(c) {
			return p.oneDigit(j, int64(digit(p.r[j])), j+1)
		}
		v = v*10 + int64(digit(c))
	}
	p.digits, p.closed = true, true
	return p.accept(j+run, Int(v), 0)
}

// several reads 几 and 数 as a digit that is not known: 十几, 几十, 数百.
func (p *reader) several(j int) bool {
	known := p.r[j] == '几' || p.r[j] == '幾'
	if p.ordinal || !known && (p.pieces > 0 || power(at(p.r, j+1)) == 0 || countsWord(p.r, j)) {
		return false
	}
	if p.pieces > 0 && p.last == 0 && !p.zero {
		return false
	}
	low := int64(1)
	if w, _ := p.smallScale(j + 1); w == 0 && p.pieces > 0 {
		low = 0
	}
	if p.upper {
		low = 9
	}
	w, end := p.smallScale(j + 1)
	if w == 0 {
		end, p.closed = j+1, true
	}
	if !p.accept(end, Scaled(low, w), w) {
		return false
	}
	p.ranged, p.op = true, AtLeast
	return true
}

// countsWord reports whether the 数 at j ends a noun: 人数, 指数, 总数.
func countsWord(r []rune, j int) bool {
	return isOne(at(r, j-1), "人个次户总指系分函件家倍基天岁多少参常算代复整车班票位项班")
}

// prefixes reports whether the 百, 千 or 兆 at k begins a unit: 百分点, 千瓦, 兆赫.
func prefixes(r []rune, k int) bool {
	_, _, ok := simpleUnit(r, k)
	return ok
}

// decimals reads the decimal part of a number in Chinese: 三点五, and the large scale word behind
// it: 一点五亿.
func (p *reader) decimals() {
	j := skipGap(p.r, p.i)
	if c := at(p.r, j); c != '点' && c != '點' || p.ranged || p.arabic && p.n == 1 && !p.big {
		return
	}
	var coef int64
	k, exp := skipGap(p.r, j+1), 0
	for exp > -16 && digit(at(p.r, k)) >= 0 && byPlace(p.r[k]) {
		coef, exp, k = coef*10+int64(digit(p.r[k])), exp-1, k+1
	}
	c := at(p.r, k)
	if exp == 0 || exp == -16 || power(c) > 0 && power(c) < 4 || c == '刻' || c == '线' ||
		c == '分' && at(p.r, k+1) != '之' {
		return
	}
	p.add(Scaled(coef, exp), -1)
	p.i, p.point, p.pieces = k, true, p.pieces+1
	for power(at(p.r, skipGap(p.r, p.i))) >= 4 && p.largeScale(skipGap(p.r, p.i)) {
		p.pieces++
	}
}

// vagueWord reads 余, 多 or 来 and the large scale words behind it: 五百余万, 十多万亿.
func (p *reader) vagueWord() {
	j := skipGap(p.r, p.i)
	c, next := at(p.r, j), at(p.r, j+1)
	var op Op
	switch {
	case (c == '余' || c == '餘') && !isOne(next, "额热下量缺粮"):
		op = AtLeast
	case c == '多' && !isOne(next, "样少数边方于"):
		op = AtLeast
	case c == '来' && !p.bare && isOne(next, "个人天岁家万名户种位次斤里米块元公套件条项"):
		op = About
	default:
		return
	}
	round := p.last > 0 || p.arabic && p.sum().Cmp(Int(10)) >= 0
	if p.digits || p.point && !p.big || !round && power(next) < 4 {
		return
	}
	p.i, p.op, p.vague, p.pieces = j+1, op, true, p.pieces+1
	for p.largeScale(skipGap(p.r, p.i)) {
		p.pieces++
	}
}
