package hanzi

// dayWords are days by their distance from the reference date; longer words first.
var dayWords = []struct {
	words string
	days  int
}{
	{"大前天", -3}, {"大前日", -3}, {"前天", -2}, {"昨天", -1}, {"昨日", -1}, {"今天", 0},
	{"今日", 0}, {"当天", 0}, {"当日", 0}, {"即日", 0}, {"明天", 1}, {"明日", 1}, {"次日", 1},
	{"翌日", 1}, {"大后天", 3}, {"大後天", 3}, {"大后日", 3}, {"大後日", 3}, {"后天", 2},
	{"後天", 2}, {"后日", 2}, {"後日", 2}, {"前日", -2}, {"第二天", 1},
}

// dayWord reads 今天, 昨日, 大后天. The first half of 今晚, 明早 counts as its day.
func (s *timeScanner) dayWord(i int) (period, int, bool) {
	for _, w := range dayWords {
		if j, ok := s.lit(i, w.words); ok && !s.isName(i, j) {
			return oneDay(s.Date.AddDays(w.days)).asRelative(), j, true
		}
	}
	var days int
	switch s.at(i) {
	case '今', '当':
	case '明':
		days = 1
	case '昨':
		days = -1
	default:
		return period{}, i, false
	}
	switch s.at(i + 1) {
	case '晚', '早', '晨', '夜':
		p := oneDay(s.Date.AddDays(days)).asRelative()
		return s.withClock(p, i+1)
	}
	return period{}, i, false
}

// isName reports whether the day word from i to j begins the name of a newspaper, a game
// or a programme, or means the future at large.
func (s *timeScanner) isName(i, j int) bool {
	_, _, ok := s.any(j, "头条", "之后", "方舟", "说法", "关注", "资本", "之星")
	if ok && s.at(j-1) != '天' {
		return true
	}
	return !s.Loose && s.at(i-1) == '的' && s.at(j-1) == '天' // 城市的明天
}

// weekly reads a weekday, 星期一, 下周三, 这个星期一, or a whole week or weekend: 上周, 下周末.
func (s *timeScanner) weekly(i int) (period, int, bool) {
	weeks, j, named := s.weekDistance(i)
	k, ok := s.weekNoun(j)
	if !ok {
		return period{}, i, false
	}
	d, end, ok := s.weekdayNumber(k)
	switch {
	case ok && named:
		day := s.monday().AddDays(7*weeks + d - 1)
		return oneDay(day).asRelative(), end, true
	case ok:
		p := oneDay(s.leanWeekday(d))
		p.noYear, p.noMonth, p.relative = true, true, true
		return p, end, true
	}
	monday := s.monday().AddDays(7 * weeks)
	if s.at(k) == '末' {
		p := stretch(monday.AddDays(5), monday.AddDays(6), PrecisionWeek)
		return p.asRelative(), k + 1, named || s.at(k-1) == '周'
	}
	if !named {
		return period{}, i, false
	}
	switch s.at(k) {
	case '年', '岁', '边', '围', '期':
		return period{}, i, false // 上周年, 下周期
	}
	return stretch(monday, monday.AddDays(6), PrecisionWeek).asRelative(), k, true
}

func (s *timeScanner) monday() Date { return s.Date.AddDays(1 - s.Date.Weekday()) }

// weekDistance reads 本, 上, 下下, 这个, in weeks.
func (s *timeScanner) weekDistance(i int) (weeks, end int, ok bool) {
	k, j, ok := s.any(i, "上上", "下下", "上一", "下一", "上", "下", "这一", "这", "本", "當", "当")
	if !ok {
		return 0, i, false
	}
	weeks = [...]int{-2, 2, -1, 1, -1, 1, 0, 0, 0, 0, 0}[k]
	if c := s.at(j); c == '个' || c == '個' {
		j++
	}
	return weeks, j, true
}

func (s *timeScanner) weekNoun(i int) (end int, ok bool) {
	_, end, ok = s.any(i, "星期", "礼拜", "禮拜", "周", "週")
	return end, ok
}

// weekdayNumber reads what follows 星期: 一 to 六, 日, 天, 1 to 7.
func (s *timeScanner) weekdayNumber(i int) (day, end int, ok bool) {
	switch c := s.at(i); c {
	case '日', '天':
		if n := s.at(i + 1); c == '天' || n != '报' && n != '益' {
			return 7, i + 1, true
		}
	case '一', '二', '三', '四', '五', '六':
		if c := s.at(i + 1); c == '年' || c == '岁' || c == '次' || c == '期' {
			return 0, i, false
		}
		return numeralValue(c), i + 1, true
	case '1', '2', '3', '4', '5', '6', '7':
		if digitValue(s.at(i+1)) < 0 && s.Loose {
			return digitValue(c), i + 1, true
		}
	}
	return 0, i, false
}

// weekdayName reads 星期一, 周三, 礼拜天.
func (s *timeScanner) weekdayName(i int) (day, end int, ok bool) {
	j, ok := s.weekNoun(i)
	if !ok {
		return 0, i, false
	}
	return s.weekdayNumber(j)
}

func (s *timeScanner) leanWeekday(d int) Date {
	day := s.monday().AddDays(d - 1)
	switch {
	case s.Lean == LeanPast && !day.Before(s.Date):
		return day.AddDays(-7)
	case s.Lean == LeanFuture && day.Before(s.Date):
		return day.AddDays(7)
	}
	return day
}

// weekdayOfMonth reads 第二个星期一, 最后一个周五 of a month, and its weeks, 第三周.
func (s *timeScanner) weekdayOfMonth(i, y, m int) (period, int, bool) {
	n, j, last, ok := s.ordinal(i)
	if !ok || n < 1 || n > 5 {
		return period{}, i, false
	}
	first := Date{y, m, 1}
	if d, end, ok := s.weekdayName(j); ok {
		day := first.AddDays((d-first.Weekday()+7)%7 + 7*(n-1))
		if last {
			end := first.LastOfMonth()
			day = end.AddDays(-(end.Weekday() - d + 7) % 7)
		}
		if day.Month != m {
			return period{}, i, false
		}
		return oneDay(day), end, true
	}
	end, ok := s.weekNoun(j)
	if !ok {
		return period{}, i, false
	}
	monday := first.AddDays((8-first.Weekday())%7 + 7*(n-1))
	if first.Weekday() <= 4 {
		monday = first.AddDays(1 - first.Weekday() + 7*(n-1)) // as weeks of the year count
	}
	if last {
		end := first.LastOfMonth()
		monday = end.AddDays(1 - end.Weekday())
	}
	return stretch(monday, monday.AddDays(6), PrecisionWeek), end, true
}

// ordinal reads 第二个, 第三, 最后一个.
func (s *timeScanner) ordinal(i int) (n, end int, last, ok bool) {
	_, j, ok := s.any(i, "最后", "最後")
	if ok {
		n, j, ok = 1, s.skip(j), true
		if k, e, num := s.number(j); num {
			n, j = k, e
		}
		last = true
	} else if s.at(i) == '第' {
		n, j, ok = s.number(s.skip(i + 1))
	} else if s.at(i) == '首' {
		n, j, ok = 1, i+1, true
	}
	j = s.skip(j)
	if c := s.at(j); c == '个' || c == '個' {
		j++
	}
	return n, j, last, ok
}

// counted reads parts of a year by count: 第二周, 第九个月, 前10天, 前两个月, 最后3周.
func (s *timeScanner) counted(i, y int) (period, int, bool) {
	if s.at(i) == '前' || s.at(i) == '头' {
		n, j, ok := s.number(s.skip(i + 1))
		if !ok || n < 1 {
			return period{}, i, false
		}
		return s.countedPart(s.skip(j), y, n, false, true)
	}
	n, j, last, ok := s.ordinal(i)
	if !ok || n < 1 {
		return period{}, i, false
	}
	return s.countedPart(j, y, n, last, last)
}

// firstMonths reads 前10个月 of the year at hand, as reports of a year say it.
func (s *timeScanner) firstMonths(i, y int) (period, int, bool) {
	if s.at(i) != '前' && s.at(i) != '头' || s.Loose || s.sequel(i) {
		return period{}, i, false
	}
	n, j, ok := s.number(i + 1)
	_, end, named := s.any(j, "个月", "月")
	if !ok || !named || n < 1 || n > 12 {
		return period{}, i, false
	}
	return wholeMonths(y, 1, n, PrecisionRange), end, true
}

// countedPart reads the unit of a count at i. many says that n units are meant and not
// the nth, last that they are counted from the end of the year.
func (s *timeScanner) countedPart(i, y, n int, last, many bool) (period, int, bool) {
	first, final := Date{y, 1, 1}, Date{y, 12, 31}
	k, end, ok := s.any(i, "个月", "個月", "月份", "月", "天", "日", "个星期", "個星期", "星期",
		"周", "週", "个季度", "季度")
	if !ok || n > 366 {
		return period{}, i, false
	}
	var p period
	switch {
	case k < 4:
		if n > 12 || k == 3 && !many && s.at(i-1) != '个' {
			return period{}, i, false
		}
		from, to := n, n
		if many {
			from, to = 1, n
		}
		if last {
			from, to = 13-n, 12
		}
		p = wholeMonths(y, from, to, PrecisionMonth)
	case k < 6:
		p = oneDay(first.AddDays(n - 1))
		if many {
			p = stretch(first, first.AddDays(n-1), PrecisionDay)
		}
		if last {
			p = stretch(final.AddDays(1-n), final, PrecisionDay)
		}
	case k < 11:
		monday := firstMonday(y)
		p = stretch(monday.AddDays(7*n-7), monday.AddDays(7*n-1), PrecisionWeek)
		if many {
			p.from = monday
		}
		if last {
			monday = firstMonday(y + 1)
			p.from, p.to = monday.AddDays(-7*n), monday.AddDays(-1)
		}
	default:
		if n > 4 || !last {
			return period{}, i, false
		}
		p = wholeMonths(y, 13-3*n, 12, PrecisionQuarter)
	}
	if many && n > 1 {
		p.prec = PrecisionRange
	}
	return p, end, true
}

// firstMonday begins week 1 of ISO 8601: the week with 4 January.
func firstMonday(y int) Date {
	d := Date{y, 1, 4}
	return d.AddDays(1 - d.Weekday())
}
