package market

import (
	"sync/atomic"
	"testing"
)

// A count of few rows is made anew as soon as something is stored; one of many is used for a while,
// and never for longer than keepMany.
func TestKept(t *testing.T) {
	t.Parallel()
	var turn atomic.Uint64
	now, rows := int64(1_700_000_000_000_000), int64(5)
	k := newKept[string](&turn, func(n int64) int64 { return n })
	get := func() int64 {
		n, err := k.get("all", now, func() (int64, error) { return rows, nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, step := range []struct {
		what   string
		passed int64 // microseconds
		stored int64 // rows from now on, 0: nothing was stored
		want   int64
	}{
		{"first", 0, 0, 5},
		{"few, stored", 1000, 6, 6},
		{"few, now many", 1000, 3000, 3000},
		{"many, stored", 1000, 3001, 3000},
		{"many, still", keepMany.Microseconds() - 2000, 0, 3000},
		{"many, later", 2000, 0, 3001},
	} {
		now += step.passed
		if step.stored > 0 {
			rows = step.stored
			turn.Add(1)
		}
		if got := get(); got != step.want {
			t.Errorf("%s: %d, want %d", step.what, got, step.want)
		}
	}
}
