package matching

import "github.com/yuntu-city/yuntu/internal/clock"

// lineRule is from which score on a match is told to somebody who said nothing about it, from a day
// on. Nothing of the kind is published: the line was chosen, not measured. A city changes it here, and
// people for themselves.
type lineRule struct {
	From clock.Date
	Line int // score in hundredths
}

var lineRules = []lineRule{
	{From: "2026-01-01", Line: 25},
}

// Lines that people may choose, in hundredths.
var lineChoices = []int{15, 20, 25, 30, 40, 50}

// lineOn returns the usual line of a day.
func lineOn(day clock.Date) int {
	line := lineRules[0].Line
	for _, r := range lineRules {
		if r.From <= day {
			line = r.Line
		}
	}
	return line
}

// points are what one thing beside the words adds to a score or takes from it, in hundredths. No
// judged data has such signals: they were chosen as the engine's were, see docs/evaluation.md. The
// weights of a trained set scale all of them.
var points = map[string]float64{
	"field": 2, "chain": 2, "place": 2, "readiness": 2, "price": 2, "mode": 1, "rights": 1, "ready": 1,
	"deadline": 2, "parameter": 3,
}
