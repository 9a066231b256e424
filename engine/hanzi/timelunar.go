package hanzi

// lunarYears describes the years of the Chinese calendar from 2000 on: bits 0 to 12 the
// length of each month in order, 1 for 30 days and 0 for 29; bits 13 to 16 the number of
// the month that a leap month follows, 0 for none; from bit 17 on the day of the civil
// year on which it begins (春节).
var lunarYears = [...]uint32{
	0x480693, 0x30952b, 0x56052b, 0x400a5b, 0x2c555a, 0x50056a, 0x3afb55, 0x620ba4, 0x4c0b49,
	0x34ba93, 0x5a0a95, 0x44052d, 0x2e8a6d, 0x520ab5, 0x3f35aa, 0x6405d2, 0x4e0da5, 0x38dd4a,
	0x5e0e4a, 0x480c95, 0x32952e, 0x560556, 0x400ab5, 0x2c55b2, 0x5206d2, 0x3acea5, 0x600f25,
	0x4c064a, 0x34ac97, 0x5804ab, 0x42055b, 0x2e6ad6, 0x540b69, 0x3f7752, 0x640b52, 0x4e0b25,
	0x38da4b, 0x5c0a4b, 0x4604ab, 0x30a55b, 0x5605ad, 0x400b6a, 0x2c5b52, 0x520d92, 0x3cfd25,
	0x600d25, 0x4a0a55, 0x34b4ad, 0x5a04b6, 0x4205b5, 0x2e6daa,
}

const firstLunarYear = 2000

// lunarDate is the civil date of a day of the Chinese calendar; months are counted
// without leap months. It knows the years of the table.
func lunarDate(y, m, d int) (Date, bool) {
	if y < firstLunarYear || y >= firstLunarYear+len(lunarYears) || m < 1 || m > 12 {
		return Date{}, false
	}
	v := lunarYears[y-firstLunarYear]
	leap := int(v >> 13 & 15)
	date := Date{y, 1, 1}.AddDays(int(v>>17) - 1)
	index := m - 1
	if leap > 0 && m > leap {
		index++
	}
	days := 0
	for k := range index {
		days += 29 + int(v>>k&1)
	}
	if d < 1 || d > 29+int(v>>index&1) {
		return Date{}, false
	}
	return date.AddDays(days + d - 1), true
}

// lunarDay reads a day of the Chinese calendar: 农历十月初一, 正月十五, 大年初一, 腊月廿三.
func (s *timeScanner) lunarDay(i, y int) (period, int, bool) {
	j, marked, own := i, false, false
	if _, k, ok := s.any(i, "农历", "農曆", "阴历", "旧历"); ok {
		j, marked = k, true
		if n, e, _, ok := s.year(j); ok {
			y, j, own = n, e, true
		}
	}
	if j, ok := s.lit(j, "大年初"); ok {
		d, end, ok := s.numeral(j)
		return lunarPeriod(y, 1, d), end, ok && d <= 10
	}
	m, j, native, ok := s.lunarMonth(j)
	if !ok || !native && !marked {
		return period{}, i, false
	}
	var d, end int
	if k, first := s.lit(j, "初"); first {
		d, end, ok = s.numeral(k)
		ok = ok && d <= 10
	} else if d, end, ok = s.number(j); !ok && s.at(j) == '廿' {
		if d, end, ok = s.numeral(j + 1); ok {
			d += 20
		}
	}
	if !ok || d < 1 || d > 30 {
		if !native || marked {
			return period{}, i, false
		}
		p := lunarPeriod(y, m, 1)
		p.prec = PrecisionMonth
		if !p.from.IsZero() {
			p.to = p.from.AddDays(28)
		}
		return p, j, true
	}
	if s.at(end) == '日' {
		end++
	}
	p := lunarPeriod(y, m, d)
	p.ownYear = own
	return p, end, true
}

// lunarMonth reads the month; native says that its name belongs to the Chinese calendar.
func (s *timeScanner) lunarMonth(i int) (m, end int, native, ok bool) {
	if k, j, ok := s.any(i, "正月", "冬月", "腊月", "臘月"); ok {
		return [...]int{1, 11, 12, 12}[k], j, true, true
	}
	m, j, ok := s.number(i)
	return m, j + 1, false, ok && s.at(j) == '月' && m >= 1 && m <= 12
}

// lunarPeriod is a day of the Chinese calendar with its civil day, where the table knows it.
func lunarPeriod(y, m, d int) period {
	date, _ := lunarDate(y, m, d)
	p := oneDay(date)
	p.lunar = Date{y, m, d}
	return p
}

// holidays are the days that texts name by their holiday; longer words first. The month
// is negative in the Chinese calendar. bare words are also streets and numbers: they need
// 前, 后, 期间 or the like behind them.
var holidays = []struct {
	words      string
	month, day int
	bare       bool
}{
	{"元旦节", 1, 1, false}, {"元旦", 1, 1, false}, {"妇女节", 3, 8, false},
	{"植树节", 3, 12, false}, {"五一劳动节", 5, 1, false}, {"劳动节", 5, 1, false},
	{"青年节", 5, 4, false}, {"儿童节", 6, 1, false}, {"建党节", 7, 1, false},
	{"建军节", 8, 1, false}, {"教师节", 9, 10, false}, {"国庆节", 10, 1, false},
	{"国庆", 10, 1, true}, {"情人节", 2, 14, false}, {"愚人节", 4, 1, false},
	{"平安夜", 12, 24, false}, {"圣诞节", 12, 25, false}, {"五一", 5, 1, true},
	{"七一", 7, 1, true}, {"八一", 8, 1, true}, {"十一", 10, 1, true},
	{"双十一", 11, 11, false}, {"春节", -1, 1, false}, {"元宵节", -1, 15, false},
	{"端午节", -5, 5, false}, {"端午", -5, 5, false}, {"七夕节", -7, 7, false},
	{"七夕", -7, 7, false}, {"中秋节", -8, 15, false}, {"中秋", -8, 15, false},
	{"重阳节", -9, 9, false}, {"腊八节", -12, 8, false}, {"除夕", -1, 0, false},
}

// movingHolidays are the nth weekday of a month.
var movingHolidays = []struct {
	words             string
	month, week, wday int
}{
	{"母亲节", 5, 2, 7}, {"父亲节", 6, 3, 7}, {"感恩节", 11, 4, 4},
}

// movingHoliday reads them and 清明, which follows the sun.
func (s *timeScanner) movingHoliday(i, y int) (period, int, bool) {
	for _, w := range movingHolidays {
		if end, ok := s.lit(i, w.words); ok {
			first := Date{y, w.month, 1}
			return oneDay(first.AddDays((w.wday-first.Weekday()+7)%7 + 7*(w.week-1))), end, true
		}
	}
	_, end, ok := s.any(i, "清明节", "清明")
	if !ok || y < 2000 || y > 2099 {
		return period{}, i, false
	}
	// The mean length of the year places the term within this century.
	n := y % 100
	return oneDay(Date{y, 4, (n*2422+48100)/10000 - n/4}), end, true
}

// quote skips a quotation mark.
func (s *timeScanner) quote(i int) (end int, ok bool) {
	switch s.at(i) {
	case '“', '”', '"', '‘', '’', '「', '」':
		return i + 1, true
	}
	return i, false
}

// holiday reads a holiday of the year y.
func (s *timeScanner) holiday(i, y int) (period, int, bool) {
	if timeReadings(s.at(i))&readHoliday == 0 {
		return period{}, i, false
	}
	if p, end, ok := s.movingHoliday(i, y); ok {
		return p, end, true
	}
	i, quoted := s.quote(i)
	for _, w := range holidays {
		end, ok := s.lit(i, w.words)
		if quoted && ok {
			end, ok = s.quote(end)
		}
		if !ok {
			continue
		}
		if w.bare && !quoted {
			_, _, ok = s.any(end, "前", "后", "期间", "假期", "长假", "小长假", "节前", "节后", "黄金周")
			if !ok {
				continue
			}
		}
		if _, j, ok := s.any(end, "小长假", "假期", "长假", "黄金周"); ok {
			end = j
		}
		if w.month > 0 {
			return oneDay(Date{y, w.month, w.day}), end, true
		}
		if w.day == 0 { // the eve of the new year
			p := lunarPeriod(y, 1, 1)
			if !p.from.IsZero() {
				p = oneDay(p.from.AddDays(-1))
			}
			return p, end, true
		}
		return lunarPeriod(y, -w.month, w.day), end, true
	}
	return period{}, i, false
}
