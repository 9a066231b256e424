package appraise

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/money"
)

func r(text string) Range { return ParseRange(text) }

const wan = int64(money.Wan)

// Each case is calculated by hand in its comment, in 万元.
func TestValue(t *testing.T) {
	for name, tc := range map[string]struct {
		in              Inputs
		low, base, high int64 // fen
	}{
		// low:  (80+40) × 1.05 × (1−0.30) =  88.2
		// base: (100+50) × 1.10 × (1−0.20) = 132
		// high: (120+60) × 1.15 × (1−0.10) = 186.3
		"cost": {Inputs{Cost: Cost{Items: []Named{{"研发人工", r("80/100/120")}, {"设备与材料", r("40/50/60")}},
			Profit: r("5/10/15"), Obsolescence: r("10/20/30")}}, 882_000_00, 1_320_000_00, 1_863_000_00},
		// One year, revenue 1000, royalty 5 %, tax 25 %, discount 25 %:
		// 1000 × 0.05 × 0.75 ÷ 1.25 = 30
		"one year": {Inputs{Income: Income{Way: Relief, Years: []Range{r("1000")}, Royalty: r("5"),
			Tax: r("25"), Discount: r("25")}}, 30 * wan, 30 * wan, 30 * wan},
		// Two years, revenue 1000 and 2000, royalty 5 %, tax 20 %, discount 25 %:
		// 1000×0.05×0.8÷1.25 + 2000×0.05×0.8÷1.5625 = 32 + 51.2 = 83.2
		// low takes royalty 4 % and discount 60 %: 1000×0.04×0.8÷1.6 + 2000×0.04×0.8÷2.56 = 20 + 25 = 45
		// high takes royalty 6 % and discount 0: 48 + 96 = 144
		"relief": {Inputs{Income: Income{Way: Relief, Years: []Range{r("1000"), r("2000")}, Royalty: r("4/5/6"),
			Tax: r("20"), Discount: r("0/25/60")}}, 45 * wan, 832_000_00, 144 * wan},
		// Excess: revenue 1000, margin 20 %, charge 8 %, tax 25 %, discount 50 %:
		// 1000 × 0.12 × 0.75 ÷ 1.5 = 60; low with margin 16 and charge 10: 1000×0.06×0.75÷1.5 = 30;
		// high with margin 24 and charge 6: 1000×0.18×0.75÷1.5 = 90
		"excess": {Inputs{Income: Income{Way: Excess, Years: []Range{r("1000")}, Margin: r("16/20/24"),
			Charge: r("6/8/10"), Tax: r("25"), Discount: r("50")}}, 30 * wan, 60 * wan, 90 * wan},
		// 200×90 % = 180, 150×110 % = 165, 300×80 % = 240: lowest 165, median 180, highest 240
		"market": {Inputs{Market: []Comparable{{"甲", "200", "90"}, {"乙", "150", "110"}, {"丙", "300", "80"}}},
			165 * wan, 180 * wan, 240 * wan},
		// Two: the median is the mean, (165+180)/2 = 172.5
		"market of two": {Inputs{Market: []Comparable{{"甲", "200", "90"}, {"乙", "150", "110"}}},
			165 * wan, 1_725_000_00, 180 * wan},
		// 100 × 1 ÷ 3: a third of 100 万元 is 333333.333… 元, rounded once: 33333333 fen
		"rounded once": {Inputs{Income: Income{Way: Relief, Years: []Range{r("100")}, Royalty: r("50"),
			Tax: r("0"), Discount: r("50")}}, 33333333, 33333333, 33333333},
	} {
		got, err := Value(tc.in)
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v %v", name, got, err)
			continue
		}
		x := got[0]
		if int64(x.LowFen) != tc.low || int64(x.BaseFen) != tc.base || int64(x.HighFen) != tc.high {
			t.Errorf("%s: %d %d %d, want %d %d %d", name, x.LowFen, x.BaseFen, x.HighFen, tc.low, tc.base,
				tc.high)
		}
	}
}

// Low is never above base, nor base above high, whatever the inputs.
func TestRangesAreOrdered(t *testing.T) {
	p := rand.New(rand.NewPCG(1, 2))
	some := func(most int) Range {
		a, b, c := p.IntN(most), p.IntN(most), p.IntN(most)
		a, b = min(a, b), max(a, b)
		b, c = min(b, c), max(b, c)
		a, b = min(a, b), max(a, b)
		return ParseRange(itoa(a) + "/" + itoa(b) + "/" + itoa(c))
	}
	for range 300 {
		in := Inputs{Cost: Cost{Items: []Named{{"x", some(1000)}, {"y", some(1000)}}, Profit: some(100),
			Obsolescence: some(100)}, Income: Income{Way: Relief, Years: []Range{some(9999), some(9999),
			some(9999)}, Royalty: some(100), Tax: some(100), Discount: some(100)}}
		got, err := Value(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range got {
			if x.LowFen > x.BaseFen || x.BaseFen > x.HighFen || x.LowFen < 0 {
				t.Fatalf("%s: %d %d %d from %+v", x.Method, x.LowFen, x.BaseFen, x.HighFen, in)
			}
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// What is wrong with an input is said at it.
func TestWrongInputs(t *testing.T) {
	for text, in := range map[string]Inputs{
		"cost.0.amount": {Cost: Cost{Items: []Named{{"x", r("3/2/1")}}, Profit: r("1"), Obsolescence: r("1")}},
		"cost.profit":   {Cost: Cost{Items: []Named{{"x", r("3")}}, Profit: r("101"), Obsolescence: r("1")}},
		"income.way": {Income: Income{Way: "x", Years: []Range{r("1")}, Royalty: r("1"), Tax: r("1"),
			Discount: r("1")}},
		"income.charge": {Income: Income{Way: Excess, Years: []Range{r("1")}, Margin: r("5"), Charge: r("6"),
			Tax: r("1"), Discount: r("1")}},
		"market.0.adjust": {Market: []Comparable{{"x", "1", "-5"}}},
		"market.0.price":  {Market: []Comparable{{"x", "1e9", "5"}}},
		"cost.1.amount": {Cost: Cost{Items: []Named{{"x", r("1")}, {"y", r("10000000.01")}}, Profit: r("1"),
			Obsolescence: r("1")}},
		"years.0.amount": {Income: Income{Way: Relief, Years: slices.Repeat([]Range{r("10000000")}, 20),
			Royalty: r("100"), Tax: r("0"), Discount: r("0")}},
	} {
		_, err := Value(in)
		e, ok := fault.As(err)
		if !ok || len(e.Fields) != 1 || e.Fields[0].Name != text {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Amounts that would not fit into whole fen are refused at their fields; the largest that are taken are exact.
func TestLargeAmounts(t *testing.T) {
	ten := func(amount string) Inputs {
		return Inputs{Cost: Cost{Items: slices.Repeat([]Named{{"x", r(amount)}}, 10), Profit: r("0"),
			Obsolescence: r("0")}}
	}
	got, err := Value(ten("10000000"))
	if err != nil || got[0].HighFen != 100_000_000*money.Fen(wan) {
		t.Errorf("%+v %v", got, err)
	}
	for amount, n := range map[string]int{"999999999999": 10, "10000001": 10} {
		_, err := Value(ten(amount))
		if e, ok := fault.As(err); !ok || len(e.Fields) != n || e.Fields[0].Name != "cost.0.amount" {
			t.Errorf("%s: %v", amount, err)
		}
	}
	over := ten("10000000")
	over.Cost.Profit = r("0/0/1")
	if _, err := Value(over); err == nil {
		t.Error("a sum above the limit is taken")
	}
}

// A method that comes to one number is no range; what is wrong is said at its first input.
func TestSpread(t *testing.T) {
	for name, tc := range map[string]struct {
		in    Inputs
		field string
	}{
		"one number": {Inputs{Cost: Cost{Items: []Named{{"x", r("10")}}, Profit: r("0"), Obsolescence: r("0")}},
			"cost.0.amount"},
		"one thrice": {Inputs{Cost: Cost{Items: []Named{{"x", r("10/10/10")}}, Profit: r("0"),
			Obsolescence: r("0")}}, "cost.0.amount"},
		"years": {Inputs{Income: Income{Way: Relief, Years: []Range{r("10")}, Royalty: r("5"), Tax: r("0"),
			Discount: r("0")}}, "years.0.amount"},
		"one deal":   {Inputs{Market: []Comparable{{"x", "10", "100"}}}, "market.0.price"},
		"like deals": {Inputs{Market: []Comparable{{"x", "10", "100"}, {"y", "20", "50"}}}, "market.0.price"},
		"a range": {Inputs{Cost: Cost{Items: []Named{{"x", r("10")}}, Profit: r("0/5/5"), Obsolescence: r("0")}},
			""},
	} {
		got, err := Value(tc.in)
		if err != nil {
			t.Fatal(err)
		}
		var f occasion.Faults
		Spread(got, &f)
		if tc.field == "" && len(f) > 0 || tc.field != "" && (len(f) != 1 || f[0].Name != tc.field) {
			t.Errorf("%s: %v", name, f)
		}
	}
}

// Weights are 100 together, for every kind.
func TestWeights(t *testing.T) {
	for _, k := range Kinds() {
		if n := Five(market.UsualWeights()[k.Value]).Sum(); n != 100 {
			t.Errorf("weights of %s are %d together", k.Value, n)
		}
	}
}

// Five experts, by hand. Science: 60 70 80 90 100, mean 80, trimmed (70+80+90)/3 = 80. Technology:
// 50 50 50 50 100, mean 60, trimmed 50. The rest 40. Applied weights 15 45 20 15 5:
// total = 0.15×80 + 0.45×60 + 0.40×40 = 12 + 27 + 16 = 55; trimmed 12 + 22.5 + 16 = 50.5.
// The experts' own totals: 0.15×60+0.45×50+16 = 47.5 → 48 … 0.15×100+0.45×100+16 = 76.
func TestAggregate(t *testing.T) {
	scores := []Five{{60, 50, 40, 40, 40}, {70, 50, 40, 40, 40}, {80, 50, 40, 40, 40}, {90, 50, 40, 40, 40},
		{100, 100, 40, 40, 40}}
	weights := Five(market.UsualWeights()["applied"])
	got, err := Aggregate(weights, scores, false)
	if err != nil || got.Values[0].Text != "80.00" || got.Values[1].Text != "60.00" ||
		got.Total.Text != "55.00" || got.Total.Low != 48 || got.Total.High != 76 || got.Used != 5 {
		t.Errorf("%+v %v", got, err)
	}
	got, err = Aggregate(weights, scores, true)
	if err != nil || got.Values[1].Text != "50.00" || got.Total.Text != "50.50" || got.Used != 3 ||
		got.Values[1].High != 100 {
		t.Errorf("trimmed: %+v %v", got, err)
	}
}
