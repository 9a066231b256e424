package hanzi

// Recurrence is a time that comes again: 每年, 每季度, 每周一, 每月15日, 每年3月12日, 每两周, 每天下午4点, 逐月.
type Recurrence struct {
	Start, End int // rune offsets, half-open

	Every   Duration // the length from one time to the next
	Weekday int      // 1 Monday to 7 Sunday, 0 where none is named
	Month   int      // the month of the year, 0 where none is named
	Day     int      // the day of the month, 0 where none is named
	Second  int      // the second of the day, -1 where none is named
}

// ScanRecurrence reads the longest recurrence that begins exactly at rune i.
func ScanRecurrence(r []rune, i int) (Recurrence, bool) {
	s := timeScanner{r: r}
	rec := Recurrence{Start: i, Second: -1}
	switch s.at(i) {
	case '每', '逐', '按':
	default:
		return rec, false
	}
	k, j, ok := s.any(i, "每隔", "每逢", "每一", "每", "逐", "按")
	if !ok {
		return rec, false
	}
	if c := s.at(j); c == '个' || c == '個' {
		j++
	}
	if d, end, ok := s.weekdayName(j); ok && k < 4 {
		rec.Weekday, rec.End = d, end
		rec.Every = oneOf(UnitWeek)
	} else if u, end, ok := s.recurringUnit(j); ok {
		rec.Every, rec.End = oneOf(u), end
		rec.dayOfMonth(&s)
	} else if d, end, ok := s.duration(j); ok && k < 4 {
		d.Start, d.End = j, end
		rec.Every, rec.End = d, end
	} else {
		return rec, false
	}
	if c, end, ok := s.clockAt(s.skip(rec.End), false); ok && (c.point || end-rec.End > 1) {
		rec.End, rec.Second = end, c.from
	}
	return rec, true
}

func oneOf(u TimeUnit) Duration {
	return Duration{Parts: [maxDurationParts]DurationPart{{1000, u}}, N: 1}
}

// recurringUnit reads a unit without a number: 每年, 每个月, 每半年 is left to duration.
func (s *timeScanner) recurringUnit(i int) (TimeUnit, int, bool) {
	k, j, ok := s.any(i, "季度", "年度", "年", "月", "周", "週", "星期", "礼拜", "天", "日", "小时",
		"分钟", "秒", "季", "工作日")
	if !ok || s.opensUnitWord(i, j) {
		return 0, i, false
	}
	units := [...]TimeUnit{UnitQuarter, UnitYear, UnitYear, UnitMonth, UnitWeek, UnitWeek,
		UnitWeek, UnitWeek, UnitDay, UnitDay, UnitHour, UnitMinute, UnitSecond, UnitQuarter,
		UnitWorkday}
	return units[k], j, true
}

// dayOfMonth reads the day behind 每月 and 每年: 每月15日, 每年3月12日.
func (r *Recurrence) dayOfMonth(s *timeScanner) {
	switch r.Every.Parts[0].Unit {
	case UnitMonth:
	case UnitYear:
		m, j, ok := s.number(s.skip(r.End))
		if !ok || m < 1 || m > 12 || s.at(j) != '月' {
			return
		}
		r.Month, r.End = m, j+1
	default:
		return
	}
	d, j, ok := s.number(s.skip(r.End))
	if !ok || d < 1 || d > 31 {
		return
	}
	if _, end, ok := s.any(j, "日", "号"); ok {
		r.Day, r.End = d, end
	}
}
