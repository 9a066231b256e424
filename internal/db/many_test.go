package db

import (
	"testing"
)

func TestRepeatShiftsParameters(t *testing.T) {
	got := repeat("($1, $2, 'x$1', $2)", 2, 3)
	want := "($1, $2, 'x$1', $2), ($3, $4, 'x$1', $4), ($5, $6, 'x$1', $6)"
	if got != want {
		t.Errorf("repeat = %s", got)
	}
}

func TestChunkUsesFewSizes(t *testing.T) {
	sizes := map[int]bool{}
	for n := 1; n <= 5000; n++ {
		c := chunk(n, 700)
		if c < 1 || c > n || c > 700 {
			t.Fatalf("chunk(%d) = %d", n, c)
		}
		sizes[c] = true
	}
	if len(sizes) > 10 {
		t.Errorf("%d different sizes", len(sizes))
	}
}

func TestMarksOnlyInSequence(t *testing.T) {
	for values, want := range map[string]bool{
		"($1, '$2', $2, 1)": true, "($2, $1)": false, "($1, $1)": false, "($1, $2, $2)": false, "($1)": false,
	} {
		if got := inSequence(values, 2); got != want {
			t.Errorf("%s: %v", values, got)
		}
	}
	if got := marks("($1, '$2', $2)", 2); got != "(?, '$2', ?), (?, '$2', ?)" {
		t.Errorf("marks = %s", got)
	}
}
