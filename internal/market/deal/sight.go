package deal

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/party"
)

// How much of an introduction somebody sees rests on its posts: who owns a post that is shown by
// request is told by its owner's consent, not by asking for an introduction.

// withheld stands for the name of a side that its post does not tell the reader either.
const withheld = "依申请公开"

// insider says whether a role may read all of every post that was handed in, so that nothing of an
// introduction is new to it.
func insider(role authz.Role) bool {
	return role == authz.Officer || role == authz.Leader || role == authz.ChainOffice
}

// postsAllow says whether an actor may do something with each post that an introduction is about. A
// post that was not loaded allows nothing.
func (d *Deal) postsAllow(by authz.Actor, act authz.Action) bool {
	for _, s := range []Side{d.Demand, d.Supply} {
		if s.Post != "" && (s.post == nil || !market.PostPolicy.MaySee(by, act, *s.post)) {
			return false
		}
	}
	return true
}

// postsAllowWhere is postsAllow in the database.
func postsAllowWhere(by authz.Actor, act authz.Action) db.Where {
	scope := market.PostPolicy.Scope(by, act)
	return db.Or(db.Where{}.And("d.demand_post = ''"),
		db.Exists("market_post AS p", db.Where{}.And("p.id = d.demand_post").AndAll(scope))).
		AndAll(db.Or(db.Where{}.And("d.supply_post = ''"),
			db.Exists("market_post AS p", db.Where{}.And("p.id = d.supply_post").AndAll(scope))))
}

// hears says whether an actor who may read an introduction may read what was said in it: those who
// only look on may if they may read all of its posts.
func (d *Deal) hears(by authz.Actor) bool {
	side := d.SideOf(by)
	return side != regions && side != noSide || insider(by.EffectiveRole()) ||
		d.postsAllow(by, market.ActPostWhole)
}

// knows says whether an actor who may read an introduction may know who a side is: it is the actor's
// own, it consented, no post stands for it, or the actor may read all of its post.
func (d *Deal) knows(by authz.Actor, side string) bool {
	s := d.side(side)
	return insider(by.EffectiveRole()) || s.Post == "" || s.ConsentUs > 0 ||
		by.Org != "" && by.Org == s.Now ||
		s.post != nil && market.PostPolicy.MaySee(by, market.ActPostWhole, *s.post)
}

// knownWhere is knows in the database.
func knownWhere(by authz.Actor, side string) db.Where {
	if insider(by.EffectiveRole()) {
		return db.Where{}
	}
	whole := market.PostPolicy.Scope(by, market.ActPostWhole)
	if side == Demand {
		own := db.Where{}.And("d.demand_post = '' OR d.demand_consent_us > 0")
		if by.Org != "" {
			own = db.Or(own, db.Where{}.And("d.demand_now = $1", by.Org))
		}
		return db.Or(own, db.Exists("market_post AS p",
			db.Where{}.And("p.id = d.demand_post").AndAll(whole)))
	}
	own := db.Where{}.And("d.supply_post = '' OR d.supply_consent_us > 0")
	if by.Org != "" {
		own = db.Or(own, db.Where{}.And("d.supply_now = $1", by.Org))
	}
	return db.Or(own, db.Exists("market_post AS p",
		db.Where{}.And("p.id = d.supply_post").AndAll(whole)))
}

// NamesKnown narrows introductions that an actor may read to those of which the actor may know both
// sides. Whoever shows who works with whom asks it.
func NamesKnown(by authz.Actor) db.Where {
	return knownWhere(by, Demand).AndAll(knownWhere(by, Supply))
}

// withSide keeps introductions of which an organisation is a side that the actor may know.
func withSide(by authz.Actor, org string) db.Where {
	return db.Or(db.Where{}.And("d.demand_now = $1", org).AndAll(knownWhere(by, Demand)),
		db.Where{}.And("d.supply_now = $1", org).AndAll(knownWhere(by, Supply)))
}

// inTitle keeps introductions whose title alone has every pair of characters of a query.
func inTitle(query string) db.Where {
	w := db.Where{}
	for _, g := range party.Grams(firstRunes(query, maxSearch)) {
		w = w.And("REPLACE(LOWER(d.title), $1, '') <> LOWER(d.title)", g)
	}
	return w
}

// withPosts loads the posts of introductions.
func withPosts(ctx context.Context, q db.Q, list []Deal) error {
	seen := map[string]*market.Post{}
	var ids []string
	for i := range list {
		for _, side := range []string{Demand, Supply} {
			postID := list[i].side(side).Post
			if _, listed := seen[postID]; postID != "" && !listed {
				seen[postID] = nil
				ids = append(ids, postID)
			}
		}
	}
	posts, err := market.PostsByID(ctx, q, ids)
	if err != nil {
		return err
	}
	for i := range posts {
		seen[posts[i].ID] = &posts[i]
	}
	for i := range list {
		list[i].Demand.post, list[i].Supply.post = seen[list[i].Demand.Post], seen[list[i].Supply.Post]
	}
	return nil
}

// seenBy is an introduction as an actor may see it who may read it. What decides about rights stays
// in it; what is shown does not.
func (d Deal) seenBy(ctx context.Context, by authz.Actor) Deal {
	d.BrokerConflict = d.conflict && !d.barred && d.SideOf(by) == Bureau
	for _, name := range []string{Demand, Supply} {
		s := d.side(name)
		if own := d.SideOf(by); own != Bureau && own != name {
			s.NDABy, s.ConsentBy = "", ""
		}
		if d.knows(by, name) {
			continue
		}
		s.Org, s.Name, s.Withheld = "", i18n.T(ctx, withheld), true
	}
	if !d.hears(by) {
		d.Message, d.NDA, d.NextStep = "", "", ""
	}
	return d
}

// nameDoers puts into a timeline who did what, as somebody on a side sees it: others by the name of
// their organisation or of the broker, never by a log-in. d is as the reader may see it.
func nameDoers(ctx context.Context, q db.Q, d Deal, side string, list []Entry) error {
	brokers := map[string]string{"": "", d.Broker: d.BrokerName}
	for i := range list {
		e := &list[i]
		switch e.Side {
		case Demand, Supply:
			e.By = d.side(e.Side).Name
		case Agent:
			if _, known := brokers[e.Broker]; !known {
				b, _, err := db.Find(ctx, q, qBroker, scanBroker, e.Broker)
				if err != nil {
					return err
				}
				brokers[e.Broker] = b.Name
			}
			e.By = brokers[e.Broker]
		}
		if side != Bureau && side != e.Side {
			e.Login = ""
		}
	}
	return nil
}

// seenBy is an agreement on the commission as somebody on a side sees it: without the log-ins of
// others.
func (x Split) seenBy(side string) Split {
	if side == Bureau {
		return x
	}
	own := map[string]string{Demand: x.DemandBy, Supply: x.SupplyBy, Agent: x.BrokerBy}[side]
	if x.CreatedBy != own {
		x.CreatedBy = ""
	}
	for name, by := range map[string]*string{Demand: &x.DemandBy, Supply: &x.SupplyBy, Agent: &x.BrokerBy} {
		if name != side {
			*by = ""
		}
	}
	return x
}

// allSeenBy is seenBy for a page of introductions.
func allSeenBy(ctx context.Context, q db.Q, by authz.Actor, list []Deal) error {
	if insider(by.EffectiveRole()) {
		for i := range list {
			list[i].BrokerConflict = list[i].conflict && !list[i].barred && list[i].SideOf(by) == Bureau
		}
		return nil
	}
	if err := withPosts(ctx, q, list); err != nil {
		return err
	}
	for i := range list {
		list[i] = list[i].seenBy(ctx, by)
	}
	return nil
}
