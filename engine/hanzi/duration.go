package hanzi

// TimeUnit is a unit of a length of time.
type TimeUnit uint8

const (
	UnitSecond TimeUnit = iota
	UnitMinute
	UnitHour
	UnitDay
	UnitWorkday // 工作日: no fixed length without a calendar of holidays
	UnitWeek
	UnitMonth
	UnitQuarter
	UnitYear
	UnitDecade
	UnitCentury
)

// DurationPart is an amount of one unit, in thousandths: 一年半 is 1500 of UnitYear.
type DurationPart struct {
	Milli int64
	Unit  TimeUnit
}

const maxDurationParts = 4

// Duration is a length of time: 三年, 半个月, 15个工作日, 8天又20小时.
type Duration struct {
	Start, End int // rune offsets, half-open
	Parts      [maxDurationParts]DurationPart
	N          int  // how many parts there are, in the order of the words
	More       bool // 三年多, 十余年: somewhat longer
}

// Seconds is the nominal length, with months of 30 days, years of 365 and workdays of one
// day, as for comparing; calendars give exact lengths.
func (d Duration) Seconds() int64 {
	var milli int64
	for _, p := range d.Parts[:d.N] {
		milli += p.Milli * unitSeconds[p.Unit]
	}
	return milli / 1000
}

var unitSeconds = [...]int64{
	UnitSecond: 1, UnitMinute: minute, UnitHour: hour, UnitDay: 24 * hour,
	UnitWorkday: 24 * hour, UnitWeek: 7 * 24 * hour, UnitMonth: 30 * 24 * hour,
	UnitQuarter: 90 * 24 * hour, UnitYear: 365 * 24 * hour, UnitDecade: 3650 * 24 * hour,
	UnitCentury: 36500 * 24 * hour,
}

// ScanDuration reads the longest length of time that begins exactly at rune i.
func ScanDuration(r []rune, i int) (Duration, bool) {
	s := timeScanner{r: r}
	d, end, ok := s.duration(i)
	d.Start, d.End = i, end
	return d, ok
}

// duration reads parts in a row: 8天20时, 五个星期3小时, 两天又一个月, 一年半.
func (s *timeScanner) duration(i int) (Duration, int, bool) {
	var d Duration
	end := i
	for d.N < maxDurationParts {
		j := end
		if d.N > 0 {
			j = s.skip(end)
			if _, k, ok := s.any(j, "又", "零", "加", "和", "，", ","); ok {
				j = s.skip(k)
			}
		}
		p, more, k, ok := s.durationPart(j, d.N > 0)
		if !ok || d.More || d.has(p.Unit) || d.N > 0 && d.Parts[d.N-1].Milli%1000 != 0 {
			break
		}
		d.Parts[d.N] = p
		d.N++
		d.More = more
		end = k
	}
	return d, end, d.N > 0
}

func (d *Duration) has(u TimeUnit) bool {
	for _, p := range d.Parts[:d.N] {
		if p.Unit == u {
			return true
		}
	}
	return false
}

// durationPart reads an amount and its unit: 三年, 3.5小时, 半个月, 两个半小时, 一年半.
func (s *timeScanner) durationPart(i int, goesOn bool) (p DurationPart, more bool, end int,
	ok bool) {
	var milli int64
	j, half := i, false
	if c := s.at(i); c == '半' {
		milli, j, half = 500, i+1, true
	} else {
		if numeralValue(c) >= 0 && numeralValue(s.at(i-1)) >= 0 && !goesOn {
			return p, false, i, false // 两三天 is no 三天
		}
		if milli, j, ok = s.amounts(i); !ok {
			return p, false, i, false
		}
	}
	j = s.skip(j)
	switch s.at(j) {
	case '整': // 一整天
		j++
	case '多', '余':
		more = true
		j++
	}
	counted := false
	if c := s.at(j); c == '个' || c == '個' {
		counted = true
		j = s.skip(j + 1)
		switch {
		case s.at(j) == '半' && !half:
			milli += 500
			j++
			half = true
		case s.at(j) == '多' && !more:
			more = true
			j++
		}
	}
	u, end, ok := s.timeUnit(j, counted, goesOn)
	if !ok {
		return p, false, i, false
	}
	if _, k, full := s.fullYear(i); full && u == UnitYear && k == j {
		return p, false, i, false // 2024年 is a year
	}
	if c := s.at(end); c == '半' && !half && (u >= UnitHour) && !counted {
		switch s.at(end + 1) {
		case '月', '天', '年', '数', '径', '程':
		default:
			milli, end = milli+500, end+1
		}
	}
	if s.at(j) == '刻' {
		milli *= 15
	}
	if s.at(end) == '多' && u >= UnitHour && !more {
		more = true
		end++
	}
	return DurationPart{milli, u}, more, end, true
}

// amounts reads an amount, or where the longest of several is meant the last of 三到五年,
// 3—5年 and 两三年.
func (s *timeScanner) amounts(i int) (milli int64, end int, ok bool) {
	milli, end, ok = s.amount(i)
	if !ok || !s.longest {
		return milli, end, ok
	}
	next := end
	if loosely, k, ok := s.rangeMark(end); ok && !loosely {
		next = k
	} else if numeralValue(s.at(end)) < 0 {
		return milli, end, true
	}
	if more, k, ok := s.amount(next); ok && more > milli {
		return more, k, true
	}
	return milli, end, true
}

// amount reads a number of at most four digits before the point and three behind it, in
// thousandths, or a Chinese numeral.
func (s *timeScanner) amount(i int) (milli int64, end int, ok bool) {
	v, j, ok := s.digits(i)
	if !ok {
		v, j, ok = s.numeral(i)
		return int64(v) * 1000, j, ok
	}
	if j-i > 1 && digitValue(s.at(i)) == 0 {
		return 0, i, false // 07年 is a year
	}
	milli = int64(v) * 1000
	if c := s.at(j); (c == '.' || c == '．') && digitValue(s.at(j+1)) >= 0 {
		scale := int64(100)
		for j++; digitValue(s.at(j)) >= 0; j++ {
			milli += int64(digitValue(s.at(j))) * scale
			scale /= 10
		}
	}
	return milli, j, true
}

// timeUnits are the words for units; longer words first. A unit marked counted needs 个
// before it, one marked chained another part before it: 8天20时.
var timeUnits = []struct {
	words   string
	unit    TimeUnit
	counted bool
	chained bool
}{
	{"世纪", UnitCentury, false, false}, {"周年", UnitYear, false, false},
	{"年度", UnitYear, true, false}, {"年", UnitYear, false, false},
	{"季度", UnitQuarter, true, false}, {"月", UnitMonth, true, false},
	{"工作日", UnitWorkday, false, false}, {"星期", UnitWeek, false, false},
	{"礼拜", UnitWeek, false, false}, {"禮拜", UnitWeek, false, false},
	{"周", UnitWeek, false, false}, {"週", UnitWeek, false, false},
	{"自然日", UnitDay, false, false}, {"天", UnitDay, false, false},
	{"日", UnitDay, false, false},
	{"小时", UnitHour, false, false}, {"小時", UnitHour, false, false},
	{"钟头", UnitHour, false, false}, {"时", UnitHour, false, true},
	{"分钟", UnitMinute, false, false}, {"分鐘", UnitMinute, false, false},
	{"刻钟", UnitMinute, false, false}, {"分", UnitMinute, false, true},
	{"秒钟", UnitSecond, false, false}, {"秒", UnitSecond, false, false},
}

func (s *timeScanner) timeUnit(i int, counted, chained bool) (TimeUnit, int, bool) {
	for _, w := range timeUnits {
		j, ok := s.lit(i, w.words)
		if !ok || w.counted && !counted || w.chained && !chained && !s.beforeSeconds(w.unit, j) {
			continue
		}
		if s.opensUnitWord(i, j) {
			return 0, i, false
		}
		return w.unit, j, true
	}
	return 0, i, false
}

// beforeSeconds reports whether 分 is followed by seconds: 5分30秒.
func (s *timeScanner) beforeSeconds(u TimeUnit, i int) bool {
	_, j, ok := s.number(i)
	return u == UnitMinute && ok && s.at(j) == '秒'
}

// opensUnitWord reports whether the unit from i to j belongs to another word: 三年级, 2日游.
func (s *timeScanner) opensUnitWord(i, j int) bool {
	if j-i != 1 {
		return false
	}
	switch s.at(i) {
	case '年':
		switch s.at(j) {
		case '级', '代', '份', '月':
			return true
		}
	case '周':
		return s.at(j) == '岁' || s.at(j) == '边' || s.at(j) == '末'
	case '日':
		return s.at(j) == '元'
	}
	return false
}
