package atlas

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/party"
)

// source joins the nodes of a class with their records, under the policy of the room that keeps them.
// The names org, p, d and person are those that the policies speak of.
type source struct {
	class string
	nodes *db.Selection
	spots *db.Selection
	own   db.Where // the nodes of this class
	// beside is the same, said so that no index on it is used: where several classes are looked for
	// together, the list is read in its order instead, and not further than its page.
	beside db.Where
	read   func(authz.Actor) db.Where
	// whole is what may be asked about class, owner and age: nil where who may read may read all.
	whole func(authz.Actor) db.Where
}

// The orders of lists of nodes.
var nodeOrders = []db.Order{
	{Name: "newest", Desc: true, Cols: []db.Col{db.IntCol("n.since_us"), db.TextCol("n.id")}},
	{Name: "title", Cols: []db.Col{db.TextCol("n.title"), db.TextCol("n.id")}},
	{Name: "region", Cols: []db.Col{db.TextCol("n.region"), db.TextCol("n.title"), db.TextCol("n.id")}},
	{Name: orderUpdated, Desc: true, Cols: []db.Col{db.IntCol("n.updated_us"), db.TextCol("n.id")}},
}

// orderUpdated sorts by what a post that is to be asked for does not show.
const orderUpdated = "updated"

// spotColumns are what is counted of a node.
const spotColumns = `n.kind, n.field, n.six, n.region, n.since_us, n.as_of_us, n.updated_us, n.lon_e7, n.lat_e7`

var (
	orgSpots    = db.Select(spotColumns, `atlas_node AS n JOIN org ON org.id = n.id`)
	postSpots   = db.Select(spotColumns, `atlas_node AS n JOIN market_post AS p ON p.id = n.id`)
	dealSpots   = db.Select(spotColumns, `atlas_node AS n JOIN deal AS d ON d.id = n.id`)
	personSpots = db.Select(spotColumns, `atlas_node AS n JOIN person ON person.id = n.id`)
)

var (
	orgNodes = db.Select(nodeColumns, `atlas_node AS n JOIN org ON org.id = n.id`, nodeOrders...)

	postNodes = db.Select(nodeColumns, `atlas_node AS n JOIN market_post AS p ON p.id = n.id`,
		nodeOrders...)

	dealNodes = db.Select(nodeColumns, `atlas_node AS n JOIN deal AS d ON d.id = n.id`, nodeOrders...)

	personNodes = db.Select(nodeColumns, `atlas_node AS n JOIN person ON person.id = n.id`, nodeOrders...)

	allNodes = db.Select(nodeColumns, `atlas_node AS n
		LEFT JOIN org ON n.class = 'org' AND org.id = n.id
		LEFT JOIN market_post AS p ON n.class = 'post' AND p.id = n.id
		LEFT JOIN deal AS d ON n.class = 'deal' AND d.id = n.id
		LEFT JOIN person ON n.class = 'person' AND person.id = n.id`, nodeOrders...)
)

// sources are the rooms that nodes come from.
var sources = []source{
	{Org, orgNodes, orgSpots, db.Where{}.And("n.class = 'org'"), db.Where{}.And("n.class || '' = 'org'"),
		func(by authz.Actor) db.Where { return party.OrgPolicy.Scope(by, party.ActOrgRead) }, nil},
	{Post, postNodes, postSpots, db.Where{}.And("n.class = 'post'"), db.Where{}.And("n.class || '' = 'post'"),
		func(by authz.Actor) db.Where { return market.PostPolicy.Scope(by, market.ActPostRead) },
		func(by authz.Actor) db.Where { return market.PostPolicy.Scope(by, market.ActPostWhole) }},
	{Deal, dealNodes, dealSpots, db.Where{}.And("n.class = 'deal'"), db.Where{}.And("n.class || '' = 'deal'"),
		func(by authz.Actor) db.Where { return deal.DealPolicy.Scope(by, deal.ActDealRead) }, nil},
	{Person, personNodes, personSpots, db.Where{}.And("n.class = 'person'"), db.Where{}.And("n.class || '' = 'person'"),
		func(by authz.Actor) db.Where { return party.PersonPolicy.Scope(by, party.ActPersonRead) }, nil},
}

// scope is the condition of a query for the nodes of a source that the actor may see. What asks for
// hidden things keeps only records that the actor may read all of.
func (x source) scope(by authz.Actor, q Query, hidden bool) db.Where {
	return x.narrowed(x.own, by, q, hidden)
}

func (x source) narrowed(w db.Where, by authz.Actor, q Query, hidden bool) db.Where {
	w = w.AndAll(x.read(by)).AndAll(q.where(x.class))
	if x.whole != nil && (hidden || q.hidden()) {
		w = w.AndAll(x.whole(by))
	}
	if x.whole != nil && slices.Contains(q.Gaps, GapOpen) {
		w = w.AndAll(db.Not(x.whole(by)))
	}
	return w
}

// chosen are the sources that a query asks for.
func chosen(q Query) []source {
	classes := q.classes()
	if len(classes) == 0 {
		return sources
	}
	var out []source
	for _, x := range sources {
		if classes[x.class] {
			out = append(out, x)
		}
	}
	return out
}

// listScope is the selection of a list and its condition: of one source where that will do.
func listScope(by authz.Actor, q Query, hidden bool) (*db.Selection, db.Where) {
	from := chosen(q)
	if len(from) == 1 {
		return from[0].nodes, from[0].scope(by, q, hidden)
	}
	ways := make([]db.Where, len(from))
	for i, x := range from {
		ways[i] = x.narrowed(x.beside, by, q, hidden)
	}
	return allNodes, db.Or(ways...)
}
