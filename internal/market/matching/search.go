package matching

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
)

// Limits of a search.
const (
	MaxQuery = 500 // characters of what is looked for
	MaxHits  = 200 // found at most: who needs more says more
	PageSize = 20
)

// leastShare and leastNear are what a post must have to count as found: some of the words, or a
// nearness of meaning that is not chance.
const (
	leastShare = 0.02
	leastNear  = 0.55
)

// leastOfBest is what part of the best score a post must have to be found by a search. Posts that have
// only a character of the words, 石 of 石墨, reached a seventh of it at most, those with a word more than
// a third: looked at in the demonstration's 832 posts for six searches.
const leastOfBest = 0.2

// Hit is a post found, with what it was found by.
type Hit struct {
	ID      string   `json:"id"`
	Score   float64  `json:"score"`
	Reasons []Reason `json:"reasons"`
}

// Found is a page of hits, the best first.
type Found struct {
	Hits  []Hit `json:"hits"`
	Total int   `json:"total"` // of all pages, at most MaxHits
	Page  int   `json:"page"`  // from 1
	Pages int   `json:"pages"`
}

// visitor is everybody.
var visitor = authz.Actor{Role: authz.Public, Via: authz.ViaSession}

// mayCommon says whether an actor reads what everybody reads: administrators of the system do not.
func mayCommon(by authz.Actor) bool {
	return market.PostPolicy.MaySee(by, market.ActPostRead, market.Post{ID: "x", State: market.Published,
		PostData: market.PostData{Visibility: market.Open}})
}

// errBuilding is answered while the first index is made.
var errBuilding = fault.New(fault.Unavailable, "检索索引正在建立，请稍后再试")

// Search finds the posts that the actor may read for some words, those that pass the filter and the
// best first. A page beyond the last is empty. Errors: Invalid for too long a query, Unavailable
// while the index is made.
func (s *Service) Search(
	ctx context.Context, by authz.Actor, query string, f market.PostFilter, page int,
) (Found, error) {
	query = strings.TrimSpace(query)
	if utf8.RuneCountInString(query) > MaxQuery {
		return Found{}, fault.Fields(fault.At("q", "检索词请不超过 %d 字", MaxQuery))
	}
	if err := s.ready(ctx); err != nil {
		return Found{}, err
	}
	q := s.asks(by, query, f)
	found, err := s.find(ctx, &q)
	if err != nil {
		return Found{}, err
	}
	least := 0.0
	if len(found) > 0 {
		least = leastOfBest * found[0].Score
	}
	found = slices.DeleteFunc(found, func(h hit) bool { return !h.enough() || h.Score < least })
	return s.pageOf(&q, found, page), nil
}

// asks is a search for words among what passes a filter.
func (s *Service) asks(by authz.Actor, query string, f market.PostFilter) search {
	return search{by: by, which: partAll, texts: []string{query}, fields: []float64{1}, top: MaxHits,
		weights: retrieval.SearchWeights, live: f.Live, across: true, keep: s.filter(f)}
}

// filter keeps what passes a filter, nil for all that is live or for all.
func (s *Service) filter(f market.PostFilter) func(*facts) bool {
	rest := f
	if rest.Query, rest.Live = "", false; rest == (market.PostFilter{}) {
		return nil
	}
	now := clock.Us(s.unit.Clock().Now())
	return func(x *facts) bool { return keeps(&f, x, now) }
}

// pageOf cuts a page out of what was found and explains its hits.
func (s *Service) pageOf(q *search, found []hit, page int) Found {
	page = max(1, page)
	out := Found{Total: len(found), Page: page, Pages: (len(found) + PageSize - 1) / PageSize}
	from := min((page-1)*PageSize, len(found))
	for _, h := range found[from:min(from+PageSize, len(found))] {
		out.Hits = append(out.Hits, Hit{ID: h.ID, Score: h.Score, Reasons: words(h.words(q))})
	}
	return out
}

// search is what is looked for, by whom and where.
type search struct {
	by      authz.Actor
	which   int // part of the shelves
	texts   []string
	fields  []float64 // how much each text counts
	weights retrieval.Weights
	top     int
	live    bool              // only what is in the market
	across  bool              // in the other language, too, where there is a dictionary
	x       *index            // where; the one in use when a search begins
	keep    func(*facts) bool // nil keeps all

	queries map[*retrieval.Index]*retrieval.Query // by the index that is asked
}

// hit is a document found on a shelf.
type hit struct {
	retrieval.Hit
	ix    *retrieval.Index
	facts *facts
}

// steps are how finely scores are told apart: what sums of the same numbers in another order differ
// by counts for nothing.
const steps = 1e6

func round(x float64) float64 { return math.Round(x*steps) / steps }

func newHit(h retrieval.Hit, p part) hit {
	h.Score = round(h.Score)
	h.Signals = retrieval.Signals{Share: round(h.Signals.Share), Cover: round(h.Signals.Cover),
		Near: round(h.Signals.Near)}
	return hit{Hit: h, ix: p.ix, facts: p.facts[h.Doc]}
}

// enough says whether a hit is worth showing.
func (h *hit) enough() bool { return h.Signals.Share >= leastShare || h.Signals.Near >= leastNear }

// words says which words made a hit.
func (h *hit) words(q *search) []retrieval.Reason { return h.ix.Reasons(q.queries[h.ix], &h.Hit) }

func (q *search) query(s *Service, ix *retrieval.Index) *retrieval.Query {
	if x := q.queries[ix]; x != nil {
		return x
	}
	l := s.language()
	a, o := q.x.a, retrieval.QueryOptions{Fields: q.fields, Expand: l.synonyms}
	if q.across && l.dictionary != nil {
		a, o.Expand = a.With(l.dictionary), l.expand
	}
	x := ix.Query(a, q.texts, o)
	if q.queries == nil {
		q.queries = map[*retrieval.Index]*retrieval.Query{}
	}
	q.queries[ix] = x
	return x
}

// find looks on the common shelf and in the actor's closet. A post that is in both is found as the
// whole it is in the closet.
func (s *Service) find(ctx context.Context, q *search) ([]hit, error) {
	var out []hit
	if q.x == nil {
		q.x = s.index()
	}
	x := q.x
	c, err := x.closet(ctx, q.by)
	if err != nil {
		return nil, err
	}
	if c != nil {
		out = s.findOn(c.shelf, q, nil, out)
	}
	if mayCommon(q.by) {
		var not func(*facts) bool
		if c != nil {
			not = func(f *facts) bool { return f.Limited && c.holds(f.ID) }
		}
		out = s.findOn(x.common, q, not, out)
	}
	slices.SortStableFunc(out, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID))
	})
	if c != nil {
		out = once(out)
	}
	return out[:min(len(out), q.top)], nil
}

// once drops hits that are there twice: a post that is opened, or shut, while somebody searches.
func once(list []hit) []hit {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(h hit) bool {
		twice := seen[h.ID]
		seen[h.ID] = true
		return twice
	})
}

func (s *Service) findOn(on *shelf, q *search, not func(*facts) bool, out []hit) []hit {
	p := on.view().parts[q.which]
	scope := func(doc int) bool {
		if q.live && !p.live.has(doc) {
			return false
		}
		if q.keep == nil && not == nil && q.live {
			return true
		}
		f := p.facts[doc]
		return f != nil && (not == nil || !not(f)) && (q.keep == nil || q.keep(f))
	}
	hits := p.ix.Search(q.query(s, p.ix), retrieval.Options{Top: q.top, Pool: q.top + spare, NearPool: nearPool,
		Scope: scope, Weights: q.weights})
	for _, h := range hits {
		out = append(out, newHit(h, p))
	}
	return out
}

// spare is how many more posts that words find are scored exactly than are wanted: their first scores
// are rounded to a hundredth or so. nearPool is how many that vectors find.
const (
	spare    = 60
	nearPool = 120
)
