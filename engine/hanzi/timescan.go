package hanzi

// ScanTime reads the longest time expression that begins exactly at rune i and resolves
// it against ref, the date of the document. It returns at once where none can begin.
func ScanTime(r []rune, i int, ref Date) (Time, bool) {
	if i < 0 || i >= len(r) {
		return Time{}, false
	}
	s := timeScanner{r: r, ref: ref}
	return s.date(i)
}

func (s *timeScanner) date(i int) (Time, bool) {
	t := Time{Start: i, FromSecond: -1, ToSecond: -1}
	y, end, ok := s.year(i)
	if !ok {
		return Time{}, false
	}
	t.End, t.Precision = end, PrecisionYear
	t.From, t.To = Date{y, 1, 1}, Date{y, 12, 31}
	if m, j, ok := s.number(s.skip(end)); ok && s.at(j) == '月' && m >= 1 && m <= 12 {
		t.From = Date{y, m, 1}
		t.To = t.From.LastOfMonth()
		t.End, t.Precision = j+1, PrecisionMonth
		if d, j, ok := s.number(s.skip(j + 1)); ok && (s.at(j) == '日' || s.at(j) == '号') {
			if day, ok := NewDate(y, m, d); ok {
				t.From, t.To, t.End, t.Precision = day, day, j+1, PrecisionDay
			}
		}
	}
	return t, true
}

func (s *timeScanner) year(i int) (year, end int, ok bool) {
	y, j, ok := s.digits(i)
	if !ok {
		y, j, ok = s.digitRow(i)
	}
	if ok && j-i == 4 && s.at(s.skip(j)) == '年' {
		return y, s.skip(j) + 1, true
	}
	k, j, ok := s.any(i, "今年", "本年", "去年", "上年", "明年", "前年", "后年")
	return s.ref.Year + [...]int{0, 0, -1, -1, 1, -2, 2}[k], j, ok
}
