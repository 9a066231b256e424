package geojson

import "slices"

// Simplify leaves out points that lie closer to the line than tolerance, in units of 10⁻⁷ degree of
// latitude. Lines that outlines share are simplified once and stay shared. Rings that would lose their
// area are left out, unless an outline has no other: then it keeps its largest as it is.
func Simplify(features []Feature, tolerance float64) []Feature {
	knots := knotsOf(features)
	out := make([]Feature, len(features))
	for i, f := range features {
		out[i] = Feature{Code: f.Code, Name: f.Name}
		for _, ring := range f.Rings {
			if thin := thinRing(ring, knots, tolerance); len(thin) >= 4 && area(thin) != 0 {
				out[i].Rings = append(out[i].Rings, thin)
			}
		}
		if len(out[i].Rings) == 0 {
			out[i].Rings = [][]Point{largest(f.Rings)}
		}
	}
	return out
}

func largest(rings [][]Point) []Point {
	best := rings[0]
	for _, r := range rings {
		if abs(area(r)) > abs(area(best)) {
			best = r
		}
	}
	return best
}

func abs(v float64) float64 {
	if v < 0 {
		return -v
	}
	return v
}

// knotsOf are the points at which lines of different outlines meet or part: those that have not the
// same two neighbours in every ring they are on.
func knotsOf(features []Feature) map[Point]bool {
	type sides struct{ a, b Point }
	beside, knots := map[Point]sides{}, map[Point]bool{}
	for _, f := range features {
		for _, ring := range f.Rings {
			n := len(ring) - 1
			for i := range n {
				a, b := ring[(i+n-1)%n], ring[i+1]
				if less(b, a) {
					a, b = b, a
				}
				was, there := beside[ring[i]]
				if there && was != (sides{a, b}) {
					knots[ring[i]] = true
				}
				beside[ring[i]] = sides{a, b}
			}
		}
	}
	return knots
}

func less(a, b Point) bool { return a.Lon < b.Lon || a.Lon == b.Lon && a.Lat < b.Lat }

// thinRing simplifies the lines of a ring between its knots.
func thinRing(ring []Point, knots map[Point]bool, tolerance float64) []Point {
	open := ring[:len(ring)-1]
	start := slices.IndexFunc(open, func(p Point) bool { return knots[p] })
	if start < 0 { // an outline of its own: from its smallest point, so that it is always cut the same
		start = 0
		for i, p := range open {
			if less(p, open[start]) {
				start = i
			}
		}
	}
	turned := append(slices.Clone(open[start:]), open[:start]...)
	turned = append(turned, turned[0])
	out := []Point{turned[0]}
	for from := 0; from < len(turned)-1; {
		to := from + 1
		for to < len(turned)-1 && !knots[turned[to]] {
			to++
		}
		out = append(out, thinLine(turned[from:to+1], tolerance)[1:]...)
		from = to
	}
	return out
}

// thinLine simplifies a line, in the same way whichever way it is walked.
func thinLine(line []Point, tolerance float64) []Point {
	back := less(line[len(line)-1], line[0])
	if line[0] == line[len(line)-1] && len(line) > 2 {
		back = less(line[len(line)-2], line[1])
	}
	straight := line
	if back {
		straight = slices.Clone(line)
		slices.Reverse(straight)
	}
	thin := peucker(straight, tolerance)
	if back {
		thin = slices.Clone(thin)
		slices.Reverse(thin)
	}
	return thin
}

// peucker keeps the ends of a line and the points that lie farther from it than tolerance
// (Ramer–Douglas–Peucker), without recursion: a hostile line would go deep.
func peucker(line []Point, tolerance float64) []Point {
	if len(line) < 3 {
		return line
	}
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	type span struct{ from, to int }
	todo := []span{{0, len(line) - 1}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		far, most := 0, tolerance*tolerance
		for i := s.from + 1; i < s.to; i++ {
			if d := distance2(line[i], line[s.from], line[s.to]); d > most {
				far, most = i, d
			}
		}
		if far > 0 {
			keep[far] = true
			todo = append(todo, span{s.from, far}, span{far, s.to})
		}
	}
	var out []Point
	for i, p := range line {
		if keep[i] {
			out = append(out, p)
		}
	}
	return out
}

// distance2 is the square of the distance of p from the line from a to b.
func distance2(p, a, b Point) float64 {
	dx, dy := float64(b.Lon-a.Lon), float64(b.Lat-a.Lat)
	x, y := float64(p.Lon-a.Lon), float64(p.Lat-a.Lat)
	if dx != 0 || dy != 0 {
		t := max(0, min(1, (x*dx+y*dy)/(dx*dx+dy*dy)))
		x, y = x-t*dx, y-t*dy
	}
	return x*x + y*y
}

// Points counts the points of outlines.
func Points(features []Feature) int {
	n := 0
	for _, f := range features {
		for _, ring := range f.Rings {
			n += len(ring)
		}
	}
	return n
}
