package composite

import (
	"fmt"
	"math"
)

// Imputation says how missing values are filled.
type Imputation string

// The ways to fill.
const (
	ImputeNone      Imputation = ""          // they stay missing
	ImputeMean      Imputation = "mean"      // mean of the indicator
	ImputeMedian    Imputation = "median"    // median of the indicator
	ImputeGroupMean Imputation = "groupMean" // mean of the units of the same group
	ImputeGroupMed  Imputation = "groupMedian"
	ImputeZero      Imputation = "zero"
)

// Filled is a value that was filled.
type Filled struct {
	Unit  string  `json:"unit"`
	Code  string  `json:"code"`
	Value float64 `json:"value"`
	From  string  `json:"from"` // what it was made of: a group, a year
}

// Impute fills missing values. groups names the group of each unit, for the ways that use groups; a
// unit without a group, and one whose group has no value, stay missing.
func Impute(t *Table, how Imputation, groups []string) (*Table, []Filled, error) {
	out := t.Clone()
	var filled []Filled
	grouped := how == ImputeGroupMean || how == ImputeGroupMed
	if grouped && len(groups) != len(t.Units) {
		return nil, nil, fmt.Errorf("there are %d groups for %d units", len(groups), len(t.Units))
	}
	middle, ok := map[Imputation]func([]float64) float64{
		ImputeNone: nil, ImputeMean: mean, ImputeMedian: median, ImputeGroupMean: mean,
		ImputeGroupMed: median, ImputeZero: func([]float64) float64 { return 0 },
	}[how]
	if !ok {
		return nil, nil, fmt.Errorf("there is no imputation %q", how)
	}
	if middle == nil {
		return out, nil, nil
	}
	for c, col := range t.Values {
		byGroup := map[string]float64{}
		for i, v := range col {
			if !missing(v) {
				continue
			}
			group := ""
			if grouped {
				if group = groups[i]; group == "" {
					continue
				}
			}
			value, known := byGroup[group]
			if !known {
				value = middle(membersOf(col, groups, group, grouped))
				byGroup[group] = value
			}
			if missing(value) {
				continue
			}
			out.Values[c][i] = value
			filled = append(filled, Filled{t.Units[i], t.Codes[c], value, group})
		}
	}
	return out, filled, nil
}

func membersOf(col []float64, groups []string, group string, grouped bool) []float64 {
	if !grouped {
		return present(col)
	}
	var out []float64
	for i, v := range col {
		if !missing(v) && groups[i] == group {
			out = append(out, v)
		}
	}
	return out
}

// Panel holds the tables of several years, ascending; all have the same units and codes.
type Panel struct {
	Years  []int
	Tables []*Table
}

// PanelImputation says how a missing value is taken from other years.
type PanelImputation string

// The ways to take it.
const (
	PanelLatest PanelImputation = "latest" // the latest year before that has one
	PanelLinear PanelImputation = "linear" // on the line between the years around it; at the ends the nearest
)

// ImputePanel fills the values that one year lacks from the other years, none further than maxYears
// away (0: any).
func ImputePanel(p Panel, year int, how PanelImputation, maxYears int) (*Table, []Filled, error) {
	at := -1
	for i, y := range p.Years {
		if i > 0 && y <= p.Years[i-1] {
			return nil, nil, fmt.Errorf("the years are not ascending at %d", y)
		}
		if y == year {
			at = i
		}
	}
	if at < 0 || len(p.Tables) != len(p.Years) {
		return nil, nil, fmt.Errorf("the panel has no year %d", year)
	}
	if how != PanelLatest && how != PanelLinear {
		return nil, nil, fmt.Errorf("there is no imputation %q", how)
	}
	for i, t := range p.Tables {
		if len(t.Units) != len(p.Tables[at].Units) || len(t.Codes) != len(p.Tables[at].Codes) {
			return nil, nil, fmt.Errorf("the table of %d has another shape", p.Years[i])
		}
	}
	out := p.Tables[at].Clone()
	var filled []Filled
	for c := range out.Codes {
		for i := range out.Units {
			if !missing(out.Values[c][i]) {
				continue
			}
			v, from := p.from(at, c, i, how, maxYears)
			if missing(v) {
				continue
			}
			out.Values[c][i] = v
			filled = append(filled, Filled{out.Units[i], out.Codes[c], v, from})
		}
	}
	return out, filled, nil
}

// from finds the value of a cell in the years around one.
func (p Panel) from(at, c, i int, how PanelImputation, maxYears int) (float64, string) {
	look := func(step int) int {
		for k := at + step; k >= 0 && k < len(p.Years); k += step {
			far := int(math.Abs(float64(p.Years[k] - p.Years[at])))
			if maxYears > 0 && far > maxYears {
				return -1
			}
			if !missing(p.Tables[k].Values[c][i]) {
				return k
			}
		}
		return -1
	}
	before := look(-1)
	if how == PanelLatest {
		if before < 0 {
			return Missing, ""
		}
		return p.Tables[before].Values[c][i], fmt.Sprint(p.Years[before])
	}
	after := look(1)
	switch {
	case before < 0 && after < 0:
		return Missing, ""
	case before < 0:
		return p.Tables[after].Values[c][i], fmt.Sprint(p.Years[after])
	case after < 0:
		return p.Tables[before].Values[c][i], fmt.Sprint(p.Years[before])
	}
	a, b := p.Tables[before].Values[c][i], p.Tables[after].Values[c][i]
	share := float64(p.Years[at]-p.Years[before]) / float64(p.Years[after]-p.Years[before])
	return a + share*(b-a), fmt.Sprintf("%d–%d", p.Years[before], p.Years[after])
}
