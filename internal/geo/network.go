package geo

import (
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Spot is a node of a network.
type Spot struct {
	ID, Label, Tip, Href string
	Ring                 int    // steps from the centre
	Tone                 string // "org", "person", "school" …: its shape and colour

	x, y  float64
	angle float64
}

// Tie is an edge of a network.
type Tie struct {
	A, B string
	Kind string // its stroke
	Tip  string
}

// Graph is a network with its layout.
type Graph struct {
	Label string
	Spots []Spot
	Ties  []Tie

	at   map[string]int
	side float64
}

// Of the layout, in units of the drawing.
const (
	ringStep  = 150.0
	labelRoom = 90.0
)

// Around lays a network out in rings around its centre: the first ring evenly, in the order that is
// given; the nodes of each further one near those they are tied to, spread so that none cover each other.
func Around(label string, spots []Spot, ties []Tie) Graph {
	g := Graph{Label: label, Spots: slices.Clone(spots), Ties: ties, at: map[string]int{}}
	rings := 0
	for i, s := range g.Spots {
		g.at[s.ID] = i
		rings = max(rings, s.Ring)
	}
	for ring := 1; ring <= rings; ring++ {
		g.spread(ring)
	}
	g.side = float64(max(rings, 1))*ringStep + labelRoom
	for i := range g.Spots {
		s := &g.Spots[i]
		s.x = float64(s.Ring) * ringStep * math.Sin(s.angle)
		s.y = -float64(s.Ring) * ringStep * math.Cos(s.angle)
	}
	return g
}

// spread gives the nodes of a ring their angles.
func (g *Graph) spread(ring int) {
	var here []int
	for i, s := range g.Spots {
		if s.Ring == ring {
			here = append(here, i)
		}
	}
	if ring > 1 {
		want := map[int]float64{}
		for _, i := range here {
			want[i] = g.towards(i)
		}
		slices.SortStableFunc(here, func(a, b int) int {
			switch {
			case want[a] < want[b]:
				return -1
			case want[a] > want[b]:
				return 1
			}
			return 0
		})
	}
	for n, i := range here {
		g.Spots[i].angle = 2 * math.Pi * float64(n) / float64(len(here))
	}
}

// towards is the angle of the first node further inside that a node is tied to.
func (g *Graph) towards(i int) float64 {
	s := g.Spots[i]
	for _, t := range g.Ties {
		for _, ends := range [][2]string{{t.A, t.B}, {t.B, t.A}} {
			if ends[0] != s.ID {
				continue
			}
			if j, there := g.at[ends[1]]; there && g.Spots[j].Ring == s.Ring-1 {
				return g.Spots[j].angle
			}
		}
	}
	return 0
}

func (g Graph) box() string {
	side := strconv.FormatFloat(2*g.side, 'f', 0, 64)
	from := strconv.FormatFloat(-g.side, 'f', 0, 64)
	return from + " " + from + " " + side + " " + side
}

func unit(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// line is the path of a tie, "" where an end is not drawn. Ties between the same two bend apart.
func (g Graph) line(n int) string {
	t := g.Ties[n]
	a, there := g.at[t.A]
	b, also := g.at[t.B]
	if !there || !also {
		return ""
	}
	same := 0
	for _, o := range g.Ties[:n] {
		if o.A == t.A && o.B == t.B || o.A == t.B && o.B == t.A {
			same++
		}
	}
	p, q := g.Spots[a], g.Spots[b]
	if same == 0 {
		return "M" + unit(p.x) + " " + unit(p.y) + "L" + unit(q.x) + " " + unit(q.y)
	}
	bend := float64((same+1)/2) * 18 * float64(1-2*(same%2))
	mx, my := (p.x+q.x)/2, (p.y+q.y)/2
	dx, dy := q.x-p.x, q.y-p.y
	length := math.Max(math.Hypot(dx, dy), 1)
	return "M" + unit(p.x) + " " + unit(p.y) + "Q" + unit(mx-dy/length*bend) + " " + unit(my+dx/length*bend) +
		" " + unit(q.x) + " " + unit(q.y)
}

const maxLabel = 10 // characters

func (s Spot) short() string {
	if utf8.RuneCountInString(s.Label) <= maxLabel {
		return s.Label
	}
	return string([]rune(s.Label)[:maxLabel-1]) + "…"
}

// anchor keeps names away from the lines: outwards of the ring.
func (s Spot) anchor() string {
	switch {
	case s.Ring == 0 || math.Abs(math.Sin(s.angle)) < 0.35:
		return "middle"
	case math.Sin(s.angle) > 0:
		return "start"
	}
	return "end"
}

func (s Spot) labelX() string {
	switch s.anchor() {
	case "start":
		return "14"
	case "end":
		return "-14"
	}
	return "0"
}

func (s Spot) labelY() string {
	switch {
	case s.Ring == 0:
		return "34"
	case s.anchor() != "middle":
		return "5"
	case math.Cos(s.angle) > 0:
		return "-16"
	}
	return "28"
}

func (s Spot) size() int {
	if s.Ring == 0 {
		return 16
	}
	return 9
}
