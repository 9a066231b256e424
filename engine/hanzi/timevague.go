package hanzi

// vagueTimes are words for times without edges, reckoned from the document's date.
var vagueTimes = []struct {
	words string
	role  Role
	loose bool
}{
	{"截至目前", RoleAsOf, false}, {"截至当前", RoleAsOf, false},
	{"截止目前", RoleAsOf, false}, {"截止当前", RoleAsOf, false},
	{"到目前为止", RoleAsOf, false}, {"到目前", RoleAsOf, false}, {"到现在", RoleAsOf, false},
	{"截至现在", RoleAsOf, false},
	{"现在", RoleIn, true},
	{"目前", RoleAsOf, false}, {"当前", RoleAsOf, false}, {"现在", RoleAsOf, false},
	{"眼下", RoleAsOf, false}, {"如今", RoleAsOf, false}, {"现阶段", RoleAsOf, false},
	{"迄今为止", RoleAsOf, false}, {"迄今", RoleAsOf, false}, {"至今", RoleAsOf, false},
	{"近年来", RoleIn, false}, {"近年", RoleIn, false}, {"近几年来", RoleIn, false},
	{"近几年", RoleIn, false}, {"近些年来", RoleIn, false}, {"近些年", RoleIn, false},
	{"这些年来", RoleIn, false}, {"多年来", RoleIn, false}, {"长期以来", RoleIn, false},
	{"一直以来", RoleIn, false}, {"近期", RoleIn, false}, {"近日", RoleIn, false},
	{"近来", RoleIn, false}, {"日前", RoleIn, false}, {"最近", RoleIn, false},
	{"马上", RoleIn, true}, {"立刻", RoleIn, true}, {"立即", RoleIn, true},
	{"此刻", RoleIn, true}, {"刚刚", RoleIn, true}, {"刚才", RoleIn, true},
	{"这会儿", RoleIn, true}, {"当下", RoleIn, true}, {"此时", RoleIn, true},
}

// vague reads 目前, 截至目前, 近年来, the same period of another year, 上年同期, and quarters and
// halves at hand, 本季度, 上个半年.
func (s *timeScanner) vague(i int) (period, int, bool) {
	var h hit
	for _, w := range vagueTimes {
		j, ok := s.lit(i, w.words)
		if !ok || w.loose && !s.Loose || j-i == 2 && s.at(i) == '至' && s.at(i-1) == '甚' {
			continue
		}
		p := stretch(Date{}, s.Date, PrecisionVague).asRelative()
		if w.loose {
			p = oneDay(s.Date).asRelative()
			p.prec, p.fromSec, p.toSec = PrecisionSecond, s.Second, s.Second
		}
		p.role, p.closed = w.role, true
		h.take(p, j, true)
	}
	h.take(s.twoYears(i))
	h.take(s.samePeriod(i))
	h.take(s.quarterWord(i))
	return h.result(i)
}

// twoYears reads 今明两年, 明后两年, 去今两年.
func (s *timeScanner) twoYears(i int) (period, int, bool) {
	k, j, ok := s.any(i, "今明两年", "明后两年", "去今两年")
	if !ok {
		return period{}, i, false
	}
	y := s.Date.Year + [...]int{0, 1, -1}[k]
	p := stretch(Date{y, 1, 1}, Date{y + 1, 12, 31}, PrecisionRange).asRelative()
	p.ranged = true
	return p, j, true
}

// samePeriod reads 同期 and 上年同期: the part of that year that is compared. Which part it
// is the sentence tells.
func (s *timeScanner) samePeriod(i int) (period, int, bool) {
	if j, ok := s.lit(i, "同期"); ok {
		return period{prec: PrecisionVague, fromSec: -1, toSec: -1, same: true, closed: true,
			noYear: true}, j, true
	}
	y, j, relative, ok := s.year(i)
	if !ok {
		return period{}, i, false
	}
	if s.at(j) == '的' {
		j++
	}
	j, ok = s.lit(j, "同期")
	p := wholeYear(y)
	p.same, p.relative, p.closed = true, relative, true
	return p, j, ok
}

// quarterWord reads 本季度, 上季度, 下一季度, 上个半年.
func (s *timeScanner) quarterWord(i int) (period, int, bool) {
	k, j, ok := s.any(i, "上一个", "下一个", "上个", "下个", "上一", "下一", "这个", "上", "下", "本", "当")
	if !ok {
		return period{}, i, false
	}
	step := [...]int{-1, 1, -1, 1, -1, 1, 0, -1, 1, 0, 0}[k]
	if _, end, ok := s.any(j, "季度", "季"); ok && (s.at(end-1) == '度' || s.at(i) == '当') {
		d := Date{s.Date.Year, 3*s.Date.Quarter() - 2, 1}.AddMonths(3 * step)
		p := wholeMonths(d.Year, d.Month, d.Month+2, PrecisionQuarter).asRelative()
		return s.ending(p, end)
	}
	if end, ok := s.lit(j, "半年"); ok && j-i >= 2 {
		d := Date{s.Date.Year, (s.Date.Month-1)/6*6 + 1, 1}.AddMonths(6 * step)
		return wholeMonths(d.Year, d.Month, d.Month+5, PrecisionHalf).asRelative(), end, true
	}
	return period{}, i, false
}
