package series

import (
	"slices"
	"testing"
)

func TestParsePeriod(t *testing.T) {
	for _, code := range []string{"2026", "2026H1", "2026H2", "2026Q1", "2026Q4", "2026-01", "2026-12"} {
		if p, ok := ParsePeriod(code); !ok || p.String() != code {
			t.Errorf("ParsePeriod(%q) = %q, %v", code, p, ok)
		}
	}
	for _, code := range []string{"", "26", "1899", "2200", "2026H0", "2026H3", "2026Q5", "2026Q", "2026-00",
		"2026-13", "2026-9", "2026-9x", "2026h1", "-026", " 2026", "2026-", "二〇二六", "2026Q33"} {
		if p, ok := ParsePeriod(code); ok || p != "" {
			t.Errorf("ParsePeriod(%q) = %q, %v, want none", code, p, ok)
		}
	}
}

func TestReadPeriod(t *testing.T) {
	for text, want := range map[string]Period{
		"2026": "2026", "2026年": "2026", "2026年度": "2026", "２０２６年": "2026",
		"2026年上半年": "2026H1", "2026下半年": "2026H2", "2026h2": "2026H2",
		"2026年三季度": "2026Q3", "2026年第三季度": "2026Q3", "2026年第4季度": "2026Q4", "2026 q3": "2026Q3",
		"2026年9月": "2026-09", "2026年09月": "2026-09", "2026/9": "2026-09", "2026.12": "2026-12",
		"202609": "2026-09", "2026-9": "2026-09", "2026年9月份": "2026-09",
	} {
		if got, ok := ReadPeriod(text); got != want || !ok {
			t.Errorf("ReadPeriod(%q) = %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "九月", "2026年13月", "2026年五季度", "2026年1-9月", "1800年", "2026-09-30"} {
		if got, ok := ReadPeriod(text); ok {
			t.Errorf("ReadPeriod(%q) = %q, want none", text, got)
		}
	}
}

func TestPeriodSteps(t *testing.T) {
	for _, c := range []struct{ p, next, prev, same Period }{
		{"2026", "2027", "2025", "2025"},
		{"2026H1", "2026H2", "2025H2", "2025H1"},
		{"2026Q4", "2027Q1", "2026Q3", "2025Q4"},
		{"2026-01", "2026-02", "2025-12", "2025-01"},
		{"1900", "1901", "", ""},
		{"2199-12", "", "2199-11", "2198-12"},
		{"", "", "", ""},
	} {
		if c.p.Next() != c.next || c.p.Prev() != c.prev || c.p.SamePeriodLastYear() != c.same {
			t.Errorf("%s: next %q prev %q same %q", c.p, c.p.Next(), c.p.Prev(), c.p.SamePeriodLastYear())
		}
	}
	if got := Period("2026-01").Add(-13); got != "2024-12" {
		t.Errorf("Add(-13) = %q", got)
	}
	if got := Period("2026").Add(1 << 60); got != "" {
		t.Errorf("Add of a huge number = %q", got)
	}
}

func TestPeriodSpan(t *testing.T) {
	for _, c := range []struct {
		p                  Period
		sy, sm, ey, em     int
		days               int
		first, last        string
		text, to, english  string
		number, kindMonths int
	}{
		{"2024", 2024, 1, 2024, 12, 366, "2024-01-01", "2024-12-31", "2024年", "2024年", "2024", 1, 12},
		{"2026H1", 2026, 1, 2026, 6, 181, "2026-01-01", "2026-06-30", "2026年上半年", "2026年上半年", "H1 2026", 1, 6},
		{"2026Q3", 2026, 7, 2026, 9, 92, "2026-07-01", "2026-09-30", "2026年三季度", "2026年1—9月", "Q3 2026", 3, 3},
		{"2026-02", 2026, 2, 2026, 2, 28, "2026-02-01", "2026-02-28", "2026年2月", "2026年1—2月", "Feb 2026", 2, 1},
		{"2026-01", 2026, 1, 2026, 1, 31, "2026-01-01", "2026-01-31", "2026年1月", "2026年1月", "Jan 2026", 1, 1},
		{"", 0, 0, 0, 0, 0, "", "", "", "", "", 0, 0},
	} {
		sy, sm := c.p.Start()
		ey, em := c.p.End()
		if sy != c.sy || sm != c.sm || ey != c.ey || em != c.em || c.p.Days() != c.days {
			t.Errorf("%s: %d-%d to %d-%d, %d days", c.p, sy, sm, ey, em, c.p.Days())
		}
		if c.p.FirstDay() != c.first || c.p.LastDay() != c.last {
			t.Errorf("%s: %s to %s", c.p, c.p.FirstDay(), c.p.LastDay())
		}
		if c.p.Text() != c.text || c.p.TextTo() != c.to || c.p.EnglishText() != c.english {
			t.Errorf("%s: %s, %s, %s", c.p, c.p.Text(), c.p.TextTo(), c.p.EnglishText())
		}
		if c.p.Number() != c.number || c.p.Kind().Months() != c.kindMonths {
			t.Errorf("%s: number %d of %d months", c.p, c.p.Number(), c.p.Kind().Months())
		}
	}
}

func TestPeriodContains(t *testing.T) {
	for _, c := range []struct {
		p, other Period
		want     bool
	}{
		{"2026", "2026Q3", true}, {"2026", "2026", true}, {"2026Q3", "2026-09", true},
		{"2026Q3", "2026-10", false}, {"2026-09", "2026Q3", false}, {"2026H1", "2025Q2", false},
		{"", "2026", false}, {"2026", "", false},
	} {
		if got := c.p.Contains(c.other); got != c.want {
			t.Errorf("%s contains %s: %v", c.p, c.other, got)
		}
	}
	if got := Period("2026H2").Split(Quarter); !slices.Equal(got, []Period{"2026Q3", "2026Q4"}) {
		t.Errorf("Split = %v", got)
	}
	if got := len(Period("2026").Split(Month)); got != 12 {
		t.Errorf("%d months", got)
	}
	if got := Period("2026-09").Split(Year); got != nil {
		t.Errorf("a month split by years = %v", got)
	}
	if a, b := Period("2026-08").Within(Quarter), Period("2026H1").Last(Month); a != "2026Q3" || b != "2026-06" {
		t.Errorf("Within %q, Last %q", a, b)
	}
}

func TestPeriodOrder(t *testing.T) {
	in := []Period{"2026", "2026-01", "2026Q1", "2026-03", "2025", "2026H1", "2026-12", "2025-12"}
	want := []Period{"2025-12", "2025", "2026-01", "2026-03", "2026Q1", "2026H1", "2026-12", "2026"}
	slices.SortFunc(in, func(a, b Period) int { return a.SortKey() - b.SortKey() })
	if !slices.Equal(in, want) {
		t.Errorf("order = %v", in)
	}
}

func FuzzReadPeriod(f *testing.F) {
	for _, s := range []string{"2026Q3", "2026年第三季度", "2026-09", "２０２６年９月"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := ReadPeriod(s)
		if ok != p.Valid() {
			t.Fatalf("ReadPeriod(%q) = %q, %v", s, p, ok)
		}
		if again, same := ReadPeriod(p.Text()); ok && (!same || again != p) {
			t.Fatalf("%q reads as %q, its text %q as %q", s, p, p.Text(), again)
		}
	})
}

func TestDayNumber(t *testing.T) {
	for _, c := range []struct {
		from, until string
		want        int
	}{
		{"2024-02-28", "2024-03-01", 2}, {"2023-02-28", "2023-03-01", 1}, {"1999-12-31", "2000-01-01", 1},
		{"1900-02-28", "1900-03-01", 1}, {"2000-02-28", "2000-03-01", 2}, {"2026-01-01", "2027-01-01", 365},
		{"2026-12-31", "2026-12-01", -30},
	} {
		if got, ok := daysBetween(c.from, c.until); got != c.want || !ok {
			t.Errorf("%s to %s: %d days", c.from, c.until, got)
		}
	}
	for _, bad := range []string{"", "2026-02-29", "2026-13-01", "2026-1-01", "2026-01-00", "2026/01/01", "二〇二六-01-01"} {
		if _, ok := dayNumber(bad); ok {
			t.Errorf("%q is a day", bad)
		}
	}
}

// A cumulative value covers the year until its end: that of December is one of the year.
func TestEnglishTextTo(t *testing.T) {
	for p, want := range map[Period]string{"2024-12": "2024", "2024Q4": "2024", "2024": "2024", "2024-06": "H1 2024",
		"2024Q3": "Jan–Sep 2024", "2024-01": "Jan 2024", "": ""} {
		if got := p.EnglishTextTo(); got != want {
			t.Errorf("%s: %q, want %q", p, got, want)
		}
	}
}
