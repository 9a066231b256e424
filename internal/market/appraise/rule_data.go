package appraise

import "github.com/yuntu-city/yuntu/internal/market"

// Kinds are the kinds of achievements that are weighed in their own way.
func Kinds() []market.Choice { return market.EvaluationKinds() }
