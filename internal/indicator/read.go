package indicator

import (
	"context"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Value is an approved value, for rooms that build on them. These methods ask nobody for permission:
// the room that shows what it made of them does.
type Value struct {
	Observation string        `json:"observation"`
	Indicator   string        `json:"indicator"`
	Definition  string        `json:"definition"`
	Region      region.Code   `json:"region"`
	Org         string        `json:"org,omitempty"` // "" = the region as a whole
	OrgName     string        `json:"orgName,omitempty"`
	Period      series.Period `json:"period"`
	Value       plan.Decimal  `json:"value"`
	Qualifier   string        `json:"qualifier"` // one of Qualifiers, never ""
	Unit        string        `json:"unit"`
	AsOf        clock.Date    `json:"asOf"`
	Source      string        `json:"source"` // one of Sources
	Statement   string        `json:"statement,omitempty"`
	Document    string        `json:"document,omitempty"`
	Revision    int64         `json:"revision"`
	ApprovedUs  int64         `json:"approvedUs"`
}

// ValueFilter narrows Values. Zero fields do not narrow.
type ValueFilter struct {
	Indicator  string
	Indicators []string // any of these
	Region     region.Code
	Within     region.Code // this place and everything inside it
	Org        *string     // the unit, "" for regions as a whole; nil = both
	Period     series.Period
	From, To   clock.Date // periods that end on a day in [From, To]
}

const valueColumns = `o.id, o.indicator, o.definition, o.region, o.about, o.about_name, o.period, o.value,
	o.qualifier, o.unit, o.as_of, o.source, o.statement, o.document, o.revision, o.approved_us`

// values are in order of their cells: a shorter period comes before a longer one with the same end.
var values = db.Select(valueColumns, `indicator_observation AS o`,
	db.Order{Name: "cell", Cols: []db.Col{db.TextCol("o.indicator"), db.TextCol("o.region"),
		db.TextCol("o.about"), db.TextCol("o.last_day"), db.TextCol("o.id")}})

// maxValues bounds one answer: 300 places × 60 indicators × 15 years fit.
const maxValues = 500_000

func scanValue(r db.Row) (Value, error) {
	var v Value
	err := r.Scan(&v.Observation, &v.Indicator, &v.Definition, &v.Region, &v.Org, &v.OrgName, &v.Period,
		&v.Value, &v.Qualifier, &v.Unit, &v.AsOf, &v.Source, &v.Statement, &v.Document, &v.Revision,
		&v.ApprovedUs)
	return v, err
}

func (f ValueFilter) where() db.Where {
	w := db.Where{}.And("o.state = 'approved'")
	if f.Indicator != "" {
		w = w.And("o.indicator = $1", f.Indicator)
	}
	if len(f.Indicators) > 0 {
		w = w.In("o.indicator", anyOf(f.Indicators)...)
	}
	if f.Region != "" {
		w = w.And("o.region = $1", string(f.Region))
	}
	if f.Within != "" {
		w = w.AndAll(within(f.Within))
	}
	if f.Org != nil {
		w = w.And("o.about = $1", *f.Org)
	}
	if f.Period != "" {
		w = w.And("o.period = $1", string(f.Period))
	}
	if f.From != "" {
		w = w.And("o.last_day >= $1", string(f.From))
	}
	if f.To != "" {
		w = w.And("o.last_day <= $1", string(f.To))
	}
	return w
}

// Values returns the approved values by indicator, region, unit and end of period.
func (s *Service) Values(ctx context.Context, q db.Q, f ValueFilter) ([]Value, error) {
	var out []Value
	err := db.Stream(ctx, q, values, f.where(), values.Order(""), maxValues, scanValue, func(v Value) error {
		out = append(out, v)
		return nil
	})
	return out, err
}

// Definitions returns the definitions of an indicator, the oldest first.
func (s *Service) Definitions(ctx context.Context, q db.Q, indicatorID string) ([]Definition, error) {
	return db.All(ctx, q, qDefinitions, scanDefinition, indicatorID)
}

// AllDefinitions returns the definitions of all indicators, by indicator, the oldest first.
func (s *Service) AllDefinitions(ctx context.Context, q db.Q) ([]Definition, error) {
	return db.All(ctx, q, qAllDefinitions, scanDefinition)
}

// DefinitionAt returns the definition of an indicator that is in force on a day, or NotFound. A period
// is counted by the one of its last day.
func (s *Service) DefinitionAt(
	ctx context.Context, q db.Q, indicatorID string, day clock.Date,
) (Definition, error) {
	all, err := s.Definitions(ctx, q, indicatorID)
	if err != nil {
		return Definition{}, err
	}
	if d, found := holding(all, day); found {
		return d, nil
	}
	return Definition{}, fault.New(fault.NotFound, "这一天没有生效的口径")
}

// holding is the definition that is in force on a day.
func holding(all []Definition, day clock.Date) (Definition, bool) {
	for _, d := range all {
		if d.Holds(day) {
			return d, true
		}
	}
	return Definition{}, false
}

// Sets returns all sets that are in use, the latest year first: those with an edition in force today.
func (s *Service) Sets(ctx context.Context, q db.Q) ([]Set, error) {
	return s.setList(ctx, q, qSets)
}

// SetGroups returns the groups of a set's edition in force today in their order.
func (s *Service) SetGroups(ctx context.Context, q db.Q, set string) ([]Group, error) {
	return db.All(ctx, q, qSetGroups, scanGroup, string(s.today()), set)
}

// SetItems returns the indicators of a set's edition in force today in their order.
func (s *Service) SetItems(ctx context.Context, q db.Q, set string) ([]Item, error) {
	return db.All(ctx, q, qSetItems, scanItem, string(s.today()), set)
}

// Revision is what was said of one cell at one time.
type Revision struct {
	Observation string        `json:"observation"`
	Region      region.Code   `json:"region"`
	Org         string        `json:"org,omitempty"`
	Period      series.Period `json:"period"`
	Revision    int64         `json:"revision"`
	Value       plan.Decimal  `json:"value"`
	Qualifier   string        `json:"qualifier"`
	Unit        string        `json:"unit"`
	State       string        `json:"state"`
	Reason      string        `json:"reason,omitempty"` // why it was corrected
	DueUs       int64         `json:"dueUs"`
	SubmittedUs int64         `json:"submittedUs"`
	ApprovedUs  int64         `json:"approvedUs"`
}

const revisionColumns = `o.id, o.region, o.about, o.period, o.revision, o.value, o.qualifier, o.unit, o.state,
	o.reason, o.due_us, o.submitted_us, o.approved_us`

var (
	qRevisions = db.Stmt(`SELECT ` + revisionColumns + ` FROM indicator_observation AS o
		WHERE o.indicator = $1 AND o.region = $2 AND o.state IN ('approved', 'superseded')
		ORDER BY o.about, o.last_day, o.period, o.revision`)
	qRevisionsAll = db.Stmt(`SELECT ` + revisionColumns + ` FROM indicator_observation AS o
		WHERE o.indicator = $1 AND o.state IN ('approved', 'superseded')
		ORDER BY o.region, o.about, o.last_day, o.period, o.revision`)
)

func scanRevision(r db.Row) (Revision, error) {
	var x Revision
	err := r.Scan(&x.Observation, &x.Region, &x.Org, &x.Period, &x.Revision, &x.Value, &x.Qualifier, &x.Unit, &x.State,
		&x.Reason, &x.DueUs, &x.SubmittedUs, &x.ApprovedUs)
	return x, err
}

// Revisions returns the approved values of an indicator in a region with those they took the place
// of, by unit, period and revision: how a number came to be what it is.
func (s *Service) Revisions(
	ctx context.Context, q db.Q, indicatorID string, place region.Code,
) ([]Revision, error) {
	return db.All(ctx, q, qRevisions, scanRevision, indicatorID, string(place))
}

// AllRevisions is Revisions of all regions, by region.
func (s *Service) AllRevisions(ctx context.Context, q db.Q, indicatorID string) ([]Revision, error) {
	return db.All(ctx, q, qRevisionsAll, scanRevision, indicatorID)
}
