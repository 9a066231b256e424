package matching

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// smallMarket is how many posts are read before the program serves. More are read while it serves,
// and searching says so until they are.
const smallMarket = 2000

// Begin promises that Prepare is called: who asks before it has ended waits for it. The program calls it
// before it serves.
func (s *Service) Begin(ctx context.Context) error {
	if !s.index().ready.Load() {
		begun := make(chan struct{})
		s.begun.Store(&begun)
	}
	return s.weights.load(ctx, s.db)
}

// Prepare makes the index: from its snapshot, from the posts when they are few, and otherwise Run
// will. It takes longer than all the rest of a start, so the program calls it behind its first answers.
// A second call changes nothing.
func (s *Service) Prepare(ctx context.Context) error {
	begun := s.begun.Load()
	defer func() {
		if begun != nil && s.begun.CompareAndSwap(begun, nil) {
			close(*begun)
		}
	}()
	if s.index().ready.Load() {
		return nil
	}
	if err := s.weights.load(ctx, s.db); err != nil {
		return err
	}
	s.start.Lock()
	defer s.start.Unlock()
	if s.opt.Dir != "" {
		if ok, err := s.restore(ctx); ok || err != nil {
			return err
		}
	}
	n, err := market.CountStanding(ctx, s.db, smallMarket+1)
	if err != nil || n > smallMarket {
		return err
	}
	return s.build(ctx)
}

// Rebuild drops the index and makes it anew from the posts, vectors included. Searches go on in the
// old one until it is made.
func (s *Service) Rebuild(ctx context.Context) error {
	s.start.Lock()
	defer s.start.Unlock()
	return s.build(ctx)
}

// readAtOnce is how many posts are read and indexed at a time.
const readAtOnce = 2000

// build reads every post. What changes meanwhile stands in the feed after the place that was read
// before, and is read again.
func (s *Service) build(ctx context.Context) error {
	at, err := outbox.End(ctx, s.db)
	if err != nil {
		return err
	}
	a, edition, err := s.analyzer(ctx)
	if err != nil {
		return err
	}
	x := newIndex(a, edition)
	x.own = s.language().own
	x.making = true
	for after := ""; ; {
		posts, err := market.PostsAfter(ctx, s.db, after, readAtOnce)
		if err != nil {
			return err
		}
		if len(posts) == 0 {
			break
		}
		after = posts[len(posts)-1].ID
		if err := x.put(ctx, posts, nil); err != nil {
			return err
		}
	}
	x.making = false
	x.common.learn()
	x.learned = x.common.len()
	s.take(x, at)
	return nil
}

// take puts an index in the place of the one before. Who still searches there keeps what it holds.
func (s *Service) take(x *index, at outbox.Place) {
	x.ready.Store(true)
	e := &epoch{index: x, done: make(chan struct{})}
	e.tail = outbox.NewTail(s.db, at, outbox.TailOptions{Kinds: events(), Poll: s.opt.Poll, Log: s.opt.Log,
		Handle: func(ctx context.Context, list []outbox.Stored) error {
			return follow(ctx, s.db, x, objects(list))
		}})
	close(s.now.Swap(e).done)
}

// follow reads posts anew. It does not matter how often, nor in which order events are told: what
// counts is how the posts are now.
func follow(ctx context.Context, q db.Q, x *index, ids []string) error {
	posts, err := market.PostsByID(ctx, q, ids)
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for _, p := range posts {
		has[p.ID] = true
	}
	var gone []string
	for _, id := range ids {
		if !has[id] {
			gone = append(gone, id)
		}
	}
	return x.put(ctx, posts, gone)
}

// CatchUp brings the index up to date with everything that is committed now.
func (s *Service) CatchUp(ctx context.Context) error {
	if s.now.Load().tail == nil && s.ready(ctx) != nil {
		return s.Rebuild(ctx)
	}
	return s.now.Load().tail.CatchUp(ctx)
}

// Poke tells the room that something was committed.
func (s *Service) Poke() {
	if t := s.now.Load().tail; t != nil {
		t.Poke()
	}
}

// snapshotEvery is how often a snapshot is written, if enough has changed.
const snapshotEvery = 30 * time.Minute

// Run keeps the index up to date until ctx ends, and keeps snapshots of it.
func (s *Service) Run(ctx context.Context) {
	for ctx.Err() == nil {
		e := s.now.Load()
		if e.tail != nil {
			s.follow(ctx, e)
		} else if err := s.Rebuild(ctx); err != nil && ctx.Err() == nil {
			s.opt.Log.Error("make the index of the market", "error", err)
			return
		}
		if err := s.Keep(context.WithoutCancel(ctx)); err != nil {
			s.opt.Log.Warn("keep a snapshot of the index", "error", err)
		}
	}
}

// follow follows the feed until it is time for a snapshot or another index took the place.
func (s *Service) follow(ctx context.Context, e *epoch) {
	turn, end := context.WithTimeout(ctx, snapshotEvery)
	defer end()
	go func() {
		select {
		case <-e.done:
			end()
		case <-turn.Done():
		}
	}()
	e.tail.Run(turn)
}
