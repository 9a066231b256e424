package atlas

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/party"
)

// Edge says that two nodes work together. Its evidence is a record that the reader may read.
type Edge struct {
	Kind     string `json:"kind"`
	Class    string `json:"class"`    // of the evidence
	Evidence string `json:"evidence"` // deal, achievement or person
	A        string `json:"a"`
	B        string `json:"b"`
	SinceUs  int64  `json:"sinceUs"`
}

const edgeColumns = `e.kind, e.class, e.evidence, e.a, e.b, e.since_us`

func scanEdge(r db.Row) (Edge, error) {
	var e Edge
	err := r.Scan(&e.Kind, &e.Class, &e.Evidence, &e.A, &e.B, &e.SinceUs)
	return e, err
}

var edgeOrder = db.Order{Name: "id", Cols: []db.Col{db.TextCol("e.id")}}

// An edge is seen by who may read its evidence: an introduction with who its sides are, all of an
// achievement, a person.
var edgeSources = []struct {
	edges *db.Selection
	read  func(authz.Actor) db.Where
}{
	{db.Select(edgeColumns, `atlas_edge AS e JOIN deal AS d ON d.id = e.evidence`, edgeOrder),
		func(by authz.Actor) db.Where {
			return db.Where{}.And("e.class = 'deal'").AndAll(deal.DealPolicy.Scope(by, deal.ActDealRead)).
				AndAll(deal.NamesKnown(by))
		}},
	{db.Select(edgeColumns, `atlas_edge AS e JOIN market_post AS p ON p.id = e.evidence`, edgeOrder),
		func(by authz.Actor) db.Where {
			return db.Where{}.And("e.class = 'post'").AndAll(market.PostPolicy.Scope(by, market.ActPostRead)).
				AndAll(market.PostPolicy.Scope(by, market.ActPostWhole))
		}},
	{db.Select(edgeColumns, `atlas_edge AS e JOIN person ON person.id = e.evidence`, edgeOrder),
		func(by authz.Actor) db.Where {
			return db.Where{}.And("e.class = 'person'").
				AndAll(party.PersonPolicy.Scope(by, party.ActPersonRead))
		}},
}

// edgesOf returns the edges of nodes that the actor may see, up to a number; the other ends may still
// be nodes that the actor may not.
func (s *Service) edgesOf(
	ctx context.Context, by authz.Actor, ids []string, limit int,
) ([]Edge, error) {
	var out []Edge
	for _, x := range edgeSources {
		for part := range slices.Chunk(ids, db.MaxLimit) {
			here := db.Or(db.Where{}.In("e.a", anys(part)...), db.Where{}.In("e.b", anys(part)...))
			err := db.Stream(ctx, s.unit.DB(), x.edges, x.read(by).And("e.a <> '' AND e.b <> ''").AndAll(here),
				edgeOrder, limit, scanEdge, func(e Edge) error {
					out = append(out, e)
					return nil
				})
			if err != nil {
				return nil, err
			}
		}
	}
	return sorted(out), nil
}

// sorted brings edges into an order of their own, none twice.
func sorted(list []Edge) []Edge {
	slices.SortFunc(list, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Evidence, b.Evidence), cmp.Compare(a.A, b.A),
			cmp.Compare(a.B, b.B))
	})
	return slices.Compact(list)
}

// nodes returns nodes by id that the actor may see.
func (s *Service) nodes(ctx context.Context, by authz.Actor, ids []string) (map[string]Node, error) {
	out := map[string]Node{}
	for part := range slices.Chunk(ids, db.MaxLimit) {
		page, err := db.List(ctx, s.unit.DB(), plainNodes, db.Where{}.In("n.id", anys(part)...),
			plainNodes.Order(""), db.PageReq{Limit: db.MaxLimit}, scanNode)
		if err != nil {
			return nil, err
		}
		list, err := s.seen(ctx, by, page.Items)
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			out[n.ID] = n
		}
	}
	return out, nil
}

// plainNodes is for ids whose records are asked about afterwards.
var plainNodes = db.Select(nodeColumns, `atlas_node AS n`,
	db.Order{Name: "id", Cols: []db.Col{db.TextCol("n.id")}})

// other is the opposite end of an edge.
func (e Edge) other(id string) string {
	if e.A == id {
		return e.B
	}
	return e.A
}
