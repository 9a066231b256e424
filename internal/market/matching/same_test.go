package matching_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/matching"
)

// mixed makes n posts of a few owners: open ones, some by request, some for named eyes, some that a
// broker looks after and some that are still with the bureau.
func mixed(n int) []market.Post {
	out := some("x", 5, n)
	for i := range out {
		p := &out[i]
		p.Org = fmt.Sprintf("o%d", i%7)
		switch {
		case i%9 == 4:
			p.Visibility = market.Request
		case i%9 == 7:
			p.Visibility, p.Named = market.Named, []string{fmt.Sprintf("o%d", (i+1)%7), fmt.Sprintf("o%d", (i+3)%7)}
		}
		if i%11 == 5 {
			p.State = market.Review
		}
		if i%4 == 1 || i%9 == 7 && i%2 == 0 {
			p.Broker = fmt.Sprintf("b%d", i%3)
		}
	}
	return out
}

// mixedLab is a market of such posts, some of which their owners let others read.
func mixedLab(l *lab, n int) []string {
	posts := mixed(n)
	l.put(posts...)
	var ids []string
	for i, p := range posts {
		if p.State == market.Published {
			ids = append(ids, p.ID)
		}
		if p.Visibility == market.Request && i%2 == 0 {
			l.letRead(p.ID, fmt.Sprintf("o%d", (i+2)%7))
		}
	}
	if err := l.s.Rebuild(context.Background()); err != nil { // with vectors of all
		l.t.Fatal(err)
	}
	return ids
}

type matcher interface {
	Rows(ctx context.Context, postID string) ([]matching.Row, error)
}

// linesOf are rows as text, in order and each once, as they are stored.
func linesOf(rows []matching.Row) []string {
	var out []string
	for _, r := range rows {
		out = append(out, fmt.Sprintln(r.Post, r.Other, "for", r.Org, r.Person, "need", r.Need, "offer", r.Offer,
			r.Score))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (l *lab) linesBy(m matcher, ids []string) []string {
	l.t.Helper()
	var all []matching.Row
	for _, id := range ids {
		rows, err := m.Rows(context.Background(), id)
		if err != nil {
			l.t.Fatal(err)
		}
		all = append(all, rows...)
	}
	return linesOf(all)
}

func (l *lab) equal(what string, got, want []string) {
	l.t.Helper()
	for _, x := range got {
		if !slices.Contains(want, x) {
			l.t.Errorf("%s: too much: %s", what, x)
		}
	}
	for _, x := range want {
		if !slices.Contains(got, x) {
			l.t.Errorf("%s: missing: %s", what, x)
		}
	}
}

// A run that remembers what it read stores the same rows, with the same scores, as one that reads
// every post and makes every query anew for each pair; and it forgets what has changed.
func TestRunEqualsPlain(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	l, _, do := staffed(t, d)
	ids := mixedLab(l, 160)
	plain := matching.Plain{S: l.s}
	want := l.linesBy(plain, ids)
	l.run(do)
	l.equal("run", linesOf(matching.StoredRows(t, d)), want)
	persons, named := 0, 0
	for _, r := range matching.StoredRows(t, d) {
		if r.Person != "" {
			persons++
		}
		if i := slices.IndexFunc(mixed(160), func(p market.Post) bool { return p.ID == r.Other }); i%9 == 7 {
			named++
		}
	}
	if len(want) < 1000 || persons < 100 || named < 10 {
		t.Errorf("%d rows, %d of brokers, %d of posts for named eyes prove little", len(want), persons, named)
	}
	remembering, some := &matching.Remembering{S: l.s}, ids[:40]
	before := l.linesBy(remembering, some)
	changed := mixed(160)[10:20]
	for i := range changed {
		p := &changed[i]
		p.Text += "，并配套" + things[i] + "。"
		if p.Visibility == market.Open {
			p.Visibility = market.Request
		} else {
			p.Visibility, p.Named = market.Open, nil
		}
	}
	l.put(changed...)
	l.letRead(changed[0].ID, "o1")
	l.catchUp()
	after := l.linesBy(plain, some)
	if slices.Equal(after, before) {
		t.Error("the change of ten posts changed no row")
	}
	l.equal("changed", l.linesBy(remembering, some), after)
}

// BenchmarkRun matches 400 posts of all sorts, as a run does and the straightforward way.
func BenchmarkRun(b *testing.B) {
	l := newLab(b, dbtest.SQLite(b))
	ids := mixedLab(l, 440)
	for name, m := range map[string]func() matcher{
		"plain": func() matcher { return matching.Plain{S: l.s} },
		"run":   func() matcher { return &matching.Remembering{S: l.s} },
	} {
		b.Run(name, func(b *testing.B) {
			rows := 0
			for b.Loop() {
				rows = len(l.linesBy(m(), ids))
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(ids)), "ms/post")
			b.ReportMetric(float64(rows), "rows")
		})
	}
}
