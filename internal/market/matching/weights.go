package matching

import (
	"context"
	"sync/atomic"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/db"
)

// WeightSet says how much each signal of a match counts.
type WeightSet struct {
	Share  float64 `json:"share"`  // words
	Cover  float64 `json:"cover"`  // words of the other side
	Near   float64 `json:"near"`   // meaning
	Beside float64 `json:"beside"` // factor of what stands beside the words
}

// usualWeights are those of the engine.
func usualWeights() WeightSet {
	w := retrieval.MatchWeights
	return WeightSet{Share: w.Share, Cover: w.Cover, Near: w.Near, Beside: 1}
}

func (w WeightSet) engine() retrieval.Weights {
	return retrieval.Weights{Version: "city", Share: w.Share, Cover: w.Cover, Near: w.Near}
}

// weightSets keeps the set in use.
type weightSets struct{ set atomic.Pointer[WeightSet] }

func (w *weightSets) now() WeightSet {
	if x := w.set.Load(); x != nil {
		return *x
	}
	return usualWeights()
}

func (w *weightSets) load(context.Context, db.Q) error { return nil }
