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
)

// MethodText says in words how a forecast and its interval were made.
func MethodText(m Method, english bool) string {
	texts := methodTexts[m]
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
}

// YearEnd expects the total of a year from what is there at the end of a period, by the best method
// that the values allow: the mean share of the last three years with their spread; the share of one
// year, and equal months as the other end of the interval; equal months alone. Values are those of
// single periods. ok is false when a period of the year so far is missing.
func YearEnd(values map[Period]*big.Rat, at Period) (f Forecast, ok bool) {
	kind, year := at.Kind(), at.Year()
	if kind == 0 || kind == Year {
		return f, false
	}
	sum := new(big.Rat)
	for _, p := range NewPeriod(Year, year, 1).Split(kind)[:at.Number()] {
		if values[p] == nil {
			return f, false
		}
		sum.Add(sum, values[p])
	}
	_, month := at.End()
	even := new(big.Rat).Quo(sum, big.NewRat(int64(month), 12))
	shape, ok := UsualShape(values, kind, year)
	share := shape.At(at)
	if !ok || share == nil || share.Sign() <= 0 || shape.Low[month-1].Sign() <= 0 {
		return Forecast{Value: even, Method: ByMonths}, true
	}
	f = Forecast{Value: new(big.Rat).Quo(sum, share), Years: shape.Years, Method: ByShape}
	if len(shape.Years) == 1 {
		f.Method = ByLast
		f.Low, f.High = f.Value, even
		if even.Cmp(f.Value) < 0 {
			f.Low, f.High = even, f.Value
		}
		return f, true
	}
	// A larger share so far means less to come. Sums below nothing turn the order round.
	f.Low = new(big.Rat).Quo(sum, shape.High[month-1])
	f.High = new(big.Rat).Quo(sum, shape.Low[month-1])
	if f.Low.Cmp(f.High) > 0 {
		f.Low, f.High = f.High, f.Low
	}
	return f, true
}

// trendYears bounds how far back a line is drawn through; minTrend is the least it needs.
const (
	trendYears = 8
	minTrend   = 3
)

// Trend expects the value of a year by the straight line of least squares through the years before,
// at most eight; the interval is the largest distance of one of them from the line. It is for stocks
// and shares, which do not add up over a year. ok is false with fewer than three years.
func Trend(values map[Period]*big.Rat, year int) (f Forecast, ok bool) {
	var xs []int64
	var ys []*big.Rat
	for y := year - trendYears; y < year; y++ {
		if v := values[NewPeriod(Year, y, 1)]; v != nil {
			xs, ys = append(xs, int64(y-year)), append(ys, v)
			f.Years = append(f.Years, y)
		}
	}
	if len(xs) < minTrend {
		return Forecast{}, false
	}
	n := big.NewRat(int64(len(xs)), 1)
	sx, sy, sxx, sxy := new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)
	for i, x := range xs {
		at := big.NewRat(x, 1)
		sx.Add(sx, at)
		sy.Add(sy, ys[i])
		sxx.Add(sxx, new(big.Rat).Mul(at, at))
		sxy.Add(sxy, new(big.Rat).Mul(at, ys[i]))
	}
	// slope = (n·Σxy − Σx·Σy) / (n·Σx² − (Σx)²); x is 0 in the year asked for.
	slope := new(big.Rat).Sub(new(big.Rat).Mul(n, sxy), new(big.Rat).Mul(sx, sy))
	slope.Quo(slope, new(big.Rat).Sub(new(big.Rat).Mul(n, sxx), new(big.Rat).Mul(sx, sx)))
	f.Value = new(big.Rat).Quo(new(big.Rat).Sub(sy, new(big.Rat).Mul(slope, sx)), n)
	f.Method = ByTrend
	spread := new(big.Rat)
	for i, x := range xs {
		off := new(big.Rat).Mul(slope, big.NewRat(x, 1))
		off.Sub(ys[i], off.Add(off, f.Value))
		if off.Abs(off).Cmp(spread) > 0 {
			spread = off
		}
	}
	f.Low, f.High = new(big.Rat).Sub(f.Value, spread), new(big.Rat).Add(f.Value, spread)
	return f, true
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
