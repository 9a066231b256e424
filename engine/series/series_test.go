package series

import (
	"math/big"
	"strings"
	"testing"
)

func r(text string) *big.Rat {
	x, ok := new(big.Rat).SetString(text)
	if !ok {
		panic(text)
	}
	return x
}

func shown(x *big.Rat) string {
	if x == nil {
		return "none"
	}
	return x.RatString()
}

func TestRoot(t *testing.T) {
	for _, c := range []struct {
		x     string
		n     int
		want  string
		exact bool
	}{
		{"4", 2, "2", true}, {"8/27", 3, "2/3", true}, {"1", 50, "1", true}, {"7", 1, "7", true},
		// 30 digits of √2, ³√2 and of a small and a large number, from published expansions.
		{"2", 2, "1.41421356237309504880168872421", false},
		{"2", 3, "1.25992104989487316476721060728", false},
		{"1/5000", 2, "0.0141421356237309504880168872421", false},
		{"2000000", 2, "1414.21356237309504880168872421", false},
		{"3", 2, "1.73205080756887729352744634151", false}, // …1505…: rounded up
	} {
		got, exact := Root(r(c.x), c.n)
		if got.Cmp(r(c.want)) != 0 || exact != c.exact {
			t.Errorf("root %d of %s = %s, %v", c.n, c.x, got.FloatString(32), exact)
		}
	}
}

func TestRound(t *testing.T) {
	for _, c := range []struct {
		x    string
		n    int
		want [2]string // half away from zero, half to even
	}{
		{"2.5", 0, [2]string{"3", "2"}}, {"3.5", 0, [2]string{"4", "4"}}, {"-2.5", 0, [2]string{"-3", "-2"}},
		{"1.005", 2, [2]string{"1.01", "1"}}, {"2/3", 3, [2]string{"0.667", "0.667"}}, {"0", 2, [2]string{"0", "0"}},
		{"-0.4", 0, [2]string{"0", "0"}},
	} {
		for i, even := range []bool{false, true} {
			if got := Round(r(c.x), c.n, even); got.Cmp(r(c.want[i])) != 0 {
				t.Errorf("Round(%s, %d, %v) = %s, want %s", c.x, c.n, even, got, c.want[i])
			}
		}
	}
}

func TestGrowth(t *testing.T) {
	for _, c := range [][3]string{
		{"2137", "380", "1757/380"}, {"8700", "321", "8379/321"}, {"3", "0", ""}, {"3", "-1", ""}, {"0", "2", "-1"},
	} {
		want := "none"
		if c[2] != "" {
			want = r(c[2]).RatString()
		}
		if got := shown(Growth(r(c[0]), r(c[1]))); got != want {
			t.Errorf("growth from %s to %s = %s, want %s", c[1], c[0], got, want)
		}
	}
	if rate, exact := MeanGrowth(r("121"), r("100"), 2); shown(rate) != "1/10" || !exact {
		t.Errorf("mean growth = %s, %v", shown(rate), exact)
	}
	// 山西电机厂: doubled in three years is 26.0 % a year (domain/10, claim 9).
	if rate, exact := MeanGrowth(r("2"), r("1"), 3); exact || rate.FloatString(3) != "0.260" {
		t.Errorf("mean growth = %s, %v", shown(rate), exact)
	}
	if rate, _ := MeanGrowth(r("0"), r("1"), 3); rate != nil {
		t.Errorf("mean growth to nothing = %s", rate)
	}
}

func TestCompletion(t *testing.T) {
	for _, c := range []struct {
		d                          Direction
		actual, target, base, want string
	}{
		{Up, "90", "100", "", "9/10"}, {Up, "90", "0", "", "none"},
		{Down, "40", "35", "", "7/8"}, {Down, "0", "35", "", "none"},
		{Cut, "38", "35", "41", "1/2"}, {Cut, "44", "35", "41", "-1/2"}, {Cut, "38", "41", "41", "none"},
		{Cut, "38", "35", "", "none"}, {0, "1", "1", "", "none"},
	} {
		var base *big.Rat
		if c.base != "" {
			base = r(c.base)
		}
		if got := shown(Completion(c.d, r(c.actual), r(c.target), base)); got != c.want {
			t.Errorf("completion %+v = %s", c, got)
		}
	}
}

// quarters are the values of years with the shares 10, 20, 30, 40 % and one that came earlier.
func quarters() map[Period]*big.Rat {
	v := map[Period]*big.Rat{}
	for year, list := range map[int][4]string{2023: {"10", "20", "30", "40"}, 2024: {"20", "40", "60", "80"},
		2025: {"25", "25", "25", "25"}, 2026: {"12", "18", "", ""}} {
		for i, x := range list {
			if x != "" {
				v[NewPeriod(Quarter, year, i+1)] = r(x)
			}
		}
	}
	return v
}

func TestSchedule(t *testing.T) {
	p, ok := Schedule(r("50"), r("120"), "2026-05", EqualMonths())
	if !ok || shown(p.Planned) != "50" || p.Ahead.Sign() != 0 || shown(p.Gap) != "70" || p.Months != 7 ||
		shown(p.Needed) != "10" {
		t.Errorf("pace by equal months: %+v", p)
	}
	shape, ok := UsualShape(quarters(), Quarter, 2026)
	if !ok || len(shape.Years) != 3 || shown(shape.At("2026Q2")) != "11/30" || shown(shape.At("2026-05")) != "none" {
		t.Fatalf("usual shape: %v %s", shape.Years, shown(shape.At("2026Q2")))
	}
	p, ok = Schedule(r("30"), r("90"), "2026Q2", shape)
	if !ok || shown(p.Planned) != "33" || shown(p.Ahead) != "-3" || shown(p.Points) != "-1/30" {
		t.Errorf("pace by shape: %s %s %s", shown(p.Planned), shown(p.Ahead), shown(p.Points))
	}
	p, _ = Schedule(r("100"), r("90"), "2026-12", EqualMonths())
	if p.Gap.Sign() != 0 || p.Needed != nil {
		t.Errorf("a target that was passed leaves a gap of %s, %s a month", p.Gap, shown(p.Needed))
	}
	if _, ok := Schedule(nil, r("90"), "2026Q2", shape); ok {
		t.Error("a missing value has a pace")
	}
}

func TestYearEnd(t *testing.T) {
	values := quarters()
	check := func(name string, sums map[Period]*big.Rat, at Period, m Method, value, low, high string) Forecast {
		t.Helper()
		f, lack := YearEnd(sums, at)
		if lack != "" || f.Method != m || shown(f.Value) != value || shown(f.Low) != low || shown(f.High) != high ||
			(f.Low == nil) != (f.Lack != "") {
			t.Errorf("%s: %s from %s to %s by %s, %s%s", name, shown(f.Value), shown(f.Low), shown(f.High), f.Method,
				f.Lack, lack)
		}
		return f
	}
	// 30 so far; shares at mid-year 30 %, 30 %, 50 %: mean 11/30.
	f := check("three years", ToDate(values, Quarter), "2026Q2", ByShape, "900/11", "60", "100")
	if f.YearsText() != "2023、2024、2025" {
		t.Errorf("years %s", f.YearsText())
	}
	// Only sums to date of the third quarter and of the whole year are known: 60 %, 60 %, 75 %.
	sums := map[Period]*big.Rat{"2023Q3": r("60"), "2023Q4": r("100"), "2024Q3": r("120"), "2024Q4": r("200"),
		"2025Q3": r("75"), "2025Q4": r("100"), "2026Q3": r("39")}
	check("sums alone", sums, "2026Q3", ByShape, "60", "52", "65")
	delete(values, "2023Q4")
	delete(values, "2025Q1")
	check("one year", ToDate(values, Quarter), "2026Q2", ByLast, "100", "60", "100")
	delete(values, "2024Q4")
	// 12 in the first quarter, 18 in the second: 4 and 6 a month for the six months that are left.
	check("no year", ToDate(values, Quarter), "2026Q2", ByMonths, "60", "54", "66")
	f = check("one sum", map[Period]*big.Rat{"2026Q3": r("39")}, "2026Q3", ByMonths, "52", "none", "none")
	if f.Lack != LackPace {
		t.Errorf("why no interval: %s", f.Lack)
	}
	for at, want := range map[Period]Lack{"2026Q3": LackGap, "": LackYear} {
		if _, lack := YearEnd(ToDate(values, Quarter), at); lack != want {
			t.Errorf("at %q: %s", at, lack)
		}
	}
	if _, lack := YearEnd(map[Period]*big.Rat{"2026Q4": r("1")}, "2026Q4"); lack != LackDone {
		t.Errorf("a year that is over: %s", lack)
	}
	for _, m := range []Method{ByShape, ByLast, ByMonths, ByTrend, ByLevel} {
		if MethodText(m, false) == "" || MethodText(m, true) == "" {
			t.Errorf("method %s has no words", m)
		}
	}
	for _, l := range []Lack{LackDone, LackYear, LackGap, LackYears, LackPoints, LackPace} {
		if LackText(l, false) == "" || LackText(l, true) == "" {
			t.Errorf("lack %s has no words", l)
		}
	}
}

// half is the half width of an interval around its value, to digits.
func half(t *testing.T, f Forecast, digits int) string {
	t.Helper()
	up, down := new(big.Rat).Sub(f.High, f.Value), new(big.Rat).Sub(f.Value, f.Low)
	if up.Cmp(down) != 0 {
		t.Errorf("interval %s to %s around %s", shown(f.Low), shown(f.High), shown(f.Value))
	}
	return up.FloatString(digits)
}

func TestTrend(t *testing.T) {
	v := map[Period]*big.Rat{"2021": r("10"), "2022": r("13"), "2024": r("18"), "2010": r("999")}
	f, lack := Trend(v, 2026)
	// Least squares through (−5, 10), (−4, 13), (−2, 18): slope 37/14, 327/14 at 0. Squares of the residuals
	// 1/14 with one degree of freedom, times 1 + 1/3 + (11/3)² / (14/3): 59/196; 3.078 times its root.
	if lack != "" || shown(f.Value) != "327/14" || len(f.Years) != 3 || f.Method != ByTrend ||
		half(t, f, 4) != "1.6888" {
		t.Errorf("trend = %s ± %s of %v", shown(f.Value), half(t, f, 4), f.Years)
	}
	f, _ = Trend(map[Period]*big.Rat{"2023": r("1"), "2024": r("2"), "2025": r("3")}, 2026)
	if shown(f.Value) != "4" || half(t, f, 4) != "0.0000" {
		t.Errorf("a straight line goes on to %s ± %s", shown(f.Value), half(t, f, 4))
	}
	delete(v, "2021")
	if _, lack := Trend(v, 2026); lack != LackYears {
		t.Errorf("a line through two points: %q", lack)
	}
}

func TestLevel(t *testing.T) {
	v := map[Period]*big.Rat{"2025Q3": r("10"), "2025Q4": r("12"), "2026Q1": r("11"), "2026Q2": r("13"),
		"2022Q4": r("999")}
	f, lack := Level(v, "2026Q2", 2026)
	// (−5, 10), (−4, 12), (−3, 11), (−2, 13): slope 0.8, 14.3 at 0. Squares of the residuals 1.8, over two
	// degrees 0.9, times 1 + 1/4 + 3.5²/5 = 3.7: 3.33; 1.886 times its root.
	if lack != "" || shown(f.Value) != "143/10" || f.Method != ByLevel || half(t, f, 3) != "3.442" ||
		f.YearsText() != "2025、2026" {
		t.Errorf("level = %s ± %s of %s", shown(f.Value), half(t, f, 3), f.YearsText())
	}
	if _, lack := Level(v, "2026Q4", 2026); lack != LackDone {
		t.Errorf("at the end: %q", lack)
	}
	delete(v, "2025Q3")
	if _, lack := Level(v, "2026Q2", 2026); lack != LackPoints {
		t.Errorf("a line through three points: %q", lack)
	}
}

func reported(p Period, pairs ...string) Reported {
	out := Reported{Period: p}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Reports = append(out.Reports, Report{pairs[i], r(pairs[i+1])})
	}
	return out
}

func TestSuspicious(t *testing.T) {
	list := []Reported{
		reported("2026-03", "2026-04-10", "12"), reported("2026-01", "2026-02-10", "10"),
		reported("2026-02", "2026-03-10", "11", "2026-09-01", "14"),
		reported("2026-04", "2026-05-10", "13"), reported("2026-05", "2026-06-10", "12"),
		reported("2026-06", "2026-07-10", "13"), reported("2026-07", "2026-12-20", "40"),
	}
	w := Watch{LateDays: 60, LateShare: r("0.05"), Before: []string{"2026-12-31"}, BeforeDays: 30, JumpTimes: r("5"),
		Direction: Up}
	got := Suspicious(list, w)
	var words []string
	for _, f := range got {
		words = append(words, f.Periods[0].String()+" "+f.Text(false))
	}
	want := "2026-02 首次报送175天后（2026-09-01）由11改为14; " +
		"2026-07 2026-12-31考核前报送，较上期变动27，是平常变动1的27.0倍"
	if s := strings.Join(words, "; "); s != want {
		t.Errorf("found %s", s)
	}
	w.Direction = Down // the jump goes to the bad side then
	if got := Suspicious(list, w); len(got) != 1 || got[0].Code != "late" {
		t.Errorf("found %v", got)
	}
	w.LateShare = r("0.5")
	if got := Suspicious(list, w); len(got) != 0 {
		t.Errorf("found %v", got)
	}
}

func TestGaps(t *testing.T) {
	list := []Reported{
		reported("2026-01", "2026-02-10", "90"), reported("2026-02", "2026-03-10", "85"),
		reported("2026-03", "2026-04-10", "60"), reported("2026-04"), reported("2026-05"),
		reported("2026-06", "2026-07-10", "82"),
	}
	w := Watch{Target: r("80"), Direction: Up}
	got := Suspicious(list, w)
	if len(got) != 1 || got[0].Text(false) != "缺2期，都在未达80的数据之后；达标的3期之后无缺" || len(got[0].Periods) != 2 {
		t.Errorf("found %+v", got)
	}
	if got := Suspicious(append(list, reported("2026-07")), w); len(got) != 0 {
		t.Errorf("a gap behind a good value: %+v", got)
	}
}

func FuzzRoot(f *testing.F) {
	f.Add(int64(2), int64(3), 5)
	f.Fuzz(func(t *testing.T, num, den int64, n int) {
		if num <= 0 || den <= 0 || n < 1 || n > 60 {
			return
		}
		x := big.NewRat(num, den)
		root, exact := Root(x, n)
		// Half a unit of the last digit to both sides encloses the root.
		half := new(big.Rat).Mul(root, shifted(big.NewRat(1, 1), 1-RootDigits))
		low, high := new(big.Rat).Sub(root, half), new(big.Rat).Add(root, half)
		if exact && power(root, n).Cmp(x) != 0 {
			t.Fatalf("root %d of %s = %s is not exact", n, x, root)
		}
		if power(low, n).Cmp(x) > 0 || power(high, n).Cmp(x) < 0 {
			t.Fatalf("root %d of %s = %s", n, x, root.FloatString(40))
		}
	})
}
