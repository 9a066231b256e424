package hanzi

// part is a part of a number that is closed by its scale word.
type part struct {
	value Decimal
	power int // of the scale word
}

// terms adds up the parts of a whole number: 五兆 + 六十二亿 + 四万 + 五千 + 二百.
type terms struct {
	parts  [12]part
	n      int
	last   int     // power of the last scale word; 0 before the first and after a plain digit
	big    bool    // the last word was 万, 亿 or 兆
	coef   Decimal // what the last run of such words multiplied
	scaled int     // where that run began
}

// sum returns the sum of all parts.
func (t *terms) sum() Decimal {
	var s Decimal
	for _, p := range t.parts[:t.n] {
		s = s.Add(p.value)
	}
	return s
}

// add puts one part behind the others. It reports whether there was room.
func (t *terms) add(v Decimal, power int) bool {
	if t.n == len(t.parts) {
		return false
	}
	t.parts[t.n] = part{v, power}
	t.n++
	t.last, t.big = power, false
	return true
}

// maxPower bounds the power of ten that a run of large scale words makes.
const maxPower = 24

// scale multiplies with a large scale word what stands below it, and the part right before it when
// that ends in a large scale word too (万亿). It reports whether the word fits there.
func (t *terms) scale(power, pos int) bool {
	var sum Decimal
	k := t.n
	for k > 0 && (t.parts[k-1].power < power || t.big && k == t.n) {
		k--
		sum = sum.Add(t.parts[k].value)
	}
	if k == t.n || k > 0 && t.parts[k-1].power == power {
		return false
	}
	above := 0
	if t.big && k == t.n-1 {
		above = t.parts[k].power
	}
	if power+above > maxPower {
		return false
	}
	if above == 0 {
		t.coef, t.scaled = sum, pos
	}
	t.n = k
	t.add(sum.Mul(Scaled(1, power)), power+above)
	t.big = true
	return true
}
