package hanzi

// monthly reads a numbered month of the year y and what stands within it: 3月, 10月底,
// 十二月中旬, 3月5日, 1—9月.
func (s *timeScanner) monthly(i, y int) (period, int, bool) {
	m, j, ok := s.number(i)
	if !ok || m < 1 || m > 12 {
		return period{}, i, false
	}
	var h hit
	if k, pair, ok := s.rangeOrPair(j); ok {
		to, e, ok := s.number(k)
		e = s.skip(e)
		if ok && s.at(e) == '月' && to > m && to <= 12 && (!pair || to == m+1) && !s.opensMonthWord(e+1) {
			_, end, _ := s.any(e+1, "份", "底", "末")
			h.take(wholeMonths(y, m, to, PrecisionRange), end, true)
		}
	}
	j = s.skip(j)
	if s.at(j) == '月' && !s.opensMonthWord(j+1) {
		h.take(s.inMonth(j+1, y, m))
	}
	return h.result(i)
}

// rangeOrPair reads a range mark, or 、 between two neighbours: 7、8月, 一、二季度.
func (s *timeScanner) rangeOrPair(i int) (next int, pair, ok bool) {
	if s.at(i) == '、' {
		return i + 1, true, true
	}
	loosely, k, ok := s.rangeMark(i)
	return k, false, ok && !loosely
}

func (s *timeScanner) opensMonthWord(i int) bool {
	switch s.at(i) {
	case '球', '饼', '嫂', '薪':
		return true
	}
	return false
}

// monthWords are months by their distance from the reference date; longer words first.
var monthWords = []struct {
	words  string
	months int
}{
	{"上上个月", -2}, {"上上月", -2}, {"上个月", -1}, {"上一个月", -1}, {"上月", -1},
	{"下下个月", 2}, {"下下月", 2}, {"下个月", 1}, {"下一个月", 1}, {"下月", 1}, {"次月", 1},
	{"本月", 0}, {"当月", 0}, {"这个月", 0}, {"这月", 0}, {"同月", 0},
}

// monthWord reads 本月, 上个月 and, of the month at hand, 月底, 月初, 上半月.
func (s *timeScanner) monthWord(i int) (period, int, bool) {
	for _, w := range monthWords {
		if j, ok := s.lit(i, w.words); ok {
			d := s.Date.FirstOfMonth().AddMonths(w.months)
			p, end, ok := s.inMonth(j, d.Year, d.Month)
			return p.asRelative(), end, ok
		}
	}
	switch s.at(i) {
	case '月':
		if _, end, ok := s.any(i, "月底", "月末", "月初"); ok {
			p, _, ok := s.inMonth(i+1, s.Date.Year, s.Date.Month)
			p.noYear, p.noMonth = true, true
			return p, end, ok
		}
	case '上', '下', '前', '后':
		if k, end, ok := s.any(i, "上半月", "前半月", "下半月", "后半月"); ok {
			p := s.monthPart(s.Date.Year, s.Date.Month, 1+k/2*15, 15+k/2*16)
			p.noYear, p.noMonth = true, true
			return p, end, true
		}
		k, end, ok := s.any(i, "上旬", "下旬")
		p := s.monthPart(s.Date.Year, s.Date.Month, 1+20*k, 10+21*k)
		p.noYear, p.noMonth = true, true
		return p, end, ok && s.Loose
	}
	return period{}, i, false
}

// thisMonthOf reads 本月 behind a year: 去年本月十日.
func (s *timeScanner) thisMonthOf(i, y int) (period, int, bool) {
	_, j, ok := s.any(i, "本月", "同月", "当月")
	if !ok {
		return period{}, i, false
	}
	return s.inMonth(j, y, s.Date.Month)
}

// inMonth reads what stands within the month m of the year y.
func (s *timeScanner) inMonth(i, y, m int) (period, int, bool) {
	var h hit
	h.take(wholeMonth(y, m), i, true)
	if s.at(i) == '份' {
		h.take(wholeMonth(y, m), i+1, true)
		i++
	}
	h.take(s.monthThirds(i, y, m))
	j := s.skip(i)
	if s.at(j) == '的' {
		j = s.skip(j + 1)
	}
	h.take(s.dayNumbers(j, y, m))
	h.take(s.weekdayOfMonth(j, y, m))
	h.take(s.edgeOfMonth(j, y, m))
	return h.p, h.end, true
}

// edgeOfMonth reads 前10天, 最后两周 of a month.
func (s *timeScanner) edgeOfMonth(i, y, m int) (period, int, bool) {
	k, j, ok := s.any(i, "前", "头", "最后", "最後")
	n, j, num := s.number(s.skip(j))
	if !ok || !num {
		return period{}, i, false
	}
	u, end, ok := s.any(s.skip(j), "天", "日", "个星期", "星期", "周", "週")
	if u >= 2 {
		n *= 7
	}
	last := daysIn(y, m)
	if !ok || n < 1 || n > last {
		return period{}, i, false
	}
	p := s.monthPart(y, m, 1, n)
	if k >= 2 {
		p = s.monthPart(y, m, last-n+1, last)
	}
	p.prec, p.ranged = PrecisionRange, true
	return p, end, true
}

// monthPart is a part of a month; a day beyond its end is its last one.
func (s *timeScanner) monthPart(y, m, from, to int) period {
	last := daysIn(y, m)
	return stretch(Date{y, m, min(from, last)}, Date{y, m, min(to, last)}, PrecisionTenDays)
}

// monthThirds reads 底, 末, 初, 上旬, 中旬, 下旬, 中下旬, 上半月.
func (s *timeScanner) monthThirds(i, y, m int) (period, int, bool) {
	k, end, ok := s.any(i, "月底", "月末", "底", "末", "初", "上旬", "中旬", "下旬", "上中旬",
		"中上旬", "中下旬", "上半月", "下半月", "上半", "下半")
	if !ok {
		return period{}, i, false
	}
	last := daysIn(y, m)
	switch k {
	case 0, 1, 2, 3:
		return oneDay(Date{y, m, last}), end, true
	case 4:
		if _, _, ok := s.numeral(end); ok {
			return period{}, i, false // 三月初五
		}
		return s.monthPart(y, m, 1, 10), end, true
	case 5:
		return s.monthPart(y, m, 1, 10), end, true
	case 6:
		return s.monthPart(y, m, 11, 20), end, true
	case 7:
		return s.monthPart(y, m, 21, last), end, true
	case 8, 9:
		return s.monthPart(y, m, 1, 20), end, true
	case 10:
		return s.monthPart(y, m, 11, last), end, true
	case 11, 13:
		return s.monthPart(y, m, 1, 15), end, true
	}
	return s.monthPart(y, m, 16, last), end, true
}

// dayNumbers reads the day of a month, 5日, 5号, 十五, 初一, and 5—10日.
func (s *timeScanner) dayNumbers(i, y, m int) (period, int, bool) {
	var h hit
	d, j, ok := s.number(i)
	if k, first := s.lit(i, "初"); first {
		d, j, ok = s.numeral(k)
		if ok && d <= 10 && !s.countsOn(j) {
			_, end, _ := s.any(j, "日")
			h.take(s.dayOf(y, m, d), end, true)
		}
		return h.result(i)
	}
	if !ok || d < 1 || d > 31 {
		return period{}, i, false
	}
	if loosely, k, ok := s.rangeMark(j); ok && !loosely {
		to, e, ok := s.number(k)
		_, end, named := s.any(s.skip(e), "日", "号", "號")
		if ok && named && to > d && to <= daysIn(y, m) {
			h.take(stretch(Date{y, m, d}, Date{y, m, to}, PrecisionRange), end, true)
		}
	}
	if _, end, ok := s.any(s.skip(j), "日", "号", "號"); ok {
		h.take(s.withWeekday(s.dayOf(y, m, d), end))
	} else if digitValue(s.at(i)) < 0 && j-i >= 2 && !s.countsOn(j) {
		h.take(s.dayOf(y, m, d), j, true)
	}
	return h.result(i)
}

// dayOf is a day of a month, or missing where the month has none such.
func (s *timeScanner) dayOf(y, m, d int) period {
	date, ok := NewDate(y, m, d)
	if !ok {
		return period{prec: PrecisionDay, fromSec: -1, toSec: -1, missing: true}
	}
	return oneDay(date)
}

// countsOn reports whether a numeral that ends before i goes on as a count: 二十三|个.
func (s *timeScanner) countsOn(i int) bool {
	switch s.at(i) {
	case '个', '家', '项', '万', '亿', '百', '千', '余', '多', '名', '件', '点', '人', '户', '台',
		'次', '条', '种', '月', '年', '分', '成', '倍', '位', '所', '座', '公', '元', '吨', '里':
		return true
	}
	return numeralValue(s.at(i)) >= 0 || numeralUnit(s.at(i)) > 0
}

// withWeekday takes the weekday that stands beside a date: 10月12号，星期一; (周三).
func (s *timeScanner) withWeekday(p period, i int) (period, int, bool) {
	j := s.skip(i)
	bracket := s.at(j) == '（' || s.at(j) == '('
	if c := s.at(j); bracket || c == '，' || c == ',' {
		j = s.skip(j + 1)
	}
	_, k, ok := s.weekdayName(j)
	if !ok {
		return p, i, true
	}
	if bracket {
		if c := s.at(k); c != '）' && c != ')' {
			return p, i, true
		}
		k++
	}
	return p, k, true
}

// bareDay reads a day without its month: 29日, and behind a range mark 12日 or 12号.
func (s *timeScanner) bareDay(i int, l lent) (period, int, bool) {
	d, j, ok := s.number(i)
	if !ok || d < 1 || d > 31 {
		return period{}, i, false
	}
	lends := l.month > 0
	if !lends && (digitValue(s.at(i)) < 0 && !s.Loose || s.lastsDays(i)) {
		return period{}, i, false
	}
	words := []string{"日", "号", "號"}
	if !lends {
		words = words[:1]
	}
	_, end, ok := s.any(s.skip(j), words...)
	if !ok || s.opensDayWord(end) {
		return period{}, i, false
	}
	if lends {
		p := s.dayOf(l.year, l.month, d)
		p.noYear = !l.yearNamed
		return p, end, true
	}
	p := s.leanMonth(d)
	p.noYear, p.noMonth = true, true
	p, end, ok = s.withWeekday(p, end)
	return p, end, ok
}

// lastsDays reports whether the word before i makes N日 a length of time or a turn.
func (s *timeScanner) lastsDays(i int) bool {
	switch s.at(i - 1) {
	case '期', '近', '每', '第', '休', '共', '满', '逾', '前', '后', '达', '过', '续', '.', '．', '/':
		return true
	}
	return false
}

func (s *timeScanner) opensDayWord(i int) bool {
	switch s.at(i) {
	case '内', '游', '均', '报', '元', '产', '线', '楼', '以', '来', '谈', '行':
		return true
	}
	return false
}

// leanMonth is the day d of the month that is meant where none is named.
func (s *timeScanner) leanMonth(d int) period {
	first := s.Date.FirstOfMonth()
	for n := 0; n <= 2; n++ {
		m := first.AddMonths(n * int(s.Lean))
		date, ok := NewDate(m.Year, m.Month, d)
		if !ok {
			continue
		}
		if s.Lean == LeanSame || date.Before(s.Date) == (s.Lean == LeanPast) {
			return oneDay(date)
		}
	}
	return s.dayOf(s.Date.Year, s.Date.Month, d)
}
