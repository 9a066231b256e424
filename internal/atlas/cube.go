package atlas

import (
	"context"
	"encoding/json"

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

// scanSpot scans spotColumns.
func scanSpot(r db.Row) (spot, error) {
	var p spot
	err := r.Scan(&p.kind, &p.field, &p.six, &p.region, &p.sinceUs, &p.asOfUs, &p.changUs, &p.lonE7, &p.latE7)
	return p, err
}

// eachSpot calls each for every node of a query that the actor may see. Of a post that is to be asked
// for it tells no class and no age.
func (s *Service) eachSpot(
	ctx context.Context, by authz.Actor, q Query, each func(spot),
) error {
	walk := func(x source, w db.Where, change func(*spot)) error {
		return db.Stream(ctx, s.unit.DB(), x.spots, w, db.Order{}, 0, scanSpot,
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

// cubeKey is everything that an overview depends on besides the rows.
func cubeKey(by authz.Actor, q Query, city region.Code, since clock.Date) (string, error) {
	b, err := json.Marshal(struct {
		By    string
		Q     Query
		City  region.Code
		Since clock.Date
	}{by.Rights(), q, city, since})
	return string(b), err
}
