package hanzi

const (
	minute = 60
	hour   = 60 * minute
	noon   = 12 * hour
)

// partsOfDay are the parts of the day with their usual hours; longer words first. late
// parts move the hours before noon to after it: 下午5点 is 17:00.
var partsOfDay = []struct {
	words    string
	from, to int
	late     bool
}{
	{"凌晨", 4, 8, false}, {"清晨", 4, 8, false}, {"清早", 8, 12, false}, {"今晨", 4, 8, false},
	{"晨间", 4, 8, false}, {"早上", 8, 12, false}, {"早晨", 8, 12, false},
	{"早间", 8, 12, false}, {"上午", 8, 12, false},
	{"中午", 11, 13, true}, {"正午", 11, 13, true}, {"下午", 12, 16, true},
	{"午后", 12, 16, true}, {"午後", 12, 16, true}, {"傍晚", 16, 20, true},
	{"晚上", 16, 20, true}, {"晚间", 16, 20, true}, {"夜晚", 16, 20, true},
	{"深夜", 20, 24, true}, {"半夜", 20, 24, true}, {"夜间", 20, 24, true},
	{"夜里", 20, 24, true}, {"午夜", 20, 24, true},
	{"早", 8, 12, false}, {"晨", 4, 8, false}, {"晚", 16, 20, true}, {"夜", 20, 24, true},
}

// clock is a time of day or a part of it.
type clock struct {
	from, to int // seconds of the day
	point    bool
	part     bool // the part of the day is named
	late     bool
	halfDay  bool
	sure     bool // can be nothing else in prose
}

// clockAt reads 下午5:00, 晚上七点半, 15时20分, 上午.
func (s *timeScanner) clockAt(i int, late bool) (clock, int, bool) {
	var c clock
	j := i
	for _, p := range partsOfDay {
		if k, ok := s.lit(i, p.words); ok {
			c = clock{from: p.from * hour, to: p.to*hour - 1, part: true, late: p.late}
			c.sure = k-i > 1
			j = k
			break
		}
	}
	if j > i {
		j = s.skip(j)
	}
	sec, sure, end, ok := s.hours(j)
	if !ok {
		return c, j, c.part
	}
	c.halfDay = sec < noon+hour && sec >= hour && !c.part && !late && !s.military(j)
	c.sure = c.part || sure
	if k, j, ok := s.any(s.skip(end), "pm", "PM", "p.m.", "am", "AM", "a.m."); ok && !c.part {
		end, c.late, c.halfDay, c.sure = j, k < 3, false, true
		c.part = true
	}
	if (c.late || !c.part && late) && sec < noon {
		sec += noon
	} else if c.late && c.from >= 16*hour && sec < noon+hour {
		sec += noon // 晚上12点 ends the day
	} else if !c.late && c.part && sec >= noon && sec < noon+hour {
		sec -= noon
	}
	c.from, c.to, c.point = sec, sec, true
	return c, end, true
}

// military reports whether the hours are written 15时 or 08:00, on a dial of 24.
func (s *timeScanner) military(i int) bool {
	_, j, ok := s.number(i)
	return ok && s.at(j) == '时'
}

// hours reads a time of day by number: 5:00, 17:05:30, 五点一刻, 17点55分23秒, 零点.
func (s *timeScanner) hours(i int) (sec int, sure bool, end int, ok bool) {
	h, j, ok := s.number(i)
	if !ok && (s.at(i) == '零' || s.at(i) == '〇') {
		h, j, ok = 0, i+1, true
	}
	if !ok || h > 24 || s.inNumber(i) && digitValue(s.at(i)) >= 0 {
		return 0, false, i, false
	}
	j = s.skip(j)
	switch s.at(j) {
	case ':', '：':
		return s.colons(h, j)
	case '点', '點', '时', '時':
	default:
		return 0, false, i, false
	}
	if s.opensHourWord(j) {
		return 0, false, i, false
	}
	sec, end = h*hour, j+1
	if k, e, ok := s.any(end, "半", "一刻", "三刻", "1刻", "3刻", "钟", "整", "正"); ok {
		sec += [...]int{30, 15, 45, 15, 45, 0, 0, 0}[k] * minute
		return sec, true, e, sec <= 24*hour
	}
	m, e, ok := s.number(end)
	if k, zero := s.any2(end, '零', '〇'); zero {
		m, e, ok = s.number(k)
		ok = ok && m < 10
	}
	if !ok || m > 59 {
		return sec, false, end, true
	}
	_, f, named := s.any(s.skip(e), "分钟", "分")
	if !named {
		if e-end < 2 {
			return sec, false, end, true
		}
		return sec + m*minute, true, e, true
	}
	sec += m * minute
	n, e, ok := s.number(f)
	if k, named := s.lit(e, "秒"); ok && named && n < 60 {
		return sec + n, true, k, true
	}
	return sec, true, f, true
}

func (s *timeScanner) any2(i int, a, b rune) (int, bool) {
	if c := s.at(i); c == a || c == b {
		return i + 1, true
	}
	return i, false
}

// opensHourWord reports whether 点 or 时 at i belongs to another word.
func (s *timeScanner) opensHourWord(i int) bool {
	switch s.at(i + 1) {
	case '期', '代', '候', '光', '速', '尚', '评', '子', '位':
		return true
	case '间', '段':
		return s.at(i) == '时'
	case '个', '以':
		return false
	}
	return false
}

// colons reads :MM and :SS behind an hour.
func (s *timeScanner) colons(h, i int) (sec int, sure bool, end int, ok bool) {
	m, j, ok := s.digits(i + 1)
	if !ok || j-i != 3 || m > 59 {
		return 0, false, i, false
	}
	sec, end = h*hour+m*minute, j
	if c := s.at(end); c == ':' || c == '：' {
		n, j, ok := s.digits(end + 1)
		if !ok || j-end != 3 || n > 59 {
			return 0, false, i, false
		}
		sec, end, sure = sec+n, j, true
	}
	return sec, sure, end, sec <= 24*hour && digitValue(s.at(end)) < 0
}

// withClock reads the time of day behind a day: 明天下午5:00, 7月25日早间.
func (s *timeScanner) withClock(p period, i int) (period, int, bool) {
	if p.from != p.to || p.fromSec >= 0 {
		return p, i, false
	}
	j := s.skip(i)
	switch c := s.at(j); {
	case c == '的', c == '，' && s.Loose, c == 'T' && digitValue(s.at(j+1)) >= 0:
		j = s.skip(j + 1)
	}
	c, end, ok := s.clockAt(j, false)
	if !ok || !c.point && s.opensPartWord(end) {
		return p, i, false
	}
	return c.on(p), end, true
}

// on puts a time of day on a day.
func (c clock) on(p period) period {
	p.prec, p.fromSec, p.toSec, p.afternoon = PrecisionSecond, c.from, c.to, c.late
	return p
}

func (s *timeScanner) opensPartWord(i int) bool {
	switch s.at(i) {
	case '报', '会', '稻', '熟', '餐', '饭', '期', '年', '日', '已', '就', '于', '婚', '市':
		return s.at(i-1) == '早' || s.at(i-1) == '晚' || s.at(i-1) == '夜' || s.at(i-1) == '晨'
	}
	return false
}

// clockAlone reads a time of day without its day, which is then the reference date, or
// the day that the left side of a range lends.
func (s *timeScanner) clockAlone(i int, l lent) (period, int, bool) {
	c, end, ok := s.clockAt(i, l.afternoon)
	if !ok || !c.sure && !s.Loose && l.day.IsZero() || !c.point && end-i < 2 {
		return period{}, i, false
	}
	p := oneDay(s.Date)
	p.noDate, p.noYear, p.noMonth = true, true, true
	if !l.day.IsZero() {
		p = oneDay(l.day)
	}
	p = c.on(p)
	p.halfDay = c.halfDay && l.day.IsZero()
	return p, end, true
}
