package matching

// Lines that people may choose, in hundredths.
var lineChoices = []int{15, 20, 25, 30, 40, 50}

// points are what one thing beside the words adds to a score or takes from it, in hundredths. No
// judged data has such signals: they were chosen as the engine's were, see docs/evaluation.md. The
// weights of a trained set scale all of them.
var points = map[string]float64{
	"field": 2, "chain": 2, "place": 2, "readiness": 2, "price": 2, "mode": 1, "rights": 1, "ready": 1,
	"deadline": 2, "parameter": 3,
}
