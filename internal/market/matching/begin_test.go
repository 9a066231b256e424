package matching_test

import (
	"context"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/matching"
)

// Who searches while the program starts waits for the index. Where nobody promised one, and for somebody
// who goes away, the answer is to come again.
func TestBegin(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	l.put(need("n1", "高温轴承密封", "耐温四百五十度的氟橡胶材料"), offer("o1", "氟橡胶材料", "耐温四百五十度"))
	s := matching.New(l.unit, matching.Options{Market: l.market})
	search := func(ctx context.Context) (int, error) {
		x, err := s.Search(ctx, guest, "轴承", market.PostFilter{}, 1)
		return len(x.Hits), err
	}
	if n, err := search(t.Context()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("%d posts and %v before anybody began, want: come again", n, err)
	}
	if err := s.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if n, err := search(gone); err == nil {
		t.Errorf("%d posts for somebody who has gone", n)
	}
	type answer struct {
		n   int
		err error
	}
	answers := make(chan answer, 2)
	go func() {
		n, err := search(t.Context())
		answers <- answer{n, err}
	}()
	go func() {
		list, err := s.Matches(t.Context(), guest, "n1", 5)
		answers <- answer{len(list), err}
	}()
	select {
	case a := <-answers:
		t.Fatalf("%d posts and %v before the index was made", a.n, a.err)
	case <-time.After(50 * time.Millisecond):
	}
	if err := s.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if a := <-answers; a.err != nil || a.n != 1 {
			t.Errorf("%d posts and %v after the index was made, want the one", a.n, a.err)
		}
	}
	if err := s.Prepare(t.Context()); err != nil {
		t.Errorf("again: %v", err)
	}
}
