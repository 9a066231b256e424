package atlas

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Bounds of networks.
const (
	MaxNetwork = 60     // nodes that are drawn
	maxEdges   = 2_000  // of a step outwards
	MaxHops    = 6      // of a path
	maxVisited = 10_000 // nodes on the way
)

// Network is a part of who works with whom.
type Network struct {
	Center string `json:"center"`
	Depth  int    `json:"depth"`
	Nodes  []Tied `json:"nodes"`
	Edges  []Edge `json:"edges"`
	// Left is how many nodes next to those that are shown were left out.
	Left int `json:"left"`
}

// Tied is a node of a network.
type Tied struct {
	Node
	Ring int `json:"ring"` // steps from the centre
	Ties int `json:"ties"` // edges that are shown
}

// Ego returns the network around a node, so many steps outwards (1 or 2): those with most ties first,
// when there are too many to draw.
func (s *Service) Ego(ctx context.Context, by authz.Actor, nodeID string, depth int) (Network, error) {
	n, err := s.node(ctx, by, nodeID)
	if err != nil {
		return Network{}, err
	}
	if n.Class != Org && n.Class != Person {
		return Network{}, fault.New(fault.NotFound, "合作网络只看组织和人员")
	}
	net := Network{Center: n.ID, Depth: min(max(depth, 1), 2)}
	ring := map[string]int{n.ID: 0}
	seen := map[string]Node{n.ID: n}
	at := []string{n.ID}
	var edges []Edge
	for step := 1; step <= net.Depth && len(at) > 0; step++ {
		found, err := s.edgesOf(ctx, by, at, maxEdges)
		if err != nil {
			return net, err
		}
		ties := map[string]int{}
		for _, e := range found {
			for _, end := range []string{e.A, e.B} {
				if _, there := ring[end]; !there {
					ties[end]++
				}
			}
		}
		next, err := s.nodes(ctx, by, keys(ties))
		if err != nil {
			return net, err
		}
		fresh := byTies(next, ties)
		room := MaxNetwork - len(ring)
		if len(fresh) > room {
			net.Left += len(fresh) - room
			fresh = fresh[:room]
		}
		at = nil
		for _, x := range fresh {
			ring[x.ID], seen[x.ID] = step, x
			at = append(at, x.ID)
		}
		edges = append(edges, found...)
	}
	net.fill(ring, seen, sorted(edges))
	return net, nil
}

func keys(m map[string]int) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func byTies(nodes map[string]Node, ties map[string]int) []Node {
	out := make([]Node, 0, len(nodes))
	for _, n := range nodes {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b Node) int {
		return cmp.Or(cmp.Compare(ties[b.ID], ties[a.ID]), cmp.Compare(a.Title, b.Title),
			cmp.Compare(a.ID, b.ID))
	})
	return out
}

// fill keeps the edges between the nodes that are shown.
func (net *Network) fill(ring map[string]int, seen map[string]Node, edges []Edge) {
	ties := map[string]int{}
	net.Edges = []Edge{}
	for _, e := range edges {
		_, a := ring[e.A]
		_, b := ring[e.B]
		if a && b {
			net.Edges = append(net.Edges, e)
			ties[e.A]++
			ties[e.B]++
		}
	}
	for id, r := range ring {
		net.Nodes = append(net.Nodes, Tied{seen[id], r, ties[id]})
	}
	slices.SortFunc(net.Nodes, func(a, b Tied) int {
		return cmp.Or(cmp.Compare(a.Ring, b.Ring), cmp.Compare(b.Ties, a.Ties), cmp.Compare(a.Title, b.Title),
			cmp.Compare(a.ID, b.ID))
	})
}

// Route is a shortest way from one node to another.
type Route struct {
	Found bool   `json:"found"`
	Nodes []Node `json:"nodes"`
	Edges []Edge `json:"edges"` // one less than nodes: each leads from a node to the next
	// Cut says that the search ended because too many nodes were on the way.
	Cut bool `json:"cut,omitempty"`
}

// Path returns a shortest way between two nodes over edges and nodes that the actor may see, of at most
// MaxHops edges. Of several as short ones it is always the same.
func (s *Service) Path(ctx context.Context, by authz.Actor, from, to string) (Route, error) {
	route := Route{Nodes: []Node{}, Edges: []Edge{}}
	a, err := s.node(ctx, by, from)
	if err != nil {
		return route, err
	}
	b, err := s.node(ctx, by, to)
	if err != nil {
		return route, err
	}
	came, seen := map[string]Edge{}, map[string]Node{a.ID: a}
	at := []string{a.ID}
	for hop := 0; hop < MaxHops && len(at) > 0 && a.ID != b.ID; hop++ {
		next, err := s.step(ctx, by, at, came, seen)
		if err != nil {
			return route, err
		}
		if _, there := seen[b.ID]; there {
			break
		}
		if route.Cut = len(seen) > maxVisited; route.Cut {
			return route, nil
		}
		at = next
	}
	if _, there := seen[b.ID]; !there {
		return route, nil
	}
	route.Found = true
	for id := b.ID; id != a.ID; {
		e := came[id]
		route.Nodes, route.Edges = append(route.Nodes, seen[id]), append(route.Edges, e)
		id = e.other(id)
	}
	route.Nodes = append(route.Nodes, a)
	slices.Reverse(route.Nodes)
	slices.Reverse(route.Edges)
	return route, nil
}

// step goes outwards from nodes and notes by which edge it came to new ones.
func (s *Service) step(
	ctx context.Context, by authz.Actor, at []string, came map[string]Edge, seen map[string]Node,
) ([]string, error) {
	edges, err := s.edgesOf(ctx, by, at, 0)
	if err != nil {
		return nil, err
	}
	via := map[string]Edge{}
	for _, e := range edges {
		for _, end := range []string{e.A, e.B} {
			_, known := seen[end]
			_, reached := seen[e.other(end)]
			if _, twice := via[end]; !known && reached && !twice {
				via[end] = e
			}
		}
	}
	ids := make([]string, 0, len(via))
	for id := range via {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	found, err := s.nodes(ctx, by, ids)
	if err != nil {
		return nil, err
	}
	var next []string
	for _, id := range ids {
		if n, may := found[id]; may {
			came[id], seen[id] = via[id], n
			next = append(next, id)
		}
	}
	return next, nil
}

// Ties is how often each kind of edge leads from a node, as far as the actor may see.
func (s *Service) ties(ctx context.Context, by authz.Actor, nodeID string) ([]Tally, error) {
	edges, err := s.edgesOf(ctx, by, []string{nodeID}, maxEdges)
	if err != nil {
		return nil, err
	}
	ends := map[string]int{}
	for _, e := range edges {
		ends[e.other(nodeID)]++
	}
	may, err := s.nodes(ctx, by, keys(ends))
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, e := range edges {
		if _, ok := may[e.other(nodeID)]; ok {
			counts[e.Kind]++
		}
	}
	return tallies(counts, EdgeKinds()), nil
}
