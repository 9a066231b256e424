package hanzi

// period is a stretch of days together with what its words name themselves.
type period struct {
	from, to       Date // both included
	fromSec, toSec int  // seconds of the day, -1 where none is named
	prec           Precision
	role           Role // where the words carry one: 近三年来, 目前; RoleIn otherwise
	noYear         bool // the words name no year
	ownYear        bool // they name it inside: 农历2025年六月初一
	noMonth        bool // nor a month
	relative       bool
	same           bool
	lunar          Date // as written in the Chinese calendar
	ranged         bool // from one time to another
	halfDay        bool
	afternoon      bool // the words name the afternoon or evening
	noDate         bool // a time of day alone
	closed         bool // takes no role from what follows: 三天前
	missing        bool // a day that no calendar has: 2019年2月29日
}

func stretch(from, to Date, prec Precision) period {
	return period{from: from, to: to, prec: prec, fromSec: -1, toSec: -1}
}

func oneDay(d Date) period { return stretch(d, d, PrecisionDay) }

func wholeMonth(y, m int) period {
	d := Date{y, m, 1}
	return stretch(d, d.LastOfMonth(), PrecisionMonth)
}

func wholeMonths(y, from, to int, prec Precision) period {
	return stretch(Date{y, from, 1}, Date{y, to, daysIn(y, to)}, prec)
}

func wholeYear(y int) period { return wholeMonths(y, 1, 12, PrecisionYear) }

func (p period) asRelative() period {
	p.relative = true
	return p
}

// hit keeps the longest of several readings.
type hit struct {
	p   period
	end int
}

func (h *hit) take(p period, end int, ok bool) {
	if ok && end > h.end {
		h.p, h.end = p, end
	}
}

func (h *hit) result(i int) (period, int, bool) { return h.p, h.end, h.end > i }

// lent is the part of a date that the left side of a range lends to its right side.
type lent struct {
	year, month int
	yearNamed   bool // the left side names its year
	day         Date // the whole day, where the left side names a time of day
	afternoon   bool
}

// point reads the longest single time at i, in the ways that its first rune allows.
func (s *timeScanner) point(i int, l lent) (period, int, bool) {
	var h hit
	as := timeReadings(s.at(i))
	if as&readNumber != 0 && s.leads(i) {
		as |= readYear | readWithin | readPlan | readEpoch | readDecade | readVague | readSpan
		h.take(s.bareDay(i, l))
		h.take(s.numericDate(i))
		h.take(s.clockAlone(i, l))
	}
	if as&readYear != 0 {
		h.take(s.yearly(i, l))
	}
	if as&readWithin != 0 {
		h.take(s.unplaced(i, l))
	}
	if as&readDay != 0 {
		h.take(s.dayWord(i))
	}
	if as&readWeek != 0 {
		h.take(s.weekly(i))
	}
	if as&readMonth != 0 {
		h.take(s.monthWord(i))
	}
	if as&readEra != 0 {
		h.take(s.era(i))
	}
	if as&readPlan != 0 {
		h.take(s.planned(i))
	}
	if as&readEpoch != 0 {
		h.take(s.since(i))
	}
	if as&readDecade != 0 {
		h.take(s.decade(i))
	}
	if as&readVague != 0 {
		h.take(s.vague(i))
	}
	if as&readSpan != 0 {
		h.take(s.span(i))
	}
	if h.end > i && h.p.prec == PrecisionDay && h.p.role == RoleIn && !h.p.missing {
		h.take(s.withClock(h.p, h.end))
	}
	if as&readClock != 0 {
		h.take(s.clockAlone(i, l))
	}
	return h.result(i)
}

// extent reads a single time or a range from one time to another.
func (s *timeScanner) extent(i int) (period, int, bool) {
	var h hit
	h.take(s.yearRange(i))
	a, j, ok := s.point(i, lent{})
	h.take(a, j, ok)
	if !ok || a.role != RoleIn || a.missing {
		if ok && a.missing {
			h.take(s.missingRange(a, j))
		}
		return h.result(i)
	}
	loosely, k, ok := s.rangeMark(j)
	if !ok {
		h.take(s.twoSided(a, j))
		return h.result(i)
	}
	b, end, ok := s.point(k, lend(a))
	if !ok || b.role != RoleIn || b.missing {
		return h.result(i)
	}
	tail, closed := s.rangeTail(end)
	if loosely && !closed {
		return h.result(i)
	}
	p, ok := s.join(a, b, i, k)
	h.take(p, tail, ok)
	return h.result(i)
}

// lend gives the right side of a range what the left side names.
func lend(a period) lent {
	if a.noDate {
		return lent{afternoon: a.afternoon}
	}
	l := lent{}
	if a.prec < PrecisionYear {
		l.year, l.yearNamed = a.from.Year, !a.noYear
	}
	if a.prec <= PrecisionDay {
		l.month = a.from.Month
	}
	if a.fromSec >= 0 {
		l.day, l.afternoon = a.from, a.afternoon
	}
	return l
}

// rangeMark reads what stands between the two ends of a range. loosely says that the mark
// joins a range only when 之间 or 间 closes it.
func (s *timeScanner) rangeMark(i int) (loosely bool, next int, ok bool) {
	j := s.skip(i)
	switch s.at(j) {
	case '到', '至', '—', '–', '－', '-', '~', '～', '─', '―', '−', '‐', '一':
		if s.at(j) == '一' && digitValue(s.at(j+1)) < 0 {
			return false, i, false
		}
		j++
		if s.at(j) == s.at(j-1) {
			j++
		}
	case '与', '和', '及', '同':
		loosely = true
		j++
	default:
		return false, i, false
	}
	j = s.skip(j)
	if c := s.at(j); c == '从' || c == '自' {
		j++
	}
	return loosely, j, true
}

func (s *timeScanner) rangeTail(i int) (end int, closed bool) {
	_, end, closed = s.any(s.skip(i), "之间", "期间", "间")
	if !closed || s.opensWord(end, '间') {
		return i, false
	}
	return end, true
}

// join makes one range of two times that begin at i and k. Where years are not named the
// range runs forward: 10月至5月 ends in the next year.
func (s *timeScanner) join(a, b period, i, k int) (period, bool) {
	if !a.lunar.IsZero() || !b.lunar.IsZero() || a.noDate != b.noDate || a.from.IsZero() ||
		b.to.IsZero() {
		return period{}, false
	}
	if b.to.Before(a.from) {
		switch {
		case a.noYear && !b.noYear:
			a.from = a.from.AddYears(b.to.Year - a.from.Year)
			if b.to.Before(a.from) {
				a.from = a.from.AddYears(-1)
			}
		case a.noYear && s.Lean == LeanFuture:
			t := *s
			t.Lean = LeanPast
			a, _, _ = t.point(i, lent{})
			if b.to.Before(a.from) {
				return period{}, false
			}
		case b.noYear && s.Lean == LeanPast && a.noYear:
			t := *s
			t.Lean = LeanFuture
			b, _, _ = t.point(k, lent{})
		case b.noYear:
			b.to = moveYears(b.to, 1)
		}
	}
	if b.to.Before(a.from) {
		return period{}, false
	}
	p := a
	p.ranged = true
	p.prec, p.to, p.toSec = PrecisionRange, b.to, b.toSec
	p.relative = a.relative || b.relative
	if a.noDate {
		p.prec = PrecisionSecond
	} else if a.fromSec < 0 || b.toSec < 0 {
		p.fromSec, p.toSec = -1, -1
	}
	return p, true
}

// twoSided reads a range given by its two sides: 2010年之后2018年之前, 2025年1月1日起至年底止.
func (s *timeScanner) twoSided(a period, i int) (period, int, bool) {
	k, j, ok := s.any(i, "之后", "以后", "起", "开始")
	if !ok || a.noDate || a.prec < PrecisionDay {
		return a, i, false
	}
	_, j, ok = s.any(j, "到", "至")
	if k >= 2 && !ok {
		return a, i, false
	}
	b, end, ok := s.point(j, lend(a))
	if !ok || b.role != RoleIn || b.noDate || b.to.Before(a.from) {
		return a, i, false
	}
	_, before, closed := s.any(end, "之前", "以前")
	if closed == (k >= 2) {
		return a, i, false
	}
	if end = before; k >= 2 {
		_, end, _ = s.any(end, "止")
	}
	p := stretch(a.from, b.to, PrecisionRange)
	p.ranged = true
	p.noYear, p.relative = a.noYear, a.relative || b.relative
	return p, end, true
}

// missingRange keeps a range together whose first day no calendar has.
func (s *timeScanner) missingRange(a period, i int) (period, int, bool) {
	loosely, k, ok := s.rangeMark(i)
	if !ok || loosely {
		return a, i, false
	}
	_, end, ok := s.point(k, lent{year: s.Date.Year, month: 1, yearNamed: true})
	a.prec = PrecisionRange
	return a, end, ok
}

// enclosed reports whether brackets hold the words from i to end, as in titles of plans:
// （2021—2025）.
func (s *timeScanner) enclosed(i, end int) bool {
	open, closing := s.at(i-1), s.at(end)
	return (open == '（' || open == '(') && (closing == '）' || closing == ')')
}

// yearRange reads years of which only the last one bears 年: 2024—2026年.
func (s *timeScanner) yearRange(i int) (period, int, bool) {
	a, j, ok := s.fullYear(i)
	if !ok {
		return period{}, i, false
	}
	loosely, k, ok := s.rangeMark(j)
	if !ok || loosely {
		return period{}, i, false
	}
	b, end, ok := s.fullYear(k)
	if !ok {
		two, e, digits := s.digits(k)
		if !digits || e-k != 2 {
			return period{}, i, false
		}
		b, end = a/100*100+two, e
	}
	_, mark, named := s.any(s.skip(end), "年度", "年间", "年")
	if named {
		end = mark
	} else if end-k != 4 || digitValue(s.at(end)) >= 0 || !s.Loose && !s.enclosed(i, end) {
		return period{}, i, false
	}
	p := stretch(Date{a, 1, 1}, Date{b, 12, 31}, PrecisionRange)
	p.ranged = true
	return p, end, b >= a
}
