package composite

import (
	"fmt"
	"slices"
)

// Spec is everything a build depends on besides the values.
type Spec struct {
	Name  string `json:"name,omitempty"`
	Nodes []Node `json:"nodes"`
	// Group is the column of the data that says to which group a unit belongs.
	Group string `json:"group,omitempty"`
	// UnitColumn and NameColumn are the columns of the data with the codes and names of units.
	UnitColumn string `json:"unit,omitempty"`
	NameColumn string `json:"unitName,omitempty"`
	Steps      []Step `json:"steps"`
	// Panel says that the data is of several years, of which one is built.
	Panel *PanelSpec `json:"panel,omitempty"`

	Uncertainty *Uncertainty `json:"uncertainty,omitempty"`
}

// PanelSpec says which year of several is built, and how the values that it lacks are taken from the others.
type PanelSpec struct {
	Column   string          `json:"column,omitempty"` // of the data with the year, "" = year
	Year     int             `json:"year"`
	How      PanelImputation `json:"how"`
	MaxYears int             `json:"maxYears,omitempty"` // none from further away, 0 = any
}

// Step is one step of a build. Exactly one field is set.
type Step struct {
	Denominate bool            `json:"denominate,omitempty"`
	Screen     *Screening      `json:"screen,omitempty"`
	Impute     Imputation      `json:"impute,omitempty"`
	Treat      *Treatment      `json:"treat,omitempty"`
	Normalise  []Normalisation `json:"normalise,omitempty"`
	Weigh      []LevelWeighing `json:"weigh,omitempty"`
	Aggregate  []Aggregation   `json:"aggregate,omitempty"`
}

// LevelWeighing finds the weights of the nodes of one level by the values; those of other levels
// stay as they are.
type LevelWeighing struct {
	Level int         `json:"level"`
	How   Weighing    `json:"how"`
	Under string      `json:"under,omitempty"` // only below this group
	Pairs [][]float64 `json:"pairs,omitempty"` // AHP of what is below Under, instead of How
	// Experts and Pool are AHP by several experts, instead of How and Pairs.
	Experts []Expert `json:"experts,omitempty"`
	Pool    Pooling  `json:"pool,omitempty"`
}

// Names of steps.
const (
	StepDenominate = "denominate"
	StepScreen     = "screen"
	StepImpute     = "impute"
	StepTreat      = "treat"
	StepNormalise  = "normalise"
	StepWeigh      = "weigh"
	StepAggregate  = "aggregate"
)

// Kind names the step, "" when not exactly one is set.
func (s Step) Kind() string {
	var set []string
	for _, x := range []struct {
		is   bool
		name string
	}{{s.Denominate, StepDenominate}, {s.Screen != nil, StepScreen}, {s.Impute != ImputeNone, StepImpute},
		{s.Treat != nil, StepTreat}, {len(s.Normalise) > 0, StepNormalise},
		{len(s.Weigh) > 0, StepWeigh}, {len(s.Aggregate) > 0, StepAggregate}} {
		if x.is {
			set = append(set, x.name)
		}
	}
	if len(set) != 1 {
		return ""
	}
	return set[0]
}

// MaxSteps bounds a build.
const MaxSteps = 30

// check refuses specs that make no index.
func (s Spec) check() error {
	if len(s.Steps) == 0 || len(s.Steps) > MaxSteps {
		return fmt.Errorf("there are %d steps, 1 to %d are possible", len(s.Steps), MaxSteps)
	}
	done := map[string]bool{}
	for i, st := range s.Steps {
		kind := st.Kind()
		if kind == "" {
			return fmt.Errorf("step %d: say exactly one of denominate, screen, impute, treat, normalise, weigh, aggregate",
				i+1)
		}
		if done[StepAggregate] {
			return fmt.Errorf("step %d: nothing comes after aggregate", i+1)
		}
		if done[StepNormalise] && slices.Contains([]string{StepDenominate, StepNormalise}, kind) {
			return fmt.Errorf("step %d: %s comes before normalise", i+1, kind)
		}
		if (kind == StepWeigh || kind == StepAggregate) && !done[StepNormalise] {
			return fmt.Errorf("step %d: %s comes after normalise", i+1, kind)
		}
		done[kind] = true
	}
	if !done[StepAggregate] {
		return fmt.Errorf("the last step must be aggregate")
	}
	return nil
}

// UsualSteps are the steps of a build where nothing else is asked for.
func UsualSteps() []Step {
	usual, scale := UsualTreatment(), UsualNormalisation()
	return []Step{{Denominate: true}, {Screen: &Screening{MinPresent: 0.65}}, {Treat: &usual},
		{Normalise: []Normalisation{scale}}, {Aggregate: []Aggregation{{Mean: Arithmetic}}}}
}
