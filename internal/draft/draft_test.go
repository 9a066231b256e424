package draft_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// The list has the author's drafts and nobody else's, the newest first, and says how long they stay.
func TestListOfDrafts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, clk := context.Background(), clock.NewFake(dbtest.Start)
		s := draft.New(d, clk)
		wang, li := authz.Actor{Account: "wang"}, authz.Actor{Account: "li"}
		for _, x := range []struct {
			by   authz.Actor
			form string
		}{{wang, "org:1"}, {li, "org:1"}, {wang, "org:new"}, {wang, "org:1"}} {
			if _, err := s.Save(ctx, x.by, x.form, url.Values{"name": {"x"}}); err != nil {
				t.Fatal(err)
			}
			clk.Advance(time.Hour)
		}
		at := func(hours int) draft.Line {
			saved := dbtest.Start.Add(time.Duration(hours) * time.Hour)
			return draft.Line{UpdatedUs: clock.Us(saved), UntilUs: clock.Us(saved.Add(draft.Keep))}
		}
		changed, begun := at(3), at(2)
		changed.Form, begun.Form = "org:1", "org:new"
		got, err := s.List(ctx, wang)
		if diff := cmp.Diff([]draft.Line{changed, begun}, got); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
		if got, err := s.List(ctx, authz.Actor{}); len(got) != 0 || err != nil {
			t.Errorf("a visitor's drafts: %v, %v", got, err)
		}
		// What the list says is kept is kept, and not longer.
		clk.Set(clock.Time(begun.UntilUs))
		if n, err := s.Prune(ctx); n != 1 || err != nil { // the other author's is older
			t.Errorf("%d removed: %v", n, err)
		}
		if got, _ := s.List(ctx, wang); len(got) != 2 {
			t.Errorf("removed too early: %v", got)
		}
		clk.Advance(time.Microsecond)
		if n, err := s.Prune(ctx); n != 1 || err != nil {
			t.Errorf("%d removed: %v", n, err)
		}
	})
}

func TestDraft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, clk := context.Background(), clock.NewFake(dbtest.Start)
		s := draft.New(d, clk)
		wang, li := authz.Actor{Account: "wang"}, authz.Actor{Account: "li"}
		save := func(by authz.Actor, form string, f url.Values) {
			t.Helper()
			if _, err := s.Save(ctx, by, form, f); err != nil {
				t.Fatal(err)
			}
		}
		fields := url.Values{"name": {"太原㛃𬱖"}, "take": {"a", "b"}}
		save(wang, "org:new", url.Values{"name": {"first"}})
		clk.Advance(time.Minute)
		save(wang, "org:new", fields)
		got, ok, err := s.Get(ctx, wang, "org:new")
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if diff := cmp.Diff(fields, got.Fields); diff != "" {
			t.Error(diff)
		}
		if got.UpdatedUs != clock.Us(clk.Now()) {
			t.Error("time of the first save")
		}
		for _, other := range []authz.Actor{li, {}} {
			if _, ok, err := s.Get(ctx, other, "org:new"); ok || err != nil {
				t.Errorf("%q reads it: %v, %v", other.Account, ok, err)
			}
			if err := s.Drop(ctx, other, "org:new"); err != nil {
				t.Error(err)
			}
		}
		if _, ok, _ := s.Get(ctx, wang, "org:new"); !ok {
			t.Error("dropped by another")
		}
		_, err = s.Save(ctx, authz.Actor{}, "org:new", fields)
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("visitor: %v", err)
		}
		big := url.Values{"summary": {strings.Repeat("x", draft.MaxBytes)}}
		if _, err = s.Save(ctx, wang, "org:new", big); !fault.Is(err, fault.Invalid) {
			t.Errorf("too big: %v", err)
		}
		if err := s.Drop(ctx, wang, "org:new"); err != nil {
			t.Fatal(err)
		}
		if _, ok, _ := s.Get(ctx, wang, "org:new"); ok {
			t.Error("still there")
		}
	})
}

// An account cannot fill the table: its oldest drafts go, and old ones of everybody.
func TestBounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, clk := context.Background(), clock.NewFake(dbtest.Start)
		s, by := draft.New(d, clk), authz.Actor{Account: "wang"}
		for i := range draft.MaxForms + 2 {
			clk.Advance(time.Second)
			if _, err := s.Save(ctx, by, fmt.Sprint("f", i), url.Values{}); err != nil {
				t.Fatal(err)
			}
		}
		for form, want := range map[string]bool{"f0": false, "f1": false, "f2": true, "f51": true} {
			if _, ok, err := s.Get(ctx, by, form); ok != want || err != nil {
				t.Errorf("%s: %v, %v", form, ok, err)
			}
		}
		clk.Advance(draft.Keep)
		if n, err := s.Prune(ctx); n != draft.MaxForms-1 || err != nil {
			t.Errorf("pruned %d, %v", n, err)
		}
	})
}
