package show

import (
	"context"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var officer = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer,
	Via: authz.ViaSession}

// codes knows every code.
type codes struct{}

func (codes) KnowsRegion(string) bool         { return true }
func (codes) KnowsIndustry(string) bool       { return true }
func (codes) RegionName(code string) string   { return code }
func (codes) IndustryName(code string) string { return code }
func (codes) Regions() []party.Code           { return nil }
func (codes) Industries() []party.Code        { return nil }

// posts has the post "post-1" for everybody.
type posts struct{ withdrawn bool }

func (p *posts) Standings(_ context.Context, _ db.Q, ids ...string) (map[string]market.Standing, error) {
	out := map[string]market.Standing{}
	for _, id := range ids {
		out[id] = market.Standing{Live: !p.withdrawn, Shown: !p.withdrawn}
	}
	return out, nil
}

func (*posts) FindPost(_ context.Context, _ authz.Actor, name string) (market.Post, error) {
	if name != "post-1" && name != "CG-2026-0001" {
		return market.Post{}, fault.New(fault.NotFound, "没有找到这条记录")
	}
	p := market.Post{ID: "post-1", State: market.Published}
	p.Title, p.Code = "石墨烯导热膜", "CG-2026-0001"
	return p, nil
}

// lab is the room with what it needs.
type lab struct {
	*Service
	t     testing.TB
	unit  *unit.Unit
	clock *clock.Fake
	org   string
	posts *posts
}

func newLab(t testing.TB, d *db.DB) *lab {
	t.Helper()
	x := &lab{t: t, clock: clock.NewFake(dbtest.Start), posts: &posts{}}
	x.unit = dbtest.UnitAt(t, d, x.clock)
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	key := []byte("0123456789abcdef0123456789abcdef")
	p, err := party.New(x.unit, codes{}, times, party.Options{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.Open(x.unit, blob.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	x.Service, err = New(x.unit, times, Options{Blobs: files, Party: p, Posts: x.posts, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	o, err := p.CreateOrganisation(t.Context(), officer, party.NewOrg{OrgData: party.OrgData{
		Name: "太原市技术转移中心", Kind: "institute", Region: "140100", Standing: "active"}})
	if err != nil {
		t.Fatal(err)
	}
	x.org = o.ID
	return x
}

// at is a time on the day of the sample event.
func at(hour, minute int) int64 {
	return clock.Us(time.Date(2026, 12, 10, hour, minute, 0, 0, clock.Shanghai))
}

func (x *lab) sample() NewShow {
	return NewShow{Data: Data{Kind: "roadshow", Title: "新材料专场路演", Place: "太原市科技大厦一层",
		Region: "140100", Org: x.org, StartsUs: at(9, 0), EndsUs: at(17, 0), Capacity: 3,
		TalkFromUs: at(14, 0), TalkMinutes: 20, TalkRounds: 3, TalkTables: 1}}
}

// open makes the sample event with one slot and opens it.
func (x *lab) open() Show {
	x.t.Helper()
	s, err := x.CreateShow(x.t.Context(), officer, x.sample())
	if err != nil {
		x.t.Fatal(err)
	}
	_, err = x.AddSlot(x.t.Context(), officer, NewSlot{Show: s.ID, Version: s.Version,
		SlotData: SlotData{StartsUs: at(9, 0), EndsUs: at(9, 30), Title: "石墨烯导热膜", Post: "post-1"}})
	if err != nil {
		x.t.Fatal(err)
	}
	s.Version++
	return x.fire(x.fire(s, "publish"), "open")
}

func (x *lab) fire(s Show, step string) Show {
	x.t.Helper()
	return processtest.Again(x.t, x.unit.DB(), func(key string) (Show, error) {
		return x.FireShow(x.t.Context(), officer, Step{ID: s.ID, Step: step, Version: s.Version,
			Reason: "因故", Key: key})
	})
}

// guest is somebody without an organisation.
func guest(account string) authz.Actor {
	return authz.Actor{Account: account, Login: account, Role: authz.Public, Via: authz.ViaSession}
}

func (x *lab) join(s Show, account string) Signup {
	x.t.Helper()
	g, err := x.SignUp(x.t.Context(), guest(account), NewSignup{Show: s.ID, Person: Person{Name: account}})
	if err != nil {
		x.t.Fatalf("%s signs up: %v", account, err)
	}
	return g
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
}
