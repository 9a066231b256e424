package atlas

import (
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/db"
)

// Box is a rectangle on the ground, in units of 10⁻⁴ degree (about 10 m) of CGCS2000 or WGS-84. Its west
// and south sides belong to it, its east and north sides do not: boxes side by side share no node. The
// zero Box does not narrow.
type Box struct {
	WestE4  int64 `json:"westE4"`
	SouthE4 int64 `json:"southE4"`
	EastE4  int64 `json:"eastE4"`
	NorthE4 int64 `json:"northE4"`
}

// e3 is how many units of 10⁻⁷ degree make one of a Box.
const e3 = 1_000

// Where points are drawn: around China. A node without a point lies at zero, outside of it.
const (
	mapWestE4, mapEastE4   = 70_0000, 140_0000
	mapSouthE4, mapNorthE4 = 0, 60_0000
)

// ground is all the ground that is drawn.
var ground = Box{mapWestE4, mapSouthE4, mapEastE4, mapNorthE4}

func (b Box) empty() bool { return b == Box{} }

// holds says whether a point lies in the box.
func (b Box) holds(lonE7, latE7 int64) bool {
	return lonE7 >= b.WestE4*e3 && lonE7 < b.EastE4*e3 && latE7 >= b.SouthE4*e3 && latE7 < b.NorthE4*e3
}

// String writes the box as the query language has it, west/south/east/north in degrees:
// 112.5/37.8/112.55/37.85.
func (b Box) String() string {
	var parts []string
	for _, v := range []int64{b.WestE4, b.SouthE4, b.EastE4, b.NorthE4} {
		parts = append(parts, strconv.FormatFloat(float64(v)/1e4, 'f', -1, 64))
	}
	return strings.Join(parts, "/")
}

// boxFault says what is wrong with a text that should be a box.
const boxFault = "范围应写作 西/南/东/北 的度数，最多 4 位小数，如 112.5/37.8/112.55/37.85"

// parseBox reads what String writes.
func parseBox(text string) (Box, bool) {
	parts := strings.Split(fold(text), "/")
	if len(parts) != 4 {
		return Box{}, false
	}
	var v [4]int64
	for i, p := range parts {
		whole, part, _ := strings.Cut(p, ".")
		if whole == "" || len(whole) > 3 || len(part) > 4 || strings.Trim(whole+part, "0123456789") != "" {
			return Box{}, false
		}
		n, err := strconv.ParseInt(whole+part+"0000"[len(part):], 10, 64)
		if err != nil {
			return Box{}, false
		}
		v[i] = n
	}
	b := Box{v[0], v[1], v[2], v[3]}
	ok := b.WestE4 < b.EastE4 && b.SouthE4 < b.NorthE4 && b.WestE4 >= ground.WestE4 && b.EastE4 <= ground.EastE4 &&
		b.SouthE4 >= ground.SouthE4 && b.NorthE4 <= ground.NorthE4
	return b, ok
}

// where is the condition of a box for nodes of a class: only organisations have points.
func (b Box) where(w db.Where, class string) db.Where {
	if b.empty() {
		return w
	}
	if class != Org {
		return db.Nothing()
	}
	return w.And("n.lon_e7 >= $1 AND n.lon_e7 < $2 AND n.lat_e7 >= $3 AND n.lat_e7 < $4", b.WestE4*e3, b.EastE4*e3,
		b.SouthE4*e3, b.NorthE4*e3)
}
