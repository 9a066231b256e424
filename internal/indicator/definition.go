package indicator

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// Limits of a definition.
const (
	maxText    = 100
	maxUnit    = 20
	maxPlaces  = 8
	maxDueDays = 250
	maxFormula = 2_000
	maxDims    = 10
)

// Ratio is an exact factor as text: "1", "0.01", "1/10000000000".
type Ratio string

var ratioForm = regexp.MustCompile(`^(\d{1,18}(?:\.\d{1,12})?)(?:/(\d{1,18}))?$`)

// Rat returns the factor, 1 for "", and nil for no ratio.
func (r Ratio) Rat() *big.Rat {
	if r == "" {
		return big.NewRat(1, 1)
	}
	m := ratioForm.FindStringSubmatch(string(r))
	if m == nil {
		return nil
	}
	out, _ := new(big.Rat).SetString(m[1])
	if m[2] != "" {
		over, _ := new(big.Rat).SetString(m[2])
		if over.Sign() == 0 {
			return nil
		}
		out.Quo(out, over)
	}
	if out.Sign() == 0 {
		return nil
	}
	return out
}

// DefinitionData is what people write about how an indicator is counted.
type DefinitionData struct {
	Kind       string            `json:"kind"`
	Text       string            `json:"text,omitempty"` // what is counted, in words
	Unit       string            `json:"unit"`
	Places     int64             `json:"places"`               // digits behind the point
	Frequency  string            `json:"frequency"`            // one of Frequencies
	Cumulative bool              `json:"cumulative,omitempty"` // from the start of the year (自年初累计)
	Formula    string            `json:"formula,omitempty"`
	Measure    string            `json:"measure,omitempty"` // name of a measure of the program
	Dims       map[string]string `json:"dims,omitempty"`    // its fixed dimensions
	Factor     Ratio             `json:"factor,omitempty"`  // what its figure is multiplied by
	Org        string            `json:"org,omitempty"`     // who answers for it (责任单位)
	DueDays    int64             `json:"dueDays"`           // working days after the end of a period
	DueTime    string            `json:"dueTime,omitempty"` // time of day in China: 17:30
	Floor      plan.Decimal      `json:"floor,omitempty"`   // no value is below
	Ceiling    plan.Decimal      `json:"ceiling,omitempty"` // no value is above
	Jump       plan.Decimal      `json:"jump,omitempty"`    // a change by more percent needs a reason
	From       clock.Date        `json:"from"`              // the first day of periods' ends it holds for
	Breaks     bool              `json:"breaks,omitempty"`  // its values do not continue the older ones
	BreakNote  string            `json:"breakNote,omitempty"`
	Source     string            `json:"source,omitempty"` // which document, number and day
	Document   string            `json:"document,omitempty"`
}

// Definition (口径) is one version of how an indicator is counted. It holds for the periods that end
// on a day in [From, To).
type Definition struct {
	ID        string `json:"id"`
	Indicator string `json:"indicator"`
	N         int64  `json:"n"` // 1 for the first of the indicator
	DefinitionData
	Name      string     `json:"name"`               // of the indicator
	Direction string     `json:"direction"`          // of the indicator: up, down
	Additive  bool       `json:"additive,omitempty"` // of the indicator: parts add up to the whole
	To        clock.Date `json:"to,omitempty"`       // "" = until further notice
	OrgName   string     `json:"orgName,omitempty"`
	CreatedUs int64      `json:"createdUs"`
	CreatedBy string     `json:"-"`
	UpdatedUs int64      `json:"updatedUs"`
	Version   int64      `json:"version"`

	orgNow string
}

// OrgNow is the record that the unit who answers for the indicator lives on as, "" for none.
func (d Definition) OrgNow() string { return d.orgNow }

// Holds reports whether the definition is in force on a day.
func (d Definition) Holds(day clock.Date) bool { return d.From <= day && (d.To == "" || day < d.To) }

// PeriodKind is the kind of the periods that have values.
func (d Definition) PeriodKind() series.Kind { return KindOf(d.Frequency) }

// closing is the time of day by which a value is due, in minutes after midnight.
func (d DefinitionData) closing() int {
	if m, ok := minuteOf(d.DueTime); ok {
		return m
	}
	return defaultClosing
}

// defaultClosing is the end of the office day where a definition says nothing: 18:00.
const defaultClosing = 18 * 60

// minuteOf reads a time of day.
func minuteOf(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	if !ok || len(h) != 2 || len(m) != 2 {
		return 0, false
	}
	hour, err := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if err != nil || err2 != nil || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0, false
	}
	return hour*60 + minute, true
}
