package matching_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// members gives every organisation one account.
type members struct{}

func (members) Told(_ context.Context, _ db.Q, to notify.To) ([]string, error) {
	if to.Account != "" {
		return []string{to.Account}, nil
	}
	return []string{"acc-" + to.Org}, nil
}

func (members) Mailbox(context.Context, db.Q, string) (notify.Mailbox, bool, error) {
	return notify.Mailbox{}, false, nil
}

func (members) ActorOf(
	_ context.Context, _ db.Q, account string, role authz.Role, org string,
) (authz.Actor, bool, error) {
	return authz.Actor{Account: account, Role: role, Org: org, Via: authz.ViaJob}, account != "acc-gone", nil
}

// staffed is a lab whose room tells people and does jobs.
func staffed(t *testing.T, d *db.DB) (*lab, *notify.Service, func() *job.Desk) {
	l := newLab(t, d)
	n, err := notify.New(l.unit, notify.Options{Accounts: members{}, Kinds: matching.NoticeKinds()})
	if err != nil {
		t.Fatal(err)
	}
	l.s = matching.New(l.unit, matching.Options{Market: l.market, Notify: n, Accounts: members{},
		Places: func(c region.Code) bool { return c == "140105" }})
	if err := l.s.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	desk := job.NewDesk(l.unit)
	r := job.NewRunner(l.unit, desk, job.Options{})
	l.s.RegisterJobs(r)
	return l, n, func() *job.Desk {
		if _, err := r.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		return desk
	}
}

func (l *lab) run(do func() *job.Desk) {
	l.t.Helper()
	if _, err := l.s.StartRun(l.t.(*testing.T).Context(), officer); err != nil {
		l.t.Fatal(err)
	}
	do()
	runs, err := l.s.Runs(context.Background(), officer)
	if err != nil || len(runs) == 0 || runs[0].EndedUs == 0 {
		l.t.Fatalf("runs %+v, %v", runs, err)
	}
}

func (l *lab) mine(by authz.Actor, f matching.MineFilter) []matching.Mine {
	l.t.Helper()
	page, err := l.s.ListMine(context.Background(), by, f, "", db.PageReq{})
	if err != nil {
		l.t.Fatal(err)
	}
	n, err := l.s.CountMine(context.Background(), by, f)
	if err != nil || int(n) != len(page.Items) {
		l.t.Errorf("%d counted, %d listed, %v", n, len(page.Items), err)
	}
	return page.Items
}

// The weekly run finds what is new for both sides, tells each once, and what somebody rejects does
// not come back.
func TestWeeklyRun(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, n, do := staffed(t, d)
		secret := offer("sec", "锂电池正极材料包覆", "锂电池正极材料的包覆工艺，定向给一家。")
		secret.Visibility, secret.Named = market.Named, []string{"org-someone"}
		l.put(need("nee", "求锂电池正极材料包覆工艺", "需要锂电池正极材料的包覆工艺，循环寿命提高。"),
			offer("fit", "锂电池正极材料包覆技术", "锂电池正极材料表面包覆，循环寿命提高。"),
			offer("not", "大豆蛋白肽", "用于食品。"), secret)
		l.run(do)
		me, other := firm("org-nee"), firm("org-fit")
		got := l.mine(me, matching.MineFilter{New: true})
		if len(got) != 1 || got[0].Other.ID != "fit" || !got[0].New || len(got[0].Match.Reasons) == 0 {
			t.Fatalf("matches of the need %+v", got)
		}
		if back := l.mine(other, matching.MineFilter{}); len(back) != 1 || back[0].Other.ID != "nee" {
			t.Errorf("matches of the achievement %+v", back)
		}
		if got := l.mine(firm("org-not"), matching.MineFilter{}); len(got) != 0 {
			t.Errorf("matches of what fits nothing %+v", got)
		}
		page, err := n.List(t.Context(), me, notify.Filter{}, db.PageReq{})
		if err != nil || len(page.Items) != 1 || len(page.Items[0].Lines) != 1 {
			t.Fatalf("told %+v, %v", page.Items, err)
		}
		told(t, page.Items[0].Lines[0], "/market/posts/fit", "锂电池正极材料包覆技术",
			[]string{"求锂电池正极材料包覆工艺", "推荐理由：都提到", "包覆"}, []string{"For your", "It fits: both mention"})
		l.clock.Advance(7 * 24 * time.Hour)
		l.run(do)
		if u, _ := n.Unread(t.Context(), me); u != 1 {
			t.Errorf("told again of the same: %d", u)
		}
		l.rejectAndRestore(t, me, got[0].ID)
		if err := l.s.SetLine(t.Context(), me, 90); err != nil {
			t.Fatal(err)
		}
		if got := l.mine(me, matching.MineFilter{}); len(got) != 0 {
			t.Errorf("below the line: %+v", got)
		}
		withdrawn := offer("fit", "锂电池正极材料包覆技术", "锂电池正极材料表面包覆，循环寿命提高。")
		withdrawn.State = market.Withdrawn
		l.put(withdrawn)
		if err := l.s.SetLine(t.Context(), me, 0); err != nil {
			t.Fatal(err)
		}
		if got := l.mine(me, matching.MineFilter{}); len(got) != 0 {
			t.Errorf("withdrawn, and still listed: %+v", got)
		}
	})
}

// told checks a line of a notice: its page, its title and what it says in Chinese and in English.
func told(t *testing.T, got notify.Line, href, title string, zh, en []string) {
	t.Helper()
	if got.Href != href || got.Title.In(i18n.ZH) != title {
		t.Errorf("told of %q at %s", got.Title.In(i18n.ZH), got.Href)
	}
	for lang, words := range map[i18n.Lang][]string{i18n.ZH: zh, i18n.EN: en} {
		for _, w := range words {
			if text := got.Detail.In(lang); !strings.Contains(text, w) {
				t.Errorf("%q is not in %q", w, text)
			}
		}
	}
}

// Of many matches the best three are named, with what everybody who is told may see of them.
func TestLetterNamesTheBest(t *testing.T) {
	t.Parallel()
	l, n, do := staffed(t, dbtest.SQLite(t))
	l.put(need("nee", "求锂电池正极材料包覆工艺", "需要锂电池正极材料的包覆工艺，循环寿命提高。"))
	for i := range 5 {
		o := offer(fmt.Sprintf("o%d", i), "锂电池正极材料包覆技术"+strings.Repeat("改", i), "锂电池正极材料表面包覆，独门配方。")
		if i == 0 {
			o.Visibility = market.Request
		}
		l.put(o)
	}
	l.run(do)
	page, err := n.List(t.Context(), firm("org-nee"), notify.Filter{}, db.PageReq{})
	if err != nil || len(page.Items) != 1 || len(page.Items[0].Lines) != 3 {
		t.Fatalf("told %+v, %v", page.Items, err)
	}
	got := page.Items[0]
	if title, more := got.Title.In(i18n.ZH), got.Detail.In(i18n.ZH); !strings.Contains(title, "5 条") ||
		more != "另有 2 条" {
		t.Errorf("told %q, %q", title, more)
	}
	for _, x := range got.Lines {
		if x.Href == "/market/posts/o0" && strings.Contains(x.Detail.In(i18n.ZH), "独门") {
			t.Errorf("what is shown by request only is told: %s", x.Detail.In(i18n.ZH))
		}
	}
}

// A need that became a challenge goes on being matched: its owner and the desk are told at once of what
// is there, with reasons, and with the weekly run of what comes later. Once it is closed nobody is.
func TestChallenge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, n, do := staffed(t, d)
		asked := need("nee", "求锂电池正极材料包覆工艺", "需要锂电池正极材料的包覆工艺，循环寿命提高。")
		asked.State = market.Challenged
		l.put(asked, offer("fit", "锂电池正极材料包覆技术", "锂电池正极材料表面包覆，循环寿命提高。"),
			offer("not", "大豆蛋白肽", "用于食品。"))
		feed := outbox.NewDispatcher(d, l.clock, outbox.Options{}, l.s.Challenges())
		l.challenged("nee", feed)
		do()
		owner, desk := firm("org-nee"), authz.Actor{Account: "acc-", Role: authz.Officer, Via: authz.ViaSession}
		items := func(by authz.Actor, want int) []notify.Item {
			t.Helper()
			page, err := n.List(t.Context(), by, notify.Filter{Kind: matching.KindChallenge}, db.PageReq{})
			if err != nil || len(page.Items) != want {
				t.Fatalf("%s is told %+v, %v; want %d", by.Account, page.Items, err, want)
			}
			return page.Items
		}
		for _, by := range []authz.Actor{owner, desk} {
			got := items(by, 1)[0]
			if got.Href != "/market/posts/nee/matches" || len(got.Lines) != 1 ||
				!strings.Contains(got.Title.In(i18n.EN), "1 achievements may answer the challenge “求锂") {
				t.Fatalf("%s is told %+v", by.Account, got)
			}
			told(t, got.Lines[0], "/market/posts/fit", "锂电池正极材料包覆技术", []string{"推荐理由：都提到", "包覆"},
				[]string{"It fits: both mention"})
		}
		if got := l.mine(owner, matching.MineFilter{}); len(got) != 1 || got[0].Other.ID != "fit" {
			t.Errorf("matches of the challenge %+v", got)
		}
		l.challenged("nee", feed)
		do()
		items(owner, 1)

		l.clock.Advance(7 * 24 * time.Hour)
		l.put(offer("late", "正极材料包覆新工艺", "锂电池正极材料包覆，循环寿命提高。"))
		l.run(do)
		if got := l.mine(owner, matching.MineFilter{}); len(got) != 2 {
			t.Errorf("matches of the challenge after a week %+v", got)
		}
		if got := l.mine(firm("org-late"), matching.MineFilter{}); len(got) != 1 || got[0].Other.ID != "nee" {
			t.Errorf("matches of a later achievement %+v", got)
		}
		if got := items(desk, 2)[0]; len(got.Lines) != 1 || got.Lines[0].Href != "/market/posts/late" {
			t.Errorf("the desk is told %+v", got)
		}
		asked.State = market.Closed
		l.put(asked)
		if got := l.mine(owner, matching.MineFilter{}); len(got) != 0 {
			t.Errorf("closed, and still matched: %+v", got)
		}
	})
}

// challenged tells that a need became a challenge.
func (l *lab) challenged(id string, feed *outbox.Dispatcher) {
	l.t.Helper()
	ctx := context.Background()
	err := l.unit.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "lab.challenge", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "lab"})
		tx.Emit(outbox.Event{Kind: deal.EventNeedChallenged, Object: id})
		return nil
	})
	if err == nil {
		err = feed.CatchUp(ctx)
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) rejectAndRestore(t *testing.T, me authz.Actor, id string) {
	t.Helper()
	for name, tc := range map[string]struct {
		by   authz.Actor
		in   matching.RejectInput
		kind fault.Kind
	}{
		"of another": {firm("org-fit"), matching.RejectInput{Class: "subject"}, fault.NotFound},
		"no class":   {me, matching.RejectInput{}, fault.Invalid},
		"long":       {me, matching.RejectInput{Class: "other", Text: strings.Repeat("长", 201)}, fault.Invalid},
	} {
		if err := l.s.Reject(t.Context(), tc.by, id, tc.in); !fault.Is(err, tc.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := l.s.Reject(t.Context(), me, id, matching.RejectInput{Class: "subject"}); err != nil {
		t.Fatal(err)
	}
	if got := l.mine(me, matching.MineFilter{}); len(got) != 0 {
		t.Errorf("rejected, and still there: %+v", got)
	}
	if err := l.s.Restore(t.Context(), me, id); err != nil {
		t.Fatal(err)
	}
	if got := l.mine(me, matching.MineFilter{}); len(got) != 1 {
		t.Errorf("restored: %+v", got)
	}
	if err := l.s.Seen(t.Context(), me, clock.Us(l.clock.Now())); err != nil {
		t.Fatal(err)
	}
	if got := l.mine(me, matching.MineFilter{New: true}); len(got) != 0 {
		t.Errorf("seen, and still new: %+v", got)
	}
	if got := l.mine(me, matching.MineFilter{}); len(got) != 1 || got[0].New {
		t.Errorf("seen: %+v", got)
	}
}

// A run whose job was cancelled goes on where it stopped.
func TestRunGoesOn(t *testing.T) {
	t.Parallel()
	l, _, do := staffed(t, dbtest.SQLite(t))
	l.put(some("p", 2, 120)...)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := l.s.StartRun(ctx, officer)
	if err != nil {
		t.Fatal(err)
	}
	cancelled, last := matching.CancelAfter(l.s, ctx, cancel)
	if !cancelled || last == "" {
		t.Fatalf("the run was not under way: %v, %q", cancelled, last)
	}
	l.clock.Advance(time.Hour)
	l.run(do)
	runs, err := l.s.Runs(t.Context(), officer)
	if err != nil || len(runs) != 1 || runs[0].Done != 120 || runs[0].Total != 120 {
		t.Errorf("runs %+v, %v", runs, err)
	}
}

func TestSavedSearches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, n, _ := staffed(t, d)
		l.put(offer("old", "煤矸石制备陶粒", "轻质。"))
		l.catchUp()
		me := firm("org-me")
		for _, bad := range []matching.SavedInput{
			{Query: "煤矸石", Notice: "daily"}, {Name: "x", Notice: "daily"}, {Name: "x", Query: "y", Notice: "hourly"},
		} {
			if _, err := l.s.SaveSearch(t.Context(), me, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		// What the list cannot filter by is refused at its field, and nothing is stored.
		for field, f := range map[string]market.PostFilter{
			"filter.kind": {Kind: "xxx"}, "filter.field": {Field: "99"}, "filter.mode": {Mode: "gift"},
			"filter.region": {Region: "999999"}, "filter.trlTo": {TRLFrom: 7, TRLTo: 3},
			"filter.priceLoFen": {PriceLoFen: -1}, "filter.chain": {Chain: "氢能"}, "query": {Live: true},
		} {
			_, err := l.s.SaveSearch(t.Context(), me, matching.SavedInput{Name: "x", Filter: f, Notice: "daily"})
			e, ok := fault.As(err)
			if !ok || len(e.Fields) != 1 || e.Fields[0].Name != field {
				t.Errorf("%+v: %v; want a fault at %s", f, err, field)
			}
		}
		if list, err := l.s.ListSaved(t.Context(), me); err != nil || len(list) != 0 {
			t.Errorf("saved all the same: %+v, %v", list, err)
		}
		in := matching.SavedInput{Name: "矸石", Query: "煤矸石", Notice: matching.NoticeDaily,
			Filter: market.PostFilter{Kind: market.Achievement, Live: true}}
		saved, err := l.s.SaveSearch(t.Context(), me, in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.s.SaveSearch(t.Context(), me, in); !fault.Is(err, fault.Invalid) {
			t.Errorf("the same name twice: %v", err)
		}
		look := func(want int) {
			t.Helper()
			if told, err := l.s.LookForSaved(t.Context()); err != nil || told != want {
				t.Errorf("%d told, %v; want %d", told, err, want)
			}
		}
		look(0) // what was there is known
		hidden := offer("hid", "煤矸石保温板", "定向。")
		hidden.Visibility, hidden.Named = market.Named, []string{"org-else"}
		l.put(offer("new", "煤矸石陶粒生产线", "年产十万方。"), hidden, need("nee", "求煤矸石", "煤矸石。"))
		look(1)
		look(0)
		page, err := n.List(t.Context(), me, notify.Filter{}, db.PageReq{})
		if err != nil || len(page.Items) != 1 || !strings.Contains(page.Items[0].Title.In(i18n.ZH), "1 条") {
			t.Errorf("told %+v, %v", page.Items, err)
		}
		if err := l.s.DropSaved(t.Context(), firm("org-else"), saved.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another drops it: %v", err)
		}
		list, err := l.s.ListSaved(t.Context(), me)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		if err := l.s.SetNotice(t.Context(), me, saved.ID, matching.NoticeNone, list[0].Version); err != nil {
			t.Fatal(err)
		}
		l.put(offer("more", "煤矸石砖", "免烧。"))
		look(0)
		if err := l.s.DropSaved(t.Context(), me, saved.ID); err != nil {
			t.Error(err)
		}
	})
}

// A search of facets alone is kept, too, and only what was shown since is new: an old post that comes
// among the best when others leave is not.
func TestSavedSearchTellsWhatIsNew(t *testing.T) {
	t.Parallel()
	l, n, _ := staffed(t, dbtest.SQLite(t))
	var old []market.Post
	for i := range matching.MaxHits + 40 {
		old = append(old, offer(fmt.Sprintf("p%04d", i), fmt.Sprintf("煤矸石陶粒%d号", i), "煤矸石制备。"))
	}
	l.put(old...)
	l.catchUp()
	me := firm("org-me")
	for name, in := range map[string]matching.SavedInput{
		"words":  {Query: "煤矸石", Filter: market.PostFilter{Live: true}},
		"facets": {Filter: market.PostFilter{Kind: market.Achievement, TRLFrom: 7, Live: true}},
	} {
		in.Name, in.Notice = name, matching.NoticeDaily
		if _, err := l.s.SaveSearch(t.Context(), me, in); err != nil {
			t.Fatal(name, err)
		}
	}
	l.clock.Advance(48 * time.Hour)
	for i := range 60 {
		old[i].State = market.Withdrawn
	}
	l.put(old[:60]...)
	if told, err := l.s.LookForSaved(t.Context()); err != nil || told != 0 {
		t.Errorf("%d told of what is old, %v", told, err)
	}
	ripe := offer("ripe", "大豆蛋白肽", "用于食品。")
	ripe.TRL = 8
	l.put(offer("new", "煤矸石陶粒生产线", "年产十万方。"), ripe)
	if told, err := l.s.LookForSaved(t.Context()); err != nil || told != 2 {
		t.Errorf("%d told, %v; want one for words and one for facets", told, err)
	}
	page, err := n.List(t.Context(), me, notify.Filter{}, db.PageReq{})
	if err != nil || len(page.Items) != 2 {
		t.Fatal(page.Items, err)
	}
	for _, x := range page.Items {
		if !strings.Contains(x.Title.In(i18n.ZH), "1 条") || !strings.HasPrefix(x.Href, "/market?") {
			t.Errorf("told %q at %s", x.Title.In(i18n.ZH), x.Href)
		}
	}
}

// Weights are trained from judged pairs only when there are enough, judged on what was held out,
// switched on only when they are no worse, and rolled back.
func TestWeights(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, _, _ := staffed(t, d)
		if _, err := l.s.Train(t.Context(), officer, ""); !fault.Is(err, fault.Conflict) {
			t.Fatalf("trained from nothing: %v", err)
		}
		if err := l.s.Rollback(t.Context(), officer, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("rolled back from nothing: %v", err)
		}
		if _, err := l.s.Train(t.Context(), firm("org-x"), ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a firm trains: %v", err)
		}
		// Offers of the needs' own field fit, others with the same words do not: what stands beside the
		// words is what tells them apart.
		var posts []market.Post
		var judged []matching.Judged
		for i := range 48 {
			thing := things[i%len(things)]
			a := need(fmt.Sprintf("n%02d", i), "求"+thing, "需要"+thing+"。")
			a.TRL = 6
			posts = append(posts, a)
			for k := range 5 {
				o := offer(fmt.Sprintf("o%02d%d", i, k), thing+"技术", strings.Repeat(thing+"。", 1+(i+k)%3))
				o.TRL = 7
				if k > 1 {
					o.Field, o.TRL = "09", 3
				}
				posts = append(posts, o)
				judged = append(judged, matching.Judged{Need: a.ID, Offer: o.ID, Grade: map[bool]int64{true: 3}[k < 2]})
			}
		}
		l.put(posts...)
		l.catchUp()
		matching.Judge(t, d, judged)
		usual := matching.WeightsNow(l.s)
		w, err := l.s.Train(t.Context(), officer, "")
		if err != nil || w.State != matching.Candidate || w.Pairs != 240 || w.After < w.Before {
			t.Fatalf("trained %+v, %v", w, err)
		}
		if err := l.s.Activate(t.Context(), officer, w.ID, w.Version); err != nil {
			t.Fatal(err)
		}
		if err := l.s.Activate(t.Context(), officer, w.ID, w.Version); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale version: %v", err)
		}
		if got := matching.WeightsNow(l.s); got != w.Set {
			t.Errorf("in use %+v, not %+v", got, w.Set)
		}
		for range 2 {
			if err := l.s.Rollback(t.Context(), officer, "back"); err != nil {
				t.Fatal(err)
			}
		}
		if got := matching.WeightsNow(l.s); got != usual {
			t.Errorf("rolled back to %+v", got)
		}
		next, err := l.s.Train(t.Context(), officer, "")
		if err == nil {
			err = l.s.Activate(t.Context(), officer, next.ID, next.Version)
		}
		if err == nil {
			err = l.s.Rollback(t.Context(), officer, "again")
		}
		if got := matching.WeightsNow(l.s); err != nil || got != usual {
			t.Errorf("rolled back to %+v, which was rolled back itself: %v", got, err)
		}
		bad := matching.Worse(t, d, w)
		if err := l.s.Activate(t.Context(), officer, bad, 1); !fault.Is(err, fault.Conflict) {
			t.Errorf("worse weights: %v", err)
		}
	})
}

// A pair is explained by words, amounts and what stands beside them, for and against.
func TestReasons(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	n := need("n", "求石墨烯导热膜", "要求导热系数≥1500W/(m·K)，厚度≤50微米。")
	n.TRL, n.PriceHiFen, n.Modes = 7, 200_000_00, []string{"licence"}
	o := offer("o", "石墨烯导热膜", "导热系数1800W/(m·K)，厚度80微米。")
	o.TRL, o.PriceLoFen, o.Modes = 5, 300_000_00, []string{"licence"}
	o.Rights = []market.Right{{Kind: "invention", Title: "一种导热膜", State: "granted"}}
	l.put(n, o)
	l.catchUp()
	m, ok, err := l.s.Explain(t.Context(), guest, "n", "o")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	var good, bad []string
	for _, r := range m.Reasons {
		if r.Zh == "" || r.En == "" {
			t.Errorf("%+v in one language", r)
		}
		if r.For {
			good = append(good, r.Kind)
		} else {
			bad = append(bad, r.Kind)
		}
	}
	slices.Sort(good)
	slices.Sort(bad)
	if want := []string{"field", "mode", "parameter", "place", "rights", "words"}; !slices.Equal(good, want) {
		t.Errorf("for it %v, want %v", good, want)
	}
	if want := []string{"parameter", "price", "readiness"}; !slices.Equal(bad, want) {
		t.Errorf("against it %v, want %v", bad, want)
	}
	if s := matching.Sentence(i18n.EN, m.Reasons); !strings.Contains(s, "but it") {
		t.Error(s)
	}
	again := offer("x", "石墨烯导热膜", "导热系数1800W/(m·K)，厚度80微米。")
	if got, _ := l.s.Similar(t.Context(), guest, again); len(got) != 1 || got[0].ID != "o" {
		t.Errorf("the same again: %+v", got)
	}
	if got, _ := l.s.Suggest(t.Context(), guest, "石墨烯"); len(got) != 2 {
		t.Errorf("suggestions %+v", got)
	}
}

var (
	allMatches = db.Select("m.id", "matching_match AS m", db.Order{Name: "id", Cols: []db.Col{db.TextCol("m.id")}})
	allSaved   = db.Select("s.id", "matching_saved AS s", db.Order{Name: "id", Cols: []db.Col{db.TextCol("s.id")}})
)

func TestScopeEqualsMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		pool := authztest.Pool{Accounts: []string{"a1", "a2"}, Orgs: []string{"o1", "o2"},
			Persons: []string{"p1", "p2"}}
		rows, saved := matching.Rows(t, d)
		n := 0
		next := func(most int) int { n++; return n * 7919 % most }
		pool.Actions = matching.MatchPolicy.Actions()
		authztest.ScopeEqualsMay(t, authztest.Proof[matching.Row]{Policy: matching.MatchPolicy, Objects: rows,
			ID: func(m matching.Row) string { return m.ID }, Actors: authztest.Actors(next, 60, pool),
			List: func(w db.Where) (map[string]int64, error) { return allMatches.CountBy(t.Context(), d, "m.id", w) }})
		pool.Actions = matching.SavedPolicy.Actions()
		authztest.ScopeEqualsMay(t, authztest.Proof[matching.Saved]{Policy: matching.SavedPolicy, Objects: saved,
			ID: func(s matching.Saved) string { return s.ID }, Actors: authztest.Actors(next, 60, pool),
			List: func(w db.Where) (map[string]int64, error) { return allSaved.CountBy(t.Context(), d, "s.id", w) }})
	})
}

// What fits a post is said not to by those who look after it, on its record as in the workspace: it is not shown to
// them there again, others still see it, and it can be taken back.
func TestRejectPair(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := newLab(t, d), t.Context()
		mine := need("nee", "求果蔬气调贮藏保鲜技术", "苹果和梨的气调贮藏与冷链保鲜。")
		l.put(mine, offer("fit", "果蔬气调贮藏保鲜技术", "苹果、梨的气调贮藏与冷链保鲜。"),
			offer("also", "苹果冷链保鲜与气调贮藏", "果蔬气调贮藏，损耗低。"))
		l.catchUp()
		me, stranger := firm(mine.Org), firm("org-else")
		finds := func(by authz.Actor) []string {
			t.Helper()
			list, err := l.s.Matches(ctx, by, "nee", 10)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, m := range list {
				out = append(out, m.Other)
			}
			slices.Sort(out)
			return out
		}
		both := []string{"also", "fit"}
		if got := finds(me); !slices.Equal(got, both) {
			t.Fatal(got)
		}
		in := matching.RejectInput{Class: "subject"}
		for name, tc := range map[string]struct {
			by          authz.Actor
			post, other string
			in          matching.RejectInput
			kind        fault.Kind
		}{
			"of others":     {stranger, "nee", "fit", in, fault.Forbidden},
			"no class":      {me, "nee", "fit", matching.RejectInput{}, fault.Invalid},
			"of one kind":   {me, "nee", "nee", in, fault.Invalid},
			"nothing there": {me, "nee", "none", in, fault.NotFound},
		} {
			if err := l.s.RejectPair(ctx, tc.by, tc.post, tc.other, tc.in); !fault.Is(err, tc.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := l.s.RejectPair(ctx, me, "nee", "fit", in); err != nil {
			t.Fatal(err)
		}
		if got := finds(me); !slices.Equal(got, []string{"also"}) {
			t.Errorf("rejected, and found %v", got)
		}
		if got := finds(stranger); !slices.Equal(got, both) {
			t.Errorf("others find %v", got)
		}
		if err := l.s.RestorePair(ctx, me, "nee", "fit"); err != nil {
			t.Fatal(err)
		}
		if got := finds(me); !slices.Equal(got, both) {
			t.Errorf("restored, and found %v", got)
		}
	})
}

// The list of states in SQL and Open say the same of every state there is.
func TestOpenStates(t *testing.T) {
	want := []string{market.Published, market.Talking, market.Challenged}
	for _, k := range []market.Kind{market.Need, market.Achievement} {
		for _, st := range market.ProcessOf(k).Def().States {
			if matching.Open(st.Name) != slices.Contains(want, st.Name) {
				t.Errorf("%s is open: %v", st.Name, matching.Open(st.Name))
			}
		}
	}
	if matching.Open("") || matching.Open("', '") {
		t.Error("a mark of the list is a state")
	}
}

// Of what one run found the best comes first.
func TestBestFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, _, do := staffed(t, d)
		l.put(need("nee", "求锂电池正极材料包覆工艺", "需要锂电池正极材料的包覆工艺，循环寿命提高。"),
			offer("a", "锂电池材料", "锂电池材料。"),
			offer("b", "锂电池正极材料包覆技术", "锂电池正极材料表面包覆工艺，循环寿命提高。"),
			offer("c", "锂电池正极材料", "锂电池正极材料，循环寿命提高。"),
			offer("d", "正极材料包覆", "锂电池正极材料的包覆。"))
		l.run(do)
		got := l.mine(firm("org-nee"), matching.MineFilter{})
		better := func(a, b matching.Mine) int { return cmp.Compare(b.Match.Score, a.Match.Score) }
		if len(got) < 3 || got[0].Match.Score == got[len(got)-1].Match.Score || !slices.IsSortedFunc(got, better) {
			t.Errorf("%d matches", len(got))
			for _, m := range got {
				t.Logf("%s %.3f", m.Other.ID, m.Match.Score)
			}
		}
	})
}
