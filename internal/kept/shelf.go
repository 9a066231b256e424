// Package kept keeps numbers that take long to count and that many readers ask for.
package kept

import (
	"context"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// Rule says how long a number is used.
//
// A number of few rows is exact: it is used for Sure, and only as long as nothing was stored since. What
// changes without being stored, a consent, an expired role, shows after Sure.
//
// In a city at work something is stored many times a second, and a number of Many rows and more would be
// counted anew for each reader. It is used for Late whatever was stored. For Stale a reader still gets it at
// once while it is counted anew behind their back, so that nobody waits in line for it. With Many 0
// every number is used so.
type Rule struct {
	Sure  time.Duration
	Many  int64         // rows
	Late  time.Duration // 0: no number of many rows is used once something was stored
	Stale time.Duration // below Late: nobody gets an older one
	Most  int           // numbers that are kept
}

// behind bounds the time of a count that nobody waits for.
const behind = time.Minute

// Shelf keeps numbers V by what they depend on beside the rows, K. T tells whether something was stored
// since a number was counted. It is safe for concurrent use.
type Shelf[K, T comparable, V any] struct {
	rule Rule
	rows func(V) int64 // how many rows were counted

	mu sync.Mutex
	of map[K]*number[T, V]
}

// back is who counts behind the readers' back: one at a time in the whole program, who rests after each
// number for restShare times what it took. So processors and readers of the database are left for answers
// when many numbers grow old at once.
var back struct {
	sync.Mutex
	ended time.Time
	rest  time.Duration
}

const restShare = 2

// begin reports whether a number may be counted now. Who may says when it is done.
func begin() (done func(), may bool) {
	if !back.TryLock() {
		return nil, false
	}
	start := clock.System().Now()
	if since := start.Sub(back.ended); since >= 0 && since < back.rest { // else the clock was set back
		back.Unlock()
		return nil, false
	}
	return func() {
		back.ended = clock.System().Now()
		back.rest = restShare * back.ended.Sub(start)
		back.Unlock()
	}, true
}

type number[T comparable, V any] struct {
	mu   sync.Mutex // one reader counts, the others wait
	v    V
	turn T
	atUs int64 // 0: not counted yet
}

// New returns an empty shelf. rows tells how many rows a number counted.
func New[K, T comparable, V any](r Rule, rows func(V) int64) *Shelf[K, T, V] {
	return &Shelf[K, T, V]{rule: r, rows: rows, of: map[K]*number[T, V]{}}
}

// Get returns what is kept of a key, or counts it. turn is the moment in the life of what is stored that
// the caller saw before.
func (s *Shelf[K, T, V]) Get(
	ctx context.Context, key K, turn T, nowUs int64, count func(context.Context) (V, error),
) (V, error) {
	x := s.number(key)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.atUs != 0 {
		age := clock.Time(nowUs).Sub(clock.Time(x.atUs))
		many := s.rows(x.v) >= s.rule.Many
		switch {
		case age < 0: // the clock was set back
		case x.turn == turn && age < s.rule.Sure, many && age < s.rule.Late:
			return x.v, nil
		case many && age < s.rule.Stale:
			s.renew(ctx, x, turn, nowUs, count)
			return x.v, nil
		}
	}
	v, err := count(ctx)
	if err != nil {
		return v, err
	}
	x.v, x.turn, x.atUs = v, turn, nowUs
	return v, nil
}

func (s *Shelf[K, T, V]) number(key K) *number[T, V] {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.of[key]
	if x == nil {
		if len(s.of) >= s.rule.Most {
			clear(s.of)
		}
		x = &number[T, V]{}
		s.of[key] = x
	}
	return x
}

// renew counts a number behind the readers' back, unless another one is being counted. What fails is
// counted by the next reader who may have no older one.
func (s *Shelf[K, T, V]) renew(
	ctx context.Context, x *number[T, V], turn T, nowUs int64, count func(context.Context) (V, error),
) {
	done, may := begin()
	if !may {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), behind)
	go func() {
		defer done()
		defer cancel()
		defer func() {
			if recover() != nil { // the next reader meets the same fault, where it is reported
				x.mu.Lock()
				x.atUs = 0
				x.mu.Unlock()
			}
		}()
		v, err := count(ctx)
		if err != nil {
			return
		}
		x.mu.Lock()
		defer x.mu.Unlock()
		if x.atUs <= nowUs {
			x.v, x.turn, x.atUs = v, turn, nowUs
		}
	}()
}
