package atlas

import (
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/region"
)

// The parts of an overview, by place and by age, sum to the whole, and each opens to as many records.
func TestPartsSumToTheWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.fill(7, 12, 40, 6)
		x.org("省里某机构", "government", "140000", official)
		x.follow()
		x.clock.Advance(100 * 24 * time.Hour)
		x.org("后来的公司", "enterprise", "140105", official)
		x.follow()
		firm := authz.Actor{Account: "acc-f", Org: x.orgs[0].ID, Role: authz.Enterprise, Via: authz.ViaSession}
		for _, by := range []authz.Actor{visitor, official, firm} {
			for _, q := range []Query{{}, {Kinds: []string{"need", "enterprise"}}, {Regions: []region.Code{"140100"}}} {
				x.sums(by, q)
			}
		}
	})
}

func (x *world) sums(by authz.Actor, q Query) {
	x.Helper()
	o, err := x.Overview(x.Context(), by, q)
	x.ok(err)
	opens := func(what string, n int64, part Query) {
		x.Helper()
		got, err := x.CountNodes(x.Context(), by, part)
		if err != nil || got != n {
			x.Errorf("%s as %s of %+v: %d counted, %d open, %v", what, by.EffectiveRole(), q, n, got, err)
		}
	}
	var places, ages int64
	for _, p := range o.Districts {
		places += p.N
	}
	for _, b := range o.Beside {
		places += b.N
		part := q
		switch b.Where {
		case BesideCity:
			part.Regions, part.Gaps = []region.Code{o.City}, []string{GapRegion}
		case BesideAway:
			part.Outside = []region.Code{o.City}
		case BesideNone:
			part.Gaps = []string{GapPlace}
		}
		opens(b.Where, b.N, part)
		opens(b.Where+" stale", b.Stale, o.OfAge(part, AgeOlder))
	}
	for _, a := range o.Ages {
		ages += a.N
		opens("age "+a.Value, a.N, o.OfAge(q, a.Value))
	}
	for _, c := range o.SixKinds {
		if c.Row == Undisclosed {
			opens("undisclosed "+c.Col, c.N, Query{Kinds: []string{c.Col}, Regions: q.Regions, Gaps: []string{GapOpen}})
		}
	}
	if places != o.Total || ages != o.Total {
		x.Errorf("as %s of %+v: %d by place, %d by age, %d in all", by.EffectiveRole(), q, places, ages, o.Total)
	}
}

// A laboratory is a platform wherever kinds are asked for; a firm stays a firm.
func TestPlatformIsAKind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.org("煤转化重点实验室", "institute", "140105", official)
		x.org("太原实验室设备公司", "enterprise", "140105", official)
		x.org("并州研究院", "institute", "140105", official)
		x.follow()
		for text, want := range map[string]int64{"类型:平台": 1, "kind:platform": 1, "类型:科研院所": 1, "类型:企业": 1, "类型:组织": 3} {
			q, err := Parse(text, x.Names())
			x.ok(err)
			if n, err := x.CountNodes(t.Context(), visitor, q); err != nil || n != want {
				t.Errorf("%s: %d, %v, want %d", text, n, err, want)
			}
		}
	})
}

// Of words that stand for each other one will do.
func TestAnyOfTheWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		for _, name := range []string{"太原砷化镓公司", "太原芯片公司", "太原煤炭公司"} {
			x.org(name, "enterprise", "140105", official)
		}
		x.follow()
		for text, want := range map[string]int64{"词:(砷化镓|芯片|半导体)": 2, "词:(砷化镓|芯片) 词:(芯片|煤炭)": 1, "词:(砷化镓|芯片) 煤炭": 0,
			"砷化镓": 1} {
			q, err := Parse(text, x.Names())
			x.ok(err)
			if n, err := x.CountNodes(t.Context(), visitor, q); err != nil || n != want {
				t.Errorf("%s: %d, %v, want %d", text, n, err, want)
			}
		}
	})
}
