package find_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/find"
)

// source answers with hits named after their numbers, or fails.
func source(kind string, have int, err error) find.Source {
	return find.Source{Kind: kind, Title: strings.ToUpper(kind),
		May:  func(authz.Actor) bool { return true },
		List: func(q string) string { return "/" + kind + "?q=" + q },
		Search: func(_ context.Context, _ authz.Actor, _ string, n int) ([]find.Hit, bool, error) {
			var out []find.Hit
			for i := range min(n, have) {
				out = append(out, find.Hit{ID: string(rune('a' + i))})
			}
			return out, have > n, err
		}}
}

// said is what a search answers in short: kinds with their number of hits, "+" for more.
func said(f find.Answer) string {
	var out []string
	for _, g := range f.Groups {
		s := g.Kind + strings.Repeat("*", len(g.Hits))
		if g.More {
			s += "+"
		}
		out = append(out, s)
	}
	for _, w := range f.Waiting {
		out = append(out, "waiting "+w)
	}
	return strings.Join(out, " ")
}

func TestSearch(t *testing.T) {
	s := find.New(source("org", 7, nil), source("none", 0, nil), source("task", 2, nil),
		source("secret", 3, fault.New(fault.Forbidden, "没有权限")),
		source("post", 3, fault.New(fault.Unavailable, "正在建立")))
	for _, c := range []struct{ query, kind, want string }{
		{"石墨", "", "org*****+ task** waiting POST"},
		{"石墨", "org", "org*******"},
		{"石墨", "secret", ""},
		{"  ", "", ""},
	} {
		got, err := s.Search(t.Context(), authz.Actor{}, c.query, c.kind)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, said(got)); diff != "" {
			t.Errorf("%q in %q (-want +got):\n%s", c.query, c.kind, diff)
		}
	}
}

// A kind that the actor has no list of is not offered, not asked and not there.
func TestSearchHidesKinds(t *testing.T) {
	desk := source("desk", 2, errors.New("must not be asked"))
	desk.May = func(by authz.Actor) bool { return by.Role == authz.Officer }
	s := find.New(source("org", 1, nil), desk)
	visitor := authz.Actor{}
	if got := s.Kinds(visitor); len(got) != 1 || got[0].Kind != "org" {
		t.Errorf("a visitor is offered %v", got)
	}
	if got, err := s.Search(t.Context(), visitor, "石墨", ""); err != nil || said(got) != "org*" {
		t.Errorf("a visitor found %s, %v", said(got), err)
	}
	if _, err := s.Search(t.Context(), visitor, "石墨", "desk"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a visitor asks the desk: %v", err)
	}
	if got := s.Kinds(authz.Actor{Role: authz.Officer}); len(got) != 2 {
		t.Errorf("an officer is offered %v", got)
	}
}

func TestSearchRefuses(t *testing.T) {
	broken := errors.New("broken")
	s := find.New(source("org", 1, nil), source("task", 1, broken))
	for _, c := range []struct{ query, kind, field string }{
		{strings.Repeat("长", find.MaxQuery+1), "", "q"}, {"石墨", "castle", "kind"},
		{"a\x00b", "", "q"}, {"\xff", "", "q"},
	} {
		_, err := s.Search(t.Context(), authz.Actor{}, c.query, c.kind)
		e, ok := fault.As(err)
		if !ok || e.Kind != fault.Invalid || e.Fields[0].Name != c.field {
			t.Errorf("%.10q in %q: %v, want a fault at %s", c.query, c.kind, err, c.field)
		}
	}
	if _, err := s.Search(t.Context(), authz.Actor{}, "石墨", ""); !errors.Is(err, broken) {
		t.Errorf("a broken room: %v", err)
	}
}
