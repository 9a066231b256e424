package indicator

import (
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/region"
)

// DutyData says who reports what.
type DutyData struct {
	Indicator string      `json:"indicator"`
	Region    region.Code `json:"region"`
	Org       string      `json:"org,omitempty"` // the unit the value is of, "" for the region as a whole
	Reporter  string      `json:"reporter"`      // the unit that reports
	From      clock.Date  `json:"from"`          // periods that end on this day or later
}

// Duty (填报责任) is one line of who reports which indicator for which place.
type Duty struct {
	ID string `json:"id"`
	DutyData
	Name         string     `json:"name"` // of the indicator
	OrgName      string     `json:"orgName,omitempty"`
	ReporterName string     `json:"reporterName"`
	ReporterNow  string     `json:"-"`
	To           clock.Date `json:"to,omitempty"` // and before this day, "" = open
	CreatedUs    int64      `json:"createdUs"`
	Version      int64      `json:"version"`
}
