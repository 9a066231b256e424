package id

import (
	"sync"
	"testing"
)

func TestNewSortsAndIsUnique(t *testing.T) {
	prev := ""
	for range 100_000 {
		x := New()
		if !Valid(x) || x <= prev {
			t.Fatalf("%q is not a valid id after %q", x, prev)
		}
		prev = x
	}
}

func TestNewFromManyGoroutines(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 2000 {
				x := New()
				mu.Lock()
				if seen[x] {
					t.Errorf("%s twice", x)
				}
				seen[x] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestValid(t *testing.T) {
	good := New()
	for s, want := range map[string]bool{
		good: true, "": false, good[1:]: false, good + "0": false,
		"0123456789abcdefghjkmnpqri": false, "0123456789ABCDEFGHJKMNPQRS": false,
	} {
		if Valid(s) != want {
			t.Errorf("Valid(%q) = %v", s, !want)
		}
	}
	if a, b := Token(16), Token(16); a == b || len(a) != 22 {
		t.Errorf("tokens %q %q", a, b)
	}
}
