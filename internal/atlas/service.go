package atlas

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/kept"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Limits of texts, in characters.
const (
	maxName  = 60
	maxLine  = 200
	maxProse = 2000
)

// Options of a Service.
type Options struct {
	Dict *dict.Service      // names and checks places
	Home func() region.Code // the city or district of the site, "" = not set
}

// countRule is how long counts of the map are used. Every change of the city emits an event, and the turn
// of a count is where the feed ended. What changes without an event, a consent or an expired role, shows
// after Sure, in a count of many nodes after Late or the next reader's look. The map says at what time it
// was counted.
var countRule = kept.Rule{Sure: 30 * time.Second, Many: 2000, Late: 30 * time.Second, Stale: 2 * time.Minute,
	Most: 200}

// pointRule is for lists of points, each up to half a megabyte.
var pointRule = kept.Rule{Sure: countRule.Sure, Many: countRule.Many, Late: countRule.Late,
	Stale: countRule.Stale, Most: 16}

// Service is the room. It is safe for concurrent use.
type Service struct {
	unit        *unit.Unit
	places      *places
	corrections *process.Process[Correction]
	cubes       *kept.Shelf[string, state, Overview]
	totals      *kept.Shelf[string, state, int64]
	points      *kept.Shelf[string, state, Points]
}

// New returns the room. times counts the limits of corrections.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	p, err := CorrectionProcess.With(times)
	if err != nil {
		return nil, err
	}
	return &Service{unit: u, places: &places{dict: o.Dict, home: o.Home}, corrections: p,
		cubes:  newCubes(),
		points: kept.New[string, state](pointRule, func(p Points) int64 { return p.N }),
		totals: kept.New[string, state](countRule, func(n int64) int64 { return n })}, nil
}

func newCubes() *kept.Shelf[string, state, Overview] {
	return kept.New[string, state](countRule, func(o Overview) int64 { return o.Total })
}

// Names knows places as people at home call them.
func (s *Service) Names() Names { return s.places }

// Home is the place of the site, "" when it is not set.
func (s *Service) Home() region.Code { return s.places.here() }

func (s *Service) nowUs() int64 { return clock.Us(s.unit.Clock().Now()) }

func (s *Service) day() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }

var qNode = db.Stmt(`SELECT ` + nodeColumns + ` FROM atlas_node AS n WHERE n.id = $1`)

// node loads a node as far as the actor may see it; to those who may not see it, it does not exist.
func (s *Service) node(ctx context.Context, by authz.Actor, nodeID string) (Node, error) {
	n, err := db.Get(ctx, s.unit.DB(), qNode, scanNode, nodeID)
	if err != nil {
		return n, err
	}
	list, err := s.seen(ctx, by, []Node{n})
	if err != nil {
		return n, err
	}
	if len(list) == 0 {
		return Node{}, occasion.Absent()
	}
	return list[0], nil
}

// seen leaves of nodes those that the actor may see, in their order, each as far as that.
func (s *Service) seen(ctx context.Context, by authz.Actor, list []Node) ([]Node, error) {
	ids := map[string][]any{}
	for _, n := range list {
		ids[n.Class] = append(ids[n.Class], n.ID)
	}
	may := map[string]bool{}
	for _, x := range sources {
		if err := s.among(ctx, x.nodes, x.own.AndAll(x.read(by)), ids[x.class], may); err != nil {
			return nil, err
		}
	}
	var out []Node
	for _, n := range list {
		if may[n.ID] {
			out = append(out, n)
		}
	}
	return s.limited(ctx, by, out)
}

// among marks those of some ids for which a condition holds.
func (s *Service) among(
	ctx context.Context, list *db.Selection, w db.Where, ids []any, may map[string]bool,
) error {
	for len(ids) > 0 {
		n := min(len(ids), db.MaxLimit)
		found, err := list.CountBy(ctx, s.unit.DB(), "n.id", w.In("n.id", ids[:n]...))
		if err != nil {
			return err
		}
		for one := range found {
			may[one] = true
		}
		ids = ids[n:]
	}
	return nil
}

// limited leaves of posts what the actor may know of them.
func (s *Service) limited(ctx context.Context, by authz.Actor, list []Node) ([]Node, error) {
	var ids []any
	for _, n := range list {
		if n.Class == Post {
			ids = append(ids, n.ID)
		}
	}
	whole := map[string]bool{}
	w := market.PostPolicy.Scope(by, market.ActPostWhole)
	if err := s.among(ctx, postNodes, w, ids, whole); err != nil {
		return nil, err
	}
	for i, n := range list {
		if n.Class == Post && !whole[n.ID] {
			list[i] = n.limit()
		}
	}
	return list, nil
}
