package hanzi

// Precision is how finely a time expression names its time.
type Precision uint8

const (
	PrecisionVague   Precision = iota // 目前, 近年来, 近日
	PrecisionSecond                   // 下午5时20分10秒
	PrecisionDay                      // 2024年3月5日, 年底, 月底
	PrecisionWeek                     // 本周, 2021年的第二周
	PrecisionTenDays                  // 旬: 10月下旬
	PrecisionMonth                    // 3月, 上月
	PrecisionQuarter                  // 一季度
	PrecisionHalf                     // 上半年
	PrecisionYear                     // 2024年, 去年
	PrecisionPlan                     // 五年规划: “十四五”
	PrecisionDecade                   // 九十年代
	PrecisionCentury                  // 本世纪
	PrecisionRange                    // from one time to another: 1—9月, 2024—2026年, 近三年
)

// Role is how the words around a time use it.
type Role uint8

const (
	RoleIn       Role = iota // within it: 2024年, 上半年, 三年内, 未来五年
	RoleAsOf                 // the state at its end: 截至10月底, 目前
	RoleDeadline             // by its end: 到2027年, 6月底前
	RoleSince                // from its beginning to the document's date: 2018年以来
	RoleFrom                 // from its beginning on, without end: 自2025年1月1日起
	RoleAfter                // after its end: 2018年以后
)

// Time is a time expression resolved to days against a reference date.
type Time struct {
	Start, End int // rune offsets of the words, half-open

	From, To Date // first and last day, both included; the zero Date where it is open
	// Seconds since midnight of From and To, -1 where the text names no time of day. 24:00,
	// the end of a day, is 86400.
	FromSecond, ToSecond int

	Precision Precision
	Role      Role

	Partial  bool // the words name no year: it is the reference date's
	Relative bool // reckoned from the reference date: 去年, 近三年, 本月
	Same     bool // 同期: the part of From…To that matches the period compared
	Lunar    Date // as written in the Chinese calendar: From and To are open where unknown
	NoDate   bool // a time of day alone: From and To are the reference date
	HalfDay  bool // a time of day that may be twelve hours later: 8:00
	Missing  bool // a day that no calendar has, 2019年2月29日: From and To are open
}

// Open reports whether the expression leaves its beginning or its end open.
func (t Time) Open() bool { return t.From.IsZero() || t.To.IsZero() }

// InYear returns a partial time moved to another year, for the reader who knows from the
// words around which year is meant. Other times are returned as they are.
func (t Time) InYear(year int) Time {
	if !t.Partial || t.Relative {
		return t
	}
	base := t.To.Year
	if t.To.IsZero() {
		base = t.From.Year
	}
	t.From, t.To = moveYears(t.From, year-base), moveYears(t.To, year-base)
	return t
}

// moveYears keeps the end of February the end of February.
func moveYears(d Date, n int) Date {
	if d.IsZero() {
		return d
	}
	if d.Month == 2 && d == d.LastOfMonth() {
		return Date{d.Year + n, 2, daysIn(d.Year+n, 2)}
	}
	return d.AddYears(n)
}
