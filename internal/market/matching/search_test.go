package matching_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/matching"
)

var (
	guest   = authz.Actor{Role: authz.Public, Via: authz.ViaSession}
	officer = authz.Actor{Account: "a1", Role: authz.Officer, Via: authz.ViaSession}
	admin   = authz.Actor{Account: "a2", Role: authz.SysAdmin, Via: authz.ViaSession}
)

func firm(org string) authz.Actor {
	return authz.Actor{Account: "acc-" + org, Org: org, Role: authz.Enterprise, Via: authz.ViaSession}
}

func (l *lab) search(by authz.Actor, q string, f market.PostFilter) matching.Found {
	l.t.Helper()
	got, err := l.s.Search(context.Background(), by, q, f, 1)
	if err != nil {
		l.t.Fatal(err)
	}
	return got
}

func ids(f matching.Found) []string {
	var out []string
	for _, h := range f.Hits {
		out = append(out, h.ID)
	}
	return out
}

func TestSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		byRequest := offer("req", "石墨烯散热薄膜", "厚度25微米，采用独家的铜模板剥离工艺。")
		byRequest.Visibility = market.Request
		named := offer("nam", "石墨烯防腐涂料", "定向给一家企业的铜模板方案。")
		named.Visibility, named.Named = market.Named, []string{"org-friend"}
		draft := offer("dra", "石墨烯草稿", "铜模板")
		draft.State = market.Draft
		handed := offer("rev", "石墨烯待审", "铜模板")
		handed.State = market.Review
		l.put(offer("pub", "石墨烯导热膜规模化制备", "面向手机散热的铜模板。"), byRequest, named, draft, handed,
			need("nee", "手机散热材料", "需要石墨烯导热膜，导热系数≥1500W/(m·K)。"), offer("oth", "中药提取", "浓缩。"))
		l.catchUp()
		all := market.PostFilter{}
		for _, tc := range []struct {
			name  string
			by    authz.Actor
			query string
			f     market.PostFilter
			want  []string
		}{
			{"title of a post by request", guest, "石墨烯", all, []string{"nee", "pub", "req"}},
			{"its text is not found", guest, "铜模板", all, []string{"pub"}},
			{"its owner finds it", firm("org-req"), "铜模板", all, []string{"pub", "req"}},
			{"the named find theirs", firm("org-friend"), "铜模板", all, []string{"nam", "pub"}},
			{"the bureau what was handed in", officer, "铜模板", all, []string{"nam", "pub", "req", "rev"}},
			{"administrators nothing", admin, "石墨烯", all, nil},
			{"one kind", guest, "石墨烯", market.PostFilter{Kind: market.Need}, []string{"nee"}},
			{"a filter by what is hidden", guest, "石墨烯", market.PostFilter{Visibility: market.Request}, nil},
			{"which the owner may ask for", firm("org-req"), "石墨烯",
				market.PostFilter{Visibility: market.Request}, []string{"req"}},
			{"a place", guest, "石墨烯", market.PostFilter{Region: "140100"}, []string{"nee", "pub", "req"}},
			{"another place", guest, "石墨烯", market.PostFilter{Region: "140200"}, nil},
			{"nothing", guest, "核聚变", all, nil},
			{"no words", guest, "", all, nil},
		} {
			got := ids(l.search(tc.by, tc.query, tc.f))
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: %s", tc.name, diff)
			}
		}
		_, err := l.s.Search(t.Context(), guest, strings.Repeat("长", matching.MaxQuery+1), all, 1)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("a query without end: %v", err)
		}
		why := l.search(guest, "石墨烯导热膜", all).Hits[0].Reasons
		if len(why) == 0 || !strings.Contains(why[0].In(i18n.ZH), "石墨") {
			t.Errorf("reasons %+v", why)
		}
	})
}

// What a reader may not see changes nothing that the reader gets: neither what is found, nor scores,
// order, counts and reasons, however many hidden posts come, change and go.
func TestHiddenPostsChangeNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		base := some("p", 1, 40)
		for i := range base {
			if i%9 == 4 {
				base[i].Visibility = market.Request
			}
		}
		mine := offer("own", "锂电池正极材料回收", "湿法回收，镍钴浸出率98%。")
		mine.Visibility, mine.Org = market.Named, "org-me"
		l.put(append(base, mine)...)
		l.catchUp()
		readers := []authz.Actor{guest, firm("org-me")}
		queries := []string{"锂电池正极材料", "轴承故障 传感器 寿命", "废水", "独门秘方", "镍钴浸出率"}
		before := l.everything(readers, queries, base)

		hidden := some("h", 5, 60)
		for i := range hidden {
			switch i % 3 {
			case 0:
				hidden[i].Visibility, hidden[i].Named = market.Named, []string{"org-other"}
			case 1:
				hidden[i].State = market.Review
			case 2:
				hidden[i].State = market.Draft
			}
			hidden[i].Text += "独门秘方"
		}
		l.put(hidden...)
		for i := range base { // what is not public of a post that is
			if base[i].Visibility == market.Request {
				base[i].Text = "锂电池正极材料 轴承故障 废水 独门秘方"
			}
		}
		l.put(base...)
		l.catchUp()
		if diff := cmp.Diff(before, l.everything(readers, queries, base)); diff != "" {
			t.Errorf("hidden posts show:\n%s", diff)
		}
		if got := ids(l.search(officer, "独门秘方", market.PostFilter{})); len(got) == 0 {
			t.Error("the bureau does not find what was handed in: the test flips nothing")
		}
		var gone []string
		for _, p := range hidden {
			gone = append(gone, p.ID)
		}
		l.forget(gone...)
		l.catchUp()
		if diff := cmp.Diff(before, l.everything(readers, queries, base)); diff != "" {
			t.Errorf("hidden posts that went show:\n%s", diff)
		}
	})
}

// everything is all that readers get from the room.
func (l *lab) everything(readers []authz.Actor, queries []string, posts []market.Post) []any {
	l.t.Helper()
	ctx := context.Background()
	var out []any
	for _, by := range readers {
		for _, q := range queries {
			out = append(out, l.search(by, q, market.PostFilter{}), l.search(by, q, market.PostFilter{Live: true,
				Kind: market.Need, TRLFrom: 5}))
		}
		for _, p := range posts[:12] {
			m, err := l.s.Matches(ctx, by, p.ID, 10)
			if err != nil {
				l.t.Fatal(err)
			}
			alike, err := l.s.Similar(ctx, by, offer("new", "锂电池正极材料技术", "本成果用于锂电池正极材料。"))
			if err != nil {
				l.t.Fatal(err)
			}
			out = append(out, m, alike)
		}
	}
	return out
}

// A post is found once it is committed and the feed was read, and not any more once it is withdrawn.
// The index that followed all that equals one that was made anew, and one read from a snapshot.
func TestIndexFollowsAndRebuilds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		posts := some("p", 3, 60)
		for chunk := range slices.Chunk(posts, 13) {
			l.put(chunk...)
			l.catchUp()
		}
		for i := range posts {
			if i%5 == 0 {
				posts[i].State = market.Withdrawn
			}
			if i%7 == 1 {
				posts[i].Title = "改名的" + posts[i].Title
			}
			if i%11 == 3 {
				posts[i].Visibility = market.Request
			}
		}
		l.put(posts...)
		l.catchUp()
		var live []market.Post
		for _, p := range posts {
			if p.State == market.Published {
				live = append(live, p)
			}
		}
		readers, queries := []authz.Actor{guest, officer}, []string{"改名的锂电池", "煤矸石陶粒", "寿命达到 57小时"}
		want := l.everything(readers, queries, live)
		if err := l.s.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, l.everything(readers, queries, live)); diff != "" {
			t.Errorf("made anew it is another:\n%s", diff)
		}
		l.s = l.open(l.dir)
		if err := l.s.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.put(offer("late", "后来的改名的锂电池", "在快照之后。"))
		l.s = l.open(l.dir)
		if got := ids(l.search(guest, "后来的", market.PostFilter{})); !slices.Equal(got, []string{"late"}) {
			t.Errorf("after the snapshot: %v", got)
		}
		l.forget("late")
		l.catchUp()
		if diff := cmp.Diff(want, l.everything(readers, queries, live)); diff != "" {
			t.Errorf("from the snapshot it is another:\n%s", diff)
		}
	})
}

// With a dictionary of the operator's a search in one language finds posts in the other; without one
// nothing changes, and one that cannot be read does not stop the search.
func TestSearchAcrossLanguages(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	l.put(offer("zh", "石墨负极材料制备", "石墨负极，首次效率高。"), offer("en", "Graphite anode for batteries", "Made from coke."),
		offer("no", "大豆蛋白肽", "用于食品。"))
	path := filepath.Join(t.TempDir(), "words.txt")
	words := "石墨 石墨 [shi2 mo4] /graphite/\n負極 负极 [fu4 ji2] /anode/\n大豆 大豆 [da4 dou4] /soybean/\n"
	if err := os.WriteFile(path, []byte(words), 0o600); err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "none.txt")
	for _, x := range []struct {
		dictionary, query string
		want              []string
	}{
		{"", "graphite anode", []string{"en"}},
		{bad, "graphite anode", []string{"en"}},
		{path, "graphite anode", []string{"en", "zh"}},
		{path, "石墨负极", []string{"en", "zh"}},
		{path, "soybean", []string{"no"}},
	} {
		s := matching.New(l.unit, matching.Options{Market: l.market, Dictionary: x.dictionary})
		if err := s.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, err := s.Search(t.Context(), guest, x.query, market.PostFilter{Live: true}, 1)
		var got []string
		for _, h := range found.Hits {
			got = append(got, h.ID)
		}
		slices.Sort(got)
		if err != nil || !slices.Equal(got, x.want) {
			t.Errorf("%q with %q: %v, %v; want %v", x.query, filepath.Base(x.dictionary), got, err, x.want)
		}
	}
}

// With a dictionary a need in one language is matched with achievements in the other, on both sides with the same
// figure; without one it is not.
func TestMatchAcrossLanguages(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	l.put(need("zh", "求石墨负极", "需要石墨负极的制备方法。"), offer("en", "Graphite anode", "Graphite anode made from coke."),
		offer("no", "大豆蛋白肽", "用于食品。"))
	path := filepath.Join(t.TempDir(), "words.txt")
	words := "石墨 石墨 [shi2 mo4] /graphite/\n負極 负极 [fu4 ji2] /anode/\n大豆 大豆 [da4 dou4] /soybean/\n"
	if err := os.WriteFile(path, []byte(words), 0o600); err != nil {
		t.Fatal(err)
	}
	for dictionary, want := range map[string]int{"": 0, path: 1} {
		s := matching.New(l.unit, matching.Options{Market: l.market, Dictionary: dictionary})
		if err := s.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		offers, err := s.Matches(t.Context(), guest, "zh", 10)
		if err != nil || len(offers) != want {
			t.Fatalf("with %q the need finds %+v, %v", filepath.Base(dictionary), offers, err)
		}
		needs, err := s.Matches(t.Context(), guest, "en", 10)
		if err != nil || len(needs) != want || want == 1 && (offers[0].Other != "en" || needs[0].Score != offers[0].Score) {
			t.Errorf("with %q the achievement finds %+v, %v", filepath.Base(dictionary), needs, err)
		}
	}
}

// What is like a post is like it in words and meaning, of its own kind, and readable for who asks.
func TestNear(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	hidden := offer("hid", "果蔬冷链保鲜贮藏技术", "苹果和梨的气调贮藏。")
	hidden.Visibility, hidden.Named = market.Named, []string{"org-friend"}
	gone := offer("gone", "苹果气调贮藏", "果蔬贮藏保鲜。")
	gone.State = market.Closed
	l.put(offer("own", "果蔬气调贮藏保鲜技术", "苹果、梨的气调贮藏与冷链保鲜。"),
		offer("like", "苹果冷链保鲜与贮藏", "果蔬气调贮藏，损耗低。"), hidden, gone,
		offer("far", "肉羊疫病防控", "羊痘疫苗与圈舍消毒。"), need("nee", "求果蔬气调贮藏", "苹果贮藏保鲜。"))
	l.catchUp()
	for name, x := range map[string]struct {
		by   authz.Actor
		want []string
	}{"guest": {guest, []string{"like"}}, "friend": {firm("org-friend"), []string{"hid", "like"}}} {
		got, err := l.s.Near(t.Context(), x.by, "own", 10)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, x.want)
		}
	}
	if got, err := l.s.Near(t.Context(), guest, "hid", 10); !fault.Is(err, fault.NotFound) {
		t.Errorf("of a post that may not be read: %v, %v", got, err)
	}
}

// The city's own synonyms find posts from the first day of their rule on, not before.
func TestSynonymsOfTheCity(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	l.put(offer("o", "镁屋面板", "用于厂房。"))
	if err := l.market.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	text := "轻合金瓦、镁屋面板"
	day := clock.DateOf(l.clock.Now()).AddDays(1)
	rule := market.NewFreshRule{FreshRuleData: market.FreshRuleData{Name: "词表", Source: "市局", Mark: "local",
		ValidFrom: day, Reason: "本地叫法", FreshParams: market.FreshParams{NeedDays: 90, AchievementDays: 180,
			GraceDays: 10, Synonyms: &text}}}
	bad := rule
	one := "轻合金瓦，镁屋面板\n只有一个词"
	bad.Synonyms = &one
	if _, err := l.market.AddFreshRule(t.Context(), officer, bad); !fault.Is(err, fault.Invalid) {
		t.Errorf("a group of one word: %v", err)
	}
	if _, err := l.market.AddFreshRule(t.Context(), officer, rule); err != nil {
		t.Fatal(err)
	}
	found := func() []string {
		t.Helper()
		if err := l.s.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		return ids(l.search(guest, "轻合金瓦", market.PostFilter{}))
	}
	if got := found(); len(got) != 0 {
		t.Errorf("before its first day: %v", got)
	}
	l.clock.Advance(24 * time.Hour)
	if got := found(); !slices.Equal(got, []string{"o"}) {
		t.Errorf("on its first day: %v", got)
	}
}
