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
