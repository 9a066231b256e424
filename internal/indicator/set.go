package indicator

import (
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// Limits of a set.
const (
	maxGroups = 50
	maxItems  = 300
)

// SetData is what people write about a set of indicators.
type SetData struct {
	Code    string `json:"code"` // letters, digits and dashes; what files call it
	Name    string `json:"name"`
	Year    int64  `json:"year"`
	Label   string `json:"label,omitempty"` // 参照体系（非官方）
	Source  string `json:"source,omitempty"`
	Note    string `json:"note,omitempty"` // what of it is verified and what is a gap
	Retired bool   `json:"retired,omitempty"`
}

// Set (指标体系) is a list of indicators that stand for something together.
type Set struct {
	ID string `json:"id"`
	SetData
	Items     int64  `json:"items"`     // of the edition in force today
	Published bool   `json:"published"` // an edition was put in force
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`

	since clock.Date // first day of the edition in force, "" for none and for the first of the set
}

// Group is a head of a set (一级指标).
type Group struct {
	N      int64        `json:"n"` // from 1
	Name   string       `json:"name"`
	Weight plan.Decimal `json:"weight,omitempty"` // "" when it is not known
	Mark   string       `json:"mark,omitempty"`   // one of Marks
	Source string       `json:"source,omitempty"`
}

// Item is an indicator in a set.
type Item struct {
	Set       string       `json:"-"`
	N         int64        `json:"n"`     // from 1, through all groups
	Group     int64        `json:"group"` // Group.N
	GroupName string       `json:"groupName"`
	Indicator string       `json:"indicator"`
	Name      string       `json:"name"`             // of the indicator
	Title     string       `json:"title"`            // as the set calls it
	Unit      string       `json:"unit"`             // of the indicator
	Weight    plan.Decimal `json:"weight,omitempty"` // within its group, "" when it is not known
	Direction string       `json:"direction"`
	Mark      string       `json:"mark,omitempty"`
	Note      string       `json:"note,omitempty"`
}
