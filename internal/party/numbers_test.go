package party

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func numbersOf(list ...int64) numbers {
	var s numbers
	for _, n := range list {
		s.add(n)
	}
	return s
}

func listed(s numbers) []int64 {
	var out []int64
	s.each(func(n int64) { out = append(out, n) })
	return out
}

// TestNumbers compares the set with a map, through its stored form.
func TestNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(4096, 341))
	for _, most := range []int{0, 1, maxListed, maxListed + 1, 3 * blockSize} {
		set, want := numbers(nil), map[int64]bool{}
		for range most {
			n := r.Int64N(3 * blockSize)
			set.add(n)
			want[n] = true
		}
		gone := r.Int64N(3 * blockSize)
		set.remove(gone)
		delete(want, gone)
		var back numbers
		for b := range int64(3) {
			if err := back.addBlock(b, set.block(b)); err != nil {
				t.Fatal(err)
			}
		}
		for n := range int64(3 * blockSize) {
			if back.has(n) != want[n] || set.has(n) != want[n] {
				t.Fatalf("of %d: %d is %v, stored %v, want %v", most, n, set.has(n), back.has(n), want[n])
			}
		}
		if int(back.count()) != len(want) {
			t.Errorf("count %d of %d", back.count(), len(want))
		}
	}
}

func TestNumbersTogether(t *testing.T) {
	a, b := numbersOf(1, 2, 300), numbersOf(2, 3, 9000)
	for name, c := range map[string]struct {
		got  numbers
		want []int64
	}{
		"and":     {append(numbers(nil), a...).and(b), []int64{2}},
		"or":      {append(numbers(nil), a...).or(b), []int64{1, 2, 3, 300, 9000}},
		"without": {append(numbers(nil), a...).without(b), []int64{1, 300}},
	} {
		if diff := cmp.Diff(c.want, listed(c.got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// FuzzBlock: any text is a block or an error, and a block that is read is written the same again.
func FuzzBlock(f *testing.F) {
	f.Add("")
	f.Add("AA")
	f.Add("A")
	f.Add("AB//")
	f.Add(numbersOf(1, 5, 4095).block(0))
	var full numbers
	for n := range int64(400) {
		full.add(n * 7)
	}
	f.Add(full.block(0))
	f.Fuzz(func(t *testing.T, text string) {
		var s, again numbers
		if s.addBlock(2, text) != nil {
			return
		}
		if err := again.addBlock(2, s.block(2)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(listed(s), listed(again)); diff != "" {
			t.Error(diff)
		}
	})
}
