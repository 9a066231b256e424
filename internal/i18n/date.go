package i18n

import (
	"fmt"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// Times are shown in China's time zone, on a 24-hour clock.

// months are the English short names.
var months = [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
	"Dec"}

func monthName(m time.Month) string { return months[m-1] }

// DateLong writes a date as documents do: 2026年11月20日, 20 Nov 2026. No date is "".
func DateLong(l Lang, d clock.Date) string {
	if !d.Valid() {
		return ""
	}
	y, m, day := d.Start().Date()
	if l == EN {
		return fmt.Sprintf("%d %s %d", day, monthName(m), y)
	}
	return fmt.Sprintf(zhDate, y, m, day)
}

// Date writes a date as tables do: 2026-11-20, 20 Nov 2026. No date is "".
func Date(l Lang, d clock.Date) string {
	if l == EN || !d.Valid() {
		return DateLong(l, d)
	}
	return string(d)
}

// DateShort writes a date as cards do, without a year: 11月20日, 20 Nov. No date is "".
func DateShort(l Lang, d clock.Date) string {
	if !d.Valid() {
		return ""
	}
	_, m, day := d.Start().Date()
	if l == EN {
		return fmt.Sprintf("%d %s", day, monthName(m))
	}
	return fmt.Sprintf(zhMonthDay, m, day)
}

// DateTime writes an instant to the minute: 2026-11-20 14:32, 20 Nov 2026 14:32.
func DateTime(l Lang, t time.Time) string {
	return Date(l, clock.DateOf(t)) + " " + Minute(t)
}

// Minute writes the time of day to the minute: 18:00.
func Minute(t time.Time) string { return t.In(clock.Shanghai).Format("15:04") }

// Second writes the time of day to the second, as the note of an automatic save does: 14:32:05.
func Second(t time.Time) string { return t.In(clock.Shanghai).Format(time.TimeOnly) }

// Deadline writes when something is due and how much is left at now: 12月15日 18:00（剩 25 天）. The
// year is written when it is not that of now. What is left is counted in days of the calendar, and
// on the last day in hours and minutes.
func Deadline(l Lang, due, now time.Time) string {
	day := clock.DateOf(due)
	text := DateShort(l, day)
	if day.Start().Year() != clock.DateOf(now).Start().Year() {
		text = DateLong(l, day)
	}
	left := Remaining(l, due, now)
	if l == EN {
		return text + " " + Minute(due) + " (" + left + ")"
	}
	return text + " " + Minute(due) + fmt.Sprintf(zhRest, left)
}

// Remaining writes how much time is left until due: 剩 25 天, 剩 5 小时, 已逾期 3 天. Within a minute of
// due it is 即将到期 before and 刚刚逾期 after.
func Remaining(l Lang, due, now time.Time) string {
	late := now.After(due)
	text := ""
	if late {
		text = span(l, due, now)
	} else {
		text = span(l, now, due)
	}
	switch {
	case late && text == "":
		return Text(l, "刚刚逾期")
	case late:
		return Text(l, "已逾期 %s", text)
	case text == "":
		return Text(l, "即将到期")
	default:
		return Text(l, "剩 %s", text)
	}
}

// span writes the time between two instants, the later second: days of the calendar, or within a
// day hours, or minutes, each rounded down. Less than a minute is "".
func span(l Lang, from, to time.Time) string {
	length := to.Sub(from)
	switch days := daysBetween(clock.DateOf(from), clock.DateOf(to)); {
	case days > 1 || length >= 24*time.Hour:
		return amountOf(l, days, zhDays, "day")
	case length >= time.Hour:
		return amountOf(l, int(length/time.Hour), zhHours, "hour")
	case length >= time.Minute:
		return amountOf(l, int(length/time.Minute), zhMinutes, "minute")
	default:
		return ""
	}
}

// amountOf writes so many days, hours or minutes; English has a plural.
func amountOf(l Lang, n int, zh, en string) string {
	switch {
	case l != EN:
		return fmt.Sprintf(zh, n)
	case n == 1:
		return "1 " + en
	default:
		return fmt.Sprintf("%d %ss", n, en)
	}
}

func daysBetween(from, to clock.Date) int {
	return int(to.Start().Sub(from.Start()) / (24 * time.Hour))
}

// relativeDays is how long an age is told in days; older things show their date.
const relativeDays = 30

// Ago writes how long before now something happened: 刚刚, 5 分钟前, 3 小时前, 3 天前, and from 30
// days on the date, with its year when that is not the year of now.
func Ago(l Lang, t, now time.Time) string {
	day, today := clock.DateOf(t), clock.DateOf(now)
	if age := now.Sub(t); age < time.Minute && age > -time.Minute {
		return Text(l, "刚刚")
	}
	if days := daysBetween(day, today); t.Before(now) && days < relativeDays {
		return Text(l, "%s前", span(l, t, now))
	}
	if day.Start().Year() != today.Start().Year() {
		return DateLong(l, day)
	}
	return DateShort(l, day)
}

// Year writes a year as a period: 2026年, 2026.
func Year(l Lang, year int) string {
	if l == EN {
		return fmt.Sprint(year)
	}
	return fmt.Sprintf(zhYear, year)
}

// Month writes a month as a period: 2026年9月, Sep 2026.
func Month(l Lang, year int, m time.Month) string {
	if l == EN {
		return fmt.Sprintf("%s %d", monthName(m), year)
	}
	return fmt.Sprintf(zhMonth, year, m)
}

// Months writes a stretch of months within a year: 2026年1—9月, Jan–Sep 2026.
func Months(l Lang, year int, from, to time.Month) string {
	if from == to {
		return Month(l, year, from)
	}
	if l == EN {
		return fmt.Sprintf("%s–%s %d", monthName(from), monthName(to), year)
	}
	return fmt.Sprintf(zhMonths, year, from, to)
}

// Quarter writes a quarter, 1 to 4: 2026年三季度, Q3 2026.
func Quarter(l Lang, year, quarter int) string {
	if l == EN {
		return fmt.Sprintf("Q%d %d", quarter, year)
	}
	return fmt.Sprintf(zhQuarter, year, numeral(quarter))
}

// Half writes a half year, 1 or 2: 2026年上半年, H1 2026.
func Half(l Lang, year, half int) string {
	if l == EN {
		return fmt.Sprintf("H%d %d", half, year)
	}
	name := zhFirst
	if half == 2 {
		name = zhSecond
	}
	return fmt.Sprintf(zhHalf, year, name)
}

// FiveYearPlan writes the period of the n-th five-year plan: “十四五”, 14th Five-Year Plan.
func FiveYearPlan(l Lang, n int) string {
	if l == EN {
		return ordinal(n) + " Five-Year Plan"
	}
	return fmt.Sprintf(zhPlan, numeral(n))
}

// numeral writes 1 to 99 in Chinese numerals.
func numeral(n int) string {
	digits := []rune(zhNumerals)
	if n < 0 || n > 99 {
		return fmt.Sprint(n)
	}
	var b strings.Builder
	if n >= 20 {
		b.WriteRune(digits[n/10])
	}
	if n >= 10 {
		b.WriteString(zhTen)
	}
	if n%10 > 0 || n == 0 {
		b.WriteRune(digits[n%10])
	}
	return b.String()
}

// ordinal writes an English ordinal: 1st, 2nd, 3rd, 11th.
func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n) + suffix
}
