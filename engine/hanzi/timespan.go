package hanzi

// span reads times at a distance from the reference date: 近三年来, 未来五年, 三年内,
// 三天前, 两小时后, 前1周.
func (s *timeScanner) span(i int) (period, int, bool) {
	t := *s
	t.longest = true
	var h hit
	h.take(t.spanAhead(i))
	h.take(t.spanBehind(i))
	return h.result(i)
}

// spanWords are the directions of a length. Soft ones, which end or begin beside the day
// at hand, often belong to the words before them; waits are lengths unless a clock tells
// them, 还剩5分钟.
var spanWords = []struct {
	words            string
	past, soft, wait bool
}{
	{"最近的", true, false, false}, {"最近", true, false, false}, {"近", true, false, false},
	{"过去的", true, false, false}, {"过去", true, false, false}, {"此前", true, false, false},
	{"连续", true, false, false}, {"之前", true, true, false}, {"以前", true, true, false},
	{"前", true, true, false}, {"上", true, true, false}, {"未来的", false, false, false},
	{"未来", false, false, false}, {"今后", false, false, false},
	{"接下来的", false, false, false}, {"接下来", false, false, false},
	{"往后", false, false, false}, {"此后", false, false, false}, {"之后", false, true, false},
	{"以后", false, true, false}, {"后", false, true, false}, {"下", false, true, false},
	{"再过", false, false, false}, {"还剩下", false, false, true}, {"还剩", false, false, true},
	{"还有", false, false, true},
}

// spanAhead reads a direction and a length: 近三年, 过去两个月, 未来五年, 前1周, 之后5分钟.
func (s *timeScanner) spanAhead(i int) (period, int, bool) {
	for _, w := range spanWords {
		j, ok := s.lit(i, w.words)
		if !ok {
			continue
		}
		if !w.soft && s.at(j) == '这' {
			j++
		}
		d, end, ok := s.duration(s.skip(j))
		if !ok || s.opensSpanWord(end) || s.at(i-1) == '最' ||
			w.soft && (d.N > 1 || !s.Loose && s.sequel(i)) ||
			w.wait && (d.N > 1 || d.Parts[0].Unit > UnitHour) {
			return period{}, i, false
		}
		p, ok := s.spanOf(d, w.past)
		if !ok {
			return period{}, i, false
		}
		switch {
		case w.past && !w.soft:
			_, end, _ = s.any(end, "以来", "来", "期间", "间", "中", "里", "内")
		case w.past && p.fromSec < 0:
			p.to = s.Date.AddDays(-1) // 前1周 ends before today
		case !w.past:
			_, end, _ = s.any(end, "之内", "以内", "期间", "内", "间", "里")
		}
		return p, end, true
	}
	return period{}, i, false
}

// sequel reports whether 前, 后 or 上 at i belongs to a time or a noun before it.
func (s *timeScanner) sequel(i int) bool {
	switch s.at(i - 1) {
	case '年', '月', '日', '底', '之', '以', '目', '产', '先', '史', '市', '网', '线', '身', '会',
		'今', '此', '近', '往', '提', '空', '跟', '人':
		return true
	}
	return false
}

func (s *timeScanner) opensSpanWord(i int) bool {
	switch s.at(i) {
	case '前', '后', '规', '行', '滚', '级', '计':
		return true
	}
	return false
}

// spanOf is the time of a length that ends or begins at the reference date.
func (s *timeScanner) spanOf(d Duration, past bool) (period, bool) {
	sign := 1
	if past {
		sign = -1
	}
	far, sec, ok := s.shift(d, sign)
	if !ok {
		return period{}, false
	}
	p := stretch(s.Date.AddDays(1), far, PrecisionRange)
	if past {
		p = stretch(far, s.Date, PrecisionRange)
	}
	if sec >= 0 {
		p = stretch(s.Date, far, PrecisionSecond)
		p.fromSec, p.toSec = s.Second, sec
		if past {
			p.from, p.to, p.fromSec, p.toSec = far, s.Date, sec, s.Second
		}
	}
	return p.asRelative(), true
}

// shift moves the reference date by a length; sec is -1 unless hours, minutes or seconds
// are named. Halves of months are 15 days. Workdays need a calendar and are refused.
func (s *timeScanner) shift(d Duration, sign int) (far Date, sec int, ok bool) {
	months, days, seconds, clock := 0, 0, int64(0), false
	for _, p := range d.Parts[:d.N] {
		switch p.Unit {
		case UnitWorkday:
			return Date{}, -1, false
		case UnitSecond, UnitMinute, UnitHour:
			clock = true
			seconds += p.Milli * unitSeconds[p.Unit] / 1000
		case UnitDay, UnitWeek:
			n := p.Milli * unitSeconds[p.Unit] / (24 * hour)
			days += int(n / 1000)
			if n%1000 != 0 {
				clock = true
				seconds += n % 1000 * 24 * hour / 1000
			}
		default:
			n := p.Milli * unitMonths[p.Unit]
			months += int(n / 1000)
			days += int(n % 1000 * 30 / 1000)
		}
	}
	if months == 0 && days == 0 && seconds == 0 {
		return Date{}, -1, false
	}
	if months > maxShiftYears*12 || days > maxShiftYears*366 || seconds > maxShiftYears*31536000 {
		return Date{}, -1, false
	}
	far = s.Date.AddMonths(sign * months).AddDays(sign * days)
	sec = -1
	if clock {
		at := int64(s.Second) + int64(sign)*seconds
		whole := at / (24 * hour)
		if at%(24*hour) < 0 {
			whole--
		}
		far, sec = far.AddDays(int(whole)), int(at-whole*24*hour)
	}
	return far, sec, far.Year >= 1 && far.Year <= 9999
}

// maxShiftYears bounds how far a relative time may lie: 5000年前 is no date.
const maxShiftYears = 500

var unitMonths = [...]int64{
	UnitMonth: 1, UnitQuarter: 3, UnitYear: 12, UnitDecade: 120, UnitCentury: 1200,
}

// spanBehind reads a length and a direction: 三天前, 两年后, 三年内, 五年来.
func (s *timeScanner) spanBehind(i int) (period, int, bool) {
	d, j, ok := s.duration(i)
	if !ok || s.inNumber(i) && digitValue(s.at(i)) >= 0 {
		return period{}, i, false
	}
	k, end, ok := s.any(s.skip(j), "之前", "以前", "前", "以来", "来", "之后", "以后", "后", "後", "之内",
		"以内", "内")
	if !ok || s.opensWord(end, s.at(end-1)) || s.at(end) == '自' {
		return period{}, i, false
	}
	switch {
	case k < 3 || k >= 5 && k < 9:
		sign := -1
		if k >= 5 {
			sign = 1
		}
		far, sec, ok := s.shift(d, sign)
		p := oneDay(far).asRelative()
		p.prec = spanPrecision(d)
		p.fromSec, p.toSec = sec, sec
		p.closed = true
		return p, end, ok
	case k < 5:
		p, ok := s.spanOf(d, true)
		return p, end, ok && d.N == 1
	}
	p, ok := s.spanOf(d, false)
	p.from = s.Date
	return p, end, ok
}

// spanPrecision is as fine as the smallest unit that is named.
func spanPrecision(d Duration) Precision {
	switch d.Parts[d.N-1].Unit {
	case UnitSecond, UnitMinute, UnitHour:
		return PrecisionSecond
	case UnitDay, UnitWorkday:
		return PrecisionDay
	case UnitWeek:
		return PrecisionWeek
	case UnitMonth:
		return PrecisionMonth
	}
	return PrecisionYear
}
