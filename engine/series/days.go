package series

import (
	"fmt"
	"strconv"
)

// daysIn is how many days a month has.
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

// dayNumber counts the days of the Gregorian calendar up to a day written 2026-10-12, so that two of
// them can be subtracted. ok is false for what is no day.
func dayNumber(text string) (n int, ok bool) {
	if len(text) != len("2026-10-12") || text[4] != '-' || text[7] != '-' ||
		!digits(text[:4]) || !digits(text[5:7]) || !digits(text[8:]) {
		return 0, false
	}
	year, _ := strconv.Atoi(text[:4])
	month, _ := strconv.Atoi(text[5:7])
	day, _ := strconv.Atoi(text[8:])
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	before := year - 1
	n = 365*before + before/4 - before/100 + before/400
	for m := 1; m < month; m++ {
		n += daysIn(year, m)
	}
	return n + day, true
}

// daysBetween is how many days lie from one day to another.
func daysBetween(from, until string) (int, bool) {
	a, okA := dayNumber(from)
	b, okB := dayNumber(until)
	return b - a, okA && okB
}

func writeDay(year, month, day int) string { return fmt.Sprintf("%04d-%02d-%02d", year, month, day) }
