package monitor

import (
	"encoding/json"
	"math/big"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// kindPoint is the kind of object of data points.
const kindPoint = "monitor.point"

// Cell is the series that a point is one of: an indicator of a place, or of a unit in it.
type Cell struct {
	Indicator string      `json:"indicator"`
	Region    region.Code `json:"region"`
	Org       string      `json:"org,omitempty"` // "" = the place as a whole
}

// Where a point comes from.
const (
	FromObservation = "observation" // 填报与发布
	FromMeasure     = "measure"     // 系统度量
	FromFormula     = "formula"     // 公式
)

// Origins are the ways a point comes about.
func Origins() []plan.Choice {
	return []plan.Choice{{Value: FromObservation, Title: "填报或发布"}, {Value: FromMeasure, Title: "系统度量"},
		{Value: FromFormula, Title: "公式"}}
}

// Point (数据点) is a value with what it takes to read it right and to prove it.
type Point struct {
	Cell
	OrgName    string        `json:"orgName,omitempty"`
	Period     series.Period `json:"period"`
	Value      plan.Decimal  `json:"value"`
	Qualifier  string        `json:"qualifier"` // one of indicator.Qualifiers
	Unit       string        `json:"unit"`
	AsOf       clock.Date    `json:"asOf"`
	Definition string        `json:"definition"`
	Cumulative bool          `json:"cumulative,omitempty"` // from the start of the year
	Breaks     bool          `json:"breaks,omitempty"`     // it does not continue the point before
	Origin     string        `json:"origin"`               // one of Origins
	Source     string        `json:"source,omitempty"`     // of an observation: one of indicator.Sources
	Evidence   Evidence      `json:"evidence"`
	Revision   int64         `json:"revision"`
	AtUs       int64         `json:"atUs"` // when it came to be known
}

// Evidence says what a point rests on.
type Evidence struct {
	Observation string            `json:"observation,omitempty"`
	Statement   string            `json:"statement,omitempty"` // the words of a document
	Document    string            `json:"document,omitempty"`
	Measure     string            `json:"measure,omitempty"`
	Dims        map[string]string `json:"dims,omitempty"`
	Figure      int64             `json:"figure,omitempty"` // what the measure gave, before the factor
	Factor      string            `json:"factor,omitempty"`
	Formula     string            `json:"formula,omitempty"`
	Inputs      []Input           `json:"inputs,omitempty"` // what the formula was computed from
	Locked      bool              `json:"locked,omitempty"` // it stays as it was when its period was locked
	Recount     *Recount          `json:"recount,omitempty"`
}

// Input is a value that a formula used.
type Input struct {
	Name      string        `json:"name"` // as the formula calls it
	Indicator string        `json:"indicator"`
	Region    region.Code   `json:"region"`
	Org       string        `json:"org,omitempty"` // the station it was of, "" = the place as a whole
	OrgName   string        `json:"orgName,omitempty"`
	Period    series.Period `json:"period"`
	Value     plan.Decimal  `json:"value,omitempty"` // "" = it was missing
	Unit      string        `json:"unit,omitempty"`
}

// LastDay is the day the period of the point ends with.
func (p Point) LastDay() clock.Date { return clock.Date(p.Period.LastDay()) }

// through is the day that the value covers its period to: a figure of today does not speak for the rest
// of the quarter.
func (p Point) through() clock.Date {
	if p.AsOf.Valid() && p.AsOf < p.LastDay() && p.AsOf >= clock.Date(p.Period.FirstDay()) {
		return p.AsOf
	}
	return p.LastDay()
}

// Rat is the value as a fraction.
func (p Point) Rat() *big.Rat { return p.Value.Rat() }

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // the types of this package can be written
	}
	return string(b)
}

func decode(s string, v any) error {
	if s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), v)
}
