package geojson

import (
	"fmt"
	"math"
	"strings"
)

// Frame says how degrees become units of a drawing.
type Frame struct {
	West   int64   `json:"west"`   // 10⁻⁷ degree
	North  int64   `json:"north"`  // 10⁻⁷ degree
	ScaleX float64 `json:"scaleX"` // units for 10⁻⁷ degree of longitude
	ScaleY float64 `json:"scaleY"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
}

// FrameOf fits outlines into a drawing whose longer side has so many units.
func FrameOf(features []Feature, side int) Frame {
	west, east := int64(math.MaxInt64), int64(math.MinInt64)
	south, north := int64(math.MaxInt64), int64(math.MinInt64)
	for _, f := range features {
		for _, ring := range f.Rings {
			for _, p := range ring {
				west, east = min(west, p.Lon), max(east, p.Lon)
				south, north = min(south, p.Lat), max(north, p.Lat)
			}
		}
	}
	middle := float64(south+north) / 2 / e7 * math.Pi / 180
	wide, high := float64(east-west)*math.Cos(middle), float64(north-south)
	scale := float64(side) / max(wide, high, 1)
	return Frame{West: west, North: north, ScaleX: scale * math.Cos(middle), ScaleY: scale,
		Width: int(math.Ceil(wide*scale)) + 1, Height: int(math.Ceil(high*scale)) + 1}
}

// At is the place of a point in the drawing.
func (f Frame) At(lonE7, latE7 int64) (x, y int) {
	return int(math.Round(float64(lonE7-f.West) * f.ScaleX)), int(math.Round(float64(f.North-latE7) * f.ScaleY))
}

// Inside says whether a point lies in the drawing.
func (f Frame) Inside(lonE7, latE7 int64) bool {
	x, y := f.At(lonE7, latE7)
	return x >= 0 && y >= 0 && x <= f.Width && y <= f.Height
}

// Path writes an outline as a path of SVG, in whole units.
func (f Frame) Path(x Feature) string {
	var b strings.Builder
	for _, ring := range x.Rings {
		px, py := f.At(ring[0].Lon, ring[0].Lat)
		fmt.Fprintf(&b, "M%d %d", px, py)
		for _, p := range ring[1 : len(ring)-1] {
			nx, ny := f.At(p.Lon, p.Lat)
			if nx == px && ny == py {
				continue
			}
			fmt.Fprintf(&b, "l%d %d", nx-px, ny-py)
			px, py = nx, ny
		}
		b.WriteByte('z')
	}
	return b.String()
}

// Center is where the name of an outline stands: the centre of its largest ring.
func (f Frame) Center(x Feature) (int, int) {
	ring := largest(x.Rings)
	var sx, sy, sum float64
	for i := 0; i+1 < len(ring); i++ {
		ax, ay := float64(ring[i].Lon-ring[0].Lon), float64(ring[i].Lat-ring[0].Lat)
		bx, by := float64(ring[i+1].Lon-ring[0].Lon), float64(ring[i+1].Lat-ring[0].Lat)
		cross := ax*by - bx*ay
		sum += cross
		sx += (ax + bx) * cross
		sy += (ay + by) * cross
	}
	if sum == 0 {
		return f.At(ring[0].Lon, ring[0].Lat)
	}
	return f.At(ring[0].Lon+int64(sx/(3*sum)), ring[0].Lat+int64(sy/(3*sum)))
}
