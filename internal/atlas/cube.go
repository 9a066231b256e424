package atlas

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Undisclosed stands for a class that a record has not shown to the reader.
const Undisclosed = "~"

// spot is what is counted of a node.
type spot struct {
	kind, field, six         string
	region                   region.Code
	sinceUs, asOfUs, changUs int64
	lonE7, latE7             int64
}

// spotRows scans the columns of nodes into a spot.
func scanSpot(r db.Row) (spot, error) {
	n, err := scanNode(r)
	return spot{n.Kind, n.Field, n.Six, n.Region, n.SinceUs, n.AsOfUs, n.UpdatedUs, n.lonE7, n.latE7}, err
}

// eachSpot calls each for every node of a query that the actor may see. Of a post that is to be asked
// for it tells no class and no age.
func (s *Service) eachSpot(
	ctx context.Context, by authz.Actor, q Query, each func(spot),
) error {
	walk := func(x source, w db.Where, change func(*spot)) error {
		return db.Stream(ctx, s.unit.DB(), x.nodes, w, x.nodes.Order(orderNone), 0, scanSpot,
			func(p spot) error {
				change(&p)
				each(p)
				return nil
			})
	}
	for _, x := range chosen(q) {
		if x.whole == nil {
			if err := walk(x, x.scope(by, q, false), func(*spot) {}); err != nil {
				return err
			}
			continue
		}
		if err := walk(x, x.scope(by, q, true), func(*spot) {}); err != nil {
			return err
		}
		if q.hidden() {
			continue
		}
		rest := x.scope(by, q, false).AndAll(db.Not(x.whole(by)))
		err := walk(x, rest, func(p *spot) { p.six, p.asOfUs, p.changUs = Undisclosed, p.sinceUs, 0 })
		if err != nil {
			return err
		}
	}
	return nil
}

// Counted overviews are kept for as long as nothing has happened in the city: every change emits an
// event, and an overview is used only while the feed ends where it ended before it was counted. What
// changes without an event, a consent, an expired role, shows after keepUs at the latest.
const (
	keepUs   = 30_000_000
	maxCubes = 200
)

// state is where the feed ends and how often the map was drawn.
type state struct {
	end   outbox.Place
	drawn int64
}

func (s *Service) state(ctx context.Context) (state, error) {
	end, err := outbox.End(ctx, s.unit.DB())
	if err != nil {
		return state{}, err
	}
	n, _, err := db.Find(ctx, s.unit.DB(), qChanges, db.One[int64])
	return state{end, n}, err
}

type cubes struct {
	mu   sync.Mutex
	end  state
	kept map[string]kept
}

type kept struct {
	overview Overview
	atUs     int64
}

func (c *cubes) get(end state, key string, nowUs int64) (Overview, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.kept[key]
	return k.overview, ok && c.end == end && nowUs-k.atUs < keepUs && k.atUs <= nowUs
}

func (c *cubes) put(end state, key string, o Overview, nowUs int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || c.end != end || len(c.kept) >= maxCubes {
		c.end, c.kept = end, map[string]kept{}
	}
	c.kept[key] = kept{o, nowUs}
}

// cubeKey is everything that an overview depends on besides the rows.
func cubeKey(by authz.Actor, q Query, city region.Code, since clock.Date) (string, error) {
	by.Request, by.Login, by.Via = "", "", ""
	b, err := json.Marshal(struct {
		By    authz.Actor
		Q     Query
		City  region.Code
		Since clock.Date
	}{by, q, city, since})
	return string(b), err
}
