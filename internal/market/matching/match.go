package matching

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
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
// needs for an achievement. Everything about them is as the actor may see it. Only open posts are
// found, see Open, none of the same organisation, and none that the actor said is not relevant to the post.
func (s *Service) Matches(ctx context.Context, by authz.Actor, postID string, top int) ([]Match, error) {
	p, err := s.opt.Market.GetPost(ctx, by, postID)
	if err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	var not []string
	if by.Account != "" {
		if not, err = db.All(ctx, s.db, qRejected, db.One[string], by.Account, p.ID); err != nil {
			return nil, err
		}
	}
	x := s.index()
	own := newSight(x, &p)
	own.not = not
	list, err := s.matches(ctx, newMemo(x), by, own, top)
	var out []Match
	for i := range list {
		out = append(out, s.explained(&list[i]))
	}
	return out, err
}

// scored is a pair with its score, and with all that tells why.
type scored struct {
	Match       // without reasons
	need, offer side
	hit         hit
	words       *retrieval.Query
}

// matches is Matches for a post as the actor sees it, without reasons.
func (s *Service) matches(
	ctx context.Context, m *memo, by authz.Actor, own *sight, top int,
) ([]scored, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	top = max(1, min(top, MaxMatches))
	p, other := own.post, market.Achievement
	if p.Kind == market.Achievement {
		other = market.Need
	}
	q := search{by: by, x: m.x, which: partOf(other), texts: own.texts(), fields: retrieval.MatchFields,
		top: candidates * top, weights: s.weights.now().engine(), queries: own.queries, across: true,
		keep: func(f *facts) bool {
			return f.ID != p.ID && Open(f.State) && (f.Org == "" || f.Org != p.OrgNow) &&
				!slices.Contains(own.not, f.ID)
		}}
	found, err := s.find(ctx, &q)
	if err != nil {
		return nil, err
	}
	var out []scored
	if p.Kind == market.Need {
		out, err = s.judge(ctx, m, by, own, found)
	} else {
		out, err = s.turned(ctx, m, by, own, found)
	}
	slices.SortStableFunc(out, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Other, b.Other))
	})
	return out[:min(len(out), top)], err
}

// judge scores what was found for a need, with what stands beside the words.
func (s *Service) judge(
	ctx context.Context, m *memo, by authz.Actor, need *sight, found []hit,
) ([]scored, error) {
	var out []scored
	for i := range found {
		if h := &found[i]; h.enough() {
			offer, err := s.sideBy(ctx, m, by, h.facts)
			if err != nil {
				return nil, err
			}
			out = append(out, s.score(need.side(), offer, *h, need.queries[h.ix]))
		}
	}
	return out, nil
}

// side is a post as one reader sees it.
type side struct {
	facts *facts
	said  []retrieval.Parameter
}

// sideBy reads a post as the actor sees it, for the amounts in its text.
func (s *Service) sideBy(ctx context.Context, m *memo, by authz.Actor, f *facts) (side, error) {
	if f.Limited {
		return side{facts: f}, nil
	}
	p, err := s.sight(ctx, m, by, f.ID)
	if fault.Is(err, fault.NotFound) {
		return side{facts: f}, nil // it left the market this moment
	}
	if err != nil {
		return side{}, err
	}
	return side{f, p.side().said}, nil
}

// score puts a hit and what stands beside its words together.
func (s *Service) score(need, offer side, h hit, words *retrieval.Query) scored {
	m := scored{need: need, offer: offer, hit: h, words: words,
		Match: Match{Need: need.facts.ID, Offer: offer.facts.ID, Other: h.ID, Signals: h.Signals}}
	m.Score = round(max(0, h.Score+s.weights.now().Beside*total(s.beside(&m, true))))
	return m
}

// beside are the reasons that stand beside the words, mute or told.
func (s *Service) beside(m *scored, mute bool) []Reason {
	return slices.Concat(amounts(m.need.said, m.offer.said, mute),
		besides(m.need.facts, m.offer.facts, s.day(), mute))
}

// explained returns a match with its reasons.
func (s *Service) explained(m *scored) Match {
	out := m.Match
	out.Reasons = slices.Concat(words(m.hit.ix.Reasons(m.words, &m.hit.Hit)), s.beside(m, false))
	return out
}

// turned scores needs for an offer the way offers are scored for a need, so that both owners read
// the same figure.
func (s *Service) turned(
	ctx context.Context, m *memo, by authz.Actor, offer *sight, found []hit,
) ([]scored, error) {
	on, err := s.shelfFor(ctx, m.x, by, offer.post.ID)
	if err != nil || on == nil {
		return nil, err
	}
	var out []scored
	for i := range found {
		need, err := s.sight(ctx, m, by, found[i].ID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if pair, ok := s.scoreOn(on, need, offer); ok {
			pair.Other = need.post.ID
			out = append(out, pair)
		}
	}
	return out, nil
}

// shelfFor returns the shelf on which the actor reads an offer, nil for none.
func (s *Service) shelfFor(ctx context.Context, x *index, by authz.Actor, offerID string) (*shelf, error) {
	c, err := x.closet(ctx, by)
	switch {
	case err != nil:
		return nil, err
	case c != nil && c.holds(offerID):
		return c.shelf, nil
	case mayCommon(by):
		return x.common, nil
	}
	return nil, nil
}

// scoreOn scores an offer that stands on a shelf for a need; false when nothing joins them or the
// offer does not stand there.
func (s *Service) scoreOn(on *shelf, need, offer *sight) (scored, bool) {
	p, doc, ok := on.find(partOffers, offer.post.ID)
	if !ok {
		return scored{}, false
	}
	q := need.query(s, on, p.ix)
	h := newHit(p.ix.Score(q, []int{doc}, s.weights.now().engine())[0], p)
	if !h.enough() {
		return scored{}, false
	}
	return s.score(need.side(), offer.side(), h, q), true
}

// pair scores one offer for one need, both as the actor sees them; false when nothing joins them or
// the offer is in no index that the actor reads.
func (s *Service) pair(
	ctx context.Context, by authz.Actor, need, offer *market.Post,
) (Match, bool, error) {
	x := s.index()
	return s.pairSights(ctx, by, newSight(x, need), newSight(x, offer))
}

// pairSights is pair for posts that take part in several pairs: a need's query is made once.
func (s *Service) pairSights(ctx context.Context, by authz.Actor, need, offer *sight) (Match, bool, error) {
	on, err := s.shelfFor(ctx, need.x, by, offer.post.ID)
	if err != nil || on == nil {
		return Match{}, false, err
	}
	m, ok := s.scoreOn(on, need, offer)
	if !ok {
		return Match{}, false, nil
	}
	return s.explained(&m), true, nil
}

// Explain says why two posts fit each other and what speaks against it, as the actor sees both; false
// when nothing joins them.
func (s *Service) Explain(
	ctx context.Context, by authz.Actor, needID, offerID string,
) (Match, bool, error) {
	if err := s.ready(ctx); err != nil {
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

// Near returns the ids of the open posts of the same kind that are most like one, by words and meaning,
// the nearest first. It finds what the actor may read.
func (s *Service) Near(ctx context.Context, by authz.Actor, postID string, most int) ([]string, error) {
	p, err := s.opt.Market.GetPost(ctx, by, postID)
	if err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	q := search{by: by, which: partOf(p.Kind), texts: asked(&p), fields: retrieval.MatchFields,
		top: max(1, min(most, MaxMatches)), weights: s.weights.now().engine(), across: true,
		keep: func(f *facts) bool { return f.ID != p.ID && Open(f.State) }}
	found, err := s.find(ctx, &q)
	var out []string
	for i := range found {
		if found[i].enough() && found[i].Score >= leastRun {
			out = append(out, found[i].ID)
		}
	}
	return out, err
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
	if err := s.ready(ctx); err != nil {
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
