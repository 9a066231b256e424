package geo

import (
	"math"
	"slices"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/chart"
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
}

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

// Cluster puts dots together that would cover each other: those of one cell of a grid, at the middle of
// what is in it, so many at most. It returns how many nodes the dots that were left out stand for.
func Cluster(list []Dot, cell, most int) ([]Dot, int64) {
	type sum struct{ x, y, n int64 }
	cells := map[[2]int]sum{}
	for _, d := range list {
		at := [2]int{d.X / cell, d.Y / cell}
		s := cells[at]
		s.x, s.y, s.n = s.x+int64(d.X)*d.N, s.y+int64(d.Y)*d.N, s.n+d.N
		cells[at] = s
	}
	out := make([]Dot, 0, len(cells))
	for _, s := range cells {
		out = append(out, Dot{X: int(s.x / s.n), Y: int(s.y / s.n), N: s.n})
	}
	slices.SortFunc(out, func(a, b Dot) int {
		if a.N != b.N {
			return int(b.N - a.N)
		}
		return a.X*1_000_000 + a.Y - b.X*1_000_000 - b.Y
	})
	var left int64
	for _, d := range out[min(len(out), most):] {
		left += d.N
	}
	return out[:min(len(out), most)], left
}
