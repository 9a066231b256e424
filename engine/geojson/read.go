package geojson

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Point is a place in units of 10⁻⁷ degree.
type Point struct{ Lon, Lat int64 }

// Feature is one outline.
type Feature struct {
	Code  string
	Name  string
	Rings [][]Point // closed: the last point is the first; holes among them
}

// Limits of what is read. A file beyond them is refused, never cut.
type Limits struct {
	Bytes    int64
	Features int
	Points   int
	// The box in which all points must lie, in degrees.
	West, South, East, North float64
}

// China holds the mainland and the seas around it with room to spare, and files of a city or a province.
func China() Limits {
	return Limits{Bytes: 40 << 20, Features: 500, Points: 2_000_000, West: 73, South: 3, East: 136, North: 54}
}

// Problem says what is wrong with a file, and where: Feature counts from 1, 0 is the whole.
type Problem struct {
	Feature int
	What    string // one of the constants
	Detail  string
}

// What may be wrong with a file.
const (
	TooLarge   = "too large"
	NotJSON    = "not GeoJSON"
	NoFeatures = "no outlines"
	TooMany    = "too many outlines"
	TooFine    = "too many points"
	NoCode     = "no code"
	BadShape   = "no polygon"
	OpenRing   = "open ring"
	FlatRing   = "ring without area"
	Outside    = "point outside of the box"
	Twice      = "code twice"
)

func (p *Problem) Error() string {
	text := p.What
	if p.Feature > 0 {
		text += " in feature " + strconv.Itoa(p.Feature)
	}
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	return text
}

// codeNames and nameNames are the properties under which files of the field keep code and name.
var (
	codeNames = []string{"adcode", "code", "gb", "GB", "xzqdm", "XZQDM", "PAC", "id", "ADCODE", "CODE"}
	nameNames = []string{"name", "NAME", "xzqmc", "XZQMC", "NAME_CHN", "fullname"}
)

type collection struct {
	Type     string `json:"type"`
	Features []struct {
		ID         any            `json:"id"`
		Properties map[string]any `json:"properties"`
		Geometry   *struct {
			Type        string          `json:"type"`
			Coordinates json.RawMessage `json:"coordinates"`
		} `json:"geometry"`
	} `json:"features"`
}

// Read reads the outlines of a FeatureCollection. Each feature is a Polygon or MultiPolygon with a code;
// each ring is closed, has an area, and lies inside the box. It does not check whether rings cross
// themselves or each other, nor which way they turn: a drawing needs neither.
func Read(r io.Reader, l Limits) ([]Feature, error) {
	raw, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(raw)) > l.Bytes {
		return nil, &Problem{What: TooLarge}
	}
	raw = []byte(strings.TrimPrefix(string(raw), "\uFEFF"))
	var c collection
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, &Problem{What: NotJSON, Detail: short(err)}
	}
	if c.Type != "FeatureCollection" {
		return nil, &Problem{What: NotJSON, Detail: "FeatureCollection"}
	}
	switch {
	case len(c.Features) == 0:
		return nil, &Problem{What: NoFeatures}
	case len(c.Features) > l.Features:
		return nil, &Problem{What: TooMany}
	}
	var out []Feature
	seen, points := map[string]bool{}, 0
	for i, f := range c.Features {
		x := Feature{Code: textOf(f.Properties, codeNames), Name: textOf(f.Properties, nameNames)}
		if x.Code == "" {
			x.Code = plain(f.ID)
		}
		switch {
		case x.Code == "":
			return nil, &Problem{i + 1, NoCode, ""}
		case seen[x.Code]:
			return nil, &Problem{i + 1, Twice, x.Code}
		case f.Geometry == nil:
			return nil, &Problem{i + 1, BadShape, x.Code}
		}
		seen[x.Code] = true
		x.Rings, err = ringsOf(f.Geometry.Type, f.Geometry.Coordinates, l)
		if err != nil {
			var p *Problem
			if errors.As(err, &p) {
				p.Feature = i + 1
				if p.Detail == "" {
					p.Detail = x.Code
				}
			}
			return nil, err
		}
		for _, ring := range x.Rings {
			points += len(ring)
		}
		if points > l.Points {
			return nil, &Problem{What: TooFine}
		}
		out = append(out, x)
	}
	return out, nil
}

func short(err error) string {
	text := err.Error()
	const most = 120
	return strings.ToValidUTF8(text[:min(len(text), most)], "")
}

// textOf is the first of some properties that is there.
func textOf(properties map[string]any, names []string) string {
	for _, n := range names {
		if s := plain(properties[n]); s != "" {
			return s
		}
	}
	return ""
}

// maxText is how long a code or a name may be, in bytes.
const maxText = 60

func plain(v any) string {
	switch v := v.(type) {
	case string:
		v = strings.TrimSpace(v)
		if len(v) <= maxText {
			return v
		}
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1e15 {
			return strconv.FormatInt(int64(v), 10)
		}
	}
	return ""
}

func ringsOf(kind string, raw json.RawMessage, l Limits) ([][]Point, error) {
	var polygons [][][][]float64
	switch kind {
	case "Polygon":
		var one [][][]float64
		if err := json.Unmarshal(raw, &one); err != nil {
			return nil, &Problem{What: BadShape}
		}
		polygons = append(polygons, one)
	case "MultiPolygon":
		if err := json.Unmarshal(raw, &polygons); err != nil {
			return nil, &Problem{What: BadShape}
		}
	default:
		return nil, &Problem{What: BadShape, Detail: kind[:min(len(kind), maxText)]}
	}
	var out [][]Point
	for _, polygon := range polygons {
		for _, ring := range polygon {
			points, err := ringOf(ring, l)
			if err != nil {
				return nil, err
			}
			out = append(out, points)
		}
	}
	if len(out) == 0 {
		return nil, &Problem{What: BadShape}
	}
	return out, nil
}

const e7 = 10_000_000

func ringOf(ring [][]float64, l Limits) ([]Point, error) {
	var out []Point
	for _, at := range ring {
		if len(at) < 2 {
			return nil, &Problem{What: BadShape}
		}
		lon, lat := at[0], at[1]
		if !(lon >= l.West && lon <= l.East && lat >= l.South && lat <= l.North) {
			return nil, &Problem{What: Outside, Detail: fmt.Sprintf("%.4f, %.4f", lon, lat)}
		}
		p := Point{int64(math.Round(lon * e7)), int64(math.Round(lat * e7))}
		if n := len(out); n == 0 || out[n-1] != p {
			out = append(out, p)
		}
	}
	switch {
	case len(out) < 4:
		return nil, &Problem{What: FlatRing}
	case out[0] != out[len(out)-1]:
		return nil, &Problem{What: OpenRing}
	case area(out) == 0:
		return nil, &Problem{What: FlatRing}
	}
	return out, nil
}

// area is twice the area of a ring, with the sign of its direction.
func area(ring []Point) float64 {
	sum := 0.0
	for i := 0; i+1 < len(ring); i++ {
		a, b := ring[i], ring[i+1]
		sum += float64(a.Lon-ring[0].Lon)*float64(b.Lat-ring[0].Lat) -
			float64(b.Lon-ring[0].Lon)*float64(a.Lat-ring[0].Lat)
	}
	return sum
}
