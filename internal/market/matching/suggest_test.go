package matching_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/matching"
)

func (l *lab) suggested(by authz.Actor, text, what string) []string {
	l.t.Helper()
	list, err := l.s.Suggest(l.t.(*testing.T).Context(), by, text)
	if err != nil {
		l.t.Fatal(err)
	}
	var out []string
	for _, x := range list {
		if x.What == what {
			out = append(out, x.Title)
		}
	}
	return out
}

// What is typed in characters, in pinyin or as another word for it leads to words of the market; none of
// them comes from what the reader may not see, and each finds something.
func TestSuggest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		hidden := offer("hid", "激光熔覆独门", "激光熔覆独门，激光熔覆独门。")
		hidden.Visibility, hidden.Named = market.Named, []string{"org-x"}
		twice := hidden
		twice.ID = "hi2"
		l.put(offer("a", "石墨烯导热膜", "石墨烯用于散热，也用于人工智能服务器。"),
			offer("b", "石墨烯涂料", "石墨烯防腐，人工智能控制喷涂。"),
			need("c", "求石墨烯粉体", "石墨烯粉体。"), hidden, twice)
		if err := l.s.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{"人工", "rengong", "rgzn"} {
			if got := l.suggested(guest, typed, matching.SuggestWord); !slices.Contains(got, "人工智能") {
				t.Errorf("typed %q: %v", typed, got)
			}
		}
		if got := l.suggested(guest, "散热 rengongzh", matching.SuggestWord); !slices.Contains(got, "散热 人工智能") {
			t.Errorf("the last of several words: %v", got)
		}
		if got := l.suggested(guest, "AI", matching.SuggestSynonym); !slices.Contains(got, "人工智能") {
			t.Errorf("other words for AI: %v", got)
		}
		if got := l.suggested(guest, "导热膜", matching.SuggestPost); !slices.Contains(got, "石墨烯导热膜") {
			t.Errorf("posts: %v", got)
		}
		for _, typed := range []string{"激光", "jiguang", "独门"} {
			if got, err := l.s.Suggest(t.Context(), guest, typed); err != nil || len(got) > 0 {
				t.Errorf("a visitor who types %s gets %v of a hidden post, %v", typed, got, err)
			}
		}
		gone := offer("a", "石墨烯导热膜", "石墨烯用于散热，也用于人工智能服务器。")
		gone.State = market.Withdrawn
		b := gone
		b.ID = "b"
		c := need("c", "求石墨烯粉体", "石墨烯粉体。")
		c.State = market.Withdrawn
		l.put(gone, b, c)
		l.catchUp()
		if got := l.suggested(guest, "人工", matching.SuggestWord); len(got) > 0 {
			t.Errorf("words that find nothing any more: %v", got)
		}
		if got := l.suggested(admin, "人工", matching.SuggestWord); len(got) > 0 {
			t.Errorf("an administrator: %v", got)
		}
	})
}

// coined makes posts with a word that no dictionary has, in ever other surroundings.
func coined(n int) []market.Post {
	posts := some("p", 3, n)
	for i := range posts {
		if i%41 == 0 {
			posts[i].Text += things[i%len(things)] + "立方氮化硼" + things[i/3%len(things)] + "。"
		}
	}
	return posts
}

// Words of the field are learned at night from what everybody may read, in numbered editions that the
// index, its snapshot and the desk know.
func TestLearnWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, _, do := staffed(t, d)
		hidden := some("h", 5, 60)
		for i := range hidden {
			hidden[i].Visibility = market.Named
			hidden[i].Text += things[i%len(things)] + "铜铁锡铅秘" + things[i/3%len(things)] + "。"
		}
		l.put(append(coined(480), hidden...)...)
		learn := func() matching.Lexicon {
			t.Helper()
			if _, err := l.s.StartLearning(t.Context(), officer); err != nil {
				t.Fatal(err)
			}
			do()
			x, err := l.s.WordsOf(t.Context(), officer)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		x := learn()
		if x.Number != 1 || x.Posts != 480 || !slices.ContainsFunc(x.Some, func(w string) bool {
			return strings.Contains(w, "氮化硼")
		}) {
			t.Fatalf("learned %+v", x)
		}
		for _, w := range x.Some {
			if strings.Contains(w, "铜铁") {
				t.Errorf("%s was learned from hidden posts", w)
			}
		}
		if again := learn(); again.Number != 1 {
			t.Errorf("the same words make another edition: %d", again.Number)
		}
		before := ids(l.search(guest, "立方氮化硼", market.PostFilter{}))
		if len(before) == 0 {
			t.Error("the learned word finds nothing")
		}
		l.s = l.open(l.dir)
		if err := l.s.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.s = l.open(l.dir)
		if got := ids(l.search(guest, "立方氮化硼", market.PostFilter{})); !slices.Equal(got, before) {
			t.Errorf("from a snapshot %v, before %v", got, before)
		}
		if _, err := l.s.StartLearning(t.Context(), firm("org-x")); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a firm learns words: %v", err)
		}
	})
}

// A search leaves out what hardly fits beside its best: with vectors and single characters nearly every
// post is a little like what is looked for.
func TestSearchLeavesOutWhatHardlyFits(t *testing.T) {
	l := newLab(t, dbtest.SQLite(t))
	posts := some("p", 3, 800)
	l.put(posts...)
	if err := l.s.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	text, has := map[string]string{}, 0
	for _, p := range posts {
		text[p.ID] = p.Title + p.Text
		if strings.Contains(p.Title+p.Text, "无人机") {
			has++
		}
	}
	got := l.search(guest, "智能巡检无人机能耗", market.PostFilter{})
	if got.Total != has || has == 0 || has >= matching.MaxHits {
		t.Errorf("%d found, %d of 800 speak of it", got.Total, has)
	}
	for page := range got.Pages {
		part, err := l.s.Search(t.Context(), guest, "智能巡检无人机能耗", market.PostFilter{}, page+1)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range part.Hits {
			if !strings.Contains(text[h.ID], "无人机") {
				t.Errorf("found without a word of it: %s, score %.3f", text[h.ID], h.Score)
			}
		}
	}
}

// Readers with the same posts share a closet until one of them gets or loses a post.
func TestClosetsFollowChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		a, b, c := firm("org-a"), firm("org-b"), firm("org-c")
		secret := func(id string, orgs ...string) market.Post {
			p := offer(id, "石墨烯防腐涂料", "铜模板方案"+id+"。")
			p.Visibility, p.Named = market.Named, orgs
			return p
		}
		check := func(step string, want map[string][]string) {
			t.Helper()
			l.catchUp()
			for _, by := range []authz.Actor{a, b, c} {
				got := ids(l.search(by, "铜模板", market.PostFilter{}))
				slices.Sort(got)
				if !slices.Equal(got, want[by.Org]) {
					t.Errorf("%s: %s finds %v, not %v", step, by.Org, got, want[by.Org])
				}
			}
		}
		l.put(secret("s1", "org-a", "org-b"))
		check("both", map[string][]string{"org-a": {"s1"}, "org-b": {"s1"}})
		l.put(secret("s2", "org-b", "org-c"))
		check("one more", map[string][]string{"org-a": {"s1"}, "org-b": {"s1", "s2"}, "org-c": {"s2"}})
		l.put(secret("s1", "org-a"))
		check("one less", map[string][]string{"org-a": {"s1"}, "org-b": {"s2"}, "org-c": {"s2"}})
		changed := secret("s2", "org-b", "org-c")
		changed.Text = "改成别的。"
		l.put(changed)
		check("another text", map[string][]string{"org-a": {"s1"}})
		for i := range 70 { // more than are kept
			by := firm(fmt.Sprint("org-", i))
			l.put(secret(fmt.Sprint("x", i), by.Org))
			l.catchUp()
			if got := ids(l.search(by, "铜模板", market.PostFilter{})); len(got) != 1 {
				t.Fatalf("%s finds %v", by.Org, got)
			}
		}
		check("forgotten and made anew", map[string][]string{"org-a": {"s1"}})
		l.forget("s1")
		check("gone", nil)
	})
}
