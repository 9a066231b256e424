package hanzi

// Quantity is a number with its unit, and what stands directly around it that bounds it: 约8.7万人,
// 不少于5—8家, 三千二百余亩, 30亿元以上.
type Quantity struct {
	Start, End int // runes, with comparators
	// Value is the number in Unit: 8.7万人 → 8.7 and 万人; the lower end of a range.
	Value Decimal
	// Low and High are the ends of a range (5—8家, 七八百), both in Unit; both Value otherwise.
	Low, High Decimal
	Range     bool
	// Unit is as written, with the large scale word before it: 亿元, 万人, 个百分点, 元/平方米; a
	// ratio in words has % (百分之), ‰ or ‱, and a currency sign or 块 the unit it stands for
	// (¥ → 元). It is empty when the number has none. Convert and ParseUnit understand it.
	Unit string
	// Dim is the dimension of the unit, one of the Dim constants, a currency, or empty.
	Dim string
	// UnitStart and UnitEnd are the runes of the unit without its scale word.
	UnitStart, UnitEnd int
	// Op is Exactly for a range without further words.
	Op Op
	// Number is the number as read, the first one of a range. Number.Ordinal tells 第三位.
	Number Number
	// Ratio is true for 2.08∶1, whose Value is 2.08.
	Ratio bool
	// Name is true when the number is part of a name and counts nothing: A4, 5G, PM2.5, 360/60t,
	// 1号线, 国道108, GB/T 2260, 12345热线, the year 2024年, 千亿级, and 亿元 or 万元 without a number
	// or comparator (亿元以上项目).
	Name bool
}

// maxSpan bounds the spaces between a number and its unit.
const maxSpan = 1

// startsQuantity reports whether a quantity can begin with c.
func startsQuantity(c rune) bool {
	return startsNumber(c) || startsComparator(c) || startsMoney(c)
}

// ScanQuantity reads the longest quantity that begins exactly at rune i of folded text, with its
// number, with a comparator before it, or with a currency sign. A single Chinese numeral (一, 十, 百)
// is a quantity only with a unit, and 半 and 几 too. Times are not known here: a caller that wants
// them looks for a time first, for 5月 is a 5 without a unit.
func ScanQuantity(r []rune, i int) (Quantity, bool) {
	if i < 0 || i >= len(r) || !startsQuantity(r[i]) {
		return Quantity{}, false
	}
	cmp, j := comparatorAt(r, i)
	q, ok := scanMeasured(r, j)
	if !ok || cmp != nil && !q.admits(cmp) {
		return Quantity{}, false
	}
	q.Start = i
	q.boundBehind(r)
	if cmp != nil {
		q.Op = cmp.op
	} else if n := &q.Number; n.Lone && n.Bare && n.Scale != "" && q.Dim != "" {
		q.Name = true
	}
	return q, cmp != nil || q.Name || !vagueWords(&q)
}

// vagueWords reports whether the quantity is scale words or a pair of digits that count nothing that
// is named: 亿万, 二三.
func vagueWords(q *Quantity) bool {
	n := &q.Number
	return q.Dim == "" && q.Op != AtLeast && q.Op != AtMost &&
		(n.Bare || n.Range && n.Scale == "" && n.End-n.Start == 2)
}

// admits reports whether the comparator can bound the quantity: 近三年 is a time, not nearly three
// years.
func (q *Quantity) admits(c *comparator) bool {
	if q.Number.Ordinal || q.Name || c.round && !q.Number.Bare {
		return false
	}
	return c.word != "近" || q.Dim != DimMonths && q.Dim != DimTime || q.Number.Bare
}

// boundBehind takes in the word behind that bounds the quantity.
func (q *Quantity) boundBehind(r []rune) {
	if b, end := boundAt(r, q.End); b != nil && (!q.Name || q.Dim != "") {
		q.Op, q.End = b.op, end
		return
	}
	c := at(r, q.End)
	if (c == '多' || c == '余') && continuous(q.Dim) && !isOne(at(r, q.End+1), "样少数种额") {
		q.Op, q.End = AtLeast, q.End+1
	}
}

// continuous reports whether a unit of the dimension can be followed by 多 for a part of it.
func continuous(dim string) bool {
	switch dim {
	case DimMonths, DimTime, DimLength, DimMass, DimDoublings, DimAge, DimVolume, DimArea,
		DimRatio, "CNY":
		return true
	}
	return false
}

// scanMeasured reads a number with its unit, or a range of them, without comparators.
func scanMeasured(r []rune, i int) (Quantity, bool) {
	if q, ok := scanMoneySign(r, i); ok {
		return q, true
	}
	n, ok := ScanNumber(r, i)
	if !ok {
		return Quantity{}, false
	}
	if fiveYearPlan(r, i) {
		n.Op, n.Range = Exactly, false
		return Quantity{Start: i, End: i + 3, Value: n.Value, Low: n.Value, High: n.Value,
			UnitStart: i + 3, UnitEnd: i + 3, Op: Exactly, Number: n, Name: true}, true
	}
	q := measured(r, n)
	if s, ok := q.span(r); ok {
		q = s
	} else if !q.ratio(r) {
		q = q.compound(r)
	}
	if n.Lone && (q.Unit == "" || wordAt(r, i) || partOfWord(r, &q)) {
		return Quantity{}, false
	}
	q.Name = isName(r, &q)
	return q, true
}

// partOfWord reports whether the single numeral of the quantity belongs to what stands before it,
// as in 上半年, or is a 零 that counts nothing.
func partOfWord(r []rune, q *Quantity) bool {
	switch c := r[q.Number.Start]; {
	case c == '半':
		return isOne(at(r, q.Number.Start-1), "上下前后")
	case digit(c) == 0:
		return q.Dim != DimTemperature
	}
	return isOne(at(r, q.UnitStart), seldom) && q.UnitEnd == q.UnitStart+1 && !phraseEnds(r, q.End) &&
		at(r, q.End) != '多' && at(r, q.End) != '以'
}

// seldom are units that are more often part of a name behind a single numeral: 六安市, 三伏天.
const seldom = "安伏欧卡斗石钱方角毛"

// measured reads the unit behind the number.
func measured(r []rune, n Number) Quantity {
	q := Quantity{Start: n.Start, End: n.End, Value: n.Coef, Low: n.Coef, High: n.Coef,
		Unit: n.Scale, UnitStart: n.End, UnitEnd: n.End, Op: n.Op, Number: n}
	if n.Range {
		q.Range, q.High = true, n.High
		if n.Scale != "" {
			q.High, _ = n.High.Quo(scaleSize(n.Scale))
		}
	}
	switch n.Per {
	case 100:
		q.Unit, q.Dim = "%", DimRatio
	case 1000:
		q.Unit, q.Dim = "‰", DimRatio
	case 10000:
		q.Unit, q.Dim = "‱", DimRatio
	case 1000000:
		q.Unit, q.Dim = "ppm", DimRatio
	default:
		q.unit(r)
	}
	return q
}

// unit reads the unit at the end of the number, with 半 before or behind it: 两个半月, 两米半.
func (q *Quantity) unit(r []rune) {
	j := q.End
	half := hasAt(r, j, "个半")
	if half && at(r, j+2) == '月' {
		q.halfMonths(j + 3)
		return
	}
	if half {
		j += 2
	}
	for n := 0; n < maxSpan && at(r, j) == ' '; n++ {
		j++
	}
	u, end, ok := ScanUnit(r, j)
	if half && (!ok || u.Dim == DimCount) || !half && hasAt(r, q.End, "个半") && !ok {
		u, end, ok = ScanUnit(r, q.End)
		j, half = q.End, false
	}
	if !ok || u.Dim == DimGrade && q.Number.Scale != "" {
		return // 千亿级 is no grade
	}
	q.Unit, q.Dim = q.Unit+u.Name, u.Dim
	q.UnitStart, q.UnitEnd, q.End = j, end, end
	if !half && at(r, end) == '半' && q.Number.Scale == "" && q.Dim != DimCount &&
		!hasAt(r, end, "半导") && !hasAt(r, end, "半成") {
		half, q.End = true, end+1
	}
	if half && !q.Range {
		q.set(q.Value.Add(Scaled(5, -1)))
	}
	if u.Name == "元" && hasAt(r, q.End, "人民币") {
		q.End += 3
	}
}

// set makes v the value of a quantity that is no range.
func (q *Quantity) set(v Decimal) { q.Value, q.Low, q.High = v, v, v }

// halfMonths closes 两个半月 at end.
func (q *Quantity) halfMonths(end int) {
	q.set(q.Value.Add(Scaled(5, -1)))
	q.Unit, q.Dim = q.Unit+"个月", DimMonths
	q.UnitStart, q.UnitEnd, q.End = q.End, end, end
}

// ratio reads the other side of a ratio to one: 2.08∶1.
func (q *Quantity) ratio(r []rune) bool {
	if c := at(r, q.End); q.Unit != "" || c != '∶' && c != ':' || at(r, q.End+1) != '1' ||
		alnum(at(r, q.End+2)) || isOne(at(r, q.End+2), ".:∶") {
		return false
	}
	q.Ratio, q.End = true, q.End+2
	return true
}

// scaleSize returns what a run of large scale words multiplies with.
func scaleSize(scale string) Decimal {
	size := Int(1)
	for _, c := range scale {
		size = size.Mul(Scaled(1, power(c)))
	}
	return size
}
