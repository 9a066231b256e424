package series

import (
	"math/big"
	"slices"
	"strconv"
)

// Method names how a forecast was made. See MethodText.
type Method string

const (
	ByShape  Method = "shape"  // the usual shape of two or three years
	ByLast   Method = "last"   // the share of one year
	ByMonths Method = "months" // equal months
	ByTrend  Method = "trend"  // a straight line through years
	ByLevel  Method = "level"  // a straight line through the quarters or months of late
)

// MethodText says in words how a forecast and its interval were made.
func MethodText(m Method, english bool) string { return inWords(methodTexts[m], english) }

// Lack says why there is no forecast, or no interval. See LackText.
type Lack string

const (
	LackDone   Lack = "done"   // the value is there
	LackYear   Lack = "year"   // no period of the year is over and known
	LackGap    Lack = "gap"    // a period of the year is missing that the sum needs
	LackYears  Lack = "years"  // a line needs three years
	LackPoints Lack = "points" // a line needs four periods of late
	LackPace   Lack = "pace"   // one stretch of a year shows no spread
)

// LackText says in words why there is no forecast, or no interval.
func LackText(l Lack, english bool) string { return inWords(lackTexts[l], english) }

func inWords(texts [2]string, english bool) string {
	if english {
		return texts[1]
	}
	return texts[0]
}

// Forecast is an expected value at the end of the year with the interval that its method gives.
type Forecast struct {
	Value  *big.Rat
	Low    *big.Rat // nil when the method gives no interval
	High   *big.Rat
	Method Method
	Years  []int // that it rests on
	Lack   Lack  // why it has no interval, "" when it has one
}

// ToDate adds up the values of single periods of a kind from the start of each year, as far as none is
// missing.
func ToDate(values map[Period]*big.Rat, kind Kind) map[Period]*big.Rat {
	out := map[Period]*big.Rat{}
	years := map[int]bool{}
	for p := range values {
		years[p.Year()] = true
	}
	for year := range years {
		sum := new(big.Rat)
		for _, p := range NewPeriod(Year, year, 1).Split(kind) {
			if values[p] == nil {
				break
			}
			sum = new(big.Rat).Add(sum, values[p])
			out[p] = sum
		}
	}
	return out
}

// YearEnd expects the total of a year from the sum that is there at the end of a period, by the best method
// that the sums allow. Sums run from the start of their year to the end of their period; which periods
// between are known does not matter.
//
// The share that was there at the same time is taken of up to three years before: of two or three, the
// mean share, and the largest and the smallest for the interval; of one, its share, and equal months as
// the other end. Without a year to compare with, every month is expected to bring what the months so far
// brought, and the interval lets the months that are left run as the slowest and as the fastest stretch of
// the year did; one stretch alone has no interval. There is no forecast without a sum, and none is needed
// when the year is over.
func YearEnd(sums map[Period]*big.Rat, at Period) (Forecast, Lack) {
	_, month := at.End()
	sum := sums[at]
	switch {
	case at.Kind() == 0:
		return Forecast{}, LackYear
	case sum == nil:
		return Forecast{}, LackGap
	case month == 12:
		return Forecast{}, LackDone
	}
	even := new(big.Rat).Quo(sum, big.NewRat(int64(month), 12))
	f := Forecast{Method: ByShape}
	mean, low, high := new(big.Rat), (*big.Rat)(nil), (*big.Rat)(nil)
	for y := at.Year() - 1; y >= at.Year()-shapeYears; y-- {
		share := shareIn(sums, at, y)
		if share == nil {
			continue
		}
		mean.Add(mean, share)
		if low == nil || share.Cmp(low) < 0 {
			low = share
		}
		if high == nil || share.Cmp(high) > 0 {
			high = share
		}
		f.Years = append(f.Years, y)
	}
	if len(f.Years) == 0 || low.Sign() <= 0 {
		return byMonths(sums, at, even), ""
	}
	mean.Quo(mean, big.NewRat(int64(len(f.Years)), 1))
	f.Value = new(big.Rat).Quo(sum, mean)
	// A larger share so far means less to come. Sums below nothing turn the order round.
	f.Low, f.High = new(big.Rat).Quo(sum, high), new(big.Rat).Quo(sum, low)
	if len(f.Years) == 1 {
		f.Method, f.Low, f.High = ByLast, f.Value, even
	}
	if f.Low.Cmp(f.High) > 0 {
		f.Low, f.High = f.High, f.Low
	}
	return f, ""
}

// shareIn is how much of its total a year had at the same time, nil when it is not known or the total is
// not above nothing.
func shareIn(sums map[Period]*big.Rat, at Period, year int) *big.Rat {
	kind := at.Kind()
	have, all := sums[NewPeriod(kind, year, at.Number())], sums[NewPeriod(kind, year, kind.PerYear())]
	if have == nil || all == nil || all.Sign() <= 0 {
		return nil
	}
	return new(big.Rat).Quo(have, all)
}

// byMonths expects the months that are left to bring what those so far brought.
func byMonths(sums map[Period]*big.Rat, at Period, even *big.Rat) Forecast {
	f := Forecast{Value: even, Method: ByMonths, Lack: LackPace}
	var slow, fast *big.Rat // what a stretch between two known sums brought a month
	stretches, before, since := 0, new(big.Rat), 0
	for n := 1; n <= at.Number(); n++ {
		p := NewPeriod(at.Kind(), at.Year(), n)
		if sums[p] == nil {
			continue
		}
		_, month := p.End()
		pace := new(big.Rat).Sub(sums[p], before)
		pace.Quo(pace, big.NewRat(int64(month-since), 1))
		if slow == nil || pace.Cmp(slow) < 0 {
			slow = pace
		}
		if fast == nil || pace.Cmp(fast) > 0 {
			fast = pace
		}
		stretches, before, since = stretches+1, sums[p], month
	}
	if stretches < 2 {
		return f
	}
	left := big.NewRat(int64(12-since), 1)
	f.Lack = ""
	f.Low = new(big.Rat).Add(before, new(big.Rat).Mul(slow, left))
	f.High = new(big.Rat).Add(before, new(big.Rat).Mul(fast, left))
	return f
}

// trendYears and levelYears bound how far back a line is drawn through; minTrend and minLevel are the least
// it needs.
const (
	trendYears = 8
	levelYears = 3
	minTrend   = 3
	minLevel   = 4
)

// Trend expects the value of a year by the straight line of least squares through the years before, at
// most eight. It is for stocks and shares, which do not add up over a year. The interval is the one that
// holds the value in 80 of 100 cases if the years scatter around the line as they did (80 % prediction
// interval): ± t·s·√(1 + 1/n + (x−x̄)²/Σ(xᵢ−x̄)²), s² being the squares of the residuals over n−2.
func Trend(values map[Period]*big.Rat, year int) (Forecast, Lack) {
	f := Forecast{Method: ByTrend}
	var xs []int64
	var ys []*big.Rat
	for y := year - trendYears; y < year; y++ {
		if v := values[NewPeriod(Year, y, 1)]; v != nil {
			xs, ys = append(xs, int64(y-year)), append(ys, v)
			f.Years = append(f.Years, y)
		}
	}
	if len(xs) < minTrend {
		return Forecast{}, LackYears
	}
	f.line(xs, ys)
	return f, ""
}

// Level expects the value of the last period of a year, of a kind shorter than it, by the straight line of
// least squares through the periods up to another one, those of three years at most and four at least.
// It is for values that do not add up over a year, by quarter or month. The interval is that of Trend.
func Level(values map[Period]*big.Rat, at Period, year int) (Forecast, Lack) {
	kind := at.Kind()
	if kind == 0 || kind == Year {
		return Forecast{}, LackYear
	}
	if end := NewPeriod(kind, year, kind.PerYear()); at.SortKey() >= end.SortKey() {
		return Forecast{}, LackDone
	}
	ahead := int64((year-at.Year())*kind.PerYear() + kind.PerYear() - at.Number())
	f := Forecast{Method: ByLevel}
	var xs []int64
	var ys []*big.Rat
	for p, back := at, 0; back < levelYears*kind.PerYear(); p, back = p.Prev(), back+1 {
		if v := values[p]; v != nil {
			xs, ys = append(xs, -ahead-int64(back)), append(ys, v)
			if !slices.Contains(f.Years, p.Year()) {
				f.Years = append(f.Years, p.Year())
			}
		}
	}
	if len(xs) < minLevel {
		return Forecast{}, LackPoints
	}
	f.line(xs, ys)
	return f, ""
}

// line expects the value at x = 0 by least squares, with its prediction interval.
func (f *Forecast) line(xs []int64, ys []*big.Rat) {
	n := big.NewRat(int64(len(xs)), 1)
	sx, sy, sxx, sxy := new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)
	for i, x := range xs {
		at := big.NewRat(x, 1)
		sx.Add(sx, at)
		sy.Add(sy, ys[i])
		sxx.Add(sxx, new(big.Rat).Mul(at, at))
		sxy.Add(sxy, new(big.Rat).Mul(at, ys[i]))
	}
	// slope = (n·Σxy − Σx·Σy) / (n·Σx² − (Σx)²); the lower part is n times the squares of x around its mean.
	below := new(big.Rat).Sub(new(big.Rat).Mul(n, sxx), new(big.Rat).Mul(sx, sx))
	slope := new(big.Rat).Sub(new(big.Rat).Mul(n, sxy), new(big.Rat).Mul(sx, sy))
	slope.Quo(slope, below)
	f.Value = new(big.Rat).Quo(new(big.Rat).Sub(sy, new(big.Rat).Mul(slope, sx)), n)
	squares := new(big.Rat)
	for i, x := range xs {
		off := new(big.Rat).Mul(slope, big.NewRat(x, 1))
		off.Sub(ys[i], off.Add(off, f.Value))
		squares.Add(squares, off.Mul(off, off))
	}
	// (0 − x̄)² / Σ(xᵢ−x̄)² = (Σx)² / (n · below)
	spread := new(big.Rat).Quo(new(big.Rat).Mul(sx, sx), new(big.Rat).Mul(n, below))
	spread.Add(spread, new(big.Rat).Inv(n)).Add(spread, one)
	spread.Mul(spread, squares).Quo(spread, big.NewRat(int64(len(xs)-2), 1))
	half := new(big.Rat)
	if spread.Sign() > 0 {
		half, _ = Root(spread, 2)
		half = new(big.Rat).Mul(half, student80(len(xs)-2))
	}
	f.Low, f.High = new(big.Rat).Sub(f.Value, half), new(big.Rat).Add(f.Value, half)
}

// student80 is the quantile of Student's distribution that leaves a tenth on either side. Beyond the table
// its last value is a little wide.
func student80(freedom int) *big.Rat {
	thousandths := []int64{3078, 1886, 1638, 1533, 1476, 1440, 1415, 1397, 1383, 1372, 1363, 1356, 1350, 1345,
		1341, 1337, 1333, 1330, 1328, 1325}
	return big.NewRat(thousandths[min(freedom, len(thousandths))-1], 1000)
}

// YearsText joins the years a forecast rests on: 2023、2024、2025.
func (f Forecast) YearsText() string {
	years := slices.Sorted(slices.Values(f.Years))
	text := ""
	for i, y := range years {
		if i > 0 {
			text += "、"
		}
		text += strconv.Itoa(y)
	}
	return text
}
