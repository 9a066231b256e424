package market

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// kept keeps numbers that many readers ask for, each counted once until something is stored. What
// another process stored shows after keepCounts at the latest. Numbers of many rows are used for
// keepMany whatever is stored: in a market at work they would be counted anew for each reader.
type kept[K comparable, V any] struct {
	mu   sync.Mutex
	of   map[K]*keptValue[V]
	turn *atomic.Uint64 // counts what was stored
	rows func(V) int64  // how many rows were counted
}

type keptValue[V any] struct {
	mu   sync.Mutex // one reader counts, the others wait
	v    V
	turn uint64
	atUs int64 // 0: not counted yet
}

const (
	keepCounts = 2 * time.Second
	keepMany   = 10 * time.Second
	keptCounts = 1000 // values
	manyRows   = 2000
)

func newKept[K comparable, V any](turn *atomic.Uint64, rows func(V) int64) *kept[K, V] {
	return &kept[K, V]{of: map[K]*keptValue[V]{}, turn: turn, rows: rows}
}

// get returns what is kept of a key, or counts it.
func (k *kept[K, V]) get(key K, nowUs int64, count func() (V, error)) (V, error) {
	k.mu.Lock()
	x := k.of[key]
	if x == nil {
		if len(k.of) >= keptCounts {
			clear(k.of)
		}
		x = &keptValue[V]{}
		k.of[key] = x
	}
	k.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	turn := k.turn.Load()
	age, rows := clock.Time(nowUs).Sub(clock.Time(x.atUs)), k.rows(x.v)
	if x.atUs != 0 && age >= 0 && (x.turn == turn && age < keepCounts || rows >= manyRows && age < keepMany) {
		return x.v, nil
	}
	v, err := count()
	if err != nil {
		return v, err
	}
	x.v, x.turn, x.atUs = v, turn, nowUs
	return v, nil
}
