package matching

import (
	"context"
	"maps"
	"sync"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/market"
)

// memo keeps what was read while many pairs are scored, so that a post is read, and the query of a
// need is made, once and not for every pair. It is for one index and for one goroutine, and holds
// only until a post changes: see upToDate.
type memo struct {
	x     *index
	turn  uint64 // of the index when it was begun
	posts map[string]*noted
}

// maxNoted is how many posts a memo keeps: needs, which have a query, take some ten kilobytes.
const maxNoted = 2000

func newMemo(x *index) *memo {
	return &memo{x: x, turn: x.turn.Load(), posts: map[string]*noted{}}
}

// upToDate returns the memo, or an empty one when there is another index, a post has changed since or
// it is full.
func (m *memo) upToDate(x *index) *memo {
	if m != nil && m.x == x && m.turn == x.turn.Load() && len(m.posts) < maxNoted {
		return m
	}
	return newMemo(x)
}

// noted is a post that was read, with its sights: all of it, and what strangers see.
type noted struct {
	post           market.Post
	whole, limited *sight // nil as long as nobody saw it so
}

// sight is a post as some see it, with what it takes to score it.
type sight struct {
	post    *market.Post
	side    func() side
	texts   func() []string
	x       *index
	not     []string // posts that are not to be found for it
	queries map[*retrieval.Index]*retrieval.Query
}

func newSight(x *index, p *market.Post) *sight {
	return &sight{post: p, x: x, queries: map[*retrieval.Index]*retrieval.Query{},
		side:  sync.OnceValue(func() side { return side{factsOf(p), parameters(p)} }),
		texts: sync.OnceValue(func() []string { return asked(p) })}
}

// query returns the query of a need for a shelf. That for the common shelf is asked for again and again
// and kept; closets are many, and few ask for the same.
func (g *sight) query(s *Service, on *shelf, ix *retrieval.Index) *retrieval.Query {
	q := search{x: g.x, texts: g.texts(), fields: retrieval.MatchFields, across: true}
	if on == g.x.common {
		q.queries = g.queries
	}
	return q.query(s, ix)
}

// forget drops the queries of a post that was matched, but for that which offers will ask for.
func (g *sight) forget() {
	kept := g.x.common.view().parts[partOffers].ix
	maps.DeleteFunc(g.queries, func(ix *retrieval.Index, _ *retrieval.Query) bool { return ix != kept })
}

// note reads a post whole.
func (s *Service) note(ctx context.Context, m *memo, postID string) (*noted, error) {
	if n := m.posts[postID]; n != nil {
		return n, nil
	}
	p, err := market.PostByID(ctx, s.db, postID)
	if err != nil {
		return nil, err
	}
	n := &noted{post: p}
	m.posts[postID] = n
	return n, nil
}

// sight returns a post as the actor may see it, without its contact; NotFound to those who may not
// know of it.
func (s *Service) sight(ctx context.Context, m *memo, by authz.Actor, postID string) (*sight, error) {
	n, err := s.note(ctx, m, postID)
	if err != nil {
		return nil, err
	}
	p, err := n.post.As(by)
	if err != nil {
		return nil, err
	}
	at := &n.whole
	if p.Limited {
		at = &n.limited
	}
	if *at == nil {
		own := p
		*at = newSight(m.x, &own)
	}
	return *at, nil
}

// all returns all of a post, for those who may read it.
func (n *noted) all(x *index) *sight {
	if n.whole == nil {
		n.whole = newSight(x, &n.post)
	}
	return n.whole
}
