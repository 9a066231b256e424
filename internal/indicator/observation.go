package indicator

import (
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Cell is where a value stands: one indicator, place, unit and period.
type Cell struct {
	Indicator string        `json:"indicator"`
	Region    region.Code   `json:"region"`
	Org       string        `json:"org,omitempty"` // the unit the value is of, "" for the region as a whole
	Period    series.Period `json:"period"`
}

// ObservationData is what people write about a value.
type ObservationData struct {
	Value     plan.Decimal `json:"value"`
	Qualifier string       `json:"qualifier,omitempty"` // one of Qualifiers, "" = Exactly
	Unit      string       `json:"unit,omitempty"`      // "" = the unit of the definition
	AsOf      clock.Date   `json:"asOf,omitempty"`      // "" = the last day of the period
	Note      string       `json:"note,omitempty"`
	JumpNote  string       `json:"jumpNote,omitempty"` // why it jumps or falls
	Origin    string       `json:"origin,omitempty"`   // where it was published
}

// Observation (观测值) is a reported value with all that it takes to read it right.
type Observation struct {
	ID string `json:"id"`
	Cell
	ObservationData
	Name           string `json:"name"` // of the indicator
	OrgName        string `json:"orgName,omitempty"`
	Definition     string `json:"definition"`
	Source         string `json:"source"` // one of Sources
	Statement      string `json:"statement,omitempty"`
	Document       string `json:"document,omitempty"`
	Quote          string `json:"quote,omitempty"`
	Reporter       string `json:"reporter,omitempty"` // the unit that reports it
	ReporterName   string `json:"reporterName,omitempty"`
	DueUs          int64  `json:"dueUs"`
	Revision       int64  `json:"revision"`           // 1 for the first of its cell
	Corrects       string `json:"corrects,omitempty"` // id of the revision before
	Reason         string `json:"reason,omitempty"`   // why it was corrected
	SubmittedUs    int64  `json:"submittedUs,omitempty"`
	SubmittedLogin string `json:"submittedLogin,omitempty"`
	ApprovedUs     int64  `json:"approvedUs,omitempty"`
	ApprovedLogin  string `json:"approvedLogin,omitempty"`
	State          string `json:"state"`
	CreatedUs      int64  `json:"createdUs"`
	UpdatedUs      int64  `json:"updatedUs"`
	Version        int64  `json:"version"`

	reporterNow string
	reporterAt  string // the place of the unit that reports
	submittedBy string
	approvedBy  string
	createdBy   string
	writtenBy   string // who wrote the value as it stands
	places      int64
	locked      bool         // by qLocked, when it is loaded for a step
	outdated    *fault.Error // why it cannot count any more, of one that was handed in, when it is loaded for a step
}

// Late says whether it was handed in after its deadline; a value without one is never late.
func (o Observation) Late() bool {
	return o.DueUs > 0 && o.SubmittedUs > o.DueUs
}

// States of an observation.
const (
	Draft      = "draft"      // 填报中
	Submitted  = "submitted"  // 已提交
	Returned   = "returned"   // 已退回
	Approved   = "approved"   // 已审核
	Superseded = "superseded" // 已更正: a newer revision was approved
	Withdrawn  = "withdrawn"  // 已撤销
)
