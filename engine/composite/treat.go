package composite

import (
	"fmt"
	"math"
	"slices"
)

// Treatment says what is done about outliers: an indicator whose skewness and kurtosis both exceed
// their limits has its extreme points drawn in one by one (winsorisation), and if MaxPoints of them do
// not help, its values as they were are transformed.
type Treatment struct {
	Skew      float64   `json:"skew"`      // limit of the absolute skewness; 2 is usual
	Kurt      float64   `json:"kurt"`      // limit of the kurtosis; 3.5 is usual
	MaxPoints int       `json:"maxPoints"` // most points drawn in; 5 is usual
	Transform Transform `json:"transform,omitempty"`
	Leave     []string  `json:"leave,omitempty"` // codes that are left as they are
}

// UsualTreatment is the rule of the JRC.
func UsualTreatment() Treatment {
	return Treatment{Skew: 2, Kurt: 3.5, MaxPoints: 5, Transform: LogShifted}
}

// Transform is a function that draws in a long tail.
type Transform string

// The transforms.
const (
	NoTransform Transform = ""
	Log         Transform = "log"        // ln x; all values must be positive
	LogShifted  Transform = "logShifted" // ln(x − min + 0.01·(max − min)); for a long lower tail mirrored
	SquareRoot  Transform = "sqrt"       // √(x − min)
	BoxCox      Transform = "boxcox"     // with the parameter that makes it least skewed
)

// Treated says what was done to an indicator.
type Treated struct {
	Code       string    `json:"code"`
	SkewBefore float64   `json:"skewBefore"`
	KurtBefore float64   `json:"kurtBefore"`
	Points     []string  `json:"points,omitempty"` // units that were drawn in
	Transform  Transform `json:"transform,omitempty"`
	SkewAfter  float64   `json:"skewAfter"`
	KurtAfter  float64   `json:"kurtAfter"`
	Pass       bool      `json:"pass"` // is within the limits now
}

func (r Treatment) check() error {
	if !(r.Skew > 0) || math.IsInf(r.Skew, 0) || math.IsNaN(r.Kurt) || r.MaxPoints < 0 {
		return fmt.Errorf("the limits of the treatment make no sense")
	}
	if !slices.Contains([]Transform{NoTransform, Log, LogShifted, SquareRoot, BoxCox}, r.Transform) {
		return fmt.Errorf("there is no transform %q", r.Transform)
	}
	return nil
}

// passes says whether values are within the limits: it takes both to be an outlier's doing.
func (r Treatment) passes(skew, kurt float64) bool {
	return missing(skew) || missing(kurt) || math.Abs(skew) <= r.Skew || kurt <= r.Kurt
}

// Treat draws in outliers by the rule.
func Treat(t *Table, r Treatment) (*Table, []Treated, error) {
	if err := r.check(); err != nil {
		return nil, nil, err
	}
	out := t.Clone()
	var done []Treated
	for c, code := range t.Codes {
		d := Treated{Code: code, SkewBefore: Skewness(t.Values[c]), KurtBefore: Kurtosis(t.Values[c])}
		d.SkewAfter, d.KurtAfter = d.SkewBefore, d.KurtBefore
		d.Pass = r.passes(d.SkewBefore, d.KurtBefore)
		if !d.Pass && !slices.Contains(r.Leave, code) {
			out.Values[c] = r.column(t, c, &d)
		}
		done = append(done, d)
	}
	return out, done, nil
}

// column treats one indicator.
func (r Treatment) column(t *Table, c int, d *Treated) []float64 {
	x, points := winsorise(t.Values[c], r)
	d.SkewAfter, d.KurtAfter = Skewness(x), Kurtosis(x)
	if d.Pass = r.passes(d.SkewAfter, d.KurtAfter); d.Pass || r.Transform == NoTransform {
		for _, i := range points {
			d.Points = append(d.Points, t.Units[i])
		}
		return x
	}
	x, ok := r.Transform.apply(t.Values[c])
	if !ok {
		d.SkewAfter, d.KurtAfter = d.SkewBefore, d.KurtBefore
		return slices.Clone(t.Values[c])
	}
	d.Transform, d.SkewAfter, d.KurtAfter = r.Transform, Skewness(x), Kurtosis(x)
	d.Pass = r.passes(d.SkewAfter, d.KurtAfter)
	return x
}

// winsorise gives the most extreme point on the side of the skew, and those drawn in before it, the
// value of the next, until the values pass or MaxPoints were drawn in. It returns the rows too.
func winsorise(column []float64, r Treatment) ([]float64, []int) {
	x := slices.Clone(column)
	var high, low []int
	for len(high)+len(low) < r.MaxPoints {
		skew := Skewness(x)
		if r.passes(skew, Kurtosis(x)) {
			break
		}
		side, greater := &high, func(a, b float64) bool { return a > b }
		if skew < 0 {
			side, greater = &low, func(a, b float64) bool { return a < b }
		}
		at := extreme(column, x, *side, greater)
		if at < 0 {
			break
		}
		*side = append(*side, at)
		next := extreme(column, x, *side, greater)
		if next < 0 {
			break
		}
		for _, i := range *side {
			x[i] = x[next]
		}
	}
	return x, append(high, low...)
}

// extreme is the row of the most extreme value among those not drawn in yet, -1 when there is none.
func extreme(column, x []float64, drawn []int, greater func(a, b float64) bool) int {
	at := -1
	for i := range column {
		if missing(x[i]) || slices.Contains(drawn, i) {
			continue
		}
		if at < 0 || greater(x[i], x[at]) {
			at = i
		}
	}
	return at
}

// apply transforms values; false when they cannot be.
func (f Transform) apply(column []float64) ([]float64, bool) {
	lo, hi := bounds(column)
	if missing(lo) || lo == hi {
		return nil, false
	}
	if f == BoxCox {
		return boxCox(column, lo)
	}
	out := make([]float64, len(column))
	mirrored := f == LogShifted && Skewness(column) < 0
	for i, v := range column {
		switch f {
		case Log:
			if lo <= 0 {
				return nil, false
			}
			out[i] = math.Log(v)
		case SquareRoot:
			out[i] = math.Sqrt(v - lo)
		default:
			if mirrored {
				out[i] = -math.Log(hi - v + (hi-lo)/100)
			} else {
				out[i] = math.Log(v - lo + (hi-lo)/100)
			}
		}
	}
	return out, true
}

// boxCox looks for the parameter in steps of a hundredth from -2 to 2 that leaves the least skew.
// Values that are not all positive are shifted first.
func boxCox(column []float64, lo float64) ([]float64, bool) {
	_, hi := bounds(column)
	shift := 0.0
	if lo <= 0 {
		shift = -lo + (hi-lo)/100
	}
	var best []float64
	least := math.Inf(1)
	for k := -200; k <= 200; k++ {
		lambda := float64(k) / 100
		x := make([]float64, len(column))
		for i, v := range column {
			if k == 0 {
				x[i] = math.Log(v + shift)
			} else {
				x[i] = (math.Pow(v+shift, lambda) - 1) / lambda
			}
		}
		if s := math.Abs(Skewness(x)); s < least {
			best, least = x, s
		}
	}
	return best, best != nil
}
