package hanzi

// numericDate reads dates in digits alone: 2024-03-05, 2024/3/5, 2024.3.5; in loose use
// also 5/3/2024 (day first), 05/05/89, 12/1 (month first) and 2010 01 29.
func (s *timeScanner) numericDate(i int) (period, int, bool) {
	if digitValue(s.at(i)) < 0 || s.inNumber(i) {
		return period{}, i, false
	}
	var v, width [3]int
	a, j, ok := s.digits(i)
	if !ok {
		return period{}, i, false
	}
	sep := s.at(j)
	if !isDateMark(sep) && !(s.Loose && sep == ' ') {
		return period{}, i, false
	}
	v[0], width[0] = a, j-i
	n := 1
	for ; n < 3 && s.at(j) == sep; n++ {
		d, k, ok := s.digits(j + 1)
		if !ok {
			break
		}
		v[n], width[n] = d, k-j-1
		j = k
	}
	if isDateMark(s.at(j)) && digitValue(s.at(j+1)) >= 0 || digitValue(s.at(j)) >= 0 {
		if n < 3 || s.at(j) == sep {
			return period{}, i, false
		}
	}
	if n == 3 {
		return s.numeric3(v, width, sep, j)
	}
	if n == 2 && sep == '/' && s.Loose && width[0] <= 2 && width[1] <= 2 {
		return s.numeric2(v[0], v[1], j)
	}
	return period{}, i, false
}

func isDateMark(c rune) bool {
	return c == '-' || c == '/' || c == '.' || c == '－' || c == '．' || c == '／'
}

// inNumber reports whether the digit at i goes on a number or a code that began before.
func (s *timeScanner) inNumber(i int) bool {
	c := s.at(i - 1)
	if c == 'T' && digitValue(s.at(i-2)) >= 0 {
		return false // 2019-08-30T14:16
	}
	if digitValue(c) >= 0 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		return true
	}
	return (c == '.' || c == '．' || c == '/' || c == ',' || c == ':') && digitValue(s.at(i-2)) >= 0
}

func (s *timeScanner) numeric3(v, width [3]int, sep rune, end int) (period, int, bool) {
	if width[0] == 4 && width[1] <= 2 && width[2] <= 2 {
		if v[0] < firstFullYear || v[0] > lastFullYear {
			return period{}, end, false
		}
		d, ok := NewDate(v[0], v[1], v[2])
		return oneDay(d), end, ok
	}
	if !s.Loose || width[0] > 2 || width[1] > 2 || sep == ' ' {
		return period{}, end, false
	}
	if width[2] == 4 {
		if d, ok := NewDate(v[2], v[1], v[0]); ok {
			return oneDay(d), end, true
		}
		d, ok := NewDate(v[2], v[0], v[1])
		return oneDay(d), end, ok
	}
	if width[2] > 2 {
		return period{}, end, false
	}
	// The year comes first unless only the last number is written with two digits.
	if width[0] == 2 {
		if d, ok := NewDate(shortCentury(v[0]), v[1], v[2]); ok {
			return oneDay(d), end, true
		}
	}
	d, ok := NewDate(shortCentury(v[2]), v[1], v[0])
	return oneDay(d), end, ok && width[2] == 2
}

// shortCentury places a year of two digits between 1950 and 2049.
func shortCentury(y int) int {
	if y >= 50 {
		return 1900 + y
	}
	return 2000 + y
}

// numeric2 reads month and day, 12/1.
func (s *timeScanner) numeric2(m, d, end int) (period, int, bool) {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return period{}, end, false
	}
	date, ok := NewDate(s.Date.Year, m, d)
	if !ok {
		return period{}, end, false
	}
	switch {
	case s.Lean == LeanPast && !date.Before(s.Date):
		date = date.AddYears(-1)
	case s.Lean == LeanFuture && date.Before(s.Date):
		date = date.AddYears(1)
	}
	p := oneDay(date)
	p.noYear = true
	return p, end, true
}
