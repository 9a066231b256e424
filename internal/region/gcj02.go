package region

import "math"

// The ellipsoid of Krasovsky 1940, which GCJ-02 uses to turn its shift from metres into degrees.
const (
	krasovskyAxisM         = 6378245.0
	krasovskyEccentricity2 = 0.00669342162296594323
)

// WGS84 returns p in WGS-84 (and so in CGCS2000), the system of the stored map. The result reads
// back to p to within one stored unit; only within a kilometre of the edge of the rectangle around
// China, where the published shift is cut off, is no exact inverse possible.
func (p Point) WGS84() Point {
	if p.System != GCJ02 {
		return Point{LonE7: p.LonE7, LatE7: p.LatE7, System: WGS84}
	}
	lon, lat := unshift(p)
	return Point{LonE7: roundE7(lon), LatE7: roundE7(lat), System: WGS84}
}

// GCJ02 returns p in GCJ-02, the system of Chinese web maps.
func (p Point) GCJ02() Point {
	if p.System == GCJ02 {
		return p
	}
	lon, lat := float64(p.LonE7)/e7, float64(p.LatE7)/e7
	if p.NearChina() {
		dLon, dLat := shift(lon, lat)
		lon, lat = lon+dLon, lat+dLat
	}
	return Point{LonE7: roundE7(lon), LatE7: roundE7(lat), System: GCJ02}
}

func roundE7(degrees float64) int64 { return int64(math.Round(degrees * e7)) }

// unshiftRounds bounds the fixed-point iteration. The shift changes by less than a thousandth of a
// step, so every round wins three digits; a handful reach the last digit of a float64.
const unshiftRounds = 12

// unshift solves wgs + shift(wgs) = p for wgs by fixed-point iteration.
func unshift(p Point) (float64, float64) {
	lon, lat := float64(p.LonE7)/e7, float64(p.LatE7)/e7
	if !p.NearChina() {
		return lon, lat
	}
	w, n := lon, lat
	for range unshiftRounds {
		dLon, dLat := shift(w, n)
		nextW, nextN := lon-dLon, lat-dLat
		if nextW == w && nextN == n {
			break
		}
		w, n = nextW, nextN
	}
	return w, n
}

// shift returns the offset of GCJ-02 against WGS-84 at a WGS-84 place, in degrees. The published
// series of sines gives it in metres around 105° E, 35° N; the ellipsoid turns metres to degrees.
func shift(lonDeg, latDeg float64) (float64, float64) {
	eastM, northM := shiftM(lonDeg-105, latDeg-35)
	sin, cos := math.Sincos(latDeg / 180 * math.Pi)
	magic := 1 - krasovskyEccentricity2*sin*sin
	meridian := krasovskyAxisM * (1 - krasovskyEccentricity2) / (magic * math.Sqrt(magic))
	parallel := krasovskyAxisM / math.Sqrt(magic) * cos
	return eastM / parallel * 180 / math.Pi, northM / meridian * 180 / math.Pi
}

// shiftM returns the shift in metres to the east and to the north for x degrees east of 105° and y
// degrees north of 35°.
func shiftM(x, y float64) (float64, float64) {
	sin := func(turns float64) float64 { return math.Sin(turns * math.Pi) }
	root := math.Sqrt(math.Abs(x))
	common := (20*sin(6*x) + 20*sin(2*x)) * 2 / 3
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + common +
		(20*sin(x)+40*sin(x/3))*2/3 +
		(150*sin(x/12)+300*sin(x/30))*2/3
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + common +
		(20*sin(y)+40*sin(y/3))*2/3 +
		(160*sin(y/12)+320*sin(y/30))*2/3
	return east, north
}
