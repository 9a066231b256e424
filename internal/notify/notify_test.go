package notify_test

import (
	"context"
	"errors"
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
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// book is who there is: accounts by organisation.
type book map[string][]string

func (b book) Told(_ context.Context, _ db.Q, to notify.To) ([]string, error) {
	if to.Account != "" {
		return []string{to.Account}, nil
	}
	return b[to.Org], nil
}

func (b book) Mailbox(_ context.Context, _ db.Q, account string) (notify.Mailbox, bool, error) {
	return notify.Mailbox{Name: account, Address: account + "@example.org"}, account != "silent", nil
}

// post is a mail server that may fail.
type post struct {
	sent []notify.Mail
	err  error
}

func (p *post) Send(_ context.Context, m notify.Mail) error {
	if p.err == nil {
		p.sent = append(p.sent, m)
	}
	return p.err
}

type lab struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Fake
	unit  *unit.Unit
	s     *notify.Service
	post  *post
}

var kinds = []notify.Kind{{Name: "lab.mail", Title: "查看", Mail: true}, {Name: "lab.quiet", Title: "修改"}}

func newLab(t *testing.T, d *db.DB) *lab {
	c := clock.NewFake(dbtest.Start)
	l := &lab{t: t, db: d, clock: c, unit: dbtest.UnitAt(t, d, c), post: &post{}}
	rule := notify.Rule{Events: []string{"lab.thing.v1"},
		Notices: func(_ context.Context, _ *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
			return []notify.Notice{{To: []notify.To{notify.ToOrg("firm")}, Kind: "lab.mail",
				Title: notify.Text{Key: "查看"}, Href: "/things/" + e.Object, Once: "thing:" + e.Object}}, nil
		}}
	var err error
	l.s, err = notify.New(l.unit, notify.Options{Accounts: book{"firm": {"wang", "li"}}, Kinds: kinds,
		Sender: l.post,
		Site:   func(i18n.Lang) notify.Site { return notify.Site{Name: "云图", URL: "https://city.example"} }})
	if err != nil {
		t.Fatal(err)
	}
	l.s.Follow(rule)
	return l
}

func (l *lab) tell(list ...notify.Notice) error {
	return l.unit.Write(l.t.Context(), authz.Actor{Account: "boss"}, "lab.tell", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "lab"})
		tx.Emit(outbox.Event{Kind: "lab.thing.v1", Object: "t1"})
		for _, n := range list {
			if err := l.s.Tell(l.t.Context(), tx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func as(account string) authz.Actor {
	return authz.Actor{Account: account, Role: authz.Enterprise, Via: authz.ViaSession}
}

func notice(to notify.To, kind, title string) notify.Notice {
	return notify.Notice{To: []notify.To{to}, Kind: kind, Title: notify.Text{Key: title}, Href: "/x"}
}

func (l *lab) inbox(account string, f notify.Filter) []notify.Item {
	l.t.Helper()
	p, err := l.s.List(l.t.Context(), as(account), f, db.PageReq{})
	l.must(err)
	return p.Items
}

// What is told comes to those it is for, once, and nobody else can read or mark it.
func TestTell(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		n := notice(notify.ToOrg("firm"), "lab.quiet", "查看")
		n.Once, n.But = "once", []string{"li"}
		n.To = append(n.To, notify.ToAccount("wang"), notify.To{})
		l.must(l.tell(n, n))
		l.must(l.tell(n))
		if got := l.inbox("wang", notify.Filter{}); len(got) != 1 || !got[0].Unread() || got[0].Href != "/x" {
			t.Fatalf("inbox %+v", got)
		}
		if got := l.inbox("li", notify.Filter{}); len(got) != 0 {
			t.Errorf("told although left out: %+v", got)
		}
		id := l.inbox("wang", notify.Filter{})[0].ID
		if _, err := l.s.Open(t.Context(), as("li"), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("another opens it: %v", err)
		}
		l.must(l.s.Mark(t.Context(), as("li"), []string{id}))
		if u, _ := l.s.Unread(t.Context(), as("wang")); u != 1 {
			t.Errorf("%d unread after another marked it", u)
		}
		if _, err := l.s.Open(t.Context(), as("wang"), id); err != nil {
			t.Error(err)
		}
		if u, _ := l.s.Unread(t.Context(), as("wang")); u != 0 {
			t.Errorf("%d unread after it was opened", u)
		}
		for _, bad := range []notify.Notice{
			notice(notify.ToAccount("wang"), "lab.none", "查看"),
			{To: []notify.To{notify.ToAccount("wang")}, Kind: "lab.mail"},
			{Kind: "lab.mail", Title: notify.Text{Key: "查看"}, Href: "https://elsewhere.example"},
			{Kind: "lab.mail", Title: notify.Text{Key: "查看"}, Href: "//elsewhere.example"},
		} {
			if err := l.tell(bad); err == nil {
				t.Errorf("%+v was told", bad)
			}
		}
	})
}

// Events become notices by the rules of rooms, each once even when the feed is read again.
func TestFollower(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		feed := outbox.NewDispatcher(d, l.clock, outbox.Options{}, l.s.Follower())
		l.must(l.tell())
		l.must(feed.CatchUp(t.Context()))
		l.must(l.tell())
		l.must(feed.CatchUp(t.Context()))
		for _, who := range []string{"wang", "li"} {
			if got := l.inbox(who, notify.Filter{}); len(got) != 1 || got[0].Href != "/things/t1" {
				t.Errorf("%s: %+v", who, got)
			}
		}
	})
}

func TestMarkAndPrune(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		l.must(l.tell(notice(notify.ToAccount("wang"), "lab.mail", "查看")))
		before := clock.Us(l.clock.Now())
		l.clock.Advance(time.Hour)
		l.must(l.tell(notice(notify.ToAccount("wang"), "lab.quiet", "修改")))
		l.must(l.s.MarkAll(t.Context(), as("wang"), before))
		got := l.inbox("wang", notify.Filter{Unread: true})
		if len(got) != 1 || got[0].Kind != "lab.quiet" {
			t.Errorf("unread after marking what was shown: %+v", got)
		}
		if got := l.inbox("wang", notify.Filter{Kind: "lab.mail"}); len(got) != 1 {
			t.Errorf("of a kind: %+v", got)
		}
		if err := l.s.Mark(t.Context(), as("wang"), make([]string, notify.MaxMarked+1)); !fault.Is(err, fault.Invalid) {
			t.Errorf("too many: %v", err)
		}
		if err := l.s.MarkAll(t.Context(), authz.Actor{}, 0); err == nil {
			t.Error("a visitor marks")
		}
		l.clock.Advance(notify.Keep - time.Minute)
		l.must(l.s.Prune(t.Context()))
		if got := l.inbox("wang", notify.Filter{}); len(got) != 1 {
			t.Errorf("%d kept", len(got))
		}
		var many []notify.Notice
		for range notify.MaxNotices + 5 {
			many = append(many, notice(notify.ToAccount("li"), "lab.quiet", "查看"))
		}
		l.must(l.tell(many...))
		l.must(l.s.Prune(t.Context()))
		if u, _ := l.s.Unread(t.Context(), as("li")); u != notify.MaxUnread {
			t.Errorf("unread %d", u)
		}
	})
}

// A notice may name several things, each with its reason in both languages and its page; inbox and mail
// show them in the reader's language.
func TestLines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		run := l.runner()
		n := notice(notify.ToAccount("wang"), "lab.mail", "查看")
		n.Lines = []notify.Line{{Title: notify.Text{Key: "%s", Args: []any{"石墨负极\n材料"}},
			Detail: notify.Text{Key: "%s", Args: []any{i18n.Both{Zh: "都提到石墨", En: "both mention graphite"}}},
			Href:   "/market/posts/p1"}}
		bad := n
		bad.Lines = []notify.Line{{Title: notify.Text{Key: "查看"}, Href: "https://elsewhere.example"}}
		if err := l.tell(bad); err == nil {
			t.Error("a line that leads elsewhere was told")
		}
		l.must(l.tell(n))
		got := l.inbox("wang", notify.Filter{})
		if len(got) != 1 || len(got[0].Lines) != 1 || got[0].Lines[0].Href != "/market/posts/p1" ||
			got[0].Lines[0].Detail.In(i18n.ZH) != "都提到石墨" ||
			got[0].Lines[0].Detail.In(i18n.EN) != "both mention graphite" {
			t.Fatalf("inbox %+v", got)
		}
		_, err := l.s.MakeDigests(t.Context())
		l.must(err)
		run()
		want := "   - 石墨负极 材料\n     都提到石墨\n     https://city.example/market/posts/p1\n"
		if len(l.post.sent) != 1 || !strings.Contains(l.post.sent[0].Text, want) {
			t.Errorf("sent %+v", l.post.sent)
		}
	})
}

// A digest goes to those who want one, once, with what they have not read; its link ends the mails
// without a log-in.
func TestDigest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		run := l.runner()
		for _, who := range []string{"wang", "li", "silent", "never"} {
			l.must(l.tell(notice(notify.ToAccount(who), "lab.mail", "查看"),
				notice(notify.ToAccount(who), "lab.quiet", "修改")))
		}
		_, err := l.s.SaveSetting(t.Context(), as("never"), notify.SettingInput{Digest: notify.Never})
		l.must(err)
		_, err = l.s.SaveSetting(t.Context(), as("li"), notify.SettingInput{Digest: notify.Weekly, Lang: i18n.EN})
		l.must(err)
		// dbtest.Start is a Friday: the weekly one waits.
		for range 2 {
			_, err := l.s.MakeDigests(t.Context())
			l.must(err)
		}
		run()
		if len(l.post.sent) != 1 || l.post.sent[0].To.Address != "wang@example.org" {
			t.Fatalf("sent %+v", l.post.sent)
		}
		m := l.post.sent[0]
		if !strings.Contains(m.Text, "https://city.example/x") || strings.Contains(m.Text, "2. ") ||
			!strings.Contains(m.Subject, "1 条") {
			t.Errorf("mail %q:\n%s", m.Subject, m.Text)
		}
		for l.clock.Now().In(clock.Shanghai).Weekday() != time.Monday {
			l.clock.Advance(24 * time.Hour)
		}
		_, err = l.s.MakeDigests(t.Context())
		l.must(err)
		run()
		if len(l.post.sent) != 2 || !strings.Contains(l.post.sent[1].Subject, "new messages") {
			t.Errorf("weekly: %+v", l.post.sent)
		}
		_, token, _ := strings.Cut(m.Unsubscribe, "token=")
		l.must(l.s.EndMails(t.Context(), token))
		for _, bad := range []string{"", "nonsense"} {
			if err := l.s.EndMails(t.Context(), bad); !fault.Is(err, fault.NotFound) {
				t.Errorf("token %q: %v", bad, err)
			}
		}
		if set, _ := l.s.Setting(t.Context(), as("wang")); set.Digest != notify.Never {
			t.Errorf("after the link: %+v", set)
		}
	})
}

// runner returns a function that does the waiting jobs.
func (l *lab) runner() func() {
	desk := job.NewDesk(l.unit)
	r := job.NewRunner(l.unit, desk, job.Options{})
	l.s.RegisterJobs(r)
	return func() {
		l.t.Helper()
		if _, err := r.RunDue(l.t.Context()); err != nil {
			l.t.Fatal(err)
		}
	}
}

// A server that is away is tried again; one that refuses for good is not, and its words are kept
// without a person's address.
func TestMailFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		run := l.runner()
		l.must(l.tell(notice(notify.ToAccount("wang"), "lab.mail", "查看")))
		_, err := l.s.MakeDigests(t.Context())
		l.must(err)
		l.post.err = errors.New("connection refused")
		run()
		l.clock.Advance(time.Hour)
		l.post.err = nil
		run()
		if len(l.post.sent) != 1 {
			t.Fatalf("after the server came back: %d sent", len(l.post.sent))
		}
		l.clock.Advance(24 * time.Hour)
		l.must(l.tell(notice(notify.ToAccount("wang"), "lab.mail", "修改")))
		_, err = l.s.MakeDigests(t.Context())
		l.must(err)
		l.post.err = fault.New(fault.Invalid, "没有“%s”这个选项", "x")
		run()
		states, err := l.s.MailStates(t.Context())
		if got := fmt.Sprint(states); err != nil || got != "map[failed:1 sent:1]" {
			t.Errorf("mails %s, %v", got, err)
		}
	})
}

func TestSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		for _, bad := range []notify.SettingInput{
			{Digest: "hourly"}, {Digest: notify.Daily, NoMail: []string{"lab.none"}},
		} {
			if _, err := l.s.SaveSetting(t.Context(), as("wang"), bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		set, err := l.s.SaveSetting(t.Context(), as("wang"), notify.SettingInput{Digest: notify.Weekly,
			NoInbox: []string{"lab.quiet"}, NoMail: []string{"lab.mail", "lab.quiet"}})
		if err != nil || set.Version == 0 || set.WantsInbox("lab.quiet") || set.WantsMail("lab.mail") ||
			!slices.Equal(set.NoMail, []string{"lab.mail"}) {
			t.Fatalf("%+v, %v", set, err)
		}
		_, err = l.s.SaveSetting(t.Context(), as("wang"), notify.SettingInput{Digest: notify.Daily})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("a form made before: %v", err)
		}
		l.must(l.tell(notice(notify.ToAccount("wang"), "lab.quiet", "查看"),
			notice(notify.ToAccount("wang"), "lab.mail", "修改")))
		if got := l.inbox("wang", notify.Filter{}); len(got) != 1 || got[0].Kind != "lab.mail" {
			t.Errorf("told although unwanted: %+v", got)
		}
		if n, err := l.s.MakeDigests(t.Context()); n != 0 || err != nil {
			t.Errorf("%d digests, %v", n, err)
		}
	})
}

var allNotices = db.Select("n.id", "notify_notice AS n", db.Order{Name: "id",
	Cols: []db.Col{db.TextCol("n.id")}})

var allSettings = db.Select("notify_setting.account", "notify_setting", db.Order{Name: "id",
	Cols: []db.Col{db.TextCol("notify_setting.account")}})

// The lists hold exactly what a single look allows.
func TestScopeEqualsMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLab(t, d)
		pool := authztest.Pool{Accounts: []string{"wang", "li", "nobody"}}
		var items []notify.Item
		var settings []notify.Setting
		for _, who := range pool.Accounts[:2] {
			l.must(l.tell(notice(notify.ToAccount(who), "lab.mail", "查看"),
				notice(notify.ToAccount(who), "lab.quiet", "修改")))
			items = append(items, l.inbox(who, notify.Filter{})...)
			set, err := l.s.SaveSetting(t.Context(), as(who), notify.SettingInput{Digest: notify.Daily})
			l.must(err)
			settings = append(settings, set)
		}
		n := 0
		next := func(most int) int { n++; return n * 7919 % most }
		pool.Actions = notify.NoticePolicy.Actions()
		authztest.ScopeEqualsMay(t, authztest.Proof[notify.Item]{Policy: notify.NoticePolicy, Objects: items,
			ID: func(n notify.Item) string { return n.ID }, Actors: authztest.Actors(next, 40, pool),
			List: func(w db.Where) (map[string]int64, error) { return allNotices.CountBy(t.Context(), d, "n.id", w) }})
		pool.Actions = notify.SettingPolicy.Actions()
		authztest.ScopeEqualsMay(t, authztest.Proof[notify.Setting]{Policy: notify.SettingPolicy, Objects: settings,
			ID: func(s notify.Setting) string { return s.Account }, Actors: authztest.Actors(next, 40, pool),
			List: func(w db.Where) (map[string]int64, error) {
				return allSettings.CountBy(t.Context(), d, "notify_setting.account", w)
			}})
	})
}
