package atlas

import "sync"

// What was counted is kept for as long as nothing has happened in the city: every change emits an
// event, and a count is used only while the feed ends where it ended before it was counted. What
// changes without an event, a consent, an expired role, shows after keepUs at the latest.
//
// A count of many nodes is used for lateUs longer: in a city at work something happens many times a
// second, and the map would be counted anew for each reader. It says at what time it was counted.
const (
	keepUs   = 30_000_000
	lateUs   = 10_000_000
	many     = 2_000 // nodes
	maxCubes = 200
)

// shelf keeps counts by what they depend on beside the rows.
type shelf[T any] struct {
	mu sync.Mutex
	of map[string]*kept[T]
}

// kept is one count.
type kept[T any] struct {
	mu    sync.Mutex // one reader counts, the others wait
	v     T
	nodes int64
	end   state
	atUs  int64 // 0: not counted yet
}

// get returns what is kept of a key, or counts it. count says also how many nodes it counted.
func (s *shelf[T]) get(key string, end state, nowUs int64, count func() (T, int64, error)) (T, error) {
	s.mu.Lock()
	x := s.of[key]
	if x == nil {
		if s.of == nil || len(s.of) >= maxCubes {
			s.of = map[string]*kept[T]{}
		}
		x = &kept[T]{}
		s.of[key] = x
	}
	s.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if age := nowUs - x.atUs; x.atUs != 0 && age >= 0 &&
		(x.end == end && age < keepUs || x.nodes >= many && age < lateUs) {
		return x.v, nil
	}
	v, nodes, err := count()
	if err != nil {
		return v, err
	}
	x.v, x.nodes, x.end, x.atUs = v, nodes, end, nowUs
	return v, nil
}
