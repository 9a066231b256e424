package appraise

import (
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/market"
)

// Kinds are the kinds of achievements that are weighed in their own way: classify first.
func Kinds() []market.Choice {
	return []market.Choice{{Value: "basic", Title: "基础研究"}, {Value: "applied", Title: "应用研究"},
		{Value: "industry", Title: "技术开发与产业化"}, {Value: "public", Title: "社会公益"}}
}

// Template is the weights of a kind from a day on, 100 together.
type Template struct {
	From    clock.Date
	Kind    string
	Weights Five // science, technology, economy, society, culture
}

// templates are the weights in force, the newest first. [design] 国办发〔2021〕26号 asks for different
// weights for different kinds and gives none.
var templates = []Template{
	{"2000-01-01", "basic", Five{50, 15, 5, 15, 15}},
	{"2000-01-01", "applied", Five{15, 45, 20, 15, 5}},
	{"2000-01-01", "industry", Five{5, 25, 50, 15, 5}},
	{"2000-01-01", "public", Five{10, 25, 10, 45, 10}},
}

// WeightsAt returns the weights of a kind on a day.
func WeightsAt(kind string, day clock.Date) Five {
	for _, t := range templates {
		if t.Kind == kind && day >= t.From {
			return t.Weights
		}
	}
	return Five{}
}
