package hanzi

import (
	"testing"
	"time"
)

// TestDateIsGregorian compares every day of a thousand years with the library's calendar.
func TestDateIsGregorian(t *testing.T) {
	d := Date{1600, 1, 1}
	for day := time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2600; {
		want := Date{day.Year(), int(day.Month()), day.Day()}
		if d != want || d.Weekday() != (int(day.Weekday())+6)%7+1 {
			t.Fatalf("%v, weekday %d, want %v", d, d.Weekday(), want)
		}
		d, day = d.AddDays(1), day.AddDate(0, 0, 1)
	}
	if n := (Date{1, 1, 1}).DaysUntil(Date{9999, 12, 31}); n != 3652058 {
		t.Errorf("%d days", n)
	}
}

func TestDate(t *testing.T) {
	d := Date{2024, 1, 31}
	for _, c := range []struct{ got, want Date }{
		{d.AddMonths(1), Date{2024, 2, 29}},
		{d.AddMonths(-2), Date{2023, 11, 30}},
		{d.AddDays(-31), Date{2023, 12, 31}},
		{Date{2024, 2, 29}.AddYears(1), Date{2025, 2, 28}},
		{Date{2023, 2, 3}.LastOfMonth(), Date{2023, 2, 28}},
		{d.FirstOfMonth(), Date{2024, 1, 1}},
	} {
		if c.got != c.want {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
	if !d.Before(Date{2024, 2, 1}) || d.After(d) || d.Quarter() != 1 {
		t.Error("order")
	}
}

func TestParseDate(t *testing.T) {
	if d, err := ParseDate("2024-02-29"); err != nil || d.String() != "2024-02-29" {
		t.Error(d, err)
	}
	for _, s := range []string{"", "2023-02-29", "2024-2-9", "2024-02-2９", "2024/02/29", "0000-01-01"} {
		if _, err := ParseDate(s); err == nil {
			t.Errorf("%q: no error", s)
		}
	}
}

func TestInYear(t *testing.T) {
	for _, c := range []struct {
		text, from, to string
		year           int
	}{
		{"上半年", "2024-01-01", "2024-06-30", 2024},
		{"2月", "2024-02-01", "2024-02-29", 2024},
		{"10月底前", "", "2023-10-31", 2023},
		{"2022年", "2022-01-01", "2022-12-31", 2024},
		{"去年", "2024-01-01", "2024-12-31", 2023},
	} {
		got, _ := ScanTime([]rune(c.text), 0, Date{2025, 1, 8})
		got = got.InYear(c.year)
		if got.From.String() != c.from || got.To.String() != c.to {
			t.Errorf("%s: %v…%v", c.text, got.From, got.To)
		}
	}
}
