package series

import "math/big"

// Direction says how a target is met (指标方向).
type Direction uint8

const (
	Up   Direction = iota + 1 // 正向: more is better, actual / target
	Down                      // 逆向: less is better, target / actual
	Cut                       // 下降任务: (base − actual) / (base − target)
)

var one = big.NewRat(1, 1)

// Growth is now / base − 1 (增幅). It is nil without a positive base: from nothing or from a loss no
// rate can be told.
func Growth(now, base *big.Rat) *big.Rat {
	if now == nil || base == nil || base.Sign() <= 0 {
		return nil
	}
	x := new(big.Rat).Quo(now, base)
	return x.Sub(x, one)
}

// MeanGrowth is the yearly growth over years (年均增长): exact when the root is, else to RootDigits
// digits. It is nil without positive ends or years.
func MeanGrowth(now, base *big.Rat, years int) (rate *big.Rat, exact bool) {
	if now == nil || base == nil || base.Sign() <= 0 || now.Sign() <= 0 || years < 1 || years > 200 {
		return nil, false
	}
	x, exact := Root(new(big.Rat).Quo(now, base), years)
	return x.Sub(x, one), exact
}

// Completion is how much of a target is met (完成率), 1 being all of it. base counts for Cut only. It is
// nil when a value is missing or the quotient has no meaning: a target of nothing, a cut of nothing.
func Completion(d Direction, actual, target, base *big.Rat) *big.Rat {
	switch {
	case actual == nil || target == nil:
	case d == Up && target.Sign() > 0:
		return new(big.Rat).Quo(actual, target)
	case d == Down && actual.Sign() > 0 && target.Sign() >= 0:
		return new(big.Rat).Quo(target, actual)
	case d == Cut && base != nil && base.Cmp(target) > 0:
		done := new(big.Rat).Sub(base, actual)
		return done.Quo(done, new(big.Rat).Sub(base, target))
	}
	return nil
}

// Shape is how the total of a year grows over it (进度曲线): the share that is usually there at the end
// of each month, as 1 for all of it.
type Shape struct {
	Share  [12]*big.Rat // cumulative, by the end of month 1 to 12
	Low    [12]*big.Rat // the smallest and the largest of the years
	High   [12]*big.Rat
	Years  []int // that it was made of, none for equal months
	Months bool  // every month is known; else only the ends of quarters or halves
}

// EqualMonths is the shape in which every month brings a twelfth (按月均衡).
func EqualMonths() Shape {
	s := Shape{Months: true}
	for i := range s.Share {
		x := big.NewRat(int64(i+1), 12)
		s.Share[i], s.Low[i], s.High[i] = x, x, x
	}
	return s
}

// shapeYears is how many years the usual shape looks back to.
const shapeYears = 3

// UsualShape is the mean shape of the last three years before year whose every period is known
// (近三年同期占比). Values are those of single periods, not cumulative, of one kind. ok is false without
// a full year that sums to more than nothing.
func UsualShape(values map[Period]*big.Rat, kind Kind, year int) (s Shape, ok bool) {
	s.Months = kind == Month
	for y := year - 1; y >= year-shapeYears; y-- {
		shares, full := yearShares(values, kind, y)
		if !full {
			continue
		}
		for m, x := range shares {
			if x == nil {
				continue
			}
			if s.Share[m] == nil {
				s.Share[m], s.Low[m], s.High[m] = new(big.Rat), x, x
			}
			s.Share[m] = new(big.Rat).Add(s.Share[m], x)
			if x.Cmp(s.Low[m]) < 0 {
				s.Low[m] = x
			}
			if x.Cmp(s.High[m]) > 0 {
				s.High[m] = x
			}
		}
		s.Years = append(s.Years, y)
	}
	for m, x := range s.Share {
		if x != nil {
			s.Share[m] = new(big.Rat).Quo(x, big.NewRat(int64(len(s.Years)), 1))
		}
	}
	return s, len(s.Years) > 0
}

// yearShares are the cumulative shares of a year by the month its periods end with.
func yearShares(values map[Period]*big.Rat, kind Kind, year int) (shares [12]*big.Rat, ok bool) {
	sum := new(big.Rat)
	for _, p := range NewPeriod(Year, year, 1).Split(kind) {
		x := values[p]
		if x == nil {
			return shares, false
		}
		_, month := p.End()
		sum = new(big.Rat).Add(sum, x)
		shares[month-1] = sum
	}
	if sum.Sign() <= 0 {
		return shares, false
	}
	for m, x := range shares {
		if x != nil {
			shares[m] = new(big.Rat).Quo(x, sum)
		}
	}
	return shares, true
}

// At is the share that should be there at the end of a period, nil when the shape does not know.
func (s Shape) At(p Period) *big.Rat {
	if !p.Valid() {
		return nil
	}
	_, month := p.End()
	return s.Share[month-1]
}

// Pace says how a year's total stands against its target at the end of a period (时序进度).
type Pace struct {
	Planned *big.Rat // what should be there: target × share
	Ahead   *big.Rat // actual − planned; negative is behind
	Points  *big.Rat // actual / target − share, as 1 for 100 percentage points
	Gap     *big.Rat // target − actual; not below nothing
	Months  int      // that are left
	Needed  *big.Rat // gap a month from now on, nil when no month is left
}

// Schedule compares the cumulative actual at the end of a period with the target of its year.
func Schedule(actual, target *big.Rat, at Period, shape Shape) (Pace, bool) {
	share := shape.At(at)
	if actual == nil || target == nil || share == nil || target.Sign() <= 0 {
		return Pace{}, false
	}
	_, month := at.End()
	p := Pace{Planned: new(big.Rat).Mul(target, share), Months: 12 - month}
	p.Ahead = new(big.Rat).Sub(actual, p.Planned)
	p.Points = new(big.Rat).Sub(new(big.Rat).Quo(actual, target), share)
	if p.Gap = new(big.Rat).Sub(target, actual); p.Gap.Sign() < 0 {
		p.Gap = new(big.Rat)
	}
	if p.Months > 0 {
		p.Needed = new(big.Rat).Quo(p.Gap, big.NewRat(int64(p.Months), 1))
	}
	return p, true
}
