package atlas

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/outbox"
)

// A count of few nodes is made anew as soon as something happened; one of many is used for lateUs, and
// nothing for longer than keepUs.
func TestShelf(t *testing.T) {
	t.Parallel()
	var s shelf[int64]
	now, nodes, seq := int64(1_700_000_000_000_000), int64(5), int64(1)
	for _, step := range []struct {
		what   string
		passed int64
		nodes  int64 // from now on, 0: nothing happened
		want   int64
	}{
		{"first", 0, 0, 5},
		{"few, changed", 1000, 6, 6},
		{"few, long ago", keepUs, 0, 6},
		{"few, now many", 1000, many, many},
		{"many, changed", 1000, many + 1, many},
		{"many, still", lateUs - 2000, 0, many},
		{"many, late", 2000, 0, many + 1},
	} {
		now += step.passed
		if step.nodes > 0 {
			nodes = step.nodes
			seq++
		}
		got, err := s.get("all", state{end: outbox.Place{Seq: seq}}, now,
			func() (int64, int64, error) { return nodes, nodes, nil })
		if err != nil || got != step.want {
			t.Errorf("%s: %d, want %d, %v", step.what, got, step.want, err)
		}
	}
}
