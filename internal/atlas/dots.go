package atlas

import (
	"cmp"
	"slices"

	"github.com/yuntu-city/yuntu/internal/region"
)

// Of the dots of an overview.
const (
	dotE4   = 50    // side of a cell: about 500 m
	maxDots = 3_000 // more are put together in coarser cells
)

// dotted counts points by the cells of a grid.
type dotted struct {
	cells      map[[2]int64]map[region.Code]int64
	lons, lats map[int64]int64 // those of the city, by column and row
}

func (d *dotted) add(p spot, city region.Code) {
	at := [2]int64{p.lonE7 / (dotE4 * e3), p.latE7 / (dotE4 * e3)}
	if d.cells[at] == nil {
		d.cells[at] = map[region.Code]int64{}
	}
	d.cells[at][p.region]++
	if city != "" && (p.region == city || city.Contains(p.region)) {
		d.lons[at[0]]++
		d.lats[at[1]]++
	}
}

// list returns the cells, so many at most, those with most nodes first.
func (d *dotted) list(most int) []Dots {
	fine := make([]Dots, 0, len(d.cells))
	for at, regions := range d.cells {
		for code, n := range regions {
			west, south := at[0]*dotE4, at[1]*dotE4
			fine = append(fine, Dots{Box: Box{west, south, west + dotE4, south + dotE4}, N: n,
				LonE4: west + dotE4/2, LatE4: south + dotE4/2, Region: code})
		}
	}
	return Spread(fine, dotE4, most)
}

// Spread puts dots together in the cells of a grid whose side is dotE4, or at least sideE4, times a power
// of two, until there are not more than so many: the coarser dots hold all nodes of the finer ones, and
// each has its own Box. Those with most nodes come first.
func Spread(list []Dots, sideE4 int64, most int) []Dots {
	side := int64(dotE4)
	for side < sideE4 {
		side *= 2
	}
	for {
		out := spread(list, side)
		if len(out) <= most {
			return out
		}
		side *= 2
	}
}

func spread(list []Dots, side int64) []Dots {
	type sum struct {
		regions map[region.Code]int64
		lon     int64
		lat     int64
	}
	cells := map[[2]int64]*sum{}
	for _, d := range list {
		at := [2]int64{d.Box.WestE4 / side, d.Box.SouthE4 / side}
		s := cells[at]
		if s == nil {
			s = &sum{regions: map[region.Code]int64{}}
			cells[at] = s
		}
		s.regions[d.Region] += d.N
		s.lon, s.lat = s.lon+d.LonE4*d.N, s.lat+d.LatE4*d.N
	}
	var out []Dots
	for at, s := range cells {
		west, south := at[0]*side, at[1]*side
		d := Dots{Box: Box{west, south, west + side, south + side}}
		var best int64
		for code, n := range s.regions {
			d.N += n
			if n > best || n == best && code < d.Region {
				best, d.Region = n, code
			}
		}
		d.LonE4, d.LatE4 = s.lon/d.N, s.lat/d.N
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Dots) int {
		return cmp.Or(-cmp.Compare(a.N, b.N), cmp.Compare(a.Box.WestE4, b.Box.WestE4),
			cmp.Compare(a.Box.SouthE4, b.Box.SouthE4))
	})
	return out
}

// extent holds nearly all points of the city: an office in another place does not make the map small.
func (d *dotted) extent() Box {
	if len(d.lons) == 0 {
		return Box{}
	}
	west, east := middle(d.lons)
	south, north := middle(d.lats)
	return Box{west * dotE4, south * dotE4, (east + 1) * dotE4, (north + 1) * dotE4}
}

// middle returns the lowest and the highest key without the hundredth part of the counts at either end.
func middle(counts map[int64]int64) (from, to int64) {
	keys := make([]int64, 0, len(counts))
	var all int64
	for k, n := range counts {
		keys = append(keys, k)
		all += n
	}
	slices.Sort(keys)
	edge := func(keys []int64) int64 {
		var sum int64
		for _, k := range keys {
			if sum += counts[k]; sum > all/100 {
				return k
			}
		}
		return keys[len(keys)-1]
	}
	from = edge(keys)
	slices.Reverse(keys)
	return from, edge(keys)
}
