package matching

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
)

// Limits of matching.
const (
	MaxMatches = 50 // of one post
	// candidates is how many times more posts are looked at than are wanted: what stands beside the
	// words sorts them anew.
	candidates = 3
)

// Match is a post that fits another.
type Match struct {
	Need    string            `json:"need"`
	Offer   string            `json:"offer"`
	Other   string            `json:"other"` // that of the two which was looked for
	Score   float64           `json:"score"` // 0 to 1, seldom above 0.6
	Signals retrieval.Signals `json:"signals"`
	Reasons []Reason          `json:"reasons"`
}

// Percent is the score of 100.
func (m Match) Percent() string { return percent(m.Score) }

// Post returns a post as the actor may see it, for pages that show what was found.
func (s *Service) Post(ctx context.Context, by authz.Actor, id string) (market.Post, error) {
	return s.opt.Market.GetPost(ctx, by, id)
}

// Matches returns what fits a post that the actor may read, the best first: achievements for a need,
// needs for an achievement. Everything about them is as the actor may see it. Only posts in the
// market are found, and none of the same organisation.
func (s *Service) Matches(ctx context.Context, by authz.Actor, postID string, top int) ([]Match, error) {
	p, err := s.opt.Market.GetPost(ctx, by, postID)
	if err != nil {
		return nil, err
	}
	return s.matches(ctx, by, &p, top)
}

// matches is Matches for a post as the actor sees it.
func (s *Service) matches(ctx context.Context, by authz.Actor, p *market.Post, top int) ([]Match, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	top = max(1, min(top, MaxMatches))
	other := market.Achievement
	if p.Kind == market.Achievement {
		other = market.Need
	}
	q := search{by: by, which: partOf(other), texts: asked(p), fields: retrieval.MatchFields,
		top: candidates * top, weights: s.weights.now().engine(),
		live: true, keep: func(f *facts) bool { return f.ID != p.ID && (f.Org == "" || f.Org != p.OrgNow) }}
	found, err := s.find(ctx, &q)
	if err != nil {
		return nil, err
	}
	var out []Match
	if p.Kind == market.Need {
		out, err = s.judge(ctx, &q, p, found)
	} else {
		out, err = s.turned(ctx, by, p, found)
	}
	return out[:min(len(out), top)], err
}

// judge scores what was found for a need, with what stands beside the words.
func (s *Service) judge(ctx context.Context, q *search, need *market.Post, found []hit) ([]Match, error) {
	var out []Match
	side := sideOf(need)
	for i := range found {
		if h := &found[i]; h.enough() {
			offer, err := s.sideBy(ctx, q.by, h.facts)
			if err != nil {
				return nil, err
			}
			out = append(out, s.match(side, offer, h, h.words(q)))
		}
	}
	sortMatches(out)
	return out, nil
}

// side is a post as one reader sees it.
type side struct {
	facts *facts
	said  []retrieval.Parameter
}

func sideOf(p *market.Post) side { return side{factsOf(p), parameters(p)} }

// sideBy reads a post as the actor sees it, for the amounts in its text.
func (s *Service) sideBy(ctx context.Context, by authz.Actor, f *facts) (side, error) {
	if f.Limited {
		return side{facts: f}, nil
	}
	p, err := s.opt.Market.GetPost(ctx, by, f.ID)
	if fault.Is(err, fault.NotFound) {
		return side{facts: f}, nil // it left the market this moment
	}
	return side{f, parameters(&p)}, err
}

// match puts a hit and what stands beside its words together.
func (s *Service) match(need, offer side, h *hit, said []retrieval.Reason) Match {
	m := Match{Need: need.facts.ID, Offer: offer.facts.ID, Other: h.ID, Signals: h.Signals}
	beside := slices.Concat(amounts(need.said, offer.said), besides(need.facts, offer.facts, s.day()))
	m.Reasons = slices.Concat(words(said), beside)
	m.Score = round(max(0, h.Score+s.weights.now().Beside*total(beside)))
	return m
}

func sortMatches(list []Match) {
	slices.SortStableFunc(list, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Other, b.Other))
	})
}

// turned scores needs for an offer the way offers are scored for a need, so that both owners read
// the same figure.
func (s *Service) turned(
	ctx context.Context, by authz.Actor, offer *market.Post, found []hit,
) ([]Match, error) {
	var out []Match
	for i := range found {
		need, err := s.opt.Market.GetPost(ctx, by, found[i].ID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		m, ok, err := s.pair(ctx, by, &need, offer)
		if err != nil {
			return nil, err
		}
		if ok {
			m.Other = need.ID
			out = append(out, m)
		}
	}
	sortMatches(out)
	return out, nil
}

// pair scores one offer for one need, both as the actor sees them; false when nothing joins them or
// the offer is in no index that the actor reads.
func (s *Service) pair(
	ctx context.Context, by authz.Actor, need, offer *market.Post,
) (Match, bool, error) {
	x := s.index()
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
	p, doc, ok := on.find(partOffers, offer.ID)
	if !ok {
		return Match{}, false, nil
	}
	q := search{by: by, x: x, texts: asked(need), fields: retrieval.MatchFields}
	hits := p.ix.Score(q.query(s, p.ix), []int{doc}, s.weights.now().engine())
	h := newHit(hits[0], p)
	if !h.enough() {
		return Match{}, false, nil
	}
	return s.match(sideOf(need), sideOf(offer), &h, h.words(&q)), true, nil
}

// Explain says why two posts fit each other and what speaks against it, as the actor sees both; false
// when nothing joins them.
func (s *Service) Explain(
	ctx context.Context, by authz.Actor, needID, offerID string,
) (Match, bool, error) {
	if err := s.ready(); err != nil {
		return Match{}, false, err
	}
	need, err := s.opt.Market.GetPost(ctx, by, needID)
	if err != nil {
		return Match{}, false, err
	}
	offer, err := s.opt.Market.GetPost(ctx, by, offerID)
	if err != nil {
		return Match{}, false, err
	}
	if need.Kind != market.Need || offer.Kind != market.Achievement {
		return Match{}, false, fault.New(fault.Invalid, "须为一条需求与一条成果")
	}
	return s.pair(ctx, by, &need, &offer)
}

func (s *Service) day() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }

// From which cover on two posts of a kind are taken for the same: how much of what the one tells the
// other has, by how much its words tell. Name and field of the owner stand beside the text and are
// told too, so it is less than all.
const leastAlike = 0.5

// MaxSimilar is how many doubles are named.
const MaxSimilar = 5

// Alike is a post that says nearly the same as another.
type Alike struct {
	ID    string  `json:"id"`
	Share float64 `json:"share"` // how much of its words the new one has, 0 to 1
}

// Similar returns the posts of the same kind that say nearly the same as one, which need not be
// stored yet, the nearest first: the warning when somebody posts twice. It finds what the actor may
// read.
func (s *Service) Similar(ctx context.Context, by authz.Actor, p market.Post) ([]Alike, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	q := search{by: by, which: partOf(p.Kind), texts: texts(&p), fields: []float64{1, 1, 1},
		top: candidates * MaxSimilar, weights: retrieval.Weights{Version: "alike", Share: 1, Cover: 1},
		keep: func(f *facts) bool { return f.ID != p.ID }}
	found, err := s.find(ctx, &q)
	if err != nil {
		return nil, err
	}
	var out []Alike
	for _, h := range found {
		if h.Signals.Cover >= leastAlike && !h.facts.Limited {
			out = append(out, Alike{h.ID, h.Signals.Cover})
		}
	}
	slices.SortStableFunc(out, func(a, b Alike) int { return cmp.Compare(b.Share, a.Share) })
	return out[:min(len(out), MaxSimilar)], nil
}
