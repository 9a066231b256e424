package monitor

import (
	"math/big"

	"github.com/yuntu-city/yuntu/engine/series"
)

// singles are the values of single periods of the kind that the series ends with: a cumulative value
// less the one before it in the year. What is not known stays out, and so does what lies before the
// last break of the series: its values are of another kind.
func singles(points []Point) (series.Kind, map[series.Period]*big.Rat) {
	if len(points) == 0 {
		return 0, nil
	}
	kind := points[len(points)-1].Period.Kind()
	at := map[series.Period]Point{}
	for _, p := range points {
		if p.Breaks {
			clear(at)
		}
		if p.Period.Kind() == kind {
			at[p.Period] = p
		}
	}
	out := map[series.Period]*big.Rat{}
	for period, p := range at {
		v := p.Rat()
		if v == nil {
			continue
		}
		if !p.Cumulative || period.Number() == 1 {
			out[period] = v
			continue
		}
		before, known := at[period.Prev()]
		if known && before.Cumulative && before.Rat() != nil {
			out[period] = new(big.Rat).Sub(v, before.Rat())
		}
	}
	return kind, out
}

// sumsOf are the sums since the start of their years that a cumulative series says, of points of one kind
// without a break.
func sumsOf(points []Point) map[series.Period]*big.Rat {
	out := map[series.Period]*big.Rat{}
	for _, p := range points {
		if v := p.Rat(); v != nil && p.Cumulative {
			out[p.Period] = v
		}
	}
	return out
}
