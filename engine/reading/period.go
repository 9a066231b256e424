package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// period resolves the time of a statement: the time of its own words, else that of the clauses
// before it, of the sentence, the paragraph, the section, the document.
func (rd *reader) period(f *frame, s *found) {
	if s.base && f.time == nil {
		return // the value before a change is of an unknown day
	}
	if f.yearly && (s.Measure == Level || s.Kind == Target) || f.wholeYear && s.Kind == Target &&
		f.time == nil && rd.doc.Kind != Plan {
		year := rd.doc.Date.Year
		if f.wholeYear && rd.section.year > 0 {
			year = rd.section.year
		}
		from, to := yearOf(year)
		s.From, s.To = rd.iso(from), rd.iso(to)
		return
	}
	t := rd.timeOf(f)
	from, to := rd.defaultPeriod()
	if t != nil && t == rd.docTime && s.Kind == Target {
		t = nil // an aim is not of the part of the year that the briefing is of
		from, to = yearOf(rd.doc.Date.Year)
	}
	if t != nil {
		from, to = rd.timeSpan(*t)
		if t.Role == hanzi.RoleDeadline && t.Precision >= hanzi.PrecisionYear &&
			(f.npVerb&cAct != 0 || f.annual) {
			if d, _ := rd.defaultPeriod(); !d.IsZero() {
				from = d
			}
		}
		if from == to && (s.Measure == Growth || s.Measure == Increase) {
			from, _ = yearOf(to.Year) // 6月末比年初增加
		}
	} else if f.yearly && (s.Kind == Target || strings.HasPrefix(s.Indicator, "年度")) {
		from, to = yearOf(rd.doc.Date.Year)
	} else if f.wholeYear || rd.c.wholeYear {
		if d := rd.doc.Date; rd.section.year == 0 && d.Month < 12 && s.Kind == Fact &&
			rd.doc.Kind != Plan {
			from, to = yearOf(d.Year - 1)
		}
	}
	if rd.isStock(f, s, t) || s.Measure == Level && (from == to || rd.partOfStock(f)) ||
		s.toward && t != nil && t.Role == hanzi.RoleSince {
		from = hanzi.Date{}
	}
	if !f.np.empty() && s.Measure == Level && startsWith(rd.str(f.np.start, f.np.end), "年末", "期末") {
		from = hanzi.Date{}
	}
	if t != nil && rd.ofWholeYear(f, t) {
		from, to = yearOf(t.To.Year)
	}
	if n := rd.c.lapse; n > 0 && s.Kind == Fact && !to.IsZero() && rd.lapsed(f, s) {
		if from = to.AddYears(-n); isYearEnd(to) {
			_, from = yearOf(to.Year - n) // 五年累计下降16.2%
		}
	}
	if s.Measure == Growth && f.baseTime != nil &&
		!f.baseTime.To.IsZero() && f.baseTime.To.Year < to.Year-1 {
		from = f.baseTime.To
	}
	s.From, s.To = rd.iso(from), rd.iso(to)
}

// timeOf is the time that a statement is of: its own, that of the clauses or the sentence, or nil.
func (rd *reader) timeOf(f *frame) *hanzi.Time {
	t := f.time
	if t != nil && durationOnly(rd.r, *t) {
		t = nil
	}
	if t == nil {
		t = rd.c.clauseT
	}
	if t == nil {
		t = rd.c.time
	}
	if t != nil && f.time == nil && t.Start+1 == rd.c.event {
		return rd.docTime // of the event alone: 3月28日枢纽开港, 日均到发列车14对
	}
	return t
}

// partOfStock says that an amount is a part of the one before it, which stands at a time.
func (rd *reader) partOfStock(f *frame) bool {
	if !f.within || f.time != nil || len(rd.out) == 0 {
		return false
	}
	last := &rd.out[len(rd.out)-1]
	return last.sentence == rd.nSent && last.From == "" && last.Measure == Level
}

// ofWholeYear says that an amount is of the whole year that the part of it named before lies in:
// 1—8月完成…，为全年1800家的目标.
func (rd *reader) ofWholeYear(f *frame, t *hanzi.Time) bool {
	return f.time == nil && !t.To.IsZero() && (t.From.IsZero() || t.From.Year == t.To.Year) &&
		(f.wholeYear || f.estimate && rd.section.review)
}

// maxLapse bounds the runes between a number of years and the change that came about in them.
const maxLapse = 12

// lapsed says that a change came about in the years named right before it.
func (rd *reader) lapsed(f *frame, s *found) bool {
	return (s.Measure == Growth || s.Measure == Increase) && f.time == nil && f.baseTime == nil &&
		rd.c.lapseEnd <= f.linkFrom+2 && f.q.Start-rd.c.lapseEnd < maxLapse
}

// defaultPeriod is the period of statements without a time.
func (rd *reader) defaultPeriod() (from, to hanzi.Date) {
	d := rd.doc
	switch {
	case !rd.section.from.IsZero():
		return rd.section.from, rd.section.to
	case rd.section.year > 0:
		return yearOf(rd.section.year)
	case d.Kind == Plan && !d.From.IsZero():
		return d.From, d.To
	case rd.section.target && !d.Date.IsZero():
		return yearOf(d.Date.Year)
	}
	return hanzi.Date{}, d.Date
}

func yearOf(y int) (from, to hanzi.Date) {
	return hanzi.Date{Year: y, Month: 1, Day: 1}, hanzi.Date{Year: y, Month: 12, Day: 31}
}

// timeSpan is the period that a time means for an amount.
func (rd *reader) timeSpan(t hanzi.Time) (from, to hanzi.Date) {
	from, to = t.From, t.To
	switch t.Role {
	case hanzi.RoleAsOf:
		return hanzi.Date{}, to
	case hanzi.RoleFrom, hanzi.RoleAfter:
		if _, end := rd.defaultPeriod(); end.After(from) {
			to = end
		}
	case hanzi.RoleDeadline:
		if !to.IsZero() && t.Precision != hanzi.PrecisionDay || isYearEnd(to) {
			from = hanzi.Date{Year: to.Year, Month: 1, Day: 1}
		} else {
			from = hanzi.Date{}
		}
	}
	return from, to
}

func isYearEnd(d hanzi.Date) bool { return d.Month == 12 && d.Day == 31 }

// isStock says that a statement holds at a time, not over one.
func (rd *reader) isStock(f *frame, s *found, t *hanzi.Time) bool {
	switch s.Measure {
	case Rank:
		return false
	case Growth, Increase:
		return false
	case Share:
		return false
	}
	ind := s.Indicator
	if x := endsIn(ind, stockList); x != "" && f.npVerb&cAct == 0 && len(endsIn(ind,
		flowList)) <= len(x) {
		return true
	}
	if strings.HasSuffix(rd.verbs(f), "总数") {
		return true
	}
	if endsIn(ind, flowList) != "" {
		return false
	}
	if f.npVerb&(cAct|cGain) != 0 && f.link&cToward == 0 {
		return false
	}
	if spans(t) && f.link&(cLevel|cToward) == 0 && f.npVerb&cLevel == 0 && t != rd.docTime &&
		!s.base && !s.state && (!isCounter(f.q.Unit) || rd.acts(f.np)) {
		return false // 前5个月转化成果37项
	}
	if rd.section.year > 0 || rd.section.target || rd.doc.Kind == Plan {
		bound := f.q.Start < f.q.Number.Start
		bare := f.link == 0 && f.npVerb == 0 && f.np.empty()
		return isCounter(f.q.Unit) && (f.link&(cLevel|cToward) != 0 || bound || bare && !f.done)
	}
	return true
}

// spans says that a time is a stretch of months that something goes on in.
func spans(t *hanzi.Time) bool {
	return t != nil && !t.Open() && (t.Role == hanzi.RoleIn || t.Role == hanzi.RoleSince) &&
		(t.Precision >= hanzi.PrecisionQuarter || t.Role == hanzi.RoleSince) && t.From != t.To
}

// acts says that a noun phrase names what is done: 转化成果, 签约项目.
func (rd *reader) acts(np span) bool {
	for i := np.start; i < np.end; i++ {
		if c, n := words.match(rd.r[:np.end], i); n > 1 && c&(cAct|cMilestone) != 0 && i+n < np.end {
			return true
		}
	}
	return false
}

func (rd *reader) verbs(f *frame) string { return f.npVerbW }

// timeAt is the time of a token. Under a heading that names a year (2024年工作回顾) a month without
// one is of that year, and 上年 is the year before it.
func (rd *reader) timeAt(t token) *hanzi.Time {
	x := rd.keepTime(rd.lx.times[t.at])
	if x.Same && !x.Open() {
		if ref := rd.samePart(); ref != nil && !ref.Open() && ref.To.Year-x.To.Year <= 1 &&
			ref.From.Year == ref.To.Year {
			x.From, x.To = ref.From.AddYears(-1), ref.To.AddYears(-1)
			if x.To.Month == 2 || ref.To == ref.To.LastOfMonth() {
				x.To = x.To.LastOfMonth()
			}
			return x
		}
	}
	if d := rd.doc; d.Kind == Plan && x.Relative && x.Precision == hanzi.PrecisionRange &&
		!x.Open() &&
		x.To.Year-x.From.Year == d.To.Year-d.From.Year+1 && x.From == d.Date {
		x.From, x.To = d.From, d.To // 三年内 in a plan for three years
		return x
	}
	if span, ok := rd.wholeYears(*x); ok {
		*x = span
		return x
	}
	y := rd.section.year
	if y == 0 || x.To.IsZero() {
		return x
	}
	if rd.section.review && x.Relative && y < rd.doc.Date.Year {
		if w := rd.str(x.Start, min(x.Start+2, x.End)); w == "上年" || w == "上一" {
			d := y - rd.doc.Date.Year
			x.To = x.To.AddYears(d)
			if !x.From.IsZero() {
				x.From = x.From.AddYears(d)
			}
		}
		return x
	}
	*x = x.InYear(y)
	return x
}

// wholeYears makes calendar years of a number of years up to or from a document of the first
// months: 五年来 in January 2022 is 2017 to 2021, 今后五年 is 2022 to 2026.
func (rd *reader) wholeYears(x hanzi.Time) (hanzi.Time, bool) {
	d := rd.doc.Date
	if x.Role == hanzi.RoleSince && x.Precision == hanzi.PrecisionYear && rd.section.review &&
		rd.section.year == x.From.Year && rd.section.year < d.Year {
		x.From, x.To = yearOf(x.From.Year) // 2023年以来 in a review of 2023
		return x, true
	}
	if !x.Relative || x.Precision != hanzi.PrecisionRange || x.Open() || d.Month > 3 ||
		x.To.Year-x.From.Year < 2 {
		return x, false
	}
	switch {
	case x.To == d && rd.section.review:
		x.From, _ = yearOf(x.From.Year)
		_, x.To = yearOf(d.Year - 1)
	case !x.From.Before(d) && x.From.DaysUntil(d) >= -1:
		x.From, _ = yearOf(d.Year)
		_, x.To = yearOf(x.To.Year - 1)
	default:
		return x, false
	}
	return x, true
}

// samePart is the period that 上年同期 is the same part of the year before of.
func (rd *reader) samePart() *hanzi.Time {
	if rd.c.clauseT != nil {
		return rd.c.clauseT
	}
	return rd.c.time
}

// iso writes a date as 2024-03-05, and no date as "".
func iso(d hanzi.Date) string {
	if d.IsZero() || d.Year > 9999 {
		return ""
	}
	b := [10]byte{4: '-', 7: '-'}
	digits := func(at, n, v int) {
		for i := at + n - 1; i >= at; i-- {
			b[i] = byte('0' + v%10)
			v /= 10
		}
	}
	digits(0, 4, d.Year)
	digits(5, 2, d.Month)
	digits(8, 2, d.Day)
	return string(b[:])
}
