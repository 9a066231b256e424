package region

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/fault"
)

func TestParsePoint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lon, lat string
		system   System
		want     Point
		fields   map[string]string // field name to key
	}{
		{"112.5489", "37.8706", WGS84, Point{1_125_489_000, 378_706_000, WGS84}, nil},
		{" １１２．５ ", "３７．８", GCJ02, Point{1_125_000_000, 378_000_000, GCJ02}, nil},
		{"-0.1275", "51.5072123", CGCS2000, Point{-1_275_000, 515_072_123, CGCS2000}, nil},
		{"180", "-90", WGS84, Point{1_800_000_000, -900_000_000, WGS84}, nil},
		{"", "37", WGS84, Point{}, map[string]string{"lon": "经度应为十进制度数，如 112.5489"}},
		{"112°32′", "1e2", WGS84, Point{}, map[string]string{
			"lon": "经度应为十进制度数，如 112.5489", "lat": "纬度应为十进制度数，如 37.8706"}},
		{"NaN", "Inf", WGS84, Point{}, map[string]string{
			"lon": "经度应为十进制度数，如 112.5489", "lat": "纬度应为十进制度数，如 37.8706"}},
		{"37.8706", "112.5489", WGS84, Point{}, map[string]string{"lat": "经度和纬度可能填反了"}},
		{"181", "91", WGS84, Point{}, map[string]string{
			"lon": "经度应在 -180 到 180 之间", "lat": "纬度应在 -90 到 90 之间"}},
		{"112", "37", "BD-09", Point{}, map[string]string{
			"system": "坐标系应为 CGCS2000、WGS-84 或 GCJ-02"}},
	} {
		got, err := ParsePoint(c.lon, c.lat, c.system)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("ParsePoint(%q, %q): %s", c.lon, c.lat, diff)
		}
		var fields map[string]string
		if f, ok := fault.As(err); ok {
			fields = map[string]string{}
			for _, x := range f.Fields {
				fields[x.Name] = x.Key
			}
		}
		if diff := cmp.Diff(c.fields, fields); diff != "" {
			t.Errorf("ParsePoint(%q, %q) fields: %s", c.lon, c.lat, diff)
		}
	}
}

func TestDegrees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p        Point
		lon, lat string
	}{
		{Point{LonE7: 1_125_489_000, LatE7: 378_706_000}, "112.5489000", "37.8706000"},
		{Point{LonE7: -1, LatE7: 10_000_001}, "-0.0000001", "1.0000001"},
		{Point{}, "0.0000000", "0.0000000"},
	} {
		if lon, lat := c.p.Degrees(); lon != c.lon || lat != c.lat {
			t.Errorf("Degrees(%+v) = %s, %s", c.p, lon, lat)
		}
	}
}

// TestGCJ02Vectors compares with values that independent implementations of GCJ-02 publish.
func TestGCJ02Vectors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ wgs, gcj Point }{
		// Beijing, the example of several public converters: 116.41024449916938, 39.91640428150164.
		{Point{1_164_040_000, 399_150_000, WGS84}, Point{1_164_102_445, 399_164_043, GCJ02}},
		// Outside the rectangle nothing moves: London, Tokyo.
		{Point{-1_275_000, 515_072_000, WGS84}, Point{-1_275_000, 515_072_000, GCJ02}},
		{Point{1_396_917_000, 356_895_000, WGS84}, Point{1_396_917_000, 356_895_000, GCJ02}},
	} {
		if diff := cmp.Diff(c.gcj, c.wgs.GCJ02()); diff != "" {
			t.Errorf("GCJ02(%+v): %s", c.wgs, diff)
		}
		if diff := cmp.Diff(c.wgs, c.gcj.WGS84()); diff != "" {
			t.Errorf("WGS84(%+v): %s", c.gcj, diff)
		}
	}
	p := Point{1_125_489_000, 378_706_000, CGCS2000}
	if got := p.WGS84(); got != (Point{p.LonE7, p.LatE7, WGS84}) {
		t.Errorf("CGCS2000 and WGS-84 have the same numbers: %+v", got)
	}
	if gcj := p.GCJ02(); gcj.GCJ02() != gcj {
		t.Error("a point already in GCJ-02 must not move")
	}
}

// metres is the distance on a sphere, exact enough for centimetres over short distances.
func metres(a, b Point) float64 {
	const perUnit = 6371008.8 * math.Pi / 180 / e7
	north := float64(a.LatE7-b.LatE7) * perUnit
	east := float64(a.LonE7-b.LonE7) * perUnit * math.Cos(float64(a.LatE7)/e7/180*math.Pi)
	return math.Hypot(east, north)
}

// TestRoundTrip: over all of China's mainland, WGS-84 → GCJ-02 → WGS-84 comes back to within 0.1 m,
// and so does the other way; the shift itself is hundreds of metres.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(2026, 11))
	worst := 0.0
	for range 50_000 {
		p := Point{
			LonE7:  730_000_000 + rnd.Int64N(630_000_000), // 73° to 136°
			LatE7:  180_000_000 + rnd.Int64N(360_000_000), // 18° to 54°
			System: WGS84,
		}
		gcj := p.GCJ02()
		if d := metres(p, gcj); d < 1 || d > 2000 {
			t.Fatalf("shift of %+v is %.1f m", p, d)
		}
		worst = max(worst, metres(p, gcj.WGS84()))
		asGCJ := Point{LonE7: p.LonE7, LatE7: p.LatE7, System: GCJ02}
		worst = max(worst, metres(asGCJ, asGCJ.WGS84().GCJ02()))
	}
	if worst >= 0.1 {
		t.Errorf("worst round trip %.3f m, want under 0.1 m", worst)
	}
	t.Logf("worst round trip %.4f m", worst)
}

// FuzzParsePoint: what is accepted is on the globe and its text reads back to the same units.
func FuzzParsePoint(f *testing.F) {
	f.Add("112.5489", "37.8706")
	f.Add("-180", "９０")
	f.Fuzz(func(t *testing.T, lon, lat string) {
		p, err := ParsePoint(lon, lat, WGS84)
		if err != nil {
			return
		}
		x, y := p.Degrees()
		again, err := ParsePoint(x, y, WGS84)
		if err != nil || again != p {
			t.Fatalf("%q, %q → %+v → %s, %s → %+v, %v", lon, lat, p, x, y, again, err)
		}
	})
}
