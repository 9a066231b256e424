package report

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Source is what the house knows. It counts as the bureau does.
type Source interface {
	// PlaceName names a place as texts do: 太原市.
	PlaceName(code region.Code) string
	// Sets are the sets of indicators to choose from, as id and name.
	Sets(ctx context.Context) ([]Choice, error)
	// Standings are the indicators of a set that have a value in a place, the latest up to a period, and those beside it.
	Standings(ctx context.Context, place region.Code, set, period string, beside []string) ([]Standing, error)
	// Beside are the indicators that have values of a place and are not in the set, as id and name.
	Beside(ctx context.Context, place region.Code, set string) ([]Choice, error)
	// Across are the values of an indicator in the districts of a place; "" takes the first indicator
	// that districts have values of.
	Across(ctx context.Context, place region.Code, set, indicator, period string) ([]Standing, error)
	// Count is a measure, narrowed by dimensions.
	Count(ctx context.Context, name string, dims map[string]string) (measure.Figure, error)
	// Lights counts the targets in a place and inside it by colour.
	Lights(ctx context.Context, place region.Code, day clock.Date) (map[string]int64, error)
	// Rows are the rows behind a measure that the actor may read.
	Rows(ctx context.Context, by authz.Actor, name string, dims map[string]string, p db.PageReq) (
		db.Page[measure.Row], error)
	// Compared are the indicators that the districts of a place have values of, as id and name.
	Compared(ctx context.Context, place region.Code) ([]Choice, error)
	// PointOf says how the data point of a figure came about: one of Ways, and the measure with which it was
	// counted, "" and nil for none.
	PointOf(ctx context.Context, f Figure) (way, measure string, dims map[string]string, err error)
	// Defined says what a measure counts.
	Defined(name string) (title, definition string)
	// Opens says whether the actor may open the page of the source of a figure.
	Opens(by authz.Actor, f Figure) bool
}

// Filing is a report on its way to the documents.
type Filing struct {
	Title  string
	Form   string
	Region region.Code
	Day    clock.Date
	Source string // its address
	Text   string // whole, with title and date
	Key    string
}

// Standing is an indicator of a place as it stands.
type Standing struct {
	Indicator  string
	Name       string
	Unit       string
	Place      region.Code
	Period     string // of the value, as engine/series writes it
	Value      string // decimal, "" = nothing was reported
	Qualifier  string // as the room of indicators has it
	AsOf       clock.Date
	Cumulative bool
	Change     string // against the year before, percent or points, "" = not known
	Points     bool   // the change is in percentage points
	Goal       *Goal  // of its target in force
}

// Goal is the target of an indicator.
type Goal struct {
	Target     string
	Measure    string
	Op         string
	Value      string
	Unit       string
	To         clock.Date
	Completion string // percent, "" = not known
	AsOf       clock.Date
}
