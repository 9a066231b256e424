package site_test

import (
	"context"
	"sync"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/site"
)

var admin = authz.Actor{Account: "a1", Role: authz.SysAdmin, Via: authz.ViaSession}

func TestUpdateSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := site.New(dbtest.Unit(t, d))
		in := site.Settings{Name: " 太原云图 ", Region: "140100", SiteCode: "1401000000"}
		got, err := s.UpdateSettings(ctx, admin, in)
		if err != nil {
			t.Fatal(err)
		}
		if got.Version != 1 || s.Current().Name != "太原云图" {
			t.Errorf("stored %+v, in memory %+v", got, s.Current())
		}
		if _, err := s.UpdateSettings(ctx, admin, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale version was stored: %v", err)
		}
		other := site.New(dbtest.Unit(t, d))
		if err := other.Load(ctx); err != nil || other.Current() != got {
			t.Errorf("another process reads %+v, %v", other.Current(), err)
		}
	})
}

func TestOneOfManyWritersWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := site.New(dbtest.Unit(t, d))
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 8 {
			wg.Go(func() {
				_, err := s.UpdateSettings(context.Background(), admin, site.Settings{Name: "甲"})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !fault.Is(err, fault.Conflict) {
					t.Errorf("loser got %v", err)
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d of 8 writers of the same version won", won)
		}
	})
}

func TestRefusals(t *testing.T) {
	d := dbtest.SQLite(t)
	s := site.New(dbtest.Unit(t, d))
	for name, c := range map[string]struct {
		by   authz.Actor
		in   site.Settings
		kind fault.Kind
	}{
		"officer":          {authz.Actor{Role: authz.Officer}, site.Settings{Name: "甲"}, fault.Forbidden},
		"visitor":          {authz.Actor{}, site.Settings{Name: "甲"}, fault.Forbidden},
		"no name":          {admin, site.Settings{Name: "  "}, fault.Invalid},
		"script address":   {admin, site.Settings{Name: "甲", AccessURL: "javascript:alert(1)"}, fault.Invalid},
		"protocol address": {admin, site.Settings{Name: "甲", AccessURL: "//evil.example"}, fault.Invalid},
		"line break":       {admin, site.Settings{Name: "甲\n乙"}, fault.Invalid},
		"short code":       {admin, site.Settings{Name: "甲", SiteCode: "14"}, fault.Invalid},
	} {
		if _, err := s.UpdateSettings(context.Background(), c.by, c.in); fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v, want %v", name, err, c.kind)
		}
	}
}
