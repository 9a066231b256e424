package hanzi

// maxNumber bounds the runes of one number, so that no text makes a scan long.
const maxNumber = 80

// maxGap bounds the spaces between two parts of one number (三千 八百).
const maxGap = 2

// digit returns the value of a Chinese digit, and -1 for any other rune.
func digit(c rune) int {
	switch c {
	case '零', '〇', '○':
		return 0
	case '一', '壹', '弌':
		return 1
	case '二', '两', '兩', '贰', '貳', '俩':
		return 2
	case '三', '叁', '參', '仨':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆', '陸':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

// power returns the power of ten of a scale character, and 0 for any other rune.
func power(c rune) int {
	switch c {
	case '十', '拾':
		return 1
	case '百', '佰':
		return 2
	case '千', '仟':
		return 3
	case '万', '萬':
		return 4
	case '亿', '億':
		return 8
	case '兆':
		return 12
	}
	return 0
}

func arabic(c rune) bool { return c >= '0' && c <= '9' }

// startsNumber reports whether a number can begin with c. It rejects nearly all runes of a text in
// one step.
func startsNumber(c rune) bool {
	if c < 0x80 {
		return arabic(c) || c == '-' || c == '.'
	}
	switch c {
	case '第', '负', '負', '半', '几', '幾', '数', '數', '廿', '卅', '½', '¼', '¾', '−':
		return true
	}
	return digit(c) >= 0 || power(c) > 0
}

// at returns the rune at i, and 0 outside the text.
func at(r []rune, i int) rune {
	if i < 0 || i >= len(r) {
		return 0
	}
	return r[i]
}

// skipGap returns the position behind at most maxGap spaces.
func skipGap(r []rune, i int) int {
	for n := 0; n < maxGap && at(r, i) == ' '; n++ {
		i++
	}
	return i
}

// part is a closed part of a number: the sum of what stood before a large scale word, times it.
type part struct {
	value Decimal
	power int
}

// terms adds up the parts of an integer: 五兆 + 六十二亿 + 四万 + 五千 + 二百.
type terms struct {
	parts  [8]part // with falling powers
	n      int
	coef   Decimal // what the last large scale word multiplied
	scaled int     // where the run of large scale words began that ends the number, or 0
	last   int     // power of the last scale word, 0 before the first
	big    bool    // the last rune was a large scale word
}

// sum returns the sum of all parts.
func (t *terms) sum() Decimal {
	var s Decimal
	for _, p := range t.parts[:t.n] {
		s = s.Add(p.value)
	}
	return s
}

// add puts one part below those before it.
func (t *terms) add(v Decimal, power int) bool {
	if t.n == len(t.parts) {
		return false
	}
	t.parts[t.n] = part{v, power}
	t.n++
	t.last, t.big = power, false
	return true
}

// scale multiplies the parts that stand below a large scale word with it, and the part before it
// when that is a large scale word too (万亿). It reports whether the word fits there.
func (t *terms) scale(power, pos int) bool {
	var sum Decimal
	k := t.n
	for k > 0 && (t.parts[k-1].power < power || t.big && k == t.n) {
		k--
		sum = sum.Add(t.parts[k].value)
	}
	if k == t.n {
		return false
	}
	above := 0
	if t.big {
		above = t.parts[k].power
	} else {
		t.coef, t.scaled = sum, pos
	}
	t.n = k
	t.add(sum.Mul(Scaled(1, power)), power+above)
	t.big = true
	return true
}
