package series

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Period is a statistical period (统计期) by its code: "2026" a year, "2026H1" a half, "2026Q3" a
// quarter, "2026-09" a month. Periods are compared with == and stored as they are; their order in
// time is that of SortKey, not of the text. The zero value is no period.
//
// A figure "January to September" is not a period of its own here: it is the cumulative value of the
// series at 2026-09 or 2026Q3.
type Period string

// Kind is the length of a period.
type Kind uint8

// The kinds, from the longest.
const (
	Year    Kind = iota + 1 // 年
	Half                    // 半年
	Quarter                 // 季
	Month                   // 月
)

// The years that a period may lie in.
const (
	minYear = 1900
	maxYear = 2199
)

// PerYear is how many periods of the kind a year has: 1, 2, 4 or 12. It is 0 for no kind.
func (k Kind) PerYear() int {
	switch k {
	case Year:
		return 1
	case Half:
		return 2
	case Quarter:
		return 4
	case Month:
		return 12
	}
	return 0
}

// Months is how many months a period of the kind has, 0 for no kind.
func (k Kind) Months() int {
	if k.PerYear() == 0 {
		return 0
	}
	return 12 / k.PerYear()
}

// NewPeriod is the n-th period of its kind in a year, counted from 1. It is "" when there is none.
func NewPeriod(kind Kind, year, n int) Period {
	if year < minYear || year > maxYear || n < 1 || n > kind.PerYear() {
		return ""
	}
	switch kind {
	case Half:
		return Period(fmt.Sprintf("%04dH%d", year, n))
	case Quarter:
		return Period(fmt.Sprintf("%04dQ%d", year, n))
	case Month:
		return Period(fmt.Sprintf("%04d-%02d", year, n))
	}
	return Period(fmt.Sprintf("%04d", year))
}

// PeriodOf is the period of a kind that a month lies in, "" when month is not 1 to 12.
func PeriodOf(kind Kind, year, month int) Period {
	if month < 1 || month > 12 || kind.Months() == 0 {
		return ""
	}
	return NewPeriod(kind, year, (month-1)/kind.Months()+1)
}

// ParsePeriod reads a code. ok is false, and the period "", for every other text.
func ParsePeriod(code string) (p Period, ok bool) {
	kind, year, n := Period(code).parts()
	if kind == 0 {
		return "", false
	}
	return NewPeriod(kind, year, n), true
}

// parts takes a code apart; kind is 0 when it is none.
func (p Period) parts() (kind Kind, year, n int) {
	s := string(p)
	if len(s) < 4 || !digits(s[:4]) {
		return 0, 0, 0
	}
	year, _ = strconv.Atoi(s[:4])
	switch rest := s[4:]; {
	case rest == "":
		kind, n = Year, 1
	case len(rest) == 2 && rest[0] == 'H' && digits(rest[1:]):
		kind, n = Half, int(rest[1]-'0')
	case len(rest) == 2 && rest[0] == 'Q' && digits(rest[1:]):
		kind, n = Quarter, int(rest[1]-'0')
	case len(rest) == 3 && rest[0] == '-' && digits(rest[1:]):
		kind, n = Month, 10*int(rest[1]-'0')+int(rest[2]-'0')
	default:
		return 0, 0, 0
	}
	if NewPeriod(kind, year, n) == "" {
		return 0, 0, 0
	}
	return kind, year, n
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// written are the ways people write periods in tables: 2026年三季度, 2026年9月, 2026.9, 2026年上半年.
var written = regexp.MustCompile(`^(\d{4})(?:年度?)?(?:` +
	`(上|下)半年?|(?:第)?([一二三四1-4])季度?|[-./年]?(1[0-2]|0?[1-9])月?(?:份)?)?$`)

// ReadPeriod reads a period as people write it in a table: its code, or 2026年, 2026年度, 2026年上半年,
// 2026年三季度, 2026年第3季度, 2026年9月, 2026/9, 2026.09, 202609. Spaces and full-width digits do not matter.
func ReadPeriod(text string) (p Period, ok bool) {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\t' || r == '　':
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, text)
	if p, ok := ParsePeriod(strings.ToUpper(text)); ok {
		return p, true
	}
	m := written.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	year, _ := strconv.Atoi(m[1])
	switch {
	case m[2] != "":
		p = NewPeriod(Half, year, strings.Index("上下", m[2])/len("上")+1)
	case m[3] != "":
		n := strings.Index("一二三四", m[3])/len("一") + 1
		if digits(m[3]) {
			n = int(m[3][0] - '0')
		}
		p = NewPeriod(Quarter, year, n)
	case m[4] != "":
		n, _ := strconv.Atoi(m[4])
		p = NewPeriod(Month, year, n)
	default:
		p = NewPeriod(Year, year, 1)
	}
	return p, p != ""
}

// Valid reports whether p is a period.
func (p Period) Valid() bool { return p.Kind() != 0 }

// String is the code.
func (p Period) String() string { return string(p) }

// Kind is the length of the period, 0 when p is none.
func (p Period) Kind() Kind {
	kind, _, _ := p.parts()
	return kind
}

// Year is the year that the period lies in, 0 when p is none.
func (p Period) Year() int {
	_, year, _ := p.parts()
	return year
}

// Number is the place of the period among those of its kind in the year, from 1; 0 when p is none.
func (p Period) Number() int {
	_, _, n := p.parts()
	return n
}

// Start is the first month of the period.
func (p Period) Start() (year, month int) {
	kind, year, n := p.parts()
	return year, (n-1)*kind.Months() + min(n, 1)
}

// End is the last month of the period.
func (p Period) End() (year, month int) {
	kind, year, n := p.parts()
	return year, n * kind.Months()
}

// Add is the period of the same kind n later, or earlier when n is negative; "" beyond the years that
// periods may lie in.
func (p Period) Add(n int) Period {
	kind, year, number := p.parts()
	if kind == 0 || n > (maxYear-minYear+1)*12 || n < -(maxYear-minYear+1)*12 {
		return ""
	}
	at := year*kind.PerYear() + number - 1 + n
	return NewPeriod(kind, at/kind.PerYear(), at%kind.PerYear()+1)
}

// Next is the following period of the same kind (下期).
func (p Period) Next() Period { return p.Add(1) }

// Prev is the period of the same kind before (上期).
func (p Period) Prev() Period { return p.Add(-1) }

// SamePeriodLastYear is the same period a year before (上年同期).
func (p Period) SamePeriodLastYear() Period { return p.Add(-p.Kind().PerYear()) }

// Last is the last period of the kind that lies within p or holds its end: 2026Q3 for the year-to-date
// at 2026-09 is PeriodOf; 2026 by Month is 2026-12.
func (p Period) Last(kind Kind) Period {
	year, month := p.End()
	return PeriodOf(kind, year, month)
}

// Within is the period of the kind that holds the start of p: the year of a month, the quarter of a
// month, the first month of a year.
func (p Period) Within(kind Kind) Period {
	year, month := p.Start()
	return PeriodOf(kind, year, month)
}

// Split is the periods of a kind that make up p in order, nil when the kind is longer than p.
func (p Period) Split(kind Kind) []Period {
	own := p.Kind()
	if own == 0 || kind.Months() == 0 || kind.Months() > own.Months() {
		return nil
	}
	out := make([]Period, 0, own.Months()/kind.Months())
	for at := p.Within(kind); len(out) < cap(out); at = at.Next() {
		out = append(out, at)
	}
	return out
}

// Contains reports whether other lies wholly within p; a period contains itself.
func (p Period) Contains(other Period) bool {
	if !p.Valid() || !other.Valid() {
		return false
	}
	return p.first() <= other.first() && other.last() <= p.last()
}

// first and last are the first and last months of a valid period on one line.
func (p Period) first() int {
	year, month := p.Start()
	return year*12 + month - 1
}

func (p Period) last() int {
	year, month := p.End()
	return year*12 + month - 1
}

// Days is how many days the period has, 0 when p is none.
func (p Period) Days() int {
	if !p.Valid() {
		return 0
	}
	n := 0
	for _, m := range p.Split(Month) {
		n += daysIn(m.Year(), m.Number())
	}
	return n
}

// FirstDay and LastDay are the days the period begins and ends with, as 2026-09-30; "" when p is none.
func (p Period) FirstDay() string {
	if !p.Valid() {
		return ""
	}
	year, month := p.Start()
	return writeDay(year, month, 1)
}

// LastDay is the last day of the period: see FirstDay.
func (p Period) LastDay() string {
	if !p.Valid() {
		return ""
	}
	year, month := p.End()
	return writeDay(year, month, daysIn(year, month))
}

// SortKey orders periods by the month they end with, and a shorter one before a longer one: 2026-09,
// 2026Q3. It is 0 when p is none.
func (p Period) SortKey() int {
	if !p.Valid() {
		return 0
	}
	return p.last()*16 + p.Kind().Months()
}

// Text names the period as a report does: 2026年, 2026年上半年, 2026年三季度, 2026年9月.
func (p Period) Text() string {
	kind, year, n := p.parts()
	switch kind {
	case Year:
		return fmt.Sprintf("%d年", year)
	case Half:
		return fmt.Sprintf("%d年%s半年", year, []string{"上", "下"}[n-1])
	case Quarter:
		return fmt.Sprintf("%d年%s季度", year, []string{"一", "二", "三", "四"}[n-1])
	case Month:
		return fmt.Sprintf("%d年%d月", year, n)
	}
	return ""
}

// TextTo names the time from the start of the year to the end of the period, as a cumulative figure
// has it: 2026年1—9月, 2026年上半年, 2026年.
func (p Period) TextTo() string {
	year, month := p.End()
	switch {
	case !p.Valid():
		return ""
	case month == 12:
		return NewPeriod(Year, year, 1).Text()
	case month == 6:
		return NewPeriod(Half, year, 1).Text()
	case month == 1:
		return p.Text()
	}
	return fmt.Sprintf("%d年1—%d月", year, month)
}

// EnglishTextTo names in English the stretch from the beginning of the year to the end of the period:
// 2026, H1 2026, Jan–Sep 2026.
func (p Period) EnglishTextTo() string {
	year, month := p.End()
	switch {
	case !p.Valid():
		return ""
	case month == 12:
		return NewPeriod(Year, year, 1).EnglishText()
	case month == 6:
		return NewPeriod(Half, year, 1).EnglishText()
	case month == 1:
		return p.EnglishText()
	}
	return "Jan–" + NewPeriod(Month, year, month).EnglishText()
}

// EnglishText names the period in English: 2026, H1 2026, Q3 2026, Sep 2026.
func (p Period) EnglishText() string {
	kind, year, n := p.parts()
	switch kind {
	case Year:
		return strconv.Itoa(year)
	case Half:
		return fmt.Sprintf("H%d %d", n, year)
	case Quarter:
		return fmt.Sprintf("Q%d %d", n, year)
	case Month:
		return fmt.Sprintf("%s %d", "JanFebMarAprMayJunJulAugSepOctNovDec"[3*n-3:3*n], year)
	}
	return ""
}
