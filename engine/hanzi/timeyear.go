package hanzi

// yearly reads a named year and what stands within it: 2024年, 去年底, 2024年3月5日.
func (s *timeScanner) yearly(i int, l lent) (period, int, bool) {
	y, end, relative, ok := s.year(i)
	if !ok {
		return period{}, i, false
	}
	if _, _, next := s.any(i, "次年", "翌年"); next && l.year > 0 {
		y, relative = l.year+1, false // 2023年11月至次年2月
	}
	var h hit
	h.take(wholeYear(y), end, true)
	j := s.skip(end)
	if s.at(j) == '的' {
		j = s.skip(j + 1)
	}
	h.take(s.within(j, y))
	h.take(s.yearTail(end, y))
	h.take(s.counted(j, y))
	h.take(s.thisMonthOf(j, y))
	h.p.relative = relative
	return h.result(i)
}

// year reads a year by number or by its distance from the reference date.
func (s *timeScanner) year(i int) (year, end int, relative, ok bool) {
	if y, j, ok := s.numberedYear(i); ok {
		return y, j, false, true
	}
	for _, w := range relativeYears {
		if j, ok := s.lit(i, w.words); ok {
			return s.Date.Year + w.years, j, true, true
		}
	}
	if _, j, ok := s.any(i, "过去的一年", "过去一年"); ok && s.Date.Month <= 3 {
		return s.Date.Year - 1, j, true, true // as a report at the turn of the year says it
	}
	return 0, i, false, false
}

// relativeYears are years by their distance from the reference date; longer words first.
var relativeYears = []struct {
	words string
	years int
}{
	{"今年度", 0}, {"今年", 0}, {"本年度", 0}, {"本年", 0}, {"这一年", 0},
	{"去年度", -1}, {"去年", -1}, {"上一年度", -1}, {"上年度", -1}, {"上一年", -1},
	{"上年", -1}, {"大前年", -3}, {"前年", -2}, {"明年", 1}, {"来年", 1},
	{"下一年度", 1}, {"下年度", 1}, {"下一年", 1}, {"下年", 1}, {"大后年", 3}, {"后年", 2},
	{"翌年", 1}, {"次年", 1},
}

// numberedYear reads 2024年, ２０２４年度, 二〇二四年, 两千年, 公元789年, and in loose use 07年.
func (s *timeScanner) numberedYear(i int) (year, end int, ok bool) {
	j, marked := s.lit(i, "公元")
	y, k, ok := s.fullYear(j)
	if !ok {
		y, k, ok = s.shortYear(j, marked)
	}
	if !ok {
		return 0, i, false
	}
	_, end, ok = s.any(s.skip(k), "年度", "年")
	if c := s.at(end); ok && (c == '级' || c == '期' || c == '代') && !marked {
		return 0, i, false
	}
	return y, end, ok
}

// Years outside these are counts of years: 5000年文明.
const firstFullYear, lastFullYear = 1000, 2199

// fullYear reads the four digits of a year without 年.
func (s *timeScanner) fullYear(i int) (year, end int, ok bool) {
	y, j, ok := s.digits(i)
	if !ok {
		y, j, ok = s.digitRow(i)
	}
	if ok && j-i == 4 {
		return y, j, y >= firstFullYear && y <= lastFullYear
	}
	if y, j, ok := s.numeral(i); ok && y >= 2000 && y <= lastFullYear && j-i >= 2 {
		return y, j, true
	}
	return 0, i, false
}

// shortYear reads a year of two or three digits, where it can be no count of years.
func (s *timeScanner) shortYear(i int, marked bool) (year, end int, ok bool) {
	y, j, ok := s.digits(i)
	row := false
	if !ok {
		y, j, ok = s.digitRow(i)
		row = true
	}
	if !ok || y == 0 && j-i != 2 {
		return 0, i, false
	}
	k := s.skip(j)
	_, _, monthly := s.number(k + 1)
	monthly = monthly && s.at(k) == '年'
	switch j - i {
	case 3:
		return y, j, marked || row || monthly || s.loneYear(i)
	case 2:
		if y >= 50 {
			y += 1900
		} else {
			y += 2000
		}
		zero := digitValue(s.at(i)) == 0 || numeralValue(s.at(i)) == 0
		return y, j, monthly || (zero || y < 2000) && (s.Loose || monthly)
	}
	if marked {
		return y, j, true
	}
	return 0, i, false
}

// loneYear reports whether the word before i makes a number of three digits a year.
func (s *timeScanner) loneYear(i int) bool {
	switch s.at(i - 1) {
	case '在', '于', '自', '从', '至', '到':
		return true
	}
	return false
}

// yearTail reads what cannot stand without its year: 2024年底, 2024年末, 2024年初, 年内.
func (s *timeScanner) yearTail(i, y int) (period, int, bool) {
	k, end, ok := s.any(i, "年底", "年末", "底", "末", "年初", "初", "年中", "中期", "全年", "一年")
	if !ok {
		return period{}, i, false
	}
	switch {
	case k < 4:
		return oneDay(Date{y, 12, 31}), end, true
	case k < 6:
		return oneDay(Date{y, 1, 1}), end, true
	case k < 8:
		return oneDay(Date{y, 6, 30}), end, true
	}
	return wholeYear(y), end, true
}

// bareYearWord reads what names a time of the year at hand: 年底, 年初, 年内, 全年.
func (s *timeScanner) bareYearWord(i, y int) (period, int, bool) {
	k, end, ok := s.any(i, "年底", "年末", "岁末", "岁尾", "年初", "岁初", "年中", "年内", "全年",
		"当年", "该年", "同年", "本年内", "年度内")
	if !ok {
		return period{}, i, false
	}
	switch {
	case k < 4:
		return oneDay(Date{y, 12, 31}), end, true
	case k < 6:
		return oneDay(Date{y, 1, 1}), end, true
	case k == 6:
		return oneDay(Date{y, 6, 30}), end, true
	}
	return wholeYear(y), end, true
}

// unplaced reads a time within a year that the words do not name: 3月5日, 上半年, 年底.
func (s *timeScanner) unplaced(i int, l lent) (period, int, bool) {
	year := s.Date.Year
	if l.yearNamed {
		year = l.year
	}
	var h hit
	h.take(s.within(i, year))
	h.take(s.bareYearWord(i, year))
	h.take(s.firstMonths(i, year))
	if h.end <= i {
		return period{}, i, false
	}
	if !l.yearNamed {
		h.p = s.lean(h.p, i)
	}
	h.p.noYear = !h.p.ownYear
	return h.result(i)
}

// leanReach is how many years a day may be away that is not in every year: 29 February.
const leanReach = 8

// lean moves a time of the reference year to the year that is meant. A part of the year
// that has begun is not moved on to the next one.
func (s *timeScanner) lean(p period, i int) period {
	if s.Lean == LeanSame && !p.missing {
		return p
	}
	if s.Lean == LeanFuture && p.prec > PrecisionMonth {
		return p
	}
	step := 1
	if s.Lean != LeanFuture {
		step = -1
	}
	for n := 0; n <= leanReach; n++ {
		y := s.Date.Year + n*step
		q, _, ok := s.within(i, y)
		if !ok {
			q, _, ok = s.bareYearWord(i, y)
		}
		if !ok || q.missing {
			continue
		}
		past := q.from.Before(s.Date)
		if q.prec >= PrecisionTenDays {
			past = q.from.Before(s.Date.FirstOfMonth())
		}
		if s.Lean == LeanSame || past == (s.Lean == LeanPast) {
			return q
		}
	}
	return p
}

// within reads a part of the year y.
func (s *timeScanner) within(i, y int) (period, int, bool) {
	var h hit
	h.take(s.monthly(i, y))
	h.take(s.half(i, y))
	h.take(s.quarter(i, y))
	h.take(s.season(i, y))
	h.take(s.holiday(i, y))
	h.take(s.lunarDay(i, y))
	return h.result(i)
}

// half reads 上半年, 下半年.
func (s *timeScanner) half(i, y int) (period, int, bool) {
	k, end, ok := s.any(i, "上半年度", "前半年度", "上半年", "前半年", "下半年度", "后半年度",
		"下半年", "后半年")
	if !ok {
		return period{}, i, false
	}
	p := wholeMonths(y, 1, 6, PrecisionHalf)
	if k >= 4 {
		p = wholeMonths(y, 7, 12, PrecisionHalf)
	}
	return s.ending(p, end)
}

// quarter reads 一季度, 第3季度, 首季, 前三季度, 1—3季度 and the last day of each.
func (s *timeScanner) quarter(i, y int) (period, int, bool) {
	if _, j, ok := s.any(i, "季度末", "季末"); ok && y == s.Date.Year {
		q := s.Date.Quarter()
		return oneDay(Date{y, 3 * q, daysIn(y, 3*q)}), j, true
	}
	if j, ok := s.lit(i, "首季度"); ok {
		return s.ending(wholeMonths(y, 1, 3, PrecisionQuarter), j)
	}
	if j, ok := s.lit(i, "首季"); ok {
		return s.ending(wholeMonths(y, 1, 3, PrecisionQuarter), j)
	}
	if s.at(i) == '前' {
		if s.at(i-1) == '提' {
			return period{}, i, false
		}
		n, j, ok := s.number(i + 1)
		_, j, named := s.any(j, "个季度", "季度")
		ok = ok && named && n >= 1 && n <= 4
		if !ok {
			return period{}, i, false
		}
		return s.ending(wholeMonths(y, 1, 3*n, PrecisionRange), j)
	}
	j, nth := s.lit(i, "第")
	from, k, ok := s.number(j)
	if !ok || from < 1 || from > 4 {
		return period{}, i, false
	}
	to := from
	if m, pair, ok := s.rangeOrPair(k); ok {
		if n, e, ok := s.number(m); ok && n > from && n <= 4 && (!pair || n == from+1) {
			to, k = n, e
		}
	}
	if nth && s.at(k) == '个' {
		k++
	}
	end, ok := s.lit(k, "季度")
	if !ok {
		return period{}, i, false
	}
	prec := PrecisionQuarter
	if to > from {
		prec = PrecisionRange
	}
	return s.ending(wholeMonths(y, 3*from-2, 3*to, prec), end)
}

// ending takes 末 or 底 behind a part of the year: its last day.
func (s *timeScanner) ending(p period, i int) (period, int, bool) {
	switch s.at(i) {
	case '末', '底':
		last := oneDay(p.to)
		last.relative = p.relative
		return last, i + 1, true
	}
	return p, i, true
}

// season reads the seasons of the weather service: spring is March to May.
func (s *timeScanner) season(i, y int) (period, int, bool) {
	k, end, ok := s.any(i, "春季", "春天", "夏季", "夏天", "秋季", "秋天", "冬季", "冬天")
	if !ok {
		return period{}, i, false
	}
	first := k/2*3 + 3
	if first < 12 {
		return wholeMonths(y, first, first+2, PrecisionQuarter), end, true
	}
	return stretch(Date{y, 12, 1}, Date{y + 1, 2, 1}.LastOfMonth(), PrecisionQuarter), end, true
}
