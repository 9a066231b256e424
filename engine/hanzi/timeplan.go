package hanzi

// fiveYearPlans are the five-year plans (五年规划, before 2006 五年计划) of the country by
// name, with first and last year. The third began in 1966, after three years of adjustment.
var fiveYearPlans = []struct {
	name        string
	first, last int
}{
	{"十一五", 2006, 2010}, {"十二五", 2011, 2015}, {"十三五", 2016, 2020},
	{"十四五", 2021, 2025}, {"十五五", 2026, 2030}, {"十六五", 2031, 2035},
	{"一五", 1953, 1957}, {"二五", 1958, 1962}, {"三五", 1966, 1970}, {"四五", 1971, 1975},
	{"五五", 1976, 1980}, {"六五", 1981, 1985}, {"七五", 1986, 1990}, {"八五", 1991, 1995},
	{"九五", 1996, 2000}, {"十五", 2001, 2005},
}

// planned reads a plan period: “十四五”, 十四五时期, “十四五”末, “十四五”规划收官之年. The name of
// the plan as a document, “十四五”规划, is no time.
func (s *timeScanner) planned(i int) (period, int, bool) {
	j, quoted := i, false
	switch s.at(i) {
	case '“', '"', '‘', '「', '\'':
		quoted = true
		j++
	}
	for _, w := range fiveYearPlans {
		end, ok := s.lit(j, w.name)
		if !ok {
			continue
		}
		closed := false
		switch s.at(end) {
		case '”', '"', '’', '」', '\'':
			closed = true
			end++
		}
		if quoted && !closed {
			return period{}, i, false
		}
		sure := quoted || closed || w.first >= 2006
		return s.planPart(stretch(Date{w.first, 1, 1}, Date{w.last, 12, 31}, PrecisionPlan),
			end, sure)
	}
	return period{}, i, false
}

// planPart reads the part of a plan period that is meant. Unquoted names of two
// characters, which may be numbers, need a word that makes them a period.
func (s *timeScanner) planPart(p period, i int, sure bool) (period, int, bool) {
	j := i
	document := false
	if _, k, ok := s.any(i, "规划纲要", "规划", "计划", "发展规划"); ok {
		j, document = k, true
	}
	if s.at(j) == '的' && (s.at(j+1) == '开' || s.at(j+1) == '收' || s.at(j+1) == '起') {
		j++
	}
	k, end, ok := s.any(j, "开局之年", "开局年", "起步之年", "收官之年", "收官年", "末期", "期末", "末",
		"初期", "期间", "时期", "期内")
	switch {
	case !ok:
		if n, e, ok := s.planYear(j); ok && n >= 1 && p.from.Year+n-1 <= p.to.Year {
			return wholeYear(p.from.Year + n - 1), e, true
		}
		if q, e, ok := s.planYears(p, j); ok {
			return q, e, true
		}
		if document {
			return period{}, i, false
		}
		if !sure {
			_, _, sure = s.any(i, "以来", "以前", "之前", "之后", "以后", "前", "后")
		}
		return p, i, sure
	case k < 3:
		return wholeYear(p.from.Year), end, true
	case k < 5:
		return wholeYear(p.to.Year), end, true
	case k == 6 || k == 7 && !document:
		return oneDay(p.to), end, true
	}
	return p, end, true
}

// planYear reads 第三年 behind a plan.
func (s *timeScanner) planYear(i int) (n, end int, ok bool) {
	j, _ := s.lit(i, "的")
	j, ok = s.lit(j, "第")
	if !ok {
		return 0, i, false
	}
	n, j, ok = s.number(j)
	return n, j + 1, ok && s.at(j) == '年'
}

// planYears reads 前三年, 后两年 behind a plan.
func (s *timeScanner) planYears(p period, i int) (period, int, bool) {
	k, j, ok := s.any(i, "前", "头", "后")
	n, j, num := s.number(j)
	if !ok || !num || s.at(j) != '年' || n < 1 || n > p.to.Year-p.from.Year {
		return p, i, false
	}
	p.prec, p.ranged = PrecisionRange, true
	if k < 2 {
		p.to.Year = p.from.Year + n - 1
	} else {
		p.from.Year = p.to.Year - n + 1
	}
	return p, j + 1, true
}

// epochs are events from which texts reckon, with their first and last day. They are
// times only with a word that says so: 党的十八大以来, 改革开放以来.
var epochs = []struct {
	name     string
	from, to Date
}{
	{"党的十六大", Date{2002, 11, 8}, Date{2002, 11, 14}},
	{"党的十七大", Date{2007, 10, 15}, Date{2007, 10, 21}},
	{"党的十八大", Date{2012, 11, 8}, Date{2012, 11, 14}},
	{"党的十九大", Date{2017, 10, 18}, Date{2017, 10, 24}},
	{"党的二十大", Date{2022, 10, 16}, Date{2022, 10, 22}},
	{"十六大", Date{2002, 11, 8}, Date{2002, 11, 14}},
	{"十七大", Date{2007, 10, 15}, Date{2007, 10, 21}},
	{"十八大", Date{2012, 11, 8}, Date{2012, 11, 14}},
	{"十九大", Date{2017, 10, 18}, Date{2017, 10, 24}},
	{"二十大", Date{2022, 10, 16}, Date{2022, 10, 22}},
	{"党的十一届三中全会", Date{1978, 12, 18}, Date{1978, 12, 22}},
	{"党的十八届三中全会", Date{2013, 11, 9}, Date{2013, 11, 12}},
	{"党的二十届三中全会", Date{2024, 7, 15}, Date{2024, 7, 18}},
	{"改革开放", Date{1978, 12, 18}, Date{1978, 12, 22}},
	{"新中国成立", Date{1949, 10, 1}, Date{1949, 10, 1}},
	{"建国", Date{1949, 10, 1}, Date{1949, 10, 1}},
	{"建党", Date{1921, 7, 1}, Date{1921, 7, 1}},
	{"加入世贸组织", Date{2001, 12, 11}, Date{2001, 12, 11}},
	{"进入新世纪", Date{2001, 1, 1}, Date{2001, 1, 1}},
	{"新世纪", Date{2001, 1, 1}, Date{2001, 1, 1}},
}

// since reads an event with 以来, 之后, 后 or 前 behind it, and 以来 of the year at hand.
func (s *timeScanner) since(i int) (period, int, bool) {
	for _, w := range epochs {
		j, ok := s.lit(i, w.name)
		if !ok {
			continue
		}
		_, j, _ = s.any(j, "召开", "胜利召开")
		d, k, ok := s.duration(j)
		if ok && d.N == 1 && d.Parts[0].Unit == UnitYear && s.at(k) == '来' {
			p := stretch(w.from, s.Date, PrecisionRange)
			p.closed = true
			return p, k + 1, !s.Date.Before(w.from) // 改革开放40多年来
		}
		_, _, ok = s.any(j, "以来", "之后", "以后", "之前", "以前", "后", "前")
		return stretch(w.from, w.to, PrecisionDay), j, ok
	}
	return period{}, i, false
}

// decade reads 本世纪, 十九世纪七十年代, 本世纪中叶, 50年代.
func (s *timeScanner) decade(i int) (period, int, bool) {
	century, j, named := s.century(i)
	if y, k, ok := s.fullYear(i); ok && y%10 == 0 {
		k, ok = s.lit(k, "年代")
		return stretch(Date{y, 1, 1}, Date{y + 9, 12, 31}, PrecisionDecade), k, ok
	}
	if !named {
		n, end, ok := s.decadeNumber(i)
		if !ok {
			return period{}, i, false
		}
		first := s.Date.Year/100*100 + n
		if s.Lean != LeanFuture && first > s.Date.Year {
			first -= 100
		} else if s.Lean == LeanFuture && first+9 < s.Date.Year {
			first += 100
		}
		p := stretch(Date{first, 1, 1}, Date{first + 9, 12, 31}, PrecisionDecade)
		p.noYear = true
		return p, end, true
	}
	if n, end, ok := s.decadeNumber(s.skip(j)); ok {
		first := century + n
		return stretch(Date{first, 1, 1}, Date{first + 9, 12, 31}, PrecisionDecade), end, true
	}
	k, end, ok := s.any(j, "中叶", "中期", "末叶", "末期", "末", "初叶", "初期", "初", "上半叶", "下半叶")
	if !ok {
		return stretch(Date{century, 1, 1}, Date{century + 99, 12, 31}, PrecisionCentury), j, true
	}
	switch {
	case k < 2:
		return wholeYear(century + 50), end, true // as the goals for 本世纪中叶 have it
	case k < 5:
		return stretch(Date{century + 90, 1, 1}, Date{century + 99, 12, 31}, PrecisionDecade),
			end, true
	case k < 8:
		return stretch(Date{century, 1, 1}, Date{century + 9, 12, 31}, PrecisionDecade), end, true
	case k == 8:
		return stretch(Date{century, 1, 1}, Date{century + 49, 12, 31}, PrecisionCentury), end, true
	}
	p := stretch(Date{century + 50, 1, 1}, Date{century + 99, 12, 31}, PrecisionCentury)
	return p, end, true
}

// century reads the first year of a century by the common count, 2000 for the 21st.
func (s *timeScanner) century(i int) (year, end int, ok bool) {
	here := s.Date.Year / 100 * 100
	if k, j, ok := s.any(i, "本世纪", "这个世纪", "上个世纪", "上世纪", "下个世纪", "下世纪"); ok {
		return here + [...]int{0, 0, -100, -100, 100, 100}[k], j, true
	}
	j, _ := s.lit(i, "公元")
	n, j, ok := s.number(j)
	if !ok || n < 1 || n > 22 {
		return 0, i, false
	}
	j, ok = s.lit(s.skip(j), "世纪")
	return 100 * (n - 1), j, ok && n > 1
}

// decadeNumber reads 九十年代, 90年代.
func (s *timeScanner) decadeNumber(i int) (years, end int, ok bool) {
	n, j, ok := s.number(i)
	if !ok || n%10 != 0 || n > 90 || n < 10 || s.inNumber(i) {
		return 0, i, false
	}
	j, ok = s.lit(s.skip(j), "年代")
	return n, j, ok
}
