package geo

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Place is one district of a map.
type Place struct {
	Code     region.Code
	Name     string
	Value    float64 // chart.Missing() where nothing is known
	Text     string  // the value as read
	Tip      string
	Href     string
	Selected bool
	Path     string // outline, "" in a cartogram
	X, Y     int64  // where its name stands

	class int
}

// Dot is a place where there are nodes with points.
type Dot struct {
	X, Y int
	N    int64
	Tip  string
	Href string
}

// Layer is what a map of points needs beside its dots.
type Layer struct {
	N    int64  // nodes in the drawing
	Href string // the list of them
	Text string // of that link
	Note string // what is not in the drawing, "" for nothing
	Beside
}

// Beside lets a script draw each point on a canvas where there are too many to be marks of their own.
// Without the script, and on paper, the dots stand.
type Beside struct {
	Script string // address of the script, "" = the dots are all there is
	Points string // of the points
	Open   string // of a place, without the box at its end
	List   string // of a list, without the box at its end
	// West and North are the corner of the drawing in 10⁻⁴ degree; ScaleX and ScaleY how many units of the
	// drawing one of them has.
	West, North    float64
	ScaleX, ScaleY float64
}

// Rect is a part of a drawing.
type Rect struct{ X, Y, Width, Height int }

// Map is a map of a city's districts.
type Map struct {
	Label    string // what it shows, for assistive technology
	Places   []Place
	Dots     []Dot
	Tiled    bool // a cartogram
	Placed   bool // its squares stand where the districts lie, roughly
	Width    int
	Height   int
	Approval string // 审图号 of the outlines
	Layer    *Layer // of a map whose points lead somewhere
	Chosen   *Rect  // the part that is chosen
}

// classes is how many tints there are: q0 … q5.
const classes = 6

// Of a cartogram, in units of the drawing.
const (
	tileSize = 100
	tileGap  = 8
)

// Tiles makes a cartogram of places: one square for each. Where nobody said how they lie, they stand in
// the order they are given, and Placed is false.
func Tiles(label string, city region.Code, places []Place) Map {
	m := Map{Label: label, Places: slices.Clone(places), Tiled: true}
	at, known := tiles[city]
	for _, p := range places {
		if _, there := at[p.Code]; !there {
			known = false
		}
	}
	m.Placed = known
	wide := max(1, int(math.Ceil(math.Sqrt(float64(len(places))))))
	for i := range m.Places {
		t := tile{i % wide, i / wide}
		if known {
			t = at[m.Places[i].Code]
		}
		m.Places[i].X = int64(t.col * (tileSize + tileGap))
		m.Places[i].Y = int64(t.row * (tileSize + tileGap))
		m.Width = max(m.Width, int(m.Places[i].X)+tileSize)
		m.Height = max(m.Height, int(m.Places[i].Y)+tileSize)
	}
	m.tint()
	return m
}

// Outlines makes a map of places that have outlines.
func Outlines(label string, width, height int, approval string, places []Place, dots []Dot) Map {
	m := Map{Label: label, Places: slices.Clone(places), Dots: dots, Width: width, Height: height,
		Approval: approval}
	m.tint()
	return m
}

// Plot makes a drawing of points alone, where nobody brought outlines in.
func Plot(label string, width, height int, dots []Dot) Map {
	return Map{Label: label, Dots: dots, Width: width, Height: height}
}

// plain says whether there is nothing but points.
func (m Map) plain() bool { return len(m.Places) == 0 && !m.Tiled }

func (b Beside) frame() string { return fmt.Sprint(b.West, b.North, b.ScaleX, b.ScaleY) }

// words are what the script says.
func words(ctx context.Context) string {
	b, _ := json.Marshal(map[string]string{ // a map of strings cannot fail
		"view": i18n.T(ctx, "视野内 %s 家有坐标的组织"), "at": i18n.T(ctx, "第 %s 处，共 %s 处：%s 家"),
		"none": i18n.T(ctx, "视野内没有点"), "failed": i18n.T(ctx, "点位没有取到，图上是汇总的点；下面的表格列出同样的点。")})
	return string(b)
}

func (m *Map) tint() {
	values := make([]float64, len(m.Places))
	for i, p := range m.Places {
		values[i] = p.Value
	}
	for i, c := range chart.Classes(values, classes) {
		m.Places[i].class = c
	}
}

// Step is one class of a legend with the values that are in it.
type Step struct {
	class    int
	From, To float64
}

// Legend are the classes that occur, lowest first, with their limits.
func (m Map) Legend() []Step {
	var out []Step
	for c := range classes {
		s := Step{class: c, From: math.Inf(1), To: math.Inf(-1)}
		for _, p := range m.Places {
			if p.class == c {
				s.From, s.To = math.Min(s.From, p.Value), math.Max(s.To, p.Value)
			}
		}
		if s.From <= s.To {
			out = append(out, s)
		}
	}
	return out
}

// Text writes the limits of a class.
func (s Step) Text() string {
	if s.From == s.To {
		return chart.Number(s.From)
	}
	return chart.Number(s.From) + "—" + chart.Number(s.To)
}

// Gaps says whether places without data are on the map.
func (m Map) Gaps() bool {
	return slices.ContainsFunc(m.Places, func(p Place) bool { return p.class < 0 })
}

func (p Place) tone() string {
	if p.class < 0 {
		return "none"
	}
	return "q" + strconv.Itoa(p.class)
}

func (s Step) tone() string { return "q" + strconv.Itoa(s.class) }

func (m Map) box() string { return "-4 -4 " + strconv.Itoa(m.Width+8) + " " + strconv.Itoa(m.Height+8) }

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// Of dots: the area grows with the number.
const (
	smallestDot = 5.0
	largestDot  = 22.0
)

func (m Map) radius(d Dot) string {
	most := int64(1)
	for _, o := range m.Dots {
		most = max(most, o.N)
	}
	r := smallestDot + (largestDot-smallestDot)*math.Sqrt(float64(d.N-1)/math.Max(float64(most-1), 1))
	return strconv.FormatFloat(r, 'f', 1, 64)
}
