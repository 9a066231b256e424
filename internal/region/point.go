package region

import (
	"math"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// System names the coordinate system of a point. It is stored as this text.
type System string

// The systems. CGCS2000 (2000 国家大地坐标系) and WGS-84 share origin and axes and differ by
// centimetres, so their numbers are interchangeable for everything a city does with them. GCJ-02
// (国测局坐标, used by Chinese web maps) is WGS-84 shifted by some hundred metres.
const (
	WGS84    System = "WGS-84"
	CGCS2000 System = "CGCS2000"
	GCJ02    System = "GCJ-02"
)

// Systems lists the systems in the order a form offers them.
func Systems() []System { return []System{CGCS2000, WGS84, GCJ02} }

// e7 is the number of stored units in a degree; one unit is about 1.1 cm on the ground.
const e7 = 10_000_000

const (
	maxLonE7 = 180 * e7
	maxLatE7 = 90 * e7
)

// Point is a place on the map in units of 10⁻⁷ degree, with the system it was measured in. The zero
// value is no point: its System is "".
type Point struct {
	LonE7  int64  `json:"lonE7"`
	LatE7  int64  `json:"latE7"`
	System System `json:"system"`
}

// ParsePoint reads longitude and latitude in decimal degrees ("112.5489", "37.8706"; full-width
// digits allowed, south and west negative, at most 7 decimals kept exactly, further ones rounded).
// The error is a fault.Invalid with the fields lon, lat and system.
func ParsePoint(lon, lat string, system System) (Point, error) {
	var wrong []fault.Field
	lonE7, ok := parseE7(lon)
	if !ok {
		wrong = append(wrong, fault.At("lon", "经度应为十进制度数，如 112.5489"))
	}
	latE7, ok := parseE7(lat)
	if !ok {
		wrong = append(wrong, fault.At("lat", "纬度应为十进制度数，如 37.8706"))
	}
	if err := fault.Fields(wrong...); err != nil {
		return Point{}, err
	}
	p := Point{LonE7: lonE7, LatE7: latE7, System: system}
	if err := p.Validate(); err != nil {
		return Point{}, err
	}
	return p, nil
}

// maxDegreesText bounds what is read as degrees.
const maxDegreesText = 32

// parseE7 reads decimal degrees of at most three digits before the point.
func parseE7(s string) (int64, bool) {
	s = strings.Map(narrowNumber, strings.TrimSpace(s))
	if s == "" || len(s) > maxDegreesText || strings.Trim(s, "+-.0123456789") != "" {
		return 0, false
	}
	degrees, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(degrees) > 999 {
		return 0, false
	}
	return int64(math.Round(degrees * e7)), true
}

// narrowNumber turns full-width digits, point and signs into ASCII ones.
func narrowNumber(r rune) rune {
	switch r {
	case '．':
		return '.'
	case '－', '−':
		return '-'
	case '＋':
		return '+'
	default:
		return narrow(r)
	}
}

// Validate checks the system and that the point is on the globe. The error is a fault.Invalid with
// the fields lon, lat and system; a swapped pair of a place in China is named as such.
func (p Point) Validate() error {
	var wrong []fault.Field
	if p.System != WGS84 && p.System != CGCS2000 && p.System != GCJ02 {
		wrong = append(wrong, fault.At("system", "坐标系应为 CGCS2000、WGS-84 或 GCJ-02"))
	}
	lonOff := p.LonE7 < -maxLonE7 || p.LonE7 > maxLonE7
	latOff := p.LatE7 < -maxLatE7 || p.LatE7 > maxLatE7
	switch {
	case latOff && (Point{LonE7: p.LatE7, LatE7: p.LonE7}).NearChina():
		wrong = append(wrong, fault.At("lat", "经度和纬度可能填反了"))
	case latOff:
		wrong = append(wrong, fault.At("lat", "纬度应在 -90 到 90 之间"))
	}
	if lonOff {
		wrong = append(wrong, fault.At("lon", "经度应在 -180 到 180 之间"))
	}
	return fault.Fields(wrong...)
}

// Bounds of the rectangle outside which GCJ-02 is WGS-84, as web maps draw it. It is much rougher
// than the border.
const (
	chinaWestE7  = 720_040_000
	chinaEastE7  = 1_378_347_000
	chinaSouthE7 = 8_293_000
	chinaNorthE7 = 558_271_000
)

// NearChina reports whether p lies in the rectangle around China within which GCJ-02 is shifted.
func (p Point) NearChina() bool {
	return p.LonE7 >= chinaWestE7 && p.LonE7 <= chinaEastE7 &&
		p.LatE7 >= chinaSouthE7 && p.LatE7 <= chinaNorthE7
}

// Degrees returns longitude and latitude in degrees with all seven decimals, exactly as stored.
func (p Point) Degrees() (string, string) { return degrees(p.LonE7), degrees(p.LatE7) }

func degrees(v int64) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	frac := strconv.FormatInt(v%e7+e7, 10)[1:] // the added 1 keeps the leading zeros
	return sign + strconv.FormatInt(v/e7, 10) + "." + frac
}
