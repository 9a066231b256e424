package i18n

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/money"
)

// The tests have one row for every line of the table of formats in the design of the interface.

type row struct{ name, got, want string }

func checkRows(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		if r.got != r.want {
			t.Errorf("%s: %q, want %q", r.name, r.got, r.want)
		}
	}
}

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fen    money.Fen
		zh, en string
	}{
		{860_000, "8,600 元", "¥8,600"},
		{35_600_000, "35.6 万元", "¥356,000"},
		{261_800_000, "261.8 万元", "¥2.62 m"},
		{2_618_000_000, "2,618 万元", "¥26.18 m"},
		{22_800_000_000, "2.28 亿元", "¥228 m"},
		{858_000_000, "858 万元", "¥8.58 m"},
		{228_000_000_000, "22.8 亿元", "¥2.28 bn"},
		{0, "0 元", "¥0"},
		{1, "0.01 元", "¥0.01"},
		{860_050, "8,600.5 元", "¥8,600.50"},
		{999_999, "9,999.99 元", "¥9,999.99"},
		{1_000_000, "1 万元", "¥10,000"},
		{1_000_001, "1 万元", "¥10,000.01"},
		{99_999_999, "100 万元", "¥999,999.99"}, // rounds within its unit
		{9_999_999_999, "1 亿元", "¥100 m"},     // and never to 10,000 万元
		{9_999_499_999, "9,999.5 万元", "¥99.99 m"},
		{99_999_999_999, "10 亿元", "¥1 bn"},
		{-35_600_000, "-35.6 万元", "-¥356,000"},
		{math.MaxInt64, "922,337,203.69 亿元", "¥92,233,720.37 bn"},
		{math.MinInt64, "-922,337,203.69 亿元", "-¥92,233,720.37 bn"},
	} {
		checkRows(t, []row{{"zh", Yuan(ZH, c.fen), c.zh}, {"en", Yuan(EN, c.fen), c.en}})
	}
	checkRows(t, []row{
		{"exact", Exact(261_800_000), "¥2,618,000.00"},
		{"exact, small", Exact(5), "¥0.05"},
		{"exact, negative", Exact(-123_456), "-¥1,234.56"},
		{"exact, least", Exact(math.MinInt64), "-¥92,233,720,368,547,758.08"},
		{"column", AmountIn(2_618_000_000, money.Wan), "2,618"},
		{"column", AmountIn(-1_235_000, money.Wan), "-1.24"},
		{"column, nothing left", AmountIn(-1, money.Yi), "0"},
		{"header", UnitName(ZH, money.Wan) + UnitName(ZH, money.Yi) + UnitName(ZH, money.Yuan), "万元亿元元"},
		{"header", UnitName(EN, money.Wan) + " " + UnitName(EN, money.Yi), "¥10,000 ¥100 m"},
		{"negotiable", Negotiable(ZH) + Negotiable(EN), "面议Negotiable"},
		{"withheld", Withheld(ZH) + Withheld(EN), "不公开Withheld"},
		{"none", None, "—"},
		{"range", YuanRange(ZH, 200_000_000, 500_000_000), "200～500 万元"},
		{"range", YuanRange(EN, 200_000_000, 500_000_000), "¥2–5 m"},
		{"range over units", YuanRange(ZH, 50_000_000, 20_000_000_000), "50 万元～2 亿元"},
		{"range over units", YuanRange(EN, 50_000_000, 20_000_000_000), "¥500,000–¥200 m"},
		{"range of yuan", YuanRange(ZH, 100_000, 500_000), "1,000～5,000 元"},
	})
}

// TestMoneyIsNear: whatever the unit, the number written differs from the amount by at most half of
// its last digit, and its digits never reach the next unit.
func TestMoneyIsNear(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(13, 14))
	sizes := map[string]int64{" 元": 100, " 万元": 1_000_000, " 亿元": 10_000_000_000}
	for range 50_000 {
		f := money.Fen(rnd.Int64() >> rnd.UintN(63))
		text := strings.ReplaceAll(Yuan(ZH, f), ",", "")
		number, unit, _ := strings.Cut(text, " ")
		size := sizes[" "+unit]
		v, ok := new(big.Rat).SetString(number)
		if !ok {
			t.Fatalf("%d: %s", f, text)
		}
		if unit != "亿元" && v.Cmp(big.NewRat(10_000, 1)) >= 0 {
			t.Fatalf("%d is written %s", f, text)
		}
		off := v.Mul(v, big.NewRat(size, 1)).Sub(v, big.NewRat(int64(f), 1))
		if off.Abs(off).Cmp(big.NewRat(size, 200)) > 0 {
			t.Fatalf("%d is written %s, off by %v fen", f, text, off)
		}
	}
}

func ratio(t *testing.T, num, den int64) money.Ratio {
	t.Helper()
	r, err := money.NewRatio(num, den)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	r := func(num, den int64) money.Ratio { return ratio(t, num, den) }
	checkRows(t, []row{
		{"count", Count(ZH, 2150, "家"), "2,150 家"},
		{"count", Count(EN, 2150, "家"), "2,150"},
		{"signs", Sign(">=") + Sign("<=") + Sign(">") + Sign("<") + Sign("~") + Sign("=") + Sign("+"), "≥≤><≈"},
		{"int", Int(0) + Int(999) + " " + Int(-1000) + " " + Int(math.MinInt64),
			"0999 -1,000 -9,223,372,036,854,775,808"},
		{"decimal", Decimal(3860, 2), "38.6"},
		{"decimal", Decimal(-5, 2), "-0.05"},
		{"decimal", Decimal(100, 2), "1"},
		{"decimal", Decimal(0, 2), "0"},
		{"decimal", Decimal(1_234_567, 0), "1,234,567"},
		{"fixed", Fixed(3860, 2), "38.60"},
		{"percent", Percent(r(23, 100), 1), "23%"},
		{"percent", Percent(r(386, 1000), 1), "38.6%"},
		{"percent", Percent(r(1, 3), 2), "33.33%"},
		{"percent", Percent(r(-1, 100_000), 2), "0%"},
		{"percent, half", Percent(r(5, 1000), 0), "1%"},
		{"percent, huge", Percent(r(math.MaxInt64, 1), 2), "922,337,203,685,477,580,700%"},
		{"ratio", Ratio(r(2, 3), 2), "0.67"},
		{"growth", Growth(ZH, r(386, 1000), 1) + Growth(EN, r(386, 1000), 1), "增长 38.6%up 38.6%"},
		{"growth", Growth(ZH, r(-21, 1000), 1) + Growth(EN, r(-21, 1000), 1), "下降 2.1%down 2.1%"},
		{"growth", Growth(ZH, r(1, 10_000), 1) + Growth(EN, money.Ratio{}, 1), "持平unchanged"},
		{"on year", GrowthOnYear(ZH, r(386, 1000), 1), "同比增长 38.6%"},
		{"on year", GrowthOnYear(EN, r(-386, 1000), 1), "down 38.6% year on year"},
		{"points", Points(ZH, r(12, 1000), 1), "上升 1.2 个百分点"},
		{"points", Points(ZH, r(-12, 1000), 1), "下降 1.2 个百分点"},
		{"points", Points(EN, r(12, 1000), 1), "up 1.2 percentage points"},
		{"points", Points(EN, money.Ratio{}, 1), "unchanged"},
	})
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04:05", s, clock.Shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return v.UTC() // the zone of the argument must not matter
}

func TestDates(t *testing.T) {
	t.Parallel()
	when := at(t, "2026-11-20 14:32:05")
	checkRows(t, []row{
		{"document", DateLong(ZH, "2026-11-20"), "2026年11月20日"},
		{"document", DateLong(EN, "2026-11-20"), "20 Nov 2026"},
		{"document", DateLong(ZH, "2026-01-05"), "2026年1月5日"},
		{"table", Date(ZH, "2026-11-20"), "2026-11-20"},
		{"table", Date(EN, "2026-11-20"), "20 Nov 2026"},
		{"card", DateShort(ZH, "2026-11-20"), "11月20日"},
		{"card", DateShort(EN, "2026-11-20"), "20 Nov"},
		{"no date", DateLong(ZH, "") + Date(EN, "") + Date(ZH, "2026-02-30") + DateShort(ZH, ""), ""},
		{"time", DateTime(ZH, when), "2026-11-20 14:32"},
		{"time", DateTime(EN, when), "20 Nov 2026 14:32"},
		{"of day", Minute(when) + " " + Second(when), "14:32 14:32:05"},
		{"near midnight", DateTime(ZH, at(t, "2026-11-21 00:30:00")), "2026-11-21 00:30"},
		{"year", Year(ZH, 2026) + Year(EN, 2026), "2026年2026"},
		{"month", Month(ZH, 2026, 9) + Month(EN, 2026, 9), "2026年9月Sep 2026"},
		{"months", Months(ZH, 2026, 1, 9), "2026年1—9月"},
		{"months", Months(EN, 2026, 1, 9), "Jan–Sep 2026"},
		{"one month", Months(ZH, 2026, 1, 1), "2026年1月"},
		{"quarter", Quarter(ZH, 2026, 3) + Quarter(EN, 2026, 3), "2026年三季度Q3 2026"},
		{"half", Half(ZH, 2026, 1) + Half(ZH, 2026, 2) + Half(EN, 2026, 2), "2026年上半年2026年下半年H2 2026"},
		{"plan", FiveYearPlan(ZH, 14) + FiveYearPlan(EN, 14), "“十四五”14th Five-Year Plan"},
		{"plan", FiveYearPlan(ZH, 9) + FiveYearPlan(ZH, 10) + FiveYearPlan(ZH, 20), "“九五”“十五”“二十五”"},
		{"plan", FiveYearPlan(EN, 1) + FiveYearPlan(EN, 2) + FiveYearPlan(EN, 13) + FiveYearPlan(EN, 23),
			"1st Five-Year Plan2nd Five-Year Plan13th Five-Year Plan23rd Five-Year Plan"},
	})
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ due, now, zh, en string }{
		{"2026-12-15 18:00:00", "2026-11-20 09:00:00", "12月15日 18:00（剩 25 天）",
			"15 Dec 18:00 (25 days left)"},
		{"2026-12-15 18:00:00", "2026-11-20 23:59:59", "12月15日 18:00（剩 25 天）",
			"15 Dec 18:00 (25 days left)"},
		{"2027-01-05 18:00:00", "2026-11-22 09:00:00", "2027年1月5日 18:00（剩 44 天）",
			"5 Jan 2027 18:00 (44 days left)"},
		{"2026-11-23 18:00:00", "2026-11-22 09:00:00", "11月23日 18:00（剩 1 天）",
			"23 Nov 18:00 (1 day left)"},
		{"2026-11-23 18:00:00", "2026-11-22 22:00:00", "11月23日 18:00（剩 20 小时）",
			"23 Nov 18:00 (20 hours left)"},
		{"2026-11-22 18:00:00", "2026-11-22 16:30:00", "11月22日 18:00（剩 1 小时）",
			"22 Nov 18:00 (1 hour left)"},
		{"2026-11-22 18:00:00", "2026-11-22 17:48:00", "11月22日 18:00（剩 12 分钟）",
			"22 Nov 18:00 (12 minutes left)"},
		{"2026-11-22 18:00:00", "2026-11-22 17:59:30", "11月22日 18:00（即将到期）",
			"22 Nov 18:00 (due now)"},
		{"2026-11-22 18:00:00", "2026-11-22 18:00:00", "11月22日 18:00（即将到期）",
			"22 Nov 18:00 (due now)"},
		{"2026-11-22 18:00:00", "2026-11-22 18:00:01", "11月22日 18:00（刚刚逾期）",
			"22 Nov 18:00 (just overdue)"},
		{"2026-11-22 18:00:00", "2026-11-22 18:05:00", "11月22日 18:00（已逾期 5 分钟）",
			"22 Nov 18:00 (5 minutes overdue)"},
		{"2026-11-19 18:00:00", "2026-11-22 18:00:00", "11月19日 18:00（已逾期 3 天）",
			"19 Nov 18:00 (3 days overdue)"},
	} {
		due, now := at(t, c.due), at(t, c.now)
		checkRows(t, []row{{c.now, Deadline(ZH, due, now), c.zh}, {c.now, Deadline(EN, due, now), c.en}})
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-11-22 10:00:00")
	for _, c := range []struct{ when, zh, en string }{
		{"2026-11-22 09:59:30", "刚刚", "just now"},
		{"2026-11-22 10:00:30", "刚刚", "just now"}, // a clock that runs a little ahead
		{"2026-11-22 09:55:00", "5 分钟前", "5 minutes ago"},
		{"2026-11-22 07:00:00", "3 小时前", "3 hours ago"},
		{"2026-11-21 23:00:00", "11 小时前", "11 hours ago"},
		{"2026-11-21 09:00:00", "1 天前", "1 day ago"},
		{"2026-11-19 23:00:00", "3 天前", "3 days ago"},
		{"2026-10-24 10:00:00", "29 天前", "29 days ago"},
		{"2026-10-23 10:00:00", "10月23日", "23 Oct"},
		{"2025-11-22 10:00:00", "2025年11月22日", "22 Nov 2025"},
		{"2026-11-25 10:00:00", "11月25日", "25 Nov"}, // in the future
	} {
		checkRows(t, []row{{c.when, Ago(ZH, at(t, c.when), now), c.zh},
			{c.when, Ago(EN, at(t, c.when), now), c.en}})
	}
}

func TestReferences(t *testing.T) { // not parallel: it registers a text
	English(map[string]string{"测试中试": "Pilot"})
	checkRows(t, []row{
		{"document", DocumentNo("并科发", 2026, 12), "并科发〔2026〕12号"},
		{"id", ShortID("JB", 2026, 17), "JB-2026-017"},
		{"id", ShortID("JB", 2026, 1017), "JB-2026-1017"},
		{"maturity", Maturity(ZH, "测试中试", 6), "测试中试 · 6 / 9 级"},
		{"maturity", Maturity(EN, "测试中试", 6), "Pilot · TRL 6/9"},
	})
}
