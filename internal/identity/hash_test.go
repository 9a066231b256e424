package identity

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
)

var cheap = Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}

func TestHashIsCheckedAndRenewed(t *testing.T) {
	ctx, h := context.Background(), newHasher(cheap)
	stored, err := h.make(ctx, "été-1")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := h.make(ctx, "été-1"); again == stored {
		t.Error("two hashes of one password are equal: there is no salt")
	}
	for _, c := range []struct {
		stored, password string
		ok               bool
	}{
		{stored, "été-1", true},
		{stored, "e\u0301te\u0301-1", true}, // the same letters, composed by the keyboard otherwise
		{stored, "ete-1", false},
		{stored, "", false},
		{"", "", false},
		{"", "été-1", false},
	} {
		ok, outdated, err := h.check(ctx, c.stored, c.password)
		if err != nil || ok != c.ok || outdated {
			t.Errorf("%q against %.20q: %v, outdated %v, %v", c.password, c.stored, ok, outdated, err)
		}
	}
	dearer := newHasher(Cost{MemoryKiB: 64, Passes: 2, Lanes: 1})
	if ok, outdated, err := dearer.check(ctx, stored, "été-1"); !ok || !outdated || err != nil {
		t.Errorf("a hash of another cost: ok %v, outdated %v, %v", ok, outdated, err)
	}
}

// A flood waits for few slots, and beyond a bound it is sent away.
func TestHashesAreBounded(t *testing.T) {
	h := newHasher(cheap)
	for range cap(h.slots) {
		h.slots <- struct{}{} // all at work
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range maxWaiting {
		wg.Go(func() { _, _ = h.make(ctx, "x") })
	}
	for h.waiting.Load() < maxWaiting {
		continue
	}
	if _, err := h.make(ctx, "x"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("one more than may wait: %v", err)
	}
	cancel()
	wg.Wait()
	if h.waiting.Load() != 0 || h.done.Load() != 0 {
		t.Errorf("%d wait, %d were computed", h.waiting.Load(), h.done.Load())
	}
}

func TestParsePHCRefuses(t *testing.T) {
	good := phc{cheap, randomBytes(saltBytes), randomBytes(sumBytes)}.String()
	if _, err := parsePHC(good); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"", "x", strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "v=19", "v=16", 1), strings.Replace(good, "m=64", "m=9999999", 1),
		strings.Replace(good, "m=64", "m=064", 1), strings.Replace(good, "t=1", "t=0", 1),
		strings.Replace(good, "t=1", "t=999", 1), strings.Replace(good, "p=1", "p=0", 1),
		strings.Replace(good, "p=1", "p=99", 1), strings.Replace(good, "m=64", "m=4", 1),
		good + "$", good[:len(good)-4], good + "=",
	} {
		if _, err := parsePHC(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(phc{cheap, randomBytes(saltBytes), randomBytes(sumBytes)}.String())
	f.Add("$argon2id$v=19$m=32768,t=3,p=1$c2FsdHNhbHQ$")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePHC(s)
		if err == nil && (p.String() != s || !p.cost.sane()) {
			t.Errorf("%q was read as %q", s, p.String())
		}
	})
}

func TestSeal(t *testing.T) {
	s, err := newSealer(make([]byte, KeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.seal([]byte("secret"), "a")
	if err != nil || strings.Contains(text, "secret") {
		t.Fatalf("sealed as %q, %v", text, err)
	}
	if got, err := s.open(text, "a"); err != nil || string(got) != "secret" {
		t.Errorf("opened as %q, %v", got, err)
	}
	if again, _ := s.seal([]byte("secret"), "a"); again == text {
		t.Error("the same secret looks the same twice")
	}
	other, err := newSealer([]byte(strings.Repeat("k", KeyBytes)))
	if err != nil {
		t.Fatal(err)
	}
	changed := []byte(text)
	if at := len(changed) / 2; changed[at] == 'A' {
		changed[at] = 'B'
	} else {
		changed[at] = 'A'
	}
	for name, open := range map[string]func() ([]byte, error){
		"in another's row": func() ([]byte, error) { return s.open(text, "b") },
		"with another key": func() ([]byte, error) { return other.open(text, "a") },
		"without a key":    func() ([]byte, error) { return sealer{}.open(text, "a") },
		"changed":          func() ([]byte, error) { return s.open(string(changed), "a") },
		"of nobody":        func() ([]byte, error) { return s.open("secret", "a") },
	} {
		if got, err := open(); err == nil {
			t.Errorf("%s it opens as %q", name, got)
		}
	}
	if _, err := (sealer{}).seal([]byte("secret"), "a"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := newSealer([]byte("short")); err == nil {
		t.Error("a short key was taken")
	}
}

// BenchmarkHash shows what a log-in costs. The baseline is the least that OWASP asks of argon2id
// (19 MiB, 2 passes), in the same run.
func BenchmarkHash(b *testing.B) {
	for name, cost := range map[string]Cost{
		"usual": UsualCost(), "baseline": {MemoryKiB: 19 << 10, Passes: 2, Lanes: 1},
	} {
		b.Run(name, func(b *testing.B) {
			h := newHasher(cost)
			for b.Loop() {
				if _, err := h.make(b.Context(), "Lan-Tian 37 bai yun"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
