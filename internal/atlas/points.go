package atlas

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
)

// CanvasAbove is how many points a map draws as marks of its own; more are drawn from a list of points.
const CanvasAbove = 1_500

// maxPoints bounds a list of points; where there are more, they are put together in coarser cells.
const maxPoints = 20_000

// Points is where the nodes of a query lie, as the actor may see them, for a map that is drawn elsewhere.
type Points struct {
	Query string `json:"query"`
	AtUs  int64  `json:"atUs"` // counted at
	N     int64  `json:"n"`    // nodes in all cells
	// CellE4 is the side of a cell in 10⁻⁴ degree: 1, or more where there are too many.
	CellE4 int64 `json:"cellE4"`
	// Cells holds three numbers for each cell that is not empty: by how many cells it lies further east and
	// further north than the one before, the first from zero, and how many nodes it has. They are ordered
	// from the west, then from the south.
	Cells []int64 `json:"cells"`
}

// Points lists where the nodes of a query lie. The nodes of a cell are those that the list of the same
// query has in the cell's Box, no more and no fewer.
func (s *Service) Points(ctx context.Context, by authz.Actor, q Query) (Points, error) {
	key, err := cubeKey(by, q, "", "")
	if err != nil {
		return Points{}, err
	}
	end, err := s.state(ctx)
	if err != nil {
		return Points{}, err
	}
	return s.points.Get(ctx, key, end, s.nowUs(), func(ctx context.Context) (Points, error) {
		cells := map[[2]int64]int64{}
		if classes := q.classes(); len(classes) == 0 || classes[Org] {
			only := q
			if len(only.Kinds) == 0 {
				only.Kinds = kindsOf(Org) // nothing else has a point
			}
			err := s.eachSpot(ctx, by, only, func(p spot) {
				if ground.holds(p.lonE7, p.latE7) {
					cells[[2]int64{p.lonE7 / e3, p.latE7 / e3}]++
				}
			})
			if err != nil {
				return Points{}, err
			}
		}
		out := Points{Query: q.Text(s.places), AtUs: s.nowUs()}
		out.pack(cells, maxPoints)
		return out, nil
	})
}

func kindsOf(class string) []string {
	var out []string
	for _, c := range Kinds() {
		if classOf(c.Value) == class {
			out = append(out, c.Value)
		}
	}
	return out
}

// pack writes cells, so many at most.
func (p *Points) pack(cells map[[2]int64]int64, most int) {
	cells, p.CellE4 = coarsen(cells, most)
	at := make([][2]int64, 0, len(cells))
	for c := range cells {
		at = append(at, c)
	}
	slices.SortFunc(at, func(a, b [2]int64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	p.Cells = make([]int64, 0, 3*len(at))
	var before [2]int64
	for _, c := range at {
		p.N += cells[c]
		p.Cells = append(p.Cells, c[0]-before[0], c[1]-before[1], cells[c])
		before = c
	}
}

// coarsen puts cells together, two by two, until there are not more than so many, and returns how many of
// the old ones lie along a side of a new one.
func coarsen(cells map[[2]int64]int64, most int) (map[[2]int64]int64, int64) {
	side := int64(1)
	for len(cells) > most {
		side *= 2
		wider := map[[2]int64]int64{}
		for c, n := range cells {
			wider[[2]int64{c[0] / 2, c[1] / 2}] += n
		}
		cells = wider
	}
	return cells, side
}
