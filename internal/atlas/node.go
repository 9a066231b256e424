package atlas

import (
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Node is a record on the map, as far as its reader may see it.
type Node struct {
	ID      string      `json:"id"`
	Class   string      `json:"class"` // org, post, deal, person
	Kind    string      `json:"kind"`
	Code    string      `json:"code,omitempty"`
	Title   string      `json:"title"`
	Region  region.Code `json:"region,omitempty"`
	Field   string      `json:"field,omitempty"`
	FieldBy string      `json:"fieldBy,omitempty"`
	Six     string      `json:"sixNew,omitempty"`
	SixBy   string      `json:"sixNewBy,omitempty"`
	State   string      `json:"state,omitempty"`
	SinceUs int64       `json:"sinceUs"`
	// AsOfUs is the age of the datum: when somebody last said that it is so.
	AsOfUs    int64 `json:"asOfUs"`
	UpdatedUs int64 `json:"updatedUs,omitempty"`
	// Limited says that the reader sees no more than kind, title, field and place.
	Limited bool `json:"limited,omitempty"`

	lonE7, latE7 int64
}

// HasPoint says whether a point on the ground is known.
func (n Node) HasPoint() bool { return n.lonE7 != 0 || n.latE7 != 0 }

const nodeColumns = `n.id, n.class, n.kind, n.code, n.title, n.region, n.field, n.field_by, n.six,
	n.six_by, n.lon_e7, n.lat_e7, n.state, n.since_us, n.as_of_us, n.updated_us`

func scanNode(r db.Row) (Node, error) {
	var n Node
	err := r.Scan(&n.ID, &n.Class, &n.Kind, &n.Code, &n.Title, &n.Region, &n.Field, &n.FieldBy, &n.Six,
		&n.SixBy, &n.lonE7, &n.latE7, &n.State, &n.SinceUs, &n.AsOfUs, &n.UpdatedUs)
	return n, err
}

// limit leaves what a post that is to be asked for shows to everybody.
func (n Node) limit() Node {
	n.Six, n.SixBy, n.FieldBy, n.AsOfUs, n.UpdatedUs, n.Limited = "", "", "", n.SinceUs, 0, true
	n.lonE7, n.latE7 = 0, 0
	return n
}

// District is the county or district of a node, "" where only a city, a province or nothing is known.
func (n Node) District() region.Code {
	if n.Region.Level() == region.LevelCounty {
		return n.Region
	}
	return ""
}
