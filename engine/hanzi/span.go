package hanzi

// joins returns the position behind a word that joins the ends of a range (5—8, 三到五, 6%至7%), and
// whether there is one at i.
func joins(r []rune, i int) (int, bool) {
	j := skipGap(r, i)
	switch at(r, j) {
	case '-', '~', '—', '–', '―', '─', '至', '到', '〜', '−', '～':
		if r[j] == '—' && at(r, j+1) == '—' {
			j++
		}
		return skipGap(r, j+1), true
	}
	return i, false
}

// span reads on where the quantity is the lower end of a range. The unit may stand at both ends or
// at the upper one only: 200~500万元. Numbers without a unit are a range only when a word joins them.
func (q Quantity) span(r []rune) (Quantity, bool) {
	if q.Number.Ordinal || q.Range || q.Number.Op != Exactly {
		return q, false
	}
	j, ok := joins(r, q.End)
	if !ok || !startsNumber(at(r, j)) || at(r, j) == '第' {
		return q, false
	}
	n, ok := ScanNumber(r, j)
	if !ok || n.Range || n.Ordinal {
		return q, false
	}
	high := measured(r, n)
	if q.Number.Per > 0 && high.Unit == "" { // 百分之十到十五
		high.Unit, high.Dim = q.Unit, q.Dim
	}
	word := isOne(at(r, skipGap(r, q.End)), "至到~～〜")
	if high.Unit == "" && !word || high.Number.Lone && high.Unit == "" && q.Number.Arabic {
		return q, false
	}
	low, ok := q.in(&high)
	if !ok || low.Cmp(high.Value) >= 0 {
		return q, false
	}
	high.Start, high.Number, high.Op = q.Start, q.Number, Exactly
	high.Value, high.Low, high.Range = low, low, true
	return high, true
}

// in returns the value in the unit of the upper end.
func (q *Quantity) in(high *Quantity) (Decimal, bool) {
	switch {
	case q.Unit == high.Unit:
		return q.Value, true
	case q.Unit == "" && q.Number.Scale == "":
		return q.Value, true
	case q.Dim == "" && q.Unit == q.Number.Scale && high.Dim != "":
		// 8000万—1亿元: the lower end lacks only the unit behind its scale word.
		v, _ := q.Number.Value.Quo(scaleSize(high.Number.Scale))
		return v, true
	}
	return Convert(q.Value, q.Unit, high.Unit)
}

// compound reads the smaller units behind a first one: 50元6角三分, 3小时20分钟, 两米八.
func (q Quantity) compound(r []rune) Quantity {
	if q.Range || q.Number.Op != Exactly || q.Number.Scale != "" || q.Unit == "" || q.Unit == "年" {
		return q
	}
	if q.tenths(r) {
		return q
	}
	whole := q
	if q.Unit == "块" { // money only when 毛 or 分 follows: 三块五毛
		q.Unit, q.Dim = "元", "CNY"
	}
	if !composes(q.Dim) {
		return whole
	}
	for unit := q.Unit; ; {
		part, ok := smaller(r, &q, unit)
		if !ok {
			break
		}
		q.join(&part)
		unit = part.Unit
	}
	if q.End == whole.End {
		return whole
	}
	return q
}

// composes reports whether units of the dimension are written one behind the other.
func composes(dim string) bool {
	return dim == DimTime || dim == DimMass || dim == DimLength || dim != DimAge && len(dim) == 3
}

// tenths reads the digit that stands for tenths behind some units, where the phrase ends: 两米八, 三块五.
func (q *Quantity) tenths(r []rune) bool {
	switch q.Unit {
	case "米", "块", "元", "块钱", "度", "毛", "角":
	default:
		return false
	}
	c := at(r, q.End)
	d := digit(c)
	if arabic(c) && q.Unit == "块" {
		d = int(c - '0')
	}
	if d <= 0 || !phraseEnds(r, q.End+1) {
		return false
	}
	q.set(q.Value.Add(Scaled(int64(d), -1)))
	q.End++
	if q.Unit == "块" {
		q.Unit, q.Dim = "元", "CNY"
	}
	return true
}

// join adds a smaller part. The sum is in the unit of the quantity, or in that of the part where no
// decimal is exact in the former: 50.63 元, but 200 分钟.
func (q *Quantity) join(part *Quantity) {
	v, _ := Convert(part.Value, part.Unit, q.Unit)
	if sum := q.Value.Add(v); sum.Finite() {
		q.set(sum)
	} else {
		whole, _ := Convert(q.Value, q.Unit, part.Unit)
		q.set(whole.Add(part.Value))
		q.Unit = part.Unit
	}
	q.End = part.End
}

// smaller reads the next part of a compound quantity, whose unit is smaller than the one before.
func smaller(r []rune, q *Quantity, unit string) (Quantity, bool) {
	j := q.End
	if c := at(r, j); c == '又' || c == '零' && digit(at(r, j+1)) > 0 {
		j++
	}
	n, ok := ScanNumber(r, j)
	if !ok || n.Op != Exactly || n.Range || n.Ordinal || n.Value.Sign() < 0 || n.Fraction {
		return Quantity{}, false
	}
	part := measured(r, n)
	if part.Unit == "分" {
		part.Unit, part.Dim = "分钱", "CNY"
		if q.Dim == DimTime {
			part.Unit, part.Dim = "分钟", DimTime
		}
	}
	one, ok := Convert(Int(1), part.Unit, unit)
	return part, ok && part.Dim == q.Dim && one.Cmp(Int(1)) < 0
}

// phraseEnds reports whether no word goes on at i.
func phraseEnds(r []rune, i int) bool {
	c := at(r, i)
	return c == 0 || isOne(c, " ,.。、;:!?()”\"，的")
}
