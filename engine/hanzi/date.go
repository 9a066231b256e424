package hanzi

import "fmt"

// Date is a civil date of the Gregorian calendar without a time zone. The zero Date means
// that no date is known.
type Date struct{ Year, Month, Day int }

// NewDate returns the date of year, month and day, which must exist: 2023-02-29 is refused.
func NewDate(year, month, day int) (Date, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
		day > daysIn(year, month) {
		return Date{}, false
	}
	return Date{year, month, day}, true
}

// ParseDate reads an ISO date, 2024-03-05.
func ParseDate(s string) (Date, error) {
	var v [3]int
	if len(s) == len("2024-03-05") && s[4] == '-' && s[7] == '-' {
		for i, part := range []string{s[:4], s[5:7], s[8:]} {
			for _, c := range part {
				if c < '0' || c > '9' {
					return Date{}, fmt.Errorf("hanzi: no ISO date: %q", s)
				}
				v[i] = v[i]*10 + int(c-'0')
			}
		}
	}
	d, ok := NewDate(v[0], v[1], v[2])
	if !ok {
		return Date{}, fmt.Errorf("hanzi: no ISO date: %q", s)
	}
	return d, nil
}

// String is the ISO form, 2024-03-05, and the empty string for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// IsZero reports whether no date is known.
func (d Date) IsZero() bool { return d == Date{} }

// Compare is negative when d is before e, zero on the same day, positive after it.
func (d Date) Compare(e Date) int {
	switch {
	case d.Year != e.Year:
		return d.Year - e.Year
	case d.Month != e.Month:
		return d.Month - e.Month
	}
	return d.Day - e.Day
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// AddDays returns the date n days later, earlier when n is negative.
func (d Date) AddDays(n int) Date { return dateOfDay(d.dayNumber() + n) }

// AddMonths returns the same day n months later; a day that the month lacks becomes its
// last one: a month after 31 January is the end of February.
func (d Date) AddMonths(n int) Date {
	m := d.Year*12 + d.Month - 1 + n
	y, mo := m/12, m%12+1
	return Date{y, mo, min(d.Day, daysIn(y, mo))}
}

// AddYears returns the same day n years later; 29 February becomes the 28th where needed.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// FirstOfMonth is the first day of the month of d.
func (d Date) FirstOfMonth() Date { return Date{d.Year, d.Month, 1} }

// LastOfMonth is the last day of the month of d.
func (d Date) LastOfMonth() Date { return Date{d.Year, d.Month, daysIn(d.Year, d.Month)} }

// Weekday counts from Monday, 1, to Sunday, 7.
func (d Date) Weekday() int { return (d.dayNumber()+mondayOffset)%7 + 1 }

// Quarter is the quarter of the year, 1 to 4.
func (d Date) Quarter() int { return (d.Month + 2) / 3 }

// DaysUntil is the number of days from d to e, negative when e is earlier.
func (d Date) DaysUntil(e Date) int { return e.dayNumber() - d.dayNumber() }

const (
	daysOf4Years   = 4*365 + 1
	daysOf100Years = 25*daysOf4Years - 1
	daysOf400Years = 4*daysOf100Years + 1
	mondayOffset   = 2 // 1 March of the year 0 was a Wednesday
)

// dayNumber counts days from 1 March of the year 0. Years that begin in March end with
// the day that leap years add.
func (d Date) dayNumber() int {
	y, m := d.Year, d.Month-3
	if m < 0 {
		y, m = y-1, m+12
	}
	return y*365 + y/4 - y/100 + y/400 + (153*m+2)/5 + d.Day - 1
}

// dateOfDay is the date of a day number.
func dateOfDay(n int) Date {
	era := n / daysOf400Years
	n %= daysOf400Years
	y := (n - n/(daysOf4Years-1) + n/daysOf100Years - n/(daysOf400Years-1)) / 365
	n -= y*365 + y/4 - y/100
	m := (5*n + 2) / 153
	d := Date{era*400 + y, m + 3, n - (153*m+2)/5 + 1}
	if d.Month > 12 {
		d.Year, d.Month = d.Year+1, d.Month-12
	}
	return d
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
