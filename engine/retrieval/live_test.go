package retrieval

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

func matchOptions() MatchOptions {
	return MatchOptions{Settings: MatchSettings(), Weights: MatchWeights, Top: 10, Reasons: true,
		Query: QueryOptions{Fields: MatchFields}}
}

func found(list []Match) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].ID
	}
	return out
}

// What was put is found at once, what was deleted is not, a view does not change, and a set hides
// what it does not hold: all of it in a view of another moment.
func TestLive(t *testing.T) {
	t.Parallel()
	l := NewLive(testAnalyzer(), matchOptions())
	put := func(posts ...Post) *Matcher {
		t.Helper()
		if err := l.Put(t.Context(), posts...); err != nil {
			t.Fatal(err)
		}
		return l.View()
	}
	need := &Post{ID: "n", Title: "锂电池负极材料"}
	first := put(Post{ID: "a", Title: "锂电池负极材料"}, Post{ID: "b", Title: "锂电池回收"}, Post{ID: "c", Title: "透气砖"})
	second := put(Post{ID: "a", Title: "金刚石"}, Post{ID: "d", Title: "锂电池隔膜"})
	l.Delete("b", "unknown")
	third := l.View()
	check := func(what string, got []Match, want ...string) {
		t.Helper()
		if ids := found(got); !slices.Equal(ids, want) {
			t.Errorf("%s: %v, want %v", what, ids, want)
		}
	}
	check("first", first.Match(need), "a", "b")
	check("third", third.Match(need), "d")
	may := second.Index().Select(func(id string) bool { return id != "d" })
	check("within", second.MatchIn(need, may), "b")
	check("within both", second.MatchIn(need, may.And(second.Index().Select(func(id string) bool { return id == "c" }))))
	check("within that of another view", third.MatchIn(need, may))
	if may.Len() != 3 || may.Has(1<<20) {
		t.Errorf("%d in the set", may.Len())
	}
	m := third.Match(need)[0]
	if doc, ok := third.Index().Find("d"); !ok || third.Post(doc).Title != "锂电池隔膜" || len(m.Reasons) == 0 {
		t.Errorf("post of %v", m)
	}
	if _, ok := third.Index().Find("b"); ok {
		t.Error("a deleted post was found")
	}
}

// Writers and readers do not disturb each other (the race detector looks on), and lessons of needs
// leave nothing behind that is found.
func TestLiveWhileAsked(t *testing.T) {
	t.Parallel()
	l := NewLive(testAnalyzer(), matchOptions())
	var group sync.WaitGroup
	for w := range 2 {
		group.Go(func() {
			for i := range 20 {
				p := Post{ID: fmt.Sprint(w, "-", i), Title: someText(uint64(i), 8), Text: someText(uint64(w*100+i), 30)}
				if err := l.Put(t.Context(), p); err != nil {
					t.Error(err)
				}
				if i%5 == 4 {
					l.Delete(fmt.Sprint(w, "-", i-2))
				}
			}
		})
		group.Go(func() {
			for i := range 50 {
				for _, m := range l.View().Match(&Post{Title: someText(uint64(i), 8)}) {
					if len(m.ID) < 3 {
						t.Errorf("found %q", m.ID)
					}
				}
			}
		})
	}
	group.Wait()
	if n := l.View().Len(); n != 32 {
		t.Errorf("%d posts", n)
	}
	var posts, needs []Post
	for i := range 300 {
		posts = append(posts, Post{ID: fmt.Sprint("p", i), Title: someText(uint64(i), 8), Text: someText(uint64(i)+7e6, 30)})
		needs = append(needs, Post{ID: fmt.Sprint("n", i), Title: someText(uint64(i)+3e6, 20)})
	}
	if err := l.Put(t.Context(), posts...); err != nil {
		t.Fatal(err)
	}
	if ok, err := l.Learn(t.Context(), needs); err != nil || !ok {
		t.Fatalf("learned %v, %v", ok, err)
	}
	if n := l.View().Len(); n != 332 {
		t.Errorf("%d posts after the lesson", n)
	}
}
