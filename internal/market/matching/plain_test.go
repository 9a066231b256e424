package matching

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
)

// Plain matches posts the straightforward way: every post is read, and every query made, for each pair
// anew, and nothing is kept. It is what a run is compared with.
type Plain struct{ S *Service }

// Rows returns what a run has to store for a post.
func (p Plain) Rows(ctx context.Context, postID string) ([]Row, error) {
	whole, err := market.PostByID(ctx, p.S.db, postID)
	if err != nil {
		return nil, err
	}
	var out []Row
	others := map[string]bool{}
	for _, r := range readersOf(&whole) {
		if market.PostPolicy.May(r.by, market.ActPostWhole, whole) != nil {
			continue
		}
		list, err := p.matches(ctx, r.by, &whole)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			if m.Score >= leastRun {
				out = append(out, r.row(whole.ID, m))
				others[m.Other] = true
			}
		}
	}
	list, err := p.matches(ctx, houseActor, &whole)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		others[m.Other] = true
	}
	for other := range others {
		back, err := p.back(ctx, other, whole.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, back...)
	}
	return out, nil
}

func (p Plain) matches(ctx context.Context, by authz.Actor, own *market.Post) ([]Match, error) {
	other := market.Achievement
	if own.Kind == market.Achievement {
		other = market.Need
	}
	q := search{by: by, which: partOf(other), texts: asked(own), fields: retrieval.MatchFields,
		top: candidates * topRun, weights: p.S.weights.now().engine(), live: true,
		keep: func(f *facts) bool { return f.ID != own.ID && (f.Org == "" || f.Org != own.OrgNow) }}
	found, err := p.S.find(ctx, &q)
	if err != nil {
		return nil, err
	}
	var out []Match
	for _, h := range found {
		seen, err := p.S.opt.Market.GetPost(ctx, by, h.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if own.Kind == market.Need {
			if h.enough() {
				offer := side{facts: h.facts}
				if !h.facts.Limited && err == nil {
					offer.said = parameters(&seen)
				}
				out = append(out, p.match(side{factsOf(own), parameters(own)}, offer, &h))
			}
			continue
		}
		if err != nil {
			continue
		}
		m, ok, err := p.pair(ctx, by, &seen, own)
		if err != nil {
			return nil, err
		}
		if ok {
			m.Other = seen.ID
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Other, b.Other))
	})
	return out[:min(len(out), topRun)], nil
}

func (p Plain) match(need, offer side, h *hit) Match {
	m := Match{Need: need.facts.ID, Offer: offer.facts.ID, Other: h.ID}
	m.Reasons = slices.Concat(amounts(need.said, offer.said, false),
		besides(need.facts, offer.facts, p.S.day(), false))
	m.Score = round(max(0, h.Score+p.S.weights.now().Beside*total(m.Reasons)))
	return m
}

func (p Plain) pair(ctx context.Context, by authz.Actor, need, offer *market.Post) (Match, bool, error) {
	x := p.S.index()
	c, err := x.closet(ctx, by)
	if err != nil {
		return Match{}, false, err
	}
	on := x.common
	if c != nil && c.holds(offer.ID) {
		on = c.shelf
	} else if !mayCommon(by) {
		return Match{}, false, nil
	}
	part, doc, ok := on.find(partOffers, offer.ID)
	if !ok {
		return Match{}, false, nil
	}
	q := search{by: by, x: x, texts: asked(need), fields: retrieval.MatchFields}
	h := newHit(part.ix.Score(q.query(p.S, part.ix), []int{doc}, p.S.weights.now().engine())[0], part)
	if !h.enough() {
		return Match{}, false, nil
	}
	m := p.match(side{factsOf(need), parameters(need)}, side{factsOf(offer), parameters(offer)}, &h)
	m.Reasons = append(words(h.words(&q)), m.Reasons...)
	return m, true, nil
}

func (p Plain) back(ctx context.Context, ownID, postID string) ([]Row, error) {
	own, err := market.PostByID(ctx, p.S.db, ownID)
	if err != nil {
		return nil, err
	}
	var out []Row
	for _, r := range readersOf(&own) {
		if market.PostPolicy.May(r.by, market.ActPostWhole, own) != nil {
			continue
		}
		seen, err := p.S.opt.Market.GetPost(ctx, r.by, postID)
		if err != nil {
			continue
		}
		need, offer := &own, &seen
		if own.Kind == market.Achievement {
			need, offer = offer, need
		}
		m, ok, err := p.pair(ctx, r.by, need, offer)
		if err != nil {
			return nil, err
		}
		if ok && m.Score >= leastRun {
			m.Other = postID
			out = append(out, r.row(ownID, m))
		}
	}
	return out, nil
}

// Remembering matches posts the way a run does, one after the other.
type Remembering struct {
	S     *Service
	known *memo
}

// Rows returns what a run stores for a post.
func (r *Remembering) Rows(ctx context.Context, postID string) ([]Row, error) {
	r.known = r.known.upToDate(r.S.index())
	return r.S.matchOne(ctx, r.known, postID)
}

var qAllRows = db.Stmt(`SELECT ` + rowCols + ` FROM matching_match AS m`)

// StoredRows returns all that runs stored.
func StoredRows(t *testing.T, d *db.DB) []Row {
	t.Helper()
	list, err := db.All(t.Context(), d, qAllRows, scanRow)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
